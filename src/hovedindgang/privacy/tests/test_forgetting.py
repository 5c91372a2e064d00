"""What is said at the counter is let go when its time has come, and the figures stay."""

from __future__ import annotations

import datetime as dt
import uuid
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from hovedindgang.contacts import actions as deeds
from hovedindgang.contacts.actions import NewEnquiry, NewHandover
from hovedindgang.contacts.bulk import BulkContact, BulkEnquiry
from hovedindgang.contacts.models import (
    Consultation,
    Contact,
    Enquiry,
    EnquiryPerson,
    Handover,
    Note,
    OpenedForForgetting,
    OpenedMatter,
    StatedReason,
)
from hovedindgang.contacts.queries import contact_seen
from hovedindgang.contacts.rules import FollowsHow, Outcome, Refused, WorkedBy
from hovedindgang.insight.models import ContactDay, EnquiryDay, HourDay, StaffMonth
from hovedindgang.insight.tests.desk import OPEN, Desk, recorded
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.events import Cause
from hovedindgang.kernel.models import Event, LookUp
from hovedindgang.people.actions import register_citizen
from hovedindgang.people.closed import ClosedToHer
from hovedindgang.people.closing import say_family
from hovedindgang.people.models import Citizen
from hovedindgang.people.queries import cpr_of, search_by_name
from hovedindgang.people.rules import NoAccess
from hovedindgang.privacy import archiving, sweeping
from hovedindgang.privacy.actions import begin_run, forget_by_night, lift_hold, place_hold, retention_run
from hovedindgang.privacy.gathering import periods
from hovedindgang.privacy.models import Archived, RetentionRun
from hovedindgang.privacy.queries import plan
from hovedindgang.privacy.rules import Kept, PrivacyRefused
from hovedindgang.privacy.tests.scan import places_of
from hovedindgang.registers.models import RecordedContact
from hovedindgang.registers.rules import Result
from hovedindgang.servicemodel.document import Channel, Level, ServiceKind


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hovedindgang.privacy.actions.PAUSE_SECONDS", {"sqlite": 0.0, "postgresql": 0.0})


def run() -> RetentionRun:
    """Go through all that is due today."""
    made = begin_run(nightly=False)
    assert made is not None
    retention_run(run=made)
    return RetentionRun.objects.get(pk=made.pk)


def person(name: str = "Zenobia Xylander", **known: Any) -> Citizen:
    return register_citizen(
        actor=SYSTEM, cpr=f"610190{Citizen.objects.count() + 1:04}", name=name, phone="98765432", **known
    )


def kept_figures() -> list[list[tuple[Any, ...]]]:
    tables = (ContactDay, EnquiryDay, HourDay, StaffMonth)
    return [
        sorted(table.objects.values_list(*(f.attname for f in table._meta.fields if f.name != "id")), key=str)
        for table in tables
    ]


def test_what_was_said_about_a_driving_licence_is_gone_after_a_year_and_not_a_day_before(desk: Desk) -> None:
    (matter,) = desk.comes(person(), NewEnquiry(service="koerekort"), note="Hun har mistet sin xylofonmappe")
    desk.days_pass(364)
    run()
    assert Note.objects.get().text == "Hun har mistet sin xylofonmappe"
    desk.days_pass(1)
    done = run()
    assert not Note.objects.exists()
    assert not EnquiryPerson.objects.exists()
    assert done.gone == [["koerekort", "Oplysning", 1]]
    left = Contact.objects.get(pk=matter.contact_id)
    assert (left.asker, left.employee, left.repeat_key, left.representation) == (None, None, None, None)
    assert left.channel == Channel.IN_PERSON
    assert left.started_at.minute == 0
    assert Enquiry.objects.get().outcome == Outcome.RESOLVED


