"""The page of the two papers, the papers and the models say the same.

The papers are found in the folder HOVEDINDGANG_PAPERS, or in ``shared/policy`` beside the repository; without them
only the page and the models are held against each other.
"""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

import pytest

pytestmark = pytest.mark.once

REPOSITORY = Path(__file__).resolve().parents[1]
MODELS = REPOSITORY / "models"
PAGE = REPOSITORY / "docs" / "papers.md"
PAPERS = {
    "J": ("jammerbugt-borgerservicepolitik-2006.txt", "jammerbugt-2006.toml"),
    "F": ("fredensborg-borgerbetjeningsprojekt-2007.txt", "fredensborg-2007.toml"),
}
EACH_PAPER = pytest.mark.parametrize("letter", PAPERS)


class Row(NamedTuple):
    number: str
    section: str
    begins: str
    says: str
    in_the_model: str
    in_the_system: str
    not_yet: str

    @property
    def keys(self) -> list[str]:
        return re.findall(r"`([^`]+)`", self.in_the_model)


def rows_of(letter: str) -> list[Row]:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines if line.startswith("| ")]
    return [Row(*row) for row in cells if re.fullmatch(letter + r"-\d{3}", row[0])]


def model_of(name: str) -> dict[str, Any]:
    return tomllib.loads((MODELS / name).read_text(encoding="utf-8"))


def sentences_of(text: str) -> list[str]:
    """Sentences, headings and fields in order. A line that begins in lower case continues the one before."""
    parts: list[str] = []
    for line in (" ".join(line.split()) for line in text.splitlines()):
        if parts and line[:1].islower():
            parts[-1] = parts[-1][:-1] + line if parts[-1].endswith("-") else f"{parts[-1]} {line}"
        elif line:
            parts.append(line)
    return [sentence for part in parts for sentence in re.split(r"(?<=[.!?])\s+(?=[A-ZÆØÅ])", part)]


def paper_of(letter: str) -> str:
    folder = Path(os.environ.get("HOVEDINDGANG_PAPERS", REPOSITORY.parent / "shared" / "policy"))
    paper = folder / PAPERS[letter][0]
    if not paper.is_file():
        pytest.skip(f"{paper.name} is not here; set HOVEDINDGANG_PAPERS to the folder that holds it")
    return paper.read_text(encoding="utf-8")


def holds(model: dict[str, Any], key: str) -> bool:
    if asked := re.fullmatch(r"open\[(.+)\]", key):
        return any(question["key"] == asked[1] for question in model["open"])
    part: Any = model
    for name in key.split("."):
        if not isinstance(part, dict) or name not in part:
            return False
        part = part[name]
    return True


@EACH_PAPER
def test_every_sentence_of_a_paper_is_on_the_page_in_its_order(letter: str) -> None:
    sentences = sentences_of(paper_of(letter))
    rows = rows_of(letter)

    assert len(rows) == len(sentences)
    for sentence, row in zip(sentences, rows, strict=True):
        assert re.sub(r"^[-·] (?=\S)", "", sentence).startswith(row.begins), row.number


@EACH_PAPER
def test_the_page_finds_a_sentence_by_a_few_words_and_never_repeats_the_paper(letter: str) -> None:
    for row in rows_of(letter):
        assert 1 <= len(row.begins.split()) <= 6, row.number


@EACH_PAPER
def test_sentences_are_numbered_without_a_gap_and_each_has_its_place(letter: str) -> None:
    rows = rows_of(letter)

    assert [row.number for row in rows] == [f"{letter}-{number:03d}" for number in range(1, len(rows) + 1)]
    for row in rows:
        assert row.section, row.number
        assert row.says, row.number
        assert row.in_the_model or row.in_the_system or row.not_yet, row.number


@EACH_PAPER
def test_what_the_page_finds_in_the_model_is_in_the_model(letter: str) -> None:
    model = model_of(PAPERS[letter][1])

    missing = [(row.number, key) for row in rows_of(letter) for key in row.keys if not holds(model, key)]

    assert missing == []


@EACH_PAPER
def test_a_statement_stands_on_the_page_at_the_sentence_it_cites(letter: str) -> None:
    model = model_of(PAPERS[letter][1])
    on_the_page = {row.number: row.keys for row in rows_of(letter)}

    for key, statement in model["statements"].items():
        sentence = model["sources"][statement["source"]]["sentence"]
        assert f"statements.{key}" in on_the_page[sentence]


@pytest.mark.parametrize("path", sorted(MODELS.glob("*.toml")), ids=lambda path: path.name)
def test_every_sentence_a_model_cites_is_on_the_page_as_in_the_model(path: Path) -> None:
    in_the_model = {row.number for letter in PAPERS for row in rows_of(letter) if row.in_the_model}
    cited = {source["sentence"] for source in model_of(path.name).get("sources", {}).values() if "sentence" in source}

    assert cited <= in_the_model


@EACH_PAPER
def test_rooms_that_carry_a_sentence_are_built(letter: str) -> None:
    for row in rows_of(letter):
        rooms = row.in_the_system.split(":")[0]
        for room in filter(None, (name.strip() for name in rooms.split(","))):
            assert (REPOSITORY / "src" / "hovedindgang" / room / "__init__.py").is_file(), (row.number, room)


@EACH_PAPER
def test_a_room_that_is_built_says_what_it_does_not_carry_yet(letter: str) -> None:
    for row in rows_of(letter):
        rooms, _colon, what = row.not_yet.partition(":")
        for room in filter(None, (name.strip() for name in rooms.split(","))):
            built = (REPOSITORY / "src" / "hovedindgang" / room / "__init__.py").is_file()
            assert what.strip() or not built, (row.number, room)


@EACH_PAPER
def test_the_page_counts_its_sentences_rightly(letter: str) -> None:
    rows = rows_of(letter)
    in_the_model = sum(bool(row.in_the_model) for row in rows)
    in_the_system = sum(bool(row.in_the_system) for row in rows)
    not_yet = sum(bool(row.not_yet) for row in rows)
    said = (
        f"In the model means `models/{PAPERS[letter][1]}`. {in_the_model} in the model, {in_the_system} in the system, "
        f"{not_yet} with something not yet; {len(rows)} in all."
    )
    assert said in PAGE.read_text(encoding="utf-8")
