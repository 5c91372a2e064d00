"""A scenario from a TOML file: every key is known, every name it uses exists, and what is wrong is said with its line.

docs/guide/planning-simulate.md tells the format. Minutes and clock times everywhere; arrivals are told as they are
while it is open.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from hovedindgang.planning.documents import parsed, text_of
from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.simulation.asking import NAMED_DAYS, Table, distribution, lines_of, members, outcomes
from hovedindgang.planning.simulation.preparing import opening_of, prepare
from hovedindgang.planning.simulation.scenario import (
    LEVEL_NAMES,
    NEVER,
    RESOLVED,
    Arrivals,
    Distribution,
    Employee,
    Flow,
    Line,
    Opening,
    Scenario,
    Shift,
    Shrinkage,
)

MOST_DAYS = 3660
MOST_PEOPLE = 5000
PIECES = 288  # of a day, five minutes each: the finest at which a door opens
DAY = 1440.0


def read_scenario(path: Path) -> Scenario:
    """The scenario of a file. Raises CannotPlan, for what could not be run too."""
    return scenario_of_text(text_of(path), path.name)


def scenario_of_text(text: str, name: str) -> Scenario:
    """The scenario written in `text`; `name` stands before what is wrong."""
    top = Table(name, lines_of(text), parsed(text, name))
    made = _scenario(top)
    prepare(made)  # what could not be run is said now
    return made


def _scenario(top: Table) -> Scenario:
    first_day, days = top.date("first_day", dt.date(2026, 1, 5)), top.whole("days", 28, low=1, high=MOST_DAYS)
    holidays = top.dates("holidays")
    dates = [first_day + dt.timedelta(days=day) for day in range(days)]
    lines = _keyed(top.tables("line", need=False), _line)
    openings = _openings(top.tables("opening", need=False), dates, holidays)
    by_group = {(one.channel, one.place): one for one in openings}
    made = Scenario(
        title=top.text("title", ""),
        first_day=first_day,
        days=days,
        flows=_keyed(top.tables("flow"), lambda table: _flow(table, lines, by_group, dates)),
        lines=lines,
        employees=tuple(_people(top, lines)),
        openings=openings,
        working_days=tuple(date.weekday() < 5 and date not in holidays for date in dates),
        shrinkage=_shrinkage(top.table("shrinkage")),
        warm_up_minutes=top.number("warm_up_minutes", 0.0, low=0.0, high=days * DAY - 1),
        narrow_first=top.yes("narrow_first", False),
        volume_cv=top.number("volume_cv", 0.0, low=0.0, high=3.0),
    )
    top.done()
    return made


def _keyed(tables: Sequence[Table], read: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for table in tables:
        one = read(table)
        if one.key in found:
            raise table.wrong("key", _("er brugt før: {key}").format(key=one.key), _("Giv hver sit navn."))
        found[one.key] = one
        table.done()
    return found


def _line(table: Table) -> Line:
    return Line(
        key=table.text("key"),
        channel=table.text("channel"),
        place=table.text("place", "") or None,
        service=table.text("service", ""),
        priority=table.whole("priority", 0, low=-1000, high=1000),
        interruptible=table.yes("interruptible", False),
    )


# ------------------------------------------------------------------------------------------------------ who comes


def _flow(
    table: Table,
    lines: Mapping[str, Line],
    openings: Mapping[tuple[str, str | None], Opening],
    dates: Sequence[dt.date],
) -> Flow:
    key, line = table.text("key"), table.text("line", "") or None
    if line is not None and line not in lines:
        raise table.wrong("line", _("er ingen linje: {line}").format(line=line), _known(lines))
    channel = table.text("channel", lines[line].channel if line else "")
    if not channel:
        raise table.wrong("channel", _("mangler"), _("Skriv, hvordan de henvender sig, fx phone."))
    centre = table.text("centre", (lines[line].place or "") if line else "") or None
    group = (lines[line].channel, lines[line].place) if line else (channel, centre)
    return Flow(
        key=key,
        channel=channel,
        arrivals=_arrivals(table, opening_of(openings, group), dates),
        handle=_by_level(table, "handle"),
        line=line,
        service=table.text("service", ""),
        centre=centre,
        patience=distribution(table, "patience", NEVER),
        promised_minutes=table.optional("promised_minutes", low=0.0),
        due_working_days=_due(table),
        outcomes=_outcomes(table),
        again=table.share("again"),
        again_after=distribution(table, "again_after", Distribution("constant", 0.0)),
        source=table.text("source", ""),
    )


def _due(table: Table) -> int | None:
    days = table.whole("due_working_days", -1, low=-1, high=1000)
    return None if days < 0 else days


def _by_level(table: Table, key: str) -> Distribution | Mapping[str, Distribution]:
    written = table.raw(key)
    if isinstance(written, Mapping) and written and set(written) <= set(LEVEL_NAMES):
        levels = Table(table.name, table.lines, table.take(key), table.at, f"{table.where}{key}.")
        found = {level: distribution(levels, level) for level in LEVEL_NAMES if levels.has(level)}
        return found
    return distribution(table, key)


def _outcomes(table: Table) -> Any:
    written = table.raw("outcomes")
    if written is None:
        return RESOLVED
    if isinstance(written, Mapping):
        levels = Table(table.name, table.lines, table.take("outcomes"), table.at, f"{table.where}outcomes.")
        found = {level: outcomes(levels, level) for level in LEVEL_NAMES if levels.has(level)}
        levels.done()
        return found
    return outcomes(table, "outcomes")


def _arrivals(table: Table, opening: Opening, dates: Sequence[dt.date]) -> Arrivals | None:
    """Nobody by herself where no number is given. People come while it is open, by the profile's weights."""
    asked = [key for key in ("per_hour", "per_day") if table.has(key)]
    if not asked:
        for key in ("profile", "day_cv", "booked", "no_show", "shared"):
            if table.has(key):
                raise table.wrong(key, _("siger intet uden et antal"), _("Skriv per_hour eller per_day."))
        return None
    if len(asked) == 2:
        raise table.wrong("per_hour", _("står sammen med per_day"), _("Skriv kun den ene."))
    weights = _profile(table)
    weekly = table.week(asked[0])
    per_day, shape = [], []
    for day, date in enumerate(dates):
        wanted = weekly[date.weekday()]
        open_share = _open_share(opening, date, day)
        weighed = [weight * part for weight, part in zip(weights, open_share, strict=True)]
        hours = sum(open_share) * 24 / PIECES
        expected = wanted * hours if asked[0] == "per_hour" else wanted if hours else 0.0
        if expected and not sum(weighed):
            raise table.wrong(
                "profile", _("er 0, når der er åbent ({date})").format(date=date), _("Giv en åben time en vægt.")
            )
        per_day.append(expected)
        shape.append(tuple(weighed) if sum(weighed) else (1.0,))
    return Arrivals(
        per_day=_monday_first(per_day, dates),
        shape=_shapes(shape, dates),
        day_cv=table.number("day_cv", 0.0, low=0.0, high=3.0),
        shared=table.text("shared", ""),
        evenly=table.yes("booked", False),
        no_show=table.share("no_show"),
    )


