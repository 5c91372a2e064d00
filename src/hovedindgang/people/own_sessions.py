"""Where she is signed in: her sign-ins as she is shown them, each ended by herself; and those that end by themselves.

A sign-in is known on the page by a keyed hash of its key, which opens nothing.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from django.db import transaction
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import employee_actor
from hovedindgang.kernel.events import append_event
from hovedindgang.people.models import Employee, StaffSession

MACHINE = "machine"  # in the session: browser and system, as she would call them
SIGNED_IN_AT = "signed_in_at"  # seconds since 1970, in the session
SEEN_AT = "seen_at"  # seconds since 1970, in the session: her last click, to the minute
_BROWSERS = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """One sign-in of hers."""

    handle: str
    machine: str  # "Firefox, Windows"; "" where the browser did not say
    signed_in_at: dt.datetime | None
    seen_at: dt.datetime | None
    here: bool  # the one that asks


def machine_of(request: HttpRequest) -> str:
    """What the browser says it is, in two words; its version and all else it says is not kept."""
    said = request.headers.get("User-Agent", "")
    found = [next((name for sign, name in table if re.search(sign, said)), "") for table in (_BROWSERS, _SYSTEMS)]
    return ", ".join(word for word in found if word)


def sign_ins_of(employee: Employee, *, here: str) -> list[SignedIn]:
    """Hers that still hold, the one at work (`here`, its key) first, then the last seen."""
    rows = StaffSession.objects.filter(employee=employee, expire_date__gt=clock.now())
    return sorted((_shown(row, here) for row in rows), key=_order)


def _order(one: SignedIn) -> tuple[bool, float, str]:
    return not one.here, -(one.seen_at.timestamp() if one.seen_at else 0), one.handle


def _shown(row: StaffSession, here: str) -> SignedIn:
    data = row.get_decoded()
    return SignedIn(
        handle=handle_of(row.session_key),
        machine=str(data.get(MACHINE, "")),
        signed_in_at=_instant(data.get(SIGNED_IN_AT)),
        seen_at=_instant(data.get(SEEN_AT)),
        here=row.session_key == here,
    )


def _instant(seconds: float | None) -> dt.datetime | None:
    return dt.datetime.fromtimestamp(seconds, dt.UTC) if seconds is not None else None


def handle_of(key: str) -> str:
    return salted_hmac("people.own_sessions", key, algorithm="sha256").hexdigest()[:32]


@transaction.atomic
def end_own(*, employee: Employee, here: str, handle: str | None = None) -> int:
    """Her sign-in with this handle ends, or all but the one at work; gives how many. One event where there was any.

    A request that is under way in one of them does not bring it back (`people.sessions`).
    """
    keys = (
        StaffSession.objects.filter(employee=employee).exclude(session_key=here).values_list("session_key", flat=True)
    )
    going = [key for key in keys if handle is None or handle_of(key) == handle]
    ended, _rows = StaffSession.objects.filter(session_key__in=going).delete()
    if ended:
        append_event(
            verb="employee.sessions_ended",
            actor=employee_actor(employee.pk),
            subject_kind="employee",
            subject_id=employee.pk,
            facts={"sessions": ended},
        )
    return ended
