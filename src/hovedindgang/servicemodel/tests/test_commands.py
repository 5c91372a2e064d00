"""`hovedindgang model` as its user meets it: answers, languages, exit codes; and that it starts without Django."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from hovedindgang.servicemodel.commands import model
from hovedindgang.servicemodel.tests.small import SMALL, spoiled

BROKEN = Path(__file__).parent / "broken"


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    old, new = tmp_path / "old.toml", tmp_path / "new.toml"
    old.write_text(SMALL, encoding="utf-8")
    new.write_text(spoiled(("target_percent = { value = 75", "target_percent = { value = 80")), encoding="utf-8")
    return str(old), str(new)


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(model, words)
    return result.exit_code, result.output


def test_a_right_model_ends_with_0_and_a_broken_one_with_1(files: tuple[str, str]) -> None:
    assert run("check", files[0]) == (0, f"{files[0]}: i orden: 2 centre, 4 opgaver, 1 mål, 0 advarsler.\n")
    code, told = run("check", files[0], str(BROKEN / "service_that_is_not_there.toml"))
    assert code == 1
    assert '25: portfolio[1].services[2]: "flyttning" er ikke en opgave i modellen. Mente du "flytning"?' in told


def test_a_file_that_is_not_there_does_not_hide_what_is_wrong_in_the_others(files: tuple[str, str]) -> None:
    code, told = run("check", "nowhere.toml", str(BROKEN), files[0])
    assert code == 1
    assert "nowhere.toml:1: Her er ingen fil, der kan læses. Se efter, om navnet er rigtigt" in told
    assert f"{files[0]}: i orden" in told
    answers = json.loads(run("check", "--json", "nowhere.toml", files[0])[1])["files"]
    assert [answer["valid"] for answer in answers] == [False, True]
    assert run("show", "nowhere.toml")[0] == run("diff", files[0], "nowhere.toml")[0] == 1


@pytest.mark.parametrize(("language", "told"), [("da", "men et rør eller en enhed"), ("en", "but a pipe or a device")])
def test_a_pipe_that_nobody_writes_to_is_refused_at_once(tmp_path: Path, language: str, told: str) -> None:
    os.mkfifo(tmp_path / "model.toml")
    (tmp_path / "other.toml").write_text('include = ["model.toml"]\n' + SMALL, encoding="utf-8")
    code, said = run("check", "--language", language, str(tmp_path / "model.toml"))
    assert code == 1
    assert f"{tmp_path / 'model.toml'}:1: " in said
    assert told in said
    assert run("check", str(tmp_path / "other.toml"))[0] == 1


@pytest.mark.parametrize("words", [["check"], ["schow"], ["check", "--colour"]])
def test_a_command_asked_for_wrongly_ends_with_2(words: list[str]) -> None:
    assert run(*words)[0] == 2


def test_a_script_reads_the_answers_as_json(files: tuple[str, str]) -> None:
    code, told = run("check", "--json", str(BROKEN / "number_without_source.toml"))
    (answer,) = json.loads(told)["files"]
    assert code == 1
    assert answer["valid"] is False
    assert {"line": 16, "key": "services.pas.deadline_working_days", "severity": "error"}.items() <= answer["problems"][
        0
    ].items()
    assert json.loads(run("show", "--json", files[0])[1])["municipality"]["name"] == "Lillestrand Kommune"
    (difference,) = json.loads(run("diff", "--json", *files)[1])["differences"]
    assert difference["key"] == "goals.house.target_percent"
    assert json.loads(run("schema")[1])["$schema"].endswith("2020-12/schema")
    assert json.loads(run("show", "--json", str(BROKEN / "not_toml.toml"))[1])["problems"][0]["line"] == 6


def test_two_models_are_compared_in_words(files: tuple[str, str]) -> None:
    assert run("diff", *files) == (0, "Mål, løst i Borgerservice: 75 % → 80 %\n")
    assert run("diff", files[0], files[0]) == (0, "De to modeller siger det samme.\n")


def test_a_model_is_shown_to_be_read(files: tuple[str, str]) -> None:
    code, told = run("show", files[0])
    assert code == 0
    assert told.startswith("Lillestrand Kommune: Borgerservicepolitik\n----")


@pytest.mark.parametrize(("language", "word"), [("da", "Eksempel:"), ("en", "Example:")])
def test_the_help_teaches_by_an_example_in_the_users_language(language: str, word: str) -> None:
    for command in ([], ["check"], ["show"], ["diff"], ["schema"]):
        told = _fresh_python(
            f"from hovedindgang.servicemodel.commands import model; model([*{command!r}, '--help'])", language
        )
        assert word in told if command else "hovedindgang model check" in told


def test_the_answer_is_in_the_language_that_was_asked_for(files: tuple[str, str]) -> None:
    assert "in order: 2 centres, 4 services, 1 goal, 0 warnings" in run("check", files[0], "--language", "en")[1]
    assert run("diff", *files, "--language", "en")[1] == "Goal, solved in Borgerservice: 75 % → 80 %\n"
    assert "Passport, application" in run("show", files[0], "--language", "en")[1]


def test_the_room_needs_neither_django_nor_a_database() -> None:
    rooms = Path(__file__).resolve().parents[1]
    names = sorted(f"hovedindgang.servicemodel.{file.stem}" for file in rooms.glob("*.py"))
    told = _fresh_python(
        f"import importlib, sys; [importlib.import_module(n) for n in {names!r}];"
        "print([m for m in sys.modules if m.split('.')[0] in ('django', 'sqlite3', 'psycopg')])",
        "da",
    )
    assert told.strip() == "[]"


def _fresh_python(code: str, language: str) -> str:
    environment = {**os.environ, "HOVEDINDGANG_LANGUAGE": language, "PYTHONIOENCODING": "utf-8"}
    result = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, encoding="utf-8")
    assert result.returncode == 0, result.stderr
    return result.stdout
