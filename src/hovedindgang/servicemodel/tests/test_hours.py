"""When a centre is open, on ordinary days, holidays, exceptional days, and when the clocks change."""

from __future__ import annotations

import dataclasses
import datetime as dt
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hovedindgang.servicemodel.document import (
    Adoption,
    Calendar,
    Centre,
    CentreKind,
    Channel,
    Municipality,
    Period,
    Place,
    ServiceModel,
)
from hovedindgang.servicemodel.hours import (
    LOCAL,
    SEARCHED_DAYS,
    ExceptionalDay,
    add_working_days,
    is_open,
    is_working_day,
    next_opening,
    opening_periods,
    working_days_between,
    zone_named,
)
from hovedindgang.servicemodel.tests.small import small_model

COUNTER, PHONE = Channel.IN_PERSON, Channel.PHONE
CLOCKS = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))
PERIODS = st.tuples(CLOCKS, CLOCKS).map(sorted).filter(lambda p: p[0] < p[1]).map(lambda p: Period(p[0], p[1]))
WEEKS = st.dictionaries(st.integers(0, 6), st.lists(PERIODS, min_size=1, max_size=3).map(tuple))
DAYS = st.one_of(
    st.dates(dt.date(2006, 1, 1), dt.date(2035, 12, 31)),
    st.sampled_from([dt.date(2026, 3, 29), dt.date(2026, 10, 25), dt.date(2026, 3, 28), dt.date(2026, 10, 26)]),
)
INSTANTS = st.builds(
    lambda day, clock, fold: dt.datetime.combine(day, clock, LOCAL).replace(fold=fold), DAYS, CLOCKS, st.integers(0, 1)
)


def local(day: str, clock: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=LOCAL)


def model_with(week: dict[int, tuple[Period, ...]], **calendar: str) -> ServiceModel:
    centre = Centre("havnen", "Havnen", CentreKind.CENTRE, Place(), hours={COUNTER: week})
    return ServiceModel(
        Municipality("Lillestrand", "999"),
        Adoption("Politik"),
        centres={"havnen": centre},
        calendar=Calendar(**calendar),  # type: ignore[arg-type]
    )


ALWAYS = {day: (Period(dt.time(0), dt.time(23, 59)),) for day in range(7)}


@pytest.mark.parametrize(
    ("day", "clock", "open_"),
    [
        ("2026-03-05", "09:59", False),
        ("2026-03-05", "10:00", True),
        ("2026-03-05", "12:59", True),
        ("2026-03-05", "13:00", False),
        ("2026-03-05", "14:00", True),
        ("2026-03-05", "17:00", False),
        ("2026-03-07", "11:00", False),  # a Saturday
        ("2026-04-02", "11:00", False),  # skærtorsdag
        ("2026-06-05", "11:00", True),  # Grundlovsdag, until noon
        ("2026-06-05", "12:00", False),
        ("2026-12-24", "11:00", False),
        ("2026-12-31", "11:00", False),
    ],
)
def test_the_counter_is_open_from_opening_until_before_closing(day: str, clock: str, open_: bool) -> None:
    assert is_open(small_model(), "havnen", COUNTER, local(day, clock)) is open_


def test_store_bededag_is_a_working_day_from_2024() -> None:
    model = model_with(ALWAYS)
    assert not is_open(model, "havnen", COUNTER, local("2023-05-05", "12:00"))
    assert is_open(model, "havnen", COUNTER, local("2024-04-26", "12:00"))


def test_a_centre_is_closed_on_its_own_closing_day_and_the_other_centre_is_not() -> None:
    model = small_model()
    assert not is_open(model, "skoven", COUNTER, local("2026-03-05", "11:00"))
    assert is_open(model, "havnen", COUNTER, local("2026-03-05", "11:00"))


def test_a_centre_is_open_only_while_it_exists() -> None:
    model = model_with(ALWAYS)
    centre = dataclasses.replace(model.centres["havnen"], valid_from=dt.date(2026, 2, 2), valid_to=dt.date(2026, 2, 4))
    model = dataclasses.replace(model, centres={"havnen": centre})
    found = [day for day in range(1, 8) if opening_periods(model, "havnen", COUNTER, dt.date(2026, 2, day))]
    assert found == [2, 3]


