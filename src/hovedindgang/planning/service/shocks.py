"""What comes from outside and is not known beforehand, as changes: an election, a new MitID, a task that is new.

Its range is a part of the change: the factor, or the number of contacts, is drawn once a replication, so that the
answer's interval says what nobody knows. Days are written as 2007-10-24, both counted.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.language import number
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.service.ground import SELF_SERVICE
from hovedindgang.planning.service.inputs import APPOINTMENT, ASSISTED, Demand, Inputs
from hovedindgang.planning.service.naming import REST
from hovedindgang.servicemodel.document import Channel, Level, Service, ServiceKind, ServiceModel, Sourced, SourceKind
from hovedindgang.servicemodel.wording import full_name_of

SOURCES = tuple(one.value for one in SourceKind)
COMES: Mapping[str, str] = {
    SELF_SERVICE: Channel.DIGITAL.value,
    APPOINTMENT: Channel.IN_PERSON.value,
    ASSISTED: Channel.IN_PERSON.value,
}
MOST_FACTOR, MOST_CONTACTS = 100.0, 1e6


def _date(day: str) -> dt.date:
    try:
        return dt.date.fromisoformat(day)
    except ValueError:
        raise ValueError(_("{day} er ingen dag; skriv fx 2007-10-24").format(day=day or "–")) from None


def _range(low: float, middle: float, high: float, most: float) -> None:
    if not 0 < low <= middle <= high <= most:
        raise ValueError(_("low ≤ midten ≤ high, alle over 0 og højst {most}").format(most=number(most)))


def _known(channels: tuple[str, ...], source: str) -> None:
    known = [one.value for one in Channel]
    for word in channels:
        if word not in known:
            raise ValueError(_("kanalen {word} kendes ikke; kendte: {known}").format(word=word, known=", ".join(known)))
    if source not in SOURCES:
        raise ValueError(_("source er en af: {sources}").format(sources=", ".join(SOURCES)))


def _within(inputs: Inputs, first: dt.date, last: dt.date) -> tuple[int, int]:
    """The days as numbers. Raises CannotPlan where none of them is simulated: the change would do nothing."""
    end = inputs.first_day + dt.timedelta(days=inputs.days - 1)
    if last < inputs.first_day or first > end:
        raise CannotPlan(
            _("Dagene {first} til {last} ligger uden for den tid, der simuleres: {begins} til {ends}.").format(
                first=first, last=last, begins=inputs.first_day, ends=end
            ),
            cure=_("Vælg dage inden for den, eller simulér en anden tid."),
        )
    return _numbers(inputs.first_day, inputs.days, first, last)


def _numbers(first_day: dt.date, days: int, first: dt.date, last: dt.date) -> tuple[int, int]:
    return max(0, (first - first_day).days), min(days - 1, (last - first_day).days)


def _must_be(model: ServiceModel, services: tuple[str, ...]) -> None:
    for key in services:
        if key not in model.services:
            raise CannotPlan(
                _("Der er ingen opgave med nøglen {key}.").format(key=key),
                cure=_("Find den med: hovedindgang model show FIL"),
            )


@dataclass(frozen=True, slots=True)
class Shock:
    """From `from_day` to `to_day` `factor` times as many come for some services (none named: all) by some channels
    (none named: all). `factor` is the median; it lies between `low` and `high` with 95 % probability."""

    name: str
    from_day: str
    to_day: str
    factor: float
    low: float
    high: float
    services: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    source: str = SourceKind.ASSUMED.value

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise ValueError(_("giv det et navn, fx et valg"))
        if _date(self.from_day) > _date(self.to_day):
            raise ValueError(_("to_day ligger før from_day"))
        _range(self.low, self.factor, self.high, MOST_FACTOR)
        _known(self.channels, self.source)

    @property
    def key(self) -> str:
        return self.name

    @property
    def factor_range(self) -> tuple[float, float, float]:
        return self.low, self.factor, self.high

    def hits(self, channel: str, service: str) -> bool:
        """Who serves herself comes digitally, who has booked a time in person; work inside the house is nobody's."""
        channel = COMES.get(channel, channel)
        by = channel in self.channels if self.channels else channel in {one.value for one in Channel}
        return by and (not self.services or service in self.services)

    def days(self, first_day: dt.date, days: int) -> tuple[int, int]:
        return _numbers(first_day, days, _date(self.from_day), _date(self.to_day))

    def applied(self, model: ServiceModel, inputs: Inputs) -> tuple[ServiceModel, Inputs]:
        _must_be(model, self.services)
        _within(inputs, _date(self.from_day), _date(self.to_day))
        demand = dataclasses.replace(inputs.demand, shocks=(*inputs.demand.shocks, self))
        return model, dataclasses.replace(inputs, demand=demand)

    def words(self, model: ServiceModel) -> str:
        _must_be(model, self.services)
        what = ", ".join(full_name_of(model.services[key]) for key in self.services) or _("alle opgaver")
        ways = ", ".join(_(REST[one]).lower() for one in self.channels) or _("alle veje ind")
        return _(
            "{name}: fra {first} til {last} kommer {factor} gange så mange (mellem {low} og {high}); det gælder "
            "{what}, {ways}."
        ).format(
            name=self.name,
            first=self.from_day,
            last=self.to_day,
            factor=number(self.factor, 2),
            low=number(self.low, 2),
            high=number(self.high, 2),
            what=what,
            ways=ways,
        )


