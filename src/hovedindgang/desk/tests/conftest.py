"""A real browser for the desk: Chromium of the system, driven by playwright."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from hovedindgang.people.models import Employee

CHROMIUM = os.environ.get("HOVEDINDGANG_CHROMIUM", "/usr/bin/chromium")
AXE = Path(__file__).resolve().parents[4] / "node_modules/axe-core/axe.min.js"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where there is no Chromium the journeys are left out."""
    if not Path(CHROMIUM).exists():
        items[:] = [item for item in items if not item.get_closest_marker("browser")]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # playwright runs a loop in this thread; the tests' own queries are not asynchronous for that.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def page_of(chromium: Any, live_server: Any) -> Iterator[Callable[..., Any]]:
    """A browser page in which the employee is signed in and the desk is open: `page_of(cast.alice)`."""
    contexts = []

    def opened(employee: Employee, *, path: str = "/skranke/", language: str = "da", **options: Any) -> Any:
        client = Client()
        client.force_login(employee)
        context = chromium.new_context(
            base_url=live_server.url, **{"viewport": {"width": 1440, "height": 900}, **options}
        )
        context.add_cookies(
            [
                {"name": "hovedindgang", "value": client.cookies["hovedindgang"].value, "url": live_server.url},
                {"name": "hovedindgang_language", "value": language, "url": live_server.url},
            ]
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(8000)
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
