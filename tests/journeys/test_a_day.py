"""A day at the front door, from one person to the next, as each of them does it in her own browser."""

from __future__ import annotations

import datetime as dt
import re
from types import SimpleNamespace
from typing import Any

import pytest

from hovedindgang.conftest import small_model
from hovedindgang.contacts.actions import NewEnquiry
from hovedindgang.insight.actions import recompute_days
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.knowledge.actions import write_article
from hovedindgang.look.wording import day as spelled
from hovedindgang.people.actions import register_citizen
from hovedindgang.policy.queries import in_force
from journeys.furnishing import INVENTED_CPR, registered

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def counted(page: Any, figure: str) -> int:
    """A figure of the board, as it stands on the link that opens its list."""
    recompute_days(days={clock.today()})
    page.goto("/tavle/")
    shown = page.locator(f'a[href*="/{figure}/"]').first.inner_text()
    return int(re.sub(r"\D", "", shown))


def test_a_handover_goes_round_and_the_leader_sees_it_counted(page_of: Any, cast: SimpleNamespace) -> None:
    register_citizen(actor=SYSTEM, cpr=INVENTED_CPR, name="Opdigtet Ottosen")
    for _again in range(6):
        registered(cast.alice, NewEnquiry(service="pas"))
    board = page_of(cast.dorthe, path="/tavle/")
    judged, solved = counted(board, "judged"), counted(board, "solved")

    # Alice hands it over at the desk ...
    desk = page_of(cast.alice)
    desk.fill("#cpr", INVENTED_CPR)
    desk.wait_for_selector(".desk-citizen")
    desk.fill("#search", "bygge")
    desk.wait_for_selector("#search-list li")
    desk.keyboard.press("Enter")
    desk.get_by_role("radio", name="Overdrag").check(force=True)
    desk.get_by_role("radio", name="Teknik").check(force=True)
    desk.fill("#summary", "Vil vide, om carporten kræver tilladelse")
    desk.click("#step-save")
    assert "Gemt" in desk.inner_text("#receipt")

    # ... Hanne takes it and answers ...
    inbox = page_of(cast.hanne, path="/henvendelser/indbakke/")
    inbox.get_by_role("button", name="Modtag").click()
    inbox.goto("/henvendelser/indbakke/")
    inbox.locator("tbody th a").first.click()
    inbox.get_by_label("Svar, eller hvorfor det sendes tilbage").fill("Nej, ikke under 50 kvadratmeter")
    inbox.get_by_role("button", name="Send svaret").click()
    inbox.wait_for_selector("text=Svar:")

    # ... Alice tells the citizen ...
    desk.goto("/henvendelser/mine/")
    assert "Nej, ikke under 50 kvadratmeter" in desk.inner_text("main")
    desk.locator("tbody th a").first.click()
    desk.get_by_role("button", name="Borgeren har fået svaret").click()
    desk.wait_for_selector("text=Borgeren fik svaret")

    # ... and it counts as a matter that was not solved in Borgerservice, whoever told her.
    assert (counted(board, "judged"), counted(board, "solved")) == (judged + 1, solved)
    board.locator('a[href*="/judged/"]').first.click()
    board.wait_for_load_state("domcontentloaded")
    assert board.locator("main tbody tr").count() == judged + 1
    assert "Opdigtet" not in board.inner_text("main")


def test_what_the_editor_writes_stands_beside_the_desk(page_of: Any, cast: SimpleNamespace) -> None:
    guidance = {"title": "Pas", "text": "Spørg, hvem passet er til."}
    write_article(actor=SYSTEM, service="pas", language="da", **guidance)
    editor = page_of(cast.frida, path="/vejledning/pas/")
    editor.get_by_role("link", name="Ret den danske").click()
    editor.fill("#text", "Spørg, hvornår rejsen er.")
    editor.fill("#bring", "Gammelt pas\nFoto")
    editor.get_by_role("button", name="Gem og brug").click()
    editor.wait_for_selector("text=Vejledningen er gemt og gælder nu.")

    desk = page_of(cast.alice)
    desk.keyboard.press("1")
    desk.wait_for_selector(".desk-guidance")
    beside = desk.inner_text("#beside")
    assert "Spørg, hvornår rejsen er." in beside
    assert "Foto" in beside
    desk.click("#step-save")
    desk.wait_for_selector("#receipt")


def test_the_leader_sends_a_draft_mends_it_and_adopts_it_from_tomorrow(page_of: Any, cast: SimpleNamespace) -> None:
    better = small_model(old="value = 80", new="value = 82")
    tomorrow = clock.today() + dt.timedelta(days=1)
    page = page_of(cast.dorthe, path="/beslutning/")
    page.fill("#text", better.replace('code = "999"', "code = 999"))
    page.get_by_role("button", name="Kontrollér og gem").click()
    wrong = page.inner_text("#error-summary")
    assert "municipality.code" in wrong
    assert "linje" in wrong
    assert "code = 999" in page.input_value("#text")  # nothing typed is lost

    page.fill("#text", better)
    page.get_by_role("button", name="Kontrollér og gem").click()
    page.wait_for_selector("text=Det ændrer den")
    assert "80 % → 82 %" in page.inner_text("main")
    page.fill("#valid_from", f"{tomorrow:%d.%m.%Y}")
    page.fill("#body", "Lilleby Byråd")
    page.get_by_role("button", name="Vedtag").click()
    assert "Vedtaget" in page.inner_text("#receipt")

    assert in_force(clock.today()).valid_from == dt.date(2026, 1, 1)
    assert in_force(tomorrow).valid_from == tomorrow
    page.goto("/politik/versioner/")
    assert spelled(tomorrow, language="da") in page.inner_text("main")
