"""A copy of the sealed log in another system: its lines are appended, one seal after the other, and never changed.

Each event is a line of JSON, and after the events of a seal comes the seal. Whoever was cut off in the middle of a
line begins a new one and says that seal anew, so a reader passes over what is no JSON, and over events that he has.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, BinaryIO

from hovedindgang.kernel.models import DroppedMonth, Log, Seal
from hovedindgang.kernel.seals import FIRST_HASH, Progress, Sealable, events_hash, hash_of, json_text, silent
from hovedindgang.kernel.verifying import by_events, lines_of

_NAMES = (
    *("event", "recorded_at", "happened_at", "actor_kind", "actor_id", "on_behalf_of"),
    *("verb", "subject_kind", "subject_id", "request_id", "facts"),
)
_BEGINS = (b'{"event":', b'{"seal":')
_SEALS_AT_ONCE = 1_000
_BLOCK = 1 << 20  # bytes read at once from the end of a copy


class NoCopy(Exception):
    """The file is something else."""


class OfAnotherLog(Exception):
    """The last seal of the copy is not in the chain: the log was cut off or made anew, or it is another house's."""

    def __init__(self, seal: int) -> None:
        super().__init__(seal)
        self.seal = seal


@dataclass(slots=True)
class Copied:
    """What was written: how many, the last seal, and the seals that do not hold."""

    seals: int = 0
    events: int = 0
    head: str = ""
    broken: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Compared:
    """What a copy says beside the log. `not_as_sealed`: seals whose events the copy does not have as they were sealed,
    or that it lacks. `other_in_log`: seals that the log does not have, or has otherwise."""

    seals: int = 0
    events: int = 0  # as they were sealed
    last: int = 0
    not_as_sealed: list[int] = field(default_factory=list)
    other_in_log: list[int] = field(default_factory=list)

    @property
    def all_well(self) -> bool:
        return not self.not_as_sealed and not self.other_in_log


# ---------------------------------------------------------------------------------------------------------- writing


def copy_after(
    seal: tuple[int, str] | None, write: Callable[[bytes], object], *, progress: Progress = silent
) -> Copied:
    """Writes every seal after this one, each with its events, in one call of `write`; from the first where it is None.

    What is there is copied though its seal does not hold: the copy says so, and the numbers are returned. Raises
    OfAnotherLog where the log has no such seal.
    """
    number, before = seal or (0, FIRST_HASH)
    if seal is not None and not Seal.objects.filter(number=number, hash=before).exists():
        raise OfAnotherLog(number)
    copied = Copied(head=f"{number}:{before}" if seal else "")
    months = DroppedMonth.objects.filter(log=Log.EVENTS).values_list("month", flat=True)
    for some in by_events(Seal.objects.filter(number__gt=number).order_by("number").iterator(chunk_size=200)):
        lines = lines_of(some)
        gone = set(months.all())  # asked after the events: one may be dropped while we copy
        for one in some:
            numbers = [n for first, last in one.ids for n in range(first, last + 1)]
            events = [lines[n] for n in numbers if n in lines]
            dropped = one.month in gone
            holds = one.hash == hash_of(one, before=before) and (dropped or events_hash(events) == one.events_hash)
            said = {"dropped": True} if dropped else {}
            write(b"".join([*map(line_of, events), _seal_line(one, before, holds=holds, **said)]))
            if not holds:
                copied.broken.append(one.number)
            before = one.hash
            copied.seals, copied.events, copied.head = copied.seals + 1, copied.events + len(events), str(one)
            progress(copied.seals)
    return copied


def line_of(event: Sealable) -> bytes:
    """What is sealed of an event, in the same order, each value by its name."""
    values = json.loads(event.line, parse_float=Decimal)
    named = (f'"{name}":{json_text(value)}' for name, value in zip(_NAMES, values, strict=True))
    return ("{" + ",".join(named) + "}\n").encode()


def _seal_line(seal: Seal, before: str, **more: bool) -> bytes:
    said = {
        "seal": seal.number,
        "hash": seal.hash,
        "before": before,
        "sealed_at": seal.sealed_at,
        "events": seal.count,
        "events_hash": seal.events_hash,
        **more,
    }
    return (json.dumps(said, separators=(",", ":")) + "\n").encode()


# ---------------------------------------------------------------------------------------------------------- reading


def last_copied(file: BinaryIO) -> tuple[int, str] | None:
    """The number and hash of the last seal that a copy holds whole. Raises NoCopy where the file is something else."""
    file.seek(0)
    begins = file.read(len(_BEGINS[0]))
    if not any(begins.startswith(one) or one.startswith(begins) for one in _BEGINS):
        raise NoCopy
    for line in _lines_from_the_end(file):
        said = _read(line)
        if said is not None and "seal" in said:
            try:
                return int(said["seal"]), str(said["hash"])
            except (KeyError, TypeError, ValueError):
                raise NoCopy from None
    return None


def compare(lines: Iterable[bytes], *, progress: Progress = silent) -> Compared:
    """Whether a copy still holds what was sealed, and the log the same seals. Raises NoCopy where it is something else.

    What was sealed after the copy was made is not looked at.
    """
    compared = Compared()
    try:
        _compare(lines, compared, progress)
    except (KeyError, TypeError, ValueError):  # a line of what no seal and no event is
        raise NoCopy from None
    if not compared.seals:
        raise NoCopy
    return compared


def _compare(lines: Iterable[bytes], compared: Compared, progress: Progress) -> None:
    events, log = dict[int, bytes](), _SealsOfTheLog()
    for said in map(_read, lines):
        if said is None:
            continue
        if "event" in said:
            events[int(said["event"])] = _canonical(said)
        else:
            number = int(said["seal"])
            compared.not_as_sealed += range(compared.last + 1, number) if compared.last else ()
            compared.seals, compared.last = compared.seals + 1, number
            if events_hash(Sealable(n, "", events[n]) for n in sorted(events)) == said["events_hash"]:
                compared.events += len(events)
            elif not said.get("dropped"):
                compared.not_as_sealed.append(number)
            if log.has(number) != (said["hash"], said["events_hash"]):
                compared.other_in_log.append(number)
            events.clear()
            progress(compared.seals)


class _SealsOfTheLog:
    """Asked for one after the other, read many at a time."""

    def __init__(self) -> None:
        self.read: dict[int, tuple[str, str]] = {}

    def has(self, number: int) -> tuple[str, str] | None:
        if number not in self.read:
            rows = Seal.objects.filter(number__gte=number, number__lt=number + _SEALS_AT_ONCE)
            self.read = {at: (own, of) for at, own, of in rows.values_list("number", "hash", "events_hash")}
        return self.read.get(number)


def _canonical(said: dict[str, Any]) -> bytes:
    return ("[" + ",".join(json_text(said.get(name)) for name in _NAMES) + "]\n").encode()


def _read(line: bytes) -> dict[str, Any] | None:
    """None for half a line, and for what is none."""
    try:
        said = json.loads(line, parse_float=Decimal)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def _lines_from_the_end(file: BinaryIO) -> Iterator[bytes]:
    at, rest = file.seek(0, 2), b""
    while at > 0:
        size = min(_BLOCK, at)
        at -= size
        file.seek(at)
        rest, *others = (file.read(size) + rest).split(b"\n")
        yield from reversed(others)
    yield rest
