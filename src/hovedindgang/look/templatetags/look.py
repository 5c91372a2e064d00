"""What templates of every room may use: `{% load look %}`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from hovedindgang.look import wording

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon of the design system; it decorates, so the text beside it must say the same."""
    return format_html(
        '<svg class="icon-svg" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("vendor/icons.svg"),
        name,
    )


@register.filter
def inside(words: str) -> str:
    """As it stands inside a sentence: *Løst* as "løst"; *MitID*, *ID shown* and the English *I* as they are."""
    return wording.inside(str(words))


@register.filter
def number(value: float | int | None, decimals: int = 0) -> str:
    """1234.5 as "1.234,5" in Danish and "1,234.5" in English; a dash where there is none."""
    return wording.number(value, decimals=decimals, language=get_language() or "da")


@register.filter
def percent(value: float | None, decimals: int = 1) -> str:
    """A share between 0 and 1 as "80,3 %" or "80.3%"."""
    return wording.percent(value, decimals=decimals, language=get_language() or "da")


@register.filter
def day(value: dt.date | None) -> str:
    """ "22. november 2026" or "22 November 2026"."""
    return wording.day(value, language=get_language() or "da")


@register.filter
def short_day(value: dt.date | None) -> str:
    """ "22.11.2026" in Danish, "22/11/2026" in English."""
    return wording.short_day(value, language=get_language() or "da")


@register.filter
def said(thing: object, field: str) -> str:
    """A text of the service model, in English for who reads it where there is one: `{{ question|said:"text" }}`."""
    english = getattr(thing, f"{field}_en", None) if get_language() == "en" else None
    return str(english or getattr(thing, field) or "")


@register.filter
def over(head: Sequence[object], rows: Sequence[Sequence[object]]) -> list[tuple[object, bool]]:
    """Each column's head, and whether the column holds figures, which are set to the right under it."""
    figures = [any(getattr(row[place], "number", False) for row in rows) for place in range(len(head))]
    return list(zip(head, figures, strict=True))
