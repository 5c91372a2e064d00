"""What a simulation needs beside the adopted service model: each number with its source and, if unsure, its range.

The model is what a council decides; these are facts about the world, measured where registers exist and else published
or assumed. What is assumed is said (`unsure`), and its range says how far it may be wrong.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache
from typing import Any, Protocol

from hovedindgang.planning.language import gettext, gettext_noop, spoken
from hovedindgang.planning.service.competences import CompetenceMatrix
from hovedindgang.planning.simulation.warm_up import WarmUp
from hovedindgang.servicemodel.document import CentreKind, Channel, Level, SourceKind

APPOINTMENT, ASSISTED = "appointment", "assisted"  # ways of meeting in person
MOST_PEOPLE = 1_000  # that move along with work


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, where it is from, and the range in which it may as well lie (None: taken as known)."""

    value: float
    kind: SourceKind
    reference: str
    low: float | None = None
    high: float | None = None
    reference_en: str = ""

    @property
    def ends(self) -> tuple[float, float]:
        """The low and the high end of its range (nought is one too); itself on a side where none is given."""
        return (
            self.value if self.low is None else self.low,
            self.value if self.high is None else self.high,
        )

    @property
    def said(self) -> str:
        """Where it is from, in the language that is spoken, as far as it is known in that."""
        return spoken(gettext(self.reference), self.reference_en)


@dataclass(frozen=True, slots=True)
class Wave:
    """In these months `factor` times as many come for these services (none named: for all)."""

    months: tuple[int, ...]
    factor: Figure
    services: tuple[str, ...] = ()
    name: str = ""


class Move(Protocol):
    """A share of those who can follow, of who comes for a service (empty: for all), come by another channel instead."""

    @property
    def share(self) -> float: ...

    @property
    def from_channel(self) -> str: ...

    @property
    def to_channel(self) -> str: ...  # a channel, or "self_service"

    @property
    def service(self) -> str: ...

    @property
    def open_channel(self) -> bool: ...  # for the services that do not have it yet


class Division(Protocol):
    """Work on a service that lies elsewhere than the model says: all of it, or a step (`moving_work.MoveWork`)."""

    @property
    def service(self) -> str: ...

    @property
    def to(self) -> str: ...  # "department" or "borgerservice"

    @property
    def centre(self) -> str: ...  # whose door alone it holds for; empty: every way in

    @property
    def department(self) -> str: ...  # empty: the one that helps with the service

    @property
    def minutes(self) -> float: ...  # of a generalist, for the step; 0: the whole service

    @property
    def share(self) -> float: ...  # of the enquiries that come to an end in which the step is needed

    @property
    def saves(self) -> float: ...  # minutes an enquiry that nobody uses any more; negative: that are used beside


class Coming(Protocol):
    """What comes for a time, or is new: which contacts it is about, on which days, and how many times as many come."""

    @property
    def key(self) -> str: ...

    def hits(self, channel: str, service: str) -> bool: ...

    def days(self, first_day: dt.date, days: int) -> tuple[int, int]: ...  # numbers of days, both counted

    @property
    def factor_range(self) -> tuple[float, float, float]: ...  # low, median and high; drawn once a replication


class NewDemand(Coming, Protocol):
    """A service that nobody has come for before: contacts a year from its day on, by channel."""

    @property
    def contacts(self) -> float: ...

    def shares(self, demand: Demand) -> Mapping[str, float]: ...  # channel → share of the contacts


