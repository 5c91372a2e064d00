"""A choice of places for whoever stops the solver before it has any.

Places are added, taken away and exchanged as long as it betters the choice (A. Kuehn and M. Hamburger, A heuristic
program for locating warehouses, Management Science 9, 1963). It keeps to what is asked, and proves nothing.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from hovedindgang.planning.siting.places import Places

SECONDS = 0.7  # whoever pressed Ctrl-C waits for it
Option = tuple[int, int]  # which candidate, of which kind
Value = tuple[float, float, float]


def begun(places: Places, many: int | None, worth: Callable[[tuple[Option, ...]], Value]) -> tuple[Option, ...] | None:
    """A choice that no single step makes better, or as good as was reached in the time there is; None where none was
    found that is allowed. `many`: how many places it must have; `worth`: what it lacks, what is made least, and what
    decides between equals."""
    until = time.monotonic() + SECONDS
    kinds = [
        [at for at, kind in enumerate(places.kinds) if kind.key in candidate.kinds] for candidate in places.candidates
    ]
    now = {at: kinds[at][0] for at, candidate in enumerate(places.candidates) if candidate.must_stay}
    value = _value(places, many, now, worth)
    better = True
    while better:
        better = False
        for other in _steps(places, kinds, now):
            if time.monotonic() >= until:
                break
            found = _value(places, many, other, worth)
            if found < value:
                now, value, better = other, found, True
    return tuple(sorted(now.items())) if value[0] == 0 else None


def _steps(places: Places, kinds: list[list[int]], now: Mapping[int, int]) -> Iterator[dict[int, int]]:
    """One place more, or of another kind; one less; one for another."""
    for at, its in enumerate(kinds):
        yield from ({**now, at: kind} for kind in its if now.get(at) != kind)
    for at in now:
        if places.candidates[at].must_stay:
            continue
        rest = {one: kind for one, kind in now.items() if one != at}
        yield rest
        yield from ({**rest, other: kind} for other, its in enumerate(kinds) if other not in now for kind in its)


def _value(
    places: Places, many: int | None, options: Mapping[int, int], worth: Callable[[tuple[Option, ...]], Value]
) -> Value:
    """What is lacking first: services that nobody carries, places too few or too many, and of each kind."""
    carried = {service for kind in options.values() for service in places.kinds[kind].services}
    nowhere = sum(service.key not in carried for service in places.services)
    if nowhere:
        return 1000.0 * nowhere, 0.0, 0.0
    number = Counter(options.values())
    lacks = 0 if many is None else abs(len(options) - many)
    for at, kind in enumerate(places.kinds):
        lacks += max(0, kind.at_least - number[at])
        lacks += 0 if kind.at_most is None else max(0, number[at] - kind.at_most)
    more, least, travel = worth(tuple(sorted(options.items())))
    return lacks + more, least, travel
