"""Nothing typed is lost: drafts, parking, an ended session, a form that was too old."""

import datetime as dt
import re
import time

import pytest
from django.test import Client

from hovedindgang.contacts.models import Contact
from hovedindgang.desk.listeners import forget_old_drafts
from hovedindgang.desk.models import Draft
from hovedindgang.desk.tests.forms_as_sent import INVENTED_CPR, form, send


@pytest.fixture
def alice(cast, client_of):
    return client_of(cast.alice)


def keep(client, sent):
    return client.post("/skranke/kladde/", sent)


def test_what_was_typed_is_there_again_when_the_page_opens(alice):
    assert keep(alice, form(service_0="pas", note="Halvt skrevet")).status_code == 204
    page = alice.get("/skranke/").content.decode()
    assert "Halvt skrevet" in page
    assert "ikke gemt endnu" in page


def test_a_draft_lies_sealed_and_only_its_employee_gets_it(alice, cast, client_of):
    keep(alice, form(service_0="pas", note="Halvt skrevet", cpr=INVENTED_CPR))
    sealed = bytes(Draft.objects.get().sealed)
    assert b"skrevet" not in sealed
    assert INVENTED_CPR.encode() not in sealed
    assert "Halvt skrevet" not in client_of(cast.bob).get("/skranke/").content.decode()


def test_a_draft_whose_key_is_gone_is_no_error(alice, settings):
    keep(alice, form(note="Halvt skrevet"))
    settings.CPR_KEY = "33" * 32
    assert alice.get("/skranke/").status_code == 200


def test_an_untouched_form_leaves_no_draft(alice):
    assert keep(alice, form()).status_code == 204
    assert not Draft.objects.exists()


def test_every_sent_step_keeps_the_form_without_a_script(alice):
    send(alice, form(service_0="pas", note="Midt i det", step="add"))
    assert "Midt i det" in alice.get("/skranke/").content.decode()


def test_the_minutes_a_form_lay_parked_are_no_work_on_it(alice, clock):
    """She waits for the interpreter for an hour, and three others are served meanwhile."""
    sent = form(service_0="pas", note="Venter på tolk", started="2026-03-11T09:00:00+00:00")
    send(alice, {**sent, "step": "park"})
    clock.go(hours=1)
    page = send(alice, form(step=f"take:{sent['key']}"), follow=True).content.decode()
    assert "Venter på tolk" in page
    again = dict(re.findall(r'<input type="hidden" name="(started|parked|drafted)"[^>]* value="([^"]*)"', page))
    send(alice, {**sent, **again})
    contact = Contact.objects.get()
    assert (contact.ended_at - contact.started_at, contact.times_true) == (dt.timedelta(hours=1), False)
    send(alice, form(service_0="pas", started="2026-03-11T09:59:00+00:00"))
    assert Contact.objects.latest("id").times_true
    told = form(service_0="pas", parked="1", from_time="10.00", to_time="10.10")
    send(alice, told)
    assert Contact.objects.latest("id").times_true  # she has said when


def test_saving_ends_the_draft(alice):
    sent = form(service_0="pas", note="Færdig", drafted="1")
    keep(alice, sent)
    send(alice, sent)
    assert not Draft.objects.exists()


def test_a_draft_that_comes_in_after_saving_does_not_come_back(alice, cast):
    sent = form(service_0="pas", note="Færdig")
    send(alice, sent)
    assert keep(alice, sent).status_code == 409
    assert not Draft.objects.exists()


def test_a_draft_written_in_the_very_moment_of_saving_is_not_shown_again(alice):
    sent = form(service_0="pas", note="Færdig i samme nu")
    keep(alice, sent)
    send(alice, sent)  # without the mark that a draft had been sent: it overtook the draft
    assert Draft.objects.exists()
    assert "Færdig i samme nu" not in alice.get("/skranke/").content.decode()


@pytest.mark.parametrize("step", ["save", "park", "look", "add", "take"])
def test_whatever_is_pressed_on_a_form_already_saved_what_was_typed_since_stands_there(alice, step):
    send(alice, form(service_0="koerekort", note="Parkeret før", step="park"))
    parked = Draft.objects.get()
    sent = form(service_0="pas")
    send(alice, sent)
    more = {
        **sent,
        "note": "Skrevet, efter den var gemt",
        "step": f"take:{parked.contact_key}" if step == "take" else step,
    }
    answer = send(alice, more)
    assert answer.status_code == 422
    assert "Skrevet, efter den var gemt" in answer.content.decode()
    assert "allerede gemt som nr." in answer.content.decode()
    assert Contact.objects.count() == 1
    assert Draft.objects.get().parked_at is not None


@pytest.mark.parametrize("step", ["park", "look"])
def test_a_form_already_saved_with_nothing_more_in_it_leads_to_its_receipt(alice, step):
    sent = form(service_0="pas", note="Gemt")
    send(alice, sent)
    answer = send(alice, {**sent, "step": step}, follow=True)
    assert "Var allerede gemt" in answer.content.decode()
    assert not Draft.objects.exists()


def test_a_refused_save_is_kept_as_a_draft(alice):
    send(alice, form(note="Uden opgave"))
    assert "Uden opgave" in alice.get("/skranke/").content.decode()


def test_alice_parks_one_citizen_and_takes_her_up_again(alice):
    send(alice, form(service_0="koerekort", note="Henter sine briller", step="park"))
    page = alice.get("/skranke/").content.decode()
    assert "Henter sine briller" not in page
    assert "Parkeret" in page
    parked = Draft.objects.get()
    answer = send(alice, form(step=f"take:{parked.contact_key}"), follow=True)
    assert "Henter sine briller" in answer.content.decode()
    assert "Henter sine briller" in alice.get("/skranke/").content.decode()


