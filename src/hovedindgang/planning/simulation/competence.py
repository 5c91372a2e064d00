"""Whether somebody is competent for everybody who comes; where nobody is, by centre, channel and cause."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.language import ngettext, number
from hovedindgang.planning.naming import channel_name
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.simulation.scenario import Employee, Line, Scenario

MOST_NAMED = 6


class NobodyCan(CannotPlan):
    """Somebody comes whom nobody can serve. `lines`: the keys of where they would wait."""

    def __init__(self, where: tuple[str, ...], lines: list[str]) -> None:
        super().__init__(
            _("Nogen kommer, som ingen kan betjene."),
            cure=_("Giv et hold stedet, kanalen eller kompetencen, eller tag opgaverne ud der."),
            where=where,
        )
        self.lines = lines

    def more(self) -> dict[str, Any]:
        return {"lines": self.lines}


def without_anybody(scenario: Scenario) -> list[str]:
    """The lines in which somebody waits and that nobody ever serves, in order."""
    wanted = {flow.line: scenario.lines[flow.line] for flow in scenario.flows.values() if flow.line is not None}
    staff = [(one.levels, _posts(one)) for one in scenario.employees]
    return sorted(
        key
        for key, line in wanted.items()
        if not any(key in levels and _meets(posts, line, line.channel) for levels, posts in staff)
    )


def must_be_servable(scenario: Scenario) -> None:
    """Raises NobodyCan where a line has nobody, and CannotPlan where shifts are without shrinkage."""
    alone = without_anybody(scenario)
    if alone:
        grouped: dict[tuple[str, str, str | None], list[Line]] = defaultdict(list)
        for key in alone:
            line = scenario.lines[key]
            grouped[_cause(scenario, line), line.channel, line.place].append(line)
        where = tuple(_said(cause, lines, scenario.names) for (cause, _channel, _place), lines in grouped.items())
        raise NobodyCan(where, alone)
    if scenario.shrinkage is None and any(employee.week is not None for employee in scenario.employees):
        raise CannotPlan(
            _("Planen siger ikke, hvor meget af tiden medarbejderne er væk: sygdom, ferie, uddannelse og møder."),
            cure=_("Skriv [shrinkage] med de fire andele og deres kilde."),
        )


def _cause(scenario: Scenario, line: Line) -> str:
    """ "place": nobody is ever there; "channel": nobody there takes the channel; "competence": nobody who does can."""
    if not any(_is_there(one, line, None) for one in scenario.employees):
        return "place"
    mates = {key for key, one in scenario.lines.items() if one.channel == line.channel}
    if not any(mates & set(one.levels) and _is_there(one, line, line.channel) for one in scenario.employees):
        return "channel"
    return "competence"


def _said(cause: str, lines: list[Line], names: Mapping[str, str]) -> str:
    channel, place = channel_name(lines[0].channel), lines[0].place
    services = list(dict.fromkeys(names.get(line.service, line.service or line.key) for line in lines))
    named = ", ".join(services[:MOST_NAMED])
    if len(services) > MOST_NAMED:
        named += _(" og {more} til").format(more=number(len(services) - MOST_NAMED))
    count = ngettext("{count} opgave", "{count} opgaver", len(services)).format(count=number(len(services)))
    where = names.get(place, place) if place else ""
    if cause == "place" and place:
        text = _("Ingen arbejder i {place}: {count} ({channel})")
    elif cause == "channel" and place:
        text = _("Ingen i {place} tager imod ({channel}): {count}")
    elif cause == "competence":
        text = (
            _("Ingen i {place} kan tage sig af {named} ({channel})")
            if place
            else _("Ingen kan tage sig af {named} ({channel})")
        )
    else:
        text = _("Ingen tager imod ({channel}): {count}")
    return text.format(place=where, channel=channel, count=count, named=named)


def ever_serves(employee: Employee, line: Line) -> bool:
    """Whether she is competent, and ever on duty for the line's channel where it is served."""
    return line.key in employee.levels and _is_there(employee, line, line.channel)


def _is_there(employee: Employee, line: Line, channel: str | None) -> bool:
    """Whether she is ever on duty where the line is served, for `channel` (None: for anything)."""
    return _meets(_posts(employee), line, channel)


Post = tuple[frozenset[str], str | None]


def _posts(employee: Employee) -> set[Post]:
    """The channels (none: all) and the place of each of her shifts, each once: a year has few."""
    if employee.week is None:
        return {(frozenset(), employee.place)}
    return {(shift.channels, shift.place or employee.place) for day in employee.week for shift in day}


def _meets(posts: set[Post], line: Line, channel: str | None) -> bool:
    return any(
        (channel is None or not channels or channel in channels) and (line.place is None or line.place == place)
        for channels, place in posts
    )
