"""An enquiry's outcome: who may give it, what may follow which, and that every change is kept."""

from __future__ import annotations

import datetime as dt
import uuid
from types import SimpleNamespace
from typing import Any

import pytest

from hovedindgang.contacts import actions, queries
from hovedindgang.contacts.actions import NewEnquiry, NewHandover, NewSignpost
from hovedindgang.contacts.actions.asking import promised_by_model
from hovedindgang.contacts.models import Enquiry, Handover, OutcomeChange, Tally
from hovedindgang.contacts.rules import (
    ChangeWhy,
    ComeBackReason,
    FollowsHow,
    ForwardKind,
    Ground,
    KeyReused,
    NotAllowed,
    Outcome,
    Refused,
    TallyKind,
)
from hovedindgang.contacts.tests.desk import handed_over, register, registered
from hovedindgang.kernel import clock as house_clock
from hovedindgang.kernel.models import Event
from hovedindgang.people.models import Citizen
from hovedindgang.people.rules import NoAccess
from hovedindgang.policy.queries import in_force
from hovedindgang.servicemodel.document import Channel

pytestmark = [pytest.mark.django_db]
FRIDAY = dt.date(2026, 3, 13)


def opened(cast: SimpleNamespace, **fields: Any) -> Enquiry:
    return registered(cast.alice, NewEnquiry(service="flytning", outcome=Outcome.OPEN, promised_on=FRIDAY), **fields)


def test_bob_concludes_what_alice_left_open(cast: SimpleNamespace, clock: Any) -> None:
    enquiry = opened(cast)
    assert (enquiry.owner, enquiry.outcome_at) == (cast.alice, None)
    clock.go(days=1)
    done = actions.conclude_enquiry(employee=cast.bob, enquiry_id=enquiry.pk, outcome=Outcome.RESOLVED)
    assert (done.outcome, done.outcome_by, done.worked_by, done.on_the_spot, done.owner_id) == (
        Outcome.RESOLVED,
        cast.bob,
        "borgerservice",
        False,
        None,
    )
    change = OutcomeChange.objects.get()
    assert (change.was, change.became, change.why, change.by) == ("open", "resolved", "concluded", cast.bob)


def test_a_concluded_enquiry_is_not_concluded_again(cast: SimpleNamespace, clock: Any) -> None:
    enquiry = opened(cast)
    actions.conclude_enquiry(employee=cast.bob, enquiry_id=enquiry.pk, outcome=Outcome.RESOLVED)
    events = Event.objects.count()
    with pytest.raises(NotAllowed):
        actions.conclude_enquiry(
            employee=cast.alice,
            enquiry_id=enquiry.pk,
            outcome=Outcome.MUST_COME_BACK,
            come_back_reason=ComeBackReason.ID,
        )
    assert Event.objects.count() == events


def test_a_conclusion_needs_its_companion_too(cast: SimpleNamespace, clock: Any) -> None:
    enquiry = opened(cast)
    for outcome in (Outcome.MUST_COME_BACK, Outcome.WITHDRAWN, Outcome.SIGNPOSTED):
        with pytest.raises(Refused):
            actions.conclude_enquiry(employee=cast.alice, enquiry_id=enquiry.pk, outcome=outcome)
    enquiry.refresh_from_db()
    assert enquiry.outcome == Outcome.OPEN


def test_an_open_matter_may_end_with_a_signpost(cast: SimpleNamespace, clock: Any) -> None:
    enquiry = opened(cast)
    told = NewSignpost(how=ForwardKind.REFERRED, authority="udk", ground=Ground.CONSENT)
    actions.conclude_enquiry(employee=cast.alice, enquiry_id=enquiry.pk, outcome=Outcome.SIGNPOSTED, signpost=told)
    signpost = enquiry.signposts.get()
    assert actions.note_got_there(employee=cast.bob, signpost_id=signpost.pk, got_there=True).got_there


