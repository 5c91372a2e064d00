"""A small plan that is quick to simulate: two weeks of Lilleby, in plain Python."""

from __future__ import annotations

import dataclasses
import datetime as dt

from hovedindgang.kernel.actors import SYSTEM, Actor
from hovedindgang.planning.service.inputs import Inputs
from hovedindgang.planning.simulation.warm_up import WarmUp
from hovedindgang.policy.queries import in_force
from hovedindgang.scenarios import actions, running
from hovedindgang.scenarios.models import InputsDocument, Run, Scenario
from hovedindgang.scenarios.starting import starting_inputs
from hovedindgang.scenarios.writing import as_document

FIRST = dt.date(2026, 1, 5)  # a Monday
CLOSED_ON_MONDAYS = {"kind": "opening_hours", "centre": "pandrup", "weekday": 0}


def lilleby(*, days: int = 14, people: float = 2000.0) -> Inputs:
    """Inputs of a town so small that a fortnight takes no time."""
    model = in_force().model
    start = starting_inputs(model, FIRST, days=days)
    share = people / 40_000.0
    fewer = {
        channel: dataclasses.replace(one, value=one.value * share, low=None, high=None)
        for channel, one in start.demand.contacts_per_year.items()
    }
    teams = tuple(dataclasses.replace(team, number=2) for team in start.staff.teams)
    return dataclasses.replace(
        start,
        warm_up=WarmUp(7),
        demand=dataclasses.replace(start.demand, contacts_per_year=fewer),
        staff=dataclasses.replace(start.staff, teams=teams),
    )


def kept(inputs: Inputs | None = None, *, title: str = "Antaget for Lilleby", actor: Actor = SYSTEM) -> InputsDocument:
    return actions.keep_inputs(text=as_document(inputs or lilleby(), heading=title), title=title, actor=actor)


def tried(
    document: InputsDocument,
    *changes: dict[str, object],
    title: str = "Luk Pandrup om mandagen",
    actor: Actor = SYSTEM,
    replications: int = 2,
) -> tuple[Scenario, Run]:
    """A what-if with these changes, asked to be run; nobody has run it."""
    scenario = actions.make_scenario(title=title, inputs_id=document.pk, actor=actor)
    for change in changes or (CLOSED_ON_MONDAYS,):
        actions.add_change(scenario_id=scenario.pk, change=change, actor=actor)
    run = actions.ask_run(scenario_id=scenario.pk, actor=actor, replications=replications)
    return scenario, run


def done(run: Run) -> Run:
    """After the worker has come by."""
    running.work_off_runs(jit=False)
    run.refresh_from_db()
    return run
