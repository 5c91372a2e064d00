"""The keys, which lie outside the database, and the proof that they open what lies in it.

Several keys may open what is stored, and one of them seals what is written. They come from the environment, or from a
file that only its owner can read; a running process sees a changed file at once, so that a key can be changed while
the house is open. Before a process first seals or finds anything under a ring of keys, it is proven by the canaries:
a known word that was sealed under each key when it was new. A ring that does not open them is refused in words.
"""

from __future__ import annotations

import contextlib
import fcntl
import hmac
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

MOST_KEYS = 255  # the first byte of a sealed value names its key


class KeysDoNotFit(Exception):
    """The keys are not those that the database was written with: nothing is read or written with them.

    `number` is the key it is about, 0 the index key; `missing`: it is not there at all.
    """

    def __init__(self, number: int, *, missing: bool = False) -> None:
        super().__init__(f"key {number} is {'missing' if missing else 'another than the one in use'}")
        self.number, self.missing = number, missing


class BadKeys(Exception):
    """What stands in the environment or the file cannot be read as keys; the message says where."""


@dataclass(frozen=True)
class Ring:
    """The keys by number, the number of the one that seals, and the key of the blind indexes."""

    keys: Mapping[int, bytes]
    current: int
    index: bytes

    @cached_property
    def print_of_it(self) -> bytes:
        """Tells rings apart without keeping a key anywhere else."""
        said = b"".join(bytes([number]) + key for number, key in sorted(self.keys.items()))
        return hmac.digest(b"ring", bytes([self.current]) + said + self.index, "sha256")


def ring() -> Ring:
    """The keys in force now. Raises BadKeys."""
    if settings.CPR_KEY:
        keys, current = keys_in(settings.CPR_KEY)
    else:
        keys, current = _keys_of_file()
    return _ring(tuple(keys.items()), current, settings.INDEX_KEY)


@lru_cache(maxsize=8)
def _ring(keys: tuple[tuple[int, bytes], ...], current: int, index: str) -> Ring:
    return Ring(dict(keys), current, _bytes_of(index, "HOVEDINDGANG_INDEX_KEY"))


@lru_cache(maxsize=8)
def keys_in(written: str) -> tuple[dict[int, bytes], int]:
    """The keys of `HOVEDINDGANG_CPR_KEY`: one alone is number 1; of "2:…,1:…" the first one seals. Raises BadKeys."""
    keys: dict[int, bytes] = {}
    for part in written.split(","):
        number, colon, key = part.strip().rpartition(":")
        if colon and not (number.isdigit() and 1 <= int(number) <= MOST_KEYS):
            raise BadKeys("HOVEDINDGANG_CPR_KEY")
        keys.setdefault(int(number or 1), _bytes_of(key, "HOVEDINDGANG_CPR_KEY"))
    return keys, next(iter(keys))


def _bytes_of(key: str, where: str) -> bytes:
    try:
        found = bytes.fromhex(key)
    except ValueError:
        raise BadKeys(where) from None
    if len(found) != 32:
        raise BadKeys(where)
    return found


# --------------------------------------------------------------------------------------------------------- the file


def key_file() -> Path:
    return _path(str(settings.KEY_FILE))


_path = lru_cache(maxsize=8)(Path)  # asked for by every deed that knows a citizen by her number


_read: dict[Path, tuple[tuple[int, int, int], tuple[dict[int, bytes], int]]] = {}


def _keys_of_file() -> tuple[dict[int, bytes], int]:
    """The file's keys; read again when it is another. One that has gone is remembered as long as the process lives."""
    file = key_file()
    known = _read.get(file)
    try:
        found = os.stat(file)
        sign = (found.st_mtime_ns, found.st_ino, found.st_size)
        if known is None or known[0] != sign:
            known = _read[file] = sign, _keys_written(json.loads(file.read_text()))
    except (OSError, ValueError) as error:
        if known is None:
            raise BadKeys(str(file)) from error
    return known[1]


def _keys_written(written: Mapping[str, Any]) -> tuple[dict[int, bytes], int]:
    """What stands under "cpr" is written as in the environment."""
    keys, current = keys_in(str(written["cpr"]))
    return dict(keys), current


def as_written(keys: Ring) -> str:
    """The ring as the environment and the file hold it: the key that seals first; number 1 alone without its number."""
    if list(keys.keys) == [1]:
        return keys.keys[1].hex()
    in_order = sorted(keys.keys, key=lambda number: (number != keys.current, -number))
    return ",".join(f"{number}:{keys.keys[number].hex()}" for number in in_order)


def is_private() -> bool:
    """Only its owner can read the file; true where the keys come from the environment."""
    return bool(settings.CPR_KEY) or not (os.stat(key_file()).st_mode & 0o077)


def add_key() -> int:
    """Make a key in the file that seals from now on, in all processes; gives its number. Raises BadKeys when full."""
    with _changing() as written:
        keys, _current = _keys_written(written)
        number = max(keys) + 1
        if number > MOST_KEYS:
            raise BadKeys(str(key_file()))
        keys[number] = secrets.token_bytes(32)
        written["cpr"] = as_written(Ring(keys, number, b""))
    return number


def take_key_out(number: int) -> None:
    """Remove a key that nothing is sealed with any more (`rotation.values_by_key` tells) from the file."""
    with _changing() as written:
        keys, current = _keys_written(written)
        if number == current or number not in keys:
            raise ValueError(f"key {number} is in use, or there is none")
        del keys[number]
        written["cpr"] = as_written(Ring(keys, current, b""))


@contextlib.contextmanager
def _changing() -> Iterator[dict[str, Any]]:
    """Read the file, let it be changed, and put it back whole or not at all; one process at a time."""
    file = key_file()
    with (file.parent / "keys.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        written: dict[str, Any] = json.loads(file.read_text())
        yield written
        made = file.with_name(f"keys.{os.getpid()}.{secrets.token_hex(4)}")
        made.touch(mode=0o600)
        with made.open("w") as out:
            json.dump(written, out)
            out.flush()
            os.fsync(out.fileno())
        made.replace(file)
