"""What is not known is put at the ends of its range, one thing at a time, and the answer says how far it moves."""

from __future__ import annotations

import dataclasses
import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from hovedindgang.planning.commands import assuming, plan
from hovedindgang.planning.service import ranges
from hovedindgang.planning.service.assumptions import COST, Answer, answered, apart, moves, put, scales
from hovedindgang.planning.service.checks import wrongs
from hovedindgang.planning.service.naming import PLACES, figure_name
from hovedindgang.planning.service.ranges import Trial
from hovedindgang.planning.service.reading import Plan, read_plan
from hovedindgang.planning.tests.towns import written
from hovedindgang.servicemodel.language import speaking

ROOT = Path(__file__).resolve().parents[4]
PLANNING = ROOT / "models" / "planning"
OTHER_DAY = "behaviour.displaced_other_day"


@cache
def short(name: str = "jammerbugt-rullende") -> Plan:
    """The shipped plan, of two weeks."""
    read = read_plan(PLANNING / f"{name}.toml")
    return dataclasses.replace(read, inputs=dataclasses.replace(read.inputs, days=14))


def answer(name: str, trial: Trial | None = None) -> Answer:
    found = answered(short(name), seed=1, replications=2, trial=trial)
    assert found is not None
    return found


@pytest.mark.parametrize("name", ["jammerbugt-2006", "fredensborg"])
def test_at_both_ends_of_every_range_the_inputs_may_still_be_planned_with(name: str) -> None:
    """Shares that make a whole give way: none of the ends is a day with more than everybody in it."""
    read = read_plan(PLANNING / f"{name}.toml")
    ends = ranges.trials(read.inputs)
    assert len(ends) > 100
    for key, _end, value in ends:
        there = put(read.inputs, key, value)
        assert dict(there.figures())[key].value == value
        assert not list(wrongs(read.model, there)), key


def test_a_number_is_moved_alone_but_for_the_shares_of_its_own_whole() -> None:
    inputs = short().inputs
    before = dict(inputs.figures())
    for key, others in (
        ("demand.contacts_per_year.phone", set[str]()),
        ("demand.waves.pas.factor", set()),
        (OTHER_DAY, {"behaviour.displaced_nearest"}),
        ("work.results.guide.resolved", {f"work.results.guide.{one}" for one in ("comes_back", "handed_over")}),
    ):
        after = dict(put(inputs, key, 0.5).figures())
        moved = {one for one in before if before[one].value != after[one].value} - {key}
        assert others <= moved
        assert all(one.rpartition(".")[0] == key.rpartition(".")[0] for one in moved)
    assert put(inputs, "demand.nothing", 3.0) is inputs
    shut = dict(put(inputs, OTHER_DAY, 0.8).figures())
    assert shut["behaviour.displaced_nearest"].value == pytest.approx(0.125)  # 25 of the 40 that did not, of 20


def test_the_wage_moves_the_cost_by_as_much_as_it_is_moved_and_nothing_else() -> None:
    usual = answer("jammerbugt-2006")
    dear = answer("jammerbugt-2006", ("staff.kr_per_hour", "high", 280.0))
    assert dear[COST] == pytest.approx(usual[COST] * 280 / 240)
    assert all(np.array_equal(dear[key], usual[key]) for key in usual if key != COST)


def test_where_people_go_when_their_door_is_shut_decides_what_closing_does_and_nothing_as_it_is() -> None:
    """Nobody's door is shut on most days today; with three counters closed it is what the answer hangs on."""
    trial = (OTHER_DAY, "high", 0.8)
    usual, there = ([answer(name, one) for name in ("jammerbugt-2006", "jammerbugt-rullende")] for one in (None, trial))
    phone = ("staff.sickness", "high", 0.05)  # as it is: nothing is moved
    same = [answer(name, phone) for name in ("jammerbugt-2006", "jammerbugt-rullende")]
    unit = scales(usual[0])
    ranked = moves({trial: apart(*there), phone: apart(*same)}, apart(*usual), short().inputs, unit)
    assert [one.key for one in ranked] == [OTHER_DAY, "staff.sickness"]
    assert ranked[1].weight(unit) == 0
    moved = ranked[0].shifts["high"][("in_person", "wait_mean_minutes")]
    assert moved is not None
    assert abs(moved.value) > 0.2


