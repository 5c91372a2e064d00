"""What is typed on this room's pages, read into what the deeds take. Raises Refused by field for what is unreadable."""

from __future__ import annotations

import datetime as dt
import re
from enum import StrEnum
from typing import Any, TypeVar

from django.http import QueryDict
from django.utils.translation import gettext as _

from hovedindgang.kernel import clock
from hovedindgang.safety.models import Incident
from hovedindgang.safety.rules import IncidentKind, Notice, Refused, Told, WarningReason

Word = TypeVar("Word", bound=StrEnum)


def proposal(sent: QueryDict) -> tuple[WarningReason, Told]:
    return _word(sent, "reason", WarningReason), _word(sent, "told", Told)


def decision(sent: QueryDict) -> tuple[dt.date, Told]:
    day = _day(sent, "valid_to")
    if day is None:
        raise Refused({"valid_to": _("Vælg den dag, advarslen ophører.")})
    return day, _word(sent, "told", Told)


def incident(sent: QueryDict) -> dict[str, Any]:
    """Arguments of `report_incident`. Raises Refused with all that is missing at once."""
    errors: dict[str, str] = {}
    day, kind = _day(sent, "on"), None
    try:
        kind = _word(sent, "kind", IncidentKind)
    except Refused as refused:
        errors |= refused.errors
    if day is None:
        errors["on"] = _("Vælg den dag, det skete.")
    time = re.fullmatch(r"(\d{1,2})[.:](\d{2})", sent.get("at", "").strip() or "12.00")
    try:
        at = dt.time(int(time[1]), int(time[2])) if time else None
    except ValueError:
        at = None
    if at is None:
        errors["at"] = _("Skriv klokkeslættet som 10.30.")
    if not sent.get("what_happened", "").strip():
        errors["what_happened"] = _("Skriv, hvad der skete.")
    if errors or day is None or at is None:
        raise Refused(errors)
    return {
        "kind": kind,
        "happened_at": dt.datetime.combine(day, at, tzinfo=clock.DENMARK),
        "what_happened": sent.get("what_happened", "").replace("\0", ""),
        "present": [int(one) for one in sent.getlist("present") if one.isascii() and one.isdigit() and len(one) < 19],
    }


def follow_up(sent: QueryDict) -> dict[str, Any]:
    """Arguments of `follow_incident_up`."""
    return {
        "follow_up": sent.get("follow_up", "").replace("\0", ""),
        "absence": {"yes": True, "no": False}.get(sent.get("absence", "")),
        "notice": _word(sent, "notice", Notice),
        "notice_given_on": _day(sent, "notice_given_on"),
    }


def follow_up_of(row: Incident) -> dict[str, str]:
    """The form as it stands saved."""
    return {
        "follow_up": row.follow_up,
        "absence": {True: "yes", False: "no", None: ""}[row.absence],
        "notice": row.notice,
        "notice_given_on": row.notice_given_on.isoformat() if row.notice_given_on else "",
    }


def _word(sent: QueryDict, field: str, words: type[Word]) -> Word:
    try:
        return words(sent.get(field, ""))
    except ValueError:
        raise Refused({field: _("Vælg på listen.")}) from None


def _day(sent: QueryDict, field: str) -> dt.date | None:
    """A date as the browser sends it, or as a Dane types it."""
    typed = sent.get(field, "").strip()
    if not typed:
        return None
    danish = re.fullmatch(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})", typed)
    try:
        day = dt.date(int(danish[3]), int(danish[2]), int(danish[1])) if danish else dt.date.fromisoformat(typed)
    except ValueError:
        day = None
    if day is None or not 1900 < day.year < 2200:
        raise Refused({field: _("Skriv datoen som dag, måned og år, for eksempel 24.12.2026.")})
    return day
