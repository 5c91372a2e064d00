"""Rows of a register (tickets, calls, mails, messages) as records of people who approached the municipality."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from hovedindgang.registers.language import gettext as _
from hovedindgang.registers.looking import CannotRead
from hovedindgang.registers.mapping import Layout
from hovedindgang.registers.reading import Refusal, Table, open_table
from hovedindgang.registers.record_rows import Record, RecordRows
from hovedindgang.registers.rules import FileKind, Result, too_small
from hovedindgang.registers.steps import no_rows, refuse_month_first


@dataclass
class Register:
    """A register, read."""

    name: str
    layout: Layout
    records: list[Record]
    refused: list[Refusal]
    pooled: frozenset[str] = frozenset()  # queues with too few employees to be shown apart
    pooled_locations: frozenset[str] = frozenset()
    sizes_known: bool = False
    unmapped: Counter[str] = field(default_factory=Counter)  # queue → rows that no service key was found for
    untied: int = 0  # events of calls whose entry into the queue is not in the file


def read_register(
    table: Table,
    layout: Layout,
    *,
    registrations: dict[str, int] | None = None,
    progress: Callable[[float], None] | None = None,
) -> Register:
    """Every whole row as a record. Raises CannotRead if none can be used.

    `registrations` is `Registrations.by_ticket`, where that table comes as a file of its own.
    """
    rows = RecordRows(table, layout)
    if layout.kind is FileKind.ZYLINC:
        records, untied = _calls(rows, progress)
    else:
        records, untied = _tickets(rows, registrations or {}, progress), 0
    refuse_month_first(table, rows.instants)
    if not records:
        raise CannotRead(no_rows(table))
    unmapped = (
        Counter(record.queue for record in records if not record.service) if layout.mapping.services else Counter()
    )
    return Register(
        table.name,
        layout,
        records,
        refused=sorted(table.refused, key=lambda refusal: refusal.line),
        pooled=too_small(rows.employees, Counter(record.queue for record in records)),
        pooled_locations=too_small(rows.employees_at, Counter(record.location for record in records)),
        sizes_known=bool(rows.employees),
        unmapped=unmapped,
        untied=untied,
    )


class Registrations(NamedTuple):
    """FrontDesk's Registration table, where it comes as a file of its own."""

    sha256: str
    by_ticket: dict[str, int]  # OperationId → registrations


def count_registrations(path: Path) -> Registrations:
    """Raises CannotRead if the file is not that table."""
    table = open_table(path)
    if "OperationId" not in table.header:
        raise CannotRead(
            _("{file} har ingen kolonne OperationId og er ikke FrontDesks tabel Registration.").format(file=table.name)
        )
    place = table.header.index("OperationId")
    return Registrations(table.sha256, Counter(row[place].strip() for row in table.rows()))


def _tickets(rows: RecordRows, registrations: dict[str, int], progress: Callable[[float], None] | None) -> list[Record]:
    """One record per external id: further rows of the same id are further registrations (Underbetjening)."""
    found: dict[str, Record] = {}
    for row in rows.table.rows(progress):
        record = rows.record(row)
        if record is None:
            continue
        same = found.get(record.external_id)
        if same is None:
            more = registrations.get(record.external_id, 1)
            found[record.external_id] = record._replace(registrations=more) if more > 1 else record
        elif "registration" in rows.layout.places or rows.layout.kind is FileKind.FRONTDESK:
            sent_on = same.sent_on or record.sent_on
            found[record.external_id] = same._replace(registrations=same.registrations + 1, sent_on=sent_on)
        else:
            rows.table.refuse(
                _("Nummeret i kolonnen {column} er brugt før i filen.").format(column=rows.layout.names["id"])
            )
    return list(found.values())


def _calls(rows: RecordRows, progress: Callable[[float], None] | None) -> tuple[list[Record], int]:
    """Zylinc's events as calls: events of one conversation, or of one queue, start and total, are one call.

    Where the file tells events apart, a call is an entry into a queue; events tied to no entry are counted aside.
    """
    calls: dict[str, list[tuple[Record, str, float | None]]] = defaultdict(list)
    for row in rows.table.rows(progress):
        event = rows.event(row)
        if event:
            calls[event[0].external_id].append(event)
    entered = {key for key, events in calls.items() if any(event == "JoinedQueue" for _r, event, _w in events)}
    tied = entered or calls.keys()
    untied = sum(len(events) for key, events in calls.items() if key not in tied)
    return [_one_call(events) for key, events in calls.items() if key in tied], untied


def _one_call(events: list[tuple[Record, str, float | None]]) -> Record:
    """The call that the events tell of; where none says how long it waited, when it was answered is not known."""
    first = min((record for record, _event, _waited in events), key=lambda record: record.came_at)
    first = first._replace(sent_on=any(record.sent_on for record, _event, _waited in events))
    results = {record.result for record, _event, _waited in events}
    result = next(result for result in (Result.ANSWERED, Result.LEFT, Result.OPEN, "") if result in results)
    waits = [w for _record, event, w in events if w is not None and event in ("JoinedQueue", "LeftQueue", "")]
    reached = [first.came_at + dt.timedelta(milliseconds=max(waits))] if waits else []
    ends = [record.ended_at for record, _event, _waited in events if record.ended_at]
    if result == Result.ANSWERED:
        return first._replace(
            result=result, called_at=max(reached, default=None), ended_at=max(ends + reached, default=None)
        )
    return first._replace(result=result, called_at=None, ended_at=max(reached or ends, default=None))
