"""The key of a form gives the same receipt for a month, and is then forgotten."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from hovedindgang.contacts.actions import forget_old_keys
from hovedindgang.contacts.models import IdempotencyKey
from hovedindgang.kernel.clock import now


@pytest.mark.django_db
def test_keys_are_kept_for_thirty_days_and_no_longer() -> None:
    for days in (29, 31):
        key = IdempotencyKey.objects.create(
            key=uuid.uuid4(), actor_kind="system", deed="register_contact", fingerprint=b"x" * 32, subject_id=days
        )
        IdempotencyKey.objects.filter(pk=key.pk).update(made_at=now() - dt.timedelta(days=days))
    assert forget_old_keys() == 1
    assert IdempotencyKey.objects.get().subject_id == 29
