"""Who comes: how many by which channel to which centre, on which day and when, and where they go when it is shut.

`volumes` of a year, how `busy` each day is, whose `doors` are shut, who goes `elsewhere` for it: of that the share of
the year that falls on each of the `days` simulated, and who is `arriving` as the engine has it.
"""

from __future__ import annotations

from hovedindgang.planning.service.coming.arriving import (
    arrivals_of,
    arrivals_of_service,
    booked,
    in_hours,
    met_apart,
    share_apart,
)
from hovedindgang.planning.service.coming.busy import normed, waves_of, weekdays
from hovedindgang.planning.service.coming.days import (
    APART,
    counters_of,
    cut_out,
    days_of,
    of_a_year,
    simulated_days,
)
from hovedindgang.planning.service.coming.elsewhere import from_closed_doors, journeys
from hovedindgang.planning.service.coming.volumes import comes_by, had_by, moves_of, volumes_of

__all__ = [
    "APART",
    "arrivals_of",
    "arrivals_of_service",
    "booked",
    "comes_by",
    "counters_of",
    "cut_out",
    "days_of",
    "from_closed_doors",
    "had_by",
    "in_hours",
    "journeys",
    "met_apart",
    "moves_of",
    "normed",
    "of_a_year",
    "share_apart",
    "simulated_days",
    "volumes_of",
    "waves_of",
    "weekdays",
]
