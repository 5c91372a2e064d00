"""The page of words: one word, one meaning, and every word of the service model's choices on it."""

from __future__ import annotations

import re
from collections import Counter
from enum import StrEnum
from pathlib import Path

import pytest

from hovedindgang.servicemodel import document

pytestmark = pytest.mark.once

PAGE = Path(__file__).resolve().parents[1] / "docs" / "words.md"


def rows() -> list[list[str]]:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines if line.startswith("| ")]
    return [row for row in cells if row[0] != "In code"]


def test_a_word_has_one_meaning() -> None:
    words = Counter(row[0] for row in rows())

    assert [word for word, times in words.items() if times > 1] == []


def test_every_word_is_said_in_danish_and_explained() -> None:
    for row in rows():
        assert len(row) == 3, row
        assert all(row), row


@pytest.mark.parametrize(
    "choices",
    [
        document.CentreKind,
        document.Channel,
        document.Level,
        document.Reading,
        document.ServiceKind,
        document.SourceKind,
    ],
)
def test_what_an_author_can_choose_in_a_model_is_explained(choices: type[StrEnum]) -> None:
    page = re.sub(r"\s+", " ", PAGE.read_text(encoding="utf-8").lower())

    for choice in choices:
        word = choice.value.replace("_", " ")
        spoken = {"phone": "by phone", "written": "in writing", "digital": "digitally"}.get(word, word)
        assert spoken in page, choice
