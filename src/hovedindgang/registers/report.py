"""The first value, without adopting anything: measure a municipality's own files. No Django, no database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from collections.abc import Mapping as Mapped
from dataclasses import replace
from pathlib import Path

from hovedindgang.registers.language import ngettext, number
from hovedindgang.registers.log_report import measure_log
from hovedindgang.registers.mapping import Layout, Mapping, lay_out
from hovedindgang.registers.reading import Table, open_table
from hovedindgang.registers.records import Register, read_register
from hovedindgang.registers.register_report import measure_register
from hovedindgang.registers.rules import FileKind
from hovedindgang.registers.sections import Cell, Figure, Measured
from hovedindgang.registers.steps import Log, read_log


def opened(path: Path, mapping: Mapping, kind: FileKind | None = None) -> tuple[Table, Layout]:
    """A file looked at, and what its columns mean. Raises CannotRead."""
    formats = mapping.formats
    table = open_table(path, encoding=formats.get("encoding", ""), delimiter=formats.get("delimiter", ""))
    return table, lay_out(table.name, table.header, mapping, kind)


def measure(
    path: Path,
    mapping: Mapping,
    progress: Callable[[float], None] | None = None,
    *,
    registrations: Mapped[str, int] | None = None,
    now: dt.datetime | None = None,
) -> Measured:
    """What one file says. Raises CannotRead with the cause and the cure.

    `registrations` are FrontDesk's by ticket; other files have none. Rows later than `now` are remarked upon.
    """
    table, layout = opened(path, mapping)
    if layout.kind is FileKind.EVENTLOG:
        log = read_log(table, layout, progress)
        return _remarked(measure_log(table, log), later_than(now, log))
    by_ticket = dict(registrations or {}) if layout.kind is FileKind.FRONTDESK else {}
    register = read_register(table, layout, registrations=by_ticket, progress=progress)
    return _remarked(measure_register(table, register), later_than(now, register))


def later_than(now: dt.datetime | None, read: Log | Register) -> int:
    """How many rows tell of what has not been yet; 0 where nobody said when now is."""
    instants = [step.at for step in read.steps] if isinstance(read, Log) else [r.came_at for r in read.records]
    return sum(at > now for at in instants) if now and max(instants) > now else 0


def not_been_yet(rows: int) -> str:
    told = ngettext(
        "{n} række har en tid, der ikke er kommet endnu. Se efter, om året er rigtigt.",
        "{n} rækker har en tid, der ikke er kommet endnu. Se efter, om året er rigtigt.",
        rows,
    )
    return told.format(n=number(rows))


def _remarked(found: Measured, later: int) -> Measured:
    if not later:
        return found
    return replace(found, source=replace(found.source, notes=[not_been_yet(later), *found.source.notes]))


def as_data(measured: Sequence[Measured]) -> dict[str, object]:
    """The report for scripts: `files`, each with its source, its totals and its tables; shares are 0 to 1."""
    return {"files": [_file(part) for part in measured]}


def _file(part: Measured) -> dict[str, object]:
    source = part.source
    return {
        "file": source.file,
        "kind": source.kind,
        "sha256": source.sha256,
        "encoding": source.encoding,
        "period": {"from": source.first_on.isoformat(), "to": source.last_on.isoformat()},
        "refused": len(source.refused),
        "notes": list(source.notes),
        "totals": part.totals,
        "sections": [
            {
                "key": section.key,
                "title": section.title,
                "counted": section.counted,
                "cannot_say": section.cannot,
                "tables": [_table(figure) for figure in section.figures],
            }
            for section in part.sections
        ],
    }


def _table(figure: Figure) -> dict[str, object]:
    rows: list[list[Cell]] = [[round(c, 4) if isinstance(c, float) else c for c in row] for row in figure.rows]
    return {"key": figure.key, "title": figure.title, "columns": list(figure.columns), "rows": rows}
