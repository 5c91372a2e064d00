"""Why no choice of places keeps to what is asked: the first of the causes that can be seen without a search."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hovedindgang.planning.language import gettext, number
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.siting.places import Places

if TYPE_CHECKING:
    from hovedindgang.planning.siting.sites import Asked

MOST_NAMED = 8


def no_choice(places: Places, asked: Asked) -> CannotPlan:
    """What is said where there is none."""
    return (
        _too_many(places, asked.places)
        or _too_few(places, asked.places)
        or _too_far(places, asked)
        or CannotPlan(
            gettext("Ingen fordeling af steder opfylder det, der er krævet."),
            cure=gettext("Tillad flere steder eller flere minutter, eller lad flere slags steder tage alle opgaver."),
        )
    )


def _too_many(places: Places, wanted: int | None) -> CannotPlan | None:
    limits = [kind.at_most for kind in places.kinds]
    most = len(places.candidates)
    if None not in limits:
        most = min(most, sum(limit or 0 for limit in limits))
    if wanted is None or wanted <= most:
        return None
    return CannotPlan(
        gettext("Der kan højst åbnes {most} steder, og der er spurgt om {wanted}.").format(
            most=number(most), wanted=number(wanted)
        ),
        cure=gettext("Spørg om færre steder, eller skriv flere candidates i filen."),
        where=("--places",),
    )


def _too_few(places: Places, wanted: int | None) -> CannotPlan | None:
    names = {town.key: town.name for town in places.towns}
    stay = [names[candidate.town] for candidate in places.candidates if candidate.must_stay]
    least = max(len(stay), sum(kind.at_least for kind in places.kinds))
    if wanted is None or wanted >= least:
        return None
    return CannotPlan(
        gettext("Der skal mindst være {least} steder, og der er spurgt om {wanted}.").format(
            least=number(least), wanted=number(wanted)
        ),
        cure=gettext("Spørg om flere steder, eller ret must_stay og at_least i filen."),
        where=(gettext("skal blive: {towns}").format(towns=", ".join(stay)),) if stay else (),
    )


def _too_far(places: Places, asked: Asked) -> CannotPlan | None:
    """Towns from which no place that may be opened is near enough, for a service that somebody comes for."""
    if asked.question != "cover":
        return None
    kinds = {kind.key: kind for kind in places.kinds}
    far: dict[str, float] = {}
    for row, town in enumerate(places.towns):
        for service in places.services:
            able = [
                at
                for at, candidate in enumerate(places.candidates)
                if any(service.key in kinds[kind].services for kind in candidate.kinds)
            ]
            nearest = float(np.min(places.minutes[row, able])) if able else float("inf")
            if nearest > asked.within_minutes + 1e-9 and town.people.value * service.share.value > 0:
                far[town.name] = max(nearest, far.get(town.name, 0.0))
    if not far:
        return None
    told = sorted(far.items(), key=lambda item: -item[1])
    where = [
        gettext("{town}: {minutes} minutter til det nærmeste sted, der kan åbnes").format(
            town=town, minutes=number(minutes, 1)
        )
        for town, minutes in told[:MOST_NAMED]
    ]
    if len(told) > MOST_NAMED:
        where.append(gettext("… og {more} til").format(more=number(len(told) - MOST_NAMED)))
    return CannotPlan(
        gettext("Fra {towns} byer er intet sted, der kan åbnes, inden for {within} minutter.").format(
            towns=number(len(far)), within=number(asked.within_minutes, 1)
        ),
        cure=gettext("Skriv --within {minutes} eller mere, eller skriv flere candidates i filen.").format(
            minutes=f"{np.ceil(told[0][1]):.0f}"
        ),
        where=tuple(where),
    )
