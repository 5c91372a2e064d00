"""Whatever people do, in whatever order: the house keeps its promises about an enquiry."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hovedindgang.contacts import actions
from hovedindgang.contacts.actions import NewEnquiry, NewHandover
from hovedindgang.contacts.models import Enquiry, Handover, OutcomeChange
from hovedindgang.contacts.rules import (
    OPEN_HANDOVER,
    REOPENING,
    ChangeWhy,
    ComeBackReason,
    Outcome,
    Refused,
    WithdrawnWhy,
    may_become,
)
from hovedindgang.contacts.tests.desk import registered
from hovedindgang.kernel import clock as house_clock
from hovedindgang.kernel.models import Event
from hovedindgang.people.rules import NoAccess

CONCLUSIONS: dict[str, dict[str, Any]] = {
    "resolve": {"outcome": Outcome.RESOLVED},
    "ask to come back": {"outcome": Outcome.MUST_COME_BACK, "come_back_reason": ComeBackReason.DOCUMENT},
    "withdraw": {"outcome": Outcome.WITHDRAWN, "withdrawn_why": WithdrawnWhy.GAVE_UP},
}
DEEDS = [*CONCLUSIONS, *(f"reopen: {why}" for why in REOPENING)]
DEEDS += ["hand over", "accept", "decline", "answer", "return", "tell", "find wrong"]


def attempt(deed: str, enquiry: Enquiry, cast: SimpleNamespace) -> None:
    """Do the deed as whoever usually does it. Raises Refused where the matter's state does not let it follow."""
    newest = Handover.objects.filter(enquiry=enquiry).order_by("-pk").first()
    number = newest.pk if newest else 0
    if deed in CONCLUSIONS:
        actions.conclude_enquiry(employee=cast.bob, enquiry_id=enquiry.pk, **CONCLUSIONS[deed])
    elif deed.startswith("reopen"):
        why, day = ChangeWhy(deed.split(": ")[1]), house_clock.today()
        actions.reopen_enquiry(employee=cast.bob, enquiry_id=enquiry.pk, why=why, promised_on=day)
    elif deed == "hand over":
        asked = NewHandover(department="teknik", summary="Carport")
        actions.hand_over(employee=cast.alice, enquiry_id=enquiry.pk, handover=asked)
    elif deed == "accept":
        actions.accept_handover(employee=cast.hanne, handover_id=number)
    elif deed == "decline":
        actions.decline_handover(employee=cast.hanne, handover_id=number, reason="Ikke vores")
    elif deed == "answer":
        actions.answer_handover(employee=cast.hanne, handover_id=number, answer="Ja")
    elif deed == "return":
        actions.return_handover(employee=cast.hanne, handover_id=number, reason="Ikke vores")
    elif deed == "tell":
        actions.pass_answer_on(employee=cast.alice, handover_id=number)
    else:
        actions.correct_enquiry(employee=cast.bob, enquiry_id=enquiry.pk, found_wrong_on=house_clock.today())


def check_promises(enquiry: Enquiry) -> None:
    enquiry.refresh_from_db()
    handovers = list(Handover.objects.filter(enquiry=enquiry))
    lying = [handover for handover in handovers if handover.state in OPEN_HANDOVER]
    assert len(lying) == (1 if enquiry.outcome == Outcome.PASSED_ON else 0)
    assert (enquiry.outcome == Outcome.OPEN) == (enquiry.owner_id is not None) == (enquiry.outcome_at is None)
    outcome = Outcome.OPEN
    for change in OutcomeChange.objects.filter(enquiry=enquiry).order_by("pk"):
        assert change.was == outcome
        assert may_become(outcome, Outcome(change.became), ChangeWhy(change.why))
        outcome = Outcome(change.became)
    assert outcome == enquiry.outcome
    by_department = enquiry.worked_by == "department"
    if by_department:
        assert any(handover.state == "answered" for handover in handovers)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(deeds=st.lists(st.sampled_from(DEEDS), min_size=6, max_size=24))
def test_any_sequence_of_deeds_keeps_the_promises_and_leaves_one_event_for_each(
    cast: SimpleNamespace, clock: Any, deeds: list[str]
) -> None:
    with transaction.atomic():
        enquiry = registered(
            cast.alice,
            NewEnquiry(service="byggesag", outcome=Outcome.OPEN, promised_on=house_clock.today()),
        )
        for deed in deeds:
            before = Event.objects.count()
            try:
                attempt(deed, enquiry, cast)
                done = 1
            except (Refused, NoAccess):
                done = 0
            assert Event.objects.count() == before + done
            check_promises(enquiry)
        transaction.set_rollback(True)
