"""Numbers and days as people write them, in Danish and English. Pure; used by pages and charts."""

from __future__ import annotations

import datetime as dt
from typing import Protocol

NOTHING = "–"
MONTHS = {
    "da": "januar februar marts april maj juni juli august september oktober november december".split(),
    "en": "January February March April May June July August September October November December".split(),
}


def inside(words: str) -> str:
    """As they stand inside a sentence: the first letter small, unless it is the whole word or not its only capital."""
    first = words.partition(" ")[0]
    return words if len(first) == 1 or first[1:] != first[1:].lower() else words[:1].lower() + words[1:]


def number(value: float | int | None, *, decimals: int = 0, language: str = "da") -> str:
    """Grouped by thousands; `None` is a dash. A minus is the real sign."""
    if value is None:
        return NOTHING
    text = f"{value:,.{decimals}f}"
    if language != "en":
        text = text.translate(str.maketrans(",.", ".,"))
    if text.strip("-0.,") == "":
        text = text.lstrip("-")
    return text.replace("-", "−")


def percent(value: float | None, *, decimals: int = 1, language: str = "da") -> str:
    """A share between 0 and 1."""
    if value is None:
        return NOTHING
    figure = number(value * 100, decimals=decimals, language=language)
    return f"{figure}%" if language == "en" else f"{figure}\N{NO-BREAK SPACE}%"


def day(value: dt.date | None, *, language: str = "da") -> str:
    """A date, or the date of a local instant, with its month in letters."""
    if value is None:
        return NOTHING
    month = MONTHS["en" if language == "en" else "da"][value.month - 1]
    return f"{value.day}{'' if language == 'en' else '.'} {month} {value.year}"


def short_day(value: dt.date | None, *, language: str = "da") -> str:
    """A date in figures."""
    if value is None:
        return NOTHING
    return f"{value:%d/%m/%Y}" if language == "en" else f"{value:%d.%m.%Y}"


class Named(Protocol):
    """A thing with a Danish name; it may have an English one, `name_en`."""

    @property
    def name(self) -> str: ...


def name(thing: Named, *, language: str = "da") -> str:
    """What it is called; in English where it has an English name."""
    english: str | None = getattr(thing, "name_en", None) if language == "en" else None
    return english or thing.name
