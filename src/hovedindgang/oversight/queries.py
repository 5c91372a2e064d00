"""Reads of this room. No citizen's name stands in any of them: oversight sees numbers, and opens a door like others."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Case, Count, IntegerField, Min, Q, QuerySet, Sum, When

from hovedindgang.contacts.by_employee import Work, work_of
from hovedindgang.contacts.models import StatedReason
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import ActorKind
from hovedindgang.kernel.models import LookUp
from hovedindgang.oversight.models import JudgedDay, LookUpsOfDay, NoticedLookUp, Question, Sample
from hovedindgang.oversight.rules import EXPLAINED, JUDGED, Limits, State, Stratum, Why
from hovedindgang.people.models import Employee
from hovedindgang.people.rules import NoAccess
from hovedindgang.servicemodel.document import EmployeeFigure

ON_A_PAGE = 50  # acts
READ = 1000  # rows behind them: a search shows many
MINE = 100  # acts
READ_OF_MINE = 5000  # rows behind them: her list of open matters is one act, of everybody on it
DAYS = 30
MONTHS_OF_MY_OWN = 3


@dataclass(slots=True)
class Act:
    """Look-ups of one request: one page opened, or one search that showed several."""

    at: dt.datetime
    employee: Employee
    use: str
    why: Why
    citizens: list[int]
    look_up: int  # its first row, by which one asks
    night: bool
    same_surname: bool
    text: str = ""  # her own words
    question: Question | None = None


@dataclass(frozen=True, slots=True)
class Several:
    """One citizen whom several employees looked up, none of them with a work reason."""

    citizen: int
    employees: int
    first_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Overview:
    """What a leader sees of a period."""

    total: int
    explained: list[tuple[Why, int]]  # most first
    standing_out: int
    unsettled_from: dt.date | None  # from this day contacts to come may still explain look-ups
    several: list[Several]
    acts: list[Act]
    older: tuple[dt.datetime, int] | None = None  # place of the next page


def overview(
    first: dt.date, last: dt.date, limits: Limits, *, only: str = "", before: tuple[dt.datetime, int] | None = None
) -> Overview:
    """Figures from the days' sums, and the acts that stand out, newest first. Seven statements, whatever the log holds.

    `only`: "night", "surname" or "stated"; "" is all.
    """
    sums = {
        Why(why): number
        for why, number in LookUpsOfDay.objects.filter(day__gte=first, day__lte=last)
        .values_list("why")
        .annotate(number=Sum("number"))
        .order_by()
    }
    start, end = clock.day_bounds(first)[0], clock.day_bounds(last)[1]
    noticed = NoticedLookUp.objects.filter(at__gte=start, at__lt=end)
    acts, older = _acts(noticed, only, before)
    explained = sorted(((why, n) for why, n in sums.items() if why in EXPLAINED), key=lambda pair: -pair[1])
    return Overview(
        total=sum(sums.values()),
        explained=explained,
        standing_out=sum(number for why, number in sums.items() if why not in EXPLAINED),
        unsettled_from=JudgedDay.objects.filter(settled=False).aggregate(first=Min("day"))["first"],
        several=_several(end, limits),
        acts=acts,
        older=older,
    )


def _acts(
    noticed: QuerySet[NoticedLookUp], only: str, before: tuple[dt.datetime, int] | None
) -> tuple[list[Act], tuple[dt.datetime, int] | None]:
    wanted = {
        "night": Q(night=True),
        "surname": Q(same_surname=True),
        "stated": Q(why=Why.STATED),
        "": Q(),
    }[only]
    rows = noticed.filter(wanted)
    if before is not None:
        rows = rows.filter(Q(at__lt=before[0]) | Q(at=before[0], look_up__lt=before[1]))
    found = list(rows.select_related("employee").order_by("-at", "-look_up")[:READ])
    acts: list[Act] = []
    last, cut = None, len(found) == READ
    for _request, grouped in groupby(found, key=lambda row: row.request_id):
        group = list(grouped)
        if len(acts) == ON_A_PAGE:
            cut = True
            break
        acts.append(_act(group))
        last = group[-1]
    _add_words(acts, found)
    return acts, (last.at, last.look_up) if cut and last is not None else None


def _act(rows: list[NoticedLookUp]) -> Act:
    newest = rows[0]
    unexplained = next((row for row in rows if row.why not in EXPLAINED), newest)
    return Act(
        at=newest.at,
        employee=newest.employee,
        use=newest.use,
        why=Why(unexplained.why),
        citizens=sorted({row.citizen_id for row in rows if row.citizen_id is not None}),
        look_up=unexplained.look_up,
        night=any(row.night for row in rows),
        same_surname=any(row.same_surname for row in rows),
    )


def _add_words(acts: list[Act], rows: list[NoticedLookUp]) -> None:
    stated = {row.look_up: row.statement_id for row in rows if row.statement_id is not None}
    texts = dict(StatedReason.objects.filter(pk__in=set(stated.values())).values_list("pk", "text")) if stated else {}
    asked = Question.objects.filter(look_up__in=[act.look_up for act in acts]).in_bulk(field_name="look_up")
    for act in acts:
        act.text = texts.get(stated.get(act.look_up, 0), "")
        act.question = asked.get(act.look_up)


def _several(end: dt.datetime, limits: Limits) -> list[Several]:
    """In the last days of the period; by the index of time."""
    recent = NoticedLookUp.objects.filter(
        at__gte=end - dt.timedelta(days=limits.several_days),
        at__lt=end,
        why__in=[Why.NONE, Why.STATED],
        citizen_id__isnull=False,
    )
    counted = (
        recent.values("citizen_id")
        .annotate(employees=Count("employee", distinct=True), first_at=Min("at"))
        .filter(employees__gte=limits.several_employees)
        .order_by("-employees", "citizen_id")[:ON_A_PAGE]
    )
    return [Several(row["citizen_id"] or 0, row["employees"], row["first_at"]) for row in counted]


# --------------------------------------------------------------------------------------------------------- the sample


def samples() -> list[Sample]:
    """Newest first, each with how many of its questions are judged, and how many are late."""
    judged = Count("questions", filter=Q(questions__state__in=[str(state) for state in JUDGED]))
    wrong = Count("questions", filter=Q(questions__state=State.NOT_IN_ORDER))
    late = Count(
        "questions",
        filter=Q(questions__due_on__lt=clock.today()) & ~Q(questions__state__in=[str(state) for state in JUDGED]),
    )
    rows = Sample.objects.annotate(rows=Count("questions"), judged=judged, wrong=wrong, late=late)
    return list(rows.order_by("-month"))


def sample(month: dt.date) -> tuple[Sample, list[Question]]:
    """Raises NoAccess for a month without one."""
    found = Sample.objects.filter(month=month).first()
    if found is None:
        raise NoAccess
    place = Case(
        *[When(stratum=stratum, then=number) for number, stratum in enumerate(Stratum)], output_field=IntegerField()
    )
    rows = Question.objects.filter(sample=found).select_related("employee", "judged_by", "asked_by")
    return found, list(rows.annotate(place=place).order_by("place", "at", "pk"))


def open_questions() -> list[Question]:
    """Those put by a leader outside of samples that are not judged, soonest due first."""
    rows = Question.objects.filter(sample=None).exclude(state__in=[str(state) for state in JUDGED])
    return list(rows.select_related("employee").order_by("due_on", "pk")[:ON_A_PAGE])


def question(leader: Employee, question_id: int) -> Question:
    """For a leader. Raises NoAccess."""
    if not (leader.is_active and leader.is_leader):
        raise NoAccess
    rows = Question.objects.select_related("employee", "asked_by", "judged_by", "sample")
    found = rows.filter(pk=question_id).first()
    if found is None:
        raise NoAccess
    return found


def my_questions(employee: Employee) -> list[Question]:
    """Those put to her, what she owes an answer first."""
    rows = Question.objects.filter(employee=employee).exclude(state=State.DRAWN).select_related("asked_by", "judged_by")
    owed = Case(When(state=State.ASKED, then=0), default=1, output_field=IntegerField())
    return list(rows.annotate(owed=owed).order_by("owed", "-due_on", "-pk")[:MINE])


@dataclass(frozen=True, slots=True)
class MyLookUp:
    """What she saw by one request."""

    at: dt.datetime
    use: str
    citizens: list[int]  # none: nobody was found


def my_look_ups(employee: Employee) -> list[MyLookUp]:
    """Her own newest look-ups, those of one request together. Only she is shown them."""
    rows = LookUp.objects.filter(actor_kind=ActorKind.EMPLOYEE, actor_id=employee.pk).order_by("-at", "-id")
    read = rows.values_list("at", "use", "citizen_id", "request_id")[:READ_OF_MINE]
    found: list[MyLookUp] = []
    for (use, _request), grouped in groupby(read, key=lambda row: (row[1], row[3])):
        group = list(grouped)
        found.append(MyLookUp(group[0][0], use, sorted({row[2] for row in group if row[2] is not None})))
        if len(found) == MINE:
            break
    return found


def sampled_of(look_ups: list[LookUp]) -> dict[int, Question]:
    return Question.objects.filter(look_up__in=[row.pk for row in look_ups]).in_bulk(field_name="look_up")


@dataclass(frozen=True, slots=True)
class MyMonth:
    starts: dt.date
    work: Work


def my_work(employee: Employee, today: dt.date) -> list[MyMonth]:
    """What she registered and ended this month and in the two before it; hers alone, and seen by her alone."""
    months = []
    first = today.replace(day=1)
    for _each in range(MONTHS_OF_MY_OWN):
        last = (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
        work = work_of(first, last, tuple(EmployeeFigure), employee.pk).get(employee.pk)
        months.append(MyMonth(first, work or Work(registrations=0, ended=0, resolved=0)))
        first = (first - dt.timedelta(days=1)).replace(day=1)
    return months
