"""Who is how far from the nearest open place, weekday by weekday. An estimate, and said to be one.

People are taken to live where the centre they belong to stands; the way is the line through the air, longer by what
roads make it (`planning.distances.DETOUR`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hovedindgang.planning.distances import DETOUR, straight_km
from hovedindgang.planning.service.inputs import Inputs
from hovedindgang.servicemodel.document import CentreKind, Channel, ServiceModel

WORKDAYS = range(5)
PHONE = "phone"  # where those go who ring instead
Places = Mapping[str, Mapping[str, Any]]


def places_of(model: ServiceModel, inputs: Inputs) -> dict[str, dict[str, Any]]:
    """Every place of the model where people are met: where it is, when it is open, and how many belong to it."""
    found = {}
    for key, centre in model.centres.items():
        if centre.kind is CentreKind.SERVICE_POINT:
            continue
        people = inputs.demand.catchment.get(key)
        hours = centre.hours.get(Channel.IN_PERSON, {})
        found[key] = {
            "name": centre.name,
            "latitude": centre.place.latitude,
            "longitude": centre.place.longitude,
            "people": people.value if people else 0.0,
            "open": [bool(hours.get(day)) for day in range(7)],
        }
    return found


@dataclass(frozen=True, slots=True)
class Way:
    """Of those who belong to one place: the nearest that is open, and how far, on each workday; None: none is open,
    or nobody knows where it is."""

    days: tuple[tuple[str, float] | None, ...]


def ways(places: Places, homes: Places) -> dict[str, Way]:
    """For each of `homes` that anybody belongs to, the ways to what is open among `places`."""
    return {
        key: Way(tuple(_nearest(home, key, places, day) for day in WORKDAYS))
        for key, home in homes.items()
        if home["people"]
    }


def _nearest(home: Mapping[str, Any], key: str, places: Places, day: int) -> tuple[str, float] | None:
    ranked = sorted(
        (0.0 if other == key else distance(home, place), other) for other, place in places.items() if place["open"][day]
    )
    if not ranked or not math.isfinite(ranked[0][0]):
        return None
    return ranked[0][1], ranked[0][0]


def distance(one: Mapping[str, Any], other: Mapping[str, Any]) -> float:
    """Kilometres by road, estimated; infinite where the model does not say where one of them is."""
    here, there = ((place["latitude"], place["longitude"]) for place in (one, other))
    return DETOUR * straight_km(here, there)
