"""A training plan that holds its dates, or why none does and the earliest dates that can be held."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
import time
from typing import Any

from hovedindgang.planning.courses.building import ORE, build
from hovedindgang.planning.courses.checking import price_kr
from hovedindgang.planning.courses.document import Goal, Plan, Training, reached_in
from hovedindgang.planning.courses.starting import first_plan
from hovedindgang.planning.courses.words import rule_text
from hovedindgang.planning.integer import Answer, Program, Progress, explain, solve
from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.stopping import nothing_yet
from hovedindgang.servicemodel.wording import date_text

UNITS = 1.2  # of CP-SAT's deterministic time in a second; measured: 18 took 15 s of a quiet core


class DatesCannotHold(CannotPlan):
    """No plan reaches the goals in time. `core`: rules that collide; `earliest`: goal to the first date that can hold.

    A date of None: not within the weeks that were looked at, whatever the date. `proved`: no date before it can.
    """

    def __init__(
        self,
        text: str,
        *,
        cure: str,
        where: tuple[str, ...],
        core: list[str],
        earliest: dict[str, tuple[dt.date | None, bool]],
    ) -> None:
        super().__init__(text, cure=cure, where=where)
        self.core, self.earliest = core, earliest

    def more(self) -> dict[str, Any]:
        earliest = {
            goal: {"on": None if on is None else on.isoformat(), "proved": proved}
            for goal, (on, proved) in self.earliest.items()
        }
        return {"collide": self.core, "earliest": earliest}


def plan_courses(
    training: Training,
    *,
    seconds: float = 30,
    seed: int = 1,
    workers: int = 2,
    repeatable: bool = False,
    gap: float = 0.005,
    progress: Progress | None = None,
) -> Plan:
    """The cheapest plan found within `seconds`, with its bound. Ctrl-C gives the best so far.

    It starts from the best of plans drawn by lot (`starting`); CP-SAT betters it while HiGHS raises the bound.
    `repeatable`: the same plan each time. The plans drawn, one relaxation, and UNITS of CP-SAT's work for each second
    are done, however long the machine takes for them: on a quiet one about `seconds`, and a few for the relaxation.

    Raises DatesCannotHold with the reasons and the earliest dates, CannotPlan where nothing was found in time,
    Missing without OR-Tools.
    """
    began = time.monotonic()
    built = build(training)
    known = first_plan(training, seed=seed)
    start = None if known is None else built.chosen(known.enrolments)
    answer = solve(
        built.program,
        seconds=seconds * UNITS if repeatable else max(1.0, seconds - (time.monotonic() - began)),
        start=start,
        start_price=math.inf if known is None else round(known.price_kr * ORE) - built.floor_ore,
        seed=seed,
        workers=workers,
        repeatable=repeatable,
        gap=gap,
        progress=progress,
        dive=False,
    )
    if answer.ended == "infeasible":
        raise _cannot_hold(training, built.program, seconds=seconds, seed=seed)
    if answer.values is None and answer.ended == "stopped":
        raise nothing_yet()
    if answer.values is None:
        raise CannotPlan(
            _("Ingen plan blev fundet på {seconds} sekunder.").format(seconds=round(seconds)),
            cure=_("Giv mere tid med --seconds."),
        )
    plan = Plan(built.enrolments(training, answer.values), 0.0, 0.0, answer.ended, time.monotonic() - began, seed)
    price = price_kr(training, plan)
    bound = min(price, (answer.bound + built.floor_ore) / ORE)
    return dataclasses.replace(plan, price_kr=price, bound_kr=bound)


def _cannot_hold(training: Training, program: Program, *, seconds: float, seed: int) -> DatesCannotHold:
    built = build(training)
    found = explain(program, seconds=min(seconds, 20), seed=seed)
    core = [rule_text(training, built.rules[index]) for index in found.core]
    earliest = {goal.key: _earliest(training, goal, seconds=seconds, seed=seed) for goal in training.goals}
    where = [_("Disse regler kan ikke holdes på én gang:"), *(f"  {line}" for line in core)] if core else []
    for goal in training.goals:
        on, proved = earliest[goal.key]
        if on is None:
            text = (
                _("{goal}: nås ikke inden {last}, uanset dato.")
                if proved
                else _("{goal}: ingen dato inden {last} blev fundet i tide; om der er en, vides ikke.")
            )
            where.append(text.format(goal=goal.key, last=date_text(training.monday(training.weeks))))
        else:
            text = (
                _("{goal}: tidligst {on}.")
                if proved
                else _("{goal}: kan nås {on}; om det kan gøres før, er ikke bevist.")
            )
            where.append(text.format(goal=goal.key, on=date_text(on)))
    return DatesCannotHold(
        _("Målene kan ikke nås til tiden."),
        cure=_("Flyt datoen, hold kurserne oftere, eller lad flere være væk ad gangen."),
        where=tuple(where),
        core=core,
        earliest=earliest,
    )


def _earliest(training: Training, goal: Goal, *, seconds: float, seed: int) -> tuple[dt.date | None, bool]:
    """The first day on which all can have reached this goal, were it the only one; and whether that is proved."""
    free = dataclasses.replace(training, goals=(goal,), delay_kr=0.0, day_kr=0.0)
    built = build(free, dates_hold=False)
    answer: Answer = solve(built.program, seconds=seconds, seed=seed)
    if answer.values is None:
        return None, answer.ended == "infeasible"
    plan = Plan(built.enrolments(free, answer.values), 0.0, 0.0, answer.ended, 0.0, seed)
    weeks = [reached_in(free, plan, goal, one.key) for one in free.learners]
    if any(week is None for week in weeks):
        return None, answer.ended == "proved"
    return training.monday(max(week for week in weeks if week is not None)), answer.ended == "proved"
