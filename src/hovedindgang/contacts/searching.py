"""Free-text search in what was said, on both databases by the same Danish analysis of words."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Q

from hovedindgang.contacts.doors import closed_among, is_borgerservice
from hovedindgang.contacts.models import Contact, Enquiry, EnquiryPerson, Handover, Note
from hovedindgang.contacts.sensitivity import occasions, occasions_withholding
from hovedindgang.kernel.actors import employee_actor
from hovedindgang.kernel.lookups import log_look_up
from hovedindgang.people.models import Employee
from hovedindgang.people.pace import Asked, mind_pace
from hovedindgang.people.rules import NoAccess
from hovedindgang.servicemodel.text import query_terms

FOUND = 50  # the newest so many
AT_A_TIME = FOUND + FOUND // 5  # some of what is found is kept more closely than she may read
MOST_LOOKED_AT = 100 * FOUND
WINDOW = 10_000  # notes looked through, newest first: 8 ms
MOST_IN_A_WINDOW = 12_000  # to look through more takes longer than to ask the index for a word that is so rare
# Terms hold a-z and 0-9 only, so that they need no escaping in either language of matching.
# Two words that never stand together mislead PostgreSQL's planner: it expects some of each and reads a million notes
# backwards for nothing. So common words are found among the newest notes, and rare ones by the index.
_NEWEST = """
SELECT id FROM (SELECT id, terms_index FROM contacts_note WHERE id < %s ORDER BY id DESC LIMIT %s) AS newest
WHERE terms_index @@ to_tsquery('simple', %s) LIMIT %s
"""
_INDEXED = """
WITH found AS MATERIALIZED (SELECT id FROM contacts_note WHERE terms_index @@ to_tsquery('simple', %s) AND id < %s)
SELECT id FROM found ORDER BY id DESC LIMIT %s
"""
_PAST_ALL = 2**63 - 1  # a row number above all
_SQLITE = """
SELECT rowid FROM contacts_noteterms WHERE contacts_noteterms MATCH %s AND rowid < %s ORDER BY rowid DESC LIMIT %s
"""


@dataclass(slots=True, kw_only=True)
class FoundNote:
    """What a page shows of a note: to make the note's own objects of it takes longer than to find it."""

    text: str
    author: str | None  # name
    contact_id: int
    started_at: dt.datetime
    centre: str | None  # key
    root: int  # the contact that its own is merged into, or its own
    services: list[str] = field(default_factory=list)  # keys, of the contact's matters in their order


def search_notes(employee: Employee, typed: str) -> list[FoundNote]:
    """The newest notes in which every word typed is found, whole or as part of a compound; none for no word.

    *pas* finds *pasfornyelse*. Whose they are is logged.

    Raises NoAccess for whoever is not in Borgerservice: a department reads what was handed to it, and searches nothing.
    """
    if not is_borgerservice(employee):
        raise NoAccess
    mind_pace(Asked.LOOK_UP, employee.pk)
    wanted = query_terms(typed[:200])
    if not wanted:
        return []
    notes: list[FoundNote] = []
    about: dict[int, set[int]] = {}
    looked_at = 0
    # What she may not read takes no place from what she may, so that a list that is shorter tells nothing.
    for numbers in _found(wanted):
        some, persons = _readable(employee, numbers)
        notes += some
        about |= persons
        looked_at += len(numbers)
        if len(notes) >= FOUND or looked_at >= MOST_LOOKED_AT:
            break
    notes = notes[:FOUND]
    _add_services(notes)
    log_look_up(
        actor=employee_actor(employee.pk),
        citizen_ids=sorted({person for note in notes for person in about[note.contact_id]}),
        use="search",
        reason="notes",
    )
    return notes


# As `FoundNote` has them.
_SHOWN = ("text", "author__name", "contact_id", "contact__started_at", "contact__centre", "contact__merged_into")


def _readable(employee: Employee, numbers: list[int]) -> tuple[list[FoundNote], dict[int, set[int]]]:
    """Those of these notes that she may read, newest first, and whom each of their contacts is about.

    By short statements in turn: to write one that holds every rule takes longer than to answer it.
    """
    seen = Note.objects.filter(pk__in=numbers, contact__mistake__isnull=True)
    notes = [
        FoundNote(text=text, author=author, contact_id=contact, started_at=at, centre=centre, root=into or contact)
        for text, author, contact, at, centre, into in seen.order_by("-pk").values_list(*_SHOWN)
    ]
    found = {note.contact_id: note.root for note in notes}
    rows = list(occasions(found.values()).values_list("pk", "merged_into", "asker"))
    root_of = {number: into or number for number, into, _asker in rows}
    about = _persons({number: asker for number, _into, asker in rows})
    with_merged = {number: set(about[number]) for number in found.keys() & about.keys()}
    for number, root in root_of.items():
        if root in with_merged:
            with_merged[root] |= about[number]
    # Not even that there was a hit: a word found would tell what the matter was about.
    withholding = occasions_withholding(employee, root_of)
    closed = closed_among(employee, with_merged)
    # One that was forgotten between two of the statements is shown no more.
    seen_still = {number for number in with_merged if number not in closed and root_of[number] not in withholding}
    return [note for note in notes if note.contact_id in seen_still], about


