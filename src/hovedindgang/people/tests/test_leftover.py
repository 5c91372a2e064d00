"""A form that comes when the sign-in has ended, or its page was too old: nothing is done, nothing typed is lost."""

from __future__ import annotations

from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from hovedindgang.conftest import prove_everywhere_for_tests, prove_for_tests
from hovedindgang.people.models import Employee

IDA = {"username": "ida", "name": "Ida Prøve af en ny medarbejder", "roles": ["editor", "planner"], "email": ""}
SIGN_IN = {"login": "gorm", "password": "the word of gorm"}


class Again(HTMLParser):
    """The form on the page that sends everything again."""

    def __init__(self, answer: Any) -> None:
        super().__init__()
        self.address, self.fields, self._inside, self._name = "", {}, False, ""
        self.feed(answer.content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "form":
            self._inside = "data-again" in said
            self.address = str(said["action"]) if self._inside else self.address
        elif self._inside and tag == "textarea":
            self._name = str(said["name"])
            self.fields.setdefault(self._name, []).append("")
        elif self._inside and tag == "input":
            self.fields[str(said["name"])] = [said["value"]]

    def handle_data(self, data: str) -> None:
        if self._name:
            self.fields[self._name][-1] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        self._name = "" if tag == "textarea" else self._name


def strict_client() -> Client:
    return Client(enforce_csrf_checks=True, headers={"Origin": "http://testserver"})


@pytest.mark.django_db
def test_what_gorm_typed_when_his_sign_in_had_ended_is_sent_again_after_he_signed_in(cast: SimpleNamespace) -> None:
    client = Client()
    answer = client.post("/medarbejdere/ny/", IDA)
    assert answer.status_code == 401
    assert "Du er logget ud" in answer.content.decode()
    assert "Ida Prøve af en ny medarbejder" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    client.post("/konto/log-ind/", SIGN_IN)
    again = Again(answer)
    assert (again.address, again.fields["roles"]) == ("/medarbejdere/ny/", ["editor", "planner"])
    prove_for_tests(client)
    assert client.post(again.address, again.fields).status_code == 200
    ida = Employee.objects.get(username="ida")
    assert {str(role) for role in ida.roles} == {"editor", "planner"}


@pytest.mark.django_db
def test_a_text_comes_back_letter_by_letter(cast: SimpleNamespace) -> None:
    text = '\n\n  "Hun" sagde <b>&amp; gik</b>\n'
    assert Again(Client().post("/vejledning/pas/da/ret/", {"text": text})).fields["text"] == [text]


@pytest.mark.django_db
def test_a_button_that_was_pressed_with_nothing_typed_leads_to_the_sign_in_page(cast: SimpleNamespace) -> None:
    answer = Client().post(
        "/medarbejdere/ny/", {"csrfmiddlewaretoken": "x"}, headers={"Referer": "http://testserver/a/"}
    )
    assert (answer.status_code, answer["Location"]) == (302, "/konto/log-ind/?next=/a/")


@pytest.mark.django_db
def test_a_page_too_old_gives_back_what_was_typed_and_sends_it_with_one_press(cast: SimpleNamespace) -> None:
    client = strict_client()
    client.force_login(cast.gorm)
    answer = client.post("/medarbejdere/ny/", IDA)
    assert answer.status_code == 403
    assert "Siden var for gammel" in answer.content.decode()
    assert not Employee.objects.filter(username="ida").exists()
    again = Again(answer)
    prove_for_tests(client)
    assert client.post(again.address, again.fields).status_code == 200
    assert Employee.objects.filter(username="ida").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("origin", ["https://evil.example", "null", ""])
def test_what_another_site_sends_is_never_one_press_from_being_done(cast: SimpleNamespace, origin: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.gorm)
    page = client.post("/medarbejdere/ny/", IDA, headers={"Origin": origin} if origin else {}).content.decode()
    assert "Ida Prøve af en ny medarbejder" in page
    assert "data-again" not in page


@pytest.mark.django_db
def test_a_password_is_in_no_page_that_comes_back(cast: SimpleNamespace) -> None:
    client = strict_client()
    page = client.post("/konto/log-ind/", {"login": "gorm", "password": "a word to keep for oneself"}).content.decode()
    assert "Intet er gemt" in page
    assert "a word to keep" not in page


@pytest.mark.django_db
def test_a_file_must_be_chosen_again_and_the_rest_can_be_copied(cast: SimpleNamespace, tmp_path: Any) -> None:
    file = tmp_path / "model.toml"
    file.write_text("hemmelig", encoding="utf-8")
    with file.open("rb") as sent:
        page = Client().post("/beslutning/", {"reason": "Byrådets møde i marts", "document": sent}).content.decode()
    assert "Filen skal vælges igen" in page
    assert "Byrådets møde i marts" in page
    assert "data-again" not in page


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("script", [True, False])
def test_gorm_signs_in_in_another_tab_and_sends_again(page_of: Any, cast: SimpleNamespace, script: bool) -> None:
    page = page_of(cast.gorm, path="/medarbejdere/ny/", java_script_enabled=script)
    page.fill("#name", "Ida Prøve")
    page.fill("#username", "ida")
    page.check('[name="roles"][value="editor"]')
    page.context.clear_cookies(name="hovedindgang")
    page.click("text=Gem")
    with page.context.expect_page() as opened:
        page.click("text=Log ind i et nyt faneblad")
    tab = opened.value
    tab.fill('[name="login"]', "gorm")
    tab.fill('[name="password"]', "the word of gorm")
    tab.click("main button")
    tab.wait_for_url("**/medarbejdere/")
    prove_everywhere_for_tests(cast.gorm)
    page.click("main .button-primary")
    if not script:
        page.click("main .button-primary")  # the token of the new sign-in came with the page
    page.wait_for_selector("#receipt")
    assert Employee.objects.filter(username="ida").exists()
