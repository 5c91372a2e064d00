"""What was typed about a citizen who is erased goes with her."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.db import transaction

from hovedindgang.desk.actions import keep_draft
from hovedindgang.desk.models import Draft
from hovedindgang.desk.typed import Typed
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.events import append_event
from hovedindgang.kernel.worker import work_off_all


@pytest.mark.django_db(transaction=True)
def test_a_draft_that_names_her_goes_and_others_stay(cast: SimpleNamespace) -> None:
    kept = Typed.empty(asker="42", note="Hun vil")
    for typed in (Typed.empty(asker="41", note="Hun vil"), kept):
        keep_draft(employee_id=cast.alice.pk, typed=typed)
    with transaction.atomic():
        append_event(verb="citizen.erased", actor=SYSTEM, subject_kind="citizen", subject_id=41)
    work_off_all()
    assert Draft.objects.get().contact_key == kept.key
