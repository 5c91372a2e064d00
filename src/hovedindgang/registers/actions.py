"""The deed of the room: read a file in, whole or not at all."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Protocol

from django.db import transaction

from hovedindgang.kernel.actors import Actor
from hovedindgang.kernel.clock import DENMARK, day_bounds, now
from hovedindgang.kernel.encryption import blind_index
from hovedindgang.kernel.events import append_event
from hovedindgang.policy.models import CentreKey, ServiceKey
from hovedindgang.registers.language import gettext as _
from hovedindgang.registers.language import ngettext, number
from hovedindgang.registers.looking import CannotRead
from hovedindgang.registers.mapping import Layout, Mapping
from hovedindgang.registers.merging import Merged, NumbersOfOthers, merge_records
from hovedindgang.registers.models import ImportedFile, LogStep, RecordedContact
from hovedindgang.registers.reading import Refusal, Table
from hovedindgang.registers.record_rows import Record
from hovedindgang.registers.records import Register, count_registrations, read_register
from hovedindgang.registers.report import later_than, opened
from hovedindgang.registers.rules import FileKind, holds_cpr
from hovedindgang.registers.steps import Log, read_log
from hovedindgang.registers.writing import one_import_at_a_time, write_rows

_STEP_COLUMNS = ("file_id", "case", "position", "at", "activity", "group", "department", "channel", "lifecycle")
_RECORD_COLUMNS = (
    "file_id", "system", "external_id", "kind", "channel", "centre_id", "queue", "service_id",
    "came_at", "called_at", "ended_at", "result", "registrations",
)  # fmt: skip


class Progress(Protocol):
    def __call__(self, done: float, /) -> None: ...


@dataclass(frozen=True, slots=True)
class Imported:
    """What reading a file in came to."""

    file_id: int | None  # None after a dry run
    name: str
    kind: str
    already: bool  # the same file was read in before; nothing changed
    read: int
    added: int
    cases: int | None
    refused: tuple[Refusal, ...] = ()
    changed: int = 0  # rows known from an earlier file that this one brought up to date
    unmapped: dict[str, int] = field(default_factory=dict)  # queue → rows for which no service key was found
    later: int = 0  # rows that tell of what has not been yet


def import_file(
    *,
    path: Path,
    kind: FileKind,
    mapping: Mapping,
    actor: Actor,
    registrations: Path | None = None,
    dry_run: bool = False,
    progress: Callable[[float], None] | None = None,
) -> Imported:
    """Read the file at `path` in: every whole row in one transaction with one event, `register.imported`.

    A file whose bytes were read in before changes nothing, but still says which of its rows were refused. Records
    that an overlapping file brought are known by their number and not written again, but brought up to date where
    they were not done then. `registrations` is FrontDesk's Registration table as a file. `progress` is told the part
    done, 0 to 1. A dry run reads and checks all, and writes nothing. Raises CannotRead with the cause and the cure.
    """
    table, layout = opened(path, mapping, kind)
    extra = count_registrations(registrations) if registrations else None
    sha256 = _both(table.sha256, extra.sha256) if extra else table.sha256
    known = ImportedFile.objects.filter(sha256=sha256).first()
    if known and (known.kind != kind or not known.refused):
        return _known(known)
    _check_keys(mapping)
    show = progress or _silent
    read: Log | Register
    if kind is FileKind.EVENTLOG:
        read = read_log(table, layout, lambda done: show(done / 2))
    else:
        by_ticket = extra.by_ticket if extra else {}
        read = read_register(table, layout, registrations=by_ticket, progress=lambda done: show(done / 2))
    if known:  # read again only for the reasons, which are not kept
        return replace(_known(known), refused=tuple(read.refused))
    if dry_run:
        return _outcome(None, read, kind, Merged(0, 0))
    with transaction.atomic():
        one_import_at_a_time()
        overtaken = ImportedFile.objects.filter(sha256=sha256).first()
        if overtaken:
            return _known(overtaken)  # another process read the same file in while we read it
        file = _keep(table, sha256, layout, read)
        if isinstance(read, Log):
            written = _fill_log(file, read, actor, lambda done: show(0.5 + done / 2))
        else:
            exact = kind is not FileKind.ZYLINC
            written = _fill(file, read.records, actor, lambda done: show(0.5 + done / 2), same_arrival=exact)
    return _outcome(file.pk, read, kind, written)


def import_recorded(
    *, rows: Sequence[Record], actor: Actor, source_name: str, period: tuple[dt.date, dt.date]
) -> Imported:
    """Take in records that another system hands over without a file; `period` is the days they cover, both included.

    One deed and one event, as for a file: the same rows twice change nothing, and a record whose number
    `source_name` has given before is only brought up to date. Raises ValueError for no rows at all.
    """
    if not rows:
        raise ValueError("nothing was recorded: there are no rows")
    sha256 = hashlib.sha256(repr([source_name, *map(tuple, rows)]).encode()).hexdigest()
    with transaction.atomic():
        one_import_at_a_time()
        known = ImportedFile.objects.filter(sha256=sha256).first()
        if known:
            return _known(known)
        file = ImportedFile.objects.create(
            name=source_name[:200],
            sha256=sha256,
            kind=FileKind.CSV,
            system=source_name[:60],
            read=len(rows),
            added=0,
            refused=0,
            first_at=day_bounds(period[0])[0],
            last_at=day_bounds(period[1])[1],
            zone=DENMARK.key,
        )
        written = _fill(file, rows, actor, _silent, same_arrival=False)
    return Imported(file.pk, file.name, file.kind, False, file.read, written.new, None, changed=written.changed)


def _both(file: str, registrations: str) -> str:
    """A register and its registrations are one import: the same register with others of them is another."""
    return hashlib.sha256(f"{file} {registrations}".encode()).hexdigest()


def _silent(done: float) -> None:
    """Nobody is watching."""


def _known(file: ImportedFile) -> Imported:
    cases = LogStep.objects.filter(file=file).values("case").distinct().count() if file.is_log else None
    return Imported(file.pk, file.name, file.kind, True, file.read, 0, cases)


def _outcome(file_id: int | None, read: Log | Register, kind: FileKind, written: Merged) -> Imported:
    return Imported(
        file_id,
        read.name,
        kind,
        already=False,
        read=len(read.steps) if isinstance(read, Log) else len(read.records),
        added=written.new,
        cases=len({step.case for step in read.steps}) if isinstance(read, Log) else None,
        refused=tuple(read.refused),
        changed=written.changed,
        unmapped={} if isinstance(read, Log) else dict(read.unmapped.most_common()),
        later=later_than(now(), read),
    )


def _keep(table: Table, sha256: str, layout: Layout, read: Log | Register) -> ImportedFile:
    instants = [step.at for step in read.steps] if isinstance(read, Log) else [r.came_at for r in read.records]
    return ImportedFile.objects.create(
        name=table.name[:200],
        sha256=sha256,
        kind=layout.kind,
        system=layout.system[:60],
        read=len(instants),
        added=0,
        refused=len(read.refused),
        first_at=min(instants),
        last_at=max(instants),
        zone=layout.mapping.local_zone.key,
        pooled=sorted(read.pooled),
        pooled_departments=sorted(read.pooled_departments) if isinstance(read, Log) else [],
        sizes_known=read.sizes_known,
    )


def _fill_log(file: ImportedFile, log: Log, actor: Actor, show: Progress) -> Merged:
    """A log is whole in itself: its steps are never another file's."""
    new = write_rows(LogStep, _STEP_COLUMNS, _step_rows(file, log), lambda written: show(written / file.read))
    return _done(file, Merged(new, 0), actor)


