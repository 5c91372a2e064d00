"""Deeds of counting weeks: make one, drop one that nobody has counted in, count one stroke, take the last back."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from hovedindgang.insight.models import CountingDay, CountingWeek, Stroke
from hovedindgang.insight.weeks import LONGEST_DAYS, Category, NewWeek, WeekRefused
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import employee_actor
from hovedindgang.kernel.events import Fact, append_event
from hovedindgang.people.models import Employee
from hovedindgang.people.rules import cprs_in
from hovedindgang.policy.queries import NoPolicyInForce, in_force
from hovedindgang.servicemodel.document import Channel

TAKE_BACK_MINUTES = 10
LONGEST_NAME = 80


def make_week(*, leader: Employee, week: NewWeek) -> CountingWeek:
    """A counting week at these centres and departments. One event `counting_week.made`. Raises WeekRefused."""
    _refuse_what_cannot_be(week)
    days = [week.first_on + dt.timedelta(days=number) for number in range((week.last_on - week.first_on).days + 1)]
    try:
        with transaction.atomic():
            made = CountingWeek.objects.create(
                name=week.name, first_on=week.first_on, last_on=week.last_on, made_by=leader
            )
            places = [{"centre_id": key} for key in week.centres] + [{"department_id": key} for key in week.departments]
            CountingDay.objects.bulk_create(
                CountingDay(week=made, day=day, **place) for day in days for place in places
            )
            _tell(leader, "counting_week.made", made, centres=list(week.centres), departments=list(week.departments))
    except IntegrityError as error:
        taken = _("Et af stederne tæller allerede for en anden tælleuge på en af dagene. Vælg andre dage eller steder.")
        raise WeekRefused({"first_on": taken}) from error
    return made


def drop_week(*, leader: Employee, week_id: int) -> None:
    """Nobody has counted in it: it goes. One event `counting_week.dropped`. Raises WeekRefused."""
    with transaction.atomic():
        week = CountingWeek.objects.select_for_update().get(pk=week_id)
        list(CountingDay.objects.select_for_update().filter(week=week))
        if Stroke.objects.filter(place__week=week).exists():
            raise WeekRefused({"": _("Der er talt i ugen, så den bliver stående.")})
        _tell(leader, "counting_week.dropped", week)
        week.delete()


def count_stroke(
    *, employee: Employee, place: CountingDay, channel: Channel, category: Category, key: uuid.UUID
) -> None:
    """Count one. The same key counts once. One event `counting_week.counted`."""
    with transaction.atomic():
        stroke = Stroke(key=key, place=place, channel=channel, category=category, employee=employee, at=clock.now())
        try:
            with transaction.atomic():
                stroke.save(force_insert=True)
        except IntegrityError:
            if Stroke.objects.filter(key=key).exists():
                return
            raise
        _tell(employee, "counting_week.counted", place.week, channel=channel, category=category)


def take_stroke_back(*, employee: Employee, place: CountingDay) -> bool:
    """Her own latest at the place is taken back, while it is a few minutes old; whether there was one. One event."""
    since = clock.now() - dt.timedelta(minutes=TAKE_BACK_MINUTES)
    with transaction.atomic():
        last = (
            Stroke.objects.select_for_update()
            .filter(employee=employee, place=place, at__gte=since)
            .order_by("-at", "-key")
            .first()
        )
        if last is None:
            return False
        _tell(employee, "counting_week.taken_back", place.week, channel=last.channel, category=last.category)
        last.delete()
    return True


def _tell(employee: Employee, verb: str, week: CountingWeek, **facts: Fact) -> None:
    append_event(
        verb=verb,
        actor=employee_actor(employee.pk),
        subject_kind="counting_week",
        subject_id=week.pk,
        facts={"first": week.first_on.isoformat(), "last": week.last_on.isoformat(), **facts},
    )


def _refuse_what_cannot_be(week: NewWeek) -> None:
    wrong: dict[str, str] = {}
    if not week.name or len(week.name) > LONGEST_NAME:
        wrong["name"] = _("Giv tælleugen et kort navn, højst 80 tegn.")
    elif cprs_in(week.name):
        wrong["name"] = _("Skriv ingen CPR-numre her.")
    if week.last_on < week.first_on:
        wrong["last_on"] = _("Den sidste dag ligger før den første. Byt dem om.")
    elif (week.last_on - week.first_on).days >= LONGEST_DAYS:
        wrong["last_on"] = _("Højst 31 dage i én tælleuge. Del den op.")
    if not (week.centres or week.departments):
        wrong["centres"] = _("Vælg mindst ét sted, der tæller med.")
    try:
        model = in_force(min(week.first_on, clock.today())).model
    except NoPolicyInForce as nothing:
        raise WeekRefused({"first_on": str(nothing)}) from nothing
    if set(week.centres) - set(model.centres) or set(week.departments) - set(model.departments):
        wrong["centres"] = _("Et af stederne kendes ikke i politikken. Vælg igen.")
    if wrong:
        raise WeekRefused(wrong)
