"""Encryption at rest and keyed blind indexes.

AES-256-GCM with a fresh nonce for each value; the associated data ties a value to its place (table, column),
so that a ciphertext moved to another column does not open. A blind index is HMAC-SHA-256 under a key of its own:
equal values can be found, and without the key the small space of CPR numbers cannot be searched.
"""

from __future__ import annotations

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_KEY_ID = b"\x01"  # first byte of every value: which key; rotation adds a second one
_NONCE_BYTES = 12


class CannotDecrypt(Exception):
    """The key is not the one it was encrypted with, or the value belongs to another place."""


def encrypt(plain: str, *, place: str) -> bytes:
    """`key id ‖ nonce ‖ ciphertext ‖ tag` of `plain`, bound to `place` ("people_citizen.cpr")."""
    nonce = os.urandom(_NONCE_BYTES)
    sealed = AESGCM(bytes.fromhex(settings.CPR_KEY)).encrypt(nonce, plain.encode(), place.encode())
    return _KEY_ID + nonce + sealed


def decrypt(value: bytes, *, place: str) -> str:
    """What `encrypt` was given. Raises CannotDecrypt for a wrong key, a changed value or another place."""
    value = bytes(value)
    nonce, sealed = value[1 : 1 + _NONCE_BYTES], value[1 + _NONCE_BYTES :]
    try:
        return AESGCM(bytes.fromhex(settings.CPR_KEY)).decrypt(nonce, sealed, place.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise CannotDecrypt(f"a value of {place} does not open with the key in force") from error


def blind_index(value: str, *, place: str) -> bytes:
    """32 bytes; equal for equal values in one place, telling nothing without the key."""
    key = bytes.fromhex(settings.INDEX_KEY)
    return hmac.new(key, f"{place}\x1f{value}".encode(), hashlib.sha256).digest()
