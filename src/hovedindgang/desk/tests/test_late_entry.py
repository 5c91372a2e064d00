"""What was yesterday or last month, entered today: by the policy of its own day, and after nothing that came later."""

import datetime as dt
import re

import pytest

from hovedindgang.contacts.models import Contact, Enquiry, Handover
from hovedindgang.desk.tests.forms_as_sent import INVENTED_CPR, form, send
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.clock import DENMARK
from hovedindgang.people.actions import register_citizen

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def alice(cast, client_of):
    return client_of(cast.alice)


@pytest.fixture
def anna(db):
    return register_citizen(actor=SYSTEM, cpr=INVENTED_CPR, name="Anna Prøve")


def page(alice, **fields):
    return send(alice, form(step="look", **fields)).content.decode()


def test_a_service_that_closed_last_month_is_found_on_a_day_when_it_was_there(alice, clock):
    """Housing benefit went to another authority on 1 March; it is the eleventh."""
    today, then = {"search_0": "boligst"}, {"search_0": "boligst", "on": "20.02.2026"}
    assert 'value="boligstoette_vejledning"' in page(alice, **today)
    assert 'value="boligstoette"' not in page(alice, **today)
    assert 'value="boligstoette"' in page(alice, **then)
    assert 'value="boligstoette_vejledning"' not in page(alice, **then)
    send(alice, form(service_0="boligstoette", on="20.02.2026", from_time="10.15", to_time="10.25"))
    assert Enquiry.objects.get().received_on == dt.date(2026, 2, 20)
    refused = send(alice, form(service_0="boligstoette", note="Om boligstøtte")).content.decode()
    assert "ophørte 1. marts 2026; brug Vejledning om boligstøtte" in refused
    assert "Om boligstøtte" in refused


@pytest.mark.parametrize("unlikely", ["1950-01-01", "2031-01-01", "i går", "31.02.2026"])
def test_a_day_that_cannot_be_is_answered_in_words_and_the_page_stands(alice, clock, unlikely):
    assert 'value="pas"' in page(alice, on=unlikely, note="Om pas")
    refused = send(alice, form(service_0="pas", on=unlikely, note="Om pas"))
    assert refused.status_code == 422
    assert 'id="on-error"' in refused.content.decode()
    assert "Om pas" in refused.content.decode()


def test_nobody_is_asked_whether_it_continues_what_came_later(alice, clock, anna):
    send(alice, form(service_0="pas", asker=str(anna.pk)))
    said = {"service_0": "pas", "asker": str(anna.pk), "identity": "id_seen"}
    assert "Er det samme sag?" in page(alice, **said)
    assert "Er det samme sag?" not in page(alice, **said, on="09.03.2026")


def test_the_question_says_what_the_earlier_one_waits_for_and_the_receipt_whose_it_is(alice, clock, anna):
    clock.stand(dt.datetime(2026, 3, 10, 10, tzinfo=DENMARK))
    send(alice, form(service_0="flytning", asker=str(anna.pk), outcome_0="open", promised_on_0="13.03.2026"))
    earlier = Enquiry.objects.get()
    clock.stand(dt.datetime(2026, 3, 11, 10, tzinfo=DENMARK))
    said = {"service_0": "flytning", "asker": str(anna.pk), "identity": "id_seen"}
    asked = page(alice, **said)
    assert "Den er åben; svar er lovet senest 13.03.2026" in asked
    answer = {**said, "follows_0": str(earlier.pk), "follows_how_0": "chasing"}
    receipt = send(alice, form(**answer), follow=True).content.decode()
    assert "Flytning fra 10.03.2026 er stadig åben hos Alice" in receipt
    assert f'href="/henvendelser/{earlier.contact_id}/"' in receipt
    assert "stadig åben" not in send(alice, form(service_0="pas"), follow=True).content.decode()


@pytest.mark.parametrize("where", ["beside the form", "on her own page"])
def test_her_history_says_in_words_that_the_day_she_was_promised_has_passed(alice, clock, anna, where):
    clock.stand(dt.datetime(2026, 3, 10, 10, tzinfo=DENMARK))
    send(alice, form(service_0="flytning", asker=str(anna.pk), outcome_0="open", promised_on_0="13.03.2026"))

    def history():
        if where == "on her own page":
            return alice.get(f"/henvendelser/borger/{anna.pk}/").content.decode()
        return page(alice, asker=str(anna.pk), identity="id_seen")

    clock.stand(dt.datetime(2026, 3, 13, 10, tzinfo=DENMARK))
    assert ">svar senest 13.03.2026<" in history()
    assert "den dag er gået" not in history()
    clock.stand(dt.datetime(2026, 3, 16, 10, tzinfo=DENMARK))
    assert ">svar var lovet senest 13.03.2026, og den dag er gået<" in history()
    assert "svar senest" not in history()
    alice.cookies["hovedindgang_language"] = "en"
    assert ">an answer was promised by 13/03/2026, and that day has passed<" in history()


