"""Two clicks, two employees, two departments at the same instant."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from hovedindgang.contacts import actions
from hovedindgang.contacts.actions import NewContact, NewEnquiry, Receipt
from hovedindgang.contacts.actions.registering import register_contact
from hovedindgang.contacts.models import Contact, Handover, IdempotencyKey
from hovedindgang.contacts.rules import KeyReused, Refused
from hovedindgang.contacts.tests.desk import handed_over, registered
from hovedindgang.kernel.actors import employee_actor
from hovedindgang.kernel.models import Event
from hovedindgang.people.models import Citizen

pytestmark = [pytest.mark.django_db(transaction=True)]


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """What each deed gave or raised, all begun at the same instant in threads of their own."""
    gate, given = threading.Barrier(len(deeds)), [None] * len(deeds)

    def run(place: int, deed: Callable[[], Any]) -> None:
        gate.wait(timeout=10)
        try:
            given[place] = deed()
        except Exception as error:  # the test looks at it
            given[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, deed)) for place, deed in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return given


def clicks(cast: SimpleNamespace, register: Callable[..., Receipt], times: int = 4) -> list[Any]:
    """The same form sent by several clicks."""
    key, contact = uuid.uuid4(), NewContact(centre="aabybro", enquiries=(NewEnquiry(service="pas"),))
    actor = employee_actor(cast.alice.pk)
    return at_once(*[lambda: register(employee=cast.alice, actor=actor, contact=contact, key=key)] * times)


def test_four_clicks_at_once_make_one_contact_and_four_equal_receipts(cast: SimpleNamespace) -> None:
    events = Event.objects.count()
    receipts = clicks(cast, register_contact)
    assert {receipt.contact_id for receipt in receipts} == {Contact.objects.get().pk}
    assert sorted(receipt.repeated for receipt in receipts) == [False, True, True, True]
    assert Event.objects.count() == events + 1


def test_that_test_catches_a_look_before_the_leap(cast: SimpleNamespace) -> None:
    """The broken variant: look for the key, and register when it is not there, without the unique row deciding."""
    looked = threading.Barrier(2)

    def broken(*, key: uuid.UUID, **fields: Any) -> Receipt:
        known = IdempotencyKey.objects.filter(key=key).exists()
        looked.wait(timeout=10)
        assert not known
        return register_contact(key=uuid.uuid4(), **fields)

    clicks(cast, broken, times=2)
    assert Contact.objects.count() == 2


def test_one_key_with_two_contents_at_once_registers_one_of_them(cast: SimpleNamespace) -> None:
    key, actor = uuid.uuid4(), employee_actor(cast.alice.pk)
    contents = [NewContact(centre="aabybro", enquiries=(NewEnquiry(service=name),)) for name in ("pas", "flytning")]
    given = at_once(
        *[
            lambda contact=contact: register_contact(employee=cast.alice, actor=actor, contact=contact, key=key)
            for contact in contents
        ]
    )
    assert sorted(type(one) is KeyReused for one in given) == [False, True]
    assert Contact.objects.count() == 1


def test_the_same_cpr_in_two_notes_at_once_makes_one_citizen(cast: SimpleNamespace) -> None:
    given = at_once(
        *[
            lambda employee=employee: registered(employee, note="Ringede om 610190-1234")
            for employee in (cast.alice, cast.bob)
        ]
    )
    assert not [error for error in given if isinstance(error, Exception)]
    assert Citizen.objects.count() == 1


def test_two_caseworkers_accept_and_decline_and_one_of_them_is_told(cast: SimpleNamespace) -> None:
    handover = handed_over(cast.alice)
    given = at_once(
        lambda: actions.accept_handover(employee=cast.hanne, handover_id=handover.pk),
        lambda: actions.decline_handover(employee=cast.hanne, handover_id=handover.pk, reason="Ikke vores"),
    )
    assert sorted(isinstance(one, Refused) for one in given) == [False, True]
    assert Handover.objects.get().state in {"accepted", "declined"}


def test_two_employees_merge_two_contacts_crosswise_and_one_of_them_is_told(cast: SimpleNamespace) -> None:
    first, second = registered(cast.alice).contact_id, registered(cast.bob).contact_id
    given = at_once(
        lambda: actions.merge_contacts(employee=cast.alice, contact_id=first, into_id=second),
        lambda: actions.merge_contacts(employee=cast.bob, contact_id=second, into_id=first),
    )
    assert sorted(isinstance(one, Refused) for one in given) == [False, True]
    assert Contact.objects.filter(merged_into__isnull=False).count() == 1
