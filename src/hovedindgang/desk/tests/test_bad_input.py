"""What no page of ours sends, and what nobody would type: answered in words, remembered nowhere."""

from urllib.parse import urlencode

import pytest

from hovedindgang.desk.tests.forms_as_sent import INVENTED_CPR, form, send
from hovedindgang.desk.typed import CONTACT, ENQUIRY
from hovedindgang.people.models import Citizen


@pytest.fixture
def alice(cast, client_of):
    return client_of(cast.alice)


@pytest.mark.parametrize("letter", ["æ", "🙂"])
def test_a_million_letters_of_any_kind_reach_the_form_which_says_what_there_is_room_for(alice, letter):
    body = urlencode(form(service_0="pas", note=letter * 1_000_000))
    answer = alice.post("/skranke/", body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 422
    assert "Teksten er på 1.000.000 tegn" in answer.content.decode()


@pytest.mark.parametrize("forged", ["スキャン", "x" * 10_000, "findes-ikke"])
@pytest.mark.parametrize("name", ["channel", "centre"])
def test_a_browser_remembers_no_channel_or_place_that_does_not_exist(alice, name, forged):
    answer = send(alice, form(service_0="pas", **{name: forged}))
    assert answer.status_code == 422
    assert f"hovedindgang_{name}" not in answer.cookies
    alice.cookies[f"hovedindgang_{name}"] = "findes-ikke"
    assert "findes-ikke" not in alice.get("/skranke/").content.decode()


@pytest.mark.parametrize("field", [*CONTACT, *(f"{name}_0" for name in ENQUIRY)])
def test_letters_that_no_key_types_are_left_out_wherever_they_stand(alice, field):
    typed = {"cpr": INVENTED_CPR, "citizen_name": "Opdigtet"} if field in {"cpr", "citizen_name"} else {}
    sent = form(service_0="pas", outcome_0="passed_on", summary_0="Om pas", department_0="jobcenter")
    sent |= form(**{**typed, field: typed.get(field, "pas") + "\0"})
    for step in ("look", "park", "save"):
        assert send(alice, {**sent, "step": step}).status_code in {200, 303, 422}
    assert "\0" not in "".join(Citizen.objects.values_list("name", flat=True))


NOT_THERE = {
    "kvittering": "Kvitteringen kan ikke vises",
    "ankomst": "Den ankomst findes ikke",
    "taget": "Det, du ville tage op, ligger her ikke mere",
}


@pytest.mark.parametrize("number", ["999999", "x", "-1", "²", "9" * 40, "", "00000000-0000-0000-0000-000000000000"])
@pytest.mark.parametrize("name", NOT_THERE)
def test_a_number_in_the_address_that_is_nothing_is_told_and_what_was_typed_stands_there(alice, name, number):
    alice.post("/skranke/kladde/", form(service_0="pas", note="Halvt skrevet"))
    answer = alice.get("/skranke/", {name: number, "tilbage": "1", "igen": ""})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert NOT_THERE[name] in page
    assert "Halvt skrevet" in page
    assert "Det er ikke gemt endnu" in page
    assert "Henvendelsen er taget tilbage" not in page
    assert "Registrér bagefter" not in page
    assert 'id="receipt"' not in page


def test_another_employees_parked_form_is_not_here_and_nor_is_one_that_was_saved_since(alice, cast, client_of):
    sent = form(service_0="pas", note="Fra Alice")
    send(alice, {**sent, "step": "park"})
    assert alice.get(f"/skranke/?taget={sent['key']}").status_code == 200
    bobs = client_of(cast.bob).get(f"/skranke/?taget={sent['key']}")
    assert bobs.status_code == 422
    assert "Fra Alice" not in bobs.content.decode()
    send(alice, sent)
    after = alice.get(f"/skranke/?taget={sent['key']}").content.decode()
    assert "det er gemt eller smidt ud" in after
    alice.cookies["hovedindgang_language"] = "en"
    assert "it has been saved or thrown away" in alice.get(f"/skranke/?taget={sent['key']}").content.decode()
