"""A line of the process's log is one line, in UTC."""

from __future__ import annotations

import logging
import re

from hypothesis import given
from hypothesis import strategies as st

from hovedindgang.kernel.logs import Line


def written(message: str) -> str:
    return Line().format(logging.LogRecord("house", logging.INFO, __file__, 1, message, (), None))


@given(st.text())
def test_nothing_that_was_sent_begins_a_line_of_its_own(sent: str) -> None:
    assert len(written(f"refused: {sent}").splitlines()) == 1


def test_a_line_says_its_instant_in_utc() -> None:
    record = logging.LogRecord("house", logging.INFO, __file__, 1, "x", (), None)
    record.created = 1_773_219_600.0  # 2026-03-11 10:00 in Denmark
    assert Line().format(record) == "2026-03-11T09:00:00Z INFO house x"


def test_the_house_writes_such_lines(settings) -> None:
    assert settings.LOGGING["formatters"]["line"] == {"()": "hovedindgang.kernel.logs.Line"}
    assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ ", written("x"))