def _profile(table: Table) -> list[float]:
    weights = table.numbers("profile") or [1.0]
    if PIECES % len(weights) or min(weights) < 0 or not sum(weights):
        raise table.wrong(
            "profile",
            _("har {number} vægte").format(number=len(weights)),
            _("Skriv én for hver time (24), halve time (48) eller kvarter (96); ingen negative, mindst én over 0."),
        )
    return [weight for weight in weights for _piece in range(PIECES // len(weights))]


def _open_share(opening: Opening, date: dt.date, day: int) -> list[float]:
    """How much of each piece of a day the door is open."""
    hours = (0.0, DAY) if opening.stays else opening.days[date.weekday() if len(opening.days) == 7 else day]
    if hours is None:
        return [0.0] * PIECES
    width = DAY / PIECES
    return [
        max(0.0, min(hours[1], (piece + 1) * width) - max(hours[0], piece * width)) / width for piece in range(PIECES)
    ]


def _monday_first(each: list[Any], dates: Sequence[dt.date]) -> tuple[Any, ...]:
    """One for each day, or where there are seven of them, from Monday on: that is how seven are read."""
    if len(each) != 7:
        return tuple(each)
    return tuple(one for _date, one in sorted(zip(dates, each, strict=True), key=lambda pair: pair[0].weekday()))


def _shapes(shape: list[tuple[float, ...]], dates: Sequence[dt.date]) -> tuple[tuple[float, ...], ...]:
    """For each weekday the first that is open; doors open at the same hours on the same weekday."""
    found: list[tuple[float, ...]] = []
    for weekday in range(7):
        open_days = [one for one, date in zip(shape, dates, strict=True) if date.weekday() == weekday and len(one) > 1]
        found.append(open_days[0] if open_days else (1.0,))
    return tuple(found) if len(set(found)) > 1 else (found[0],)


# ------------------------------------------------------------------------------------------------- doors and people


def _openings(tables: Sequence[Table], dates: Sequence[dt.date], holidays: set[dt.date]) -> tuple[Opening, ...]:
    """Tables of the same channel and place are one opening, of which each says some days."""
    hours: dict[tuple[str, str | None], list[tuple[float, float] | None]] = {}
    ways: dict[tuple[str, str | None], tuple[bool, bool]] = {}
    for table in tables:
        group = (table.text("channel"), table.text("place", "") or None)
        week = hours.setdefault(group, [None] * 7)
        opens, closes = table.clock("opens"), table.clock("closes")
        if closes <= opens:
            raise table.wrong("closes", _("er ikke senere end opens"), _("Skriv klokkeslæt som 10:00, højst 24:00."))
        for day in members(table, "days", NAMED_DAYS, NAMED_DAYS[:5]):
            week[NAMED_DAYS.index(day)] = (opens, closes)
        ways[group] = (table.yes("stays", False), table.yes("inside_are_served", True))
        table.done()
    made = []
    for (channel, place), week in hours.items():
        stays, served = ways[channel, place]
        days = tuple(None if date in holidays else week[date.weekday()] for date in dates) if holidays else tuple(week)
        made.append(Opening(channel, place, _monday_first(list(days), dates) if holidays else days, stays, served))
    return tuple(made)


def _people(top: Table, lines: Mapping[str, Line]) -> Iterable[Employee]:
    found: set[str] = set()
    for table in [*top.tables("employee", need=False), *top.tables("group", need=False)]:
        number = table.whole("number", 1, low=0, high=MOST_PEOPLE)
        key = table.text("key", "")
        if not key:
            raise table.wrong("key", _("mangler"), _("Giv medarbejderen eller gruppen et navn."))
        levels, week = _levels(table, lines), _week(table)
        place, own = table.text("place", "") or None, table.yes("own", True)
        cost = table.number("kr_per_hour", 0.0, low=0.0)
        table.done()
        for name in [key] if number == 1 else [f"{key} {at}" for at in range(1, number + 1)]:
            if name in found:
                raise table.wrong("key", _("er brugt før: {key}").format(key=name), _("Giv hver sit navn."))
            found.add(name)
            yield Employee(name, levels, week, place, own, cost)


def _levels(table: Table, lines: Mapping[str, Line]) -> dict[str, str]:
    written = table.take("levels")
    right = _('Skriv fx levels = {{ phone = "generalist" }}. Linjer: {lines}. Niveauer: {levels}.').format(
        lines=", ".join(lines) or "-", levels=", ".join(LEVEL_NAMES)
    )
    if isinstance(written, str):
        written = dict.fromkeys(lines, written)
    if not isinstance(written, Mapping) or not written:
        raise table.wrong("levels", _("siger ikke, hvad de kan"), right)
    for line, level in written.items():
        if line not in lines:
            raise table.wrong(f"levels.{line}", _("er ingen linje"), right)
        if level not in LEVEL_NAMES:
            raise table.wrong(f"levels.{line}", _("er intet niveau: {level}").format(level=level), right)
    return dict(written)


def _week(table: Table) -> tuple[tuple[Shift, ...], ...] | None:
    """Her shifts on each weekday; None: she is always on duty, as no one is."""
    if not table.has("shift"):
        return None
    days: list[list[Shift]] = [[] for _day in range(7)]
    for shift in table.tables("shift"):
        begins, ends = shift.clock("begins"), shift.clock("ends")
        if ends <= begins:
            raise shift.wrong("ends", _("er ikke senere end begins"), _("Skriv klokkeslæt som 16:00, højst 24:00."))
        breaks = shift.spans("breaks")
        if any(not begins <= one < other <= ends for one, other in breaks):
            raise shift.wrong("breaks", _("ligger uden for vagten"), _('Skriv fx [["12:00", "12:30"]].'))
        one = Shift(begins, ends, shift.text("place", "") or None, frozenset(shift.words("channels")), breaks)
        for day in members(shift, "days", NAMED_DAYS, NAMED_DAYS[:5]):
            days[NAMED_DAYS.index(day)].append(one)
        shift.done()
    return tuple(tuple(day) for day in days)


def _shrinkage(table: Table | None) -> Shrinkage | None:
    if table is None:
        return None
    made = Shrinkage(
        **{key: table.share(key, need=True) for key in ("sickness", "holidays", "training", "meetings")},
        source=table.text("source"),
        spell_days=table.number("spell_days", 4.0, low=1.0, high=365.0),
    )
    table.done()
    return made


def _known(names: Iterable[str]) -> str:
    return _("Kendte: {names}.").format(names=", ".join(names) or "-")
