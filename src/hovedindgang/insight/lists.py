"""The list behind a figure: the very rows it counts, found by the same predicate, without names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Sum

from hovedindgang.contacts.rules import AvoidableCause
from hovedindgang.insight.counting import CONTACTS_SQL
from hovedindgang.insight.figures import (
    CONTACT_FIGURES,
    CONTACTS_NARROWED,
    ENQUIRIES_NARROWED,
    ENQUIRY_FIGURES,
)
from hovedindgang.insight.models import AvoidableDay, ContactDay, EnquiryDay, KeptDay
from hovedindgang.insight.periods import Period
from hovedindgang.insight.rules import Counting
from hovedindgang.insight.verdicts import among, parameters, verdicts_sql
from hovedindgang.policy.models import CentreKey, DepartmentKey, ServiceKey
from hovedindgang.policy.queries import NoPolicyInForce, in_force
from hovedindgang.servicemodel.document import Channel, Level, Parameters

PAGE = 25
LONGEST_NUMBER = 9  # digits
CONTACTS, ENQUIRIES = "henvendelser", "aerinder"  # what is listed; stands in the address
# By what a list may be narrowed; contacts know no service.
CAUSE = "avoidable_cause"  # narrows the avoidable ones alone
SLICES = {
    CONTACTS: ("channel", "centre_id"),
    ENQUIRIES: ("channel", "centre_id", "service_id", "level", CAUSE),
}
# What these may be: words of the code, or keys of the policy.
WORDS: Mapping[str, frozenset[str]] = {
    "channel": frozenset(Channel),
    "level": frozenset({*Level, ""}),
    CAUSE: frozenset({*AvoidableCause, ""}),
}
KEYS: Mapping[str, type[CentreKey | ServiceKey | DepartmentKey]] = {
    "centre_id": CentreKey,
    "service_id": ServiceKey,
    "department_id": DepartmentKey,
}


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of what a figure counts, newest first. `total` is how many there are now, `shown` what the board says:
    in closed months how many there were."""

    rows: list[dict[str, Any]]
    total: int
    shown: int
    page: int

    @property
    def newer(self) -> int | None:
        return self.page - 1 if self.page else None

    @property
    def older(self) -> int | None:
        return self.page + 1 if (self.page + 1) * PAGE < self.total else None


def known_figure(kind: str, figure: str) -> bool:
    return figure in {CONTACTS: CONTACT_FIGURES, ENQUIRIES: ENQUIRY_FIGURES}.get(kind, {})


def known_slices(kind: str, figure: str, where: Mapping[str, str]) -> bool:
    """Whether such rows have these fields, and the fields could hold these values."""
    if CAUSE in where and figure != "avoidable":
        return False
    return set(where) <= set(SLICES[kind]) and not any("\x00" in value for value in where.values())


def known_values(where: Mapping[str, str]) -> bool:
    """Whether all that rows are narrowed to exists, or did in some adopted version; "" is those that name none."""
    return all(value in WORDS[key] if key in WORDS else _ever_named(key, value) for key, value in where.items())


def _ever_named(key: str, value: str) -> bool:
    if not value:
        return key != "department_id"  # a handover always names one
    return KEYS[key].objects.filter(key=value).exists()


def page_number(asked: str) -> int | None:
    """Of an address, the first if it says nothing; None for what is no page."""
    if not asked:
        return 0
    return int(asked) if asked.isdecimal() and len(asked) < LONGEST_NUMBER else None


