"""What the parts of a scenario of a service stand on: its model and inputs, its days, and when what is open."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.service.inputs import Inputs
from hovedindgang.servicemodel.document import CentreKind, Channel, Level, Service, ServiceModel
from hovedindgang.servicemodel.hours import closes_at, opening_periods

STEPS = 96  # of a day: a quarter of an hour each
IN_PERSON, PHONE = Channel.IN_PERSON.value, Channel.PHONE.value
FILL_IN = (Channel.WRITTEN.value, Channel.DIGITAL.value)
SELF_SERVICE, DEPARTMENT = "self_service", "department"
BACK = "returned"
DAY = 1440.0
DEPARTMENT_WEEK_HOURS = 37.0
OVER = 60.0  # minutes a week over or under the contract that are none
SELF_SERVICE_MINUTES = 10.0  # assumed; only the citizen's own time depends on it

Hours = tuple[float, float] | None


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
    """What all parts of the building stand on."""

    model: ServiceModel
    inputs: Inputs
    dates: tuple[dt.date, ...]
    services: dict[str, Service]
    centres: tuple[str, ...]
    open: dict[tuple[str, str], tuple[Hours, ...]]  # (channel, centre) → hours of each day
    phone: tuple[Hours, ...]
    after_closing: NDArray[np.bool_]  # [D]: the weekday before was a day on which all was closed
    spread: dict[tuple[tuple[float, ...], bool], Spread] = field(default_factory=dict)  # by wave, and who may ring

    def level(self, service: str, centre: str | None) -> Level:
        return self.model.level_of(service, centre, self.dates[0])


def services_of(model: ServiceModel, inputs: Inputs) -> dict[str, Service]:
    """Those that are simulated: in force, had by some channel, and known how long they take."""
    measured = {key.partition(":")[2] for key in inputs.work.handle_minutes}
    return {
        key: one
        for key, one in model.services_on(inputs.first_day).items()
        if one.channels and (one.handle_minutes or key in measured)
    }


def ground_of(model: ServiceModel, inputs: Inputs) -> Ground:
    """The days, services, centres and opening hours; raises CannotPlan where nothing is open or asked for."""
    dates = tuple(inputs.first_day + dt.timedelta(days=n) for n in range(inputs.days))
    services = services_of(model, inputs)
    if not services:
        raise CannotPlan(
            _("Modellen har ingen opgaver med behandlingstider den {date}.").format(date=inputs.first_day.isoformat()),
            cure=_("Tag kataloget med (include), eller skriv handle_minutes på opgaverne."),
        )
    centres = tuple(k for k, one in model.centres.items() if one.kind is not CentreKind.SERVICE_POINT)
    hours = {
        (channel.value, centre): tuple(_day_hours(model, centre, channel, date) for date in dates)
        for channel in (Channel.IN_PERSON, Channel.PHONE)
        for centre in centres
    }
    phones = [inputs.phones_at] if inputs.phones_at else list(centres)
    phone = tuple(widest([hours[PHONE, centre][day] for centre in phones]) for day in range(inputs.days))
    if not any(any(one) for one in hours.values()):
        raise CannotPlan(
            _("Intet center har åbent i perioden."), cure=_("Skriv åbningstider i modellen: centres.NØGLE.hours.")
        )
    return Ground(model, inputs, dates, services, centres, hours, phone, _after_closing(model, dates))


def _after_closing(model: ServiceModel, dates: tuple[dt.date, ...]) -> NDArray[np.bool_]:
    before = [date - dt.timedelta(days=1) for date in dates]
    return np.array([one.weekday() < 5 and closes_at(model.calendar, one) == dt.time.min for one in before])


def _day_hours(model: ServiceModel, centre: str, channel: Channel, date: dt.date) -> Hours:
    periods = opening_periods(model, centre, channel, date)
    if not periods:
        return None
    return _clock(periods[0][0]), _clock(periods[-1][1])


def _clock(at: dt.datetime) -> float:
    return at.hour * 60.0 + at.minute


def widest(hours: list[Hours]) -> Hours:
    """From the first opening to the last closing; None where all are shut."""
    open_ones = [one for one in hours if one]
    return (min(one[0] for one in open_ones), max(one[1] for one in open_ones)) if open_ones else None
