"""How many each team needs for what citizens are promised, found by simulation, and how far from the best that can be.

The search adds the employee who helps most for her pay until every promise is met, then takes away whoever is not
needed. Employees are whole people and every team size is simulated with the same citizens, so two sizes differ only by
the employee (Atlason, Epelman & Henderson 2008 search in the same way, with cuts). The bound comes from services that
cannot be worse than the real one: each centre with its own visitors and nothing else to do, and all teams as one of
generalists that sees everybody at one place and has no letters. What even they need, the real service needs. Both are
simulated, so the bound holds as surely as so many replications can say.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.service.building import scenario_of
from hovedindgang.planning.service.ground import IN_PERSON
from hovedindgang.planning.service.inputs import Inputs, Team
from hovedindgang.planning.simulation.checks import without_anybody
from hovedindgang.planning.simulation.network import Of
from hovedindgang.planning.simulation.outcome import Estimate, Results, mean_of, ratio_of
from hovedindgang.planning.simulation.preparing import prepare
from hovedindgang.planning.simulation.replications import tallies
from hovedindgang.planning.simulation.scenario import GENERALIST, SPECIALIST, Flow, Opening, Scenario
from hovedindgang.planning.stopping import nothing_yet
from hovedindgang.servicemodel.document import Channel, ServiceModel

MOST_IN_A_TEAM = 60
WEEKS_OF_A_YEAR = 365.0 / 7

Progress = Callable[[str], Any]
Shares = dict[str, tuple[NDArray[np.float64], NDArray[np.float64]]]  # served in time, and came: [R] each


@dataclass(frozen=True, slots=True)
class Standard:
    """A promise: of those who come by `channel`, `share` (0..1) are served within `within_minutes`.

    Those who give up before count against it. In person it holds at each centre.
    """

    channel: Channel
    within_minutes: float
    share: float


@dataclass(frozen=True, slots=True)
class Worth:
    """What one more of something would do: the change in the share of each standard, and kroner a year."""

    what: str
    change: Mapping[str, Estimate]
    kr_per_year: float


@dataclass(frozen=True, slots=True)
class Needed:
    """Team sizes that meet the standards, what they cost, and the least that could (`bound`)."""

    teams: Mapping[str, int]
    kr_per_year: float
    bound_teams: Mapping[str, int]  # of each centre alone
    bound_in_all: int
    bound_kr: float
    met: Mapping[str, Estimate]  # standard, by channel and centre → share
    simulated: int  # how many team sizes were tried
    interrupted: bool = False  # somebody stopped the search: `teams` is the best tried so far
    meets: bool = True  # whether `teams` meet the standards; always, but where interrupted

    @property
    def gap(self) -> float:
        """How much dearer than the bound, as a share of it: no plan is cheaper than by this."""
        return self.kr_per_year / self.bound_kr - 1 if self.bound_kr else 0.0


def standards_of(model: ServiceModel) -> tuple[Standard, ...]:
    """Those on waits that the adopted model has."""
    return tuple(
        Standard(one.channel, float(one.within.value), float(one.target_percent.value) / 100)
        for one in model.service_standards.values()
        if one.measure == "wait_minutes" and one.within and one.target_percent
    )


def shares(results: Results, standards: Iterable[Standard]) -> Shares:
    """Served in time and came, [R] each, for each standard: by channel, in person by centre."""
    found = {}
    prepared = results.prepared
    for standard in standards:
        for channel, place in prepared.groups:
            if channel != standard.channel.value:
                continue
            group = prepared.groups.index((channel, place))
            flows = [int(f) for f in np.flatnonzero(prepared.network.group_of == group)]
            came = results.column(Of.SERVED, flows) + results.column(Of.GAVE_UP, flows)
            came = came + results.column(Of.UNSERVED, flows)
            if came.sum():
                found[channel if place is None else f"{channel}:{place}"] = results.column(Of.WITHIN, flows), came
    return found


def staff_needed(
    model: ServiceModel,
    inputs: Inputs,
    standards: Iterable[Standard],
    *,
    seed: int,
    replications: int = 5,
    progress: Progress | None = None,
) -> Needed:
    """The cheapest team sizes found that meet `standards`, and the bound. Raises CannotPlan where none do.

    Ctrl-C gives the best of the sizes that were tried, and says whether they meet them; a bound of 0 is none yet.
    """
    standards = tuple(standards)
    if not standards:
        raise CannotPlan(
            _("Der er intet løfte om ventetid at bemande efter."),
            cure=_("Skriv et, fx --answer-within phone=3:80, eller sæt servicemål i modellen (service_standards)."),
        )
    tried = _Tried(model, inputs, standards, seed, replications, progress)
    least, in_all, interrupted = {team.key: 0 for team in inputs.staff.teams}, 0, False
    try:
        least, in_all = _bounds(tried)
        sizes = _pruned(tried, _grown(tried, dict(least)))
    except KeyboardInterrupt:
        sizes, interrupted = _best_tried(tried), True
    shares_met = tried.of(sizes)
    cheapest = min(_kr(inputs, team) for team in inputs.staff.teams)
    bound = sum(least[team.key] * _kr(inputs, team) for team in inputs.staff.teams)
    bound += max(0, in_all - sum(least.values())) * cheapest  # whoever is missing may be of any team
    return Needed(
        teams=sizes,
        kr_per_year=_all_kr(inputs, sizes),
        bound_teams=least,
        bound_in_all=in_all,
        bound_kr=bound,
        met={key: ratio_of(*both) for key, both in shares_met.items()},
        simulated=len(tried.known),
        interrupted=interrupted,
        meets=tried.short(shares_met) == 0,
    )


def _best_tried(tried: _Tried) -> dict[str, int]:
    """The cheapest team sizes tried that meet the standards; else those that miss them by fewest citizens."""
    teams = [team.key for team in tried.inputs.staff.teams]
    known = [(dict(zip(teams, sizes, strict=True)), tried.short(found)) for sizes, found in tried.known.items()]
    known = [(sizes, short) for sizes, short in known if math.isfinite(short)]
    if not known:
        raise nothing_yet() from None
    return min(known, key=lambda one: (one[1], _all_kr(tried.inputs, one[0])))[0]


def _all_kr(inputs: Inputs, sizes: Mapping[str, int]) -> float:
    return sum(sizes[team.key] * _kr(inputs, team) for team in inputs.staff.teams)


def _kr(inputs: Inputs, team: Team) -> float:
    """Of one employee of the team, a year."""
    return team.hours_per_week * WEEKS_OF_A_YEAR * (team.kr_per_hour or inputs.staff.kr_per_hour.value)


def sized(inputs: Inputs, sizes: Mapping[str, int]) -> Inputs:
    """The inputs with teams of those sizes."""
    teams = tuple(dataclasses.replace(team, number=sizes[team.key]) for team in inputs.staff.teams)
    return dataclasses.replace(inputs, staff=dataclasses.replace(inputs.staff, teams=teams))


class _Tried:
    """Team sizes that have been simulated, each once, all with the same citizens."""

    def __init__(
        self,
        model: ServiceModel,
        inputs: Inputs,
        standards: tuple[Standard, ...],
        seed: int,
        replications: int,
        progress: Progress | None,
    ) -> None:
        self.model, self.inputs, self.standards = model, inputs, standards
        self.seed, self.replications, self.progress = seed, replications, progress
        self.known: dict[tuple[int, ...], Shares] = {}

    def of(self, sizes: Mapping[str, int]) -> Shares:
        key = tuple(sizes.values())
        if key not in self.known:
            if self.progress:
                self.progress(", ".join(f"{team} {number}" for team, number in sizes.items()))
            self.known[key] = self.run(scenario_of(self.model, sized(self.inputs, sizes)))
        return self.known[key]

    def run(self, scenario: Scenario) -> Shares:
        """Empty where somebody comes whom nobody can serve."""
        if without_anybody(scenario):
            return {}
        promised = {one.channel.value: one.within_minutes for one in self.standards}
        flows = {
            key: dataclasses.replace(flow, promised_minutes=promised.get(flow.channel))
            for key, flow in scenario.flows.items()
        }
        scenario = dataclasses.replace(scenario, flows=flows)
        done = tuple(tallies(scenario, seed=self.seed, replications=self.replications))
        return shares(Results(prepare(scenario), self.seed, done), self.standards)

    def short(self, found: Shares) -> float:
        """By how many citizens the standards are missed, in all; 0: they are met, infinite: nobody can serve them."""
        if not found:
            return math.inf
        wanted = {one.channel.value: one.share for one in self.standards}
        missed = 0.0
        for key, (within, came) in found.items():
            missed += max(0.0, wanted[key.split(":")[0]] * float(came.sum()) - float(within.sum()))
        return missed


def _grown(tried: _Tried, sizes: dict[str, int]) -> dict[str, int]:
    """Add whoever helps most for her pay until the standards are met."""
    teams = {team.key: team for team in tried.inputs.staff.teams}
    if math.isinf(tried.short(tried.of(sizes))):
        sizes = {key: max(1, size) for key, size in sizes.items()}
    while (short := tried.short(tried.of(sizes))) > 0:
        if max(sizes.values()) >= MOST_IN_A_TEAM:
            raise CannotPlan(
                _("Selv {number} på et hold er ikke nok til løfterne.").format(number=MOST_IN_A_TEAM),
                cure=_("Sænk løftet, eller se efter, om åbningstider og kompetencer gør det umuligt."),
            )
        helps = {
            key: (short - tried.short(tried.of({**sizes, key: sizes[key] + 1}))) / _kr(tried.inputs, team)
            for key, team in teams.items()
        }
        best = max(helps, key=lambda key: helps[key])
        sizes = {**sizes, best: sizes[best] + 1}
    return sizes


def _pruned(tried: _Tried, sizes: dict[str, int]) -> dict[str, int]:
    """Take away, dearest first, whoever is not needed for the standards."""
    order = sorted(tried.inputs.staff.teams, key=lambda team: -_kr(tried.inputs, team))
    again = True
    while again:
        again = False
        for team in order:
            fewer = {**sizes, team.key: sizes[team.key] - 1}
            if fewer[team.key] >= 0 and any(fewer.values()) and tried.short(tried.of(fewer)) == 0:
                sizes, again = fewer, True
    return sizes


# --------------------------------------------------------------------------------------------------------- the bound


def _bounds(tried: _Tried) -> tuple[dict[str, int], int]:
    """The least of each team for its own centre's visitors, and the least of all together."""
    least = {team.key: 0 for team in tried.inputs.staff.teams}
    in_person = [one for one in tried.standards if one.channel is Channel.IN_PERSON]
    for centre in sorted({team.centre for team in tried.inputs.staff.teams}):
        here = [team.key for team in tried.inputs.staff.teams if team.centre == centre]
        if in_person and len(here) == 1:
            least[here[0]] = _least(tried, here[0], partial(only_visitors_of, centre=centre))
    everywhere = _least(tried, None, as_one)
    return least, everywhere