def listing(kind: str, figure: str, period: Period, where: dict[str, str], page: int = 0) -> Listing:
    """The rows that `figure` counts in the period, narrowed to `where` (keys of SLICES; "" is: none named).

    The kept counts say on which days they lie, so that only those days are judged again, and of them only what the
    figure could count.
    """
    by_day = _counts(kind, figure, period, where)
    total = sum(count for _day, count in by_day)
    page = max(0, min(page, (total - 1) // PAGE if total else 0))
    skip, ahead = page * PAGE, 0
    days: list[dt.date] = []
    for day, count in by_day:
        if not days and skip >= count:
            skip -= count
            continue
        days.append(day)
        ahead += count
        if ahead >= skip + PAGE:
            break
    rows = _rows(kind, figure, days, where)[skip : skip + PAGE]
    shown = sum(count for _day, count in _counts(kind, figure, period, where, "shown"))
    return Listing(rows, total, shown, page)


def _counts(
    kind: str, figure: str, period: Period, where: dict[str, str], standing: str = "current"
) -> list[tuple[dt.date, int]]:
    """(day, how many) newest first, days without any left out; `standing` is "current" or "shown" (see `closing`)."""
    if CAUSE in where:
        causes = AvoidableDay.objects.filter(
            day__range=(period.first, period.last), cause=where[CAUSE], **{standing: True}
        )
        of_days = causes.order_by().values_list("day").annotate(number=Sum("enquiries"))
        return sorted(((day, number) for day, number in of_days if number), reverse=True)
    table = ContactDay if kind == CONTACTS else EnquiryDay
    found = table.objects.filter(day__range=(period.first, period.last), **{standing: True})
    for key, value in where.items():
        found = found.filter(**({key: value} if value else {f"{key}__isnull": True}))
    counts = found.order_by().values_list("day").annotate(number=Sum(figure))
    return sorted(((day, number) for day, number in counts if number), reverse=True)


def _rows(kind: str, figure: str, days: list[dt.date], where: dict[str, str]) -> list[dict[str, Any]]:
    """What the figure counts on these days, newest first."""
    rows = [row for counting, alike in _countings(days) for row in _judged(kind, figure, counting, alike, where)]
    number = "contact_id" if kind == CONTACTS else "id"
    return sorted(rows, key=lambda row: (row["day"], row["started_at"], row[number]), reverse=True)


FIELDS = {
    "channel": "c.channel",
    "centre_id": "c.centre_id",
    "service_id": "e.service_id",
    "level": "e.level",
    CAUSE: "e.avoidable_cause",
}


def _judged(
    kind: str, figure: str, counting: Counting, days: list[dt.date], where: dict[str, str]
) -> list[dict[str, Any]]:
    asked: dict[str, Any] = {**parameters(days[0], days[-1], counting), **where}
    narrowed = [
        f"{FIELDS[key]} = %({key})s" if value or key == CAUSE else f"{FIELDS[key]} IS NULL"
        for key, value in where.items()
    ]
    narrowed.append((CONTACTS_NARROWED if kind == CONTACTS else ENQUIRIES_NARROWED).get(figure, "TRUE"))
    judged = f"({verdicts_sql(counting, days=among(days), only=' AND '.join(narrowed))})"
    if kind == CONTACTS:
        source = f"(SELECT c.*, m.started_at FROM ({CONTACTS_SQL.format(judged=f'{judged} j')}) c"  # noqa: S608
        source += " JOIN contacts_contact m ON m.id = c.contact_id)"
        predicate = CONTACT_FIGURES[figure]
    else:
        source = f"(SELECT j.*, q.promised_on, q.broken_promise_on FROM {judged} j"  # noqa: S608
        source += " JOIN contacts_enquiry q ON q.id = j.id)"
        predicate = ENQUIRY_FIGURES[figure]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {source} r WHERE {predicate}", asked)  # noqa: S608
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _countings(days: list[dt.date]) -> list[tuple[Counting, list[dt.date]]]:
    """The days by how they were counted when their figures were kept.

    A day on which nothing waits is the same on every later day, and goes with those that were counted last.
    """
    kept = {row.day: row for row in KeptDay.objects.filter(day__in=days)}
    waiting = set(EnquiryDay.objects.filter(day__in=days, current=True, waiting__gt=0).values_list("day", flat=True))
    last = max((row.as_of for row in kept.values() if row.as_of), default=dt.date.min)
    said: dict[int | None, Parameters] = {}
    groups: dict[Counting, list[dt.date]] = {}
    for day, row in sorted(kept.items()):
        if row.version_id not in said:
            said[row.version_id] = _parameters(day)
        as_of = row.as_of if day in waiting and row.as_of else last
        groups.setdefault(Counting.by(said[row.version_id], as_of), []).append(day)
    return list(groups.items())


def _parameters(day: dt.date) -> Parameters:
    try:
        return in_force(day).model.parameters
    except NoPolicyInForce:
        return Parameters()
