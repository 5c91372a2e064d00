"""However contacts were registered, merged and parted: a history shows what it must, page after page, as a plain
reading of the tables says. Both databases read it in their own way; what other systems are sent is the same."""

from __future__ import annotations

import datetime as dt
import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hovedindgang.contacts.actions import NewEnquiry, add_for_whom, make_histories, merge_contacts, part_contacts
from hovedindgang.contacts.history import HistoryEntry, history_as_json, read_history
from hovedindgang.contacts.models import Contact
from hovedindgang.contacts.rules import Refused
from hovedindgang.contacts.tests.desk import register
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.models import LookUp
from hovedindgang.people.models import Citizen

PEOPLE = 3
contacts = st.fixed_dictionaries(
    {
        "asker": st.sampled_from([None, *range(PEOPLE)]),
        "for_whom": st.lists(st.lists(st.integers(0, PEOPLE - 1), max_size=2), min_size=1, max_size=3),
        "hours_ago": st.integers(0, 3),  # so that some began at the same instant
        "note": st.booleans(),
    }
)
later = st.one_of(
    st.tuples(st.just("merge"), st.integers(0, 7), st.integers(0, 7)),
    st.tuples(st.just("part"), st.integers(0, 7), st.just(0)),
    st.tuples(st.just("name"), st.integers(0, 7), st.integers(0, PEOPLE - 1)),
    st.tuples(st.just("keep"), st.just(0), st.just(0)),  # the worker has its turn
)


def do(deed: tuple[str, int, int], made: list[int], people: list[Citizen], cast: SimpleNamespace) -> None:
    what, first, second = deed
    contact = made[first % len(made)]
    try:
        if what == "merge":
            merge_contacts(employee=cast.alice, contact_id=contact, into_id=made[second % len(made)])
        elif what == "part":
            part_contacts(employee=cast.alice, contact_id=contact)
        elif what == "keep":
            make_histories()
        else:
            enquiry = Contact.objects.get(pk=contact).enquiries.order_by("pk")[0]
            add_for_whom(employee=cast.alice, enquiry_id=enquiry.pk, citizen_id=people[second].pk)
    except Refused:
        pass  # not every two can be merged


def plainly(citizen: Citizen) -> list[tuple[Any, ...]]:
    """Her history read row by row, without an index or a statement of its own."""
    found = []
    for root in Contact.objects.filter(merged_into=None).order_by("-started_at", "-id"):
        family = [root, *root.merged.order_by("id")]
        matters = sorted((m for one in family for m in one.enquiries.all()), key=lambda m: m.pk)
        named = {m.pk: sorted(p.citizen_id for p in m.for_whom.all()) for m in matters}
        asked = any(one.asker_id == citizen.pk for one in family)
        hers = [m.pk for m in matters if asked or citizen.pk in named[m.pk]]
        if asked or hers:
            about_others = len(hers) < len(matters)
            notes = [] if about_others else sorted(n.pk for one in family for n in one.notes.all())
            merged = [one.pk for one in family[1:]]
            found.append((root.pk, root.started_at, hers, [named[pk] for pk in hers], notes, merged, about_others))
    return found


def shown(entry: HistoryEntry) -> tuple[Any, ...]:
    return (
        entry.contact_id,
        entry.started_at,
        [matter.id for matter in entry.enquiries],
        [list(matter.for_whom) for matter in entry.enquiries],
        [note.id for note in entry.notes],
        list(entry.merged),
        entry.about_others,
    )


def paged(citizen: Citizen, size: int) -> list[HistoryEntry]:
    found: list[HistoryEntry] = []
    while page := read_history(citizen.pk, limit=size, before=found[-1].cursor if found else None):
        assert len(page) <= size
        found += page
    return found


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    registered=st.lists(contacts, min_size=1, max_size=7),
    deeds=st.lists(later, max_size=8),
    size=st.integers(1, 4) | st.just(20),  # twenty: what PostgreSQL keeps
)
def test_every_page_of_a_history_is_what_the_tables_say(
    cast: SimpleNamespace, clock: Any, registered: list[dict[str, Any]], deeds: list[tuple[str, int, int]], size: int
) -> None:
    with transaction.atomic():
        people = [Citizen.objects.create() for _ in range(PEOPLE)]
        now = dt.datetime(2026, 3, 11, 9, 0, tzinfo=dt.UTC)
        made = [
            register(
                cast.alice,
                *(
                    NewEnquiry(service="pas", for_whom=tuple(people[place].pk for place in named))
                    for named in said["for_whom"]
                ),
                asker=None if said["asker"] is None else people[said["asker"]].pk,
                started_at=now - dt.timedelta(hours=said["hours_ago"]),
                note="Fortalt" if said["note"] else "",
            ).contact_id
            for said in registered
        ]
        for deed in deeds:
            do(deed, made, people, cast)
        for _made in range(2):
            for citizen in people:
                expected = plainly(citizen)
                assert [shown(entry) for entry in paged(citizen, size)] == expected
                assert sent_page_by_page(citizen, size) == [row[0] for row in expected]
            make_histories()
        transaction.set_rollback(True)


def sent_page_by_page(citizen: Citizen, size: int) -> list[int]:
    """What another system is sent, following the cursor; the numbers of the contacts."""
    numbers, before = [], None
    while True:
        looked = LookUp.objects.count()
        entries, before = history_as_json(
            actor=SYSTEM, citizen_id=citizen.pk, limit=size, before=before, use="api", reason="sag 1"
        )
        assert LookUp.objects.count() == looked + 1
        page = json.loads(entries)
        numbers += [entry["contact_id"] for entry in page]
        assert [entry["started_at"][-6:] for entry in page] == ["+00:00"] * len(page)
        if before is None:
            return numbers
        assert len(page) == size


@pytest.mark.django_db
def test_other_systems_are_sent_words_numbers_and_truths_alike_from_both_databases(
    cast: SimpleNamespace, clock: Any
) -> None:
    anna = Citizen.objects.create()
    number = register(cast.alice, NewEnquiry(service="pas"), asker=anna.pk, note="Fik 'pas' \\ æøå").contact_id
    entries, following = history_as_json(
        actor=SYSTEM, citizen_id=anna.pk, limit=5, before=None, use="api", reason="sag 1"
    )
    assert following is None
    (entry,) = json.loads(entries)
    (matter,), (note,) = entry.pop("enquiries"), entry.pop("notes")
    assert entry == {
        "contact_id": number,
        "started_at": "2026-03-11T09:00:00+00:00",
        "ended_at": "2026-03-11T09:00:00+00:00",
        "times_true": True,
        "direction": "in",
        "who_asks": "citizen",
        "channel": "in_person",
        "medium": None,
        "centre": "aabybro",
        "department": None,
        "language": "da",
        "late": False,
        "asker": anna.pk,
        "identity": None,
        "employee": "Alice",
        "merged": [],
        "about_others": False,
        "withheld": False,
    }
    assert (matter["on_the_spot"], matter["for_whom"], matter["handovers"]) == (True, [anna.pk], [])
    assert (note["text"], note["author"], note["amends"]) == ("Fik 'pas' \\ æøå", "Alice", None)
