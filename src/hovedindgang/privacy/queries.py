"""Reads: what is due on which day, what holds, what went, and who is mentioned nowhere."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db.models import Exists, Max, OuterRef

from hovedindgang.contacts.models import Handover, Journalised
from hovedindgang.contacts.searching import citizens_mentioned
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import ActorKind
from hovedindgang.kernel.models import LookUp
from hovedindgang.people.forgetting import with_a_representation, without_a_reason
from hovedindgang.people.models import Citizen, Client
from hovedindgang.privacy.gathering import candidates, gather, judged, periods, persons_held, together
from hovedindgang.privacy.models import Hold, Package, RetentionRun
from hovedindgang.privacy.rules import Kept
from hovedindgang.surveys.queries import citizens_named

DAYS_AHEAD = 30
AT_ONCE = 200
SHOWN = 30
LATELY = dt.timedelta(days=2)  # somebody has her on the screen and may be writing


@dataclass(slots=True)
class Plan:
    """What would go, by day, service and ground; what would be kept though its time has come, by reason. In contacts.

    What is due already stands under today.
    """

    today: dt.date
    until: dt.date
    lines: Counter[tuple[dt.date, str, str]] = field(default_factory=Counter)
    archive: Counter[str] = field(default_factory=Counter)  # of these, what goes to the archive first, by service
    kept: Counter[Kept] = field(default_factory=Counter)
    seen: int = 0

    @property
    def total(self) -> int:
        return self.lines.total()


def plan(*, days: int = DAYS_AHEAD, said: Callable[[Plan], None] = lambda _plan: None) -> Plan:
    """What the retention would do in the coming days if nothing else happened: the rules that run, and nothing written.

    `said` is told after each batch. Raises NoPolicyInForce.
    """
    today = clock.today()
    found = Plan(today, today + dt.timedelta(days=days))
    kept_for, after = periods(today), None
    while places := candidates(said=kept_for, today=found.until, after=after, limit=AT_ONCE):
        after = places[-1]
        met = [members for members, first in together(places, kept_for, found.until) if first in places]
        for group, verdict in judged(gather([one for each in met for one in each], today), kept_for, found.until):
            number = len(group.contacts)
            found.seen += number
            if verdict.kept is None and verdict.ends_on is not None:
                found.lines[max(verdict.ends_on, today), verdict.service, verdict.ground] += number
                if verdict.archive:
                    found.archive[verdict.service] += number
            elif verdict.kept is not None and verdict.kept is not Kept.NOT_YET:
                found.kept[verdict.kept] += number
        said(found)
    return found


def planned_lines() -> list[list[object]]:
    """The plan of the coming days as a run keeps it; for a house that has not run yet. Raises NoPolicyInForce."""
    return [[day.isoformat(), *what, number] for (day, *what), number in sorted(plan().lines.items())]


def holds() -> list[Hold]:
    """Those that stand, the first to end first."""
    standing = Hold.objects.filter(lifted_at__isnull=True, until__gte=clock.today())
    return list(standing.select_related("placed_by").order_by("until", "pk"))


def runs(limit: int = SHOWN) -> list[RetentionRun]:
    """The newest first."""
    return list(RetentionRun.objects.order_by("-started_at", "-pk")[:limit])


def unneeded_citizens(*, after: int, before: dt.datetime, limit: int, today: dt.date) -> tuple[list[int], list[int]]:
    """The next citizens by number whom no row keeps, and those of them who may go.

    Whom a text names, for whom somebody may act, who was looked up lately, who is held, and who was registered after
    `before` stays.
    """
    rows = without_a_reason(Citizen.objects.filter(pk__gt=after, created_at__lt=before))
    asked = list(rows.order_by("pk").values_list("pk", flat=True)[:limit])
    seen = LookUp.objects.filter(citizen_id=OuterRef("pk"), at__gte=clock.now() - LATELY)
    calm = set(Citizen.objects.filter(Exists(seen), pk__in=asked).values_list("pk", flat=True))
    staying = calm | set(persons_held(asked, today)) | citizens_mentioned(asked) | citizens_named(asked)
    staying |= with_a_representation(asked, today)
    return asked, [number for number in asked if number not in staying]


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who has been given what we hold of her, and when last: a department, another system, or the case system.

    `name` "" is the case system's.
    """

    name: str
    last_on: dt.date


def receivers(citizen_id: int) -> list[Receiver]:
    """Those who must be told what is put right, erased or restricted (GDPR article 19), the last first. Three queries.

    Departments by the matters of hers that were handed to them, systems by the look-ups they made of her, and the case
    system by what has been journalised.
    """
    handed = Handover.objects.filter(enquiry__for_whom__citizen=citizen_id).values_list("department__name")
    journal = Journalised.objects.filter(enquiry__for_whom__citizen=citizen_id, done_at__isnull=False)
    seen = LookUp.objects.filter(citizen_id=citizen_id, actor_kind=ActorKind.CLIENT).values_list("actor_id")
    systems = dict(seen.annotate(last=Max("at")))
    names = dict(Client.objects.filter(pk__in=[number for number in systems if number]).values_list("pk", "name"))
    found = [Receiver(name, clock.local_day(last)) for name, last in handed.annotate(last=Max("sent_at"))]
    found += [Receiver(names.get(number, str(number)), clock.local_day(last)) for number, last in systems.items()]
    if last := journal.aggregate(last=Max("done_at"))["last"]:
        found.append(Receiver("", clock.local_day(last)))
    return sorted(found, key=lambda one: (one.last_on, one.name), reverse=True)


def packages(citizen_id: int) -> list[Package]:
    """What was taken out for her, the newest first."""
    rows = Package.objects.filter(citizen=citizen_id).select_related("made_by", "reviewed_by")
    return list(rows.order_by("-pk"))
