"""The figures of a file that was read in, from its rows in the database: the same as the report of the file gives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from django.db.models import Case, Count, F, Max, Min, QuerySet, Value, When
from django.db.models.functions import ExtractHour, TruncDate

from hovedindgang.registers.figures import POOLED, LogFigures, Volume, spread
from hovedindgang.registers.models import ImportedFile, LogStep, RecordedContact
from hovedindgang.registers.queries import handovers_between_groups
from hovedindgang.registers.record_rows import Record
from hovedindgang.registers.register_figures import RegisterFigures, register_figures

AT_ONCE = 2_000  # rows


def figures_of_log(file: ImportedFile) -> LogFigures:
    """Counted by the database. Deadlines, paths and orders of activities are in the report of the file only."""
    steps, zone = LogStep.objects.filter(file=file), ZoneInfo(file.zone)
    spans = steps.values("case").annotate(first=Min("at"), last=Max("at"), channel_of=Min("channel")).order_by()
    took = [(row["channel_of"], (row["last"] - row["first"]).total_seconds() / 86_400) for row in spans.iterator()]
    activities = Counter(dict(steps.values_list("activity").annotate(number=Count("pk")).order_by()))
    handed = handovers_between_groups(file.pk)
    return LogFigures(
        events=file.read,
        cases=len(took),
        activities=len(activities),
        first_at=file.first_at.astimezone(zone),
        last_at=file.last_at.astimezone(zone),
        arrivals=_volume(steps.filter(position=0), zone),
        work=_volume(steps, zone),
        channels=_words(steps, "channel"),
        departments=_words(steps, "department", file.pooled_departments),
        groups=_words(steps, "group", file.pooled),
        steps_by_activity=activities.most_common(15),
        durations=spread(days for _channel, days in took),
        durations_by_channel={
            name: spread(days for channel, days in took if channel == name) for name in sorted({c for c, _days in took})
        },
        handovers=handed if handed.judged else None,
    )


def figures_of_register(file: ImportedFile) -> RegisterFigures:
    """From the rows that this file brought; those that an earlier file had brought already are counted there."""
    return register_figures(_records(file), ZoneInfo(file.zone), frozenset(file.pooled))


def _records(file: ImportedFile) -> Iterator[Record]:
    """Some at a time: a connection without cursors of its own holds all that one statement finds.

    They are asked for by row number, of which a file has a stretch nearly to itself.
    """
    rows = RecordedContact.objects.filter(file=file)
    ends = rows.aggregate(first=Min("pk"), last=Max("pk"))
    fields = (
        Value(""), "kind", "channel", "queue", Value(""), F("service_id"), F("centre_id"),
        "came_at", "called_at", "ended_at", "result", "registrations",
    )  # fmt: skip
    for first in range(ends["first"] or 0, (ends["last"] or -1) + 1, AT_ONCE):
        some = rows.filter(pk__gte=first, pk__lt=first + AT_ONCE).order_by("pk")
        yield from (Record(*row) for row in some.values_list(*fields))


def _volume(steps: QuerySet[LogStep], zone: ZoneInfo) -> Volume:
    counted = steps.annotate(day=TruncDate("at", tzinfo=zone), hour=ExtractHour("at", tzinfo=zone))
    rows = counted.values_list("day", "hour").annotate(number=Count("pk")).order_by()
    return Volume.of({(day, hour): number for day, hour, number in rows})


def _words(steps: QuerySet[LogStep], field: str, pooled: Iterable[str] = ()) -> dict[str, tuple[int, int]]:
    """Word → (cases that have a step with it, steps); most cases first."""
    word = Case(When(**{f"{field}__in": list(pooled)}, then=Value(POOLED)), default=F(field))
    rows = steps.annotate(word=word).values_list("word").annotate(cases=Count("case", distinct=True), steps=Count("pk"))
    return {word: (cases, number) for word, cases, number in rows.order_by("-cases", "word")}