def test_of_an_earlier_one_whose_day_has_passed_it_is_not_said_that_she_hears_by_then(alice, clock, anna):
    clock.stand(dt.datetime(2026, 3, 10, 10, tzinfo=DENMARK))
    send(alice, form(service_0="flytning", asker=str(anna.pk), outcome_0="open", promised_on_0="13.03.2026"))
    said = {"service_0": "flytning", "asker": str(anna.pk), "identity": "id_seen"}
    clock.stand(dt.datetime(2026, 3, 13, 10, tzinfo=DENMARK))
    assert "svar er lovet senest 13.03.2026." in page(alice, **said)
    clock.stand(dt.datetime(2026, 3, 16, 10, tzinfo=DENMARK))
    assert "svar var lovet senest 13.03.2026, og den dag er gået." in page(alice, **said)


HANDED_OVER = {"service_0": "byggesag", "outcome_0": "passed_on", "department_0": "teknik", "summary_0": "En carport"}
THREE_WEEKS_AGO = {"on": "18.02.2026", "from_time": "10.00", "to_time": "10.10"}  # it is 11 March


def receipt_of(alice, **fields):
    text = send(alice, form(**fields), follow=True).content.decode()
    return " ".join(re.search(r'id="receipt".*?</p>', text, re.DOTALL)[0].split())


def test_the_receipt_of_a_late_entry_promises_nobody_a_day_that_has_passed(alice, clock):
    late = receipt_of(alice, **HANDED_OVER, **THREE_WEEKS_AGO, handover_on_0="25.02.2026")
    assert "svar senest" not in late
    assert "svar var lovet senest 25.02.2026, og den dag er gået" in late
    days = f"{Handover.objects.get().promised_on:%d.%m.%Y}"
    assert f"fagforvaltningen fik den 11.03.2026 og har frist til {days}" in late
    opened = {"service_0": "flytning", "outcome_0": "open", "promised_on_0": "20.02.2026"}
    assert "svar var lovet senest 20.02.2026, og den dag er gået" in receipt_of(alice, **opened, **THREE_WEEKS_AGO)


def test_the_receipt_says_so_where_the_department_may_answer_after_the_day_the_citizen_was_promised(alice, clock):
    late = receipt_of(alice, **HANDED_OVER, **THREE_WEEKS_AGO)
    asked = Handover.objects.get()
    assert asked.promised_on > asked.enquiry.promised_on
    assert f"har frist til {asked.promised_on:%d.%m.%Y}" in late
    alice.cookies["hovedindgang_language"] = "en"
    late = receipt_of(alice, **HANDED_OVER, **THREE_WEEKS_AGO, handover_on_0="25.02.2026")
    assert "an answer was promised by 25/02/2026, and that day has passed" in late
    assert "the department got it on 11/03/2026" in late


def test_the_receipt_of_what_is_entered_at_once_says_one_day_alone(alice, clock):
    prompt = receipt_of(alice, **HANDED_OVER)
    assert f"svar senest {Enquiry.objects.get().promised_on:%d.%m.%Y}" in prompt
    assert "frist" not in prompt


def test_of_several_the_one_that_waits_stands_first_in_the_language_of_the_page(alice, clock, anna):
    send(alice, form(service_0="pas", asker=str(anna.pk), outcome_0="come_back", come_back_reason_0="document"))
    clock.go(hours=1)
    send(alice, form(service_0="pas", asker=str(anna.pk)))
    waits, solved = Enquiry.objects.order_by("id").values_list("pk", flat=True)
    alice.cookies["hovedindgang_language"] = "en"
    asked = page(alice, service_0="pas", asker=str(anna.pk), identity="id_seen")
    assert "The citizen came about Passport on" in asked
    assert "The citizen was to come back." in asked
    options = re.findall(r'<option value="(\d+)"[^>]*>(Passport, [^<]+)</option>', asked)
    assert [int(number) for number, _text in options] == [waits, solved]
    assert options[0][1] != options[1][1]


def test_a_service_that_took_anothers_place_is_the_same_errand(alice, clock, anna):
    clock.stand(dt.datetime(2026, 2, 27, 10, tzinfo=DENMARK))
    send(alice, form(service_0="boligstoette", asker=str(anna.pk)))
    clock.stand(dt.datetime(2026, 3, 3, 10, tzinfo=DENMARK))
    asked = page(alice, service_0="boligstoette_vejledning", asker=str(anna.pk), identity="id_seen")
    assert "Borgeren var her med Boligstøtte" in asked


def test_a_call_that_lasted_over_midnight_is_entered_and_put_right_by_its_two_times(alice, clock):
    sent = form(service_0="pas", on="09.03.2026", from_time="23.50", to_time="00.10")
    assert send(alice, sent).status_code == 303
    contact = Contact.objects.get()
    assert (contact.received_on, contact.ended_at - contact.started_at) == (
        dt.date(2026, 3, 9),
        dt.timedelta(minutes=20),
    )
    right = {"on": "09.03.2026", "from_time": "23.40", "to_time": "00.05", "why": "Så forkert på uret"}
    assert alice.post(f"/henvendelser/{contact.pk}/ret/times/", right).status_code == 302
    contact.refresh_from_db()
    assert (contact.received_on, contact.ended_at - contact.started_at) == (
        dt.date(2026, 3, 9),
        dt.timedelta(minutes=25),
    )


def test_an_afternoon_that_ends_in_the_morning_is_a_mistyped_time(alice, clock):
    refused = send(alice, form(service_0="pas", on="09.03.2026", from_time="15.50", to_time="10.10"))
    assert "slutter, før den begynder" in refused.content.decode()
    assert not Contact.objects.exists()
