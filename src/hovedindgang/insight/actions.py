"""Deeds of the measure: say that days must be counted anew, count them, and enter what was counted by hand."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterable, Sequence
from itertools import groupby

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from hovedindgang.insight import closing, counting
from hovedindgang.insight.hand_counts import LONGEST_DAYS, LONGEST_WHY, MOST_ARRIVED, CountRefused, NewCount
from hovedindgang.insight.missing import Answer
from hovedindgang.insight.models import ArrivalAnswer, HandCount, HandCountHour, KeptDay
from hovedindgang.insight.rules import Counting
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import employee_actor
from hovedindgang.kernel.events import append_event
from hovedindgang.people.models import Employee
from hovedindgang.people.rules import cprs_in
from hovedindgang.policy.queries import NoPolicyInForce, in_force
from hovedindgang.registers.models import RecordedContact
from hovedindgang.registers.rules import Result
from hovedindgang.servicemodel.document import Parameters

DAYS_COUNTED_ANYHOW = 7  # more days than the worker usually has: worth a look at how large the tables have become
# Days in one transaction. SQLite has one writer, and the desk must not wait for a month to be counted.
DAYS_AT_ONCE = {"postgresql": 31, "sqlite": 4}
PAUSE_SECONDS = {"postgresql": 0.0, "sqlite": 0.3}  # who waits for SQLite asks again each tenth of a second


def mark_days(*, days: Iterable[dt.date]) -> None:
    """These days' figures are counted anew at the next `recompute_marked`; a day that has none gets a row."""
    rows = [KeptDay(day=day, dirty=True) for day in sorted(set(days))]
    KeptDay.objects.bulk_create(rows, update_conflicts=True, unique_fields=["day"], update_fields=["dirty"])


def recompute_marked() -> int:
    """Count every marked day anew; gives how many. Then close the months whose day has come. The worker's job each
    minute."""
    marked = KeptDay.objects.filter(dirty=True).values_list("day", flat=True)
    done = recompute_days(days=marked, pause_seconds=PAUSE_SECONDS[connection.vendor])
    closing.close_asked()
    return done


def recompute_days(*, days: Iterable[dt.date], pause_seconds: float = 0.0) -> int:
    """Count these days anew from contacts, each by the version that was in force on it; gives how many.

    Days that follow each other under one version are counted set-based, in one transaction for each run of them.
    Two who count the same day wait for each other. Safe to repeat. `pause_seconds` between the runs lets others write.
    """
    done = 0
    chosen = sorted(set(days))
    if len(chosen) > DAYS_COUNTED_ANYHOW:
        counting.look_at_the_tables()
    for batch in batches(days=chosen):
        if done and pause_seconds:
            time.sleep(pause_seconds)
        with transaction.atomic():
            _recompute(batch)
        done += len(batch)
    return done


def batches(*, days: Sequence[dt.date]) -> list[list[dt.date]]:
    """Runs of days without a gap, of one month, under one version, at most `DAYS_AT_ONCE` long."""
    at_most = DAYS_AT_ONCE[connection.vendor]
    runs: list[list[dt.date]] = []
    for _alike, group in groupby(days, key=lambda day: (_version_of(day)[0], day.year, day.month)):
        last: dt.date | None = None  # the first day of a version or a month never continues another's run
        for day in group:
            follows = last is not None and day == last + dt.timedelta(days=1) and len(runs[-1]) < at_most
            if follows:
                runs[-1].append(day)
            else:
                runs.append([day])
            last = day
    return runs


def _version_of(day: dt.date) -> tuple[int | None, Parameters]:
    try:
        policy = in_force(day)
    except NoPolicyInForce:
        return None, Parameters()  # contacts imported from before the first adoption
    return policy.version_id, policy.model.parameters


