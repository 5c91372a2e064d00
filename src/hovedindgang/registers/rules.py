"""Words of the room, and what must never be shown or kept. No database."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum

FEWEST = 5  # employees behind a figure, and cases behind a median: fewer are not shown
# As `people.rules.cprs_in` finds them, which cannot be asked where Django is not loaded; a test holds them together.
_SIGN = "[-\u2010\u2011\u2012\u2013\u2014.\u00a0 ]"
_CPR_LIKE = re.compile(
    rf"(?<!\d)(?:0[1-9]|[12]\d|3[01]|6[1-9]|[78]\d|9[01]){_SIGN}?(?:0[1-9]|1[0-2]){_SIGN}?\d{{2}}"
    rf"{_SIGN}{{0,3}}\d{{4}}(?!\d)"
)
_SHORTEST_CPR = 10
_NOTHING = {"", "empty", "null", "none", "nan", "n/a", "na", "-", "(tom)", "ukendt", "unknown", "#n/a"}

_NO = {"0", "nej", "no", "n", "false", "falsk", "ikke"}


class FileKind(StrEnum):
    FRONTDESK = "frontdesk"
    ZYLINC = "zylinc"
    CSV = "csv"
    EVENTLOG = "eventlog"


class RecordKind(StrEnum):
    """What another system recorded: the four things that completeness is measured against."""

    TICKET = "ticket"
    CALL = "call"
    MAIL = "mail"
    MESSAGE = "message"


class Result(StrEnum):
    ANSWERED = "answered"  # called to a counter, spoken with, or received
    LEFT = "left"  # left the queue or hung up before anybody answered
    OPEN = "open"  # still waiting when the file was made


def mask_cpr(text: str) -> str:
    """`text` with everything that looks like a CPR replaced."""
    return _CPR_LIKE.sub("xxxxxx-xxxx", text)


def holds_cpr(text: str) -> bool:
    return len(text) >= _SHORTEST_CPR and _CPR_LIKE.search(text) is not None


def is_nothing(text: str) -> bool:
    """Whether a cell says that there is no value, in the ways systems say it."""
    return len(text) < 12 and text.strip().casefold() in _NOTHING


def says_yes(text: str) -> bool:
    """Whether a cell says that something was so: anything but nothing and the words for no."""
    return not is_nothing(text) and text.strip().casefold() not in _NO


def too_small(members: Mapping[str, set[str]], sizes: Mapping[str, int]) -> frozenset[str]:
    """The groups that may only be shown together, because too few employees stand behind them.

    `members` are the employees seen in each group, `sizes` its rows. A pool that is itself too small takes in the
    next smallest group, so that it cannot be read as one person's figure; when even all together are too few,
    every group is in it. Groups with no employee named are left as they are: their size is not known.
    """
    known = {group: people for group, people in members.items() if people}
    pool = {group for group, people in known.items() if len(people) < FEWEST}
    rest = sorted(
        (group for group in known if group not in pool), key=lambda group: (len(known[group]), sizes.get(group, 0))
    )
    while pool and rest and len(set().union(*(known[group] for group in pool))) < FEWEST:
        pool.add(rest.pop(0))
    return frozenset(pool)


def median(values: Iterable[float]) -> float | None:
    """The middle value; None for fewer than FEWEST."""
    return quantile(values, 0.5)


def quantile(values: Iterable[float], share: float) -> float | None:
    """The value that `share` of them do not exceed, interpolated; None for fewer than FEWEST."""
    ordered = sorted(values)
    if len(ordered) < FEWEST:
        return None
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)
