"""Read what the rules ask about: contacts in groups that go together, with what is unfinished and what holds them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from hovedindgang.contacts.models import (
    Contact,
    Enquiry,
    EnquiryPerson,
    ForgottenContact,
    Handover,
    Journalised,
    Note,
)
from hovedindgang.contacts.rules import OPEN_HANDOVER, UNDER_WAY, HandoverState, Outcome
from hovedindgang.kernel import clock
from hovedindgang.people.rectifying import restricted_among
from hovedindgang.policy.queries import in_force, rights
from hovedindgang.privacy.models import Hold
from hovedindgang.privacy.rules import (
    FIGURES_SETTLE_DAYS,
    UNANSWERED,
    Kept,
    MatterFacts,
    Period,
    Verdict,
    groups,
    judge,
)
from hovedindgang.surveys.queries import feedback_citizens, feedback_on, open_on_contacts

AT_ONCE = 300  # numbers in one question: SQLite takes no endless number of parameters
Place = tuple[dt.date, int]  # a contact in the order they are gone through
Item = TypeVar("Item")


@dataclass(slots=True)
class Group:
    """Contacts that are forgotten together, smallest number first, and everybody they name."""

    contacts: list[int]
    persons: set[int] = field(default_factory=set)
    matters: list[MatterFacts] = field(default_factory=list)
    held: set[Kept] = field(default_factory=set)

    @property
    def head(self) -> int:
        return self.contacts[0]


def periods(today: dt.date) -> dict[str, Period]:
    """How long each service's matters are kept, by the model in force. Raises NoPolicyInForce."""
    return {
        key: Period(service.retention.days.value, service.retention.ground, service.retention.archive)
        for key, service in in_force(today).model.services.items()
        if service.retention
    }


def candidates(*, said: Mapping[str, Period], today: dt.date, after: Place | None, limit: int) -> list[Place]:
    """Contacts not forgotten yet that may be due today, in order after `after`: every one of their services was kept
    its time since they came, so that what has years left is not looked at each night."""
    rows = _perhaps_due(said, today).filter(~Exists(ForgottenContact.objects.filter(contact=OuterRef("pk"))))
    if after is not None:
        later = Q(received_on__gt=after[0]) | Q(received_on=after[0], pk__gt=after[1])
        rows = rows.filter(later, received_on__gte=after[0])
    return list(rows.order_by("received_on", "pk").values_list("received_on", "pk")[:limit])


def _perhaps_due(said: Mapping[str, Period], today: dt.date) -> QuerySet[Contact]:
    rows = Contact.every.filter(received_on__lte=today - dt.timedelta(days=FIGURES_SETTLE_DAYS))
    for days in sorted({period.days for period in said.values()}):
        services = [key for key, period in said.items() if period.days == days]
        not_yet = Enquiry.every.filter(service__in=services, received_on__gt=today - dt.timedelta(days=days))
        rows = rows.filter(~Exists(not_yet.filter(contact=OuterRef("pk"))))
    return rows


def together(places: Collection[Place], said: Mapping[str, Period], today: dt.date) -> list[tuple[list[int], Place]]:
    """Groups of contacts that go together, and the place at which each is met first."""
    numbers, links = _whole([number for _day, number in places])
    found = []
    first = {number: (day, number) for day, number in places}
    for part in parts(numbers - set(first)):
        others = _perhaps_due(said, today).filter(pk__in=part)
        first |= {number: (day, number) for day, number in others.values_list("received_on", "pk")}
    for members in groups(numbers, links):
        found.append((members, min(first[number] for number in members if number in first)))
    return found


def gather(contact_ids: Collection[int], today: dt.date, *, answering: Collection[int] = ()) -> list[Group]:
    """These contacts and all that goes with them, in groups. `answering`: enquiries that are about to end."""
    numbers, links = _whole(contact_ids)
    found = [Group(members) for members in groups(numbers, links)]
    of = {number: group for group in found for number in group.contacts}
    last_on = _last_days(numbers)
    unfinished = {pk: why for pk, why in _unfinished(numbers).items() if pk not in answering}
    for part in parts(numbers):
        for pk, contact, service in Enquiry.every.filter(contact__in=part).values_list("pk", "contact", "service"):
            of[contact].matters.append(MatterFacts(service, last_on[contact], frozenset(unfinished.get(pk, ()))))
        for number, asker in Contact.every.filter(pk__in=part, asker__isnull=False).values_list("pk", "asker"):
            of[number].persons.add(asker or 0)
        named = EnquiryPerson.objects.filter(enquiry__contact__in=part).values_list("enquiry__contact", "citizen")
        for number, citizen in named:
            of[number].persons.add(citizen)
    _hold(found, of, today, answering)
    return found


def judged(found: Iterable[Group], said: Mapping[str, Period], today: dt.date) -> Iterator[tuple[Group, Verdict]]:
    for group in found:
        if group.matters:
            yield group, judge(group.matters, said, held=group.held, today=today)


