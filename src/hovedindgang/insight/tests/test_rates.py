"""Shares with their ranges, groups too small to show, and periods as people choose them."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as some

from hovedindgang.insight.periods import CHOICES, chosen, read_period
from hovedindgang.insight.rates import Rate, unknown_range
from hovedindgang.look.tables import hidden_rows

counts = some.lists(some.integers(0, 40), max_size=12)


@given(counts=counts, smallest=some.integers(1, 10))
def test_a_hidden_group_cannot_be_worked_out_by_subtraction(counts: list[int], smallest: int) -> None:
    hidden = hidden_rows(counts, smallest)
    assert all(row in hidden for row, count in enumerate(counts) if 0 < count < smallest)
    shown = [row for row in range(len(counts)) if row not in hidden and counts[row]]
    if hidden and shown:
        assert len(hidden) >= 2
        assert sum(counts[row] for row in hidden) >= smallest


@given(counts=counts)
def test_where_all_groups_are_large_nothing_is_hidden(counts: list[int]) -> None:
    assert hidden_rows([count + 5 for count in counts], 5) == set()


@given(
    solved=some.integers(0, 50), rest=some.integers(0, 50), opened=some.integers(0, 50), unclear=some.integers(0, 50)
)
def test_the_figure_lies_in_its_range(solved: int, rest: int, opened: int, unclear: int) -> None:
    rate = Rate(numerator=solved, denominator=solved + rest + opened, open=opened, unclear=unclear)
    if rate.share is not None and rate.low is not None and rate.high is not None:
        assert 0 <= rate.low <= rate.share <= rate.high <= 1


@given(rows=some.lists(some.tuples(some.integers(0, 9), some.integers(0, 9), some.integers(0, 9)), max_size=8))
def test_the_unknown_counted_as_not_solved_is_never_above_counted_like_the_known(
    rows: list[tuple[int, int, int]],
) -> None:
    known = [(min(once, judged), judged, unknown) for once, judged, unknown in rows]
    found = unknown_range(known)
    if found.worst is not None and found.like_known is not None:
        assert found.worst <= found.like_known + 1e-9


@given(choice=some.sampled_from(sorted(CHOICES)), today=some.dates(dt.date(2001, 1, 1), dt.date(2090, 12, 31)))
def test_a_chosen_period_begins_before_it_ends_and_not_tomorrow(choice: str, today: dt.date) -> None:
    period = chosen(choice, today)
    assert period.first <= period.last <= today
    assert 1 <= period.days <= 400


@given(asked=some.dictionaries(some.sampled_from(["period", "from", "to"]), some.text(max_size=12)))
def test_no_words_in_an_address_break_the_period(asked: dict[str, str]) -> None:
    period, _wrong = read_period(asked, dt.date(2026, 11, 22))
    assert period.first <= period.last
