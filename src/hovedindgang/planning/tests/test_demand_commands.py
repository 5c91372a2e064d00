"""`hovedindgang plan forecast` and `plan backtest`, as they are typed."""

from __future__ import annotations

import datetime as dt
import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hovedindgang.planning.commands import plan
from hovedindgang.planning.tests.invented_calls import Town, written


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return written(Town(days=60).series(), tmp_path / "calls.csv")


def typed(*arguments: object) -> Result:
    return CliRunner().invoke(plan, [str(one) for one in arguments], env={"HOVEDINDGANG_LANGUAGE": "en"})


def test_a_planner_is_told_each_interval_with_its_range(file: Path) -> None:
    data = json.loads(typed("forecast", file, "--day", "2025-03-10", "--json").stdout)
    assert data["open"]
    assert len(data["intervals"]) == 12  # 9 to 15
    assert all(one["p2.5"] <= one["p50"] <= one["p97.5"] for one in data["intervals"])
    assert data["calls"]["p2.5"] < data["calls_mean"] < data["calls"]["p97.5"]


def test_nobody_is_foretold_to_call_on_a_public_holiday_unless_the_file_has_calls_on_one(file: Path) -> None:
    good_friday = ("--day", "2025-04-18", "--holidays", "denmark")
    closed = json.loads(typed("forecast", file, *good_friday, "--json").stdout)
    assert (closed["open"], closed["calls_mean"], closed["closed_for"]) == (False, 0, "Langfredag")
    assert "2025-04-18: closed; it is a public holiday." in typed("forecast", file, *good_friday).stdout
    assert json.loads(typed("forecast", file, "--day", "2025-04-18", "--json").stdout)["open"]  # nothing is known of it


def test_a_line_that_answers_day_and_night_has_no_gap_where_the_clock_leaves_an_hour_out(tmp_path: Path) -> None:
    first = dt.datetime(2026, 3, 8, tzinfo=dt.UTC)
    hours = [(first + dt.timedelta(hours=hour)).isoformat() for hour in range(24 * 28)]
    calls = tmp_path / "night.csv"
    calls.write_text("interval_start,calls\n" + "".join(f"{hour},3\n" for hour in hours), encoding="utf-8")
    answer = typed("forecast", calls, "--day", "2026-04-02", "--zone", "Europe/Copenhagen", "--json")
    assert answer.exit_code == 0, answer.stdout
    lost = calls.read_text(encoding="utf-8").splitlines()
    del lost[1 + 24 * 21 + 3]  # an hour that there was, on the same Sunday
    calls.write_text("\n".join(lost), encoding="utf-8")
    answer = typed("forecast", calls, "--day", "2026-04-02", "--zone", "Europe/Copenhagen")
    assert (answer.exit_code, "2026-03-29: 1 missing, the first interval at 05:00" in answer.stderr) == (1, True)


def test_a_seed_below_zero_is_refused_and_no_crash(file: Path) -> None:
    answer = typed("forecast", file, "--day", "2025-03-10", "--seed", "-5")
    assert (answer.exit_code, type(answer.exception)) == (2, SystemExit)


def test_in_the_middle_of_the_day_what_was_counted_stands_and_the_rest_is_foretold(file: Path) -> None:
    whole = json.loads(typed("forecast", file, "--day", "2025-03-03", "--json").stdout)
    rest = json.loads(typed("forecast", file, "--day", "2025-03-03", "--until", "12:00", "--json").stdout)
    assert len(rest["intervals"]) == 6
    assert rest["calls_so_far"] > 0
    assert rest["calls"]["p97.5"] - rest["calls"]["p2.5"] < whole["calls"]["p97.5"] - whole["calls"]["p2.5"]


