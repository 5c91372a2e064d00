"""What a simulated decision does to whom, and what it costs: for the page on which decisions are compared.

A citizen is counted where she has a centre nearest, whether she goes there, to another, or rings: so what a closed
door does shows with those who stood before it. Distances are by the air between centres, lengthened by `DETOUR`
(assumed); how far people have to their own centre is not counted: no decision changes it but one that opens a nearer.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hovedindgang.planning.distances import DETOUR
from hovedindgang.planning.service.changes import changed
from hovedindgang.planning.service.coming import APART, journeys, kilometres, moves_of
from hovedindgang.planning.service.exempt import EXEMPT_SOURCE, by_age
from hovedindgang.planning.service.ground import IN_PERSON, PHONE, ground_of
from hovedindgang.planning.service.inputs import Figure, Inputs
from hovedindgang.planning.service.reading import Plan
from hovedindgang.planning.simulation.network import Of
from hovedindgang.planning.simulation.outcome import Estimate, Results, mean_of, ratio_of
from hovedindgang.planning.simulation.scenario import ByDate, Employee, Scenario
from hovedindgang.servicemodel.document import CentreKind, Channel, ServiceModel

YEAR = 365.0


@dataclass(frozen=True, slots=True)
class Catchment:
    """Those who have one centre nearest, and would come in person, in a year.

    came_to: where they go ("phone": they ring) → contacts. extra_km: each way, a contact, over all of them; infinite
    where the model does not say where centres are. wait_minutes: of those served in person, wherever they went.
    """

    centre: str
    contacts: float
    came_to: Mapping[str, float]
    extra_km: float
    wait_minutes: Estimate
    not_served: Estimate  # share of those who came in person that gave up or found the door shut


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
    hours = {at: paid_minutes(scenario, scenario.employees[at]) / 60.0 * YEAR / scenario.days for at in own}
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
    return figure.value if figure.low is None else figure.low


def _high(figure: Figure) -> float:
    return figure.value if figure.high is None else figure.high


def paid_minutes(scenario: Scenario, employee: Employee) -> float:
    """In the whole time; breaks are paid, as in the municipal agreement."""
    if employee.week is None:
        return scenario.days * 1440.0
    by_date = isinstance(employee.week, ByDate)
    return employee.minutes_on_the_road + sum(
        shift.ends - shift.begins
        for day in range(scenario.days)
        if by_date or scenario.weekday(day) >= 5 or scenario.works_on(day)
        for shift in employee.week.on(day, scenario.weekday(day))
    )


def catchments_of(model: ServiceModel, inputs: Inputs, results: Results) -> tuple[Catchment, ...]:
    """For each centre that people have nearest: where they go now, how much farther, and how long they wait there."""
    went = journeys(model, inputs)
    found = []
    for centre in sorted({origin for origin, _to in went}):
        to = {place: contacts for (origin, place), contacts in went.items() if origin == centre and contacts > 0}
        total = sum(to.values())
        places = {place: contacts for place, contacts in to.items() if place != PHONE}
        km = sum(contacts * _farther(model, centre, place) for place, contacts in places.items())
        found.append(
            Catchment(
                centre=centre,
                contacts=total,
                came_to=to,
                extra_km=km / total if total else 0.0,
                wait_minutes=_weighted(results, places, Of.WAITED),
                not_served=_weighted(results, places, None),
            )
        )
    return tuple(found)


def _farther(model: ServiceModel, centre: str, place: str) -> float:
    return 0.0 if place == centre else kilometres(model, centre, place) * DETOUR


def _weighted(results: Results, places: Mapping[str, float], of: Of | None) -> Estimate:
    """Over the places that they go to, by how many go there: minutes waited, or (None) the share not served."""
    total = sum(places.values())
    if not total:
        return Estimate(math.nan, math.nan, math.nan)
    above, keys = np.zeros(len(results.tallies)), results.prepared.flows
    for place, contacts in places.items():
        ways = (f"{IN_PERSON}:", *(f"{one}:" for one in APART))
        flows = [at for at, key in enumerate(keys) if key.startswith(ways) and key.endswith(f":{place}")]
        served = results.column(Of.SERVED, flows)
        lost = results.column(Of.GAVE_UP, flows) + results.column(Of.UNSERVED, flows)
        top, bottom = (results.column(of, flows), served) if of is not None else (lost, served + lost)
        above += contacts / total * np.divide(top, bottom, out=np.zeros_like(top), where=bottom > 0)
    return ratio_of(above, np.ones(len(above)))


def effects_of(plan: Plan, results: Results, after: tuple[ServiceModel, Inputs] | None = None) -> dict[str, Any]:
    """What the plan changes in words, what it costs a year, and what each centre's own people get, as data.

    Shares are of those who would come in person. An infinite distance (a place without coordinates) is None. `after`:
    the model and inputs after the changes, where they are known; to work them out takes a third of a second.
    """
    model, inputs = after or changed(plan.model, plan.inputs, plan.changes)
    kept = kept_places(model, inputs)
    cost = cost_of(results, kept)
    words, at, so_far = [], plan.model, plan.inputs
    for change in plan.changes:
        at, so_far = change.applied(at, so_far)
        words.append(change.words(at))
    return {
        "changes": words,
        "cost": {
            "paid_hours_per_year": cost.paid_hours,
            "overtime_hours_per_year": _plain(cost.overtime_hours),
            "paid_hours_at": dict(cost.paid_at),
            "wages_kr_per_year": _plain(cost.wages_kr),
            "places_kr_per_year": dict(zip(("value", "low", "high"), cost.places_kr, strict=True)),
            "kr_per_year": _plain(cost.kr),
            "places": [
                {"centre": one.centre, "kept_as": one.kind.value, "kr": one.kr.value, "source": one.kr.kind.value}
                for one in kept
            ],
        },
        "catchments": [
            {
                "centre": one.centre,
                "contacts_per_year": one.contacts,
                "shares": {to: contacts / one.contacts for to, contacts in one.came_to.items()},
                "extra_km": one.extra_km if math.isfinite(one.extra_km) else None,
                "wait_minutes": _plain(one.wait_minutes),
                "not_served_percent": _plain(one.not_served, 100, most=1),
            }
            for one in catchments_of(model, inputs, results)
        ],
        "moves": moves_as_data(model, inputs),
        "sources": {"detour": f"{DETOUR}: assumed", "wage": inputs.staff.kr_per_hour.reference}
        | {f"place.{one.kind.value}": f"{one.kr.kind.value}: {one.kr.reference}" for one in kept},
    }


def moves_as_data(model: ServiceModel, inputs: Inputs) -> list[dict[str, Any]]:
    """Each move between channels: how many contacts a year follow, and who cannot, by age; with the source of that."""
    if not inputs.demand.moves:
        return []
    return [
        {
            "from": one.move.from_channel,
            "to": one.move.to_channel,
            "service": one.move.service,
            "moved_per_year": one.moved,
            "cannot_follow_per_year": one.stays,
            "cannot_follow_by_age": dict(by_age(one.stays)),
            "without_channel_per_year": one.without,
            "source": EXEMPT_SOURCE,
        }
        for one in moves_of(ground_of(model, inputs))[1]
    ]


def _plain(one: Estimate, times: float = 1.0, most: float = math.inf) -> dict[str, float | None]:
    cut = one.within(0, most).as_dict()
    return {name: times * value if math.isfinite(value) else None for name, value in cut.items()}
