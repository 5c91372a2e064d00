"""`hovedindgang plan erlang`, as it is typed."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from hovedindgang.planning.commands import plan

ASKED = ["erlang", "--calls-per-hour", "360", "--handle-seconds", "240"]


def typed(*more: str) -> Result:
    return CliRunner().invoke(plan, [*ASKED, *more], env={"HOVEDINDGANG_LANGUAGE": "en"})


def test_a_planner_without_patience_reads_erlang_c() -> None:
    data = json.loads(typed("--agents", "28", "--json").stdout)
    assert data["method"] == "Erlang C"
    assert data["offered_load_erlangs"] == pytest.approx(24)
    assert data["must_wait_percent"] == pytest.approx(33.31385, abs=1e-4)
    assert data["wait_mean_of_waiting_seconds"] == pytest.approx(60)
    assert data["agents_needed"] is None


def test_a_planner_with_a_goal_alone_is_told_how_many() -> None:
    data = json.loads(typed("--target-percent", "80", "--patience-seconds", "180", "--json").stdout)
    assert data["method"] == "Erlang A"
    assert data["agents"] == data["agents_needed"] == 27
    assert data["answered_within_percent"] >= 80


def test_a_queue_that_grows_is_said_so_in_words_and_in_data() -> None:
    said = typed("--agents", "20", "--language", "en")
    assert said.exit_code == 0
    assert "grows by 60.0 calls an hour" in said.stdout
    data = json.loads(typed("--agents", "20", "--json").stdout)
    assert (data["stable"], data["wait_mean_seconds"], data["growth_calls_per_hour"]) == (
        False,
        None,
        pytest.approx(60),
    )


def test_a_line_that_nobody_waits_in_is_told_by_who_gets_through() -> None:
    said = typed("--agents", "28", "--patience-seconds", "0", "--language", "en").stdout
    assert "Answered at once: 93.3 %. The other 6.7 % hang up, for nobody waits (Erlang B)." in said
    assert json.loads(typed("--agents", "28", "--patience-seconds", "0", "--json").stdout)["method"] == "Erlang B"


def test_where_nobody_calls_the_answer_is_that_nobody_waits_and_none_are_needed() -> None:
    said = typed("--calls-per-hour", "0", "--target-percent", "80", "--language", "en").stdout
    assert said == "Nobody calls, so nobody waits, and the employees talk 0 % of the time.\nThe goal takes nobody.\n"


@pytest.mark.parametrize(
    "more",
    [
        ["--agents", "0"],
        ["--agents", "-4"],
        [],
        ["--agents", "3", "--patience-seconds", "-1"],
        ["--agents", "3", "--answer-within", "-1"],
        ["--target-abandoned-percent", "5"],
        ["--target-percent", "100"],
        ["--agents", "3", "--calls-per-hour", "1e300"],
    ],
)
def test_what_cannot_be_is_answered_in_words_with_a_cure(more: list[str]) -> None:
    answer = typed(*more, "--json")
    assert answer.exit_code == 1
    assert json.loads(answer.stdout)["cure"]


@pytest.mark.parametrize(
    ("option", "value", "cure"),
    [
        ("--answer-within", "-1", "Write a number from 0 to 2,592,000."),
        (
            "--patience-seconds",
            "1e300",
            "Write a number from 0 to 31,622,400. If nobody hangs up, leave it out; if all do who are not answered at "
            "once, write 0.",
        ),
        ("--calls-per-hour", "-1", "Write a number from 0 to 10,000,000."),
    ],
)
def test_the_cure_names_what_may_be_written(option: str, value: str, cure: str) -> None:
    asked = {"--calls-per-hour": "360", "--handle-seconds": "240", "--agents": "28", option: value}
    words = ["erlang", *(word for pair in asked.items() for word in pair), "--json"]
    answer = json.loads(CliRunner().invoke(plan, words, env={"HOVEDINDGANG_LANGUAGE": "en"}).stdout)
    assert (answer["where"], cure in answer["cure"]) == ([option], True)
