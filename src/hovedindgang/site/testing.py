"""The environment tests run in; pytest loads it (`-p`) before Django reads its settings.

A house of its own in a temporary folder, keys that protect nobody, and a fast password hasher. SQLite is a
file, as in use, so that threads and processes meet the same locks; only its waiting for the disk is left out.
"""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest

_HOME = Path(tempfile.mkdtemp(prefix="hovedindgang-test-"))
(_HOME / "static").mkdir()  # where collected files would lie; whitenoise warns of a folder that is not there

os.environ.update(
    {
        "DJANGO_SETTINGS_MODULE": "hovedindgang.site.settings",
        "HOVEDINDGANG_HOME": str(_HOME),
        "HOVEDINDGANG_SECRET_KEY": "only-for-tests-" + "0" * 49,
        "HOVEDINDGANG_CPR_KEY": "11" * 32,
        "HOVEDINDGANG_INDEX_KEY": "22" * 32,
        "HOVEDINDGANG_LANGUAGE": "da",
        "HOVEDINDGANG_SECOND_FACTOR": "0",  # the cast has none; tests of it ask for it
        # Tests ask faster than people; those of the limits set them.
        "HOVEDINDGANG_MOST_LOOK_UPS": "0",
        "HOVEDINDGANG_MOST_FORMS": "0",
        "HOVEDINDGANG_MOST_API_READINGS": "0",
        "HOVEDINDGANG_MOST_API_CALLS": "0",
    }
)
if _servers := os.environ.get("SERVERS_OF_THE_TESTS", "").split():  # tests/run.py starts one for each process
    _number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    os.environ["HOVEDINDGANG_DATABASE"] = _servers[_number % len(_servers)]
for _name in ("HOVEDINDGANG_DEBUG", "HOVEDINDGANG_DEMO", "HOVEDINDGANG_HTTPS", "HOVEDINDGANG_HOSTS"):
    os.environ.pop(_name, None)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    from hypothesis import HealthCheck
    from hypothesis import settings as of_hypothesis

    # How busy the machine is decides nothing: an example may take its time, and so may the making of one.
    of_hypothesis.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    of_hypothesis.load_profile("house")
    if config.pluginmanager.hasplugin("django"):  # not where a room that knows no Django is tested by itself
        _configure_django()


def pytest_collection_finish() -> None:
    """What was loaded stays: the collector need not look through it again and again (a twentieth of the time)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


def _configure_django() -> None:
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    # Tests do not build the static files first, so pages name them without their hash.
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    from hovedindgang.kernel import encryption, keyring

    encryption.trust(keyring.ring())  # an empty database proves nothing, and no test shall pay for asking it
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database.setdefault("TEST", {})["NAME"] = str(_HOME / "test.sqlite3")
        options = database["OPTIONS"]
        options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
        _empty_tables_without_their_triggers()
    from hovedindgang.site.tests.made_once import copied_from_now_on

    copied_from_now_on()


def asks_a_database(item: pytest.Item) -> bool:
    """Whether pytest-django opens the database to this test; to every other it is shut."""
    opening = {"db", "transactional_db", "live_server"} & {*getattr(item, "fixturenames", ())}
    return bool(opening or item.get_closest_marker("django_db"))


def _empty_tables_without_their_triggers() -> None:
    """After a test with threads or processes Django empties the tables, by DELETE on SQLite.

    What is written once refuses that, so the triggers stand aside while it is done. (PostgreSQL truncates.)
    """
    from django.db.backends.sqlite3.operations import DatabaseOperations

    emptied = DatabaseOperations.sql_flush

    def sql_flush(self: DatabaseOperations, *args: Any, **kwargs: Any) -> list[str]:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
        dropped = [f"DROP TRIGGER {name}" for name, _sql in triggers]
        return [*dropped, *emptied(self, *args, **kwargs), *(sql for _name, sql in triggers)]

    DatabaseOperations.sql_flush = sql_flush  # type: ignore[assignment, method-assign]


def pytest_unconfigure() -> None:
    shutil.rmtree(_HOME, ignore_errors=True)
