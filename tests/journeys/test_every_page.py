"""Every page that the url resolver knows, as somebody who may read it, in Danish and English."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hovedindgang.look.tests.browser import runs_out_of, violations
from journeys.furnishing import Place, furnish, places

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# What a keyboard can reach on a page, in the order of the page; of a group of radio buttons Tab reaches one.
REACHABLE = """() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
    .filter(e => e.type !== "hidden" && !e.disabled && e.tabIndex >= 0 && e.checkVisibility({visibilityProperty: true})
        && (e.type !== "radio" || e.checked))
    .map(e => e.outerHTML.slice(0, 100))"""
FOCUSED = """() => {
    const e = document.activeElement, seen = [e, e.nextElementSibling].filter(Boolean).map(x => getComputedStyle(x))
    return [e.outerHTML.slice(0, 100), seen.some(s => s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2)]
}"""


@pytest.fixture
def every_place(cast: SimpleNamespace, tmp_path: Path, settings: Any) -> list[Place]:
    settings.PILOT = True  # the page of the demonstration's figures too
    settings.PRACTICE_ADDRESS = "http://localhost:9"  # and the way to the practice house
    found = list(places(cast, furnish(cast, tmp_path)))
    assert len(found) >= 30
    return found


def opened(page_of: Callable[..., Any], every_place: list[Place], **options: Any) -> Iterator[tuple[Place, Any]]:
    """Each page in turn, in one window for each who reads."""
    pages: dict[Any, Any] = {}
    for place in every_place:
        key = place.who and place.who.pk
        if key not in pages:
            pages[key] = page_of(place.who, path="/mig/" if place.who else "/", proven=True, **options)
        answer = pages[key].goto(place.address)
        assert answer is not None
        assert answer.status == 200, place
        yield place, pages[key]


@pytest.mark.parametrize("language", ["da", "en"])
def test_axe_finds_nothing_on_any_page(page_of: Any, every_place: list[Place], language: str) -> None:
    for place in every_place:
        if place.who:
            type(place.who).objects.filter(pk=place.who.pk).update(language=language)
    found = {}
    for place, page in opened(page_of, every_place, language=language, bypass_csp=True):
        assert page.get_attribute("html", "lang") == language
        if wrong := violations(page):
            found[place.address] = wrong
    assert found == {}


@pytest.mark.parametrize("width", [320, 640], ids=["320 pixels", "200 % of 1280"])
def test_nobody_scrolls_sideways_to_read(page_of: Any, every_place: list[Place], width: int) -> None:
    viewport = {"width": width, "height": 400}
    found = {
        place.address: wide
        for place, page in opened(page_of, every_place, viewport=viewport)
        if (wide := runs_out_of(page))
    }
    assert found == {}


def test_everything_is_reached_by_tab_and_shows_where_one_is(page_of: Any, every_place: list[Place]) -> None:
    missed, unseen = {}, {}
    for place, page in opened(page_of, every_place):
        to_reach = page.evaluate(REACHABLE)
        page.evaluate("document.activeElement.blur()")
        reached, blind = [], []
        # A date and a time are several fields each, and both in one are more; the browser's frame takes a step too.
        within = (
            4 * page.locator("[type=date], [type=time]").count() + 8 * page.locator("[type=datetime-local]").count()
        )
        for _step in range(len(to_reach) + within + 4):
            page.keyboard.press("Tab")
            what, shown = page.evaluate(FOCUSED)
            reached.append(what)
            if not shown and not what.startswith("<body"):
                blind.append(what)
        if left := [one for one in to_reach if one not in reached]:
            missed[place.address] = left[:4]
        if blind:
            unseen[place.address] = blind[:4]
    assert (missed, unseen) == ({}, {})


def test_every_page_says_the_same_without_a_script(page_of: Any, every_place: list[Place]) -> None:
    """Headings and buttons are there; nothing waits for a script to be drawn."""
    for place, page in opened(page_of, every_place, java_script_enabled=False):
        assert page.locator("main h1").count() == 1, place.address
        assert page.locator("main").inner_text().strip(), place.address
