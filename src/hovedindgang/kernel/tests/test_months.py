"""A log forgets a whole month after its time, by one deed, and nothing else; the seals stay and still hold."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.events import append_event
from hovedindgang.kernel.lookups import log_look_up
from hovedindgang.kernel.models import Delivery, DeliveryState, DroppedMonth, Event, Log, LookUp, Seal
from hovedindgang.kernel.months import DROPPED, MayNotDrop, drop_month, droppable, last_droppable
from hovedindgang.kernel.seals import seal_events
from hovedindgang.kernel.tests.tampering import by_hand
from hovedindgang.kernel.verifying import Wrong, verify

pytestmark = pytest.mark.django_db
OLD, OLDER = "2019-05", "2019-04"


@pytest.fixture
def years(settings) -> None:
    """Events and look-ups of two months long past and of today; the events are sealed."""
    settings.LOG_MONTHS, settings.LOOK_UP_MONTHS = 60, 24
    for at in ("2019-04-30 23:59:59", "2019-05-01 00:00:00", "2019-05-31 23:59:59", "2019-06-01 00:00:00"):
        recorded(at)
        looked_up(at)
    with transaction.atomic():
        append_event(verb="test.said", actor=SYSTEM, subject_kind="thing", subject_id=1)
    seal_events()


def recorded(at: str) -> Event:
    moment = dt.datetime.fromisoformat(at).replace(tzinfo=dt.UTC)
    return Event.objects.create(
        recorded_at=moment, happened_at=moment, actor_kind="system", verb="test.said", subject_kind="thing",
        subject_id="1", request_id="12345678-1234-5678-1234-567812345678",
    )  # fmt: skip


def last_of_may() -> Event:
    return Event.objects.get(recorded_at=dt.datetime(2019, 5, 31, 23, 59, 59, tzinfo=dt.UTC))


def looked_up(at: str) -> None:
    moment = dt.datetime.fromisoformat(at).replace(tzinfo=dt.UTC)
    LookUp.objects.create(
        at=moment, actor_kind="system", use="test", reason="test", request_id="12345678-1234-5678-1234-567812345678"
    )


def months_of_events() -> list[str]:
    return [f"{at:%Y-%m}" for at in Event.objects.order_by("id").values_list("recorded_at", flat=True)]


def months_of_look_ups() -> list[str]:
    return [f"{at:%Y-%m}" for at in LookUp.objects.order_by("id").values_list("at", flat=True)]


def test_a_month_is_forgotten_whole_its_seals_stay_and_the_check_says_by_which_deed(years: None) -> None:
    dropped = drop_month(actor=SYSTEM, log=Log.EVENTS, month=OLD)
    assert months_of_events()[:2] == ["2019-04", "2019-06"]
    assert dropped.rows == 2
    told = Event.objects.get(verb=DROPPED)
    assert (told.pk, told.subject_id, told.facts) == (dropped.deed, OLD, {"log": "events", "rows": 2})
    assert sum(Seal.objects.filter(month=OLD).values_list("count", flat=True)) == 2
    found = verify()
    assert found.all_well
    assert found.dropped == {OLD: (2, dropped.deed)}
    seal_events()
    assert verify().all_well


def test_a_delivery_of_the_month_goes_with_it_when_it_is_done(years: None) -> None:
    event = last_of_may()
    Delivery.objects.create(event=event, listener="x", subject="x", state=DeliveryState.DONE)
    drop_month(actor=SYSTEM, log=Log.EVENTS, month=OLD)
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("state", ["waiting", "leased", "uncertain", "quarantined"])
def test_a_month_stays_while_somebody_has_not_been_told(years: None, state: str) -> None:
    event = last_of_may()
    lease = {"lease": event.request_id, "leased_until": timezone.now()} if state == "leased" else {}
    Delivery.objects.create(event=event, listener="x", subject="x", state=state, **lease)
    stays(OLD, "undelivered")


def stays(month: str, why: str, log: Log = Log.EVENTS) -> None:
    before = (months_of_events(), months_of_look_ups())
    with pytest.raises(MayNotDrop) as refused:
        drop_month(actor=SYSTEM, log=log, month=month)
    assert refused.value.why == why
    assert (months_of_events(), months_of_look_ups()) == before


def test_a_month_stays_until_it_is_wholly_sealed(years: None) -> None:
    recorded("2019-05-15 12:00:00")
    stays(OLD, "not_sealed")
    seal_events()
    drop_month(actor=SYSTEM, log=Log.EVENTS, month=OLD)
    assert OLD not in months_of_events()


@pytest.mark.parametrize("log", Log)
def test_a_month_stays_until_its_time_is_over(years: None, log: Log, clock) -> None:
    assert last_droppable(Log.EVENTS) == "2021-02"
    assert last_droppable(Log.LOOK_UPS) == "2024-02"
    stays("2025-01", "too_early", log)
    stays("2019-13", "not_a_month", log)
    drop_month(actor=SYSTEM, log=log, month=OLD)
    stays(OLD, "dropped_before", log)


def test_the_months_that_may_be_forgotten_are_named(years: None, clock) -> None:
    assert droppable(Log.EVENTS) == ["2019-04", "2019-05", "2019-06"]


def test_look_ups_are_forgotten_by_the_month_too_by_a_deed_of_their_own(years: None) -> None:
    dropped = drop_month(actor=SYSTEM, log=Log.LOOK_UPS, month=OLD)
    assert months_of_look_ups() == ["2019-04", "2019-06"]
    assert dropped.rows == 2
    assert "2019-05" in months_of_events()
    assert verify().all_well


# ------------------------------------------------------------------------- what the database itself refuses, asked raw

REFUSED = {
    "a row": "DELETE FROM kernel_event WHERE recorded_at < '2019-06-01'",
    "half a month": "DELETE FROM kernel_event WHERE recorded_at >= '2019-05-01' AND recorded_at < '2019-05-15'",
    "a whole month without the deed": (
        "DELETE FROM kernel_event WHERE recorded_at >= '2019-05-01' AND recorded_at < '2019-06-01'"
    ),
    "a look-up": "DELETE FROM kernel_lookup WHERE use = 'test'",
    "a month with no event that tells": (
        "INSERT INTO kernel_droppedmonth (log, month, rows, deed) VALUES ('events', '2019-05', 2, 1)"
    ),
    "a month that is miscounted": (
        "INSERT INTO kernel_droppedmonth (log, month, rows, deed) VALUES ('events', '2019-05', 1, 1)"
    ),
    "a day": "INSERT INTO kernel_droppedmonth (log, month, rows, deed) VALUES ('events', '2019-05-1', 2, 1)",
    "a log there is not": "INSERT INTO kernel_droppedmonth (log, month, rows, deed) VALUES ('x', '2019-05', 2, 1)",
}


@pytest.mark.parametrize("what", REFUSED)
def test_the_database_refuses(years: None, what: str) -> None:
    before = (months_of_events(), months_of_look_ups())
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(REFUSED[what])
    assert (months_of_events(), months_of_look_ups()) == before


@pytest.mark.parametrize("log", Log)
def test_the_database_refuses_a_late_month_whatever_the_settings_say(settings, log: Log) -> None:
    """The least is the database's own: twelve months of events, six of look-ups."""
    settings.LOG_MONTHS = settings.LOOK_UP_MONTHS = 0
    least = {Log.EVENTS: 12, Log.LOOK_UPS: 6}[log]
    today = timezone.now()
    months = today.year * 12 + today.month - 1
    young, old = (f"{n // 12:04d}-{n % 12 + 1:02d}" for n in (months - least, months - least - 1))
    for month in (young, old):
        recorded(f"{month}-28 12:00:00")
        looked_up(f"{month}-28 12:00:00")
    seal_events()
    assert last_droppable(log) == old
    with transaction.atomic():
        deed = append_event(verb=DROPPED, actor=SYSTEM, subject_kind="log_month", subject_id=young)
    with pytest.raises(IntegrityError, match="the month stays: too_early"), transaction.atomic():
        DroppedMonth.objects.create(log=log, month=young, rows=1, deed=deed.pk)
    drop_month(actor=SYSTEM, log=log, month=old)


