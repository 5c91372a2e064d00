"""A whole file is one deed: checked in bulk, one event, all of it or nothing."""

from __future__ import annotations

import dataclasses
import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from hovedindgang.contacts.actions import import_contacts, importing
from hovedindgang.contacts.bulk import BulkContact, BulkEnquiry, BulkHandover
from hovedindgang.contacts.models import Contact, Enquiry, EnquiryPerson, Handover, Note, Signpost
from hovedindgang.contacts.rules import (
    ChangeWhy,
    ComeBackReason,
    FollowsHow,
    ForwardKind,
    HandoverState,
    Outcome,
    Refused,
    WorkedBy,
)
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.clock import DENMARK
from hovedindgang.kernel.models import Event
from hovedindgang.people.models import Citizen
from hovedindgang.servicemodel.document import Channel, Level, ServiceKind

pytestmark = [pytest.mark.django_db]
AT = dt.datetime(2026, 1, 5, 10, 0, tzinfo=DENMARK)


def matter(**fields: Any) -> BulkEnquiry:
    usual: dict[str, Any] = {
        "service": "pas",
        "kind": ServiceKind.TRANSACTION,
        "level": Level.ADMINISTER,
        "outcome": Outcome.RESOLVED,
        "outcome_at": AT,
        "worked_by": WorkedBy.BORGERSERVICE,
        "on_the_spot": True,
    }
    return BulkEnquiry(**usual | fields)


def row(*matters: BulkEnquiry, **fields: Any) -> BulkContact:
    usual: dict[str, Any] = {"channel": Channel.IN_PERSON, "centre": "aabybro", "started_at": AT, "ended_at": AT}
    return BulkContact(**usual | fields, enquiries=matters or (matter(),))


def test_a_file_of_contacts_is_written_with_all_that_hangs_on_them(cast: SimpleNamespace, clock: Any) -> None:
    anna = Citizen.objects.create()
    handover = BulkHandover(
        department="teknik",
        state=HandoverState.SENT,
        sent_at=AT,
        promised_on=dt.date(2026, 1, 12),
        summary="Carport hos 610190-1234",
    )
    written = import_contacts(
        rows=[
            row(matter(ref="a", for_whom=(anna.pk,)), asker=anna.pk, note="Pas til barnet", employee=cast.alice.pk),
            row(matter(follows_ref="a", follows_how=FollowsHow.CHASING), repeat_of="12345678"),
            row(
                matter(service="byggesag", outcome=Outcome.PASSED_ON, worked_by=None, handover=handover),
                matter(
                    service="aabningstider",
                    outcome=Outcome.SIGNPOSTED,
                    worked_by=None,
                    signpost_how=ForwardKind.TOLD,
                    signpost_authority="skat",
                ),
            ),
        ],
        actor=SYSTEM,
        source_name="prøve.csv",
    )
    assert written == 3
    assert Enquiry.objects.count() == 4
    first, second = Enquiry.objects.order_by("id")[:2]
    assert second.follows == first
    assert (first.contact.version.valid_from, first.received_on) == (dt.date(2026, 1, 1), dt.date(2026, 1, 5))
    assert first.contact.started_at == AT
    assert EnquiryPerson.objects.get().citizen == anna
    assert Note.objects.get().terms
    assert Note.objects.get().written_at == AT
    assert "610190" not in Handover.objects.get().summary
    assert Signpost.objects.get().authority_id == "skat"


def test_one_file_leaves_one_event_and_its_rows_point_to_it(cast: SimpleNamespace, clock: Any) -> None:
    before = Event.objects.count()
    import_contacts(rows=(row() for _ in range(25)), actor=SYSTEM, source_name="prøve.csv")
    (event,) = Event.objects.order_by("id")[before:]
    assert event.facts == {"source": "prøve.csv", "contacts": 25, "enquiries": 25}
    assert set(Contact.objects.values_list("batch", flat=True)) == {int(event.subject_id)}


