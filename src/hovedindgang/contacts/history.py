"""A citizen's history: everything in every channel on one page, newest first, read in one statement.

PostgreSQL makes the page as text in its function `contacts_history` (migrations 0022 and 0025), which keeps its plan
and reads the newest contacts from indexes; SQLite gives rows that are put together here. Both give the same JSON, which
other systems are sent as it is and pages read into the dataclasses below. A contact that was about others too shows in
her history only her own matters, and none of its notes.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, fields, replace
from functools import cache
from typing import Any, TypeVar

from django.db import connection

from hovedindgang.contacts.rules import HandoverState, Outcome
from hovedindgang.contacts.searching import persons_of_contacts
from hovedindgang.contacts.sensitivity import OPEN_HOURS, Reader, reader_by_scopes
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import Actor
from hovedindgang.kernel.lookups import log_look_up, look_up_as_json
from hovedindgang.kernel.statements import often_asked
from hovedindgang.people.admission import Admission, NotAdmitted, admit
from hovedindgang.people.protection import Known, known_as_sent, known_of, leaving_out
from hovedindgang.people.rectifying import restricted_among
from hovedindgang.people.rules import Scope
from hovedindgang.servicemodel.document import Channel

Cursor = tuple[dt.datetime, int]  # start and row number of the last entry shown
Part = TypeVar("Part")


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryNote:
    id: int
    text: str
    author: str | None
    written_at: dt.datetime
    amends: int | None  # row number of the note it amends


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryHandover:
    id: int
    department: str  # key
    state: HandoverState
    summary: str
    agreed: str
    promised_on: dt.date
    sent_at: dt.datetime
    closed_at: dt.datetime | None
    told_at: dt.datetime | None
    answer: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HistorySignpost:
    id: int
    how: str
    authority: str | None  # key
    department: str | None  # key
    got_there: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEnquiry:
    id: int
    position: int
    service: str  # key
    kind: str
    outcome: Outcome
    outcome_at: dt.datetime | None
    worked_by: str
    on_the_spot: bool
    come_back_reason: str
    withdrawn_why: str
    promised_on: dt.date | None
    owner: int | None  # employee's row number
    sent_on: str
    follows: int | None
    follows_how: str
    case_number: str
    found_wrong_on: dt.date | None
    for_whom: tuple[int, ...]  # citizens' row numbers
    handovers: tuple[HistoryHandover, ...]
    signposts: tuple[HistorySignpost, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One contact as this citizen's history shows it. Contacts merged into it are folded in."""

    contact_id: int
    started_at: dt.datetime
    ended_at: dt.datetime
    times_true: bool
    direction: str
    who_asks: str
    channel: Channel
    medium: str | None  # key
    centre: str | None  # key
    department: str | None  # key
    language: str
    late: bool
    asker: int | None
    identity: str | None  # how the asker's was established
    employee: str | None  # name
    enquiries: tuple[HistoryEnquiry, ...]
    notes: tuple[HistoryNote, ...]
    merged: tuple[int, ...]  # row numbers of the contacts folded in
    withheld: bool  # another matter of hers is kept more closely than this reader may see
    about_others: bool  # it was about others too: their matters and the notes are left out here

    @property
    def cursor(self) -> Cursor:
        return (self.started_at, self.contact_id)


