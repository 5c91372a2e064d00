"""The desk in a browser without JavaScript: every flow by its buttons."""

from __future__ import annotations

import pytest

from hovedindgang.contacts.models import Contact, Enquiry, Handover, Signpost, Tally
from hovedindgang.desk.models import Draft
from hovedindgang.desk.tests.forms_as_sent import INVENTED_CPR
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.people.actions import register_citizen
from hovedindgang.people.models import Citizen

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(page_of, cast):
    return page_of(cast.alice, java_script_enabled=False)


def choose(page, text):
    page.get_by_role("radio", name=text, exact=False).first.check(force=True)


def save(page):
    page.click("#step-save")
    assert page.inner_text("#receipt").startswith("Gemt")


def test_a_favourite(page):
    choose(page, "Pas")
    save(page)
    assert Enquiry.objects.get().service_id == "pas"


def test_any_service_by_searching(page):
    page.fill("#search", "bygge")
    page.keyboard.press("Enter")
    save(page)
    assert Enquiry.objects.get().service_id == "byggesag"


def test_a_citizen_by_cpr_and_what_she_asked_before(page):
    register_citizen(actor=SYSTEM, cpr=INVENTED_CPR, name="Opdigtet Ottosen", needs="Tolk: polsk")
    page.fill("#cpr", "610190-1234")
    page.click("#step-find")
    assert "Opdigtet Ottosen" in page.inner_text("#who")
    assert "Tolk: polsk" in page.inner_text("#beside")
    choose(page, "Pas")
    save(page)
    assert Contact.objects.get().asker == Citizen.objects.get()


def test_saving_asks_once_whether_it_is_the_same_matter(page):
    register_citizen(actor=SYSTEM, cpr=INVENTED_CPR, name="Opdigtet Ottosen")
    for note in ("Første gang", "Hun rykker"):
        page.fill("#cpr", "610190-1234")
        page.click("#step-find")
        page.locator("[name=identity]").first.check(force=True)
        choose(page, "Pas")
        page.fill("#note", note)
        page.click("#step-save")
    assert Enquiry.objects.count() == 1
    assert page.input_value("#note") == "Hun rykker"
    page.click("#asks-same a")
    choose(page, "Ja, rykker for svar")
    save(page)
    first, second = Enquiry.objects.order_by("id")
    assert (second.follows, second.follows_how) == (first, "chasing")


def test_a_citizen_by_name(page):
    register_citizen(actor=SYSTEM, cpr=INVENTED_CPR, name="Opdigtet Ottosen")
    page.click(".desk-otherwise summary")
    page.fill("#name_search", "ottos")
    page.click("#step-find-name")
    page.click("text=Opdigtet Ottosen")
    choose(page, "Pas")
    save(page)
    assert Contact.objects.get().asker == Citizen.objects.get()


def test_a_handover_shows_its_fields_when_chosen(page):
    choose(page, "Pas")
    assert not page.is_visible("#summary")
    choose(page, "Overdrag")
    assert page.is_visible("#summary")
    choose(page, "Jobcenter")
    page.fill("#summary", "Mangler svar")
    save(page)
    assert Handover.objects.get().summary == "Mangler svar"


def test_a_signpost(page):
    choose(page, "Pas")
    choose(page, "Vis vej")
    page.select_option("#place", index=1)
    save(page)
    assert Signpost.objects.exists()


def test_two_matters_and_the_first_is_edited(page):
    choose(page, "Pas")
    page.click("#step-add")
    choose(page, "Kørekort")
    page.click("text=Ret 1")
    choose(page, "Jeg følger op")
    save(page)
    assert list(Enquiry.objects.order_by("position").values_list("service_id", "outcome")) == [
        ("pas", "open"),
        ("koerekort", "resolved"),
    ]


def test_parked_and_taken_up(page):
    choose(page, "Pas")
    page.fill("#note", "Henter briller")
    page.click("#step-park")
    assert page.input_value("#note") == ""
    page.click(".take-up")
    assert page.input_value("#note") == "Henter briller"
    save(page)


def test_nothing_typed_is_thrown_away_before_she_has_said_yes(page):
    choose(page, "Pas")
    page.fill("#note", "Henter briller")
    page.click("#step-park")
    page.fill("#note", "Den næste")
    page.click("#parked .quiet")
    page.click("text=Nej, behold det")
    page.wait_for_load_state("domcontentloaded")
    assert (page.locator("#parked li").count(), page.input_value("#note")) == (1, "Den næste")
    page.click("#parked .quiet")
    page.click("text=Ja, smid det ud")
    page.wait_for_load_state("domcontentloaded")
    assert (page.locator("#parked li").count(), page.input_value("#note")) == (0, "Den næste")
    page.click("#step-discard")
    assert page.input_value("#note") == "Den næste"
    page.click("text=Ja, smid det ud")
    assert page.input_value("#note") == ""
    assert not Draft.objects.exists()
    page.click("#step-discard")  # nothing to ask about
    page.wait_for_load_state("domcontentloaded")
    assert page.locator("#discard").count() == 0


def test_a_mistake_keeps_everything(page):
    page.fill("#note", "Uden opgave")
    page.click("#step-save")
    assert "skal rettes" in page.inner_text("#error-summary")
    assert page.input_value("#note") == "Uden opgave"


def test_a_session_that_ended_gives_everything_back_after_signing_in(page, cast):
    choose(page, "Pas")
    page.fill("#note", "Skrevet før")
    page.context.clear_cookies(name="hovedindgang")
    page.click("#step-save")
    page.fill('[name="login"]', "alice")
    page.fill('[name="password"]', "the word of alice")
    page.click('main button[type="submit"], main button:not([type])')
    page.wait_for_url("**/skranke/")
    assert page.input_value("#note") == "Skrevet før"
    save(page)
    assert Contact.objects.count() == 1


def test_the_strip(page_of, cast):
    page = page_of(cast.alice, path="/skranke/strip/", java_script_enabled=False)
    page.click('[value="phone:transaction"]')
    assert Tally.objects.get().channel == "phone"
