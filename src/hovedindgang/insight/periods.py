"""The time a board is about, as somebody chose it. Pure but for the words."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

LONGEST_DAYS = 366 * 3
EARLIEST = dt.date(1970, 1, 1)  # before any register
WEEKS_UP_TO_DAYS = 100  # shorter periods are drawn by week

CHOICES = {
    "12m": _("12 måneder og denne"),
    "month": _("Denne måned"),
    "last_month": _("Forrige måned"),
    "quarter": _("Dette kvartal"),
    "last_quarter": _("Forrige kvartal"),
    "year": _("I år"),
    "last_year": _("Sidste år"),
    "custom": _("Fra og til"),
}


@dataclass(frozen=True, slots=True)
class Period:
    """Danish calendar days, both included."""

    first: dt.date
    last: dt.date
    choice: str = "custom"

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def by_week(self) -> bool:
        return self.days <= WEEKS_UP_TO_DAYS

    def bucket_of(self, day: dt.date) -> dt.date:
        """The first day of the week or month that it is drawn in."""
        return day - dt.timedelta(days=day.weekday()) if self.by_week else day.replace(day=1)

    @property
    def query(self) -> str:
        """What an address says to mean these days."""
        return f"from={self.first.isoformat()}&to={self.last.isoformat()}"

    def final_on(self, provisional_days: int) -> dt.date:
        """The first day on which the figures stand: its last month is closed."""
        return end_of_month(self.last) + dt.timedelta(days=provisional_days)


def end_of_month(day: dt.date) -> dt.date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def start_of(unit: str, day: dt.date) -> dt.date:
    month = {"month": day.month, "quarter": (day.month - 1) // 3 * 3 + 1, "year": 1}[unit]
    return day.replace(month=month, day=1)


def chosen(choice: str, today: dt.date) -> Period:
    """The period of a word in CHOICES; of any other, the usual one."""
    yesterday = dt.timedelta(days=1)
    if choice in {"month", "quarter", "year"}:
        return Period(start_of(choice, today), today, choice)
    if choice.startswith("last_") and choice in CHOICES:
        unit = choice.removeprefix("last_")
        last = start_of(unit, today) - yesterday
        return Period(start_of(unit, last), last, choice)
    a_year_ago = start_of("month", today).replace(year=today.year - 1)
    return Period(a_year_ago, today, "12m")


def read_period(asked: Mapping[str, str], today: dt.date) -> tuple[Period, str]:
    """The period that an address or a form asks for, and what is wrong with it ("" if nothing is).

    `period` is a word of CHOICES; `from` and `to` are ISO days and count when no word is given, or for "custom".
    """
    choice = asked.get("period", "")
    first, last = asked.get("from", ""), asked.get("to", "")
    if choice and choice not in CHOICES:
        return chosen("12m", today), str(_("Det valg findes ikke. Vælg på listen; her er det ikke brugt."))
    if choice not in {"", "custom"} or not (choice or first or last):
        return chosen(choice, today), ""
    try:
        period = Period(dt.date.fromisoformat(first), dt.date.fromisoformat(last))
    except ValueError:
        return chosen("12m", today), str(_("Skriv begge dage, for eksempel 2026-01-01 og 2026-03-31."))
    wrong = what_is_wrong(period, today)
    return (chosen("12m", today), wrong) if wrong else (period, "")


def what_is_wrong(period: Period, today: dt.date) -> str:
    """Why no board is made of these days, and what to do; "" if one is."""
    if period.last < period.first:
        return str(_("Den sidste dag ligger før den første. Byt dem om."))
    if period.days > LONGEST_DAYS:
        return str(_("Vælg højst tre år ad gangen."))
    if period.first < EARLIEST or period.last > today + dt.timedelta(days=LONGEST_DAYS):
        return str(_("Dagene ligger for langt fra i dag. Ret årstallet."))
    return ""