def test_when_the_counter_is_closed_today_by_storm_the_telephone_still_answers() -> None:
    storm = ExceptionalDay("havnen", COUNTER, dt.date(2026, 3, 5), closed=True)
    model, at = small_model(), local("2026-03-05", "11:00")
    assert not is_open(model, "havnen", COUNTER, at, exceptions=[storm])
    assert is_open(model, "havnen", PHONE, at, exceptions=[storm])
    assert next_opening(model, "havnen", COUNTER, at, exceptions=[storm]) == local("2026-03-06", "10:00")


def test_an_exceptional_day_may_open_a_holiday_and_the_last_word_holds() -> None:
    day = dt.date(2026, 4, 2)
    opened = ExceptionalDay("havnen", None, day, closed=False, periods=(Period(dt.time(12), dt.time(13)),))
    closed = ExceptionalDay("havnen", None, day, closed=True)
    model, at = small_model(), local("2026-04-02", "12:30")
    assert is_open(model, "havnen", COUNTER, at, exceptions=[closed, opened])
    assert not is_open(model, "havnen", COUNTER, at, exceptions=[opened, closed])


def test_somebody_who_comes_in_the_evening_is_told_when_it_opens_next() -> None:
    assert next_opening(small_model(), "havnen", COUNTER, local("2026-03-31", "20:00")) == local("2026-04-09", "10:00")


def test_a_centre_that_never_opens_has_no_next_opening() -> None:
    assert next_opening(model_with({}), "havnen", COUNTER, local("2026-03-05", "10:00")) is None


def test_in_the_night_when_the_clock_jumps_an_hour_is_missing() -> None:
    model = model_with({6: (Period(dt.time(1), dt.time(4)),)})
    ((start, end),) = opening_periods(model, "havnen", COUNTER, dt.date(2026, 3, 29))
    assert end.astimezone(dt.UTC) - start.astimezone(dt.UTC) == dt.timedelta(hours=2)


def test_in_the_night_when_the_clock_goes_back_an_hour_comes_twice() -> None:
    model = model_with({6: (Period(dt.time(1), dt.time(4)),)})
    ((start, end),) = opening_periods(model, "havnen", COUNTER, dt.date(2026, 10, 25))
    assert end.astimezone(dt.UTC) - start.astimezone(dt.UTC) == dt.timedelta(hours=4)
    second_time = dt.datetime(2026, 10, 25, 2, 30, tzinfo=LOCAL, fold=1)
    assert is_open(model, "havnen", COUNTER, second_time)


def test_a_counter_that_closed_before_the_clock_went_back_does_not_open_again() -> None:
    model = model_with({6: (Period(dt.time(1), dt.time(2, 15)),)})
    first_time = dt.datetime(2026, 10, 25, 2, 10, tzinfo=LOCAL)
    assert is_open(model, "havnen", COUNTER, first_time)
    assert not is_open(model, "havnen", COUNTER, first_time.replace(fold=1))


def test_an_opening_that_the_clock_jumps_over_begins_where_it_lands() -> None:
    model = model_with({6: (Period(dt.time(2, 30), dt.time(4)),)})
    ((start, _end),) = opening_periods(model, "havnen", COUNTER, dt.date(2026, 3, 29))
    assert start == dt.datetime(2026, 3, 29, 1, tzinfo=dt.UTC)


@pytest.mark.parametrize("day", [dt.date(2026, 3, 29), dt.date(2026, 10, 25), dt.date(2026, 6, 7)])
def test_on_every_sunday_of_the_year_ten_o_clock_is_ten_o_clock(day: dt.date) -> None:
    model = model_with({6: (Period(dt.time(10), dt.time(14)),)})
    ((start, end),) = opening_periods(model, "havnen", COUNTER, day)
    assert (start.hour, end.hour) == (10, 14)
    assert end.astimezone(dt.UTC) - start.astimezone(dt.UTC) == dt.timedelta(hours=4)