def test_a_queue_without_end_at_one_end_is_said_to_be_and_comes_first() -> None:
    few = dict(answer("jammerbugt-2006"))
    grown = {**few, ("phone", "wait_mean_minutes"): np.full(2, np.nan)}
    wages = {**few, COST: few[COST] * 1.5}
    trials: dict[Trial, Answer] = {("staff.kr_per_hour", "high", 360.0): wages, ("staff.sickness", "high", 0.9): grown}
    ranked = moves(trials, few, short().inputs, scales(few))
    assert [one.key for one in ranked] == ["staff.sickness", "staff.kr_per_hour"]
    assert ranked[0].shifts["high"][("phone", "wait_mean_minutes")] is None


def test_every_number_with_a_range_has_a_name_that_people_read() -> None:
    read = short()
    for key, _figure in ranges.ranged(read.inputs):
        name = figure_name(key, read.model)
        assert name != key
        assert "." not in name.replace("pr.", "").replace("kr.", "")
    assert figure_name("work.results.guide.resolved") == f"{PLACES['work.results']}: der vejledes, løst"
    assert figure_name("demand.weights.flytning", read.model).endswith(read.model.services["flytning"].name)


def test_a_comparison_says_what_it_hangs_on_in_words_and_as_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A week, and two numbers of seventy, so that nobody waits."""
    few = {OTHER_DAY, "staff.kr_per_hour"}
    every = ranges.trials
    monkeypatch.setattr(ranges, "trials", lambda inputs: [one for one in every(inputs) if one[0] in few])
    now = written(tmp_path, days=7)
    then = tmp_path / "then.toml"
    then.write_text(
        'inputs = "plan.toml"\n[[change]]\nkind = "close_centre"\ncentre = "fjerritslev"\nstaff_to = "aabybro"\n'
    )
    words = ["compare", str(now), str(then), "--replications", "2", "--assumptions"]
    typed = CliRunner().invoke(plan, [*words, "--json"], env={"HOVEDINDGANG_LANGUAGE": "en"})
    told = json.loads(typed.stdout)["assumptions"]
    assert (told["tried"], told["of"], told["interrupted"]) == (4, 4, False)
    assert "staff.lunch_minutes" in told["without_a_range"]
    (one,) = told["plans"]
    assert {figure["key"] for figure in one["figures"]} == few
    first = one["figures"][0]
    assert {"value", "low", "high", "kind", "reference", "decides", "moves"} <= set(first)
    assert {"shift_at_low", "shift_at_high"} <= set(first["moves"][0])
    by_key = {figure["key"]: figure for figure in one["figures"]}
    assert by_key["staff.kr_per_hour"]["decides"] < 0.3  # of the wages, not of the little they differ
    with speaking("en"):
        said = "\n".join(assuming.in_words(told, [{}]))
    assert "What is not known that decides most" in said
    assert "assumed numbers have no range and were not tried" in said


def test_a_scenario_without_ranges_is_refused_in_words() -> None:
    file = ROOT / "docs" / "guide" / "examples" / "ten-agents.toml"
    answer = CliRunner().invoke(plan, ["simulate", str(file), "--assumptions"], env={"HOVEDINDGANG_LANGUAGE": "en"})
    assert answer.exit_code == 1
    assert "Only plans have numbers with ranges" in answer.stderr


def test_ctrl_c_gives_the_trials_that_were_done(monkeypatch: pytest.MonkeyPatch) -> None:
    from contextlib import contextmanager

    asked = iter(range(1000))

    @contextmanager
    def pressed_soon():
        yield lambda: next(asked) < 12

    monkeypatch.setattr(assuming, "stopped_by_hand", pressed_soon)
    told = assuming.tried([short("jammerbugt-2006")], seed=1, jit=True, replications=2)
    assert told["interrupted"]
    assert 0 < told["tried"] < told["of"]
    assert len(told["plans"][0]["figures"]) <= told["tried"]
