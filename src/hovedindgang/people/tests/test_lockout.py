"""Who tries too often waits, longer each time, in whichever process, and a person lets her in again."""

from __future__ import annotations

import datetime as dt
import threading
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import connection, connections
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from hovedindgang.kernel.models import Event
from hovedindgang.people.lockout import ALLOWED, Allowed, LockedOut, begin_try
from hovedindgang.people.models import LockKind, SignInLock

GOOD = {"login": "alice", "password": "the word of alice"}
WRONG = {**GOOD, "password": "wrong"}


def tried(said: dict[str, str], *, language: str = "da", address: str = "192.0.2.1") -> Any:
    client = Client(REMOTE_ADDR=address)
    client.cookies["hovedindgang_language"] = language
    return client.post("/konto/log-ind/", said)


def test_after_five_wrong_words_the_right_one_waits_too_and_then_works(cast: SimpleNamespace, clock: Any) -> None:
    for _try in range(5):
        assert "passer ikke" in tried(WRONG).content.decode()
    assert "Der er prøvet for mange gange" in tried(GOOD).content.decode()
    clock.go(seconds=59)
    assert tried(GOOD).status_code == 200
    clock.go(seconds=1)
    assert tried(GOOD)["Location"] == "/"
    assert not SignInLock.objects.filter(kind=LockKind.ACCOUNT).exists()


@pytest.mark.parametrize(("language", "said"), [("da", "Der er prøvet for mange gange"), ("en", "Too many attempts")])
def test_a_name_that_nobody_has_waits_with_the_same_words(
    cast: SimpleNamespace, clock: Any, language: str, said: str
) -> None:
    for name in ("alice", "findes-ikke"):
        pages = [tried({**WRONG, "login": name}, language=language).content.decode() for _try in range(6)]
        assert [said in page for page in pages] == [False] * 5 + [True], name
    assert tried({**GOOD, "login": " ALICE "}, language=language).status_code == 200


def test_the_wait_doubles_up_to_an_hour_and_tries_meanwhile_do_not_lengthen_it(cast: Any, clock: Any) -> None:
    waits = []
    for _failure in range(13):
        tried(WRONG)
        row = SignInLock.objects.get(kind=LockKind.ACCOUNT)
        if row.closed_until is None:
            waits.append(0.0)
            continue
        for _meanwhile in range(3):
            tried(WRONG)
        waits.append((row.closed_until - row.failed_at) / dt.timedelta(minutes=1))
        clock.go(minutes=waits[-1])
    assert waits == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]


@given(st.integers(0, 10_000), st.integers(0, 20), st.integers(1, 500))
def test_a_wait_is_never_shorter_than_the_one_before_nor_longer_than_the_longest(
    failures: int, free: int, longest: int
) -> None:
    allowed = Allowed(free=free, longest_minutes=longest, forgotten_hours=1)
    wait, next_wait = allowed.wait_after(failures), allowed.wait_after(failures + 1)
    assert wait <= next_wait <= dt.timedelta(minutes=longest)
    assert (wait == dt.timedelta()) == (failures < free)


def test_many_names_from_one_address_wait_and_other_addresses_do_not(cast: SimpleNamespace, clock: Any) -> None:
    for number in range(ALLOWED[LockKind.ADDRESS].free):
        begin_try(account=f"name{number}", address="192.0.2.7")
    assert "Der er prøvet" in tried(GOOD, address="192.0.2.7").content.decode()
    assert tried(GOOD, address="192.0.2.8")["Location"] == "/"


def test_a_day_of_quiet_begins_the_count_anew(cast: SimpleNamespace, clock: Any) -> None:
    for _try in range(4):
        tried(WRONG)
    clock.go(hours=24)
    tried(WRONG)
    assert SignInLock.objects.get(kind=LockKind.ACCOUNT).failures == 1


def test_neither_names_nor_addresses_can_be_read_in_the_table_or_the_log(cast: SimpleNamespace, clock: Any) -> None:
    for _try in range(6):
        tried(WRONG)
    kept = str(list(SignInLock.objects.values())) + str(list(Event.objects.values()))
    assert "alice" not in kept.lower()
    assert "192.0.2" not in kept
    assert Event.objects.filter(verb="sign_in.closed").count() == 1


def test_dorthe_lets_alice_try_again_at_once(cast: SimpleNamespace, client_of: Any, clock: Any) -> None:
    for _try in range(5):
        tried(WRONG)
    page = client_of(cast.dorthe).get("/medarbejdere/venter/").content.decode()
    assert "Alice" in page
    assert client_of(cast.alice).post(f"/medarbejdere/{cast.alice.pk}/aabn/").status_code == 403
    assert client_of(cast.dorthe).post(f"/medarbejdere/{cast.alice.pk}/aabn/").status_code == 302
    assert "Ingen venter" in client_of(cast.gorm).get("/medarbejdere/venter/").content.decode()
    assert tried(GOOD)["Location"] == "/"


def test_wrong_codes_wait_as_wrong_words_do(cast: SimpleNamespace, clock: Any) -> None:
    TOTP.activate(cast.alice, generate_totp_secret())
    client = Client()
    assert client.post("/konto/log-ind/", GOOD)["Location"].startswith("/konto/kode/")
    pages = [client.post("/konto/kode/", {"code": "000000"}).content.decode() for _try in range(6)]
    assert ["Der er prøvet for mange gange" in page for page in pages] == [False] * 5 + [True]


@pytest.mark.django_db(transaction=True)
def test_twenty_tries_at_once_are_no_more_than_five() -> None:
    begun: list[bool] = []

    def try_once() -> None:
        try:
            begin_try(account="alice")
            begun.append(True)
        except LockedOut:
            begun.append(False)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=try_once) for _number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sum(begun), len(begun)) == (5, 20), connection.vendor
