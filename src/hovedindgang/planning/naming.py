"""What channels and sources are called where people read; programs get the keys."""

from __future__ import annotations

from collections.abc import Mapping

from hovedindgang.planning.language import gettext, gettext_noop

CHANNELS = {
    "in_person": gettext_noop("personligt"),
    "phone": gettext_noop("telefon"),
    "written": gettext_noop("brev og mail"),
    "digital": gettext_noop("digitalt"),
    "self_service": gettext_noop("selvbetjening"),
    "appointment": gettext_noop("efter aftale"),
    "assisted": gettext_noop("medbetjening"),
    "colleague": gettext_noop("videre til en kollega"),
    "department": gettext_noop("fagforvaltning"),
    "department_direct": gettext_noop("direkte til fagforvaltningen"),
}
SOURCES = {
    "adopted": gettext_noop("vedtaget"),
    "published": gettext_noop("offentliggjort"),
    "measured": gettext_noop("målt"),
    "assumed": gettext_noop("antaget"),
}


def channel_name(key: str) -> str:
    """A scenario may have channels of its own; they are called what the file calls them."""
    return gettext(CHANNELS.get(key, key))


def source_name(kind: str) -> str:
    return gettext(SOURCES.get(kind, kind))


def queue_name(key: str, centres: Mapping[str, str]) -> str:
    """`in_person:aabybro` as "personligt, Borgerservice Aabybro"; `centres`: key → name."""
    channel, _colon, centre = key.partition(":")
    return f"{channel_name(channel)}, {centres.get(centre, centre)}" if centre else channel_name(channel)
