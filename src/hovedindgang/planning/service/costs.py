"""What a simulated service costs a year: paid hours, the places that are kept, and its contacts by their price.

Wages and places are added. The price of a contact holds the wages of whoever takes it, so what contacts cost by their
price is another measure of the same, and is told beside and never added.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hovedindgang.planning.language import gettext_noop
from hovedindgang.planning.service.ground import SELF_SERVICE
from hovedindgang.planning.service.inputs import APPOINTMENT, ASSISTED, Figure, Inputs
from hovedindgang.planning.simulation.network import Of
from hovedindgang.planning.simulation.outcome import Estimate, Results, mean_of
from hovedindgang.planning.simulation.scenario import ByDate, Employee, Scenario
from hovedindgang.servicemodel.document import CentreKind, Channel, ServiceModel, SourceKind

YEAR = 365.0

# Kroner a contact, where the model has none: KL 2012 published 75 for in person and about 20 for self-service whose
# data go on by themselves; the others are assumed.
PRICES: Mapping[str, Figure] = {
    "in_person": Figure(75.0, SourceKind.PUBLISHED, "KL 2012"),
    SELF_SERVICE: Figure(20.0, SourceKind.PUBLISHED, gettext_noop("KL 2012, med automatisk dataoverførsel")),
    "phone": Figure(45.0, SourceKind.ASSUMED, gettext_noop("mellem selvbetjening og skranke"), 30.0, 70.0),
    "written": Figure(95.0, SourceKind.ASSUMED, gettext_noop("KL: dyrere end telefon"), 60.0, 130.0),
    ASSISTED: Figure(60.0, SourceKind.ASSUMED, gettext_noop("medbetjening, lidt under skranken"), 45.0, 110.0),
    "digital": Figure(60.0, SourceKind.ASSUMED, gettext_noop("besvares af en medarbejder"), 30.0, 95.0),
}


def price_of(model: ServiceModel, channel: str) -> Figure:
    """Kroner a contact: the adopted model's, else as published or assumed here."""
    channel = Channel.IN_PERSON.value if channel == APPOINTMENT else channel
    if channel in {one.value for one in model.costs_kr}:
        known = model.costs_kr[Channel(channel)]
        source = model.sources[known.source]
        return Figure(known.value, source.kind, source.reference, reference_en=source.reference_en or "")
    return PRICES[channel]


@dataclass(frozen=True, slots=True)
class Kept:
    """A place that is kept: as which kind, and what that costs a year without wages."""

    centre: str
    kind: CentreKind
    kr: Figure


@dataclass(frozen=True, slots=True)
class Cost:
    """Kroner a year. `paid`: hours in the rosters, absent or not; `overtime`: hours after the shift's end.

    paid_at: the same hours by the place people work at. places: (kroner, low, high) of the places that are kept; their
    range is what is not known, no chance. kr: wages and places together; its interval is of the wages alone.
    """

    paid_hours: float
    paid_at: Mapping[str, float]
    overtime_hours: Estimate
    wages_kr: Estimate
    places_kr: tuple[float, float, float]
    kr: Estimate


def kept_places(model: ServiceModel, inputs: Inputs) -> tuple[Kept, ...]:
    """The places that cost something: where a team works, though the door be shut, and where people are met.

    Where nobody has her place of work a visiting team borrows a room: it costs as a mobile service. A service point
    costs as one.
    """
    works = {team.centre for team in inputs.staff.teams if team.number}
    visited = {one.place for one in inputs.staff.outings}
    found = []
    for key, centre in model.centres.items():
        is_open = key in visited or any(centre.hours.get(Channel.IN_PERSON, {}).values())
        if key not in works and not is_open and centre.kind is not CentreKind.SERVICE_POINT:
            continue
        borrowed = key not in works and centre.kind is not CentreKind.SERVICE_POINT
        kind = CentreKind.MOBILE if borrowed else centre.kind
        found.append(Kept(key, kind, inputs.places.fixed_kr[kind.value]))
    return tuple(found)


def cost_of(results: Results, kept: Sequence[Kept] = ()) -> Cost:
    """What the employees of Borgerservice and the `kept` places cost; employees of departments are not counted."""
    scenario = results.prepared.scenario
    own = [at for at, one in enumerate(scenario.employees) if one.own]
    asked = scenario.days - scenario.lead_days
    hours = {at: paid_minutes(scenario, scenario.employees[at]) / 60.0 * YEAR / asked for at in own}
    wages = np.array([scenario.employees[at].kr_per_hour for at in own])
    over = np.array([tally.overtime[own] for tally in results.tallies]).reshape(-1, len(own))
    over *= YEAR / results.days / 60.0
    fixed = sum(hours[at] * scenario.employees[at].kr_per_hour for at in own)
    paid_at: dict[str, float] = {}
    for at in own:
        place = scenario.employees[at].place or ""
        paid_at[place] = paid_at.get(place, 0.0) + hours[at]
    places, low, high = (sum(bound(one.kr) for one in kept) for bound in (_value, _low, _high))
    return Cost(
        paid_hours=sum(hours.values()),
        paid_at=paid_at,
        overtime_hours=mean_of(over.sum(axis=1)),
        wages_kr=mean_of(fixed + over @ wages),
        places_kr=(places, low, high),
        kr=mean_of(places + fixed + over @ wages),
    )


