"""What every answer says to the browser, whoever made it."""

from __future__ import annotations

import subprocess
import sys

import pytest
from django.test import Client
from django.urls import reverse

FRAMED_BY_NOBODY = "frame-ancestors 'none'"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/findes-ikke/", 404),
        ("GET", "/skranke", 301),
        ("POST", "/skranke/", 403),
        ("GET", "/api/v1/contacts", 405),
        ("POST", "/api/v1/contacts", 401),
        ("GET", "/api/v1/openapi.json", 200),
        ("TRACE", "/", 405),
    ],
)
def test_nobody_frames_any_answer_and_no_browser_guesses_what_it_is(db, method, path, status):
    answer = Client(enforce_csrf_checks=True).generic(method, path)

    assert answer.status_code == status
    assert FRAMED_BY_NOBODY in answer.headers["Content-Security-Policy"]
    assert "object-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "base-uri 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_what_is_asked_for_with_a_token_is_kept_by_no_cache(db):
    answer = Client().get("/api/v1/model", headers={"authorization": "Bearer nobodys"})
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("language", ["da", "en"])
def test_a_file_larger_than_there_is_room_for_is_refused_before_it_is_read(client, db, language):
    client.cookies["hovedindgang_language"] = language
    answer = client.generic(
        "POST", "/mig/", b"", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH="20000001"
    )
    assert answer.status_code == 413
    assert "20 MB" in answer.content.decode()


def test_over_https_the_browser_is_told_to_stay_there_for_a_year(db, settings):
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 31_536_000, True
    answer = Client().get(reverse("start"), secure=True)
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_over_https_every_cookie_is_this_hosts_alone():
    asked = (
        "from hovedindgang.site import settings as s; import re, pathlib;"
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.LANGUAGE_COOKIE_NAME, s.COOKIE_PREFIX,"
        "s.SESSION_COOKIE_SECURE and s.CSRF_COOKIE_SECURE)"
    )
    import os

    done = subprocess.run(
        [sys.executable, "-c", asked],
        env={**os.environ, "HOVEDINDGANG_HTTPS": "1"}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    *names, prefix, secure = done.stdout.split()
    assert all(name.startswith("__Host-") for name in names)
    assert (prefix, secure) == ("__Host-", "True")


def test_every_cookie_that_a_room_sets_has_the_prefix():
    from pathlib import Path

    import hovedindgang
    from hovedindgang.desk.views import REMEMBERED
    from hovedindgang.safety.views import PLACE

    house = Path(hovedindgang.__file__).parent
    sets = {file.relative_to(house).as_posix() for file in house.rglob("*.py") if ".set_cookie(" in file.read_text()}
    # Those names are made in the settings, or begin with COOKIE_PREFIX.
    assert sets - {"site/tests/test_every_answer.py"} == {
        "people/accounts.py", "desk/views.py", "safety/views.py"
    }  # fmt: skip
    assert [name for name in (*REMEMBERED.values(), PLACE) if not name.startswith("hovedindgang_")] == []


@pytest.mark.parametrize(("language", "said"), [("da", "Kald kun over https"), ("en", "Call over https only")])
def test_a_system_that_calls_in_clear_is_told_so_and_not_led_on(db, settings, language, said):
    settings.HTTPS = settings.SECURE_SSL_REDIRECT = True
    answer = Client().get("/api/v1/model", headers={"authorization": "Bearer x", "accept-language": language})
    assert (answer.status_code, answer.json()["title"]) == (403, said)
    assert Client().get("/").status_code == 301
