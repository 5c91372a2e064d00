"""What is typed on this room's pages, read into what the deeds take. Raises Refused by field for what is unreadable."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import TypeVar

from django.utils.translation import gettext as _

from hovedindgang.contacts import forms as contacts
from hovedindgang.contacts.rules import Ground, Refused
from hovedindgang.kernel import clock
from hovedindgang.servicemodel.document import Channel
from hovedindgang.surveys.actions import Ending, NewFeedback
from hovedindgang.surveys.queries import Asked, CameWith
from hovedindgang.surveys.rules import Kind, Outcome, SaidBy

Word = TypeVar("Word", bound=StrEnum)
Sent = Mapping[str, str]


def number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


def key(sent: Sent) -> uuid.UUID | None:
    return contacts.key(sent)


def day(sent: Sent, field: str) -> dt.date | None:
    return contacts.day(sent, field)


def new(sent: Sent, came: CameWith | None) -> NewFeedback:
    """`came`: the contact it is written down beside, whose citizen it is then."""
    errors = {}
    kind = _word(sent, "kind", Kind)
    if kind is None:
        errors["kind"] = _("Vælg, hvad det er.")
    days: dict[str, dt.date | None] = {}
    for field in ("received_on", "promised_on"):
        try:
            days[field] = day(sent, field)
        except Refused as refused:
            errors |= refused.errors
    if errors or kind is None:
        raise Refused(errors)
    enquiry = number(sent.get("enquiry", ""))
    matter = next((one for one in came.matters if one.pk == enquiry), None) if came else None
    return NewFeedback(
        kind=kind,
        text=sent.get("text", ""),
        received_on=days["received_on"] or clock.today(),
        channel=_word(sent, "channel", Channel) or Channel.IN_PERSON,
        said_by=_word(sent, "said_by", SaidBy) or SaidBy.CITIZEN,
        citizen=came.citizen if came else None,
        cpr="" if came and came.citizen else sent.get("cpr", "").strip(),
        contact=came.contact.pk if came else None,
        enquiry=enquiry,
        centre=sent.get("centre") or None,
        department=sent.get("department") or None,
        service=sent.get("service") or (matter.service_id if matter else None),
        concerns=number(sent.get("concerns", "")),
        promised_on=days["promised_on"],
    )


def ending(sent: Sent) -> Ending:
    """The place stands as ``authority:skat`` or ``department:teknik``."""
    outcome = _word(sent, "outcome", Outcome)
    if outcome is None:
        raise Refused({"outcome": _("Vælg et udfald.")})
    kind, _colon, place = sent.get("to", "").partition(":")
    return Ending(
        outcome=outcome,
        answer=sent.get("answer", ""),
        answer_channel=_word(sent, "answer_channel", Channel),
        learning=sent.get("learning", ""),
        to_department=place if kind == "department" else None,
        to_authority=place if kind == "authority" else None,
        ground=_word(sent, "ground", Ground) if place else None,
        guided=bool(sent.get("guided")),
    )


def asked(sent: Sent, choices: Mapping[str, Collection[str]]) -> tuple[Asked, dict[str, str]]:
    """The list's filters, and what is said of those that are not among the page's `choices`: they choose nothing."""
    said = {"state": "open", "kind": "", "centre": "", **sent}
    unknown = {field for field, known in choices.items() if said[field] not in known}
    errors = {field: _("Det valg findes ikke. Vælg på listen; her er det ikke brugt.") for field in sorted(unknown)}
    state, kind, centre = ("" if field in unknown else said[field] for field in ("state", "kind", "centre"))
    return Asked({"closed": False, "all": None}.get(state, True), Kind(kind) if kind else None, centre), errors


def period(sent: Sent) -> tuple[dt.date, dt.date]:
    """From a day to a day, both with; this year until today where none is said. Raises Refused."""
    today = clock.today()
    first, last = day(sent, "from") or dt.date(today.year, 1, 1), day(sent, "to") or today
    if last < first:
        raise Refused({"to": _("Perioden slutter, før den begynder. Ret en af de to dage.")})
    return first, last


def _word(sent: Sent, field: str, words: type[Word]) -> Word | None:
    try:
        return words(sent.get(field, ""))
    except ValueError:
        return None
