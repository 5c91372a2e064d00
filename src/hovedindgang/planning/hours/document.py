"""Opening hours as a question. Minutes after midnight, weekdays from 0 (Monday), money in kroner a week."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Spans = tuple[tuple[int, int], ...]  # half-open, in order, apart from each other
Week = Mapping[int, Spans]  # a missing weekday is closed
Hours = Mapping[str, Week]  # by centre


@dataclass(frozen=True, slots=True)
class Group:
    """Citizens who need the counter at like times.

    `people` by centre; `need` by (weekday, minute at which a step begins): the share of their contacts that they would
    make then if it were open, adding up to 1 over the week.
    """

    key: str
    name: str
    people: Mapping[str, float]
    need: Mapping[tuple[int, int], float]
    source: str


@dataclass(frozen=True, slots=True)
class Supplement:
    """An hour of work in [starts, ends) on these weekdays costs so many percent more."""

    weekdays: frozenset[int]
    starts: int
    ends: int
    percent: float
    source: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Which hours may be chosen: one span a day, on the steps of the question.

    `fairness` from 0 to 1: how much the worst served group's share weighs beside the share of all.
    `least_late_days`: open until `late_until` or longer on so many days a week at each centre.
    """

    budget_kr: float
    weekdays: frozenset[int]
    earliest: int
    latest: int
    shortest_minutes: int = 120
    longest_minutes: int = 720
    fairness: float = 0.0
    least_days: int = 0
    least_late_days: int = 0
    late_until: int = 17 * 60
    same_hours: bool = False  # all centres alike


@dataclass(frozen=True, slots=True)
class Question:
    title: str
    step_minutes: int
    centres: Mapping[str, str]  # key to name
    hours: Hours  # as they are
    groups: tuple[Group, ...]
    staff: Mapping[str, int]  # people at work while a centre is open
    hour_kr: float
    supplements: tuple[Supplement, ...] = ()
    changed: Hours | None = None
    choice: Choice | None = None
    sources: Mapping[str, str] = field(default_factory=dict)