def _least(tried: _Tried, team: str | None, relaxed: Callable[[Scenario], Scenario]) -> int:
    """The fewest that meet the standards in a service that cannot be worse than the real one; by doubling and halving.

    `team` None: of all teams together, the largest of them standing for all.
    """
    teams = tried.inputs.staff.teams
    grows = team or max(teams, key=lambda one: one.hours_per_week).key

    def enough(number: int) -> bool:
        sizes = {one.key: number if one.key == grows else 0 for one in teams}
        scenario = relaxed(scenario_of(tried.model, sized(tried.inputs, sizes)))
        return tried.short(tried.run(scenario)) == 0

    if not any(flow.channel == IN_PERSON for flow in relaxed(scenario_of(tried.model, tried.inputs)).flows.values()):
        return 0
    few, many = 0, 1
    while not enough(many):
        few, many = many, 2 * many
        if many > 16 * MOST_IN_A_TEAM:
            raise CannotPlan(
                _("Selv {number} medarbejdere er ikke nok til løfterne.").format(number=few),
                cure=_("Sænk løftet, eller se efter, om åbningstiderne gør det umuligt."),
            )
    while many - few > 1:
        middle = (few + many) // 2
        few, many = (few, middle) if enough(middle) else (middle, many)
    return many


def only_visitors_of(scenario: Scenario, *, centre: str) -> Scenario:
    """Only who comes in person to one centre; its employees, as they are, have nothing else to do."""
    flows = {key: one for key, one in scenario.flows.items() if one.channel == IN_PERSON and one.centre == centre}
    return _relaxed(scenario, flows, places=True)


