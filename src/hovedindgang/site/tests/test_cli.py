"""The command line teaches, speaks two languages, and says what went wrong and what to do."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from hovedindgang.site import cli as command_line
from hovedindgang.site.messages import compile_all


def hovedindgang(*words: str, language: str = "en", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command as somebody at a terminal does."""
    return subprocess.run(
        [sys.executable, "-m", "hovedindgang.site.cli", *words],
        env={**os.environ, "HOVEDINDGANG_LANGUAGE": language, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["model", "--help"], ["report", "--help"]], ids=" ".join)
def test_somebody_who_only_asks_waits_for_neither_django_nor_a_database(words: list[str]) -> None:
    asked = (
        "import sys, hovedindgang.site.cli as c\n"
        f"sys.argv = ['hovedindgang', *{words!r}]\n"
        "try: c.main()\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "print(sorted({name.split('.')[0] for name in sys.modules} & {'django', 'psycopg', 'sqlite3', 'numpy'}))"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=False)
    assert done.stdout.endswith("\n[]\n"), done.stdout + done.stderr


def test_a_web_process_loads_no_command_line_nor_what_plans_are_reckoned_and_pages_tested_with(tmp_path: Path) -> None:
    asked = (
        "import sys; from hovedindgang.site.wsgi import application\n"
        "heavy = {'click', 'numpy', 'pandas', 'scipy', 'numba', 'polars', 'duckdb', 'ortools', 'highspy'}\n"
        "heavy |= {'unittest', 'jinja2', 'django.test'}\n"
        "print(sorted(heavy & sys.modules.keys()))\n"
        "from django.test import Client"
    )
    elsewhere = {"HOVEDINDGANG_DATABASE": f"sqlite:///{tmp_path / 'empty.sqlite3'}", "HOVEDINDGANG_HOME": str(tmp_path)}
    (tmp_path / "static").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", asked], env={**os.environ, **elsewhere}, capture_output=True, text=True, check=False
    )
    assert done.stdout == "[]\n", done.stdout + done.stderr


@pytest.mark.parametrize("name", command_line.COMMANDS)
def test_every_command_on_the_list_is_there_and_explains_itself(name: str) -> None:
    command = command_line.load(name)
    assert isinstance(command, click.Command)
    assert command.help
    assert CliRunner().invoke(command_line.cli, [name, "--help"]).exit_code == 0


@pytest.mark.parametrize("name", command_line.COMMANDS)
def test_to_load_a_command_leaves_the_one_of_its_room_as_the_room_wrote_it(name: str) -> None:
    module, _, attribute = command_line.COMMANDS[name].target.partition(":")
    command = getattr(importlib.import_module(module), attribute)
    its_own = command.callback
    command_line.load.__wrapped__(name)
    assert command.callback is its_own


@pytest.mark.parametrize("language", ["da", "en"])
def test_examples_stand_on_lines_of_their_own_and_no_mark_is_shown(language: str) -> None:
    compile_all()
    for name in command_line.COMMANDS:
        shown = hovedindgang(name, "--help", language=language).stdout
        assert "\\b" not in shown, name
        assert "\b" not in shown, name
    assert "\n  HOVEDINDGANG_PRACTICE=1 hovedindgang practice new\n" in hovedindgang("practice", "--help").stdout


def test_help_is_danish_for_danes_and_english_for_others() -> None:
    compile_all()
    danish, english = hovedindgang("--help", language="da"), hovedindgang("--help", language="en")
    assert "Begynd her" in danish.stdout
    assert "Brug:" in danish.stdout
    assert "Kommandoer:" in danish.stdout
    assert "Begin here" in english.stdout
    assert "Usage:" in english.stdout
    assert "Commands:" in english.stdout


def test_a_command_written_wrongly_ends_with_two() -> None:
    done = hovedindgang("serv")
    assert (done.returncode, done.stdout) == (2, "")
    assert "No such command 'serv'" in done.stderr


def test_what_goes_wrong_is_one_line_with_its_cause_and_cure() -> None:
    done = hovedindgang(
        "migrate", HOVEDINDGANG_DATABASE="postgres://nobody@127.0.0.1:1/nothing", HOVEDINDGANG_DEBUG="0"
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "Connection refused" in done.stderr
    assert "Is the database running" in done.stderr


def test_a_setting_written_wrongly_is_named() -> None:
    done = hovedindgang("migrate", HOVEDINDGANG_THREADS="many")
    assert done.returncode == 1
    assert "HOVEDINDGANG_THREADS is 'many'" in done.stderr
    assert "docs/reference/settings.md" in done.stderr


class Locked(Exception):
    """An error that knows its own cure."""

    cure = "Ask for the key."


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (FileNotFoundError(2, "No such file", "a.csv"), "Er stien skrevet rigtigt?"),
        (Locked("The door is locked."), "Det gik ikke: The door is locked. Ask for the key."),
        (RuntimeError(), "Det gik ikke: RuntimeError."),
    ],
)
def test_an_error_is_explained(error: Exception, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOVEDINDGANG_LANGUAGE", "da")
    assert line in command_line.explain(error)


def test_danes_are_answered_in_danish_where_the_house_speaks_english(tmp_path: Path) -> None:
    """Django shows another language's words for what a catalogue lacks, if settings name that language as the first."""
    asked = (
        "from hovedindgang.site.setup import django_ready; django_ready()\n"
        "from django.utils import translation\n"
        "with translation.override('da'): print(translation.gettext('Det gik ikke'))"
    )
    compile_all()
    environment = {**os.environ, "HOVEDINDGANG_LANGUAGE": "en"}
    done = subprocess.run([sys.executable, "-c", asked], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "Det gik ikke\n"


def test_a_check_of_the_log_that_could_not_be_made_is_neither_well_nor_tampering(tmp_path: Path) -> None:
    done = hovedindgang("audit", "verify", HOVEDINDGANG_DATABASE=f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    assert done.returncode == 3
    assert "hovedindgang migrate" in done.stderr
