"""How a client of the API is let in: its token is asked for, or proven by the very statement that does its deed.

A process remembers which client a token belongs to. An operation that is asked often takes that on trust (`Admission`)
and hands it to its statement, a function of PostgreSQL that asks `people_admitted` and reads or writes nothing for a
client that has been let out, has expired or holds other scopes by now. So a token is as good as when it is asked for,
and costs no question of its own.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, replace

from django.db import connection

from hovedindgang.kernel import clock
from hovedindgang.people.rules import Scope

MOST_REMEMBERED = 1_000
_BY_TOKEN = "SELECT id, scopes, expires_on FROM people_client WHERE is_active AND token_hash = %s"  # noqa: S105  # nosec B105
_remembered: dict[bytes, Admission] = {}


class NotAdmitted(Exception):
    """No active client has this token, or it has expired."""


class ScopeMissing(Exception):
    """The token is good, but does not hold the scope that the operation needs."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        super().__init__(scope.value)


@dataclass(frozen=True, slots=True)
class Admission:
    """A client with its token: asked for just now (`proven`), or remembered and still to be proven by the deed."""

    client_id: int
    token_hash: bytes
    scopes: tuple[str, ...]
    proven: bool

    def as_json(self) -> dict[str, object]:
        """What `people_admitted` is asked."""
        return {
            "client": self.client_id,
            "token_hash": f"\\x{self.token_hash.hex()}",
            "scopes": self.scopes,
            "on": clock.today().isoformat(),
        }

    def doubted(self) -> Admission:
        """To be asked for anew, however lately it was: the deed has just said no."""
        return replace(self, proven=False)

    def prove(self, scope: Scope) -> None:
        """Ask now, for a deed that cannot do it in its statement. Raises NotAdmitted, ScopeMissing."""
        if not self.proven:
            _remembered.pop(self.token_hash, None)
            found = admit(self.token_hash, scope)
            if found is None or found.client_id != self.client_id:
                raise NotAdmitted


def admit(token_hash: bytes, scope: Scope) -> Admission | None:
    """The client with this token, asked for now; None for none that is active today. Raises ScopeMissing."""
    with connection.cursor() as cursor:
        cursor.execute(_BY_TOKEN, [token_hash])
        found = cursor.fetchone()
    if found is None or (found[2] is not None and dt.date.fromisoformat(str(found[2])) < clock.today()):
        return None
    admission = Admission(found[0], token_hash, tuple(json.loads(found[1])), proven=True)
    if len(_remembered) >= MOST_REMEMBERED:
        _remembered.clear()
    _remembered[token_hash] = admission.doubted()
    if scope not in admission.scopes:
        raise ScopeMissing(scope)
    return admission


def admit_by_the_deed(token_hash: bytes, scope: Scope) -> Admission | None:
    """As `admit`, but usually without asking: the caller must have the deed prove it. Raises ScopeMissing."""
    known = _remembered.get(token_hash)
    if known is None or scope not in known.scopes:
        return admit(token_hash, scope)
    return known


def forget_clients() -> None:
    """What was remembered belongs to another database: between tests."""
    _remembered.clear()
