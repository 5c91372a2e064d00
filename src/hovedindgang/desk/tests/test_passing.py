"""The form when its call is passed on: with exactly one person at every moment, and all of what was typed."""

from __future__ import annotations

import linecache
import re
import sys
from types import FrameType, SimpleNamespace
from typing import Any

import pytest

from hovedindgang.contacts.models import Consultation, Contact, Enquiry, Handover, Transfer
from hovedindgang.desk import actions, passing, pulse
from hovedindgang.desk.models import Draft
from hovedindgang.desk.queries import typed_in
from hovedindgang.desk.tests.forms_as_sent import INVENTED_CPR, form, send
from hovedindgang.desk.typed import Typed
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.people.actions import protect_citizen, register_citizen
from hovedindgang.people.models import Employee, Protection

SAID = {"pass_summary": "Hun har mistet sit pas", "note": "Rejser fredag", "service_0": "pas", "channel": "phone"}


@pytest.fixture
def alice(cast: SimpleNamespace, client_of: Any) -> Any:
    return client_of(cast.alice)


@pytest.fixture
def bob(cast: SimpleNamespace, client_of: Any) -> Any:
    return client_of(cast.bob)


def passed(browser: Any, to: str = "centre:pandrup", **said: str) -> Transfer:
    sent = form(step="pass", pass_to=to, **{**SAID, **said})
    answer = send(browser, sent)
    assert answer.status_code == 200, answer.content.decode()
    return Transfer.objects.latest("id")


def step(browser: Any, transfer: Transfer, what: str) -> Any:
    return browser.post(f"/skranke/viderestilling/{transfer.pk}/{what}/")


def draft_of(employee: Employee) -> Typed | None:
    draft = Draft.objects.filter(employee=employee).first()
    return typed_in(draft) if draft else None


@pytest.mark.django_db
def test_bob_says_yes_and_has_everything_alice_typed(cast: SimpleNamespace, alice: Any, bob: Any) -> None:
    transfer = passed(alice)
    assert draft_of(cast.alice) is not None  # hers until somebody says yes
    shown = bob.get("/skranke/nu/").content.decode()
    assert "Alice vil viderestille en samtale" in shown
    assert "Hun har mistet sit pas" in shown
    answer = step(bob, transfer, "accept")
    assert answer["Location"] == f"/skranke/?taget={transfer.contact_key}"
    assert draft_of(cast.alice) is None
    got = draft_of(cast.bob)
    assert got is not None
    assert got.key == transfer.contact_key
    assert got.contact["note"] == "Rejser fredag\nHun har mistet sit pas"
    assert "Hun har mistet sit pas" in bob.get(answer["Location"]).content.decode()


@pytest.mark.django_db
def test_what_bob_then_saves_is_one_contact_solved_here(
    cast: SimpleNamespace, alice: Any, bob: Any, django_capture_on_commit_callbacks: Any
) -> None:
    transfer = passed(alice)
    step(bob, transfer, "accept")
    got = draft_of(cast.bob)
    assert got is not None
    actions.register_typed(employee=cast.bob, typed=got)
    contact = Contact.objects.get()
    assert (contact.employee, contact.enquiries.get().worked_by) == (cast.bob, "borgerservice")
    assert contact.enquiries.get().sent_on == ""  # she was not sent anywhere: somebody answered
    assert Transfer.objects.get().contact == contact


@pytest.mark.django_db
def test_a_call_that_a_department_takes_is_handed_over_accepted_and_not_ours(
    cast: SimpleNamespace, alice: Any, client_of: Any
) -> None:
    transfer = passed(alice, "department:jobcenter")
    answer = step(client_of(cast.charlie), transfer, "accept")
    enquiry, handover = Enquiry.objects.get(), Handover.objects.get()
    assert answer["Location"] == f"/henvendelser/{enquiry.contact_id}/"
    assert (enquiry.outcome, enquiry.sent_on) == ("passed_on", "")
    assert (handover.state, handover.handled_by, handover.spoken) == ("accepted", cast.charlie, True)
    assert (handover.summary, handover.ground) == ("Hun har mistet sit pas", "own_case")
    assert enquiry.contact.employee == cast.alice
    assert not Draft.objects.exists()
    assert "Hun har mistet sit pas" in client_of(cast.charlie).get(answer["Location"]).content.decode()


