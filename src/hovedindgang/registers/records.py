"""Rows of a register (tickets, calls, mails, messages) as records of people who approached the municipality."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from hovedindgang.registers.instants import BadInstant, Instants
from hovedindgang.registers.language import gettext as _
from hovedindgang.registers.mapping import Layout, key_of
from hovedindgang.registers.reading import CannotRead, Refusal, Table, open_table
from hovedindgang.registers.rules import FileKind, RecordKind, Result, is_nothing, too_small
from hovedindgang.registers.steps import LONGEST_ID, Texts, TooLong, bad_time, no_rows
from hovedindgang.servicemodel.document import Channel

# Words for a result, besides those of the mapping file. Zylinc writes Answered and Missed.
_RESULTS = {
    **dict.fromkeys(
        ("answered", "besvaret", "connected", "completed", "ended", "afsluttet", "ekspederet"), Result.ANSWERED
    ),
    **dict.fromkeys(
        ("missed", "abandoned", "tabt", "mistet", "ikke besvaret", "noshow", "no show", "udeblevet", "left", "forladt",
         "cancelled", "annulleret", "timeout", "noanswer", "hangup", "lagt på"),
        Result.LEFT,
    ),
    **dict.fromkeys(("waiting", "venter", "open", "åben"), Result.OPEN),
}  # fmt: skip


class Record(NamedTuple):
    """One ticket, call, mail or message. Texts and keys are "" where the file says nothing."""

    external_id: str
    kind: str
    channel: str
    queue: str
    location: str
    service: str  # key, through the mapping
    centre: str  # key, through the mapping
    came_at: dt.datetime
    called_at: dt.datetime | None
    ended_at: dt.datetime | None
    result: str
    registrations: int


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

    `registrations` is the count of FrontDesk's Registration table by OperationId, where it comes as a file of its own.
    """
    rows = _Rows(table, layout)
    if layout.kind is FileKind.ZYLINC:
        records, untied = _calls(rows, progress)
    else:
        records, untied = _tickets(rows, registrations or {}, progress), 0
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


def count_registrations(path: Path) -> dict[str, int]:
    """FrontDesk's Registration table: OperationId → registrations. Raises CannotRead."""
    table = open_table(path)
    if "OperationId" not in table.header:
        raise CannotRead(
            _("{file} har ingen kolonne OperationId og er ikke FrontDesks tabel Registration.").format(file=table.name)
        )
    place = table.header.index("OperationId")
    return Counter(row[place].strip() for row in table.rows())


def _tickets(rows: _Rows, registrations: dict[str, int], progress: Callable[[float], None] | None) -> list[Record]:
    """One record per external id: further rows of the same id are further registrations (Underbetjening)."""
    found: dict[str, Record] = {}
    for row in rows.table.rows(progress):
        record = rows.record(row)
        if record is None:
            continue
        same = found.get(record.external_id)
        if same is None:
            found[record.external_id] = record._replace(registrations=registrations.get(record.external_id, 1))
        elif "registration" in rows.layout.places or rows.layout.kind is FileKind.FRONTDESK:
            found[record.external_id] = same._replace(registrations=same.registrations + 1)
        else:
            rows.table.refuse(
                _("Nummeret i kolonnen {column} er brugt før i filen.").format(column=rows.layout.names["id"])
            )
    return list(found.values())


def _calls(rows: _Rows, progress: Callable[[float], None] | None) -> tuple[list[Record], int]:
    """Zylinc's events as calls: events of one conversation, or of one queue, start and total, are one call.

    Where the file tells events apart, a call is an entry into a queue; events tied to no entry are counted aside.
    """
    calls: dict[str, list[tuple[Record, str, float]]] = defaultdict(list)
    for row in rows.table.rows(progress):
        record = rows.record(row)
        if record:
            calls[record.external_id].append((record, rows.text(row, "event"), rows.milliseconds(row, "waited")))
    entered = {key for key, events in calls.items() if any(event == "JoinedQueue" for _r, event, _w in events)}
    tied = entered or calls.keys()
    untied = sum(len(events) for key, events in calls.items() if key not in tied)
    return [_one_call(events) for key, events in calls.items() if key in tied], untied


def _one_call(events: list[tuple[Record, str, float]]) -> Record:
    first = min((record for record, _event, _waited in events), key=lambda record: record.came_at)
    results = {record.result for record, _event, _waited in events}
    result = next(result for result in (Result.ANSWERED, Result.LEFT, Result.OPEN, "") if result in results)
    in_queue = [waited for _record, event, waited in events if event in ("JoinedQueue", "LeftQueue", "")]
    reached = first.came_at + dt.timedelta(milliseconds=max(in_queue, default=0))
    ends = [record.ended_at for record, _event, _waited in events if record.ended_at]
    called = reached if result == Result.ANSWERED else None
    ended = max([*ends, reached]) if called else reached
    return first._replace(result=result, called_at=called, ended_at=ended)


