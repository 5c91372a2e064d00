"""Whoever only shows what a proposal changes waits for no arithmetic: caseworkers are counted when somebody asks."""

from __future__ import annotations

import pickle
import subprocess
import sys

import pytest

from hovedindgang.planning.service import building
from hovedindgang.planning.service.changes import MoveChannel, changed
from hovedindgang.planning.service.inputs import Inputs
from hovedindgang.planning.tests.towns import JAMMERBUGT, jammerbugt
from hovedindgang.servicemodel.document import ServiceModel

MORE_CALLS = MoveChannel(0.4, "in_person", "phone")


def test_a_plan_is_read_and_its_changes_are_shown_without_numpy() -> None:
    asked = (
        "import sys; from pathlib import Path\n"
        "from hovedindgang.planning.service.changes import MoveChannel, changed\n"
        "from hovedindgang.planning.service.reading import read_plan\n"
        f"plan = read_plan(Path({str(JAMMERBUGT)!r}))\n"
        "model, inputs = changed(plan.model, plan.inputs, [MoveChannel(0.4, 'in_person', 'phone')])\n"
        "assert inputs.unsure()\n"
        "print('numpy' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=False)
    assert done.stdout == "False\n", done.stdout + done.stderr


def test_departments_keep_the_caseworkers_they_had_counted_once_and_when_somebody_asks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plan, counted, count = jammerbugt(days=14), [], building.caseworkers

    def noted(model: ServiceModel, inputs: Inputs) -> dict[str, int]:
        counted.append(inputs)
        return count(model, inputs)

    monkeypatch.setattr(building, "caseworkers", noted)
    _model, after = changed(plan.model, plan.inputs, (MORE_CALLS, MORE_CALLS))
    assert counted == []
    assert after.caseworkers is not None
    assert dict(after.caseworkers) == count(plan.model, plan.inputs)
    assert len(after.caseworkers) == len([*after.caseworkers]) > 1
    assert counted == [plan.inputs]


def test_another_process_is_told_how_many_and_does_not_count_them_again() -> None:
    plan = jammerbugt(days=14)
    _model, after = changed(plan.model, plan.inputs, (MORE_CALLS,))
    sent = pickle.loads(pickle.dumps(after))
    assert type(sent.caseworkers) is dict
    assert sent.caseworkers == after.caseworkers