def test_a_contact_registered_after_an_import_gets_a_number_of_its_own(cast: SimpleNamespace, clock: Any) -> None:
    import_contacts(rows=[row()], actor=SYSTEM, source_name="prøve.csv")
    Contact.objects.create(channel="phone", started_at=AT, ended_at=AT, received_on=AT.date())
    import_contacts(rows=[row()], actor=SYSTEM, source_name="prøve.csv")
    assert Contact.objects.count() == 3


@pytest.mark.parametrize(
    "broken",
    [
        row(matter(service="findes-ikke")),
        row(centre="atlantis"),
        row(asker=987_654),
        row(ended_at=AT - dt.timedelta(hours=1)),
        row(matter(outcome=Outcome.OPEN)),
        row(matter(outcome=Outcome.PASSED_ON)),
        row(matter(outcome=Outcome.MUST_COME_BACK)),
        row(matter(worked_by=None)),
        row(matter(for_whom=(987_654,))),
        row(note="æ" * 20_001),
        row(medium="letter"),
        row(matter(follows_ref="nobody", follows_how=FollowsHow.CHASING)),
        dataclasses.replace(row(), enquiries=()),
    ],
)
def test_one_refused_row_leaves_nothing_of_the_file(
    cast: SimpleNamespace, clock: Any, broken: BulkContact, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "CHUNK", 2)
    with pytest.raises(Refused) as refused:
        import_contacts(rows=[row(), row(), row(), broken], actor=SYSTEM, source_name="prøve.csv")
    assert set(refused.value.errors) <= {"rows.3", "rows"}
    assert not Contact.objects.exists()


def test_a_new_column_is_not_forgotten_by_the_import() -> None:
    for table, columns in (
        (Contact, importing.CONTACT_COLUMNS),
        (Enquiry, importing.ENQUIRY_COLUMNS),
        (Note, ["id", *importing.NOTE_COLUMNS]),
        (Handover, ["id", *importing.HANDOVER_COLUMNS]),
        (Signpost, ["id", *importing.SIGNPOST_COLUMNS]),
    ):
        filled_by_the_database = {"registered_at"} | {
            "mistake",
            "identity",
            "representation_id",
            "contests",
            "broken_promise_on",  # no other system says which day it had promised before
        }
        assert {field.column for field in table._meta.concrete_fields} - filled_by_the_database == set(columns)


def test_who_came_back_in_the_file_with_what_was_missing_is_settled_as_at_the_desk(cast: SimpleNamespace) -> None:
    later = AT + dt.timedelta(days=3)
    missing = matter(ref="a", outcome=Outcome.MUST_COME_BACK, worked_by=None, come_back_reason=ComeBackReason.DOCUMENT)
    booked = matter(follows_ref="a", follows_how=FollowsHow.PLANNED_STEP, preparatory=True)
    came = matter(follows_ref="a", follows_how=FollowsHow.PLANNED_STEP, outcome_at=later)
    import_contacts(rows=[row(missing), row(booked), row(came)], actor=SYSTEM, source_name="test")
    first = Enquiry.objects.order_by("id")[0]
    assert (first.outcome, first.worked_by, first.outcome_at) == (Outcome.RESOLVED, WorkedBy.BORGERSERVICE, later)
    change = first.outcome_changes.get()
    assert (change.was, change.why, change.at) == (Outcome.MUST_COME_BACK, ChangeWhy.CAME_BACK, later)


def test_a_booking_alone_does_not_settle_what_waits_for_the_citizen(cast: SimpleNamespace) -> None:
    missing = matter(ref="a", outcome=Outcome.MUST_COME_BACK, worked_by=None, come_back_reason=ComeBackReason.ID)
    booked = matter(follows_ref="a", follows_how=FollowsHow.PLANNED_STEP, preparatory=True)
    import_contacts(rows=[row(missing), row(booked)], actor=SYSTEM, source_name="test")
    assert Enquiry.objects.order_by("id")[0].outcome == Outcome.MUST_COME_BACK
