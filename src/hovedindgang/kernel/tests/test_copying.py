"""The log in another system: whoever watches there has every event once, whatever was cut off or changed here."""

from __future__ import annotations

import fcntl
import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from hovedindgang.kernel import copying
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.commands import audit
from hovedindgang.kernel.copying import compare, copy_after, last_copied
from hovedindgang.kernel.events import Fact, append_event
from hovedindgang.kernel.models import Seal
from hovedindgang.kernel.seals import seal_events
from hovedindgang.kernel.telling import CannotDo
from hovedindgang.kernel.tests.tampering import by_hand

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOVEDINDGANG_LANGUAGE", "en")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return tmp_path / "events.jsonl"


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(audit, [str(word) for word in words])


def sealed(*numbers: int, facts: dict[str, Fact] | None = None) -> list[int]:
    with transaction.atomic():
        said = [
            append_event(verb="test.said", actor=SYSTEM, subject_kind="thing", subject_id=n, facts=facts)
            for n in numbers
        ]
    seal_events()
    return [event.pk for event in said]


def read(copy: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in copy.read_bytes().splitlines()]


def events_of(copy: Path) -> list[int]:
    return [said["event"] for said in read(copy) if "event" in said]


def test_what_is_sealed_is_copied_once_and_then_what_came_since(copy: Path) -> None:
    first = sealed(1, 2, 3)
    assert run("copy", copy).output == f"Copied: 1 seals with 3 events. Head of the seals: {Seal.objects.get()}\n"
    assert run("copy", copy).output.startswith("Copied: 0 seals with 0 events.")
    with transaction.atomic():
        append_event(verb="test.said", actor=SYSTEM, subject_kind="thing", subject_id=4)
    assert run("copy", copy).output.startswith("Copied: 0 ")  # not before it is sealed
    seal_events()
    assert run("copy", copy).exit_code == 0
    assert events_of(copy) == [*first, first[-1] + 1]
    assert [said["seal"] for said in read(copy) if "seal" in said] == [1, 2]
    assert copy.stat().st_mode & 0o077 == 0  # nobody else's to read


def test_a_line_says_who_did_what_by_names_that_a_machine_can_read(copy: Path) -> None:
    (number,) = sealed(7, facts={"what": "æble", "much": 1.5, "many": [1, None, True]})
    run("copy", copy)
    event, seal = read(copy)
    assert [*event] == [*copying._NAMES]
    assert (event["event"], event["verb"], event["subject_id"]) == (number, "test.said", "7")
    assert event["facts"] == {"what": "æble", "much": 1.5, "many": [1, None, True]}
    assert (seal["seal"], seal["before"], seal["events"], seal["holds"]) == (1, "0" * 64, 1, True)


def test_whoever_has_the_copy_alone_can_recompute_a_seal(copy: Path) -> None:
    """As the guide says it: the values in their order, as a JSON array without spaces, and SHA-256 over the lines."""
    sealed(1, 2, facts={"b": [1.25, {"z": 1, "a": "ø"}], "a": None})
    run("copy", copy)
    *events, seal = read(copy)
    digest = hashlib.sha256()
    for event in events:
        digest.update(json.dumps([*event.values()], separators=(",", ":")).encode() + b"\n")
    assert digest.hexdigest() == seal["events_hash"] == Seal.objects.get().events_hash


@pytest.mark.parametrize("cut", [1, 5, 40, 300])
def test_who_was_killed_in_the_middle_of_a_line_loses_nothing_and_nothing_is_rewritten(copy: Path, cut: int) -> None:
    first = sealed(1, 2, 3)
    run("copy", copy)
    half = copy.read_bytes()[:-cut]
    copy.write_bytes(half)
    second = sealed(4)
    assert run("copy", copy).exit_code == 0
    assert copy.read_bytes().startswith(half + b"\n")
    whole = [said for said in map(copying._read, copy.read_bytes().splitlines()) if said is not None]
    assert {said["event"] for said in whole if "event" in said} == {*first, *second}
    assert [said["seal"] for said in whole if "seal" in said] == [1, 2]
    assert run("verify", "--copy", copy).output.startswith(f"{copy}: 2 seals with 4 events.\n")