@pytest.mark.django_db
def test_a_protected_citizens_call_is_asked_about_twice_by_the_giver_and_then_taken(
    cast: SimpleNamespace, alice: Any, client_of: Any
) -> None:
    citizen = register_citizen(actor=SYSTEM, cpr=INVENTED_CPR, name="Opdigtet Ottosen")
    protect_citizen(actor=SYSTEM, citizen_id=citizen.pk, protection=Protection.OWN)
    sent = form(step="pass", pass_to="department:jobcenter", asker=str(citizen.pk), identity="id_seen", **SAID)
    first = send(alice, sent)
    assert first.status_code == 422
    assert not Transfer.objects.exists()
    token = re.search(r'name="confirmed" value="(\w+)"', first.content.decode())
    assert token is not None
    assert send(alice, {**sent, "confirmed": token[1]}).status_code == 200
    step(client_of(cast.charlie), Transfer.objects.get(), "accept")
    assert Handover.objects.get().state == "accepted"


@pytest.mark.django_db
def test_a_department_gets_no_call_without_a_service(alice: Any) -> None:
    answer = send(alice, form(step="pass", pass_to="department:jobcenter", pass_summary="Hun spørger"))
    assert answer.status_code == 422
    assert "Vælg opgaven, før" in answer.content.decode()
    assert not Transfer.objects.exists()


@pytest.mark.django_db
def test_nobody_answers_and_alice_is_told_with_everything_still_there(
    cast: SimpleNamespace, alice: Any, bob: Any, clock: Any
) -> None:
    transfer = passed(alice)
    clock.go(minutes=2)
    assert "Ingen svarede. Samtalen er din igen" in alice.get("/skranke/nu/").content.decode()
    assert step(bob, transfer, "accept").status_code == 302
    got = draft_of(cast.alice)
    assert got is not None
    assert got.contact["pass_summary"] == "Hun har mistet sit pas"
    assert draft_of(cast.bob) is None
    step(alice, transfer, "seen")
    assert "Ingen venter på dig" in alice.get("/skranke/nu/").content.decode()


@pytest.mark.django_db
def test_a_call_alice_settles_herself_is_offered_no_longer(cast: SimpleNamespace, alice: Any, bob: Any) -> None:
    transfer = passed(alice)
    got = draft_of(cast.alice)
    assert got is not None
    actions.register_typed(employee=cast.alice, typed=got)
    transfer.refresh_from_db()
    assert transfer.state == "withdrawn"
    step(bob, transfer, "accept")
    assert Contact.objects.get().employee == cast.alice


@pytest.mark.django_db
def test_alice_goes_on_typing_after_bob_took_it_and_makes_no_second_one(
    cast: SimpleNamespace, alice: Any, bob: Any
) -> None:
    transfer = passed(alice)
    hers = draft_of(cast.alice)
    assert hers is not None
    step(bob, transfer, "accept")
    hers.contact["note"] += " og mere"
    assert not actions.keep_draft(employee_id=cast.alice.pk, typed=hers)
    with pytest.raises(actions.NotRegistered, match="Bob har taget samtalen"):
        actions.register_typed(employee=cast.alice, typed=hers)
    assert Draft.objects.get().employee == cast.bob
    assert not Contact.objects.exists()


@pytest.mark.django_db
def test_a_call_may_be_passed_back(cast: SimpleNamespace, alice: Any, bob: Any) -> None:
    step(bob, passed(alice), "accept")
    got = draft_of(cast.bob)
    assert got is not None
    got.contact.update(pass_to="centre:aabybro", pass_summary="Tilbage til dig")
    back = passing.offer(employee=cast.bob, typed=got)
    step(alice, back, "accept")
    again = draft_of(cast.alice)
    assert again is not None
    actions.register_typed(employee=cast.alice, typed=again)
    assert Contact.objects.get().employee == cast.alice


@pytest.mark.django_db
def test_a_colleague_is_found_by_the_beginning_of_her_name(cast: SimpleNamespace, alice: Any) -> None:
    assert passed(alice, "", pass_person="bo").to_employee == cast.bob
    answer = send(alice, form(step="pass", pass_person="alice", **SAID))
    assert "Ingen kollega hedder det" in answer.content.decode()  # nobody passes a call to herself
    Employee.objects.create_user("bobby", "the word of bobby", name="Bo Berg", is_employee=True)
    answer = send(alice, form(step="pass", pass_person="bo", **SAID))
    assert "Flere hedder det: Bo Berg, Bob" in answer.content.decode()
    assert "Hun har mistet sit pas" in answer.content.decode()


@pytest.mark.django_db
def test_two_colleagues_of_one_name_are_told_apart_and_each_can_be_reached(cast: SimpleNamespace, alice: Any) -> None:
    other = Employee.objects.create_user("bob2", "the word of bob2", name=cast.bob.name, is_employee=True)
    answer = send(alice, form(step="pass", pass_person="Bob", **SAID))
    assert "Flere hedder det: Bob (bob), Bob (bob2)" in answer.content.decode()
    assert passed(alice, "", pass_person="bob2").to_employee == other
    assert passed(alice, "", pass_person="Bob (bob)").to_employee == cast.bob


