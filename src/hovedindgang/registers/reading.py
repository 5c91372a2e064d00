"""Open a table that another system gave out: CSV, plain or gzipped, in the encodings and delimiters met in practice.

A file is read twice: once as bytes (its SHA-256, its size, its encoding) and once as rows. What is wrong with
the whole file is a `CannotRead` that says what to do; what is wrong with a row is a `Refusal`, and reading goes on.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import hashlib
import io
import os
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from hovedindgang.registers.language import gettext as _
from hovedindgang.registers.language import ngettext, number
from hovedindgang.registers.lines import LONGEST_LINE, Lines
from hovedindgang.registers.rules import mask_cpr

DELIMITERS = ",;\t|"
ENCODINGS = ("utf-8", "windows-1252")
_CHUNK = 1 << 20
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


class CannotRead(Exception):
    """The file as a whole cannot be used; the message names the cause and the cure, in the current language."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One row that was left out. `reason` never repeats what the row holds."""

    line: int
    reason: str


def name_of_file(path: Path) -> str:
    """What the file is called, as it may be shown and kept: without a CPR, and whole letters only."""
    return mask_cpr(os.fsencode(path.name).decode("utf-8", "replace"))


def cause_of(error: OSError) -> str:
    """Why the system would not, in the current language."""
    if isinstance(error, FileNotFoundError):
        return _("filen eller mappen findes ikke")
    if isinstance(error, PermissionError):
        return _("du har ikke lov")
    if isinstance(error, IsADirectoryError):
        return _("det er en mappe")
    return _("styresystemet siger: {text}").format(text=error.strerror or type(error).__name__)


@dataclass
class Table:
    """A file that has been looked at, and its rows."""

    path: Path
    sha256: str  # of the unpacked bytes, so that a gzipped copy is known as the same file
    size: int  # unpacked bytes
    encoding: str
    delimiter: str
    header: list[str]
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
        with _unpacked(self.path) as raw, io.TextIOWrapper(raw, encoding=self.encoding, newline="") as text:
            lines = Lines(text, self.size, lambda reason, line: self.refuse(reason, line), progress)
            reader = csv.reader(lines, delimiter=self.delimiter)
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
    sha256, size, found = _look_through(path, encoding)
    try:
        with _unpacked(path) as raw, io.TextIOWrapper(raw, encoding=found, newline="") as text:
            first = text.readline(LONGEST_LINE)
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
    return Table(path, sha256, size, found, delimiter, header)


def _delimiter_of(line: str) -> str:
    outside = "".join(part for number, part in enumerate(line.split('"')) if number % 2 == 0)
    return max(DELIMITERS, key=outside.count)


def _look_through(path: Path, encoding: str) -> tuple[str, int, str]:
    """SHA-256 and size of the unpacked bytes, and the encoding that all of them can be read in."""
    digest, size, start = hashlib.sha256(), 0, b""
    candidates: dict[str, codecs.IncrementalDecoder] = {}
    try:
        with _unpacked(path) as raw:
            while chunk := raw.read(_CHUNK):
                if not size:
                    start = chunk[:4]
                    _refuse_other_kinds(path, chunk)
                    candidates = {name: _decoder(name) for name in _possible(start, encoding)}
                digest.update(chunk)
                size += len(chunk)
                candidates = {name: decoder for name, decoder in candidates.items() if _reads(decoder, chunk)}
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        wrong = _("{file} er en gzip-fil, der er afskåret eller ødelagt. Hent eller eksportér den igen.")
        raise CannotRead(wrong.format(file=name_of_file(path))) from error
    except OSError as error:
        wrong = _("{file} kan ikke åbnes: {cause}. Se efter, om navnet er rigtigt, og om du har adgang.")
        raise CannotRead(wrong.format(file=name_of_file(path), cause=cause_of(error))) from error
    if not size:
        raise CannotRead(_("{file} er tom. Eksportér filen igen.").format(file=name_of_file(path)))
    whole = [name for name, decoder in candidates.items() if _reads(decoder, b"", final=True)]
    if not whole:
        wrong = _(
            "{file} kan ikke læses som {encodings}. Gem den som UTF-8, eller skriv encoding under [formats] "
            "i afbildningen."
        )
        tried = encoding or _("UTF-8 eller Windows-1252")
        raise CannotRead(wrong.format(file=name_of_file(path), encodings=tried))
    return digest.hexdigest(), size, whole[0]


def _possible(start: bytes, encoding: str) -> tuple[str, ...]:
    marked = tuple(name for mark, name in _MARKS.items() if start.startswith(mark))
    return (encoding,) if encoding else marked or ENCODINGS


def _decoder(name: str) -> codecs.IncrementalDecoder:
    try:
        return codecs.getincrementaldecoder(name)()
    except LookupError as error:
        wrong = _('Tegnsættet "{name}" kendes ikke. Brug fx "utf-8" eller "windows-1252".')
        raise CannotRead(wrong.format(name=name)) from error


def _reads(decoder: codecs.IncrementalDecoder, chunk: bytes, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeError:
        return False
    return True


def _refuse_other_kinds(path: Path, start: bytes) -> None:
    head = start.lstrip()[:100].lower()
    if start.startswith(b"PK"):
        wrong = _("{file} er en Excel- eller zip-fil. Åbn den, og gem arket som CSV.")
    elif start.startswith(b"\xd0\xcf\x11\xe0"):
        wrong = _("{file} er en ældre Excel-fil. Åbn den, og gem arket som CSV.")
    elif head.startswith((b"<?xml", b"<log", b"<!doctype", b"<html")):
        wrong = _("{file} er XML eller HTML. Gem loggen som CSV med en linje for hver hændelse.")
    elif head.startswith((b"{", b"[")):
        wrong = _("{file} er JSON. Gem den som CSV med kolonnernes navne i første linje.")
    else:
        return
    raise CannotRead(wrong.format(file=name_of_file(path)))


def _unpacked(path: Path) -> gzip.GzipFile | io.BufferedReader:
    """The file's bytes, unpacked if it is a gzip. Raises CannotRead if only its name says so."""
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    if packed:
        return gzip.open(path, "rb")
    if path.suffix.lower() == ".gz" and path.stat().st_size:
        wrong = _("{file} hedder .gz, men er ikke en gzip-fil. Giv den sit rigtige navn, eller hent den igen.")
        raise CannotRead(wrong.format(file=name_of_file(path)))
    return path.open("rb")
