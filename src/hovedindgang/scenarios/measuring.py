"""What the registers say of a time: sums of contacts, matters, handovers, tickets and calls. No person is read out.

A group under the model's smallest is left out, and a mean of fewer than `ENOUGH` is not used. Minutes and outcomes are
by service, channel and level, never by person: who did the work is asked only to count them, and what fewer employees
than the smallest group did is left out, as it would tell of each.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hovedindgang.contacts.models import Contact, Enquiry, Handover, Signpost
from hovedindgang.contacts.rules import Direction, FollowsHow, HandoverState, Outcome, WorkedBy
from hovedindgang.insight.periods import Period
from hovedindgang.insight.queries import board
from hovedindgang.insight.rules import CARRIED_HERE
from hovedindgang.kernel.clock import DENMARK, day_bounds
from hovedindgang.people.queries import employees
from hovedindgang.registers.models import RecordedContact
from hovedindgang.registers.rules import Result
from hovedindgang.servicemodel.document import Channel, ServiceKind, ServiceModel

ENOUGH = 30  # observations behind a mean that is used
LONGEST_MINUTES = 240.0  # a contact that lasted longer was left open by mistake


@dataclass(slots=True)
class Spread:
    """A mean and its spread, of so many."""

    number: int = 0
    total: float = 0.0
    squares: float = 0.0

    def add(self, value: float) -> None:
        self.number += 1
        self.total += value
        self.squares += value * value

    @property
    def mean(self) -> float:
        return self.total / self.number

    @property
    def cv(self) -> float:
        """Standard deviation over the mean."""
        variance = max(0.0, self.squares / self.number - self.mean**2) * self.number / max(1, self.number - 1)
        return math.sqrt(variance) / self.mean if self.mean else 0.0


@dataclass(slots=True)
class Measured:
    """Sums of a time. Channels as the model's words; weekday 0 is Monday."""

    first: dt.date
    last: dt.date
    smallest: int
    contacts: Counter[str] = field(default_factory=Counter)  # by channel; who finished alone is not among them
    alone: int = 0  # self-service finished by the citizen
    by_day: Counter[tuple[str, dt.date]] = field(default_factory=Counter)
    by_hour: Counter[tuple[str, int]] = field(default_factory=Counter)
    by_centre: Counter[str] = field(default_factory=Counter)  # in person
    services: Counter[str] = field(default_factory=Counter)  # matters, by "channel:service"; who finished alone too
    with_self_service: int = 0  # digital matters that somebody of ours took, of services with a self-service
    employees: Counter[str] = field(default_factory=Counter)  # who meet citizens, by centre
    handle: dict[str, Spread] = field(default_factory=lambda: defaultdict(Spread))  # "channel:service"
    minutes: dict[str, Spread] = field(default_factory=lambda: defaultdict(Spread))  # by channel
    timed: Counter[str] = field(default_factory=Counter)  # behind the channel's minutes, by "channel:service"
    ended: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))  # level → `ENDS`
    handovers: Counter[str] = field(default_factory=Counter)  # by state
    shown_the_way: int = 0  # matters with which the citizen herself went on to a department
    answer_days: Spread = field(default_factory=Spread)  # calendar days from sent to answered
    waits: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))  # minutes of those reached
    left: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))  # minutes of those who gave up
    a: float | None = None
    b: float | None = None

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def reached(self, channel: str) -> int:
        """Contacts that somebody of ours took: those registered, or as many as the queue and telephone systems saw
        answered where that is more. Nobody wrote the others down, but they took somebody's time."""
        return max(self.contacts[channel], len(self.waits.get(channel, ())))

    def happened(self) -> dict[str, float]:
        """What a replay is held against, by the keys of `figures`; small groups are left out."""
        found: dict[str, float] = {}
        for channel, number in self.contacts.items():
            if number >= self.smallest:
                found[f"served:{channel}"] = self.reached(channel) / self.days
        for channel, spread in self.minutes.items():
            if spread.number >= ENOUGH:
                found[f"minutes:{channel}"] = spread.mean
        for channel, waits in self.waits.items():
            if len(waits) >= ENOUGH:
                ranked = sorted(waits)
                found[f"wait:{channel}"] = math.fsum(ranked) / len(ranked)
                for name, share in (("p80", 0.8), ("p95", 0.95)):
                    found[f"{name}:{channel}"] = ranked[min(len(ranked) - 1, math.ceil(share * len(ranked)) - 1)]
                gone = len(self.left.get(channel, ()))
                if gone == 0 or gone >= self.smallest:
                    found[f"left:{channel}"] = gone / (gone + len(ranked))
        went_on = sum(self.handovers.values()) + self.shown_the_way
        if went_on >= self.smallest:
            found["sent:all"] = went_on / self.days
        for name, share_ in (("a:all", self.a), ("b:all", self.b)):
            if share_ is not None:
                found[name] = share_
        return {key: round(value, 6) for key, value in found.items()}


