"""One registration is one request, one transaction, one receipt."""

from __future__ import annotations

import datetime as dt
import uuid
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import override_settings
from django.utils import translation

from hovedindgang.contacts.actions import NewContact, NewEnquiry, NewHandover, NewSignpost, register_contact
from hovedindgang.contacts.actions.prepared import repeat_key_of
from hovedindgang.contacts.models import Contact, Enquiry, EnquiryPerson, Handover, IdempotencyKey, Note, Signpost
from hovedindgang.contacts.rules import (
    ComeBackReason,
    FollowsHow,
    ForwardKind,
    KeyReused,
    Outcome,
    Refused,
    WhoAsks,
    WithdrawnWhy,
    repeat_mark,
)
from hovedindgang.contacts.tests.desk import register
from hovedindgang.kernel import clock as house_clock
from hovedindgang.kernel.actors import employee_actor
from hovedindgang.kernel.models import Event, LookUp
from hovedindgang.people.models import Citizen, Employee
from hovedindgang.servicemodel.document import Channel, Level, ServiceKind

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def refusal(employee: Employee, *enquiries: NewEnquiry, **fields: Any) -> dict[str, str]:
    with pytest.raises(Refused) as refused:
        register(employee, *enquiries, **fields)
    assert not Contact.objects.exists()
    assert not IdempotencyKey.objects.exists()
    return refused.value.errors


def test_a_passport_at_the_counter_becomes_a_contact_with_one_solved_enquiry(cast: SimpleNamespace) -> None:
    receipt = register(cast.alice)
    contact = Contact.objects.get()
    enquiry = contact.enquiries.get()
    assert (receipt.contact_id, receipt.repeated) == (contact.pk, False)
    assert (contact.centre_id, contact.employee, contact.late) == ("aabybro", cast.alice, False)
    assert (enquiry.outcome, enquiry.worked_by, enquiry.on_the_spot) == ("resolved", "borgerservice", True)
    assert (enquiry.kind, enquiry.level) == (ServiceKind.TRANSACTION, Level.ADMINISTER)
    assert contact.version_id is not None


def test_the_deed_leaves_one_event_without_a_name_or_a_text(cast: SimpleNamespace) -> None:
    before = Event.objects.count()
    register(cast.alice, note="Ville have pas til Anna Prøve")
    (event,) = Event.objects.order_by("id")[before:]
    assert (event.verb, event.subject_kind) == ("contact.registered", "contact")
    assert event.facts["services"] == ["pas"]
    assert "Anna" not in str(event.facts)


def test_a_mother_with_two_childrens_passports_is_one_contact_and_three_people(cast: SimpleNamespace) -> None:
    mother, first, second = (Citizen.objects.create() for _ in range(3))
    register(
        cast.alice,
        NewEnquiry(service="pas"),
        NewEnquiry(service="pas", for_whom=(first.pk,)),
        NewEnquiry(service="pas", for_whom=(second.pk,)),
        asker=mother.pk,
    )
    persons = EnquiryPerson.objects.order_by("enquiry__position").values_list("citizen_id", flat=True)
    assert list(persons) == [mother.pk, first.pk, second.pk]
    assert set(LookUp.objects.values_list("citizen_id", flat=True)) == {mother.pk, first.pk, second.pk}


def test_a_helper_asks_for_someone_and_is_not_the_one_it_is_for(cast: SimpleNamespace) -> None:
    daughter = Citizen.objects.create()
    register(cast.alice, asker=daughter.pk, who_asks=WhoAsks.HELPER)
    assert not EnquiryPerson.objects.exists()


def test_a_cpr_in_a_note_is_replaced_before_it_is_saved(cast: SimpleNamespace) -> None:
    register(cast.alice, note="Ringede for 610190-1234 om passet")
    note, citizen = Note.objects.get(), Citizen.objects.get()
    assert note.text == f"Ringede for [borger {citizen.pk}] om passet"


def test_a_handover_carries_its_summary_and_a_day_the_model_gives(cast: SimpleNamespace) -> None:
    register(
        cast.alice,
        NewEnquiry(
            service="byggesag",
            outcome=Outcome.PASSED_ON,
            handover=NewHandover(department="teknik", summary="Carport på 610190-1234s grund"),
        ),
    )
    handover = Handover.objects.get()
    assert handover.promised_on == dt.date(2026, 3, 18)  # five working days after Wednesday 11 March
    assert "610190" not in handover.summary
    assert Enquiry.objects.get().promised_on == handover.promised_on


