"""What a simulated decision does to whom, and what it costs: for the page on which decisions are compared.

A citizen is counted where she has a centre nearest, whether she goes there, to another, or rings: so what a closed
door does shows with those who stood before it. Distances are by the air between centres, lengthened by `DETOUR`
(assumed); how far people have to their own centre is not counted: no decision changes it but one that opens a nearer.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from hovedindgang.planning.distances import DETOUR
from hovedindgang.planning.language import gettext
from hovedindgang.planning.service.changes import changed
from hovedindgang.planning.service.coming import APART, journeys, moves_of
from hovedindgang.planning.service.costs import cost_as_data, kept_places, plainly
from hovedindgang.planning.service.exempt import EXEMPT_SOURCE, by_age
from hovedindgang.planning.service.free_times import as_data, free_times
from hovedindgang.planning.service.ground import IN_PERSON, PHONE, ground_of
from hovedindgang.planning.service.inputs import Inputs
from hovedindgang.planning.service.placing import kilometres
from hovedindgang.planning.service.reading import Plan
from hovedindgang.planning.simulation.network import Of
from hovedindgang.planning.simulation.outcome import Estimate, Results, ratio_of
from hovedindgang.servicemodel.document import ServiceModel


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
    words, at, so_far = [], plan.model, plan.inputs
    for change in plan.changes:
        at, so_far = change.applied(at, so_far)
        words.append(change.words(at))
    return {
        "changes": words,
        "cost": cost_as_data(results, model, inputs),
        "catchments": [
            {
                "centre": one.centre,
                "contacts_per_year": one.contacts,
                "shares": {to: contacts / one.contacts for to, contacts in one.came_to.items()},
                "extra_km": one.extra_km if math.isfinite(one.extra_km) else None,
                "wait_minutes": plainly(one.wait_minutes),
                "not_served_percent": plainly(one.not_served, 100, most=1),
            }
            for one in catchments_of(model, inputs, results)
        ],
        "moves": moves_as_data(model, inputs),
        "free_times": as_data(free_times(results, inputs)),
        "sources": {"detour": f"{DETOUR}: assumed", "wage": inputs.staff.kr_per_hour.said}
        | {f"place.{one.kind.value}": f"{one.kr.kind.value}: {one.kr.said}" for one in kept_places(model, inputs)},
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
            "source": gettext(EXEMPT_SOURCE),
        }
        for one in moves_of(ground_of(model, inputs))[1]
    ]
