"""Passwords: one that is given ends, and nobody has one that others guess or have lost before."""

from __future__ import annotations

import hashlib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from hovedindgang.kernel.models import Event
from hovedindgang.people import passwords
from hovedindgang.people.models import Employee
from hovedindgang.people.passwords import is_in

CHANGE = "/konto/adgangskode/"
IDA = {"username": "ida", "name": "Ida Prøve", "roles": "editor"}
HERS = "hest kaffe paraply torden"


@pytest.fixture
def given_word(cast: SimpleNamespace, clock: Any, client_of: Any) -> str:
    """The word that Gorm was shown for Ida."""
    word: str = client_of(cast.gorm, proven=True).post("/medarbejdere/ny/", IDA).context["password"]
    return word


def sign_in(word: str) -> Client:
    client = Client()
    client.post("/konto/log-ind/", {"login": "ida", "password": word})
    return client


def change(client: Client, old: str, new: str) -> Any:
    return client.post(CHANGE, {"oldpassword": old, "password1": new, "password2": new})


def test_a_word_that_was_given_opens_nothing_but_the_page_that_changes_it(given_word: str) -> None:
    assert len(given_word) >= 22  # 128 bits
    ida = sign_in(given_word)
    for address in ("/mig/", "/skranke/", "/konto/kode/app/"):
        assert ida.get(address)["Location"] == CHANGE
    assert "Det er den, du fik" in change(ida, given_word, given_word).content.decode()
    assert ida.get("/mig/").status_code == 302
    change(ida, given_word, HERS)
    assert ida.get("/mig/").status_code == 200
    assert Employee.objects.get(username="ida").password_until is None
    assert sign_in(HERS).get("/mig/").status_code == 200


def test_a_word_that_was_given_ends_after_three_days(given_word: str, clock: Any) -> None:
    clock.go(days=3)
    page = Client().post("/konto/log-ind/", {"login": "ida", "password": given_word}).content.decode()
    assert "er udløbet" in page
    assert sign_in(given_word).get("/mig/")["Location"].startswith("/konto/log-ind/")


def test_her_own_word_never_ends(given_word: str, clock: Any) -> None:
    change(sign_in(given_word), given_word, HERS)
    clock.go(days=400)
    assert sign_in(HERS).get("/mig/").status_code == 200


def test_a_new_word_from_gorm_ends_as_the_first_did(cast: SimpleNamespace, client_of: Any, clock: Any) -> None:
    page = client_of(cast.gorm, proven=True).post(f"/medarbejdere/{cast.alice.pk}/adgangskode/")
    alice = Client()
    alice.post("/konto/log-ind/", {"login": "alice", "password": page.context["password"]})
    assert alice.get("/skranke/")["Location"] == CHANGE


@pytest.mark.parametrize(
    "word",
    [
        "Pandrup-2026!!",
        "aabybro2026aabybro",
        "Kommune+Borgerservice1",
        "Lilleby.Lilleby.1",
        "alice-alice-2026",
        "Sommer2026Sommer",
    ],
)
def test_the_municipalitys_own_words_and_hers_are_no_password(cast: SimpleNamespace, word: str) -> None:
    with pytest.raises(ValidationError) as refused:
        validate_password(word, cast.alice)
    assert "own_words" in {error.code for error in refused.value.error_list}


@pytest.mark.parametrize("word", [HERS, "kommunen glemte sin paraply", "7391-4826-1947-20", "xK9!pandrup-violin"])
def test_a_password_with_enough_of_its_own_is_taken(cast: SimpleNamespace, word: str) -> None:
    validate_password(word, cast.alice)


def test_of_a_long_list_of_hashes_a_few_lines_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, read = tmp_path / "hashes.txt", []
    file.write_text("\n".join(sorted(sha1(str(number)) for number in range(5_000))) + "\n")
    line_from = passwords._line_from
    monkeypatch.setattr(passwords, "_line_from", lambda lines, place: read.append(place) or line_from(lines, place))
    assert (is_in(file, "4711"), is_in(file, "her own")) == (True, False)
    assert len(read) < 50  # of 200,000 letters, by halves


@pytest.mark.parametrize("hashed", [True, False])
def test_what_others_have_lost_is_refused_by_the_municipalitys_list(
    cast: SimpleNamespace, tmp_path: Path, settings: Any, hashed: bool
) -> None:
    lost = ["correct horse battery", "en hund på en cykel", "tolv små grønne æbler"]
    file = tmp_path / "lost.txt"
    file.write_text("\n".join(sorted(map(sha1, lost)) if hashed else lost) + "\n", encoding="utf-8")
    settings.PASSWORD_LIST = [str(file)]
    for word in lost:
        with pytest.raises(ValidationError, match="andre har mistet"):
            validate_password(word, cast.alice)
    validate_password(HERS, cast.alice)
    settings.PASSWORD_LIST = [str(tmp_path / "gone.txt")]
    with pytest.raises(ValidationError, match="kan ikke prøves"):
        validate_password(HERS, cast.alice)


def sha1(word: str) -> str:
    return hashlib.sha1(word.encode(), usedforsecurity=False).hexdigest().upper()


@given(st.sets(st.integers(0, 60), min_size=1), st.booleans(), st.booleans())
def test_a_list_of_hashes_is_looked_up_rightly_at_every_place(
    tmp_path_factory: pytest.TempPathFactory, numbers: set[int], counted: bool, ends: bool
) -> None:
    file = tmp_path_factory.mktemp("lost") / "hashes.txt"
    lines = [f"{one}:{len(one)}" if counted else one for one in sorted(sha1(str(number)) for number in numbers)]
    file.write_text("\n".join(lines) + ("\n" if ends else ""))
    assert {number for number in range(61) if is_in(file, str(number))} == numbers


def test_who_has_lost_her_app_shows_who_she_is_and_begins_anew(
    cast: SimpleNamespace, client_of: Any, clock: Any
) -> None:
    TOTP.activate(cast.alice, generate_totp_secret())
    alice, gorm = client_of(cast.alice), client_of(cast.gorm, proven=True)
    address = f"/medarbejdere/{cast.alice.pk}/trin/"
    assert client_of(cast.gorm).post(address, {"shown": "id_seen"}).status_code == 401  # an open PC is not enough
    refused = gorm.post(address, {"shown": "on_the_phone"})
    assert (refused.status_code, "På telefon kan det ikke ses" in refused.content.decode()) == (422, True)
    assert Authenticator.objects.filter(user=cast.alice).exists()
    word = gorm.post(address, {"shown": "id_seen"}).context["password"]
    assert not Authenticator.objects.filter(user=cast.alice).exists()
    assert alice.get("/mig/").status_code == 302
    again = Client()
    again.post("/konto/log-ind/", {"login": "alice", "password": word})
    assert again.get("/mig/")["Location"] == CHANGE
    told = Event.objects.get(verb="employee.second_step_taken")
    assert (told.actor_id, told.subject_id) == (cast.gorm.pk, str(cast.alice.pk))
    assert told.facts == {"shown": "id_seen", "taken": 1}


def test_nobody_takes_her_own_second_step_away_so(cast: SimpleNamespace, client_of: Any) -> None:
    gorm = client_of(cast.gorm, proven=True)
    assert gorm.post(f"/medarbejdere/{cast.gorm.pk}/trin/", {"shown": "id_seen"}).status_code == 422
    assert client_of(cast.dorthe, proven=True).post(f"/medarbejdere/{cast.alice.pk}/trin/").status_code == 403