@pytest.mark.django_db
def test_a_colleague_whose_whole_name_begins_anothers_is_reached_by_it(cast: SimpleNamespace, alice: Any) -> None:
    Employee.objects.create_user("bobby", "the word of bobby", name="Bob Berg", is_employee=True)
    assert passed(alice, "", pass_person="Bob").to_employee == cast.bob


# Where the steps of a yes are; what they call is one transaction each, and cut in tests of its own.
CUT = (
    "desk/passing.py",
    "desk/actions.py",
    "actions/transferring.py",
    "actions/handing_over.py",
    "actions/consulting.py",
)


class Killed(BaseException):
    """The power goes, at one line."""


def killed_at(line: int, deed: Any) -> bool:
    """Run the deed and cut it off at its nth line of those files; False: it came to its end before."""
    seen = 0

    def trace(frame: FrameType, what: str, _arg: object) -> Any:
        nonlocal seen
        file = frame.f_code.co_filename
        if not file.endswith(CUT):
            return None
        # Not on a `with` as it is left: what is raised there would keep the transaction itself from ending.
        if what == "line" and not linecache.getline(file, frame.f_lineno).lstrip().startswith("with "):
            seen += 1
            if seen == line:
                raise Killed
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        deed()
    except Killed:
        return True
    finally:
        sys.settrace(before)
    return False


@pytest.mark.django_db
@pytest.mark.parametrize("to", ["centre:pandrup", "department:jobcenter"])
def test_a_kill_at_any_line_leaves_the_call_whole_with_one_of_the_two(
    cast: SimpleNamespace, alice: Any, to: str
) -> None:
    transfer = passed(alice, to)
    receiver = cast.bob if to.startswith("centre") else cast.charlie
    line = 0
    while killed_at(line := line + 1, lambda: passing.take(employee=receiver, transfer_id=transfer.pk)):
        transfer.refresh_from_db()
        kept = draft_of(cast.alice)
        assert (transfer.state, kept and kept.contact["pass_summary"]) == ("offered", "Hun har mistet sit pas"), line
        assert not Contact.objects.exists(), line
        assert Draft.objects.count() == 1, line
    assert line > 20
    assert Transfer.objects.get().state == "accepted"
    assert Draft.objects.count() + Contact.objects.count() == 1


# ------------------------------------------------------------------------------------------------------ consultation


@pytest.mark.django_db
def test_a_specialists_answer_is_advice_and_the_matter_is_solved_here(
    cast: SimpleNamespace, alice: Any, client_of: Any
) -> None:
    sent = form(step="ask", ask_to="department:jobcenter", question="Må en nabo hente det?", service_0="pas")
    assert "ærindet er stadig dit" in send(alice, sent).content.decode()
    question, charlie = Consultation.objects.get(), client_of(cast.charlie)
    assert "Alice spørger dig" in charlie.get("/skranke/nu/").content.decode()
    assert charlie.post(f"/skranke/sparring/{question.pk}/", {"answer": ""}).status_code == 422
    charlie.post(f"/skranke/sparring/{question.pk}/", {"answer": "Ja, med fuldmagt"})
    assert "Ja, med fuldmagt" in alice.get("/skranke/nu/").content.decode()
    got = draft_of(cast.alice)
    assert got is not None
    actions.register_typed(employee=cast.alice, typed=got)
    enquiry = Enquiry.objects.get()
    assert (enquiry.outcome, enquiry.worked_by, enquiry.advice, enquiry.on_the_spot) == (
        "resolved",
        "borgerservice",
        "specialist",
        True,
    )
    assert Consultation.objects.get().contact == enquiry.contact


# --------------------------------------------------------------------------------------------------- what is asked


@pytest.mark.django_db
def test_a_quiet_screen_is_asked_with_one_statement_and_told_nothing(
    alice: Any, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(3):  # the session, who she is, and whether anything concerns her
        answer = alice.get("/skranke/nu/", headers={"X-Watch": pulse.NOTHING})
    assert (answer.status_code, answer.content) == (204, b"")


@pytest.mark.django_db
def test_the_same_is_told_once(alice: Any, bob: Any) -> None:
    passed(alice)
    first = bob.get("/skranke/nu/", headers={"X-Watch": ""})
    assert first.status_code == 200
    assert b"<html" not in first.content
    assert bob.get("/skranke/nu/", headers={"X-Watch": first["X-Stamp"]}).status_code == 204


@pytest.mark.django_db
def test_a_step_nobody_knows_is_no_page(alice: Any) -> None:
    assert alice.post("/skranke/viderestilling/1/steal/").status_code == 404
    assert alice.post("/skranke/viderestilling/1/decline/").status_code == 403
