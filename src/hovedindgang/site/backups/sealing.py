"""A passphrase that closes a file: scrypt makes the key, AES-256-GCM closes one part at a time.

A sealed file is read from any place in it. Each part is bound to its number and the last one says that it is, so that
parts taken away, moved or put in are found out, as is a single changed byte.
"""

from __future__ import annotations

import io
import os
import secrets
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MAGIC = b"hovedindgang sealed 1\n"
_SALT, _NONCE, _TAG, _PART = 16, 12, 16, 1 << 20
_HEAD = len(MAGIC) + _SALT
SHORTEST_PASSPHRASE = 16


class DoesNotOpen(Exception):
    """Another passphrase, or something in it was changed."""


class BadPassphrase(Exception):
    """A file that holds no passphrase worth the name."""


def passphrase_in(file: Path) -> bytes:
    """What the file says, without the line break after it. Raises BadPassphrase, OSError."""
    said = file.read_bytes().strip()
    if len(said) < SHORTEST_PASSPHRASE:
        raise BadPassphrase(str(file))
    return said


def _key(passphrase: bytes, salt: bytes) -> AESGCM:
    return AESGCM(Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(passphrase))


def seal(plain: bytes, passphrase: bytes, *, place: bytes) -> bytes:
    """A short secret, closed: `salt ‖ nonce ‖ ciphertext ‖ tag`."""
    salt, nonce = os.urandom(_SALT), os.urandom(_NONCE)
    return salt + nonce + _key(passphrase, salt).encrypt(nonce, plain, place)


def unseal(sealed: bytes, passphrase: bytes, *, place: bytes) -> bytes:
    """What `seal` was given. Raises DoesNotOpen."""
    salt, nonce, rest = sealed[:_SALT], sealed[_SALT : _SALT + _NONCE], sealed[_SALT + _NONCE :]
    try:
        return _key(passphrase, salt).decrypt(nonce, rest, place)
    except (InvalidTag, ValueError) as error:
        raise DoesNotOpen from error


def is_sealed(file: IO[bytes]) -> bool:
    head = file.read(len(MAGIC))
    file.seek(0)
    return head == MAGIC


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(_NONCE - 1, "big") + (b"\x01" if last else b"\x00")


class SealedWriter(io.RawIOBase):
    """Write to it, and `close` it: what reaches `file` is closed. `file` stays open."""

    def __init__(self, file: IO[bytes], passphrase: bytes) -> None:
        salt = secrets.token_bytes(_SALT)  # new for each file, so that no number is ever used twice under one key
        self._file, self._key = file, _key(passphrase, salt)
        self._waiting, self._number = bytearray(), 0
        file.write(MAGIC + salt)

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._waiting += data
        while len(self._waiting) > _PART:  # the last part is kept back: it is told apart
            self._part(last=False)
        return len(data)

    def _part(self, *, last: bool) -> None:
        plain, self._waiting = bytes(self._waiting[:_PART]), self._waiting[_PART:]
        self._file.write(self._key.encrypt(_nonce(self._number, last=last), plain, MAGIC))
        self._number += 1

    def close(self) -> None:
        if not self.closed:
            self._part(last=True)
        super().close()


class SealedReader(io.RawIOBase):
    """Reads what a SealedWriter wrote, from any place. Raises DoesNotOpen."""

    def __init__(self, file: IO[bytes], passphrase: bytes) -> None:
        size = file.seek(0, io.SEEK_END)
        file.seek(len(MAGIC))
        self._file, self._key = file, _key(passphrase, file.read(_SALT))
        body = size - _HEAD
        self._parts = -(-body // (_PART + _TAG))
        self._size = body - self._parts * _TAG
        self._at, self._held = 0, (-1, b"")
        if self._parts < 1 or self._size < 0:
            raise DoesNotOpen
        self._open(self._parts - 1)  # whether the passphrase fits, and the file ends where it should, is known at once

    def _open(self, number: int) -> bytes:
        if self._held[0] != number:
            self._file.seek(_HEAD + number * (_PART + _TAG))
            try:
                nonce = _nonce(number, last=number == self._parts - 1)
                self._held = (number, self._key.decrypt(nonce, self._file.read(_PART + _TAG), MAGIC))
            except (InvalidTag, ValueError) as error:
                raise DoesNotOpen from error
        return self._held[1]

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        if self._at >= self._size:
            return 0
        number, offset = divmod(self._at, _PART)
        found = self._open(number)[offset : offset + len(buffer)]
        buffer[: len(found)] = found
        self._at += len(found)
        return len(found)
