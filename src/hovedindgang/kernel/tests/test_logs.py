"""A line of the process's log is one line, in UTC."""

from __future__ import annotations

import logging
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hovedindgang.kernel.logs import Line, without_cpr


def written(message: str) -> str:
    return Line().format(logging.LogRecord("house", logging.INFO, __file__, 1, message, (), None))


@given(st.text())
def test_nothing_that_was_sent_begins_a_line_of_its_own(sent: str) -> None:
    assert len(written(f"refused: {sent}").splitlines()) == 1


@pytest.mark.parametrize(
    "typed",
    [
        "6101901234", "610190-1234", "610190 1234", "61 01 90 1234", "61.01.90-1234", "610190\u20131234",
        "610190 - 1234", "61-01-90-1234", "610190%201234", "610190%E2%80%931234",
        "\u0666\u0661\u0660\u0661\u0669\u06601234",
    ],
)  # fmt: skip
def test_no_way_of_typing_a_cpr_reaches_a_log(typed: str) -> None:
    assert without_cpr(f"refused at /borgere/{typed}/") == "refused at /borgere/xxxxxx-xxxx/"


@pytest.mark.parametrize(
    "said",
    ["from=2026-03-01&to=2026-03-31", "2026-11-26T18:15:40Z", "12345678-1234-5678-1234-567812345678", "26.11.2026"],
)
def test_days_and_keys_stand_as_they_are(said: str) -> None:
    assert without_cpr(said) == said


def test_a_line_says_its_instant_in_utc() -> None:
    record = logging.LogRecord("house", logging.INFO, __file__, 1, "x", (), None)
    record.created = 1_773_219_600.0  # 2026-03-11 10:00 in Denmark
    assert Line().format(record) == "2026-03-11T09:00:00Z INFO house x"


def test_the_house_writes_such_lines(settings) -> None:
    assert settings.LOGGING["formatters"]["line"] == {"()": "hovedindgang.kernel.logs.Line"}
    assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ ", written("x"))
