"""A live call passed on, and a colleague asked: who has it, who may answer, and what each of the two is not."""

from __future__ import annotations

import uuid
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from hovedindgang.contacts import actions
from hovedindgang.contacts.actions import Receiver
from hovedindgang.contacts.models import Consultation, Transfer
from hovedindgang.contacts.rules import (
    CONSULTATION_ALLOWED,
    TRANSFER_ALLOWED,
    Advice,
    ConsultationState,
    NotAllowed,
    Refused,
    TransferState,
)
from hovedindgang.contacts.tests.test_two_at_once import at_once
from hovedindgang.kernel.models import Event
from hovedindgang.people.models import Citizen, Employee
from hovedindgang.people.rules import NoAccess
from hovedindgang.servicemodel.document import Channel

PANDRUP, JOBCENTER = Receiver(centre="pandrup"), Receiver(department="jobcenter")


def offered(giver: Employee, to: Receiver = PANDRUP, **said: Any) -> Transfer:
    said = {"contact_key": uuid.uuid4(), "summary": "Hun spørger om sit pas", "channel": Channel.PHONE, **said}
    return actions.offer_transfer(employee=giver, to=to, **said)


def asked(asker: Employee, to: Receiver = PANDRUP, **said: Any) -> Consultation:
    said = {"contact_key": uuid.uuid4(), "question": "Må en nabo hente passet?", **said}
    return actions.ask_consultation(employee=asker, to=to, **said)


@pytest.mark.django_db
def test_a_call_is_alices_until_bob_says_yes_and_bobs_from_then_on(cast: SimpleNamespace, clock: Any) -> None:
    transfer = offered(cast.alice)
    assert transfer.state == "offered"
    clock.go(seconds=20)
    taken = actions.accept_transfer(employee=cast.bob, transfer_id=transfer.pk)
    assert (taken.state, taken.answered_by) == ("accepted", cast.bob)
    event = Event.objects.get(verb="transfer.accepted")
    assert event.facts["seconds"] == 20
    assert "pas" not in str(event.facts).replace("pas'", "")  # nothing of what was summed up


@pytest.mark.django_db
def test_a_call_that_nobody_takes_in_the_models_seconds_is_alices_again(cast: SimpleNamespace, clock: Any) -> None:
    transfer = offered(cast.alice)
    clock.go(seconds=59)
    assert actions.lapse_transfers() == 0
    clock.go(seconds=1)
    with pytest.raises(NotAllowed, match="gået tilbage til Alice"):
        actions.accept_transfer(employee=cast.bob, transfer_id=transfer.pk)
    assert actions.lapse_transfers() == 1
    assert actions.lapse_transfers() == 0
    transfer.refresh_from_db()
    assert (transfer.state, transfer.answered_by, transfer.summary) == ("unanswered", None, "")
    assert Event.objects.get(verb="transfer.unanswered").actor_kind == "system"


@pytest.mark.django_db
@pytest.mark.parametrize("state", [state for state in TransferState if not TRANSFER_ALLOWED[state]])
def test_what_is_over_is_not_answered_again(cast: SimpleNamespace, clock: Any, state: TransferState) -> None:
    transfer = offered(cast.alice)
    if state is TransferState.ACCEPTED:
        actions.accept_transfer(employee=cast.bob, transfer_id=transfer.pk)
    elif state is TransferState.DECLINED:
        actions.decline_transfer(employee=cast.bob, transfer_id=transfer.pk)
    elif state is TransferState.WITHDRAWN:
        actions.withdraw_transfer(employee=cast.alice, transfer_id=transfer.pk)
    else:
        clock.go(minutes=5)
        actions.lapse_transfers()
    for deed, who in (
        (actions.accept_transfer, cast.bob),
        (actions.decline_transfer, cast.bob),
        (actions.withdraw_transfer, cast.alice),
    ):
        with pytest.raises(NotAllowed):
            deed(employee=who, transfer_id=transfer.pk)
    assert Transfer.objects.get().state == state


@pytest.mark.django_db
def test_only_whom_it_is_offered_to_may_answer_and_only_the_giver_takes_it_back(cast: SimpleNamespace) -> None:
    transfer = offered(cast.alice, JOBCENTER)
    for stranger in (cast.alice, cast.bob, cast.hanne, cast.dorthe, cast.erik):
        with pytest.raises(NoAccess):
            actions.accept_transfer(employee=stranger, transfer_id=transfer.pk)
    with pytest.raises(NoAccess):
        actions.withdraw_transfer(employee=cast.charlie, transfer_id=transfer.pk)
    assert actions.accept_transfer(employee=cast.charlie, transfer_id=transfer.pk).state == "accepted"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("to", "field"),
    [
        (Receiver(), "to"),
        (Receiver(centre="pandrup", department="jobcenter"), "to"),
        (Receiver(centre="nowhere"), "to"),
        (Receiver(department="nothing"), "to"),
        (Receiver(employee=10**6), "to"),
    ],
)
def test_a_call_goes_to_somebody_who_is_there(cast: SimpleNamespace, to: Receiver, field: str) -> None:
    with pytest.raises(Refused) as refused:
        offered(cast.alice, to)
    assert list(refused.value.errors) == [field]
    with pytest.raises(Refused):
        offered(cast.alice, Receiver(employee=cast.alice.pk))


@pytest.mark.django_db
def test_who_takes_it_need_not_ask_the_citizen_again(cast: SimpleNamespace) -> None:
    for empty in ("", "  \n", "\x00"):
        with pytest.raises(Refused) as refused:
            offered(cast.alice, summary=empty)
        assert "summary" in refused.value.errors


