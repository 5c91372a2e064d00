"""The statement that PostgreSQL registers with leaves the same rows as the readable form."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, models, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hovedindgang.contacts.actions import NewContact, NewEnquiry, registering, registering_sql
from hovedindgang.contacts.actions.prepared import prepare
from hovedindgang.contacts.models import Contact, Enquiry, EnquiryPerson, IdempotencyKey, Note
from hovedindgang.contacts.rules import (
    Advice,
    AvoidableCause,
    ComeBackReason,
    Direction,
    Identity,
    Outcome,
    SelfServiceHelp,
    SentOnHow,
    WhoAsks,
    WithdrawnWhy,
)
from hovedindgang.kernel import clock as house_clock
from hovedindgang.kernel import deliveries
from hovedindgang.kernel.actors import Actor, employee_actor
from hovedindgang.kernel.models import Delivery, Event, LookUp
from hovedindgang.kernel.requests import one_request
from hovedindgang.people.models import Citizen
from hovedindgang.servicemodel.document import Channel

pytestmark = [pytest.mark.django_db]
DAY = dt.date(2026, 3, 20)
BY_DATABASE = {"id", "registered_at", "written_at", "recorded_at", "at", "available_at", "made_at"}


@pytest.fixture
def two_listeners() -> Iterator[None]:
    before = dict(deliveries._LISTENERS)
    deliveries.listen({"contact.registered": ("one.listener", "another.listener")})
    yield
    deliveries.listen(before)


enquiries = st.builds(
    lambda outcome, **fields: NewEnquiry(
        outcome=outcome,
        come_back_reason=ComeBackReason.ID if outcome is Outcome.MUST_COME_BACK else None,
        withdrawn_why=WithdrawnWhy.GAVE_UP if outcome is Outcome.WITHDRAWN else None,
        promised_on=DAY if outcome is Outcome.OPEN else None,
        **fields,
    ),
    outcome=st.sampled_from([Outcome.RESOLVED, Outcome.OPEN, Outcome.MUST_COME_BACK, Outcome.WITHDRAWN]),
    service=st.sampled_from(["pas", "flytning", "koerekort", "aabningstider"]),
    on_the_spot=st.booleans(),
    advice=st.sampled_from(Advice),
    for_whom=st.sampled_from([None, (), (0,), (1, 2), (2, 0, 2)]),  # places in the list of citizens
    received_assisted=st.booleans(),
    sent_on=st.sampled_from([None, *SentOnHow]),
    avoidable=st.just(True),
    avoidable_cause=st.sampled_from([None, *AvoidableCause]),
    guidance_given=st.booleans(),
    self_service=st.sampled_from([None, *SelfServiceHelp]),
    case_number=st.sampled_from(["", "S-2026/17", "æøå % 'quoted' \\ %s"]),
)
contacts = st.builds(
    NewContact,
    channel=st.sampled_from(Channel),
    direction=st.sampled_from(Direction),
    who_asks=st.sampled_from(WhoAsks),
    centre=st.sampled_from([None, "aabybro", "pandrup"]),
    department=st.sampled_from([None, "teknik"]),
    asker=st.sampled_from([None, 0]),
    identity=st.sampled_from([None, *Identity]),
    repeat_of=st.sampled_from(["", "12345678"]),
    times_true=st.booleans(),
    language=st.sampled_from(["da", "pl", "zh-Hant"]),
    note=st.one_of(st.just(""), st.text(st.characters(exclude_categories=["Cs", "Nd"]), max_size=80)),
    unattended=st.booleans(),
    enquiries=st.lists(enquiries, min_size=1, max_size=4).map(tuple),
)


def with_citizens(contact: NewContact, citizens: list[Citizen]) -> NewContact:
    """The places in the list become row numbers."""
    named = tuple(
        replace(one, for_whom=None if one.for_whom is None else tuple(citizens[place].pk for place in one.for_whom))
        for one in contact.enquiries
    )
    asker, identity = (None, None) if contact.asker is None else (citizens[0].pk, contact.identity)
    return replace(contact, asker=asker, identity=identity, enquiries=named)


def rows_left_by(write: Callable[..., Any], contact: NewContact, cast: SimpleNamespace) -> dict[str, list[Any]]:
    """What the form wrote, without what the database gives; the contact is `C`, a matter its place."""
    actor: Actor = employee_actor(cast.alice.pk)
    marks = {table: last_of(table) for table in (Event, LookUp, Delivery)}
    with one_request(uuid.UUID(int=7)), transaction.atomic():
        prepared = prepare(employee=cast.alice, actor=actor, contact=contact)
        claim = IdempotencyKey(
            key=uuid.UUID(int=9), actor_kind=actor.kind, actor_id=actor.id, deed="x", fingerprint=b"f" * 32
        )
        contact_id = write(prepared, claim, actor)
        position_of = dict(Enquiry.objects.filter(contact=contact_id).values_list("pk", "position"))
        left = {
            "contact": plain(Contact.objects.filter(pk=contact_id)),
            "enquiries": plain(Enquiry.objects.filter(contact=contact_id).order_by("position"), "contact_id"),
            "persons": sorted(
                (position_of[row.enquiry_id], row.citizen_id)
                for row in EnquiryPerson.objects.filter(enquiry__contact=contact_id)
            ),
            "notes": plain(Note.objects.filter(contact=contact_id), "contact_id"),
            "key": plain(IdempotencyKey.objects.filter(subject_id=contact_id), "subject_id"),
            "events": plain(Event.objects.filter(pk__gt=marks[Event]), contact_id=contact_id),
            "look-ups": plain(
                LookUp.objects.filter(pk__gt=marks[LookUp]).order_by("citizen_id"), contact_id=contact_id
            ),
            "deliveries": plain(
                Delivery.objects.filter(pk__gt=marks[Delivery]).order_by("listener"), "event_id", contact_id=contact_id
            ),
        }
        transaction.set_rollback(True)
    return left


def last_of(table: type[models.Model]) -> int:
    return table.objects.order_by("-pk").values_list("pk", flat=True).first() or 0  # type: ignore[attr-defined]


def plain(rows: Any, *left_out: str, contact_id: int | None = None) -> list[dict[str, Any]]:
    found = [{k: v for k, v in row.items() if k not in BY_DATABASE | set(left_out)} for row in rows.values()]
    if contact_id is not None:
        named = {str(contact_id): "C", f"contact:{contact_id}": "contact:C"}
        found = [{k: named.get(v, v) if isinstance(v, str) else v for k, v in row.items()} for row in found]
    return [{k: bytes(v) if isinstance(v, memoryview) else v for k, v in row.items()} for row in found]


@pytest.mark.postgres
@pytest.mark.usefixtures("two_listeners")
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(contact=contacts)
def test_one_statement_leaves_the_same_rows_as_the_readable_form(
    cast: SimpleNamespace, clock: Any, contact: NewContact
) -> None:
    with transaction.atomic():
        meant = with_citizens(contact, [Citizen.objects.create() for _ in range(3)])
        readable = rows_left_by(registering.write_readably, meant, cast)
        assert rows_left_by(registering_sql.write, meant, cast) == readable
        transaction.set_rollback(True)


@pytest.mark.usefixtures("two_listeners")
def test_registering_takes_few_statements(
    cast: SimpleNamespace, clock: Any, django_assert_max_num_queries: Any
) -> None:
    """With session and employee, two more, the whole request stays within eight on PostgreSQL."""
    anna = Citizen.objects.create()
    contact = NewContact(centre="aabybro", asker=anna.pk, note="Nyt pas", enquiries=(NewEnquiry(service="pas"),))
    allowed = 5 if connection.vendor == "postgresql" else 14  # of which savepoints, in a test: 2
    with one_request(), django_assert_max_num_queries(allowed):
        registering.register_contact(
            employee=cast.alice, actor=employee_actor(cast.alice.pk), contact=contact, key=uuid.uuid4()
        )
    assert Contact.objects.get().received_on == house_clock.today()
