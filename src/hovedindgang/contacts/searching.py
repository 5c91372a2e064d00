"""Free-text search in what was said, on both databases by the same Danish analysis of words."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.db import connection
from django.db.models import Q

from hovedindgang.contacts.doors import is_borgerservice, open_to
from hovedindgang.contacts.models import Contact, EnquiryPerson, Handover, Note
from hovedindgang.contacts.sensitivity import contacts_withholding
from hovedindgang.kernel.actors import employee_actor
from hovedindgang.kernel.lookups import log_look_up
from hovedindgang.people.models import Employee
from hovedindgang.people.pace import Asked, mind_pace
from hovedindgang.people.rules import NoAccess
from hovedindgang.servicemodel.text import query_terms

FOUND = 50  # the newest so many
NEWEST = 10_000  # notes that are read backwards before the index is asked
# Terms hold a-z and 0-9 only, so that they need no escaping in either language of matching.
# Two words that never stand together mislead PostgreSQL's planner: it expects some of each and reads a million notes
# backwards for nothing. So common words are found among the newest notes, and rare ones by the index.
_POSTGRES_NEWEST = """
SELECT id FROM (SELECT id, terms_index FROM contacts_note ORDER BY id DESC LIMIT %s) AS newest
WHERE terms_index @@ to_tsquery('simple', %s) LIMIT %s
"""
_POSTGRES = """
WITH found AS MATERIALIZED (SELECT id FROM contacts_note WHERE terms_index @@ to_tsquery('simple', %s))
SELECT id FROM found ORDER BY id DESC LIMIT %s
"""
_SQLITE = """
SELECT rowid FROM contacts_noteterms WHERE contacts_noteterms MATCH %s ORDER BY rowid DESC LIMIT %s
"""


def search_notes(employee: Employee, typed: str) -> list[Note]:
    """The newest notes in which every word typed is found, whole or as part of a compound; none for no word.

    They come with author, contact and its enquiries' services. *pas* finds *pasfornyelse*. Whose they are is logged.
    Raises NoAccess for whoever is not in Borgerservice: a department reads what was handed to it, and searches nothing.
    """
    if not is_borgerservice(employee):
        raise NoAccess
    mind_pace(Asked.LOOK_UP, employee.pk)
    wanted = query_terms(typed[:200])
    if not wanted:
        return []
    # What she may not read takes no place from what she may, so that a list that is shorter tells nothing.
    for most in (FOUND, 10 * FOUND, 100 * FOUND):
        numbers = _found(wanted, most)
        notes = _readable(employee, numbers)[:FOUND]
        if len(notes) == FOUND or len(numbers) < most:
            break
    log_look_up(
        actor=employee_actor(employee.pk),
        citizen_ids=persons_of_contacts({note.contact_id for note in notes}),
        use="search",
        reason="notes",
    )
    return notes


def _readable(employee: Employee, numbers: list[int]) -> list[Note]:
    notes = _with_contacts(employee, numbers)
    # Not even that there was a hit: a word found would tell what the matter was about.
    closed = contacts_withholding(employee, {note.contact_id for note in notes})
    return [note for note in notes if note.contact_id not in closed]


def _found(terms: list[str], most: int) -> list[int]:
    """Row numbers of the newest notes with all the terms, newest first."""
    if connection.vendor != "postgresql":
        return _rows(_SQLITE, [" ".join(f'"{term}"' for term in terms), most])
    match = " & ".join(terms)
    newest = _rows(_POSTGRES_NEWEST, [NEWEST, match, most])
    return newest if len(newest) == most else _rows(_POSTGRES, [match, most])


def _rows(statement: str, parameters: list[str | int]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [row[0] for row in cursor.fetchall()]


def _with_contacts(employee: Employee, note_ids: list[int]) -> list[Note]:
    seen = open_to(employee, contact="contact")
    rows = Note.objects.filter(seen, pk__in=note_ids, contact__mistake__isnull=True).select_related(
        "author", "contact__centre"
    )
    return list(rows.prefetch_related("contact__enquiries__service").order_by("-pk"))


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