@dataclass(frozen=True, slots=True)
class Demand:
    """Who comes. Contacts a year by channel; weights of services; when in the week, the day and the year."""

    contacts_per_year: Mapping[Channel, Figure]
    weights: Mapping[str, Figure] = field(default_factory=dict)  # of services, beside `usual_weight`
    usual_weight: Figure = Figure(1.0, SourceKind.ASSUMED, gettext_noop("alle øvrige opgaver lige mange"))
    catchment: Mapping[str, Figure] = field(default_factory=dict)  # centre → people who have it nearest
    weekday: Mapping[Channel, tuple[float, ...]] = field(default_factory=dict)  # seven weights, Monday first
    hour: Mapping[Channel, tuple[float, ...]] = field(default_factory=dict)  # 24 weights; closed hours count nothing
    pattern_source: str = ""
    after_closing_days: Figure = Figure(1.0, SourceKind.ASSUMED, gettext_noop("ingen forskel antaget"))
    waves: tuple[Wave, ...] = ()
    day_cv: Figure = Figure(0.1, SourceKind.ASSUMED, gettext_noop("dag til dag"))
    volume_cv: Figure = Figure(0.05, SourceKind.ASSUMED, gettext_noop("årets mængde"))
    self_service: Figure = Figure(
        0.0, SourceKind.ASSUMED, gettext_noop("ingen selvbetjening til ende")
    )  # share of the digital
    self_service_fails: Figure = Figure(0.1, SourceKind.ASSUMED, gettext_noop("andel, der ringer i stedet"), 0.05, 0.3)
    moves: tuple[Move, ...] = ()
    grown: Mapping[str, float] = field(default_factory=dict)  # service → so many times as many come for it
    shocks: tuple[Coming, ...] = ()
    new: tuple[NewDemand, ...] = ()


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What citizens do: how long they wait, whether they try again, where they go when a place is closed."""

    patience_minutes: Mapping[Channel, Figure]  # mean of an exponential patience; a channel not named waits
    again: Mapping[Channel, Figure]  # share of those who gave up that try again
    again_minutes: Mapping[Channel, Figure]
    comes_back_days: Figure = Figure(5.0, SourceKind.ASSUMED, gettext_noop("borgeren finder sine papirer"))
    displaced_other_day: Figure = Figure(
        0.6, SourceKind.ASSUMED, gettext_noop("kommer en anden dag, når centret er lukket")
    )
    displaced_nearest: Figure = Figure(0.25, SourceKind.ASSUMED, gettext_noop("tager til det nærmeste åbne center"))
    # the rest ring instead
    newly_opened: Figure = Figure(  # times as many an open hour come on a weekday, or at an hour, that was shut before
        0.5,
        SourceKind.ASSUMED,
        gettext_noop("pr. time på en ugedag eller et tidspunkt, der var lukket før, mod de andre"),
        0.2,
        1.0,
    )


@dataclass(frozen=True, slots=True)
class Results:
    """What comes of a contact handled by a generalist, by the level at which the service is carried."""

    resolved: Figure
    comes_back: Figure
    handed_over: Figure
    not_helped: Figure


@dataclass(frozen=True, slots=True)
class Work:
    """How work goes. Handle times are the model's where none were measured; what competence does stands here.

    `handle_minutes` and `handle_cv_of` are by "channel:service", e.g. "phone:pas", as a generalist takes.
    """

    handle_cv: Figure
    trainee_takes: Figure  # times a generalist's minutes
    specialist_takes: Figure
    trainee_resolves: Figure  # times a generalist's share resolved
    results: Mapping[Level, Results]
    department_minutes: Figure
    department_answer_days: Figure
    returned: Figure  # share that a department sends back undone
    department_occupancy: Figure = Figure(0.8, SourceKind.ASSUMED, gettext_noop("så travlt har fagforvaltningen"))
    handle_minutes: Mapping[str, Figure] = field(default_factory=dict)
    handle_cv_of: Mapping[str, Figure] = field(default_factory=dict)
    department_of: Mapping[str, str] = field(default_factory=dict)  # service → department, where the model names none
    department_of_source: str = ""
    department_kr_per_hour: Figure | None = None  # None: as in Borgerservice, assumed
    transferred: Figure | None = None  # of a trainee's contacts, passed to a colleague while she waits; None: none


@dataclass(frozen=True, slots=True)
class Team:
    """Employees alike: how many, where, hours a week, and in what share of the services they are generalists."""

    key: str
    centre: str
    number: int
    hours_per_week: float
    generalist_share: float
    source: str
    kind: SourceKind = SourceKind.ASSUMED
    channels: tuple[Channel, ...] = ()  # none named: all
    services: tuple[str, ...] = ()  # none named: all
    specialist_in: tuple[str, ...] = ()
    kr_per_hour: float = 0.0


@dataclass(frozen=True, slots=True)
class Outing:
    """A travelling team: so many of a team are at `place` on `weekday` from `begins` until `ends` (minutes).

    The door is open while they are there, beside the place's own hours. `travel_minutes`: each way; 0: estimated.
    """

    team: str
    number: int
    place: str
    weekday: int
    begins: float
    ends: float
    every_weeks: int = 1
    travel_minutes: float = 0.0


@dataclass(frozen=True, slots=True)
class Learned:
    """From this day a team (empty: everybody) is generalist in at least `share` of the services. A change says it."""

    day: dt.date
    share: float
    team: str = ""


@dataclass(frozen=True, slots=True)
class Appointments:
    """Of those who come in person, the share with a booked time, by "service" or "service:centre"; and who stays away.

    Who stays away books again, so that as many are met as come without appointments. `slots_per_week`: by centre, times
    on offer in a week with its usual hours, for all services; where it is not said the times are taken to be `filled`.
    """

    share: Mapping[str, Figure] = field(default_factory=dict)
    no_show: Figure = Figure(
        0.06, SourceKind.ASSUMED, gettext_noop("andel, der udebliver fra en aftale; mål den"), 0.02, 0.15
    )
    slots_per_week: Mapping[str, Figure] = field(default_factory=dict)
    filled: Figure = Figure(
        0.9,
        SourceKind.ASSUMED,
        gettext_noop("så stor en del af tiderne bliver booket; tæl dem, der udbydes"),
        0.8,
        0.97,
    )


@dataclass(frozen=True, slots=True)
class Assisted:
    """Assisted self-service: the share of those who come in person that do it themselves with somebody beside them.

    `takes`: times the counter's minutes.
    """

    share: Mapping[str, Figure] = field(default_factory=dict)  # by "service" or "service:centre"
    takes: Figure = Figure(
        0.8,
        SourceKind.ASSUMED,
        gettext_noop("60 kr. for medbetjening mod 75 kr. ved skranken (KL 2012 for skranken; 60 er antaget)"),
        0.6,
        1.5,
    )


@dataclass(frozen=True, slots=True)
class Staff:
    """Who works. `before_opening` and `after_closing` are minutes at work with the door shut, for letters."""

    teams: tuple[Team, ...]
    sickness: Figure
    holidays: Figure
    training: Figure
    meetings: Figure
    before_opening: Figure
    after_closing: Figure
    lunch_minutes: Figure
    kr_per_hour: Figure
    outings: tuple[Outing, ...] = ()
    competence: CompetenceMatrix | None = None  # who takes what; None: by the teams' shares
    learned: tuple[Learned, ...] = ()
    travel_km_per_hour: Figure = Figure(
        50.0,
        SourceKind.ASSUMED,
        gettext_noop("kørsel med rullende hold; vejen er 1,3 gange luftlinjen, ukendt afstand 30 minutter"),
        40,
        65,
    )


_RUNNING = gettext_noop("husleje, drift, rengøring og udstyr uden løn; antaget, erstat med eget regnskab")
FIXED_KR: Mapping[str, Figure] = {
    CentreKind.CENTRE.value: Figure(400_000.0, SourceKind.ASSUMED, _RUNNING, 200_000.0, 800_000.0),
    CentreKind.BRANCH.value: Figure(200_000.0, SourceKind.ASSUMED, _RUNNING, 100_000.0, 400_000.0),
    CentreKind.MOBILE.value: Figure(80_000.0, SourceKind.ASSUMED, _RUNNING, 30_000.0, 200_000.0),
    CentreKind.SERVICE_POINT.value: Figure(25_000.0, SourceKind.ASSUMED, _RUNNING, 10_000.0, 60_000.0),
}


@dataclass(frozen=True, slots=True)
class Places:
    """What a place costs a year to keep open, by its kind, without anybody's wages."""

    fixed_kr: Mapping[str, Figure] = field(default_factory=lambda: FIXED_KR)


