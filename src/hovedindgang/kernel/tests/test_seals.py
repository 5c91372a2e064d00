"""What is sealed cannot be changed unseen, and nothing is left out or sealed twice."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
import uuid
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connections, transaction
from hypothesis import given
from hypothesis import strategies as st

from hovedindgang.kernel import seals
from hovedindgang.kernel.actors import SYSTEM, Actor, ActorKind
from hovedindgang.kernel.events import append_event
from hovedindgang.kernel.models import Event, Seal
from hovedindgang.kernel.requests import one_request
from hovedindgang.kernel.seals import canonical, facts_text, last_seal, seal_events
from hovedindgang.kernel.tests.tampering import by_hand
from hovedindgang.kernel.tests.test_worker import database_address
from hovedindgang.kernel.verifying import Verified, Wrong, verify


def say(number: int = 1, **facts: object) -> Event:
    with transaction.atomic():
        return append_event(verb="test.said", actor=SYSTEM, subject_kind="thing", subject_id=number, facts=facts)


def sealed_ids() -> list[int]:
    return [
        number
        for seal in Seal.objects.order_by("number")
        for first, last in seal.ids
        for number in range(first, last + 1)
    ]


def wrongs(found: Verified) -> list[tuple[Wrong, tuple[int, ...]]]:
    return [(one.wrong, one.events) for one in found.findings]


# ------------------------------------------------------------------------------------------------------- the bytes


@pytest.mark.django_db
def test_the_bytes_of_an_event_are_the_same_on_both_databases() -> None:
    with transaction.atomic(), one_request(uuid.UUID("12345678-1234-5678-1234-567812345678")):
        event = append_event(
            verb="test.said",
            actor=Actor(ActorKind.EMPLOYEE, 7, on_behalf_of=8),
            subject_kind="thing",
            subject_id="æ 1",
            happened_at=dt.datetime(2026, 3, 11, 10, 0, 0, 120, tzinfo=dt.UTC),
            facts={"z": [1, 1.5, True, None], "a": {"ø": "\u2028\n", "b": 0.1}, "big": 1e22, "whole": 2.0},
        )
    by_hand("UPDATE kernel_event SET recorded_at = '2026-03-11 10:00:01.5' WHERE id = %s", [event.pk])
    (row,) = seals.events_in([(event.pk, event.pk)])
    assert row.line.decode() == (
        f'[{event.pk},"2026-03-11T10:00:01.500000Z","2026-03-11T10:00:00.000120Z","employee",7,8,"test.said","thing",'
        '"\\u00e6 1","12345678123456781234567812345678",'
        '{"a":{"b":0.1,"\\u00f8":"\\u2028\\n"},"big":10000000000000000000000,"whole":2,"z":[1,1.5,true,null]}]\n'
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(facts=st.dictionaries(st.text(max_size=6), JSON, max_size=4))
def test_facts_have_one_form_however_a_database_writes_them(facts: dict[str, object]) -> None:
    once = facts_text(json.dumps(facts))
    backwards = dict(reversed(facts.items()))
    assert facts_text(json.dumps(backwards, ensure_ascii=False, indent=3)) == once
    assert facts_text(once) == once
    assert once.isascii()


@given(number=st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9))
def test_a_number_has_one_form_however_many_zeros_it_is_written_with(number: Decimal) -> None:
    plain = f"{number:f}"
    longer = plain + ("000" if "." in plain else ".000")
    assert facts_text(plain + ("" if "." in plain else ".0")) == facts_text(longer)


# ----------------------------------------------------------------------------------------------- nothing is left out


@pytest.mark.django_db
def test_every_event_is_sealed_once_in_the_minute_after_it() -> None:
    assert seal_events() == 0
    first = [say(n).pk for n in range(3)]
    assert seal_events() == 3
    assert seal_events() == 0
    second = [say(n).pk for n in range(2)]
    assert seal_events() == 2
    assert sealed_ids() == first + second
    assert [seal.number for seal in Seal.objects.order_by("number")] == [1, 2]
    found = verify()
    assert (found.all_well, found.seals, found.events, found.unsealed) == (True, 2, 5, 0)


@pytest.mark.django_db
def test_many_events_are_sealed_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seals, "PIECE", 4)
    said = [say(n).pk for n in range(10)]
    assert seal_events() == 10
    assert [seal.count for seal in Seal.objects.order_by("number")] == [4, 4, 2]
    assert sealed_ids() == said
    assert verify().all_well


@pytest.mark.django_db
def test_the_worker_seals_for_two_seconds_and_goes_on_in_the_next_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    now = iter(range(100))  # a second goes by with each piece
    monkeypatch.setattr(seals, "PIECE", 1)
    monkeypatch.setattr(seals, "time", SimpleNamespace(monotonic=lambda: next(now)))
    for number in range(5):
        say(number)
    assert [seals.seal_minute(), seals.seal_minute()] == [3, 2]


@pytest.mark.django_db
def test_a_seal_holds_events_of_one_month_only() -> None:
    old, new = say(1), say(2)
    by_hand("UPDATE kernel_event SET recorded_at = '2025-12-31 23:59:59.9' WHERE id = %s", [old.pk])
    seal_events()
    assert [(seal.month, seal.ids) for seal in Seal.objects.order_by("number")] == [
        ("2025-12", [[old.pk, old.pk]]),
        (f"{new.recorded_at:%Y-%m}", [[new.pk, new.pk]]),
    ]
    assert verify().all_well


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_seal_at_once_seal_nothing_twice() -> None:
    said = [say(n).pk for n in range(60)]
    together = threading.Barrier(4)

    def work() -> None:
        try:
            together.wait(10)
            seal_events()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seal_events()
    assert sealed_ids() == said
    assert verify().all_well


class OtherDeed:
    """A deed in a transaction of its own connection: it has its row number and is not over yet."""

    def __init__(self) -> None:
        self.began, self.may_end, self.number = threading.Event(), threading.Event(), 0
        self.thread = threading.Thread(target=self._do)
        self.thread.start()
        assert self.began.wait(10)

    def _do(self) -> None:
        try:
            with transaction.atomic():
                self.number = append_event(verb="test.said", actor=SYSTEM, subject_kind="thing", subject_id="late").pk
                self.began.set()
                self.may_end.wait(10)
        finally:
            connections.close_all()

    def end(self) -> int:
        self.may_end.set()
        self.thread.join()
        return self.number


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_deed_that_began_earlier_and_commits_later_is_sealed_when_it_appears(clock) -> None:
    first = say(1)
    other = OtherDeed()
    later = say(3)
    assert seal_events() == 2
    assert sealed_ids() == [first.pk, later.pk]
    clock.go(hours=2)  # however long it takes, its place stays open while it is at work
    seal_events()
    late = other.end()
    assert first.pk < late < later.pk
    assert verify().unsealed == 1
    assert seal_events() == 1
    assert sorted(sealed_ids()) == [first.pk, late, later.pk]
    assert verify().all_well
    assert last_seal().open_gaps == []


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_place_whose_deed_was_rolled_back_is_closed_when_nobody_can_be_at_it(clock) -> None:
    say(1)
    with transaction.atomic():
        unused = append_event(verb="test.said", actor=SYSTEM, subject_kind="thing", subject_id=2).pk
        transaction.set_rollback(True)
    say(3)
    seal_events()
    assert last_seal().open_gaps[-1][:2] == [unused, unused]
    clock.go(minutes=11)
    assert seal_events() == 0
    assert last_seal().open_gaps == []
    by_hand(copy_of(1, unused))
    assert seal_events() == 0, "what is put into a closed place is never sealed"
    assert wrongs(verify()) == [(Wrong.EVENT_INSERTED, (unused,))]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_number_that_the_database_never_gave_out_is_not_sealed() -> None:
    say(1)
    by_hand(copy_of(1, 10**9))
    assert seal_events() == 1
    say(2)
    assert seal_events() == 1
    assert wrongs(verify()) == [(Wrong.EVENT_INSERTED, (10**9,))]


def copy_of(nth: int, number: int) -> str:
    """A statement that puts a copy of the nth event in under another number."""
    columns = ", ".join(field.column for field in Event._meta.concrete_fields if field.column != "id")
    return (
        f"INSERT INTO kernel_event (id, {columns}) SELECT {number}, {columns} FROM kernel_event "
        f"WHERE id = (SELECT id FROM kernel_event ORDER BY id LIMIT 1 OFFSET {nth - 1})"
    )


# ------------------------------------------------------------------------------------------------ tampering is seen


@pytest.fixture
def log(db: None) -> list[int]:
    """Twelve events in four seals, all well."""
    said = []
    for turn in range(4):
        said += [say(turn * 3 + n, turn=turn).pk for n in range(3)]
        seal_events()
    assert verify().all_well
    return said


CHANGES = {
    "recorded_at": "'2020-01-01 00:00:00'",
    "happened_at": "'2020-01-01 00:00:00'",
    "actor_kind": "'citizen'",
    "actor_id": "7",
    "on_behalf_of": "7",
    "verb": "'test.unsaid'",
    "subject_kind": "'person'",
    "subject_id": "'x'",
    "request_id": "'00000000000000000000000000000000'",
    "facts": "'{\"turn\": 9}'",
}


def test_every_column_of_an_event_is_sealed() -> None:
    assert {field.column for field in Event._meta.concrete_fields} - {"id"} == set(CHANGES)


@pytest.mark.parametrize("column", CHANGES)
def test_an_event_that_was_changed_is_named_with_its_seal(log: list[int], column: str) -> None:
    also = ", actor_id = 1" if column == "actor_kind" else ""
    by_hand(f"UPDATE kernel_event SET {column} = {CHANGES[column]}{also} WHERE id = %s", [log[4]])
    (one,) = verify().findings
    assert (one.wrong, one.seal, one.events) == (Wrong.EVENT_CHANGED, 2, (log[4],))
    assert one.minute == Seal.objects.get(number=2).sealed_at[:16]


def test_an_event_that_was_removed_is_named_with_its_seal(log: list[int]) -> None:
    by_hand("DELETE FROM kernel_event WHERE id = %s", [log[7]])
    (one,) = verify().findings
    assert (one.wrong, one.seal, one.events) == (Wrong.EVENT_REMOVED, 3, (log[7],))


def test_an_event_that_was_put_in_with_an_old_number_is_named(log: list[int]) -> None:
    by_hand(copy_of(1, -5))
    seal_events()
    assert wrongs(verify()) == [(Wrong.EVENT_INSERTED, (-5,))]


def test_one_event_in_the_place_of_another_is_a_change(log: list[int]) -> None:
    by_hand("DELETE FROM kernel_event WHERE id = %s", [log[4]])
    by_hand(copy_of(1, log[4]))
    seal_events()
    assert wrongs(verify()) == [(Wrong.EVENT_CHANGED, (log[4],))]


@pytest.mark.parametrize(
    "change",
    [
        "count = 2", "first_at = '2020-01-01T00:00:00.000000Z'", "high = high + 1",
        "sealed_at = '2020-01-01T00:00:00.000000Z'",
        "events_hash = hash", "ids = '[]'", "month = '2020-01'",
    ],
)  # fmt: skip
def test_a_seal_that_was_changed_is_named(log: list[int], change: str) -> None:
    by_hand(f"UPDATE kernel_seal SET {change} WHERE number = 2")
    assert (Wrong.SEAL_CHANGED, 2) in [(one.wrong, one.seal) for one in verify().findings]


def test_a_seal_that_was_made_anew_over_changed_events_breaks_the_next(log: list[int]) -> None:
    by_hand("UPDATE kernel_event SET verb = 'test.unsaid' WHERE id = %s", [log[4]])
    forged, before = Seal.objects.get(number=2), Seal.objects.get(number=1)
    events = seals.events_in([(first, last) for first, last in forged.ids])
    forged.events_hash = seals.events_hash(events)
    forged.marks = b"".join(event.mark for event in events)
    made = seals.hash_of(forged, before=before.hash)
    by_hand(
        "UPDATE kernel_seal SET events_hash = %s, marks = %s, hash = %s WHERE number = 2",
        [forged.events_hash, forged.marks, made],
    )
    assert [(one.wrong, one.seal) for one in verify().findings] == [(Wrong.SEAL_CHANGED, 3)]


def test_a_seal_taken_out_of_the_middle_is_missed(log: list[int]) -> None:
    by_hand("DELETE FROM kernel_seal WHERE number = 2")
    assert (Wrong.SEAL_REMOVED, 2) in [(one.wrong, one.seal) for one in verify().findings]


def test_a_tail_cut_off_is_seen_by_whoever_kept_a_seal_elsewhere(log: list[int]) -> None:
    kept = str(last_seal())
    assert verify(expect=kept).all_well
    by_hand("DELETE FROM kernel_event WHERE id >= %s", [log[6]])
    by_hand("DELETE FROM kernel_seal WHERE number >= 3")
    assert verify().all_well, "nobody can see it in the database itself, and we say so"
    assert [(one.wrong, one.seal) for one in verify(expect=kept).findings] == [(Wrong.HEAD_NOT_FOUND, 4)]
    assert not verify(expect=kept.partition(":")[2]).all_well


def test_a_kept_seal_is_still_found_when_others_have_followed(log: list[int]) -> None:
    kept = str(last_seal())
    say(99)
    seal_events()
    assert verify(expect=kept).all_well


def test_nobody_changes_or_removes_a_seal(log: list[int]) -> None:
    with pytest.raises(IntegrityError, match="a seal is never changed or removed"), transaction.atomic():
        Seal.objects.filter(number=1).update(count=9)
    with pytest.raises(IntegrityError, match="a seal is never changed or removed"), transaction.atomic():
        Seal.objects.filter(number=1)._raw_delete("default")


def test_what_is_not_sealed_yet_is_said(log: list[int]) -> None:
    said = say(50)
    found = verify()
    assert (found.all_well, found.unsealed) == (True, 1)
    assert found.oldest_unsealed == seals.events_in([(said.pk, said.pk)])[0].recorded_at


# --------------------------------------------------------------------------------------------------------- kept apart


def test_a_check_that_only_counted_would_miss_a_change(log: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    """The variant that compares numbers and not bytes: shown to be worth nothing, so that ours is worth something."""
    by_hand("UPDATE kernel_event SET verb = 'test.unsaid' WHERE id = %s", [log[4]])
    by_number = {seal.count: seal.events_hash for seal in Seal.objects.all()}
    monkeypatch.setattr("hovedindgang.kernel.verifying.events_hash", lambda events: by_number[len(list(events))])
    monkeypatch.setattr(Seal, "events_hash", property(lambda seal: by_number[seal.count], lambda seal, said: None))
    monkeypatch.setattr("hovedindgang.kernel.verifying.hash_of", lambda seal, before: seal.hash)
    assert verify().all_well


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_while_it_seals_leaves_nothing_half_sealed() -> None:
    said = [say(n).pk for n in range(40)]
    process = subprocess.Popen(
        [sys.executable, "-m", "hovedindgang.kernel.tests.sealing_process"],
        env={**os.environ, "HOVEDINDGANG_DATABASE": database_address()},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "at work\n"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert sealed_ids() == said[:20]
    assert verify().all_well
    seal_events()
    assert sealed_ids() == said
    assert verify().all_well


def test_the_mark_of_an_event_is_the_beginning_of_its_own_checksum() -> None:
    at = "2026-03-11 10:00:00"
    event = canonical((1, at, at, "system", None, None, "test.said", "thing", "1", "0" * 32, "{}"))
    assert event.mark == hashlib.sha256(event.line).digest()[:8]