def test_the_services_own_deadline_goes_before_the_departments(cast: SimpleNamespace) -> None:
    register(
        cast.alice,
        NewEnquiry(
            service="koerekort",
            outcome=Outcome.PASSED_ON,
            handover=NewHandover(department="jobcenter", summary="Skal undersøges"),
        ),
    )
    assert Handover.objects.get().promised_on == dt.date(2026, 3, 25)


def test_a_citizen_is_shown_to_another_authority(cast: SimpleNamespace) -> None:
    signpost = NewSignpost(how=ForwardKind.TOLD, authority="skat")
    register(cast.alice, NewEnquiry(service="aabningstider", outcome=Outcome.SIGNPOSTED, signpost=signpost))
    assert Signpost.objects.get().authority_id == "skat"


def test_a_contact_of_last_year_is_judged_by_last_years_version_and_says_it_is_late(cast: SimpleNamespace) -> None:
    began = dt.datetime(2025, 12, 30, 10, 0, tzinfo=house_clock.DENMARK)
    register(cast.alice, NewEnquiry(service="boligstoette"), started_at=began, ended_at=began)
    contact = Contact.objects.get()
    assert contact.version.valid_from == dt.date(2025, 1, 1)
    assert contact.late


def test_what_began_before_midnight_belongs_to_that_danish_day(cast: SimpleNamespace) -> None:
    began = dt.datetime(2026, 3, 10, 23, 30, tzinfo=dt.UTC)  # 00:30 on 11 March in Denmark
    register(cast.alice, started_at=began, ended_at=began)
    assert Contact.objects.get().received_on == dt.date(2026, 3, 11)


# ---------------------------------------------------------------------------------------------- what is refused


def test_a_service_that_closed_last_month_is_refused_and_its_successor_named(cast: SimpleNamespace) -> None:
    errors = refusal(cast.alice, NewEnquiry(service="boligstoette"))
    assert errors == {
        "enquiries.0.service": "Opgaven Boligstøtte ophørte 1. marts 2026; brug Vejledning om boligstøtte."
    }


def test_the_refusal_speaks_english_to_whoever_has_chosen_it(cast: SimpleNamespace) -> None:
    with translation.override("en"):
        errors = refusal(cast.alice, enquiries_of_nothing := NewEnquiry(service="findes-ikke"))
    assert enquiries_of_nothing.service not in str(errors)
    assert set(errors) == {"enquiries.0.service"}


def test_a_service_that_has_not_begun_is_refused(cast: SimpleNamespace) -> None:
    began = dt.datetime(2026, 2, 3, 10, 0, tzinfo=house_clock.DENMARK)
    errors = refusal(cast.alice, NewEnquiry(service="boligstoette_vejledning"), started_at=began, ended_at=began)
    assert "begynder først 1. marts 2026" in errors["enquiries.0.service"]


def test_more_than_forty_matters_are_another_contact(cast: SimpleNamespace) -> None:
    assert set(refusal(cast.alice, *(NewEnquiry(service="pas") for _ in range(41)))) == {"enquiries"}


def test_a_contact_that_ended_before_it_began_is_refused(cast: SimpleNamespace) -> None:
    now = house_clock.now()
    errors = refusal(cast.alice, started_at=now, ended_at=now - dt.timedelta(minutes=1))
    assert set(errors) == {"ended_at"}


def test_a_contact_in_the_far_future_is_refused(cast: SimpleNamespace) -> None:
    errors = refusal(cast.alice, started_at=house_clock.now() + dt.timedelta(days=400))
    assert set(errors) == {"started_at"}


def test_a_contact_before_any_policy_was_adopted_is_refused(cast: SimpleNamespace) -> None:
    began = dt.datetime(1999, 5, 4, 10, 0, tzinfo=house_clock.DENMARK)
    assert set(refusal(cast.alice, started_at=began, ended_at=began)) == {"started_at"}


def test_a_note_of_a_million_characters_is_refused_and_says_how_long_it_may_be(cast: SimpleNamespace) -> None:
    errors = refusal(cast.alice, note="æ" * 1_000_000)
    assert "1.000.000" in errors["note"]
    assert "20.000" in errors["note"]


