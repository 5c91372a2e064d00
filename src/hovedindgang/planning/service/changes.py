"""What a decision would change, as data: each change turns one model and its inputs into another.

The words are those of a council paper: close Pandrup on Fridays, answer all phones in Aabybro, two more generalists.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.language import ngettext, number
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.service.building import caseworkers
from hovedindgang.planning.service.coming import kilometres
from hovedindgang.planning.service.exempt import DIGITAL, SELF_SERVICE
from hovedindgang.planning.service.ground import services_of
from hovedindgang.planning.service.handling import handle_minutes
from hovedindgang.planning.service.inputs import (
    APPOINTMENT,
    ASSISTED,
    Appointments,
    Assisted,
    Figure,
    Inputs,
    Learned,
    Outing,
    Team,
)
from hovedindgang.planning.service.moving import check_move, named
from hovedindgang.planning.service.moving_work import MoveWork
from hovedindgang.planning.service.placing import must_be_here
from hovedindgang.planning.service.shocks import NewService, Shock
from hovedindgang.planning.service.weeks import assigned
from hovedindgang.servicemodel.document import (
    Centre,
    CentreKind,
    Channel,
    Level,
    Period,
    Place,
    PortfolioEntry,
    ServiceModel,
    SourceKind,
)

Both = tuple[ServiceModel, Inputs]
PROPOSED = "forslaget"
MOST_EMPLOYEES, MOST_TIMES = 1000, 100


class Change(Protocol):
    """`applied` gives the changed pair, `words` says the change; both raise CannotPlan for what is not there."""

    def applied(self, model: ServiceModel, inputs: Inputs) -> Both: ...

    def words(self, model: ServiceModel) -> str: ...


def changed(model: ServiceModel, inputs: Inputs, changes: Iterable[Change]) -> Both:
    """Both after all changes, in order. Departments keep their caseworkers, so that what is handed to them shows."""
    changes = tuple(changes)
    if changes and inputs.caseworkers is None:
        inputs = dataclasses.replace(inputs, caseworkers=caseworkers(model, inputs))
    for change in changes:
        model, inputs = change.applied(model, inputs)
    return model, inputs


def agreeing(changes: Iterable[Change]) -> None:
    """Raises CannotPlan where two changes of one proposal decide the same thing differently: which would hold?"""
    changes = tuple(changes)
    for at, change in enumerate(changes):
        for before, other in enumerate(changes[:at]):
            if change != other and (_decides(change) & _decides(other) or _undone(other, change)):
                raise CannotPlan(
                    _("Ændring {one} og ændring {other} modsiger hinanden.").format(one=before + 1, other=at + 1),
                    cure=_("Behold den ene, eller lav to forslag, og sammenlign dem."),
                    where=(f"change.{before + 1}", f"change.{at + 1}"),
                )


def _decides(change: Change) -> frozenset[tuple[object, ...]]:
    """What holds after the change whatever held before, so that two of them cannot both be meant."""
    match change:
        case OpeningHours():
            return frozenset({("hours", change.centre, change.channel, change.weekday)})
        case CloseCentre():
            return frozenset({("closed", change.centre)})
        case PhonesAt():
            return frozenset({("phones",)})
        case CarryAt():
            return frozenset({("carried", change.service)})
        case NewPlace():
            return frozenset({("place", change.key)})
    return frozenset()


def _undone(first: Change, later: Change) -> bool:
    """Whether a centre gets what is then shut, or its employees move to one that is closed too."""
    if isinstance(later, CloseCentre):
        opened = isinstance(first, OpeningHours) and bool(first.opens) and first.centre == later.centre
        visited = isinstance(first, TravellingTeam) and first.place == later.centre
        return opened or visited or (isinstance(first, CloseCentre) and first.staff_to == later.centre)
    return False


def _channel(word: str, more: tuple[str, ...] = ()) -> None:
    known = (*(one.value for one in Channel), *more)
    if word not in known:
        raise ValueError(_("kanalen {word} kendes ikke; kendte: {known}").format(word=word, known=", ".join(known)))


def _clocks(opens: str, closes: str) -> None:
    for clock in (opens, closes):
        if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", clock):
            raise ValueError(_("{clock} er intet klokkeslæt; skriv fx 09:30").format(clock=clock or "–"))
    if dt.time.fromisoformat(opens) >= dt.time.fromisoformat(closes):
        raise ValueError(_("der lukkes før der åbnes"))


def _date(word: str) -> dt.date:
    try:
        return dt.date.fromisoformat(word)
    except ValueError:
        raise ValueError(_("{word} er ingen dag; skriv fx 2026-09-01").format(word=word)) from None


def _weekdays(*days: int) -> None:
    if not all(0 <= day <= 6 for day in days):
        raise ValueError(_("weekday er 0 (mandag) til 6 (søndag)"))


def _counted(number_of: int, least: int = 0) -> None:
    if not least <= number_of <= MOST_EMPLOYEES:
        raise ValueError(_("antallet er {least} til {most}").format(least=least, most=MOST_EMPLOYEES))


def _centre(model: ServiceModel, key: str) -> Centre:
    if key not in model.centres:
        raise CannotPlan(
            _("Der er intet center med nøglen {key}.").format(key=key),
            cure=_("Modellen har: {keys}.").format(keys=", ".join(model.centres)),
        )
    return model.centres[key]


def _counter(model: ServiceModel, key: str) -> Centre:
    """A centre that can be staffed; raises CannotPlan for a help point."""
    centre = _centre(model, key)
    if centre.kind is CentreKind.SERVICE_POINT:
        raise _help_point(centre.name)
    return centre


def _help_point(name: str) -> CannotPlan:
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


def _service(model: ServiceModel, key: str) -> str:
    if key not in model.services:
        raise CannotPlan(
            _("Der er ingen opgave med nøglen {key}.").format(key=key),
            cure=_("Find den med: hovedindgang model show FIL"),
        )
    return model.services[key].name


def _weekday(day: int) -> str:
    names = (_("mandage"), _("tirsdage"), _("onsdage"), _("torsdage"), _("fredage"), _("lørdage"), _("søndage"))
    return names[day]


def _minutes(clock: str) -> float:
    at = dt.time.fromisoformat(clock)
    return at.hour * 60.0 + at.minute


def _team(inputs: Inputs, key: str) -> Team:
    for team in inputs.staff.teams:
        if team.key == key:
            return team
    raise CannotPlan(
        _("Der er intet hold med nøglen {key}.").format(key=key),
        cure=_("Der er: {keys}.").format(keys=", ".join(team.key for team in inputs.staff.teams)),
    )


def _team_name(model: ServiceModel, key: str) -> str:
    """What a team is called: the place it belongs to, where its key is one."""
    return model.centres[key].name if key in model.centres else _("holdet »{key}«").format(key=key)


def _with_teams(inputs: Inputs, teams: Iterable[Team]) -> Inputs:
    return dataclasses.replace(inputs, staff=dataclasses.replace(inputs.staff, teams=tuple(teams)))


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """`centre` is open in `channel` on `weekday` (0 = Monday) from `opens` to `closes`; both empty: closed that day."""

    centre: str
    weekday: int
    opens: str = ""
    closes: str = ""
    channel: str = Channel.IN_PERSON.value

    def __post_init__(self) -> None:
        _weekdays(self.weekday)
        _channel(self.channel)
        if self.channel not in (Channel.IN_PERSON.value, Channel.PHONE.value):
            raise ValueError(_("åbningstider har kun in_person og phone; breve kommer altid"))
        if bool(self.opens) != bool(self.closes):
            raise ValueError(_("skriv både opens og closes, eller ingen af dem"))
        if self.opens:
            _clocks(self.opens, self.closes)

    def applied(self, model: ServiceModel, inputs: Inputs) -> Both:
        centre, channel = _counter(model, self.centre), Channel(self.channel)
        week = {day: periods for day, periods in centre.hours.get(channel, {}).items() if day != self.weekday}
        if self.opens:
            week[self.weekday] = (Period(dt.time.fromisoformat(self.opens), dt.time.fromisoformat(self.closes)),)
        hours = {**centre.hours, channel: week}
        return _with_centre(model, self.centre, dataclasses.replace(centre, hours=hours)), inputs

    def words(self, model: ServiceModel) -> str:
        names = {"centre": _centre(model, self.centre).name, "day": _weekday(self.weekday)}
        if self.channel == Channel.PHONE:
            if not self.opens:
                return _("Telefonen i {centre} lukkes {day}.").format(**names)
            said = _("Telefonen i {centre} er åben {day} kl. {opens}-{closes}.")
            return said.format(**names, opens=self.opens, closes=self.closes)
        if not self.opens:
            return _("{centre} lukkes {day}.").format(**names)
        return _("{centre} er åbent {day} kl. {opens}-{closes}.").format(**names, opens=self.opens, closes=self.closes)


def _with_centre(model: ServiceModel, key: str, centre: Centre) -> ServiceModel:
    return dataclasses.replace(model, centres={**model.centres, key: centre})


@dataclass(frozen=True, slots=True)
class CloseCentre:
    """The centre is closed to the public; its employees move to `staff_to`."""

    centre: str
    staff_to: str = ""

    def __post_init__(self) -> None:
        if self.centre and self.centre == self.staff_to:
            raise ValueError(_("medarbejderne kan ikke flytte til det sted, der lukkes; lad staff_to stå tomt"))

    def applied(self, model: ServiceModel, inputs: Inputs) -> Both:
        centre = _centre(model, self.centre)
        hours: Mapping[Channel, Mapping[int, tuple[Period, ...]]] = {}
        model = _with_centre(model, self.centre, dataclasses.replace(centre, hours=hours))
        if not self.staff_to:
            return model, inputs
        _counter(model, self.staff_to)
        moved = (
            dataclasses.replace(team, centre=self.staff_to) if team.centre == self.centre else team
            for team in inputs.staff.teams
        )
        return model, _with_teams(inputs, moved)

    def words(self, model: ServiceModel) -> str:
        name = _centre(model, self.centre).name
        if not self.staff_to:
            return _("{centre} lukkes.").format(centre=name)
        to = _centre(model, self.staff_to).name
        return _("{centre} lukkes; medarbejderne flytter til {to}.").format(centre=name, to=to)


@dataclass(frozen=True, slots=True)
class PhonesAt:
    """All calls are answered at one centre; empty: at all of them."""

    centre: str = ""

    def applied(self, model: ServiceModel, inputs: Inputs) -> Both:
        if self.centre:
            _counter(model, self.centre)
        return model, dataclasses.replace(inputs, phones_at=self.centre or None)

    def words(self, model: ServiceModel) -> str:
        if not self.centre:
            return _("Alle centre besvarer telefoner.")
        return _("Alle telefoner besvares i {centre}.").format(centre=_centre(model, self.centre).name)


@dataclass(frozen=True, slots=True)
class MoreStaff:
    """`number` more in a team; fewer where it is negative.

    generalist_share: in what share of the services those who come are generalists; None: as the team is.
    """

    team: str
    number: int
    generalist_share: float | None = None

    def __post_init__(self) -> None:
        _counted(self.number, -MOST_EMPLOYEES)
        if self.generalist_share is not None:
            if not 0 <= self.generalist_share <= 1:
                raise ValueError(_("generalist_share er en andel mellem 0 og 1"))
            if self.number < 1:
                raise ValueError(_("generalist_share er for dem, der kommer; der går nogen"))

    def applied(self, model: ServiceModel, inputs: Inputs) -> Both:
        changed_one = _team(inputs, self.team)
        if changed_one.number + self.number < 0:
            raise CannotPlan(
                _("{team} har kun {number}.").format(team=_team_name(model, self.team), number=changed_one.number),
                cure=_("Tag færre væk."),
            )
        if self.generalist_share not in (None, changed_one.generalist_share):
            keys = {one.key for one in inputs.staff.teams}
            key = next(key for at in range(1, len(keys) + 2) if (key := f"{self.team}-nye-{at}") not in keys)
            share = self.generalist_share or 0.0
            new = dataclasses.replace(changed_one, key=key, number=self.number, generalist_share=share)
            return model, _with_teams(inputs, (*inputs.staff.teams, new))
        larger = dataclasses.replace(changed_one, number=changed_one.number + self.number)
        return model, _with_teams(inputs, (larger if one is changed_one else one for one in inputs.staff.teams))

    def words(self, model: ServiceModel) -> str:
        team = _team_name(model, self.team)
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
            _date(self.by)

    def applied(self, model: ServiceModel, inputs: Inputs) -> Both:
        if self.team:
            _team(inputs, self.team)
        if self.by and (day := _date(self.by)) > inputs.first_day:
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
        return model, _with_teams(inputs, taught)

    def words(self, model: ServiceModel) -> str:
        who = _team_name(model, self.team) if self.team else _("alle")
        share = number(100 * self.share)
        said = _("Generalister i mindst {share} % af opgaverne: {who}").format(share=share, who=who)
        if self.by:
            return _("{said}, fra {day}.").format(said=said, day=f"{_date(self.by):%d.%m.%Y}")
        return f"{said}."


@dataclass(frozen=True, slots=True)
class MoveChannel:
    """`share` of those who can follow, of who comes for a service (empty: for all) by one channel, come by another.

    Nobody who is exempt from digital mail moves to a digital channel. A service that is not had by the other channel
    stays as it is, unless `open_channel`.
    """

    share: float
    from_channel: str
    to_channel: str
    service: str = ""
    open_channel: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 1:
            raise ValueError(_("share er en andel mellem 0 og 1"))
        _channel(self.from_channel)
        _channel(self.to_channel, (SELF_SERVICE, APPOINTMENT, ASSISTED))
        if self.from_channel == self.to_channel:
            raise ValueError(_("from_channel og to_channel er den samme"))

    def applied(self, model: ServiceModel, inputs: Inputs) -> Both:
        check_move(model, inputs, services_of(model, inputs), self)
        moved = dataclasses.replace(inputs.demand, moves=(*inputs.demand.moves, self))
        inputs = dataclasses.replace(inputs, demand=moved)
        if self.to_channel == APPOINTMENT and inputs.appointments is None:
            inputs = dataclasses.replace(inputs, appointments=Appointments())
        if self.to_channel == ASSISTED and inputs.assisted is None:
            inputs = dataclasses.replace(inputs, assisted=Assisted())
        return model, inputs

    def words(self, model: ServiceModel) -> str:
        what = _service(model, self.service) if self.service else _("alle opgaver")
        if not self.service and not self.open_channel and self.to_channel != SELF_SERVICE:
            what = _("de opgaver, der også fås {to},").format(to=named(self.to_channel))
        names = {"service": what, "to": named(self.to_channel), "since": named(self.from_channel)}
        share = number(100 * self.share)
        if self.to_channel in DIGITAL and self.from_channel not in DIGITAL:
            text = _("{share} % af dem, der kan, kommer med {service} {to} i stedet for {since}.")
        else:
            text = _("{share} % af {service} kommer {to} i stedet for {since}.")
        return text.format(share=share, **names)


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
        _clocks(self.opens, self.closes)
        _weekdays(*self.weekdays)
        _counted(self.number)
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
            raise _help_point(self.name)
        must_be_here(self.name, (self.latitude, self.longitude), model)
        period = (Period(dt.time.fromisoformat(self.opens), dt.time.fromisoformat(self.closes)),)
        centre = Centre(
            key=self.key,
            name=self.name,
            kind=CentreKind(self.place_kind),
            place=Place(town=self.name, latitude=self.latitude, longitude=self.longitude, source=self.source),
            hours={Channel.IN_PERSON: dict.fromkeys(self.weekdays, period)},
        )
        model = _with_centre(model, self.key, centre)
        demand = dataclasses.replace(inputs.demand, catchment=self._shared(model, inputs))
        around = inputs.staff.before_opening.value + inputs.staff.after_closing.value
        hours = len(self.weekdays) * (_minutes(self.closes) - _minutes(self.opens) + around) / 60
        team = Team(self.key, self.key, self.number, hours, self.generalist_share, self.source)
        inputs = dataclasses.replace(inputs, demand=demand)
        return model, _with_teams(inputs, (*inputs.staff.teams, team) if self.number else inputs.staff.teams)

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
            days=", ".join(_weekday(day) for day in self.weekdays),
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
        _weekdays(self.weekday)
        _clocks(self.begins, self.ends)
        _counted(self.number, 1)
        _counted(self.every_weeks, 1)
        if not 0 <= self.travel_minutes <= 600:
            raise ValueError(_("travel_minutes er 0 til {most} minutter").format(most=600))

    def applied(self, model: ServiceModel, inputs: Inputs) -> Both:
        team = _team(inputs, self.team)
        _counter(model, self.place)
        outing = Outing(
            team=self.team,
            number=self.number,
            place=self.place,
            weekday=self.weekday,
            begins=_minutes(self.begins),
            ends=_minutes(self.ends),
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
            team=_team_name(model, self.team),
            place=_centre(model, self.place).name,
            day=_weekday(self.weekday),
            begins=self.begins,
            ends=self.ends,
        )
        if self.every_weeks == 1:
            return f"{said}."
        return _("{said}, hver {weeks}. uge.").format(said=said, weeks=self.every_weeks)


@dataclass(frozen=True, slots=True)
class Volume:
    """`factor` times as many come for a service (empty: for all)."""

    factor: float
    service: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.factor <= MOST_TIMES:
            raise ValueError(_("factor er 0 til {most}").format(most=MOST_TIMES))

    def applied(self, model: ServiceModel, inputs: Inputs) -> Both:
        demand = inputs.demand
        if self.service:
            _service(model, self.service)
            grown = {**demand.grown, self.service: demand.grown.get(self.service, 1.0) * self.factor}
            return model, dataclasses.replace(inputs, demand=dataclasses.replace(demand, grown=grown))
        by_channel = {
            channel: dataclasses.replace(one, value=one.value * self.factor)
            for channel, one in demand.contacts_per_year.items()
        }
        return model, dataclasses.replace(inputs, demand=dataclasses.replace(demand, contacts_per_year=by_channel))

    def words(self, model: ServiceModel) -> str:
        what = _service(model, self.service) if self.service else _("alle opgaver")
        return _("{factor} gange så mange henvendelser om {service}.").format(
            factor=number(self.factor, 2), service=what
        )


@dataclass(frozen=True, slots=True)
class CarryAt:
    """A service is carried at another level by all centres: more or less of it is handed over, by the levels' results.

    `more_minutes`: what an enquiry takes at the counter beyond what the model says, and nobody else is rid of;
    negative: that nobody does any more. Work that a department does instead is moved with `MoveWork`.
    """

    service: str
    level: str
    more_minutes: float = 0.0

    def __post_init__(self) -> None:
        levels = [one.value for one in Level]
        if self.level not in levels:
            raise ValueError(_("level er en af: {levels}").format(levels=", ".join(levels)))

    def applied(self, model: ServiceModel, inputs: Inputs) -> Both:
        _service(model, self.service)
        entry = PortfolioEntry(tuple(model.centres), Level(self.level), (self.service,), source=None)
        minutes = {**inputs.more_minutes, self.service: inputs.more_minutes.get(self.service, 0.0) + self.more_minutes}
        self._leaves_some(model, inputs, minutes[self.service])
        model = dataclasses.replace(model, portfolio=(*model.portfolio, entry))
        return model, dataclasses.replace(inputs, more_minutes=minutes)

    def _leaves_some(self, model: ServiceModel, inputs: Inputs, more: float) -> None:
        """Raises CannotPlan where an enquiry would take no time at all, or less."""
        service = services_of(model, inputs).get(self.service)
        takes = [handle_minutes(inputs.work, channel.value, service) for channel in service.channels] if service else []
        if takes and min(takes) + more <= 0:
            raise CannotPlan(
                _("{service} tager {minutes} min., hvor det går hurtigst: {less} minutter kan ikke tages fra.").format(
                    service=_service(model, self.service), minutes=number(min(takes), 1), less=number(-more, 1)
                ),
                cure=_("Skriv et more_minutes over {least}.").format(least=number(-min(takes), 1)),
                where=("more_minutes",),
            )

    def words(self, model: ServiceModel) -> str:
        levels = {
            "administer": _("administreres"),
            "light_casework": _("får lettere sagsbehandling"),
            "casework": _("sagsbehandles"),
            "guide": _("vejledes der om"),
            "refer": _("henvises videre"),
        }
        said = _("{service} {level} i Borgerservice.").format(
            service=_service(model, self.service), level=levels[self.level]
        )
        if not self.more_minutes:
            return said
        more = _("Den tager {minutes} minutter mere ved skranken.")
        if self.more_minutes < 0:
            more = _("Den tager {minutes} minutter mindre ved skranken; ingen anden gør det arbejde.")
        return f"{said} {more.format(minutes=number(abs(self.more_minutes), 1))}"


CHANGES: Mapping[str, type] = {
    "opening_hours": OpeningHours,
    "close_centre": CloseCentre,
    "phones_at": PhonesAt,
    "more_staff": MoreStaff,
    "generalists": Generalists,
    "move_channel": MoveChannel,
    "new_place": NewPlace,
    "travelling_team": TravellingTeam,
    "volume": Volume,
    "carry_at": CarryAt,
    "move_work": MoveWork,
    "shock": Shock,
    "new_service": NewService,
}
