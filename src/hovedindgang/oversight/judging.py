"""The rule: which look-ups work explains, and which stand out. One function says it: `evidence`.

A look-up by an employee is explained when the house itself knows of work with that citizen: it is the registration of
a contact; she had a contact with the citizen within the model's days before or after; she owned an open matter of the
citizen's, or answers a complaint of hers; a matter was handed to her department or by her, and is not long closed; the
house put it on her list; it stands in a form of hers that is not saved yet; it was shown beside the one she served in
the same search; or the search found nobody. A reason that she typed is kept and shown, but explains nothing by itself.

A day is judged again while a contact to come may still explain it, and settled after that. What stands out is copied,
what is explained only counted, so that pages never read the log of a year.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import (
    Case,
    CharField,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from hovedindgang.contacts.models import Contact, Enquiry, EnquiryPerson, Handover, StatedReason
from hovedindgang.contacts.rules import Outcome
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import ActorKind
from hovedindgang.kernel.models import LookUp
from hovedindgang.oversight.models import JudgedDay, LookUpsOfDay, NoticedLookUp
from hovedindgang.oversight.ports import open_forms
from hovedindgang.oversight.proving import note_settled
from hovedindgang.oversight.rules import EXPLAINED, Limits, Why, at_night, surname
from hovedindgang.people.models import Citizen, Employee
from hovedindgang.people.rules import name_key
from hovedindgang.policy.queries import NoPolicyInForce, in_force
from hovedindgang.surveys.models import Feedback

AT_ONCE = 1000  # row numbers in one statement
NO_DAYS = 92  # an old log is judged so far back, when oversight is new in a house


def evidence(look_ups: QuerySet[LookUp], limits: Limits) -> QuerySet[LookUp]:
    """The look-ups, each with `why`: the first of these rules that holds, by the house's own rows.

    `draft` and `same_search` are found afterwards, since the desk and the other rows of a search tell of them. Each
    condition is asked by index: a citizen's contacts, her matters, and the handovers of these.
    """
    before, after = dt.timedelta(days=limits.contact_explains_days), dt.timedelta(days=limits.lookup_before_days)
    first, last = _at(F("at") - before), _at(F("at") + after)
    look_ups = look_ups.annotate(first_at=first, last_at=last)
    whose, who = OuterRef("citizen_id"), OuterRef("actor_id")
    asked = Contact.objects.filter(asker=whose, employee=who)
    # What was taken back or struck was no contact with her: it explains nothing, whoever its matters name.
    named = EnquiryPerson.objects.filter(
        citizen=whose, enquiry__contact__employee=who, enquiry__contact__mistake__isnull=True
    )
    matter = Q(owner=who, received_on__lte=OuterRef("at")) & (
        Q(outcome=Outcome.OPEN) | Q(outcome_at__gte=OuterRef("at"))
    )
    handed = (
        (Q(department__employees=who) | Q(sent_by=who) | Q(handled_by=who))
        & Q(sent_at__lte=OuterRef("last_at"))
        & (Q(closed_at__isnull=True) | Q(closed_at__gte=OuterRef("first_at")))
    )
    rules = [
        When(use="registration", then=Value(Why.REGISTERED.value)),
        When(citizen_id__isnull=True, then=Value(Why.NOBODY.value)),
        When(
            Exists(asked.filter(_within(""))) | Exists(named.filter(_within("enquiry__contact__"))),
            then=Value(Why.CONTACT.value),
        ),
        When(
            Exists(Enquiry.objects.filter(matter, for_whom__citizen=whose))
            | Exists(Enquiry.objects.filter(matter, contact__asker=whose)),
            then=Value(Why.OPEN_MATTER.value),
        ),
        When(Exists(Feedback.objects.filter(citizen=whose, owner=who)), then=Value(Why.OPEN_MATTER.value)),
        When(
            Exists(Handover.objects.filter(handed, enquiry__for_whom__citizen=whose))
            | Exists(Handover.objects.filter(handed, enquiry__contact__asker=whose)),
            then=Value(Why.HANDOVER.value),
        ),
        When(use="work_list", then=Value(Why.WORK_LIST.value)),
    ]
    return look_ups.annotate(why=Case(*rules, default=Value(Why.NONE.value), output_field=CharField()))


def _within(contact: str) -> Q:
    """The contact began, or was registered, within the days around the look-up."""
    return Q(
        **{f"{contact}started_at__gte": OuterRef("first_at"), f"{contact}started_at__lt": OuterRef("last_at")}
    ) | Q(**{f"{contact}registered_at__gte": OuterRef("first_at"), f"{contact}registered_at__lt": OuterRef("last_at")})


def _at(expression: object) -> ExpressionWrapper:
    return ExpressionWrapper(expression, output_field=DateTimeField())


@dataclass(slots=True)
class Judged:
    """A look-up as it is judged."""

    id: int
    at: dt.datetime
    employee: int
    citizen: int | None
    use: str
    reason: str
    request_id: uuid.UUID
    why: Why
    statement: int | None
    night: bool = False
    same_surname: bool = False

    @property
    def stands_out(self) -> bool:
        return self.why not in EXPLAINED or self.night or self.same_surname


def look_ups_of_employees(first: dt.datetime, end: dt.datetime) -> QuerySet[LookUp]:
    """Those of all employees in [first, end), by the log's index of who looked and when."""
    everybody = list(Employee.objects.values_list("pk", flat=True))
    return LookUp.objects.filter(
        actor_kind=ActorKind.EMPLOYEE, actor_id__in=everybody, at__gte=first, at__lt=end
    ).order_by("id")


