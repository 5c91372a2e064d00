"""A citizen's history: everything in every channel on one page, newest first, read in one statement."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Any, TypeVar

from django.db import connection

from hovedindgang.contacts.rules import HandoverState, Outcome
from hovedindgang.kernel.actors import Actor
from hovedindgang.kernel.lookups import log_look_up
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
    employee: str | None  # name
    enquiries: tuple[HistoryEnquiry, ...]
    notes: tuple[HistoryNote, ...]
    merged: tuple[int, ...]  # row numbers of the contacts folded in
    about_others: bool  # it was about others too: their matters and the notes are left out here

    @property
    def cursor(self) -> Cursor:
        return (self.started_at, self.contact_id)


_STATEMENT = """
WITH mine AS (
    SELECT id FROM contacts_contact WHERE asker_id = %(citizen)s AND merged_into_id IS NULL
    UNION SELECT merged_into_id FROM contacts_contact WHERE asker_id = %(citizen)s AND merged_into_id IS NOT NULL
    UNION SELECT coalesce(c.merged_into_id, c.id) FROM contacts_enquiryperson p
        JOIN contacts_enquiry e ON e.id = p.enquiry_id JOIN contacts_contact c ON c.id = e.contact_id
        WHERE p.citizen_id = %(citizen)s
), page AS (
    SELECT c.* FROM mine JOIN contacts_contact c ON c.id = mine.id
    WHERE %(before_at)s IS NULL OR (c.started_at, c.id) < (%(before_at)s, %(before_id)s)
    ORDER BY c.started_at DESC, c.id DESC LIMIT %(limit)s
), family AS (
    SELECT id AS root, id FROM page
    UNION ALL SELECT page.id, c.id FROM page JOIN contacts_contact c ON c.merged_into_id = page.id
)
SELECT {object}(
    'contact_id', page.id, 'started_at', page.started_at, 'ended_at', page.ended_at, 'times_true', page.times_true,
    'direction', page.direction, 'who_asks', page.who_asks, 'channel', page.channel, 'medium', page.medium_id,
    'centre', page.centre_id, 'department', page.department_id, 'language', page.language, 'late', page.late,
    'asker', page.asker_id, 'employee', (SELECT name FROM people_employee WHERE id = page.employee_id),
    'merged', (SELECT {list}(family.id) FROM family WHERE root = page.id AND family.id <> root),
    'askers', (SELECT {list}(c.asker_id) FROM family JOIN contacts_contact c ON c.id = family.id WHERE root = page.id),
    'enquiries', (
        SELECT {list}({object}(
            'id', e.id, 'position', e.position, 'service', e.service_id, 'kind', e.kind, 'outcome', e.outcome,
            'outcome_at', e.outcome_at, 'worked_by', e.worked_by, 'on_the_spot', e.on_the_spot,
            'come_back_reason', e.come_back_reason, 'withdrawn_why', e.withdrawn_why, 'promised_on', e.promised_on,
            'owner', e.owner_id, 'sent_on', e.sent_on, 'follows', e.follows_id, 'follows_how', e.follows_how,
            'case_number', e.case_number, 'found_wrong_on', e.found_wrong_on,
            'for_whom', (SELECT {list}(citizen_id) FROM contacts_enquiryperson WHERE enquiry_id = e.id),
            'handovers', (
                SELECT {list}({object}(
                    'id', id, 'department', department_id, 'state', state, 'summary', summary, 'agreed', agreed,
                    'promised_on', promised_on, 'sent_at', sent_at, 'closed_at', closed_at, 'told_at', told_at,
                    'answer', answer, 'reason', reason
                )) FROM contacts_handover WHERE enquiry_id = e.id
            ),
            'signposts', (
                SELECT {list}({object}(
                    'id', id, 'how', how, 'authority', authority_id, 'department', department_id,
                    'got_there', got_there
                )) FROM contacts_signpost WHERE enquiry_id = e.id
            )
        )) FROM family JOIN contacts_enquiry e ON e.contact_id = family.id WHERE root = page.id
    ),
    'notes', (
        SELECT {list}({object}(
            'id', n.id, 'text', n.text, 'written_at', n.written_at, 'amends', n.amends_id,
            'author', (SELECT name FROM people_employee WHERE id = n.author_id)
        )) FROM family JOIN contacts_note n ON n.contact_id = family.id WHERE root = page.id
    )
) FROM page
"""
_POSTGRES = _STATEMENT.format(object="json_build_object", list="json_agg")
_SQLITE = _STATEMENT.format(object="json_object", list="json_group_array")


def history_seen(
    *,
    actor: Actor,
    citizen_id: int,
    limit: int = 50,
    before: Cursor | None = None,
    use: str = "history",
    reason: str = "",
) -> list[HistoryEntry]:
    """The citizen's contacts, newest first, for somebody who has passed a door. Two statements: it and the look-up.

    `reason` is what the reader gave (a case number); none given, the look-up names the citizen's row alone.
    """
    found = read_history(citizen_id, limit=limit, before=before)
    log_look_up(actor=actor, citizen_ids=[citizen_id], use=use, reason=reason or f"citizen:{citizen_id}")
    return found


def read_history(citizen_id: int, *, limit: int = 50, before: Cursor | None = None) -> list[HistoryEntry]:
    """As `history_seen`, for a caller that has logged the look-up itself. One statement."""
    found = _read(citizen_id, limit, before)
    return [_entry(row, citizen_id) for row in sorted(found, key=_newest, reverse=True)]


def _read(citizen_id: int, limit: int, before: Cursor | None) -> list[dict[str, Any]]:
    before_at = connection.ops.adapt_datetimefield_value(before[0]) if before else None
    postgres = connection.vendor == "postgresql"
    statement = _POSTGRES.replace("%(before_at)s", "%(before_at)s::timestamptz") if postgres else _SQLITE
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            {
                "citizen": citizen_id,
                "before_at": before_at,
                "before_id": before[1] if before else 0,
                "limit": limit,
            },
        )
        return [row[0] if isinstance(row[0], dict) else json.loads(row[0]) for row in cursor.fetchall()]


def _newest(row: dict[str, Any]) -> Cursor:
    return _instant(row["started_at"]), row["contact_id"]


def _entry(row: dict[str, Any], citizen_id: int) -> HistoryEntry:
    asked_herself = citizen_id in _listed(row.pop("askers"))
    all_matters = [_enquiry(matter) for matter in sorted(_listed(row["enquiries"]), key=lambda m: m["id"])]
    hers = [matter for matter in all_matters if asked_herself or citizen_id in matter.for_whom]
    about_others = len(hers) < len(all_matters)
    notes = [] if about_others else [_part(HistoryNote, note) for note in sorted(_listed(row["notes"]), key=_by_id)]
    row |= {
        "channel": Channel(row["channel"]),
        "enquiries": tuple(hers),
        "notes": tuple(notes),
        "merged": tuple(sorted(_listed(row["merged"]))),
        "about_others": about_others,
    }
    return _part(HistoryEntry, row)


def _enquiry(row: dict[str, Any]) -> HistoryEnquiry:
    row |= {
        "outcome": Outcome(row["outcome"]),
        "for_whom": tuple(sorted(_listed(row["for_whom"]))),
        "handovers": tuple(_handover(each) for each in sorted(_listed(row["handovers"]), key=_by_id)),
        "signposts": tuple(_part(HistorySignpost, each) for each in sorted(_listed(row["signposts"]), key=_by_id)),
    }
    return _part(HistoryEnquiry, row)


def _handover(row: dict[str, Any]) -> HistoryHandover:
    return _part(HistoryHandover, row | {"state": HandoverState(row["state"])})


def _part(made: type[Part], row: dict[str, Any]) -> Part:
    """The dataclass from JSON: `_at` are instants, `_on` days, and SQLite's 0 and 1 are no and yes."""
    return made(**{name: _read_as(row[name], read) for name, read in _readers(made)})  # type: ignore[arg-type]


