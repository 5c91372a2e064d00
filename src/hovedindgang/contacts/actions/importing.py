"""Contacts by the thousand: one deed and one event for a whole file, checked in bulk and written by COPY.

Everything is checked before its chunk is written, and a refused row refuses the file: nothing half-written. PostgreSQL
takes the rows by COPY, SQLite by `executemany`; row numbers are reserved first, so that what hangs together is
written without asking the database in between.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.db import connection, models, transaction

from hovedindgang.contacts.actions.bulk_checks import Known, problem_of
from hovedindgang.contacts.actions.coming_back import settle_those_who_came_back
from hovedindgang.contacts.actions.keeping import marked_at_once
from hovedindgang.contacts.actions.prepared import repeat_key_of
from hovedindgang.contacts.bulk import BulkContact, BulkEnquiry
from hovedindgang.contacts.models import Contact, Enquiry, EnquiryPerson, Handover, HistoryToMake, Note, Signpost
from hovedindgang.contacts.rules import PASSES_ON, FollowsHow, Ground, HandoverState, Refused
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import Actor
from hovedindgang.kernel.events import append_event
from hovedindgang.people.actions import without_cprs
from hovedindgang.policy.queries import in_force
from hovedindgang.servicemodel import text as analysis

CHUNK = 10_000  # contacts in memory at a time
REFUSALS_SHOWN = 100

Row = tuple[Any, ...]

CONTACT_COLUMNS = (
    "id direction who_asks channel medium_id centre_id department_id asker_id repeat_key employee_id unattended "
    "started_at ended_at times_true received_on late language version_id merged_into_id batch"
).split()
ENQUIRY_COLUMNS = (
    "id contact_id position service_id kind level received_on outcome outcome_at outcome_by_id worked_by on_the_spot "
    "advice come_back_reason withdrawn_why owner_id promised_on preparatory received_assisted sent_on avoidable "
    "avoidable_cause guidance_given article self_service follows_id follows_how found_wrong_on case_number"
).split()
PERSON_COLUMNS = ["enquiry_id", "citizen_id", "shown_in", "shown_at"]
NOTE_COLUMNS = ["contact_id", "text", "terms", "amends_id", "author_id", "written_at"]
SIGNPOST_COLUMNS = ["enquiry_id", "how", "authority_id", "department_id", "at", "got_there", "ground"]
HANDOVER_COLUMNS = (
    "enquiry_id department_id spoken summary agreed promised_on state sent_at sent_by_id accepted_at closed_at "
    "handled_by_id reason answer told_at ground"
).split()


@transaction.atomic
def import_contacts(*, rows: Iterable[BulkContact], actor: Actor, source_name: str) -> int:
    """Write contacts that were not registered here, in the order given; gives how many. One event `contacts.imported`.

    A contact's version is the one in force on its day unless the row names another. Raises Refused with a message for
    each of the first refused rows (``rows.17``), NoPolicyInForce for a day before the first adoption.
    """
    batch = _Batch(actor)
    source = iter(rows)
    while chunk := list(islice(source, CHUNK)):
        batch.add(chunk)
        batch.flush()
    _gather_statistics()
    if batch.steps_taken:
        settle_those_who_came_back(batch.number)
    append_event(
        verb="contacts.imported",
        actor=actor,
        subject_kind="import",
        subject_id=batch.number or 0,
        facts={"source": source_name[:80], "contacts": batch.contacts_done, "enquiries": batch.enquiries_done},
    )
    return batch.contacts_done


def _gather_statistics() -> None:
    """Else PostgreSQL plans what is asked next as if the tables were as empty as before."""
    if connection.vendor == "postgresql":
        filled = (Contact, Enquiry, EnquiryPerson, Note, Handover, Signpost, HistoryToMake)
        names = ", ".join(table._meta.db_table for table in filled)
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {names}")


class _Batch:
    """Rows of one import on their way to the tables."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.known = Known.now()
        self.number: int | None = None  # of the import: its first contact's row number
        self.contacts_done = self.enquiries_done = 0
        self.steps_taken = False  # whether any matter is a planned step of an earlier one
        self.enquiry_of: dict[str, int] = {}  # ref → row number
        self.version_of: dict[dt.date, int] = {}
        self.shown_to: set[int] = set()  # citizens whose histories show what is not written yet
        self.rows: dict[type[models.Model], list[Row]] = {
            table: [] for table in (Contact, Enquiry, EnquiryPerson, Note, Handover, Signpost)
        }

    def add(self, chunk: list[BulkContact]) -> None:
        self._check(chunk)
        contact_ids = _reserved(Contact, len(chunk))
        enquiry_ids = iter(_reserved(Enquiry, sum(len(row.enquiries) for row in chunk)))
        if self.number is None:
            self.number = contact_ids[0]
        for contact_id, row in zip(contact_ids, chunk, strict=True):
            day = clock.local_day(row.started_at)
            self.rows[Contact].append(self._contact(contact_id, row, day))
            self.shown_to.update(one for matter in row.enquiries for one in matter.for_whom)
            if row.asker is not None:
                self.shown_to.add(row.asker)
            if row.note:
                self._note(contact_id, row)
            for position, matter in enumerate(row.enquiries, start=1):
                self._enquiry(next(enquiry_ids), contact_id, position, matter, row, day)
        self.contacts_done += len(chunk)

    def _check(self, chunk: list[BulkContact]) -> None:
        errors: dict[str, str] = {}
        for place, row in enumerate(chunk, start=self.contacts_done):
            problem = problem_of(row, self.known)
            if problem:
                errors[f"rows.{place}"] = problem
                if len(errors) == REFUSALS_SHOWN:
                    break
        if errors:
            raise Refused(errors)

    def _contact(self, contact_id: int, row: BulkContact, day: dt.date) -> Row:
        return (
            contact_id,
            row.direction,
            row.who_asks,
            row.channel,
            row.medium,
            row.centre,
            row.department,
            row.asker,
            repeat_key_of(row.repeat_of) if row.repeat_of else None,
            row.employee,
            row.unattended,
            row.started_at,
            row.ended_at,
            row.times_true,
            day,
            row.late,
            row.language,
            row.version_id or self._version(day),
            None,
            self.number,
        )

    def _version(self, day: dt.date) -> int:
        if day not in self.version_of:
            self.version_of[day] = in_force(day).version_id
        return self.version_of[day]

    def _note(self, contact_id: int, row: BulkContact) -> None:
        said = without_cprs(actor=self.actor, text=row.note)
        # As old as what it is about: else it would be kept too long, and closed to a department that gave it back.
        written = (contact_id, said, " ".join(analysis.terms(said)), None, row.employee, row.ended_at)
        self.rows[Note].append(written)

    def _enquiry(
        self, enquiry_id: int, contact_id: int, position: int, matter: BulkEnquiry, row: BulkContact, day: dt.date
    ) -> None:
        if matter.ref:
            self.enquiry_of[matter.ref] = enquiry_id
        self.steps_taken = self.steps_taken or matter.follows_how is FollowsHow.PLANNED_STEP
        self.rows[Enquiry].append(
            (
                enquiry_id,
                contact_id,
                position,
                matter.service,
                matter.kind,
                matter.level,
                day,
                matter.outcome,
                matter.outcome_at,
                matter.outcome_by,
                matter.worked_by or "",
                matter.on_the_spot,
                matter.advice,
                matter.come_back_reason or "",
                matter.withdrawn_why or "",
                matter.owner,
                matter.promised_on,
                matter.preparatory,
                matter.received_assisted,
                matter.sent_on or "",
                True if matter.avoidable_cause else None,
                matter.avoidable_cause or "",
                matter.guidance_given,
                "",
                matter.self_service or "",
                self._followed(matter),
                matter.follows_how or "",
                None,
                "",
            )
        )
        self.rows[EnquiryPerson] += [(enquiry_id, citizen, contact_id, row.started_at) for citizen in matter.for_whom]
        if matter.handover or matter.signpost_how:
            self._companions(enquiry_id, matter, row)

    def _followed(self, matter: BulkEnquiry) -> int | None:
        if not matter.follows_ref:
            return None
        try:
            return self.enquiry_of[matter.follows_ref]
        except KeyError:
            raise Refused({"rows": f"{matter.follows_ref}: no earlier enquiry of this name in the file"}) from None

    def _companions(self, enquiry_id: int, matter: BulkEnquiry, row: BulkContact) -> None:
        if matter.signpost_how:
            places = (matter.signpost_authority, matter.signpost_department)
            # Another system did not say by what right it went along.
            ground = Ground.NOT_RECORDED if matter.signpost_how in PASSES_ON else ""
            self.rows[Signpost].append((enquiry_id, matter.signpost_how, *places, row.ended_at, None, ground))
        given = matter.handover
        if given is None:
            return
        texts = [without_cprs(actor=self.actor, text=said) for said in (given.summary, given.agreed)]
        told = [without_cprs(actor=self.actor, text=said) for said in (given.reason, given.answer)]
        self.rows[Handover].append(
            (
                enquiry_id,
                given.department,
                given.spoken,
                *texts,
                given.promised_on,
                given.state,
                given.sent_at,
                row.employee,
                given.accepted_at,
                given.closed_at,
                given.handled_by,
                *told,
                given.closed_at if given.state is HandoverState.ANSWERED else None,  # what is past has been told
                Ground.NOT_RECORDED,
            )
        )

    def flush(self) -> None:
        self.enquiries_done += len(self.rows[Enquiry])
        with marked_at_once(self.shown_to):
            for table, columns in (
                (Contact, CONTACT_COLUMNS),
                (Enquiry, ENQUIRY_COLUMNS),
                (EnquiryPerson, PERSON_COLUMNS),
                (Note, NOTE_COLUMNS),
                (Handover, HANDOVER_COLUMNS),
                (Signpost, SIGNPOST_COLUMNS),
            ):
                if self.rows[table]:
                    _write(table, columns, self.rows[table])
                    self.rows[table] = []
        self.shown_to = set()


def _reserved(table: type[models.Model], count: int) -> list[int]:
    """Row numbers that nobody else will get, ascending."""
    name = table._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [name, count]
            )
            return [row[0] for row in cursor.fetchall()]
        # The only writer is this transaction; SQLite moves its counter to the highest number written.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [name])
        last = (cursor.fetchone() or (0,))[0]
        return list(range(last + 1, last + 1 + count))


def _write(table: type[models.Model], columns: list[str], rows: list[Row]) -> None:
    name, listed = table._meta.db_table, ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {name} ({listed}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            places = ", ".join(["%s"] * len(columns))
            statement = f"INSERT INTO {name} ({listed}) VALUES ({places})"  # noqa: S608
            cursor.executemany(statement, list(_for_sqlite(rows)))


def _for_sqlite(rows: list[Row]) -> Iterator[list[Any]]:
    """As Django writes them: instants in UTC without saying so."""
    for row in rows:
        yield [
            str(value.astimezone(dt.UTC).replace(tzinfo=None)) if isinstance(value, dt.datetime) else value
            for value in row
        ]
