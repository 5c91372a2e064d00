"""The forecast against days whose true rates are known, and the parts it is made of against what they promise."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.special import gammaln, xlogy

from hovedindgang.planning.demand import Change, Series, backtest, forecast
from hovedindgang.planning.demand.baselines import Sampled
from hovedindgang.planning.demand.calendar import features
from hovedindgang.planning.demand.changes import by_analogy
from hovedindgang.planning.demand.counts import Counts, poisson_floor
from hovedindgang.planning.demand.levels import PARTS, Distances, Floats, Pieces, Unlikely, Weights
from hovedindgang.planning.demand.roots import mean_root, rate, root
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.tests.invented_calls import MONDAY, Town

EVERY_DAY = dict.fromkeys(range(7), (9, 15))


def days_after(day: dt.date, count: int) -> list[dt.date]:
    return [day + dt.timedelta(days=step) for step in range(count)]


def next_monday(series: Series) -> dt.date:
    return series.days[-1] + dt.timedelta(days=7 - series.days[-1].weekday())


def test_counts_below_and_their_score_are_those_of_many_draws() -> None:
    mean, variance = np.array([0.3, 4.0, 60.0, 3.0]), np.array([0.3, 9.0, 300.0, 3.0])
    counted = np.array([0.0, 7.0, 40.0, 3.0])
    chance = np.random.default_rng(1)
    extra = np.maximum(variance - mean, 1e-9)
    rates = np.where(variance > mean, chance.gamma(mean**2 / extra, extra / mean, (100_000, 4)), mean)
    drawn = Sampled(mean, chance.poisson(rates).astype(float))
    assert Counts(mean, variance).crps(counted) == pytest.approx(drawn.crps(counted), rel=0.03, abs=0.003)


@settings(max_examples=40)
@given(
    st.floats(0.0, 3000), st.sampled_from([1.0, 1.00001, 1.5, 40.0]), st.sampled_from([0.001, 0.025, 0.5, 0.975, 0.999])
)
@example(mean=5e-324, wider=40.0, share=0.5)
def test_what_a_number_of_calls_may_be_is_what_scipy_says(mean: float, wider: float, share: float) -> None:
    """The Poisson's and the negative binomial's own: how probable each number is, and which is reached."""
    from scipy.stats import nbinom, poisson  # heavy, and only tests need it

    one = Counts(np.array([mean]), np.array([mean * wider]))
    size = mean / (wider - 1) if wider > 1 else 0.0  # of a mean next to nothing none is left
    known = nbinom(size, 1 / wider) if size else poisson(mean)
    numbers = np.array([-1.0, 0.0, 0.5, mean // 2, mean, mean + 3 * np.sqrt(mean * wider)])
    assert one.below(numbers) == pytest.approx(known.cdf(numbers), rel=1e-6, abs=1e-9)
    (reached,) = one.quantile(share)
    assert one.below(np.array([reached]))[0] >= share > one.below(np.array([reached - 1]))[0]
    assert reached == pytest.approx(max(known.ppf(share), 0), abs=1e-3 * mean * (wider == 1.00001))


@given(rate=st.floats(0.05, 200), wider=st.floats(1, 6))
@settings(max_examples=50)
def test_the_even_coverage_is_ninety_five_percent_at_any_rate(rate: float, wider: float) -> None:
    """Whole numbers make plain intervals too generous where few call; the even share is right on average."""
    counts = Counts(np.array([rate]), np.array([rate * wider]))
    ladder = np.arange(0, int(rate * wider * 20 + 200), dtype=float)
    below = counts.below(ladder)
    chances = np.diff(below, prepend=0.0)
    assert (chances * counts.share_within(ladder, 0.025, 0.975)).sum() == pytest.approx(0.95, abs=1e-6)


def test_the_floor_is_the_score_of_whoever_knows_the_rate() -> None:
    rates = np.array([0.2, 3.0, 80.0])
    for floor, known in zip(poisson_floor(rates), rates, strict=True):
        ladder = np.arange(400, dtype=float)
        scores = Counts(np.full(400, known), np.full(400, known)).crps(ladder)
        chances = np.exp(xlogy(ladder, known) - gammaln(ladder + 1) - known)
        assert floor == pytest.approx((chances * scores).sum(), rel=1e-6)


@given(st.floats(0.01, 500))
def test_a_rate_is_found_again_from_its_root(known: float) -> None:
    assert rate(mean_root(np.array([known])))[0] == pytest.approx(known, rel=0.01)


def test_the_root_of_few_calls_is_not_taken_for_that_of_many() -> None:
    counts = np.random.default_rng(2).poisson(0.4, 200_000).astype(float)
    assert rate(np.array([root(counts).mean()]))[0] == pytest.approx(0.4, rel=0.02)


@pytest.mark.parametrize("part", [part for part in PARTS if part.length is not None], ids=lambda part: part.name)
def test_a_parts_slope_is_that_of_its_curve(part) -> None:
    days = days_after(MONDAY, 40)
    among = features(days, [], frozenset(range(7)))
    distances, length, step = Distances.between(among, among), float(part.length), 1e-5
    _, slope = distances.part(part.name, length)
    above, below = (distances.part(part.name, length * np.exp(sign * step))[0] for sign in (1, -1))
    assert slope == pytest.approx((above - below) / (2 * step), abs=1e-8)


def test_what_is_reckoned_once_for_each_distance_is_the_same_as_for_each_pair_of_days() -> None:
    days = [day for day in days_after(MONDAY, 60) if day.weekday() < 5 and day.day != 20]
    among = features(days, [], frozenset(range(5)))
    distances = Distances.between(among, among)
    lengths = np.array([part.length or 1.0 for part in PARTS]) * 1.3
    pieces = Pieces(distances, PARTS)
    correlations, by_lengths = pieces.at(lengths)
    slope_of = dict(zip((part.name for part in PARTS if part.length), by_lengths, strict=True))
    for part, length, found in zip(PARTS, lengths, correlations, strict=True):
        correlation, slope = distances.part(part.name, float(length))
        assert np.array_equal(_matrix(pieces, found), correlation), part.name
        if slope is not None:
            assert np.array_equal(_matrix(pieces, slope_of[part.name]), slope), part.name


def test_weights_are_as_unlikely_as_days_that_vary_so_and_what_is_believed_beforehand_say() -> None:
    from scipy.stats import multivariate_normal, norm  # heavy, and only tests need it

    days = [day for day in days_after(MONDAY, 60) if day.weekday() < 5 and day.day != 20]
    among = features(days, [], frozenset(range(5)))
    distances, chance = Distances.between(among, among), np.random.default_rng(7)
    values, noise = chance.normal(0.0, 2.0, len(days)), 0.7
    unlikely, told = Unlikely(Pieces(distances, PARTS), values, noise), []
    points = unlikely.start + unlikely.widths * chance.normal(0.0, 1.0, (5, 2 * len(PARTS)))
    for point in points:
        weights = Weights(PARTS, point[: len(PARTS)], point[len(PARTS) :])
        covariance = weights.covariance(distances) + noise * np.eye(len(days))
        likely = multivariate_normal(np.zeros(len(days)), covariance).logpdf(values)
        cost, slope = unlikely(point)
        told.append(cost + likely + norm(unlikely.start, unlikely.widths).logpdf(point).sum())
        steps = 1e-6 * np.eye(len(point))
        at_hand = [(unlikely(point + step)[0] - unlikely(point - step)[0]) / 2e-6 for step in steps]
        assert slope == pytest.approx(at_hand, rel=1e-6, abs=1e-5)
    assert told == pytest.approx([told[0]] * len(points))  # but for a constant


def _matrix(pieces: Pieces, pairs: Floats) -> Floats:
    """Of all days among each other."""
    by_columns = np.zeros((pieces.number, pieces.number), order="F")
    by_columns.ravel("K")[pieces.half] = pairs
    assert not np.triu(by_columns, 1).any()  # LAPACK is given the lower half
    return by_columns + np.tril(by_columns, -1).T


def test_the_day_after_easter_is_a_day_after_closing_and_an_ordinary_tuesday_is_not() -> None:
    weekdays = frozenset(range(5))
    easter = [day for day in days_after(dt.date(2026, 3, 2), 31) if day.weekday() < 5]  # to Wednesday before Easter
    tuesday = features(easter, [dt.date(2026, 4, 7)], weekdays, danish=True)
    assert tuesday.after_closing[-1] == 1
    assert tuesday.backlog[-1] == 1  # as on a Monday
    assert features(easter, [dt.date(2026, 4, 7)], weekdays).after_closing[-1] == 0  # nobody said it was Easter
    assert features(easter, [dt.date(2026, 4, 14)], weekdays, danish=True).after_closing[-1] == 0


@pytest.mark.parametrize(
    ("town", "least"),
    [
        (Town(per_hour=400.0, interval=15, days=120, shock=0.03), 0.90),
        (Town(per_hour=3.0, interval=30, days=120, seed=3, shock=0.03), 0.90),
        (
            Town(per_hour=20.0, interval=60, days=100, seed=5, shock=0.03, opening=dict.fromkeys(range(7), (9, 15))),
            0.90,
        ),
    ],
    ids=["many", "few", "every day"],
)
def test_the_range_covers_what_comes_and_chance_is_not_taken_for_a_pattern(town: Town, least: float) -> None:
    """Days come from known rates: the forecast is near the best possible, and as sure as it may be."""
    found = backtest(town.series(), days=12, with_statsforecast=False)
    assert found.scores["model"].mean("covered_evenly") >= least
    assert found.crps_ratio < 1.0
    assert found.scores["model"].mean("crps") < 1.35 * found.floor.mean()


def test_what_came_later_never_changes_a_forecast() -> None:
    series = Town().series()
    day = series.days[50]
    counts = series.counts.copy()
    counts[50:] = counts[50:] * 7 + 3
    other = type(series)(days=series.days, starts_minutes=series.starts_minutes, interval_minutes=30, counts=counts)
    told, again = forecast(series, [day]), forecast(other, [day])
    assert np.array_equal(told.counts().mean, again.counts().mean)


def test_simulated_days_have_the_forecasts_own_mean_and_spread() -> None:
    series = Town(per_hour=40.0).series()
    told = forecast(series, days_after(next_monday(series), 4))
    drawn = told.simulate(10_000, seed=5)
    assert drawn.shape == (10_000, 4, len(series.starts_minutes))
    for day in range(4):
        counts = told.counts(day)
        assert drawn[:, day].mean(axis=0) == pytest.approx(counts.mean, rel=0.05, abs=0.03)
        assert drawn[:, day].var(axis=0) == pytest.approx(counts.variance, rel=0.12, abs=0.05)
    assert np.array_equal(drawn[:10], told.simulate(10_000, seed=5)[:10])
    assert not np.array_equal(drawn[:10], told.simulate(10_000, seed=6)[:10])


def test_a_busy_morning_foretells_a_busy_afternoon_and_leaves_less_doubt() -> None:
    series = Town(per_hour=200.0, shock=0.2).series()
    day = series.days[-1]
    told = forecast(series, [day])
    usual = told.counts().mean
    busy = told.updated(1.3 * usual, 11 * 60).counts()
    quiet = told.updated(0.8 * usual, 11 * 60).counts()
    later = told.open[0] & (np.array(series.starts_minutes) >= 11 * 60)
    assert (busy.mean[later] > 1.15 * usual[later]).all()
    assert (quiet.mean[later] < 0.9 * usual[later]).all()
    assert (told.updated(usual, 11 * 60).counts().variance[later] < told.counts().variance[later]).all()


def test_a_single_busy_interval_of_few_calls_changes_little() -> None:
    series = Town(per_hour=3.0, seed=3).series()
    told = forecast(series, [series.days[-1]])
    counted = np.where(told.open[0], 0.0, np.nan)
    counted[told.open[0].argmax()] = 6.0
    after = told.updated(counted, 10 * 60).counts().mean.sum()
    assert after < 2.0 * told.counts().mean.sum()


def test_an_election_multiplies_and_widens_and_touches_no_other_day() -> None:
    series = Town().series()
    monday, tuesday = days_after(next_monday(series), 2)
    election = Change(name="election", first=tuesday, last=tuesday, factor=1.5, low=1.1, high=2.0)
    plain = forecast(series, [monday, tuesday])
    told = forecast(series, [monday, tuesday], changes=[election])
    assert told.counts(0).mean == pytest.approx(plain.counts(0).mean)
    there = told.open[1]
    assert told.counts(1).mean[there] == pytest.approx(1.5 * plain.counts(1).mean[there], rel=0.04)
    drawn = told.simulate(10_000, seed=1)[:, 1].sum(axis=1)
    spread = np.quantile(drawn, 0.975) / np.quantile(drawn, 0.025)
    assert spread > 2.0 / 1.1


def test_days_of_an_election_that_was_are_not_learned_from() -> None:
    series = Town(shock=0.02).series()
    was = series.days[40]
    counts = series.counts.copy()
    counts[40] *= 5
    loud = type(series)(days=series.days, starts_minutes=series.starts_minutes, interval_minutes=30, counts=counts)
    day = series.days[-1]
    election = Change(name="election", first=was, last=was, factor=5, low=3, high=7)
    assert forecast(loud, [day], changes=[election]).counts().mean == pytest.approx(
        forecast(series, [day], changes=[election]).counts().mean
    )


def test_a_new_service_has_the_shape_of_one_like_it_and_the_range_assumed() -> None:
    series = Town().series()
    like = forecast(series, [next_monday(series)])
    told = by_analogy(like, calls_per_day=40, low=20, high=80)
    drawn = told.simulate(10_000, seed=1)[:, 0].sum(axis=1)
    assert np.median(drawn) == pytest.approx(40, rel=0.1)
    assert np.quantile(drawn, 0.975) > 70
    assert np.quantile(drawn, 0.025) < 24
    with pytest.raises(CannotPlan):
        by_analogy(like, calls_per_day=40, low=60, high=80)


def test_a_weekday_that_is_always_closed_has_no_calls() -> None:
    series = Town().series()
    saturday = series.days[-1] + dt.timedelta(days=(5 - series.days[-1].weekday()) % 7)
    told = forecast(series, [saturday])
    assert not told.open.any()
    assert told.simulate(10, seed=1).sum() == 0


def test_nine_days_are_too_few_and_ten_are_enough() -> None:
    series = Town(days=30).series()
    with pytest.raises(CannotPlan):
        forecast(series, [series.days[9]])
    assert forecast(series, [series.days[10]]).counts().mean.sum() > 0


def test_the_day_after_a_closing_is_learned_where_it_is_busier() -> None:
    closed = frozenset(MONDAY + dt.timedelta(days=step) for step in (14, 30, 42, 57, 70, 85, 98))
    town = Town(per_hour=200.0, shock=0.03, days=135, closed=closed, after_closing=1.5)
    series = town.series()
    monday = MONDAY + dt.timedelta(days=140)
    plain, after = forecast(series, [monday]), forecast(series, [monday], closed=[monday - dt.timedelta(days=3)])
    assert after.counts().mean.sum() > 1.2 * plain.counts().mean.sum()


def test_a_day_when_the_telephones_broke_down_bends_no_forecast() -> None:
    series = Town(per_hour=200.0, shock=0.03).series()
    counts = series.counts.copy()
    counts[-1] = np.round(counts[-1] / 5)
    broken = type(series)(days=series.days, starts_minutes=series.starts_minutes, interval_minutes=30, counts=counts)
    day = series.days[-1] + dt.timedelta(days=1)
    usual, after = (forecast(one, [day]).counts().mean.sum() for one in (series, broken))
    assert after == pytest.approx(usual, rel=0.05)


def test_a_season_ahead_is_foretold_from_last_years_and_not_from_last_weeks() -> None:
    series = Town(per_hour=40.0, interval=60, days=540, shock=0.05, year=0.5).series()
    ahead = MONDAY + dt.timedelta(days=630)  # from the trough of one year towards the top of the next
    told = forecast(series, [ahead]).simulate(2000, seed=1).sum(axis=(1, 2))
    expected = np.nansum(Town(per_hour=40.0, interval=60, days=631, shock=0.0, year=0.5).rates()[2][-1])
    assert np.quantile(told, 0.025) < expected < np.quantile(told, 0.975)
    recent = forecast(series, [ahead], history_days=120).counts().mean.sum()
    assert abs(told.mean() - expected) < 0.5 * abs(recent - expected)


@pytest.mark.parametrize("calls", [0, 7, 900_000], ids=["nobody", "always the same", "very many"])
def test_what_never_changes_is_foretold_without_stumbling(calls: int) -> None:
    series = Town(days=40).series()
    counts = np.where(np.isnan(series.counts), np.nan, calls)
    same = type(series)(days=series.days, starts_minutes=series.starts_minutes, interval_minutes=30, counts=counts)
    found = backtest(same, days=2, with_statsforecast=False)
    assert found.scores["model"].mean("covered") == 1
    assert found.scores["model"].mean("crps") <= 0.5 * np.sqrt(calls) + 0.1


def test_scores_are_those_of_the_days_asked_about() -> None:
    series = Town(days=60).series()
    found = backtest(series, days=5, with_statsforecast=False)
    assert found.days == series.days[-5:]
    assert found.intervals == (~np.isnan(series.counts[-5:])).sum()
    assert found.missing == ("mstl", "auto_ets")
    low, high = found.coverage_interval()
    assert low <= found.scores["model"].mean("covered") <= high
