"""The paper form for breakdowns: the codes it prints are those it is entered by, and nothing is entered twice."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client

from hovedindgang.contacts.models import Contact, Enquiry, FromPaper
from hovedindgang.kernel import clock
from hovedindgang.kernel.models import Event
from hovedindgang.policy.queries import in_force

SHEET, ENTRY = "/skranke/papir/", "/skranke/papir/indtast/"
ClientOf = Callable[..., Client]


def number_of(key: str) -> str:
    return str(list(in_force().model.services).index(key) + 1)


def sent(*rows: str, **said: str) -> dict[str, str]:
    """A sheet; a row is "10.30 P pas L": time (- for none), channel, service, outcome."""
    typed = {"on": "2026-03-11", "centre": "aabybro", "key": str(uuid.uuid4()), **said}
    for position, row in enumerate(rows):
        time, channel, service, outcome = ("" if part == "-" else part for part in row.split())
        number = number_of(service) if service in in_force().model.services else service
        typed |= {
            f"time-{position}": time,
            f"channel-{position}": channel,
            f"service-{position}": number,
            f"outcome-{position}": outcome,
        }
    return typed


@pytest.fixture
def alice(request: pytest.FixtureRequest, cast: SimpleNamespace, client_of: ClientOf) -> Client:
    request.getfixturevalue("clock")  # the module of that name is asked too
    return client_of(cast.alice)


def test_the_sheet_prints_the_services_of_the_policy_with_the_numbers_they_are_entered_by(alice: Client) -> None:
    page = alice.get(SHEET).content.decode()
    for key, service in in_force().model.services_on(clock.today()).items():
        assert re.search(rf'<li value="{number_of(key)}">(<strong>)?{re.escape(service.name)}', page), key
    assert "K må komme igen (1 mangler papirer" in page
    assert f'<li value="{number_of("pas")}"><strong>' in page  # one of her favourites


def test_the_codes_stand_as_words_do_in_a_sentence_in_both_languages(alice: Client) -> None:
    said = " ".join(alice.get("/skranke/papir/").content.decode().split())
    assert "L løst; F jeg følger op;" in said
    alice.post("/sprog/", {"language": "en", "next": "/skranke/papir/"})
    said = " ".join(alice.get("/skranke/papir/").content.decode().split())
    assert "L resolved; F I follow up;" in said


def test_what_stood_on_paper_is_entered_as_late_and_from_paper(alice: Client) -> None:
    answer = alice.post(ENTRY, sent("09.30 P pas L", "- - flytning K1", "09.40 T koerekort T2", "09.50 S pas V1"))
    assert answer.status_code == 303, answer.content.decode()
    found = list(Contact.objects.order_by("started_at"))
    assert [(one.channel, one.late, one.times_true, one.centre_id) for one in found] == [
        ("in_person", True, False, "aabybro"),
        ("phone", True, False, "aabybro"),
        ("written", True, False, "aabybro"),
    ]
    assert FromPaper.objects.count() == 3
    outcomes = list(Enquiry.objects.filter(contact=found[0]).order_by("position").values_list("service", "outcome"))
    assert outcomes == [("pas", "resolved"), ("flytning", "come_back")]
    assert "Skrevet ind bagefter fra papir" in alice.get(f"/henvendelser/{found[0].pk}/").content.decode()


def test_the_same_sheet_sent_twice_is_entered_once(alice: Client) -> None:
    sheet = sent("09.30 P pas L", "09.40 T koerekort L")
    for _ in range(2):
        assert alice.post(ENTRY, sheet).status_code == 303
    assert Contact.objects.count() == 2
    assert Event.objects.filter(verb="contact.from_paper").count() == 2
    other = alice.post(ENTRY, {**sheet, "outcome-0": "F"})
    assert other.status_code == 422
    assert "allerede skrevet ind" in other.content.decode()


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("x P pas L", "Skriv klokkeslættet"),
        ("10.30 Q pas L", "Skriv P, T, S eller D"),
        ("10.30 P 999 L", "Skriv opgavens nummer"),
        ("10.30 P pas Z", "Skriv udfaldets bogstav"),
        ("10.30 P pas K", "K1"),
        ("10.30 P pas V99", "V1"),
        ("10.30 P pas O", "registrér den på skranken"),
        ("- - pas L", "tomt hører rækken"),
        ("23.59 P pas L", ""),  # has not been yet
    ],
)
def test_one_row_that_cannot_be_read_enters_nothing_and_loses_nothing(alice: Client, row: str, said: str) -> None:
    typed = sent(row, "09.30 P pas L")
    answer = alice.post(ENTRY, typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert 'value="09.30"' in page
    assert typed["key"] in page
    assert not Contact.objects.exists()


def test_an_empty_sheet_a_day_to_come_and_a_stranger_are_told(
    alice: Client, cast: SimpleNamespace, client_of: ClientOf
) -> None:
    assert "mindst én række" in alice.post(ENTRY, sent()).content.decode()
    assert "ikke kommet" in alice.post(ENTRY, sent("09.30 P pas L", on="2026-03-12")).content.decode()
    assert alice.post(ENTRY, sent("09.30 P pas L", on="i går")).status_code == 422
    assert client_of(cast.charlie).get(ENTRY).status_code == 403
    assert not Contact.objects.exists()
