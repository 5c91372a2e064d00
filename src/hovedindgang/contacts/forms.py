"""What is typed on this room's pages, read into what the deeds take. Raises Refused by field for what is unreadable."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from hovedindgang.contacts.actions.new import NewHandover, NewSignpost
from hovedindgang.contacts.history import Cursor
from hovedindgang.contacts.rules import (
    OVER_MIDNIGHT,
    Advice,
    ChangeWhy,
    ComeBackReason,
    FollowsHow,
    ForwardKind,
    Ground,
    MovedTold,
    MovedWhy,
    Outcome,
    Refused,
    StruckWhy,
    WithdrawnWhy,
)
from hovedindgang.kernel import clock
from hovedindgang.servicemodel.document import Channel

Sent = Mapping[str, str]
Word = TypeVar("Word", bound=StrEnum)

LARGEST_NUMBER = 2**62
EARLIEST, LATEST = dt.datetime(1900, 1, 1, tzinfo=dt.UTC), dt.datetime(2200, 1, 1, tzinfo=dt.UTC)


def conclusion(sent: Sent) -> dict[str, Any]:
    """Arguments of `conclude_enquiry`."""
    outcome = _word(sent, "outcome", Outcome)
    if outcome is None:
        raise Refused({"outcome": _("Vælg et udfald.")})
    return {
        "outcome": outcome,
        "advice": _word(sent, "advice", Advice),
        "come_back_reason": _word(sent, "come_back_reason", ComeBackReason),
        "withdrawn_why": _word(sent, "withdrawn_why", WithdrawnWhy),
        "signpost": _signpost(sent),
    }


def _signpost(sent: Sent) -> NewSignpost | None:
    """The place stands as ``authority:skat`` or ``department:teknik``."""
    kind, _colon, key = sent.get("signpost_authority", "").partition(":")
    if not key:
        return None
    return NewSignpost(
        how=_word(sent, "how", ForwardKind) or ForwardKind.TOLD,
        authority=key if kind == "authority" else None,
        department=key if kind == "department" else None,
        ground=_word(sent, "ground", Ground),
    )


def handover(sent: Sent) -> NewHandover:
    return NewHandover(
        department=sent.get("department", ""),
        summary=sent.get("summary", ""),
        agreed=sent.get("agreed", ""),
        promised_on=day(sent, "promised_on"),
        spoken=bool(sent.get("spoken")),
        ground=_word(sent, "ground", Ground) or Ground.OWN_CASE,
    )


def reopening(sent: Sent) -> dict[str, Any]:
    """Arguments of `reopen_enquiry`."""
    promised_on = day(sent, "promised_on")
    if promised_on is None:
        raise Refused({"promised_on": _("Vælg den dag, borgeren får svar.")})
    return {"why": _word(sent, "why", ChangeWhy) or ChangeWhy.CONCLUDED, "promised_on": promised_on}


def another_day(sent: Sent) -> dict[str, Any]:
    """Arguments of `agree_another_day`."""
    return {
        "promised_on": day(sent, "another_day"),
        "why": _word(sent, "why", MovedWhy),
        "told": _word(sent, "told", MovedTold),
    }


def following(sent: Sent) -> dict[str, Any]:
    """Arguments of `follow_enquiry`."""
    return {"follows": number(sent, "follows"), "how": _word(sent, "how", FollowsHow)}


def channel(sent: Sent) -> Channel:
    found = _word(sent, "channel", Channel)
    if found is None:
        raise Refused({"channel": _("Vælg på listen.")})
    return found


def struck_why(sent: Sent) -> StruckWhy | None:
    return _word(sent, "reason", StruckWhy)


def times(sent: Sent) -> dict[str, dt.datetime]:
    """When it began and ended, in Danish time. Arguments of `correct_times`."""
    on = day(sent, "on")
    if on is None:
        raise Refused({"on": _("Skriv dagen.")})
    began, ended = (_at(sent, field, on) for field in ("from_time", "to_time"))
    if ended < began and ended + dt.timedelta(days=1) - began <= OVER_MIDNIGHT:
        ended += dt.timedelta(days=1)
    if ended < began:
        raise Refused({"to_time": _("Henvendelsen slutter, før den begynder. Ret et af de to klokkeslæt.")})
    if began > clock.now():
        raise Refused({"on": _("Tidspunktet ligger ude i fremtiden. Ret det til, da henvendelsen begyndte.")})
    return {"started_at": began, "ended_at": ended}


def _at(sent: Sent, field: str, on: dt.date) -> dt.datetime:
    try:
        time = dt.time.fromisoformat(sent.get(field, "").strip().replace(".", ":"))
    except ValueError:
        raise Refused({field: _("Skriv klokkeslættet som 9.30.")}) from None
    return dt.datetime.combine(on, time.replace(tzinfo=None), tzinfo=clock.DENMARK)


def got_there(sent: Sent) -> bool | None:
    return {"yes": True, "no": False}.get(sent.get("got_there", ""))


def day(sent: Sent, field: str) -> dt.date | None:
    """A date as the browser sends it (2026-03-11) or as a Dane types it (11.3.2026, 11-03-2026, 11/3/2026)."""
    typed = sent.get(field, "").strip()
    if not typed:
        return None
    for read in (dt.date.fromisoformat, _danish_day):
        try:
            return read(typed)
        except (ValueError, OverflowError):
            continue
    raise Refused({field: _("Skriv datoen som dag, måned og år, for eksempel 24.12.2026.")})


def _danish_day(typed: str) -> dt.date:
    parts = typed.replace("/", ".").replace("-", ".").replace(" ", "").split(".")
    date, month, year = (int(part) for part in parts)
    return dt.date(year, month, date)


def key(sent: Sent) -> uuid.UUID | None:
    """The key that was made with the form; None where it came without one."""
    try:
        return uuid.UUID(sent.get("key", ""))
    except ValueError:
        return None


def number(sent: Sent, field: str) -> int | None:
    """A row number. Raises Refused for what is none."""
    typed = sent.get(field, "").strip().removeprefix("#")
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit() and len(typed) < 20 and 0 < int(typed) < LARGEST_NUMBER):
        raise Refused({field: _("Skriv nummeret med cifre.")})
    return int(typed)


def cursor(said: str) -> Cursor | None:
    """Where a page of a history goes on, as `cursor_text` wrote it; None for anything else."""
    at, _comma, row = said.partition(",")
    try:
        return read_place(at, row)
    except ValueError:
        return None


def read_place(at: str, row: str) -> Cursor:
    """A place in a history from its two halves. Raises ValueError for what no history has."""
    began, number_of = dt.datetime.fromisoformat(at), int(row)
    if began.tzinfo is None or not (EARLIEST < began < LATEST and 0 <= number_of < LARGEST_NUMBER):
        raise ValueError(at)
    return began, number_of


def cursor_text(place: Cursor) -> str:
    return f"{place[0].isoformat()},{place[1]}"


def _word(sent: Sent, field: str, words: type[Word]) -> Word | None:
    try:
        return words(sent[field]) if sent.get(field) else None
    except ValueError:
        raise Refused({field: _("Vælg på listen.")}) from None
