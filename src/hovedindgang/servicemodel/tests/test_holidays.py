"""Denmark's public holidays against a public calendar."""

from __future__ import annotations

import datetime as dt

import holidays
import pytest

from hovedindgang.servicemodel.holidays import public_holidays


@pytest.mark.parametrize("year", range(1990, 2051))
def test_the_computed_holidays_are_those_of_the_public_calendar(year: int) -> None:
    assert set(public_holidays(year)) == set(holidays.country_holidays("DK", years=year))


def test_store_bededag_was_held_for_the_last_time_in_2023() -> None:
    assert public_holidays(2023)[dt.date(2023, 5, 5)] == "Store bededag"
    assert "Store bededag" not in public_holidays(2024).values()


def test_nobody_can_change_the_calendar_for_everybody_else() -> None:
    with pytest.raises(TypeError):
        public_holidays(2026)[dt.date(2026, 7, 1)] = "Fri"  # type: ignore[index]
