"""The pass from the real house to the practice house: what it says, how long it lives, what is believed. No database.

A JSON Web Token (RFC 7519) with HMAC-SHA-256, by a key that only the two houses have.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

import jwt

from hovedindgang.people.models import Role

SECONDS = 60
CLOCKS_APART = 30  # seconds that the real house's clock may be ahead
KEY_BYTES = 32
ALGORITHM = "HS256"
ISSUER = "hovedindgang"
SAID = frozenset({"iss", "aud", "iat", "exp", "jti", "sub", "name", "roles"})  # all of them and no other


class What(StrEnum):
    """What the real house would have sent."""

    CASE = "case"
    NOTE = "note"
    DOCUMENT = "document"
    ALARM = "alarm"
    ARCHIVE = "archive"


class BadPass(ValueError):
    """It lets nobody in. `code` says why: expired, another_house, not_ours, used."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class BadKey(ValueError):
    """The file of the shared key is missing or holds something else; the message says which file."""


@dataclass(frozen=True, slots=True)
class Pass:
    """Who comes: her number, name and roles in the real house, and nothing else about her."""

    number: uuid.UUID
    employee: int
    name: str
    roles: frozenset[Role]


def key_in(written: str) -> bytes:
    """The key as its file holds it: 32 bytes, as 64 hexadecimal digits. Raises BadKey."""
    try:
        key = bytes.fromhex(written.strip())
    except ValueError:
        raise BadKey from None
    if len(key) != KEY_BYTES:
        raise BadKey
    return key


def write_pass(
    *, employee: int, name: str, roles: Collection[Role], house: str, key: bytes, number: uuid.UUID, now: dt.datetime
) -> str:
    """A pass to the practice house at the address `house`, good for a minute from `now`."""
    at = int(now.timestamp())
    said = {
        "iss": ISSUER,
        "aud": house,
        "iat": at,
        "exp": at + SECONDS,
        "jti": str(number),
        "sub": str(employee),
        "name": name,
        "roles": sorted(role.value for role in roles),
    }
    return jwt.encode(said, key, algorithm=ALGORITHM)


def read_pass(written: str, *, house: str, key: bytes, now: dt.datetime) -> Pass:
    """What it says, where all of it is right; whether it came before, the caller asks. Raises BadPass."""
    try:
        said = jwt.decode(
            written,
            key,
            algorithms=[ALGORITHM],
            issuer=ISSUER,
            audience=house,
            # The instants are checked below, by the house's own clock and without leeway.
            options={"verify_exp": False, "verify_iat": False, "require": sorted(SAID - {"name", "roles"})},
        )
    except jwt.InvalidAudienceError:
        raise BadPass("another_house") from None
    except jwt.PyJWTError:
        raise BadPass("not_ours") from None
    try:
        came, ends, at = int(said["iat"]), int(said["exp"]), now.timestamp()
        if set(said) != SAID or said["aud"] != house or not 0 < ends - came <= SECONDS or came > at + CLOCKS_APART:
            raise BadPass("not_ours")
        read = Pass(
            uuid.UUID(said["jti"]), int(said["sub"]), str(said["name"]), frozenset(Role(one) for one in said["roles"])
        )
    except (ValueError, TypeError, AttributeError) as wrong:
        raise wrong if isinstance(wrong, BadPass) else BadPass("not_ours") from None
    if at >= ends:
        raise BadPass("expired")
    return read
