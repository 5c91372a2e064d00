"""How much somebody asks for in a short while: what no person can keep up with is a machine, or somebody else's hands.

Counted in memory by each web process, so that it costs no question to the database, not even where the API is asked
most; with several processes somebody may have so much of each. The limits are settings; 0 is none.
"""

from __future__ import annotations

from enum import StrEnum
from math import ceil
from threading import Lock

from django.conf import settings
from django.core.exceptions import PermissionDenied

from hovedindgang.kernel import clock

WINDOW_SECONDS = 600
MOST_REMEMBERED = 10_000  # of who has asked lately; then those whose time is over are forgotten


class Asked(StrEnum):
    """What is counted, each by itself."""

    LOOK_UP = "look_up"  # a citizen looked for or opened by an employee
    FORM = "form"  # a form sent by an employee
    COUNTED = "counted"  # a page of an employee's that reads through many rows (docs/decisions/heavy-work.md)
    READING = "reading"  # a citizen found or read by another system
    CALL = "call"  # any call of another system


class TooMany(PermissionDenied):
    """She or it has asked for so much that nothing more is done before `seconds` are over."""

    def __init__(self, what: Asked, seconds: int) -> None:
        self.what, self.seconds = what, seconds
        super().__init__(what.value)


_counted: dict[tuple[Asked, int], tuple[float, int]] = {}  # when its time began, and how many since
_lock = Lock()


def mind_pace(what: Asked, number: int) -> None:
    """Count one more for the employee or system with this row number. Raises TooMany beyond the limit of `what`."""
    most = most_of(what)
    if not most:
        return
    now = clock.now().timestamp()
    with _lock:
        began, count = _counted.get((what, number), (now, 0))
        if not 0 <= now - began < WINDOW_SECONDS:
            began, count = now, 0
        if len(_counted) >= MOST_REMEMBERED:
            _forget_those_over(now)
        _counted[what, number] = (began, count + 1)
    if count >= most:
        raise TooMany(what, max(1, ceil(began + WINDOW_SECONDS - now)))


def most_of(what: Asked) -> int:
    """In ten minutes; 0 for no limit."""
    limits = {
        Asked.LOOK_UP: settings.MOST_LOOK_UPS,
        Asked.FORM: settings.MOST_FORMS,
        Asked.COUNTED: settings.MOST_COUNTED_PAGES,
        Asked.READING: settings.MOST_API_READINGS,
        Asked.CALL: settings.MOST_API_CALLS,
    }
    return int(limits[what])


def is_first_refusal(what: Asked, number: int) -> bool:
    """Whether this is the one that passed the limit: it is told once in ten minutes, not for each that follows."""
    return _counted.get((what, number), (0.0, 0))[1] == most_of(what) + 1


def forget_pace() -> None:
    """Everybody begins anew: between tests."""
    _counted.clear()


def _forget_those_over(now: float) -> None:
    for key, (began, _count) in list(_counted.items()):
        if now - began >= WINDOW_SECONDS:
            del _counted[key]
