"""A planner's file of calls: what is read, and what is said about what is wrong."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from hovedindgang.planning.demand import read
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.tests.invented_calls import Town, written


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return written(Town(days=28).series(), tmp_path / "calls.csv")


def changed(file: Path, line: int, text: str | None) -> Path:
    """The file with another line there (None: without it)."""
    lines = file.read_text().splitlines()
    lines[line - 1 : line] = [] if text is None else text.split("\n")
    file.write_text("\n".join(lines) + "\n")
    return file


def test_what_was_written_is_read(file: Path) -> None:
    series = Town(days=28).series()
    found = read(file)
    assert found.days == series.days
    assert found.interval_minutes == 30
    assert np.nansum(found.counts) == np.nansum(series.counts)
    assert not found.open_on(4)[found.starts_minutes.index(14 * 60)]  # Fridays close at 13


@pytest.mark.parametrize(
    ("line", "text", "said"),
    [
        (5, None, "line 5"),  # 10:30 of the first Monday is missing
        (5, "2025-01-06T10:00:00,4\n2025-01-06T10:30:00,4\n2025-01-06T10:30:00,4", "line 7"),
        (5, "2025-01-06T08:30:00,4", "line 5"),
        (5, "2025-01-06T10:30:00,-3", "line 5: -3"),
        (5, "2025-01-06T10:30:00,4.5", "line 5: 4.5"),
        (5, "2025-01-06T10:30:00,many", "line 5: many"),
        (5, "2025-01-06T10:30:00,nan", "line 5: nan"),
        (5, "2025-01-06T10:30:00", "line 5: (empty)"),
        (5, "half past ten,4", "line 5: half past ten"),
        (5, "2025-01-06T10:30:00Z,4", "line 5"),
        (5, "2025-01-06T10:37:00,4", "line 5: 2025-01-06 10:37:00"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(
    file: Path, line: int, text: str | None, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOVEDINDGANG_LANGUAGE", "en")
    with pytest.raises(CannotPlan) as problem:
        read(changed(file, line, text))
    assert any(place.startswith(said) for place in problem.value.where), problem.value.where
    assert problem.value.cure


@pytest.mark.parametrize("text", ["", "interval_start,calls\n", "day,number\n2025-01-06,4\n", "\xff\xfe\x00"])
def test_an_empty_file_and_one_of_something_else_are_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "calls.csv"
    file.write_bytes(text.encode("latin-1"))
    with pytest.raises(CannotPlan):
        read(file)


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(CannotPlan, match=r"calls\.csv"):
        read(tmp_path / "calls.csv")


def test_every_gap_is_named_up_to_twenty(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOVEDINDGANG_LANGUAGE", "en")
    lines = file.read_text().splitlines()
    for line in (5, 20):
        lines[line - 1] = ""
    file.write_text("\n".join(lines))
    with pytest.raises(CannotPlan) as problem:
        read(file)
    assert [place.split(":")[0] for place in problem.value.where] == ["line 5", "line 20"]


def test_a_gap_may_be_no_calls_or_unknown_if_the_planner_says_so(file: Path) -> None:
    place = read(file).starts_minutes.index(10 * 60 + 30)
    changed(file, 5, None)
    assert read(file, gaps="zero").counts[0, place] == 0
    assert np.isnan(read(file, gaps="missing").counts[0, place])


def test_a_lunch_that_is_always_closed_is_no_gap(file: Path) -> None:
    kept = [line for line in file.read_text().splitlines() if "T12:" not in line]
    file.write_text("\n".join(kept))
    assert 12 * 60 not in read(file).starts_minutes


def test_days_without_a_row_are_closed_and_no_gap(file: Path) -> None:
    kept = [line for line in file.read_text().splitlines() if not line.startswith("2025-01-14")]
    file.write_text("\n".join(kept))
    assert dt.date(2025, 1, 14) not in read(file).days


def test_utc_is_turned_into_the_towns_own_time_in_winter_and_summer(tmp_path: Path) -> None:
    rows = [f"{day}T{hour:02d}:00:00Z,{hour}" for day in ("2025-03-28", "2025-03-31") for hour in (8, 9, 10)]
    file = tmp_path / "calls.csv"
    file.write_text("\n".join(["interval_start,calls", *rows]))
    found = read(file, zone="Europe/Copenhagen")
    assert found.counts[0, found.starts_minutes.index(9 * 60)] == 8
    assert found.counts[1, found.starts_minutes.index(10 * 60)] == 8


def test_the_hour_that_comes_twice_in_autumn_is_no_double(tmp_path: Path) -> None:
    rows = [f"2025-10-26T{hour:02d}:00:00Z,{calls}" for hour, calls in ((0, 4), (1, 6), (2, 8))]
    file = tmp_path / "calls.csv"
    file.write_text("\n".join(["interval_start,calls", *rows]))
    assert list(read(file, zone="Europe/Copenhagen").counts[0]) == [5, 8]


def test_semicolons_of_a_danish_spreadsheet_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    file = tmp_path / "calls.csv"
    file.write_text("\ufeffinterval_start;calls\n2025-01-06T09:00;3\n2025-01-06T10:00;4\n", encoding="utf-8")
    assert read(file).counts.tolist() == [[3, 4]]


def test_a_count_that_is_far_too_large_is_not_called_no_number(tmp_path: Path) -> None:
    file = tmp_path / "calls.csv"
    file.write_text("interval_start,calls\n2026-03-02T08:00:00,999999999\n2026-03-02T08:30:00,5\n")
    with pytest.raises(CannotPlan, match=r"antal over 1\.000\.000") as told:
        read(file)
    assert told.value.where == ("linje 2: 999999999",)


def counted_in(file: Path, first: dt.date, days: int, minutes: int, until: int = 15) -> None:
    """Adds `days` days from `first`, counted in intervals of `minutes` from nine to `until`."""
    with file.open("a") as rows:
        for day in range(days):
            for at in range(9 * 60, until * 60, minutes):
                rows.write(f"{first + dt.timedelta(days=day)}T{at // 60:02d}:{at % 60:02d}:00,{minutes}\n")


@pytest.mark.parametrize(("before", "after", "line"), [(15, 30, 122), (15, 60, 122), (30, 15, 2), (60, 15, 2)])
def test_whoever_begins_to_count_in_another_interval_is_told_from_which_line(
    before: int, after: int, line: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOVEDINDGANG_LANGUAGE", "en")
    file = tmp_path / "calls.csv"
    file.write_text("interval_start,calls\n")
    counted_in(file, dt.date(2025, 1, 6), 5, before)
    counted_in(file, dt.date(2025, 1, 13), 5, after)
    for gaps in ("refuse", "missing"):
        with pytest.raises(CannotPlan) as problem:
            read(file, gaps=gaps)
        (where,) = problem.value.where
        assert where.startswith(f"line {line}: 2025-01-"), where
        assert where.endswith(f"{max(before, after)} minutes"), where


def test_rows_left_out_because_nobody_called_are_no_other_interval(tmp_path: Path) -> None:
    file = tmp_path / "calls.csv"
    chance = np.random.Generator(np.random.Philox(7))
    rows = ["interval_start,calls"]
    for day in range(200):
        called = np.flatnonzero(chance.random(24) < 0.2)
        rows += [
            f"{dt.date(2025, 1, 6) + dt.timedelta(days=day)}T{9 + at // 4:02d}:{15 * (at % 4):02d},1" for at in called
        ]
    file.write_text("\n".join(rows) + "\n")
    assert read(file, gaps="zero").interval_minutes == 15
