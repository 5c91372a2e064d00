"""How another system shows who it is: a bearer token with scopes."""

from __future__ import annotations

import hashlib

from django.http import HttpRequest
from ninja.security import HttpBearer

from hovedindgang.kernel.actors import Actor, ActorKind
from hovedindgang.people.admission import Admission, admit, admit_by_the_deed
from hovedindgang.people.pace import Asked, mind_pace
from hovedindgang.people.rules import Scope


class Token(HttpBearer):
    """`Authorization: Bearer …` of a client that holds `scope`; afterwards `request.auth` is its `Admission`.

    `proven_by_deed`: the operation hands the admission to a deed that proves it in its own statement.
    """

    openapi_bearerFormat = "opaque"

    def __init__(self, scope: Scope, *, proven_by_deed: bool = False) -> None:
        super().__init__()
        self.scope = scope
        self.admit = admit_by_the_deed if proven_by_deed else admit

    def authenticate(self, request: HttpRequest, token: str) -> Admission | None:
        admission = self.admit(token_hash(token), self.scope)
        if admission is not None:
            mind_pace(Asked.CALL, admission.client_id)
        return admission


def token_hash(token: str) -> bytes:
    """SHA-256 of a token. Tokens are 32 random bytes, so that a fast hash is enough."""
    return hashlib.sha256(token.encode()).digest()


def client_actor(admission: Admission) -> Actor:
    return Actor(ActorKind.CLIENT, admission.client_id)
