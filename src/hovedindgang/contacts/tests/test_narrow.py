"""People's own words on a screen: whatever was typed, the page stays as wide as its window."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from hovedindgang.contacts.tests.desk import handed_over, register
from hovedindgang.people.models import Citizen

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ADDRESS = "https://eksempel.dk/" + "en-lang-sti/" * 40
INSIDE = "element => element.scrollWidth <= element.clientWidth"


@pytest.mark.parametrize("width", [375, 1280])
def test_a_word_without_end_and_a_long_address_break_where_they_are_read(
    page_of: Any, cast: SimpleNamespace, width: int
) -> None:
    asker = Citizen.objects.create(name="Opdigtet" * 14)
    receipt = register(cast.alice, asker=asker.pk, note=f"{'x' * 5_000}\n\n{ADDRESS}")
    handed_over(cast.alice, summary=ADDRESS, asker=asker.pk)
    page = page_of(cast.alice, viewport={"width": width, "height": 800})
    for address in (f"borger/{asker.pk}/", f"{receipt.contact_id}/", "mine/"):
        page.goto(f"/henvendelser/{address}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_charlie_reads_his_inbox_on_a_telephone_without_scrolling_sideways(page_of: Any, cast: SimpleNamespace) -> None:
    asker = Citizen.objects.create(name="Anna Prøve")
    summary = f"Mangler svar på ansøgningen, se {ADDRESS}"
    handed_over(cast.alice, to="jobcenter", summary=summary, asker=asker.pk)
    page = page_of(cast.charlie, path="/henvendelser/indbakke/", viewport={"width": 375, "height": 800})
    assert page.locator(".table-scroll").evaluate(INSIDE)
    assert page.locator("text=Mangler svar").is_visible()


def test_a_leader_sees_every_page_of_the_menu_on_a_telephone(page_of: Any, cast: SimpleNamespace) -> None:
    page = page_of(cast.dorthe, path="/vejledning/", viewport={"width": 375, "height": 800})
    page.click(".house-nav summary")
    assert page.locator(".house-nav").evaluate(INSIDE)
    links = page.locator(".house-nav a").all()
    assert len(links) >= 10
    for link in links:
        box = link.bounding_box()
        assert link.is_visible()
        assert box["x"] + box["width"] <= 375


@pytest.mark.parametrize("language", ["da", "en"])
def test_a_leaders_menu_her_alarm_and_her_name_stand_on_one_line_of_an_ordinary_screen(
    page_of: Any, cast: SimpleNamespace, language: str
) -> None:
    page = page_of(cast.dorthe, path="/vejledning/", language=language, viewport={"width": 1280, "height": 800})
    header = page.locator(".house-header").bounding_box()
    assert header["height"] < 70
    for reached in page.locator(".house-person a, .house-person button").all():
        assert reached.bounding_box()["height"] >= 24  # WCAG 2.2, 2.5.8