def test_a_citizen_who_was_not_helped_has_her_matter_opened_again(cast: SimpleNamespace, clock: Any) -> None:
    enquiry = registered(cast.alice)
    actions.reopen_enquiry(employee=cast.bob, enquiry_id=enquiry.pk, why=ChangeWhy.REOPENED, promised_on=FRIDAY)
    enquiry.refresh_from_db()
    assert (enquiry.outcome, enquiry.owner, enquiry.worked_by, enquiry.promised_on) == ("open", cast.bob, "", FRIDAY)


def test_a_matter_is_not_opened_again_without_a_day_to_come_or_for_no_reason(cast: SimpleNamespace, clock: Any) -> None:
    enquiry = registered(cast.alice)
    with pytest.raises(Refused):
        actions.reopen_enquiry(
            employee=cast.bob, enquiry_id=enquiry.pk, why=ChangeWhy.REOPENED, promised_on=dt.date(2026, 3, 10)
        )
    with pytest.raises(Refused):
        actions.reopen_enquiry(employee=cast.bob, enquiry_id=enquiry.pk, why=ChangeWhy.ANSWERED, promised_on=FRIDAY)


def test_she_comes_again_later_and_is_helped_then(cast: SimpleNamespace, clock: Any) -> None:
    anna = Citizen.objects.create()
    first = registered(
        cast.alice,
        NewEnquiry(service="pas", outcome=Outcome.MUST_COME_BACK, come_back_reason=ComeBackReason.DOCUMENT),
        asker=anna.pk,
    )
    clock.go(days=1)
    step = registered(
        cast.bob,
        NewEnquiry(
            service="pas",
            outcome=Outcome.OPEN,
            promised_on=FRIDAY,
            follows=first.pk,
            follows_how=FollowsHow.PLANNED_STEP,
        ),
        asker=anna.pk,
    )
    first.refresh_from_db()
    assert first.outcome == Outcome.MUST_COME_BACK
    events = Event.objects.count()
    actions.conclude_enquiry(employee=cast.bob, enquiry_id=step.pk, outcome=Outcome.RESOLVED)
    first.refresh_from_db()
    assert first.outcome == Outcome.RESOLVED
    assert Event.objects.count() == events + 1


LACKS_PAPERS = NewEnquiry(service="pas", outcome=Outcome.MUST_COME_BACK, come_back_reason=ComeBackReason.DOCUMENT)


def step_of(earlier: Enquiry, **said: Any) -> NewEnquiry:
    return NewEnquiry(service="pas", follows=earlier.pk, follows_how=FollowsHow.PLANNED_STEP, **said)


def test_she_who_brought_her_papers_and_then_lacked_her_id_waits_nowhere_once_she_is_helped(
    cast: SimpleNamespace, clock: Any
) -> None:
    anna = Citizen.objects.create()
    first = registered(cast.alice, LACKS_PAPERS, asker=anna.pk)
    clock.go(days=1)
    lacks_id = step_of(first, outcome=Outcome.MUST_COME_BACK, come_back_reason=ComeBackReason.ID)
    second = registered(cast.bob, lacks_id, asker=anna.pk)
    clock.go(days=1)
    last = registered(cast.bob, step_of(second, outcome=Outcome.OPEN, promised_on=FRIDAY), asker=anna.pk)
    actions.conclude_enquiry(employee=cast.bob, enquiry_id=last.pk, outcome=Outcome.RESOLVED)
    for waited in (first, second):
        waited.refresh_from_db()
        assert (waited.outcome, waited.worked_by) == (Outcome.RESOLVED, "borgerservice")
    assert queries.owed(cast.alice).waiting == queries.owed(cast.bob).waiting == []


def test_a_time_booked_in_between_ends_no_waiting_and_hides_none(cast: SimpleNamespace, clock: Any) -> None:
    anna = Citizen.objects.create()
    first = registered(cast.alice, LACKS_PAPERS, asker=anna.pk)
    clock.go(days=1)
    booking = registered(cast.bob, step_of(first, preparatory=True), asker=anna.pk, channel=Channel.PHONE)
    first.refresh_from_db()
    assert first.outcome == Outcome.MUST_COME_BACK
    clock.go(days=1)
    registered(cast.bob, step_of(booking), asker=anna.pk)
    first.refresh_from_db()
    assert first.outcome == Outcome.RESOLVED