_POSTGRES = """
SELECT convert_to(entries, 'UTF8'), last_at, last_id, more, known
FROM contacts_history(%s::bigint, %s::timestamptz, %s::bigint, %s::integer, %s::jsonb, %s::jsonb)
"""
_FROM_THE_NEWEST = ("infinity", 2**63 - 1)
_SQLITE = """
WITH mine AS (
    SELECT id FROM contacts_contact WHERE asker_id = %(citizen)s AND merged_into_id IS NULL AND mistake IS NULL
    UNION SELECT merged_into_id FROM contacts_contact WHERE asker_id = %(citizen)s AND merged_into_id IS NOT NULL
    UNION SELECT shown_in FROM contacts_enquiryperson WHERE citizen_id = %(citizen)s
), page AS (
    SELECT c.* FROM mine JOIN contacts_contact c ON c.id = mine.id
    WHERE %(before_at)s IS NULL OR (c.started_at, c.id) < (%(before_at)s, %(before_id)s)
    ORDER BY c.started_at DESC, c.id DESC LIMIT %(limit)s
), family AS (
    SELECT id AS root, id FROM page
    UNION ALL SELECT page.id, c.id FROM page JOIN contacts_contact c ON c.merged_into_id = page.id
)
SELECT json_object(
    'contact_id', page.id, 'started_at', page.started_at, 'ended_at', page.ended_at, 'times_true', page.times_true,
    'direction', page.direction, 'who_asks', page.who_asks, 'channel', page.channel, 'medium', page.medium_id,
    'centre', page.centre_id, 'department', page.department_id, 'language', page.language, 'late', page.late,
    'asker', page.asker_id, 'identity', page.identity,
    'employee', (SELECT name FROM people_employee WHERE id = page.employee_id),
    'enquiries', (
        SELECT json_group_array(json_object(
            'id', e.id, 'position', e.position, 'service', e.service_id, 'kind', e.kind, 'outcome', e.outcome,
            'outcome_at', e.outcome_at, 'worked_by', e.worked_by, 'on_the_spot', e.on_the_spot,
            'come_back_reason', e.come_back_reason, 'withdrawn_why', e.withdrawn_why, 'promised_on', e.promised_on,
            'owner', e.owner_id, 'sent_on', e.sent_on, 'follows', e.follows_id, 'follows_how', e.follows_how,
            'case_number', e.case_number, 'found_wrong_on', e.found_wrong_on,
            'readable', coalesce(
                e.service_id NOT IN (SELECT value FROM json_each(%(reader)s, '$.hidden'))
                OR e.owner_id = %(reader)s ->> '$.employee' OR e.outcome_by_id = %(reader)s ->> '$.employee'
                OR (SELECT employee_id FROM contacts_contact WHERE id = e.contact_id) = %(reader)s ->> '$.employee'
                OR EXISTS (
                    SELECT 1 FROM contacts_handover h WHERE h.enquiry_id = e.id AND (
                        h.sent_by_id = %(reader)s ->> '$.employee' OR h.handled_by_id = %(reader)s ->> '$.employee'
                        OR h.department_id = %(reader)s ->> '$.department'
                    )
                ) OR EXISTS (
                    SELECT 1 FROM contacts_openedmatter o WHERE o.enquiry_id = e.id
                    AND o.employee_id = %(reader)s ->> '$.employee' AND o.at > %(since)s
                ), 0) AND (%(reader)s ->> '$.stored' IS NULL OR NOT EXISTS (
                    SELECT 1 FROM contacts_enquiryperson p JOIN people_restriction r ON r.citizen_id = p.citizen_id
                    WHERE p.enquiry_id = e.id AND p.citizen_id <> %(citizen)s
                )),
            'for_whom', (SELECT json_group_array(citizen_id) FROM contacts_enquiryperson WHERE enquiry_id = e.id),
            'handovers', (
                SELECT json_group_array(json_object(
                    'id', id, 'department', department_id, 'state', state, 'summary', summary, 'agreed', agreed,
                    'promised_on', promised_on, 'sent_at', sent_at, 'closed_at', closed_at, 'told_at', told_at,
                    'answer', answer, 'reason', reason
                )) FROM contacts_handover WHERE enquiry_id = e.id
            ),
            'signposts', (
                SELECT json_group_array(json_object(
                    'id', id, 'how', how, 'authority', authority_id, 'department', department_id,
                    'got_there', got_there
                )) FROM contacts_signpost WHERE enquiry_id = e.id
            )
        )) FROM family JOIN contacts_enquiry e ON e.contact_id = family.id WHERE root = page.id
    ),
    'notes', (
        SELECT json_group_array(json_object(
            'id', n.id, 'text', n.text, 'author', (SELECT name FROM people_employee WHERE id = n.author_id),
            'written_at', n.written_at, 'amends', n.amends_id
        )) FROM family JOIN contacts_note n ON n.contact_id = family.id WHERE root = page.id
    ),
    'merged', (SELECT json_group_array(family.id) FROM family WHERE root = page.id AND family.id <> root),
    'askers', (
        SELECT json_group_array(c.asker_id) FROM family JOIN contacts_contact c ON c.id = family.id WHERE root = page.id
    )
) FROM page ORDER BY page.started_at DESC, page.id DESC
"""


