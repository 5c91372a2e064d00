"""Values of the model as people read them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import Enum

from hovedindgang.servicemodel.document import ClosingDay, Period, Sourced
from hovedindgang.servicemodel.labels import field_label, month_name, word_label
from hovedindgang.servicemodel.language import current_language, ngettext
from hovedindgang.servicemodel.language import gettext as _
from hovedindgang.servicemodel.walking import fields_of

LONGEST = 90  # a text longer than this is cut when shown


def name_of(thing: object) -> str:
    """What an object of the model is called, cut to a readable length."""
    return cut(full_name_of(thing))


def full_name_of(thing: object) -> str:
    """An object's name, title or text (in English where it has one and English is spoken), else its key."""
    english = ("name_en", "text_en") if current_language() == "en" else ()
    for field in (*english, "name", "title", "text", "question", "reference", "key"):
        value = getattr(thing, field, None)
        if isinstance(value, str) and value:
            return value
    return type(thing).__name__


def value_text(value: object, field: str = "") -> str:
    """Any value of the model in words; `field` gives a number its unit."""
    if value is None:
        return _("ikke sagt")
    if isinstance(value, bool):
        return _("ja") if value else _("nej")
    if isinstance(value, Enum):
        return word_label(str(value.value))
    if isinstance(value, int | float):
        return number_text(value) + unit_of(field)
    if isinstance(value, dt.date):
        return date_text(value)
    if isinstance(value, dt.time):
        return f"{value:%H:%M}"
    if isinstance(value, str):
        return word_label(value) if word_label(value) != value else f'"{cut(value)}"'
    return _compound_text(value, field)


def _compound_text(value: object, field: str) -> str:
    if isinstance(value, Sourced):
        return value_text(value.value, field)
    if isinstance(value, Period):
        return f"{value.opens:%H:%M}-{value.closes:%H:%M}"
    if isinstance(value, Mapping):
        parts = (f"{value_text(key)} {value_text(part, field)}" for key, part in value.items())
        return ", ".join(parts) or _("ingen")
    if isinstance(value, tuple):
        return ", ".join(value_text(part, field) for part in value) or _("ingen")
    if isinstance(value, ClosingDay):
        return f"{date_text(value.on)} ({value.name})"
    said = [(name, part) for name, part in fields_of(value) if part is not None and part != ()]
    return ", ".join(f"{field_label(name)} {value_text(part, name)}" for name, part in said)


def number_text(number: float) -> str:
    """Without needless decimals; a comma in Danish."""
    text = str(int(number)) if number == int(number) else str(number)
    return text.replace(".", ",") if current_language() == "da" else text


def unit_of(field: str) -> str:
    """The unit that stands in a field's name."""
    if field.endswith("_percent"):
        return " %"
    if field.endswith("_kr"):
        return _(" kr.")
    if field.endswith("_minutes"):
        return _(" minutter")
    if field.endswith("_working_days"):
        return _(" arbejdsdage")
    if field.endswith("days"):
        return _(" dage")
    return ""


def date_text(day: dt.date) -> str:
    """ "1. januar 2007" in Danish, "1 January 2007" in English."""
    return _("{day}. {month} {year}").format(day=day.day, month=month_name(day.month), year=day.year)


def duration_text(minutes: int) -> str:
    """A length of time in words: "en time", "en halv time", "2 timer og 15 minutter"."""
    if minutes == 30:
        return _("en halv time")
    if minutes == 60:
        return _("en time")
    hours, rest = divmod(minutes, 60)
    parts = []
    if hours:
        parts.append(ngettext("{number} time", "{number} timer", hours).format(number=hours))
    if rest:
        parts.append(ngettext("{number} minut", "{number} minutter", rest).format(number=rest))
    return listed(parts)


def listed(parts: list[str]) -> str:
    """ "a, b og c"."""
    return ", ".join(parts[:-1]) + _(" og ") + parts[-1] if len(parts) > 1 else "".join(parts)


def cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"
