"""Reads of this room. Whoever reads a citizen's words is logged; lists hold no names: she opens one."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet

from hovedindgang.contacts.doors import enquiries_seen
from hovedindgang.contacts.models import Contact, Enquiry
from hovedindgang.contacts.queries import contact_seen, earlier_matters
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import employee_actor
from hovedindgang.kernel.lookups import log_look_up
from hovedindgang.look.tables import hidden_rows
from hovedindgang.people.models import Employee
from hovedindgang.people.queries import employees
from hovedindgang.people.rules import NoAccess
from hovedindgang.policy.queries import NoPolicyInForce, in_force
from hovedindgang.servicemodel.checks_values import SMALLEST_GROUP
from hovedindgang.servicemodel.hours import add_working_days
from hovedindgang.surveys.doors import feedback_seen, must_lead
from hovedindgang.surveys.models import Feedback, FeedbackText
from hovedindgang.surveys.rules import COMPLAINTS, Dated, Figure, Kind, Part, State, figure

LISTED = 200
SOONEST = F("promised_on").asc(nulls_last=True)  # the two databases put nothing at different ends
_NAMED = re.compile(r"\[borger (\d{1,18})\]")


def any_feedback() -> bool:
    """Whether anybody has said anything yet."""
    return Feedback.objects.exists()


def answer_by(received_on: dt.date) -> dt.date | None:
    """The day a complaint is answered at the latest, by the model in force that day; None where it says nothing."""
    try:
        model = in_force(received_on).model
    except NoPolicyInForce:
        return None
    said = model.parameters.complaint_answer_working_days
    return add_working_days(model, received_on, said.value) if said else None


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the list is asked for; None and "": everything."""

    open: bool | None = None
    kind: Kind | None = None
    centre: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """What she may read: hers to answer, those asked for; and whether there are more than are shown."""

    mine: list[Feedback]
    rows: list[Feedback]
    more: bool


def listed(employee: Employee, asked: Asked) -> Listed:
    """Open ones first, soonest agreed day first; then those that were closed last."""
    seen = _with_names(feedback_seen(employee))
    mine = list(seen.filter(~Q(state=State.CLOSED), owner=employee).order_by(SOONEST, "pk")[:LISTED])
    rows = seen
    if asked.open is not None:
        rows = rows.exclude(state=State.CLOSED) if asked.open else rows.filter(state=State.CLOSED)
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    if asked.centre:
        rows = rows.filter(centre=asked.centre)
    found = list(rows.order_by(F("closed_at").desc(nulls_first=True), SOONEST, "-pk")[: LISTED + 1])
    return Listed(mine, found[:LISTED], len(found) > LISTED)


def _with_names(rows: QuerySet[Feedback]) -> QuerySet[Feedback]:
    return rows.select_related("centre", "department", "service", "owner")


def is_late(row: Feedback) -> bool:
    return row.state != State.CLOSED and row.promised_on is not None and row.promised_on < clock.today()


@dataclass(frozen=True, slots=True)
class FeedbackSeen:
    """One of them with its words; each text comes with its author, amendments after what they amend."""

    row: Feedback
    texts: list[FeedbackText]
    may_answer: bool  # owner or leader
    may_open_contact: bool

    def of(self, part: Part) -> list[FeedbackText]:
        return [text for text in self.texts if text.part == part]


def feedback_page(employee: Employee, feedback_id: int) -> FeedbackSeen:
    """Logged as a look-up where it leads to a citizen. Raises NoAccess."""
    rows = feedback_seen(employee).select_related(
        "citizen", "centre", "department", "service", "owner", "concerns", "recorded_by", "acknowledged_by",
        "closed_by", "to_department", "to_authority", "enquiry__service",
    )  # fmt: skip
    row = rows.filter(pk=feedback_id).first()
    if row is None:
        raise NoAccess
    if row.citizen_id:
        actor = employee_actor(employee.pk)
        log_look_up(actor=actor, citizen_ids=[row.citizen_id], use="feedback", reason=f"feedback:{row.pk}")
    texts = list(FeedbackText.objects.filter(feedback=row).select_related("author").order_by("pk"))
    may_open = row.enquiry_id is None or enquiries_seen(employee).filter(pk=row.enquiry_id).exists()
    return FeedbackSeen(row, texts, employee.is_leader or row.owner_id == employee.pk, may_open)


