"""A look-up that was changed, removed or put in after its day was settled is seen."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from hovedindgang.kernel import clock as house_clock
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.models import Event, Log, LookUp
from hovedindgang.kernel.months import drop_month
from hovedindgang.kernel.tests.tampering import by_hand
from hovedindgang.oversight.commands import lookups
from hovedindgang.oversight.judging import judge_day
from hovedindgang.oversight.proving import prove
from hovedindgang.oversight.tests.looking import citizen, look

pytestmark = pytest.mark.django_db


@pytest.fixture
def settled(cast: SimpleNamespace, clock: Any) -> list[LookUp]:
    """Three look-ups of one day, which nothing can explain any more."""
    day, anna = house_clock.today(), citizen()
    rows = [look(cast.alice, anna, at=house_clock.now() + dt.timedelta(minutes=minute)) for minute in range(3)]
    clock.go(days=10)
    judge_day(day)
    return rows


def test_a_settled_day_has_its_sum_in_one_event_and_is_proven_again(settled: list[LookUp]) -> None:
    judge_day(house_clock.local_day(settled[0].at))
    told = Event.objects.get(verb="lookups.settled")
    assert (told.subject_id, told.facts["rows"]) == (settled[0].at.date().isoformat(), 3)
    assert prove() == (1, [])


def changed(rows: list[LookUp]) -> None:
    by_hand(f"UPDATE kernel_lookup SET actor_id = actor_id + 1 WHERE id = {rows[1].pk}")


def removed(rows: list[LookUp]) -> None:
    by_hand(f"DELETE FROM kernel_lookup WHERE id = {rows[2].pk}")


def put_in(rows: list[LookUp]) -> None:
    rows[0].pk = None
    rows[0].save(force_insert=True)


@pytest.mark.parametrize("tamper", [changed, removed, put_in])
def test_what_was_done_to_the_log_afterwards_is_seen(
    settled: list[LookUp], tamper: Callable[[list[LookUp]], None]
) -> None:
    tamper(settled)
    days, differ = prove()
    assert (days, [one.day for one in differ]) == (1, [settled[1].at.date().isoformat()])
    told = CliRunner().invoke(lookups, ["verify", "--json"])
    assert (told.exit_code, len(json.loads(told.output)["differ"])) == (1, 1)


def test_a_month_that_was_dropped_is_no_tampering(settled: list[LookUp], clock: Any) -> None:
    clock.go(days=40 * 31)
    drop_month(actor=SYSTEM, log=Log.LOOK_UPS, month=f"{settled[0].at:%Y-%m}")
    assert prove() == (0, [])
    assert CliRunner().invoke(lookups, ["verify"]).exit_code == 0
