"""Open a table that another system gave out: CSV, plain or gzipped, in the encodings and delimiters met in practice.

A file is read twice: once as bytes (its SHA-256, its size, its encoding) and once as rows. What is wrong with
the whole file is a `CannotRead` that says what to do; what is wrong with a row is a `Refusal`, and reading goes on.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from hovedindgang.registers.language import gettext as _
from hovedindgang.registers.language import ngettext, number
from hovedindgang.registers.lines import LONGEST_LINE, Lines
from hovedindgang.registers.looking import CannotRead, look_through, name_of_file, unpacked

DELIMITERS = ",;\t|"
_EXCELS_OWN = re.compile(r'"?sep=([,;\t|])"?')  # the line that tells Excel the delimiter


@dataclass(frozen=True, slots=True)
class Refusal:
    """One row that was left out. `reason` never repeats what the row holds."""

    line: int
    reason: str


@dataclass
class Table:
    """A file that has been looked at, and its rows."""

    path: Path
    sha256: str  # of the unpacked bytes, so that a gzipped copy is known as the same file
    size: int  # unpacked bytes
    encoding: str
    delimiter: str
    header: list[str]
    skipped: int = 0  # lines before the header
    refused: list[Refusal] = field(default_factory=list)
    line: int = 0  # where the last row read begins, counted from 1

    @property
    def name(self) -> str:
        return name_of_file(self.path)

    def refuse(self, reason: str, line: int | None = None) -> None:
        self.refused.append(Refusal(self.line if line is None else line, reason))

    def rows(self, progress: Callable[[float], None] | None = None) -> Iterator[list[str]]:
        """Each row as its cells, as many as the header has. Rows that are not whole are refused and left out."""
        width, self.line, self.refused = len(self.header), 0, []
        with unpacked(self.path) as raw, io.TextIOWrapper(raw, encoding=self.encoding, newline="") as text:
            lines = Lines(text, self.size, lambda reason, line: self.refuse(reason, line), progress)
            reader = csv.reader(lines, delimiter=self.delimiter)
            for _line in range(self.skipped):
                next(lines, None)
            next(reader, None)
            while True:
                lines.begin_row()
                try:
                    row = next(reader)
                except StopIteration:
                    return
                except csv.Error:  # a field longer than csv holds
                    self._refuse_endless(lines)
                    continue
                self.line = lines.row[0][0]
                if (lines.at_end or len(lines.row) > 1) and self._is_swallowed(row, lines):
                    self._refuse_endless(lines)
                elif len(row) == width:
                    yield row
                elif len(row) > width and not any(row[width:]):
                    yield row[:width]
                elif row:
                    self._refuse_width(row, width)

    def _is_swallowed(self, row: list[str], lines: Lines) -> bool:
        """Whether a row of several lines is several rows behind a quotation mark that nothing closed.

        So it is at the end of the file, where the row has not the header's fields, and where each of its lines has.
        """
        width = len(self.header)
        each_is_a_row = width > 2 and all(line.count(self.delimiter) == width - 1 for _number, line in lines.row)
        return lines.at_end or len(row) != width or each_is_a_row

    def _refuse_endless(self, lines: Lines) -> None:
        """Only the first line is lost: those behind the quotation mark are read again, each for itself."""
        first, _line = lines.row[0]
        if len(lines.row) > 1 or lines.at_end:
            wrong = _(
                "Et anførselstegn i linjen slutter først i en senere række eller slet ikke. "
                "Linjen er ikke læst; de næste er."
            )
        else:
            wrong = _("Et felt er over {most} tegn langt.").format(most=number(csv.field_size_limit()))
        self.refuse(wrong, first)
        lines.give_back()

    def _refuse_width(self, row: list[str], width: int) -> None:
        wrong = ngettext(
            "Rækken har {found} felt, men overskriften har {expected}. Er rækken delt eller afskåret?",
            "Rækken har {found} felter, men overskriften har {expected}. Er rækken delt eller afskåret?",
            len(row),
        )
        self.refuse(wrong.format(found=len(row), expected=width))


def open_table(path: Path, *, encoding: str = "", delimiter: str = "") -> Table:
    """Look at a file: what it is, how it is written, what its columns are called. Raises CannotRead."""
    sha256, size, found = look_through(path, encoding)
    try:
        with unpacked(path) as raw, io.TextIOWrapper(raw, encoding=found, newline="") as text:
            first = text.readline(LONGEST_LINE)
            told = _EXCELS_OWN.fullmatch(first.rstrip("\r\n"))
            if told:
                delimiter, first = delimiter or told[1], text.readline(LONGEST_LINE)
    except UnicodeError as error:
        raise CannotRead(
            _("{file} kan ikke læses som {encoding}.").format(file=name_of_file(path), encoding=found)
        ) from error
    if not first.strip():
        raise CannotRead(
            _("{file} begynder med en tom linje. Første linje skal være kolonnernes navne.").format(
                file=name_of_file(path)
            )
        )
    delimiter = delimiter or _delimiter_of(first)
    try:
        header = [name.strip() for name in next(csv.reader([first], delimiter=delimiter))]
    except (csv.Error, StopIteration) as error:
        wrong = _("{file}: første linje kan ikke læses som kolonnernes navne.")
        raise CannotRead(wrong.format(file=name_of_file(path))) from error
    return Table(path, sha256, size, found, delimiter, header, skipped=1 if told else 0)


def _delimiter_of(line: str) -> str:
    outside = "".join(part for number, part in enumerate(line.split('"')) if number % 2 == 0)
    return max(DELIMITERS, key=outside.count)
