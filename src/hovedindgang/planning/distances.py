"""How far it is from one place to another: by the air, and how much longer the road usually is."""

from __future__ import annotations

import math

EARTH_KM = 6371.0088  # mean radius (IUGG)
# Assumed: a road is so many times as long as the line by the air. By country it is 1.2 to 1.6 (Ballou, Rahardja & Sakai
# 2002).
DETOUR = 1.3

Position = tuple[float | None, float | None]  # degrees of latitude and longitude; None: nobody knows


def straight_km(one: Position, other: Position) -> float:
    """By the air, kilometres, on a sphere (haversine); infinite where nobody knows where one of them is."""
    if None in one or None in other:
        return math.inf
    latitude, longitude = math.radians(one[0] or 0.0), math.radians(one[1] or 0.0)
    other_latitude, other_longitude = math.radians(other[0] or 0.0), math.radians(other[1] or 0.0)
    half = math.sin((other_latitude - latitude) / 2) ** 2
    half += math.cos(latitude) * math.cos(other_latitude) * math.sin((other_longitude - longitude) / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(half)))