def as_one(scenario: Scenario) -> Scenario:
    """Only who comes in person or rings; everybody, a generalist at the least, serves them all, wherever they are."""
    served = {IN_PERSON, Channel.PHONE.value}
    flows = {key: one for key, one in scenario.flows.items() if one.channel in served and one.arrivals}
    return _relaxed(scenario, flows, places=False)


def _relaxed(scenario: Scenario, flows: dict[str, Flow], *, places: bool) -> Scenario:
    lines = {flow.line: scenario.lines[flow.line] for flow in flows.values() if flow.line}
    flows = {key: _ending_here(flow) for key, flow in flows.items()}
    openings = scenario.openings
    if not places:
        lines = {key: dataclasses.replace(line, place=None) for key, line in lines.items()}
        openings = (*(one for one in openings if one.channel != IN_PERSON), _open_when_any_is(openings))
    employees = []
    for one in scenario.employees:
        if one.own:
            knows = {scenario.lines[line].service: level for line, level in one.levels.items()}
            if not places:  # which employee knows what differs from team to team
                knows = {service: SPECIALIST if level == SPECIALIST else GENERALIST for service, level in knows.items()}
            levels = {key: knows[line.service] for key, line in lines.items() if line.service in knows}
            employees.append(dataclasses.replace(one, levels=levels))
    return dataclasses.replace(scenario, flows=flows, lines=lines, employees=tuple(employees), openings=tuple(openings))


