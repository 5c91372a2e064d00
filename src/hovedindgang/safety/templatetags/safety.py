"""This room's words in templates."""

from __future__ import annotations

from django import template

from hovedindgang.safety import labels

register = template.Library()
_ALL = {
    "warning": labels.REASON,
    "warning_state": labels.STATE,
    "told": labels.TOLD,
    "incident": labels.KIND,
    "notice": labels.NOTICE,
}


@register.filter
def safety_word(word: str, kind: str) -> labels.Label:
    return _ALL[kind].get(word, "")
