"""The page on ASVS says of every requirement where it is held, and what it names is there."""

from __future__ import annotations

import re
from collections import Counter

from house.tree import HOUSE, ROOT

PAGE = ROOT / "docs" / "asvs.md"
VERDICTS = ("met", "not met", "not applicable")
# How many requirements of levels 1 and 2 each chapter of ASVS 5.0.0 has.
CHAPTERS = {
    1: 27, 2: 11, 3: 19, 4: 10, 5: 9, 6: 35, 7: 18, 8: 7, 9: 7,
    10: 29, 11: 14, 12: 9, 13: 13, 14: 9, 15: 13, 16: 16, 17: 7,
}  # fmt: skip
A_ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \|")
NAMED = re.compile(r"`([\w./-]+\.(?:py|md|html|js|toml|json|txt))(?:::(\w+))?`")


def rows(page: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if A_ROW.match(line)]


def unknown_names(page: str) -> list[str]:
    """Of the files and tests that a page names, those that are not there."""
    wrong = []
    for name, test in NAMED.findall(page):
        file = next((place / name for place in (ROOT, HOUSE) if (place / name).is_file()), None)
        if file is None and "/" in name:
            wrong.append(f"no such file: {name}")
        elif test and (file is None or f"def {test}(" not in file.read_text(encoding="utf-8")):
            wrong.append(f"no such test: {name}::{test}")
    return wrong


def broken(page: str) -> list[str]:
    found = rows(page)
    wrong = [f"{row[0]} is not five cells" for row in found if len(row) != 5 or not all(row)]
    wrong += [f"{number} stands twice" for number, times in Counter(row[0] for row in found).items() if times > 1]
    wrong += [f"{row[0]}: no such verdict: {row[3]}" for row in found if row[3] not in VERDICTS]
    wrong += [f"{row[0]}: level {row[1]}" for row in found if row[1] not in {"1", "2"}]
    counted = Counter(int(row[0].split(".")[0]) for row in found)
    wrong += [
        f"V{chapter} has {counted[chapter]} of {asked}"
        for chapter, asked in CHAPTERS.items()
        if counted[chapter] != asked
    ]
    said = Counter(row[3] for row in found)
    total = f"**Sum:** {said['met']} met, {said['not met']} not met, {said['not applicable']} not applicable."
    if total not in page:
        wrong.append(f"the head does not say: {total}")
    return wrong + unknown_names(page)


def test_the_page_on_asvs_holds_every_requirement_once_and_names_what_is_there() -> None:
    assert sum(CHAPTERS.values()) == 253
    assert broken(PAGE.read_text(encoding="utf-8")) == []


def test_a_page_that_names_what_is_not_there_is_found() -> None:
    page = PAGE.read_text(encoding="utf-8")
    planted = [
        page.replace("test_nobody_changes_or_removes_a_row_of_the_log", "test_that_is_gone"),
        page.replace("`people/tokens.py`", "`people/gone.py`"),
        page.replace("| 8.2.1 |", "| 8.2.2 |"),
        page.replace(" | not met | ", " | met | ", 1),
    ]
    assert all(broken(one) for one in planted)
