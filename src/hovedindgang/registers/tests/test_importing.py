"""Reading a file in: whole or not at all, once, and never a CPR."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import transaction
from django.db.models import F

from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.models import Event
from hovedindgang.policy.queries import InForce
from hovedindgang.registers import actions, file_figures
from hovedindgang.registers.actions import Imported, import_file, import_recorded
from hovedindgang.registers.figures import log_figures
from hovedindgang.registers.file_figures import figures_of_log, figures_of_register
from hovedindgang.registers.looking import CannotRead
from hovedindgang.registers.mapping import Mapping
from hovedindgang.registers.models import ImportedFile, LogStep, RecordedContact
from hovedindgang.registers.queries import arrivals, handovers_between_groups, not_reached
from hovedindgang.registers.record_rows import Record
from hovedindgang.registers.records import read_register
from hovedindgang.registers.register_figures import register_figures
from hovedindgang.registers.report import as_data, measure, opened
from hovedindgang.registers.rules import FileKind, RecordKind
from hovedindgang.registers.steps import read_log
from hovedindgang.registers.tests.conftest import OPERATION, operation, table

pytestmark = pytest.mark.django_db
Written = Callable[..., Path]
CPR = "610190-0000"  # of nobody: day 61


def take_in(path: Path, kind: FileKind, mapping: Mapping | None = None, **more: object) -> Imported:
    return import_file(path=path, kind=kind, mapping=mapping or Mapping(), actor=SYSTEM, **more)  # type: ignore[arg-type]


def test_a_log_is_read_in_whole_with_one_event(log: Path) -> None:
    done = take_in(log, FileKind.EVENTLOG)
    assert (done.read, done.added, done.cases) == (34, 34, 9)
    assert LogStep.objects.filter(file=done.file_id).count() == 34
    event = Event.objects.get(verb="register.imported")
    assert event.subject_id == str(done.file_id)
    assert (event.facts["read"], event.facts["added"], event.facts["refused"]) == (34, 34, 0)


def test_the_same_file_twice_changes_nothing_and_says_so(log: Path, tmp_path: Path) -> None:
    first = take_in(log, FileKind.EVENTLOG)
    again = tmp_path / "again.csv.gz"
    again.write_bytes(log.read_bytes())
    second = take_in(again, FileKind.EVENTLOG)
    assert second.already
    assert (second.file_id, second.read, second.cases) == (first.file_id, first.read, first.cases)
    assert ImportedFile.objects.count() == 1
    assert Event.objects.filter(verb="register.imported").count() == 1
    assert LogStep.objects.count() == 34


def test_a_dry_run_reads_all_and_writes_nothing(log: Path) -> None:
    done = take_in(log, FileKind.EVENTLOG, dry_run=True)
    assert (done.file_id, done.read, done.cases) == (None, 34, 9)
    assert not ImportedFile.objects.exists()
    assert not Event.objects.filter(verb="register.imported").exists()


def test_rows_that_an_overlapping_file_brought_are_not_counted_twice(written: Written) -> None:
    january = written(table(OPERATION, [operation(1), operation(2)]), "january.csv")
    overlap = written(table(OPERATION, [operation(2), operation(3)]), "overlap.csv")
    assert take_in(january, FileKind.FRONTDESK).added == 2
    assert take_in(overlap, FileKind.FRONTDESK).added == 1
    assert sorted(RecordedContact.objects.values_list("external_id", flat=True)) == ["1", "2", "3"]


WAITING = {"State": "Waiting", "CalledAt": "", "EndedAt": ""}


def test_a_citizen_who_waited_when_january_was_exported_was_met_when_february_says_so(written: Written) -> None:
    january = written(table(OPERATION, [operation(1, **WAITING), operation(2)]), "january.csv")
    february = written(table(OPERATION, [operation(1), operation(2)]), "february.csv")
    take_in(january, FileKind.FRONTDESK)
    assert RecordedContact.objects.get(external_id="1").result == "open"
    later = take_in(february, FileKind.FRONTDESK)
    assert (later.added, later.changed) == (0, 1)
    met = RecordedContact.objects.get(external_id="1")
    assert met.called_at is not None
    assert met.ended_at is not None
    assert (met.result, met.ended_at - met.called_at) == ("answered", dt.timedelta(minutes=10))
    assert Event.objects.filter(verb="register.imported").last().facts["changed"] == 1  # type: ignore[union-attr]
    again = take_in(february, FileKind.FRONTDESK)
    assert (again.already, again.changed) == (True, 0)
    assert Event.objects.filter(verb="register.imported").count() == 2


def test_registrations_that_come_after_their_tickets_are_counted_on_them(written: Written) -> None:
    tickets = written(table(OPERATION, [operation(1), operation(2)]), "tickets.csv")
    matters = written("OperationId\n1\n1\n1\n2\n", "registrations.csv")
    take_in(tickets, FileKind.FRONTDESK)
    later = take_in(tickets, FileKind.FRONTDESK, registrations=matters)
    assert (later.added, later.changed) == (0, 1)
    assert RecordedContact.objects.get(external_id="1").registrations == 3
    assert take_in(tickets, FileKind.FRONTDESK, registrations=matters).already
    assert ImportedFile.objects.count() == 2


def test_an_older_file_that_comes_late_takes_nothing_back(written: Written) -> None:
    take_in(written(table(OPERATION, [operation(1)]), "february.csv"), FileKind.FRONTDESK)
    late = take_in(written(table(OPERATION, [operation(1, **WAITING)]), "january.csv"), FileKind.FRONTDESK)
    assert (late.added, late.changed) == (0, 0)
    assert RecordedContact.objects.get().result == "answered"


def test_two_registers_that_both_count_from_one_are_not_taken_for_one(written: Written) -> None:
    mails = written("Nr;Modtaget;Emne\n1;2026-03-01 10:00;Pas\n2;2026-03-02 10:00;Pas\n", "mails.csv")
    chats = written("Nr;Modtaget;Emne\n1;2026-04-01 10:00;Skat\n2;2026-04-02 10:00;Pas\n", "chats.csv")
    take_in(mails, FileKind.CSV, Mapping(records=RecordKind.MAIL))
    with pytest.raises(CannotRead, match=r"(?s)2 numre.*mails\.csv.*system ="):
        take_in(chats, FileKind.CSV, Mapping(records=RecordKind.MESSAGE))
    assert (ImportedFile.objects.count(), RecordedContact.objects.count()) == (1, 2)
    assert take_in(chats, FileKind.CSV, Mapping(records=RecordKind.MESSAGE, system="chat")).added == 2


def test_a_number_of_one_system_is_another_number_in_another(written: Written) -> None:
    take_in(written(table(OPERATION, [operation(1)]), "a.csv"), FileKind.FRONTDESK)
    other = Mapping(system="jobcenter")
    assert (
        take_in(written(table(OPERATION, [operation(1), operation(9)]), "b.csv"), FileKind.FRONTDESK, other).added == 2
    )


def test_reading_in_that_dies_in_the_middle_leaves_nothing_and_can_be_done_again(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = actions._step_rows

    def dying(*arguments: object) -> Iterator[tuple[object, ...]]:
        for number, row in enumerate(whole(*arguments)):  # type: ignore[arg-type]
            if number == 20:
                raise KeyboardInterrupt
            yield row

    monkeypatch.setattr(actions, "_step_rows", dying)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        take_in(log, FileKind.EVENTLOG)
    assert not ImportedFile.objects.exists()
    assert not LogStep.objects.exists()
    monkeypatch.undo()
    assert take_in(log, FileKind.EVENTLOG).added == 34


@pytest.mark.parametrize("sign", ["", "-", " ", ".", " - ", "\u2013", "\u2011", "\u2014"])
@pytest.mark.parametrize("day", ["610190", "61.01.90", "61 01 90", "61-01-90"])
def test_no_cpr_is_kept_wherever_it_stood_and_however_it_was_written(written: Written, day: str, sign: str) -> None:
    cpr = f"{day}{sign}0000"
    steps = f"case,activity,time,group\n{cpr},Ring til {cpr},2026-03-02,Pas {cpr}\n"
    take_in(written(steps, f"sag {cpr}.csv"), FileKind.EVENTLOG)
    tickets = table(OPERATION, [operation(1, f"Sag {cpr}") | {"Id": cpr}])
    take_in(written(tickets, f"{cpr}.csv"), FileKind.FRONTDESK)
    kept = [str(row) for model in (LogStep, RecordedContact, ImportedFile) for row in model.objects.values()]
    assert len(kept) == 4
    assert not any(day in row for row in kept)


def test_a_number_that_looks_like_a_cpr_is_still_the_same_number_next_time(written: Written) -> None:
    for name, ids in (("a.csv", [CPR]), ("b.csv", [CPR, "7"])):
        rows = [operation(1) | {"Id": number} for number in ids]
        take_in(written(table(OPERATION, rows), name), FileKind.FRONTDESK)
    assert RecordedContact.objects.count() == 2


def test_a_department_of_one_colleague_is_shown_only_together_with_others(written: Written) -> None:
    steps = "".join(f"{n},a,2026-03-02,Ydelse,m{n % 6}\n{n},b,2026-03-03,Afd Opdigtet,m9\n" for n in range(12))
    path = written("case,activity,time,afdeling,medarbejder\n" + steps, "log.csv")
    read = measure(path, Mapping())
    assert "Opdigtet" not in str(as_data([read]))
    assert any("afdelinger" in note for note in read.source.notes)
    kept = figures_of_log(ImportedFile.objects.get(pk=take_in(path, FileKind.EVENTLOG).file_id))
    assert kept.departments == log_figures(read_log(*opened(path, Mapping()))).departments
    assert "Afd Opdigtet" not in kept.departments


def test_no_employee_is_kept(frontdesk: Path, log: Path) -> None:
    take_in(frontdesk, FileKind.FRONTDESK)
    take_in(log, FileKind.EVENTLOG)
    fields = {field.name for model in (LogStep, RecordedContact) for field in model._meta.get_fields()}
    assert not fields & {"resource", "employee", "agent", "initials"}


def test_a_queue_and_a_place_lead_to_their_keys(written: Written, policy_in_force: InForce) -> None:
    mapping = Mapping(services={"pas": "pas"}, centres={"skranke 1": "aabybro"})
    done = take_in(written(table(OPERATION, [operation(1), operation(2, "Hund")])), FileKind.FRONTDESK, mapping)
    kept = RecordedContact.objects.get(external_id="1")
    assert (kept.service_id, kept.centre_id) == ("pas", "aabybro")
    assert done.unmapped == {"Hund": 1}


def test_a_key_that_no_model_knows_stops_it_before_anything_is_read(written: Written, policy_in_force: InForce) -> None:
    mapping = Mapping(services={"pas": "paas"})
    with pytest.raises(CannotRead, match='"paas" under \\[services\\]'):
        take_in(written(table(OPERATION, [operation(1)])), FileKind.FRONTDESK, mapping)
    assert not ImportedFile.objects.exists()


def test_arrivals_are_those_who_were_met_by_day_and_hour_in_denmark(frontdesk: Path, zylinc: Path) -> None:
    take_in(frontdesk, FileKind.FRONTDESK)
    take_in(zylinc, FileKind.ZYLINC)
    march, june = dt.date(2026, 3, 2), dt.date(2026, 6, 2)
    found = arrivals(march, june, by=("day", "channel", "hour"))
    assert found == {(march, "in_person", 10): 4, (march, "phone", 10): 1, (june, "phone", 13): 1}
    assert arrivals(march, march, by=("channel", "centre")) == {("in_person", None): 4, ("phone", None): 1}
    assert not_reached(march, june, by=("channel",)) == {("in_person",): 1, ("phone",): 1}


def test_a_ticket_taken_just_before_midnight_belongs_to_the_day_before(written: Written) -> None:
    late = dict.fromkeys(("CreatedAt", "CalledAt", "EndedAt"), "2026-03-02T22:59:59Z")
    early = dict.fromkeys(("CreatedAt", "CalledAt", "EndedAt"), "2026-03-02T23:00:00Z")
    take_in(written(table(OPERATION, [operation(1, **late), operation(2, **early)])), FileKind.FRONTDESK)
    day = dt.date(2026, 3, 2)
    assert arrivals(day, day, by=()) == {(): 1}


def test_nobody_can_count_by_what_is_not_kept() -> None:
    with pytest.raises(ValueError, match="employee"):
        arrivals(dt.date(2026, 3, 2), dt.date(2026, 3, 2), by=("employee",))


def test_the_database_counts_handovers_as_the_report_does(log: Path) -> None:
    read = log_figures(read_log(*opened(log, Mapping()))).handovers
    counted = handovers_between_groups(take_in(log, FileKind.EVENTLOG).file_id or 0)
    assert read is not None
    for name in ("pairs", "cases", "per_case", "never_left", "steps_without_group", "if_unknown_were_a_group"):
        assert getattr(counted, name) == getattr(read, name), name


def test_a_file_says_the_same_from_the_database_as_from_itself(log: Path, frontdesk: Path) -> None:
    read = log_figures(read_log(*opened(log, Mapping())))
    kept = figures_of_log(ImportedFile.objects.get(pk=take_in(log, FileKind.EVENTLOG).file_id))
    for name in ("events", "cases", "activities", "arrivals", "work", "channels", "groups", "durations"):
        assert getattr(kept, name) == getattr(read, name), name
    register = read_register(*opened(frontdesk, Mapping()))
    whole = register_figures(register.records, register.layout.mapping.local_zone, register.pooled)
    again = figures_of_register(ImportedFile.objects.get(pk=take_in(frontdesk, FileKind.FRONTDESK).file_id))
    for name in ("records", "arrivals", "whole", "queues", "results", "registrations", "wait_by_hour"):
        assert getattr(again, name) == getattr(whole, name), name


def test_a_file_read_some_rows_at_a_time_says_the_same_between_the_rows_of_others(
    frontdesk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = ImportedFile.objects.get(pk=take_in(frontdesk, FileKind.FRONTDESK).file_id)
    whole = figures_of_register(file)
    RecordedContact.objects.filter(file=file, pk__gt=file.records.earliest("pk").pk).update(id=F("id") + 1000)
    at = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
    period = (dt.date(2026, 3, 1), dt.date(2026, 3, 31))
    others = [Record(str(n), "call", "phone", "", "", "", "", at, at, None, "answered", 1) for n in range(5)]
    import_recorded(rows=others, actor=SYSTEM, source_name="another", period=period)
    monkeypatch.setattr(file_figures, "AT_ONCE", 2)
    assert figures_of_register(file) == whole


def test_records_handed_over_without_a_file_are_taken_in_once() -> None:
    at = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
    rows = [Record(str(n), "call", "phone", "", "", "", "", at, at, None, "answered", 1) for n in range(3)]
    period = (dt.date(2026, 3, 1), dt.date(2026, 3, 31))
    first = import_recorded(rows=rows, actor=SYSTEM, source_name="demo", period=period)
    second = import_recorded(rows=rows, actor=SYSTEM, source_name="demo", period=period)
    assert (first.added, second.added, second.already) == (3, 0, True)
    assert Event.objects.filter(verb="register.imported").count() == 1


def test_a_municipalitys_intake_is_kept_whole_and_twice_is_once(receipt: Path) -> None:
    first, second = take_in(receipt, FileKind.EVENTLOG), take_in(receipt, FileKind.EVENTLOG)
    assert (first.added, first.cases, second.read, second.cases, second.already) == (8577, 1434, 8577, 1434, True)
    read = log_figures(read_log(*opened(receipt, Mapping()))).handovers
    assert read is not None
    assert handovers_between_groups(first.file_id or 0).pairs == read.pairs


def test_two_readers_of_one_file_at_one_moment_keep_it_once(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = actions.read_log

    def overtaken(*arguments: object) -> object:
        monkeypatch.setattr(actions, "read_log", whole)
        take_in(log, FileKind.EVENTLOG)  # the other one, who began later and is done first
        return whole(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(actions, "read_log", overtaken)
    assert take_in(log, FileKind.EVENTLOG).already
    assert LogStep.objects.count() == 34


def test_a_file_of_many_kinds_counts_each_in_its_own_channel(written: Written) -> None:
    columns = ["nr", "type", "oprettet", "kaldt", "afsluttet"]
    times = {"oprettet": "2026-03-02 09:00", "kaldt": "2026-03-02 09:05", "afsluttet": "2026-03-02 09:15"}
    kinds = ("ticket", "call", "mail", "message")
    rows = [{"nr": number, "type": kind, **times} for number, kind in enumerate(kinds)]
    take_in(written(table(columns, rows)), FileKind.CSV, Mapping(system="tællere"))
    day = dt.date(2026, 3, 2)
    assert arrivals(day, day, ("kind", "channel")) == {
        ("ticket", "in_person"): 1,
        ("call", "phone"): 1,
        ("mail", "written"): 1,
        ("message", "digital"): 1,
    }
