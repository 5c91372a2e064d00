"""What inputs must be before anything is simulated: real numbers, places that exist, a size that is bounded."""

from __future__ import annotations

import math
from collections.abc import Iterator

from django.utils.translation import gettext as _

from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.service.inputs import Inputs, Outing, Team
from hovedindgang.servicemodel.document import ServiceModel

MOST_DAYS = 731
MOST_EMPLOYEES = 1000
MOST_CONTACTS = 5_000_000  # a year; the largest municipality has fewer


def check_inputs(inputs: Inputs) -> None:
    """Raises CannotPlan for the first that is wrong, with its place."""
    for wrong in _wrong(inputs):
        raise CannotPlan(wrong, cure=_("Ret tallet, og gem igen."))


def check_places(model: ServiceModel, inputs: Inputs) -> None:
    """That every team and outing belongs to a place of the model. Raises CannotPlan."""
    teams = {team.key for team in inputs.staff.teams}
    for team in inputs.staff.teams:
        _must_be(team.key, team.centre, model)
    for outing in inputs.staff.outings:
        _must_be(outing.team, outing.place, model)
        if outing.team not in teams:
            raise CannotPlan(
                _("Der er intet hold med nøglen {team}.").format(team=outing.team),
                cure=_("Der er: {keys}.").format(keys=", ".join(sorted(teams))),
            )
    if inputs.phones_at is not None:
        _must_be("phones_at", inputs.phones_at, model)


def _must_be(what: str, centre: str, model: ServiceModel) -> None:
    if centre not in model.centres:
        raise CannotPlan(
            _("{what} hører til »{centre}«, som politikken ikke har.").format(what=what, centre=centre),
            cure=_("Den har: {keys}.").format(keys=", ".join(model.centres)),
        )


def _wrong(inputs: Inputs) -> Iterator[str]:
    if inputs.days > MOST_DAYS:
        yield _("days er {days}; der simuleres højst to år.").format(days=inputs.days)
    for key, figure in inputs.figures():
        if not all(math.isfinite(one) for one in (figure.value, figure.low or 0.0, figure.high or 0.0)):
            yield _("{key} er ikke et endeligt tal.").format(key=key)
    for weights in (*inputs.demand.weekday.values(), *inputs.demand.hour.values()):
        if not all(math.isfinite(one) for one in weights):
            yield _("{key} er ikke et endeligt tal.").format(key="demand.weekday, demand.hour")
    for team in inputs.staff.teams:
        yield from _wrong_team(team)
    for outing in inputs.staff.outings:
        yield from _wrong_outing(outing)
    if sum(team.number for team in inputs.staff.teams) > MOST_EMPLOYEES:
        yield _("Der er over {most} medarbejdere.").format(most=MOST_EMPLOYEES)
    if sum(figure.value for figure in inputs.demand.contacts_per_year.values()) > MOST_CONTACTS:
        yield _("Der er over {most} henvendelser om året.").format(most=MOST_CONTACTS)
    for wave in inputs.demand.waves:
        if not all(isinstance(month, int) and 1 <= month <= 12 for month in wave.months):
            yield _("demand.wave: months er tal fra 1 til 12.")


def _wrong_team(team: Team) -> Iterator[str]:
    key = f"staff.team.{team.key}"
    if not _text(team.key) or not _text(team.centre):
        yield _("{key}: key og centre er tekster.").format(key=key)
    if not _whole(team.number) or team.number < 0:
        yield _("{key}: number er et helt tal, 0 eller mere.").format(key=key)
    if not _real(team.hours_per_week) or not 0 < team.hours_per_week <= 60:
        yield _("{key}: hours_per_week er timer om ugen, over 0 og højst 60.").format(key=key)
    if not _real(team.generalist_share) or not 0 <= team.generalist_share <= 1:
        yield _("{key}: generalist_share er en andel fra 0 til 1.").format(key=key)
    if not _real(team.kr_per_hour) or team.kr_per_hour < 0:
        yield _("{key}: kr_per_hour er kroner pr. time.").format(key=key)


def _wrong_outing(outing: Outing) -> Iterator[str]:
    key = f"staff.outing.{outing.team}"
    numbers = (outing.number, outing.weekday, outing.every_weeks)
    if not all(_whole(one) for one in numbers) or outing.number < 0 or outing.every_weeks < 1:
        yield _("{key}: number, weekday og every_weeks er hele tal.").format(key=key)
    elif not 0 <= outing.weekday <= 6:
        yield _("{key}: weekday er 0 (mandag) til 6 (søndag).").format(key=key)
    if not (_real(outing.begins) and _real(outing.ends)) or not 0 <= outing.begins < outing.ends <= 1440:
        yield _("{key}: begins og ends er minutter efter midnat.").format(key=key)
    if not _real(outing.travel_minutes) or not 0 <= outing.travel_minutes <= 600:
        yield _("{key}: travel_minutes er 0 til 600.").format(key=key)


def _text(value: object) -> bool:
    return isinstance(value, str)


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _real(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