def _fill(file: ImportedFile, records: Iterable[Record], actor: Actor, show: Progress, *, same_arrival: bool) -> Merged:
    """Write the records. Raises CannotRead for a number that the system has used for something else."""

    def tell(written: int) -> None:
        show(written / file.read)

    rows = _record_rows(file, records)
    # Looking for each record's number costs as much as writing it, and the first file of a system has none to find.
    if not RecordedContact.objects.filter(system=file.system).exists():
        return _done(file, Merged(write_rows(RecordedContact, _RECORD_COLUMNS, rows, tell), 0), actor)
    try:
        return _done(file, merge_records(_RECORD_COLUMNS, rows, same_arrival=same_arrival, progress=tell), actor)
    except NumbersOfOthers as others:
        wrong = ngettext(
            '{file}: {n} nummer er i "{system}" allerede givet til noget andet, der kom i {other}. Intet er læst ind. '
            'Er det et andet register, så giv det et navn i afbildningen, fx system = "postkasse".',
            '{file}: {n} numre er i "{system}" allerede givet til noget andet, der kom i {other}. Intet er læst ind. '
            'Er det et andet register, så giv det et navn i afbildningen, fx system = "postkasse".',
            others.count,
        )
        named = {"file": file.name, "system": file.system, "other": others.file.name, "n": number(others.count)}
        raise CannotRead(wrong.format(**named)) from others


def _done(file: ImportedFile, written: Merged, actor: Actor) -> Merged:
    """Say how many were new, and append the event."""
    file.added = written.new
    file.save(update_fields=["added"])
    append_event(
        verb="register.imported",
        actor=actor,
        subject_kind="register_file",
        subject_id=file.pk,
        facts={
            "kind": file.kind,
            "sha256": file.sha256,
            "read": file.read,
            "added": written.new,
            "changed": written.changed,
            "refused": file.refused,
        },
    )
    return written


def _step_rows(file: ImportedFile, log: Log) -> Iterator[tuple[object, ...]]:
    hidden = cache(_without_cpr)
    for step in log.steps:
        yield (
            file.pk, hidden(step.case), step.position, step.at, step.activity,
            step.group, step.department, step.channel, step.lifecycle,
        )  # fmt: skip


def _record_rows(file: ImportedFile, records: Iterable[Record]) -> Iterator[tuple[object, ...]]:
    for r in records:
        yield (
            file.pk, file.system, _without_cpr(r.external_id), r.kind, r.channel, r.centre or None, r.queue,
            r.service or None, r.came_at, r.called_at, r.ended_at, r.result, min(r.registrations, 32_767),
        )  # fmt: skip


def _without_cpr(number: str) -> str:
    """The system's own number; a keyed hash of one that looks like a CPR, so that it still tells the same apart."""
    return "keyed:" + blind_index(number, place="registers.number").hex()[:32] if holds_cpr(number) else number


def _check_keys(mapping: Mapping) -> None:
    """Every key that the mapping gives must be one that a service model has used."""
    for table, name, model in ((mapping.services, "services", ServiceKey), (mapping.centres, "centres", CentreKey)):
        given = set(table.values())
        unknown = sorted(given - set(model.objects.filter(pk__in=given).values_list("pk", flat=True)))
        if unknown:
            wrong = _(
                "Afbildningen: {keys} under [{table}] er ikke nøgler i servicemodellen. "
                "Se nøglerne med: hovedindgang model show"
            )
            raise CannotRead(wrong.format(keys=_quoted(unknown), table=name))


def _quoted(keys: Iterable[str]) -> str:
    return ", ".join(f'"{key}"' for key in keys)