def _recompute(days: list[dt.date]) -> None:
    version_id, parameters = _version_of(days[0])
    as_of = clock.today()
    KeptDay.objects.bulk_create([KeptDay(day=day) for day in days], ignore_conflicts=True)
    list(KeptDay.objects.select_for_update().filter(day__in=days).order_by("day"))
    closed = closing.is_closed(days[0])
    before = closing.headline(days) if closed else {}
    with connection.cursor() as cursor:
        counting.count_days(cursor, days[0], days[-1], Counting.by(parameters, as_of), closed=closed)
    if closed:
        closing.settle_why(days, before)
    KeptDay.objects.filter(day__in=days).update(dirty=False, counted_at=clock.now(), as_of=as_of, version_id=version_id)


def count_by_hand(*, employee: Employee, count: NewCount, replaces: int | None = None, why: str = "") -> HandCount:
    """Enter how many came where no register sees it; with `replaces` in place of an earlier count, and why.

    One event `hand_count.entered`. The same count again, sent twice, is entered once. Raises CountRefused with a
    message for each field: for hours that stand counted already, and for a count that somebody else put right first.
    """
    _refuse_what_cannot_be(count)
    asked = {
        "centre_id": count.centre,
        "channel": count.channel,
        "first_on": count.first_on,
        "last_on": count.last_on,
        "from_hour": count.from_hour,
        "to_hour": count.to_hour,
        "arrived": count.arrived,
        "counted_by": count.counted_by,
        "entered_by": employee,
    }
    if replaces is None:
        repeated = HandCount.objects.filter(**asked, replaces=None, replaced_by=None).first()
        if repeated:
            return repeated
    return _enter(employee, HandCount(**asked, **_instead_of(replaces, why)))


def take_count_back(*, employee: Employee, count_id: int, why: str) -> HandCount:
    """The count was a mistake, and nothing stands in its place. One event `hand_count.entered`. Raises CountRefused."""
    was = HandCount.objects.get(pk=count_id)
    kept = ("centre_id", "channel", "first_on", "last_on", "from_hour", "to_hour", "counted_by")
    said = {name: getattr(was, name) for name in kept}
    return _enter(employee, HandCount(**said, entered_by=employee, **_instead_of(count_id, why)))


def _instead_of(replaces: int | None, why: str) -> dict[str, object]:
    if replaces is None:
        return {}
    why = " ".join(why.replace("\0", "").split())
    if not why or len(why) > LONGEST_WHY:
        raise CountRefused({"why": _("Skriv kort, hvorfor tællingen rettes; højst 200 tegn.")})
    if cprs_in(why):
        raise CountRefused({"why": _("Skriv ingen CPR-numre her.")})
    return {"replaces_id": replaces, "why": why}


def _enter(employee: Employee, count: HandCount) -> HandCount:
    try:
        with transaction.atomic():
            HandCountHour.objects.filter(count=count.replaces_id).delete()
            count.save(force_insert=True)
            HandCountHour.objects.bulk_create(
                HandCountHour(count=count, centre_id=count.centre_id, channel=count.channel, day=day, hour=hour)
                for day in (count.days if count.arrived is not None else [])
                for hour in range(count.from_hour, count.to_hour)
            )
            append_event(
                verb="hand_count.entered",
                actor=employee_actor(employee.pk),
                subject_kind="hand_count",
                subject_id=count.pk,
                facts={
                    "centre": count.centre_id,
                    "channel": count.channel,
                    "first": count.first_on.isoformat(),
                    "last": count.last_on.isoformat(),
                    "arrived": count.arrived,
                    "replaces": count.replaces_id,
                },
            )
    except IntegrityError as error:
        if count.replaces_id and HandCount.objects.filter(replaces=count.replaces_id).exists():
            raise CountRefused({"": _("Tællingen er allerede rettet. Hent siden igen, og ret den nyeste.")}) from error
        taken = _("Nogle af timerne er talt i forvejen. Ret den tælling, eller vælg andre timer.")
        raise CountRefused({"first_on": taken}) from error
    return count