def measure(first: dt.date, last: dt.date, *, model: ServiceModel, smallest: int) -> Measured:
    """All sums of the days from `first` to `last`, in a few passes over their rows and one board."""
    found = Measured(first, last, smallest)
    _contacts(found)
    _matters(found, frozenset(key for key, one in model.services.items() if one.self_service))
    _endings(found, model.parameters.signpost_counts)
    found.employees.update(one.centre_id for one in employees() if one.is_active and one.is_employee and one.centre_id)
    _handovers(found)
    _registers(found)
    shown = board(Period(first, last))
    found.a, found.b = shown.a.share, shown.b.share
    return found


def first_registered() -> dt.date | None:
    """The day of the first contact that stands."""
    return Contact.objects.order_by("received_on").values_list("received_on", flat=True).first()


OURS = {"direction": Direction.IN, "department": None, "merged_into": None}  # that reached Borgerservice


def _contacts(found: Measured) -> None:
    rows = Contact.objects.filter(received_on__range=(found.first, found.last), **OURS).order_by()
    for channel, centre, day, started, unattended in rows.values_list(
        "channel", "centre_id", "received_on", "started_at", "unattended"
    ).iterator(chunk_size=5000):
        if unattended:
            continue
        found.contacts[channel] += 1
        found.by_day[channel, day] += 1
        found.by_hour[channel, started.astimezone(DENMARK).hour] += 1
        if channel == Channel.IN_PERSON and centre:
            found.by_centre[centre] += 1


def _matters(found: Measured, self_service: frozenset[str]) -> None:
    """Services, minutes of contacts about one matter, and what came of each."""
    ours = {f"contact__{name}": value for name, value in OURS.items()}
    rows = Enquiry.objects.filter(received_on__range=(found.first, found.last), **ours)
    about = [
        "contact__channel",
        "contact__unattended",
        "contact__started_at",
        "contact__ended_at",
        "contact__times_true",
        "contact__employee_id",
    ]
    alone: dict[int, tuple[str, str, float, int | None] | None] = {}
    for row in rows.order_by().values_list("contact_id", "service_id", *about).iterator(chunk_size=5000):
        contact, service, channel, unattended, began, ended, true, employee = row
        if unattended:  # one that the model has no self-service for cannot be simulated as such
            found.alone += service in self_service
            found.services[f"{channel}:{service}"] += service in self_service
            continue
        found.services[f"{channel}:{service}"] += 1
        found.with_self_service += channel == Channel.DIGITAL and service in self_service
        minutes = (ended - began).total_seconds() / 60.0
        usable = true and 0.0 < minutes <= LONGEST_MINUTES and contact not in alone
        alone[contact] = (channel, service, minutes, employee) if usable else None
    by_service, by_channel = _Hands(), _Hands()
    for one in alone.values():
        if one is not None:
            channel, service, minutes, employee = one
            found.handle[f"{channel}:{service}"].add(minutes)
            found.minutes[channel].add(minutes)
            found.timed[f"{channel}:{service}"] += 1
            by_service.add(f"{channel}:{service}", employee)
            by_channel.add(channel, employee)
    by_service.leave_out(found.handle, found.smallest)
    by_channel.leave_out(found.minutes, found.smallest)


class _Hands:
    """Whose work each figure is of: to count them, and forgotten with that."""

    def __init__(self) -> None:
        self._of: dict[str, set[int]] = defaultdict(set)

    def add(self, key: str, employee: int | None) -> None:
        if employee is not None:
            self._of[key].add(employee)

    def leave_out(self, figures: dict[str, Any], smallest: int) -> None:
        """Takes out what is of fewer than `smallest`. What nobody is registered with tells of nobody, and stays."""
        for key, who in self._of.items():
            if len(who) < smallest:
                figures.pop(key, None)


RESOLVED, COMES_BACK, HANDED_OVER, NOT_HELPED = ENDS = ("resolved", "comes_back", "handed_over", "not_helped")
APART = "apart"  # how the policy counts who was shown to another authority: in neither indicator