def test_an_election_is_read_with_its_range_and_shown_with_its_source(file: Path, tmp_path: Path) -> None:
    toml = tmp_path / "changes.toml"
    toml.write_text(
        '[[change]]\nname = "Election"\nfrom = 2025-03-10\nto = 2025-03-11\nfactor = 1.4\nlow = 1.1\nhigh = 1.8\n'
    )
    plain = json.loads(typed("forecast", file, "--day", "2025-03-10", "--json").stdout)
    told = json.loads(typed("forecast", file, "--day", "2025-03-10", "--changes", toml, "--json").stdout)
    assert told["calls_mean"] == pytest.approx(1.4 * plain["calls_mean"], rel=0.05)
    assert told["changes"][0]["source"] == "assumed"
    said = typed("forecast", file, "--day", "2025-03-10", "--changes", toml).stdout
    assert "Election: multiplied by 1.40 (between 1.10 and 1.80; source: assumed)." in said


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[[change]]\nname = 1",
        '[[change]]\nname = "x"\nfrom = 2025-03-10\nto = 2025-03-09\nfactor = 1\nlow = 1\nhigh = 1',
        '[[change]]\nname = "x"\nfrom = 2025-03-10\nto = 2025-03-10\nfactor = 3\nlow = 1\nhigh = 2',
        '[[change]]\nname = "x"\nfrom = 2025-03-10\nto = 2025-03-10\nfactor = true\nlow = 1\nhigh = 2',
        '[[change]]\nname = "x"\nfrom = "2025"\nto = 2025-03-10\nfactor = 1\nlow = 1\nhigh = 2',
        "change = 3",
        "[[",
    ],
)
def test_a_change_that_is_written_wrongly_is_refused_in_words(file: Path, tmp_path: Path, text: str) -> None:
    toml = tmp_path / "changes.toml"
    toml.write_text(text)
    answer = typed("forecast", file, "--day", "2025-03-10", "--changes", toml, "--json")
    assert answer.exit_code == 1
    assert json.loads(answer.stdout)["cure"]


@pytest.mark.parametrize(
    "more",
    [
        ["--day", "soon"],
        ["--day", "2025-03-03", "--until", "noon"],
        ["--day", "2025-03-10", "--until", "12:00"],
        ["--day", "2025-01-08"],
        ["--day", "2035-01-08"],
        ["--day", "2025-03-10", "--zone", "Mars"],
        ["--day", "2025-03-10", "--calls-per-day", "4", "5", "6"],
    ],
)
def test_what_cannot_be_foretold_is_said_with_a_cure(file: Path, more: list[str]) -> None:
    answer = typed("forecast", file, *more, "--json")
    assert answer.exit_code == 1
    assert json.loads(answer.stdout)["cure"]


def test_a_day_that_is_always_closed_is_said_to_be(file: Path) -> None:
    assert "closed" in typed("forecast", file, "--day", "2025-03-09").stdout


def test_a_backtest_gives_every_score_of_the_model_and_each_baseline(file: Path) -> None:
    data = json.loads(typed("backtest", file, "--days", 3, "--simple", "--json").stdout)
    for scores in (data["model"], *data["baselines"].values()):
        assert {"rmse", "mape", "crps", "coverage95"} <= set(scores)
    assert data["not_installed_or_left_out"] == ["mstl", "auto_ets"]
    low, high = data["coverage95_interval"]
    assert low <= data["model"]["coverage95"] <= high


def test_a_backtest_of_too_few_days_is_refused_in_words(file: Path) -> None:
    answer = typed("backtest", file, "--days", 900)
    assert answer.exit_code == 1
    assert "takes 10 days before them" in answer.stderr


def test_on_real_calls_the_model_is_better_than_every_simple_method() -> None:
    """Eight days of the calls that Weinberg, Brown and Stroud (2007) forecast; `benchmarks/forecast.py` has all."""
    folders = [Path(os.environ.get("HOVEDINDGANG_DATA", "")), Path(__file__).parents[5] / "shared" / "data"]
    for folder in folders:
        if (folder / "bank_calls.csv").exists():
            data = json.loads(typed("backtest", folder / "bank_calls.csv", "--days", 8, "--simple", "--json").stdout)
            assert data["crps_to_best_baseline"] < 0.95
            return
    pytest.skip("the real calls are not here: set HOVEDINDGANG_DATA to the folder that holds bank_calls.csv")


def test_calls_where_it_was_always_closed_before_are_said_and_not_left_out_in_silence(tmp_path: Path) -> None:
    town = written(Town(days=54).series(), tmp_path / "calls.csv")  # its last day is a Friday
    with town.open("a") as rows:
        rows.write("2025-03-01T10:00:00,40\n2025-03-01T10:30:00,50\n")  # the first Saturday of all
    data = json.loads(typed("backtest", town, "--days", "2", "--simple", "--json").stdout)
    assert (data["intervals_unforeseen"], data["calls_unforeseen"]) == (2, 90)
    low, high = data["coverage95_interval"]
    assert 0 <= low <= high <= 100
    assert data["poisson_floor_crps"] > 0
    assert "Not scored: 2 intervals (90 calls)" in typed("backtest", town, "--days", "2", "--simple").stdout
