"""Forget: keys of forms that were sent long ago, and contacts whose time has come.

What a forgotten contact leaves is a row that counts: service, channel, centre, outcome, the day and the hour. Who
asked, for whom, what was said, who served her and the minute are gone, and nothing leads from the row to a person.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TypeVar

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from hovedindgang.contacts.models import (
    Claim,
    Consultation,
    Contact,
    ContactCorrection,
    Enquiry,
    EnquiryPerson,
    ForgottenContact,
    Handover,
    IdempotencyKey,
    Journalised,
    Note,
    OpenedForForgetting,
    OpenedMatter,
    OutcomeChange,
    Presence,
    Signpost,
    Transfer,
    WhatRemains,
)
from hovedindgang.contacts.rules import OPEN_HANDOVER, UNDER_WAY, Outcome, Refused, WithdrawnWhy, coarsened
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import Actor
from hovedindgang.kernel.deliveries import forget_errors
from hovedindgang.kernel.events import Cause, append_event

Part = TypeVar("Part", int, str)
NOTHING = "–"  # where the database demands a text
NEVER_ASKED = WithdrawnWhy.CHANGED_MIND
NO_LANGUAGE = "und"  # BCP 47: not determined
ROWS_AT_ONCE = 200  # of one statement: SQLite takes no endless number of parameters


def forget_old_keys() -> int:
    """Remove keys older than the installation keeps them (assumed 30 days); gives how many. Leaves no event: it is
    housekeeping, not a deed."""
    before = clock.now() - dt.timedelta(days=settings.IDEMPOTENCY_DAYS)
    forgotten, _by_table = IdempotencyKey.objects.filter(made_at__lt=before).delete()
    return forgotten


@dataclass(frozen=True, slots=True)
class Remains:
    """What figures keep of a matter, as `insight` works it out before the persons are gone."""

    known: bool
    came_again_on: dt.date | None


def leave_contacts(*, citizen_id: int, contact_ids: Collection[int], remains: Mapping[int, Remains]) -> int:
    """Take one citizen out of contacts that are others' too: who asked, and for whom. What was said stays theirs.

    For a deed that has its own event and transaction. Gives how many contacts.
    """
    _keep_for_figures(remains)
    numbers = list(contact_ids)
    EnquiryPerson.objects.filter(citizen=citizen_id, enquiry__contact__in=numbers).delete()
    Contact.every.filter(pk__in=numbers, asker=citizen_id).update(asker=None, identity=None, repeat_key=None)
    by_her_power = Q(representation__citizen=citizen_id) | Q(representation__holder=citizen_id)
    Contact.every.filter(by_her_power, pk__in=numbers).update(representation=None)
    return len(numbers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """How many rows of each kind a batch of contacts left or changed."""

    contacts: int
    enquiries: int
    notes: int
    persons: int
    handovers: int


@transaction.atomic
def forget_contacts(
    *, actor: Actor, contact_ids: Collection[int], remains: Mapping[int, Remains], cause: Cause, on: dt.date
) -> Forgotten:
    """Forget these contacts. One event `contacts.forgotten`, which holds counts only.

    `contact_ids` must be whole: whoever is linked with one of them is among them or forgotten before. `remains` holds
    what figures keep, by enquiry; those of other contacts' enquiries are kept too. `cause` is what the event is about:
    a run, or the citizen who is erased. Contacts forgotten before are left alone. Raises Refused where one still has
    something open.
    """
    contacts = _locked(contact_ids)
    numbers = [one.pk for one in contacts]
    matters = list(Enquiry.every.select_for_update().filter(contact__in=numbers).order_by("pk"))
    handovers = Handover.every.filter(enquiry__in=[one.pk for one in matters])
    standing = [one for one in matters if one.contact_id not in {each.pk for each in contacts if each.mistake}]
    _refuse_open(standing, handovers.filter(enquiry__in=standing, state__in=OPEN_HANDOVER).exists(), numbers)
    _keep_for_figures(remains)
    _blank_contacts(contacts)
    _blank_matters(matters)
    told = _blank_handovers(list(handovers))
    OpenedMatter.objects.filter(enquiry__in=[one.pk for one in matters]).delete()  # why, in somebody's own words
    journal = list(Journalised.objects.filter(enquiry__in=[one.pk for one in matters]).values_list("pk", flat=True))
    persons = EnquiryPerson.objects.filter(enquiry__in=[one.pk for one in matters]).delete()[0]
    _forget_receipts(numbers, [one.pk for one in matters], [one.pk for one in told], journal)
    Journalised.objects.filter(pk__in=journal).delete()  # what was said, and the number of her case
    notes = _delete_notes(numbers)
    ContactCorrection.objects.filter(contact__in=numbers).delete()  # whose it was, why, and who put it right
    Claim.objects.filter(contact__in=numbers).delete()
    Presence.objects.filter(contact__in=numbers).delete()
    Consultation.objects.filter(contact__in=numbers).delete()
    Transfer.objects.filter(contact__in=numbers).update(contact=None)  # else it would tell who served her
    ForgottenContact.objects.bulk_create(ForgottenContact(contact_id=number, on=on) for number in numbers)
    done = Forgotten(contacts=len(numbers), enquiries=len(matters), notes=notes, persons=persons, handovers=len(told))
    if numbers:
        append_event(
            verb="contacts.forgotten",
            actor=actor,
            subject_kind=cause.kind,
            subject_id=cause.number,
            facts=asdict(done),
        )
    return done


def _locked(contact_ids: Collection[int]) -> list[Contact]:
    """Those not forgotten yet, oldest first."""
    rows = Contact.every.select_for_update(of=("self",)).filter(pk__in=contact_ids)
    return list(rows.filter(~Exists(ForgottenContact.objects.filter(contact=OuterRef("pk")))).order_by("pk"))


def _refuse_open(matters: Sequence[Enquiry], handed: bool, numbers: Sequence[int]) -> None:
    going = Journalised.objects.filter(enquiry__contact__in=numbers, state__in=UNDER_WAY)
    going = going.filter(enquiry__contact__mistake__isnull=True)
    if handed or going.exists() or any(matter.outcome == Outcome.OPEN for matter in matters):
        raise Refused({"": _("Noget er stadig åbent. Afslut ærindet eller overdragelsen først.")})
    outside = Contact.every.filter(merged_into__in=numbers).exclude(pk__in=numbers)
    if outside.filter(forgotten=None).exists():
        raise Refused({"": _("En henvendelse, der er samlet med denne, skal glemmes sammen med den.")})


def _keep_for_figures(remains: Mapping[int, Remains]) -> None:
    """Merged with what was kept before: known stays known, and the first day she came again is the first."""
    before = {row.enquiry_id: row for row in WhatRemains.objects.filter(enquiry__in=list(remains))}
    rows = []
    for enquiry_id, found in remains.items():
        earlier = before.get(enquiry_id)
        days = [day for day in (found.came_again_on, earlier and earlier.came_again_on) if day]
        known = found.known or bool(earlier and earlier.known)
        rows.append(WhatRemains(enquiry_id=enquiry_id, known=known, came_again_on=min(days, default=None)))
    WhatRemains.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["enquiry"],
        update_fields=["known", "came_again_on"],
        batch_size=ROWS_AT_ONCE,
    )


def _blank_contacts(contacts: Sequence[Contact]) -> None:
    """The hour instead of the minute. Contacts that began in one hour keep their order, which figures of a matter
    with several steps rest on, by a second between them."""
    times = coarsened([one.started_at for one in contacts])
    for contact in contacts:
        contact.started_at = contact.ended_at = times[contact.started_at]
        contact.registered_at = _noon(contact.registered_at)
        contact.asker = contact.identity = contact.employee = contact.repeat_key = contact.representation = None
        contact.language = NO_LANGUAGE
    fields = [
        "started_at",
        "ended_at",
        "registered_at",
        "asker",
        "identity",
        "employee",
        "repeat_key",
        "representation",
        "language",
    ]
    Contact.every.bulk_update(contacts, fields, batch_size=ROWS_AT_ONCE)


def _blank_matters(matters: Sequence[Enquiry]) -> None:
    for matter in matters:
        if matter.outcome == Outcome.OPEN:  # of a mistake, which counts nowhere: nobody owns it any more
            matter.outcome, matter.withdrawn_why, matter.outcome_at = Outcome.WITHDRAWN, NEVER_ASKED, clock.now()
        matter.outcome_at = _noon(matter.outcome_at) if matter.outcome_at else None
        matter.outcome_by = matter.owner = None
        matter.case_number = ""
    fields = ["outcome", "withdrawn_why", "outcome_at", "outcome_by", "owner", "case_number"]
    Enquiry.every.bulk_update(matters, fields, batch_size=ROWS_AT_ONCE)
    changes = list(OutcomeChange.objects.filter(enquiry__in=[one.pk for one in matters]))
    for change in changes:
        change.at, change.by = _noon(change.at), None
    OutcomeChange.objects.bulk_update(changes, ["at", "by"], batch_size=ROWS_AT_ONCE)
    shown = list(Signpost.objects.filter(enquiry__in=[one.pk for one in matters]))
    for signpost in shown:
        signpost.at = _noon(signpost.at)
    Signpost.objects.bulk_update(shown, ["at"], batch_size=ROWS_AT_ONCE)


def _blank_handovers(handovers: list[Handover]) -> list[Handover]:
    """To which department, how it went and on which days: the texts and who wrote them go."""
    for one in handovers:
        one.summary = NOTHING
        one.agreed = ""
        one.reason = NOTHING if one.reason else ""
        one.answer = NOTHING if one.answer else ""
        one.sent_by = one.handled_by = None
        one.sent_at = _noon(one.sent_at)
        for name in ("accepted_at", "closed_at", "told_at"):
            at = getattr(one, name)
            setattr(one, name, _noon(at) if at else None)
    fields = ["summary", "agreed", "reason", "answer", "sent_by", "handled_by", "sent_at"]
    Handover.every.bulk_update(handovers, [*fields, "accepted_at", "closed_at", "told_at"], batch_size=ROWS_AT_ONCE)
    return handovers


def _delete_notes(numbers: Sequence[int]) -> int:
    """Through the door of `OpenedForForgetting`, which is shut again at once."""
    OpenedForForgetting.objects.bulk_create(OpenedForForgetting(contact_id=one, never_id=-1) for one in numbers)
    gone = 0
    with connection.cursor() as cursor:
        for some in _parts(numbers):
            places = ", ".join(["%s"] * len(some))
            # One statement: what amends a note goes with it, and the search index by its own trigger.
            cursor.execute(f"DELETE FROM contacts_note WHERE contact_id IN ({places})", some)  # noqa: S608
            gone += cursor.rowcount
    OpenedForForgetting.objects.filter(contact_id__in=numbers).delete()
    return gone


def _forget_receipts(
    contacts: Sequence[int], enquiries: Sequence[int], handovers: Sequence[int], journal: Sequence[int]
) -> None:
    """The receipts of forms, which nobody asks for any more, and what a failed delivery said."""
    notes = list(Note.objects.filter(contact__in=contacts).values_list("pk", flat=True))
    subjects = {
        "register_contact": contacts,
        "hand_over": handovers,
        "add_note": notes,
        "amend_note": notes,
        "journalise": journal,
    }
    for deed, numbers in subjects.items():
        for some in _parts(numbers):
            IdempotencyKey.objects.filter(deed=deed, subject_id__in=some).delete()
    named = {"contact": contacts, "enquiry": enquiries, "handover": handovers}
    for part in _parts([f"{kind}:{number}" for kind, numbers in named.items() for number in numbers]):
        forget_errors(subjects=part)


def _parts(rows: Sequence[Part]) -> Iterable[Sequence[Part]]:
    for first in range(0, len(rows), ROWS_AT_ONCE):
        yield rows[first : first + ROWS_AT_ONCE]


def _noon(at: dt.datetime) -> dt.datetime:
    """The Danish day alone: figures ask on which day something happened."""
    return dt.datetime.combine(clock.local_day(at), dt.time(12), tzinfo=clock.DENMARK)
