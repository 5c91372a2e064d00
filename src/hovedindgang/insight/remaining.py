"""What figures must keep of matters before the persons they were for are forgotten: whether somebody was known, and the
first day she came again. With it, a day that is counted anew gives what was kept (`verdicts`, `rules`)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from django.db.models import Q

from hovedindgang.contacts.actions import Remains
from hovedindgang.insight.facts import KEYED, facts_where
from hovedindgang.insight.rules import EnquiryFacts, unanswered_repeat

AT_ONCE = 200  # persons or numbers of one question: SQLite takes no endless number of parameters


def what_remains(contact_ids: Collection[int]) -> dict[int, Remains]:
    """By enquiry: of all that were raised in these contacts, and of earlier ones of others that they answer for."""
    going = {one.id: one for part in _parts(contact_ids) for one in facts_where(Q(contact__in=part))}
    alike = _alike(going.values())
    again: dict[int, dt.date] = {}
    for one in going.values():
        for other in {each.id: each for mark in _marks(one, _names(one)) for each in alike[mark]}.values():
            for first, later in ((one, other), (other, one)):
                if unanswered_repeat(first, later):
                    again[first.id] = min(again.get(first.id, later.received_on), later.received_on)
    found = {number: Remains(one.known, again.get(number)) for number, one in going.items()}
    return found | {number: Remains(False, day) for number, day in again.items() if number not in going}


Mark = tuple[str, int | bytes]  # a service, and a person or a number she is known by


def _names(one: EnquiryFacts) -> set[str]:
    return {one.service, *one.also_named}


def _marks(one: EnquiryFacts, services: Collection[str]) -> list[Mark]:
    marks: list[int | bytes] = [*one.persons, *one.repeat_keys]
    return [(service, mark) for service in services for mark in marks]


def _alike(going: Iterable[EnquiryFacts]) -> dict[Mark, list[EnquiryFacts]]:
    """By service and mark, every matter by or for the same persons, or from the same number, also under other names."""
    going = list(going)
    persons = sorted({person for one in going for person in one.persons})
    keys = sorted({key for one in going for key in one.repeat_keys})
    services = {name for one in going for name in _names(one)}
    found: dict[int, EnquiryFacts] = {}
    for part in _parts(persons):
        found |= _by_number(Q(for_whom__citizen__in=part, service__in=services))
    for part in _parts(keys):
        for place in KEYED:
            found |= _by_number(Q(**{f"{place}__in": part}, service__in=services))
    by_mark: dict[Mark, list[EnquiryFacts]] = defaultdict(list)
    for one in found.values():
        for mark in _marks(one, [one.service]):
            by_mark[mark].append(one)
    return by_mark


def _by_number(condition: Q) -> dict[int, EnquiryFacts]:
    return {one.id: one for one in facts_where(condition)}


def _parts(rows: Collection[object]) -> Iterator[list[object]]:
    listed = list(rows)
    for first in range(0, len(listed), AT_ONCE):
        yield listed[first : first + AT_ONCE]
