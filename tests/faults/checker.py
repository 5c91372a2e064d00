"""Compare what clients were told with what lies in the database, in plain SQL of its own."""

from __future__ import annotations

import sqlite3
import time
import uuid
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from faults.clients import Sent
from hovedindgang.site.listeners import LISTENERS

VERB = "contact.registered"


@dataclass
class Findings:
    """What is wrong, one line each; all empty is what is promised."""

    acknowledged: int = 0
    stored: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    half_written: list[str] = field(default_factory=list)

    @property
    def all_well(self) -> bool:
        return not (self.lost or self.doubled or self.half_written)

    def __str__(self) -> str:
        return (
            f"{self.acknowledged} acknowledged, {self.stored} stored: {len(self.lost)} lost, "
            f"{len(self.doubled)} doubled, {len(self.half_written)} half-written"
        )


class Ledger:
    """The database, read directly. `address` is that of HOVEDINDGANG_DATABASE, or the file of SQLite."""

    def __init__(self, address: str | Path) -> None:
        self.address = address

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        if isinstance(self.address, Path):
            with closing(sqlite3.connect(self.address, timeout=30)) as connection:
                return connection.execute(sql).fetchall()
        with psycopg.connect(self.address, autocommit=True) as connection:
            return connection.execute(sql).fetchall()

    def last_ids(self) -> tuple[int, int]:
        """The newest contact and the newest event: what comes after them belongs to the run."""
        contact = self.rows("SELECT coalesce(max(id), 0) FROM contacts_contact")[0][0]
        event = self.rows("SELECT coalesce(max(id), 0) FROM kernel_event")[0][0]
        return contact, event

    def waiting_deliveries(self) -> int:
        count: int = self.rows("SELECT count(*) FROM kernel_delivery WHERE state <> 'done'")[0][0]
        return count

    def drained(self, *, within_seconds: float) -> bool:
        """Whether every delivery gets done by itself in time."""
        give_up_at = time.monotonic() + within_seconds
        while self.waiting_deliveries():
            if time.monotonic() > give_up_at:
                return False
            time.sleep(0.1)
        return True


def check(ledger: Ledger, sent: Iterable[Sent], *, after: tuple[int, int] = (0, 0)) -> Findings:
    """Every receipt has its whole contact, every contact is whole, and nothing is there twice."""
    sent = list(sent)
    found = Findings(acknowledged=sum(one.contact_id is not None for one in sent))
    _check_receipts(ledger, sent, found)
    _check_contacts(ledger, after, found)
    if isinstance(ledger.address, Path) and ledger.rows("PRAGMA integrity_check") != [("ok",)]:
        found.half_written.append("the file itself is damaged")
    return found


def _check_receipts(ledger: Ledger, sent: list[Sent], found: Findings) -> None:
    subject_of = {
        uuid.UUID(str(key)): subject
        for key, subject in ledger.rows("SELECT key, subject_id FROM contacts_idempotencykey")
    }
    contacts_of: dict[str, list[int]] = {}
    for mark, contact in ledger.rows("SELECT case_number, contact_id FROM contacts_enquiry WHERE case_number <> ''"):
        contacts_of.setdefault(mark, []).append(contact)
    for one in sent:
        stored = contacts_of.get(one.mark, [])
        if len(stored) > 1:
            found.doubled.append(f"{one.mark} lies in the contacts {stored}")
        if one.contact_id is None:
            continue
        if one.contact_id not in stored:
            found.lost.append(f"{one.mark} was acknowledged as contact {one.contact_id}, stored are {stored}")
        elif subject_of.get(one.key) != one.contact_id:
            found.half_written.append(f"{one.mark}: its key points to {subject_of.get(one.key)}")


def _check_contacts(ledger: Ledger, after: tuple[int, int], found: Findings) -> None:
    last_contact, last_event = after
    contacts = {row[0] for row in ledger.rows(f"SELECT id FROM contacts_contact WHERE id > {last_contact}")}
    found.stored = len(contacts)
    for part, counted in _parts(ledger, last_contact, last_event).items():
        for contact in sorted(contacts - counted.keys()):
            found.half_written.append(f"contact {contact} has no {part}")
        for contact in sorted(counted.keys() - contacts):
            found.half_written.append(f"{part} of contact {contact}, which is not there")
        for contact, number in counted.items():
            if number > 1:
                found.doubled.append(f"contact {contact} has {number} of {part}")
    listeners = len(LISTENERS.get(VERB, ()))
    wrong = f"""
        SELECT event.id, count(delivery.id) FROM kernel_event AS event
        LEFT JOIN kernel_delivery AS delivery ON delivery.event_id = event.id
        WHERE event.verb = '{VERB}' AND event.id > {last_event}
        GROUP BY event.id HAVING count(delivery.id) <> {listeners}
    """
    for event, number in ledger.rows(wrong):
        found.half_written.append(f"event {event} has {number} deliveries, not {listeners}")


def _parts(ledger: Ledger, last_contact: int, last_event: int) -> dict[str, Counter[int]]:
    """How many of each part every contact has; each client sends a contact that has exactly one of all of them."""
    own = f"contact_id > {last_contact}"
    parts = {
        "idempotency key": f"SELECT subject_id FROM contacts_idempotencykey WHERE subject_id > {last_contact}",
        "enquiry": f"SELECT contact_id FROM contacts_enquiry WHERE {own}",
        "person": "SELECT contact_id FROM contacts_enquiry AS enquiry JOIN contacts_enquiryperson AS person"
        f" ON person.enquiry_id = enquiry.id WHERE {own}",
        "note": f"SELECT contact_id FROM contacts_note WHERE {own}",
        "event": f"SELECT subject_id FROM kernel_event WHERE verb = '{VERB}' AND id > {last_event}",
        "look-up": "SELECT substr(reason, 9) FROM kernel_lookup WHERE use = 'registration'"
        f" AND reason LIKE 'contact:%' AND CAST(substr(reason, 9) AS integer) > {last_contact}",
    }
    return {part: Counter(int(row[0]) for row in ledger.rows(sql)) for part, sql in parts.items()}