def test_nothing_of_her_is_found_in_any_table_afterwards(desk: Desk) -> None:
    her = person(address="Xylofonvej 7", email="zenobia@xylander.example", needs="Xylotolk")
    handed = NewHandover(department="jobcenter", summary="Xyloresume", agreed="Xyloaftale")
    desk.comes(her, NewEnquiry(service="koerekort", case_number="XYLO-77"), note="Zenobia sagde xylotekst")
    (passed,) = desk.comes(her, NewEnquiry(service="koerekort", outcome=Outcome.PASSED_ON, handover=handed))
    handover = Handover.objects.get(enquiry=passed)
    deeds.accept_handover(employee=desk.cast.charlie, handover_id=handover.pk)
    deeds.answer_handover(employee=desk.cast.charlie, handover_id=handover.pk, answer="Xylosvar")
    deeds.pass_answer_on(employee=desk.cast.alice, handover_id=handover.pk)
    note = Note.objects.first()
    assert note is not None
    deeds.amend_note(employee=desk.cast.alice, note_id=note.pk, text="Rettet: xylorettelse", key=uuid.uuid4())
    Consultation.objects.create(
        contact=note.contact,
        contact_key=uuid.uuid4(),
        asked_by=desk.cast.alice,
        to_employee=desk.cast.bob,
        question="Hvad med xylospørgsmål",
        asked_at=clock.now(),
    )
    StatedReason.objects.create(
        employee=desk.cast.alice, citizen=her, code="other", text="xylobegrundelse", at=clock.now()
    )
    OpenedMatter.objects.create(
        employee=desk.cast.alice, enquiry=passed, code="other", text="xylonøgle", at=clock.now()
    )
    words = (
        "ylonøgle",
        "ylospørg",
        "ylobegrund",
        "ylander",
        "ylofon",
        "ylotolk",
        "yloresume",
        "yloaftale",
        "XYLO-77",
        "ylotekst",
        "ylosvar",
        "ylorettel",
    )
    deeds.make_all_histories()  # what her history shows is kept too
    stood = places_of(*words)
    assert {found.rsplit(": ")[1] for found in stood} == set(words)
    if connection.vendor == "postgresql":  # which keeps what is deleted in a table until that is swept
        assert {found.partition(".")[0] for found in stood} <= set(sweeping.tables())
    desk.days_pass(366)
    run()
    optimise()
    assert places_of(*words) == []
    assert not Citizen.objects.exists()
    assert LookUp.objects.filter(citizen_id=her.pk).exists()  # who looked is still told, by a number


