"""What has been written down stays as it was written."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.events import append_event
from hovedindgang.kernel.lookups import log_look_up
from hovedindgang.kernel.models import Event, LookUp

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", [Event, LookUp])
def test_nobody_changes_or_removes_a_row_of_the_log(model: type[Event] | type[LookUp]) -> None:
    with transaction.atomic():
        append_event(verb="test.said", actor=SYSTEM, subject_kind="thing", subject_id=1)
        log_look_up(actor=SYSTEM, citizen_ids=[1], use="test", reason="test")
    rows = model._default_manager.all()
    with pytest.raises(IntegrityError, match="is never changed or removed"), transaction.atomic():
        rows.update(actor_id=7)
    with pytest.raises(IntegrityError, match="is never changed or removed"), transaction.atomic():
        rows._raw_delete(rows.db)
    assert rows.get().actor_id is None


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_a_mistake_and_says_so() -> None:
    with pytest.raises(RuntimeError, match=r"inside the deed's transaction\.atomic"):
        append_event(verb="test.said", actor=SYSTEM, subject_kind="thing", subject_id=1)
