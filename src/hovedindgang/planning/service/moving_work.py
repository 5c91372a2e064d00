"""The change that moves work on a service between Borgerservice and a department: all of it, or a step of so long."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.language import ngettext, number
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.service.dividing import FAGFORVALTNING, TO_DEPARTMENT, TO_US, taker
from hovedindgang.planning.service.ground import IN_PERSON, ground_of
from hovedindgang.planning.service.inputs import MOST_PEOPLE, Inputs, Team
from hovedindgang.servicemodel.document import Channel, ServiceModel
from hovedindgang.servicemodel.wording import full_name_of

MOST_MINUTES = 10_000.0


@dataclass(frozen=True, slots=True)
class MoveWork:
    """Work on a service moves `to` "department" or "borgerservice"; `centre`: for one centre's counter alone.

    Without `minutes` the whole service moves: to a department, so that citizens go straight there; to Borgerservice, so
    that nothing of it is handed over. With `minutes` a step of so long moves, needed in `share` of the matters that
    come to an end at the counter (to a department), or of those that are handed over (to Borgerservice). Minutes are
    kept; what the move itself saves of an enquiry, or costs (negative), is `saves`, and `source` says who says so.

    `people`: so many employees move along, from Borgerservice's `team` to the department, or from it into the team.
    They work as those do whom they come to: their hours, their wage, and what they know.
    """

    service: str
    to: str
    centre: str = ""
    department: str = ""
    minutes: float = 0.0
    share: float = 1.0
    saves: float = 0.0
    source: str = ""
    people: int = 0
    team: str = ""

    def __post_init__(self) -> None:
        if self.to not in (TO_DEPARTMENT, TO_US):
            raise ValueError(_("to er {one} eller {other}").format(one=TO_DEPARTMENT, other=TO_US))
        if not 0 <= self.minutes <= MOST_MINUTES:
            raise ValueError(_("minutes er 0 til {most}; 0 er hele opgaven").format(most=number(MOST_MINUTES)))
        if not 0 < self.share <= 1:
            raise ValueError(_("share er en andel over 0 og højst 1"))
        if self.share < 1 and not self.minutes:
            raise ValueError(_("share gælder et trin: skriv minutes, eller flyt hele opgaven"))
        if not abs(self.saves) <= MOST_MINUTES:
            raise ValueError(_("saves er minutter"))
        if self.saves and not self.source:
            raise ValueError(_("saves har brug for en source: skriv, hvem der siger, hvad flytningen sparer"))
        if self.minutes and self.saves >= self.minutes:
            raise ValueError(_("saves kan ikke være hele trinnet"))
        if not (isinstance(self.people, int) and 0 <= self.people <= MOST_PEOPLE):
            raise ValueError(_("people er et helt tal fra 0 til {most}").format(most=MOST_PEOPLE))

    def applied(self, model: ServiceModel, inputs: Inputs) -> tuple[ServiceModel, Inputs]:
        ground = ground_of(model, inputs)
        if self.service not in model.services:
            raise CannotPlan(
                _("Der er ingen opgave med nøglen {key}.").format(key=self.service),
                cure=_("Find den med: hovedindgang model show FIL"),
            )
        name = full_name_of(model.services[self.service])
        if self.service not in ground.services:
            raise CannotPlan(
                _("{service} har ingen behandlingstid, og simuleres ikke.").format(service=name),
                cure=_("Skriv handle_minutes på opgaven, eller mål den."),
            )
        self._must_be_places(model, ground.open)
        for other in inputs.division:
            if other.service == self.service and (not self.centre or not other.centre or self.centre == other.centre):
                raise CannotPlan(
                    _("Arbejdet med {service} er allerede flyttet én gang.").format(service=name),
                    cure=_("Behold den ene flytning, eller lav to forslag, og sammenlign dem."),
                )
        self._must_be_there(model, inputs, name)
        inputs = self._with_people(model, inputs, taker(ground, self))
        return model, dataclasses.replace(inputs, division=(*inputs.division, self))

    def _with_people(self, model: ServiceModel, inputs: Inputs, department: str) -> Inputs:
        """Those who move along leave the one side and come to the other."""
        if not self.people:
            return inputs
        leave = -self.people if self.to == TO_DEPARTMENT else self.people
        team = self.team_of(inputs)
        there = dict(inputs.caseworkers or {})
        at_department = there.get(department, 1) - leave
        if min(team.number + leave, at_department) < 1:
            raise CannotPlan(
                _("Så mange kan ikke flytte med: {where} har {number}, og der skal være nogen tilbage.").format(
                    where=_called(model, team.key if leave < 0 else department),
                    number=number(team.number if leave < 0 else there.get(department, 1)),
                ),
                cure=_("Lad færre flytte med, eller nævn et andet hold: team = …"),
            )
        teams = (
            dataclasses.replace(one, number=one.number + leave) if one is team else one for one in inputs.staff.teams
        )
        staff = dataclasses.replace(inputs.staff, teams=tuple(teams))
        return dataclasses.replace(inputs, staff=staff, caseworkers=there | {department: at_department})

    def team_of(self, inputs: Inputs) -> Team:
        """Whose people move, or whom they come to: the team named, else the largest (of the centre, where one is)."""
        teams = [one for one in inputs.staff.teams if one.key == self.team] if self.team else list(inputs.staff.teams)
        if not self.team and self.centre:
            teams = [one for one in teams if one.centre == self.centre] or teams
        if not teams:
            raise CannotPlan(
                _("Der er intet hold med nøglen {key}.").format(key=self.team),
                cure=_("Der er: {keys}.").format(keys=", ".join(one.key for one in inputs.staff.teams)),
            )
        return max(teams, key=lambda one: one.number)

    def _must_be_places(self, model: ServiceModel, is_open: Mapping[tuple[str, str], tuple[object, ...]]) -> None:
        if self.department and self.department not in (*model.departments, FAGFORVALTNING):
            raise CannotPlan(
                _("Der er ingen fagforvaltning med nøglen {key}.").format(key=self.department),
                cure=_("Modellen har: {keys}.").format(keys=", ".join((*model.departments, FAGFORVALTNING))),
            )
        if not self.centre:
            return
        if self.centre not in model.centres:
            raise CannotPlan(
                _("Der er intet center med nøglen {key}.").format(key=self.centre),
                cure=_("Modellen har: {keys}.").format(keys=", ".join(model.centres)),
            )
        by_door = Channel.IN_PERSON in model.services[self.service].channels
        if not by_door or not any(is_open.get((IN_PERSON, self.centre), ())):
            raise CannotPlan(
                _("{service} fås ikke ved skranken i {centre}.").format(
                    service=full_name_of(model.services[self.service]), centre=model.centres[self.centre].name
                ),
                cure=_("Vælg et center, der har opgaven ved skranken, eller flyt den for alle."),
            )

    def _must_be_there(self, model: ServiceModel, inputs: Inputs, name: str) -> None:
        """Nothing can be taken home from a department that has none of it, or has less."""
        if self.to != TO_US:
            return
        level = model.level_of(self.service, self.centre or None, inputs.first_day)
        has = inputs.work.department_minutes.value
        if not inputs.work.results[level].handed_over.value:
            raise CannotPlan(
                _("Intet af {service} overdrages; der er intet at tage hjem.").format(service=name),
                cure=_("Se work.results.{level}.handed_over i planens tal.").format(level=level.value),
            )
        if self.minutes > has:
            raise CannotPlan(
                _("Fagforvaltningen bruger {has} minutter på en sag; trinnet er på {minutes}.").format(
                    has=number(has, 1), minutes=number(self.minutes, 1)
                ),
                cure=_("Skriv færre minutter, eller flyt hele opgaven (uden minutes)."),
            )

    def words(self, model: ServiceModel) -> str:
        said = self._said(model)
        if self.centre:
            said = _("Kun ved skranken i {centre}: {said}").format(centre=model.centres[self.centre].name, said=said)
        if self.people:
            text = ngettext("{number} medarbejder flytter med.", "{number} medarbejdere flytter med.", self.people)
            said = f"{said} {text.format(number=self.people)}"
        if not self.saves:
            return said
        kind = _("Flytningen sparer {minutes} minutter hver gang ({source}).")
        if self.saves < 0:
            kind = _("Flytningen koster {minutes} minutter hver gang ({source}).")
        return f"{said} {kind.format(minutes=number(abs(self.saves), 1), source=self.source)}"

    def _said(self, model: ServiceModel) -> str:
        service = model.services[self.service]
        helpers = [self.department, *(one for one in service.others_who_help if one in model.departments)]
        helper = next((one for one in helpers if one in model.departments), "")
        names = {
            "service": full_name_of(service),
            "department": full_name_of(model.departments[helper]) if helper else _("fagforvaltningen"),
            "minutes": number(self.minutes, int(self.minutes % 1 > 0)),
            "share": number(100 * self.share),
        }
        if self.to == TO_DEPARTMENT:
            if not self.minutes:
                return _("{service} flytter helt til {department}; borgerne går direkte dertil.").format(**names)
            return _(
                "Et trin på {minutes} minutter af {service} flytter til {department}, i {share} % af sagerne."
            ).format(**names)
        if not self.minutes:
            return _("{service} gøres helt færdig i Borgerservice; intet overdrages.").format(**names)
        return _(
            "Et trin på {minutes} minutter af {service} flytter til Borgerservice fra {department}, i {share} % af dem."
        ).format(**names)


def _called(model: ServiceModel, key: str) -> str:
    """A team by its centre's name, a department by its own."""
    one = model.centres.get(key) or model.departments.get(key)
    return full_name_of(one) if one else key
