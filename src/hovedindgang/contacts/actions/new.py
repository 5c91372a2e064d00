"""Deeds of the heart: register a contact, give an enquiry its outcome, hand over, signpost, amend, merge."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field

from hovedindgang.contacts.rules import (
    Advice,
    AvoidableCause,
    ComeBackReason,
    Direction,
    FollowsHow,
    ForwardKind,
    Ground,
    Identity,
    Outcome,
    SelfServiceHelp,
    SentOnHow,
    WhoAsks,
    WithdrawnWhy,
)
from hovedindgang.servicemodel.document import Channel, ServiceKind


@dataclass(frozen=True, slots=True, kw_only=True)
class NewHandover:
    department: str  # key
    summary: str
    promised_on: dt.date | None = None  # None: the department's or the service's working days from the model
    spoken: bool = False
    agreed: str = ""
    ground: Ground = Ground.OWN_CASE


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSignpost:
    how: ForwardKind
    authority: str | None = None  # key; exactly one of the two
    department: str | None = None
    got_there: bool | None = None
    ground: Ground | None = None  # asked where something about her goes to another authority


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEnquiry:
    """One matter as the desk or a client sends it. `kind` None: the service's own kind."""

    service: str
    kind: ServiceKind | None = None
    outcome: Outcome = Outcome.RESOLVED
    on_the_spot: bool = True
    advice: Advice = Advice.NONE
    come_back_reason: ComeBackReason | None = None
    withdrawn_why: WithdrawnWhy | None = None
    promised_on: dt.date | None = None  # for an open enquiry: "I follow up" on this day
    for_whom: tuple[int, ...] | None = None  # citizens' row numbers; None: the one who asks
    preparatory: bool | None = None  # None: as the service says
    received_assisted: bool = False
    sent_on: SentOnHow | None = None
    avoidable: bool | None = None
    avoidable_cause: AvoidableCause | None = None
    guidance_given: bool = False
    article: str = ""
    self_service: SelfServiceHelp | None = None
    follows: int | None = None
    follows_how: FollowsHow | None = None
    handover: NewHandover | None = None  # exactly when outcome is PASSED_ON
    signpost: NewSignpost | None = None  # exactly when outcome is SIGNPOSTED
    case_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewContact:
    """One occasion as the desk or a client sends it; the defaults are the usual case."""

    channel: Channel = Channel.IN_PERSON
    direction: Direction = Direction.IN
    who_asks: WhoAsks = WhoAsks.CITIZEN
    medium: str | None = None
    centre: str | None = None
    department: str | None = None
    asker: int | None = None  # citizen's row number
    representation: int | None = None  # row number: by what the asker acts for the citizen whom all matters are for
    identity: Identity | None = None  # how the asker's was established; only with an asker
    repeat_of: str = ""  # phone number or e-mail of an unknown citizen; only its keyed hash is kept
    started_at: dt.datetime | None = None  # None: now
    ended_at: dt.datetime | None = None  # None: now
    times_true: bool = True
    language: str = "da"
    note: str = ""
    unattended: bool = False
    enquiries: tuple[NewEnquiry, ...] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """Who is offered a call, or asked: one colleague, whoever is at a centre, or whoever is in a department."""

    employee: int | None = None  # exactly one of the three
    centre: str | None = None
    department: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the employee is shown after the transaction is committed."""

    contact_id: int
    repeated: bool  # True: the same form had been sent before, and nothing new was written
    key: uuid.UUID
