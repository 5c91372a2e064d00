"""This room's words in templates."""

from __future__ import annotations

from django import template

from hovedindgang.surveys import labels

register = template.Library()
_ALL = {"kind": labels.KIND, "said_by": labels.SAID_BY, "state": labels.STATE, "outcome": labels.OUTCOME}


@register.filter
def survey_word(word: str, kind: str) -> labels.Label:
    return _ALL[kind].get(word, "")
