"""Arrivals that match no contact: the list of a day, and what was said of each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from hovedindgang.contacts.models import Contact
from hovedindgang.contacts.rules import Direction
from hovedindgang.insight.missing import Answer, Seen, unmatched
from hovedindgang.insight.models import ArrivalAnswer
from hovedindgang.insight.periods import Period
from hovedindgang.insight.sums import hours
from hovedindgang.kernel.clock import DENMARK, day_bounds
from hovedindgang.registers.models import RecordedContact
from hovedindgang.registers.queries import Counts, counted_among
from hovedindgang.registers.rules import Result

DAYS_BACK = 14


@dataclass(frozen=True, slots=True)
class Missing:
    """A day at a centre (None: everywhere): arrivals nobody said anything of, and those somebody did."""

    open: list[RecordedContact] = field(default_factory=list)
    answered: list[ArrivalAnswer] = field(default_factory=list)
    met: int = 0  # all whom the registers saw met


def missing_on(day: dt.date, centre: str | None) -> Missing:
    """What the registers saw met on the day and nobody registered; a switchboard's calls belong to every centre.

    The same arrivals, however often it is asked, as long as nothing is registered or answered.
    """
    start, end = day_bounds(day)
    met = RecordedContact.objects.filter(result=Result.ANSWERED, came_at__gte=start, came_at__lt=end)
    records = {row.pk: row for row in met.select_related("answered", "answered__employee", "answered__contact")}
    answers = {pk: getattr(row, "answered", None) for pk, row in records.items()}  # nothing was said of most
    said = {pk: answer for pk, answer in answers.items() if answer and _stands(answer)}
    registered = {one.contact_id for one in said.values() if one.contact_id}
    contacts = Contact.objects.filter(
        received_on=day,
        direction=Direction.IN,
        unattended=False,
        department=None,
        merged_into=None,
        mistake=None,
    ).values_list("pk", "started_at", "channel", "centre_id")
    left = unmatched(
        [_seen(pk, row.came_at, row.channel, row.centre_id) for pk, row in records.items() if pk not in said],
        [_seen(*row) for row in contacts if row[0] not in registered],
    )
    here = [one for one in left if centre is None or one.centre in (centre, None)]
    answered = [one for one in said.values() if centre is None or records[one.record_id].centre_id in (centre, None)]
    for one in answered:
        one.record = records[one.record_id]
    answered.sort(key=lambda one: one.record.came_at)
    count = sum(1 for row in records.values() if centre is None or row.centre_id in (centre, None))
    return Missing([records[one.id] for one in here], answered, count)


def _stands(answer: ArrivalAnswer) -> bool:
    """A registration that turned out a mistake leaves the arrival open again."""
    return answer.contact is None or answer.contact.mistake is None


def _seen(pk: int, at: dt.datetime, channel: str, centre: str | None) -> Seen:
    return Seen(id=pk, at=at, hour=at.astimezone(DENMARK).hour, channel=channel, centre=centre)


def days_missing(last: dt.date) -> list[tuple[dt.date, int]]:
    """The days up to `last` on which the registers saw more than was registered, and at least how many; the latest
    first. Over all centres one registered too many covers one who is missing elsewhere in the same hour; the list of a
    day pairs each within her centre, and may be longer."""
    period = Period(last - dt.timedelta(days=DAYS_BACK - 1), last)
    by_day = {row.day: row.arrived - row.matched - row.by_hand for row in hours(period).by_day if row.day}
    return [(day, number) for day, number in sorted(by_day.items(), reverse=True) if number > 0]


def arrival(record_id: int) -> RecordedContact | None:
    return RecordedContact.objects.filter(pk=record_id, result=Result.ANSWERED).first()


def registered_as(record_id: int) -> int | None:
    """The contact that an arrival stands registered as."""
    found = ArrivalAnswer.objects.filter(record=record_id, answer=Answer.REGISTERED, contact__mistake=None)
    return found.values_list("contact", flat=True).first()


def no_contact_came(first: dt.date, last: dt.date, by: Sequence[str]) -> Counts:
    """Those whom a register saw met and of whom somebody said that no contact came of it; keys as in `arrivals`."""
    said = ArrivalAnswer.objects.filter(answer=Answer.NO_CONTACT, record__result=Result.ANSWERED)
    return counted_among(RecordedContact.objects.filter(pk__in=said.values("record")), first, last, by)
