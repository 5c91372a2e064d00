"""What the desk does when a day begins."""

from __future__ import annotations

import datetime as dt

from hovedindgang.contacts.actions import forget_unregistered
from hovedindgang.desk.actions import forget_drafts, forget_drafts_naming
from hovedindgang.kernel import clock
from hovedindgang.kernel.models import Event

DRAFTS_KEPT_DAYS = 7  # what nobody has taken up in a week is no longer served


def forget_old_drafts(event: Event) -> None:
    """Listens to day.began; safe to repeat."""
    before = clock.now() - dt.timedelta(days=DRAFTS_KEPT_DAYS)
    forget_drafts(before=before)
    forget_unregistered(before=before)


def forget_drafts_about(event: Event) -> None:
    """Listens to citizen.erased; safe to repeat."""
    forget_drafts_naming(citizen_id=int(event.subject_id))