def history_seen(
    *,
    actor: Actor,
    citizen_id: int,
    limit: int = 50,
    before: Cursor | None = None,
    use: str = "history",
    reason: str = "",
    reader: Reader | None = None,
) -> list[HistoryEntry]:
    """The citizen's contacts, newest first, for somebody who has passed a door. Two statements: it and the look-up."""
    found = read_history(citizen_id, limit=limit, before=before, reader=reader)
    log_look_up(actor=actor, citizen_ids=[citizen_id], use=use, reason=reason or f"citizen:{citizen_id}")
    return found


def read_history(
    citizen_id: int, *, limit: int = 50, before: Cursor | None = None, reader: Reader | None = None
) -> list[HistoryEntry]:
    """As `history_seen`, for a caller that has logged the look-up itself. One statement.

    `reader` decides which matters are only said to be there (`contacts.sensitivity`); None reads everything.
    """
    if connection.vendor == "postgresql":
        with often_asked() as cursor:
            cursor.execute(_POSTGRES, [citizen_id, *(before or _FROM_THE_NEWEST), limit, None, _as_text(reader)])
            plain = json.loads(cursor.fetchone()[0])
    else:
        plain = _rows_of_sqlite(citizen_id, limit, before, reader)
    return [_entry(row) for row in plain]


def history_as_json(
    *,
    actor: Actor,
    citizen_id: int,
    limit: int,
    before: Cursor | None,
    use: str,
    reason: str,
    admission: Admission | None = None,
    consent: bool = False,
    beyond: Collection[str] = (),
) -> tuple[bytes, Cursor | None]:
    """A page as the JSON array in UTF-8 that other systems are sent, and the next page's cursor, None on the last.

    `reason` is what the reader gave (a case number); it is logged with the look-up. On PostgreSQL one statement, which
    reads and logs nothing for an `admission` that does not hold. `consent`: the citizen's own, whose data is only
    stored. `beyond`: services that a power does not cover; whoever has it is not told that there was anything else.
    Raises NotAdmitted, ScopeMissing, and OnlyStored where she has not consented.
    """
    if connection.vendor == "postgresql":
        look_up = look_up_as_json(actor=actor, use=use, reason=reason)
        asked = (citizen_id, *(before or _FROM_THE_NEWEST), limit)
        # What it may read follows from the scopes it was remembered with, which the statement proves with the rest.
        page = None
        if admission:
            reader = reader_by_scopes(admission.scopes, lately=True, consent=consent)
            page = _sent(*asked, {**look_up, "admission": admission.as_json()}, _limited(reader, beyond))
        if page is None:
            now = _reader_now(admission, consent)
            _refuse_only_stored(actor, citizen_id, now, use=use, reason=reason)
            page = _sent(*asked, look_up, _limited(now, beyond))
            assert page is not None
        entries, following, known = page
        if beyond or (known and _HAS_TEXT.search(entries)):
            entries = _as_json(_told(json.loads(entries), known, beyond))
        return entries, following
    now = _reader_now(admission, consent)
    _refuse_only_stored(actor, citizen_id, now, use=use, reason=reason)
    rows = _rows_of_sqlite(citizen_id, limit + 1, before, _limited(now, beyond))
    log_look_up(actor=actor, citizen_ids=[citizen_id], use=use, reason=reason)
    page_rows = rows[:limit]
    following = (_instant(page_rows[-1]["started_at"]), page_rows[-1]["contact_id"]) if len(rows) > limit else None
    known = known_of(_persons(citizen_id, page_rows)) if now and now.masked else []
    return _as_json(_told(page_rows, known, beyond)), following


