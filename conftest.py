"""Fixtures that every room's tests may use."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from hovedindgang.conftest import prove_for_tests
from hovedindgang.kernel.clock import DENMARK, now, standing_at
from hovedindgang.look.tests.browser import CHROMIUM
from hovedindgang.people.admission import forget_clients
from hovedindgang.site.testing import asks_a_database

TESTS = Path(__file__).parent / "tests"
SLOW = {TESTS / "journeys" / "test_every_page.py", *(TESTS / "faults").glob("test_*.py")}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test marked for one database is not collected on the other, nor a journey where there is no Chromium.

    One that is marked `once` comes with SQLite's. Nothing is skipped in silence: tests/run.py says aloud how many
    journeys are left out.
    """
    if wrong := [item.nodeid for item in items if item.get_closest_marker("once") and asks_a_database(item)]:
        raise pytest.UsageError(f"marked `once`, and yet a database is asked: {', '.join(wrong)}")
    on_sqlite = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
    left_out = ["postgres"] if on_sqlite else ["sqlite", "once"]
    left_out += [] if Path(CHROMIUM).is_file() else ["browser"]
    items[:] = [item for item in items if not any(item.get_closest_marker(name) for name in left_out)]
    items.sort(key=lambda item: item.path not in SLOW)  # nobody waits at the end for one process


class Clock:
    """The clock of one test: it stands where the test puts it, and moves when the test says so."""

    def __init__(self) -> None:
        self._stack = ExitStack()

    def stand(self, at: dt.datetime) -> None:
        """From now on `kernel.clock.now()` is `at` (aware)."""
        self._stack.enter_context(standing_at(at))

    def go(self, **how_long: float) -> None:
        """Let time pass: `clock.go(minutes=5)`."""
        self.stand(now() + dt.timedelta(**how_long))

    def release(self) -> None:
        self._stack.close()


@pytest.fixture
def clock() -> Iterator[Clock]:
    """A clock that stands at a Wednesday morning, 2026-03-11 10:00 in Denmark, until the test moves it."""
    made = Clock()
    made.stand(dt.datetime(2026, 3, 11, 10, 0, tzinfo=DENMARK))
    yield made
    made.release()


@pytest.fixture(autouse=True)
def nobody_remembered() -> None:
    """What a process remembers of its clients belongs to the database of one test."""
    forget_clients()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The system's Chromium, driven by playwright."""
    from playwright.sync_api import sync_playwright  # only where there are journeys

    with sync_playwright() as playwright:
        # playwright runs a loop in this thread; the tests' own queries are not asynchronous for that.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def page_of(chromium: Any, live_server: Any) -> Iterator[Callable[..., Any]]:
    """A browser page in which the employee (None: a stranger) has come in: `page_of(cast.alice, path="/tavle/")`."""
    contexts = []

    def opened(
        employee: Any, *, path: str = "/skranke/", language: str = "da", proven: bool = False, **options: Any
    ) -> Any:
        context = chromium.new_context(
            base_url=live_server.url, **{"viewport": {"width": 1440, "height": 900}, **options}
        )
        cookies = {"hovedindgang_language": language}
        if employee is not None:
            client = Client()
            client.force_login(employee)
            if proven:
                prove_for_tests(client)
            cookies["hovedindgang"] = client.cookies["hovedindgang"].value
        context.add_cookies([{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()])
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(8000)
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
