"""What is typed wrongly is said in the language asked for, and to programs as JSON; nothing is lost by a bad name."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from hovedindgang.planning.commands import plan, targets

ROOT = Path(__file__).resolve().parents[4]
EXAMPLES = ROOT / "docs" / "guide" / "examples"
WEEK = str(EXAMPLES / "borgerservice-week.toml")
PLAN = str(ROOT / "models" / "planning" / "jammerbugt-2006.toml")
TOWNS = ROOT / "models" / "places" / "jammerbugt.toml"
MOVE = ["--service", "pas", "--to", "department"]
CALLS = ["erlang", "--handle-seconds", "240", "--agents", "28"]


def typed(*words: str, language: str = "da") -> Result:
    return CliRunner().invoke(plan, list(words), env={"HOVEDINDGANG_LANGUAGE": language})


def at_a_terminal(*words: str, language: str = "da") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "hovedindgang.site.cli", "plan", *words],
        env={**os.environ, "HOVEDINDGANG_LANGUAGE": language},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("words", "where"),
    [
        ([*CALLS], "--calls-per-hour"),
        ([*CALLS, "--calls-per-hour", "many"], "--calls-per-hour"),
        ([*CALLS, "--calls-per-hour", "360", "--agent", "3"], "--agent"),
        (["channels", PLAN, "--from", "phone", "--to", "digital", "--share", "30"], "--share"),
        (["simulate", WEEK, "--language", "fr"], "--language"),
        (["site"], "file"),
        (["foresee"], None),
    ],
)
def test_a_program_that_asks_wrongly_is_told_so_as_it_is_told_everything_else(words: list[str], where: str) -> None:
    done = typed(*words, "--json")
    assert done.exit_code == 2
    told = json.loads(done.stdout)
    assert set(told) == {"problem", "cure", "where"}
    assert told["where"] == ([where] if where else [])
    assert "--help" in told["cure"]


def test_who_does_not_ask_for_json_gets_words_and_the_same_code() -> None:
    done = typed("channels", PLAN, "--from", "phone", "--to", "digital", "--share", "30")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "30 er ikke mellem 0 og 1." in done.stderr


@pytest.mark.parametrize(
    ("language", "number", "calls"),
    [("da", "360,5", 360.5), ("da", "1.360,5", 1360.5), ("da", "360.5", 360.5), ("en", "360.5", 360.5)],
)
def test_a_number_is_typed_as_it_is_written_where_one_is(language: str, number: str, calls: float) -> None:
    done = typed(*CALLS, "--calls-per-hour", number, "--json", language=language)
    assert json.loads(done.stdout)["calls_per_hour"] == calls


@pytest.mark.parametrize(
    ("language", "number", "says"),
    [
        ("da", "1,360.5", "er ikke et tal; skriv fx 2,5"),
        ("da", "nan", "er ikke et tal"),
        ("da", "inf", "er ikke et tal"),
        ("en", "360,5", "is not a number; write for example 2.5"),
    ],
)
def test_a_number_that_could_be_two_is_none(language: str, number: str, says: str) -> None:
    done = typed(*CALLS, "--calls-per-hour", number, language=language)
    assert done.exit_code == 2
    assert says in done.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["courses", "x.toml", "--seed", str(2**31)], f"{2**31} er ikke mellem 0 og 2.147.483.647."),
        (["hours", "x.toml", "--next-best", "2,5"], "2,5 er ikke et helt tal; skriv fx 28."),
        (["hours", "x.toml", "--next-best", "200"], "200 er ikke mellem 0 og 100."),
        (["roster", "x.toml", "--seconds", "0,5"], "0,5 er for lidt; skriv mindst 1."),
        (["pmedian", "x.txt", "--seconds", "0"], "0 er for lidt; skriv mere end 0."),
        (["simulate", "x.toml", "--seed", "-1"], "-1 er for lidt; skriv mindst 0."),
        (["simulate", "x.toml", "--seed", str(2**63)], f"{2**63} er for meget; skriv højst {2**63 - 1}."),
    ],
)
def test_what_is_outside_is_said_with_its_limits_in_whole_sentences(words: list[str], says: str) -> None:
    assert says in typed(*words).stderr


@pytest.mark.parametrize(
    ("words", "idle"),
    [
        (["courses", str(EXAMPLES / "courses.toml"), "--days", "30", "--replications", "5"], "--days, --replications"),
        (["simulate", WEEK, "--replications", "2", "--precision", "1%"], "--precision"),
        (["compare", WEEK, WEEK, "--replications", "2", "--precision", "1%"], "--precision"),
        (["division", PLAN, *MOVE, "--replications", "2", "--precision", "1%"], "--precision"),
        (
            ["division", PLAN, "--service", "pas", "--to", "department", "--dask", "x:1", "--processes", "2"],
            "--processes",
        ),
        (["simulate", "--repeat", "kept.json", "--seed", "7"], "--seed"),
        (["site", str(TOWNS), "--now", "aabybro", "--then", "brovst", "--places", "2"], "--places"),
    ],
)
def test_an_option_that_would_do_nothing_is_refused_before_the_work(words: list[str], idle: str) -> None:
    done = typed(*words, "--json")
    assert done.exit_code == 1
    told = json.loads(done.stdout)
    assert told["where"] == idle.split(", ")
    assert "Udelad" in told["cure"] or "udelad" in told["cure"]


def test_the_next_best_are_asked_for_by_one_word_and_the_old_one_is_still_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []

    def look(_question: object, *, count: int, seconds: float) -> None:
        asked.append(count)

    monkeypatch.setattr("hovedindgang.planning.commands.hours.best_hours", look)
    for word in ("--next-best", "--next"):
        typed("hours", str(EXAMPLES / "hours.toml"), word, "2")
    assert asked == [3, 3], "the best, and two more"
    assert "--next er det samme" in " ".join(typed("hours", "--help").stdout.split())


def test_letters_have_a_day_and_no_wait_to_be_staffed_for() -> None:
    done = typed("staff", PLAN, "--answer-within", "written=3:80")
    assert done.exit_code == 1
    assert "kanaler: in_person, phone" in done.stderr


def test_help_and_complaints_are_in_the_language_asked_for() -> None:
    asked = at_a_terminal("erlang", "--language", "en", "--help")
    assert "How long do those who call wait" in asked.stdout
    assert "Usage:" in asked.stdout
    assert "Svar som JSON" not in asked.stdout
    wrong = at_a_terminal("erlang", "--language=en", "--agents", "x")
    assert "x is not a whole number" in wrong.stderr
    assert "Usage:" in wrong.stderr
    danish = at_a_terminal("erlang", "--language", "da", "--agents", "x", language="en")
    assert "x er ikke et helt tal" in danish.stderr


# -------------------------------------------------------------------------------------------------- files beside it


def test_a_drawing_that_can_be_put_nowhere_is_refused_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def work(*_: object, **__: object) -> None:
        raise AssertionError("the search began")

    monkeypatch.setattr("hovedindgang.planning.commands.roster.solve_roster", work)
    file = str(EXAMPLES / "roster.toml")
    (tmp_path / "note").write_text("kept")
    cases: list[tuple[list[str], str]] = [
        (["--svg", str(tmp_path / "nowhere" / "a.svg")], "mappen eller filen findes ikke"),
        (["--csv", str(tmp_path)], "det er en mappe"),
        (["--csv", str(tmp_path / "note" / "a.csv")], "en del af stien er ikke en mappe"),
        (["--svg", file], "er filen, der læses"),
        (["--svg", str(tmp_path / "a"), "--csv", str(tmp_path / "a")], "er nævnt to gange"),
    ]
    for more, says in cases:
        done = typed("roster", file, *more, "--json")
        told = json.loads(done.stdout)
        assert (done.exit_code, set(told)) == (1, {"problem", "cure", "where"})
        assert says in told["problem"]
    assert (tmp_path / "note").read_text() == "kept"
    assert [one.name for one in tmp_path.iterdir()] == ["note"]


@pytest.mark.parametrize(
    "words",
    [
        ["site", str(ROOT / "models" / "places" / "jammerbugt.toml"), "--svg"],
        ["courses", str(EXAMPLES / "courses.toml"), "--svg"],
        ["compare", PLAN, PLAN, "--svg"],
        ["simulate", WEEK, "--save"],
    ],
)
def test_every_command_that_writes_looks_first(words: list[str]) -> None:
    done = typed(*words, "/nowhere/a")
    assert done.exit_code == 1
    assert "/nowhere/a kan ikke skrives: mappen eller filen findes ikke." in done.stderr
    assert done.stdout == ""


def test_the_answer_is_said_though_the_disk_is_full_in_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, _text: str, **_: Any) -> int:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(targets.Path, "write_text", full)
    words = ["simulate", WEEK, "--replications", "2", "--save", str(tmp_path / "run.json")]
    done = typed(*words)
    assert done.exit_code == 1
    assert "optaget" in done.stdout
    assert "disken er fuld" in done.stderr
    done = typed(*words, "--json")
    told = json.loads(done.stdout)
    assert done.exit_code == 1
    assert told["replications"] == 2
    assert "disken er fuld" in told["not_written"][0]["problem"]
