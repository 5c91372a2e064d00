"""The list behind a figure: the very rows it counts, found by the same predicate, without names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Sum

from hovedindgang.insight.counting import CONTACTS_SQL
from hovedindgang.insight.figures import CONTACT_FIGURES, ENQUIRY_FIGURES
from hovedindgang.insight.models import ContactDay, EnquiryDay, KeptDay
from hovedindgang.insight.periods import Period
from hovedindgang.insight.rules import Counting
from hovedindgang.insight.verdicts import parameters, verdicts_sql
from hovedindgang.policy.queries import NoPolicyInForce, in_force
from hovedindgang.servicemodel.document import Parameters

PAGE = 25
LONGEST_NUMBER = 9  # digits
CONTACTS, ENQUIRIES = "henvendelser", "aerinder"  # what is listed; stands in the address
# By what a list may be narrowed; contacts know no service.
SLICES = {CONTACTS: ("channel", "centre_id"), ENQUIRIES: ("channel", "centre_id", "service_id", "level")}


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


def known_slices(kind: str, where: Mapping[str, str]) -> bool:
    """Whether such rows have these fields, and the fields could hold these values."""
    return set(where) <= set(SLICES[kind]) and not any("\x00" in value for value in where.values())


def page_number(asked: str) -> int:
    """Of an address; anything that is no page is the first."""
    return int(asked) if asked.isdecimal() and len(asked) < LONGEST_NUMBER else 0


def listing(kind: str, figure: str, period: Period, where: dict[str, str], page: int = 0) -> Listing:
    """The rows that `figure` counts in the period, narrowed to `where` (keys of SLICES; "" is: none named).

    The kept counts say on which days they lie, so that only those days are judged again.
    """
    by_day = _counts(kind, figure, period, where)
    total = sum(count for _day, count in by_day)
    page = max(0, min(page, (total - 1) // PAGE if total else 0))
    skip, rows = page * PAGE, []
    for day, count in by_day:
        if skip >= count:
            skip -= count
            continue
        rows += _rows(kind, figure, day, where)[skip:]
        skip = 0
        if len(rows) >= PAGE:
            break
    shown = sum(count for _day, count in _counts(kind, figure, period, where, "shown"))
    return Listing(rows[:PAGE], total, shown, page)


def _counts(
    kind: str, figure: str, period: Period, where: dict[str, str], standing: str = "current"
) -> list[tuple[dt.date, int]]:
    """(day, how many) newest first, days without any left out; `standing` is "current" or "shown" (see `closing`)."""
    table = ContactDay if kind == CONTACTS else EnquiryDay
    found = table.objects.filter(day__range=(period.first, period.last), **{standing: True})
    for key, value in where.items():
        found = found.filter(**({key: value} if value else {f"{key}__isnull": True}))
    counts = found.order_by().values_list("day").annotate(number=Sum(figure))
    return sorted(((day, number) for day, number in counts if number), reverse=True)


def _rows(kind: str, figure: str, day: dt.date, where: dict[str, str]) -> list[dict[str, Any]]:
    """What the figure counts on one day, newest first."""
    judged = f"({verdicts_sql(_counting(day))})"
    if kind == CONTACTS:
        source = f"(SELECT c.*, m.started_at FROM ({CONTACTS_SQL.format(judged=f'{judged} j')}) c"  # noqa: S608
        source += " JOIN contacts_contact m ON m.id = c.contact_id)"
        predicate, order = CONTACT_FIGURES[figure], "contact_id"
    else:
        source, predicate, order = judged, ENQUIRY_FIGURES[figure], "id"
    asked: dict[str, Any] = dict(parameters(day, day, _counting(day)))
    narrowed = ""
    for key, value in where.items():
        narrowed += f" AND {key} = %(w_{key})s" if value else f" AND {key} IS NULL"
        asked[f"w_{key}"] = value
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT * FROM {source} r WHERE ({predicate}){narrowed} ORDER BY started_at DESC, {order} DESC",  # noqa: S608
            asked,
        )
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _counting(day: dt.date) -> Counting:
    """As the day was counted when its figures were kept."""
    as_of = KeptDay.objects.values_list("as_of", flat=True).get(pk=day)
    assert as_of is not None  # a day with counts has been counted
    try:
        model_parameters = in_force(day).model.parameters
    except NoPolicyInForce:
        model_parameters = Parameters()
    return Counting.by(model_parameters, as_of)