def _as_json(rows: list[dict[str, Any]]) -> bytes:
    return json.dumps(rows, ensure_ascii=False).encode()


class OnlyStored(Exception):
    """What is held of this citizen is only stored, and she has not consented to its use (GDPR article 18)."""


def _reader_now(admission: Admission | None, consent: bool) -> Reader | None:
    """By the scopes the client has at this moment. Raises NotAdmitted, ScopeMissing."""
    if admission is None:
        return None
    if admission.proven and connection.vendor != "postgresql":
        return reader_by_scopes(admission.scopes, consent=consent)
    found = admit(admission.token_hash, Scope.HISTORY_READ)
    if found is None or found.client_id != admission.client_id:
        raise NotAdmitted
    return reader_by_scopes(found.scopes, consent=consent)


def _refuse_only_stored(actor: Actor, citizen_id: int, reader: Reader | None, *, use: str, reason: str) -> None:
    """Raises OnlyStored; that it is so is told of her, and logged."""
    if reader and reader.stored == "kept" and restricted_among([citizen_id]):
        log_look_up(actor=actor, citizen_ids=[citizen_id], use=use, reason=reason)
        raise OnlyStored


def _limited(reader: Reader | None, beyond: Collection[str]) -> Reader | None:
    return replace(reader, hidden=reader.hidden | frozenset(beyond)) if reader and beyond else reader


def _persons(citizen_id: int, rows: list[dict[str, Any]]) -> set[int]:
    return {citizen_id, *persons_of_contacts(number for row in rows for number in (row["contact_id"], *row["merged"]))}


def _told(rows: list[dict[str, Any]], known: Collection[Known], beyond: Collection[str]) -> list[dict[str, Any]]:
    """The page without the names and addresses of these people; for a limited power, without the rest of her life."""
    if beyond:
        rows = [row | {"withheld": False} for row in rows if row["enquiries"]]
    if known:
        without = leaving_out(known)
        for row in rows:
            parts = [*row["notes"], *row["enquiries"], *(one for each in row["enquiries"] for one in each["handovers"])]
            for part in parts:
                part |= {name: without(part[name]) for name in _TEXTS & part.keys()}
    return rows


# Most pages hold no text at all, and are sent as they are.
_HAS_TEXT = re.compile(rb'"(?:text|summary)"|"case_number"\s*:\s*"[^"]')
_TEXTS = frozenset({"text", "case_number", "summary", "agreed", "answer", "reason"})


def _as_text(reader: Reader | None) -> str | None:
    return reader.as_text() if reader else None


def _sent(*asked: Any) -> tuple[bytes, Cursor | None, list[Known]] | None:
    """None for a client that is not let in, and for a citizen whose data is only stored."""
    *plain, look_up, reader = asked
    with often_asked(binary=True) as cursor:
        cursor.execute(_POSTGRES, [*plain, json.dumps(look_up), _as_text(reader)])
        entries, last_at, last_id, more, known = cursor.fetchone()
    known = known_as_sent(json.loads(known) if isinstance(known, str) else known or [])
    return None if entries is None else (entries, (last_at, last_id) if more else None, known)


# ------------------------------------------------------------------------------------------------- from JSON to entries


def _entry(row: dict[str, Any]) -> HistoryEntry:
    row |= {
        "channel": Channel(row["channel"]),
        "enquiries": tuple(_enquiry(matter) for matter in row["enquiries"]),
        "notes": tuple(_part(HistoryNote, note) for note in row["notes"]),
        "merged": tuple(row["merged"]),
    }
    return _part(HistoryEntry, row)


def _enquiry(row: dict[str, Any]) -> HistoryEnquiry:
    row |= {
        "outcome": Outcome(row["outcome"]),
        "for_whom": tuple(row["for_whom"]),
        "handovers": tuple(
            _part(HistoryHandover, each | {"state": HandoverState(each["state"])}) for each in row["handovers"]
        ),
        "signposts": tuple(_part(HistorySignpost, each) for each in row["signposts"]),
    }
    return _part(HistoryEnquiry, row)


