"""Register a contact: one request, one transaction, one receipt.

`register_contact` checks, works out what is to be written (`prepared.Prepared`) and writes it: on PostgreSQL the usual
case in one statement (`registering_sql`), everything else in the readable form below. Both leave the same rows.
"""

from __future__ import annotations

import uuid
from dataclasses import replace

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from hovedindgang.contacts.actions import registering_sql
from hovedindgang.contacts.actions.new import NewContact, Receipt
from hovedindgang.contacts.actions.prepared import (
    Prepared,
    fingerprint_of,
    no_such_citizen,
    prepare,
    refuse_without_power,
)
from hovedindgang.contacts.actions.restricting import RESTRICTED, consent_said, restricted_said
from hovedindgang.contacts.models import (
    Enquiry,
    EnquiryPerson,
    Handover,
    IdempotencyKey,
    Note,
    Signpost,
    shown_under,
)
from hovedindgang.contacts.rules import PASSES_ON, Ground, KeyReused, Refused
from hovedindgang.kernel.actors import Actor
from hovedindgang.kernel.events import append_event
from hovedindgang.kernel.lookups import log_look_up
from hovedindgang.people.admission import Admission, NotAdmitted
from hovedindgang.people.closed import not_to_be_registered, said_closed
from hovedindgang.people.models import Employee
from hovedindgang.people.queries import unknown_among
from hovedindgang.people.rectifying import restricted_among
from hovedindgang.people.rules import Scope
from hovedindgang.policy.queries import in_force_lately

DEED = "register_contact"
CLOSED = "closed to this employee"  # what the database says where she registers for herself, her own or a colleague


def register_contact(
    *,
    employee: Employee | None,
    actor: Actor,
    contact: NewContact,
    key: uuid.UUID,
    admission: Admission | None = None,
) -> Receipt:
    """Write the contact with its enquiries, persons, note, handovers and signposts; one event `contact.registered`.

    `employee` is who took part (None: a client of the API), `actor` who stands in the log. `key` is made with the
    form: sent again with the same content it gives the same receipt and writes nothing. The version in force on the
    contact's own day decides what may be registered. Raises Refused with a message for each field, KeyReused, and for
    an `admission` that does not hold NotAdmitted or ScopeMissing.
    """
    fingerprint = fingerprint_of(actor, contact)
    claim = IdempotencyKey(key=key, actor_kind=actor.kind, actor_id=actor.id, deed=DEED, fingerprint=fingerprint)
    try:
        contact_id = _written(employee, actor, contact, claim, admission)
    except (Refused, IntegrityError) as error:
        # A refusal comes second to a receipt: what was registered once stays so, whatever has changed since.
        receipt = receipt_of(key=key, actor=actor, fingerprint=fingerprint)
        if receipt is None:
            raise _as_refusal(error) from error
        return receipt
    if contact_id is None:
        receipt = receipt_of(key=key, actor=actor, fingerprint=fingerprint)
        assert receipt is not None
        return receipt
    return Receipt(contact_id=contact_id, repeated=False, key=key)


def _written(
    employee: Employee | None,
    actor: Actor,
    contact: NewContact,
    claim: IdempotencyKey,
    admission: Admission | None,
) -> int | None:
    """The new contact's row number; None where the key had been used and nothing was written."""
    if _writes_alone(contact):
        # One statement, which is a transaction by itself. It writes nothing for a client that is not let in, nor where
        # another policy is in force than the one this process last heard of; what it refuses is asked again below.
        try:
            prepared = prepare(employee=employee, actor=actor, contact=contact, policy_of=in_force_lately)
            return registering_sql.write(prepared, claim, actor, admission)
        except (Refused, registering_sql.AnotherPolicy):
            pass
        except NotAdmitted:
            admission = admission.doubted() if admission else None
    if admission:
        admission.prove(Scope.CONTACTS_WRITE)
    with transaction.atomic():
        prepared = prepare(employee=employee, actor=actor, contact=contact)
        refuse_without_power(prepared)  # says what to do; what is written in one statement has asked it there
        write = registering_sql.write if _in_one_statement(prepared) else write_readably
        return write(prepared, claim, actor)


