"""The key that the two houses share, in a file that its owner alone can read."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.conf import settings

from hovedindgang.practice.rules import KEY_BYTES, BadKey, key_in


def shared_key() -> bytes:
    """Raises BadKey, with the name of the file."""
    file = Path(settings.PRACTICE_KEY_FILE)
    try:
        return key_in(file.read_text(encoding="ascii"))
    except (OSError, ValueError):
        raise BadKey(str(file)) from None


def make_shared_key() -> bool:
    """Make it where it is not there; whether that was done. One that is there is never overwritten."""
    file = Path(settings.PRACTICE_KEY_FILE)
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with open(opened, "w", encoding="ascii") as out:
        out.write(secrets.token_hex(KEY_BYTES))
    return True