@dataclass(frozen=True, slots=True)
class Inputs:
    """All of it, for `days` days from `first_day`."""

    first_day: dt.date
    days: int
    demand: Demand
    behaviour: Behaviour
    work: Work
    staff: Staff
    # Of departments; None: as many as keep them as busy as is assumed. Whole people, and no figures with a source.
    caseworkers: Mapping[str, int] | None = field(default=None, metadata={"figures": False})
    places: Places = field(default_factory=Places)
    division: tuple[Division, ...] = ()  # work moved between Borgerservice and departments
    more_minutes: Mapping[str, float] = field(default_factory=dict)  # service → minutes more than the model says
    phones_at: str | None = None  # centre whose employees answer all phones; None: everybody does
    title: str = ""
    appointments: Appointments | None = None
    assisted: Assisted | None = None
    warm_up: WarmUp | None = None  # before the days; None: it begins with nothing waiting, see `warming`

    def share_apart(self, channel: str, service: str, centre: str | None) -> float:
        """Of those who come in person to the centre for the service, the share that has booked, or is assisted."""
        kind = {APPOINTMENT: self.appointments, ASSISTED: self.assisted}[channel]
        found = (kind.share.get(f"{service}:{centre}") or kind.share.get(service)) if kind else None
        return found.value if found else 0.0

    def figures(self) -> Iterator[tuple[str, Figure]]:
        """Every number with its place, e.g. "demand.contacts_per_year.phone"."""
        yield from ((place.lstrip("."), one) for place, one in _figures("", self))

    def unsure(self) -> list[tuple[str, Figure]]:
        """Those that are assumed: the cost of not knowing begins here."""
        return [(key, one) for key, one in self.figures() if one.kind is SourceKind.ASSUMED]


def _figures(place: str, value: Any) -> list[tuple[str, Figure]]:
    if isinstance(value, Figure):
        return [(place, value)]
    parts: Iterable[tuple[Any, Any]]
    if isinstance(value, Mapping):
        parts = value.items()
    elif isinstance(value, tuple):
        parts = [(getattr(one, "name", "") or getattr(one, "key", "") or at, one) for at, one in enumerate(value)]
    else:
        parts = [(name, getattr(value, name)) for name in _fields_of(value.__class__)]
    return [found for key, one in parts for found in _figures(f"{place}.{key}", one)]


@cache
def _fields_of(kind: type) -> tuple[str, ...]:
    if not is_dataclass(kind):
        return ()
    return tuple(one.name for one in fields(kind) if one.metadata.get("figures", True))
