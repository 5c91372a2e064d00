"""Files of rows that people wrote: CSV with a heading, with commas or semicolons; what is wrong is said by line."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from hovedindgang.planning.documents import text_of
from hovedindgang.planning.language import gettext, number
from hovedindgang.planning.problems import CannotPlan

MOST_ROWS = 700_000  # some 200 MB while they are read
MOST_MEGABYTES = 60
MOST_SHOWN = 20


class Wrong:
    """What is wrong with lines of one kind; raised together, so that one look at the file mends them all."""

    def __init__(self, file: Path) -> None:
        self.file, self.places, self.count = file, list[str](), 0

    def at(self, line: int, text: str) -> None:
        self.count += 1
        if len(self.places) < MOST_SHOWN:
            self.places.append(gettext("linje {line}: {text}").format(line=line, text=text))

    def stop(self, text: str, cure: str) -> None:
        if not self.count:
            return
        if self.count > len(self.places):
            self.places.append(gettext("… og {more} til").format(more=number(self.count - len(self.places))))
        said = text.format(file=self.file.name, count=number(self.count))
        raise CannotPlan(said, cure=cure, where=tuple(self.places))


def rows_of(file: Path, columns: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """(line, the fields of `columns` in their order), for each row that is not empty.

    The heading names the columns, in any order and among others; the separator is the one it has most of. Raises
    CannotPlan, too, for a file without a row.
    """
    lines = text_of(file, most_megabytes=MOST_MEGABYTES).splitlines(keepends=True)
    separator, names = _heading(lines)
    missing = [name for name in columns if name not in names]
    asked = separator.join(columns)
    if not lines:
        raise _without_rows(file, asked)
    if missing:
        lacks = gettext("linje {line}: mangler {columns}").format(line=1, columns=", ".join(missing))
        raise CannotPlan(
            gettext("{file} begynder ikke med {columns}.").format(file=file.name, columns=asked),
            cure=gettext("Skriv overskriften {columns} i første linje.").format(columns=asked),
            where=(lacks,),
        )
    if len(lines) > MOST_ROWS:
        raise CannotPlan(
            gettext("{file} har mere end {most} rækker.").format(file=file.name, most=number(MOST_ROWS)),
            cure=gettext("Giv de sidste år alene, eller læg små intervaller sammen."),
        )
    places = [names.index(name) for name in columns]
    empty = True
    try:
        for line, fields in enumerate(csv.reader(lines[1:], delimiter=separator), start=2):
            if fields:
                empty = False
                yield line, [fields[at] if at < len(fields) else "" for at in places]
    except csv.Error:
        raise CannotPlan(
            gettext("{file} er ingen CSV-fil.").format(file=file.name), cure=gettext("Gem den som CSV, og prøv igen.")
        ) from None
    if empty:
        raise _without_rows(file, asked)


def columns_of(file: Path) -> list[str]:
    """The names in the file's heading, in small letters; none where it has no heading."""
    return _heading(text_of(file, most_megabytes=MOST_MEGABYTES).splitlines()[:1])[1]


def _heading(lines: Sequence[str]) -> tuple[str, list[str]]:
    """The separator, the one it has most of, and the names."""
    heading = lines[0] if lines else ""
    separator = ";" if heading.count(";") > heading.count(",") else ","
    return separator, [name.strip().strip('"').lower() for name in heading.split(separator)]


def _without_rows(file: Path, columns: str) -> CannotPlan:
    return CannotPlan(
        gettext("{file} har ingen rækker.").format(file=file.name),
        cure=gettext("Skriv en overskrift, {columns}, og en række for hvert.").format(columns=columns),
        where=(str(file),),
    )
