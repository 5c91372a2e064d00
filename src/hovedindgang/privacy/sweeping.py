"""What a database keeps of deleted rows until it needs the room: in pages, in the search index, in its journal."""

from __future__ import annotations

import logging
from collections.abc import Collection

from django.apps import apps
from django.db import connection

from hovedindgang.contacts.models import Contact, Enquiry
from hovedindgang.kernel.models import Delivery
from hovedindgang.privacy.models import Hold, RightsRequest

log = logging.getLogger(__name__)
ROOMS = ("contacts", "documents", "people", "privacy", "registers", "surveys")  # whose rows are about somebody


def tables() -> list[str]:
    """Those in which the deeds that forget delete or blank rows."""
    rooms = [apps.get_app_config(room) for room in ROOMS]
    theirs = {model._meta.db_table for room in rooms for model in room.get_models(include_auto_created=True)}
    return sorted(theirs | {Delivery._meta.db_table})


def lock(contact_ids: Collection[int]) -> None:
    """Nobody changes these contacts and their enquiries until the transaction ends; always in the same order."""
    numbers = sorted(contact_ids)
    list(Contact.every.select_for_update(of=("self",)).filter(pk__in=numbers).order_by("pk").values_list("pk"))
    list(Enquiry.every.select_for_update().filter(contact__in=numbers).order_by("pk").values_list("pk"))


def let_go(contact_ids: Collection[int]) -> None:
    """What this room itself knows of contacts that are forgotten: holds that have ended, and how requests went."""
    Hold.objects.filter(contact__in=contact_ids).delete()
    RightsRequest.objects.filter(enquiry__contact__in=contact_ids).delete()


def prepare() -> None:
    """SQLite overwrites what is deleted from now on through this connection."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")


def sweep() -> None:
    """Let go of it at once. Within a transaction nothing can be swept; then the next run does it."""
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for table in tables():
                cursor.execute(f"VACUUM {connection.ops.quote_name(table)}")
            return
        cursor.execute("INSERT INTO contacts_noteterms (contacts_noteterms) VALUES ('optimize')")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