def test_what_she_came_back_to_a_department_with_was_its_work(cast: SimpleNamespace, clock: Any) -> None:
    anna = Citizen.objects.create()
    first = registered(cast.alice, LACKS_PAPERS, asker=anna.pk)
    clock.go(days=1)
    registered(cast.alice, step_of(first), asker=anna.pk, department="jobcenter", centre=None)
    first.refresh_from_db()
    assert (first.outcome, first.worked_by) == (Outcome.RESOLVED, "department")


def test_a_visit_entered_late_is_as_old_as_the_day_it_tells_of(cast: SimpleNamespace, clock: Any) -> None:
    """She came on Tuesday, when the system was down, and rang on Wednesday; Tuesday's paper is entered on Thursday."""
    anna = Citizen.objects.create()
    tuesday = house_clock.now()
    clock.go(days=1)
    wednesday = registered(cast.alice, asker=anna.pk, channel=Channel.PHONE)
    clock.go(days=1)
    backwards = NewEnquiry(service="pas", follows=wednesday.pk, follows_how=FollowsHow.CHASING)
    with pytest.raises(Refused, match="senere") as refused:
        registered(cast.bob, backwards, asker=anna.pk, started_at=tuesday, ended_at=tuesday)
    assert list(refused.value.errors) == ["enquiries.0.follows"]
    entered = registered(cast.bob, asker=anna.pk, started_at=tuesday, ended_at=tuesday)
    assert entered.pk > wednesday.pk
    assert queries.earlier_matters(cast.alice, wednesday) == [entered]
    assert queries.earlier_matters(cast.alice, entered) == []
    actions.follow_enquiry(employee=cast.alice, enquiry_id=wednesday.pk, follows=entered.pk, how=FollowsHow.CHASING)
    with pytest.raises(Refused, match="senere"):
        actions.follow_enquiry(employee=cast.alice, enquiry_id=entered.pk, follows=wednesday.pk, how=FollowsHow.CHASING)


def test_two_visits_of_one_day_never_continue_each_other(cast: SimpleNamespace, clock: Any) -> None:
    """The morning's paper is entered in the afternoon, and joined to the afternoon's visit by mistake."""
    anna = Citizen.objects.create()
    morning = house_clock.now()
    clock.go(hours=4)
    afternoon = registered(cast.alice, asker=anna.pk)
    backwards = NewEnquiry(service="pas", follows=afternoon.pk, follows_how=FollowsHow.PLANNED_STEP)
    entered = registered(cast.alice, backwards, asker=anna.pk, started_at=morning, ended_at=morning)
    join = {"employee": cast.alice, "follows": entered.pk, "how": FollowsHow.PLANNED_STEP}
    with pytest.raises(Refused, match="følger selv det her"):
        actions.follow_enquiry(enquiry_id=afternoon.pk, **join)
    actions.follow_enquiry(employee=cast.alice, enquiry_id=entered.pk, follows=None, how=None)
    assert actions.follow_enquiry(enquiry_id=afternoon.pk, **join).follows_id == entered.pk


def test_wrong_guidance_is_written_down_with_the_day_it_was_known(cast: SimpleNamespace, clock: Any) -> None:
    enquiry = registered(cast.alice)
    clock.go(days=10)
    with pytest.raises(Refused):
        actions.correct_enquiry(employee=cast.bob, enquiry_id=enquiry.pk, found_wrong_on=dt.date(2027, 1, 1))
    with pytest.raises(Refused):
        actions.correct_enquiry(employee=cast.bob, enquiry_id=enquiry.pk, found_wrong_on=dt.date(2026, 3, 10))
    day = dt.date(2026, 3, 20)
    assert actions.correct_enquiry(employee=cast.bob, enquiry_id=enquiry.pk, found_wrong_on=day).found_wrong_on == day