def test_a_time_without_its_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        is_open(small_model(), "havnen", COUNTER, dt.datetime(2026, 3, 5, 11))


def test_a_centre_that_is_not_there_is_refused() -> None:
    with pytest.raises(KeyError):
        is_open(small_model(), "engen", COUNTER, local("2026-03-05", "11:00"))


@given(WEEKS, DAYS)
def test_periods_are_in_order_apart_and_within_their_day(week: dict[int, tuple[Period, ...]], day: dt.date) -> None:
    periods = opening_periods(model_with(week), "havnen", COUNTER, day)
    instants = [instant.astimezone(dt.UTC) for period in periods for instant in period]
    assert instants == sorted(set(instants))
    assert all(instant.date() == day and instant.tzinfo is LOCAL for period in periods for instant in period)


@given(WEEKS, INSTANTS)
def test_the_hours_are_the_same_from_every_zone(week: dict[int, tuple[Period, ...]], at: dt.datetime) -> None:
    model = model_with(week)
    elsewhere = at.astimezone(dt.UTC).astimezone(ZoneInfo("America/Godthab"))
    assert is_open(model, "havnen", COUNTER, at) == is_open(model, "havnen", COUNTER, elsewhere)


@given(WEEKS, INSTANTS)
def test_the_next_opening_is_the_first_instant_that_is_open(
    week: dict[int, tuple[Period, ...]], at: dt.datetime
) -> None:
    model = model_with(week)
    opening = next_opening(model, "havnen", COUNTER, at)
    now = at.astimezone(dt.UTC)
    if opening is None:
        days = (at.date() + dt.timedelta(days=n) for n in range(1, SEARCHED_DAYS))
        assert not any(opening_periods(model, "havnen", COUNTER, day) for day in days)
        return
    assert is_open(model, "havnen", COUNTER, opening)
    assert opening.astimezone(dt.UTC) >= now
    if opening.astimezone(dt.UTC) > now:
        assert not is_open(model, "havnen", COUNTER, at)
        before = opening.astimezone(dt.UTC) - dt.timedelta(microseconds=1)
        assert not is_open(model, "havnen", COUNTER, before)


@given(DAYS, st.integers(0, 60), st.integers(0, 60))
def test_working_days_of_two_periods_after_each_other_add_up(start: dt.date, first: int, second: int) -> None:
    model = model_with({})
    middle = start + dt.timedelta(days=first)
    end = middle + dt.timedelta(days=second)
    together = working_days_between(model, start, middle) + working_days_between(model, middle, end)
    assert working_days_between(model, start, end) == together
    assert working_days_between(model, end, start) == -together


@given(DAYS, st.integers(1, 40))
def test_a_deadline_of_n_working_days_lies_n_working_days_ahead(day: dt.date, n: int) -> None:
    model = model_with({})
    due = add_working_days(model, day, n)
    assert is_working_day(model, due)
    assert working_days_between(model, day + dt.timedelta(days=1), due + dt.timedelta(days=1)) == n
    assume(is_working_day(model, day))
    assert add_working_days(model, due, -n) == day


def test_what_comes_in_before_easter_with_two_working_days_is_due_after_easter() -> None:
    assert add_working_days(model_with({}), dt.date(2026, 4, 1), 2) == dt.date(2026, 4, 8)


def test_a_half_day_counts_as_a_working_day_and_a_closed_one_does_not() -> None:
    half = model_with({}, constitution_day="12:00")
    closed = model_with({}, constitution_day="closed")
    assert is_working_day(half, dt.date(2026, 6, 5))
    assert not is_working_day(closed, dt.date(2026, 6, 5))


def test_every_time_zone_there_is_is_found_by_its_name() -> None:
    assert {zone_named(name).key for name in available_timezones()} == available_timezones()


@pytest.mark.parametrize(
    "name", ["", "Mars/Olympus", "Europe", "Europe/", "/etc/localtime", "../UTC", "a.b", "Europe/e/e/e", "e/" * 50_000]
)
def test_what_no_time_zone_is_called_is_refused_however_long_it_is(name: str) -> None:
    with pytest.raises(ValueError, match="time zone"):
        zone_named(name)
