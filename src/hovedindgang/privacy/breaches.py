"""When something has come into wrong hands: whose data, which kinds, and when. Read from the log of look-ups."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Max, Min
from django.utils.translation import gettext as _

from hovedindgang.kernel.actors import ActorKind
from hovedindgang.kernel.clock import day_bounds
from hovedindgang.kernel.models import Log, LookUp
from hovedindgang.kernel.months import dropped_between
from hovedindgang.people.models import Client, Employee
from hovedindgang.privacy.rules import PrivacyRefused


@dataclass(frozen=True, slots=True)
class Exposed:
    """One citizen, how often she was seen, in which ways, and between which instants."""

    citizen_id: int
    uses: tuple[str, ...]  # the kinds of use in the log: search, history, registration, export, ...
    times: int
    first_at: dt.datetime
    last_at: dt.datetime


def exposed(*, first: dt.date, last: dt.date, scope: str = "everything", who: str = "") -> Iterator[Exposed]:
    """Every citizen who was seen from `first` to `last`, both included, by number: by one account (`employee`, a user
    name), one system (`client`, its name), from one centre (its key), in what was taken out
    (`export`), or by anybody.

    The log knows whom somebody was shown, not who might have been read behind its back. Raises PrivacyRefused.
    """
    rows = LookUp.objects.filter(citizen_id__isnull=False, at__gte=day_bounds(first)[0], at__lt=day_bounds(last)[1])
    if scope == "client":
        rows = rows.filter(actor_kind=ActorKind.CLIENT, actor_id__in=_of(Client.objects.filter(name=who), who))
    elif scope == "export":
        rows = rows.filter(use="export")
    elif scope in {"employee", "centre"}:
        found = Employee.objects.filter(**({"username": who} if scope == "employee" else {"centre": who}))
        rows = rows.filter(actor_kind=ActorKind.EMPLOYEE, actor_id__in=_of(found, who))
    seen = rows.order_by("citizen_id", "use").values_list("citizen_id", "use")
    by_use = seen.annotate(times=Count("pk"), first=Min("at"), last=Max("at"))
    waiting: Exposed | None = None
    for citizen, use, times, began, ended in by_use.iterator(chunk_size=2_000):
        if waiting is not None and waiting.citizen_id == citizen:
            waiting = Exposed(
                citizen,
                (*waiting.uses, use),
                waiting.times + times,
                min(waiting.first_at, began),
                max(waiting.last_at, ended),
            )
            continue
        if waiting is not None:
            yield waiting
        waiting = Exposed(citizen or 0, (use,), times, began, ended)
    if waiting is not None:
        yield waiting


def months_gone(*, first: dt.date, last: dt.date) -> list[str]:
    """The months of the period whose look-ups have been forgotten: of them nobody can be named any more."""
    return dropped_between(Log.LOOK_UPS, since=day_bounds(first)[0], until=day_bounds(last)[1])


def _of(found: object, who: str) -> list[int]:
    numbers = list(found.values_list("pk", flat=True))  # type: ignore[attr-defined]
    if not numbers:
        raise PrivacyRefused({"who": _("Ingen har det navn: %(who)s. Se efter, og skriv igen.") % {"who": who}})
    return numbers
