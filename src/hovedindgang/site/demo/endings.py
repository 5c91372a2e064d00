"""How an invented matter ended, by the level at which its service is carried: one function for each outcome."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from random import Random

from hovedindgang.contacts.bulk import BulkEnquiry, BulkHandover
from hovedindgang.contacts.rules import (
    Advice,
    ComeBackReason,
    ForwardKind,
    HandoverState,
    Outcome,
    SentOnHow,
    WithdrawnWhy,
    WorkedBy,
)
from hovedindgang.kernel.clock import DENMARK
from hovedindgang.servicemodel.document import Service, ServiceModel
from hovedindgang.servicemodel.hours import add_working_days
from hovedindgang.site.demo.figures import OUTCOMES
from hovedindgang.site.demo.shapes import Way

DEPARTMENT_OF = {
    "kontanthjaelp": "jobcenter", "sygedagpenge": "jobcenter", "jobsoegning": "jobcenter",
    "dagtilbud": "boern-og-familie", "friplads": "boern-og-familie", "sfo": "boern-og-familie",
    "skoleindskrivning": "boern-og-familie", "byggetilladelse": "teknik-og-miljoe", "affald": "teknik-og-miljoe",
    "rotter": "teknik-og-miljoe", "vej-og-fortov": "teknik-og-miljoe", "parkering": "teknik-og-miljoe",
    "opkraevning": "oekonomi", "ejendomsskattelaan": "oekonomi", "lokaler": "kultur-og-fritid",
}  # fmt: skip


RECENT_DAYS, STILL_WAITING = 7, 0.4  # of a week's handovers, the share that nobody has accepted yet; assumed


def department_of(service: Service) -> str:
    return DEPARTMENT_OF.get(service.key, "social-og-sundhed")


@dataclass(frozen=True, slots=True)
class Occasion:
    """What an ending depends on. `last` is the last day of the invented year: what would come later is still open."""

    model: ServiceModel
    day: dt.date
    last: dt.date
    service: Service
    way: Way
    ended_at: dt.datetime
    employee: int
    caseworkers: Mapping[str, int]
    rng: Random


def end_matter(base: BulkEnquiry, occasion: Occasion) -> BulkEnquiry:
    """`base` with an outcome drawn for its level."""
    ending = occasion.rng.choices(ENDINGS, OUTCOMES[base.level])[0]
    return ending(base, occasion)


def resolved(base: BulkEnquiry, on: Occasion) -> BulkEnquiry:
    rng = on.rng
    spot = {Way.COUNTER: 0.93, Way.OUTREACH: 0.93, Way.PHONE: 0.86}.get(on.way, 0.0)
    if rng.random() < spot:
        return replace(base, advice=rng.choices(list(Advice), [90, 7, 3])[0])
    promised = add_working_days(on.model, on.day, 5)
    working_days = rng.choices([0, 1, 2, 3, 5, 8], [1, 5, 6, 3, 2, 1])[0]
    answered = _at(add_working_days(on.model, on.day, working_days), 13, rng)
    later = replace(base, on_the_spot=False, promised_on=promised, owner=on.employee)
    if answered.date() > on.last:
        return replace(later, outcome=Outcome.OPEN, outcome_at=None, outcome_by=None, worked_by=None)
    return replace(later, outcome_at=max(answered, on.ended_at))


def must_come_back(base: BulkEnquiry, on: Occasion) -> BulkEnquiry:
    reason = on.rng.choices(list(ComeBackReason), [8, 4, 2, 2, 1, 1, 3, 1])[0]
    return _not_resolved(base, outcome=Outcome.MUST_COME_BACK, come_back_reason=reason)


def passed_on(base: BulkEnquiry, on: Occasion) -> BulkEnquiry:
    department = department_of(on.service)
    days = on.model.departments[department].answer_working_days
    handover = BulkHandover(
        department=department,
        state=HandoverState.SENT,
        sent_at=on.ended_at,
        promised_on=add_working_days(on.model, on.day, days.value if days else 5),
        spoken=on.rng.random() < 0.3,
        summary="Borgeren har forklaret sagen; se henvendelsen. Ønsker svar på telefon.",
        agreed="Fagforvaltningen ringer eller skriver senest den aftalte dag.",
    )
    sent_on = SentOnHow.RING if on.rng.random() < 0.15 else None
    course = _course(handover, on)
    if course.state is HandoverState.ANSWERED:
        return replace(
            base,
            outcome_at=course.closed_at,
            outcome_by=course.handled_by,
            worked_by=WorkedBy.DEPARTMENT,
            on_the_spot=False,
            promised_on=course.promised_on,
            handover=course,
            sent_on=sent_on,
        )
    return _not_resolved(
        base, outcome=Outcome.PASSED_ON, promised_on=course.promised_on, handover=course, sent_on=sent_on
    )


def _course(handover: BulkHandover, on: Occasion) -> BulkHandover:
    """What became of a handover by the end of the year: answered in time or late, or still waiting."""
    rng = on.rng
    accepted_on = add_working_days(on.model, on.day, rng.choice([0, 1, 1, 2]))
    closed_on = add_working_days(on.model, accepted_on, rng.choices([1, 2, 4, 7, 12], [3, 5, 5, 3, 1])[0])
    accepted = max(_at(accepted_on, 14, rng), handover.sent_at + dt.timedelta(minutes=20))
    closed = _at(closed_on, 15, rng)
    worker = on.caseworkers.get(handover.department)
    recent = (on.last - on.day).days < RECENT_DAYS
    if accepted.date() > on.last or (recent and rng.random() < STILL_WAITING):
        return handover
    if closed.date() > on.last:
        return replace(handover, state=HandoverState.ACCEPTED, accepted_at=accepted, handled_by=worker)
    return replace(
        handover,
        state=HandoverState.ANSWERED,
        accepted_at=accepted,
        closed_at=closed,
        handled_by=worker,
        answer="Borgeren er ringet op og har fået svar.",
    )


def signposted(base: BulkEnquiry, on: Occasion) -> BulkEnquiry:
    written = on.way in {Way.LETTER, Way.MESSAGE}
    how = (
        ForwardKind.FORWARDED if written else on.rng.choice([ForwardKind.TOLD, ForwardKind.TOLD, ForwardKind.REFERRED])
    )
    candidates = (on.service.handed_to, on.service.owner, *on.service.others_who_help)
    authority = next((key for key in candidates if key in on.model.authorities), None)
    away = _not_resolved(base, outcome=Outcome.SIGNPOSTED, signpost_how=how)
    if authority:
        return replace(away, signpost_authority=authority)
    sent_on = None if written else on.rng.choice(list(SentOnHow))
    return replace(away, signpost_department=department_of(on.service), sent_on=sent_on)


def changed_mind(base: BulkEnquiry, on: Occasion) -> BulkEnquiry:
    return _not_resolved(base, outcome=Outcome.WITHDRAWN, withdrawn_why=WithdrawnWhy.CHANGED_MIND)


def gave_up(base: BulkEnquiry, on: Occasion) -> BulkEnquiry:
    return _not_resolved(base, outcome=Outcome.WITHDRAWN, withdrawn_why=WithdrawnWhy.GAVE_UP)


Ending = Callable[[BulkEnquiry, Occasion], BulkEnquiry]
ENDINGS: tuple[Ending, ...] = (resolved, must_come_back, passed_on, signposted, changed_mind, gave_up)


def _not_resolved(base: BulkEnquiry, **changes: object) -> BulkEnquiry:
    return replace(base, worked_by=None, on_the_spot=False, **changes)  # type: ignore[arg-type]


def _at(day: dt.date, hour: int, rng: Random) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, rng.randrange(60)), DENMARK)
