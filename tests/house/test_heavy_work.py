"""What is heavy is named with what bounds it and the test of that; and what takes minutes is reached from no page."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from house.test_asvs import NAMED, unknown_names
from house.tree import HOUSE, ROOT

pytestmark = pytest.mark.once

PAGE = ROOT / "docs" / "decisions" / "heavy-work.md"
AN_IMPORT = re.compile(r"^ *from hovedindgang\.([\w.]+) import (\([^)]*\)|.*)", re.MULTILINE)
# What only commands and the worker may begin; whoever serves a page or another system loads none of it.
NOT_OF_PAGES = {
    "kernel.rotation",
    "kernel.verifying",
    "kernel.worker",
    "registers.writing",
    "scenarios.running",
    "site.backups",
    "site.jobs",
}
# Deeds that stand beside those of a page, in the same file.
NOT_BY_PAGES = {
    *("forget_by_night", "retention_run"),
    *("judge_day", "judge_days", "prove"),
    *("recompute_days", "recompute_marked"),
    *("seal_events", "seal_minute"),
    "import_file",
}


@cache
def modules() -> dict[str, Path]:
    """Every module of the house but its tests, by the name it has below `hovedindgang`."""
    files = [file for file in HOUSE.rglob("*.py") if "tests" not in file.parts and "planning" not in file.parts]
    return {".".join(file.relative_to(HOUSE).with_suffix("").parts).removesuffix(".__init__"): file for file in files}


@cache
def taken(module: str) -> frozenset[tuple[str, str]]:
    """(module, name) of all that a module takes from others of the house, also within its functions."""
    found = AN_IMPORT.findall(modules()[module].read_text(encoding="utf-8"))
    return frozenset((other, name) for other, names in found for name in re.findall(r"(\w+)(?: as \w+)?", names))


def reached() -> set[str]:
    """All modules that an address leads to: from the lists of addresses, the API and what stands before every page."""
    left = [name for name in modules() if name.split(".")[-1] in {"urls", "account_urls", "api", "middleware"}]
    seen: set[str] = set()
    while left:
        module = left.pop()
        if module in seen:
            continue
        seen.add(module)
        left += [name for pair in taken(module) for name in (pair[0], ".".join(pair)) if name in modules()]
    return seen


def test_what_takes_minutes_is_reached_from_no_page() -> None:
    pages = reached()
    assert {"desk.views", "privacy.actions", "scenarios.actions", "oversight.queries"} <= pages  # it does look
    assert {name for name in pages if any(f"{name}.".startswith(f"{one}.") for one in NOT_OF_PAGES)} == set()
    assert {(module, name) for module in pages for _of, name in taken(module) if name in NOT_BY_PAGES} == set()


def test_each_heavy_piece_names_the_test_of_its_bound() -> None:
    page = PAGE.read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 15
    assert [row for row in rows if not any(test for _file, test in NAMED.findall(row))] == []
    assert unknown_names(page) == []
