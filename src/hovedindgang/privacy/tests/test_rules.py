"""When a contact's time has come, asked of the rules alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as some

from hovedindgang.privacy.rules import (
    FIGURES_SETTLE_DAYS,
    Kept,
    MatterFacts,
    Period,
    due_on,
    groups,
    judge,
    latest_prolonged,
)

pytestmark = pytest.mark.once
CAME = dt.date(2026, 3, 2)
SAID = {
    "parking": Period(14, "a fortnight", archive=False),
    "licence": Period(365, "a year", archive=False),
    "pension": Period(1826, "five years", archive=True),
}


def after(days: int) -> dt.date:
    return CAME + dt.timedelta(days=days)


def test_what_is_kept_a_fortnight_stays_until_its_figures_are_settled() -> None:
    matters = [MatterFacts("parking", CAME)]
    verdict = judge(matters, SAID, held=(), today=after(15))
    assert (verdict.ends_on, verdict.kept) == (after(FIGURES_SETTLE_DAYS), Kept.NOT_YET)
    assert judge(matters, SAID, held=(), today=after(FIGURES_SETTLE_DAYS)).kept is None


def test_matters_that_belong_together_stay_as_long_as_the_one_that_is_kept_longest() -> None:
    matters = [MatterFacts("pension", CAME), MatterFacts("licence", after(400))]
    verdict = judge(matters, SAID, held=(), today=after(1825))
    assert (verdict.ends_on, verdict.service, verdict.ground) == (after(1826), "pension", "five years")
    assert verdict.kept is Kept.NOT_YET
    assert judge(matters, SAID, held=(), today=after(1826)).kept is None


def test_one_matter_that_goes_to_the_archive_takes_the_others_along() -> None:
    assert judge([MatterFacts("licence", CAME), MatterFacts("pension", CAME)], SAID, held=(), today=CAME).archive
    assert not judge([MatterFacts("licence", CAME)], SAID, held=(), today=CAME).archive


def test_a_service_without_a_period_keeps_all_that_it_stands_with_and_no_day_is_promised() -> None:
    matters = [MatterFacts("licence", CAME), MatterFacts("forgotten_one", CAME), MatterFacts("pension", CAME)]
    verdict = judge(matters, SAID, held=(), today=after(9_000))
    assert (verdict.ends_on, verdict.service, verdict.ground) == (None, "forgotten_one", "")
    assert (verdict.kept, verdict.archive) == (Kept.NO_PERIOD, True)


@pytest.mark.parametrize("reason", [reason for reason in Kept if reason not in {Kept.NOT_YET, Kept.NO_PERIOD}])
def test_whatever_keeps_a_contact_keeps_it_though_its_time_has_come(reason: Kept) -> None:
    unfinished = [MatterFacts("licence", CAME), MatterFacts("licence", CAME, frozenset({reason}))]
    assert judge(unfinished, SAID, held=(), today=after(400)).kept is reason
    assert judge([MatterFacts("licence", CAME)], SAID, held=(reason,), today=after(400)).kept is reason


def test_that_somebody_holds_it_is_told_before_that_its_time_has_not_come() -> None:
    matters = [MatterFacts("licence", CAME, frozenset({Kept.OPEN}))]
    assert judge(matters, SAID, held=(Kept.HOLD,), today=CAME).kept is Kept.HOLD
    assert judge(matters, SAID, held=(), today=CAME).kept is Kept.OPEN


numbers = some.integers(1, 12)


@given(some.sets(numbers), some.lists(some.tuples(numbers, numbers)))
def test_what_is_linked_however_far_is_in_one_group_and_nothing_else(
    known: set[int], links: list[tuple[int, int]]
) -> None:
    known |= {number for link in links for number in link}
    found = groups(known, links)
    assert sorted(number for group in found for number in group) == sorted(known)
    assert found == sorted(sorted(one) for one in {frozenset(_reached(number, links)) for number in known})


def _reached(start: int, links: Iterable[tuple[int, int]]) -> set[int]:
    """Everything that one gets to, step by step."""
    reached, size = {start}, 0
    while len(reached) > size:
        size = len(reached)
        reached |= {number for link in links if set(link) & reached for number in link}
    return reached


@pytest.mark.parametrize(
    ("came", "due", "latest"),
    [
        (dt.date(2026, 1, 31), dt.date(2026, 2, 28), dt.date(2026, 4, 30)),
        (dt.date(2026, 11, 30), dt.date(2026, 12, 30), dt.date(2027, 2, 28)),
        (dt.date(2027, 12, 31), dt.date(2028, 1, 31), dt.date(2028, 3, 31)),
    ],
)
def test_a_request_is_answered_within_a_month_or_within_three_when_she_is_told(
    came: dt.date, due: dt.date, latest: dt.date
) -> None:
    assert (due_on(came), latest_prolonged(came)) == (due, latest)
    assert due_on(came, latest) == latest
