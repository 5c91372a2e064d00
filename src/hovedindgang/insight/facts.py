"""Read what the rules need to know from the database, in their own plain words: the readable form of `verdicts`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from django.db.models import Q

from hovedindgang.contacts.answering import answered_at, first_answered_at, in_order, opened_again_at
from hovedindgang.contacts.models import Enquiry
from hovedindgang.contacts.rules import (
    CONTINUES,
    REOPENING,
    Direction,
    FollowsHow,
    Outcome,
    WhoAsks,
    WithdrawnWhy,
    WorkedBy,
)
from hovedindgang.insight.rules import EnquiryFacts, Matter, unanswered_repeat
from hovedindgang.kernel import clock
from hovedindgang.policy.queries import services_over_time
from hovedindgang.servicemodel.document import Level, ServiceKind

READ_WITH = ("for_whom", "signposts", "outcome_changes", "contact__merged", "contact__merged_into__merged")
# Where a number is held that a matter's contact is known by: its own, and those of what was merged with it.
KEYED = (
    "contact__repeat_key",
    "contact__merged__repeat_key",
    "contact__merged_into__repeat_key",
    "contact__merged_into__merged__repeat_key",
)


def matters_of(first: dt.date, last: dt.date) -> list[Matter]:
    """Every enquiry received from `first` to `last` with what its judgement rests on; some queries for each."""
    within = Q(contact__merged_into__isnull=True, contact__received_on__range=(first, last)) | Q(
        contact__merged_into__received_on__range=(first, last)
    )
    return [matter_of(facts) for facts in facts_where(within) if facts.direction is Direction.IN]


def matter_of(head: EnquiryFacts) -> Matter:
    return Matter(head, _earlier(head.id), _later([head.id]), _unanswered(head))


def facts_where(condition: Q) -> list[EnquiryFacts]:
    names = services_over_time()
    return [_facts_of(row, names) for row in _enquiry_rows(condition)]


def _facts_of(row: Enquiry, names: Mapping[str, frozenset[str]]) -> EnquiryFacts:
    contact = row.contact.merged_into or row.contact
    places = list(row.signposts.all())
    changes = in_order(row.outcome_changes.all())
    remains = getattr(row, "remains", None)  # nothing of hers is gone
    return EnquiryFacts(
        id=row.pk,
        contact_id=contact.pk,
        started_at=contact.started_at,
        received_on=contact.received_on,
        service=row.service_id,
        also_named=names.get(row.service_id, frozenset()),
        direction=Direction(contact.direction),
        who_asks=WhoAsks(contact.who_asks),
        elsewhere=contact.department_id is not None,
        unattended=contact.unattended,
        kind=ServiceKind(row.kind),
        level=Level(row.level),
        outcome=Outcome(row.outcome),
        ended_on=_day(row.outcome_at),
        answered_on=_day(answered_at(row, changes)),
        first_answered_on=_day(first_answered_at(row, changes)),
        opened_again_on=_day(opened_again_at(changes)),
        worked_by=WorkedBy(row.worked_by) if row.worked_by else None,
        on_the_spot=row.on_the_spot,
        received_assisted=row.received_assisted,
        withdrawn_why=WithdrawnWhy(row.withdrawn_why) if row.withdrawn_why else None,
        promised_on=row.promised_on,
        promise_broken=row.broken_promise_on is not None,
        preparatory=row.preparatory,
        asked_back=any(one.was == Outcome.MUST_COME_BACK or one.why in REOPENING for one in changes),
        follows_how=FollowsHow(row.follows_how) if row.follows_how else None,
        found_wrong_on=row.found_wrong_on,
        sent_on=bool(row.sent_on) or any(one.department_id for one in places),
        to_authority=any(one.authority_id for one in places) and not any(one.department_id for one in places),
        persons=frozenset(one.citizen_id for one in row.for_whom.all()),
        was_known=remains is not None and remains.known,
        kept_came_again_on=remains.came_again_on if remains else None,
        repeat_keys=frozenset(bytes(one.repeat_key) for one in (contact, *contact.merged.all()) if one.repeat_key),
    )


def _day(at: dt.datetime | None) -> dt.date | None:
    return clock.local_day(at) if at else None


def _enquiry_rows(condition: Q) -> Iterable[Enquiry]:
    found = Enquiry.objects.filter(condition).select_related("contact", "contact__merged_into", "remains")
    return found.prefetch_related(*READ_WITH).distinct()


def _earlier(enquiry_id: int) -> list[EnquiryFacts]:
    """What the enquiry continues, however many links away."""
    found: list[EnquiryFacts] = []
    row = Enquiry.objects.get(pk=enquiry_id)
    while row.follows_id and row.follows_how in CONTINUES:
        row = row.follows
        found += facts_where(Q(pk=row.pk))
    return found


def _later(enquiry_ids: list[int]) -> list[EnquiryFacts]:
    """What continues the enquiries, however many links away."""
    found = facts_where(Q(follows__in=enquiry_ids, follows_how__in=CONTINUES))
    return found + (_later([one.id for one in found]) if found else [])


def _unanswered(head: EnquiryFacts) -> list[EnquiryFacts]:
    same = Q(for_whom__citizen__in=head.persons)
    for place in KEYED:
        same |= Q(**{f"{place}__in": head.repeat_keys})
    others = facts_where(same & Q(service__in={head.service, *head.also_named}) & ~Q(pk=head.id))
    return [other for other in others if unanswered_repeat(head, other)]