def _part(made: type[Part], row: dict[str, Any]) -> Part:
    """The dataclass from JSON: `_at` are instants, `_on` days."""
    return made(**{name: _read_as(row[name], read) for name, read in _readers(made)})  # type: ignore[arg-type]


def _read_as(value: Any, read: Callable[[Any], Any] | None) -> Any:
    return value if read is None or value is None else read(value)


@cache
def _readers(made: type) -> tuple[tuple[str, Callable[[Any], Any] | None], ...]:
    """Each field's name and what makes its value from JSON; looked up once, since a page has hundreds of them."""

    def reader(name: str) -> Callable[[Any], Any] | None:
        if name.endswith("_at"):
            return _instant
        return dt.date.fromisoformat if name.endswith("_on") and name != "sent_on" else None

    return tuple((field.name, reader(field.name)) for field in fields(made))


def _instant(written: str) -> dt.datetime:
    return dt.datetime.fromisoformat(written).astimezone(dt.UTC)


# --------------------------------------------------------------------------------------------------- rows of SQLite


def _rows_of_sqlite(citizen_id: int, limit: int, before: Cursor | None, reader: Reader | None) -> list[dict[str, Any]]:
    """The page as PostgreSQL's function gives it."""
    parameters = {
        "citizen": citizen_id,
        "before_at": connection.ops.adapt_datetimefield_value(before[0]) if before else None,
        "before_id": before[1] if before else 0,
        "limit": limit,
        "reader": _as_text(reader) or '{"hidden": []}',
        "since": connection.ops.adapt_datetimefield_value(clock.now() - dt.timedelta(hours=OPEN_HOURS)),
    }
    with connection.cursor() as cursor:
        cursor.execute(_SQLITE, parameters)
        return [_as_shown(json.loads(row), citizen_id) for (row,) in cursor.fetchall()]


def _as_shown(row: dict[str, Any], citizen_id: int) -> dict[str, Any]:
    """One contact as her history shows it: what is hers of it, its parts in order."""
    for matter in row["enquiries"]:
        matter["for_whom"].sort()
    whole = citizen_id in row.pop("askers") or all(citizen_id in matter["for_whom"] for matter in row["enquiries"])
    hers = [matter for matter in row["enquiries"] if whole or citizen_id in matter["for_whom"]]
    unreadable = [matter for matter in row["enquiries"] if not matter["readable"]]
    open_to_reader = not unreadable
    closed = [matter for matter in hers if not matter["readable"]]
    hers = [matter for matter in hers if matter["readable"]]
    for matter in row["enquiries"]:
        del matter["readable"]
    notes = row["notes"] if whole and open_to_reader else []
    row |= {"enquiries": hers, "notes": notes, "withheld": bool(closed), "about_others": not whole}
    if not open_to_reader:  # who took it, where and how it came in could tell what it was about
        row |= {"employee": None, "department": None, "medium": None}
    row["merged"].sort()
    for parts in (row["notes"], hers, *(matter[name] for matter in hers for name in ("handovers", "signposts"))):
        parts.sort(key=_by_id)
    for each in (row, *row["notes"], *hers, *(part for matter in hers for part in matter["handovers"])):
        _said_aloud(each)
    for each in (part for matter in hers for part in matter["signposts"]):
        _said_aloud(each)
    return row


def _said_aloud(part: dict[str, Any]) -> None:
    """SQLite keeps 0 and 1, and times in UTC without saying so."""
    for name, value in part.items():
        if name in _TRUTHS and value is not None:
            part[name] = bool(value)
        elif name.endswith("_at") and value is not None:
            part[name] = f"{value.replace(' ', 'T')}+00:00"


_TRUTHS = frozenset({"times_true", "late", "on_the_spot", "got_there"})


def _by_id(part: dict[str, Any]) -> int:
    return int(part["id"])
