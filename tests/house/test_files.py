"""What every file of the house keeps to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from house.files import broken
from house.tree import ROOT, rooms, text_of, tracked

pytestmark = pytest.mark.once

DECISIONS = ROOT / "docs" / "decisions"
README = ROOT / "README.md"


def test_every_file_keeps_the_rules_of_the_house() -> None:
    files = [(file.relative_to(ROOT), text_of(file)) for file in tracked() if file.name != "LICENSE"]
    assert [line for file, text in files for line in broken(file, text)] == []


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("src/hovedindgang/desk/utils.py", ""),
        ("src/hovedindgang/helpers/names.py", ""),
        ("docs/set-up.md", "fetched from https://py" + "pi.org/simple"),
        ("package-lock.json", '"resolved": "https://registry.npm' + 'js.org/htmx"'),
        ("docs/guide/x.md", "see /ro" + "ot/notes"),
        ("tests/x.py", 'open("/tm' + 'p/x")'),
        ("src/hovedindgang/desk/views.py", "x = 1  # TO" + "DO: later"),
        ("src/hovedindgang/people/migrations/0002_auto_20260101.py", ""),
        ("src/hovedindgang/people/migrations/0001_initial.py", ""),
        ("src/hovedindgang/cellar/__init__.py", '"""Cellar."""'),
        ("src/hovedindgang/desk/views.py", "Contact.objects.all()"),
        ("src/hovedindgang/desk/actions.py", "def save(draft: str) -> None: ..."),
        ("src/hovedindgang/desk/actions.py", "def save(*, draft) -> None: ..."),
    ],
)
def test_a_file_that_breaks_a_rule_is_found(file: str, text: str) -> None:
    assert len(broken(Path(file), text)) == 1


def missing_from_index(index: str, pages: list[str]) -> list[str]:
    return [page for page in pages if f"({page})" not in index]


def test_every_decision_is_in_the_index() -> None:
    pages = sorted(page.name for page in DECISIONS.glob("*.md") if page.name != "README.md")
    assert pages
    assert missing_from_index((DECISIONS / "README.md").read_text(encoding="utf-8"), pages) == []


def test_a_decision_missing_from_the_index_is_found() -> None:
    assert missing_from_index("- [Two databases](two-databases.md)", ["two-databases.md", "lost.md"]) == ["lost.md"]


def test_every_room_keeps_its_tests_with_it() -> None:
    assert [room.name for room in rooms() if not list(room.glob("tests/test_*.py"))] == []


def test_every_room_stands_on_the_map_of_the_house_once() -> None:
    on_the_map = re.findall(r"^\| `([a-z]+)` \|", README.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(on_the_map) == sorted(room.name for room in rooms())
