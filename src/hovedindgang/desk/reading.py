"""Reads single fields of the form: words, days and times as people type them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

from django.utils.translation import gettext as _

Word = TypeVar("Word", bound=StrEnum)
Read = TypeVar("Read")
Errors = dict[str, str]


class Reader:
    """Reads single fields and gathers what could not be read."""

    def __init__(self, errors: Errors | None = None, prefix: str = "") -> None:
        self.errors: Errors = {} if errors is None else errors
        self._prefix = prefix

    def at(self, position: int) -> Reader:
        return Reader(self.errors, f"enquiries.{position}.")

    def wrong(self, field: str, message: str) -> None:
        self.errors.setdefault(self._prefix + field, message)

    def needed(self, field: str, text: str, message: str) -> str:
        if not text:
            self.wrong(field, message)
        return text

    def word(self, field: str, text: str, words: type[Word], usual: Word) -> Word:
        return self.word_or_none(field, text, words) or usual

    def word_or_none(self, field: str, text: str, words: type[Word]) -> Word | None:
        if not text:
            return None
        try:
            return words(text)
        except ValueError:
            self.wrong(field, _("Vælg en af mulighederne."))
            return None

    def day(self, field: str, text: str) -> dt.date | None:
        return self._read(field, text, _day, _("Skriv datoen som dag, måned og år, for eksempel 24.12.2026."))

    def time(self, field: str, text: str) -> dt.time | None:
        return self._read(field, text, _time, _("Skriv klokkeslættet som 10.30."))

    def _read(self, field: str, text: str, read: Callable[[str], Read], message: str) -> Read | None:
        if not text.strip():
            return None
        try:
            return read(text.strip())
        except ValueError:
            self.wrong(field, message)
            return None


def _day(text: str) -> dt.date:
    danish = re.fullmatch(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})", text)
    day = dt.date(int(danish[3]), int(danish[2]), int(danish[1])) if danish else dt.date.fromisoformat(text)
    if not 1900 < day.year < 2200:
        raise ValueError
    return day


def _time(text: str) -> dt.time:
    found = re.fullmatch(r"(\d{1,2})[.:](\d{2})(?::\d{2})?", text)
    if not found:
        raise ValueError
    return dt.time(int(found[1]), int(found[2]))
