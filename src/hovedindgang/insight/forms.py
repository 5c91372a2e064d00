"""What is typed on this room's pages, read into what the deeds take; what cannot be read is told by field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.http import QueryDict
from django.utils.translation import gettext as _

from hovedindgang.insight.hand_counts import CountedBy, CountRefused, NewCount
from hovedindgang.insight.weeks import NewWeek, WeekRefused
from hovedindgang.servicemodel.document import Channel

FIELDS = ("centre", "channel", "first_on", "last_on", "from_hour", "to_hour", "arrived", "counted_by", "why")
LONGEST_FIGURE = 7


def hand_count(sent: Mapping[str, str]) -> NewCount:
    """The count that was typed. An empty last day is the first, empty hours are the whole day."""
    wrong: dict[str, str] = {}
    first = _day(sent.get("first_on", ""))
    last = _day(sent.get("last_on", "")) if sent.get("last_on", "").strip() else first
    arrived = _whole(sent.get("arrived", ""))
    from_hour, to_hour = (_whole(sent.get(name) or usual) for name, usual in (("from_hour", "0"), ("to_hour", "24")))
    if first is None:
        wrong["first_on"] = _("Vælg den første dag, der er talt.")
    if last is None and first is not None:
        wrong["last_on"] = _("Vælg den sidste dag, der er talt, eller lad feltet stå tomt.")
    if arrived is None:
        wrong["arrived"] = _("Skriv, hvor mange der kom, med cifre.")
    if from_hour is None or to_hour is None:
        wrong["to_hour"] = _("Skriv timerne som hele tal fra 0 til 24.")
    if sent.get("channel") not in set(Channel):
        wrong["channel"] = _("Vælg, hvordan de kom.")
    if sent.get("counted_by") not in set(CountedBy):
        wrong["counted_by"] = _("Vælg, hvem der talte.")
    if not sent.get("centre", "").strip() or "\0" in sent["centre"]:
        wrong["centre"] = _("Vælg et sted.")
    if wrong or first is None or last is None or arrived is None or from_hour is None or to_hour is None:
        raise CountRefused(wrong)
    return NewCount(
        centre=sent["centre"],
        channel=Channel(sent["channel"]),
        first_on=first,
        last_on=last,
        arrived=arrived,
        counted_by=CountedBy(sent["counted_by"]),
        from_hour=from_hour,
        to_hour=to_hour,
    )


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        return None


def _whole(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_FIGURE else None


def counting_week(sent: QueryDict) -> NewWeek:
    """The week that was typed; an empty last day is six days after the first."""
    first = _day(sent.get("first_on", ""))
    last = _day(sent.get("last_on", ""))
    if not sent.get("last_on", "").strip() and first is not None:
        last = first + dt.timedelta(days=6)
    wrong: dict[str, str] = {}
    if first is None:
        wrong["first_on"] = _("Vælg den første dag.")
    if last is None and first is not None:
        wrong["last_on"] = _("Vælg den sidste dag, eller lad feltet stå tomt: så er det en uge.")
    if wrong or first is None or last is None:
        raise WeekRefused(wrong)
    return NewWeek(
        name=" ".join(sent.get("name", "").replace("\0", "").split()),
        first_on=first,
        last_on=last,
        centres=tuple(dict.fromkeys(sent.getlist("centres"))),
        departments=tuple(dict.fromkeys(sent.getlist("departments"))),
    )
