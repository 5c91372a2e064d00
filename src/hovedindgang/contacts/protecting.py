"""Asked twice: what would be told of a protected citizen, and to whom, before it is written or passed on.

A warning and no bar: the employee may have good reason, and what she typed stands there still. She confirms by pressing
the same button again; what she changes meanwhile is asked about anew.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from hovedindgang.contacts.actions.new import NewContact
from hovedindgang.contacts.doors import open_contact
from hovedindgang.contacts.rules import ForwardKind, Refused
from hovedindgang.contacts.searching import persons_of_contacts
from hovedindgang.contacts.templatetags.contacts import named
from hovedindgang.kernel.actors import Actor, employee_actor
from hovedindgang.kernel.lookups import log_look_up
from hovedindgang.people.models import Citizen, Employee
from hovedindgang.people.protection import TOLD_WORDS, told_in
from hovedindgang.people.queries import protected_among

SHOWN = 200  # signs of a text that are said again


class AskTwice(Refused):
    """Nothing was written yet. Sent again with `token`, and unchanged, it is."""

    def __init__(self, errors: Mapping[str, str], token: str) -> None:
        super().__init__(errors)
        self.token = token


def ask_twice(
    *,
    actor: Actor,
    citizens: Collection[int],
    texts: Mapping[str, str],
    to: Mapping[str, str] | None = None,
    confirmed: str,
) -> None:
    """Raises AskTwice where a text (by field) tells of a protected citizen, or goes on to somebody (`to`, by field).

    `confirmed` is the token of the time before. One query, and none where there is nothing to ask about. To say that a
    text is right about her tells it to who guessed, so that it is logged as a look-up.
    """
    said = {field: text for field, text in texts.items() if text.strip()}
    if not citizens or not (said or to):
        return
    protected = protected_among(citizens)
    errors = {field: _is_told(text, protected) for field, text in said.items()}
    errors = {field: told for field, told in errors.items() if told}
    if errors:
        log_look_up(actor=actor, citizen_ids=[one.pk for one in protected], use="protected", reason="protected:text")
    if protected and to:
        errors |= {field: _goes_on(receiver, said.get(field, ""), errors.get(field)) for field, receiver in to.items()}
    token = salted_hmac("contacts.protecting", json.dumps([sorted(citizens), said, dict(to or {})])).hexdigest()[:32]
    if errors and confirmed != token:
        raise AskTwice(errors, token)


def _is_told(text: str, protected: Collection[Citizen]) -> str:
    found = list(dict.fromkeys(what for citizen in protected for what in told_in(text, citizen)))
    if not found:
        return ""
    words = ", ".join(str(TOLD_WORDS[what]) for what in found)
    return _("Her står en beskyttet borgers {what}. Ret teksten, eller tryk på knappen igen for at gemme den.").format(
        what=words
    )


def _goes_on(receiver: str, text: str, told: str | None) -> str:
    said = _("Borgeren har beskyttet navn og adresse. Dette går til {receiver}: »{text}«.").format(
        receiver=receiver, text=text[:SHOWN] or _("ærindet")
    )
    again = _("Er det nødvendigt? Ret det, eller tryk på knappen igen for at give det videre.")
    return f"{said} {told or again}"


def ask_about(contact: NewContact, *, actor: Actor, confirmed: str) -> None:
    """The same of everything in a new contact. Raises AskTwice."""
    citizens = {pk for one in contact.enquiries for pk in one.for_whom or ()} | ({contact.asker} - {None})
    texts, to = {"note": contact.note}, {}
    for place, one in enumerate(contact.enquiries):
        at = f"enquiries.{place}"
        if one.handover:
            texts[f"{at}.handover.summary"] = one.handover.summary
            texts[f"{at}.handover.agreed"] = one.handover.agreed
            to[f"{at}.handover.summary"] = named(one.handover.department, "departments")
        if one.signpost and one.signpost.how != ForwardKind.TOLD:
            to[f"{at}.signpost.authority"] = place_named(one.signpost.authority, one.signpost.department)
    ask_twice(actor=actor, citizens=[pk for pk in citizens if pk], texts=texts, to=to, confirmed=confirmed)


def place_named(authority: str | None, department: str | None) -> str:
    return named(authority, "authorities") if authority else named(department, "departments")


def ask_about_contact(
    employee: Employee,
    contact_id: int,
    *,
    texts: Mapping[str, str],
    to: Mapping[str, str] | None = None,
    confirmed: str,
) -> None:
    """The same of what is added to a contact that is there. Raises AskTwice, and NoAccess for who may not see it."""
    open_contact(employee, contact_id)
    if to or any(text.strip() for text in texts.values()):
        persons = persons_of_contacts([contact_id])
        ask_twice(actor=employee_actor(employee.pk), citizens=persons, texts=texts, to=to, confirmed=confirmed)
