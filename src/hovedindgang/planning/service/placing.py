"""Whether a place can be where its numbers say: near the others, and its two numbers the right way round."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from hovedindgang.planning.distances import FARTHEST_KM, Position, is_swapped, nearest_km, straight_km
from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.language import number
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.servicemodel.document import ServiceModel


def must_be_here(name: str, position: Position, model: ServiceModel) -> None:
    """Raises CannotPlan for a new place that is far from every centre of the model."""
    wrong = _wrong(position, positions_of(model).values())
    if wrong is None:
        return
    what, cure = wrong
    raise CannotPlan(f"{name} {what}.", cure=cure, where=("latitude", "longitude"))


def misplaced(model: ServiceModel) -> Iterator[tuple[str, str, str]]:
    """The model's own centres that cannot be there: the key, what is wrong with it, what would be right."""
    known = positions_of(model)
    for key, position in known.items():
        wrong = _wrong(position, [other for at, other in known.items() if at != key and not is_swapped(other)])
        if wrong is not None:
            yield f"centres.{key}.place", *wrong


def kilometres(model: ServiceModel, one: str, other: str) -> float:
    """By the air between two centres; infinite where the model does not say where one of them is."""
    here, there = model.centres[one].place, model.centres[other].place
    return straight_km((here.latitude, here.longitude), (there.latitude, there.longitude))


def positions_of(model: ServiceModel) -> dict[str, tuple[float, float]]:
    """Of the centres that have one."""
    return {
        key: (one.place.latitude, one.place.longitude)
        for key, one in model.centres.items()
        if one.place.latitude is not None and one.place.longitude is not None
    }


def _wrong(position: Position, others: Iterable[Position]) -> tuple[str, str] | None:
    latitude, longitude = position
    if is_swapped(position):
        right = _("Skriv latitude {latitude} og longitude {longitude}.")
        return _("har bredde og længde byttet om"), right.format(latitude=longitude, longitude=latitude)
    km = nearest_km(position, others)
    if FARTHEST_KM < km < math.inf:
        cure = _("Se efter, om latitude og longitude er rigtige; der må være {most} km til det nærmeste center.")
        far = _("ligger {km} km fra det nærmeste center").format(km=number(km))
        return far, cure.format(most=FARTHEST_KM)
    return None
