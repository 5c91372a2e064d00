"""Whether the keys open what is stored, and sealing it anew with another key while the house is open.

Each value is replaced only where it still is what was read (compare and swap), so that nothing written meanwhile is
lost; what was skipped comes in the next round. A round that finds nothing under another key is the last. Killed
anywhere it is simply begun again: what is under the new key stays.
"""

from __future__ import annotations

import hmac
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import OperationalError, connection, transaction

from hovedindgang.kernel.actors import Actor
from hovedindgang.kernel.encryption import (
    SEALED,
    CannotDecrypt,
    SealedColumn,
    index_with,
    open_with,
    proven_ring,
    seal_with,
    sealed_column,
)
from hovedindgang.kernel.events import append_event
from hovedindgang.kernel.keyring import KeysDoNotFit, Ring
from hovedindgang.kernel.models import KeyCanary

ROUNDS = 50  # a house that writes faster with an old key than we replace is one whose processes do not see the new key
PAUSE_SECONDS = 0.1
TURNS = 10  # each as long as a connection waits for the one writer
WORD = "hovedindgang"
CANARY = sealed_column("kernel_keycanary.sealed", table="kernel_keycanary", column="sealed")
INDEX_CANARY = "kernel_keycanary.index"
INDEX_NUMBER = 0  # the row that knows the index key


# ------------------------------------------------------------------------------------------------------ do they fit


def prove(keys: Ring) -> None:
    """Raise KeysDoNotFit unless the canaries open; a key that has none yet gets one, once a stored value has opened."""
    known = dict(KeyCanary.objects.values_list("number", "sealed"))
    for number, canary in known.items():
        if number == INDEX_NUMBER:
            if not hmac.compare_digest(bytes(canary), index_with(keys, WORD, place=INDEX_CANARY)):
                raise KeysDoNotFit(INDEX_NUMBER)
        elif number in keys.keys:
            _open_canary(keys, number, bytes(canary))
        elif _is_needed(number):
            raise KeysDoNotFit(number, missing=True)
    if keys.current not in known:
        _open_samples(keys)
        sealed = seal_with(keys, WORD, place=CANARY)
        KeyCanary.objects.bulk_create([KeyCanary(number=keys.current, sealed=sealed)], ignore_conflicts=True)
    if INDEX_NUMBER not in known:
        made = KeyCanary(number=INDEX_NUMBER, sealed=index_with(keys, WORD, place=INDEX_CANARY))
        KeyCanary.objects.bulk_create([made], ignore_conflicts=True)


def _open_canary(keys: Ring, number: int, canary: bytes) -> None:
    try:
        fits = open_with(keys, canary, place=CANARY) == WORD
    except CannotDecrypt:
        fits = False
    if not fits:
        raise KeysDoNotFit(number)


def _is_needed(number: int) -> bool:
    return any(_first_value(column, number) for column in _columns())


def _open_samples(keys: Ring) -> None:
    """One stored value of each column under the key that has no canary: written before there were any."""
    for column in _columns():
        for sealed in _first_value(column, keys.current):
            try:
                open_with(keys, sealed, place=column.place)
            except CannotDecrypt:
                raise KeysDoNotFit(keys.current) from None


# ---------------------------------------------------------------------------------------------------- what is stored


def _columns() -> list[SealedColumn]:
    """All but the canaries, which stay under the keys they tell of."""
    return [column for column in SEALED.values() if column.place != CANARY]


def values_by_key() -> Counter[int]:
    """How many stored values each key has sealed."""
    found: Counter[int] = Counter()
    for column in _columns():
        if column.within:
            for _pk, written in _rows(column, "TRUE", [], after=0, limit=None):
                found.update(sealed[0] for sealed in _sealed_in(column, written) if sealed)
            continue
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {_first_byte(column)}, count(*) FROM {column.table} "  # noqa: S608
                f"WHERE {column.column} IS NOT NULL GROUP BY 1"
            )
            found.update({int(number): count for number, count in cursor.fetchall()})
    return found


def _first_byte(column: SealedColumn) -> str:
    """SQL for the number of the key."""
    if connection.vendor == "postgresql":
        return f"get_byte({column.column}, 0)"
    digits = "'0123456789ABCDEF'"
    byte = f"hex(substr({column.column}, 1, 1))"
    return f"((instr({digits}, substr({byte}, 1, 1)) - 1) * 16 + instr({digits}, substr({byte}, 2, 1)) - 1)"


def _rows(
    column: SealedColumn, where: str, values: list[Any], *, after: int, limit: int | None, lock: bool = False
) -> list[tuple[int, Any]]:
    key = "number" if column.place == CANARY else "id"
    written = f"CAST({column.column} AS TEXT)" if column.within else column.column
    # Only rows that nobody is at: whoever waits for us never waits for long, and we wait for nobody.
    skip = " FOR NO KEY UPDATE SKIP LOCKED" if lock and connection.vendor == "postgresql" else ""
    at_most = "" if limit is None else f" LIMIT {limit:d}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {key}, {written} FROM {column.table} WHERE {column.column} IS NOT NULL AND {key} > %s "  # noqa: S608
            f"AND {where} ORDER BY {key}{at_most}{skip}",
            [after, *values],
        )
        return [(pk, found if column.within else bytes(found)) for pk, found in cursor.fetchall()]


