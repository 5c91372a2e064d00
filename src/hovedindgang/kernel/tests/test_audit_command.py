"""What `hovedindgang audit` says, and with what it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.db import transaction

from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.commands import CannotDo, audit
from hovedindgang.kernel.events import append_event
from hovedindgang.kernel.models import Event, Seal
from hovedindgang.kernel.tests.tampering import by_hand

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOVEDINDGANG_LANGUAGE", "en")


def run(*words: str) -> Result:
    return CliRunner().invoke(audit, words)


@pytest.fixture
def sealed() -> list[Event]:
    with transaction.atomic():
        said = [append_event(verb="test.said", actor=SYSTEM, subject_kind="thing", subject_id=n) for n in range(12)]
    assert run("seal").output.startswith("Sealed now: 12. Head of the seals: 1:")
    return said


def test_all_is_well_and_it_says_what_is_not_sealed_yet(sealed: list[Event]) -> None:
    with transaction.atomic():
        append_event(verb="test.said", actor=SYSTEM, subject_kind="thing", subject_id=1)
    done = run("verify")
    assert done.exit_code == 0
    first, second, third = done.output.splitlines()
    assert first == "Recomputed: 1 seals with 12 events."
    assert second.startswith("Not sealed yet: 1, the oldest from 20")
    assert third == f"All is as it was sealed. Head of the seals: {Seal.objects.get()}"


def test_tampering_is_told_with_seal_minute_and_events_and_ends_with_one(sealed: list[Event]) -> None:
    by_hand("UPDATE kernel_event SET verb = 'test.unsaid' WHERE id >= %s", [sealed[0].pk])
    done = run("verify")
    minute = Seal.objects.get().sealed_at[:16].replace("T", " ")
    ten = ", ".join(str(event.pk) for event in sealed[:10])
    assert done.exit_code == 1
    assert f"Seal 1 ({minute}Z): changed after sealing: event {ten} and 2 more." in done.output.splitlines()
    told = json.loads(run("verify", "--json").output)
    assert not told["all_well"]
    assert told["findings"][0]["events"] == [event.pk for event in sealed]


def test_in_danish_too(sealed: list[Event], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOVEDINDGANG_LANGUAGE", "da")
    by_hand("DELETE FROM kernel_event WHERE id = %s", [sealed[3].pk])
    assert f"fjernet efter forseglingen: hændelse {sealed[3].pk}." in run("verify").output


def test_a_head_kept_in_a_file_shows_a_tail_cut_off(sealed: list[Event], tmp_path: Path) -> None:
    kept = tmp_path / "seal.txt"
    assert run("head", "--out", str(kept)).exit_code == 0
    head = kept.read_text()
    assert run("head").output == head
    assert run("verify", "--expect", head).exit_code == 0
    by_hand("DELETE FROM kernel_seal")
    assert run("verify").exit_code == 0
    cut = run("verify", "--expect", head)
    assert cut.exit_code == 1
    assert "The kept seal 1 is not in the chain" in cut.output


def test_what_is_no_seal_was_asked_for_wrongly(sealed: list[Event]) -> None:
    assert run("verify", "--expect", "abc").exit_code == 2


def test_a_month_that_may_not_be_forgotten_says_why_and_what_to_do(sealed: list[Event]) -> None:
    assert run("drop").output == "No month can be forgotten yet.\n"
    refused = run("drop", f"{sealed[0].recorded_at:%Y-%m}").exception
    assert isinstance(refused, CannotDo)
    assert str(refused) == "The time of that month is not over"
    assert "HOVEDINDGANG_LOG_MONTHS" in refused.cure


def test_a_month_is_not_forgotten_when_the_seals_do_not_hold(sealed: list[Event]) -> None:
    by_hand("UPDATE kernel_event SET recorded_at = '2019-05-01 12:00:00'")
    refused = run("drop", "2019-05").exception
    assert str(refused) == "The seals do not hold"
    assert Event.objects.count() == 12


def test_a_month_is_forgotten_and_told(sealed: list[Event]) -> None:
    by_hand("DELETE FROM kernel_seal")
    by_hand("UPDATE kernel_event SET recorded_at = '2019-05-01 12:00:00'")
    run("seal")
    assert run("drop").output == "2019-05\n"
    done = run("drop", "2019-05")
    deed = Event.objects.get()
    assert done.output == f"Forgotten: 2019-05, 12 rows, by event {deed.pk}.\n"
    assert f"2019-05: 12 events were forgotten after their time, by event {deed.pk}." in run("verify").output
