"""How templates show a citizen: `{% load people %}`, `{{ citizen|shown_name }}`. See `people.protection`."""

from __future__ import annotations

from django import template
from django.utils.functional import Promise

from hovedindgang.people import protection
from hovedindgang.people.models import Basis, Proof

register = template.Library()

register.filter("shown_name", protection.shown_name)
register.filter("shown_address", protection.shown_address)
register.filter("shown_road", protection.shown_road)
register.filter("shown_phone", protection.shown_phone)
register.filter("shown_email", protection.shown_email)
register.filter("shown_born_on", protection.shown_born_on)
register.filter("is_protected", protection.is_protected)


@register.filter
def basis(word: str) -> str | Promise:
    """What a basis of representation is called."""
    return Basis(word).label


@register.filter
def proof(word: str) -> str | Promise:
    """What a proof is called."""
    return Proof(word).label