def test_a_matter_follows_only_an_earlier_one_of_the_same_person(cast: SimpleNamespace, clock: Any) -> None:
    anna, birgit = Citizen.objects.create(), Citizen.objects.create()
    first, other = registered(cast.alice, asker=anna.pk), registered(cast.alice, asker=birgit.pk)
    clock.go(hours=1)
    second = registered(cast.alice, asker=anna.pk)
    followed = actions.follow_enquiry(employee=cast.bob, enquiry_id=second.pk, follows=first.pk, how=FollowsHow.CHASING)
    assert followed.follows == first
    for wrong, of in ((other.pk, second.pk), (second.pk, first.pk)):
        with pytest.raises(Refused):
            actions.follow_enquiry(employee=cast.bob, enquiry_id=of, follows=wrong, how=FollowsHow.CHASING)
    with pytest.raises(Refused):
        actions.follow_enquiry(employee=cast.bob, enquiry_id=second.pk, follows=first.pk, how=None)


def test_one_more_person_is_named_once(cast: SimpleNamespace, clock: Any) -> None:
    enquiry, anna = registered(cast.alice), Citizen.objects.create()
    for _ in range(2):
        actions.add_for_whom(employee=cast.alice, enquiry_id=enquiry.pk, citizen_id=anna.pk)
    assert enquiry.for_whom.get().citizen == anna
    with pytest.raises(Refused):
        actions.add_for_whom(employee=cast.alice, enquiry_id=enquiry.pk, citizen_id=999_999)


# -------------------------------------------------------------------------------------------------- the handover


def test_hanne_accepts_and_answers_and_it_is_not_solved_in_borgerservice(cast: SimpleNamespace, clock: Any) -> None:
    handover = handed_over(cast.alice)
    with pytest.raises(NotAllowed):
        actions.answer_handover(employee=cast.hanne, handover_id=handover.pk, answer="Ja")
    actions.accept_handover(employee=cast.hanne, handover_id=handover.pk)
    actions.answer_handover(employee=cast.hanne, handover_id=handover.pk, answer="Ja. Skriv til 610190-1234")
    enquiry = Enquiry.objects.get()
    assert (enquiry.outcome, enquiry.worked_by, enquiry.outcome_by) == ("resolved", "department", cast.hanne)
    told = actions.pass_answer_on(employee=cast.bob, handover_id=handover.pk)
    assert told.told_at is not None
    assert "610190" not in told.answer
    with pytest.raises(NotAllowed):
        actions.pass_answer_on(employee=cast.bob, handover_id=handover.pk)


@pytest.mark.parametrize("deed", ["decline", "return"])
def test_what_a_department_sends_back_is_open_with_who_sent_it_and_the_promise_stands(
    cast: SimpleNamespace, clock: Any, deed: str
) -> None:
    handover = handed_over(cast.alice)
    clock.go(days=30)  # long after the promised day
    if deed == "return":
        actions.accept_handover(employee=cast.hanne, handover_id=handover.pk)
        actions.return_handover(employee=cast.hanne, handover_id=handover.pk, reason="Ikke vores")
    else:
        actions.decline_handover(employee=cast.hanne, handover_id=handover.pk, reason="Ikke vores")
    enquiry = Enquiry.objects.get()
    assert (enquiry.outcome, enquiry.owner, enquiry.promised_on) == ("open", cast.alice, dt.date(2026, 3, 18))
    event = Event.objects.latest("id")
    assert event.facts["late"] is True
    assert "Ikke vores" not in str(event.facts)


def test_a_returned_matter_can_be_handed_to_another_department(cast: SimpleNamespace, clock: Any) -> None:
    handover = handed_over(cast.alice)
    with pytest.raises(Refused):
        actions.decline_handover(employee=cast.hanne, handover_id=handover.pk, reason=" ")
    actions.decline_handover(employee=cast.hanne, handover_id=handover.pk, reason="Det er jobcentret")
    asked = NewHandover(department="jobcenter", summary="Vil i job", promised_on=dt.date(2026, 4, 1))
    second = actions.hand_over(employee=cast.bob, enquiry_id=handover.enquiry_id, handover=asked)
    assert second.promised_on == dt.date(2026, 4, 1)
    assert Handover.objects.filter(enquiry=handover.enquiry).count() == 2


