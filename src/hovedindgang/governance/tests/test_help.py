"""The help of the commands that rooms below keep, read as their users read it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

HELP = [
    ("insight.commands:figures", [], "Vis nøgletallene for en periode.", "Show the figures of a period."),
    ("people.commands:client", [], "Luk andre systemer ind", "Let other systems in"),
    ("people.commands:client", ["add"], "Lav et token", "Make a token"),
    ("governance.commands:adopt", [], "Vedtag servicemodellen", "Adopt the service model"),
    ("servicemodel.commands:model", ["check"], "Kontrollér en eller flere", "Check one or more"),
]


@pytest.mark.parametrize(("command", "words", "danish", "english"), HELP)
def test_the_help_is_in_one_language(command: str, words: list[str], danish: str, english: str) -> None:
    in_danish, in_english = (_help(command, words, language) for language in ("da", "en"))
    assert danish in in_danish
    assert english in in_english
    assert danish not in in_english
    assert english not in in_danish
    assert "[OPTIONS]" not in in_danish
    assert "[ARGS]" not in in_danish + in_english


def _help(command: str, words: list[str], language: str) -> str:
    """In a Python of its own: a command is written in the language it was started in."""
    module, _, name = command.partition(":")
    code = f"from hovedindgang.{module} import {name}; {name}([*{words!r}, '--help'])"
    environment = {**os.environ, "HOVEDINDGANG_LANGUAGE": language, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return done.stdout
