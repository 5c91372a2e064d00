"""What a board is made of: the figures of a period, ready to be shown."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from hovedindgang.insight import sums
from hovedindgang.insight.corrections import Corrected
from hovedindgang.insight.measure import NO_FIGURES, Measure
from hovedindgang.insight.models import HandCount
from hovedindgang.insight.periods import Period
from hovedindgang.insight.rates import Completeness, Rate, UnknownRange
from hovedindgang.insight.sums import HourRow, Row
from hovedindgang.servicemodel.document import Goal


def enquiries_a(row: Row) -> Rate:
    return Rate(numerator=row["solved"], denominator=row["judged"], open=row["open"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of a table: the figures of a channel, a centre or a service. Hidden: too small a group to show."""

    key: str
    a: Rate
    b: Rate
    enquiries: int
    unknown: int
    completeness: Completeness | None = None
    hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One month or week."""

    starts: dt.date
    a: Rate
    b: Rate
    contacts: int
    completeness: Completeness


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderVersion:
    """Indicator A over the days of one version of the model, beside the goal that was in force on them."""

    measure: Measure
    a: Rate

    @property
    def reached(self) -> bool | None:
        target, share = self.measure.target, self.a.share
        return None if target is None or share is None else share >= target


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Everything a leader sees of a period; no figure of an employee, none of a group under `smallest`."""

    period: Period
    as_of: dt.date
    definition_version: str
    final: bool  # all its months are closed
    final_on: dt.date
    closed_until: dt.date | None  # up to this day the figures stand
    corrected: Corrected | None  # None: a fresh count gives the same headline
    freshness: sums.Freshness
    measure: Measure  # of the period's last day
    once_goal: Goal | None
    versions: list[UnderVersion]
    a: Rate
    wide: Rate | None  # None: no department counted what came to it directly
    b: Rate
    b_beside: dict[int, Rate]  # by window in days
    b_unknown: UnknownRange
    not_sent_on: dict[str, Rate]
    contacts: Row  # every figure of contacts, added up
    enquiries: Row
    completeness: Completeness
    over_time: list[Moment]
    breakdowns: dict[str, list[Line]]
    by_level: list[Line]
    hours: list[HourRow]
    hours_by_centre: list[HourRow]
    counted_by_hand: list[HandCount]
    days_covered: dict[str, int]
    avoidable: dict[str, int]  # by cause; small groups left out, here and below
    open_now: dict[str, int]
    handovers: list[Row]
    smallest: int
    centres_hidden_for_staff: list[str] = field(default_factory=list)

    @property
    def once_target(self) -> float | None:
        """A share; None where the paper gives no number, as Jammerbugt's does not."""
        found = self.once_goal.target_percent if self.once_goal else None
        return found.value / 100 if found else None

    @property
    def a_figures(self) -> tuple[str, str]:
        """As `Measure.a_figures`; empty where the versions of the period count it in several ways: no list holds it."""
        ways = {one.measure.a_figures for one in self.versions} or {self.measure.a_figures}
        return ways.pop() if len(ways) == 1 else NO_FIGURES

    @property
    def a_enquiries(self) -> Rate:
        return self._told(enquiries_a(self.enquiries))

    @property
    def a_transactions(self) -> Rate:
        said = self.enquiries
        found = Rate(
            numerator=said["transactions_solved"], denominator=said["transactions"], open=said["transactions_open"]
        )
        return self._told(found)

    @property
    def a_apart(self) -> tuple[Rate, Rate]:
        """Indicator A with what was signposted to other authorities counted as solved, and as not solved."""
        whole = self.contacts["with_apart"]
        solved, not_solved = self.contacts["with_apart_solved"], self.contacts["with_apart_not_solved"]
        return (
            self._told(Rate(numerator=solved, denominator=whole, open=self.contacts["open"])),
            self._told(Rate(numerator=not_solved, denominator=whole, open=self.contacts["open"])),
        )

    @property
    def a_with_self_service(self) -> Rate:
        """Indicator A with self-service that was finished by rule."""
        whole = Rate(
            numerator=self.contacts["with_self_service_solved"],
            denominator=self.contacts["with_self_service"],
            open=self.contacts["open"],
        )
        return self._told(whole)

    @property
    def outside_guided(self) -> Rate:
        return self._told(Rate(numerator=self.enquiries["outside_guided"], denominator=self.enquiries["outside"]))

    def _told(self, rate: Rate) -> Rate:
        return rate.resting_on(self.completeness)

    @property
    def not_reached(self) -> int | None:
        """Left the queue, or hung up before anybody answered; None where no register covers a day."""
        return sum(row.not_reached for row in self.hours) if self.days_covered else None
