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
