"""Look through the bytes of a file: how they are packed, which alphabet they are written in, and what they are not."""

from __future__ import annotations

import codecs
import gzip
import hashlib
import io
import os
import re
import zlib
from pathlib import Path

from hovedindgang.registers.language import gettext as _
from hovedindgang.registers.rules import mask_cpr

ENCODINGS = ("utf-8", "windows-1252")
_CHUNK = 1 << 20
_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",  # before UTF-16, whose mark it begins with
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_NOT_FOR_FILES = {"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape"}
_LETTERS = re.compile(b"\xc3[\xa5\xa6\xb8\x85\x86\x98\xa9]")  # å, æ, ø, Å, Æ, Ø and é in UTF-8


class CannotRead(Exception):
    """The file as a whole cannot be used; the message names the cause and the cure, in the current language."""


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


def look_through(path: Path, encoding: str) -> tuple[str, int, str]:
    """SHA-256 and size of the unpacked bytes, and the encoding that all of them can be read in."""
    digest, size, has_utf8 = hashlib.sha256(), 0, False
    candidates: dict[str, codecs.IncrementalDecoder] = {}
    _refuse_stream(path)
    try:
        with unpacked(path) as raw:
            while chunk := raw.read(_CHUNK):
                if not size:
                    _refuse_other_kinds(path, chunk)
                    candidates = {name: _decoder(name) for name in _possible(chunk, encoding)}
                digest.update(chunk)
                size += len(chunk)
                candidates = {name: decoder for name, decoder in candidates.items() if _reads(decoder, chunk)}
                has_utf8 = has_utf8 or _LETTERS.search(chunk) is not None
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
    if has_utf8 and not encoding and whole[0] == ENCODINGS[-1]:
        wrong = _(
            "{file} er skrevet dels som UTF-8, dels som Windows-1252. Gem den hele vejen som UTF-8, eller skriv "
            'encoding = "windows-1252" under [formats] i en afbildning, så læses den med fejl i nogle navne.'
        )
        raise CannotRead(wrong.format(file=name_of_file(path)))
    return digest.hexdigest(), size, whole[0]


def _possible(start: bytes, encoding: str) -> tuple[str, ...]:
    if encoding:
        return (encoding,)
    marked = tuple(name for mark, name in _MARKS.items() if start.startswith(mark))
    head = start[:1_000]
    # Every second byte of plain letters in UTF-16 is zero, and none in the others.
    unmarked = [n for n, part in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])) if part.count(0) * 2 > len(part)]
    return marked or tuple(unmarked) or ENCODINGS


def is_encoding(name: str) -> bool:
    """Whether files are written in it; Python counts base64 and the like among its encodings too."""
    try:
        io.TextIOWrapper(io.BytesIO(), encoding=name).close()
        return codecs.lookup(name).name not in _NOT_FOR_FILES
    except (LookupError, ValueError):
        return False


def unknown_encoding(name: str) -> str:
    return _('Tegnsættet "{name}" kendes ikke. Brug fx "utf-8" eller "windows-1252".').format(name=name)


def _decoder(name: str) -> codecs.IncrementalDecoder:
    if not is_encoding(name):
        raise CannotRead(unknown_encoding(name))
    return codecs.getincrementaldecoder(name)()


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


def _refuse_stream(path: Path) -> None:
    """What comes through a pipe can be read once only."""
    try:
        stream = path.exists() and not path.is_file() and not path.is_dir()
    except OSError:  # whoever opens it says why it cannot be read
        return
    if stream:
        raise CannotRead(_("{file} er ikke en fil, der kan læses to gange. Gem den først.").format(file=path.name))


def unpacked(path: Path) -> gzip.GzipFile | io.BufferedReader:
    """The file's bytes, unpacked if it is a gzip. Raises CannotRead if only its name says so."""
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    if packed:
        return gzip.open(path, "rb")
    if path.suffix.lower() == ".gz" and path.stat().st_size:
        wrong = _("{file} hedder .gz, men er ikke en gzip-fil. Giv den sit rigtige navn, eller hent den igen.")
        raise CannotRead(wrong.format(file=name_of_file(path)))
    return path.open("rb")
