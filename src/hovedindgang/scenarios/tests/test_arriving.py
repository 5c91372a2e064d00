"""The file of who came, written from registered contacts and read by the forecast; small groups are not in it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest

from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.planning.demand.flows import read_flows
from hovedindgang.scenarios import arriving
from hovedindgang.scenarios.calibrating import arrivals_of, calibrate
from hovedindgang.scenarios.tests.test_calibrating import A_DAY, FIRST, LAST, registered

MONDAY = dt.date(2026, 3, 30)


def test_everybody_registered_is_in_the_file_once_and_the_forecast_reads_it(
    cast: SimpleNamespace, tmp_path: Path
) -> None:
    registered(cast)
    file = tmp_path / "came.csv"
    file.write_text(arrivals_of(calibrate(first=FIRST, last=LAST, actor=SYSTEM), minutes=30), encoding="utf-8")
    assert "2026-01-05T10:00+01:00,phone,pas,1" in file.read_text().splitlines()
    flows = read_flows(file, zone="Europe/Copenhagen")  # without a gap: an interval in which nobody came has a nought
    assert {channel: one.total.counts.sum() for channel, one in flows.items()} == {
        "in_person": 20 * A_DAY * 2 / 3,
        "phone": 20 * A_DAY / 3,
    }
    assert all(set(one.services) == {"pas"} and len(one.total) == 20 for one in flows.values())


def test_what_few_came_for_is_put_together_and_left_out_where_that_is_few() -> None:
    start = (MONDAY, 540)
    counts = Counter({("phone", "pas", start): 9, ("phone", "coffin", start): 3, ("phone", "boat", start): 2})
    assert arriving._without_small(counts, 5) == {("phone", "pas", start): 9, ("phone", "andet", start): 5}
    assert arriving._without_small(counts, 6) == {("phone", "pas", start): 9}


@pytest.mark.parametrize(("contacts", "open_too"), [(400, False), (4, True)])
def test_a_day_without_anybody_was_closed_where_many_come_and_empty_where_few_do(contacts: int, open_too: bool) -> None:
    weeks = [MONDAY + dt.timedelta(days=7 * week) for week in range(4)]
    seen = {(day, at) for day in weeks[:3] for at in (540, 570)} - {(weeks[1], 570)}
    noughts = set(arriving._nobody_came(seen, contacts, weeks))
    assert (weeks[1], 570) in noughts
    assert ((weeks[3], 540) in noughts) is open_too
    assert not any(day.weekday() != MONDAY.weekday() for day, _at in noughts)


def test_the_summers_and_the_winters_clock_are_told_apart() -> None:
    assert arriving._time((dt.date(2026, 3, 27), 540)) == "2026-03-27T09:00+01:00"
    assert arriving._time((MONDAY, 540)) == "2026-03-30T09:00+02:00"
