"""The words of this room in Danish and English, without Django.

A msgid is Danish. The English stands in this room's own catalogue (`locale/en/LC_MESSAGES/django.po`),
which is read as it is: this room also works before anything is compiled and where Django is not loaded.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

LANGUAGES = ("da", "en")

_spoken: ContextVar[str | None] = ContextVar("servicemodel_language", default=None)


def current_language() -> str:
    """The language set by `speaking`, else HOVEDINDGANG_LANGUAGE, else LANG, else Danish."""
    spoken = _spoken.get()
    if spoken is not None:
        return spoken
    for name in ("HOVEDINDGANG_LANGUAGE", "LANG"):
        value = os.environ.get(name, "")[:2].lower()
        if value in LANGUAGES:
            return value
    return "da"


@contextmanager
def speaking(language: str | None) -> Iterator[None]:
    """Everything said inside is in `language`; None leaves it as it was.

    Raises ValueError for a language that is neither "da" nor "en".
    """
    if language is not None and language not in LANGUAGES:
        raise ValueError(f"no such language: {language!r}; use one of {LANGUAGES}")
    token = _spoken.set(language if language is not None else _spoken.get())
    try:
        yield
    finally:
        _spoken.reset(token)


def gettext(message: str) -> str:
    """`message` (Danish) in the current language; unchanged where it is not translated."""
    if current_language() == "da":
        return message
    return _english().get(message, message)


def pgettext(context: str, message: str) -> str:
    """As `gettext`, for a word that `context` tells apart from the same word elsewhere."""
    if current_language() == "da":
        return message
    return _english().get(f"{context}\x04{message}", message)


def gettext_noop(message: str) -> str:
    """`message` as it is: marks words in a table, to be said with `gettext` when they are shown."""
    return message


def ngettext(one: str, many: str, number: float) -> str:
    """The form of a Danish sentence for `number`: `one` for exactly 1, else `many`."""
    if current_language() == "da":
        return one if number == 1 else many
    return _english().get(one, one) if number == 1 else _english().get(f"{one}\0{many}", many)


def words_of(room: Path) -> Callable[[str], str]:
    """What says a room's Danish in the language spoken: for its commands, which speak before Django is loaded."""
    return lambda message: message if current_language() == "da" else catalogue_of(room).get(message, message)


def plurals_of(room: Path) -> Callable[[str, str, float], str]:
    """What says the form of a room's Danish for a number, in the language spoken; as `words_of`."""

    def plural(one: str, many: str, number: float) -> str:
        if current_language() == "da":
            return one if number == 1 else many
        english = catalogue_of(room)
        return english.get(one, one) if number == 1 else english.get(f"{one}\0{many}", many)

    return plural


def number(value: float, decimals: int = 0) -> str:
    """`value` as people write it: 8.577 and 12,5 in Danish, 8,577 and 12.5 in English."""
    text = f"{value:,.{decimals}f}"
    return text if current_language() != "da" else text.translate(str.maketrans(",.", ".,"))


def _english() -> dict[str, str]:
    return catalogue_of(Path(__file__).parent)


@cache
def catalogue_of(room: Path) -> dict[str, str]:
    """A room's English, read once; empty for a room without."""
    path = room / "locale" / "en" / "LC_MESSAGES" / "django.po"
    return read_catalogue(path.read_text(encoding="utf-8")) if path.exists() else {}


def read_catalogue(text: str) -> dict[str, str]:
    """msgid to msgstr of a gettext .po text: a plural after \\0 and a context before \\4, as in .mo files."""
    found: dict[str, str] = {}
    entry: dict[str, str] = {}
    field, fuzzy = "", False
    for line in [*text.splitlines(), ""]:
        line = line.strip()
        if line.startswith("#,") and "fuzzy" in line:
            fuzzy = True
        elif line.startswith("msg"):
            field, _, quoted = line.partition(" ")
            entry[field] = ast.literal_eval(quoted)
        elif line.startswith('"') and field:
            entry[field] += ast.literal_eval(line)
        elif not line:
            if not fuzzy:
                _keep(entry, found)
            entry, field, fuzzy = {}, "", False
    return found


def _keep(entry: dict[str, str], found: dict[str, str]) -> None:
    single = entry.get("msgstr") or entry.get("msgstr[0]")
    if entry.get("msgid") and single:
        context = f"{entry['msgctxt']}\x04" if "msgctxt" in entry else ""
        found[context + entry["msgid"]] = single
    if entry.get("msgid_plural") and entry.get("msgstr[1]"):
        found[f"{entry['msgid']}\0{entry['msgid_plural']}"] = entry["msgstr[1]"]
