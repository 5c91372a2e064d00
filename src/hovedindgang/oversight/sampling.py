"""The month's sample: drawn by a routine that is fixed, that nobody without the key can foresee, and that can be done
again to prove it (Datatilsynet, "Stikprøver i log").

Routine 1. The seed is the keyed hash of the month. Every look-up of the month that an employee chose to make has a
rank: SHA-256 over the seed and its row number. Openings of closed records are all drawn. Then those that no work
explains are drawn by rank, and then all others by rank, until the model's number is reached. Who knows neither the key
nor the month's last row cannot foresee a rank; who has the key can draw the very same again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.encryption import blind_index
from hovedindgang.kernel.events import append_event
from hovedindgang.kernel.models import LookUp
from hovedindgang.oversight.judging import judge, limits_on, look_ups_of_employees
from hovedindgang.oversight.models import JudgedDay, NoticedLookUp, Question, Sample
from hovedindgang.oversight.rules import SHOWN_BY_ITSELF, Stratum, Why
from hovedindgang.policy.queries import NoPolicyInForce, in_force
from hovedindgang.servicemodel.hours import add_working_days

OPENING = "closed_record"  # the use under which the opening of a closed record is logged
MONTHS_BACK = 3  # so long a worker may have stood still, and its samples are drawn afterwards
UNCHECKED = (Why.NONE, Why.STATED)


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the routine gives: the row numbers by stratum, in the order of drawing, and what they were drawn from."""

    seed: bytes
    rows: dict[int, Stratum]
    population: int
    unlinked: int
    closed: int

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(",".join(map(str, self.rows)).encode()).hexdigest()


def seed_of(month: dt.date) -> bytes:
    """The same for a month as long as the key is the same; no one can work it out without."""
    return blind_index(f"{month:%Y-%m}", place="oversight_sample.seed")


def rank(seed: bytes, look_up: int) -> bytes:
    return hashlib.sha256(seed + look_up.to_bytes(8, "big")).digest()


def draw(month: dt.date, size: int) -> Drawn:
    """The routine, from the log and its settled judgement. Writes nothing."""
    seed, (first, end) = seed_of(month), bounds(month)
    chosen = look_ups_of_employees(first, end).exclude(use__in=SHOWN_BY_ITSELF).filter(citizen_id__isnull=False)
    uses = dict(chosen.values_list("id", "use"))
    noticed = NoticedLookUp.objects.filter(at__gte=first, at__lt=end, why__in=UNCHECKED)
    unlinked = set(noticed.values_list("look_up", flat=True)) & set(uses)
    closed = {number for number, use in uses.items() if use == OPENING}
    rows = dict.fromkeys(_by_rank(seed, closed), Stratum.CLOSED)
    first_drawn = _by_rank(seed, unlinked - closed)[:size]
    then = _by_rank(seed, set(uses) - unlinked - closed)[: size - len(first_drawn)]
    rows |= dict.fromkeys(first_drawn, Stratum.UNLINKED) | dict.fromkeys(then, Stratum.LINKED)
    return Drawn(seed, rows, len(uses), len(unlinked), len(closed))


def _by_rank(seed: bytes, numbers: Iterable[int]) -> list[int]:
    return sorted(numbers, key=lambda number: rank(seed, number))


def bounds(month: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """Half-open instants of a Danish calendar month."""
    following = (month + dt.timedelta(days=32)).replace(day=1)
    return clock.day_bounds(month)[0], clock.day_bounds(following)[0]


def draw_due_samples() -> list[dt.date]:
    """Draw for each month that has ended and is wholly judged, and has no sample yet. Safe to repeat."""
    month, drawn = clock.today().replace(day=1), []
    for _number in range(MONTHS_BACK):
        last = month - dt.timedelta(days=1)
        month = last.replace(day=1)
        is_due = JudgedDay.objects.filter(day=last, settled=True).exists()
        if is_due and not Sample.objects.filter(month=month).exists() and draw_sample(month=month):
            drawn.append(month)
    return drawn


@transaction.atomic
def draw_sample(*, month: dt.date) -> Sample | None:
    """The month's sample, one question for each look-up drawn; None where nobody looked anybody up, or it is drawn.

    One event `sample.drawn`. Two workers at once draw one sample: the row of the month's last day is held meanwhile.
    """
    last = (month + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)
    JudgedDay.objects.select_for_update().filter(day=last).first()
    if Sample.objects.filter(month=month).exists():
        return None
    limits = limits_on(last)
    drawn = draw(month, limits.sample_size)
    if not drawn.population:
        return None
    sample = Sample.objects.create(
        month=month,
        size=limits.sample_size,
        population=drawn.population,
        unlinked=drawn.unlinked,
        closed=drawn.closed,
        seed_fingerprint=hashlib.sha256(drawn.seed).hexdigest(),
        drawn_fingerprint=drawn.fingerprint,
    )
    due_on = due_after(clock.today())
    asked_before = set(Question.objects.filter(look_up__in=list(drawn.rows)).values_list("look_up", flat=True))
    judged = {one.id: one for one in judge(LookUp.objects.filter(pk__in=list(drawn.rows)), limits)}
    # What the settled judgement said stands, also where a matter has changed its owner since.
    said = dict(NoticedLookUp.objects.filter(look_up__in=list(drawn.rows)).values_list("look_up", "why"))
    Question.objects.bulk_create(
        Question(
            sample=sample,
            stratum=stratum,
            look_up=number,
            at=judged[number].at,
            employee_id=judged[number].employee,
            citizen_id=judged[number].citizen,
            use=judged[number].use,
            why=said.get(number, judged[number].why),
            due_on=due_on,
        )
        for number, stratum in drawn.rows.items()
        if number not in asked_before  # a leader has asked about it already
    )
    append_event(
        verb="sample.drawn",
        actor=SYSTEM,
        subject_kind="sample",
        subject_id=f"{month:%Y-%m}",
        facts={
            "rows": len(drawn.rows),
            "population": drawn.population,
            "unlinked": drawn.unlinked,
            "closed": drawn.closed,
            "drawn": drawn.fingerprint,
        },
    )
    return sample


def due_after(day: dt.date) -> dt.date:
    """The day by which the leader has signed off, by the model's working days."""
    days = limits_on(day).sign_off_working_days
    try:
        return add_working_days(in_force(day).model, day, days)
    except NoPolicyInForce:
        return day + dt.timedelta(days=days)


def draw_again(sample: Sample) -> list[str]:
    """What a new drawing by the same routine gives otherwise than the sample says; [] proves it."""
    drawn = draw(sample.month, sample.size)
    told = {
        "seed": (sample.seed_fingerprint, hashlib.sha256(drawn.seed).hexdigest()),
        "population": (sample.population, drawn.population),
        "unlinked": (sample.unlinked, drawn.unlinked),
        "closed": (sample.closed, drawn.closed),
        "drawn": (sample.drawn_fingerprint, drawn.fingerprint),
    }
    return [name for name, (was, now) in told.items() if was != now]
