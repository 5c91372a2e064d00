"""A long file: who comes by each channel for each service, `interval_start,channel,service,calls` in any order.

An interval in which a channel has a row was open, and a service without a row there had nobody. So zeros need not be
written for every service, only one for an open interval in which nobody came at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hovedindgang.planning.demand.reading import (
    MOST_CELLS,
    Row,
    gridded,
    interval_of,
    on_grid,
    once,
    rows_read,
    without_gaps,
    zone_of,
)
from hovedindgang.planning.demand.series import Series
from hovedindgang.planning.language import gettext, number
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.rows import columns_of

Floats = NDArray[np.float64]
KINDS = ("channel", "service")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Flows:
    """Who came by one channel: `total`, and of them those for each service, days × intervals on the same grid.

    A service's counts are NaN where the channel's are: closed, or unknown.
    """

    total: Series
    services: dict[str, Floats]

    def of(self, service: str) -> Series:
        """The service's own series."""
        return replace(self.total, counts=self.services[service])


def is_long(file: Path) -> bool:
    """Whether the file tells channels or services apart. Raises CannotPlan where it cannot be read."""
    return bool(set(KINDS) & set(columns_of(file)))


def read_flows(file: Path, *, zone: str | None = None, gaps: str = "refuse") -> dict[str, Flows]:
    """Channel → who came by it, in the order of the channels' names. `zone` and `gaps` are as in `reading.read`.

    With `gaps` "zero" whatever has no row on a day that a channel was open is nought, where it ever had one on such a
    weekday. Raises CannotPlan with the lines, also where a column is missing.
    """
    rows = list(rows_read(file, zone_of(zone), KINDS))
    once(file, rows)
    rows.sort(key=lambda row: (row.start, row.instant or 0.0))
    minutes = interval_of(file, _together(rows))
    by_channel: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_channel[row.kind[0]].append(row)
    found = {}
    for channel in sorted(by_channel):
        sums = _together(by_channel[channel])
        on_grid(file, sums, 60 * minutes)
        total = gridded(file, sums, minutes)
        if gaps == "zero":
            total = _open_as_usual(total)
        total = without_gaps(file, sums, total, gaps, zone_of(zone))
        found[channel] = Flows(total=total, services=_services(file, by_channel[channel], total, len(sums)))
    return found


def _together(rows: Sequence[Row]) -> list[Row]:
    """One row for each interval: the sum of its services, at the line where it is first told of."""
    found: dict[object, Row] = {}
    for row in rows:
        key = (row.start, row.instant)
        before = found.get(key)
        found[key] = row if before is None else before._replace(calls=before.calls + row.calls)
    return list(found.values())


def _open_as_usual(series: Series) -> Series:
    """Nought where a weekday was ever open and has no row: who writes no zeros leaves the day's ends out too."""
    counts = series.counts.copy()
    for weekday in range(7):
        mine = series.weekdays == weekday
        ever = ~np.all(np.isnan(counts[mine]), axis=0) if mine.any() else np.zeros(counts.shape[1], dtype=bool)
        counts[np.ix_(mine, ever)] = np.nan_to_num(counts[np.ix_(mine, ever)])
    return replace(series, counts=counts)


def _services(file: Path, rows: Sequence[Row], total: Series, intervals: int) -> dict[str, Floats]:
    names = sorted({row.kind[1] for row in rows if row.calls})
    if len(names) * total.counts.size > MOST_CELLS:
        raise CannotPlan(
            gettext("{file} har for mange opgaver ({count}) i for mange intervaller.").format(
                file=file.name, count=number(len(names))
            ),
            cure=gettext("Giv de sidste år alene, længere intervaller, eller læg små opgaver sammen."),
        )
    day_at = {day: place for place, day in enumerate(total.days)}
    start_at = {start: place for place, start in enumerate(total.starts_minutes)}
    closed = np.isnan(total.counts)
    found = {name: np.where(closed, np.nan, 0.0) for name in names}
    instants: dict[tuple[int, int], set[float | None]] = defaultdict(set)
    places = [(day_at[row.start.date()], start_at[row.start.hour * 60 + row.start.minute]) for row in rows]
    for row, place in zip(rows, places, strict=True):
        instants[place].add(row.instant)
        if row.calls:
            found[row.kind[1]][place] += row.calls
    for place, twice in instants.items() if intervals > len(instants) else ():
        if len(twice) > 1:  # the hour that comes twice in autumn
            for counts in found.values():
                counts[place] /= len(twice)
    return found
