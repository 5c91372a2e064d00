"""Values of the model as people read them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import Enum

from hovedindgang.servicemodel.document import ClosingDay, EmployeeFigures, Period, Sourced
from hovedindgang.servicemodel.labels import field_label, is_word, month_name, word_label
from hovedindgang.servicemodel.language import current_language, ngettext
from hovedindgang.servicemodel.language import gettext as _
from hovedindgang.servicemodel.walking import fields_of

LONGEST = 90  # a text longer than this is cut when shown
CALENDAR_DAYS = ("constitution_day", "christmas_eve", "new_years_eve")


def name_of(thing: object) -> str:
    """What an object of the model is called, cut to a readable length."""
    return cut(full_name_of(thing))


def full_name_of(thing: object) -> str:
    """An object's name, title or text (in English where it has one and English is spoken), else its key."""
    english = ("name_en", "text_en", "purpose_en", "question_en", "reference_en") if current_language() == "en" else ()
    for field in (*english, "name", "title", "text", "purpose", "question", "reference", "key"):
        value = getattr(thing, field, None)
        if isinstance(value, str) and value:
            return value
    return type(thing).__name__


def spoken(thing: object, field: str) -> str | None:
    """A text of the document, in English where it has that and English is spoken; None where it says nothing."""
    english: str | None = getattr(thing, f"{field}_en", None) if current_language() == "en" else None
    danish: str | None = getattr(thing, field)
    return english or danish


def value_text(value: object, field: str = "") -> str:
    """Any value of the model in words; `field` gives a number its unit."""
    if value is None:
        return _("ikke sagt")
    if isinstance(value, bool):
        return _("ja") if value else _("nej")
    if isinstance(value, Enum):
        return word_label(str(value.value))
    if isinstance(value, int | float):
        return number_text(value) + unit_of(field, value)
    if isinstance(value, dt.date):
        return date_text(value)
    if isinstance(value, dt.time):
        return f"{value:%H:%M}"
    if isinstance(value, str) and field in CALENDAR_DAYS:
        return calendar_text(value)
    if isinstance(value, str):
        return word_label(value) if is_word(value) else f'"{cut(value)}"'
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
        return f"{date_text(value.on)} ({full_name_of(value)})"
    said = [(name, part) for name, part in fields_of(value) if part is not None and part != () and part is not False]
    # A unit says which number it is: "30 dage" and not "dage 30 dage".
    labels = ("" if unit_of(name, 2) else f"{field_label(name)} " for name, _part in said)
    return ", ".join(label + value_text(part, name) for label, (name, part) in zip(labels, said, strict=True))


def number_text(number: float) -> str:
    """Without needless decimals; a comma in Danish."""
    text = str(int(number)) if number == int(number) else str(number)
    return text.replace(".", ",") if current_language() == "da" else text


def calendar_text(said: str) -> str:
    """How a day of the calendar is kept: "open", "closed" or the time at which it closes."""
    return {"open": _("åbent"), "closed": _("lukket")}.get(said) or _("lukker kl. {time}").format(time=said)


def unit_of(field: str, number: float) -> str:
    """The unit that stands in a field's name, in the form for `number`."""
    if field.endswith("_percent"):
        return " %"
    if field.endswith("_kr"):
        return _(" kr.")
    if field.endswith("_minutes"):
        return ngettext(" minut", " minutter", number)
    if field.endswith("_working_days"):
        return ngettext(" arbejdsdag", " arbejdsdage", number)
    if field.endswith("days"):
        return ngettext(" dag", " dage", number)
    return ""


def date_text(day: dt.date) -> str:
    """ "1. januar 2007" in Danish, "1 January 2007" in English."""
    return _("{day}. {month} {year}").format(day=day.day, month=month_name(day.month), year=day.year)


def agreement_text(agreement: EmployeeFigures) -> str:
    """What of an employee who sees, from when to when, and when it was discussed and told."""
    said = _("{figures}; ses af {who}; fra {first} til {last}; drøftet i MED-udvalget {discussed}, besked givet {told}")
    return said.format(
        figures=value_text(agreement.figures),
        who=value_text(agreement.seen_by),
        first=date_text(agreement.valid_from),
        last=date_text(agreement.valid_to),
        discussed=date_text(agreement.discussed_on),
        told=date_text(agreement.told_on),
    )


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