@pytest.mark.django_db
def test_a_cpr_in_the_summary_is_kept_as_a_citizen_and_not_as_text(cast: SimpleNamespace) -> None:
    assert "1234" not in offered(cast.alice, summary="Det er 610190-1234").summary
    assert Citizen.objects.count() == 1


@pytest.mark.django_db
def test_one_call_is_offered_to_one_at_a_time(cast: SimpleNamespace) -> None:
    key = uuid.uuid4()
    offered(cast.alice, contact_key=key)
    with pytest.raises(NotAllowed, match="allerede ved at blive viderestillet"):
        offered(cast.alice, JOBCENTER, contact_key=key)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "gone"},
        {"to_centre_id": None},
        {"to_department_id": "jobcenter"},
        {"summary": ""},
        {"state": "accepted", "summary": ""},
        {"ground": "because"},
        {"state": "unanswered"},
    ],
)
def test_the_database_itself_keeps_a_transfer_whole(cast: SimpleNamespace, wrong: dict[str, Any]) -> None:
    transfer = offered(cast.alice)
    with pytest.raises(IntegrityError), transaction.atomic():
        Transfer.objects.filter(pk=transfer.pk).update(**wrong)


@pytest.mark.django_db
def test_the_database_lets_nobody_answer_her_own_call(cast: SimpleNamespace) -> None:
    transfer = offered(cast.alice)
    ended = {"state": "accepted", "summary": "", "ended_at": transfer.offered_at, "answered_by": cast.alice}
    with pytest.raises(IntegrityError), transaction.atomic():
        Transfer.objects.filter(pk=transfer.pk).update(**ended)


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_say_yes_at_once_and_one_has_the_call(cast: SimpleNamespace) -> None:
    Employee.objects.create_user("ole", "the word of ole", name="Ole", is_employee=True, centre_id="pandrup")
    ole = Employee.objects.get(username="ole")
    transfer = offered(cast.alice)
    given = at_once(
        *[lambda who=who: actions.accept_transfer(employee=who, transfer_id=transfer.pk) for who in (cast.bob, ole)]
    )
    assert sorted(isinstance(one, NotAllowed) for one in given) == [False, True]
    assert Event.objects.filter(verb="transfer.accepted").count() == 1


@pytest.mark.django_db(transaction=True)
def test_alice_takes_it_back_as_bob_says_yes_and_exactly_one_has_it(cast: SimpleNamespace) -> None:
    transfer = offered(cast.alice)
    given = at_once(
        lambda: actions.accept_transfer(employee=cast.bob, transfer_id=transfer.pk),
        lambda: actions.withdraw_transfer(employee=cast.alice, transfer_id=transfer.pk),
    )
    assert sorted(isinstance(one, NotAllowed) for one in given) == [False, True]


# ------------------------------------------------------------------------------------------------------ consultation


@pytest.mark.django_db
def test_a_question_is_answered_with_how_long_it_took_and_the_citizen_stays(cast: SimpleNamespace, clock: Any) -> None:
    question = asked(cast.alice, JOBCENTER, service="pas")
    clock.go(minutes=3)
    answered = actions.answer_consultation(
        employee=cast.charlie, consultation_id=question.pk, answer="Ja, med en fuldmagt"
    )
    assert answered.minutes == 3
    assert actions.advice_given(contact_key=question.contact_key) == {"pas": Advice.SPECIALIST}
    assert not Transfer.objects.exists()


@pytest.mark.django_db
def test_only_who_was_asked_answers_and_only_once(cast: SimpleNamespace) -> None:
    question = asked(cast.alice)
    for stranger in (cast.alice, cast.charlie, cast.dorthe):
        with pytest.raises(NoAccess):
            actions.answer_consultation(employee=stranger, consultation_id=question.pk, answer="Ja")
    with pytest.raises(Refused, match="Skriv svaret"):
        actions.answer_consultation(employee=cast.bob, consultation_id=question.pk, answer=" ")
    actions.answer_consultation(employee=cast.bob, consultation_id=question.pk, answer="Ja")
    with pytest.raises(NotAllowed, match="allerede besvaret"):
        actions.answer_consultation(employee=cast.bob, consultation_id=question.pk, answer="Nej")


@pytest.mark.django_db
def test_a_question_that_is_withdrawn_needs_no_answer(cast: SimpleNamespace) -> None:
    question = asked(cast.alice)
    actions.withdraw_consultation(employee=cast.alice, consultation_id=question.pk)
    with pytest.raises(NotAllowed, match="behøves ikke"):
        actions.answer_consultation(employee=cast.bob, consultation_id=question.pk, answer="Ja")


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"answer": "Ja"}, {"state": "answered"}, {"question": ""}, {"to_centre_id": None}])
def test_the_database_itself_keeps_a_question_whole(cast: SimpleNamespace, wrong: dict[str, Any]) -> None:
    question = asked(cast.alice)
    with pytest.raises(IntegrityError), transaction.atomic():
        Consultation.objects.filter(pk=question.pk).update(**wrong)


@pytest.mark.django_db
def test_a_question_whose_contact_is_never_registered_is_forgotten(cast: SimpleNamespace, clock: Any) -> None:
    question = asked(cast.alice)
    clock.go(days=8)
    kept = asked(cast.alice)
    assert actions.forget_unregistered(before=kept.asked_at) == 1
    assert not Consultation.objects.filter(pk=question.pk).exists()


def test_every_state_is_in_the_table() -> None:
    assert set(TRANSFER_ALLOWED) == set(TransferState)
    assert set(CONSULTATION_ALLOWED) == set(ConsultationState)
