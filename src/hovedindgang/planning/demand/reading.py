"""A file of calls per interval, read line by line; what is wrong with it is said with its line numbers."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from hovedindgang.planning.demand.series import Series
from hovedindgang.planning.language import gettext, number
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.rows import Wrong, rows_of
from hovedindgang.servicemodel.hours import zone_named

MOST_CELLS = 20_000_000
MOST_CALLS = 1_000_000
DAY_MINUTES = 1440
LEAST_STEPS = 6  # from row to row, for days to be of another interval


class Row(NamedTuple):
    """One line of the file: its number, its wall-clock time, the instant (None without a zone) and the calls; `kind`:
    what else stands in it, such as the channel and the service."""

    line: int
    start: dt.datetime
    instant: float | None
    calls: int
    kind: tuple[str, ...] = ()


def read(file: Path, *, zone: str | None = None, gaps: str = "refuse") -> Series:
    """Read `interval_start,calls`. Times are wall-clock times as written; with `zone` they are turned into its own.

    `gaps`: what an interval missing inside a day is: "refuse" it, "zero" calls, or "missing" (unknown). Raises
    CannotPlan for everything else: the file's lines are named.
    """
    rows = list(rows_read(file, zone_of(zone)))
    once(file, rows)
    _in_order(file, rows)
    interval = interval_of(file, rows)
    series = gridded(file, rows, interval)
    return without_gaps(file, rows, series, gaps, zone_of(zone))


def zone_of(name: str | None) -> ZoneInfo | None:
    try:
        return None if name is None else zone_named(name)
    except ValueError:
        raise CannotPlan(
            gettext("Der er ingen tidszone {name}.").format(name=name), cure=gettext("Skriv fx Europe/Copenhagen.")
        ) from None


def rows_read(file: Path, zone: ZoneInfo | None, kinds: Sequence[str] = ()) -> Iterator[Row]:
    """Each line, with its fields of the columns `kinds`; what cannot be read is refused with its lines."""
    times, counts, large, nameless = Wrong(file), Wrong(file), Wrong(file), Wrong(file)
    aware = naive = 0
    first_of = {True: 0, False: 0}
    for line, (start_text, calls_text, *texts) in rows_of(file, ("interval_start", "calls", *kinds)):
        kind = tuple(text.strip() for text in texts)
        if not all(kind):
            nameless.at(line, ", ".join(name for name, text in zip(kinds, kind, strict=True) if not text))
            continue
        try:
            start = dt.datetime.fromisoformat(start_text.strip())
        except ValueError:
            times.at(line, start_text[:40] or gettext("(tom)"))
            continue
        calls = _calls(calls_text)
        if calls is None:
            counts.at(line, calls_text[:40] or gettext("(tom)"))
            continue
        if calls > MOST_CALLS:
            large.at(line, calls_text[:40])
            continue
        known = start.tzinfo is not None
        aware, naive = aware + known, naive + (not known)
        first_of[known] = first_of[known] or line
        if aware and naive:
            raise CannotPlan(
                gettext("{file} blander tider med og uden tidszone.").format(file=file.name),
                cure=gettext("Skriv alle tider på samme måde: alle med Z eller +01:00, eller alle uden."),
                where=tuple(gettext("linje {line}").format(line=place) for place in sorted(first_of.values())),
            )
        instant = start.timestamp() if known else None
        local = start.astimezone(zone) if known and zone is not None else start
        yield Row(line, local.replace(tzinfo=None), instant, calls, kind)
    nameless.stop(
        gettext("{file} har rækker, hvor en kanal eller en opgave er tom ({count})."),
        gettext("Skriv et navn i hver række; er det ikke kendt, så skriv fx andet."),
    )
    times.stop(
        gettext("{file} har tider, der ikke kan læses ({count})."), gettext("Skriv tider som 2026-03-02T08:00:00.")
    )
    large.stop(
        gettext("{file} har antal over {most} ({count}).").replace("{most}", number(MOST_CALLS)),
        gettext("Se efter, om et tal er skrevet forkert, eller om to kolonner er løbet sammen."),
    )
    counts.stop(
        gettext("{file} har antal, der ikke er hele tal fra 0 og op ({count})."),
        gettext("Skriv et helt antal opkald; er antallet ukendt, så lad rækken ude."),
    )


def _calls(text: str) -> int | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return int(value) if 0 <= value < math.inf and value == int(value) else None


def once(file: Path, rows: Sequence[Row]) -> None:
    """Refuse what is doubled: the same interval of the same kind."""
    twice = Wrong(file)
    seen: dict[object, int] = {}
    for row in rows:
        key = (row.instant if row.instant is not None else row.start, row.kind)
        if key in seen:
            told = gettext("{time} står også i linje {other}")
            twice.at(row.line, told.format(time=" ".join((str(row.start), *row.kind)), other=seen[key]))
        seen.setdefault(key, row.line)
    twice.stop(
        gettext("{file} har intervaller, der står to gange ({count})."),
        gettext("Behold én række for hvert interval; læg dem sammen, hvis de er to køer."),
    )


def _in_order(file: Path, rows: Sequence[Row]) -> None:
    """Refuse what is out of order."""
    late = Wrong(file)
    for before, row in pairwise(rows):
        earlier = (
            row.instant < before.instant
            if row.instant is not None and before.instant is not None
            else row.start < before.start
        )
        if earlier:
            late.at(row.line, gettext("{time} efter {other}").format(time=row.start, other=before.start))
    late.stop(gettext("{file} er ikke i tidsorden (steder: {count})."), gettext("Sortér filen efter interval_start."))


def interval_of(file: Path, rows: Sequence[Row]) -> int:
    """Minutes between the starts of two intervals: the commonest step, to which all must keep."""
    steps = Counter(
        int((later.start - row.start).total_seconds())
        for row, later in pairwise(rows)
        if later.start.date() == row.start.date() and later.start > row.start
    )
    seconds = steps.most_common(1)[0][0] if steps else DAY_MINUTES * 60
    if seconds % 60 or (DAY_MINUTES * 60) % seconds:
        raise CannotPlan(
            gettext("Intervallerne i {file} er på {seconds} sekunder.").format(file=file.name, seconds=number(seconds)),
            cure=gettext("Brug hele minutter, der går op i et døgn: 5, 15, 30 eller 60."),
        )
    on_grid(file, rows, seconds)
    return seconds // 60


def on_grid(file: Path, rows: Sequence[Row], seconds: int) -> None:
    """Refuse rows that are not `seconds`, or a multiple, from the first, and days counted in longer intervals."""
    other = Wrong(file)
    anchor = rows[0].start.hour * 3600 + rows[0].start.minute * 60 + rows[0].start.second
    for row in rows:
        at = row.start.hour * 3600 + row.start.minute * 60 + row.start.second
        if (at - anchor) % seconds or row.start.microsecond:
            other.at(row.line, str(row.start))
    _coarser(other, rows, seconds)
    other.stop(
        gettext("{file} har rækker uden for gitteret af {minutes} minutter ({count}).").replace(
            "{minutes}", str(seconds // 60)
        ),
        gettext("Brug samme interval i hele filen; læg fx alle tal sammen pr. kvarter."),
    )


def _coarser(other: Wrong, rows: Sequence[Row], seconds: int) -> None:
    """Days on end that were counted in longer intervals fit the grid, and their numbers are of another kind.

    Rows left out because nobody called look so by chance on a single day, and not at the same step day upon day.
    """
    run: list[Sequence[Row]] = []
    run_step = 0
    for rows_of_day in [*(list(day) for _, day in groupby(rows, key=lambda row: row.start.date())), []]:
        step = _step(rows_of_day)
        if step <= seconds or step != run_step:
            if sum(len(day) - 1 for day in run) >= LEAST_STEPS:
                other.at(
                    run[0][0].line,
                    gettext("{first} til {last}: {minutes} minutter").format(
                        first=run[0][0].start.date(), last=run[-1][0].start.date(), minutes=run_step // 60
                    ),
                )
            run, run_step = [], step
        if step > seconds:
            run.append(rows_of_day)


def _step(rows: Sequence[Row]) -> int:
    """Seconds from row to row of a day where nearly all of them are alike and none is shorter; else 0."""
    steps = Counter(int((later.start - row.start).total_seconds()) for row, later in pairwise(rows))
    step, times = steps.most_common(1)[0] if steps else (0, 0)
    return step if times >= 2 and 3 * times >= 2 * steps.total() and step == min(steps) else 0


def gridded(file: Path, rows: Sequence[Row], interval: int) -> Series:
    """Days × times of day. The hour that comes twice in autumn counts as the mean of both."""
    days = sorted({row.start.date() for row in rows})
    starts = sorted({row.start.hour * 60 + row.start.minute for row in rows})
    if len(days) * len(starts) > MOST_CELLS:
        raise CannotPlan(
            gettext("{file} har {days} dage, de fleste næsten tomme.").format(file=file.name, days=number(len(days))),
            cure=gettext("Giv de sidste år alene."),
        )
    day_at = {day: place for place, day in enumerate(days)}
    start_at = {start: place for place, start in enumerate(starts)}
    sums, times = np.zeros((len(days), len(starts))), np.zeros((len(days), len(starts)))
    for row in rows:
        place = day_at[row.start.date()], start_at[row.start.hour * 60 + row.start.minute]
        sums[place] += row.calls
        times[place] += 1
    counts = np.where(times > 0, np.round(sums / np.maximum(times, 1)), np.nan)
    return Series(days=tuple(days), starts_minutes=tuple(starts), interval_minutes=interval, counts=counts)


def _exists(day: dt.date, minutes: int, zone: ZoneInfo | None) -> bool:
    """Whether the clock shows that time on that day: on the last Sunday of March an hour is left out."""
    if zone is None:
        return True
    at = dt.datetime.combine(day, dt.time(minutes // 60, minutes % 60), zone)
    return at.astimezone(dt.UTC).astimezone(zone).replace(tzinfo=None) == at.replace(tzinfo=None)


def without_gaps(file: Path, rows: Sequence[Row], series: Series, gaps: str, zone: ZoneInfo | None) -> Series:
    """Refuse, or fill, intervals missing inside a day that the weekday usually has; lunch closed always is no gap."""
    holes = Wrong(file)
    last_line = {(row.start.date(), row.start.hour * 60 + row.start.minute): row.line for row in rows}
    usual = {weekday: series.open_on(weekday) for weekday in range(7)}
    counts = series.counts.copy()
    for place, day in enumerate(series.days):
        there = np.flatnonzero(~np.isnan(counts[place]))
        inside = np.zeros(counts.shape[1], dtype=bool)
        inside[there[0] : there[-1] + 1] = True
        absent = np.flatnonzero(inside & np.isnan(counts[place]) & usual[day.weekday()])
        missing = np.array([one for one in absent if _exists(day, series.starts_minutes[one], zone)], dtype=np.intp)
        if not len(missing):
            continue
        first = int(missing[0])
        held = int(there[there < first][-1])
        holes.at(
            last_line[day, series.starts_minutes[held]] + 1,
            gettext("{day}: {count} mangler, det første interval kl. {time}").format(
                day=day, count=len(missing), time=_clock(series.starts_minutes[first])
            ),
        )
        if gaps == "zero":
            counts[place, missing] = 0
    if gaps == "refuse":
        holes.stop(
            gettext("{file} har huller (dage: {count})."),
            gettext(
                "Skriv 0, hvor ingen ringede, eller brug --gaps zero (ingen ringede) eller --gaps missing (ukendt)."
            ),
        )
    return Series(
        days=series.days,
        starts_minutes=series.starts_minutes,
        interval_minutes=series.interval_minutes,
        counts=counts,
    )


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
