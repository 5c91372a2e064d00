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
    ALL_DAY,
    LEVEL_NAMES,
    NEVER,
    RESOLVED,
    Arrivals,
    ByDate,
    ByWeekday,
    Days,
    Distribution,
    Employee,
    Flow,
    Line,
    Opening,
    Periods,
    Scenario,
    Shift,
    Shrinkage,
    joined,
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
    per_day: list[float] = []
    shape: list[tuple[float, ...]] = []
    known: dict[Periods, tuple[float, tuple[float, ...]]] = {}
    for day, date in enumerate(dates):
        wanted = weekly[date.weekday()]
        periods = ALL_DAY if opening.stays else opening.days.on(day, date.weekday())
        if periods not in known:
            known[periods] = _within(weights, periods)
        hours, row = known[periods]
        expected = wanted * hours if asked[0] == "per_hour" else wanted if hours else 0.0
        if expected and not sum(row):
            raise table.wrong(
                "profile", _("er 0, når der er åbent ({date})").format(date=date), _("Giv en åben time en vægt.")
            )
        per_day.append(expected)
        shape.append(row)
    return Arrivals(
        per_day=ByDate(per_day),
        shape=ByDate(shape),
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


def _within(weights: Sequence[float], periods: Periods) -> tuple[float, tuple[float, ...]]:
    """How many hours the door is open, and the weight of each piece of the day while it is."""
    width = DAY / PIECES
    share = [0.0] * PIECES
    for opens, closes in periods:
        for piece in range(PIECES):
            share[piece] += max(0.0, min(closes, (piece + 1) * width) - max(opens, piece * width)) / width
    return sum(share) * 24 / PIECES, tuple(weight * part for weight, part in zip(weights, share, strict=True))


# ------------------------------------------------------------------------------------------------- doors and people


def _openings(tables: Sequence[Table], dates: Sequence[dt.date], holidays: set[dt.date]) -> tuple[Opening, ...]:
    """Tables of the same channel and place are one opening, of which each says some days, or some hours of a day."""
    hours: dict[tuple[str, str | None], list[list[tuple[float, float]]]] = {}
    ways: dict[tuple[str, str | None], tuple[bool, bool]] = {}
    for table in tables:
        group = (table.text("channel"), table.text("place", "") or None)
        week = hours.setdefault(group, [[] for _day in range(7)])
        opens, closes = table.clock("opens"), table.clock("closes")
        if closes <= opens:
            raise table.wrong("closes", _("er ikke senere end opens"), _("Skriv klokkeslæt som 10:00, højst 24:00."))
        for day in members(table, "days", NAMED_DAYS, NAMED_DAYS[:5]):
            periods = week[NAMED_DAYS.index(day)]
            within = [period for period in periods if not opens <= period[0] < period[1] <= closes]
            if any(opens < until and since < closes for since, until in within):  # does it add hours, or take some?
                raise table.wrong(
                    "opens",
                    _("ligger i en anden åbningstid den dag ({day})").format(day=day),
                    _("Skriv en tabel for hver periode, så de ikke overlapper; en dag kan nævnes i days."),
                )
            periods.append((opens, closes))
        told = (table.yes("stays", False), table.yes("inside_are_served", True))
        if ways.setdefault(group, told) != told:
            key = "stays" if ways[group][0] != told[0] else "inside_are_served"
            raise table.wrong(key, _("er en anden end i den første tabel"), _("Skriv det samme i alle dens tabeller."))
        table.done()
    made = []
    for (channel, place), week in hours.items():
        stays, served = ways[channel, place]
        usual = ByWeekday(joined(periods) for periods in week)
        days: Days[Periods] = usual
        if holidays:
            days = ByDate(() if date in holidays else usual[date.weekday()] for date in dates)
        made.append(Opening(channel, place, days, stays, served))
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


def _week(table: Table) -> ByWeekday[tuple[Shift, ...]] | None:
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
    return ByWeekday(tuple(day) for day in days)


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
