"""Which arrivals match no contact: the pure rule, and that it agrees with what completeness counts."""

from __future__ import annotations

import datetime as dt
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from hovedindgang.insight.missing import Seen, paired, unmatched
from hovedindgang.servicemodel.document import Channel

TEN = dt.datetime(2026, 3, 11, 9, tzinfo=dt.UTC)  # ten o'clock in Denmark


def seen(number: int, minutes: float, centre: str | None = "aabybro", channel: str = Channel.IN_PERSON) -> Seen:
    at = TEN + dt.timedelta(minutes=minutes)
    return Seen(id=number, at=at, hour=10 + int(minutes // 60), channel=channel, centre=centre)


def side(minutes: list[int]) -> list[Seen]:
    return [seen(number, at) for number, at in enumerate(minutes)]


few = st.lists(st.integers(0, 59), max_size=5)


@given(few, few)
def test_as_many_are_left_as_completeness_misses(came: list[int], registered: list[int]) -> None:
    left = unmatched(side(came), side(registered))
    assert len(left) == max(0, len(came) - len(registered))
    assert len({one.id for one in left}) == len(left)


@given(few, few)
def test_no_other_pairing_has_less_time_between(came: list[int], registered: list[int]) -> None:
    pairs = paired(side(came), side(registered))
    assert len(pairs) == min(len(came), len(registered))
    assert len({a.id for a, _ in pairs}) == len({b.id for _, b in pairs}) == len(pairs)
    least = sum(abs((a.at - b.at).total_seconds()) for a, b in pairs) / 60
    longer, shorter = (came, registered) if len(came) >= len(registered) else (registered, came)
    for some in permutations(longer, len(shorter)):
        assert least <= sum(abs(a - b) for a, b in zip(some, shorter, strict=True))


def test_the_one_nobody_registered_is_the_one_farthest_from_any_contact() -> None:
    left = unmatched([seen(1, 2), seen(2, 20), seen(3, 41)], [seen(7, 3), seen(8, 44)])
    assert [one.id for one in left] == [2]


def test_a_contact_of_another_hour_or_another_centre_matches_nobody() -> None:
    left = unmatched([seen(1, 5), seen(2, 6)], [seen(7, 65), seen(8, 6, "pandrup")])
    assert [one.id for one in left] == [1, 2]


def test_a_letter_is_matched_by_what_was_registered_later_that_day() -> None:
    assert not unmatched([seen(1, 5, None, Channel.WRITTEN)], [seen(7, 200, "aabybro", Channel.WRITTEN)])


def test_a_switchboards_call_is_matched_by_whoever_took_it_but_not_before_her_own_centres() -> None:
    calls = [seen(1, 5, None, Channel.PHONE), seen(2, 6, "pandrup", Channel.PHONE)]
    left = unmatched(calls, [seen(7, 5, "pandrup", Channel.PHONE)])
    assert [one.id for one in left] == [1]