def _refuse_what_cannot_be(count: NewCount) -> None:
    wrong: dict[str, str] = {}
    if count.last_on < count.first_on:
        wrong["last_on"] = _("Den sidste dag ligger før den første. Byt dem om.")
    elif (count.last_on - count.first_on).days >= LONGEST_DAYS:
        wrong["last_on"] = _("Højst 31 dage i én tælling. Del den op.")
    elif count.last_on > clock.today():
        wrong["last_on"] = _("Dagen er ikke kommet endnu. Vælg en dag til og med i dag.")
    if not 0 <= count.from_hour < count.to_hour <= 24:
        wrong["to_hour"] = _("Timerne går fra 0 til 24, og den sidste skal ligge efter den første.")
    if count.arrived > MOST_ARRIVED:
        wrong["arrived"] = _("Så mange kom der ikke. Ret tallet.")
    if not wrong:
        try:
            if count.centre not in in_force(count.first_on).model.centres:
                wrong["centre"] = _("Stedet kendes ikke i den politik, der gjaldt den dag. Vælg et andet.")
        except NoPolicyInForce as nothing:
            wrong["first_on"] = str(nothing)
    if wrong:
        raise CountRefused(wrong)


def answer_arrival(*, employee: Employee, record_id: int, answer: Answer | None) -> None:
    """Say of an arrival that nobody registered what became of it; None: it stands open again.

    Said twice it is said once; what stands registered afterwards stays so. One event `arrival.answered` for each
    change, and its day is counted anew. Raises ArrivalRegistered, and LookupError for no such arrival.
    """
    if answer is Answer.REGISTERED:
        raise ValueError("a contact registers it: register_arrival")
    with transaction.atomic():
        record, said = _arrival_locked(record_id)
        if said is not None and said.contact is not None and said.contact.mistake is None:
            raise ArrivalRegistered(said.contact.pk)
        if (said.answer if said else None) == answer:
            return
        if answer is None:
            ArrivalAnswer.objects.filter(record=record).delete()
        else:
            _say(employee, record, answer, None)
        _tell_of_arrival(employee, record, answer)


def register_arrival(*, employee: Employee, record_id: int, contact_id: int) -> None:
    """The arrival was registered afterwards as this contact. One event `arrival.answered`.

    Belongs in the transaction that registers the contact. The same contact again changes nothing. Raises
    ArrivalRegistered where it stands registered as another, and LookupError for no such arrival.
    """
    with transaction.atomic():
        record, said = _arrival_locked(record_id)
        if said is not None and said.contact_id == contact_id:
            return
        if said is not None and said.contact is not None and said.contact.mistake is None:
            raise ArrivalRegistered(said.contact.pk)
        _say(employee, record, Answer.REGISTERED, contact_id)
        _tell_of_arrival(employee, record, Answer.REGISTERED, contact_id)


class ArrivalRegistered(Exception):
    """Somebody registered the arrival already; `contact_id` is what it was registered as."""

    def __init__(self, contact_id: int) -> None:
        super().__init__(str(contact_id))
        self.contact_id = contact_id


def _arrival_locked(record_id: int) -> tuple[RecordedContact, ArrivalAnswer | None]:
    """The arrival, held until the transaction ends, and what was said of it."""
    met = RecordedContact.objects.select_for_update().filter(pk=record_id, result=Result.ANSWERED)
    record = met.first()
    if record is None:
        raise LookupError(record_id)
    return record, ArrivalAnswer.objects.select_related("contact").filter(record=record).first()


def _say(employee: Employee, record: RecordedContact, answer: Answer, contact_id: int | None) -> None:
    ArrivalAnswer.objects.update_or_create(
        record=record,
        defaults={"answer": answer, "contact_id": contact_id, "employee": employee, "at": clock.now()},
    )


def _tell_of_arrival(
    employee: Employee, record: RecordedContact, answer: Answer | None, contact_id: int | None = None
) -> None:
    append_event(
        verb="arrival.answered",
        actor=employee_actor(employee.pk),
        subject_kind="arrival",
        subject_id=record.pk,
        facts={"answer": answer, "contact": contact_id},
    )
    mark_days(days=[clock.local_day(record.came_at)])
