"""Notes: written once, amended by new ones, never changed (offentlighedsloven §13)."""

from __future__ import annotations

import uuid

from django.utils.translation import gettext as _

from hovedindgang.contacts.actions.checking import check_text
from hovedindgang.contacts.actions.once import once
from hovedindgang.contacts.doors import open_contact, open_note
from hovedindgang.contacts.models import Contact, Note
from hovedindgang.contacts.rules import Refused, clean
from hovedindgang.kernel.actors import Actor, employee_actor
from hovedindgang.kernel.events import append_event
from hovedindgang.people.actions import without_cprs
from hovedindgang.people.models import Employee
from hovedindgang.servicemodel import text as analysis

CONTESTS = "Borgeren er ikke enig:"  # how it begins, since a note is read in lists and by other systems too


def note_row(
    *, contact: Contact, text: str, author_id: int | None, actor: Actor, amends: Note | None = None
) -> Note | None:
    """An unsaved note without CPR and with its search words; None where nothing was written."""
    said = without_cprs(actor=actor, text=clean(text)) if text.strip() else ""
    if not said:
        return None
    terms = " ".join(analysis.terms(said))
    return Note(contact=contact, text=said, terms=terms, amends=amends, author_id=author_id)


def add_note(*, employee: Employee, contact_id: int, text: str, key: uuid.UUID | None = None) -> Note:
    """Add to what was said in a contact. One event `note.added`.

    `key` is made with the form: two clicks make one note. Raises NoAccess, Refused, KeyReused.
    """
    return _write(employee, open_contact(employee, contact_id), text, amends=None, key=key)


def amend_note(*, employee: Employee, note_id: int, text: str, key: uuid.UUID | None = None) -> Note:
    """Say what was wrong in a note; the note itself stays. One event `note.amended`. Raises as `add_note`."""
    note = open_note(employee, note_id)
    return _write(employee, note.contact, text, amends=note, key=key)


def contest_note(*, employee: Employee, note_id: int, text: str, key: uuid.UUID | None = None) -> Note:
    """What the citizen says is wrong in a note, beside it from now on; the note itself stays. One `note.contested`.

    It is read wherever the note is read, as what amends it is. Raises as `add_note`.
    """
    note = open_note(employee, note_id)
    said = f"{CONTESTS} {text}" if clean(text) else ""
    return _write(employee, note.contact, said, amends=note, key=key, contests=True)


def _write(
    employee: Employee,
    contact: Contact,
    text: str,
    *,
    amends: Note | None,
    key: uuid.UUID | None,
    contests: bool = False,
) -> Note:
    errors = check_text("text", text)
    if not clean(text):
        errors["text"] = _("Skriv noten, før du gemmer.")
    if errors:
        raise Refused(errors)
    return once(
        key=key or uuid.uuid4(),
        actor=employee_actor(employee.pk),
        deed="amend_note" if amends else "add_note",
        content=f"{contact.pk} {amends.pk if amends else None} {text}",
        table=Note,
        do=lambda: _written(employee, contact, text, amends, contests=contests),
    )


def _written(employee: Employee, contact: Contact, text: str, amends: Note | None, *, contests: bool) -> Note:
    actor = employee_actor(employee.pk)
    note = note_row(contact=contact, text=text, author_id=employee.pk, actor=actor, amends=amends)
    assert note is not None
    note.contests = contests or None
    note.save(force_insert=True)
    append_event(
        verb="note.contested" if contests else "note.amended" if amends else "note.added",
        actor=actor,
        subject_kind="contact",
        subject_id=contact.pk,
        facts={"note": note.pk, "amends": amends.pk if amends else None},
    )
    return note
