"""Whoever types `make demo` gets a house with something on every page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hovedindgang.contacts.models import Contact
from hovedindgang.insight.models import ContactDay
from hovedindgang.people.models import Representation
from hovedindgang.site.demo.filling import fill, is_filled
from hovedindgang.surveys.models import Feedback

MODELS = Path(__file__).resolve().parents[4] / "models"


@pytest.mark.django_db(transaction=True)
def test_an_empty_house_is_filled_with_invented_people_and_what_they_came_with(settings: Any, tmp_path: Path) -> None:
    settings.HOME, settings.PILOT, settings.CASE_SYSTEM = (
        tmp_path,
        True,
        "practice",
    )  # as where HOVEDINDGANG_DEMO is set
    done: list[str] = []
    number = fill(models=MODELS, say=done.append, scale=0.004)
    assert is_filled()
    assert Contact.objects.count() >= number > 100
    assert done[-1] == "plans"
    assert ContactDay.objects.exists()
    assert Representation.objects.exists()
    assert Feedback.objects.filter(said_by="anonymous").exists()