def judge(look_ups: QuerySet[LookUp], limits: Limits) -> list[Judged]:
    """Every rule applied. A handful of statements, however many look-ups."""
    stated = StatedReason.objects.filter(
        employee=OuterRef("actor_id"), citizen=OuterRef("citizen_id"), at__lte=OuterRef("at"), at__gte=_day_before()
    ).order_by("-at")
    rows = evidence(look_ups, limits).annotate(statement=Subquery(stated.values("pk")[:1]))
    fields = ("id", "at", "actor_id", "citizen_id", "use", "reason", "request_id", "why", "statement")
    judged = [_judged(row) for row in rows.values_list(*fields)]
    _find_drafts(judged)
    _find_same_search(judged)
    for one in judged:
        one.night = at_night(one.at, limits) and one.use != "registration"
        if one.why is Why.NONE and one.statement is not None:
            one.why = Why.STATED
    _find_surnames(judged, limits)
    return judged


def _judged(row: tuple[Any, ...]) -> Judged:
    number, at, employee, citizen, use, reason, request_id, why, statement = row
    return Judged(number, at, employee, citizen, use, reason, request_id, Why(why), statement)


def _day_before() -> ExpressionWrapper:
    """A reason that was typed serves the same working day."""
    return _at(OuterRef("at") - dt.timedelta(hours=12))


def _find_drafts(judged: list[Judged]) -> None:
    keys = {one.id: key for one in judged if one.why is Why.NONE and (key := form_key(one.reason)) is not None}
    standing = open_forms(set(keys.values()))
    for one in judged:
        if one.id in keys and (one.employee, keys[one.id]) in standing:
            one.why = Why.DRAFT


def form_key(reason: str) -> uuid.UUID | None:
    """The key in "form:…"."""
    kind, _colon, key = reason.partition(":")
    try:
        return uuid.UUID(key) if kind == "form" else None
    except ValueError:
        return None


def _find_same_search(judged: list[Judged]) -> None:
    """One of those shown was served, so that the search was work: for the others shown with her too."""
    served = {one.request_id for one in judged if one.use in {"desk", "search"} and one.why in {Why.CONTACT, Why.DRAFT}}
    for one in judged:
        if one.why is Why.NONE and one.request_id in served and one.use in {"desk", "search"}:
            one.why = Why.SAME_SEARCH


