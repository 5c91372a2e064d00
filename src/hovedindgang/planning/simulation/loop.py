"""The event loop: next-event simulation of a multi-skill service with places, duty, patience and returns.

Written once. Built by numba it is the engine; as it stands it is the reference that one can read and step through
(`compiling.built`). Both draw the same numbers in the same order of events. A line is served first come, first served;
an employee who becomes free takes the most urgent line she can serve and, of equally urgent ones, whoever has waited
longest (Gans, Koole & Mandelbaum 2003, section 5, "skill-based routing").
"""

from __future__ import annotations

import math

import numpy as np

from hovedindgang.planning.compiling import built, by_reference, compiled
from hovedindgang.planning.simulation.network import (
    BIN_MINUTES,
    BINS,
    COARSE,
    DAY,
    HOURS,
    SERIES,
    Came,
    Hour,
    Kind,
    N,
    Noted,
    Of,
    Planned,
    Status,
)

_draw = built("hovedindgang.planning.simulation.chance")
_uniform, _mixed, _drawn = _draw.uniform, _draw.mixed, _draw.drawn

# numba reads plain whole numbers as constants; members of an enumeration it would look up.
_DONE, _GIVE_UP, _RETURN = (int(kind) for kind in Kind)
_DUTY, _CLOSING, _SWEEP, _SAMPLE, _OPENING = (int(kind) for kind in Planned)
_FINISHED, _PAUSED, _FULL = (int(status) for status in Status)
_RESOLVED, _COMES_BACK, _HANDED_OVER, _RETURNED = (
    int(came) for came in (Came.RESOLVED, Came.COMES_BACK, Came.HANDED_OVER, Came.RETURNED)
)
_NOT_HELPED, _GOES_ON, _TRANSFERRED = int(Came.NOT_HELPED), int(Came.GOES_ON), int(Came.TRANSFERRED)
_SIGNPOSTED, _WITHDRAWN = int(Came.SIGNPOSTED), int(Came.WITHDRAWN)
_HEAP, _HOLE, _ORDER, _FREE, _CALENDAR, _EVENTS, _RESTED = (
    int(n) for n in (N.HEAP, N.HOLE, N.ORDER, N.FREE, N.CALENDAR, N.EVENTS, N.RESTED)
)
_DAY, _DRAWING, _FLOW, _COMING, _NEXT = (int(n) for n in (N.DAY, N.DRAWING, N.FLOW, N.COMING, N.NEXT))
_WAITING, _INTERRUPTIBLE = int(N.WAITING), int(N.INTERRUPTIBLE)
_TRACED, _SAMPLED, _IN_SYSTEM = (int(n) for n in (N.TRACED, N.SAMPLED, N.IN_SYSTEM))
_O_ARRIVED, _O_SERVED, _O_WAITED, _O_SQUARED, _O_WITHIN, _O_GAVE_UP, _O_UNSERVED, _O_AGAIN = (
    int(o) for o in list(Of)[:8]
)
_O_KEPT, _O_BROKEN, _O_HANDLED, _O_NO_SHOW, _O_SENT_ON = (
    int(o) for o in (Of.KEPT, Of.BROKEN, Of.HANDLED, Of.NO_SHOW, Of.SENT_ON)
)
_O_MATTERS, _O_NOT_REACHED = int(Of.MATTERS), int(Of.NOT_REACHED)
_H_ARRIVED, _H_SERVED, _H_WAITED, _H_WITHIN, _H_GAVE_UP = (int(column) for column in list(Hour)[:5])
_H_KEPT, _H_BROKEN, _H_MATTERS = (int(column) for column in (Hour.KEPT, Hour.BROKEN, Hour.MATTERS))

# What each draw of a customer's stream is for. A visit uses PER_VISIT of them.
_HANDLE, _PATIENCE, _OUTCOME, _AFTER, _AGAIN, _AGAIN_AFTER, _SHOWS, _PER_VISIT = range(8)
_KIND_BITS = 3
_ARGUMENT_BITS = 28
_LEAD_BITS = 32  # of the draws of one flow on one day
_ARGUMENT = (1 << _ARGUMENT_BITS) - 1
_STAMP_AT = _ARGUMENT_BITS + _KIND_BITS
_N_ARRIVED, _N_DONE, _N_GAVE_UP, _N_AGAIN, _N_BEGUN, _N_PUT_BY, _N_SENT_HOME, _N_NO_SHOW = (int(n) for n in Noted)
_INSIDE = -2.0  # work left of who is transferred while she waits
_STAYS, _GOES_HOME, _TAKES_A_BREAK = range(3)
_ROOM = 16  # slots and events that handling one event may need, beside one for each who waits