def _whole(contact_ids: Collection[int]) -> tuple[set[int], list[tuple[int, int]]]:
    """All contacts that are merged or linked with these, however far, and the pairs that say so."""
    found: set[int] = set()
    links: set[tuple[int, int]] = set()
    fresh = set(contact_ids)
    while fresh:
        found |= fresh
        pairs: set[tuple[int, int]] = set()
        for part in parts(fresh):
            merged = Contact.every.filter(Q(pk__in=part) | Q(merged_into__in=part), merged_into__isnull=False)
            pairs |= {(one, into or one) for one, into in merged.values_list("pk", "merged_into")}
            linked = Enquiry.every.filter(follows__isnull=False)
            for where in ({"contact__in": part}, {"follows__contact__in": part}):
                pairs |= set(linked.filter(**where).values_list("contact", "follows__contact"))
        links |= pairs
        fresh = {number for pair in pairs for number in pair} - found
    gone = {
        number
        for part in parts(found)
        for number in ForgottenContact.objects.filter(contact__in=part).values_list("contact_id", flat=True)
    }
    return found - gone, [pair for pair in links if not gone & set(pair)]


def _last_days(numbers: Collection[int]) -> dict[int, dt.date]:
    """The last day anything happened in each contact."""
    last: dict[int, dt.date] = {}

    def tell(number: int, *instants: dt.datetime | None) -> None:
        days = [clock.local_day(at) for at in instants if at]
        last[number] = max([last[number], *days])

    for part in parts(numbers):
        last |= dict(Contact.every.filter(pk__in=part).values_list("pk", "received_on"))
        for number, at in Enquiry.every.filter(contact__in=part).values_list("contact", "outcome_at"):
            tell(number, at)
        handed = Handover.every.filter(enquiry__contact__in=part)
        for number, *instants in handed.values_list("enquiry__contact", "sent_at", "closed_at", "told_at"):
            tell(number, *instants)
        for number, at in Note.objects.filter(contact__in=part).values_list("contact").annotate(Max("written_at")):
            tell(number, at)
    return last


def _unfinished(numbers: Collection[int]) -> dict[int, set[Kept]]:
    found: dict[int, set[Kept]] = defaultdict(set)
    for part in parts(numbers):
        for pk in Enquiry.objects.filter(contact__in=part, outcome=Outcome.OPEN).values_list("pk", flat=True):
            found[pk].add(Kept.OPEN)
        handed = Handover.objects.filter(enquiry__contact__in=part)
        for pk in handed.filter(state__in=OPEN_HANDOVER).values_list("enquiry", flat=True):
            found[pk].add(Kept.HANDOVER)
        untold = handed.filter(state=HandoverState.ANSWERED, told_at__isnull=True)
        for pk in untold.values_list("enquiry", flat=True):
            found[pk].add(Kept.UNTOLD)
        going = Journalised.objects.filter(enquiry__in=Enquiry.objects.filter(contact__in=part), state__in=UNDER_WAY)
        for pk in going.values_list("enquiry", flat=True):
            found[pk].add(Kept.JOURNAL)
    return found


def _hold(found: Iterable[Group], of: Mapping[int, Group], today: dt.date, answering: Collection[int]) -> None:
    standing = Hold.objects.filter(lifted_at__isnull=True, until__gte=today)
    for part in parts(of):
        for number in standing.filter(contact__in=part).values_list("contact_id", flat=True):
            of[number or 0].held.add(Kept.HOLD)
        for number in open_on_contacts(part):
            of[number].held.add(Kept.COMPLAINT)
    held = persons_held({person for group in found for person in group.persons}, today, answering=answering)
    for group in found:
        for person in group.persons & set(held):
            group.held.add(held[person])


def persons_held(citizen_ids: Collection[int], today: dt.date, *, answering: Collection[int] = ()) -> dict[int, Kept]:
    """Those of whom nothing may go now: a hold stands on her, or she waits for an answer about what we hold.

    `answering`: enquiries that are answered by what is being done.
    """
    held: dict[int, Kept] = {}
    asked = EnquiryPerson.objects.filter(enquiry__service__in=list(rights()), enquiry__outcome__in=UNANSWERED)
    for part in parts(citizen_ids):
        held |= dict.fromkeys(restricted_among(part), Kept.RESTRICTED)
        waiting = asked.filter(citizen__in=part).exclude(enquiry__in=list(answering))
        held |= dict.fromkeys(waiting.values_list("citizen_id", flat=True), Kept.REQUEST)
        standing = Hold.objects.filter(lifted_at__isnull=True, until__gte=today, citizen__in=part)
        held |= {number or 0: Kept.HOLD for number in standing.values_list("citizen_id", flat=True)}
    return held


def held_feedback(today: dt.date) -> list[int]:
    """Complaints and praise of a citizen, or from a contact, on which a hold stands; and of who waits for an answer."""
    standing = Hold.objects.filter(lifted_at__isnull=True, until__gte=today)
    by_contact = feedback_on(contacts=standing.exclude(contact=None).values("contact_id"))
    persons = feedback_citizens()
    return [*by_contact, *feedback_on(citizens=list(persons_held(persons, today)))]


def parts(rows: Iterable[Item]) -> Iterator[list[Item]]:
    listed = list(rows)
    for first in range(0, len(listed), AT_ONCE):
        yield listed[first : first + AT_ONCE]