@dataclass(frozen=True, slots=True)
class NewService:
    """A service that there was not: from `from_day` on `contacts` a year, between `low` and `high` with 95 %.

    `channels`: by which, as the other services' contacts fall between them. `handle_minutes`: of a generalist.
    """

    key: str
    name: str
    from_day: str
    contacts: float
    low: float
    high: float
    handle_minutes: float
    channels: tuple[str, ...] = (Channel.IN_PERSON.value, Channel.PHONE.value)
    level: str = Level.ADMINISTER.value
    source: str = SourceKind.ASSUMED.value

    def __post_init__(self) -> None:
        if not self.key.strip() or not self.name.strip():
            raise ValueError(_("en opgave har en nøgle og et navn"))
        _date(self.from_day)
        _range(self.low, self.contacts, self.high, MOST_CONTACTS)
        _known(self.channels, self.source)
        if not self.channels:
            raise ValueError(_("skriv mindst én kanal i channels"))
        if not 0 < self.handle_minutes <= 600:
            raise ValueError(_("handle_minutes er over 0 og højst 600"))
        levels = [one.value for one in Level]
        if self.level not in levels:
            raise ValueError(_("level er en af: {levels}").format(levels=", ".join(levels)))

    @property
    def factor_range(self) -> tuple[float, float, float]:
        return self.low / self.contacts, 1.0, self.high / self.contacts

    def hits(self, channel: str, service: str) -> bool:
        return service == self.key and COMES.get(channel, channel) in {one.value for one in Channel}

    def days(self, first_day: dt.date, days: int) -> tuple[int, int]:
        return _numbers(first_day, days, _date(self.from_day), dt.date.max)

    def shares(self, demand: Demand) -> Mapping[str, float]:
        known = {one: demand.contacts_per_year.get(Channel(one)) for one in self.channels}
        weights = {one: figure.value if figure else 0.0 for one, figure in known.items()}
        total = sum(weights.values())
        return {one: weight / total if total else 1 / len(weights) for one, weight in weights.items()}

    def applied(self, model: ServiceModel, inputs: Inputs) -> tuple[ServiceModel, Inputs]:
        if self.key in model.services:
            raise CannotPlan(
                _("Der er allerede en opgave med nøglen {key}.").format(key=self.key),
                cure=_("Vælg en anden nøgle, eller skriv flere henvendelser om den, der er."),
            )
        _within(inputs, _date(self.from_day), dt.date.max)
        channels = tuple(Channel(one) for one in self.channels)
        service = Service(
            key=self.key,
            name=self.name,
            kind=ServiceKind.TRANSACTION,
            level=Level(self.level),
            channels=channels,
            handle_minutes=Sourced(dict.fromkeys(channels, self.handle_minutes), self.source),
            source=self.source,
        )
        model = dataclasses.replace(model, services={**model.services, self.key: service})
        demand = dataclasses.replace(inputs.demand, new=(*inputs.demand.new, self))
        return model, dataclasses.replace(inputs, demand=demand)

    def words(self, model: ServiceModel) -> str:
        return _(
            "Ny opgave fra {day}: {name}, {contacts} henvendelser om året (mellem {low} og {high}), {ways}, "
            "{minutes} minutter."
        ).format(
            day=self.from_day,
            name=self.name,
            contacts=number(self.contacts),
            low=number(self.low),
            high=number(self.high),
            ways=", ".join(_(REST[one]).lower() for one in self.channels),
            minutes=number(self.handle_minutes, 1),
        )
