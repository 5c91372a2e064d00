"""What a report is made of, before it is a page: sections with their figures, each with how it was counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from hovedindgang.registers.figures import OTHERS, POOLED, Spread, Volume
from hovedindgang.registers.language import gettext as _
from hovedindgang.registers.language import ngettext, number
from hovedindgang.servicemodel.language import current_language


class Share(float):
    """A part of a whole, 0 to 1; shown as a percentage."""


class Days(float):
    """How long something took, in days; shown in the unit that people would use."""


Cell = str | int | float | None
Rows = list[list[Cell]]


@dataclass(frozen=True, slots=True)
class Figure:
    """A table, and how it is drawn: "bars", "columns", "heat" (all columns but the first), "" (the table alone)."""

    key: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    chart: str = ""
    drawn: int = 1  # the column that bars and columns draw


@dataclass(frozen=True, slots=True)
class Section:
    key: str
    title: str
    counted: str  # how the numbers were counted
    cannot: str  # what they cannot say
    figures: Sequence[Figure]


@dataclass(frozen=True, slots=True)
class Source:
    """What one file was and how it was read; every number of its sections is measured in it."""

    file: str
    kind: str
    sha256: str
    encoding: str
    rows: int
    refused: Sequence[tuple[int, str]]
    columns: dict[str, str]  # role → the file's own column name
    first_on: dt.date
    last_on: dt.date
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Measured:
    """One file's part of the report."""

    source: Source
    totals: dict[str, Cell]  # for scripts: plain names, plain numbers
    cards: Sequence[tuple[str, str]]  # what stands first on the page: value, what it is
    sections: Sequence[Section] = field(default_factory=list)


def shown(value: Cell) -> str:
    """A cell as the page says it."""
    if value is None:
        return "–"
    if isinstance(value, Share):
        return number(value * 100, 1) + ("%" if current_language() == "en" else "\N{NO-BREAK SPACE}%")
    if isinstance(value, Days):
        return _how_long(value)
    if isinstance(value, float):
        return number(value, 1)
    if isinstance(value, int):
        return number(value)
    return value


def _how_long(days: float) -> str:
    if days >= 2:
        return _("{n} dage").format(n=number(days, 1))
    if days * 24 >= 2:
        return _("{n} timer").format(n=number(days * 24, 1))
    minutes = round(days * 1440)
    return ngettext("{n} minut", "{n} minutter", minutes).format(n=number(minutes))


def name_of(word: str) -> str:
    """A group, queue or channel as the page calls it."""
    if word == POOLED:
        return _("Små grupper tilsammen")
    if word == OTHERS:
        return _("Øvrige grupper")
    return word or _("(ikke oplyst)")


def part(value: int, whole: int) -> Share | None:
    return Share(value / whole) if whole else None


def day(on: dt.date) -> str:
    """22.11.2026: the same in both languages, and not to be mistaken for month first."""
    return f"{on.day}.{on.month}.{on.year}"


def weekdays() -> list[str]:
    return [_("mandag"), _("tirsdag"), _("onsdag"), _("torsdag"), _("fredag"), _("lørdag"), _("søndag")]


def when(arrivals: Volume, what: str) -> list[Figure]:
    """By month, weekday and hour, and the busiest days; `what` is the heading of the counts."""
    days, names = sorted(arrivals.by_day), weekdays()
    span = [days[0] + dt.timedelta(days=n) for n in range((days[-1] - days[0]).days + 1)] if days else []
    each = [sum(d.weekday() == n for d in span) for n in range(7)]
    busy = sorted(arrivals.by_hour) or [0]
    hours = list(range(busy[0], busy[-1] + 1))
    months: Rows = [[f"{m.month}.{m.year}", n] for m, n in arrivals.by_month.items()]
    by_weekday: Rows = [
        [names[n], arrivals.by_weekday.get(n, 0), arrivals.by_weekday.get(n, 0) / each[n] if each[n] else None]
        for n in range(7)
    ]
    both: Rows = [
        [names[n], *(arrivals.by_weekday_hour.get((n, hour), 0) for hour in hours)]
        for n in range(7)
        if n in arrivals.by_weekday
    ]
    return [
        Figure("by_month", _("Måned for måned"), [_("Måned"), what], months, "columns"),
        Figure("by_weekday", _("Ugedag"), [_("Ugedag"), what, _("i snit pr. dag i perioden")], by_weekday, "bars"),
        Figure(
            "by_hour",
            _("Time på dagen"),
            [_("Time"), what],
            [[f"{h}–{h + 1}", arrivals.by_hour.get(h, 0)] for h in hours],
            "columns",
        ),
        Figure("by_weekday_hour", _("Ugedag og time"), ["", *(str(hour) for hour in hours)], both, "heat"),
        Figure(
            "busiest_days",
            _("De travleste dage"),
            [_("Dag"), _("Ugedag"), what],
            [[day(d), names[d.weekday()], n] for d, n in arrivals.busiest()],
        ),
    ]


def sent_on_section(what: str, sent: int, whole: int) -> Section:
    """Citizens who were themselves sent on; `what` is the heading of the counts."""
    rows: Rows = [[_("Sendt videre"), sent, part(sent, whole)], [_("Ikke"), whole - sent, part(whole - sent, whole)]]
    return Section(
        "sent_on",
        _("Borgere, der blev sendt videre"),
        _("Talt, hvor kolonnen for det (sent_on) siger andet end nej, 0 eller ingenting."),
        _("Kolonnen siger ikke, om borgeren nåede frem, og ikke om hun kunne være hjulpet med det samme."),
        [Figure("sent_on", _("Sendt videre"), ["", what, _("Andel")], rows, "bars")],
    )


def not_told_who_was_sent_on() -> str:
    """What is missing, and how it is given."""
    return _(
        "Filen siger ikke, om borgeren selv blev sendt videre, så det er ikke talt. Står det i en kolonne, så nævn den "
        'i afbildningen under [columns], fx: sent_on = "Viderestillet".'
    )


def spread_row(name: str, found: Spread) -> list[Cell]:
    return [name, found.number, found.median, found.ninth]
