"""Reads of counting weeks: which one is going on here, and its figures beside the registered ones."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Q

from hovedindgang.contacts.models import Enquiry
from hovedindgang.contacts.rules import AvoidableCause, Direction
from hovedindgang.insight.models import CountingDay, CountingWeek, Stroke
from hovedindgang.insight.weeks import Category
from hovedindgang.kernel import clock
from hovedindgang.people.models import Employee
from hovedindgang.registers.rules import FEWEST, too_small
from hovedindgang.servicemodel.document import ServiceKind

ORDER = (Category.MISDIRECTED, Category.TRANSACTION, Category.INFORMATION)  # the first that holds of an enquiry
POOLED = ""  # places with too few who counted, together


def counts_now(employee: Employee) -> CountingDay | None:
    """The place where she counts today: her centre's, else her department's; None: no counting week goes on there."""
    here = CountingDay.objects.select_related("week").filter(day=clock.today())
    mine = []
    if employee.centre_id:
        mine.append(Q(centre=employee.centre_id))
    if employee.department_id:
        mine.append(Q(department=employee.department_id))
    return next((found for which in mine if (found := here.filter(which).first())), None)


def my_strip(employee: Employee, place: CountingDay) -> dict[tuple[str, str], int]:
    """What she counted there today: hers, and seen by her alone."""
    rows = Stroke.objects.filter(place=place, employee=employee).order_by().values_list("channel", "category")
    return {(channel, category): number for channel, category, number in rows.annotate(number=Count("pk"))}


def weeks() -> list[CountingWeek]:
    return list(CountingWeek.objects.order_by("-first_on", "-pk")[:50])


def week_of(week_id: int) -> CountingWeek | None:
    return CountingWeek.objects.filter(pk=week_id).first()


@dataclass(frozen=True, slots=True)
class Beside:
    """Counted by strokes, and registered, of one channel and category at one place."""

    place: str  # "centre:KEY", "department:KEY"; POOLED: those with too few who counted
    channel: str
    category: str
    counted: int
    registered: int


@dataclass(frozen=True, slots=True)
class WeekFigures:
    rows: list[Beside]  # by place, channel and category; empty when too few counted altogether
    pooled: list[str]  # the places that stand together, because fewer than five counted there
    strokes: int
    too_few: bool


def figures_of(week: CountingWeek) -> WeekFigures:
    """The week's strokes beside what was registered at the same places on the same days.

    A place where fewer than five employees counted is shown together with others, until together they are a group
    that may be shown; where all are too few, nothing is.
    """
    places = {row.pk: _name(row.centre_id, row.department_id) for row in week.days.all()}
    counted: dict[tuple[str, str, str], int] = defaultdict(int)
    who: dict[str, set[str]] = {name: set() for name in places.values()}
    sizes: dict[str, int] = defaultdict(int)
    strokes = Stroke.objects.filter(place__week=week).values_list("place", "channel", "category", "employee")
    for place, channel, category, employee in strokes:
        name = places[place]
        counted[name, channel, category] += 1
        who[name].add(str(employee))
        sizes[name] += 1
    pooled = too_small(who, sizes)
    if pooled and len(set().union(*(who[name] for name in pooled))) < FEWEST:
        return WeekFigures([], sorted(pooled), sum(sizes.values()), too_few=bool(sizes))
    registered = _registered(week, set(places.values()))
    sums: dict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0, 0])
    for side, found in enumerate((counted, registered)):
        for (name, channel, category), number in found.items():
            sums[POOLED if name in pooled else name, channel, category][side] += number
    rows = [Beside(*key, *both) for key, both in sorted(sums.items())]
    return WeekFigures(rows, sorted(pooled), sum(sizes.values()), too_few=False)


def _name(centre: str | None, department: str | None) -> str:
    return f"centre:{centre}" if centre else f"department:{department}"


def _registered(week: CountingWeek, places: set[str]) -> dict[tuple[str, str, str], int]:
    """Contacts that came in to these places: misdirected if an enquiry was found to be so, a transaction if one of its
    enquiries was, else information."""
    raised = Enquiry.objects.filter(
        contact__received_on__range=(week.first_on, week.last_on),
        contact__direction=Direction.IN,
        contact__unattended=False,
        contact__merged_into=None,
        contact__mistake=None,
    )
    seen: dict[int, tuple[str, str, str]] = {}
    fields = ("contact", "contact__centre", "contact__department", "contact__channel", "kind", "avoidable_cause")
    for contact, centre, department, channel, kind, cause in raised.values_list(*fields):
        name = _name(None, department) if department else _name(centre, None)
        if name not in places:
            continue
        said = {
            Category.MISDIRECTED: cause == AvoidableCause.MISDIRECTED,
            Category.TRANSACTION: kind == ServiceKind.TRANSACTION,
        }
        category = next((word for word, holds in said.items() if holds), Category.INFORMATION)
        before = seen.get(contact)
        if before is None or ORDER.index(category) < ORDER.index(Category(before[2])):
            seen[contact] = (name, channel, category)
    found: dict[tuple[str, str, str], int] = defaultdict(int)
    for key in seen.values():
        found[key] += 1
    return found