def _open_when_any_is(openings: Iterable[Opening]) -> Opening:
    hours = zip(*(one.days for one in openings if one.channel == IN_PERSON), strict=True)
    widest = (
        (min(one[0] for one in day if one), max(one[1] for one in day if one)) if any(day) else None for day in hours
    )
    return Opening(IN_PERSON, None, tuple(widest), stays=False)


def _ending_here(flow: Flow) -> Flow:
    """With its own outcomes and returns, but nothing that goes to another line than its own."""
    if not isinstance(flow.outcomes, dict):
        return flow
    kept = {
        level: tuple(one if one.to in (None, flow.key) else dataclasses.replace(one, to=None) for one in ways)
        for level, ways in flow.outcomes.items()
    }
    return dataclasses.replace(flow, outcomes=kept)


# ------------------------------------------------------------------------------------------------- what more is worth


def worth_of_one_more(
    model: ServiceModel, inputs: Inputs, standards: Iterable[Standard], *, seed: int, replications: int = 10
) -> list[Worth]:
    """What one more employee in each team, and more services known by everybody, would do for each standard."""
    standards = tuple(standards)
    tried = _Tried(model, inputs, standards, seed, replications, None)
    sizes = {team.key: team.number for team in inputs.staff.teams}
    now = tried.of(sizes)
    found = []
    for team in inputs.staff.teams:
        more = tried.of({**sizes, team.key: team.number + 1})
        found.append(Worth(_("én mere på holdet {team}").format(team=team.key), _rise(now, more), _kr(inputs, team)))
    taught = tuple(
        dataclasses.replace(team, generalist_share=min(1.0, team.generalist_share + 0.1)) for team in inputs.staff.teams
    )
    learned = dataclasses.replace(inputs, staff=dataclasses.replace(inputs.staff, teams=taught))
    more = tried.run(scenario_of(model, learned))
    found.append(Worth(_("alle er generalister i 10 procentpoint flere opgaver"), _rise(now, more), math.nan))
    return found


def _rise(
    now: Shares,
    more: Shares,
) -> dict[str, Estimate]:
    """The change in each share, of pairs with the same citizens."""
    return {key: mean_of(more[key][0] / more[key][1] - now[key][0] / now[key][1]) for key in now if key in more}
