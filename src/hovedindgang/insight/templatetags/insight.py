"""What the room's templates need: `{% load insight %}`."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.translation import get_language

from hovedindgang.insight.pages import share_words
from hovedindgang.insight.rates import Rate
from hovedindgang.look import wording

register = template.Library()


@register.simple_tag
def share(rate: Rate) -> str:
    """The share of a rate, or in words that too few were registered for it to be one."""
    return share_words(rate)


@register.simple_tag
def figure(value: int | None, url: str = "") -> str:
    """A count that opens its list; for those who may not see contacts only the count."""
    shown = wording.number(value, language=(get_language() or "da")[:2])
    return format_html('<a href="{}">{}</a>', url, shown) if url else shown
