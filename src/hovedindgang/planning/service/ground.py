"""What the parts of a scenario of a service stand on: its model and inputs, its days, and when what is open."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.service.inputs import Inputs, Outing
from hovedindgang.planning.simulation.scenario import Periods, joined
from hovedindgang.servicemodel.document import CentreKind, Channel, Level, Service, ServiceModel
from hovedindgang.servicemodel.hours import closes_at, opening_periods

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

STEPS = 96  # of a day: a quarter of an hour each
IN_PERSON, PHONE = Channel.IN_PERSON.value, Channel.PHONE.value
FILL_IN = (Channel.WRITTEN.value, Channel.DIGITAL.value)
SELF_SERVICE, DEPARTMENT = "self_service", "department"
BACK = "returned"
DAY = 1440.0
DEPARTMENT_WEEK_HOURS = 37.0
OVER = 60.0  # minutes a week over or under the contract that are none
SELF_SERVICE_MINUTES = 10.0  # assumed; only the citizen's own time depends on it


@dataclass(frozen=True, slots=True)
class Spread:
    """Of those who would come in person for a service: shares [D] that come to each centre, and that ring instead.

    `journeys`: (the centre they have nearest, where they go; "phone" where they ring) → share of all.
    """

    centres: dict[str, NDArray[np.float64]]
    ring: NDArray[np.float64]
    journeys: dict[tuple[str, str], float]


@dataclass(frozen=True, slots=True)
class Ground:
    """What all parts of the building stand on.

    Contacts are so many a year: whoever counts them looks at whole calendar years (`years`), and cuts out the days that
    are simulated, so that a month's run expects what that month of the year's run does. Outside the days simulated the
    model is taken as on the nearest of them: what it was before it was adopted is nobody's question here.
    """

    model: ServiceModel
    inputs: Inputs
    dates: tuple[dt.date, ...]
    services: dict[str, Service]
    centres: tuple[str, ...]
    open: dict[tuple[str, str], tuple[Periods, ...]]  # (channel, centre) → hours of each day
    phone: tuple[Periods, ...]
    own: dict[str, tuple[Periods, ...]]  # centre → hours in person by the model, without those who visit
    visits: dict[Outing, tuple[Periods, ...]]  # when an outing is there, and opens the door
    closed: tuple[bool, ...]  # the whole day, by the model's calendar
    after_closing: tuple[bool, ...]  # the weekday before was a day on which all was closed
    years: tuple[Ground, ...] = ()  # the calendar years around the days, each whole
    known: dict[Any, Any] = field(default_factory=dict)  # what has been worked out of those who come
    at_work: dict[Any, Any] = field(default_factory=dict)  # what has been worked out of the staff

    def share_of(self, year: int) -> float:
        """Of the days that are simulated."""
        key = "share", year
        if key not in self.known:
            self.known[key] = sum(date.year == year for date in self.dates) / len(self.dates)
        share: float = self.known[key]
        return share

    def level(self, service: str, centre: str | None) -> Level:
        key = "level", service, centre
        if key not in self.known:
            self.known[key] = self.model.level_of(service, centre, self.dates[0])
        level: Level = self.known[key]
        return level


def services_of(model: ServiceModel, inputs: Inputs) -> dict[str, Service]:
    """Those that are simulated: in force, had by some channel, and known how long they take."""
    measured = {key.partition(":")[2] for key in inputs.work.handle_minutes}
    return {
        key: one
        for key, one in model.services_on(inputs.first_day).items()
        if one.channels and (one.handle_minutes or key in measured)
    }


# All of the inputs that is asked who comes, when and what is done with them; of the staff, who visits a place.
_OF_WHO_COMES = (
    *("first_day", "days", "demand", "behaviour", "work"),
    *("division", "more_minutes", "phones_at", "appointments", "assisted"),
)
_last: deque[tuple[ServiceModel, dt.date | None, Ground]] = deque(maxlen=4)


def ground_of(model: ServiceModel, inputs: Inputs, *, as_on: dt.date | None = None) -> Ground:
    """The days, services, centres and opening hours; raises CannotPlan where nothing is open or asked for.

    `as_on`: with the model as it is on that day, whatever days are asked for. The last few are remembered: a proposal
    that changes the staff alone stands on what was worked out for the plan that it changes, and any other that leaves
    the doors alone on when what is open.
    """
    alike = [known for of, on, known in tuple(_last) if of is model and on == as_on]
    for known in alike:
        if _same_come(known.inputs, inputs):
            return dataclasses.replace(known, inputs=inputs, at_work={})
    services = _services_asked_for(model, inputs, as_on)
    open_alike = (_with(known, inputs) for known in alike if _same_doors(known, inputs, services))
    ground = next(open_alike, None) or _made(model, inputs, services, as_on)
    _last.append((model, as_on, ground))
    return ground


def _same_come(one: Inputs, other: Inputs) -> bool:
    """Whether both have the same parts, not only equal ones: to compare those would take as long as what is saved."""
    return one.staff.outings == other.staff.outings and all(
        mine is others or (isinstance(mine, int | str | dt.date) and mine == others)
        for mine, others in ((getattr(one, name), getattr(other, name)) for name in _OF_WHO_COMES)
    )


_of_doors = attrgetter("first_day", "days", "phones_at", "staff.outings")


def _same_doors(known: Ground, inputs: Inputs, services: dict[str, Service]) -> bool:
    """Whether the same doors and telephones are open at the same hours, for the same services."""
    return _of_doors(known.inputs) == _of_doors(inputs) and known.services == services


def _with(known: Ground, inputs: Inputs) -> Ground:
    """The same hours, and other inputs, of which nothing has been worked out."""
    years = tuple(dataclasses.replace(year, inputs=inputs, known={}, at_work={}) for year in known.years)
    return dataclasses.replace(known, inputs=inputs, years=years, known={}, at_work={})


def _services_asked_for(model: ServiceModel, inputs: Inputs, as_on: dt.date | None) -> dict[str, Service]:
    services = services_of(model, dataclasses.replace(inputs, first_day=as_on or inputs.first_day))
    if not services:
        raise CannotPlan(
            _("Modellen har ingen opgaver med behandlingstider den {date}.").format(date=inputs.first_day.isoformat()),
            cure=_("Tag kataloget med (include), eller skriv handle_minutes på opgaverne."),
        )
    return services


def _made(model: ServiceModel, inputs: Inputs, services: dict[str, Service], as_on: dt.date | None) -> Ground:
    dates = tuple(inputs.first_day + dt.timedelta(days=n) for n in range(inputs.days))
    visited = {one.place for one in inputs.staff.outings}
    centres = tuple(k for k, one in model.centres.items() if one.kind is not CentreKind.SERVICE_POINT or k in visited)
    years = range(dates[0].year, dates[-1].year + 1)
    whole = [tuple(_dates(dt.date(year, 1, 1), dt.date(year, 12, 31))) for year in years]
    hours = _Hours(model, (as_on,) if as_on else dates)
    around = tuple(_open_on(days, model, inputs, services, centres, hours) for days in whole)
    ground = _cut_out(around, dates)
    if not any(any(one) for one in ground.open.values()):
        raise CannotPlan(
            _("Intet center har åbent i perioden."), cure=_("Skriv åbningstider i modellen: centres.NØGLE.hours.")
        )
    return ground


def _cut_out(years: tuple[Ground, ...], dates: tuple[dt.date, ...]) -> Ground:
    """The days of the years around them."""
    since = (dates[0] - years[0].dates[0]).days
    days, first = slice(since, since + len(dates)), years[0]

    def of(each: list[tuple[Any, ...]]) -> tuple[Any, ...]:
        return tuple(chain(*each))[days]

    return dataclasses.replace(
        first,
        dates=dates,
        open={key: of([year.open[key] for year in years]) for key in first.open},
        phone=of([year.phone for year in years]),
        own={key: of([year.own[key] for year in years]) for key in first.own},
        visits={key: of([year.visits[key] for year in years]) for key in first.visits},
        closed=of([year.closed for year in years]),
        after_closing=of([year.after_closing for year in years]),
        years=years,
        known={},
        at_work={},
    )


def _dates(first: dt.date, last: dt.date) -> list[dt.date]:
    return [first + dt.timedelta(days=day) for day in range((last - first).days + 1)]


def _open_on(
    dates: tuple[dt.date, ...],
    model: ServiceModel,
    inputs: Inputs,
    services: dict[str, Service],
    centres: tuple[str, ...],
    hours: _Hours,
) -> Ground:
    before = [date - dt.timedelta(days=1) for date in dates]
    own = {centre: hours.on_each(dates, centre, Channel.IN_PERSON) for centre in centres}
    visits = {one: tuple(hours.of_visit(one, date) for date in dates) for one in inputs.staff.outings}
    of_day = {(PHONE, centre): hours.on_each(dates, centre, Channel.PHONE) for centre in centres}
    for centre in centres:
        of_day[IN_PERSON, centre] = _together([own[centre], *(at for one, at in visits.items() if one.place == centre)])
    phones = [inputs.phones_at] if inputs.phones_at else centres
    return Ground(
        model=model,
        inputs=inputs,
        dates=dates,
        services=services,
        centres=centres,
        open=of_day,
        phone=_together([of_day[PHONE, centre] for centre in phones]),
        own=own,
        visits=visits,
        closed=tuple(hours.closing(date) == dt.time.min for date in dates),
        after_closing=tuple(one.weekday() < 5 and hours.closing(one) == dt.time.min for one in before),
    )


def _together(each: list[tuple[Periods, ...]]) -> tuple[Periods, ...]:
    """When one of them at least is open, on each day."""
    days = list(zip(*each, strict=True))
    of = {day: joined(chain(*day)) for day in set(days)}
    return tuple(of[day] for day in days)


def week_number(date: dt.date) -> int:
    """Weeks from Monday to Sunday, counted: every second is the same whatever day a plan begins."""
    return (date.toordinal() - 1) // 7


class _Hours:
    """When a centre is open on a day, each kind of day worked out once; see `Ground` for days not simulated."""

    def __init__(self, model: ServiceModel, dates: tuple[dt.date, ...]) -> None:
        self.model, self.first, self.last = model, dates[0], dates[-1]
        lasting = {key: dataclasses.replace(one, valid_from=None, valid_to=None) for key, one in model.centres.items()}
        self.lasting = dataclasses.replace(model, centres=lasting)
        self.closes: dict[dt.date, dt.time | None] = {}
        self._kinds: tuple[Sequence[dt.date], list[tuple[int, dt.time | None]]] | None = None  # of the last asked for

    def on_each(self, dates: Sequence[dt.date], centre: str, channel: Channel) -> tuple[Periods, ...]:
        place = self.model.centres[centre]
        begins, ends = place.valid_from or dt.date.min, place.valid_to or dt.date.max
        shut = {closing.on for closing in place.closing_days}
        always = begins <= self.first and self.last < ends
        found, known = list[Periods](), dict[tuple[int, dt.time | None], Periods]()
        for date, key in zip(dates, self._kinds_of(dates), strict=True):
            if date in shut or not (always or begins <= min(max(date, self.first), self.last) < ends):
                found.append(())
                continue
            if key not in known:
                periods = opening_periods(self.lasting, centre, channel, date)
                known[key] = tuple((_clock(opens), _clock(closes)) for opens, closes in periods)
            found.append(known[key])
        return tuple(found)

    def _kinds_of(self, dates: Sequence[dt.date]) -> list[tuple[int, dt.time | None]]:
        """Of each day its weekday, and when all shut early."""
        if self._kinds is None or self._kinds[0] is not dates:
            self._kinds = dates, [(date.weekday(), self.closing(date)) for date in dates]
        return self._kinds[1]

    def of_visit(self, outing: Outing, date: dt.date) -> Periods:
        """When a travelling team is there: in its own weeks, on a day on which the place would not be closed."""
        if date.weekday() != outing.weekday or week_number(date) % outing.every_weeks:
            return ()
        if any(closing.on == date for closing in self.model.centres[outing.place].closing_days):
            return ()
        closes = self.closing(date)
        ends = outing.ends if closes is None else min(outing.ends, closes.hour * 60.0 + closes.minute)
        return ((outing.begins, ends),) if outing.begins < ends else ()

    def closing(self, date: dt.date) -> dt.time | None:
        if date not in self.closes:
            self.closes[date] = closes_at(self.model.calendar, date)
        return self.closes[date]


def _clock(at: dt.datetime) -> float:
    return at.hour * 60.0 + at.minute


def minutes_of(periods: Periods) -> float:
    """How long it is open in all."""
    return sum(closes - opens for opens, closes in periods)
