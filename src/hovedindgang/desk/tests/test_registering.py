"""From the form to what stands in the books, as a browser without a script sends it."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hovedindgang.contacts.models import Contact, Enquiry, Handover, Note, Signpost
from hovedindgang.desk.models import Draft
from hovedindgang.desk.tests.forms_as_sent import INVENTED_CPR, form, send
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.models import LookUp
from hovedindgang.people.actions import register_citizen
from hovedindgang.people.models import Citizen


@pytest.fixture
def alice(cast, client_of):
    return client_of(cast.alice)


def test_alice_saves_a_favourite_and_gets_its_receipt_over_the_next_empty_form(alice, cast):
    answer = send(alice, form(service_0="pas"), follow=True)
    page = answer.content.decode()
    assert "Gemt" in page
    assert Contact.objects.get().employee == cast.alice
    enquiry = Enquiry.objects.get()
    assert (enquiry.service_id, enquiry.outcome, enquiry.on_the_spot) == ("pas", "resolved", True)
    assert 'value="pas" checked' not in page


def test_a_second_click_gives_the_same_receipt_and_writes_nothing(alice):
    sent = form(service_0="pas", note="Om pas")
    first, second = send(alice, sent), send(alice, sent)
    assert Contact.objects.count() == 1
    assert second.url == f"{first.url}&igen"
    assert "Var allerede gemt" in alice.get(second.url).content.decode()


def test_what_was_saved_and_changed_afterwards_is_not_saved_twice(alice):
    sent = form(service_0="pas")
    send(alice, sent)
    answer = send(alice, {**sent, "note": "Rettet siden"})
    assert answer.status_code == 422
    assert "allerede gemt som nr." in answer.content.decode()
    assert "Rettet siden" in answer.content.decode()
    assert Contact.objects.count() == 1


def test_a_citizen_never_met_is_made_with_the_contact_and_her_cpr_is_in_no_address(alice):
    answer = send(alice, form(service_0="pas", cpr="610190-1234", citizen_name="Opdigtet Ottosen"))
    citizen = Citizen.objects.get()
    assert Contact.objects.get().asker == citizen
    assert citizen.name == "Opdigtet Ottosen"
    assert INVENTED_CPR not in answer.url


def test_enter_in_the_name_finds_the_citizen_although_a_favourite_is_chosen(alice):
    register_citizen(actor=SYSTEM, cpr=INVENTED_CPR, name="Opdigtet Ottosen")
    page = send(alice, form(service_0="pas", name_search="ottos", step="go")).content.decode()
    assert f'value="choose:{Citizen.objects.get().pk}"' in page
    assert not Contact.objects.exists()


def test_ten_namesakes_are_shown_and_how_to_find_the_others_is_said(alice):
    for number in range(12):
        register_citizen(actor=SYSTEM, name=f"Amina Tænkt {number:02}")
    page = send(alice, form(service_0="pas", name_search="amina", step="find_name")).content.decode()
    assert page.count('value="choose:') == 10
    assert "Der er flere. Skriv mere af navnet" in page
    assert "Der er flere" not in send(alice, form(name_search="amina 11", step="find_name")).content.decode()


def test_when_the_contact_is_refused_no_citizen_is_left_behind(alice):
    answer = send(alice, form(cpr=INVENTED_CPR, note="En lang forklaring"))
    assert answer.status_code == 422
    assert not Citizen.objects.exists()
    assert "En lang forklaring" in answer.content.decode()


@pytest.mark.parametrize(
    ("fields", "place", "said"),
    [
        ({"service_0": ""}, "search", "Vælg en opgave"),
        ({"service_0": "pas", "cpr": "610190-12"}, "cpr", "ti cifre"),
        ({"service_0": "pas", "cpr": "993390-1234"}, "cpr", "ikke en dato"),
        ({"service_0": "pas", "cpr": "750145-5234"}, "cpr", "ude i fremtiden"),
        ({"service_0": "pas", "others_0": "750145-5234"}, "others", "ude i fremtiden"),
        ({"service_0": "pas", "name_search": "Opdigtet"}, "name_search", "vælg på listen"),
        ({"service_0": "pas", "outcome_0": "come_back"}, "come_back_reason", "Vælg, hvorfor"),
        ({"service_0": "pas", "outcome_0": "withdrawn"}, "withdrawn_why", "Vælg, om"),
        ({"service_0": "pas", "outcome_0": "passed_on"}, "department", "Vælg, hvilken"),
        ({"service_0": "pas", "outcome_0": "passed_on", "department_0": "jobcenter"}, "summary", "resumé"),
        ({"service_0": "pas", "outcome_0": "signposted"}, "place", "Vælg det sted"),
        ({"service_0": "pas", "outcome_0": "open", "promised_on_0": "32.13.2026"}, "promised_on", "Skriv datoen"),
        ({"service_0": "pas", "outcome_0": "open", "promised_on_0": "2020-01-01"}, "promised_on", "allerede gået"),
        ({"service_0": "pas", "on": "2031-01-01"}, "on", "fremtiden"),
        (
            {"service_0": "pas", "on": "2026-01-05", "from_time": "11.00", "to_time": "10.00"},
            "to_time",
            "før den begynder",
        ),
        ({"service_0": "pas", "on": "2026-01-05", "from_time": "kvart i ti"}, "from_time", "10.30"),
        ({"service_0": "pas", "on": "2025-03-30", "from_time": "02:30", "to_time": "03:10"}, "from_time", "02.30"),
        ({"service_0": "pas", "on": "2025-03-30", "from_time": "01:50", "to_time": "02:10"}, "to_time", "stillet frem"),
        ({"service_0": "pas", "channel": "phone", "medium": "counter"}, "medium", "anden henvendelsesmåde"),
        ({"service_0": "pas", "others_0": "ikke et tal"}, "others", "ti cifre"),
        ({"service_0": "pas", "case_number_0": INVENTED_CPR}, "case_number", "ikke et CPR-nummer"),
        ({"service_0": "pas", "note": "x" * 1_000_000}, "note", "Kort den af"),
        ({"service_0": "pas", "outcome_0": "sludder"}, "outcome", "mulighederne"),
        ({"service_0": "findes-ikke"}, "search", "kendes ikke"),
        ({"service_0": "pas", "who_asks": "martian"}, "who_asks", "mulighederne"),
    ],
)
def test_whatever_is_wrong_is_said_at_its_field_and_everything_typed_is_kept(alice, clock, fields, place, said):
    typed = form(**{"note": "Hun kom med sin datter", **fields})
    answer = send(alice, typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert not Contact.objects.exists()
    assert said in page
    assert f'href="#{place}"' in page
    assert f'id="{place}"' in page
    assert typed["note"][:2000] in page


def test_the_errors_speak_english_to_who_reads_english(alice):
    alice.cookies["hovedindgang_language"] = "en"
    page = send(alice, form()).content.decode()
    assert "Choose a service." in page


def test_the_receipt_names_the_department_in_english_to_who_reads_english(alice):
    alice.cookies["hovedindgang_language"] = "en"
    sent = form(service_0="pas", outcome_0="passed_on", department_0="jobcenter", summary_0="Mangler svar")
    receipt = send(alice, sent, follow=True).content.decode().split('id="receipt"')[1].split("</p>")[0]
    assert "Job centre" in receipt
    assert "Jobcenter" not in receipt


def test_i_follow_up_has_a_day_although_none_was_typed(alice, clock):
    send(alice, form(service_0="pas", outcome_0="open"))
    enquiry = Enquiry.objects.get()
    assert enquiry.outcome == "open"
    assert enquiry.promised_on > dt.date(2026, 3, 11)


def test_in_the_hour_that_comes_twice_a_contact_may_end_at_an_earlier_time_than_it_began(alice, clock):
    send(alice, form(service_0="pas", on="2025-10-26", from_time="02.50", to_time="02.10"))
    contact = Contact.objects.get()
    assert contact.ended_at - contact.started_at == dt.timedelta(minutes=20)


def test_she_must_come_back_with_a_document(alice):
    send(alice, form(service_0="pas", outcome_0="come_back", come_back_reason_0="document"))
    assert Enquiry.objects.get().come_back_reason == "document"


def test_a_handover_carries_what_she_told(alice):
    send(
        alice,
        form(
            service_0="pas",
            outcome_0="passed_on",
            department_0="jobcenter",
            summary_0="Hun mangler svar",
            agreed_0="De ringer",
            spoken_0="on",
            handover_on_0="2035-01-05",
        ),
    )
    handover = Handover.objects.get()
    assert (handover.department_id, handover.summary, handover.spoken) == ("jobcenter", "Hun mangler svar", True)
    assert handover.promised_on == dt.date(2035, 1, 5)


def test_guided_to_an_authority(alice, policy_in_force):
    authority = next(iter(policy_in_force.model.authorities))
    send(
        alice,
        form(
            service_0="pas",
            outcome_0="signposted",
            place_0=f"authority:{authority}",
            how_0="referred",
            ground_out_0="consent",
        ),
    )
    signpost = Signpost.objects.get()
    assert (signpost.authority_id, signpost.how) == (authority, "referred")


def test_companions_of_an_outcome_that_was_changed_are_not_sent_along(alice):
    send(alice, form(service_0="pas", outcome_0="resolved", come_back_reason_0="id", place_0="authority:x"))
    enquiry = Enquiry.objects.get()
    assert (enquiry.outcome, enquiry.come_back_reason) == ("resolved", "")


def test_a_mother_with_two_childrens_passports_is_one_contact_with_three_people(alice):
    sent = form(cpr=INVENTED_CPR, service_0="pas", service_1="pas", service_2="pas")
    sent |= {"enquiries": "3", "active": "2", "others-1": "6201101234", "others-2": "630112-1234"}
    sent |= {"not_asker-1": "on", "not_asker-2": "on"}
    send(alice, sent)
    assert Contact.objects.count() == 1
    assert [list(e.people.values_list("id", flat=True)) for e in Enquiry.objects.order_by("position")] == [
        [c.pk] for c in Citizen.objects.order_by("id")
    ]


def test_a_care_worker_asks_for_a_resident_and_is_not_the_resident(alice):
    send(alice, form(service_0="pas", cpr=INVENTED_CPR, who_asks="helper"))
    assert Contact.objects.get().asker is None
    assert Enquiry.objects.get().people.get() == Citizen.objects.get()


def test_a_matter_added_and_never_begun_is_no_matter(alice):
    send(alice, {**form(service_0="pas"), "enquiries": "2", "active": "1", "outcome-1": "resolved"})
    assert Enquiry.objects.count() == 1


def test_a_late_entry_says_that_it_was_late(alice, clock):
    send(alice, form(service_0="pas", on="09.03.2026", from_time="10.15", to_time="10.20"))
    contact = Contact.objects.get()
    assert contact.late
    assert contact.times_true
    assert contact.received_on == dt.date(2026, 3, 9)
    assert (contact.ended_at - contact.started_at).seconds == 300


def test_a_cpr_in_the_note_becomes_a_reference(alice):
    send(alice, form(service_0="pas", note="Hendes mor er 610190-1234"))
    assert Note.objects.get().text == f"Hendes mor er [borger {Citizen.objects.get().pk}]"


def test_an_avoidable_contact_has_its_cause(alice):
    send(alice, form(service_0="pas", avoidable_0="unclear_letter"))
    send(alice, form(service_0="pas", avoidable_0="no"))
    first, second = Enquiry.objects.order_by("id")
    assert (first.avoidable, first.avoidable_cause) == (True, "unclear_letter")
    assert (second.avoidable, second.avoidable_cause) == (False, "")


def test_the_same_matter_again_is_asked_about_and_answered(alice):
    send(alice, form(service_0="pas", cpr=INVENTED_CPR))
    asked = form(service_0="pas", cpr=INVENTED_CPR, identity="id_seen", step="find_citizen")
    found = send(alice, asked).content.decode()
    assert "Er det samme sag?" in found
    earlier = Enquiry.objects.get()
    send(
        alice,
        form(service_0="pas", asker=str(Citizen.objects.get().pk), follows_0=str(earlier.pk), follows_how_0="chasing"),
    )
    later = Enquiry.objects.exclude(pk=earlier.pk).get()
    assert (later.follows, later.follows_how) == (earlier, "chasing")


def test_the_question_about_the_same_matter_may_be_left_unanswered(alice):
    send(alice, form(service_0="pas", follows_0="12"))
    assert Enquiry.objects.get().follows is None


def test_looking_a_citizen_up_is_written_down_and_shows_no_cpr(alice, cast):
    send(alice, form(service_0="pas", cpr=INVENTED_CPR, citizen_name="Opdigtet Ottosen"))
    page = send(alice, form(cpr="610190-1234", step="find_citizen")).content.decode()
    assert "Opdigtet Ottosen" in page
    assert INVENTED_CPR not in page
    assert "610190-1234" not in page
    assert LookUp.objects.filter(use="desk", citizen_id=Citizen.objects.get().pk).exists()


def test_a_name_shows_who_it_may_be_and_chooses_nobody(alice):
    send(alice, form(service_0="pas", cpr=INVENTED_CPR, citizen_name="Opdigtet Ottosen"))
    page = send(alice, form(name_search="ottos", step="find_name")).content.decode()
    assert f'value="choose:{Citizen.objects.get().pk}"' in page
    assert 'name="asker" value=""' in page


def test_a_search_without_a_script_finds_by_the_citizens_own_words(alice):
    page = send(alice, form(search_0="rejse", step="look")).content.decode()
    assert 'value="pas" checked' in page
    assert send(alice, form(search_0="zzz", step="go")).content.decode().count("Ingen opgave passer") >= 1


@pytest.mark.parametrize(
    "step", ["add", "edit:0", "edit:x", "remove:7", "choose:x", "take:x", "discard:x", "nonsense", "also:pas"]
)
def test_no_step_is_ever_an_error_of_ours(alice, step):
    assert send(alice, form(step=step, active="77", enquiries="x")).status_code in {200, 303, 422}


def test_the_name_of_somebody_new_may_still_be_typed_after_a_refusal(alice):
    page = send(alice, form(cpr=INVENTED_CPR, step="find_citizen")).content.decode()
    assert "Vi har ikke mødt borgeren før" in page
    refused = send(alice, form(cpr=INVENTED_CPR, service_0="pas", outcome_0="passed_on")).content.decode()
    assert 'id="citizen_name"' in refused
    assert 'id="citizen_name"' not in send(alice, form(cpr=INVENTED_CPR[:5], step="look")).content.decode()
    assert 'id="citizen_name"' not in send(alice, form(cpr="3113901234", step="find_citizen")).content.decode()


def test_who_finds_nobody_by_a_name_is_told_how_names_are_found(alice):
    page = send(alice, form(name_search="Opdigtet Ingensen", step="find_name")).content.decode()
    assert "Skriv begyndelsen af hvert navn, mindst tre bogstaver i alt" in page


def test_a_form_from_nowhere_is_answered_too(alice):
    assert alice.post("/skranke/", {}).status_code == 422
    assert alice.post("/skranke/", {"key": "\x00", "asker": "9" * 40, "cpr": "\N{PILE OF POO}"}).status_code == 422


def test_a_caseworker_has_no_desk(cast, client_of):
    assert client_of(cast.charlie).get("/skranke/").status_code == 403


def test_without_a_policy_the_desk_says_what_to_do(db, client_of):
    from hovedindgang.people.models import Employee

    nobody = Employee.objects.create_user("ida", "the word of ida", name="Ida", is_employee=True)
    assert "Skranken kan ikke åbne endnu" in client_of(nobody).get("/skranke/").content.decode()


def test_the_page_opens_with_few_questions_to_the_database(alice, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        alice.get("/skranke/")


def test_registering_asks_the_database_little(alice):
    send(alice, form(service_0="pas", cpr=INVENTED_CPR))
    asker = str(Citizen.objects.get().pk)
    with CaptureQueriesContext(connection) as asked:
        assert send(alice, form(service_0="pas", asker=asker)).status_code == 303
    statements = [query["sql"] for query in asked if "SAVEPOINT" not in query["sql"]]  # the test's own transaction
    # Two of them keep the form while it may be taken back, and drop those that may not any more.
    assert len(statements) <= (10 if connection.vendor == "postgresql" else 15)
    assert not Draft.objects.exists()


def again(alice, anna, **said):
    """Anna comes about her passport a second time, and the page has no script."""
    sent = form(service_0="pas", asker=str(anna.pk), identity="id_seen", **said)
    return sent, send(alice, sent)


def test_without_a_script_saving_asks_first_whether_it_is_the_same_matter(alice, cast):
    anna = register_citizen(actor=SYSTEM, cpr=INVENTED_CPR, name="Anna Prøve")
    send(alice, form(service_0="pas", asker=str(anna.pk)))
    earlier = Enquiry.objects.get()
    sent, asked = again(alice, anna, note="Hun spurgte til passet")
    page = asked.content.decode()
    assert (asked.status_code, Enquiry.objects.count()) == (200, 1)
    assert "Er det samme sag?" in page
    assert 'href="#follows_how"' in page
    assert "Hun spurgte til passet" in page  # nothing typed is lost
    assert f'name="follows-0" value="{earlier.pk}"' in page
    answered = send(alice, {**sent, "follows-0": str(earlier.pk), "follows_how-0": "chasing"})
    assert answered.status_code == 303
    assert (Enquiry.objects.last().follows, Enquiry.objects.last().follows_how) == (earlier, "chasing")


def test_who_was_asked_once_may_save_without_an_answer(alice, cast):
    anna = register_citizen(actor=SYSTEM, cpr=INVENTED_CPR, name="Anna Prøve")
    send(alice, form(service_0="pas", asker=str(anna.pk)))
    earlier = Enquiry.objects.get()
    sent, _asked = again(alice, anna)
    assert send(alice, {**sent, "follows-0": str(earlier.pk)}).status_code == 303
    assert Enquiry.objects.last().follows is None


def test_a_page_with_a_script_has_asked_already_and_is_not_stopped(alice, cast):
    anna = register_citizen(actor=SYSTEM, cpr=INVENTED_CPR, name="Anna Prøve")
    send(alice, form(service_0="pas", asker=str(anna.pk)))
    sent = form(service_0="pas", asker=str(anna.pk), identity="id_seen")
    assert send(alice, sent, headers={"X-Desk": "save"}).status_code == 303


def test_a_number_that_was_typed_and_never_looked_up_is_asked_about_too(alice, cast):
    anna = register_citizen(actor=SYSTEM, cpr=INVENTED_CPR, name="Anna Prøve")
    send(alice, form(service_0="pas", asker=str(anna.pk)))
    asked = send(alice, form(service_0="pas", cpr=INVENTED_CPR, identity="id_seen"))
    assert "Er det samme sag?" in asked.content.decode()
    assert f'name="asker" value="{anna.pk}"' in asked.content.decode()
    assert Enquiry.objects.count() == 1


def test_the_question_is_put_for_the_first_of_several_matters_too(alice, cast):
    anna = register_citizen(actor=SYSTEM, cpr=INVENTED_CPR, name="Anna Prøve")
    send(alice, form(service_0="pas", asker=str(anna.pk)))
    both = form(service_0="pas", service_1="sygesikring", asker=str(anna.pk), identity="id_seen")
    asked = send(alice, {**both, "enquiries": "2", "active": "1"}).content.decode()
    assert "Er det samme sag?" in asked
    assert 'name="follows_how-0"' in asked
