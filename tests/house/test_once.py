"""What is marked `once` runs with one database's suite only, so it may ask none."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from hovedindgang.site.testing import asks_a_database

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("fixtures", "marks", "asks"),
    [
        ([], ["once"], False),
        (["tmp_path", "clock"], ["once"], False),
        (["cast", "db"], ["once"], True),
        (["transactional_db"], ["once"], True),
        (["live_server"], ["once"], True),
        ([], ["once", "django_db"], True),
    ],
)
def test_a_test_that_is_given_a_database_is_seen_to_ask_one(fixtures: list[str], marks: list[str], asks: bool) -> None:
    item: Any = SimpleNamespace(fixturenames=fixtures, get_closest_marker=lambda name: name if name in marks else None)
    assert asks_a_database(item) is asks


def test_to_who_asks_for_no_database_it_is_shut() -> None:
    with pytest.raises(RuntimeError, match="Database access not allowed"):
        connection.cursor()


def test_marked_once_and_given_a_database_nothing_is_run(pytestconfig: pytest.Config) -> None:
    planted: Any = SimpleNamespace(
        nodeid="planted", fixturenames=["db"], get_closest_marker=lambda name: name if name == "once" else None
    )
    (house,) = (one for one in pytestconfig.pluginmanager.get_plugins() if hasattr(one, "nobody_remembered"))
    with pytest.raises(pytest.UsageError, match="planted"):
        house.pytest_collection_modifyitems([planted])
