"""What was counted: calls per interval, day by day, on one grid of times of day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Series:
    """Calls counted in every interval of every day that has any.

    `counts`: days × intervals; NaN where a day has no such interval (closed, or unknown). `starts_minutes`: minutes
    after midnight, one for each interval, in order. `days` are in order, each once; days without a row are not there.
    """

    days: tuple[dt.date, ...]
    starts_minutes: tuple[int, ...]
    interval_minutes: int
    counts: Floats

    def __len__(self) -> int:
        return len(self.days)

    @property
    def ordinals(self) -> NDArray[np.int64]:
        return np.array([day.toordinal() for day in self.days], dtype=np.int64)

    @property
    def weekdays(self) -> NDArray[np.int64]:
        return np.array([day.weekday() for day in self.days], dtype=np.int64)

    def before(self, day: dt.date, *, at_most: int | None = None) -> Series:
        """The days before `day`; the last `at_most` of them where that is given."""
        end = int(np.searchsorted(self.ordinals, day.toordinal()))
        first = 0 if at_most is None else max(0, end - at_most)
        return self.chosen(slice(first, end))

    def without(self, days: frozenset[dt.date]) -> Series:
        """The same without some days, such as those of an election."""
        return self.chosen(np.array([day not in days for day in self.days], dtype=bool)) if days else self

    def chosen(self, which: slice | NDArray[np.bool_]) -> Series:
        kept = np.arange(len(self.days))[which]
        return Series(
            days=tuple(self.days[place] for place in kept),
            starts_minutes=self.starts_minutes,
            interval_minutes=self.interval_minutes,
            counts=self.counts[kept],
        )

    def counted_on(self, day: dt.date) -> Floats | None:
        """The day's own counts; None where it has none."""
        return self.counts[self.days.index(day)] if day in self.days else None

    def open_on(self, weekday: int) -> NDArray[np.bool_]:
        """The intervals in which this weekday is usually open: in at least half of its last ten days."""
        rows = self.counts[self.weekdays == weekday][-10:]
        if not len(rows):
            return np.zeros(len(self.starts_minutes), dtype=bool)
        usual: NDArray[np.bool_] = np.mean(~np.isnan(rows), axis=0) >= 0.5
        return usual

    def usual_weekdays(self) -> frozenset[int]:
        """The weekdays on which it is usually open: there at least half as often as the most frequent one."""
        often = np.bincount(self.weekdays, minlength=7)
        return frozenset(int(day) for day in np.flatnonzero(often >= max(1.0, often.max() / 2)))