def optimise() -> None:
    """What `sweep` does outside of the transaction of a test."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO contacts_noteterms (contacts_noteterms) VALUES ('optimize')")


@pytest.mark.django_db(transaction=True)
def test_a_run_that_found_nothing_sweeps_what_a_citizen_who_was_erased_by_day_left(cast: SimpleNamespace) -> None:
    her = person()
    Citizen.objects.filter(pk=her.pk).delete()
    run()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT relname FROM pg_stat_user_tables WHERE last_vacuum IS NOT NULL")
            assert {name for (name,) in cursor.fetchall()} >= set(sweeping.tables())
    else:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint")
            assert cursor.fetchone()[1:] in {(0, 0), (-1, -1)}  # nothing is left in the journal; of one in memory, none


def test_the_board_says_the_same_before_and_after_also_when_it_is_counted_anew(desk: Desk) -> None:
    her, him = person(), person("Anders And")
    desk.comes(her, NewEnquiry(service="koerekort"))
    desk.comes(him, NewEnquiry(service="koerekort"), channel=Channel.PHONE)
    desk.days_pass(5)
    desk.comes(her, NewEnquiry(service="koerekort"))  # again, and nobody answered why
    desk.comes(None, NewEnquiry(service="aabningstider"))
    (first,) = desk.comes(him, NewEnquiry(service="koerekort", outcome=OPEN, promised_on=desk.promised(3)))
    desk.days_pass(2)
    deeds.conclude_enquiry(employee=desk.cast.alice, enquiry_id=first.pk, outcome=Outcome.RESOLVED)
    desk.comes(him, NewEnquiry(service="koerekort", follows=first.pk, follows_how=FollowsHow.CHASING))
    desk.days_pass(400)
    desk.count()
    before = kept_figures()
    assert run().counts["contacts"] == 6
    desk.count()
    assert kept_figures() == before
    assert desk.enquiries().known_window == 4


def test_a_note_is_deleted_by_nobody_else(desk: Desk) -> None:
    desk.comes(person(), NewEnquiry(service="koerekort"), note="Bliver stående")
    with pytest.raises(IntegrityError, match="only when its contact is forgotten"), transaction.atomic():
        Note.objects.all()._raw_delete("default")
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        Note.objects.update(text="Andet")
    assert Note.objects.get().text == "Bliver stående"


@pytest.mark.django_db(transaction=True)
def test_a_door_to_the_notes_that_is_left_open_undoes_what_was_done_through_it(desk: Desk) -> None:
    (matter,) = desk.comes(person(), NewEnquiry(service="koerekort"), note="Bliver stående")

    def through_the_door() -> None:
        with transaction.atomic():
            OpenedForForgetting.objects.create(contact_id=matter.contact_id, never_id=-1)
            Note.objects.all()._raw_delete("default")

    with pytest.raises(IntegrityError):
        through_the_door()
    assert Note.objects.get().text == "Bliver stående"


def test_an_open_matter_is_kept_and_the_report_says_so(desk: Desk) -> None:
    desk.comes(person(), NewEnquiry(service="koerekort", outcome=OPEN, promised_on=desk.promised(3)), note="Mangler")
    desk.days_pass(800)
    assert run().kept == {Kept.OPEN: 1}
    assert Note.objects.exists()


def test_a_handover_under_way_and_an_answer_nobody_has_passed_on_are_kept(desk: Desk) -> None:
    asked = NewHandover(department="jobcenter", summary="Vil vide noget")
    for _ in range(2):
        desk.comes(person(), NewEnquiry(service="koerekort", outcome=Outcome.PASSED_ON, handover=asked))
    answered = Handover.objects.latest("pk")
    deeds.accept_handover(employee=desk.cast.charlie, handover_id=answered.pk)
    deeds.answer_handover(employee=desk.cast.charlie, handover_id=answered.pk, answer="Ja")
    desk.days_pass(800)
    assert run().kept == {Kept.HANDOVER: 1, Kept.UNTOLD: 1}


def test_the_time_begins_anew_with_a_note_and_with_the_day_she_was_told(desk: Desk) -> None:
    alice, charlie = desk.cast.alice, desk.cast.charlie
    (noted,) = desk.comes(person(), NewEnquiry(service="koerekort"))
    asked = NewHandover(department="jobcenter", summary="Vil vide noget")
    desk.comes(person(), NewEnquiry(service="koerekort", outcome=Outcome.PASSED_ON, handover=asked))
    handed = Handover.objects.get()
    deeds.accept_handover(employee=charlie, handover_id=handed.pk)
    deeds.answer_handover(employee=charlie, handover_id=handed.pk, answer="Ja")
    desk.days_pass(300)
    Note.objects.create(contact=noted.contact, author=alice, text="Hun ringede igen", written_at=clock.now())
    deeds.pass_answer_on(employee=alice, handover_id=handed.pk)
    desk.days_pass(364)
    assert run().gone == []
    desk.days_pass(1)
    assert run().gone == [["koerekort", "Oplysning", 2]]


def test_what_came_from_another_system_has_its_time_from_the_day_it_was_said(desk: Desk) -> None:
    then = clock.now() - dt.timedelta(days=300)
    matter = BulkEnquiry(
        service="koerekort",
        kind=ServiceKind.TRANSACTION,
        level=Level.ADMINISTER,
        outcome=Outcome.RESOLVED,
        outcome_at=then,
        worked_by=WorkedBy.BORGERSERVICE,
        on_the_spot=True,
    )
    said = BulkContact(channel=Channel.PHONE, started_at=then, ended_at=then, enquiries=(matter,), note="Et nyt kort")
    deeds.import_contacts(rows=[said], actor=SYSTEM, source_name="other system")
    desk.days_pass(64)
    assert run().gone == []
    desk.days_pass(1)
    assert run().gone == [["koerekort", "Oplysning", 1]]


def test_a_matter_stays_as_long_as_what_follows_it(desk: Desk) -> None:
    her = person()
    (first,) = desk.comes(her, NewEnquiry(service="koerekort"), note="Den første")
    desk.days_pass(300)
    desk.comes(her, NewEnquiry(service="pas", follows=first.pk, follows_how=FollowsHow.NEW_MATTER), note="Den anden")
    desk.days_pass(400)
    assert run().kept == {}  # nothing keeps it but its time
    assert Note.objects.count() == 2
    desk.days_pass(1825)
    run()
    assert Note.objects.count() == 0


def test_a_merged_contact_goes_with_the_one_it_was_merged_into(desk: Desk) -> None:
    her = person()
    (one,) = desk.comes(her, NewEnquiry(service="koerekort"), note="Xylo et")
    (other,) = desk.comes(her, NewEnquiry(service="pas"), note="Xylo to")
    deeds.merge_contacts(employee=desk.cast.alice, contact_id=one.contact_id, into_id=other.contact_id)
    desk.days_pass(400)
    run()
    assert Note.objects.count() == 2  # the passport is kept five years, and it is one contact
    desk.days_pass(1500)
    run()
    optimise()
    assert places_of("ylo ") == []


def test_the_one_it_was_merged_into_waits_for_what_was_merged(desk: Desk) -> None:
    her = person()
    (one,) = desk.comes(her, NewEnquiry(service="pas"), note="Xylo et")
    (other,) = desk.comes(her, NewEnquiry(service="koerekort"), note="Xylo to")
    deeds.merge_contacts(employee=desk.cast.alice, contact_id=one.contact_id, into_id=other.contact_id)
    desk.days_pass(400)
    assert run().gone == []
    assert Note.objects.count() == 2


def test_a_service_of_which_no_period_is_said_is_kept_and_told(desk: Desk) -> None:
    desk.time.stand(dt.datetime(2026, 2, 3, 10, tzinfo=dt.UTC))
    desk.comes(person(), NewEnquiry(service="boligstoette"))
    desk.days_pass(4000)
    assert run().kept == {Kept.NO_PERIOD: 1}


def test_a_hold_keeps_what_is_due_until_it_is_lifted(desk: Desk) -> None:
    her = person()
    desk.comes(her, NewEnquiry(service="koerekort"), note="Til retten")
    desk.days_pass(360)
    until = desk.promised(100)
    hold = place_hold(employee=desk.cast.dorthe, citizen_id=her.pk, reason="Retssag", until=until)
    desk.days_pass(10)
    assert run().kept == {Kept.HOLD: 1}
    lift_hold(employee=desk.cast.dorthe, hold_id=hold.pk)
    assert run().counts["notes"] == 1
    with pytest.raises(PrivacyRefused):
        lift_hold(employee=desk.cast.dorthe, hold_id=hold.pk)


def test_a_hold_that_has_run_out_holds_nothing_and_its_reason_goes_too(desk: Desk) -> None:
    (matter,) = desk.comes(person(), NewEnquiry(service="koerekort"), note="Til retten")
    desk.days_pass(360)
    place_hold(employee=desk.cast.dorthe, contact_id=matter.contact_id, reason="Xyloretssag", until=desk.promised(10))
    desk.days_pass(11)
    run()
    optimise()
    assert places_of("yloretssag") == []


def test_a_contact_that_is_held_no_more_goes(desk: Desk) -> None:
    (matter,) = desk.comes(person(), NewEnquiry(service="koerekort"))
    desk.days_pass(365)
    held = {"contact_id": matter.contact_id, "reason": "Retssag", "until": desk.promised(9)}
    hold = place_hold(employee=desk.cast.dorthe, **held)
    assert run().kept == {Kept.HOLD: 1}
    lift_hold(employee=desk.cast.dorthe, hold_id=hold.pk)
    assert run().gone == [["koerekort", "Oplysning", 1]]


def test_a_hold_holds_through_its_last_day_and_that_may_be_today(desk: Desk) -> None:
    her = person()
    (matter,) = desk.comes(her, NewEnquiry(service="koerekort"))
    desk.days_pass(365)
    place_hold(employee=desk.cast.dorthe, citizen_id=her.pk, reason="Retssag", until=desk.promised(0))
    assert run().kept == {Kept.HOLD: 1}
    desk.days_pass(1)
    done = run()
    assert (done.gone, done.kept) == ([["koerekort", "Oplysning", 1]], {})
    with pytest.raises(PrivacyRefused) as refused:  # too late: there is nothing left to keep
        place_hold(employee=desk.cast.dorthe, contact_id=matter.contact_id, reason="Sag", until=desk.promised(3))
    assert set(refused.value.errors) == {"number"}


def test_the_report_counts_every_contact_that_went_and_does_not_name_what_is_not_due(desk: Desk) -> None:
    her = person()
    one, other = (desk.comes(her, NewEnquiry(service="koerekort"))[0] for _ in range(2))
    deeds.merge_contacts(employee=desk.cast.alice, contact_id=one.contact_id, into_id=other.contact_id)
    desk.comes(person(), NewEnquiry(service="koerekort"))
    desk.comes(person(), NewEnquiry(service="pas"))
    desk.days_pass(365)
    done = run()
    assert (done.gone, done.kept) == ([["koerekort", "Oplysning", 3]], {})


def test_the_run_of_a_night_is_done_once(desk: Desk) -> None:
    first = begin_run(nightly=True)
    assert first is not None
    assert begin_run(nightly=True) == first  # it was stopped, and is taken up
    assert retention_run(run=first)
    assert begin_run(nightly=True) is None
    desk.days_pass(1)
    assert begin_run(nightly=True) is not None


def test_only_a_leader_holds_and_must_say_why_and_until_when(desk: Desk) -> None:
    her = person()
    with pytest.raises(NoAccess):
        place_hold(employee=desk.cast.alice, citizen_id=her.pk, reason="Sag", until=desk.promised(3))
    with pytest.raises(PrivacyRefused) as refused:
        place_hold(employee=desk.cast.dorthe, citizen_id=her.pk, reason=" ", until=None)
    assert set(refused.value.errors) == {"reason", "until"}
    with pytest.raises(PrivacyRefused) as refused:
        place_hold(employee=desk.cast.dorthe, citizen_id=her.pk + 1, reason="Sag", until=desk.promised(3))
    assert set(refused.value.errors) == {"number"}


def test_dorthe_decides_no_hold_about_her_own_family(desk: Desk) -> None:
    her = person()
    (matter,) = desk.comes(her, NewEnquiry(service="koerekort"))
    hold = place_hold(employee=desk.cast.dorthe, citizen_id=her.pk, reason="Retssag", until=desk.promised(3))
    say_family(actor=SYSTEM, employee_id=desk.cast.dorthe.pk, cpr=cpr_of(her) or "")
    for whose in ({"citizen_id": her.pk}, {"contact_id": matter.contact_id}):
        with pytest.raises(ClosedToHer):
            place_hold(employee=desk.cast.dorthe, reason="Sag", until=desk.promised(3), **whose)
    with pytest.raises(ClosedToHer):
        lift_hold(employee=desk.cast.dorthe, hold_id=hold.pk)


def test_the_plan_says_what_the_run_then_does(desk: Desk) -> None:
    desk.comes(person(), NewEnquiry(service="koerekort"))
    desk.comes(person(), NewEnquiry(service="pas"))
    desk.days_pass(360)
    today = desk.promised(0)
    coming = plan(days=30)
    assert dict(coming.lines) == {(today + dt.timedelta(days=5), "koerekort", "Oplysning"): 1}
    assert not run().counts.get("contacts")
    desk.days_pass(5)
    assert dict(plan(days=0).lines) == {(desk.promised(0), "koerekort", "Oplysning"): 1}
    assert run().counts["contacts"] == 1
    assert plan(days=30).total == 0


def test_a_run_that_stops_is_taken_up_where_it_was(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hovedindgang.privacy.actions.AT_ONCE", {"sqlite": 2, "postgresql": 2})
    for _ in range(7):
        desk.comes(person(), NewEnquiry(service="koerekort"), note="Skal væk")
    desk.days_pass(365)
    made = begin_run(nightly=True)
    assert made is not None
    assert not retention_run(run=made, seconds=0)
    assert Note.objects.count() == 5
    again = begin_run(nightly=True)
    assert again == made
    retention_run(run=made)
    assert Note.objects.count() == 0
    assert begin_run(nightly=True) is None
    batches = Event.objects.filter(verb="contacts.forgotten", subject_id=str(made.pk)).order_by("pk")
    assert [event.facts["contacts"] for event in batches] == [2, 2, 2, 1]
    assert made.gone == [["koerekort", "Oplysning", 7]]


def test_the_night_leaves_the_desk_a_pause_between_batches_and_stops_after_its_seconds(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    paused: list[float] = []
    now = iter(range(100))  # a second goes by each time it is asked
    monkeypatch.setattr(
        "hovedindgang.privacy.actions.time", SimpleNamespace(sleep=paused.append, monotonic=lambda: next(now))
    )
    monkeypatch.setattr("hovedindgang.privacy.actions.AT_ONCE", {"sqlite": 1, "postgresql": 1})
    monkeypatch.setattr("hovedindgang.privacy.actions.PAUSE_SECONDS", {"sqlite": 0.2, "postgresql": 0.2})
    for _ in range(6):
        desk.comes(person(), NewEnquiry(service="koerekort"), note="Skal væk")
    desk.days_pass(365)
    forget_by_night()
    assert (Note.objects.count(), paused) == (2, [0.2, 0.2, 0.2])
    forget_by_night()
    assert Note.objects.count() == 0


def test_a_batch_that_breaks_is_undone_whole(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.comes(person(), NewEnquiry(service="koerekort"), note="Skal væk")
    desk.days_pass(365)
    made = begin_run(nightly=False)
    assert made is not None

    def killed(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("hovedindgang.privacy.actions._note", killed)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        retention_run(run=made)
    assert Note.objects.count() == 1
    assert not Event.objects.filter(verb="contacts.forgotten").exists()
    monkeypatch.undo()
    assert run().counts["notes"] == 1


def test_what_the_archive_must_have_is_never_deleted_before_its_receipt_is_there(
    desk: Desk, settings: Any, tmp_path: Path
) -> None:
    her, child = person(), person("Anders And")
    desk.comes(her, NewEnquiry(service="flytning", for_whom=(child.pk,)), note="Til arkivet")
    desk.days_pass(365)
    settings.ARCHIVE_FOLDER = ""
    assert run().kept == {Kept.NOT_ARCHIVED: 1}
    settings.ARCHIVE_FOLDER = str(tmp_path / "archive")
    assert run().counts["notes"] == 1
    (file,) = (tmp_path / "archive").iterdir()
    assert "Til arkivet" in file.read_text(encoding="utf-8")
    assert "6101900001" in file.read_text(encoding="utf-8")
    assert "Anders And" in file.read_text(encoding="utf-8")
    assert Archived.objects.get().receipt.startswith(file.name)


class LosesIt:
    """An archive that gives a receipt and has nothing when it is asked."""

    def __init__(self, folder: str) -> None:
        pass

    def deposit(self, *, name: str, content: bytes) -> str:
        return name

    def holds(self, *, receipt: str, content: bytes) -> bool:
        return False


def test_a_receipt_of_an_archive_that_does_not_have_it_deletes_nothing(desk: Desk, settings: Any) -> None:
    settings.ARCHIVE_ADAPTER = f"{__name__}.LosesIt"
    desk.comes(person(), NewEnquiry(service="flytning"), note="Til arkivet")
    desk.days_pass(4_000)
    assert run().kept == {Kept.NOT_ARCHIVED: 1}
    assert not Archived.objects.exists()
    assert Note.objects.get().text == "Til arkivet"


def test_what_is_written_after_the_archive_got_it_goes_to_the_archive_first(desk: Desk) -> None:
    (matter,) = desk.comes(person(), NewEnquiry(service="flytning"), note="Til arkivet")
    archiving.deliver([matter.contact_id])
    assert archiving.is_archived([matter.contact_id])
    deeds.add_note(employee=desk.cast.alice, contact_id=matter.contact_id, text="Mere")
    assert not archiving.is_archived([matter.contact_id])


def test_nobody_opens_or_changes_a_forgotten_contact(desk: Desk) -> None:
    (matter,) = desk.comes(person(), NewEnquiry(service="koerekort"))
    desk.days_pass(365)
    run()
    with pytest.raises(NoAccess):
        contact_seen(desk.cast.alice, matter.contact_id)
    with pytest.raises(NoAccess):
        deeds.add_note(employee=desk.cast.alice, contact_id=matter.contact_id, text="Hun var her")
    with pytest.raises(NoAccess):
        deeds.reopen_enquiry(
            employee=desk.cast.alice, enquiry_id=matter.pk, why="reopened", promised_on=desk.promised(3)
        )


def test_an_open_matter_is_refused_by_the_deed_itself(desk: Desk) -> None:
    (matter,) = desk.comes(person(), NewEnquiry(service="koerekort", outcome=OPEN, promised_on=desk.promised(3)))
    with pytest.raises(Refused):
        deeds.forget_contacts(
            actor=SYSTEM,
            contact_ids=[matter.contact_id],
            remains={},
            cause=Cause("retention_run", 1),
            on=desk.promised(0),
        )


def test_a_citizen_whom_a_note_about_another_names_stays_as_long_as_the_note(desk: Desk) -> None:
    desk.comes(person(), NewEnquiry(service="koerekort"), note="Hendes mor er 6101909999")
    desk.days_pass(100)
    run()
    assert Citizen.objects.count() == 2
    desk.days_pass(265)
    run()
    assert Citizen.objects.count() == 0


def test_a_citizen_whom_somebody_has_on_the_screen_stays(desk: Desk) -> None:
    her = person()
    with connection.cursor() as cursor:  # registered long ago, and found by name a moment ago
        cursor.execute("UPDATE people_citizen SET created_at = %s", [clock.now() - dt.timedelta(days=40)])
    search_by_name(actor=SYSTEM, typed="Zenobia", reason="x")
    run()
    assert Citizen.objects.get() == her
    desk.days_pass(3)
    run()
    assert not Citizen.objects.exists()


def test_who_was_registered_this_month_may_still_come_and_stays(desk: Desk) -> None:
    her = person()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_citizen SET created_at = %s", [clock.now() - dt.timedelta(days=29)])
    run()
    assert Citizen.objects.get() == her
    desk.days_pass(2)
    run()
    assert not Citizen.objects.exists()


def test_contacts_that_belong_together_are_judged_once_however_small_the_batches(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hovedindgang.privacy.actions.AT_ONCE", {"sqlite": 1, "postgresql": 1})
    her = person()
    (first,) = desk.comes(her, NewEnquiry(service="koerekort"))
    follows = {"follows": first.pk, "follows_how": FollowsHow.NEW_MATTER}
    desk.comes(her, NewEnquiry(service="koerekort", **follows))
    desk.days_pass(365)
    place_hold(employee=desk.cast.dorthe, citizen_id=her.pk, reason="Retssag", until=desk.promised(3))
    assert run().kept == {Kept.HOLD: 2}


def test_another_systems_numbers_go_when_nothing_is_kept_any_longer_here(desk: Desk) -> None:
    recorded(2, Result.ANSWERED)
    known = set(RecordedContact.objects.values_list("external_id", flat=True))
    longest = max(period.days for period in periods(clock.today()).values())
    desk.days_pass(longest)
    run()
    assert set(RecordedContact.objects.values_list("external_id", flat=True)) == known
    desk.days_pass(1)
    assert run().counts["imported"] == 2
    assert not known & set(RecordedContact.objects.values_list("external_id", flat=True))


def test_every_way_from_a_forgotten_contact_to_a_person_is_known_here() -> None:
    """Whoever gives a contact, or a matter, a new key to somebody says what becomes of it when it is forgotten."""
    people = {"people.Citizen", "people.Employee", "people.Representation"}
    ways = {
        f"{table.__name__}.{field.name}"
        for table in (Contact, Enquiry, Handover)
        for field in table._meta.concrete_fields
        if field.is_relation and field.related_model._meta.label in people
    }
    assert ways == {
        "Contact.asker",
        "Contact.employee",
        "Contact.representation",
        "Enquiry.outcome_by",
        "Enquiry.owner",
        "Handover.handled_by",
        "Handover.sent_by",
    }


def test_events_of_forgetting_hold_counts_and_nothing_else(desk: Desk) -> None:
    desk.comes(person(), NewEnquiry(service="koerekort"), note="Skal væk")
    desk.days_pass(365)
    run()
    facts = Event.objects.get(verb="contacts.forgotten").facts
    assert facts == {"contacts": 1, "enquiries": 1, "notes": 1, "persons": 1, "handovers": 0}
    assert Event.objects.get(verb="citizens.forgotten").facts == {"citizens": 1}