def may_read(employee: Employee, feedback_id: int) -> bool:
    return feedback_seen(employee).filter(pk=feedback_id).exists()


def of_text(employee: Employee, text_id: int) -> Feedback:
    """What a text belongs to, for the page its form stands on. Raises NoAccess."""
    found = feedback_seen(employee).filter(texts=text_id).first()
    if found is None:
        raise NoAccess
    return found


def may_answer(employee: Employee, row: Feedback) -> list[Employee]:
    """Whom a leader may give it to."""
    return [
        one
        for one in employees()
        if one.is_active
        and one.pk != row.concerns_id
        and (one.is_leader or (row.kind != Kind.CONDUCT and (one.is_employee or one.is_caseworker)))
    ]


def colleagues() -> list[Employee]:
    """Whom a complaint about conduct may be about."""
    return [one for one in employees() if one.is_active]


@dataclass(frozen=True, slots=True)
class CameWith:
    """The contact a complaint is written down beside: its citizen, and the matters it may be about."""

    contact: Contact
    citizen: int | None
    matters: list[Enquiry]


def came_with(employee: Employee, contact_id: int) -> CameWith:
    """Logged as a look-up of the contact. Raises NoAccess."""
    seen = contact_seen(employee, contact_id)
    earlier = earlier_matters(employee, seen.enquiries[0]) if seen.enquiries else []
    named = [person.citizen_id for matter in seen.enquiries for person in matter.for_whom.all()]
    citizen = seen.contact.asker_id or (named[0] if len(set(named)) == 1 else None)
    return CameWith(seen.contact, citizen, [*seen.enquiries, *earlier])


@dataclass(frozen=True, slots=True)
class Told:
    """That there is one: to who may not read it only the date, the state, and whether it is a complaint."""

    number: int
    kind: str  # "": a complaint of a kind she is not told
    received_on: dt.date
    state: str
    late: bool
    readable: bool


def told_of_citizen(employee: Employee, citizen_id: int) -> list[Told]:
    """The newest first. The page that shows them has its own look-up."""
    return _told(employee, Feedback.objects.filter(citizen=citizen_id))


def told_of_contact(employee: Employee, contact_id: int) -> list[Told]:
    """Those that came in it, or are about one of its matters."""
    matters = Enquiry.objects.filter(contact=contact_id)
    return _told(employee, Feedback.objects.filter(Q(contact=contact_id) | Q(enquiry__in=matters)))


def _told(employee: Employee, rows: QuerySet[Feedback]) -> list[Told]:
    found = list(rows.filter(forgotten_on__isnull=True).order_by("-received_on", "-pk")[:LISTED])
    if not found:
        return []
    readable = set(feedback_seen(employee).filter(pk__in=[row.pk for row in found]).values_list("pk", flat=True))
    return [
        Told(
            row.pk,
            row.kind if row.pk in readable or row.kind not in COMPLAINTS else "",
            row.received_on,
            row.state,
            is_late(row),
            row.pk in readable,
        )
        for row in found
    ]


# -------------------------------------------------------------------------------------------------------- privacy asks


def open_on_contacts(contact_ids: Iterable[int]) -> set[int]:
    """Those contacts that a complaint still being answered came in, or is about."""
    numbers = list(contact_ids)
    rows = Feedback.objects.exclude(state=State.CLOSED)
    came = rows.filter(contact__in=numbers).values_list("contact_id", flat=True)
    about = rows.filter(enquiry__contact__in=numbers).values_list("enquiry__contact_id", flat=True)
    return {number for number in [*came, *about] if number}


def feedback_of(citizen_id: int) -> tuple[list[int], bool]:
    """The row numbers of what she said that is closed, and whether something is still open."""
    rows = list(Feedback.objects.filter(citizen=citizen_id).order_by("pk").values_list("pk", "state"))
    return [pk for pk, state in rows if state == State.CLOSED], any(state != State.CLOSED for _pk, state in rows)