def refuse_behind_her_back(prepared: Prepared) -> None:
    """Raises Refused where a new contact is about a citizen whose data is only stored, and she did not come with it.

    The readable form; PostgreSQL asks it again in the statement that writes.
    """
    restricted = restricted_among({citizen for matter in prepared.matters for citizen in matter.for_whom})
    for place, matter in enumerate(prepared.matters):
        if not restricted.intersection(matter.for_whom):
            continue
        hers = prepared.contact.representation_id is not None or restricted & {*matter.for_whom} == {
            prepared.contact.asker_id
        }
        if not hers:
            raise Refused({"": restricted_said()})
        given = matter.handover or matter.signpost
        passed_on = matter.handover is not None or (matter.signpost and matter.signpost.how in PASSES_ON)
        if given and passed_on and given.ground != Ground.CONSENT:
            kind = "handover" if matter.handover else "signpost"
            raise Refused({f"enquiries.{place}.{kind}.ground": consent_said()})


def receipt_of(*, key: uuid.UUID, actor: Actor, fingerprint: bytes) -> Receipt | None:
    """The receipt given for `key` before; None for a new key. Raises KeyReused for other content or another actor."""
    claim = IdempotencyKey.objects.filter(key=key).first()
    if claim is None:
        return None
    if bytes(claim.fingerprint) != fingerprint or (claim.actor_kind, claim.actor_id) != (actor.kind, actor.id):
        raise KeyReused(str(key))
    return Receipt(contact_id=claim.subject_id, repeated=True, key=key)


def _writes_alone(contact: NewContact) -> bool:
    """Whether a single statement will write, which is a transaction by itself, so that we need none around it."""
    return (
        connection.vendor == "postgresql" and not connection.in_atomic_block and registering_sql.writes_alone(contact)
    )


def _in_one_statement(prepared: Prepared) -> bool:
    return connection.vendor == "postgresql" and registering_sql.can_write(prepared)


def _as_refusal(error: Exception) -> Exception:
    """A row that was pointed to is gone since the page was shown; what else breaks a constraint is our mistake."""
    if isinstance(error, IntegrityError) and CLOSED in str(error):
        return closed_refusal()
    if isinstance(error, IntegrityError) and RESTRICTED in str(error):
        return Refused({"": restricted_said()})
    if isinstance(error, IntegrityError) and "foreign key" in str(error).lower():
        return Refused({"": _("Noget af det valgte findes ikke længere. Hent siden igen, og vælg på ny.")})
    return error


def closed_refusal() -> Refused:
    return Refused({"asker": said_closed()})


def write_readably(prepared: Prepared, claim: IdempotencyKey, actor: Actor) -> int:
    """The readable form, for any contact on any database. Raises Refused, IntegrityError for a key that was used."""
    if unknown_among(prepared.seen):
        raise no_such_citizen(prepared)
    refuse_behind_her_back(prepared)
    contact = prepared.contact
    # PostgreSQL's triggers ask in the statement itself.
    by = contact.employee_id if connection.vendor == "sqlite" and prepared.seen else None
    if by is not None and not_to_be_registered(by, prepared.seen):
        raise closed_refusal()
    contact.save(force_insert=True)
    # The unique key decides between two clicks; the second waits here for the first, and then fails.
    claim.subject_id = contact.id
    claim.save(force_insert=True)
    matters = prepared.matters
    Enquiry.objects.bulk_create([matter.enquiry for matter in matters])
    EnquiryPerson.objects.bulk_create(
        EnquiryPerson(enquiry=matter.enquiry, citizen_id=citizen, **shown_under(contact))
        for matter in matters
        for citizen in matter.for_whom
    )
    Handover.objects.bulk_create(matter.handover for matter in matters if matter.handover)
    Signpost.objects.bulk_create(matter.signpost for matter in matters if matter.signpost)
    if prepared.note:
        Note.objects.bulk_create([prepared.note])
    prepared.save_came_back()
    append_event(
        verb="contact.registered",
        actor=replace(actor, on_behalf_of=prepared.on_behalf_of or actor.on_behalf_of),
        subject_kind="contact",
        subject_id=contact.id,
        happened_at=contact.ended_at,
        facts=prepared.facts,
    )
    log_look_up(actor=actor, citizen_ids=prepared.seen, use="registration", reason=f"contact:{contact.id}")
    return contact.id
