"""Complaints and praise beside a contact and beside a citizen's history: that they are there, and no word of them."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hovedindgang.contacts.ports import Beside, BesideLine
from hovedindgang.look.wording import short_day
from hovedindgang.people.models import Employee
from hovedindgang.surveys import labels, queries
from hovedindgang.surveys.queries import Told


def beside(employee: Employee, *, contact_id: int | None = None, citizen_id: int | None = None) -> Beside | None:
    """The port of contacts. Of a contact with a way to write one down; of a citizen only where there is any."""
    if contact_id is not None:
        told = queries.told_of_contact(employee, contact_id)
        new = f"{reverse('new_feedback')}?henvendelse={contact_id}"
        return Beside(_("Klager og ros"), _lines(told), _("Skriv en klage eller ros ned"), new)
    told = queries.told_of_citizen(employee, citizen_id or 0)
    return Beside(_("Klager og ros"), _lines(told)) if told else None


def _kind(one: Told) -> str:
    """Which kind of complaint it is, is told to who may read it."""
    return str(labels.KIND[one.kind]) if one.kind else _("Klage")


def _lines(told: list[Told]) -> tuple[BesideLine, ...]:
    language = get_language() or "da"
    return tuple(
        BesideLine(
            text=f"{_kind(one)}, {short_day(one.received_on, language=language)}",
            badge=str(_("over tiden") if one.late else labels.STATE[one.state]),
            late=one.late,
            url=reverse("feedback", args=[one.number]) if one.readable else "",
        )
        for one in told
    )