class _Rows:
    """Turns rows into records, remembering who serves each queue and place."""

    def __init__(self, table: Table, layout: Layout) -> None:
        self.table, self.layout, self.places = table, layout, layout.places
        self.instants = Instants(layout.mapping.zone, layout.mapping.formats.get("time", ""))
        self.texts = Texts()
        self.employees: dict[str, set[str]] = defaultdict(set)
        self.employees_at: dict[str, set[str]] = defaultdict(set)  # location → who serves there
        self.alike: Counter[str] = Counter()

    def text(self, row: list[str], role: str) -> str:
        return self.texts(row[self.places[role]]) if role in self.places else ""

    def milliseconds(self, row: list[str], role: str) -> float:
        """A duration; 0 where it is missing or not a number of at most ten days."""
        try:
            value = float(self.text(row, role).replace(",", ".") or 0)
        except (ValueError, TooLong):
            return 0.0
        return value if 0 <= value < 864_000_000 else 0.0

    def record(self, row: list[str]) -> Record | None:
        """The row as a record; None, and a refusal in the table, if it cannot be one."""
        role = "came"
        try:
            came = self.instants.read(row[self.places[role]])
            called, ended = None, None
            if "called" in self.places:
                role = "called"
                called = self.instants.read(row[self.places[role]])
            if "ended" in self.places:
                role = "ended"
                ended = self.instants.read(row[self.places[role]])
            elif total := self.milliseconds(row, "total"):
                ended = came + dt.timedelta(milliseconds=total) if came else None
            if came is None:
                role = "came"
                raise BadInstant
            return self._whole(row, came, called, ended)
        except BadInstant:
            self.table.refuse(bad_time(self.layout, role))
        except TooLong:
            self.table.refuse(_("Et felt er over 200 tegn langt."))
        return None

    def _whole(
        self, row: list[str], came: dt.datetime, called: dt.datetime | None, ended: dt.datetime | None
    ) -> Record | None:
        if (called and called < came) or (ended and ended < (called or came)):
            self.table.refuse(_("Tiderne går baglæns: kaldt eller afsluttet, før borgeren kom."))
            return None
        queue, location = self.text(row, "queue"), self.text(row, "location")
        result = self._result(row, called, ended)
        if result is None:
            wrong = _("Resultatet i kolonnen {column} kendes ikke. Oversæt det i afbildningen under [results].")
            self.table.refuse(wrong.format(column=self.layout.names.get("result", "State")))
            return None
        external_id = self._external_id(row, queue, came, ended)
        if len(external_id) > LONGEST_ID:
            self.table.refuse(_("Nummeret i kolonnen {column} er for langt.").format(column=self.layout.names["id"]))
            return None
        if "resource" in self.places and not is_nothing(row[self.places["resource"]]):
            person = row[self.places["resource"]].strip()
            self.employees[queue].add(person)
            self.employees_at[location].add(person)
        mapping, kind = self.layout.mapping, self._kind(row)
        channel = key_of(mapping.channels, self.text(row, "channel")) or self.text(row, "channel")
        known = channel in set(Channel)
        return Record(
            external_id,
            kind,
            channel if known else self.layout.channel,
            queue,
            location,
            key_of(mapping.services, queue, self.text(row, "category")),
            key_of(mapping.centres, location, queue),
            came,
            called,
            ended,
            result,
            1,
        )

    def _kind(self, row: list[str]) -> str:
        word = self.text(row, "kind")
        found = key_of(self.layout.mapping.kinds, word) or word.casefold()
        return found if found in set(RecordKind) else self.layout.records

    def _result(self, row: list[str], called: dt.datetime | None, ended: dt.datetime | None) -> str | None:
        """How it went: by the mapping, by the times, by the word; None if there is a word that nobody knows."""
        word = self.text(row, "result") or self.text(row, "state")
        mapped = key_of(self.layout.mapping.results, word)
        if mapped:
            return mapped
        if "called" in self.places:
            return Result.ANSWERED if called else Result.LEFT if ended else Result.OPEN
        if not word:
            return Result.ANSWERED  # a mail or message that was received
        return _RESULTS.get(word.casefold())

    def _external_id(self, row: list[str], queue: str, came: dt.datetime, ended: dt.datetime | None) -> str:
        """The system's own number; where it gives none, a digest of what the row says."""
        given = row[self.places["id"]].strip() if "id" in self.places else ""
        if given:
            return given
        if self.layout.kind is FileKind.ZYLINC:  # what the events of one call share
            return _digest(queue, came.isoformat(), ended.isoformat() if ended else "")
        digest = _digest(*row)
        self.alike[digest] += 1  # two people may come in the same minute: the second like row is another person
        return f"{digest}-{self.alike[digest]}"


def _digest(*parts: str) -> str:
    return "sha256:" + hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]
