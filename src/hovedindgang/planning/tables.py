"""A TOML file read strictly: each key is known, each value is of its kind, and a mistake names its place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from hovedindgang.planning.documents import toml_of
from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.language import spoken
from hovedindgang.planning.problems import CannotPlan

Kind = TypeVar("Kind")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_REQUIRED: Any = object()


class Table:
    """One table of a document. Each `take` removes its key; `done` refuses what nobody asked for."""

    def __init__(self, data: dict[str, Any], place: str) -> None:
        self.data, self.place = dict(data), place

    def __contains__(self, key: str) -> bool:
        return key in self.data

    def take(self, key: str, kind: type[Kind], default: Any = _REQUIRED) -> Kind:
        """The value of `key`, which must be a `kind` (a whole number is a float too, a bool is no number)."""
        if key not in self.data:
            if default is _REQUIRED:
                raise self.wrong(key, _("mangler"), _("Skriv den."))
            return default
        value = self.data.pop(key)
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self.wrong(key, _("er {value}").format(value=value), _kinds().get(kind, str(kind)))
        return value

    def spoken(self, key: str, default: str) -> str:
        """A text, or its English (`key`_en) where that stands there and English is spoken."""
        return spoken(self.take(key, str, default), self.take(f"{key}_en", str, ""))

    def number(self, key: str, default: Any = _REQUIRED, *, least: float = 0, most: float = 1e9) -> float:
        value = self.take(key, float, default)
        if value is not default and not least <= value <= most:
            between = _("Skriv et tal fra {least} til {most}.").format(least=f"{least:g}", most=f"{most:g}")
            raise self.wrong(key, _("er {value}").format(value=f"{value:g}"), between)
        return value

    def whole(self, key: str, default: Any = _REQUIRED, *, least: int = 0, most: int = 10**6) -> int:
        value = self.take(key, int, default)
        if value is not default and not least <= value <= most:
            between = _("Skriv et helt tal fra {least} til {most}.").format(least=least, most=most)
            raise self.wrong(key, _("er {value}").format(value=value), between)
        return value

    def words(self, key: str, default: Any = _REQUIRED) -> tuple[str, ...]:
        value = self.take(key, list, default)
        if value is not default and not all(isinstance(word, str) for word in value):
            raise self.wrong(key, _("er {value}").format(value=value), _("Skriv en liste af ord."))
        return tuple(value)

    def date(self, key: str, default: Any = _REQUIRED) -> dt.date:
        value = self.take(key, dt.date, default)
        if isinstance(value, dt.datetime):
            raise self.wrong(key, _("er {value}").format(value=value), _("Skriv en dato uden klokkeslæt: 2026-03-05."))
        return value

    def minute(self, key: str, default: Any = _REQUIRED) -> int:
        """A clock time as minutes after midnight; "24:00" is the end of the day."""
        value = self.take(key, str, default)
        return value if value is default else clock(value, self, key)

    def weekdays(self, key: str, default: Sequence[int] = range(5)) -> frozenset[int]:
        if key not in self.data:
            return frozenset(default)
        words = self.words(key)
        unknown = [word for word in words if word not in WEEKDAYS]
        if unknown:
            raise self.wrong(key, _("er {value}").format(value=unknown[0]), ", ".join(WEEKDAYS))
        return frozenset(WEEKDAYS.index(word) for word in words)

    def one_of(self, key: str, words: Sequence[str], default: Any = _REQUIRED) -> str:
        value = self.take(key, str, default)
        if value is not default and value not in words:
            raise self.wrong(key, _("er {value}").format(value=value), ", ".join(words))
        return value

    def table(self, key: str, default: Any = _REQUIRED) -> Table:
        return Table(self.take(key, dict, default), f"{self.place}{key}.")

    def tables(self, key: str) -> list[Table]:
        """The tables of an array, in order; each knows its number."""
        rows = self.take(key, list, [])
        if not all(isinstance(row, dict) for row in rows):
            raise self.wrong(key, _("er {value}").format(value=rows), f"[[{key}]]")
        return [Table(row, f"{self.place}{key}[{number}].") for number, row in enumerate(rows, 1)]

    def named(self, key: str) -> Iterator[tuple[str, Table]]:
        """The tables under `key`, by name, in the order of the document."""
        rows = self.take(key, dict, {})
        for name, row in rows.items():
            if not isinstance(row, dict):
                raise self.wrong(f"{key}.{name}", _("er {value}").format(value=row), f"[{key}.{name}]")
            yield name, Table(row, f"{self.place}{key}.{name}.")

    def done(self) -> None:
        if self.data:
            key = next(iter(self.data))
            raise self.wrong(key, _("er ikke en nøgle her"), _("Ret stavemåden, eller slet linjen."))

    def wrong(self, key: str, what: str, cure: str) -> CannotPlan:
        return CannotPlan(f"{self.place}{key}: {what}.", cure=cure, where=(f"{self.place}{key}",))


def clock(text: str, table: Table, key: str) -> int:
    hours, colon, minutes = text.partition(":")
    if colon and hours.isdigit() and minutes.isdigit() and int(minutes) < 60 and int(hours) * 60 + int(minutes) <= 1440:
        return int(hours) * 60 + int(minutes)
    raise table.wrong(key, _("er {value}").format(value=text), _('Skriv et klokkeslæt: "09:30".'))


def clock_text(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def read_toml(file: Path) -> Table:
    """The document in `file`. Raises CannotPlan where it cannot be read or is not TOML."""
    return Table(toml_of(file), "")


def _kinds() -> dict[type, str]:
    return {
        str: _("Skriv en tekst i anførselstegn."),
        int: _("Skriv et helt tal."),
        float: _("Skriv et tal."),
        bool: "true, false",
        list: _("Skriv en liste: [ … ]."),
        dict: _("Skriv en tabel."),
        dt.date: _("Skriv en dato: 2026-03-05."),
    }
