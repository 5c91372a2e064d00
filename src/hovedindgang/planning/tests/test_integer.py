"""Whole programs, and the processes that solve them: who asks often does not wait for a new one each time."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hovedindgang.planning import integer_asking
from hovedindgang.planning.integer import Program, explain, solve
from hovedindgang.planning.integer_relaxed import _Whole
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.tests.processes import told_by_each

EXAMPLES = Path(__file__).parents[4] / "docs" / "guide" / "examples"


@pytest.fixture(autouse=True)
def _nobody_is_warm() -> Iterator[None]:
    integer_asking._end_all()
    yield
    integer_asking._end_all()


def passports(days: int, least: int) -> Program:
    """Alice is dearer than Bob, who can only come every other day; one of them must be there."""
    program = Program()
    for day in range(days):
        alice, bob = program.variable(price=3), program.variable(upper=1 - day % 2, price=1)
        program.row([alice, bob], low=least, rule=program.rule())
    return program


def warm() -> list[int]:
    return [solver._process.pid for solver in integer_asking._idle]


def test_what_is_asked_after_another_question_is_answered_by_the_same_process_as_if_it_were_the_first() -> None:
    first = solve(passports(6, 1), seconds=10)
    (pid,) = warm()
    assert solve(passports(2, 1), seconds=10).price == 4
    assert solve(passports(1, 3), seconds=10).ended == "infeasible"
    assert explain(passports(2, 2), seconds=10).core == (1,)  # on the day when Bob cannot come
    again = solve(passports(6, 1), seconds=10)
    assert (first.values, first.price, first.bound) == (again.values, again.price, again.bound)
    assert (again.price, again.ended, warm()) == (12, "proved", [pid])


def test_rules_that_the_relaxation_cannot_keep_together_are_told_by_it() -> None:
    """Alice and Bob are both wanted on two days, and one of them is wanted at home; the rest is in nobody's way."""
    program = Program()
    days = [(program.variable(), program.variable()) for _ in range(3)]
    wanted = [program.rule() for _ in days]
    home = program.rule()
    for day, rule in zip(days, wanted, strict=True):
        program.row(day, low=2 if rule != wanted[2] else 1, rule=rule)
    program.row(days[1], high=1, rule=home)
    assert _Whole(program.as_data()).colliding(range(4), 10) == [wanted[1], home]
    assert _Whole(program.as_data()).colliding([*wanted], 10) is None


def test_a_process_that_was_left_in_the_middle_is_asked_no_more() -> None:
    with integer_asking.asking({"task": "none"}, "integer_child"):
        pass  # whoever asked is gone before it could answer
    assert warm() == []
    with pytest.raises(KeyboardInterrupt), integer_asking.asking({"task": "none"}, "integer_child"):
        raise KeyboardInterrupt
    assert warm() == []


def test_a_process_that_died_while_it_waited_is_replaced() -> None:
    assert solve(passports(2, 1), seconds=10).price == 4
    integer_asking._idle[0]._process.kill()
    integer_asking._idle[0]._process.wait()
    assert solve(passports(2, 1), seconds=10).price == 4


def test_what_a_solver_complains_of_is_told() -> None:
    with pytest.raises(CannotPlan) as told, integer_asking.asking({"program": {}}, "integer_child") as lines:
        list(lines(integer_asking.time.monotonic() + 60))
    assert "KeyError" in told.value.where[0]
    assert warm() == []


def test_a_solver_does_not_wait_for_tables_that_nobody_uses() -> None:
    """pandas is installed with OR-Tools, takes longer to load than all else together, and is only named by it."""
    asks = "import hovedindgang.planning.integer_child as child, sys; print('pandas' in sys.modules, child.cp_model)"
    assert _printed(asks).startswith("False <module 'ortools.")


def test_where_or_tools_asks_more_of_the_tables_it_gets_them() -> None:
    """A later one may. Here the stand-in lacks a name that this one asks for."""
    asks = """
import pathlib, sys, hovedindgang.planning as house
source = pathlib.Path(house.__path__[0], "integer_child.py").read_text(encoding="utf-8")
assert (less := source.replace("    Series = type", "    Serie = type")) != source
exec(compile(less, "integer_child.py", "exec"), {"__name__": "less"})
print(hasattr(sys.modules["pandas"], "DataFrame"), "ortools.sat.python.cp_model" in sys.modules)
"""
    assert _printed(asks) == "True True"


def _printed(script: str) -> str:
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.strip()


def test_the_same_question_is_the_same_program_in_every_process() -> None:
    """Sets of words and days have another order in each; a roster or a plan that is to repeat must not hang on it."""
    script = f"""
import json
from pathlib import Path
from hovedindgang.planning.courses import building, reading, starting
from hovedindgang.planning.staffing.rosters.building import build
from hovedindgang.planning.staffing.rosters.inventing import invented
from hovedindgang.planning.staffing.rosters.reading import read_question
from hovedindgang.planning.staffing.rosters.starting import first_duties

asked = reading.read_training(Path({str(EXAMPLES / "courses.toml")!r}))
print(json.dumps(building.build(asked).program.as_data()), starting.first_plan(asked, seed=1, turns=2))
for asked in (read_question(Path({str(EXAMPLES / "roster.toml")!r})), invented(3, employees=6, weeks=1)):
    built = build(asked)
    print(json.dumps(built.program.as_data()), built.rules, first_duties(asked, built))
"""
    assert len(told_by_each(script)) == 1
