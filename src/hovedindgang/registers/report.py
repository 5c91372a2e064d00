"""The first value, without adopting anything: measure a municipality's own files. No Django, no database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from hovedindgang.registers.log_report import measure_log
from hovedindgang.registers.mapping import Layout, Mapping, lay_out
from hovedindgang.registers.reading import Table, open_table
from hovedindgang.registers.records import read_register
from hovedindgang.registers.register_report import measure_register
from hovedindgang.registers.rules import FileKind
from hovedindgang.registers.sections import Cell, Figure, Measured
from hovedindgang.registers.steps import read_log


def opened(path: Path, mapping: Mapping, kind: FileKind | None = None) -> tuple[Table, Layout]:
    """A file looked at, and what its columns mean. Raises CannotRead."""
    formats = mapping.formats
    table = open_table(path, encoding=formats.get("encoding", ""), delimiter=formats.get("delimiter", ""))
    return table, lay_out(table.name, table.header, mapping, kind)


def measure(path: Path, mapping: Mapping, progress: Callable[[float], None] | None = None) -> Measured:
    """What one file says. Raises CannotRead with the cause and the cure."""
    table, layout = opened(path, mapping)
    if layout.kind is FileKind.EVENTLOG:
        return measure_log(table, read_log(table, layout, progress))
    return measure_register(table, read_register(table, layout, progress=progress))


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
