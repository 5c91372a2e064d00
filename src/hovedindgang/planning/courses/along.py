"""What a training plan does to both indicators along its way: the service simulated with what everybody knows by then.

At each date the whole time of a plan of the service (its demand, its opening hours) is simulated with the competences
of that date, with the same citizens at every date (common random numbers; Law 2015, section 11.2). So what differs is
what was learned; days away on courses are in the simulation only as the plan's own share for training.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hovedindgang.planning.courses.document import Plan, Training, known_in
from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.language import ngettext, number
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.service.building import scenario_of
from hovedindgang.planning.service.competences import NONE, CompetenceMatrix
from hovedindgang.planning.service.ground import ground_of
from hovedindgang.planning.service.inputs import Inputs
from hovedindgang.planning.simulation.comparing import ratio_difference
from hovedindgang.planning.simulation.network import Of
from hovedindgang.planning.simulation.outcome import Estimate, Results, only, ratio_of
from hovedindgang.planning.simulation.scenario import GENERALIST, SPECIALIST, TRAINEE, Scenario
from hovedindgang.servicemodel.document import ServiceModel, SourceKind
from hovedindgang.servicemodel.wording import date_text

MOST_DATES = 24
NEAR_WEEKS = 4  # a quarter so near to a date that is looked at is not looked at too
UNKNOWN = (TRAINEE, NONE)  # what somebody is in a service that she does not know


@dataclass(frozen=True, slots=True)
class Tie:
    """How a training question and a plan of the service belong together.

    employees: learner → employee of the plan. services: of the question → of the model. others: employees of the plan
    who are not in the question. apart: services of the plan that are not; both are as the plan assumes, all the time.
    """

    employees: Mapping[str, str]
    services: Mapping[str, tuple[str, ...]]
    others: tuple[str, ...]
    apart: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """On one date: the share of the services that employees know, both indicators, and what they are since the start.

    Percent, with 95 % intervals; a change is that of the pairs. why: what the date is, in words.
    """

    week: int
    on: dt.date
    why: tuple[str, ...]
    known: float
    resolved: Estimate
    resolved_change: Estimate | None
    first_contact: Estimate
    first_contact_change: Estimate | None


def tied(training: Training, model: ServiceModel, inputs: Inputs) -> Tie:
    """The two together; raises CannotPlan, naming what is in the one and not in the other."""
    asked_for = tuple(ground_of(model, inputs).services)
    services = {key: training.services_in_plan.get(key, (key,)) for key in training.services}
    unknown = [key for key, ours in services.items() if not ours or not set(ours) <= set(model.services)]
    if unknown:
        raise CannotPlan(
            _("Planen har ikke opgaverne: {services}.").format(services=", ".join(unknown[:8])),
            cure=_('Skriv under [in_plan.services], hvad de hedder i planens model: pas = ["pas-ansoegning"].'),
            where=tuple(f"in_plan.services.{key}" for key in unknown),
        )
    employees = _employees(training, inputs)
    everybody = [f"{team.key}-{at}" for team in inputs.staff.teams for at in range(1, team.number + 1)]
    taught = {one for ours in services.values() for one in ours}
    return Tie(
        employees,
        services,
        tuple(one for one in everybody if one not in employees.values()),
        tuple(one for one in asked_for if one not in taught),
    )


def _employees(training: Training, inputs: Inputs) -> dict[str, str]:
    """Learner → employee: as the question says, else one after another of the teams of her centre."""
    centre_of = {f"{team.key}-{at}": team.centre for team in inputs.staff.teams for at in range(1, team.number + 1)}
    found = dict(training.employees_in_plan)
    for who, employee in found.items():
        if employee not in centre_of or list(found.values()).count(employee) > 1:
            raise CannotPlan(
                _("{learner}: {employee} er ingen medarbejder i planen, eller er brugt to gange.").format(
                    learner=who, employee=employee
                ),
                cure=_("Medarbejdere hedder som deres hold, med nummer: {keys}.").format(
                    keys=", ".join(list(centre_of)[:6])
                ),
                where=(f"in_plan.employees.{who}",),
            )
    for learner in training.learners:
        if learner.key in found:
            continue
        free = [key for key, centre in centre_of.items() if centre == learner.centre and key not in found.values()]
        if not free:
            raise CannotPlan(
                _("Planen har ingen medarbejder i {centre} til {who}.").format(centre=learner.centre, who=learner.name),
                cure=_("Giv holdet flere medarbejdere i planen, eller skriv hvem hun er, under [in_plan.employees]."),
                where=(f"employees.{learner.key}",),
            )
        found[learner.key] = free[0]
    return found


def competence_in(
    training: Training, plan: Plan, tie: Tie, week: int, inputs: Inputs, *, unknown: str = TRAINEE
) -> CompetenceMatrix:
    """Who takes what in that week, in the place of what the plan of the service assumes of the same employees."""
    before = inputs.staff.competence or CompetenceMatrix({}, "")
    levels = {key: dict(one) for key, one in before.levels.items()}
    specialists = {
        f"{team.key}-{at}": team.specialist_in for team in inputs.staff.teams for at in range(1, team.number + 1)
    }
    for learner, known in known_in(training, plan, week).items():
        employee = tie.employees[learner]
        hers = levels.setdefault(employee, {})
        for service, ours in tie.services.items():
            for one in ours:
                special = hers.get(one) == SPECIALIST or one in specialists[employee]
                hers[one] = unknown if service not in known else SPECIALIST if special else GENERALIST
    reference = _("kursusplanen: {title}").format(title=training.title)
    return CompetenceMatrix(levels, reference, SourceKind.ASSUMED, before.otherwise, before.at_least)


def dates_of(training: Training, plan: Plan) -> list[tuple[int, tuple[str, ...]]]:
    """Weeks to look at, and why: the start, each quarter and each goal, and when the last course counts."""
    changes = [training.counts_from(training.courses[one.course], one.week) for one in plan.enrolments]
    last = max([0, *changes])
    why: dict[int, list[str]] = {0: [_("før")]}
    for goal in training.goals:
        text = _("målet {share} %").format(share=number(goal.share_percent))
        why.setdefault(max(0, training.last_week(goal)), []).append(text)
    why.setdefault(last, []).append(_("alle kurser virker"))
    final = max(why)
    for week in _quarters(training, final):
        if not any(abs(week - other) < NEAR_WEEKS for other in why):
            why[week] = []
    weeks = sorted(why)
    while len(weeks) > MOST_DATES:  # a long plan: every other quarter
        plain = [week for week in weeks if not why[week]]
        weeks = [week for week in weeks if week not in plain[::2]] if plain else weeks[:MOST_DATES]
    return [(week, tuple(why[week])) for week in weeks]


def _quarters(training: Training, final: int) -> Iterator[int]:
    """The first week that begins in each quarter of the calendar, between the start and the end."""
    for week in range(1, final):
        monday, before = training.monday(week), training.monday(week - 1)
        if (monday.month - 1) // 3 != (before.month - 1) // 3:
            yield week


def scenarios_along(
    training: Training,
    plan: Plan,
    tie: Tie,
    model: ServiceModel,
    inputs: Inputs,
    *,
    weeks: Sequence[int],
    unknown: str = TRAINEE,
) -> tuple[list[Scenario], list[int]]:
    """A scenario for each competence matrix that differs, and which of them each week has."""
    found: list[Scenario] = []
    known: list[CompetenceMatrix] = []
    which = []
    for week in weeks:
        competence = competence_in(training, plan, tie, week, inputs, unknown=unknown)
        if competence not in known:
            known.append(competence)
            staff = dataclasses.replace(inputs.staff, competence=competence)
            found.append(scenario_of(model, dataclasses.replace(inputs, staff=staff)))
        which.append(known.index(competence))
    return found, which


def points_of(
    training: Training,
    plan: Plan,
    dates: Sequence[tuple[int, tuple[str, ...]]],
    which: Sequence[int],
    results: Sequence[Results],
) -> tuple[Point, ...]:
    """Both indicators on each date, of the replications that all have done."""
    done = set.intersection(*({tally.replication for tally in one.tallies} for one in results))
    same = [only(one, done) for one in results]
    first = same[which[0]]
    return tuple(
        _point(training, plan, week, why, first, same[at]) for (week, why), at in zip(dates, which, strict=True)
    )


def _point(training: Training, plan: Plan, week: int, why: tuple[str, ...], first: Results, now: Results) -> Point:
    shares = [len(known) / len(training.services) for known in known_in(training, plan, week).values()]

    def of(column: Of) -> tuple[Estimate, Estimate | None]:
        pairs = []
        for one in (first, now):
            ours = one.asked_of_us(range(len(one.prepared.flows)))
            pairs.append((100 * one.column(column, ours), one.column(Of.MATTERS, ours)))
        return ratio_of(*pairs[1]), ratio_difference(*pairs)

    resolved, first_contact = of(Of.IN_HOUSE), of(Of.AT_ONCE)
    return Point(week, training.monday(week), why, 100 * sum(shares) / max(1, len(shares)), *resolved, *first_contact)


# ----------------------------------------------------------------------------------------------- in words, as data


def lines(points: Sequence[Point], tie: Tie, *, unknown: str, replications: int) -> list[str]:
    """Both indicators by date as a table, and what is assumed."""
    rows = [[_("dato"), _("kan, %"), _("løst i Borgerservice, %"), _("løst i én henvendelse, %"), ""]]
    for one in points:
        cells = []
        for figure, change in (
            (one.resolved, one.resolved_change if one.week else None),
            (one.first_contact, one.first_contact_change if one.week else None),
        ):
            sure = change is not None and (change.low > 0 or change.high < 0)
            moved = f" ({'+' if change.value > 0 else ''}{_shown(change)}{' *' if sure else ''})" if change else ""
            cells.append(_shown(figure) + moved)
        rows.append([date_text(one.on), number(one.known), *cells, ", ".join(one.why)])
    widths = [max(len(row[at]) for row in rows) for at in range(4)]
    table = [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row[:4], widths, strict=True)), row[4]]).rstrip()
        for row in rows
    ]
    how = ngettext(
        "Simuleret med {number} gentagelse, de samme borgere hver gang. I parentes ændringen siden starten.",
        "Simuleret med {number} gentagelser, de samme borgere hver gang. I parentes ændringen siden starten.",
        replications,
    ).format(number=number(replications))
    sign = _("± er det halve 95 %-interval; * er en forskel, der ikke ligner tilfældet.")
    return ["", *table, "", how, sign, *said(tie, unknown=unknown)]


def _shown(one: Estimate) -> str:
    half = one.half_width
    return f"{number(one.value, 1)} ± {number(half, 1)}" if math.isfinite(half) else number(one.value, 1)


def said(tie: Tie, *, unknown: str) -> list[str]:
    """What is assumed."""
    level = _("under oplæring: tager den, langsommere, og løser færre")
    if unknown == NONE:
        level = _("uden opgaven: tager den ikke")
    lines = [_("I det, en medarbejder ikke kan, er hun {level}.").format(level=level)]
    lines.append(_("Dage væk på kursus er ikke med, ud over planens egen andel til uddannelse."))
    if tie.others:
        lines.append(
            _("Uden for kursusplanen, og som planen antager dem: {employees}.").format(employees=", ".join(tie.others))
        )
    if tie.apart:
        lines.append(
            _("{number} af planens opgaver er ikke i kursusplanen; i dem er alle, som planen antager.").format(
                number=len(tie.apart)
            )
        )
    return lines


def as_data(points: Sequence[Point], tie: Tie, *, unknown: str, replications: int) -> dict[str, Any]:
    """In plain values; percent."""
    return {
        "indicators": [
            {
                "on": one.on.isoformat(),
                "why": list(one.why),
                "known_percent": round(one.known, 1),
                "resolved_in_house_percent": _plain(one.resolved),
                "resolved_in_house_change": _plain(one.resolved_change),
                "first_contact_resolution_percent": _plain(one.first_contact),
                "first_contact_resolution_change": _plain(one.first_contact_change),
            }
            for one in points
        ],
        "employees_in_plan": dict(tie.employees),
        "employees_outside": list(tie.others),
        "services_outside": list(tie.apart),
        "unknown_is": unknown,
        "replications": replications,
        "assumed": said(tie, unknown=unknown),
    }


def _plain(one: Estimate | None) -> dict[str, float | None] | None:
    if one is None or not math.isfinite(one.value):
        return None
    return {name: value if math.isfinite(value) else None for name, value in one.as_dict().items()}
