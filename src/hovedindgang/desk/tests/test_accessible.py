"""No axe violation on the desk in any of its states, in Danish and English."""

from __future__ import annotations

import pytest

from hovedindgang.desk.tests.forms_as_sent import INVENTED_CPR
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.look.tests.browser import violations
from hovedindgang.people.actions import register_citizen

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def at_rest(page):
    """As it opens."""


def wrong(page):
    page.keyboard.press("o")
    page.keyboard.press("Enter")
    page.wait_for_selector("#error-summary")


def receipt(page):
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    page.wait_for_selector("#receipt")


def parked(page):
    page.keyboard.press("1")
    page.keyboard.press("p")
    page.wait_for_selector("#parked")


def citizen_shown(page):
    for again in (False, True):
        page.keyboard.press("c")
        page.keyboard.type(INVENTED_CPR)
        page.wait_for_selector(".desk-citizen")
        page.keyboard.press("x")
        page.keyboard.press("1")
        page.keyboard.press("f")
        if again:
            page.wait_for_selector("#follows_how")
        else:
            page.keyboard.press("Enter")
            page.wait_for_selector("#receipt")


def keys_shown(page):
    page.keyboard.press("?")
    page.wait_for_selector("#keys[open]")


def searching(page):
    page.keyboard.press("/")
    page.keyboard.type("k")
    page.wait_for_selector("#search-list li")


def everything_open(page):
    for key in ("1", "+", "2", "v"):
        page.keyboard.press(key)
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    page.wait_for_selector("#who_asks", state="visible")


STATES = [at_rest, wrong, receipt, parked, citizen_shown, keys_shown, searching, everything_open]


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_axe_finds_nothing(page_of, cast, state, language):
    register_citizen(actor=SYSTEM, cpr=INVENTED_CPR, name="Opdigtet Ottosen", needs="Tolk: polsk")
    page = page_of(cast.alice, language=language, bypass_csp=True)
    state(page)
    assert violations(page) == []


@pytest.mark.parametrize("language", ["da", "en"])
def test_axe_finds_nothing_on_the_strip(page_of, cast, language):
    assert violations(page_of(cast.alice, path="/skranke/strip/", language=language, bypass_csp=True)) == []


@pytest.mark.parametrize("width", [320, 360, 720, 1024, 1440])
def test_nothing_runs_out_of_the_page_at_any_width(page_of, cast, width):
    """320 pixels is 1280 at 400 %; 720 is 1440 at 200 %."""
    page = page_of(cast.alice, viewport={"width": width, "height": 800})
    everything_open(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
