"""What is shown of corrections: what may be put right about a contact, what was, and what the leader must know."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hovedindgang.contacts import labels
from hovedindgang.contacts.actions.taking_back import in_time, standing_of, ties
from hovedindgang.contacts.doors import enquiries_seen, open_any_contact
from hovedindgang.contacts.models import Contact, ContactCorrection, Enquiry, EnquiryPerson
from hovedindgang.contacts.pages import Failed, Pairs
from hovedindgang.contacts.rules import CorrectionKind, Mistake, Tie, may_correct
from hovedindgang.contacts.templatetags.contacts import named
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import ActorKind, employee_actor
from hovedindgang.kernel.lookups import log_look_up
from hovedindgang.kernel.models import LookUp
from hovedindgang.people.models import Citizen, Client, Employee
from hovedindgang.people.protection import shown_name
from hovedindgang.people.rules import NoAccess
from hovedindgang.policy.queries import NoPolicyInForce, in_force

REVIEWED_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class CorrectionShown:
    """One line: what was put right, from what to what, by whom, when, why. A person has no name here."""

    kind: CorrectionKind
    said: str
    at: dt.datetime
    by: str
    why: str


def corrections_shown(rows: Iterable[ContactCorrection]) -> list[CorrectionShown]:
    return [
        CorrectionShown(
            kind=CorrectionKind(row.kind), said=_said(row), at=row.at, by=row.by.name if row.by else "", why=row.why
        )
        for row in rows
    ]


def _said(row: ContactCorrection) -> str:
    kind = CorrectionKind(row.kind)
    if kind is CorrectionKind.TAKEN_BACK:
        return _("Taget tilbage som en fejl")
    if kind is CorrectionKind.STRUCK:
        return _("Skulle ikke have været registreret: %(why)s") % {"why": labels.STRUCK[row.became]}
    if kind is CorrectionKind.PERSON:
        return _("Flyttet hertil: den stod på en anden borger")
    if kind is CorrectionKind.LINK:
        return _("Sammenhængen med ærinde %(number)s faldt væk") % {"number": row.was.partition(" ")[0]}
    return f"{labels.CORRECTION[kind]}: {_value(kind, row.was)} → {_value(kind, row.became)}"


def _value(kind: CorrectionKind, written: str) -> str:
    if kind is CorrectionKind.SERVICE:
        return named(written, "services")
    if kind is CorrectionKind.CHANNEL:
        return str(labels.CHANNEL.get(written, written))
    began, ended = (dt.datetime.fromisoformat(at).astimezone(clock.DENMARK) for at in written.split("/"))
    return f"{date_format(began, 'SHORT_DATETIME_FORMAT')}–{date_format(ended, 'TIME_FORMAT')}"


@dataclass(frozen=True, slots=True)
class MendPage:
    """What she may put right about one contact. `persons` are those it stands on."""

    contact: Contact
    matters: list[Enquiry]
    persons: Pairs
    allowed: frozenset[str]  # kinds of correction
    in_time: bool
    choices: dict[str, Pairs]
    failed: Failed
    usual: dict[str, str]

    @property
    def typed(self) -> dict[str, str]:
        return {**self.usual, **self.failed.typed}


def mend_page(employee: Employee, contact_id: int, failed: Failed) -> MendPage:
    """Raises NoAccess. Whose names are shown is logged."""
    contact = open_any_contact(employee, contact_id)
    seen = enquiries_seen(employee, mistaken=True).filter(contact=contact)
    matters = list(seen.select_related("service").order_by("position"))
    own, standing = ties(employee, contact), standing_of(contact)
    allowed = frozenset(kind.value for kind in CorrectionKind if _may(kind, own, standing))
    if not own:
        raise NoAccess
    persons = _persons(employee, contact)
    usual = {
        **dict(zip(("on", "from_time", "to_time"), _times(contact), strict=True)),
        "was": persons[0][0] if persons else "",
        "channel": contact.channel,
    }
    return MendPage(
        contact=contact,
        matters=matters,
        persons=persons,
        allowed=allowed,
        in_time=CorrectionKind.TAKEN_BACK in allowed and in_time(contact),
        choices=_choices(contact),
        failed=failed,
        usual=usual,
    )


def _may(kind: CorrectionKind, own: set[Tie], standing: Mistake | None) -> bool:
    return kind is not CorrectionKind.LINK and may_correct(kind, own, standing)


def _persons(employee: Employee, contact: Contact) -> Pairs:
    named_too = EnquiryPerson.objects.filter(enquiry__contact=contact).values("citizen_id")
    people = list(Citizen.objects.filter(Q(pk__in=named_too) | Q(pk=contact.asker_id)).order_by("id"))
    log_look_up(
        actor=employee_actor(employee.pk),
        citizen_ids=[one.pk for one in people],
        use="correction",
        reason=f"contact:{contact.pk}",
    )
    return [(str(one.pk), shown_name(one)) for one in people]


def _times(contact: Contact) -> tuple[str, str, str]:
    began, ended = contact.started_at.astimezone(clock.DENMARK), contact.ended_at.astimezone(clock.DENMARK)
    return f"{began:%Y-%m-%d}", f"{began:%H:%M}", f"{ended:%H:%M}"


def _choices(contact: Contact) -> dict[str, Pairs]:
    nothing: Pairs = [("", _("Vælg"))]
    try:
        services = in_force(contact.received_on).model.services_on(contact.received_on)
    except NoPolicyInForce:
        services = {}
    english = get_language() == "en"
    offered = sorted(((key, (english and one.name_en) or one.name) for key, one in services.items()), key=_by_name)
    return {
        "service": [*nothing, *offered],
        "channel": list(labels.CHANNEL.items()),
        "reason": [*nothing, *labels.STRUCK.items()],
    }


def _by_name(pair: tuple[str, str]) -> str:
    return pair[1].casefold()


# -------------------------------------------------------------------------------------------------- a citizen's history


@dataclass(frozen=True, slots=True)
class Moved:
    """That something was moved from her, or to her; from her without what it was."""

    at: dt.datetime
    away: bool
    contact_id: int | None  # of what came to her


def moved_in_history(citizen_id: int) -> list[Moved]:
    """Newest first; the caller has logged the look-up. One query."""
    rows = ContactCorrection.objects.filter(Q(was_citizen=citizen_id) | Q(became_citizen=citizen_id)).order_by("-id")
    found = []
    for row in rows:
        away = row.was_citizen == citizen_id
        found.append(Moved(row.at, away, None if away else row.contact_id))
    return found


# -------------------------------------------------------------------------------------------------- the leader's list


@dataclass(frozen=True, slots=True)
class ToReview:
    """A contact that stood on the wrong person, and who saw her while it did."""

    correction: ContactCorrection
    since: dt.datetime
    saw: list[str]


def to_review(employee: Employee) -> list[ToReview]:
    """What no leader has signed off yet, oldest first. No citizen is named. Raises NoAccess for who is no leader."""
    if not (employee.is_active and employee.is_leader):
        raise NoAccess
    rows = ContactCorrection.objects.filter(kind=CorrectionKind.PERSON, reviewed__isnull=True)
    found = list(rows.select_related("contact", "by").order_by("id")[:REVIEWED_AT_ONCE])
    return [ToReview(row, row.contact.registered_at, _who_saw(row)) for row in found]


def _who_saw(row: ContactCorrection) -> list[str]:
    """Names of those who looked the wrong person up between the registration and the correction, each once."""
    while_there = LookUp.objects.filter(
        citizen_id=row.was_citizen, at__gte=row.contact.registered_at, at__lte=row.at
    ).exclude(use__in=["registration", "correction"], reason=f"contact:{row.contact_id}")
    actors = set(while_there.values_list("actor_kind", "actor_id").distinct())
    staff = [number for kind, number in actors if kind == ActorKind.EMPLOYEE and number]
    systems = [number for kind, number in actors if kind == ActorKind.CLIENT and number]
    names = list(Employee.objects.filter(pk__in=staff).values_list("name", flat=True))
    return sorted([*names, *Client.objects.filter(pk__in=systems).values_list("name", flat=True)])
