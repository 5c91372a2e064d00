"""Listeners hear everything once, in order, whatever happens to the worker."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from django.db import connection, connections, transaction

from hovedindgang.kernel import deliveries, worker
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.events import append_event
from hovedindgang.kernel.models import Delivery, DeliveryState, Event
from hovedindgang.kernel.tests.listeners import FAIL, HEAR

MANY = 12


@pytest.fixture(autouse=True)
def who_listens() -> Iterator[None]:
    before = dict(deliveries._LISTENERS)
    deliveries.listen({"test.said": (HEAR,), "test.shouted": (FAIL,), "test.both": (HEAR, FAIL)})
    yield
    deliveries.listen(before)


def say(subject: object, *, verb: str = "test.said", **facts: object) -> Event:
    with transaction.atomic():
        return append_event(verb=verb, actor=SYSTEM, subject_kind="thing", subject_id=str(subject), facts=facts)


def heard() -> list[int]:
    return [event.facts["event"] for event in Event.objects.filter(verb="test.heard").order_by("id")]


def states() -> list[str]:
    return list(Delivery.objects.order_by("id").values_list("state", flat=True))


def let_time_pass() -> None:
    """Every pause and every lease is over."""
    Delivery.objects.update(available_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    Delivery.objects.filter(state=DeliveryState.LEASED).update(leased_until=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))


@pytest.mark.django_db(transaction=True)
def test_what_is_said_is_heard_once_and_in_order() -> None:
    said = [say(n % 3) for n in range(MANY)]
    assert worker.work_off_all() == MANY
    assert sorted(heard()) == [event.pk for event in said]
    for subject in "012":
        own = [event.pk for event in said if event.subject_id == subject]
        assert [pk for pk in heard() if pk in own] == own
    assert worker.work_off_all() == 0


@pytest.mark.django_db(transaction=True)
def test_a_deed_that_is_rolled_back_is_heard_by_nobody() -> None:
    with transaction.atomic():
        append_event(verb="test.said", actor=SYSTEM, subject_kind="thing", subject_id=1)
        transaction.set_rollback(True)
    assert worker.work_off_all() == 0
    assert heard() == []


@pytest.mark.django_db(transaction=True)
def test_what_fails_waits_longer_each_time_holds_back_its_queue_and_no_other() -> None:
    say("a", verb="test.shouted")
    say("a", verb="test.shouted")
    say("b")
    assert worker.work_off_all() == 2
    assert states() == [DeliveryState.WAITING, DeliveryState.WAITING, DeliveryState.DONE]
    first, second, _b = Delivery.objects.order_by("id")
    assert (first.attempts, second.attempts) == (1, 0)
    pauses = [worker.pause_seconds(n) for n in range(1, worker.ATTEMPTS + 1)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == 900


@pytest.mark.django_db(transaction=True)
def test_after_eight_attempts_a_person_must_look_and_the_queue_goes_on() -> None:
    say("a", verb="test.both")
    say("a", verb="test.both")
    for _attempt in range(worker.ATTEMPTS):
        worker.work_off_all()
        let_time_pass()
    failed = Delivery.objects.filter(listener=FAIL).order_by("id")
    assert [delivery.state for delivery in failed] == [DeliveryState.QUARANTINED, DeliveryState.WAITING]
    worker.work_off_all()
    assert failed[1].attempts == 1
    assert len(heard()) == 2


@pytest.mark.django_db(transaction=True)
def test_the_reason_of_a_failure_is_kept_without_a_cpr() -> None:
    say("a", verb="test.shouted")
    worker.work_off_all()
    assert Delivery.objects.get().error == "ValueError: Karen xxxxxx-xxxx was here"


@pytest.mark.django_db(transaction=True)
def test_a_worker_whose_lease_was_taken_over_leaves_no_trace() -> None:
    say("a")
    (delivery,) = worker._leased(uuid.uuid4(), 60)
    worker._deliver(delivery, uuid.uuid4())  # by now someone else's
    assert heard() == []
    assert states() == [DeliveryState.LEASED]


@pytest.mark.django_db(transaction=True)
def test_a_worker_told_to_stop_gives_back_what_it_had_not_begun() -> None:
    say("a")
    stop = threading.Event()
    stop.set()
    assert worker.work_off(stop=stop) == 0
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts) == (DeliveryState.WAITING, 0)


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_at_every_attempt_does_not_die_for_ever() -> None:
    say("a")
    Delivery.objects.update(
        state=DeliveryState.LEASED,
        lease=uuid.uuid4(),
        leased_until=dt.datetime(2020, 1, 1, tzinfo=dt.UTC),
        attempts=worker.ATTEMPTS,
    )
    assert worker.work_off_all() == 0
    assert states() == [DeliveryState.QUARANTINED]


@pytest.mark.django_db(transaction=True)
def test_several_workers_at_once_hear_everything_once_and_in_order() -> None:
    said = [say(n % 4) for n in range(40)]

    def work() -> None:
        try:
            worker.work_off_all()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    worker.work_off_all()
    assert sorted(heard()) == [event.pk for event in said]
    for subject in "0123":
        own = [event.pk for event in said if event.subject_id == subject]
        assert [pk for pk in heard() if pk in own] == own


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_loses_nothing_and_doubles_nothing() -> None:
    said = killed_in_the_middle()
    assert heard() == [event.pk for event in said]


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_marked_things_done_before_doing_them_would_be_found_out() -> None:
    said = killed_in_the_middle("broken")
    assert heard() == [event.pk for event in said if not event.facts]


def killed_in_the_middle(*how: str) -> list[Event]:
    """Five things said about one subject; the process dies while it works on the third; another goes on."""
    said = [say("a"), say("a"), say("a", hangs=True), say("a"), say("a")]
    process = subprocess.Popen(
        [sys.executable, "-m", "hovedindgang.kernel.tests.worker_process", *how],
        env={**os.environ, "HOVEDINDGANG_DATABASE": database_address()},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "at work\n"
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
    deadline = time.monotonic() + 30
    while set(states()) != {DeliveryState.DONE}:  # half a second, until the dead one's lease has run out
        assert time.monotonic() < deadline, states()
        worker.work_off_all()
    return said


def database_address() -> str:
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    who = f"{database['USER']}:{quote(database['PASSWORD'] or '', '')}"
    port = f":{database['PORT']}" if database["PORT"] else ""
    return f"postgres://{who}@{quote(database['HOST'], '')}{port}/{database['NAME']}"
