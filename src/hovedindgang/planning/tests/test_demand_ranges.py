"""What is known to come has the range that was stated for it, however wide and lopsided."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hovedindgang.planning.demand import Change, forecast
from hovedindgang.planning.demand.changes import by_analogy
from hovedindgang.planning.demand.counts import Counts, Mixture
from hovedindgang.planning.demand.forecasting import Forecast, changed_by
from hovedindgang.planning.factors import Factor, product
from hovedindgang.planning.tests.invented_calls import Town

ENDS = (0.025, 0.5, 0.975)


@pytest.fixture(scope="module")
def plain() -> Forecast:
    """A day of a great many calls whose rates are known: what is unsure is the factor."""
    series = Town(per_hour=10000.0, interval=120, days=30).series()
    told = forecast(series, [series.days[-1]])
    return replace(told, covariance=0 * told.covariance, noise=0 * told.noise)


def changed(plain: Forecast, *ranges: tuple[float, float, float]) -> Forecast:
    for low, middle, high in ranges:
        first, last = plain.days[0], plain.days[-1]
        plain = changed_by(plain, Change(name="election", first=first, last=last, factor=middle, low=low, high=high))
    return plain


@given(middle=st.floats(0.05, 20), down=st.floats(1, 30), up=st.floats(1, 30))
@settings(max_examples=40)
def test_the_quantiles_of_a_factor_are_the_stated_ones_whatever_its_asymmetry(
    middle: float, down: float, up: float
) -> None:
    factor = Factor(low=middle / down, middle=middle, high=middle * up)
    assert factor.quantile(np.array(ENDS)) == pytest.approx([middle / down, middle, middle * up], rel=1e-9)
    points, chances = factor.points(0.05)
    assert chances.sum() == pytest.approx(1)
    for end, share in zip((middle / down, middle, middle * up), ENDS, strict=True):
        assert chances[points < end / 1.06].sum() <= share + 0.01
        assert chances[points <= end * 1.06].sum() >= share - 0.01


@given(middle=st.floats(0.3, 3), down=st.floats(1, 12), up=st.floats(1, 12))
@settings(max_examples=8, deadline=None, report_multiple_bugs=False)
def test_a_day_that_was_sure_is_as_unsure_as_the_factor_that_is_put_on_it(
    plain: Forecast, middle: float, down: float, up: float
) -> None:
    """The whole day when it is drawn, and each interval when it is summed, end at the ends that were stated."""
    told = changed(plain, (middle / down, middle, middle * up))
    usual, stated = plain.counts().mean, np.array([middle / down, middle, middle * up])
    drawn = np.quantile(told.simulate(3000, seed=1).sum(axis=(1, 2)), ENDS) / usual.sum()
    assert np.log(drawn) == pytest.approx(np.log(stated), abs=0.03 + 0.08 * np.log(max(down, up)))
    interval = int(usual.argmax())
    summed = np.array([told.counts().quantile(share)[interval] for share in ENDS]) / usual[interval]
    assert np.log(summed) == pytest.approx(np.log(stated), abs=0.08)


def test_a_campaign_that_may_do_nothing_or_treble_the_calls_never_lowers_them() -> None:
    """1.05, between 1 and 3: the plain day's 160 calls may become 480, and not 90."""
    series = Town(per_hour=27.0, days=60, shock=0.03).series()
    usual = forecast(series, [series.days[-1]])
    told = changed(usual, (1.0, 1.05, 3.0))
    low, middle, high = np.quantile(usual.simulate(8000, seed=1).sum(axis=(1, 2)), ENDS)
    found = np.quantile(told.simulate(8000, seed=1).sum(axis=(1, 2)), ENDS)
    assert found[0] > 0.99 * low
    assert middle < found[1] < 1.2 * middle
    assert 2.8 * middle < found[2] < 3.3 * high


def test_a_new_service_assumed_at_ten_a_day_and_perhaps_a_hundred_may_have_a_hundred() -> None:
    series = Town(per_hour=27.0, days=60, shock=0.03).series()
    told = by_analogy(forecast(series, [series.days[-1]]), calls_per_day=10, low=1, high=100)
    low, middle, high = np.quantile(told.simulate(8000, seed=1).sum(axis=(1, 2)), ENDS)
    assert low <= 1
    assert middle == pytest.approx(10, abs=1.5)
    assert high == pytest.approx(100, rel=0.12)


def test_two_things_that_come_together_are_multiplied_and_each_is_drawn_by_itself(plain: Forecast) -> None:
    told = changed(plain, (1.0, 2.0, 4.0), (0.5, 1.0, 2.0))
    drawn = np.log(told.simulate(8000, seed=1).sum(axis=(1, 2)) / plain.counts().mean.sum())
    assert drawn.std() == pytest.approx(np.sqrt(2) * np.log(2) / 1.96, rel=0.05)
    points, chances = product([Factor(low=1, middle=2, high=4), Factor(low=0.5, middle=1, high=2)], 0.02)
    assert np.sqrt(chances @ np.log(points / 2) ** 2) == pytest.approx(np.sqrt(2) * np.log(2) / 1.96, rel=0.01)


def test_the_morning_says_which_factor_it_is(plain: Forecast) -> None:
    """Known within a third to threefold, and then seen until noon: the afternoon is as sure as the plain one."""
    told = changed(plain, (1 / 3, 1.0, 3.0))
    counted = np.where(plain.open[0], 1.7 * plain.counts().mean, np.nan)
    after = told.updated(counted, 12 * 60)
    later = plain.open[0] & (np.array(plain.starts_minutes) >= 12 * 60)
    assert after.counts().mean[later] == pytest.approx(1.7 * plain.counts().mean[later], rel=0.02)
    sums = after.simulate(2000, seed=1)[:, 0, later].sum(axis=1)
    assert np.quantile(sums, 0.975) / np.quantile(sums, 0.025) < 1.1
    before = told.simulate(2000, seed=1)[:, 0, later].sum(axis=1)
    assert np.quantile(before, 0.975) / np.quantile(before, 0.025) > 6


def test_the_quantiles_of_a_mixture_are_those_of_what_is_drawn_from_it() -> None:
    parts = Counts(np.array([[2.0, 50.0], [30.0, 400.0]]), np.array([[2.0, 90.0], [60.0, 500.0]]))
    mixed = Mixture.of(parts, np.array([0.3, 0.7]))
    for share in (0.01, 0.29, 0.31, 0.9):
        found = mixed.quantile(share)
        assert (mixed.below(found) >= share).all()
        assert (mixed.below(found - 1) < share).all()
    assert mixed.mean == pytest.approx([21.6, 295])