@pytest.mark.parametrize(
    ("enquiry", "field"),
    [
        (NewEnquiry(service="pas", outcome=Outcome.MUST_COME_BACK), "come_back_reason"),
        (NewEnquiry(service="pas", outcome=Outcome.WITHDRAWN), "withdrawn_why"),
        (NewEnquiry(service="pas", outcome=Outcome.PASSED_ON), "handover.department"),
        (NewEnquiry(service="pas", outcome=Outcome.SIGNPOSTED), "signpost.authority"),
        (NewEnquiry(service="pas", outcome=Outcome.OPEN), "promised_on"),
        (NewEnquiry(service="pas", outcome=Outcome.OPEN, promised_on=dt.date(2026, 3, 10)), "promised_on"),
        (NewEnquiry(service="pas", come_back_reason=ComeBackReason.ID), "come_back_reason"),
        (NewEnquiry(service="pas", withdrawn_why=WithdrawnWhy.GAVE_UP), "withdrawn_why"),
        (NewEnquiry(service="pas", follows=7), "follows_how"),
        (NewEnquiry(service="pas", follows=7, follows_how=FollowsHow.CHASING), "follows"),
        (NewEnquiry(service="pas", case_number="610190-1234"), "case_number"),
        (
            NewEnquiry(
                service="pas",
                outcome=Outcome.PASSED_ON,
                handover=NewHandover(department="findes-ikke", summary="Sag"),
            ),
            "handover.department",
        ),
        (
            NewEnquiry(
                service="pas", outcome=Outcome.PASSED_ON, handover=NewHandover(department="teknik", summary="  ")
            ),
            "handover.summary",
        ),
        (
            NewEnquiry(service="pas", outcome=Outcome.SIGNPOSTED, signpost=NewSignpost(how=ForwardKind.TOLD)),
            "signpost.authority",
        ),
    ],
)
def test_an_outcome_without_its_companion_is_refused_by_the_field(
    cast: SimpleNamespace, enquiry: NewEnquiry, field: str
) -> None:
    assert set(refusal(cast.alice, enquiry)) == {f"enquiries.0.{field}"}


def test_an_open_matter_needs_someone_who_follows_up(cast: SimpleNamespace) -> None:
    enquiry = NewEnquiry(service="pas", outcome=Outcome.OPEN, promised_on=dt.date(2026, 3, 20))
    contact = NewContact(centre="aabybro", enquiries=(enquiry,))
    with pytest.raises(Refused) as refused:
        register_contact(employee=None, actor=employee_actor(cast.alice.pk), contact=contact, key=uuid.uuid4())
    assert set(refused.value.errors) == {"enquiries.0.outcome"}


def test_an_unknown_place_or_a_medium_of_another_channel_is_refused(cast: SimpleNamespace) -> None:
    assert set(refusal(cast.alice, centre="atlantis")) == {"centre"}
    assert set(refusal(cast.alice, medium="letter", channel=Channel.PHONE)) == {"medium"}
    assert set(refusal(cast.alice, department="atlantis")) == {"department"}


def test_a_contact_without_a_matter_is_refused(cast: SimpleNamespace) -> None:
    with pytest.raises(Refused) as refused:
        register_contact(
            employee=cast.alice, actor=employee_actor(cast.alice.pk), contact=NewContact(), key=uuid.uuid4()
        )
    assert set(refused.value.errors) == {"enquiries"}


def test_a_citizen_who_does_not_exist_is_refused(cast: SimpleNamespace) -> None:
    assert set(refusal(cast.alice, asker=999_999)) == {"asker"}


def test_someone_elses_matter_cannot_be_followed(cast: SimpleNamespace) -> None:
    anna, birgit = Citizen.objects.create(), Citizen.objects.create()
    register(cast.alice, asker=anna.pk)
    earlier = Enquiry.objects.get()
    with pytest.raises(Refused) as refused:
        register(
            cast.bob,
            NewEnquiry(service="pas", follows=earlier.pk, follows_how=FollowsHow.CHASING),
            asker=birgit.pk,
        )
    assert set(refused.value.errors) == {"enquiries.0.follows"}
    assert Contact.objects.count() == 1


def test_the_daughter_calls_about_her_mothers_matter(cast: SimpleNamespace) -> None:
    mother, daughter = Citizen.objects.create(), Citizen.objects.create()
    register(cast.alice, asker=mother.pk)
    earlier = Enquiry.objects.get()
    register(
        cast.bob,
        NewEnquiry(service="pas", follows=earlier.pk, follows_how=FollowsHow.CHASING, for_whom=(mother.pk,)),
        asker=daughter.pk,
        who_asks=WhoAsks.HELPER,
    )
    assert Enquiry.objects.get(follows=earlier).follows_how == FollowsHow.CHASING


