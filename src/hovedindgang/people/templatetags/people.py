"""How templates show a citizen: `{% load people %}`, `{{ citizen|shown_name }}`. See `people.protection`."""

from __future__ import annotations

from django import template
from django.utils.functional import Promise
from django.utils.translation import get_language

from hovedindgang.look import wording
from hovedindgang.people import protection
from hovedindgang.people.models import Basis, Proof
from hovedindgang.policy.models import ServiceKey
from hovedindgang.policy.queries import NoPolicyInForce, in_force

register = template.Library()

register.filter("shown_name", protection.shown_name)
register.filter("shown_address", protection.shown_address)
register.filter("shown_road", protection.shown_road)
register.filter("shown_phone", protection.shown_phone)
register.filter("shown_email", protection.shown_email)
register.filter("shown_born_on", protection.shown_born_on)
register.filter("is_protected", protection.is_protected)


@register.filter
def service_called(key: ServiceKey) -> str:
    """What a service is called by the policy in force, in the language of the page."""
    try:
        service = in_force().model.services.get(key.pk)
    except NoPolicyInForce:
        service = None
    return wording.name(service or key, language=get_language() or "da")


@register.filter
def basis(word: str) -> str | Promise:
    """What a basis of representation is called."""
    return Basis(word).label


@register.filter
def proof(word: str) -> str | Promise:
    """What a proof is called."""
    return Proof(word).label