def _add_services(notes: list[FoundNote]) -> None:
    services: defaultdict[int, list[str]] = defaultdict(list)
    matters = Enquiry.objects.filter(contact__in={note.contact_id for note in notes}).order_by("position")
    for contact, service in matters.values_list("contact_id", "service_id"):
        services[contact].append(service)
    for note in notes:
        note.services = services[note.contact_id]


def _persons(asker_of: Mapping[int, int | None]) -> dict[int, set[int]]:
    """Contact → who asked in it and for whom."""
    about = {number: set() if asker is None else {asker} for number, asker in asker_of.items()}
    named = EnquiryPerson.objects.filter(enquiry__contact__in=list(about))
    for number, citizen in named.values_list("enquiry__contact_id", "citizen_id"):
        about[number].add(citizen)
    return about


def _found(terms: list[str]) -> Iterator[list[int]]:
    """Row numbers of the notes with all the terms, newest first, so many at a time as one page is likely to need."""
    if connection.vendor == "postgresql":
        return _newest_then_indexed(" & ".join(terms))
    return _in_turn(_SQLITE, " ".join(f'"{term}"' for term in terms), _PAST_ALL, AT_A_TIME)


def _newest_then_indexed(match: str) -> Iterator[list[int]]:
    few: list[int] = []  # less than a page: what she may read is found out for all at once
    below, window = _PAST_ALL, WINDOW
    while window:
        numbers = _rows(_NEWEST, [below, window, match, AT_A_TIME - len(few)])
        few += numbers
        below = numbers[-1] if numbers else below
        if len(few) >= FOUND:
            yield few
            few, window = [], WINDOW
        else:
            window = _window_for(AT_A_TIME - len(few), window, len(numbers))
    for numbers in _in_turn(_INDEXED, match, below, AT_A_TIME - len(few)):
        yield few + numbers
        few = []
    if few:
        yield few


def _window_for(wanted: int, window: int, found: int) -> int:
    """How many notes to look through for `wanted` more where `window` held `found`; 0 where that is too many.

    Half as many again as is likely to do.
    """
    likely = window * wanted * 3 // (2 * found) if found else MOST_IN_A_WINDOW + 1
    return likely if likely <= MOST_IN_A_WINDOW else 0


def _in_turn(statement: str, match: str, below: int, first: int) -> Iterator[list[int]]:
    """`first` so many, a page at a time after that."""
    at_most = first
    while numbers := _rows(statement, [match, below, at_most]):
        yield numbers
        if len(numbers) < at_most:
            return
        below, at_most = numbers[-1], AT_A_TIME


def _rows(statement: str, parameters: list[str | int]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [row[0] for row in cursor.fetchall()]


def persons_of_contacts(contact_ids: Iterable[int]) -> list[int]:
    """Row numbers of who asked and for whom, each once."""
    numbers = list(contact_ids)
    askers = Contact.objects.filter(pk__in=numbers, asker__isnull=False).values_list("asker_id")
    named = EnquiryPerson.objects.filter(enquiry__contact__in=numbers).values_list("citizen_id")
    return sorted(row[0] for row in askers.union(named))


def citizens_mentioned(citizen_ids: Iterable[int]) -> set[int]:
    """Those whom some note or handover names as "[borger 4711]": without her row it would not be understood."""
    asked = set(citizen_ids)
    if not asked:
        return set()
    if connection.vendor == "postgresql":
        words = " | ".join(str(number) for number in asked)
        sql, match = "SELECT text FROM contacts_note WHERE terms_index @@ to_tsquery('simple', %s)", words
    else:
        match = " OR ".join(f'"{number}"' for number in asked)
        sql = (
            "SELECT text FROM contacts_note WHERE id IN"
            " (SELECT rowid FROM contacts_noteterms WHERE contacts_noteterms MATCH %s)"
        )
    with connection.cursor() as cursor:
        cursor.execute(sql, [match])
        texts = [row[0] for row in cursor.fetchall()]
    marked = (
        Q(summary__contains=_MARK) | Q(agreed__contains=_MARK) | Q(reason__contains=_MARK) | Q(answer__contains=_MARK)
    )
    for row in Handover.objects.filter(marked).values_list("summary", "agreed", "reason", "answer"):
        texts += row
    return asked & {int(number) for text in texts for number in _MENTIONED.findall(text)}


_MARK = "[borger "
_MENTIONED = re.compile(r"\[borger (\d{1,18})\]")
