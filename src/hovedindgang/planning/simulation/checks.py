"""What a scenario must be before it can be run: whole, and small enough."""

from __future__ import annotations

from collections.abc import Sequence

from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.simulation.scenario import LEVEL_NAMES, ByDate, ByWeekday, Outcome, Scenario, joined

MOST_A_DAY = 2_000_000  # who come: 100 MB with what is kept of each


def must_be_known(scenario: Scenario, outcomes: Sequence[tuple[Outcome, ...]]) -> None:
    """Every line, flow and level that is named exists, and nobody tries again and again in no time.

    `outcomes`: of each flow its ways to end.
    """
    unknown: list[str] = []
    for (key, flow), ways in zip(scenario.flows.items(), outcomes, strict=True):
        if flow.line is not None and flow.line not in scenario.lines:
            unknown.append(_("flow {flow}: linjen {line} findes ikke").format(flow=key, line=flow.line))
        for way in ways:
            if way.to is not None and way.to not in scenario.flows:
                unknown.append(_("flow {flow}: flowet {to} findes ikke").format(flow=key, to=way.to))
        if flow.again > 0 and flow.again_after.mean <= 0 and flow.patience.mean <= 0:
            unknown.append(_("flow {flow}: de opgiver straks og prøver igen straks").format(flow=key))
    for employee in scenario.employees:
        for line, level in employee.levels.items():
            if line not in scenario.lines:
                unknown.append(_("{employee}: linjen {line} findes ikke").format(employee=employee.key, line=line))
            if level not in LEVEL_NAMES:
                unknown.append(_("{employee}: niveauet {level} findes ikke").format(employee=employee.key, level=level))
    unknown += (
        [_("flow {flow}: kan aldrig ende").format(flow=key) for key in _endless(scenario, outcomes)]
        if not unknown
        else []
    )
    if unknown:
        raise CannotPlan(
            _("Scenariet kan ikke køres, som det står."),
            cure=_("Linjer: {lines}. Flow: {flows}. Niveauer: {levels}.").format(
                lines=", ".join(list(scenario.lines)[:12]) or "-",
                flows=", ".join(list(scenario.flows)[:12]),
                levels=", ".join(LEVEL_NAMES),
            ),
            where=tuple(unknown[:20]),
        )


def must_fit(scenario: Scenario) -> None:
    """A day's arrivals are held in memory at once."""
    each = {key: max(flow.arrivals.per_day, default=0.0) for key, flow in scenario.flows.items() if flow.arrivals}
    if sum(each.values()) > MOST_A_DAY:
        most = sorted(each, key=lambda key: -each[key])[:3]
        raise CannotPlan(
            _("Der kommer {number:.0f} på en dag; her kan regnes med {most}.").format(
                number=sum(each.values()), most=MOST_A_DAY
            ),
            cure=_("Se efter, om tallene er pr. time, pr. dag eller pr. år."),
            where=tuple(_("flow {flow}: {number:.0f} på en dag").format(flow=key, number=each[key]) for key in most),
        )


def must_say_every_day(scenario: Scenario) -> None:
    """What is told by date is told for each day of the scenario; opening periods of a day are in order and apart."""
    told: list[tuple[str, object]] = [(one.channel, one.days) for one in scenario.openings]
    told += [
        (key, one) for key, f in scenario.flows.items() if f.arrivals for one in (f.arrivals.per_day, f.arrivals.shape)
    ]
    told += [(one.key, one.week) for one in scenario.employees if one.week is not None]
    for key, days in told:
        if not (isinstance(days, ByWeekday) or (isinstance(days, ByDate) and len(days) == scenario.days)):
            raise ValueError(f"{key}: neither ByWeekday nor ByDate of {scenario.days} days")
    for opening in scenario.openings:
        if any(periods != joined(periods) for periods in set(opening.days)):
            raise ValueError(f"{opening.channel}: periods of a day are in order, apart and not empty")


def _endless(scenario: Scenario, outcomes: Sequence[tuple[Outcome, ...]]) -> list[str]:
    """Flows from which no outcome leads to an end, however many there are on the way."""
    ends: set[str] = set()
    while True:
        more = {
            key
            for key, ways in zip(scenario.flows, outcomes, strict=True)
            if key not in ends and any(way.to is None or way.to in ends for way in ways if way.share > 0)
        }
        if not more:
            return [key for key in scenario.flows if key not in ends]
        ends |= more