def _find_surnames(judged: list[Judged], limits: Limits) -> None:
    """Of those that no work explains: whether she bears the citizen's surname, where few do."""
    open_ones = [one for one in judged if one.why not in EXPLAINED and one.citizen is not None]
    if not open_ones:
        return
    names = dict(Employee.objects.filter(pk__in={one.employee for one in open_ones}).values_list("pk", "name"))
    own = {number: surname(name_key(name)) for number, name in names.items()}
    keys: dict[int | None, str] = {}
    numbers = sorted({one.citizen for one in open_ones if one.citizen is not None})
    for some in _portions(numbers):
        keys.update((one.pk, one.name_key) for one in Citizen.objects.filter(pk__in=some))  # sealed ones open so
    alike = [one for one in open_ones if own[one.employee] and surname(keys.get(one.citizen, "")) == own[one.employee]]
    rare = {name for name in {own[one.employee] for one in alike} if not _is_common(name, limits)}
    for one in alike:
        one.same_surname = own[one.employee] in rare


def _is_common(name: str, limits: Limits) -> bool:
    some = Citizen.objects.filter(name_key__endswith=f" {name}").values("pk")[: limits.common_surname]
    return some.count() >= limits.common_surname


def _portions(numbers: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(numbers), AT_ONCE):
        yield numbers[start : start + AT_ONCE]


# ------------------------------------------------------------------------------------------------------- day by day


def judge_days() -> int:
    """Judge today and every day that is not settled; gives how many. Housekeeping: it is safe to repeat."""
    days = list(days_to_judge(clock.today()))
    for day in days:
        judge_day(day)
    return len(days)


def days_to_judge(today: dt.date) -> Iterable[dt.date]:
    """From the first that is not settled until today."""
    last = JudgedDay.objects.filter(settled=True).order_by("-day").values_list("day", flat=True).first()
    if last is not None:
        first = last + dt.timedelta(days=1)
    else:
        earliest = LookUp.objects.order_by("id").values_list("at", flat=True).first()
        first = max(clock.local_day(earliest) if earliest else today, today - dt.timedelta(days=NO_DAYS))
    return (first + dt.timedelta(days=number) for number in range((today - first).days + 1))


@transaction.atomic
def judge_day(day: dt.date) -> None:
    """The day's look-ups counted by what explains them, those that stand out copied; what stood there is replaced.

    Judged for the last time, its checksum stands in one event `lookups.settled`.
    """
    JudgedDay.objects.get_or_create(day=day, defaults={"judged_at": clock.now()})
    row = JudgedDay.objects.select_for_update().get(day=day)
    if row.settled:
        return
    limits = limits_on(day)
    start, end = clock.day_bounds(day)
    judged = judge(look_ups_of_employees(start, end), limits)
    LookUpsOfDay.objects.filter(day=row).delete()
    NoticedLookUp.objects.filter(day=row).delete()
    counts = Counter((one.use, one.why) for one in judged)
    LookUpsOfDay.objects.bulk_create(
        LookUpsOfDay(day=row, use=use, why=why, number=number) for (use, why), number in sorted(counts.items())
    )
    NoticedLookUp.objects.bulk_create((_noticed(one, row) for one in judged if one.stands_out), batch_size=AT_ONCE)
    row.judged_at, row.settled = clock.now(), clock.today() > day + dt.timedelta(days=limits.settled_after)
    row.save(update_fields=["judged_at", "settled"])
    if row.settled:
        note_settled(day)


def _noticed(one: Judged, day: JudgedDay) -> NoticedLookUp:
    return NoticedLookUp(
        look_up=one.id,
        day=day,
        at=one.at,
        employee_id=one.employee,
        citizen_id=one.citizen,
        use=one.use,
        request_id=one.request_id,
        why=one.why,
        statement_id=one.statement,
        night=one.night,
        same_surname=one.same_surname,
    )


def limits_on(day: dt.date) -> Limits:
    """By the policy of the day; what is assumed before the first adoption."""
    try:
        return Limits.of(in_force(day).model)
    except NoPolicyInForce:
        return Limits()
