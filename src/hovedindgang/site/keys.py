"""Keys for an installation that has not been given any: made once, kept in HOME/keys, readable by the owner alone."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import secrets
from pathlib import Path


def demo_keys(home: Path) -> dict[str, str]:
    """The keys `secret`, `cpr` and `index`, each 64 hexadecimal digits; made atomically at the first call.

    A production installation sets the environment's keys and never reads this file.
    """
    file = home / "keys" / "keys.json"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        made = file.with_name(f"keys.{os.getpid()}.{secrets.token_hex(4)}")
        made.touch(mode=0o600)
        made.write_text(json.dumps({name: secrets.token_hex(32) for name in ("secret", "cpr", "index")}))
        with contextlib.suppress(FileExistsError):  # of two processes one wins, and both read the same keys
            os.link(made, file)
        made.unlink()
    keys: dict[str, str] = json.loads(file.read_text())
    return keys


def put_keys(home: Path, keys: dict[str, str]) -> None:
    """Let HOME/keys hold these from now on; others that lay there stay beside them, under the time they were put away.

    Keys that a database was written with are never overwritten: without them nobody reads it.
    """
    file = home / "keys" / "keys.json"
    if file.exists():
        if json.loads(file.read_text()) == keys:
            return
        file.rename(file.with_name(f"keys.{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%S%f}.json"))
    file.parent.mkdir(parents=True, exist_ok=True)
    made = file.with_name(f"keys.{os.getpid()}.{secrets.token_hex(4)}")
    made.touch(mode=0o600)
    made.write_text(json.dumps(keys))
    made.rename(file)
