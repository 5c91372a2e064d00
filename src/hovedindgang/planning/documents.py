"""A file that people wrote, as text or as TOML; one that cannot be read says why, and where."""

from __future__ import annotations

import errno
import math
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.language import number
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.servicemodel.positions import scan
from hovedindgang.servicemodel.reading import LARGEST_NUMBER

MOST_MEGABYTES = 20
_AT = re.compile(r"\(at line (\d+), column (\d+)\)")


def cause(error: OSError | ValueError) -> str:
    """Why the operating system would not, in the language spoken."""
    words = {
        errno.ENOENT: _("mappen eller filen findes ikke"),
        errno.ENOTDIR: _("en del af stien er ikke en mappe"),
        errno.EISDIR: _("det er en mappe"),
        errno.EACCES: _("det har du ikke lov til"),
        errno.EPERM: _("det har du ikke lov til"),
        errno.EROFS: _("disken kan kun læses"),
        errno.ENOSPC: _("disken er fuld"),
        errno.ENAMETOOLONG: _("navnet er for langt"),
    }
    known = words.get(error.errno or 0) if isinstance(error, OSError) else None
    return known or _("styresystemet siger: {error}").format(error=getattr(error, "strerror", None) or error)


def text_of(path: Path, *, most_megabytes: int = MOST_MEGABYTES) -> str:
    """What the file says, with or without a byte order mark. Raises CannotPlan."""
    try:
        with path.open("rb") as file:
            written = file.read(most_megabytes * 10**6 + 1)
    except (OSError, ValueError):  # a name with a zero byte is a ValueError
        raise CannotPlan(
            _("Der er ingen fil, der kan læses: {path}.").format(path=path),
            cure=_("Se efter, om navnet er rigtigt, og om du må læse den."),
            where=(str(path),),
        ) from None
    if len(written) > most_megabytes * 10**6:
        raise CannotPlan(
            _("{path} fylder mere end {most} MB.").format(path=path, most=number(most_megabytes)),
            cure=_("Se efter, om det er den rigtige fil."),
            where=(str(path),),
        )
    try:
        return written.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = written.count(b"\n", 0, error.start) + 1
        raise CannotPlan(
            _("{path} er ikke gemt i UTF-8, men snarere i {encoding}.").format(path=path, encoding=_encoding(written)),
            cure=_("Gem den som UTF-8, og prøv igen."),
            where=(f"{path}:{line}",),
        ) from None


def _encoding(written: bytes) -> str:
    """What text that is no UTF-8 is likely to be: what Windows and older Danish programs save."""
    utf16 = written.startswith((b"\xff\xfe", b"\xfe\xff")) or written[:200].count(0) > len(written[:200]) // 4
    return "UTF-16" if utf16 else "Windows-1252 (Latin-1)"


def toml_of(path: Path) -> dict[str, Any]:
    """The document in the file. Raises CannotPlan."""
    return parsed(text_of(path), str(path))


def parsed(text: str, name: str) -> dict[str, Any]:
    """The document that `text` is; `name` stands before what is wrong. Raises CannotPlan."""
    try:
        document = tomllib.loads(text)
        too_large = next(_too_large(document), None)
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits is a ValueError, too many brackets recurse
        at = _AT.search(str(error))
        where = _("linje {line}, tegn {column}").format(line=at[1], column=at[2]) if at else _("ved filens slutning")
        raise CannotPlan(
            _("{path} er ikke skrevet som TOML: {error}.").format(path=name, error=where),
            cure=_("Ret linjen, og prøv igen."),
            where=(f"{name}:{at[1]}" if at else name,),
        ) from None
    if too_large:
        lines = scan(text).lines
        above = (too_large[:length] for length in range(len(too_large), 0, -1))
        line = next((lines[path] for path in above if path in lines), 1)
        raise CannotPlan(
            _("Tallet ved {key} er for stort.").format(key=".".join(map(str, too_large))),
            cure=_("Se efter, om der er for mange cifre."),
            where=(f"{name}:{line}",),
        )
    return document


def _too_large(found: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where a number is so large that nobody can have meant it. One without an end is told by whoever reads it."""
    if isinstance(found, dict | list):
        for key, one in found.items() if isinstance(found, dict) else enumerate(found):
            yield from _too_large(one, (*path, key))
    elif type(found) in (int, float) and LARGEST_NUMBER < abs(found) < math.inf:
        yield path