def test_a_matter_lies_in_one_department_at_a_time(cast: SimpleNamespace, clock: Any) -> None:
    handover = handed_over(cast.alice)
    with pytest.raises(NotAllowed):
        actions.hand_over(
            employee=cast.bob,
            enquiry_id=handover.enquiry_id,
            handover=NewHandover(department="jobcenter", summary="Vil i job"),
        )


@pytest.mark.parametrize("who", ["charlie", "alice", "dorthe", "frida", "erik", "gorm"])
def test_only_the_department_that_was_asked_answers(cast: SimpleNamespace, clock: Any, who: str) -> None:
    handover = handed_over(cast.alice)
    with pytest.raises(NoAccess):
        actions.accept_handover(employee=getattr(cast, who), handover_id=handover.pk)


@pytest.mark.parametrize("who", ["charlie", "hanne", "frida", "erik", "gorm"])
def test_nobody_outside_borgerservice_touches_its_contacts(cast: SimpleNamespace, clock: Any, who: str) -> None:
    enquiry, stranger = opened(cast, note="Sagt ved skranken"), getattr(cast, who)
    note = enquiry.contact.notes.get()
    for deed in (
        lambda: actions.conclude_enquiry(employee=stranger, enquiry_id=enquiry.pk, outcome=Outcome.RESOLVED),
        lambda: actions.add_note(employee=stranger, contact_id=enquiry.contact_id, text="Hej"),
        lambda: actions.amend_note(employee=stranger, note_id=note.pk, text="Hej"),
        lambda: actions.merge_contacts(employee=stranger, contact_id=enquiry.contact_id, into_id=1),
    ):
        with pytest.raises(NoAccess):
            deed()


def test_a_caseworker_with_a_handover_does_not_open_or_conclude_for_borgerservice(
    cast: SimpleNamespace, clock: Any
) -> None:
    handover = handed_over(cast.alice)
    actions.decline_handover(employee=cast.hanne, handover_id=handover.pk, reason="Ikke vores")
    with pytest.raises(NoAccess):
        actions.conclude_enquiry(employee=cast.hanne, enquiry_id=handover.enquiry_id, outcome=Outcome.RESOLVED)
    with pytest.raises(NoAccess):
        actions.reopen_enquiry(
            employee=cast.hanne, enquiry_id=handover.enquiry_id, why=ChangeWhy.REOPENED, promised_on=FRIDAY
        )


# ------------------------------------------------------------------------------------------- merging and counting


def test_contacts_of_two_persons_are_never_merged(cast: SimpleNamespace, clock: Any) -> None:
    anna, birgit = Citizen.objects.create(), Citizen.objects.create()
    first, second = register(cast.alice, asker=anna.pk), register(cast.bob, asker=birgit.pk)
    with pytest.raises(Refused):
        actions.merge_contacts(employee=cast.alice, contact_id=second.contact_id, into_id=first.contact_id)


def test_a_merged_contact_is_neither_merged_on_nor_merged_into(cast: SimpleNamespace, clock: Any) -> None:
    a, b, c = (register(cast.alice).contact_id for _ in range(3))
    actions.merge_contacts(employee=cast.alice, contact_id=b, into_id=a)
    for contact, into in ((b, c), (c, b), (a, c)):
        with pytest.raises(Refused):
            actions.merge_contacts(employee=cast.alice, contact_id=contact, into_id=into)
    actions.part_contacts(employee=cast.alice, contact_id=b)
    with pytest.raises(Refused):
        actions.part_contacts(employee=cast.alice, contact_id=b)


