"""Pages that few ever meet, opened as whoever meets them does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError

from hovedindgang.contacts.models import Note
from hovedindgang.desk import actions
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.models import Log, LookUp
from hovedindgang.kernel.months import drop_month
from hovedindgang.look.tests.browser import runs_out_of, violations
from hovedindgang.privacy.incidents import NewBreach, note_breach

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PageOf = Callable[..., Any]
LANGUAGES = ["da", "en"]
AT_TWICE_THE_SIZE = {"width": 640, "height": 450}  # 200 % of 1280 x 900
# What of the page's own a key can press or fill in; of a group of radio buttons Tab reaches one.
TO_REACH = """[...document.querySelectorAll("main a[href], main button, main input:not([type=hidden]), main select, "
    + "main textarea, main summary")]
    .filter(e => e.checkVisibility({visibilityProperty: true}) && (e.type !== "radio" || e.checked))"""


def look(page: Any) -> None:
    """Nothing runs out of it at twice the size, axe finds nothing, and Tab comes to all that can be pressed."""
    assert violations(page) == []
    reached = set()
    for _step in range(80):
        page.keyboard.press("Tab")
        reached.add(page.evaluate(f"() => {TO_REACH}.indexOf(document.activeElement)"))
    assert reached - {-1} == set(range(page.evaluate(f"() => {TO_REACH}.length")))
    page.set_viewport_size(AT_TWICE_THE_SIZE)
    assert runs_out_of(page) == []


@pytest.fixture
def by_provider(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("a secret", encoding="utf-8")
    settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID = "http://localhost:9", "hovedindgang"
    settings.OIDC_SECRET_FILE = str(tmp_path / "secret")


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_is_led_to_the_sign_in_by_another_site_is_asked_first(
    page_of: PageOf, by_provider: None, cast: SimpleNamespace, live_server: Any, language: str
) -> None:
    for script in (True, False):
        page = page_of(None, path="/", language=language, bypass_csp=True, java_script_enabled=script)
        page.goto(f"data:text/html,<a href='{live_server.url}/konto/kommune/?next=/mig/'>Vind en kop</a>")
        page.click("a")
        assert page.inner_text("h1") == {"da": "Vil du logge ind?", "en": "Do you want to sign in?"}[language]
        if script:
            look(page)
        page.click("main a.button-primary")
        assert "/konto/kommune/" in page.url  # her own press: on to the provider, which does not answer here
        page.wait_for_selector("h1")


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_the_sign_in_is_set_up_wrong_she_reads_whom_to_tell(
    page_of: PageOf, by_provider: None, settings: Any, language: str
) -> None:
    settings.OIDC_STRENGTH, settings.OIDC_HELP = "mfa", "Gorm, lokal 1234"
    page = page_of(None, path="/konto/kommune/", language=language, bypass_csp=True)
    assert "Gorm, lokal 1234" in page.inner_text("main")
    assert "HOVEDINDGANG_OIDC_STRENGTH" in page.inner_text("main")
    look(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_the_database_is_away_what_she_typed_stands_there_and_is_sent_by_one_press(
    page_of: PageOf, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    def away(**_typed: Any) -> None:
        raise OperationalError("no more room on the disk")

    type(cast.alice).objects.filter(pk=cast.alice.pk).update(language=language)
    for script in (True, False):
        page = page_of(cast.alice, language=language, bypass_csp=True, java_script_enabled=script)
        page.check("#service input[data-digit='1']")
        page.fill("#note", "Må ikke tabes")
        with monkeypatch.context() as meanwhile, page.expect_navigation():
            meanwhile.setattr(actions, "register_typed", away)
            if script:  # the desk's own script stays where it is, and says so there
                page.evaluate("""() => {
                    const step = Object.assign(document.createElement("input"), {name: "step", value: "save"})
                    document.querySelector("#desk").append(step)
                    document.querySelector("#desk").submit()
                }""")
            else:
                page.click("#desk button[value=save]")
        assert page.inner_text("pre.typed") == "Må ikke tabes"
        if script:
            look(page)
        page.click("main form button")
        assert page.inner_text("#receipt")
    assert [note.text for note in Note.objects.all()] == 2 * ["Må ikke tabes"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_gorm_takes_a_lost_second_step_away_and_is_told_what_is_missing(
    page_of: PageOf, cast: SimpleNamespace, language: str
) -> None:
    type(cast.gorm).objects.filter(pk=cast.gorm.pk).update(language=language)
    for script in (True, False):
        address = f"/medarbejdere/{cast.alice.pk}/"
        page = page_of(
            cast.gorm, path=address, language=language, proven=True, bypass_csp=True, java_script_enabled=script
        )
        # The browser's own bubble first; what the server says is for those it does not stop.
        page.locator("form[action$='/trin/']").evaluate("form => form.noValidate = true")
        page.locator("form[action$='/trin/'] button").click()
        page.wait_for_load_state("domcontentloaded")
        assert page.locator(".form-error-message").evaluate_all("them => them.map(e => e.id)") == ["shown-error"]
        if script:
            look(page)
        page.select_option("#shown", "id_seen")
        page.locator("form[action$='/trin/'] button").click()
        assert cast.alice.username in page.inner_text("#receipt")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_breach_of_months_that_are_forgotten_says_which_in_words(
    page_of: PageOf, cast: SimpleNamespace, language: str
) -> None:
    type(cast.dorthe).objects.filter(pk=cast.dorthe.pk).update(language=language)
    for month in (6, 7):
        LookUp.objects.create(
            at=dt.datetime(2023, month, 10, 9, tzinfo=dt.UTC), actor_kind="system", use="test", reason="test",
            request_id="12345678-1234-5678-1234-567812345678",
        )  # fmt: skip
        drop_month(actor=SYSTEM, log=Log.LOOK_UPS, month=f"2023-{month:02}")
    said = NewBreach(
        discovered_at=clock.now(), scope="employee", who="alice", kinds=["name"], what="En skærm stod åben",
        first_on=dt.date(2023, 6, 1), last_on=dt.date(2023, 8, 15),
    )  # fmt: skip
    breach = note_breach(employee=cast.dorthe, said=said)
    for script in (True, False):
        page = page_of(
            cast.dorthe,
            path=f"/databeskyttelse/brud/{breach.pk}/",
            language=language,
            proven=True,
            bypass_csp=True,
            java_script_enabled=script,
        )
        forgotten = {"da": "juni 2023 til juli 2023", "en": "June 2023 to July 2023"}[language]
        assert forgotten in page.inner_text("section:has(#about) .notice")
        if script:
            look(page)
