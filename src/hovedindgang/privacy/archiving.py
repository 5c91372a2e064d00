"""What arkivloven asks to be kept goes to the archive first: written, looked up again, and only then forgotten here."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from hovedindgang.contacts.models import Contact, Enquiry, EnquiryPerson, Handover, Note
from hovedindgang.people.models import Citizen
from hovedindgang.people.queries import cpr_of
from hovedindgang.privacy.models import Archived
from hovedindgang.privacy.ports import Archive, NotReceived

CONTACT = "id direction who_asks channel medium_id centre_id department_id asker_id started_at ended_at".split()
ENQUIRY = "id contact_id position service_id kind level outcome outcome_at promised_on case_number follows_id".split()
HANDOVER = "enquiry_id department_id summary agreed promised_on state sent_at closed_at reason answer".split()
NOTE = "id contact_id text amends_id written_at".split()


def archive() -> Archive:
    """The archive this house delivers to. Raises NotReceived where it has none."""
    if not settings.ARCHIVE_FOLDER:
        raise NotReceived(_("Der er intet arkiv at aflevere til. Sæt HOVEDINDGANG_ARCHIVE til en mappe."))
    made: Archive = import_string(settings.ARCHIVE_ADAPTER)(settings.ARCHIVE_FOLDER)
    return made


def content_of(contact_ids: Collection[int]) -> bytes:
    """The contacts as the archive is given them: JSON, the same bytes for the same rows."""
    numbers = sorted(contact_ids)
    contacts = Contact.objects.filter(pk__in=numbers).order_by("pk")
    persons = set(contacts.filter(asker__isnull=False).values_list("asker", flat=True))
    named = list(
        EnquiryPerson.objects.filter(enquiry__contact__in=numbers)
        .order_by("enquiry", "citizen")
        .values("enquiry_id", "citizen_id")
    )
    persons |= {row["citizen_id"] for row in named}
    citizens = Citizen.objects.filter(pk__in=persons).order_by("pk")
    held = {
        "contacts": list(contacts.values(*CONTACT)),
        "enquiries": list(Enquiry.objects.filter(contact__in=numbers).order_by("pk").values(*ENQUIRY)),
        "for_whom": named,
        "notes": list(Note.objects.filter(contact__in=numbers).order_by("pk").values(*NOTE)),
        "handovers": list(Handover.objects.filter(enquiry__contact__in=numbers).order_by("pk").values(*HANDOVER)),
        "persons": [{"id": one.pk, "cpr": cpr_of(one), "name": one.name, "born_on": one.born_on} for one in citizens],
    }
    return json.dumps(held, ensure_ascii=False, indent=1, default=_written).encode()


def _written(value: Any) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def deliver(contact_ids: Collection[int]) -> None:
    """Give the contacts to the archive, look them up there, keep its receipt. Safe to repeat. Raises NotReceived."""
    head, content = min(contact_ids), content_of(contact_ids)
    keeper = archive()
    receipt = keeper.deposit(name=f"henvendelse-{head}", content=content)
    if not keeper.holds(receipt=receipt, content=content):
        raise NotReceived(_("Arkivet har ikke det, dets kvittering siger. Se efter i mappen, og prøv igen."))
    with transaction.atomic():
        Archived.objects.update_or_create(
            contact_id=head, defaults={"receipt": receipt, "sha256": hashlib.sha256(content).digest()}
        )


def is_archived(contact_ids: Collection[int]) -> bool:
    """Whether the archive has these contacts exactly as they are now; asked in the transaction that forgets them."""
    row = Archived.objects.filter(contact=min(contact_ids)).first()
    return row is not None and bytes(row.sha256) == hashlib.sha256(content_of(contact_ids)).digest()
