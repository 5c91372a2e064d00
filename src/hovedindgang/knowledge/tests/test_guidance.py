"""Guidance as the employee needs it while the citizen is there."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from hovedindgang.kernel.actors import SYSTEM, employee_actor
from hovedindgang.kernel.models import Event
from hovedindgang.knowledge.actions import load_guidance, write_article
from hovedindgang.knowledge.models import Article
from hovedindgang.knowledge.queries import articles, guidance, search_articles
from hovedindgang.knowledge.rules import ArticleRefused
from hovedindgang.people.models import Employee

GUIDANCE = """
[[article]]
service = "pas"
title = "Pas"
title_en = "Passport"
text = "Spørg, hvem passet er til."
text_en = "Ask whom the passport is for."
bring = ["Gammelt pas"]
bring_en = ["Old passport"]

[[article]]
service = "flytning"
title = "Flytning"
text = "Spørg om den nye adresse og om pasfornyelse."

[[article]]
service = "findes-ikke-her"
title = "Andet"
text = "Andet"
"""


@pytest.fixture
def loaded(cast: SimpleNamespace, tmp_path: Path) -> Path:
    file = tmp_path / "guidance.toml"
    file.write_text(GUIDANCE, encoding="utf-8")
    load_guidance(path=file, actor=SYSTEM)
    return file


@pytest.mark.django_db
def test_the_desk_gets_the_guidance_in_the_employees_language(loaded: Path) -> None:
    danish, english, only_danish = guidance("pas", "da"), guidance("pas", "en"), guidance("flytning", "en")
    assert danish is not None
    assert english is not None
    assert only_danish is not None
    assert (danish.title, english.title) == ("Pas", "Passport")
    assert english.bring == ["Old passport"]
    assert only_danish.language == "da"
    assert guidance("koerekort", "da") is None


@pytest.mark.django_db
def test_loading_the_same_file_again_changes_nothing(loaded: Path) -> None:
    events = Event.objects.count()
    assert load_guidance(path=loaded, actor=SYSTEM) == 0
    assert (Article.objects.count(), Event.objects.count()) == (3, events)


@pytest.mark.django_db
def test_a_part_of_a_compound_finds_the_article(loaded: Path) -> None:
    assert [article.service_id for article in search_articles("pas")] == ["pas", "flytning"]
    assert search_articles("rottegift") == []
    assert len(articles()) == 2


@pytest.mark.django_db
def test_frida_rewrites_and_the_old_version_is_kept(loaded: Path, cast: SimpleNamespace) -> None:
    actor = employee_actor(cast.frida.pk)
    write_article(actor=actor, service="pas", language="da", title="Pas", text="Spørg om rejsen.", based_on=1)
    used = guidance("pas", "da")
    assert used is not None
    assert (used.version, used.text, used.updated_by) == (2, "Spørg om rejsen.", cast.frida)
    assert used.key == "pas.da.2"
    assert Article.objects.filter(service="pas", language="da").count() == 2


@pytest.mark.django_db
def test_who_saw_an_older_version_does_not_overwrite_a_newer(loaded: Path) -> None:
    write_article(actor=SYSTEM, service="pas", language="da", title="Pas", text="Ny", based_on=1)
    with pytest.raises(ArticleRefused) as refused:
        write_article(actor=SYSTEM, service="pas", language="da", title="Pas", text="En anden", based_on=1)
    assert set(refused.value.errors) == {"text"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"service": "findes-ikke"}, "service"),
        ({"language": "de"}, "language"),
        ({"title": ""}, "title"),
        ({"text": "x" * 4001}, "text"),
        ({"text": "Spørg 610190-1234"}, "text"),
        ({"bring": ["ting"] * 21}, "bring"),
    ],
)
def test_what_cannot_be_guidance_is_refused_by_field(cast: SimpleNamespace, wrong: dict[str, Any], field: str) -> None:
    usual: dict[str, Any] = {"service": "koerekort", "language": "da", "title": "Kørekort", "text": "Spørg."}
    with pytest.raises(ArticleRefused) as refused:
        write_article(actor=SYSTEM, **usual | wrong)
    assert field in refused.value.errors
    assert not Article.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_editors_at_once_make_one_new_version(loaded: Path) -> None:
    outcomes: list[str] = []

    def write(text: str) -> None:
        try:
            write_article(actor=SYSTEM, service="pas", language="da", title="Pas", text=text, based_on=1)
            outcomes.append("written")
        except ArticleRefused:
            outcomes.append("refused")
        finally:
            connection.close()

    writers = [threading.Thread(target=write, args=(text,)) for text in ("Første", "Anden")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sorted(outcomes) == ["refused", "written"]
    assert Article.objects.filter(service="pas", language="da", current=True).count() == 1


@pytest.mark.django_db
def test_the_editor_saves_and_everyone_reads(
    loaded: Path, cast: SimpleNamespace, client_of: Callable[[Employee], Client]
) -> None:
    page = reverse("edit_article", args=["koerekort", "da"])
    sent = {"title": "Kørekort", "text": "Spørg, om det er mistet.", "bring": "Foto\n\nPas", "based_on": ""}
    assert client_of(cast.frida).post(page, sent).status_code == 302
    shown = client_of(cast.alice).get(reverse("article", args=["koerekort"])).content.decode()
    assert "Spørg, om det er mistet." in shown
    assert shown.count("<li>") >= 2


@pytest.mark.django_db
def test_a_refused_text_is_given_back_with_everything_typed(
    loaded: Path, cast: SimpleNamespace, client_of: Callable[[Employee], Client]
) -> None:
    sent = {"title": "", "text": "En lang forklaring", "bring": "", "based_on": "1"}
    response = client_of(cast.frida).post(reverse("edit_article", args=["pas", "da"]), sent)
    assert response.status_code == 422
    assert "En lang forklaring" in response.content.decode()


@pytest.mark.django_db
def test_alice_reads_but_does_not_write(
    loaded: Path, cast: SimpleNamespace, client_of: Callable[[Employee], Client]
) -> None:
    alice = client_of(cast.alice)
    assert alice.post(reverse("articles"), {"q": "pas"}).status_code == 200
    assert alice.get(reverse("edit_article", args=["pas", "da"])).status_code == 403
    assert alice.get(reverse("article", args=["findes-ikke"])).status_code == 404
    assert client_of(cast.frida).get(reverse("articles")).status_code == 200


def test_what_stands_in_the_editors_form_is_what_it_sends(cast, client_of):
    page = client_of(cast.frida).get("/vejledning/pas/da/ret/").content.decode()
    assert all(f'id="{field}" name="{field}"' in page for field in ("title", "text", "bring"))


@pytest.mark.django_db
def test_who_reads_english_reads_services_in_english(
    loaded: Path, cast: SimpleNamespace, client_of: Callable[..., Client]
) -> None:
    frida = client_of(cast.frida)
    frida.cookies["hovedindgang_language"] = "en"
    missing = frida.get("/vejledning/").content.decode().split('id="missing"')[1]
    assert "Driving licence" in missing
    assert "Kørekort" not in missing
    for service, english in (("flytning", "Moving house"), ("koerekort", "Driving licence")):
        assert f"<h1>{english}</h1>" in frida.get(f"/vejledning/{service}/da/ret/").content.decode()


@pytest.mark.django_db
def test_letters_that_no_key_types_are_left_out_and_lead_to_no_page(
    cast: SimpleNamespace, client_of: Callable[..., Client]
) -> None:
    frida = client_of(cast.frida)
    frida.post("/vejledning/pas/da/ret/", {"title": "Pas\0", "text": "Spørg\0 om rejsen.", "bring": "Foto\0"})
    used = guidance("pas", "da")
    assert used is not None
    assert (used.title, used.text, used.bring) == ("Pas", "Spørg om rejsen.", ["Foto"])
    for address in ("/vejledning/%00/", "/vejledning/%00/da/ret/", "/vejledning/pas/%00/ret/"):
        assert frida.get(address).status_code == 404
    assert frida.post("/vejledning/", {"q": "rejsen\0"}).status_code == 200


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("script", [True, False])
def test_too_much_text_is_said_and_going_back_brings_it_again(
    page_of: Callable[..., Any], cast: SimpleNamespace, settings: Any, script: bool
) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000
    page = page_of(cast.frida, path="/vejledning/pas/da/ret/", java_script_enabled=script)
    page.fill("#title", "Pas")
    page.fill("#text", "æ" * 5_000)
    page.click("main form .button-primary")
    assert "for meget" in page.inner_text("h1")
    page.go_back()
    assert page.input_value("#text") == "æ" * 5_000
