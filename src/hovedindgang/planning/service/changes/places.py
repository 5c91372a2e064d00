"""Changes of where there is a counter: a new place with a team of its own, and a team that travels."""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass

from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.language import ngettext, number
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.service.changes.change import Both
from hovedindgang.planning.service.changes.finding import (
    centre_of,
    counter_of,
    help_point,
    minutes_at,
    team_name,
    team_of,
    weekday_name,
    with_centre,
    with_teams,
)
from hovedindgang.planning.service.changes.wellformed import must_be_clocks, must_be_number, must_be_weekdays
from hovedindgang.planning.service.inputs import Figure, Inputs, Outing, Team
from hovedindgang.planning.service.placing import kilometres, must_be_here
from hovedindgang.planning.service.weeks import assigned
from hovedindgang.servicemodel.document import Centre, CentreKind, Channel, Period, Place, ServiceModel, SourceKind

PROPOSED = "forslaget"


@dataclass(frozen=True, slots=True)
class NewPlace:
    """A branch, service point or mobile service at a town, with hours on some weekdays, staffed by a new team."""

    key: str
    name: str
    latitude: float
    longitude: float
    people: float  # who will have it nearest
    weekdays: tuple[int, ...]
    opens: str
    closes: str
    number: int
    place_kind: str = CentreKind.BRANCH.value
    generalist_share: float = 0.5
    source: str = PROPOSED

    def __post_init__(self) -> None:
        kinds = [one.value for one in CentreKind]
        if self.place_kind not in kinds:
            raise ValueError(_("place_kind er en af: {kinds}").format(kinds=", ".join(kinds)))
        must_be_clocks(self.opens, self.closes)
        must_be_weekdays(*self.weekdays)
        must_be_number(self.number)
        if not self.weekdays or not self.key:
            raise ValueError(_("et sted har en nøgle og mindst én ugedag"))
        if not (abs(self.latitude) <= 90 and abs(self.longitude) <= 180):
            raise ValueError(_("latitude er -90 til 90 og longitude -180 til 180 grader"))
        if self.people < 0 or not 0 <= self.generalist_share <= 1:
            raise ValueError(_("people er 0 eller mere, og generalist_share er en andel mellem 0 og 1"))

    def applied(self, model: ServiceModel, inputs: Inputs) -> Both:
        if self.key in model.centres:
            raise CannotPlan(
                _("Der er allerede et center med nøglen {key}.").format(key=self.key), cure=_("Vælg en anden nøgle.")
            )
        if self.place_kind == CentreKind.SERVICE_POINT.value:
            raise help_point(self.name)
        must_be_here(self.name, (self.latitude, self.longitude), model)
        period = (Period(dt.time.fromisoformat(self.opens), dt.time.fromisoformat(self.closes)),)
        centre = Centre(
            key=self.key,
            name=self.name,
            kind=CentreKind(self.place_kind),
            place=Place(town=self.name, latitude=self.latitude, longitude=self.longitude, source=self.source),
            hours={Channel.IN_PERSON: dict.fromkeys(self.weekdays, period)},
        )
        model = with_centre(model, self.key, centre)
        demand = dataclasses.replace(inputs.demand, catchment=self._shared(model, inputs))
        around = inputs.staff.before_opening.value + inputs.staff.after_closing.value
        hours = len(self.weekdays) * (minutes_at(self.closes) - minutes_at(self.opens) + around) / 60
        team = Team(self.key, self.key, self.number, hours, self.generalist_share, self.source)
        inputs = dataclasses.replace(inputs, demand=demand)
        return model, with_teams(inputs, (*inputs.staff.teams, team) if self.number else inputs.staff.teams)

    def _shared(self, model: ServiceModel, inputs: Inputs) -> dict[str, Figure]:
        """Who has which centre nearest now: the new place's people are taken from the centre that is nearest to it."""
        catchment = dict(inputs.demand.catchment)
        if catchment:
            nearest = min(catchment, key=lambda one: kilometres(model, self.key, one))
            had = catchment[nearest]
            if self.people >= had.value:
                raise CannotPlan(
                    _("{name} kan ikke være nærmest for {people}: {centre} har kun {had}.").format(
                        name=self.name,
                        people=number(self.people),
                        centre=model.centres[nearest].name,
                        had=number(had.value),
                    ),
                    cure=_("Skriv færre borgere, der får det nærmest (people)."),
                )
            catchment[nearest] = dataclasses.replace(had, value=had.value - self.people)
        return catchment | {self.key: Figure(self.people, SourceKind.ASSUMED, self.source)}

    def words(self, model: ServiceModel) -> str:
        said = _("Nyt sted: {name}, åbent {days} kl. {opens}-{closes}").format(
            name=self.name,
            days=", ".join(weekday_name(day) for day in self.weekdays),
            opens=self.opens,
            closes=self.closes,
        )
        if not self.number:
            return f"{said}; {_('ingen nye medarbejdere')}."
        # How many hours they are paid for is told: whoever swaps them for full-time employees buys fewer.
        staffed = ngettext(
            "{number} ny medarbejder, betalt for åbningstiden og forberedelsen",
            "{number} nye medarbejdere, betalt for åbningstiden og forberedelsen",
            self.number,
        ).format(number=self.number)
        return f"{said}; {staffed}."


@dataclass(frozen=True, slots=True)
class TravellingTeam:
    """`number` of a team are at `place` on one weekday, from `begins` to `ends`, every so many weeks."""

    team: str
    number: int
    place: str
    weekday: int
    begins: str
    ends: str
    every_weeks: int = 1
    travel_minutes: float = 0.0  # each way; 0: estimated from the distance

    def __post_init__(self) -> None:
        must_be_weekdays(self.weekday)
        must_be_clocks(self.begins, self.ends)
        must_be_number(self.number, 1)
        must_be_number(self.every_weeks, 1)
        if not 0 <= self.travel_minutes <= 600:
            raise ValueError(_("travel_minutes er 0 til {most} minutter").format(most=600))

    def applied(self, model: ServiceModel, inputs: Inputs) -> Both:
        team = team_of(inputs, self.team)
        counter_of(model, self.place)
        outing = Outing(
            team=self.team,
            number=self.number,
            place=self.place,
            weekday=self.weekday,
            begins=minutes_at(self.begins),
            ends=minutes_at(self.ends),
            every_weeks=self.every_weeks,
            travel_minutes=self.travel_minutes,
        )
        staff = dataclasses.replace(inputs.staff, outings=(*inputs.staff.outings, outing))
        if outing in assigned(model, staff.outings, team, staff.travel_km_per_hour.value)[1]:
            raise CannotPlan(
                _("Holdet {team} har ikke folk nok: {trip}").format(team=self.team, trip=self.words(model)),
                cure=_("Send færre, lad turene ligge på hver sin tid med køretid imellem, eller gør holdet større."),
            )
        return model, dataclasses.replace(inputs, staff=staff)

    def words(self, model: ServiceModel) -> str:
        said = _("{number} fra {team} er i {place} {day} kl. {begins}-{ends}").format(
            number=self.number,
            team=team_name(model, self.team),
            place=centre_of(model, self.place).name,
            day=weekday_name(self.weekday),
            begins=self.begins,
            ends=self.ends,
        )
        if self.every_weeks == 1:
            return f"{said}."
        return _("{said}, hver {weeks}. uge.").format(said=said, weeks=self.every_weeks)
