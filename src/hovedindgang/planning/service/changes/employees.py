"""Changes of who is at work: more of them, more competence, and who answers the phones."""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass

from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.language import ngettext, number
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.service.changes.change import Both
from hovedindgang.planning.service.changes.finding import centre_of, counter_of, team_name, team_of, with_teams
from hovedindgang.planning.service.changes.wellformed import MOST_EMPLOYEES, date_of, must_be_number
from hovedindgang.planning.service.inputs import Inputs, Learned
from hovedindgang.servicemodel.document import ServiceModel


@dataclass(frozen=True, slots=True)
class MoreStaff:
    """`number` more in a team; fewer where it is negative.

    generalist_share: in what share of the services those who come are generalists; None: as the team is.
    """

    team: str
    number: int
    generalist_share: float | None = None

    def __post_init__(self) -> None:
        must_be_number(self.number, -MOST_EMPLOYEES)
        if self.generalist_share is not None:
            if not 0 <= self.generalist_share <= 1:
                raise ValueError(_("generalist_share er en andel mellem 0 og 1"))
            if self.number < 1:
                raise ValueError(_("generalist_share er for dem, der kommer; der går nogen"))

    def applied(self, model: ServiceModel, inputs: Inputs) -> Both:
        changed_one = team_of(inputs, self.team)
        if changed_one.number + self.number < 0:
            raise CannotPlan(
                _("{team} har kun {number}.").format(team=team_name(model, self.team), number=changed_one.number),
                cure=_("Tag færre væk."),
            )
        if self.generalist_share not in (None, changed_one.generalist_share):
            keys = {one.key for one in inputs.staff.teams}
            key = next(key for at in range(1, len(keys) + 2) if (key := f"{self.team}-nye-{at}") not in keys)
            share = self.generalist_share or 0.0
            new = dataclasses.replace(changed_one, key=key, number=self.number, generalist_share=share)
            return model, with_teams(inputs, (*inputs.staff.teams, new))
        larger = dataclasses.replace(changed_one, number=changed_one.number + self.number)
        return model, with_teams(inputs, (larger if one is changed_one else one for one in inputs.staff.teams))

    def words(self, model: ServiceModel) -> str:
        team = team_name(model, self.team)
        if self.number < 0:
            return ngettext(
                "{number} medarbejder færre i {team}.", "{number} medarbejdere færre i {team}.", -self.number
            ).format(number=-self.number, team=team)
        if self.generalist_share is None:
            return ngettext(
                "{number} medarbejder mere i {team}.", "{number} medarbejdere mere i {team}.", self.number
            ).format(number=self.number, team=team)
        return ngettext(
            "{number} medarbejder mere i {team}, generalist i {share} % af opgaverne.",
            "{number} medarbejdere mere i {team}, generalister i {share} % af opgaverne.",
            self.number,
        ).format(number=self.number, team=team, share=number(100 * self.generalist_share))


@dataclass(frozen=True, slots=True)
class Generalists:
    """Everybody (or one team) is generalist in at least this share of the services, 0..1.

    by: the day on which they have learned it, as 2007-09-01; until then they are as they were. Empty: from the start.
    """

    share: float
    team: str = ""
    by: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 1:
            raise ValueError(_("share er en andel mellem 0 og 1"))
        if self.by:
            date_of(self.by)

    def applied(self, model: ServiceModel, inputs: Inputs) -> Both:
        if self.team:
            team_of(inputs, self.team)
        if self.by and (day := date_of(self.by)) > inputs.first_day:
            last = inputs.first_day + dt.timedelta(days=inputs.days - 1)
            if day > last:
                raise CannotPlan(
                    _("Den {day} er efter den tid, der simuleres: den slutter {last}.").format(
                        day=day.isoformat(), last=last.isoformat()
                    ),
                    cure=_("Vælg en dag inden for den, eller simulér længere."),
                )
            learned = (*inputs.staff.learned, Learned(day, self.share, self.team))
            return model, dataclasses.replace(inputs, staff=dataclasses.replace(inputs.staff, learned=learned))
        taught = (
            dataclasses.replace(one, generalist_share=max(self.share, one.generalist_share))
            if self.team in ("", one.key)
            else one
            for one in inputs.staff.teams
        )
        if (competence := inputs.staff.competence) is not None:
            teams = [one.key for one in inputs.staff.teams if self.team in ("", one.key)]
            at_least = {key: max(self.share, competence.at_least.get(key, 0.0)) for key in teams}
            known = dataclasses.replace(competence, at_least={**competence.at_least, **at_least})
            inputs = dataclasses.replace(inputs, staff=dataclasses.replace(inputs.staff, competence=known))
        return model, with_teams(inputs, taught)

    def words(self, model: ServiceModel) -> str:
        who = team_name(model, self.team) if self.team else _("alle")
        share = number(100 * self.share)
        said = _("Generalister i mindst {share} % af opgaverne: {who}").format(share=share, who=who)
        if self.by:
            return _("{said}, fra {day}.").format(said=said, day=f"{date_of(self.by):%d.%m.%Y}")
        return f"{said}."


@dataclass(frozen=True, slots=True)
class PhonesAt:
    """All calls are answered at one centre; empty: at all of them."""

    centre: str = ""

    def applied(self, model: ServiceModel, inputs: Inputs) -> Both:
        if self.centre:
            counter_of(model, self.centre)
        return model, dataclasses.replace(inputs, phones_at=self.centre or None)

    def words(self, model: ServiceModel) -> str:
        if not self.centre:
            return _("Alle centre besvarer telefoner.")
        return _("Alle telefoner besvares i {centre}.").format(centre=centre_of(model, self.centre).name)
