"""A counting week (tælleuge): which words a stroke has, and how places with few who counted are kept together. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

LONGEST_DAYS = 31
DEFINITION_VERSION = "1"


class Category(StrEnum):
    """KL's categories of an enquiry, each counted once by whoever meets it."""

    INFORMATION = "information"  # told something
    TRANSACTION = "transaction"  # something was done
    MISDIRECTED = "misdirected"  # should have gone elsewhere


class WeekRefused(Exception):
    """The week or the stroke cannot be; `errors` says why, by field."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = errors


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWeek:
    """Both days included; keys of centres and departments that count along."""

    name: str
    first_on: dt.date
    last_on: dt.date
    centres: tuple[str, ...]
    departments: tuple[str, ...]
