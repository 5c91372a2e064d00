"""Needs that were counted elsewhere: read as people save them, refused by line and column, and never counted twice."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.staffing.rosters.reading import read_question

EXAMPLE = Path(__file__).resolve().parents[6] / "docs" / "guide" / "examples" / "roster.toml"
HEADING = "centre,day,from,to,group,minimum,desired"
ROW = "aabybro,2026-03-02,10:00,15:00,,1,2"


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    """The example without its own needs, but for those alongside."""
    tables = re.split(r"(?=^\[)", EXAMPLE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    kept = [table for table in tables if not table.startswith("[[needs]]") or "alongside" in table]
    file = tmp_path / "roster.toml"
    file.write_text("".join(kept), encoding="utf-8")
    return file


def needs(roster: Path, text: str, encoding: str = "utf-8") -> Path:
    file = roster.with_name("needs.csv")
    file.write_bytes(text.encode(encoding))
    return file


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (f"{HEADING}\n{ROW}\n", "utf-8"),
        (f"{HEADING}\r\n{ROW}\r\n", "utf-8-sig"),
        (f"{HEADING}\n{ROW}\n".replace(",", ";"), "utf-8"),
        ("Desired, Minimum, group, to, from, day, centre, x\n2, 1, , 15:00, 10:00, 2026-03-02, aabybro, y\n", "utf-8"),
    ],
)
def test_a_file_is_read_as_spreadsheets_save_it(roster: Path, text: str, encoding: str) -> None:
    (one,) = [need for need in read_question(roster, needs(roster, text, encoding)).needs if not need.alongside]
    assert (one.centre, one.starts, one.ends, one.minimum, one.desired) == ("aabybro", 600, 900, 1, 2)


def test_the_need_is_in_one_place_and_never_counted_twice(roster: Path) -> None:
    file = needs(roster, f"{HEADING}\n{ROW}\n")
    with pytest.raises(CannotPlan, match="det dobbelte") as told:
        read_question(EXAMPLE, file)
    assert told.value.where == (str(EXAMPLE), str(file))
    assert any(need.alongside for need in read_question(roster, file).needs)  # those may stay


@pytest.mark.parametrize(
    ("row", "place"),
    [
        (ROW.replace("1,2", '1,"2,5"'), "linje 2: desired er 2,5; skriv et helt tal fra 0 til 500"),
        (ROW.replace("1,2", "3,2"), "linje 2: desired er 2; det er mindre end minimum, 3"),
        (ROW.replace("1,2", ",2"), "linje 2: minimum er (tom); skriv et helt tal fra 0 til 500"),
        (ROW.replace("aabybro", "skagen"), "linje 2: centre er skagen; aabybro, pandrup"),
        (ROW.replace("03-02", "13-02"), "linje 2: day er 2026-13-02; skriv en dag fra 2026-03-02 til 2026-03-15"),
        (ROW.replace("15:00", "15.00"), 'linje 2: to er 15.00; skriv et klokkeslæt som "09:30"'),
        (ROW.replace("15:00", "09:00"), "linje 2: to er 09:00; det er ikke efter 10:00"),
        (f"{ROW}\n{ROW}", "linje 3: gentager linje 2"),
    ],
)
def test_a_field_that_cannot_be_used_is_named_with_line_and_column(roster: Path, row: str, place: str) -> None:
    with pytest.raises(CannotPlan) as told:
        read_question(roster, needs(roster, f"{HEADING}\n{row}\n"))
    assert told.value.where == (place,)


@pytest.mark.parametrize(
    ("text", "encoding", "says"),
    [
        ("", "utf-8", "har ingen rækker"),
        (f"{HEADING}\n\n", "utf-8", "har ingen rækker"),
        (HEADING.replace(",group", ""), "utf-8", "begynder ikke med centre,day,from,to,group,minimum,desired"),
        (f"{HEADING}\n{ROW.replace(',,', ',kørekort,')}\n", "cp1252", "snarere i Windows-1252"),
        (f"{HEADING}\n{ROW}\n", "utf-16", "snarere i UTF-16"),
    ],
)
def test_a_file_that_is_none_is_refused_for_what_it_is(roster: Path, text: str, encoding: str, says: str) -> None:
    with pytest.raises(CannotPlan, match=says):
        read_question(roster, needs(roster, text, encoding))
