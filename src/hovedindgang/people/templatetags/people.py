"""How templates show a citizen: `{% load people %}`, `{{ citizen|shown_name }}`. See `people.protection`."""

from __future__ import annotations

from django import template

from hovedindgang.people import protection

register = template.Library()

register.filter("shown_name", protection.shown_name)
register.filter("shown_address", protection.shown_address)
register.filter("shown_phone", protection.shown_phone)
register.filter("shown_email", protection.shown_email)
register.filter("shown_born_on", protection.shown_born_on)
register.filter("is_protected", protection.is_protected)
