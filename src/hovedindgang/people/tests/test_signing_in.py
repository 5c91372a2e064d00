"""Who comes in, how long, and what each page says to whom."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client

from hovedindgang.kernel.models import Event
from hovedindgang.people import views
from hovedindgang.people.models import Employee

GOOD = {"login": "alice", "password": "the word of alice"}


def test_alice_signs_in_with_her_word_and_comes_to_the_counter(cast: SimpleNamespace) -> None:
    client = Client()
    answer = client.post("/konto/log-ind/", GOOD)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/")["Location"] == "/skranke/"


def test_a_wrong_word_is_told_in_plain_words_without_telling_who_exists(cast: SimpleNamespace) -> None:
    said = []
    for typed in ({**GOOD, "password": "wrong"}, {**GOOD, "login": "nobody"}):
        answer = Client().post("/konto/log-ind/", typed)
        assert answer.status_code == 200
        said.append("Brugernavn eller adgangskode passer ikke" in answer.content.decode())
    assert said == [True, True]


def test_someone_let_out_is_out_at_her_next_request(cast: SimpleNamespace, client_of) -> None:
    alice, gorm = client_of(cast.alice), client_of(cast.gorm, proven=True)
    assert alice.get("/mig/").status_code == 200
    form = {"username": "alice", "name": "Alice", "roles": "employee", "centre": "aabybro"}
    assert gorm.post(f"/medarbejdere/{cast.alice.pk}/", form).status_code == 302
    assert alice.get("/mig/").status_code == 302
    answer = Client().post("/konto/log-ind/", GOOD, follow=True)
    assert not answer.context["user"].is_authenticated
    assert Event.objects.filter(verb="employee.deactivated").count() == 1


def test_a_working_day_ends_after_ten_hours_however_busy_it_was(
    cast: SimpleNamespace, client_of, clock, settings
) -> None:
    settings.IDLE_MINUTES = 0
    alice = client_of(cast.alice)
    for _hour in range(9):
        clock.go(hours=1)
        session = alice.session
        session["touched"] = True
        session.save()
        assert alice.get("/mig/").status_code == 200
    clock.go(minutes=59)
    assert alice.get("/mig/").status_code == 200
    clock.go(minutes=1)
    assert alice.get("/mig/").status_code == 302


def test_nobody_becomes_one_of_the_cast_where_people_are_real(cast: SimpleNamespace, settings) -> None:
    settings.CAST = ("alice",)
    assert Client().post("/vaer/alice/").status_code == 404
    assert "/vaer/" not in Client().get("/").content.decode()


def test_in_the_demonstration_one_may_be_any_of_the_cast_and_nobody_else(cast: SimpleNamespace, settings) -> None:
    settings.PILOT, settings.CAST = True, ("alice", "charlie")
    page = Client().get("/").content.decode()
    assert "/vaer/alice/" in page
    assert "/vaer/gorm/" not in page
    client = Client()
    assert client.get("/vaer/alice/").status_code == 405
    assert client.post("/vaer/alice/").status_code == 302
    assert client.get("/mig/").context["user"] == cast.alice
    assert Client().post("/vaer/gorm/").status_code == 404


def test_who_has_no_password_is_not_led_to_change_it(cast: SimpleNamespace, client_of) -> None:
    assert "Skift adgangskode" in client_of(cast.bob).get("/mig/").content.decode()
    cast.alice.set_unusable_password()
    cast.alice.save()
    alice = client_of(cast.alice)
    assert "Skift adgangskode" not in alice.get("/mig/").content.decode()
    answer = alice.get("/konto/adgangskode/", follow=True)
    assert answer.status_code == 200
    assert "logget ind uden adgangskode" in answer.content.decode()


def test_the_language_is_chosen_without_a_script_and_follows_her_to_another_browser(cast: SimpleNamespace) -> None:
    client = Client()
    client.post("/konto/log-ind/", GOOD)
    answer = client.post("/sprog/", {"language": "en", "next": "/mig/"})
    assert answer["Location"] == "/mig/"
    assert client.get("/mig/")["Content-Language"] == "en"
    other = Client()
    other.post("/konto/log-ind/", GOOD)
    assert other.get("/mig/")["Content-Language"] == "en"


def test_who_reads_english_reads_services_and_departments_in_english(cast: SimpleNamespace, client_of) -> None:
    for who, address, english, danish in (
        (cast.alice, "/mig/", ">Passport<", ">Pas<"),
        (cast.gorm, "/medarbejdere/", "Job centre", "Jobcenter"),
        (cast.gorm, "/medarbejdere/ny/", "Technical services", "Teknik"),
        (cast.charlie, "/mig/", "Job centre", "Jobcenter"),
    ):
        client = client_of(who)
        client.cookies["hovedindgang_language"] = "en"
        page = client.get(address).content.decode()
        assert english in page, address
        assert danish not in page, address


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_the_language_switch_leads_nowhere_else(db: None, elsewhere: str) -> None:
    assert Client().post("/sprog/", {"language": "en", "next": elsewhere})["Location"] == "/"


def test_alice_chooses_what_lies_on_the_digits(cast: SimpleNamespace, client_of) -> None:
    alice = client_of(cast.alice)
    chosen = {"language": "da", "favourite_1": "flytning", "favourite_2": "pas"}
    assert alice.post("/mig/", chosen).status_code == 302
    cast.alice.refresh_from_db()
    assert (cast.alice.favourites, cast.alice.letter_keys) == (["flytning", "pas"], False)
    twice = alice.post("/mig/", {**chosen, "favourite_2": "flytning"})
    assert "valgt to gange" in twice.content.decode()
    cast.alice.refresh_from_db()
    assert cast.alice.favourites == ["flytning", "pas"]


def test_gorm_lets_a_new_employee_in_and_her_first_word_lets_her_find_her_own(cast: SimpleNamespace, client_of) -> None:
    form = {"username": "ida", "name": "Ida", "roles": "caseworker", "department": "teknik"}
    page = client_of(cast.gorm, proven=True).post("/medarbejdere/ny/", form)
    ida = Employee.objects.get(username="ida")
    assert ida.is_caseworker
    client = Client()
    client.post("/konto/log-ind/", {"login": "ida", "password": page.context["password"]})
    assert client.get("/mig/")["Location"] == "/konto/adgangskode/"
    assert client.get("/konto/adgangskode/").status_code == 200


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"roles": "caseworker"}, "hører til en fagforvaltning"),
        ({"roles": "employee"}, "har et hjemcenter"),
        ({"roles": []}, "mindst én rolle"),
        ({"username": "alice"}, "Brugernavnet er taget"),
        ({"username": "6101900001"}, "kan ikke være brugernavn"),
        ({"name": ""}, "Skriv navnet"),
        ({"name": "x" * 121}, "højst 120 tegn"),
        ({"email": "ida@example.dk" + "x" * 400}, "navn@kommune.dk"),
        ({"email": "ida@example.dk, og så ringer hun"}, "navn@kommune.dk"),
        ({"centre": "findes-ikke"}, "Stedet kendes ikke"),
        ({"department": "findes\0ikke"}, "Stedet kendes ikke"),
    ],
)
def test_what_is_missing_about_an_employee_is_said_at_its_field_and_nothing_typed_is_lost(
    cast: SimpleNamespace, client_of, typed: dict[str, object], said: str
) -> None:
    form = {"username": "ida", "name": "Ida Prøve", "email": "ida@example.dk", "roles": "editor", **typed}
    page = client_of(cast.gorm, proven=True).post("/medarbejdere/ny/", form)
    text = page.content.decode()
    assert page.status_code == 200
    assert said in text
    assert "ida@example.dk" in text
    assert not Employee.objects.filter(username="ida").exists()


@pytest.mark.parametrize("typed", [{"centre": "findes-ikke"}, {"department": "findes-ikke"}])
def test_a_place_that_does_not_exist_is_refused_when_an_employee_is_changed(
    cast: SimpleNamespace, client_of, typed: dict[str, str]
) -> None:
    form = {"username": "alice", "name": "Alice", "roles": "editor", "is_active": "1", **typed}
    page = client_of(cast.gorm, proven=True).post(f"/medarbejdere/{cast.alice.pk}/", form).content.decode()
    assert "Stedet kendes ikke" in page
    cast.alice.refresh_from_db()
    assert cast.alice.is_employee


def test_letters_that_no_key_types_are_left_out_of_a_name(cast: SimpleNamespace, client_of) -> None:
    form = {"username": "i\0da", "name": "Ida\0 Prøve", "email": "ida\0@example.dk", "roles": "editor"}
    client_of(cast.gorm, proven=True).post("/medarbejdere/ny/", form)
    ida = Employee.objects.get(username="ida")
    assert (ida.name, ida.email) == ("Ida Prøve", "ida@example.dk")


def test_the_last_administrator_cannot_let_herself_out(cast: SimpleNamespace, client_of) -> None:
    gorm = client_of(cast.gorm, proven=True)
    form = {"username": "gorm", "name": "Gorm", "roles": "editor", "is_active": "1"}
    assert "Der skal altid være en administrator" in gorm.post(f"/medarbejdere/{cast.gorm.pk}/", form).content.decode()
    cast.gorm.refresh_from_db()
    assert cast.gorm.is_administrator


@pytest.mark.parametrize("who", ["alice", "charlie", "dorthe", "erik", "frida"])
def test_only_the_administrator_sees_the_list_of_employees(cast: SimpleNamespace, client_of, who: str) -> None:
    client = client_of(getattr(cast, who))
    for address in ("/medarbejdere/", "/medarbejdere/ny/", f"/medarbejdere/{cast.alice.pk}/"):
        answer = client.get(address)
        assert answer.status_code == 403
        assert "har du ikke adgang til" in answer.content.decode()


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize(
    "address",
    ["adgangskode/", "kode/app/", "bekraeft/", "log-ud/", "kode/app/til/", "ingen/account_signup/"],
)
def test_every_page_about_her_own_sign_in_is_ours(cast: SimpleNamespace, address: str, language: str) -> None:
    client = Client()
    client.post("/konto/log-ind/", GOOD)
    client.post("/sprog/", {"language": language})
    answer = client.get(f"/konto/{address}", follow=True)
    assert answer.status_code == (404 if "ingen" in address else 200)
    assert f'<html lang="{language}">' in answer.content.decode()


def test_a_code_from_an_app_is_asked_for_once_she_has_turned_it_on(cast: SimpleNamespace) -> None:
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    client = Client()
    client.post("/konto/log-ind/", GOOD)
    confirm = client.get("/konto/kode/app/til/")["Location"]  # who she is, asked again before this is changed
    assert client.post(confirm, {"password": "the word of alice"}).status_code == 302
    secret = client.get("/konto/kode/app/til/").context["form"].secret

    def code() -> str:
        return format_hotp_value(hotp_value(secret, int(time.time()) // 30))

    assert client.post("/konto/kode/app/til/", {"code": "000000x"}).status_code == 200
    assert client.post("/konto/kode/app/til/", {"code": code()}).status_code == 302
    assert secret not in str(Authenticator.objects.filter(type="totp").values_list("data", flat=True)[0])
    assert client.get("/konto/kode/reserve/").status_code == 200
    other = Client()
    assert other.post("/konto/log-ind/", GOOD)["Location"].startswith("/konto/kode/")
    page = other.get("/konto/kode/").content.decode()
    assert "Skriv koden fra din app" in page
    assert other.get("/mig/").status_code == 302


@pytest.mark.django_db
def test_the_start_page_says_so_when_the_database_may_harm_its_file(monkeypatch: pytest.MonkeyPatch) -> None:
    for version, warned in (((3, 40, 0), connection.vendor == "sqlite"), ((3, 51, 3), False)):
        monkeypatch.setattr(views.sqlite3, "sqlite_version_info", version)
        assert ("3.51.3" in Client().get("/").content.decode()) is warned
