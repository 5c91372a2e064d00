"""How a message says what stands in a file, what it is not, and what may stand there instead."""

from __future__ import annotations

import datetime as dt
import difflib
import re

from hovedindgang.servicemodel.labels import field_called
from hovedindgang.servicemodel.language import gettext as _
from hovedindgang.servicemodel.problems import visible

MOST_CHOICES = 12  # more than this nobody reads in a message
LONGEST_KEY = 60


def shown(raw: object) -> str:
    """A value as it would stand in the file, cut to a readable length."""
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    if isinstance(raw, dict):
        return "{…}"
    if isinstance(raw, list):
        return "[…]"
    if isinstance(raw, str):
        return f'"{visible(raw[:40])}…"' if len(raw) > 40 else f'"{visible(raw)}"'
    return str(raw)


def not_a(raw: object, what: str) -> str:
    return _("{value} er ikke {what}.").format(value=shown(raw), what=what)


def choose(allowed: list[str], written: object) -> str:
    """What may stand instead: the nearest word if one is near, else all of them."""
    called = field_called(str(written))
    near = [called] if called in allowed else difflib.get_close_matches(str(written), allowed, n=1)
    if near:
        return _('Mente du "{word}"?').format(word=near[0])
    more = " …" if len(allowed) > MOST_CHOICES else ""
    return _("Brug et af: {choices}.").format(choices=", ".join(allowed[:MOST_CHOICES]) + more)


def as_key(text: str) -> str:
    """A key that is allowed and near to `text`."""
    folded = text.lower().replace("æ", "ae").replace("ø", "oe").replace("å", "aa")
    return re.sub(r"[^a-z0-9]+", "-", folded).strip("-")[:LONGEST_KEY] or "pas-ansoegning"


def words_of(hint: type) -> str:
    return {
        str: _("en tekst"),
        int: _("et helt tal"),
        float: _("et tal"),
        bool: _("et ja eller nej"),
        dt.date: _("en dato"),
        dt.time: _("et klokkeslæt"),
    }[hint]


def write_as(hint: type, raw: object) -> str:
    return {
        str: _("Skriv teksten i anførselstegn."),
        int: _("Skriv et helt tal uden anførselstegn, fx 12."),
        float: _("Skriv et tal uden anførselstegn og med punktum, fx 12.5."),
        bool: _("Skriv true eller false uden anførselstegn."),
        dt.date: _("Skriv datoen uden anførselstegn som år-måned-dag, fx 2007-01-01."),
        dt.time: _("Skriv klokkeslættet uden anførselstegn, fx 14:00:00."),
    }[hint]
