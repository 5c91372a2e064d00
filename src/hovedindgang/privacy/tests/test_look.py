"""The pages of this room with something on each: axe finds nothing in either language, nor on a small screen."""

from __future__ import annotations

from typing import Any

import pytest

from hovedindgang.contacts.actions import NewEnquiry
from hovedindgang.insight.tests.desk import OPEN, Desk
from hovedindgang.look.tests.browser import runs_out_of, violations
from hovedindgang.people.rectifying import correct_citizen, restrict_citizen
from hovedindgang.privacy.actions import place_hold
from hovedindgang.privacy.answering import answer_request
from hovedindgang.privacy.tests.test_forgetting import person
from hovedindgang.privacy.tests.test_incidents import noted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("language", ["da", "en"])
def test_axe_finds_nothing_on_a_page_that_is_full(page_of: Any, desk: Desk, language: str) -> None:
    her, leader = person(), desk.cast.dorthe
    for right in ("access", "correction"):
        (matter,) = desk.comes(her, NewEnquiry(service=f"ret_{right}", outcome=OPEN, promised_on=desk.promised(20)))
    why = {"because": "Andres forhold", "told_of_complaint": True}
    answer_request(employee=leader, enquiry_id=matter.pk, answer="refused", **why)
    correct_citizen(employee=leader, citizen_id=her.pk, field="phone", value="11 22 33 44")
    restrict_citizen(employee=leader, citizen_id=her.pk, why="contested", until=desk.promised(30))
    place_hold(employee=leader, reason="Klage 12", until=desk.promised(30), citizen_id=her.pk)
    breach = noted(desk)
    type(leader).objects.filter(pk=leader.pk).update(language=language)
    page = page_of(leader, path="/mig/", language=language, proven=True, bypass_csp=True)
    found = {}
    for name in ("", f"borger/{her.pk}/", "anmodninger/", "brud/", f"brud/{breach.pk}/"):
        answer = page.goto(f"/databeskyttelse/{name}")
        assert answer.status == 200, name
        closed = page.locator("main details:not([open]) > summary")
        while closed.count():
            closed.first.press("Enter")
        if wrong := violations(page):
            found[name] = wrong
        page.set_viewport_size({"width": 320, "height": 600})
        if wide := runs_out_of(page):
            found[f"{name} at 320"] = wide
        page.set_viewport_size({"width": 1440, "height": 900})
    assert found == {}
