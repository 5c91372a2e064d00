"""Contacts by the thousand: what an import or the demonstration hands to `import_contacts`.

One row is a contact with its enquiries. `ref` is the caller's own name for an enquiry in this batch, so that a later
one can follow it before either has a row number.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from hovedindgang.contacts.rules import (
    Advice,
    AvoidableCause,
    ComeBackReason,
    Direction,
    FollowsHow,
    ForwardKind,
    HandoverState,
    Outcome,
    SelfServiceHelp,
    SentOnHow,
    WhoAsks,
    WithdrawnWhy,
    WorkedBy,
)
from hovedindgang.servicemodel.document import Channel, Level, ServiceKind


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkHandover:
    department: str
    state: HandoverState
    sent_at: dt.datetime
    promised_on: dt.date
    summary: str
    spoken: bool = False
    agreed: str = ""
    accepted_at: dt.datetime | None = None
    closed_at: dt.datetime | None = None
    reason: str = ""
    answer: str = ""
    handled_by: int | None = None  # employee's row number


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkEnquiry:
    service: str
    kind: ServiceKind
    level: Level
    outcome: Outcome
    outcome_at: dt.datetime | None = None
    outcome_by: int | None = None
    worked_by: WorkedBy | None = None
    on_the_spot: bool = False
    advice: Advice = Advice.NONE
    come_back_reason: ComeBackReason | None = None
    withdrawn_why: WithdrawnWhy | None = None
    owner: int | None = None
    promised_on: dt.date | None = None
    for_whom: tuple[int, ...] = ()
    preparatory: bool = False
    received_assisted: bool = False
    sent_on: SentOnHow | None = None
    avoidable_cause: AvoidableCause | None = None
    guidance_given: bool = False
    self_service: SelfServiceHelp | None = None
    ref: str = ""
    follows_ref: str = ""  # an earlier enquiry of this batch
    follows_how: FollowsHow | None = None
    signpost_how: ForwardKind | None = None
    signpost_authority: str | None = None
    signpost_department: str | None = None
    handover: BulkHandover | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkContact:
    channel: Channel
    started_at: dt.datetime
    ended_at: dt.datetime
    enquiries: tuple[BulkEnquiry, ...]
    direction: Direction = Direction.IN
    who_asks: WhoAsks = WhoAsks.CITIZEN
    medium: str | None = None
    centre: str | None = None
    department: str | None = None
    asker: int | None = None
    repeat_of: str = ""
    employee: int | None = None
    times_true: bool = True
    late: bool = False
    language: str = "da"
    note: str = ""
    unattended: bool = False
    version_id: int | None = None
