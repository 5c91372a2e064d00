"""The documentation says what the house does."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from house.documents import Block, blocks, broken
from house.tree import HOUSE, ROOT, text_of, tracked
from hovedindgang import __version__
from hovedindgang.site import settings
from hovedindgang.site.reference import PAGES, settings_page

pytestmark = pytest.mark.once

DOCUMENTS = [file for file in tracked() if file.suffix == ".md"]
RUNNABLE = [block for file in DOCUMENTS for block in blocks(file.relative_to(ROOT), text_of(file))]
A_LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)")


@pytest.mark.sqlite  # a page's commands have a house of their own
@pytest.mark.parametrize("block", RUNNABLE, ids=lambda block: block.place)
def test_what_can_be_run_does_what_the_page_says(block: Block, tmp_path: Path) -> None:
    assert broken(block, tmp_path) == ""


@pytest.mark.parametrize(
    ("kind", "text", "holds"),
    [
        ("python", "assert 1 + 1 == 2", True),
        ("python", "assert 1 + 1 == 3", False),
        ("console", "$ echo one two\none two\n$ echo three\nthr...\n", True),
        ("console", "$ echo one\ntwo\n", False),
    ],
)
def test_a_page_that_says_something_else_is_found(kind: str, text: str, holds: bool, tmp_path: Path) -> None:
    (planted,) = blocks(Path("docs/x.md"), f"Try:\n\n```{kind} run\n{text.rstrip()}\n```\n")
    assert (broken(planted, tmp_path) == "") is holds


def test_every_setting_is_in_the_reference() -> None:
    assert (PAGES / "settings.md").read_text(encoding="utf-8") == settings_page(settings.SETTINGS)


def test_no_room_reads_a_setting_that_the_reference_does_not_know() -> None:
    known = {setting.name for setting in settings.SETTINGS}
    read = {name for file in HOUSE.rglob("*.py") if "tests" not in file.parts for name in names_in(text_of(file))}
    assert read - known == set()


def names_in(code: str) -> set[str]:
    return set(re.findall(r"\bHOVEDINDGANG_[A-Z_]*[A-Z]\b", code))


def test_the_commands_are_in_the_reference() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "hovedindgang.site.reference", "check"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_link_between_pages_leads_somewhere() -> None:
    lost = [
        f"{file.relative_to(ROOT)}: {link}"
        for file in DOCUMENTS
        for link in A_LINK.findall(text_of(file))
        if not (file.parent / link).exists()
    ]
    assert lost == []


def test_publiccode_and_changelog_name_this_version() -> None:
    described = yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))
    assert described["softwareVersion"] == __version__
    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
