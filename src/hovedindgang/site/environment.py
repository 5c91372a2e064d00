"""Settings from the environment: each read once, with a default that works and a line of help.

`SETTINGS` keeps every record in the order it was read; the reference page is generated from it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

SETTINGS: list[Setting] = []


@dataclass(frozen=True, slots=True)
class Setting:
    name: str
    default: str
    help: str


def _read(name: str, default: str, help: str) -> str:
    SETTINGS.append(Setting(name, default, help))
    return os.environ.get(name, default)


def text(name: str, default: str, help: str) -> str:
    return _read(name, default, help)


def flag(name: str, default: bool, help: str) -> bool:
    """True for 1, true, yes, on; False for 0, false, no, off and empty; anything else is an error that says so."""
    value = _read(name, "1" if default else "0", help).strip().lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"", "0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}: write 1 or 0")


def number(name: str, default: int, help: str) -> int:
    value = _read(name, str(default), help)
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} is {value!r}: write a whole number") from None


def folder(name: str, default: Path | str, help: str, *, shown: str) -> Path:
    """A folder; `shown` stands in the reference instead of this machine's path."""
    SETTINGS.append(Setting(name, shown, help))
    return Path(os.environ.get(name, str(default))).expanduser().resolve()


def listed(name: str, default: str, help: str) -> list[str]:
    return [part.strip() for part in _read(name, default, help).split(",") if part.strip()]