def feedback_citizens() -> list[int]:
    """Everybody whose words are still kept here."""
    rows = Feedback.objects.filter(citizen__isnull=False).order_by("citizen")
    return [number for number in rows.values_list("citizen_id", flat=True).distinct() if number]


def feedback_on(*, citizens: Collection[int] = (), contacts: QuerySet[Any, Any] | Collection[int] = ()) -> list[int]:
    """Row numbers of what these citizens said, and of what came in these contacts or is about their matters."""
    hers = Q(citizen__in=citizens) | Q(contact__in=contacts) | Q(enquiry__contact__in=contacts)
    return list(Feedback.objects.filter(hers).values_list("pk", flat=True))


def citizens_named(citizen_ids: Collection[int]) -> set[int]:
    """Those whom some text here names as "[borger 4711]": without her row it would not be understood."""
    texts = FeedbackText.objects.filter(text__contains="[borger ").values_list("text", flat=True)
    return set(citizen_ids) & {int(number) for text in texts for number in _NAMED.findall(text)}


def due_to_forget(*, today: dt.date, but: Collection[int], limit: int) -> list[int]:
    """Feedback closed longer ago than the model keeps it, oldest first, without `but`.

    Nothing where the model in force says no time.
    """
    try:
        said = in_force(today).model.parameters.feedback_kept_days
    except NoPolicyInForce:
        return []
    if said is None:
        return []
    before = clock.day_bounds(today - dt.timedelta(days=said.value))[0]
    rows = Feedback.objects.filter(state=State.CLOSED, forgotten_on__isnull=True, closed_at__lt=before)
    due = rows.order_by("closed_at", "pk").values_list("pk", flat=True)
    return [number for number in due.iterator() if number not in but][:limit]


# ------------------------------------------------------------------------------------------------------------- figures


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table; `figure` None: too few to show, or hidden so that those are not worked out."""

    key: str
    figure: Figure | None


@dataclass(frozen=True, slots=True)
class Figures:
    """Of a period: by kind, and of complaints by centre and by service. No employee is in it."""

    first: dt.date
    last: dt.date
    smallest: int
    by_kind: list[Line]
    by_centre: list[Line]
    by_service: list[Line]


def figures(employee: Employee, *, first: dt.date, last: dt.date) -> Figures:
    """Received from `first` to `last`, both with. What is forgotten counts. For leaders. Raises NoAccess."""
    must_lead(employee)
    today = clock.today()
    fields = ("kind", "centre_id", "service_id", "received_on", "promised_on", "closed_at")
    rows = [
        Dated(kind=Kind(kind), centre=centre or "", service=service or "", received_on=received, promised_on=promised,
              closed_on=clock.local_day(closed) if closed else None)
        for kind, centre, service, received, promised, closed in Feedback.objects.filter(
            received_on__gte=first, received_on__lte=last
        ).values_list(*fields)
    ]  # fmt: skip
    complaints = [row for row in rows if row.kind in COMPLAINTS]
    try:
        said = in_force(min(last, today)).model.parameters.smallest_group
    except NoPolicyInForce:
        said = None
    smallest = said.value if said else SMALLEST_GROUP
    return Figures(
        first,
        last,
        smallest,
        _lines(rows, lambda row: row.kind, smallest, today, order=list(Kind)),
        _lines(complaints, lambda row: row.centre, smallest, today),
        _lines(complaints, lambda row: row.service, smallest, today),
    )


def _lines(
    rows: list[Dated],
    group: Callable[[Dated], str],
    smallest: int,
    today: dt.date,
    *,
    order: Iterable[str] = (),
) -> list[Line]:
    found: dict[str, list[Dated]] = {key: [] for key in order}
    for row in rows:
        found.setdefault(group(row), []).append(row)
    groups = {key: found[key] for key in (found if order else sorted(found, key=lambda key: (not key, key)))}
    hidden = hidden_rows([len(one) for one in groups.values()], smallest)
    return [
        Line(key, None if place in hidden else figure(members, today=today, smallest=smallest))
        for place, (key, members) in enumerate(groups.items())
    ]
