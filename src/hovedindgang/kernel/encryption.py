"""Encryption at rest and keyed blind indexes.

AES-256-GCM with a fresh nonce for each value; the associated data ties a value to its place (table, column),
so that a ciphertext moved to another column does not open. The first byte names the key (`kernel.keyring`). A blind
index is HMAC-SHA-256 under a key of its own: equal values can be found, and without the key the small space of CPR
numbers cannot be searched.

A room says with `sealed_column` where its sealed values lie. `encrypt` knows no other place, so a column that a change
of keys would forget cannot be written.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hovedindgang.kernel.keyring import Ring, ring

_NONCE_BYTES = 12


class CannotDecrypt(Exception):
    """The key is not the one it was encrypted with, or the value belongs to another place."""


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """Where sealed values lie: bytes in `column`, or hexadecimal text under the names `within` its JSON object."""

    place: str
    table: str
    column: str
    within: tuple[str, ...] = ()
    batch: int = 1_000  # rows sealed anew at a time; fewer where a value is large


SEALED: dict[str, SealedColumn] = {}
_proven: set[bytes] = set()
_prove: list[Callable[[Ring], None]] = []  # set by `kernel.rotation`, which knows the tables


def sealed_column(place: str, *, table: str, column: str, within: tuple[str, ...] = (), batch: int = 1_000) -> str:
    """Say where the values of `place` lie, so that a change of keys finds them; gives the place."""
    SEALED[place] = SealedColumn(place, table, column, within, batch)
    return place


def encrypt(plain: str, *, place: str) -> bytes:
    """`key ‖ nonce ‖ ciphertext ‖ tag` of `plain`, bound to a place that `sealed_column` has named.

    Raises KeysDoNotFit where the keys are not those of what is stored.
    """
    if place not in SEALED:
        raise LookupError(f"no column is known for {place}: a change of keys would forget it")
    return seal_with(proven_ring(), plain, place=place)


def seal_with(keys: Ring, plain: str, *, place: str) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    sealed = AESGCM(keys.keys[keys.current]).encrypt(nonce, plain.encode(), place.encode())
    return bytes([keys.current]) + nonce + sealed


def decrypt(value: bytes, *, place: str) -> str:
    """What `encrypt` was given. Raises CannotDecrypt for a missing or wrong key, a changed value or another place."""
    return open_with(ring(), value, place=place)


def open_with(keys: Ring, value: bytes, *, place: str) -> str:
    value = bytes(value)
    key = keys.keys.get(value[0]) if value else None
    if key is None:
        raise CannotDecrypt(f"a value of {place} was sealed with a key that is not here")
    nonce, sealed = value[1 : 1 + _NONCE_BYTES], value[1 + _NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, sealed, place.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise CannotDecrypt(f"a value of {place} does not open with the key in force") from error


def blind_index(value: str, *, place: str) -> bytes:
    """32 bytes; equal for equal values in one place, telling nothing without the key. Raises KeysDoNotFit."""
    return index_with(proven_ring(), value, place=place)


def index_with(keys: Ring, value: str, *, place: str) -> bytes:
    return hmac.new(keys.index, f"{place}\x1f{value}".encode(), hashlib.sha256).digest()


def proven_ring() -> Ring:
    """The keys in force, once they have been shown to open what is stored. Raises KeysDoNotFit, BadKeys."""
    keys = ring()
    known = keys.print_of_it
    if known not in _proven:
        for prove in _prove:
            prove(keys)
        _proven.add(known)
    return keys


def prove_with(prove: Callable[[Ring], None]) -> None:
    """Set what proves a ring of keys, once in a process."""
    _prove[:] = [prove]


def forget_proofs() -> None:
    """Prove the keys anew when they are next used; for tests, and after a database was put in the place of another."""
    _proven.clear()


def trust(keys: Ring) -> None:
    """Take a ring as proven; for tests, whose database is empty each time."""
    _proven.add(keys.print_of_it)
