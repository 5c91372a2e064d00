"""The paper form for breakdowns: its codes, from the policy in force, and what was written by them. No database.

The same codes stand on the paper and are read when it is entered; a service's number is its place in the policy of that
day, so that a paper is entered by the policy it was printed from.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from hovedindgang.contacts.actions import NewContact, NewEnquiry, NewSignpost
from hovedindgang.contacts.rules import ForwardKind, Outcome
from hovedindgang.desk.reading import Reader
from hovedindgang.desk.rules import COME_BACK_REASONS, OUTCOMES, WITHDRAWN_WHYS
from hovedindgang.kernel import clock
from hovedindgang.servicemodel.document import Channel, Service, ServiceKind, ServiceModel

CHANNEL_LETTERS = {"P": Channel.IN_PERSON, "T": Channel.PHONE, "S": Channel.WRITTEN, "D": Channel.DIGITAL}
KIND_LETTERS = {"O": ServiceKind.INFORMATION, "E": ServiceKind.TRANSACTION}
LETTERS = {choice.key.upper(): Outcome(choice.value) for choice in OUTCOMES}
ROWS = 12
FIELDS = ("time", "channel", "service", "kind", "outcome")


def numbered(model: ServiceModel, day: dt.date) -> dict[int, Service]:
    """The services of the day by their number on the paper: their place in the policy, whatever the day."""
    there = model.services_on(day)
    return {number: there[key] for number, key in enumerate(model.services, 1) if key in there}


def places(model: ServiceModel, day: dt.date) -> dict[int, tuple[str, str, str]]:
    """Where a citizen may be shown to, by number: (kind, key, name)."""
    there = [("authority", key, one.name) for key, one in model.authorities_on(day).items()]
    there += [("department", key, one.name) for key, one in model.departments.items()]
    return dict(enumerate(there, 1))


@dataclass(frozen=True, slots=True)
class Written:
    """What the rows came to: contacts in their order, or what is wrong, by "row.field"."""

    contacts: list[NewContact]
    errors: dict[str, str]


def read_rows(rows: Sequence[Mapping[str, str]], *, day: dt.date, centre: str, model: ServiceModel) -> Written:
    """A row with a time begins a contact; one without adds a matter to the contact above. Empty rows are none."""
    errors: dict[str, str] = {}
    begun: list[tuple[dt.datetime, Channel, list[NewEnquiry]]] = []
    for position, row in enumerate(rows):
        if not any(row[name].strip() for name in FIELDS):
            continue
        read = Reader(errors, f"{position}.")
        enquiry = _enquiry(row, read, day, model)
        time = read.time("time", row["time"])
        letter = row["channel"].strip().upper()
        if not row["time"].strip() and not letter and begun:
            begun[-1][2].append(enquiry)
            continue
        if time is None:
            read.wrong("time", _("Skriv klokkeslættet som 10.30; tomt hører rækken til den ovenfor."))
        if letter not in CHANNEL_LETTERS:
            read.wrong("channel", _("Skriv P, T, S eller D."))
        at = dt.datetime.combine(day, time or dt.time(12), tzinfo=clock.DENMARK).astimezone(dt.UTC)
        begun.append((at, CHANNEL_LETTERS.get(letter, Channel.IN_PERSON), [enquiry]))
    contacts = [
        NewContact(
            channel=channel, centre=centre, started_at=at, ended_at=at, times_true=False, enquiries=tuple(matters)
        )
        for at, channel, matters in begun
    ]
    return Written(contacts, errors)


def _enquiry(row: Mapping[str, str], read: Reader, day: dt.date, model: ServiceModel) -> NewEnquiry:
    number = row["service"].strip()
    service = (
        numbered(model, day).get(int(number)) if number.isascii() and number.isdigit() and len(number) < 5 else None
    )
    if service is None:
        read.wrong("service", _("Skriv opgavens nummer på papiret."))
    kind = row["kind"].strip().upper()
    if kind and kind not in KIND_LETTERS:
        read.wrong("kind", _("Skriv O eller E, eller lad feltet stå tomt."))
    letter, rest = row["outcome"].strip().upper()[:1], row["outcome"].strip()[1:].strip()
    outcome = LETTERS.get(letter)
    if outcome is None:
        read.wrong("outcome", _("Skriv udfaldets bogstav, for eksempel L."))
    elif outcome is Outcome.PASSED_ON:
        read.wrong("outcome", _("En overdragelse skal have et resumé: registrér den på skranken, og slet rækken her."))
    further = _further(outcome, rest, read, day, model)
    return NewEnquiry(
        service=service.key if service else "",
        kind=KIND_LETTERS.get(kind),
        outcome=outcome or Outcome.RESOLVED,
        **further,  # type: ignore[arg-type]
    )


def _further(outcome: Outcome | None, rest: str, read: Reader, day: dt.date, model: ServiceModel) -> dict[str, object]:
    """What stands behind the letter: why she must come back, why she withdrew, where she was shown to."""
    number = int(rest) if rest.isascii() and rest.isdigit() and len(rest) < 4 else 0
    if outcome is Outcome.OPEN:
        return {"promised_on": clock.today()}  # what stood on paper is due when it is entered
    if outcome is Outcome.MUST_COME_BACK:
        reason = dict(enumerate(COME_BACK_REASONS, 1)).get(number)
        if reason is None:
            read.wrong("outcome", _("Skriv årsagens nummer efter bogstavet, for eksempel K1."))
        return {"come_back_reason": reason.value if reason else None}
    if outcome is Outcome.WITHDRAWN:
        why = dict(enumerate(WITHDRAWN_WHYS, 1)).get(number)
        if why is None:
            read.wrong("outcome", _("Skriv hvorfor efter bogstavet: T1 eller T2."))
        return {"withdrawn_why": why.value if why else None}
    if outcome is Outcome.SIGNPOSTED:
        place = places(model, day).get(number)
        if place is None:
            read.wrong("outcome", _("Skriv stedets nummer efter bogstavet, for eksempel V1."))
            return {}
        return {"signpost": NewSignpost(how=ForwardKind.TOLD, **{place[0]: place[1]})}  # type: ignore[arg-type]
    return {}