def _read_as(value: Any, read: Callable[[Any], Any] | None) -> Any:
    return value if read is None or value is None else read(value)


@cache
def _readers(made: type) -> tuple[tuple[str, Callable[[Any], Any] | None], ...]:
    """Each field's name and what makes its value from JSON; looked up once, since a page has hundreds of them."""

    def reader(name: str, kind: str) -> Callable[[Any], Any] | None:
        if name.endswith("_at"):
            return _instant
        if name.endswith("_on") and name != "sent_on":
            return dt.date.fromisoformat
        return bool if kind.startswith("bool") else None

    return tuple((field.name, reader(field.name, str(field.type))) for field in fields(made))


def as_plain(part: Any) -> dict[str, Any]:
    """An entry as dicts and lists; `dataclasses.asdict` copies every value, and a page has hundreds of them."""
    found: dict[str, Any] = {}
    for name, _reader in _readers(type(part)):  # type: ignore[arg-type]
        value = getattr(part, name)
        nested = isinstance(value, tuple) and value and is_dataclass(value[0])
        found[name] = [as_plain(each) for each in value] if nested else value
    return found


def _instant(written: str) -> dt.datetime:
    """Aware, in UTC; SQLite's times are written in UTC without saying so."""
    read = dt.datetime.fromisoformat(written)
    return read.replace(tzinfo=dt.UTC) if read.tzinfo is None else read.astimezone(dt.UTC)


def _listed(rows: list[Any] | None) -> list[Any]:
    """PostgreSQL aggregates nothing to NULL."""
    return rows or []


def _by_id(row: dict[str, Any]) -> int:
    return int(row["id"])
