"""How far it is from one place to another: by the air, and how much longer the road usually is."""

from __future__ import annotations

import math
from collections.abc import Iterable

EARTH_KM = 6371.0088  # mean radius (IUGG)
# Assumed: a road is so many times as long as the line by the air. By country it is 1.2 to 1.6 (Ballou, Rahardja & Sakai
# 2002).
DETOUR = 1.3

Position = tuple[float | None, float | None]  # degrees of latitude and longitude; None: nobody knows


# Denmark without the Faroe Islands and Greenland, and a little beside: degrees of latitude, and of longitude.
LATITUDES, LONGITUDES = (54.5, 57.9), (7.9, 15.3)
FARTHEST_KM = 100  # from the nearest of a municipality's places; the largest municipality is some 70 km across


def is_swapped(position: Position) -> bool:
    """Whether it lies in Denmark with its two numbers the other way round, and not as it stands."""
    return not _in_denmark(position) and _in_denmark((position[1], position[0]))


def nearest_km(position: Position, others: Iterable[Position]) -> float:
    """By the air, to the nearest of `others` that are known; infinite where none is."""
    return min((straight_km(position, other) for other in others), default=math.inf)


def _in_denmark(position: Position) -> bool:
    latitude, longitude = position
    if latitude is None or longitude is None:
        return False
    return LATITUDES[0] <= latitude <= LATITUDES[1] and LONGITUDES[0] <= longitude <= LONGITUDES[1]


def straight_km(one: Position, other: Position) -> float:
    """By the air, kilometres, on a sphere (haversine); infinite where nobody knows where one of them is."""
    if None in one or None in other:
        return math.inf
    latitude, longitude = math.radians(one[0] or 0.0), math.radians(one[1] or 0.0)
    other_latitude, other_longitude = math.radians(other[0] or 0.0), math.radians(other[1] or 0.0)
    half = math.sin((other_latitude - latitude) / 2) ** 2
    half += math.cos(latitude) * math.cos(other_latitude) * math.sin((other_longitude - longitude) / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(half)))
