"""Who has tried too often waits: by user name and by address, kept in the database, longer each time.

A try is counted before it is checked, and forgiven when it was right. So no number of processes or of tries at once
gives more than is allowed, and a restart forgives nothing. A name that nobody has waits as well: the answer does not
tell which names there are. Tries while it is closed are not counted: nobody can keep a colleague out for ever.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import SYSTEM, Actor
from hovedindgang.kernel.encryption import blind_index
from hovedindgang.kernel.events import append_event
from hovedindgang.people.models import Employee, LockKind, SignInLock

PLACE = "people_signinlock.who"


@dataclass(frozen=True, slots=True)
class Allowed:
    """`free` tries fail without a wait; then each doubles the wait, up to `longest_minutes`. Quiet for
    `forgotten_hours`, it begins anew."""

    free: int
    longest_minutes: int
    forgotten_hours: int

    def wait_after(self, failures: int) -> dt.timedelta:
        """How long is waited after so many: nothing, then 1, 2, 4 … minutes."""
        over = failures - self.free
        return dt.timedelta(minutes=min(2 ** min(over, 20), self.longest_minutes)) if over >= 0 else dt.timedelta()


# A whole town hall comes from one address; one person mistypes a few times.
ALLOWED = {
    LockKind.ACCOUNT: Allowed(free=5, longest_minutes=60, forgotten_hours=24),
    LockKind.ADDRESS: Allowed(free=100, longest_minutes=15, forgotten_hours=1),
}


class LockedOut(Exception):
    """Too many tries have failed; nothing is checked now."""


@dataclass(frozen=True, slots=True)
class Try:
    """One try that has begun and counts as failed until it is forgiven."""

    account: bytes
    address: bytes | None

    def forgive(self) -> None:
        """It was right: her count begins anew; the address has this one back."""
        SignInLock.objects.filter(kind=LockKind.ACCOUNT, who=self.account).delete()
        if self.address is not None:
            with transaction.atomic():
                row = SignInLock.objects.select_for_update().filter(kind=LockKind.ADDRESS, who=self.address).first()
                if row is not None and row.failures > 0:
                    row.failures -= 1
                    row.closed_until = None
                    row.save(update_fields=["failures", "closed_until"])


def begin_try(*, account: str, address: str | None = None) -> Try:
    """Count a try for a user name (however it is written) and an address. Raises LockedOut, for either of them."""
    of_account, of_address = _who(account), (_who(address) if address else None)
    if SignInLock.objects.filter(_rows(of_account, of_address), closed_until__gt=clock.now()).exists():
        raise LockedOut
    _count(LockKind.ACCOUNT, of_account)
    if of_address is not None:
        _count(LockKind.ADDRESS, of_address)
    return Try(of_account, of_address)


def _rows(account: bytes, address: bytes | None) -> Q:
    rows = Q(kind=LockKind.ACCOUNT, who=account)
    return rows | Q(kind=LockKind.ADDRESS, who=address) if address is not None else rows


@transaction.atomic
def _count(kind: LockKind, who: bytes) -> None:
    now, allowed = clock.now(), ALLOWED[kind]
    SignInLock.objects.bulk_create([SignInLock(kind=kind, who=who, failed_at=now)], ignore_conflicts=True)
    row = SignInLock.objects.select_for_update().get(kind=kind, who=who)
    if row.closed_until is not None and row.closed_until > now:  # another try closed it since we looked
        raise LockedOut
    if now - row.failed_at >= dt.timedelta(hours=allowed.forgotten_hours):
        row.failures = 0
    row.failures += 1
    wait = allowed.wait_after(row.failures)
    row.failed_at, row.closed_until = now, (now + wait if wait else None)
    row.save(update_fields=["failures", "failed_at", "closed_until"])
    if wait:
        append_event(
            verb="sign_in.closed",
            actor=SYSTEM,
            subject_kind="sign_in",
            subject_id=kind.value,
            facts={"failures": row.failures, "minutes": int(wait.total_seconds() // 60)},
        )


def _who(text: str) -> bytes:
    return blind_index(text.strip().casefold(), place=PLACE)


def employees_waiting() -> list[tuple[Employee, dt.datetime]]:
    """The employees who have tried too often and wait, with until when; soonest free first."""
    closed = SignInLock.objects.filter(kind=LockKind.ACCOUNT, closed_until__gt=clock.now())
    until = {bytes(who): at for who, at in closed.values_list("who", "closed_until")}
    if not until:
        return []
    found = []
    for employee in Employee.objects.filter(is_active=True):
        times = [until.get(_who(name)) for name in (employee.username, code_account(employee.pk))]
        if waits := [at for at in times if at is not None]:
            found.append((employee, max(waits)))
    return sorted(found, key=lambda row: row[1])


@transaction.atomic
def lift_lock(*, actor: Actor, employee: Employee) -> None:
    """She may try again at once; a leader or the administrator has seen that it is her."""
    SignInLock.objects.filter(
        kind=LockKind.ACCOUNT, who__in=[_who(employee.username), _who(code_account(employee.pk))]
    ).delete()
    append_event(verb="sign_in.reopened", actor=actor, subject_kind="employee", subject_id=employee.pk, facts={})


def code_account(employee_id: int) -> str:
    """Under which name the tries of her codes are counted, apart from those of her password."""
    return f"\0{employee_id}"  # no user name holds this sign
