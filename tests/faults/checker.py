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
# What can be wrong, and how it is said.
KINDS = {
    "lost": "lost",
    "doubled": "doubled",
    "half_written": "half-written",
    "false_receipts": "false receipts",
    "undelivered": "deliveries lost",
    "delivered_twice": "deliveries done twice",
}


@dataclass
class Findings:
    """What is wrong, one line each; all empty is what is promised."""

    acknowledged: int = 0
    stored: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    half_written: list[str] = field(default_factory=list)
    false_receipts: list[str] = field(default_factory=list)  # that name another contact than the one that was sent
    undelivered: list[str] = field(default_factory=list)  # neither done nor shown to a person
    delivered_twice: list[str] = field(default_factory=list)
    delivered: int = 0
    shown: int = 0  # deliveries and matters of the journal that were left to a person, as they should be
    journalised: int = 0
    damaged: str = ""

    @property
    def wrong(self) -> list[str]:
        return [line for kind in KINDS for line in getattr(self, kind)]

    @property
    def all_well(self) -> bool:
        return not self.wrong

    def __str__(self) -> str:
        kinds = ", ".join(f"{len(getattr(self, kind))} {said}" for kind, said in KINDS.items())
        return f"{self.acknowledged} acknowledged, {self.stored} stored: {kinds}"

    def __iadd__(self, other: Findings) -> Findings:
        """Both together, for several runs of one kind."""
        for name in (*KINDS, "acknowledged", "stored", "delivered", "shown", "journalised"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        return self


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
        """Those that the worker is not done with; what was left to a person is not among them."""
        under_way = "SELECT count(*) FROM kernel_delivery WHERE state IN ('waiting', 'leased')"
        count: int = self.rows(under_way)[0][0]
        return count

    def waiting_matters(self) -> int:
        """Those on their way to the case system, but for what waits for a person."""
        under_way = "state IN ('waiting', 'sending') OR (state = 'uncertain' AND next_at IS NOT NULL)"
        count: int = self.rows(f"SELECT count(*) FROM contacts_journalised WHERE {under_way}")[0][0]
        return count

    def drained(self, *, within_seconds: float, journal: bool = False) -> bool:
        """Whether every delivery (and with `journal` every matter to be journalised) gets done by itself in time."""
        give_up_at = time.monotonic() + within_seconds
        while self.waiting_deliveries() or (journal and self.waiting_matters()):
            if time.monotonic() > give_up_at:
                return False
            time.sleep(0.1)
        return True


def check(ledger: Ledger, sent: Iterable[Sent], *, after: tuple[int, int] = (0, 0), listeners: int = 0) -> Findings:
    """Every receipt has its whole contact, every contact is whole, and nothing is there twice.

    `listeners`: how many hear of a contact, where they are not those of the product alone.
    """
    sent = list(sent)
    found = Findings(acknowledged=sum(one.contact_id is not None for one in sent))
    try:
        if isinstance(ledger.address, Path) and ledger.rows("PRAGMA integrity_check") != [("ok",)]:
            found.damaged = "the file itself is damaged"
        _check_receipts(ledger, sent, found)
        _check_contacts(ledger, after, found, listeners or len(LISTENERS.get(VERB, ())))
    except sqlite3.DatabaseError as error:  # it can be read no further
        found.damaged = f"the file itself is damaged: {error}"
    if found.damaged:
        found.half_written.append(found.damaged)
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
        if not stored:
            found.lost.append(f"{one.mark} was acknowledged as contact {one.contact_id} and is stored nowhere")
        elif one.contact_id not in stored:
            found.false_receipts.append(f"{one.mark} was acknowledged as {one.contact_id}, stored are {stored}")
        elif subject_of.get(one.key) != one.contact_id:
            found.half_written.append(f"{one.mark}: its key points to {subject_of.get(one.key)}")


def _check_contacts(ledger: Ledger, after: tuple[int, int], found: Findings, listeners: int) -> None:
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
    without = f"""
        SELECT enquiry.contact_id, count(handover.id) FROM contacts_enquiry AS enquiry
        LEFT JOIN contacts_handover AS handover ON handover.enquiry_id = enquiry.id
        WHERE enquiry.outcome = 'passed_on' AND enquiry.contact_id > {last_contact}
        GROUP BY enquiry.contact_id HAVING count(handover.id) <> 1
    """
    for contact, number in ledger.rows(without):
        found.half_written.append(f"contact {contact} is passed on by {number} handovers")
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
        "idempotency key": f"SELECT subject_id FROM contacts_idempotencykey"
        f" WHERE deed = 'register_contact' AND subject_id > {last_contact}",
        "enquiry": f"SELECT contact_id FROM contacts_enquiry WHERE {own}",
        "person": "SELECT contact_id FROM contacts_enquiry AS enquiry JOIN contacts_enquiryperson AS person"
        f" ON person.enquiry_id = enquiry.id WHERE {own}",
        "note": f"SELECT contact_id FROM contacts_note WHERE {own}",
        "event": f"SELECT subject_id FROM kernel_event WHERE verb = '{VERB}' AND id > {last_event}",
        "look-up": "SELECT substr(reason, 9) FROM kernel_lookup WHERE use = 'registration'"
        f" AND reason LIKE 'contact:%' AND CAST(substr(reason, 9) AS integer) > {last_contact}",
    }
    return {part: Counter(int(row[0]) for row in ledger.rows(sql)) for part, sql in parts.items()}


