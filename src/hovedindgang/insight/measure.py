"""How a version of the model has the goal counted: its target with its source, its parameters, its open questions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from hovedindgang.insight.rates import Rate
from hovedindgang.policy.queries import adopted_versions, in_force
from hovedindgang.servicemodel.document import Goal, Open, Reading, ServiceModel, Source, Sourced

# Where the model does not say; the same as the definition's assumptions.
WINDOW_DAYS, PROVISIONAL_DAYS, SMALLEST_GROUP, COMPLETE_PERCENT = 14, 30, 5, 90.0

# As the model has signposts and self-service counted: the two figures of contacts that indicator A is made of. What is
# counted otherwise than apart in both has none.
A_FIGURES = {
    ("apart", "apart"): ("solved", "judged"),
    ("solved", "apart"): ("with_apart_solved", "with_apart"),
    ("not_solved", "apart"): ("with_apart_not_solved", "with_apart"),
    ("apart", "solved"): ("with_self_service_solved", "with_self_service"),
    ("apart", "not_solved"): ("solved", "with_self_service"),
}
NO_FIGURES = ("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """The goal that carries the number, and what the version says about counting."""

    model: ServiceModel
    valid_from: dt.date | None  # None: days before the first adoption, counted by the definition's own assumptions
    goal: Goal | None

    @property
    def target(self) -> float | None:
        """A share; None where the paper gives no number."""
        return self.goal.target_percent.value / 100 if self.goal and self.goal.target_percent else None

    @property
    def target_source(self) -> Source | None:
        return self.source_of(self.goal.target_percent if self.goal else None)

    @property
    def reading(self) -> Reading:
        return (self.goal.reading if self.goal else None) or Reading.OWN

    @property
    def reading_open(self) -> Open | None:
        """The model's word on that the paper does not say which enquiries it means."""
        key = f"goals.{self.goal.key}.reading" if self.goal else ""
        return next((one for one in self.model.open if one.key == key), None)

    @property
    def window_days(self) -> int:
        return _value(self.model.parameters.repeat_window_days, WINDOW_DAYS)

    @property
    def window_source(self) -> Source | None:
        return self.source_of(self.model.parameters.repeat_window_days)

    @property
    def provisional_days(self) -> int:
        return _value(self.model.parameters.provisional_days, PROVISIONAL_DAYS)

    @property
    def smallest_group(self) -> int:
        return _value(self.model.parameters.smallest_group, SMALLEST_GROUP)

    @property
    def completeness_limit(self) -> float:
        found = self.model.parameters.completeness_limit_percent
        return (found.value if found else COMPLETE_PERCENT) / 100

    @property
    def completeness_source(self) -> Source | None:
        return self.source_of(self.model.parameters.completeness_limit_percent)

    def source_of(self, number: Sourced[float] | Sourced[int] | None) -> Source | None:
        return self.model.sources.get(number.source) if number else None

    @property
    def a_figures(self) -> tuple[str, str]:
        """Names of the figures of contacts whose lists stand behind indicator A: solved, and of how many."""
        said = self.model.parameters
        return A_FIGURES.get((said.signpost_counts, said.self_service_counts), NO_FIGURES)

    def a_of(self, row: Mapping[str, int]) -> Rate:
        """Indicator A of contacts counted together, as this version has signposts and self-service counted."""
        said = self.model.parameters
        solved, judged = {
            "solved": (row["with_apart_solved"], row["with_apart"]),
            "not_solved": (row["with_apart_not_solved"], row["with_apart"]),
        }.get(said.signpost_counts, (row["solved"], row["judged"]))
        if said.self_service_counts != "apart":
            judged += row["unattended"]
            solved += row["unattended_solved"] if said.self_service_counts == "solved" else 0
        unclear = row["counted_information"] + row["counted_transaction"]
        return Rate(numerator=solved, denominator=judged, open=row["open"], unclear=unclear)


def _value(found: Sourced[int] | None, otherwise: int) -> int:
    return found.value if found else otherwise


def goal_of(model: ServiceModel, indicator: str) -> Goal | None:
    """The first goal that the indicator measures."""
    return next((goal for goal in model.goals.values() if goal.indicator == indicator), None)


def measures() -> Callable[[int], Measure]:
    """From a version's number to how it counts; a number that is no version: the first one's words, without a goal."""
    adopted = {one.version_id: one for one in adopted_versions()}

    @cache
    def measure_of(version_id: int) -> Measure:
        one = adopted.get(version_id) or min(adopted.values(), key=lambda each: each.valid_from)
        model = in_force(one.valid_from).model
        known = version_id in adopted
        return Measure(
            model=model,
            valid_from=one.valid_from if known else None,
            goal=goal_of(model, "resolved_in_house") if known else None,
        )

    return measure_of