def test_two_citizens_in_two_windows_never_meet_in_one_form(alice):
    keep(alice, form(service_0="koerekort", note="I det andet vindue"))
    answer = send(alice, form(service_0="pas"), follow=True)
    assert "I det andet vindue" not in answer.content.decode()
    assert "Kørekort" in answer.content.decode().split('id="parked"')[1].split("</section>")[0]
    assert "I det andet vindue" not in send(alice, form(service_0="pas", step="park"), follow=True).content.decode()


def test_throwing_a_parked_one_out_leaves_the_form_as_it_is(alice):
    send(alice, form(service_0="koerekort", note="Gik igen", step="park"))
    key = Draft.objects.get().contact_key
    page = send(alice, form(service_0="pas", note="Står endnu", step=f"discard_now:{key}")).content.decode()
    assert "Står endnu" in page
    assert not Draft.objects.filter(contact_key=key).exists()


def test_what_stood_on_the_page_is_parked_when_another_is_taken_up(alice):
    send(alice, form(service_0="koerekort", note="Den første", step="park"))
    first = Draft.objects.get()
    send(alice, form(service_0="pas", note="Den anden", step=f"take:{first.contact_key}"))
    assert Draft.objects.count() == 2
    assert Draft.objects.get(parked_at=None) == first


def test_the_list_of_parked_names_nobody(alice):
    send(alice, form(service_0="pas", cpr=INVENTED_CPR, citizen_name="Opdigtet Ottosen", step="park"))
    page = alice.get("/skranke/").content.decode()
    assert "Opdigtet" not in page
    assert "Pas" in page.split('id="parked"')[1].split("</section>")[0]


def test_nothing_typed_is_nothing_to_park(alice):
    assert "Der er ikke skrevet noget at parkere" in send(alice, form(step="park")).content.decode()


def test_a_parked_citizen_can_be_thrown_out(alice):
    send(alice, form(service_0="pas", note="Gik igen", step="park"))
    send(alice, form(step=f"discard_now:{Draft.objects.get().contact_key}"))
    assert not Draft.objects.filter(parked_at__isnull=False).exists()


def test_bob_cannot_take_up_what_alice_parked(alice, cast, client_of):
    send(alice, form(service_0="pas", note="Alices", step="park"))
    bob = client_of(cast.bob)
    send(bob, form(step=f"take:{Draft.objects.get().contact_key}"))
    assert "Alices" not in bob.get("/skranke/").content.decode()


def test_a_session_that_ended_while_typing_gives_everything_back_after_signing_in(cast, client_of):
    answer = send(Client(), form(cast.alice, service_0="pas", note="Et langt notat"))
    assert answer.status_code == 302
    assert "next=/skranke/" in answer.url
    assert not Contact.objects.exists()
    assert "Et langt notat" in client_of(cast.alice).get("/skranke/").content.decode()
    assert "Et langt notat" not in client_of(cast.bob).get("/skranke/").content.decode()


@pytest.mark.parametrize("owner", ["", "forged:signature"])
def test_a_form_that_can_be_kept_for_nobody_is_given_back_on_the_page(cast, client_of, owner):
    answer = send(Client(), {**form(service_0="pas", note="Et langt notat"), "owner": owner})
    assert answer.status_code == 401
    assert "Et langt notat" in answer.content.decode()
    assert not Draft.objects.exists()


def test_a_form_left_open_over_a_long_weekend_is_kept(cast, client_of, monkeypatch):
    sent, now = form(cast.alice, service_0="pas", note="Skrevet i fredags"), time.time()
    monkeypatch.setattr(time, "time", lambda: now + 4 * 24 * 3600)
    assert send(Client(), sent).status_code == 302
    monkeypatch.undo()
    assert "Skrevet i fredags" in client_of(cast.alice).get("/skranke/").content.decode()


def test_a_script_is_told_that_the_session_has_ended(cast):
    answer = Client().post("/skranke/kladde/", form(cast.alice, note="Et langt notat"), headers={"X-Desk": "draft"})
    assert (answer.status_code, answer["X-Kept"]) == (401, "1")


def test_nobody_can_plant_a_form_on_somebody_elses_desk(cast):
    for owner in ("", "1", "forged:signature"):
        send(Client(), {**form(note="Plantet"), "owner": owner})
    assert not Draft.objects.exists()


def test_a_form_too_old_to_be_trusted_is_kept_for_its_employee(cast):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.alice)
    answer = send(strict, form(cast.alice, service_0="pas", note="Skrevet længe siden"))
    assert answer.status_code == 403
    assert "ligger klar på skranken" in answer.content.decode()
    assert "Skrevet længe siden" in strict.get("/skranke/").content.decode()


def test_a_draft_with_a_token_too_old_is_kept_as_well(cast):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.alice)
    answer = strict.post("/skranke/kladde/", form(cast.alice, note="Et langt notat"), headers={"X-Desk": "draft"})
    assert (answer.status_code, answer["X-Kept"]) == (401, "1")


def test_an_old_form_from_elsewhere_is_shown_to_be_copied_without_its_secrets(cast):
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(
        "/skranke/strip/", {"note": "Et langt og godt notat", "password": "hemmeligt nok", "cpr": "6101901234xxxx"}
    )
    page = answer.content.decode()
    assert "Et langt og godt notat" in page
    assert "hemmeligt" not in page
    assert "6101901234" not in page


def test_what_nobody_took_up_in_a_week_is_forgotten_when_a_day_begins(alice, clock):
    keep(alice, form(note="Gammel"))
    clock.go(days=8)
    keep(alice, form(note="Ny"))
    forget_old_drafts(event=None)
    assert Draft.objects.count() == 1
    assert "Ny" in alice.get("/skranke/").content.decode()
