"""What a change names, found in the model and its inputs: raises CannotPlan for what is not there."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable

from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.service.inputs import Inputs, Team
from hovedindgang.servicemodel.document import Centre, CentreKind, ServiceModel
from hovedindgang.servicemodel.wording import full_name_of


def centre_of(model: ServiceModel, key: str) -> Centre:
    if key not in model.centres:
        raise CannotPlan(
            _("Der er intet center med nøglen {key}.").format(key=key),
            cure=_("Modellen har: {keys}.").format(keys=", ".join(model.centres)),
        )
    return model.centres[key]


def counter_of(model: ServiceModel, key: str) -> Centre:
    """A centre that can be staffed; raises CannotPlan for a help point."""
    centre = centre_of(model, key)
    if centre.kind is CentreKind.SERVICE_POINT:
        raise help_point(centre.name)
    return centre


def help_point(name: str) -> CannotPlan:
    return CannotPlan(
        _(
            "{name} er et hjælpepunkt (service_point): i simuleringen ingen skranke, og ingen medarbejdere er der."
        ).format(name=name),
        cure=_(
            "Skriv branch eller mobile, hvis nogen betjener borgere der. Hjælper man dem i gang på en pc, så prøv det "
            "som move_channel til assisted."
        ),
        where=("place_kind",),
    )


def service_name(model: ServiceModel, key: str) -> str:
    if key not in model.services:
        raise CannotPlan(
            _("Der er ingen opgave med nøglen {key}.").format(key=key),
            cure=_("Find den med: hovedindgang model show FIL"),
        )
    return full_name_of(model.services[key])


def weekday_name(day: int) -> str:
    names = (_("mandage"), _("tirsdage"), _("onsdage"), _("torsdage"), _("fredage"), _("lørdage"), _("søndage"))
    return names[day]


def minutes_at(clock: str) -> float:
    at = dt.time.fromisoformat(clock)
    return at.hour * 60.0 + at.minute


def team_of(inputs: Inputs, key: str) -> Team:
    for team in inputs.staff.teams:
        if team.key == key:
            return team
    raise CannotPlan(
        _("Der er intet hold med nøglen {key}.").format(key=key),
        cure=_("Der er: {keys}.").format(keys=", ".join(team.key for team in inputs.staff.teams)),
    )


def team_name(model: ServiceModel, key: str) -> str:
    """What a team is called: the place it belongs to, where its key is one."""
    return full_name_of(model.centres[key]) if key in model.centres else _("holdet »{key}«").format(key=key)


def with_teams(inputs: Inputs, teams: Iterable[Team]) -> Inputs:
    return dataclasses.replace(inputs, staff=dataclasses.replace(inputs.staff, teams=tuple(teams)))


def with_centre(model: ServiceModel, key: str, centre: Centre) -> ServiceModel:
    return dataclasses.replace(model, centres={**model.centres, key: centre})
