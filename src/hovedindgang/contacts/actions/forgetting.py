"""Forget the keys of forms that were sent long ago: housekeeping, not a deed, so it leaves no event."""

from __future__ import annotations

import datetime as dt

from django.conf import settings

from hovedindgang.contacts.models import IdempotencyKey
from hovedindgang.kernel import clock


def forget_old_keys() -> int:
    """Remove keys older than the installation keeps them (assumed 30 days); gives how many."""
    before = clock.now() - dt.timedelta(days=settings.IDEMPOTENCY_DAYS)
    forgotten, _by_table = IdempotencyKey.objects.filter(made_at__lt=before).delete()
    return forgotten