# ------------------------------------------------------------------------------------------------- the heap


@compiled
def push(s, at, kind, argument, stamp):  # type: ignore[no-untyped-def]
    """Events at the same time happen in the order in which they were pushed."""
    number = s.number
    order = number[_ORDER]
    number[_ORDER] = order + 1
    code = (stamp << _STAMP_AT) | (kind << _ARGUMENT_BITS) | argument
    if number[_HOLE]:
        number[_HOLE] = 0
        sink(s, at, order, code)
        return
    hole = number[_HEAP]
    number[_HEAP] = hole + 1
    while hole > 0:
        parent = (hole - 1) >> 1
        if s.heap_at[parent] <= at:
            break
        s.heap_at[hole] = s.heap_at[parent]
        s.heap_order[hole] = s.heap_order[parent]
        s.heap_code[hole] = s.heap_code[parent]
        hole = parent
    s.heap_at[hole], s.heap_order[hole], s.heap_code[hole] = at, order, code


@compiled
def sink(s, at, order, code):  # type: ignore[no-untyped-def]
    """Puts an event where the first one was, and down to where it belongs."""
    size = s.number[_HEAP]
    hole = 0
    while True:
        child = 2 * hole + 1
        if child + 1 < size:
            child += sooner(s, child + 1, child)
        elif child >= size:
            break
        if s.heap_at[child] > at or (s.heap_at[child] == at and s.heap_order[child] > order):
            break
        s.heap_at[hole] = s.heap_at[child]
        s.heap_order[hole] = s.heap_order[child]
        s.heap_code[hole] = s.heap_code[child]
        hole = child
    s.heap_at[hole], s.heap_order[hole], s.heap_code[hole] = at, order, code


@compiled
def sooner(s, one, other):  # type: ignore[no-untyped-def]
    """1 where event `one` comes before `other`, else 0: which of the two cannot be foreseen, so there is no branch."""
    if s.heap_at[one] == s.heap_at[other]:
        return int(s.heap_order[one] < s.heap_order[other])
    return int(s.heap_at[one] < s.heap_at[other])


@compiled
def fill(s):  # type: ignore[no-untyped-def]
    """Nothing was pushed in place of the event that was taken: the last of the heap goes there."""
    number = s.number
    if number[_HOLE]:
        number[_HOLE] = 0
        last = number[_HEAP] - 1
        number[_HEAP] = last
        if last > 0:
            sink(s, s.heap_at[last], s.heap_order[last], s.heap_code[last])


# ----------------------------------------------------------------------------------------------- small things


@compiled
def minutes(n, row, u):  # type: ignore[no-untyped-def]
    return _drawn(n.kind[row], n.first[row], n.second[row], n.quantiles, n.row[row], u)


@compiled
def own(s, customer, which):  # type: ignore[no-untyped-def]
    """A draw of her own stream, of the visit she is on."""
    return _uniform(s.stream[customer], s.draws[customer] * _PER_VISIT + which)


@compiled
def hour_of(n, now):  # type: ignore[no-untyped-def]
    return (n.first_hour + int(now / 60.0)) % HOURS


@compiled
def note(s, what, flow, employee, customer):  # type: ignore[no-untyped-def]
    at = s.number[_TRACED]
    if at < s.trace_at.shape[0]:
        s.trace_at[at] = s.clock[0]
        s.trace[at, 0], s.trace[at, 1], s.trace[at, 2], s.trace[at, 3] = what, flow, employee, customer
        s.number[_TRACED] = at + 1


# ------------------------------------------------------------------------------------------------- who comes


@compiled
def needed(n, s, flow):  # type: ignore[no-untyped-def]
    """Expected arrivals until the next comes: a unit exponential; of booked times one."""
    number = s.drawn[flow]
    s.drawn[flow] = number + 1
    if n.evenly[flow]:
        return 1.0
    return -math.log(_uniform(n.flow_stream[flow], number))


@compiled
def begin_day(n, s):  # type: ignore[no-untyped-def]
    """On each day of the lead, and on the first that was asked for, chance begins anew: a Poisson process does not
    remember. Draws of the lead are numbered by how many days are left of it."""
    number = s.number
    number[_DRAWING], number[_FLOW], number[_COMING], number[_NEXT] = 1, 0, 0, 0
    left = n.lead - number[_DAY]
    if left < 0:
        return
    for flow in range(s.needed.shape[0]):
        s.came[flow] = s.drawn[flow] = left << _LEAD_BITS
        if not n.evenly[flow]:
            s.needed[flow] = needed(n, s, flow)
        elif left == 0 or number[_DAY] == 0:
            s.needed[flow] = n.first_booked[flow]


