"""A share with what it must be read with, and which small groups are not shown. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """`numerator` of `denominator`; what is open or unclear can only be told as a range.

    `open` are in the denominator and not yet in the numerator, `unclear` are in neither. A hidden rate stands for a
    group too small to be shown: its counts are kept from every reader. A rate that is not valid has its counts and
    no share: too few of those who came were registered.
    """

    numerator: int
    denominator: int
    open: int = 0
    unclear: int = 0
    hidden: bool = False
    not_valid: bool = False

    @property
    def share(self) -> float | None:
        """Between 0 and 1; None where nothing was counted, the group is hidden or the rate is not valid."""
        return None if self._untold or not self.denominator else self.numerator / self.denominator

    @property
    def low(self) -> float | None:
        """With everything open and unclear counted as not reached."""
        whole = self.denominator + self.unclear
        return None if self._untold or not whole else self.numerator / whole

    @property
    def high(self) -> float | None:
        """With everything open and unclear counted as reached."""
        whole = self.denominator + self.unclear
        return None if self._untold or not whole else (self.numerator + self.open + self.unclear) / whole

    def __add__(self, other: Rate) -> Rate:
        return Rate(
            numerator=self.numerator + other.numerator,
            denominator=self.denominator + other.denominator,
            open=self.open + other.open,
            unclear=self.unclear + other.unclear,
            not_valid=self.not_valid or other.not_valid,
        )

    def resting_on(self, complete: Completeness | None) -> Rate:
        """The same, not valid where what it rests on is known to be under the limit."""
        return replace(self, not_valid=True) if complete is not None and complete.valid is False else self

    @property
    def _untold(self) -> bool:
        return self.hidden or self.not_valid


@dataclass(frozen=True, slots=True, kw_only=True)
class Completeness:
    """Registered by us, of those whom other systems saw arrive or somebody counted by hand, on the days they cover.

    `by_hand` of the arrived were counted by hand, where no register covers the day. `matched` are the registered, hour
    by hour at most as many as came in it. No day covered: not known. Under the limit the rates it stands beside are not
    valid.
    """

    registered: int
    matched: int
    arrived: int
    days_covered: int
    days: int
    limit: float  # share
    by_hand: int = 0

    @property
    def share(self) -> float | None:
        return self.matched / self.arrived if self.arrived else None

    @property
    def valid(self) -> bool | None:
        """None: not known."""
        return None if self.share is None else self.share >= self.limit

    @property
    def missing(self) -> int:
        """So many more must be registered, each in the hour it came, before the limit is reached."""
        return max(0, ceil(self.limit * self.arrived - 1e-9) - self.matched)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownRange:
    """Indicator B with the unknown persons added: all of them not, and as the known of the same service were."""

    unknown: int
    worst: float | None
    like_known: float | None


def unknown_range(known: Sequence[tuple[int, int, int]]) -> UnknownRange:
    """From (solved at once, known, unknown) for each service."""
    once = sum(row[0] for row in known)
    judged = sum(row[1] for row in known)
    unknown = sum(row[2] for row in known)
    if not judged + unknown:
        return UnknownRange(unknown=0, worst=None, like_known=None)
    whole = once / judged if judged else None
    like = None
    if whole is not None:
        like = sum(row[2] * (row[0] / row[1] if row[1] else whole) for row in known)
    return UnknownRange(
        unknown=unknown,
        worst=once / (judged + unknown),
        like_known=None if like is None else (once + like) / (judged + unknown),
    )
