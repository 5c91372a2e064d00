"""Words of this room for its templates: `{% load scenarios %}`."""

from __future__ import annotations

from django import template

from hovedindgang.scenarios.labels import GROUND, KIND, STATE

register = template.Library()


@register.filter
def ground_words(ground: str) -> str:
    return str(GROUND.get(ground, ground))


@register.filter
def kind_words(kind: str) -> str:
    return str(KIND.get(kind, kind))


@register.filter
def state_words(state: str) -> str:
    return str(STATE.get(state, state))


@register.simple_tag
def listed(*texts: str) -> list[str]:
    """The texts as a list, for the head of a table."""
    return list(texts)
