"""Whatever writes to the process's log is in the operator's list of logs, and nothing else is."""

from __future__ import annotations

import re

from house.tree import HOUSE, ROOT

PAGE = ROOT / "docs" / "guide" / "operator.md"
LISTED = re.compile(r"^\| `([a-z_.]+)` \|", re.MULTILINE)
WRITES = re.compile(r"^log = logging\.getLogger\(__name__\)$", re.MULTILINE)
OTHERWISE = re.compile(
    r"logging\.getLogger\((?!__name__\)|name\))|logging\.(info|warning|error|exception)\(|FileHandler"
)


def code() -> dict[str, str]:
    files = [file for file in HOUSE.rglob("*.py") if "tests" not in file.parts and "migrations" not in file.parts]
    return {".".join(file.relative_to(HOUSE).with_suffix("").parts): file.read_text(encoding="utf-8") for file in files}


def test_every_log_is_in_the_operators_list() -> None:
    page = PAGE.read_text(encoding="utf-8").partition("## What the processes write")[2].partition("\n## ")[0]
    assert set(LISTED.findall(page)) == {name for name, text in code().items() if WRITES.search(text)}


def test_nothing_writes_a_log_in_another_way() -> None:
    assert [name for name, text in code().items() if OTHERWISE.search(text)] == []
