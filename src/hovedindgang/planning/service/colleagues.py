"""A trainee passes some of her contacts to a colleague who knows the service, while the citizen waits.

The colleague is a generalist or a specialist in the service, at the same centre or, for calls and letters, anywhere.
Who is passed on is met before those who have not been met yet. Where nobody who is ever there knows the service, nobody
is passed on: the trainee does what she can.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from hovedindgang.planning.simulation.network import Came
from hovedindgang.planning.simulation.scenario import TRAINEE, Employee, Flow, Line, Outcome

COLLEAGUE = "colleague"


def with_colleagues(
    share: float, flows: Mapping[str, Flow], lines: Mapping[str, Line], employees: tuple[Employee, ...]
) -> tuple[dict[str, Flow], dict[str, Line], tuple[Employee, ...]]:
    """The same, with `share` of what trainees handle passed to a colleague: a flow and a line for each that may be."""
    new_flows, new_lines = dict(flows), dict(lines)
    known = {line: _who(line, lines[line], employees) for line in {one.line for one in flows.values() if one.line}}
    for key, flow in flows.items():
        learning, able = known.get(flow.line or "", (False, False))
        if not (learning and able) or not isinstance(flow.outcomes, Mapping) or flow.line is None:
            continue
        at, line = f"{COLLEAGUE}:{key}", lines[flow.line]
        new_flows[key] = replace(flow, outcomes={**flow.outcomes, TRAINEE: _passed(flow.outcomes[TRAINEE], share, at)})
        new_flows[at] = replace(flow, key=at, channel=COLLEAGUE, centre=None, arrivals=None, line=at, closed_door=0.0)
        new_lines[at] = replace(line, key=at, priority=line.priority - 1)
    return new_flows, new_lines, tuple(_taught(one, flows, new_lines) for one in employees)


def _who(key: str, line: Line, employees: tuple[Employee, ...]) -> tuple[bool, bool]:
    """Whether somebody who is ever there is a trainee in what the line is for, and whether somebody knows it."""
    there = [one.levels[key] for one in employees if key in one.levels and _is_ever(one, line)]
    return TRAINEE in there, any(level != TRAINEE for level in there)


def _is_ever(employee: Employee, line: Line) -> bool:
    shifts = [shift for day in employee.week or () for shift in day]
    return bool(shifts) and (line.place is None or any(shift.place == line.place for shift in shifts))


def _passed(outcomes: tuple[Outcome, ...], share: float, to: str) -> tuple[Outcome, ...]:
    kept = tuple(replace(one, share=one.share * (1 - share)) for one in outcomes)
    return (*kept, Outcome(Came.TRANSFERRED, share, to=to))


def _taught(employee: Employee, flows: Mapping[str, Flow], lines: Mapping[str, Line]) -> Employee:
    """With the lines of what is passed on, where she knows the service."""
    more = {
        at: employee.levels[flow.line]
        for key, flow in flows.items()
        if flow.line
        and flow.line in employee.levels
        and employee.levels[flow.line] != TRAINEE
        and (at := f"{COLLEAGUE}:{key}") in lines
    }
    return replace(employee, levels={**employee.levels, **more}) if more else employee