@given(cut=st.integers(0, 2000), again=st.integers(0, 2000))
def test_wherever_it_is_cut_off_the_copy_comes_to_say_all_that_was_sealed(cut: int, again: int) -> None:
    """And where what went on from there is cut off too."""
    with transaction.atomic():
        for n in range(3):
            sealed(n, n, n)
        _cut_off_and_gone_on(cut, again)
        transaction.set_rollback(True)


def _cut_off_and_gone_on(cut: int, again: int) -> None:
    file = io.BytesIO()
    for left in (cut, again, None):
        since = last_copied(file)
        if file.seek(0, 2) and not file.getvalue().endswith(b"\n"):
            file.write(b"\n")
        begun = len(file.getvalue())
        copy_after(since, file.write)
        if left is not None:
            file.truncate(max(begun, len(file.getvalue()) - left))
    file.seek(0)
    told = compare(file)
    assert told.all_well
    assert (told.seals, told.events) == (3, 9)


def test_a_full_disk_is_said_and_the_next_one_goes_on(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sealed(1, 2, 3)
    with monkeypatch.context() as full:

        def half(file: Any, lines: bytes) -> None:
            file.write(lines[: len(lines) // 2])
            raise OSError(28, "No space left on device")

        full.setattr("hovedindgang.kernel.copy_command._write_all", half)
        refused = run("copy", copy).exception
    assert isinstance(refused, CannotDo)
    assert str(refused) == f"{copy} cannot be written: No space left on device"
    assert "Make room" in refused.cure
    assert run("copy", copy).exit_code == 0
    assert run("verify", "--copy", copy).exit_code == 0


@pytest.mark.parametrize("other", ["my dear diary\n", '{"a": 1}\n', "\n"])
def test_a_file_of_something_else_is_refused_and_left_as_it_is(copy: Path, other: str) -> None:
    sealed(1)
    copy.write_text(other)
    for words in (["copy", copy], ["verify", "--copy", copy]):
        refused = run(*words).exception
        assert isinstance(refused, CannotDo)
        assert str(refused) == f"{copy} is not a copy of the log"
    assert copy.read_text() == other


def test_a_copy_of_another_log_or_of_a_tail_that_was_cut_off_is_not_gone_on_with(copy: Path) -> None:
    sealed(1)
    sealed(2)
    run("copy", copy)
    kept = copy.read_bytes()
    by_hand("DELETE FROM kernel_seal WHERE number = 2")
    told = run("copy", copy)
    assert told.exit_code == 1
    assert "Seal 2, with which the copy ends, is not in the log" in told.output
    assert copy.read_bytes() == kept
    assert run("verify").exit_code == 0  # which sees nothing of it
    compared = run("verify", "--copy", copy)
    assert compared.exit_code == 1
    assert "The log no longer has seal 2 of the copy: they were cut off or made anew." in compared.output


def test_what_was_changed_here_before_it_was_copied_is_copied_as_what_does_not_hold(copy: Path) -> None:
    first, second = sealed(1, 2)
    sealed(3)
    by_hand("UPDATE kernel_event SET verb = 'test.unsaid' WHERE id = %s", [second])
    told = run("copy", copy)
    assert told.exit_code == 1
    assert "The log was tampered with: seal 1 does not hold." in told.output
    assert [said["holds"] for said in read(copy) if "seal" in said] == [False, True]
    assert events_of(copy) == [first, second, second + 1]
    assert run("copy", copy).exit_code == 0  # it is told once, and what came since goes on being copied
    assert "Under seal 1 the copy does not have what was sealed." in run("verify", "--copy", copy).output


def test_a_log_that_was_made_anew_from_end_to_end_is_told_from_the_copy(copy: Path) -> None:
    """Whoever owns the database can change an event and make every seal anew: by itself the log holds."""
    (first,) = sealed(1)
    sealed(2)
    run("copy", copy)
    by_hand("UPDATE kernel_event SET verb = 'test.unsaid' WHERE id = %s", [first])
    by_hand("DELETE FROM kernel_seal")
    seal_events()
    assert run("verify").exit_code == 0
    told = run("verify", "--copy", copy, "--json")
    assert told.exit_code == 1
    assert json.loads(told.output)["all_well"] is True
    assert json.loads(told.output)["copies"][str(copy)]["other_in_log"] == [1, 2]


def test_a_seal_that_was_taken_out_of_the_chain_here_is_told_with_the_one_that_came_after_it(copy: Path) -> None:
    for n in range(3):
        sealed(n)
    by_hand("DELETE FROM kernel_seal WHERE number = 2")
    told = run("copy", copy)
    assert told.exit_code == 1
    assert "The log was tampered with: seal 3 does not hold." in told.output


def test_numbers_are_copied_as_they_were_sealed_however_small(copy: Path) -> None:
    sealed(1, facts={"much": 0.0000001})
    run("copy", copy)
    assert b'"facts":{"much":0.0000001}' in copy.read_bytes()
    assert run("verify", "--copy", copy).exit_code == 0


def test_a_copy_that_was_changed_or_lacks_a_seal_is_told(copy: Path) -> None:
    for n in range(4):
        sealed(n)
    run("copy", copy)
    lines = copy.read_text().splitlines(keepends=True)
    changed = [line.replace("test.said", "test.unsaid") if n == 2 else line for n, line in enumerate(lines)]
    copy.write_text("".join([*changed[:4], *changed[6:]]))  # without the third seal
    told = json.loads(run("verify", "--copy", copy, "--json").output)["copies"][str(copy)]
    assert told["not_as_sealed"] == [2, 3]
    assert told["other_in_log"] == []


@pytest.mark.parametrize("line", ['{"event": ' + "[" * 100_000, '{"event": 1', "[1]"])
def test_a_copy_in_which_an_event_cannot_be_read_is_told(copy: Path, line: str) -> None:
    sealed(0)
    sealed(1)
    run("copy", copy)
    first, *lines = copy.read_text().splitlines(keepends=True)
    assert first.startswith('{"event":')
    copy.write_text("".join([f"{line}\n", *lines]))
    assert json.loads(run("verify", "--copy", copy, "--json").output)["copies"][str(copy)]["not_as_sealed"] == [1]


@pytest.mark.parametrize("line", ['{"event": "x"}', '{"seal": []}', '{"seal": 1}', '{"seal": 9, "hash": "x"}', "{}"])
def test_a_copy_with_a_line_that_no_copy_has_is_refused(copy: Path, line: str) -> None:
    sealed(0)
    sealed(1)
    run("copy", copy)
    lines = copy.read_text().splitlines(keepends=True)
    copy.write_text("".join([*lines[:-1], f"{line}\n", lines[-1]]))
    assert str(run("verify", "--copy", copy).exception) == f"{copy} is not a copy of the log"


def test_a_month_that_was_forgotten_leaves_its_seals_in_the_copy(copy: Path) -> None:
    sealed(1)
    by_hand("DELETE FROM kernel_seal")
    by_hand("UPDATE kernel_event SET recorded_at = '2019-05-01 12:00:00'")
    seal_events()
    assert run("drop", "2019-05").exit_code == 0
    seal_events()
    assert run("copy", copy).exit_code == 0
    assert [said.get("dropped") for said in read(copy) if "seal" in said] == [True, None]
    assert run("verify", "--copy", copy).exit_code == 0


def test_one_that_was_copied_before_its_month_was_forgotten_still_holds(copy: Path) -> None:
    sealed(1)
    by_hand("DELETE FROM kernel_seal")
    by_hand("UPDATE kernel_event SET recorded_at = '2019-05-01 12:00:00'")
    seal_events()
    run("copy", copy)
    run("drop", "2019-05")
    seal_events()
    run("copy", copy)
    told = run("verify", "--copy", copy)
    assert told.exit_code == 0
    assert told.output.startswith(f"{copy}: 2 seals with 2 events.\n")


def test_two_do_not_write_in_one_copy_at_once(copy: Path) -> None:
    sealed(1)
    with copy.open("ab") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        refused = run("copy", copy).exception
    assert str(refused) == "Somebody else is writing in the copy just now"
    assert run("copy", copy).exit_code == 0


def test_a_new_file_or_another_program_goes_on_after_a_seal(copy: Path) -> None:
    sealed(1)
    (second,) = sealed(2)
    head = str(Seal.objects.get(number=1))
    assert run("copy", copy, "--after", head).exit_code == 0
    assert events_of(copy) == [second]
    piped = run("copy", "-", "--after", "1")
    assert piped.stdout == copy.read_text()
    assert piped.stderr.startswith("Copied: 1 seals with 1 events.")
    for wrong in ("3", f"1:{'0' * 64}", "x", ""):
        assert run("copy", copy.with_name("new"), "--after", wrong).exit_code == (2 if wrong else 0)
    assert run("copy", copy, "--after", "1").exit_code == 2  # it knows itself where it left off
