"""The desk by keyboard, in a browser: how many keys, and that nothing needs the mouse."""

from __future__ import annotations

import re
import time

import pytest

from hovedindgang.contacts.models import Contact, Enquiry, Handover, Note, Signpost, Tally
from hovedindgang.desk.models import Draft
from hovedindgang.desk.tests.forms_as_sent import INVENTED_CPR
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.people.actions import register_citizen
from hovedindgang.people.models import Citizen
from hovedindgang.safety.models import Alarm

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def until(page, true):
    """Wait for a condition; the page's own policy forbids playwright's way of evaluating one in it."""
    for _ in range(160):
        if page.evaluate(true):
            return
        page.wait_for_timeout(50)
    said, at = page.evaluate("[document.querySelector('#kept')?.textContent, document.activeElement.id]")
    pytest.fail(f"never became true: {true}; the page says {said!r}, and the focus is at {at!r}")


class Keys:
    """Presses keys and counts them."""

    def __init__(self, page):
        self.page, self.count = page, 0

    def __call__(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
            self.count += 1
        return self

    def text(self, text):
        self.page.keyboard.type(text)
        self.count += len(text)
        return self

    def saved(self):
        self.page.wait_for_selector("#receipt")
        return self


@pytest.fixture
def page(page_of, cast):
    return page_of(cast.alice)


@pytest.fixture
def keys(page):
    return Keys(page)


def test_an_anonymous_counter_contact_on_a_favourite_takes_two_keys(keys):
    keys("1", "Enter").saved()
    assert keys.count <= 3
    assert Enquiry.objects.get().service_id == "pas"


def test_any_service_takes_at_most_nine_keys(keys):
    keys("/").text("byg")("Enter", "Enter").saved()
    assert keys.count <= 9
    assert Enquiry.objects.get().service_id == "byggesag"


def test_a_contact_with_cpr_takes_at_most_eighteen_keys(keys):
    keys("c").text(INVENTED_CPR)("/").text("byg")("Enter", "Enter").saved()
    assert keys.count <= 18
    assert Contact.objects.get().asker == Citizen.objects.get()


def test_with_cpr_and_identity_it_still_takes_at_most_eighteen_keys(keys):
    keys("c").text(INVENTED_CPR)
    keys("x", "/").text("byg")("Enter", "Enter").saved()
    assert keys.count <= 18
    assert Contact.objects.get().identity == "id_seen"


def test_on_the_telephone_the_same_key_says_control_questions(keys):
    register_citizen(actor=SYSTEM, cpr=INVENTED_CPR, name="Opdigtet Ottosen")
    keys("h", "c").text(INVENTED_CPR)
    keys.page.wait_for_selector("#identity")
    keys("x", "1", "Enter").saved()
    assert Contact.objects.get().identity == "control"


def test_z_takes_back_what_was_saved_just_now(keys):
    keys("1", "n").text("Forkert")
    keys("Escape", "Enter").saved()
    keys("z")
    until(keys.page, "document.querySelector('#note')?.value === 'Forkert'")
    assert not Contact.objects.exists()


def test_three_citizens_in_a_row_as_fast_as_the_keys_can_be_pressed(keys):
    keys("1", "Enter", "2", "Enter", "3", "Enter")
    until(keys.page, "document.querySelector('#receipt')?.textContent.includes('Flytning')")
    assert list(Enquiry.objects.order_by("id").values_list("service_id", flat=True)) == ["pas", "koerekort", "flytning"]


def test_enter_pressed_twice_saves_once(keys):
    keys("1", "Enter", "Enter")
    keys.saved()
    keys.page.wait_for_load_state("networkidle")
    assert Contact.objects.count() == 1
    assert keys.page.locator("#receipt").is_visible()  # and no complaint about the empty form that follows
    assert keys.page.locator("#error-summary").count() == 0


def test_i_follow_up_is_one_key_more(keys):
    keys("1", "f", "Enter").saved()
    assert Enquiry.objects.get().outcome == "open"


def test_must_come_back_for_a_document_is_two_keys_more(keys):
    keys("1", "k", "1", "Enter").saved()
    assert Enquiry.objects.get().come_back_reason == "document"


def test_withdrawn_because_she_gave_up(keys):
    keys("1", "t", "2", "Enter").saved()
    assert Enquiry.objects.get().withdrawn_why == "gave_up"


def test_a_handover_is_written_without_the_mouse(keys):
    keys("1", "o", "1").text("Mangler svar")
    keys("Escape", "Enter").saved()
    handover = Handover.objects.get()
    assert (handover.department_id, handover.summary) == ("jobcenter", "Mangler svar")


def test_a_signpost_is_given_without_the_mouse(keys):
    keys("1", "v")("ArrowDown")("Escape", "Enter").saved()
    assert Signpost.objects.get().authority_id


def test_the_phone_is_remembered_for_the_next_citizen(keys):
    keys("h", "1", "Enter").saved()
    keys("2", "Enter")
    until(keys.page, "document.querySelector('#receipt')?.textContent.includes('Kørekort')")
    assert set(Contact.objects.values_list("channel", flat=True)) == {"phone"}


def test_two_matters_in_one_contact(keys):
    keys("1", "+", "2", "f", "Enter").saved()
    assert Contact.objects.count() == 1
    assert list(Enquiry.objects.order_by("position").values_list("service_id", "outcome")) == [
        ("pas", "resolved"),
        ("koerekort", "open"),
    ]


def test_one_is_parked_while_another_is_served_and_taken_up_again(keys):
    keys("1", "n").text("Henter briller")
    keys("Escape", "p")
    keys.page.wait_for_selector("#parked")
    keys("2", "Enter").saved()
    keys("y")
    until(keys.page, "document.querySelector('#note').value === 'Henter briller'")
    keys("Enter")
    until(keys.page, "document.querySelector('#receipt')?.textContent.includes('Pas')")
    assert Contact.objects.count() == 2
    assert not Draft.objects.exists()


def test_starting_over_asks_once(keys):
    keys("1", "n").text("Henter briller")
    asked = []
    keys.page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    keys.page.click("#step-discard")
    until(keys.page, "document.querySelector('#note').value === ''")
    assert asked == ["Smide det ud, du har skrevet?"]
    assert keys.page.locator("#discard").count() == 0


def test_a_digit_left_out_of_the_cpr_is_typed_where_it_was_left_out(keys):
    """And is not taken for a favourite."""
    keys("c").text(INVENTED_CPR[:9])("Enter")
    until(keys.page, "document.activeElement.id === 'cpr' && document.querySelector('#cpr-error')")
    keys.text(INVENTED_CPR[9])
    keys.page.wait_for_selector(".desk-new")
    assert not keys.page.locator("#service input:checked").count()
    keys("2", "Enter").saved()
    assert Enquiry.objects.get().service_id == "koerekort"
    assert Contact.objects.get().asker == Citizen.objects.get()


def test_a_cpr_of_nobody_takes_no_focus_from_who_types_on(keys):
    keys("c").text("7501455234")
    keys("n").text("Om pas")
    keys.page.wait_for_selector("#cpr-error")
    assert keys.page.evaluate("document.activeElement.id") == "note"
    assert keys.page.input_value("#note") == "Om pas"


def test_a_cpr_of_nobody_that_is_said_before_she_goes_on_takes_no_letter_of_hers(keys):
    """The field has the focus again, and no CPR has a letter: it is the command it would have been."""
    keys("c").text("7501455234")
    until(keys.page, "document.activeElement.id === 'cpr' && document.querySelector('#cpr-error')")
    keys("n").text("Om pas")
    assert keys.page.evaluate("document.activeElement.id") == "note"
    assert keys.page.input_value("#note") == "Om pas"
    assert keys.page.input_value("#cpr") == "7501455234"


def test_what_is_typed_while_the_page_is_renewed_stays_and_is_no_command(keys):
    """The line is slow: she says how she knows her, goes on with the name, and then the answer comes."""
    page, held = keys.page, []
    keys("c").text(INVENTED_CPR)
    page.wait_for_selector(".desk-new")
    page.route("**/skranke/", lambda route: route.continue_() if held else held.append(route))
    page.check('#identity input[value="id_seen"]', force=True)
    page.focus("#citizen_name")
    keys.text("Opdig")
    while not held:
        page.wait_for_timeout(20)
    with page.expect_response("**/skranke/"):
        held[0].continue_()
    page.wait_for_load_state("networkidle")
    keys.text("tet Olsen")
    assert page.input_value("#citizen_name") == "Opdigtet Olsen"
    assert page.locator("#outcome input:checked").input_value() == "resolved"
    keys("Escape", "1", "Enter").saved()
    assert Citizen.objects.get().name == "Opdigtet Olsen"
    assert Contact.objects.get().identity == "id_seen"


def test_identity_is_chosen_with_the_arrows_without_losing_the_place(keys):
    keys("c").text(INVENTED_CPR)
    page = keys.page
    page.wait_for_selector(".desk-new")
    page.focus('#identity input[value="id_seen"]')
    for chosen in ("control", "mitid"):
        with page.expect_response("**/skranke/"):
            keys("ArrowRight")
        page.wait_for_load_state("networkidle")
        until(page, f"document.activeElement.value === '{chosen}' && document.activeElement.checked")


def test_the_search_finds_what_there_was_on_the_day_that_is_said(keys, policy_in_force):
    """Opened and closed: housing benefit is another authority's since 1 March 2026."""
    keys("/").text("boligst")
    assert keys.page.locator("#search-list li").all_inner_texts() == ["Vejledning om boligstøtte"]
    keys("Escape", "Escape", "m")
    keys.page.fill("#on", "2026-02-20")
    keys.page.locator("#on").blur()
    keys.page.wait_for_load_state("networkidle")
    keys.page.fill("#search", "")
    keys("Escape", "/").text("boligst")
    assert keys.page.locator("#search-list li").all_inner_texts() == ["Boligstøtte"]
    keys("Enter", "Enter").saved()
    assert Enquiry.objects.get().service_id == "boligstoette"


def test_the_same_matter_is_one_key(keys, cast):
    register_citizen(actor=SYSTEM, cpr=INVENTED_CPR, name="Opdigtet Ottosen")
    for again in (False, True):
        keys("c").text(INVENTED_CPR)
        keys.page.wait_for_selector(".desk-citizen")
        keys("x", "1")
        if again:
            keys.page.wait_for_selector("#follows_how")
            keys("2")
        keys("Enter")
        until(keys.page, "!document.querySelector('.desk-citizen')")
        keys.saved()
    assert Enquiry.objects.order_by("-id").first().follows_how == "chasing"


def test_what_stands_beside_comes_by_itself(keys, cast):
    register_citizen(actor=SYSTEM, cpr=INVENTED_CPR, name="Opdigtet Ottosen", needs="Tolk: polsk")
    keys("c").text(INVENTED_CPR)
    keys.page.wait_for_selector("text=Tolk: polsk")
    assert "Opdigtet Ottosen" in keys.page.inner_text("#who")
    assert INVENTED_CPR not in keys.page.content()


def test_the_cpr_typed_wrong_is_said_at_once(keys):
    keys("c").text("9999991234")
    keys.page.wait_for_selector("#cpr-error")


def test_the_draft_lies_on_the_server_within_two_seconds_of_the_last_key(keys, cast):
    keys("1", "n").text("Halvt skrevet")
    last = time.monotonic()
    while not Draft.objects.exists():
        assert time.monotonic() - last < 2
        keys.page.wait_for_timeout(50)
    keys.page.reload()
    assert keys.page.input_value("#note") == "Halvt skrevet"


def test_a_save_that_fails_keeps_everything_and_is_saved_once_afterwards(keys):
    keys("1", "n").text("Må ikke tabes")
    keys.page.route("**/skranke/", lambda route: route.abort())
    keys("Escape", "Enter")
    until(keys.page, "document.querySelector('#kept').textContent.includes('Ikke gemt')")
    assert keys.page.input_value("#note") == "Må ikke tabes"
    keys.page.unroute("**/skranke/")
    keys("Enter").saved()
    assert Contact.objects.count() == 1


@pytest.fixture
def silent(keys):
    """On a page whose time stands still, nobody answers what is sent next to an address: `silent(url)` gives it."""
    keys.page.clock.install(time=0)
    keys.page.clock.pause_at(1)
    keys.page.reload()
    unanswered = []

    def gone_silent(url):
        held = []
        unanswered.append(held)
        keys.page.route(url, lambda route: held.append(route), times=1)
        return held

    yield gone_silent
    for held in unanswered:
        for route in held:
            route.abort()


SAVES, DRAFTS = "**/skranke/", "**/skranke/kladde/"


def sent(page, held):
    for _ in range(160):
        if held:
            return held[-1]
        page.wait_for_timeout(50)
    pytest.fail("nothing was sent")


def test_a_save_that_nobody_answers_is_said_not_to_be_saved(keys, silent):
    keys("1", "n").text("Må ikke tabes")
    held = silent(SAVES)
    keys("Escape", "Enter")
    sent(keys.page, held)
    keys.page.clock.fast_forward(15_000)
    until(keys.page, "document.querySelector('#kept').textContent.includes('Ikke gemt')")
    assert keys.page.input_value("#note") == "Må ikke tabes"
    keys("Enter").saved()
    assert Contact.objects.count() == 1


def test_a_draft_that_nobody_answers_does_not_hold_the_save_back(keys, silent):
    held = silent(DRAFTS)
    keys("1", "n").text("Må ikke tabes")
    keys.page.clock.fast_forward(700)
    sent(keys.page, held)
    keys("Escape", "Enter")
    keys.page.clock.fast_forward(5_000)
    keys.saved()
    assert Note.objects.get().text == "Må ikke tabes"


def test_it_still_says_not_saved_when_the_draft_is_kept_afterwards(keys, silent):
    keys("1", "n").text("Må ikke tabes")
    keys.page.route(SAVES, lambda route: route.abort())
    keys("Escape", "Enter")
    until(keys.page, "document.querySelector('#kept').textContent.includes('Ikke gemt')")
    with keys.page.expect_response(DRAFTS):
        keys.page.clock.fast_forward(3_000)
    # Once this is answered the page has done what it does with the answer before.
    keys.page.evaluate("fetch(document.querySelector('link[rel=stylesheet]').href).then(() => true)")
    assert Draft.objects.exists()
    assert "Ikke gemt" in keys.page.inner_text("#kept")


def test_an_older_draft_never_comes_after_a_newer_one(keys, silent):
    held, newer = silent(DRAFTS), []
    keys("1", "n").text("Først")
    keys.page.clock.fast_forward(700)
    first = sent(keys.page, held)
    keys.page.route(DRAFTS, lambda route: (newer.append(route.request.post_data), route.continue_()))
    keys.text(" og siden")
    for _ in range(3):
        keys.page.clock.fast_forward(700)
    assert not newer
    held.remove(first)
    first.continue_()
    until(keys.page, "document.querySelector('#kept').textContent.includes('Kladde gemt')")
    with keys.page.expect_response(DRAFTS):
        keys.page.clock.fast_forward(700)
    assert "Først og siden" in newer[0]


def refused(page, said):
    until(page, f"document.querySelector('#kept').textContent.includes({said!r})")


def test_too_much_text_is_said_and_stands_there_still(keys, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000
    keys("1", "n")
    keys.page.fill("#note", "x" * 20_000)
    refused(keys.page, "for meget")  # the draft
    keys.page.evaluate("document.querySelector('#kept').textContent = ''")
    keys("Escape", "Enter")
    refused(keys.page, "for meget")
    until(keys.page, "!document.querySelector('#desk').hasAttribute('aria-busy')")
    assert len(keys.page.input_value("#note")) == 20_000
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 20_000_000
    keys("Enter").saved()


def test_who_may_no_longer_register_is_told_and_keeps_what_she_typed(keys, cast):
    keys("1", "n").text("Skrevet før")
    cast.alice.is_employee, cast.alice.is_editor = False, True
    cast.alice.save()
    keys("Escape", "Enter")
    refused(keys.page, "ikke længere adgang")
    assert keys.page.input_value("#note") == "Skrevet før"


def test_what_is_typed_on_a_form_saved_in_another_window_is_said_to_be_there_already(keys):
    keys("1")
    keys.page.wait_for_load_state("networkidle")
    keys.page.evaluate(
        """async () => {
            const body = new FormData(document.getElementById("desk"))
            body.set("step", "save")
            await fetch("/skranke/", { method: "POST", body })
        }"""
    )
    keys("n").text("Skrevet siden")
    refused(keys.page, "allerede gemt")
    keys("Escape", "Enter")
    keys.page.wait_for_selector("#error-summary")
    assert keys.page.input_value("#note") == "Skrevet siden"


def test_a_session_that_ends_while_typing_loses_nothing(keys, cast):
    keys("1", "n").text("Skrevet før")
    keys.page.context.clear_cookies(name="hovedindgang")
    keys("Escape", "Enter")
    keys.page.wait_for_selector("#signed-out:visible")
    assert keys.page.input_value("#note") == "Skrevet før"
    assert Draft.objects.filter(employee=cast.alice).count() == 1
    assert not Contact.objects.exists()


def test_what_the_server_cannot_keep_for_anybody_comes_back_on_the_page_she_signs_in_from(keys, cast):
    keys("1", "n").text("Skrevet før")
    keys.page.evaluate("document.querySelector('[name=owner]').value = ''")
    keys.page.context.clear_cookies(name="hovedindgang")
    keys("Escape", "Enter")
    keys.page.wait_for_selector("#signed-out:visible")
    assert keys.page.input_value("#note") == "Skrevet før"
    keys.page.click("#signed-out a")
    with keys.page.context.expect_page() as opened:
        keys.page.click("text=Log ind i et nyt faneblad")
    opened.value.fill('[name="login"]', "alice")
    opened.value.fill('[name="password"]', "the word of alice")
    opened.value.click("main button")
    opened.value.wait_for_url("**/skranke/")
    keys.page.click("main .button-primary")
    keys.page.wait_for_selector("#note")
    assert keys.page.input_value("#note") == "Skrevet før"
    keys("Enter").saved()
    assert Contact.objects.count() == 1


def test_errors_take_the_focus_and_their_links_lead_to_the_fields(keys):
    keys("Enter")
    keys.page.wait_for_selector("#error-summary:focus")
    keys("Tab", "Enter")
    assert keys.page.evaluate("document.activeElement.id") == "search"


def test_letters_can_be_switched_off_and_then_do_nothing(page_of, cast):
    cast.alice.letter_keys = False
    cast.alice.save()
    keys = Keys(page_of(cast.alice))
    keys("1", "n", "?", "w")
    assert keys.page.evaluate("document.querySelector('#service input:checked')") is None
    assert keys.page.url.endswith("/skranke/")
    assert not keys.page.evaluate("document.querySelector('#keys').open")


def test_a_question_mark_shows_all_keys_and_escape_hides_them(keys):
    keys("?")
    assert keys.page.is_visible("#keys")
    keys("Escape")
    assert not keys.page.is_visible("#keys")


def test_everything_can_be_reached_by_tab(page):
    page.click("summary >> text=Mere: hvem spørger")
    reached = set()
    for _ in range(160):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate("document.activeElement.id || document.activeElement.name || document.activeElement.tagName")
        )
    for field in ("cpr", "search", "note", "who_asks", "language", "on", "step-save", "step-park", "strip-link"):
        assert field in reached


def test_the_strip_counts_by_keys_as_fast_as_they_are_pressed(page_of, cast):
    page = page_of(cast.alice, path="/skranke/strip/")
    for key in "1130":
        page.keyboard.press(key)
    until(page, "[...document.querySelectorAll('.strip-number')].reduce((n, e) => n + Number(e.textContent), 0) === 4")
    assert Tally.objects.count() == 4


def test_a_count_that_comes_when_the_session_has_ended_is_given_back_to_be_sent_again(page_of, cast):
    page = page_of(cast.alice, path="/skranke/strip/")
    page.context.clear_cookies(name="hovedindgang")
    page.keyboard.press("1")
    page.wait_for_selector("text=Du er logget ud")
    assert page.locator('[name="count"]').input_value()
    assert not Tally.objects.exists()


def test_the_list_of_services_ranks_as_the_server_does(page, cast, policy_in_force):
    from hovedindgang.desk.search import find, services_to_search
    from hovedindgang.kernel.clock import today

    services = services_to_search(policy_in_force.model, today(), "da")
    for typed in ("pas", "k", "kø", "koer", "bil", "vej bol", "afh", "230", "xyz"):
        page.fill("#search", typed)
        shown = page.eval_on_selector_all(
            '#search-list [role="option"]', "found => found.map((one) => one.dataset.key)"
        )
        assert shown == [service.key for service in find(typed, services)], typed


def test_the_first_load_is_light(page_of, cast, chromium):
    """Everything the page loads, compressed as it is served, fonts included."""
    import gzip

    page = page_of(cast.alice, path="about:blank")
    answers = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto("/skranke/")
    page.wait_for_load_state("networkidle")
    bodies = {answer.url: answer.body() for answer in answers if answer.status != 204}
    sizes = {
        re.sub(r"^https?://[^/]+", "", url): len(body) if url.endswith("woff2") else len(gzip.compress(body, 9))
        for url, body in bodies.items()
    }
    assert any("plex" in url for url in sizes)
    assert sum(sizes.values()) <= 150 * 1024, sizes


def test_a_call_is_passed_on_and_taken_by_keys_in_two_windows_without_loading_a_page(page_of, cast):
    alice, bob = page_of(cast.alice), page_of(cast.bob)
    keys = Keys(alice)
    keys("1", "i")
    alice.select_option("#pass_to", "centre:pandrup")
    alice.fill("#pass_summary", "Hun har mistet sit pas")
    alice.click("#step-pass")
    bob.wait_for_selector("text=Alice vil viderestille en samtale")
    assert "Hun har mistet sit pas" in bob.inner_text("#watch")
    bob.keyboard.press("j")
    bob.wait_for_url("**/skranke/?taget=*")
    assert bob.input_value("#note") == "Hun har mistet sit pas"
    alice.wait_for_selector("text=Bob har taget samtalen")
    Keys(bob)("Enter").saved()
    assert Contact.objects.get().employee == cast.bob


def test_an_alarm_raised_while_typing_is_on_the_colleagues_screen_within_two_seconds(page_of, cast):
    alice, bob = page_of(cast.alice), page_of(cast.bob, path="/henvendelser/mine/")
    took = []
    for _turn in range(3):
        alice.focus("#note")
        alice.keyboard.press("F9")
        assert not Alarm.objects.filter(ended_at__isnull=True).exists()  # one press is a slip of the finger
        begun = time.monotonic()
        alice.keyboard.press("F9")
        bob.wait_for_selector(".watch-alarm")
        took.append(time.monotonic() - begun)
        bob.click("text=Jeg kommer")
        alice.wait_for_selector("text=Bob kommer")
        bob.click("text=Det er ovre")
        alice.wait_for_selector(".watch-alarm", state="detached")
        bob.wait_for_selector(".watch-alarm", state="detached")
    assert max(took) <= 2, took
    assert alice.input_value("#note") == ""


def test_the_alarm_works_where_letter_keys_are_switched_off_and_without_the_mouse(page_of, cast):
    cast.alice.letter_keys = False
    cast.alice.save()
    alice = page_of(cast.alice)
    alice.focus("#search")
    alice.keyboard.press("F9")
    alice.keyboard.press("F9")
    alice.wait_for_selector("text=Du har slået alarm")
    assert Alarm.objects.get().raised_by == cast.alice
