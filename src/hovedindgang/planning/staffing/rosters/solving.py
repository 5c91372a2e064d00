"""A question's roster: refused, begun without a solver, bettered by one, or told why there is none."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from hovedindgang.planning.integer import explain, solve
from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.staffing.rosters.building import ORE, Built, Rule, build
from hovedindgang.planning.staffing.rosters.checking import bill, broken_rules
from hovedindgang.planning.staffing.rosters.document import SHRINKAGES, Duty, Question, Roster
from hovedindgang.planning.staffing.rosters.facts import facts
from hovedindgang.planning.staffing.rosters.starting import first_duties
from hovedindgang.planning.staffing.rosters.words import rule_text

Progress = Callable[[float, float, float], None]  # price and bound in kroner, seconds


class Infeasible(CannotPlan):
    """No roster keeps all rules. `core`: some that collide; `facts`: what else makes them; `given_up`:
    the fewest that must be given up."""

    def __init__(
        self, text: str, *, cure: str, where: tuple[str, ...], core: list[str], given_up: list[str], facts: list[str]
    ) -> None:
        super().__init__(text, cure=cure, where=where)
        self.core, self.given_up, self.facts = core, given_up, facts

    def more(self) -> dict[str, Any]:
        return {"collide": self.core, "facts": self.facts, "give_up": self.given_up}


def solve_roster(
    question: Question,
    *,
    seconds: float = 60,
    seed: int = 1,
    workers: int = 2,
    repeatable: bool = False,
    gap: float = 0.001,
    progress: Progress | None = None,
) -> Roster:
    """The cheapest roster found within `seconds`, with its bound.

    Ctrl-C ends the search and gives the best so far; before the solver found any, what was put together without it
    ("partial"). `repeatable` gives the same roster for the same seed, version and machine type, however fast it is.
    Raises CannotPlan for a question without shrinkage, Infeasible where rules collide, Missing without OR-Tools.
    """
    refuse(question)
    began = time.monotonic()
    built = build(question)
    first: tuple[Duty, ...] = ()
    try:
        first = first_duties(question, built)
        answer = solve(
            built.program,
            seconds=seconds,
            seed=seed,
            workers=workers,
            repeatable=repeatable,
            gap=gap,
            progress=None if progress is None else _in_kroner(progress, built),
        )
    except KeyboardInterrupt:
        return Roster(first, bill(question, first).total, None, "partial", time.monotonic() - began, seed)
    if answer.ended == "infeasible":
        raise collision(question, built, seconds=min(seconds, 30), seed=seed)
    bound = (answer.bound + built.floor_ore) / ORE if answer.bound > float("-inf") else None
    took = time.monotonic() - began
    if answer.values is None:
        sound = not broken_rules(question, first)
        ended = answer.ended if sound else "partial"
        return _bounded(question, first, bound, ended, took, seed)
    duties = built.chosen(answer.values)
    return _bounded(question, duties, bound, answer.ended, took, seed)


def _bounded(
    question: Question, duties: tuple[Duty, ...], bound: float | None, ended: str, seconds: float, seed: int
) -> Roster:
    """The solver counts each duty in whole øre: its bound may lie some øre above what the duties cost exactly."""
    price = bill(question, duties).total
    return Roster(duties, price, None if bound is None else min(bound, price), ended, seconds, seed)


def refuse(question: Question) -> None:
    """Raises CannotPlan unless each cause of shrinkage is accounted for, with its source."""
    known = {one.cause for one in question.shrinkage}
    lacking = [cause for cause in SHRINKAGES if cause not in known]
    if lacking:
        raise CannotPlan(
            _("Fravær og tid væk mangler: {causes}. Uden det lover planen folk, der ikke er der.").format(
                causes=", ".join(lacking)
            ),
            cure=_("Skriv en [[shrinkage]] for hver årsag med andel, kilde og hvor den er regnet med."),
            where=tuple(f"shrinkage.{cause}" for cause in lacking),
        )


def collision(question: Question, built: Built, *, seconds: float, seed: int) -> Infeasible:
    """What stands in the way, in the words of people."""
    found = explain(built.program, seconds=seconds, seed=seed)
    rules = [built.rules[index] for index in found.core]
    core = _told(question, rules)
    given = [built.rules[index] for index in found.given_up or ()]
    given_up = _told(question, given)
    asked = [*rules, *(rule for rule in given if rule.kind == "hours")]
    beside = list(dict.fromkeys(fact for rule in asked for fact in facts(question, rule)))
    where = []
    if core:
        title = _("Denne regel kan ikke holdes:") if len(core) == 1 else _("Disse regler kan ikke holdes på én gang:")
        where += [title, *(f"  {line}" for line in core)]
    if beside:
        where += [_("Fordi:"), *(f"  {line}" for line in beside)]
    if given_up:
        title = _("Det mindste, der må opgives:") if found.fewest else _("Det er nok at opgive:")
        where += [title, *(f"  {line}" for line in given_up)]
    return Infeasible(
        _("Der findes ingen vagtplan, som holder alle regler."),
        cure=_("Lempel en af reglerne nedenfor, eller sæt en pris på det, der mangler i minimum (missing_minimum)."),
        where=tuple(where),
        core=core,
        given_up=given_up,
        facts=beside,
    )


def _told(question: Question, rules: list[Rule]) -> list[str]:
    return [rule_text(question, rule) for rule in rules]


def _in_kroner(progress: Progress, built: Built) -> Progress:
    return lambda price, bound, seconds: progress(
        (price + built.floor_ore) / ORE, (bound + built.floor_ore) / ORE, seconds
    )
