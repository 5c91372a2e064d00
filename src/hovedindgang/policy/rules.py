"""What may be adopted: keys keep their meaning, and a decision has a day. No database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from hovedindgang.servicemodel.document import Medium, ServiceModel
from hovedindgang.servicemodel.identity import same_thing

KINDS = ("services", "centres", "departments", "authorities", "media")  # parts of a model whose keys rooms point to

Things = Mapping[str, Any]  # key → Service, Centre, Department, Authority or Medium


class VersionRefused(ValueError):
    """A version cannot be kept or adopted; the message says why and what to do, in the user's language."""


class DayPassed(VersionRefused):
    """The day it was to be in force from is over; it can be meant, and then it must be said."""


class DayRefused(ValueError):
    """An exceptional day cannot be recorded; `errors` names the field."""

    def __init__(self, errors: dict[str, str]) -> None:
        self.errors = errors
        super().__init__(" ".join(errors.values()))


def digest_of(text: str, includes: Mapping[str, str]) -> str:
    """SHA-256 over the document and what it includes, as 64 hexadecimal digits."""
    whole = json.dumps([text, sorted(includes.items())], ensure_ascii=False)
    return hashlib.sha256(whole.encode()).hexdigest()


def things_of(model: ServiceModel, kind: str) -> Things:
    things: Things = getattr(model, kind)
    return things


def keeps_its_meaning(old: Any, new: Any) -> bool:
    """Whether `new` is the same thing as `old`, so that it may keep the key."""
    if isinstance(old, Medium):
        return bool(old.channel == new.channel or old.name == new.name)
    return same_thing(old, new)
