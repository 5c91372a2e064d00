"""Who goes where because a door is shut, in a year."""

from __future__ import annotations

from collections import defaultdict

from hovedindgang.planning.service.coming.days import ringing, simulated_days
from hovedindgang.planning.service.coming.doors import journeys_of
from hovedindgang.planning.service.coming.volumes import volumes_of
from hovedindgang.planning.service.dividing import goes_direct
from hovedindgang.planning.service.ground import IN_PERSON, PHONE, Ground, ground_of
from hovedindgang.planning.service.inputs import Inputs
from hovedindgang.servicemodel.document import ServiceModel


def journeys(model: ServiceModel, inputs: Inputs) -> dict[tuple[str, str], float]:
    """(The centre people have nearest, where they go; "phone" where they ring instead) → in person a year."""
    ground = ground_of(model, inputs)
    found: dict[tuple[str, str], float] = defaultdict(float)
    for (channel, service), volume in volumes_of(ground).items():
        if channel == IN_PERSON:
            for journey, share in journeys_of(ground, service).items():
                if goes_direct(ground, service, channel, journey[1]) is None:
                    found[journey] += volume * share
    return dict(found)


def from_closed_doors(
    ground: Ground, channel: str, service: str, centre: str | None, volumes: dict[tuple[str, str], float]
) -> float:
    """Of those who come to a centre, or ring, for a service: the share that found their own centre closed that day."""
    if channel not in (IN_PERSON, PHONE) or not volumes.get((IN_PERSON, service)):
        return 0.0
    if channel == PHONE:
        ring = volumes[IN_PERSON, service] * float(ringing(ground, service).sum())
        others = float(simulated_days(ground, PHONE, service).sum())
        return ring / (ring + others * volumes.get((PHONE, service), 0.0)) if ring else 0.0
    here = {origin: share for (origin, to), share in journeys_of(ground, service).items() if to == centre}
    total = sum(here.values())
    return sum(share for origin, share in here.items() if origin != centre) / total if total else 0.0
