"""The keys that a backup's secrets are read with: known by, closed with a passphrase, and brought back."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from pathlib import Path

from django.conf import settings

from hovedindgang.kernel.keyring import as_written, ring
from hovedindgang.site.backups.sealing import seal, unseal
from hovedindgang.site.keys import put_keys

PLACE = b"hovedindgang keys of a backup"
NAMES = {"SECRET_KEY": "secret", "CPR_KEY": "cpr", "INDEX_KEY": "index"}  # setting → its name in HOME/keys  # nosec B105
OF_WHAT_IS_STORED = ("CPR_KEY", "INDEX_KEY")  # SECRET_KEY signs what people do today, and nothing that is kept


def in_force() -> dict[str, str]:
    """Each setting's key; of CPR_KEY all that open, wherever they come from."""
    return {name: str(getattr(settings, name)) for name in NAMES} | {"CPR_KEY": as_written(ring())}


def known_by(keys: str) -> str:
    """Of each key eight hexadecimal digits that tell it from another and do not help anyone to guess it."""
    return ",".join(sorted(_known_by(part.rpartition(":")[2]) for part in keys.split(",")))


def _known_by(key: str) -> str:
    return hmac.new(key.encode(), b"hovedindgang: which key is this", hashlib.sha256).hexdigest()[:8]


def fingerprints() -> dict[str, str]:
    keys = in_force()
    return {f"HOVEDINDGANG_{name}": known_by(keys[name]) for name in OF_WHAT_IS_STORED}


def not_the_same(of_the_backup: dict[str, str]) -> list[str]:
    """The settings that hold not all the keys of the backup; more of them do no harm."""
    here = fingerprints()
    return [
        name for name, known in of_the_backup.items() if not set(known.split(",")) <= set(here.get(name, "").split(","))
    ]


def sealed_keys(passphrase: bytes) -> bytes:
    return seal(json.dumps(in_force()).encode(), passphrase, place=PLACE)


def bring(sealed: bytes, passphrase: bytes, *, home: Path) -> list[str]:
    """Put the backup's keys in HOME/keys, those that lay there beside them, and use them from now on.

    Gives the settings in the environment that hold another key and would go before them. Raises DoesNotOpen.
    """
    keys: dict[str, str] = json.loads(unseal(sealed, passphrase, place=PLACE))
    put_keys(home, {NAMES[name]: key for name, key in keys.items() if name in NAMES})
    in_the_way = []
    for name, key in keys.items():
        if os.environ.get(f"HOVEDINDGANG_{name}", key) not in {key, ""}:
            in_the_way.append(f"HOVEDINDGANG_{name}")
        else:
            setattr(settings, name, key)
    return in_the_way