def _value(figure: Figure) -> float:
    return figure.value


def _low(figure: Figure) -> float:
    return figure.ends[0]


def _high(figure: Figure) -> float:
    return figure.ends[1]


def paid_minutes(scenario: Scenario, employee: Employee) -> float:
    """In the days that were asked for; breaks are paid, as in the municipal agreement."""
    if employee.week is None:
        return (scenario.days - scenario.lead_days) * 1440.0
    by_date = isinstance(employee.week, ByDate)
    return employee.minutes_on_the_road + sum(
        shift.ends - shift.begins
        for day in range(scenario.lead_days, scenario.days)
        if by_date or scenario.weekday(day) >= 5 or scenario.works_on(day)
        for shift in employee.week.on(day, scenario.weekday(day))
    )


@dataclass(frozen=True, slots=True)
class Contacts:
    """Of one channel in a year: how many, what one costs by its price, and what they cost (the interval is of how many
    they are; how unsure the price is stands with it)."""

    a_year: Estimate
    price: Figure
    kr: Estimate


def answered(results: Results) -> dict[str, NDArray[np.float64]]:
    """[R] by channel, of those that have a price: contacts a year that were answered, or done by citizens alone."""
    flows = list(results.prepared.scenario.flows.values())
    found = {}
    for channel in dict.fromkeys(flow.channel for flow in flows):
        if channel in PRICES or channel == APPOINTMENT:
            own = [at for at, flow in enumerate(flows) if flow.channel == channel]
            of = Of.ARRIVED if channel == SELF_SERVICE else Of.SERVED
            found[channel] = results.column(of, own) * YEAR / results.days
    return found


def contacts_of(results: Results, model: ServiceModel) -> dict[str, Contacts]:
    """What the contacts of each channel cost by their price."""
    prices = {channel: price_of(model, channel) for channel in answered(results)}
    return {
        channel: Contacts(mean_of(a_year), prices[channel], mean_of(a_year * prices[channel].value))
        for channel, a_year in answered(results).items()
    }


def contacts_kr(results: Results, model: ServiceModel) -> Estimate:
    """All of them together, kroner a year."""
    each = (a_year * price_of(model, channel).value for channel, a_year in answered(results).items())
    return mean_of(sum(each, np.zeros(len(results.tallies))))


def cost_as_data(results: Results, model: ServiceModel, inputs: Inputs) -> dict[str, Any]:
    """All of it, with its sources: what `plan simulate` and `plan compare` tell."""
    kept, contacts = kept_places(model, inputs), contacts_of(results, model)
    wage = inputs.staff.kr_per_hour
    return {
        **wages_as_data(cost_of(results, kept)),
        "wage": {"kr_per_hour": wage.value, "low": wage.low, "high": wage.high, "source": _said(wage)},
        "places": [
            {
                "centre": one.centre,
                "kept_as": one.kind.value,
                "kr": one.kr.value,
                "source": one.kr.kind.value,
                "reference": one.kr.said,
            }
            for one in kept
        ],
        "contacts": {
            channel: {
                "contacts_per_year": plainly(one.a_year),
                "kr_per_contact": {"value": one.price.value, "low": one.price.low, "high": one.price.high},
                "kr_per_year": plainly(one.kr),
                "source": _said(one.price),
            }
            for channel, one in contacts.items()
        },
        "contacts_kr_per_year": plainly(contacts_kr(results, model)),
    }


def wages_as_data(cost: Cost) -> dict[str, Any]:
    """Of a scenario that knows of no places and no prices this is all."""
    return {
        "paid_hours_per_year": cost.paid_hours,
        "overtime_hours_per_year": plainly(cost.overtime_hours),
        "paid_hours_at": dict(cost.paid_at),
        "wages_kr_per_year": plainly(cost.wages_kr),
        "places_kr_per_year": dict(zip(("value", "low", "high"), cost.places_kr, strict=True)),
        "kr_per_year": plainly(cost.kr),
    }


def _said(figure: Figure) -> str:
    return f"{figure.kind.value}: {figure.said}"


def plainly(one: Estimate, times: float = 1.0, most: float = math.inf) -> dict[str, float | None]:
    """As data: nothing below zero, and None where there is no end."""
    cut = one.within(0, most).as_dict()
    return {name: times * value if math.isfinite(value) else None for name, value in cut.items()}