def test_she_comes_back_with_the_document_and_the_first_matter_is_solved_too(cast: SimpleNamespace) -> None:
    anna = Citizen.objects.create()
    missing = NewEnquiry(service="pas", outcome=Outcome.MUST_COME_BACK, come_back_reason=ComeBackReason.DOCUMENT)
    register(cast.alice, missing, asker=anna.pk)
    first = Enquiry.objects.get()
    step = NewEnquiry(service="pas", follows=first.pk, follows_how=FollowsHow.PLANNED_STEP)
    register(cast.bob, step, asker=anna.pk)
    first.refresh_from_db()
    assert (first.outcome, first.on_the_spot, first.come_back_reason) == ("resolved", False, "")
    assert first.outcome_changes.get().was == Outcome.MUST_COME_BACK


# ---------------------------------------------------------------------------------------------- twice


def test_a_second_click_gives_the_same_receipt_and_writes_nothing(cast: SimpleNamespace) -> None:
    key = uuid.uuid4()
    first, events = register(cast.alice, key=key), Event.objects.count()
    second = register(cast.alice, key=key)
    assert (second.contact_id, second.repeated) == (first.contact_id, True)
    assert Contact.objects.count() == 1
    assert Event.objects.count() == events


def test_the_same_form_with_other_content_is_refused(cast: SimpleNamespace) -> None:
    key = uuid.uuid4()
    register(cast.alice, key=key)
    with pytest.raises(KeyReused):
        register(cast.alice, NewEnquiry(service="koerekort"), key=key)
    assert Contact.objects.count() == 1


def test_someone_elses_key_gives_nobody_a_look_at_her_receipt(cast: SimpleNamespace) -> None:
    key = uuid.uuid4()
    register(cast.alice, key=key)
    with pytest.raises(KeyReused):
        register(cast.bob, key=key, centre="aabybro")


def test_a_receipt_stands_even_when_the_service_has_closed_since(cast: SimpleNamespace, clock: Any) -> None:
    key, began = uuid.uuid4(), house_clock.now()
    first = register(cast.alice, key=key, started_at=began, ended_at=began)
    clock.stand(began - dt.timedelta(days=2))  # now the same content would be refused: it lies in the future
    assert register(cast.alice, key=key, started_at=began, ended_at=began).contact_id == first.contact_id


@pytest.mark.parametrize(
    "typed",
    ["12345678", "12 34 56 78", "12-34-56-78", "12.34.56.78", "+45 12345678", "0045 12 34 56 78", "(+45) 12 34 56 78"],
)
def test_a_number_is_the_same_however_it_is_typed(typed: str) -> None:
    assert repeat_mark(typed) == "12345678"


def test_a_number_abroad_and_an_email_are_the_same_however_they_are_typed() -> None:
    assert repeat_mark("+46 70-123 45 67") == repeat_mark("0046 701234567") == "+46701234567"
    assert repeat_mark(" Anna@Proeve.example ") == "anna@proeve.example"


@pytest.mark.parametrize("nobody", ["ukendt", "-", "?", "hemmeligt nr.", "00000000", "112", "anna@", "ingen @"])
def test_all_who_are_unknown_are_not_made_one_person(cast: SimpleNamespace, nobody: str) -> None:
    with pytest.raises(Refused) as refused:
        register(cast.alice, repeat_of=nobody)
    assert list(refused.value.errors) == ["repeat_of"]
    assert repeat_key_of(nobody) is None


def test_a_cpr_in_the_telephones_field_is_told_where_it_belongs(cast: SimpleNamespace) -> None:
    with pytest.raises(Refused, match="feltet til CPR-nummer"):
        register(cast.alice, repeat_of="610190-1234")


@override_settings(INDEX_KEY="33" * 32)
def test_a_repeat_key_is_a_keyed_hash_that_spaces_and_country_code_do_not_change(cast: SimpleNamespace) -> None:
    register(cast.alice, repeat_of="+45 12 34 56 78")
    register(cast.alice, repeat_of="12345678")
    keys = {bytes(key) for key in Contact.objects.values_list("repeat_key", flat=True)}
    assert len(keys) == 1
    assert b"12345678" not in keys.pop()