@compiled
def draw_day(n, s):  # type: ignore[no-untyped-def]
    """Who comes on the next day: arrivals on the clock of expected arrivals (Çinlar 1975). False: there is no room."""
    number, day = s.number, s.number[_DAY]
    last = n.profiles.shape[1] - 2
    while number[_FLOW] < s.needed.shape[0]:
        flow = number[_FLOW]
        mass, profile = n.mass[flow, day], n.profile_of[flow, day]
        used, needs, piece = s.used[flow], s.needed[flow], 0
        while used + needs <= mass:
            if number[_COMING] == s.coming.shape[0]:
                s.used[flow], s.needed[flow] = used, needs
                return False
            used += needs
            needs = needed(n, s, flow)
            share = min(used / mass, 1.0)
            while piece < last and n.profiles[profile, piece + 1] < share:
                piece += 1
            within = piece * n.width + (share - n.profiles[profile, piece]) * n.slopes[profile, piece]
            within = min(max(within, 0.0), DAY - 1e-9)
            s.coming_at[number[_COMING]], s.coming[number[_COMING]] = within, flow
            s.minute[int(within) + 1] += 1
            number[_COMING] += 1
        s.used[flow], s.needed[flow] = 0.0, needs - (mass - used)
        number[_FLOW] += 1
    put_in_order(s, day * DAY)
    number[_DRAWING], number[_DAY] = 0, day + 1
    return True


@compiled
def put_in_order(s, midnight):  # type: ignore[no-untyped-def]
    """The day's arrivals by time: by minutes first, which `minute` has counted, then by comparing neighbours."""
    arrivals = s.number[_COMING]
    for at in range(1, s.minute.shape[0]):
        s.minute[at] += s.minute[at - 1]
    for at in range(arrivals):
        minute = int(s.coming_at[at])
        place = s.minute[minute]
        s.minute[minute] = place + 1
        s.next_at[place], s.next_flow[place] = midnight + s.coming_at[at], s.coming[at]
    for at in range(s.minute.shape[0]):
        s.minute[at] = 0
    for at in range(1, arrivals):
        when, flow = s.next_at[at], s.next_flow[at]
        place = at
        while place > 0 and s.next_at[place - 1] > when:
            s.next_at[place], s.next_flow[place] = s.next_at[place - 1], s.next_flow[place - 1]
            place -= 1
        s.next_at[place], s.next_flow[place] = when, flow


# ------------------------------------------------------------------------------------------------- the lines


@compiled
def list_line(n, s, line):  # type: ignore[no-untyped-def]
    """Somebody waits in it: it is among the waiting lines of its place."""
    row = n.line_place[line] + 1
    last = s.waiting[row]
    s.waiting_lines[row, last], s.listed[line] = line, last
    s.waiting[row] = last + 1


@compiled
def unlist_line(n, s, line):  # type: ignore[no-untyped-def]
    row = n.line_place[line] + 1
    last = s.waiting[row] - 1
    moved = s.waiting_lines[row, last]
    s.waiting_lines[row, s.listed[line]] = moved
    s.listed[moved] = s.listed[line]
    s.listed[line], s.waiting[row] = -1, last


@compiled
def join(n, s, customer, line):  # type: ignore[no-untyped-def]
    """To the end of the line."""
    last = s.tail[line]
    s.before[customer], s.after[customer] = last, -1
    if last >= 0:
        s.after[last] = customer
    else:
        s.head[line] = customer
        list_line(n, s, line)
    s.tail[line] = customer
    s.length[line] += 1
    s.number[_WAITING] += 1


@compiled
def join_first(n, s, customer, line):  # type: ignore[no-untyped-def]
    """Back to where interrupted work is taken up again: the head of the line."""
    if s.head[line] < 0:
        join(n, s, customer, line)
        return
    s.before[customer], s.after[customer] = -1, s.head[line]
    s.before[s.head[line]] = customer
    s.head[line] = customer
    s.length[line] += 1
    s.number[_WAITING] += 1


@compiled
def leave(n, s, customer, line):  # type: ignore[no-untyped-def]
    previous, following = s.before[customer], s.after[customer]
    if previous >= 0:
        s.after[previous] = following
    else:
        s.head[line] = following
    if following >= 0:
        s.before[following] = previous
    else:
        s.tail[line] = previous
    s.length[line] -= 1
    s.number[_WAITING] -= 1
    s.stamp[customer] += 1  # what was set for her while she waited is void
    if s.head[line] < 0:
        unlist_line(n, s, line)


