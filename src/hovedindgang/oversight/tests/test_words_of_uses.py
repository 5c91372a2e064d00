"""Every kind of look-up has words: nobody reads the log's own codes."""

from __future__ import annotations

import re
from pathlib import Path

from hovedindgang.oversight.labels import USE

SOURCE = Path(__file__).parents[2]
SAID = re.compile(r'\buse="(\w+)"')


def test_whatever_the_house_writes_down_a_look_up_as_has_words() -> None:
    files = [file for file in SOURCE.rglob("*.py") if "tests" not in file.parts]
    said = {use for file in files for use in SAID.findall(file.read_text(encoding="utf-8"))}
    assert len(said) > 10
    assert said - set(USE) == set()
