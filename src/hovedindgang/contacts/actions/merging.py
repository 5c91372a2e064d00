"""One occasion that was registered twice: the contacts become one, and can be parted again."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from hovedindgang.contacts.actions.restricting import left_where_it_stands
from hovedindgang.contacts.doors import open_contact
from hovedindgang.contacts.models import Contact, Enquiry, EnquiryPerson, shown_under
from hovedindgang.contacts.rules import FollowsHow, Refused
from hovedindgang.kernel.actors import employee_actor
from hovedindgang.kernel.events import append_event
from hovedindgang.people.models import Employee
from hovedindgang.people.rectifying import restricted_among


@transaction.atomic
def merge_contacts(*, employee: Employee, contact_id: int, into_id: int) -> Contact:
    """`contact_id` is the same occasion as `into_id` and is counted and shown under it. One event `contact.merged`.

    Nothing is moved, so that they can be parted. Contacts of two persons are two occasions. Raises NoAccess, Refused.
    """
    # Always the older first, so that two who merge crosswise wait for each other in line.
    locked = {number: open_contact(employee, number, lock=True) for number in sorted({contact_id, into_id})}
    contact, into = locked[contact_id], locked[into_id]
    refusal = _refusal(contact, into)
    if refusal:
        raise Refused({"into": refusal})
    contact.merged_into = into
    _save(contact)
    _say("contact.merged", contact, employee, into=into.pk)
    return contact


def _refusal(contact: Contact, into: Contact) -> str:
    if contact.pk == into.pk:
        return _("Det er den samme henvendelse. Vælg en anden.")
    if contact.merged_into_id is not None:
        return _("Henvendelsen er allerede samlet med en anden. Skil dem først.")
    if into.merged_into_id is not None:
        return _("Den valgte er selv samlet med nr. %(number)s. Vælg den i stedet.") % {"number": into.merged_into_id}
    if contact.merged.exists():
        return _("Andre er samlet med denne. Skil dem først, eller saml den anden vej.")
    for field, what in _same_in_both().items():
        if getattr(contact, field) != getattr(into, field):
            return _("De to er ikke den samme henvendelse: %(what)s er ikke den samme.") % {"what": what}
    if contact.asker_id and into.asker_id:
        strangers = contact.asker_id != into.asker_id
    else:
        first, second = _persons(contact), _persons(into)
        strangers = bool(first and second) and first.isdisjoint(second)
    if strangers:
        return _("De to henvendelser er fra hver sin person og kan ikke samles.")
    linked = _linked(contact, into)
    if linked is not None:
        said = _(
            "Et ærinde i henvendelse %(number)s følger et i den anden, som var hun kommet igen. Er det den samme "
            "henvendelse, så sig dér, at ærindet står for sig selv, og prøv igen."
        )
        return said % {"number": linked}
    return left_where_it_stands() if restricted_among(_persons(contact) | _persons(into)) else ""


def _linked(contact: Contact, into: Contact) -> int | None:
    """The contact of the two that says it continues the other: on one occasion nobody comes again."""
    there = Q(contact=into) | Q(contact__merged_into=into)
    links = Enquiry.objects.filter(follows__isnull=False).exclude(follows_how=FollowsHow.NEW_MATTER)
    forth = links.filter(there, follows__contact=contact)
    back = links.filter(contact=contact, follows__in=Enquiry.objects.filter(there))
    return (forth | back).values_list("contact_id", flat=True).order_by("id").first()


def _same_in_both() -> dict[str, str]:
    """What one occasion has only one of. Merged matters are counted under the other's."""
    return {
        "received_on": _("dagen"),
        "direction": _("retningen"),
        "channel": _("henvendelsesmåden"),
        "who_asks": _("den slags, der spurgte,"),
        "department_id": _("den afdeling, der blev spurgt,"),
    }


def _persons(contact: Contact) -> set[int]:
    named = set(EnquiryPerson.objects.filter(enquiry__contact=contact).values_list("citizen_id", flat=True))
    return named | ({contact.asker_id} if contact.asker_id else set())


@transaction.atomic
def part_contacts(*, employee: Employee, contact_id: int) -> Contact:
    """A merged contact stands alone again. One event `contact.parted`. Raises NoAccess, Refused."""
    contact = open_contact(employee, contact_id, lock=True)
    if contact.merged_into_id is None:
        raise Refused({"": _("Henvendelsen er ikke samlet med en anden.")})
    was = contact.merged_into_id
    contact.merged_into = None
    _save(contact)
    _say("contact.parted", contact, employee, was=was)
    return contact


def _save(contact: Contact) -> None:
    """The contact and where the history of those its matters are for shows it."""
    contact.save(update_fields=["merged_into"])
    EnquiryPerson.objects.filter(enquiry__contact=contact).update(**shown_under(contact))


def _say(verb: str, contact: Contact, employee: Employee, **facts: int) -> None:
    append_event(
        verb=verb, actor=employee_actor(employee.pk), subject_kind="contact", subject_id=contact.pk, facts=facts
    )