def check_deliveries(
    ledger: Ledger, made: Counter[str], found: Findings, *, after: tuple[int, int], heard_by: str, every: int
) -> None:
    """Each delivery to the listener `heard_by` was done once, or is left to a person and was not done; so is each
    matter that was to be journalised, of which `made` says how often the case system was asked to make it (by key).

    `every`: of so many events one asks for its matter to be journalised. Call it when nothing is under way any more.
    """
    own = f"delivery.listener = '{heard_by}' AND delivery.event_id > {after[1]}"
    deliveries = ledger.rows(f"SELECT event_id, state FROM kernel_delivery AS delivery WHERE {own}")
    heard = Counter(row[0] for row in ledger.rows(f"SELECT event_id FROM faults_heard WHERE event_id > {after[1]}"))
    for event, state in deliveries:
        times = heard.pop(event, 0)
        left = state in {"quarantined", "uncertain"}
        found.delivered += times > 0
        found.shown += left
        if times > 1 or (left and times):
            found.delivered_twice.append(f"event {event} is {state} and was heard {times} times")
        elif not times and not left:
            found.undelivered.append(f"event {event} is {state} and was never heard")
    found.delivered_twice += [f"event {event} was heard and never delivered" for event in heard]
    _check_journal(ledger, made, found, after, heard_by, every)


def _check_journal(
    ledger: Ledger, made: Counter[str], found: Findings, after: tuple[int, int], heard_by: str, every: int
) -> None:
    asked = f"""
        SELECT event.subject_id, count(journal.id) FROM kernel_event AS event
        JOIN kernel_delivery AS delivery ON delivery.event_id = event.id
        JOIN contacts_enquiry AS enquiry ON enquiry.contact_id = CAST(event.subject_id AS bigint)
        LEFT JOIN contacts_journalised AS journal ON journal.enquiry_id = enquiry.id
        WHERE event.verb = '{VERB}' AND event.id > {after[1]} AND event.id % {every} = 0
          AND delivery.listener = '{heard_by}' AND delivery.state = 'done'
        GROUP BY event.subject_id
    """
    for contact, number in ledger.rows(asked):
        if number != 1:
            wrong = found.delivered_twice if number else found.undelivered
            wrong.append(f"contact {contact} has {number} rows to be journalised")
    rows = ledger.rows(
        "SELECT journal.key, journal.state, journal.why, journal.next_at IS NULL FROM contacts_journalised AS journal"
        f" JOIN contacts_enquiry AS enquiry ON enquiry.id = journal.enquiry_id WHERE enquiry.contact_id > {after[0]}"
    )
    earlier = (
        "SELECT journal.key FROM contacts_journalised AS journal"
        f" JOIN contacts_enquiry AS enquiry ON enquiry.id = journal.enquiry_id WHERE enquiry.contact_id <= {after[0]}"
    )
    left_over = Counter(made)
    for (key,) in ledger.rows(earlier):
        left_over.pop(str(uuid.UUID(str(key))), 0)
    for key, state, why, nobodys_turn in rows:
        times = left_over.pop(str(uuid.UUID(str(key))), 0)
        left = state == "refused" or (state == "uncertain" and nobodys_turn)
        found.journalised += state == "done"
        found.shown += left
        if times > 1 and not (left and why == "several"):
            found.delivered_twice.append(f"journal row {key} is {state} and was made {times} times")
        elif not left and (state != "done" or times != 1):
            found.undelivered.append(f"journal row {key} is {state} {why} and was made {times} times")
    found.delivered_twice += [f"the case system made {key}, which is not in the journal" for key in left_over]
