"""When each employee comes, has her breaks and goes, in one replication: her shifts, but for what keeps her away.

Written once and built twice, as the event loop is. Sickness is a chain of two states from day to day, so that spells
last as long as was said and the share of days is kept; holidays come in whole weeks, training in days, meetings in
hours somewhere in the time at work.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hovedindgang.planning.compiling import built, by_reference, compiled
from hovedindgang.planning.simulation.network import DAY

_uniform = built("hovedindgang.planning.simulation.chance").uniform

MEETING_MINUTES = 60.0  # the shortest
GOES_HOME, TAKES_A_BREAK = -1, -2
_SPACED = 4096  # days of a lead, at most: so far apart lie the numbers of its draws
_BEFORE = np.uint64(0x3C6EF372FE94F82B)  # chance of the lead is another than that of the days that were asked for


class Shifts(NamedTuple):
    """Who works when, as arrays. A employees, D days, K kinds of day, S shifts of them, B breaks in those."""

    stream: NDArray[np.uint64]  # [A]
    always: NDArray[np.int64]  # [A] the place of who is always on duty; -1: she has shifts
    everything: int  # all channels
    kind_of: NDArray[np.int64]  # [A, D] the kind of day; -1: off
    minutes: NDArray[np.float64]  # [K] of its shifts together
    first_shift: NDArray[np.int64]  # [K + 1]
    begins: NDArray[np.float64]  # [S] minutes of the day
    ends: NDArray[np.float64]
    place: NDArray[np.int64]
    channels: NDArray[np.int64]
    first_break: NDArray[np.int64]  # [S + 1]
    break_from: NDArray[np.float64]  # [B] in order
    break_to: NDArray[np.float64]
    # what keeps people away
    weekday: int  # of the first day, and of the first that was asked for, 0 = Monday
    lead: int  # days
    sickness: float  # share of days
    falls_ill: float  # chance of it on a day after one without
    recovers: float
    holidays: float
    training: float
    meetings: float


@compiled
def absences(t, stream, away):  # type: ignore[no-untyped-def]
    """Fills `away` [D]: whether she is ill, on holiday or on a course that day."""
    asked = away.shape[0] - t.lead
    stretch(t, stream, asked, t.weekday, t.lead, 1, asked, away)
    stretch(t, stream ^ _BEFORE, _SPACED, (7 - t.weekday) % 7, t.lead - 1, -1, t.lead, away)


@compiled
def stretch(t, stream, spaced, monday, first, step, count, away):  # type: ignore[no-untyped-def]
    """Fills `count` days of `away`, from `first` on or (step -1) back.

    Spells of illness are the same told from behind. `monday`: days by which the first is later in its week than its
    beginning; told from behind, earlier than its end.
    """
    ill = False
    for day in range(count):
        chance = _uniform(stream, day)
        if day == 0:
            ill = chance < t.sickness
        elif ill:
            ill = chance > t.recovers
        else:
            ill = chance < t.falls_ill
        week = (day + monday) // 7
        away[first + step * day] = (
            ill or _uniform(stream, spaced + week) < t.holidays or _uniform(stream, 2 * spaced + day) < t.training
        )


@compiled
def meeting(t, kind, stream, day, days):  # type: ignore[no-untyped-def]
    """When the day's meeting begins and ends; 0 and 0: there is none."""
    wanted = t.meetings * t.minutes[kind]
    length = max(MEETING_MINUTES, wanted)
    if _uniform(stream, 3 * days + day) * length >= wanted:
        return 0.0, 0.0
    left = _uniform(stream, 4 * days + day) * max(0.0, t.minutes[kind] - length)
    for shift in range(t.first_shift[kind], t.first_shift[kind + 1]):
        worked = t.ends[shift] - t.begins[shift]
        if left <= worked:
            return t.begins[shift] + left, t.begins[shift] + left + length
        left -= worked
    return 0.0, 0.0


@compiled
def duty(t, shift, meets, met, midnight, at, place, count):  # type: ignore[no-untyped-def]
    """One shift with its breaks; the part of the meeting that lies in it is another. How many events there are then."""
    first, since, ends = count, t.begins[shift], t.ends[shift]
    pause, pauses, before_it = t.first_break[shift], t.first_break[shift + 1], True
    while pause < pauses or before_it or since < ends:
        if before_it and (pause == pauses or meets <= t.break_from[pause]):
            begins, until, before_it = meets, met, False
        elif pause < pauses:
            begins, until = t.break_from[pause], t.break_to[pause]
            pause += 1
        else:
            begins, until = ends, ends
        if begins > since and since < ends:
            at[count], place[count] = midnight + since, t.place[shift]
            at[count + 1], place[count + 1] = midnight + min(begins, ends), TAKES_A_BREAK
            count += 2
        since = max(since, until)
    if count > first:
        place[count - 1] = GOES_HOME
    return count


@compiled
def duties(shifts, of_run, at, who, place, channels):  # type: ignore[no-untyped-def]
    """Fills in when (minutes), who, where (or that she goes) and with which channels; how many events there are."""
    t = by_reference(shifts)
    employees, days = shifts.kind_of.shape
    away = np.zeros(days, np.bool_)
    count = 0
    for employee in range(employees):
        if t.always[employee] >= 0:
            at[count], who[count], place[count], channels[count] = 0.0, employee, t.always[employee], t.everything
            count += 1
            continue
        stream = t.stream[employee] ^ of_run
        before = stream ^ _BEFORE
        absences(t, stream, away)
        for day in range(days):
            kind = t.kind_of[employee, day]
            if kind < 0 or away[day]:
                continue
            if day < t.lead:
                meets, met = meeting(t, kind, before, t.lead - 1 - day, _SPACED)
            else:
                meets, met = meeting(t, kind, stream, day - t.lead, days - t.lead)
            for shift in range(t.first_shift[kind], t.first_shift[kind + 1]):
                first = count
                count = duty(t, shift, meets, met, day * DAY, at, place, count)
                who[first:count], channels[first:count] = employee, t.channels[shift]
    return count
