"""Whatever is typed, sent or read in: a parser gives an answer or says no, and soon."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers.broken import BROKEN
from parsers.fuzzing import fuzz, tried
from parsers.parsers import GROUPS

pytestmark = pytest.mark.once

EXAMPLES = {"CSV": 10, "model": 4, "e-mail address": 40, "CPR": 40, "date": 20}  # the long run: make bench ONLY=parsers


@pytest.mark.parametrize("group", GROUPS)
def test_whatever_comes_a_parser_answers_or_says_no(group: str, tmp_path: Path) -> None:
    for parser in GROUPS[group](tmp_path):
        found = fuzz(parser, examples=EXAMPLES[group])
        assert not found.faults, f"{parser.name}: {found.faults}"
        assert found.inputs >= EXAMPLES[group]


@pytest.mark.parametrize("group", GROUPS)
def test_what_a_parser_is_meant_for_it_reads(group: str, tmp_path: Path) -> None:
    for parser in GROUPS[group](tmp_path):
        assert [tried(parser, example)[1] for example in parser.examples] == [""] * len(parser.examples)


CAUGHT = {
    "a year that is believed": "OverflowError",
    "a house number in too many ways": "hangs",
    "spaces looked at over and over": "grows",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_parser_that_is_wrong_on_purpose_is_caught(name: str) -> None:
    assert any(fault.startswith(CAUGHT[name]) for fault in fuzz(BROKEN[name], first=True).faults)
