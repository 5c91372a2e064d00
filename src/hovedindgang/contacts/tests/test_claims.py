"""Two on one contact: they see each other, one works on it, and nobody's typing is lost."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from hovedindgang.contacts import actions, queries
from hovedindgang.contacts.models import Claim, Note, Presence
from hovedindgang.contacts.rules import NotAllowed, Refused
from hovedindgang.contacts.tests.desk import handed_over, registered
from hovedindgang.contacts.tests.test_two_at_once import at_once
from hovedindgang.kernel.models import Event
from hovedindgang.people.rules import NoAccess


@pytest.fixture
def contact(cast: SimpleNamespace) -> int:
    return registered(cast.alice).contact_id


@pytest.mark.django_db
def test_alice_and_bob_see_each_other_and_not_themselves(
    cast: SimpleNamespace, contact: int, client_of: Any, clock: Any
) -> None:
    alice, bob = client_of(cast.alice), client_of(cast.bob)
    assert "ser på den nu" not in alice.get(f"/henvendelser/{contact}/").content.decode()
    assert "Alice ser på den nu" in bob.get(f"/henvendelser/{contact}/").content.decode()
    clock.go(seconds=20)
    assert "Bob ser på den nu" in alice.get(f"/henvendelser/{contact}/her/", headers={"X-Watch": "0"}).content.decode()
    clock.go(seconds=30)  # Bob has closed his window; Alice's beats on
    assert "Bob" not in alice.get(f"/henvendelser/{contact}/her/", headers={"X-Watch": "0"}).content.decode()
    clock.go(hours=2)
    assert actions.forget_presence() == 2


@pytest.mark.django_db
def test_who_may_not_see_the_contact_sees_not_who_is_there(cast: SimpleNamespace, contact: int, client_of: Any) -> None:
    assert client_of(cast.charlie).get(f"/henvendelser/{contact}/her/", headers={"X-Watch": "0"}).status_code == 403
    assert not Presence.objects.exists()
    with pytest.raises(NoAccess):
        actions.claim_contact(employee=cast.charlie, contact_id=contact)


@pytest.mark.django_db
def test_a_caseworker_and_borgerservice_see_each_other_on_what_was_handed_over(
    cast: SimpleNamespace, client_of: Any
) -> None:
    contact = handed_over(cast.alice).enquiry.contact_id
    client_of(cast.hanne).get(f"/henvendelser/{contact}/")
    assert "Hanne ser på den nu" in client_of(cast.alice).get(f"/henvendelser/{contact}/").content.decode()


@pytest.mark.django_db
def test_bob_takes_over_with_a_reason_or_when_the_time_is_out(cast: SimpleNamespace, contact: int, clock: Any) -> None:
    actions.claim_contact(employee=cast.alice, contact_id=contact)
    with pytest.raises(NotAllowed, match=r"Alice arbejder på den til kl\. 10\.15"):
        actions.claim_contact(employee=cast.bob, contact_id=contact)
    taken = actions.claim_contact(employee=cast.bob, contact_id=contact, reason="Borgeren står her")
    assert (taken.employee, taken.taken_from, taken.reason) == (cast.bob, cast.alice, "Borgeren står her")
    clock.go(minutes=15)
    later = actions.claim_contact(employee=cast.alice, contact_id=contact)
    assert (later.employee, later.taken_from, later.reason) == (cast.alice, None, "")
    facts = list(Event.objects.filter(verb="contact.claim_taken_over").values_list("facts", flat=True))
    assert [fact["before_its_time"] for fact in facts] == [True, False]
    assert "Borgeren" not in str(facts)


@pytest.mark.django_db
def test_alice_is_told_and_what_she_typed_is_refused_and_kept(
    cast: SimpleNamespace, contact: int, client_of: Any
) -> None:
    alice = client_of(cast.alice)
    alice.post(f"/henvendelser/{contact}/arbejde/work/")
    actions.claim_contact(employee=cast.bob, contact_id=contact, reason="Borgeren står her")
    answer = alice.post(f"/henvendelser/{contact}/note/", {"text": "En lang note, som ingen må miste"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "En lang note, som ingen må miste" in page
    assert "Bob arbejder på den" in page
    assert not Note.objects.filter(text__startswith="En lang note").exists()
    alice.post(f"/henvendelser/{contact}/arbejde/work/", {"reason": "Aftalt med Bob"})
    assert alice.post(f"/henvendelser/{contact}/note/", {"text": "En lang note, som ingen må miste"}).status_code == 302


@pytest.mark.django_db
def test_a_contact_nobody_works_on_is_changed_as_before(cast: SimpleNamespace, contact: int, client_of: Any) -> None:
    assert client_of(cast.bob).post(f"/henvendelser/{contact}/note/", {"text": "Ringede"}).status_code == 302
    assert not Claim.objects.exists()


@pytest.mark.django_db
def test_to_work_on_it_prolongs_it_and_to_be_done_ends_it(cast: SimpleNamespace, contact: int, clock: Any) -> None:
    first = actions.claim_contact(employee=cast.alice, contact_id=contact)
    clock.go(minutes=10)
    actions.mind_claim(employee=cast.alice, contact_id=contact)
    assert Claim.objects.get().until_at > first.until_at
    actions.release_contact(employee=cast.bob, contact_id=contact)
    assert Claim.objects.exists()  # only her own
    actions.release_contact(employee=cast.alice, contact_id=contact)
    assert not Claim.objects.exists()
    assert queries.company(cast.alice, contact).claim is None


@pytest.mark.django_db
@pytest.mark.parametrize("reason", ["x" * 201, "Det er 610190-1234"])
def test_a_reason_is_short_and_names_nobody(cast: SimpleNamespace, contact: int, reason: str) -> None:
    actions.claim_contact(employee=cast.alice, contact_id=contact)
    with pytest.raises(Refused):
        actions.claim_contact(employee=cast.bob, contact_id=contact, reason=reason)


@pytest.mark.django_db
def test_the_database_has_one_claim_for_a_contact(cast: SimpleNamespace, contact: int) -> None:
    row = actions.claim_contact(employee=cast.alice, contact_id=contact)
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.create(contact_id=contact, employee=cast.bob, claimed_at=row.claimed_at, until_at=row.until_at)
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.filter(pk=row.pk).update(taken_from=cast.alice)


@pytest.mark.django_db(transaction=True)
def test_two_begin_at_the_same_instant_and_one_of_them_works_on_it(cast: SimpleNamespace, contact: int) -> None:
    work = actions.claim_contact
    given = at_once(*[lambda who=who: work(employee=who, contact_id=contact) for who in (cast.alice, cast.bob)])
    assert sorted(isinstance(one, NotAllowed) for one in given) == [False, True]
    assert Claim.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_save_and_a_take_over_at_the_same_instant_come_one_after_the_other(
    cast: SimpleNamespace, contact: int, client_of: Any
) -> None:
    """Either her note is in and he took it over after, or he has it and hers is refused."""
    actions.claim_contact(employee=cast.alice, contact_id=contact)
    alice = client_of(cast.alice)
    given = at_once(
        lambda: alice.post(f"/henvendelser/{contact}/note/", {"text": "Alices note"}).status_code,
        lambda: actions.claim_contact(employee=cast.bob, contact_id=contact, reason="Borgeren står her"),
    )
    assert isinstance(given[1], Claim)
    saved = Note.objects.filter(text="Alices note").exists()
    assert given[0] == (302 if saved else 422)
    assert Claim.objects.get().employee == cast.bob