def _endings(found: Measured, signpost_counts: str) -> None:
    """What came of each matter: what came after it says more than how it was closed.

    A department that was asked, or ended it, or to which she was shown: handed over. A later contact that was planned,
    or a citizen who was asked to come back: comes back. Chasing, not helped, our error: not helped. Who was shown to
    another authority with what is not ours counts as the policy says, and by most policies not at all.
    """
    within = {"received_on__range": (found.first, found.last)}
    ours = {f"contact__{name}": value for name, value in OURS.items()}
    rows = Enquiry.objects.filter(**within, **ours, contact__unattended=False)
    handed = set(Handover.objects.filter(enquiry__in=rows).values_list("enquiry_id", flat=True))
    later = dict(rows.filter(follows__isnull=False).values_list("follows_id", "follows_how"))
    inside = set(
        Signpost.objects.filter(enquiry__in=rows, department__isnull=False).values_list("enquiry_id", flat=True)
    )
    ended = rows.exclude(outcome__in=[Outcome.OPEN, Outcome.WITHDRAWN]).order_by()
    hands, about = _Hands(), ("pk", "level", "kind", "outcome", "worked_by", "outcome_by_id")
    for pk, level, kind, outcome, by, employee in ended.values_list(*about).iterator(chunk_size=5000):
        how = later.get(pk)
        shown = outcome == Outcome.SIGNPOSTED
        away = shown and pk not in inside and not (level in CARRIED_HERE and kind == ServiceKind.TRANSACTION)
        if away and signpost_counts == APART:
            continue
        if how in {FollowsHow.CHASING, FollowsHow.NOT_HELPED, FollowsHow.OUR_ERROR}:
            came = NOT_HELPED
        elif how == FollowsHow.PLANNED_STEP or (how is None and outcome == Outcome.MUST_COME_BACK):
            came = COMES_BACK
        elif away:
            came = RESOLVED if signpost_counts == "solved" else HANDED_OVER
        elif shown or pk in handed or by == WorkedBy.DEPARTMENT or outcome == Outcome.PASSED_ON:
            came = HANDED_OVER
        else:
            came = RESOLVED
        found.shown_the_way += shown and pk in inside
        found.ended[level][came] += 1
        hands.add(level, employee)
    hands.leave_out(found.ended, found.smallest)


def _handovers(found: Measured) -> None:
    start, end = day_bounds(found.first)[0], day_bounds(found.last)[1]
    rows = Handover.objects.filter(sent_at__gte=start, sent_at__lt=end).order_by()
    for state, sent, closed in rows.values_list("state", "sent_at", "closed_at").iterator(chunk_size=5000):
        found.handovers[state] += 1
        if state == HandoverState.ANSWERED and closed:
            found.answer_days.add((closed - sent).total_seconds() / 86400.0)


def _registers(found: Measured) -> None:
    start, end = day_bounds(found.first)[0], day_bounds(found.last)[1]
    rows = RecordedContact.objects.filter(
        came_at__gte=start, came_at__lt=end, channel__in=[Channel.IN_PERSON, Channel.PHONE]
    ).order_by()
    values = rows.values_list("channel", "result", "came_at", "called_at", "ended_at")
    for channel, result, came, called, ended in values.iterator(chunk_size=5000):
        if result == Result.ANSWERED and called:
            found.waits[channel].append((called - came).total_seconds() / 60.0)
        elif result == Result.LEFT and ended:
            found.left[channel].append((ended - came).total_seconds() / 60.0)


def weekday_means(days: Mapping[tuple[str, dt.date], int], channel: str, first: dt.date, last: dt.date) -> list[float]:
    """Contacts on each weekday, in the mean of all such days of the time."""
    counts, number = [0] * 7, [0] * 7
    for place in range((last - first).days + 1):
        day = first + dt.timedelta(days=place)
        number[day.weekday()] += 1
        counts[day.weekday()] += days.get((channel, day), 0)
    return [count / many if many else 0.0 for count, many in zip(counts, number, strict=True)]


def month_factors(measured: Measured, channels: Iterable[str]) -> dict[int, float]:
    """Each month's contacts a workday against the whole time's; months with under 100 contacts are left out."""
    counts: Counter[int] = Counter()
    days: Counter[int] = Counter()
    for place in range(measured.days):
        day = measured.first + dt.timedelta(days=place)
        days[day.month] += day.weekday() < 5
        counts[day.month] += sum(measured.by_day.get((channel, day), 0) for channel in channels)
    usual = sum(counts.values()) / max(1, sum(days.values()))
    return {
        month: counts[month] / days[month] / usual
        for month in sorted(counts)
        if counts[month] >= 100 and days[month] and usual
    }


def day_spread(measured: Measured, channel: str, months: Mapping[int, float]) -> float | None:
    """How much days differ beyond weekday, month and chance (Poisson): a coefficient of variation, by moments."""
    means = weekday_means(measured.by_day, channel, measured.first, measured.last)
    ratios, chance = Spread(), 0.0
    for place in range(measured.days):
        day = measured.first + dt.timedelta(days=place)
        number = measured.by_day.get((channel, day), 0)
        expected = means[day.weekday()] * months.get(day.month, 1.0)
        if number and expected >= 5.0:  # a day on which it was closed says nothing of the others
            ratios.add(number / expected)
            chance += 1.0 / expected
    if ratios.number < ENOUGH:
        return None
    variance = (ratios.cv * ratios.mean) ** 2 - chance / ratios.number
    return math.sqrt(max(0.0, variance))


def as_sums(measured: Measured) -> dict[str, Any]:
    """What is kept beside the document: what happened, and of how many days."""
    return {"days": measured.days, "figures": measured.happened()}
