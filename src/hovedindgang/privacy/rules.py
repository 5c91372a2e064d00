"""When a contact's time has come, and what keeps it. No database.

A contact is forgotten whole: with what is merged into it and what is linked with its matters, since a note is about all
of a contact and a linked row would lead back to its person. So it stays as long as its longest service says.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from hovedindgang.contacts.rules import ANSWER_MONTHS, Outcome, months_after

# A figure that waits for whether she comes again is settled by then (the longest window, and the model's days to close
# a month); nothing is forgotten earlier, however short its service is kept.
FIGURES_SETTLE_DAYS = 92
CITIZEN_DAYS = 30  # a citizen whom nothing mentions: she may have been registered a moment before her contact
LONGEST_REASON = 500
# A request about what is held of her has no answer yet: also while a department looks, or she is to show who she is.
UNANSWERED = frozenset({Outcome.OPEN, Outcome.PASSED_ON, Outcome.MUST_COME_BACK})


class PrivacyRefused(Exception):
    """A deed that was not done; `errors` says by field what to do."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors = dict(errors)
        super().__init__(" ".join(errors.values()))


class Kept(StrEnum):
    """What keeps a contact, or a citizen; the first that holds is told."""

    HOLD = "hold"
    OPEN = "open"
    HANDOVER = "handover"
    UNTOLD = "untold"  # a department has answered, and she has not been told
    COMPLAINT = "complaint"  # somebody has complained, and is not answered yet
    JOURNAL = "journal"  # it is on its way into the case system
    REQUEST = "request"  # she has asked about what we hold and has no answer yet
    RESTRICTED = "restricted"  # what is held of her is only stored: not deleted either
    NO_PERIOD = "no_period"  # the model says of one of its services no period
    NOT_YET = "not_yet"
    NOT_ARCHIVED = "not_archived"  # what must go to the archive has no receipt


class ErasureGround(StrEnum):
    """Why the law asks for it (databeskyttelsesforordningen art. 17, 1)."""

    NOT_NEEDED = "not_needed"  # a
    CONSENT_WITHDRAWN = "withdrawn"  # b
    OBJECTED = "objected"  # c
    UNLAWFUL = "unlawful"  # d
    BY_LAW = "by_law"  # e


class Answer(StrEnum):
    """How a request was answered."""

    GRANTED = "granted"
    PARTLY = "partly"
    REFUSED = "refused"


class ProlongWhy(StrEnum):
    """The two reasons the law knows for taking longer (databeskyttelsesforordningen art. 12, 3)."""

    COMPLEX = "complex"
    MANY = "many"


class Risk(StrEnum):
    """What the breach may do to those it touches (art. 33, 1 and 34, 1)."""

    NONE = "none"  # unlikely to be a risk: noted, and told to nobody
    RISK = "risk"  # Datatilsynet is told
    HIGH = "high"  # and those it touches


class Scope(StrEnum):
    """Whose looking the breach is about."""

    EMPLOYEE = "employee"  # an account
    CLIENT = "client"  # another system
    CENTRE = "centre"
    EXPORT = "export"  # what was taken out as files
    EVERYTHING = "everything"


class DataKind(StrEnum):
    """Kinds of data that may have been seen."""

    CPR = "cpr"
    NAME = "name"  # name, address and what leads to her
    MATTERS = "matters"
    NOTES = "notes"
    SENSITIVE = "sensitive"  # art. 9


class NotTold(StrEnum):
    """Why those it touches need not each be told (art. 34, 3)."""

    UNREADABLE = "unreadable"  # a
    STOPPED = "stopped"  # b
    PUBLIC = "public"  # c: told in public instead


NAMED = frozenset({Scope.EMPLOYEE, Scope.CLIENT, Scope.CENTRE})
NOTIFY_WITHIN = dt.timedelta(hours=72)  # Datatilsynet, from when it was discovered (art. 33, 1)

PROLONG_MONTHS = 2  # beyond the first (art. 12, 3); told, with the reason, before the first is gone
SOON_DAYS = 7  # assumed: from then on the list says that the day is near


def due_on(received_on: dt.date, prolonged_to: dt.date | None = None) -> dt.date:
    """The last day a request may be answered: a month after it came, or the later day the citizen was told of."""
    return prolonged_to or months_after(received_on, ANSWER_MONTHS)


def latest_prolonged(received_on: dt.date) -> dt.date:
    """The last day it may be prolonged to."""
    return months_after(received_on, ANSWER_MONTHS + PROLONG_MONTHS)


@dataclass(frozen=True, slots=True)
class Period:
    """How long a service's matters are kept, as the model in force says."""

    days: int
    ground: str
    archive: bool


@dataclass(frozen=True, slots=True)
class MatterFacts:
    """One enquiry: its service, the last day anything happened in its contact, and what is unfinished about it."""

    service: str
    last_on: dt.date
    unfinished: frozenset[Kept] = frozenset()


@dataclass(frozen=True, slots=True)
class Verdict:
    """`kept` None: its time has come. `ends_on`: the first day it may go; None where no period is said."""

    ends_on: dt.date | None
    service: str
    ground: str
    archive: bool
    kept: Kept | None


def judge(
    matters: Iterable[MatterFacts], periods: Mapping[str, Period], *, held: Collection[Kept], today: dt.date
) -> Verdict:
    """What the model in force says of contacts that belong together. `held`: reasons that stand on no matter."""
    matters = list(matters)
    unsaid = sorted({one.service for one in matters} - set(periods))
    archive = any(periods[one.service].archive for one in matters if one.service in periods)
    reasons = {*held, *(reason for one in matters for reason in one.unfinished)}
    if unsaid:
        return Verdict(None, unsaid[0], "", archive, _first({*reasons, Kept.NO_PERIOD}))
    ends = {one: one.last_on + dt.timedelta(days=periods[one.service].days) for one in matters}
    longest = max(matters, key=lambda one: (ends[one], one.service))
    settled = max(one.last_on for one in matters) + dt.timedelta(days=FIGURES_SETTLE_DAYS)
    ends_on = max(ends[longest], settled)
    if today < ends_on:
        reasons.add(Kept.NOT_YET)
    return Verdict(ends_on, longest.service, periods[longest.service].ground, archive, _first(reasons))


def _first(reasons: Collection[Kept]) -> Kept | None:
    return next((reason for reason in Kept if reason in reasons), None)


def groups(numbers: Iterable[int], links: Iterable[tuple[int, int]]) -> list[list[int]]:
    """The numbers in groups of those that are linked, directly or through others; each sorted, smallest first."""
    leads = {number: number for number in numbers}

    def head(number: int) -> int:
        while leads[number] != number:
            leads[number] = leads[leads[number]]
            number = leads[number]
        return number

    for one, other in links:
        leads[head(max(one, other))] = head(min(one, other))
    found: dict[int, list[int]] = {}
    for number in sorted(leads):
        found.setdefault(head(number), []).append(number)
    return sorted(found.values())