@compiled
def serves(n, s, employee, line):  # type: ignore[no-untyped-def]
    return (
        n.level[employee, line] >= 0
        and (s.takes[employee] & n.line_channel[line]) != 0
        and (n.line_place[line] < 0 or n.line_place[line] == s.is_at[employee])
    )


@compiled
def rest(s, employee):  # type: ignore[no-untyped-def]
    """Idle from now on: the last of those who are where she is."""
    row = s.is_at[employee]
    s.idle[row, s.resting[row]] = employee
    s.resting[row] += 1
    s.rested[employee] = s.number[_RESTED]
    s.number[_RESTED] += 1


@compiled
def stand_up(s, employee):  # type: ignore[no-untyped-def]
    """She is not idle any more; nothing happens where she was not."""
    row = s.is_at[employee]
    resting = s.resting[row]
    at = 0
    while at < resting and s.idle[row, at] != employee:
        at += 1
    if at < resting:
        for later in range(at + 1, resting):
            s.idle[row, later - 1] = s.idle[row, later]
        s.resting[row] = resting - 1


# -------------------------------------------------------------------------------------------------- the work


@compiled
def begin(n, s, employee, customer):  # type: ignore[no-untyped-def]
    """She is served from now on; she is in no line any more."""
    now, flow = s.clock[0], s.flow[customer]
    line = n.line_of[flow]
    if s.left[customer] >= 0.0:
        needs = s.left[customer]
    else:
        needs = minutes(n, n.handle[flow, n.level[employee, line]], own(s, customer, _HANDLE))
        waited = now - s.since[customer]
        if s.since[customer] >= n.warm_up:
            group, hour = n.group_of[flow], s.hour[customer]
            s.by_flow[flow, _O_SERVED] += 1.0
            s.by_hour[group, hour, _H_SERVED] += 1.0
            if waited > 0.0:
                s.by_flow[flow, _O_WAITED] += waited
                s.by_flow[flow, _O_SQUARED] += waited * waited
                s.by_hour[group, hour, _H_WAITED] += waited
                which = min(BINS - 1, int(16.0 * math.log2(1.0 + waited / BIN_MINUTES)))
                s.waits[flow, which] += 1
                s.waits_by_hour[group, hour, which // COARSE] += 1
            else:
                s.waits[flow, 0] += 1
                s.waits_by_hour[group, hour, 0] += 1
            if waited <= n.promised[flow]:
                s.by_flow[flow, _O_WITHIN] += 1.0
                s.by_hour[group, hour, _H_WITHIN] += 1.0
        piece = min(SERIES - 1, int(s.since[customer] / n.ends_at * SERIES))
        s.series[piece, 0] += waited
        s.series[piece, 1] += 1.0
    s.serving[employee], s.began[employee] = customer, now
    s.left[customer] = needs
    s.ends[employee] = now + needs
    s.version[employee] += 1
    if n.interruptible[line]:
        s.number[_INTERRUPTIBLE] += 1
    push(s, now + needs, _DONE, employee, s.version[employee])
    note(s, _N_BEGUN, flow, employee, customer)


@compiled
def count_work(n, s, employee, customer):  # type: ignore[no-untyped-def]
    """The minutes since she began, to the employee, the flow and the hours they lie in."""
    now, began = s.clock[0], max(s.began[employee], n.warm_up)
    if now <= began:
        return
    flow = s.flow[customer]
    s.busy[employee] += now - began
    s.by_flow[flow, _O_HANDLED] += now - began
    group, place = n.group_of[flow], s.is_at[employee]
    while began < now:
        until = min(now, (math.floor(began / 60.0) + 1.0) * 60.0)
        s.work[group, place, hour_of(n, began)] += until - began
        began = until


@compiled
def seek_work(n, s, employee):  # type: ignore[no-untyped-def]
    """The customer whom a free employee takes, or -1: the most urgent line, then the longest wait."""
    best, best_priority, best_since = -1, 0, 0.0
    row = 0  # the lines that are served anywhere, then those of the place where she is
    for _ in range(2):
        for at in range(s.waiting[row]):
            line = s.waiting_lines[row, at]
            if n.level[employee, line] >= 0 and (s.takes[employee] & n.line_channel[line]) != 0:
                first = s.head[line]
                priority, since = n.priority[line], s.since[first]
                if best < 0 or priority < best_priority or (priority == best_priority and since < best_since):
                    best, best_priority, best_since = first, priority, since
        row = s.is_at[employee] + 1
    return best


@compiled
def count_duty(n, s, employee):  # type: ignore[no-untyped-def]
    """The minutes since she came where she is, to her and to the hours they lie in."""
    now, since = s.clock[0], max(s.duty_from[employee], n.warm_up)
    s.duty[employee] += max(0.0, now - since)
    while since < now:
        until = min(now, (math.floor(since / 60.0) + 1.0) * 60.0)
        s.duty_at[s.is_at[employee], hour_of(n, since)] += until - since
        since = until


@compiled
def go_off(n, s, employee):  # type: ignore[no-untyped-def]
    now = s.clock[0]
    count_duty(n, s, employee)
    if s.leaving[employee] == _GOES_HOME:  # a break that begins late ends when it should
        s.overtime[employee] += max(0.0, now - max(s.late_from[employee], n.warm_up))
    s.on_duty[employee], s.leaving[employee] = False, _STAYS


@compiled
def work_inside(n, s, employee):  # type: ignore[no-untyped-def]
    """Whoever an employee who should go home still takes: those inside when the door was shut."""
    best, best_since = -1, 0.0
    for line in range(s.head.shape[0]):
        first = s.head[line]
        if first < 0 or not s.shut[n.line_group[line]] or not serves(n, s, employee, line):
            continue
        if best < 0 or s.since[first] < best_since:
            best, best_since = first, s.since[first]
    return best


@compiled
def free(n, s, employee):  # type: ignore[no-untyped-def]
    """She is done: the next customer, home, or idle."""
    leaving = s.leaving[employee]
    customer = -1
    if leaving == _STAYS:
        customer = seek_work(n, s, employee)
    elif leaving == _GOES_HOME:
        customer = work_inside(n, s, employee)
    if customer >= 0:
        leave(n, s, customer, n.line_of[s.flow[customer]])
        begin(n, s, employee, customer)
    elif leaving != _STAYS:
        go_off(n, s, employee)
    else:
        rest(s, employee)


@compiled
def idle_for(n, s, line):  # type: ignore[no-untyped-def]
    """An idle employee who can serve `line`, idle no more; -1: there is none. Of several whoever was idle longest."""
    best = -1
    place, channel = n.line_place[line], n.line_channel[line]
    first, last = (place, place + 1) if place >= 0 else (0, s.resting.shape[0])
    for row in range(first, last):
        for at in range(s.resting[row]):
            employee = s.idle[row, at]
            if n.level[employee, line] >= 0 and (s.takes[employee] & channel) != 0:
                if (
                    best < 0
                    or (n.narrow_first and n.breadth[employee] < n.breadth[best])
                    or (
                        (not n.narrow_first or n.breadth[employee] == n.breadth[best])
                        and s.rested[employee] < s.rested[best]
                    )
                ):
                    best = employee
                if not n.narrow_first:
                    break
    if best >= 0:
        stand_up(s, best)
    return best


@compiled
def put_by(n, s, employee):  # type: ignore[no-untyped-def]
    """The work in her hands waits: for an idle colleague, or at the head of its line."""
    customer = s.serving[employee]
    line = n.line_of[s.flow[customer]]
    count_work(n, s, employee, customer)
    s.left[customer] = max(0.0, s.ends[employee] - s.clock[0])
    s.version[employee] += 1
    s.serving[employee] = -1
    s.number[_INTERRUPTIBLE] -= 1
    note(s, _N_PUT_BY, s.flow[customer], employee, customer)
    colleague = idle_for(n, s, line)
    if colleague >= 0:
        begin(n, s, colleague, customer)
    else:
        join_first(n, s, customer, line)


@compiled
def interrupt(n, s, line):  # type: ignore[no-untyped-def]
    """An employee at work that may wait and who can serve `line`, freed of it; -1: there is none."""
    if s.number[_INTERRUPTIBLE] == 0 or n.interruptible[line]:
        return -1
    for employee in range(s.serving.shape[0]):
        customer = s.serving[employee]
        if customer < 0 or s.leaving[employee] != _STAYS or not serves(n, s, employee, line):
            continue
        kept = n.line_of[s.flow[customer]]
        if not n.interruptible[kept]:
            continue
        put_by(n, s, employee)
        return employee
    return -1


@compiled
def find(n, s, line):  # type: ignore[no-untyped-def]
    """Who serves the one who comes to `line` now; -1: nobody, she waits."""
    employee = idle_for(n, s, line)
    return employee if employee >= 0 else interrupt(n, s, line)


# ---------------------------------------------------------------------------------------------- the customers


@compiled
def go(s, customer):  # type: ignore[no-untyped-def]
    """Her matter is over: her place is free."""
    s.after[customer] = s.number[_FREE]
    s.number[_FREE] = customer
    s.stamp[customer] += 1
    s.number[_IN_SYSTEM] -= 1


@compiled
def is_open(n, group, now):  # type: ignore[no-untyped-def]
    """Whether one who comes to the group now is let in."""
    day = int(now / DAY)
    if n.group_stays[group] or day >= n.open_from.shape[1]:
        return True
    for period in range(n.open_from.shape[2]):
        if n.open_from[group, day, period] <= now < n.open_to[group, day, period]:
            return True
    return False


@compiled
def when_open(n, s, customer, now):  # type: ignore[no-untyped-def]
    """`now`, where her flow is open then; else some time in its next opening."""
    group = n.group_of[s.flow[customer]]
    if is_open(n, group, now):
        return now
    day, days = int(now / DAY), n.open_from.shape[1]
    while day < days:
        for period in range(n.open_from.shape[2]):
            opens, closes = n.open_from[group, day, period], n.open_to[group, day, period]
            if now < opens < closes:
                return opens + own(s, customer, _SHOWS) * (closes - opens)
        day += 1
    return math.inf


@compiled
def come(n, s, customer):  # type: ignore[no-untyped-def]
    """A contact begins now, whatever becomes of it."""
    now, flow = s.clock[0], s.flow[customer]
    hour = hour_of(n, now)
    s.since[customer], s.left[customer], s.hour[customer] = now, -1.0, hour
    if now >= n.warm_up:
        s.by_flow[flow, _O_ARRIVED] += 1.0
        s.by_hour[n.group_of[flow], hour, _H_ARRIVED] += 1.0


@compiled
def approach(n, s, customer):  # type: ignore[no-untyped-def]
    """She comes, rings, writes or begins: a contact. Served at once, or she waits."""
    come(n, s, customer)
    now, flow = s.clock[0], s.flow[customer]
    line = n.line_of[flow]
    if line < 0:  # nobody is needed: it takes its time and ends
        s.left[customer] = 0.0
        push(s, now + minutes(n, n.handle[flow, 0], own(s, customer, _HANDLE)), _RETURN, customer, s.stamp[customer])
        return
    employee = find(n, s, line)
    if employee >= 0:
        begin(n, s, employee, customer)
        return
    join(n, s, customer, line)
    patience = minutes(n, n.patience[flow], own(s, customer, _PATIENCE))
    if patience < math.inf:
        push(s, now + patience, _GIVE_UP, customer, s.stamp[customer])


@compiled
def not_reached(n, s, customer, column):  # type: ignore[no-untyped-def]
    """She gave up, or the door was shut: she tries again, or her matter is not reached."""
    flow = s.flow[customer]
    counted = s.since[customer] >= n.warm_up
    if counted:
        s.by_flow[flow, column] += 1.0
        s.by_hour[n.group_of[flow], s.hour[customer], _H_GAVE_UP] += 1.0
    again = own(s, customer, _AGAIN) < n.again[flow]
    after = own(s, customer, _AGAIN_AFTER)
    s.draws[customer] += 1
    if again:
        if counted:
            s.by_flow[flow, _O_AGAIN] += 1.0
        push(s, s.clock[0] + minutes(n, n.again_after[flow], after), _RETURN, customer, s.stamp[customer])
    else:
        if s.counts[customer]:
            s.by_flow[s.origin[customer], _O_NOT_REACHED] += 1.0
        go(s, customer)


@compiled
def end(n, s, customer, came):  # type: ignore[no-untyped-def]
    """Her matter is over, and counts where it began."""
    flow = s.flow[customer]
    if s.since[customer] >= n.warm_up and n.due[flow] >= 0:
        day = min(n.due_at.shape[1] - 1, int(s.since[customer] / DAY))
        if s.clock[0] <= n.due_at[n.due[flow], day]:
            s.by_flow[flow, _O_KEPT] += 1.0
            s.by_hour[n.group_of[flow], s.hour[customer], _H_KEPT] += 1.0
        else:
            s.by_flow[flow, _O_BROKEN] += 1.0
            s.by_hour[n.group_of[flow], s.hour[customer], _H_BROKEN] += 1.0
    # What another authority decides, what she no longer wants, and what no employee had a part in are apart.
    if s.counts[customer] and came != _SIGNPOSTED and came != _WITHDRAWN and n.line_of[flow] >= 0:
        origin = s.origin[customer]
        group, hour = n.group_of[origin], s.begun[customer]
        ours = came == _RESOLVED and not s.handed[customer]
        # Each matter in one column; who is in a later one is in the earlier ones too, see `replications`.
        best = int(ours) + int(ours and s.contacts[customer] == 1)
        s.by_flow[origin, _O_MATTERS + best] += 1.0
        s.by_hour[group, hour, _H_MATTERS + best] += 1.0
    go(s, customer)


@compiled
def conclude(n, s, customer, level):  # type: ignore[no-untyped-def]
    """What comes of the contact that is over now."""
    flow = s.flow[customer]
    which, last = 0, n.outcome.shape[2] - 1
    chance_of_it = own(s, customer, _OUTCOME) if last > 0 else 0.0
    while which < last and chance_of_it >= n.outcome[flow, level, which]:
        which += 1
    came, to, after = n.outcome_is[flow, which], n.outcome_to[flow, which], n.outcome_after[flow, which]
    if s.since[customer] >= n.warm_up:
        s.outcomes[flow, which] += 1.0
        if n.outcome_moves[flow, which]:
            s.by_flow[flow, _O_SENT_ON] += 1.0
    if came == _HANDED_OVER:
        s.handed[customer] = True
    elif came == _RETURNED:
        s.handed[customer] = False
    elif came in (_COMES_BACK, _NOT_HELPED, _GOES_ON):
        s.contacts[customer] += 1
    if to < 0:
        end(n, s, customer, came)
        return
    delay = minutes(n, after, own(s, customer, _AFTER)) if after >= 0 else 0.0
    s.flow[customer] = to
    s.draws[customer] += 1
    s.left[customer] = _INSIDE if came == _TRANSFERRED and delay == 0.0 else -1.0
    push(s, s.clock[0] + delay, _RETURN, customer, s.stamp[customer])


# ------------------------------------------------------------------------------------------------- the events


@compiled
def arrival(n, s, flow):  # type: ignore[no-untyped-def]
    now = s.clock[0]
    customer = s.number[_FREE]
    s.number[_FREE] = s.after[customer]
    s.number[_IN_SYSTEM] += 1
    s.flow[customer], s.origin[customer] = flow, flow
    s.stream[customer] = _mixed(n.flow_stream[flow] ^ np.uint64(0x5851F42D4C957F2D), s.came[flow])
    s.contacts[customer], s.draws[customer], s.handed[customer] = 1, 0, False
    s.counts[customer] = now >= n.warm_up
    s.came[flow] += 1
    note(s, _N_ARRIVED, flow, -1, customer)
    if n.no_show[flow] > 0.0 and own(s, customer, _SHOWS) < n.no_show[flow]:
        if now >= n.warm_up:
            s.by_flow[flow, _O_NO_SHOW] += 1.0
        note(s, _N_NO_SHOW, flow, -1, customer)
        go(s, customer)
    elif is_open(n, n.group_of[flow], now):
        approach(n, s, customer)
        s.begun[customer] = s.hour[customer]
    else:
        come(n, s, customer)
        s.begun[customer] = s.hour[customer]
        note(s, _N_SENT_HOME, flow, -1, customer)
        not_reached(n, s, customer, _O_UNSERVED)


@compiled
def done(n, s, employee):  # type: ignore[no-untyped-def]
    customer = s.serving[employee]
    flow = s.flow[customer]
    line = n.line_of[flow]
    count_work(n, s, employee, customer)
    s.serving[employee] = -1
    if n.interruptible[line]:
        s.number[_INTERRUPTIBLE] -= 1
    note(s, _N_DONE, flow, employee, customer)
    conclude(n, s, customer, n.level[employee, line])
    free(n, s, employee)


@compiled
def duty(n, s, employee, place, channels):  # type: ignore[no-untyped-def]
    """She comes, goes for a break or for the day, or changes what she does."""
    now = s.clock[0]
    if place < 0 and not s.on_duty[employee]:
        return
    if s.serving[employee] < 0 and s.on_duty[employee]:
        stand_up(s, employee)
    if place < 0:
        s.leaving[employee], s.late_from[employee] = -place, now
        if s.serving[employee] >= 0:
            if not n.interruptible[n.line_of[s.flow[s.serving[employee]]]]:
                return
            put_by(n, s, employee)
        free(n, s, employee)
        return
    if s.on_duty[employee]:
        count_duty(n, s, employee)
    s.is_at[employee], s.takes[employee], s.leaving[employee], s.duty_from[employee] = place, channels, _STAYS, now
    if not s.on_duty[employee]:
        s.on_duty[employee] = True
    elif s.serving[employee] >= 0 and n.interruptible[n.line_of[s.flow[s.serving[employee]]]]:
        put_by(n, s, employee)  # somebody may wait where she is now
    if s.serving[employee] < 0:
        free(n, s, employee)


@compiled
def send_home(n, s, group):  # type: ignore[no-untyped-def]
    """All who wait in the group; work that was begun and put by stays where it is."""
    for line in range(s.head.shape[0]):
        if n.line_group[line] != group:
            continue
        customer = s.head[line]
        while customer >= 0:
            following = s.after[customer]
            if s.left[customer] < 0.0:
                leave(n, s, customer, line)
                note(s, _N_SENT_HOME, s.flow[customer], -1, customer)
                not_reached(n, s, customer, _O_UNSERVED)
            customer = following


@compiled
def closing(n, s, group, inside_are_served):  # type: ignore[no-untyped-def]
    if s.clock[0] >= n.warm_up:
        for line in range(s.head.shape[0]):
            if n.line_group[line] == group:
                s.at_closing[group, 0] += s.length[line]
        s.at_closing[group, 1] += 1.0
    s.shut[group] = True
    if inside_are_served == 0:
        send_home(n, s, group)


@compiled
def sample(n, s):  # type: ignore[no-untyped-def]
    at = min(SERIES - 1, s.number[_SAMPLED])
    for line in range(s.head.shape[0]):
        s.queue[at, n.line_group[line]] += s.length[line]
    s.number[_SAMPLED] += 1


@compiled
def planned(n, s):  # type: ignore[no-untyped-def]
    """The next of the calendar."""
    at = s.number[_CALENDAR]
    s.number[_CALENDAR] = at + 1
    what = n.planned[at]
    if what == _DUTY:
        duty(n, s, n.who[at], n.place[at], n.channels[at])
    elif what == _CLOSING:
        closing(n, s, n.who[at], n.channels[at])
    elif what == _SWEEP:
        send_home(n, s, n.who[at])
        s.shut[n.who[at]] = False
    elif what == _OPENING:
        s.shut[n.who[at]] = False
    else:
        sample(n, s)


@compiled
def handle(n, s, code):  # type: ignore[no-untyped-def]
    """One event of the heap. Those that were made void have an older stamp."""
    kind = (code >> _ARGUMENT_BITS) & ((1 << _KIND_BITS) - 1)
    argument, stamp = code & _ARGUMENT, code >> _STAMP_AT
    if kind == _DONE:
        if stamp == s.version[argument]:
            done(n, s, argument)
    elif stamp == s.stamp[argument]:
        if kind == _GIVE_UP:
            leave(n, s, argument, n.line_of[s.flow[argument]])
            note(s, _N_GAVE_UP, s.flow[argument], -1, argument)
            not_reached(n, s, argument, _O_GAVE_UP)
        elif n.line_of[s.flow[argument]] < 0 and s.left[argument] >= 0.0:
            note(s, _N_DONE, s.flow[argument], -1, argument)
            conclude(n, s, argument, 0)
        else:
            now = s.clock[0]
            at = now if s.left[argument] == _INSIDE else when_open(n, s, argument, now)
            if at > now:
                push(s, at, _RETURN, argument, stamp)
            else:
                note(s, _N_AGAIN, s.flow[argument], -1, argument)
                approach(n, s, argument)


@compiled
def run(network, state, until_events):  # type: ignore[no-untyped-def]
    """Up to so many events more; `Status`. What happens at one time: the calendar, what was set off, who comes."""
    n, s = by_reference(network), by_reference(state)
    number = s.number
    events, days, size = n.at.shape[0], n.mass.shape[1], s.heap_at.shape[0]
    for _ in range(until_events):
        if number[_HEAP] + number[_WAITING] + _ROOM > size or s.after[number[_FREE]] < 0:
            return _FULL
        while number[_DRAWING] or (number[_NEXT] == number[_COMING] and number[_DAY] < days):
            if not number[_DRAWING]:
                begin_day(n, s)
            if not draw_day(n, s):
                return _FULL
        fill(s)
        due = s.heap_at[0] if number[_HEAP] > 0 else math.inf
        comes = s.next_at[number[_NEXT]] if number[_NEXT] < number[_COMING] else math.inf
        stands = n.at[number[_CALENDAR]] if number[_CALENDAR] < events else math.inf
        now = min(due, comes, stands)
        if now >= n.ends_at:
            return _FINISHED
        s.clock[0] = now
        if stands <= now:
            planned(n, s)
        elif due <= now:
            number[_HOLE] = 1
            handle(n, s, s.heap_code[0])
        else:
            number[_NEXT] += 1
            arrival(n, s, s.next_flow[number[_NEXT] - 1])
        number[_EVENTS] += 1
    return _PAUSED
