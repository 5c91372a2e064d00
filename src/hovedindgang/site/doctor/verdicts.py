"""What a check may answer."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Verdict(StrEnum):
    WELL = "well"
    WARNING = "warning"  # it works, and something should be done
    WRONG = "wrong"  # it does not work, or what people rely on is not so
    NOT_ASKED = "not_asked"  # what it would ask is away


class Answer(NamedTuple):
    """What was found, and what to do about it ("" where all is well)."""

    verdict: Verdict
    found: str
    do: str = ""


def well(found: str) -> Answer:
    return Answer(Verdict.WELL, found)


def warning(found: str, do: str) -> Answer:
    return Answer(Verdict.WARNING, found, do)


def wrong(found: str, do: str) -> Answer:
    return Answer(Verdict.WRONG, found, do)
