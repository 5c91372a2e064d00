"""Words of this room in templates: `{% load contacts %}`, `{{ enquiry.outcome|word:"outcome" }}`."""

from __future__ import annotations

import uuid

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from hovedindgang.contacts.labels import JOURNAL_WHY, Label, label
from hovedindgang.policy.models import ModelKey
from hovedindgang.policy.queries import NoPolicyInForce, in_force

register = template.Library()


@register.simple_tag
def form_key() -> SafeString:
    """A key that is made with the form, so that two clicks do its deed once."""
    return format_html('<input type="hidden" name="key" value="{}">', uuid.uuid4())


@register.filter
def word(value: str | None, kind: str) -> Label:
    """What a word of the room is called, in the language of the page."""
    return label(kind, value or "")


@register.filter
def journal_why(code: str) -> Label:
    """Why something did not reach the journal, in words; the case system's own code where we have none for it."""
    return JOURNAL_WHY.get(code, code)


@register.filter
def named(key: str | ModelKey | None, kind: str) -> str:
    """The name of a service, centre, department, authority or medium, by the policy in force, else as last adopted.

    `kind` is the model's own word: services, centres, departments, authorities, media.
    """
    if not key:
        return ""
    written = key.pk if isinstance(key, ModelKey) else key
    try:
        thing = getattr(in_force().model, kind).get(written)
    except NoPolicyInForce:
        thing = None
    if thing is None:
        return str(key)
    english = getattr(thing, "name_en", None) if get_language() == "en" else None
    return str(english or thing.name)


@register.filter
def in_list(keys: list[str], kind: str = "services") -> str:
    """Several services in one line."""
    return ", ".join(named(key, kind) for key in keys)
