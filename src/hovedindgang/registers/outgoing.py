"""The files that the commands write: never one that they read, and known to be writable before anything is done."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from hovedindgang.registers.language import gettext as _
from hovedindgang.registers.looking import CannotRead, cause_of, name_of_file
from hovedindgang.registers.reading import Refusal


def check_outgoing(path: Path, read: Iterable[Path | None]) -> None:
    """Raises CannotRead if `path` is one of the files read, or cannot be written. Touches nothing."""
    for file in read:
        if file and _is_same(path, file):
            wrong = _("{file} er en af de filer, der læses, og bliver ikke overskrevet. Vælg et andet navn.")
            raise CannotRead(wrong.format(file=name_of_file(path)))
    if not path.parent.is_dir():
        raise _cannot_write(path, _("mappen findes ikke"))
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise _cannot_write(path, _("du har ikke lov"))


def write_refused(path: Path, refused: Sequence[Refusal]) -> None:
    """Line and reason only: what stood in the row may be about a person, and stays in the file it came from."""
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([_("linje"), _("grund")])
            writer.writerows((refusal.line, refusal.reason) for refusal in refused)
    except OSError as error:
        raise _cannot_write(path, cause_of(error)) from error


def write_page(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise _cannot_write(path, cause_of(error)) from error


def _is_same(one: Path, other: Path) -> bool:
    """Also where the one is a link to the other."""
    try:
        return one.samefile(other)
    except OSError:
        return one.absolute() == other.absolute()


def _cannot_write(path: Path, cause: str) -> CannotRead:
    wrong = _("{file} kan ikke skrives: {cause}. Vælg en anden mappe.")
    return CannotRead(wrong.format(file=name_of_file(path), cause=cause))
