"""When a citizen had our word on a matter: what she was told first counts, however her matter ended later.

An outcome has one time, and the next outcome takes its place: she who is asked in time to come back with a paper has
had our word, and that she comes with it late says nothing about us. What was said first stands in the changes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from hovedindgang.contacts.models import Enquiry, OutcomeChange
from hovedindgang.contacts.rules import UNANSWERED, Outcome


def in_order(changes: Iterable[OutcomeChange]) -> list[OutcomeChange]:
    return sorted(changes, key=lambda one: one.pk)


def answered_at(enquiry: Enquiry, changes: Sequence[OutcomeChange]) -> dt.datetime | None:
    """When she first had our word since the matter was last opened; None: she waits for it."""
    if enquiry.outcome in UNANSWERED:
        return None
    if not _overwritten(changes):
        return enquiry.outcome_at
    opened = [place for place, one in enumerate(changes, start=1) if one.became == Outcome.OPEN]
    if not opened:
        return first_answered_at(enquiry, changes)
    return min(_words(changes[opened[-1] :]), default=enquiry.outcome_at)


def first_answered_at(enquiry: Enquiry, changes: Sequence[OutcomeChange]) -> dt.datetime | None:
    """When she first had our word, though the matter may have been opened again; None: she never had."""
    if not _overwritten(changes):
        return None if enquiry.outcome in UNANSWERED else enquiry.outcome_at
    if changes[0].was not in UNANSWERED:
        return enquiry.contact.ended_at
    return min(_words(changes), default=enquiry.outcome_at)


def opened_again_at(changes: Sequence[OutcomeChange]) -> dt.datetime | None:
    """When it was last opened again: by her, by us, or because a department sent it back."""
    return max((one.at for one in changes if one.became == Outcome.OPEN), default=None)


def _overwritten(changes: Sequence[OutcomeChange]) -> bool:
    """Whether a word of ours was followed by another outcome; else the matter's own time is that of the first."""
    return any(one.was not in UNANSWERED for one in changes)


def _words(changes: Sequence[OutcomeChange]) -> list[dt.datetime]:
    return [one.at for one in changes if one.became not in UNANSWERED]
