"""What one employee, one competence or one open hour more is worth, each beside the service as it is.

All have the same citizens, and the intervals are those of the pairs (`simulation.comparing`). An employee more is one
of her team. A competence is one service in which one employee, a trainee until now, is a generalist. An open hour is
one more at the end of a day at one centre: as many come as before, spread over the longer day, and employees work the
same hours a week as before. So only an employee costs pay; what the others cost or save is overtime.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.service.building import scenario_of
from hovedindgang.planning.service.changes import OpeningHours, changed
from hovedindgang.planning.service.changes.finding import team_name
from hovedindgang.planning.service.ground import IN_PERSON, PHONE, ground_of
from hovedindgang.planning.service.inputs import Inputs
from hovedindgang.planning.simulation.comparing import ratio_difference
from hovedindgang.planning.simulation.network import Of
from hovedindgang.planning.simulation.outcome import Estimate, Results
from hovedindgang.planning.simulation.preparing import prepare
from hovedindgang.planning.simulation.replications import run_once
from hovedindgang.planning.simulation.scenario import GENERALIST, SPECIALIST, TRAINEE, Employee, Scenario
from hovedindgang.planning.staffing.promises import Pair, Promises, Standard, promises_of, shares
from hovedindgang.planning.staffing.trying import Progress, kr_of, person_of, promised, sized
from hovedindgang.servicemodel.document import ServiceModel
from hovedindgang.servicemodel.wording import full_name_of

BUSIEST = 10  # services, by minutes of work with visitors and callers
LATEST = 22 * 60.0  # no hour is added after it
WAITED_FOR = {IN_PERSON: "wait_in_person_minutes", PHONE: "wait_phone_minutes"}
Figures = dict[str, Pair]


@dataclass(frozen=True, slots=True)
class Worth:
    """What one more of something changes. Shares 0..1, waits minutes; None where there is nothing to compare."""

    what: str
    kind: str  # employee, competence, open_hour
    promises: Mapping[str, Estimate | None]  # the share of each that is kept
    figures: Mapping[str, Estimate | None]
    kr_per_year: Estimate

    @property
    def helps(self) -> float:
        """By how much the shares rise together: what candidates are put in order by."""
        return sum(one.value for one in self.promises.values() if one is not None)


@dataclass(frozen=True, slots=True)
class _More:
    what: str
    kind: str
    scenario: Callable[[], Scenario]
    pay: float = 0.0


def worth_of_one_more(
    model: ServiceModel,
    inputs: Inputs,
    standards: Iterable[Standard],
    *,
    seed: int,
    replications: int = 20,
    goes_on: Callable[[], bool] = lambda: True,
    progress: Progress | None = None,
) -> Iterator[Worth]:
    """One employee in each team, one competence in each of the busiest services, one hour on each day of each centre.

    Each as soon as it is known, so that whoever stops it keeps what was done.
    """
    base = scenario_of(model, inputs)
    promises = promises_of(standards, base)
    counted = partial(_counted, promises=promises, inputs=inputs, seed=seed, replications=replications)
    now, worked = counted(base)
    for at, more in enumerate(_candidates(model, inputs, base, worked)):
        if at and not goes_on():  # however short the time, whoever asked is told something
            return
        if progress:
            progress(more.what)
        then, _worked = counted(more.scenario())
        change = {key: ratio_difference(pair, then[key]) for key, pair in now.items() if key in then}
        kr = change.pop("kr") or Estimate(0.0, 0.0, 0.0)
        yield Worth(
            what=more.what,
            kind=more.kind,
            promises={key: one for key, one in change.items() if key not in _FIGURES},
            figures={key: change.get(key) for key in _FIGURES},
            kr_per_year=Estimate(kr.value + more.pay, kr.low + more.pay, kr.high + more.pay),
        )


_FIGURES = (
    *WAITED_FOR.values(),
    "not_served",
    "resolved_in_house",
    "first_contact_resolution",
)


def _counted(
    scenario: Scenario, *, promises: Promises, inputs: Inputs, seed: int, replications: int
) -> tuple[Figures, dict[str, float]]:
    """Each figure as two sums a replication, and the minutes of work that each service took."""
    found: Figures = {}
    for layer, standards in enumerate(promises.layers):
        prepared = prepare(promised(scenario, standards))
        done = [run_once(prepared, seed=seed, replication=number)[0] for number in range(replications)]
        found |= shares(prepared, done, promises, layer)
    results = Results(prepared, seed, tuple(done))
    flows = list(enumerate(scenario.flows.values()))
    for channel, name in WAITED_FOR.items():
        chosen = [at for at, flow in flows if flow.channel == channel]
        found[name] = results.column(Of.WAITED, chosen), results.column(Of.SERVED, chosen)
    chosen = [at for at, flow in flows if flow.channel in WAITED_FOR]
    lost = results.column(Of.GAVE_UP, chosen) + results.column(Of.UNSERVED, chosen)
    found["not_served"] = lost, lost + results.column(Of.SERVED, chosen)
    everything = [at for at, _flow in flows]
    matters = results.column(Of.MATTERS, everything)
    found["resolved_in_house"] = results.column(Of.IN_HOUSE, everything), matters
    found["first_contact_resolution"] = results.column(Of.AT_ONCE, everything), matters
    found["kr"] = _overtime(results, inputs), np.ones(replications)
    handled = np.sum([tally.by_flow[:, Of.HANDLED] for tally in done], axis=0)
    worked: dict[str, float] = {}
    for at, flow in flows:
        if flow.channel in WAITED_FOR:
            worked[flow.service] = worked.get(flow.service, 0.0) + float(handled[at])
    return found, worked


def _overtime(results: Results, inputs: Inputs) -> NDArray[np.float64]:
    """[R] kroner a year for overtime of our own employees, at the pay of an hour."""
    staff = results.prepared.scenario.employees
    kr = np.array([(one.kr_per_hour or inputs.staff.kr_per_hour.value) if one.own else 0.0 for one in staff])
    minutes = np.array([tally.overtime for tally in results.tallies])
    found: NDArray[np.float64] = minutes @ kr / 60.0 * 365.0 / results.days
    return found


# ------------------------------------------------------------------------------------------------ what could be more


def _candidates(model: ServiceModel, inputs: Inputs, base: Scenario, worked: Mapping[str, float]) -> Iterator[_More]:
    for team in inputs.staff.teams:
        sizes = {one.key: one.number + (one is team) for one in inputs.staff.teams}
        yield _More(
            _("én mere i {team}").format(team=team_name(model, team.key)),
            "employee",
            partial(scenario_of, model, sized(inputs, sizes)),
            kr_of(inputs, team),
        )
    yield _More(
        _("alle er generalister i 10 procentpoint flere opgaver"),
        "competence",
        lambda: scenario_of(model, _taught(inputs)),
    )
    busiest = sorted(worked, key=lambda service: -worked[service])
    trained = ((service, learner) for service in busiest if (learner := _learner(base, service)) is not None)
    for _number, (service, learner) in zip(range(BUSIEST), trained, strict=False):
        words = _("én mere i {team} er generalist i {service}").format(
            team=team_name(model, person_of(learner).rpartition("-")[0]), service=full_name_of(model.services[service])
        )
        yield _More(words, "competence", partial(_with_generalist, base, learner, service))
    yield from _hours(model, inputs)


def _taught(inputs: Inputs) -> Inputs:
    teams = tuple(
        dataclasses.replace(team, generalist_share=min(1.0, team.generalist_share + 0.1)) for team in inputs.staff.teams
    )
    return dataclasses.replace(inputs, staff=dataclasses.replace(inputs.staff, teams=teams))


def _learner(base: Scenario, service: str) -> Employee | None:
    """Who is no generalist in it, where fewest at her place are; a trainee, if there is one. None: all are."""
    levels = [(one, _level(base, one, service)) for one in base.employees if one.own]
    trained = [one.place for one, level in levels if level in (GENERALIST, SPECIALIST)]
    untrained = [(one, level) for one, level in levels if level in (None, TRAINEE)]
    best = min(untrained, key=lambda each: (each[1] is None, trained.count(each[0].place)), default=None)
    return None if best is None else best[0]


def _level(base: Scenario, employee: Employee, service: str) -> str | None:
    return next((level for line, level in employee.levels.items() if base.lines[line].service == service), None)


def _with_generalist(base: Scenario, learner: Employee, service: str) -> Scenario:
    """Wherever she works already: in the channels and at the places where she serves something."""
    lines = [key for key, line in base.lines.items() if line.service == service]

    def taught(one: Employee) -> Employee:
        served = {(base.lines[line].channel, base.lines[line].place) for line in one.levels}
        known = [key for key in lines if (base.lines[key].channel, base.lines[key].place) in served]
        learned = {key: GENERALIST for key in known if one.levels.get(key) != SPECIALIST}
        return dataclasses.replace(one, levels={**one.levels, **learned})

    person = person_of(learner)
    employees = (taught(one) if one.own and person_of(one) == person else one for one in base.employees)
    return dataclasses.replace(base, employees=tuple(employees))


def _hours(model: ServiceModel, inputs: Inputs) -> Iterator[_More]:
    """One more at the end of each day on which a centre is open; of a day on which it opens twice nothing is asked."""
    ground = ground_of(model, inputs)
    for centre in ground.centres:
        for weekday in range(7):
            days = [day for day, date in enumerate(ground.dates) if date.weekday() == weekday]
            periods = next((found for day in days if (found := ground.own[centre][day])), ())
            if len(periods) != 1 or periods[0][1] + 60 > LATEST:
                continue
            ((opens, closes),) = periods
            longer = OpeningHours(centre, weekday, _clock(opens), _clock(closes + 60))
            yield _More(
                _("en time mere: {words}").format(words=longer.words(model)),
                "open_hour",
                partial(_changed, model, inputs, longer),
            )


def _changed(model: ServiceModel, inputs: Inputs, longer: OpeningHours) -> Scenario:
    return scenario_of(*changed(model, inputs, [longer]))


def _clock(minutes: float) -> str:
    hour, minute = divmod(math.floor(minutes), 60)
    return f"{hour:02d}:{minute:02d}"
