"""What the event loop runs on, as arrays: the network that does not change, and the state that does.

Times are minutes from midnight before the first day, by the clock on the wall (a day has 1,440). F flows, L lines, A
employees, G groups of lines (a channel at a place), D days, T distributions, J outcomes of a contact, Q quantiles.
A flow is who comes for one service by one channel; a line is where they wait, and several flows may share one.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DAY = 1440.0
HOURS = 168  # of a week, Monday 00 first
LEVELS = 3  # trainee, generalist, specialist
BINS = 336  # of waits; each is 2 ** (1 / 16) times as wide as the one before: up to ten weeks
BIN_MINUTES = 0.05  # the first sixteen
COARSE = 4  # so many of them are one where waits are counted by the hour
SERIES = 512  # pieces of the horizon in which waits and queues are followed


class Came(IntEnum):
    """What came of a contact; the first that say where the matter goes next."""

    RESOLVED = 0
    COMES_BACK = 1  # she must come again: a document, another day
    HANDED_OVER = 2  # to a department's line
    TRANSFERRED = 3  # to another line of ours, while she waits
    RETURNED = 4  # the department sent it back undone
    NOT_HELPED = 5  # she comes again of her own accord
    SIGNPOSTED = 6  # another authority's matter
    WITHDRAWN = 7
    GOES_ON = 8  # from self-service to a person


class Of(IntEnum):
    """Columns of what is counted for each flow."""

    ARRIVED = 0
    SERVED = 1
    WAITED = 2  # minutes, of those served
    WAITED_SQUARED = 3
    WITHIN = 4  # served within the flow's promised minutes
    GAVE_UP = 5
    UNSERVED = 6  # still there when the door was shut
    CAME_AGAIN = 7  # of those who gave up
    KEPT = 8  # answered by the promised day
    BROKEN = 9
    HANDLED = 10  # minutes of work
    NO_SHOW = 11
    SENT_ON = 12  # she herself was asked to go or ring elsewhere
    MATTERS = 13  # ended, begun by this flow
    IN_HOUSE = 14  # of them solved by Borgerservice
    AT_ONCE = 15  # of them solved in one contact
    NOT_REACHED = 16  # gave up and did not try again
    COLUMNS = 17


class Hour(IntEnum):
    """Columns of what is counted for each group and hour of the week."""

    ARRIVED = 0
    SERVED = 1
    WAITED = 2
    WITHIN = 3
    GAVE_UP = 4
    BUSY = 5  # minutes of work; while it runs they stand in `State.work`
    KEPT = 6  # by the hour in which the contact began
    BROKEN = 7
    MATTERS = 8  # that ended, by the hour in which they began
    IN_HOUSE = 9
    AT_ONCE = 10
    COLUMNS = 11


class Kind(IntEnum):
    """Events of the heap."""

    DONE = 0
    GIVE_UP = 1
    RETURN = 2


class Noted(IntEnum):
    """What a trace tells, beside the time: of which flow, about which employee (-1: none), and whose slot."""

    ARRIVED = 0
    DONE = 1
    GAVE_UP = 2
    CAME_AGAIN = 3  # or goes on, in another flow
    BEGUN = 4
    PUT_BY = 5
    SENT_HOME = 6  # or met a closed door
    NO_SHOW = 7


class Planned(IntEnum):
    """Events that stand in the calendar before anything begins."""

    DUTY = 0  # employee, place (-1: goes home, -2: takes a break), channels
    CLOSING = 1  # group, whether those inside are served
    SWEEP = 2  # who still waits in a group that does not keep people overnight is sent home
    SAMPLE = 3
    OPENING = 4  # the door of a group opens again on the same day


class Status(IntEnum):
    FINISHED = 0
    PAUSED = 1
    FULL = 2  # more customers or events at once than there is room for


class Network(NamedTuple):
    """Everything that is known before the first arrival."""

    ends_at: float
    warm_up: float
    lead: int  # days before those that were asked for, with chance of their own
    first_hour: int  # hour of the week in which it begins, 0 = Monday 00
    # flows [F]
    flow_stream: NDArray[np.uint64]
    mass: NDArray[np.float64]  # [F, D] expected arrivals
    profile_of: NDArray[np.int64]  # [F, D] row of `profiles`
    profiles: NDArray[np.float64]  # [P, I + 1] share of a day's arrivals before each interval begins
    slopes: NDArray[np.float64]  # [P, I] minutes for the whole of a day's arrivals, if all came as in the interval
    width: float  # minutes of an interval
    evenly: NDArray[np.bool_]  # booked times: one after each expected arrival, instead of by chance
    first_booked: NDArray[np.float64]  # expected arrivals before the first booked time
    no_show: NDArray[np.float64]
    line_of: NDArray[np.int64]  # -1: served by nobody (self-service)
    group_of: NDArray[np.int64]
    promised: NDArray[np.float64]  # minutes within which it counts as answered; infinite: nothing promised
    patience: NDArray[np.int64]  # row of the distributions
    again: NDArray[np.float64]  # share of those who gave up that try again
    again_after: NDArray[np.int64]
    due: NDArray[np.int64]  # row of `due_at`, -1: no day is promised
    handle: NDArray[np.int64]  # [F, LEVELS] rows of the distributions
    outcome: NDArray[np.float64]  # [F, LEVELS, J] cumulated shares
    outcome_is: NDArray[np.int64]  # [F, J] `Came`
    outcome_to: NDArray[np.int64]  # [F, J] flow, -1: none
    outcome_after: NDArray[np.int64]  # [F, J] distribution, -1: at once
    outcome_moves: NDArray[np.bool_]  # [F, J] she herself must go or ring elsewhere
    due_at: NDArray[np.float64]  # [., D] when what comes in on a day is to be answered
    # distributions [T]
    kind: NDArray[np.int64]
    first: NDArray[np.float64]
    second: NDArray[np.float64]  # log-deviation; of quantiles: how many steps
    row: NDArray[np.int64]
    quantiles: NDArray[np.float64]
    # lines [L]
    priority: NDArray[np.int64]  # the smallest is served first
    line_place: NDArray[np.int64]  # -1: anywhere
    line_channel: NDArray[np.int64]  # a bit
    line_group: NDArray[np.int64]
    interruptible: NDArray[np.bool_]
    # employees [A]
    level: NDArray[np.int8]  # [A, L] competence, -1: none
    breadth: NDArray[np.int64]  # how many lines she can serve
    # groups [G]
    group_stays: NDArray[np.bool_]  # people wait overnight (letters, and lines that never close)
    open_from: NDArray[np.float64]  # [G, D, periods], in order
    open_to: NDArray[np.float64]  # [G, D, periods] not after `open_from`: no such period that day
    narrow_first: bool  # an arrival goes to whoever idle can least else; else to whoever was idle longest
    # the calendar [C], in order
    at: NDArray[np.float64]
    planned: NDArray[np.int64]
    who: NDArray[np.int64]
    place: NDArray[np.int64]
    channels: NDArray[np.int64]


class State(NamedTuple):
    """Everything that changes while it runs. A run that paused goes on from here."""

    clock: NDArray[np.float64]  # [1] now
    number: NDArray[np.int64]  # see `N`
    # the heap of events
    heap_at: NDArray[np.float64]
    heap_order: NDArray[np.int64]
    heap_code: NDArray[np.int64]
    # arrivals [F]
    needed: NDArray[np.float64]  # expected arrivals until the next one
    used: NDArray[np.float64]  # of the mass of the day that is being drawn
    drawn: NDArray[np.int64]  # how many so far
    came: NDArray[np.int64]  # how many of them so far
    # the arrivals of a day, as they are drawn and in order
    coming_at: NDArray[np.float64]  # minutes of the day
    coming: NDArray[np.int64]  # flow
    minute: NDArray[np.int64]  # [1442] how many come in the minute before
    next_at: NDArray[np.float64]
    next_flow: NDArray[np.int64]
    # customers
    flow: NDArray[np.int64]
    origin: NDArray[np.int64]
    since: NDArray[np.float64]  # in this line
    hour: NDArray[np.int64]  # of the week in which this contact began
    begun: NDArray[np.int64]  # the same of her matter
    stream: NDArray[np.uint64]
    contacts: NDArray[np.int64]
    draws: NDArray[np.int64]  # visits so far, tries that failed too: each draws anew
    handed: NDArray[np.bool_]
    counts: NDArray[np.bool_]  # her matter began after the warm-up
    left: NDArray[np.float64]  # minutes of interrupted work, -1: not begun, -2: not begun, and already inside
    stamp: NDArray[np.int64]
    after: NDArray[np.int64]  # next in line, or next free slot
    before: NDArray[np.int64]
    # lines [L]
    head: NDArray[np.int64]
    tail: NDArray[np.int64]
    length: NDArray[np.int64]
    listed: NDArray[np.int64]  # where it stands in `waiting_lines`, -1: empty
    # by place: row 0 for the lines served anywhere, then one for each place, and one for who is nowhere
    waiting: NDArray[np.int64]  # how many of its lines somebody waits in
    waiting_lines: NDArray[np.int64]  # which, in no order
    # employees [A]
    on_duty: NDArray[np.bool_]
    serving: NDArray[np.int64]  # customer, -1: nobody
    version: NDArray[np.int64]
    is_at: NDArray[np.int64]
    takes: NDArray[np.int64]  # channels
    began: NDArray[np.float64]
    leaving: NDArray[np.int64]  # 0: she stays, 1: home when she may, 2: for a break when she may
    late_from: NDArray[np.float64]  # since when she should have left
    duty_from: NDArray[np.float64]
    ends: NDArray[np.float64]  # when the work in hand is done
    rested: NDArray[np.int64]  # the smaller, the longer she is idle
    # by place: a row for each, and one for who is nowhere
    resting: NDArray[np.int64]  # how many are idle there
    idle: NDArray[np.int64]  # who, in order of how long
    shut: NDArray[np.bool_]  # [G] until it opens again, or midnight
    # what is counted
    by_flow: NDArray[np.float64]  # [F, Of.COLUMNS]
    outcomes: NDArray[np.float64]  # [F, J]
    waits: NDArray[np.int32]  # [F, BINS]
    by_hour: NDArray[np.float64]  # [G, HOURS, Hour.COLUMNS]
    waits_by_hour: NDArray[np.int32]  # [G, HOURS, BINS // COARSE]
    work: NDArray[np.float64]  # [G, places, HOURS] minutes, by what it is for and where the employee is
    duty_at: NDArray[np.float64]  # [places, HOURS] minutes on duty
    busy: NDArray[np.float64]  # [A]
    duty: NDArray[np.float64]  # [A]
    overtime: NDArray[np.float64]  # [A] at work after the end of the shift
    at_closing: NDArray[np.float64]  # [G, 2] how many waited, over how many closings
    series: NDArray[np.float64]  # [SERIES, 2] waits by when they began, and how many
    queue: NDArray[np.float64]  # [SERIES, G] how many waited when it was sampled
    trace_at: NDArray[np.float64]
    trace: NDArray[np.int64]  # [., 4] `Noted`, flow, employee or -1, the customer's slot


class N(IntEnum):
    """Rows of `State.number`."""

    HEAP = 0
    HOLE = 1  # the first event of the heap was taken, and nothing stands in its place yet
    ORDER = 2
    FREE = 3
    CALENDAR = 4
    EVENTS = 5
    RESTED = 6
    WAITING = 7
    INTERRUPTIBLE = 8  # employees at work that may be interrupted
    TRACED = 9
    SAMPLED = 10
    IN_SYSTEM = 11
    DAY = 12  # the next whose arrivals are to be drawn
    DRAWING = 13  # it is being drawn
    FLOW = 14  # how many of its flows are drawn
    COMING = 15  # arrivals of the day
    NEXT = 16  # how many of them have come
    ROWS = 17
