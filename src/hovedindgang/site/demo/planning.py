"""What the demonstration's planner has tried: inputs measured on the invented year, a replay, and three what-ifs.

They are asked for here and simulated by the worker when the demonstration opens, so that filling waits for no compiler.
"""

from __future__ import annotations

from typing import Any

from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.scenarios.actions import add_change, ask_replay, ask_run, make_scenario
from hovedindgang.scenarios.calibrating import begin, calibrate
from hovedindgang.scenarios.models import InputsDocument
from hovedindgang.scenarios.pages import compare_address
from hovedindgang.scenarios.queries import latest_inputs, latest_replay, runs, scenarios
from hovedindgang.scenarios.rules import PlanRefused, RunKind, RunState

REPLICATIONS = 10
CLOSED = ("fjerritslev", "brovst", "pandrup")
WHAT_IFS: dict[str, list[dict[str, Any]]] = {
    "Luk Pandrup om torsdagen": [{"kind": "opening_hours", "centre": "pandrup", "weekday": 3}],
    "Filial i Blokhus, bemandet fra Aabybro": [
        {
            "kind": "new_place",
            "key": "blokhus",
            "name": "Blokhus",
            "latitude": 57.253,
            "longitude": 9.583,
            "people": 3000,
            "weekdays": [1, 3],
            "opens": "10:00",
            "closes": "14:00",
            "number": 0,
        },
        # One of Aabybro's own goes there, and home from there: no new hours are paid, and a room is borrowed.
        *(
            {
                "kind": "travelling_team",
                "team": "aabybro",
                "number": 1,
                "place": "blokhus",
                "weekday": day,
                "begins": "10:00",
                "ends": "14:00",
            }
            for day in (1, 3)
        ),
    ],
    # The worked case of docs/guide/planning-jammerbugt.md, on the demonstration's own numbers.
    "Tre skranker lukkes, og et hold kører ud torsdag eftermiddag": [
        *({"kind": "close_centre", "centre": town, "staff_to": "aabybro"} for town in CLOSED),
        *(
            {
                "kind": "travelling_team",
                "team": town,
                "number": 2,
                "place": town,
                "weekday": 3,
                "begins": "13:00",
                "ends": "17:00",
            }
            for town in CLOSED
        ),
    ],
}


def plan_ahead() -> None:
    """Measure, and ask for the runs; nothing is done again where it was done before the fill was killed."""
    if latest_inputs() is not None:
        return
    measured = _measured()
    for title, changes in WHAT_IFS.items():
        scenario = make_scenario(title=title, inputs_id=measured.pk, actor=SYSTEM)
        for change in changes:
            add_change(scenario_id=scenario.pk, change=change, actor=SYSTEM)
        ask_run(scenario_id=scenario.pk, actor=SYSTEM, replications=REPLICATIONS)
    if measured.measured is not None:
        ask_replay(inputs_id=measured.pk, actor=SYSTEM, replications=REPLICATIONS)


def _measured() -> InputsDocument:
    """A demonstration filled with a handful of contacts has nothing to measure on, and begins with assumptions."""
    try:
        return calibrate(first=None, last=None, actor=SYSTEM)
    except PlanRefused:
        return begin(actor=SYSTEM)


def addresses() -> dict[str, str]:
    """Where to look at what was tried: the inputs, the replay, one what-if, and all of them beside each other."""
    inputs, replay = latest_inputs(), latest_replay()
    found = {"plan_inputs": f"/proev/grundlag/{inputs.pk}/" if inputs else "/proev/grundlag/"}
    found["plan_replay"] = f"/proev/koersel/{replay.pk}/" if replay else "/proev/"
    found["plan"] = f"/proev/{scenarios()[-1].pk}/"
    done = [run.pk for run in reversed(runs()) if run.state == RunState.DONE and run.kind == RunKind.WHAT_IF]
    found["plan_compare"] = compare_address(done)
    return found
