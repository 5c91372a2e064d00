"""A trial that moves people to booked times says how many days they wait for one, or that there are too few."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from django.utils.translation import override

from hovedindgang.planning.service.ground import ground_of
from hovedindgang.planning.service.inputs import Appointments, Figure
from hovedindgang.policy.queries import in_force
from hovedindgang.scenarios.comparing import figure_keys
from hovedindgang.scenarios.pages.figures import figure_label
from hovedindgang.scenarios.pages.people import moves_table
from hovedindgang.scenarios.tests.planned import done, kept, lilleby, tried
from hovedindgang.scenarios.wordings import interval
from hovedindgang.servicemodel.document import SourceKind


def answered(slots: float | None) -> dict[str, Any]:
    """Half of those who come in person book a time; so many times a week at each centre, or as is assumed."""
    inputs = lilleby()
    if slots is not None:
        each = Figure(slots, SourceKind.MEASURED, "kalenderen")
        said = Appointments(slots_per_week=dict.fromkeys(ground_of(in_force().model, inputs).centres, each))
        inputs = dataclasses.replace(inputs, appointments=said)
    change = {"kind": "move_channel", "share": 0.5, "from_channel": "in_person", "to_channel": "appointment"}
    _scenario, run = tried(kept(inputs), change, title="Efter aftale")
    assert done(run).results is not None, run.error
    with override("en"):
        moves = moves_table(run)
    assert moves is not None
    assert "fordelingen" not in moves["source"], "an English reader reads the source in English"
    return {"figures": run.results["figures"], "shown": list(figure_keys([run.results], frozenset()))}


@pytest.mark.parametrize("slots", [None, 500.0])
def test_a_trial_says_how_many_days_one_waits_for_a_time(slots: float | None, policy_in_force: object) -> None:
    found = answered(slots)
    days, most = (found["figures"][f"{name}:appointment"] for name in ("days", "days_p90"))
    assert 1 <= days["value"] <= most["value"]
    (shown,) = (one for key, _channel, _place, one in found["shown"] if key == "days:appointment")
    with override("en"):
        assert figure_label(shown, "days:appointment").startswith("Days until there is a free time, mean")
        assert "days" in interval(days, shown.unit)


def test_where_times_are_too_few_the_trial_says_so_instead_of_a_mean(policy_in_force: object) -> None:
    found = answered(0.5)
    assert found["figures"]["times_short:appointment"]["value"] > 0
    assert "days:appointment" not in found["figures"]
    assert "times_short:appointment" in [key for key, *_rest in found["shown"]]
