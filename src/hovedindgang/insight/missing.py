"""Who was met and stands in no registration: which arrivals of other systems' registers match no contact. Pure.

Where completeness only counts, here each arrival is paired with one contact, so that what is left can be gone through.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hovedindgang.servicemodel.document import Channel

# Whoever comes to the counter or rings is registered in the same hour; a letter is opened later the same day.
COUNTED_BY_HOUR = (Channel.IN_PERSON, Channel.PHONE)


class Answer(StrEnum):
    """What somebody said of an arrival that matched nothing."""

    REGISTERED = "registered"  # afterwards: the contact stands beside it
    NO_CONTACT = "no_contact"  # left the queue, a wrong number: it is not counted as one who came
    UNKNOWN = "unknown"  # nobody can say; it came, and is missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An arrival that a register saw, or a contact that was registered."""

    id: int
    at: dt.datetime
    hour: int  # Danish time
    channel: str
    centre: str | None


def unmatched(arrivals: Iterable[Seen], contacts: Iterable[Seen]) -> list[Seen]:
    """The arrivals of one day that no contact is left for, in order of time.

    A contact matches an arrival of its own hour (letters and digital ones: of its day) at its own centre, then one
    whose register or whose registration names no centre. Nobody matches two. Of those that could be meant, those
    nearest in time are taken.
    """
    left: list[Seen] = []
    cells: dict[tuple[str, int | None], tuple[list[Seen], list[Seen]]] = {}
    for side, all_of in enumerate((arrivals, contacts)):
        for one in all_of:
            hour = one.hour if one.channel in COUNTED_BY_HOUR else None
            cells.setdefault((one.channel, hour), ([], []))[side].append(one)
    for came, registered in cells.values():
        left += _left_in_cell(came, registered)
    return sorted(left, key=lambda one: (one.at, one.id))


def _left_in_cell(came: Sequence[Seen], registered: Sequence[Seen]) -> list[Seen]:
    rest_came, rest_registered = list(came), list(registered)
    for centre in sorted({one.centre for one in came if one.centre}):
        here = [one for one in rest_came if one.centre == centre]
        pairs = paired(here, [one for one in rest_registered if one.centre == centre])
        rest_came, rest_registered = _without(rest_came, rest_registered, pairs)
    nowhere = [one for one in rest_registered if one.centre is None]
    pairs = paired([one for one in rest_came if one.centre], nowhere)
    rest_came, rest_registered = _without(rest_came, rest_registered, pairs)
    pairs = paired([one for one in rest_came if one.centre is None], rest_registered)
    return _without(rest_came, rest_registered, pairs)[0]


def _without(came: list[Seen], registered: list[Seen], pairs: list[tuple[Seen, Seen]]) -> tuple[list[Seen], list[Seen]]:
    first, second = {one.id for one, _ in pairs}, {one.id for _, one in pairs}
    return [one for one in came if one.id not in first], [one for one in registered if one.id not in second]


def paired(came: Sequence[Seen], registered: Sequence[Seen]) -> list[tuple[Seen, Seen]]:
    """As many pairs as can be, with the least time between them in all; pairs never cross."""
    swap = len(came) > len(registered)
    few, many = (registered, came) if swap else (came, registered)
    few, many = (sorted(side, key=lambda one: (one.at, one.id)) for side in (few, many))
    # best[j]: the least seconds by which the first i of the few are paired within the first j of the many
    best = [0.0] * (len(many) + 1)
    taken: list[list[bool]] = []
    for i, one in enumerate(few):
        row, chosen = [float("inf")] * (len(many) + 1), [False] * (len(many) + 1)
        for j in range(i + 1, len(many) + 1):
            with_this = best[j - 1] + abs((one.at - many[j - 1].at).total_seconds())
            row[j], chosen[j] = (with_this, True) if with_this <= row[j - 1] else (row[j - 1], False)
        best = row
        taken.append(chosen)
    pairs, j = [], len(many)
    for i in range(len(few) - 1, -1, -1):
        while not taken[i][j]:
            j -= 1
        j -= 1
        pairs.append((few[i], many[j]))
    return [(b, a) if swap else (a, b) for a, b in reversed(pairs)]
