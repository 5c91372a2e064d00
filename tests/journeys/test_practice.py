"""The practice house in a browser: over from the real one, its colour without a fault of contrast, and back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hovedindgang.look.tests.browser import violations
from hovedindgang.practice import keys
from journeys.furnishing import furnish

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("language", ["da", "en"])
def test_axe_finds_nothing_where_people_practise(
    page_of: Callable[..., Any], cast: SimpleNamespace, settings: Any, tmp_path: Path, live_server: Any, language: str
) -> None:
    furnish(cast, tmp_path)
    type(cast.dorthe).objects.filter(pk=cast.dorthe.pk).update(language=language, is_employee=True)
    settings.PRACTICE_ADDRESS, settings.REAL_ADDRESS = live_server.url, "https://borgerservice.example"
    settings.PRACTICE_KEY_FILE = tmp_path / "pass.key"
    keys.make_shared_key()
    page = page_of(cast.dorthe, path="/oevehus/", language=language, bypass_csp=True, java_script_enabled=True)
    settings.PRACTICE = True
    found = {}
    for address in ("/oevehus/", "/skranke/", "/tavle/", "/klager/tal.csv"):
        page.goto(address)
        assert page.locator(".practice-banner").is_visible()
        assert page.title().startswith({"da": "ØVEHUS", "en": "PRACTICE"}[language])
        if wrong := violations(page):
            found[address] = wrong
    stranger = page_of(None, path="/konto/log-ind/", language=language, bypass_csp=True)
    if wrong := violations(stranger):
        found["outside"] = wrong
    assert found == {}


def test_one_goes_over_by_one_press_and_comes_back_by_signing_out(
    page_of: Callable[..., Any], cast: SimpleNamespace, settings: Any, tmp_path: Path, live_server: Any
) -> None:
    """Without a script the pass is sent on by a second press."""
    settings.PRACTICE_ADDRESS = live_server.url
    settings.REAL_ADDRESS = f"{live_server.url}/politik/"
    settings.PRACTICE_KEY_FILE = tmp_path / "pass.key"
    keys.make_shared_key()
    page = page_of(cast.alice, path="/oevehus/", java_script_enabled=False)
    page.get_by_role("button", name="Gå til øvehuset").click()
    settings.PRACTICE = True
    page.get_by_role("button", name="Gå ind i øvehuset").click()
    assert page.url.endswith("/skranke/")
    page.wait_for_selector(".practice-banner")
    page.get_by_role("button", name="Log ud").click()
    page.wait_for_url("**/politik/")