def _first_value(column: SealedColumn, number: int) -> list[bytes]:
    """At most one stored value that the key has sealed."""
    if not column.within:
        rows = _rows(column, f"{_first_byte(column)} = %s", [number], after=-1, limit=1)
        return [sealed for _pk, sealed in rows]
    for _pk, written in _rows(column, "TRUE", [], after=-1, limit=None):
        if found := [sealed for sealed in _sealed_in(column, written) if sealed[:1] == bytes([number])]:
            return found[:1]
    return []


def _sealed_in(column: SealedColumn, written: str) -> list[bytes]:
    """The sealed values of a JSON object: under the names `within`, alone or in a list."""
    data = json.loads(written)
    found = [data[name] for name in column.within if data.get(name)]
    return [bytes.fromhex(text) for part in found for text in (part if isinstance(part, list) else [part])]


# --------------------------------------------------------------------------------------------------------- rotating


@dataclass(slots=True)
class Rotated:
    """What a rotation came to."""

    to: int
    values: int = 0  # sealed anew
    rounds: int = 0
    left: int = 0  # still under another key: somebody was at them, or writes with it all the time
    unreadable: list[tuple[str, int]] = field(default_factory=list)  # table and row: no key of ours opens them


def silent(_values: int) -> None:
    """Nobody is watching."""


def rotate(*, actor: Actor, progress: Callable[[int], object] = silent, batch: int | None = None) -> Rotated:
    """Seal every stored value with the current key; `progress` is told how many are done. Safe while the house writes,
    to kill and to repeat. One event, `keys.rotated`, at the end. What no key opens is left as it is, and told.
    """
    keys = proven_ring()
    done = Rotated(keys.current)
    for _round in range(ROUNDS):
        before, done.unreadable = done.values, []
        for column in _columns():
            for changed in _round_of(column, keys, batch or column.batch, done):
                done.values += changed
                progress(done.values)
        done.rounds += 1
        others = sum(count for number, count in values_by_key().items() if number != keys.current)
        done.left = max(0, others - len(done.unreadable))
        if not done.left:
            break
        if done.values == before:
            time.sleep(PAUSE_SECONDS)  # somebody is at the last rows
    with transaction.atomic():
        append_event(
            verb="keys.rotated",
            actor=actor,
            subject_kind="key",
            subject_id=keys.current,
            facts={"values": done.values, "left": done.left, "unreadable": len(done.unreadable)},
        )
    return done


def _round_of(column: SealedColumn, keys: Ring, batch: int, done: Rotated) -> Iterator[int]:
    """Go through a column once by row number; gives of each batch how many were sealed anew."""
    after = -1
    where, values = ("TRUE", [])
    if not column.within:
        where, values = f"{_first_byte(column)} <> %s", [keys.current]
    on_postgres, rows_left = connection.vendor == "postgresql", True
    while rows_left:
        if on_postgres:
            with transaction.atomic():
                rows = _rows(column, where, values, after=after, limit=batch, lock=True)
                changed = _swap(column, list(_anew(column, rows, keys, done)))
        else:  # one writer: read and seal before asking to write, so that it is ours for a moment only
            rows = _rows(column, where, values, after=after, limit=batch)
            made = list(_anew(column, rows, keys, done))
            changed = _swap_in_turn(column, made)
        rows_left = bool(rows)
        if rows:
            after = rows[-1][0]
            yield changed


def _anew(
    column: SealedColumn, rows: list[tuple[int, Any]], keys: Ring, done: Rotated
) -> Iterator[tuple[int, Any, Any]]:
    """Row number, what it holds, and the same sealed with the current key; rows that hold that already are left out."""

    def sealed_anew(sealed: bytes) -> bytes:
        if sealed[:1] == bytes([keys.current]):
            return sealed
        return seal_with(keys, open_with(keys, sealed, place=column.place), place=column.place)

    for pk, held in rows:
        try:
            if column.within:
                data = json.loads(held)
                for name in column.within:
                    if isinstance(data.get(name), list):
                        data[name] = [sealed_anew(bytes.fromhex(text)).hex() for text in data[name]]
                    elif data.get(name):
                        data[name] = sealed_anew(bytes.fromhex(data[name])).hex()
                made: Any = json.dumps(data)
                if json.loads(held) == data:
                    continue
            else:
                made = sealed_anew(held)
        except (CannotDecrypt, ValueError):
            done.unreadable.append((column.table, pk))
            continue
        yield pk, held, made


def _swap_in_turn(column: SealedColumn, made: list[tuple[int, Any, Any]]) -> int:
    """On SQLite writers wait for each other at random; one that others overtake for long asks again."""
    for turn in range(TURNS):
        try:
            with transaction.atomic():
                return _swap(column, made)
        except OperationalError as busy:
            if "locked" not in str(busy) or turn == TURNS - 1:
                raise
    return 0


def _swap(column: SealedColumn, made: list[tuple[int, Any, Any]]) -> int:
    """Write what was made where the row still holds what was read; gives how many."""
    if not made:
        return 0
    kind = "::jsonb" if column.within and connection.vendor == "postgresql" else ""
    statement = f"UPDATE {column.table} SET {column.column} = %s{kind} WHERE id = %s AND {column.column} = %s{kind}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(statement, [(new, pk, old) for pk, old, new in made])
        return int(cursor.rowcount)
