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
# From now on the page notes where the keyboard comes, and whether one sees it there.
NOTE_WHERE_ONE_IS = """() => {
    const been = new Set()
    window.been = {reached: [], unseen: [], several: () => been.size}
    document.addEventListener("focusin", () => {
        const e = document.activeElement, seen = [e, e.nextElementSibling].filter(Boolean).map(x => getComputedStyle(x))
        const what = e.outerHTML.slice(0, 100)
        been.add(e)
        window.been.reached.push(what)
        if (!seen.some(s => s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2)) window.been.unseen.push(what)
    })
    document.activeElement.blur()
}"""
BEEN = "() => [window.been.reached, window.been.unseen, window.been.several()]"


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


def speaking(language: str, every_place: list[Place]) -> None:
    for place in every_place:
        if place.who:
            type(place.who).objects.filter(pk=place.who.pk).update(language=language)


def test_every_page_is_for_everybody(page_of: Any, every_place: list[Place]) -> None:
    """Each is opened once, in a small window: nobody scrolls sideways to read, at 320 pixels or at 200 % of 1280.

    Then in a large one: axe finds nothing, and everything is reached by Tab and shows where one is.
    """
    found: dict[str, dict[str, Any]] = {}
    for place, page in opened(page_of, every_place, viewport={"width": 320, "height": 400}):
        wrong = {"wide at 320": runs_out_of(page)}
        page.set_viewport_size({"width": 640, "height": 400})
        wrong["wide at 640"] = runs_out_of(page)
        page.set_viewport_size({"width": 1440, "height": 900})
        assert page.get_attribute("html", "lang") == "da"
        wrong["axe"] = violations(page)
        wrong["not reached by Tab"], wrong["not seen where one is"] = tabbed_through(page)
        page.set_viewport_size({"width": 320, "height": 400})
        if wrong := {promise: what for promise, what in wrong.items() if what}:
            found[place.address] = wrong
    assert found == {}


def test_axe_finds_nothing_on_any_page_in_english(page_of: Any, every_place: list[Place]) -> None:
    speaking("en", every_place)
    found = {}
    for place, page in opened(page_of, every_place, language="en"):
        assert page.get_attribute("html", "lang") == "en"
        if wrong := violations(page):
            found[place.address] = wrong
    assert found == {}


def tabbed_through(page: Any) -> tuple[list[str], list[str]]:
    """What Tab does not reach of what can be reached, and where it comes without showing it."""
    to_reach = page.evaluate(REACHABLE)
    page.evaluate(NOTE_WHERE_ONE_IS)
    # A date and a time are several fields each, and both in one are more; the browser's frame takes a step too.
    within = 4 * page.locator("[type=date], [type=time]").count() + 8 * page.locator("[type=datetime-local]").count()
    steps, more = 0, len(to_reach)
    while more:
        for _step in range(more):
            page.keyboard.press("Tab")
        reached, unseen, several = page.evaluate(BEEN)
        left = [one for one in to_reach if one not in reached]
        steps += more
        done = not left and several >= len(to_reach)
        more = 0 if done else min(4, len(to_reach) + within + 4 - steps)
    return left[:4], unseen[:4]


def test_every_page_says_the_same_without_a_script(page_of: Any, every_place: list[Place]) -> None:
    """Headings and buttons are there; nothing waits for a script to be drawn."""
    for place, page in opened(page_of, every_place, java_script_enabled=False):
        assert page.locator("main h1").count() == 1, place.address
        assert page.locator("main").inner_text().strip(), place.address


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        ("1", (False, False, False, False)),
        ("document.querySelector('main').style.minWidth = '2000px'", (True, False, False, False)),
        ("document.querySelector('main h1').outerHTML = '<img src=x>'", (False, True, False, False)),
        (
            "document.addEventListener('keydown', e => e.key === 'Tab' && e.preventDefault())",
            (False, False, True, False),
        ),
        ("document.querySelector('main a').style.outline = 'none'", (False, False, False, True)),
    ],
    ids=["nothing", "too wide", "a picture without words", "a keyboard trap", "a focus nobody sees"],
)
def test_a_page_that_breaks_a_promise_is_found(page_of: Any, planted: str, found: tuple[bool, ...]) -> None:
    page = page_of(None, path="/konto/login/")
    page.evaluate(f"() => {{ {planted} }}")
    wide, axe = runs_out_of(page), violations(page)
    assert tuple(map(bool, (wide, axe, *tabbed_through(page)))) == found