def test_what_was_dropped_stays_told(years: None) -> None:
    drop_month(actor=SYSTEM, log=Log.EVENTS, month=OLD)
    with pytest.raises(IntegrityError, match="what was dropped stays told"), transaction.atomic():
        DroppedMonth.objects.update(rows=0)
    with pytest.raises(IntegrityError, match="what was dropped stays told"), transaction.atomic():
        DroppedMonth.objects.all()._raw_delete("default")


def test_a_month_dropped_by_hand_is_found_out(years: None) -> None:
    drop_month(actor=SYSTEM, log=Log.EVENTS, month=OLD)
    by_hand("UPDATE kernel_droppedmonth SET month = %s", [OLDER])
    assert (Wrong.MONTH_DROPPED_WRONGLY, OLDER) in [(one.wrong, one.month) for one in verify().findings]


def test_an_event_put_back_into_a_dropped_month_is_found_out(years: None) -> None:
    gone = last_of_may()
    drop_month(actor=SYSTEM, log=Log.EVENTS, month=OLD)
    gone.save(force_insert=True)
    assert [(one.wrong, one.events) for one in verify().findings] == [(Wrong.EVENT_INSERTED, (gone.pk,))]


def test_a_look_up_of_today_is_not_forgotten_with_those_of_long_ago(years: None) -> None:
    log_look_up(actor=SYSTEM, citizen_ids=[1], use="test", reason="test")
    drop_month(actor=SYSTEM, log=Log.LOOK_UPS, month=OLD)
    assert LookUp.objects.filter(citizen_id=1).exists()
