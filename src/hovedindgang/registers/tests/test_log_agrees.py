"""What the report says of an event log is what a plain reckoning of its rows, in whatever order they stand, says."""

from __future__ import annotations

import datetime as dt
import statistics
import tempfile
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hovedindgang.registers.figures import LogFigures, Spread, log_figures
from hovedindgang.registers.mapping import Mapping
from hovedindgang.registers.report import opened
from hovedindgang.registers.rules import FEWEST
from hovedindgang.registers.steps import read_log

DENMARK = ZoneInfo("Europe/Copenhagen")
BEGAN = dt.datetime(2026, 1, 20, 22, 30, tzinfo=dt.UTC)  # a night hour: another day in Denmark than in UTC


class Line(NamedTuple):
    case: str
    at: dt.datetime
    activity: str
    group: str
    channel: str


LINES = st.builds(
    Line,
    st.sampled_from([f"sag {n:02}" for n in range(14)]),
    # The leaping hours of March and October lie within these ten months.
    st.one_of(st.integers(0, 10 * 31 * 24 * 4), st.integers(0, 12)).map(lambda n: BEGAN + dt.timedelta(minutes=15 * n)),
    st.sampled_from(["modtag", "vurder", "svar"]),
    st.sampled_from(["", "Pas", "Plads", "Byg"]),
    st.sampled_from(["", "Desk", "Internet"]),
)
# Two of a moment, the later case ended first, a group that is left and met again, and a line of a month with no other.
TOLD_BACKWARDS = [
    Line("sag 01", BEGAN + dt.timedelta(days=70), "svar", "Pas", "Internet"),
    Line("sag 01", BEGAN, "vurder", "Byg", "Desk"),
    Line("sag 01", BEGAN, "modtag", "", ""),
    Line("sag 02", BEGAN + dt.timedelta(days=2), "modtag", "Pas", "Desk"),
]


def figures_of(lines: list[Line]) -> LogFigures:
    rows = [f"{line.case};{line.at.isoformat()};{line.activity};{line.group};{line.channel}\n" for line in lines]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.csv"
        path.write_text("case;time;activity;group;channel\n" + "".join(rows), encoding="utf-8")
        return log_figures(read_log(*opened(path, Mapping())))


def by_case(lines: list[Line]) -> list[list[Line]]:
    """Each case's lines as they happened; those of one moment as the log has them."""
    cases: dict[str, list[Line]] = {}
    for line in lines:
        cases.setdefault(line.case, []).append(line)
    return [sorted(cases[case], key=lambda line: line.at) for case in sorted(cases)]


def took(cases: list[list[Line]]) -> Spread:
    days = [(case[-1].at - case[0].at) / dt.timedelta(days=1) for case in cases]
    if len(days) < FEWEST:
        return Spread(len(days), None, None)
    ninth = statistics.quantiles(days, n=10, method="inclusive")[-1]
    return Spread(len(days), pytest.approx(statistics.median(days)), pytest.approx(ninth))


def word_counts(cases: list[list[Line]], word: str) -> dict[str, tuple[int, int]]:
    words = {getattr(line, word) for case in cases for line in case}
    return {
        one: (
            sum(any(getattr(line, word) == one for line in case) for case in cases),
            sum(getattr(line, word) == one for case in cases for line in case),
        )
        for one in words
    }


@given(st.lists(LINES, min_size=1, max_size=60))
@example(TOLD_BACKWARDS)
@example([Line(f"sag {n:02}", BEGAN, "modtag", "", channel) for n, channel in enumerate(["Desk"] * 5 + ["Internet"])])
def test_cases_days_and_channels_are_what_the_rows_say(lines: list[Line]) -> None:
    found, cases = figures_of(lines), by_case(lines)
    assert (found.events, found.cases, found.activities) == (
        len(lines),
        len(cases),
        len({line.activity for line in lines}),
    )
    assert (found.first_at, found.last_at) == (min(line.at for line in lines), max(line.at for line in lines))

    came, worked = ([at.astimezone(DENMARK) for at in ats] for ats in (
        [case[0].at for case in cases], [line.at for line in lines],
    ))  # fmt: skip
    for told, ats in ((found.arrivals, came), (found.work, worked)):
        assert told.total == len(ats)
        assert told.by_day == Counter(at.date() for at in ats)
        assert told.by_hour == Counter(at.hour for at in ats)
        assert told.by_weekday_hour == Counter((at.weekday(), at.hour) for at in ats)
        months = [day for day, _number in sorted(told.by_month.items())]
        assert (months[0], months[-1]) == (min(ats).date().replace(day=1), max(ats).date().replace(day=1))
        assert len(months) == 1 + (months[-1].year - months[0].year) * 12 + months[-1].month - months[0].month
        assert told.by_month == {
            month: sum((at.year, at.month) == (month.year, month.month) for at in ats) for month in months
        }
        busiest = told.busiest(3)
        assert busiest == sorted(told.by_day.items(), key=lambda item: (-item[1], item[0]))[:3]

    assert found.channels == word_counts(cases, "channel")
    assert found.groups == word_counts(cases, "group")
    assert list(found.channels) == sorted(found.channels, key=lambda word: (-found.channels[word][0], word))
    assert found.durations == took(cases)
    assert found.durations_by_channel == {
        channel: took([case for case in cases if case[0].channel == channel])
        for channel in {case[0].channel for case in cases}
    }
    assert dict(found.steps_by_activity) == Counter(line.activity for line in lines)
    told_orders, orders = dict(found.variants), Counter(tuple(line.activity for line in case) for case in cases)
    assert all(orders[order] == number for order, number in told_orders.items())
    assert sorted(told_orders.values()) == sorted(orders.values())[-10:]


@given(st.lists(LINES, min_size=1, max_size=60))
@example(TOLD_BACKWARDS)
def test_handovers_are_what_the_rows_say(lines: list[Line]) -> None:
    found, cases = figures_of(lines).handovers, by_case(lines)
    if not any(line.group for line in lines):
        assert found is None
        return
    moves: Counter[tuple[str, str]] = Counter()
    in_cases: Counter[tuple[str, str]] = Counter()
    per_case: Counter[int] = Counter()
    for case in cases:
        holder, in_this = "", []
        for line in case:
            if line.group and holder and line.group != holder:
                in_this.append((holder, line.group))
            holder = line.group or holder
        moves.update(in_this)
        in_cases.update(set(in_this))
        if holder:
            per_case[len(in_this)] += 1
    assert found is not None
    assert (found.pairs, found.cases, found.per_case) == (moves, in_cases, per_case)
    assert (found.total, found.judged, found.never_left) == (moves.total(), per_case.total(), per_case[0])
    assert found.steps_without_group == sum(not line.group for line in lines)
    assert found.if_unknown_were_a_group == sum(
        before.group != after.group for case in cases for before, after in pairwise(case)
    )
