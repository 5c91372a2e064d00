"""Parsers that are wrong on purpose: what the throwing must find, or it is worth nothing."""

from __future__ import annotations

import datetime as dt
import re

from parsers.parsers import Parser


def _any_year(text: str) -> dt.date:
    """The year is believed, whatever it is."""
    date, month, year = text.split(".")
    return dt.date(int(year), int(month), int(date))


_ENDLESS = re.compile(r"(\d+)+ [a-z]")  # the same digits can be told apart in more ways than there are atoms
_SLOW = re.compile(r"\s+\s+$")  # from each space to each later one to the end, and not found: 8 times for twice as long

BROKEN = {
    "a year that is believed": Parser("day", _any_year, (ValueError,), ("11.3.2026",)),
    "a house number in too many ways": Parser("number", _ENDLESS.fullmatch, (), ("7777777 a",)),
    "spaces looked at over and over": Parser("spaces", _SLOW.search, (), ("   x",), longest=600),
}
