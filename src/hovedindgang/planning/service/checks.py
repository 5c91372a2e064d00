"""What a plan's inputs must be beyond their kinds: shares are shares, and what they name is in the model."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.service.competences import wrong_competences
from hovedindgang.planning.service.dividing import FAGFORVALTNING
from hovedindgang.planning.service.inputs import APPOINTMENT, ASSISTED, Figure, Inputs
from hovedindgang.planning.service.moving import has_channel
from hovedindgang.planning.service.placing import misplaced
from hovedindgang.planning.service.weeks import assigned
from hovedindgang.servicemodel.document import CentreKind, Channel, ServiceModel

MOST = 1e9
MOST_EMPLOYEES = 1000
SHARES = (
    "behaviour.again.",
    "behaviour.displaced_",
    "demand.self_service",
    "work.results.",
    "work.trainee_resolves",
    "work.returned",
    "work.transferred",
    "work.department_occupancy",
    "appointments.share.",
    "appointments.filled",
    "assisted.share.",
    "staff.sickness",
    "staff.holidays",
    "staff.training",
    "staff.meetings",
)
POSITIVE = (
    "appointments.filled",
    "appointments.slots_per_week.",
    "behaviour.patience_minutes.",
    "behaviour.again_minutes.",
    "behaviour.comes_back_days",
    "demand.catchment.",
    "assisted.takes",
    "work.trainee_takes",
    "work.specialist_takes",
    "staff.travel_km_per_hour",
    "work.department_minutes",
    "work.department_occupancy",
)
LIMITS = {
    "appointments.no_show": 0.9,
    "behaviour.newly_opened": 10.0,
    "demand.day_cv": 3.0,
    "demand.volume_cv": 3.0,
    "work.handle_cv": 20.0,
    "work.department_answer_days": 1000.0,
}
ROUNDED = 0.005  # shares that were measured and rounded

Wrong = tuple[str, str, str]  # the key, what is wrong with it, what would be right


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def wrongs(model: ServiceModel, inputs: Inputs) -> Iterator[Wrong]:
    """What is wrong with the inputs, the first first."""
    for key, figure in inputs.figures():
        yield from _limits(key, figure)
    work, behaviour, staff = inputs.work, inputs.behaviour, inputs.staff
    for level, one in work.results.items():
        total = sum(f.value for f in (one.resolved, one.comes_back, one.handed_over, one.not_helped))
        if abs(total - 1) > ROUNDED:
            yield f"work.results.{level.value}", _("har andele, der giver {total}").format(total=f"{total:.4g}"), _sum()
    for keys, total in (
        (
            "behaviour.displaced_other_day + displaced_nearest",
            behaviour.displaced_other_day.value + behaviour.displaced_nearest.value,
        ),
        (
            "staff.sickness + holidays + training + meetings",
            sum(f.value for f in (staff.sickness, staff.holidays, staff.training, staff.meetings)),
        ),
    ):
        if total > 1:
            yield keys, _("har andele, der giver {total}").format(total=f"{total:.4g}"), _("De kan højst give 1.")
    for at in {*(inputs.appointments.share if inputs.appointments else ())}:
        service, _colon, centre = at.partition(":")
        total = sum(inputs.share_apart(one, service, centre) for one in (APPOINTMENT, ASSISTED))
        if total > 1:
            text = _("har andele, der giver {total}").format(total=f"{total:.4g}")
            yield f"appointments.share.{at} + assisted.share", text, _("De kan højst give 1.")
    yield from misplaced(model)
    yield from _names(model, inputs)
    yield from _teams(model, inputs)
    teams = {one.key: (one.number, one.services) for one in inputs.staff.teams}
    yield from wrong_competences(model, inputs.staff.competence, teams)


def _sum() -> str:
    return _("De skal give 1.")


def _limits(key: str, figure: Figure) -> Iterator[Wrong]:
    share = key.startswith(SHARES)
    most = 1.0 if share else next((most for at, most in LIMITS.items() if key.startswith(at)), MOST)
    for value in (figure.low, figure.value, figure.high):
        if value is None:
            continue
        if not 0 <= value <= most:
            right = _("Skriv et tal fra {least} til {most}.").format(least=0, most=f"{most:g}")
            yield key, _("kan ikke være {value}").format(value=f"{value:g}"), right
    if key.startswith(POSITIVE) and figure.value == 0:
        yield key, _("kan ikke være {value}").format(value=0), _("Skriv et tal over 0.")


def _names(model: ServiceModel, inputs: Inputs) -> Iterator[Wrong]:
    demand, staff = inputs.demand, inputs.staff
    staffed = {key: one for key, one in model.centres.items() if one.kind is not CentreKind.SERVICE_POINT}
    for key, named, known in (
        *((f"demand.weights.{key}", key, model.services) for key in demand.weights),
        *_apart(model, inputs, staffed),
        *((f"demand.catchment.{key}", key, model.centres) for key in demand.catchment),
        *(
            (f"demand.wave.{wave.name or at}.services", key, model.services)
            for at, wave in enumerate(demand.waves, 1)
            for key in wave.services
        ),
        *((f"staff.team.{team.key}.centre", team.centre, staffed) for team in staff.teams),
        *(
            (f"staff.team.{team.key}.services", key, model.services)
            for team in staff.teams
            for key in (*team.services, *team.specialist_in)
        ),
        *((f"staff.outing.{at}.place", one.place, staffed) for at, one in enumerate(staff.outings, 1)),
        *(
            (f"staff.outing.{at}.team", one.team, [team.key for team in staff.teams])
            for at, one in enumerate(staff.outings, 1)
        ),
        *((("phones_at", inputs.phones_at, staffed),) if inputs.phones_at else ()),
        *((f"work.department_of.{key}", key, model.services) for key in inputs.work.department_of),
        *(
            (f"work.department_of.{key}", named, (*model.departments, FAGFORVALTNING))
            for key, named in inputs.work.department_of.items()
        ),
    ):
        if named not in known:
            text = _("er et hjælpepunkt uden medarbejdere: {key}") if named in model.centres else None
            yield key, (text or _("kendes ikke i modellen: {key}")).format(key=named), _near(named, known)
    if inputs.work.department_of and not inputs.work.department_of_source:
        yield "work.department_of_source", _("mangler"), _("Skriv, hvem der siger det.")
    for at, wave in enumerate(demand.waves, 1):
        if not wave.months or not set(wave.months) <= set(range(1, 13)):
            yield f"demand.wave.{wave.name or at}.months", _("er ikke måneder"), _("Skriv tal fra 1 til 12.")


def _apart(model: ServiceModel, inputs: Inputs, staffed: Mapping[str, Any]) -> Iterator[tuple[str, str, Iterable[str]]]:
    """What the shares with an appointment, or assisted, name: a service had in person, and perhaps a centre."""
    weights = inputs.demand.weights
    met = [key for key, one in model.services.items() if has_channel(one, Channel.IN_PERSON.value, weights, ())]
    for name, kind in (("appointments", inputs.appointments), ("assisted", inputs.assisted)):
        for at in kind.share if kind else ():
            for part, known in zip(at.split(":", 1), (met, staffed), strict=False):
                yield f"{name}.share.{at}", part, known
    for at in inputs.appointments.slots_per_week if inputs.appointments else ():
        yield f"appointments.slots_per_week.{at}", at, staffed


def _near(word: str, known: Iterable[str]) -> str:
    """Words of the model like it; all of them where they are few."""
    from difflib import get_close_matches

    words = list(known)
    close = words if len(words) <= 8 else get_close_matches(word, words, n=3, cutoff=0.4)
    if not close:
        return _("Find den med: hovedindgang model show FIL")
    return _("Modellen har: {keys}.").format(keys=", ".join(close))


def _teams(model: ServiceModel, inputs: Inputs) -> Iterator[Wrong]:
    seen = set[str]()
    for team in inputs.staff.teams:
        at = f"staff.team.{team.key}"
        if not team.key or team.key in seen:
            yield f"{at}.key", _("er tom eller brugt før"), _("Giv hvert hold sit navn.")
        seen.add(team.key)
        for name, value, least, most in (
            ("number", team.number, 0, MOST_EMPLOYEES),
            ("hours_per_week", team.hours_per_week, 1, 60),
            ("generalist_share", team.generalist_share, 0, 1),
            ("kr_per_hour", team.kr_per_hour, 0, 10_000),
        ):
            if not least <= value <= most:
                right = _("Skriv et tal fra {least} til {most}.").format(least=least, most=most)
                yield f"{at}.{name}", _("kan ikke være {value}").format(value=f"{value:g}"), right
    speed = max(inputs.staff.travel_km_per_hour.value, 1.0)
    known = all(one.place in model.centres and one.weekday in range(7) for one in inputs.staff.outings)
    for team in inputs.staff.teams if known else ():
        if 0 <= team.number <= MOST_EMPLOYEES and team.centre in model.centres:
            for one in assigned(model, inputs.staff.outings, team, speed)[1]:
                yield (
                    f"staff.outing.{inputs.staff.outings.index(one) + 1}.number",
                    _("er flere, end holdet {team} har på den tid").format(team=team.key),
                    _("Send færre, lad turene ligge på hver sin tid med køretid imellem, eller gør holdet større."),
                )
    for at_outing, one in enumerate(inputs.staff.outings, 1):
        right_hours = 0 <= one.begins < one.ends <= 1440
        right_way = 0 <= one.travel_minutes <= 600
        right_numbers = one.every_weeks >= 1 and 0 <= one.number <= MOST_EMPLOYEES
        if not (0 <= one.weekday <= 6 and right_numbers and right_hours and right_way):
            yield (
                f"staff.outing.{at_outing}",
                _("har en ugedag, et antal eller tider, der ikke kan være"),
                _("weekday er 0 til 6, every_weeks mindst 1, begins og ends minutter efter midnat."),
            )