def test_the_strip_counter_counts_a_key_once(cast: SimpleNamespace, clock: Any) -> None:
    key = uuid.uuid4()
    fields: dict[str, Any] = {"channel": Channel.IN_PERSON, "centre": "aabybro", "key": key}
    for _ in range(2):
        actions.count(employee=cast.alice, kind=TallyKind.RECEPTION, **fields)
    assert Tally.objects.get().on == dt.date(2026, 3, 11)
    with pytest.raises(KeyReused):
        actions.count(employee=cast.alice, kind=TallyKind.INFORMATION, **fields)
    with pytest.raises(NoAccess):
        actions.count(employee=cast.charlie, kind=TallyKind.RECEPTION, **fields)


def test_bob_takes_over_when_alice_is_ill_and_the_promised_day_stands(cast: SimpleNamespace, clock: Any) -> None:
    enquiry = opened(cast)
    for _ in range(2):
        taken = actions.take_over_enquiry(employee=cast.bob, enquiry_id=enquiry.pk)
    assert (taken.owner, taken.promised_on) == (cast.bob, FRIDAY)
    event = Event.objects.get(verb="enquiry.taken_over")
    assert (event.facts["was"], event.facts["owner"]) == (cast.alice.pk, cast.bob.pk)


def test_what_is_ended_or_not_hers_to_see_cannot_be_taken_over(cast: SimpleNamespace, clock: Any) -> None:
    enquiry = opened(cast)
    with pytest.raises(NoAccess):
        actions.take_over_enquiry(employee=cast.charlie, enquiry_id=enquiry.pk)
    actions.conclude_enquiry(employee=cast.alice, enquiry_id=enquiry.pk, outcome=Outcome.RESOLVED)
    with pytest.raises(NotAllowed):
        actions.take_over_enquiry(employee=cast.bob, enquiry_id=enquiry.pk)


# ----------------------------------------------------------------------------------------------------- entered later


THREE_WEEKS_AGO = dt.datetime(2026, 2, 18, 10, tzinfo=house_clock.DENMARK)  # it is 11 March


def entered_later(
    cast: SimpleNamespace, *, agreed: dt.date | None = None, spoken: bool = False, to: str = "teknik"
) -> Handover:
    asked = NewHandover(department=to, summary="Vil bygge en carport", promised_on=agreed, spoken=spoken)
    matter = NewEnquiry(service="byggesag", outcome=Outcome.PASSED_ON, handover=asked)
    enquiry = registered(cast.alice, matter, started_at=THREE_WEEKS_AGO, ended_at=THREE_WEEKS_AGO)
    return Handover.objects.get(enquiry=enquiry)


def test_a_department_has_its_whole_time_from_when_it_was_asked_however_late_that_was_entered(
    cast: SimpleNamespace, clock: Any
) -> None:
    model, now = in_force().model, house_clock.now()
    late = entered_later(cast)
    prompt = handed_over(cast.alice)
    assert (late.sent_at, late.promised_on) == (now, prompt.promised_on)
    by_model = promised_by_model(model, service="byggesag", department="teknik", day=dt.date(2026, 2, 18))
    assert late.enquiry.promised_on == by_model  # the citizen has waited since she asked
    assert (late.enquiry.outcome_at, late.enquiry.received_on) == (THREE_WEEKS_AGO, dt.date(2026, 2, 18))


def test_a_day_that_had_passed_when_it_was_entered_is_the_citizens_and_not_the_departments(
    cast: SimpleNamespace, clock: Any
) -> None:
    late = entered_later(cast, agreed=dt.date(2026, 2, 25))
    assert late.enquiry.promised_on == dt.date(2026, 2, 25)  # she was told so, and it was not kept
    assert late.promised_on == handed_over(cast.alice).promised_on > house_clock.today()
    still_to_come = entered_later(cast, agreed=dt.date(2026, 3, 12))
    assert still_to_come.promised_on == still_to_come.enquiry.promised_on == dt.date(2026, 3, 12)


def test_a_department_that_was_spoken_to_has_known_since_then(cast: SimpleNamespace, clock: Any) -> None:
    late = entered_later(cast, agreed=dt.date(2026, 2, 25), spoken=True)
    assert (late.sent_at, late.promised_on) == (THREE_WEEKS_AGO, dt.date(2026, 2, 25))
