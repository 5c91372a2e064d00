"""What the addresses of the board and its lists may say: one group, shown first; what nothing is called is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from hovedindgang.contacts.actions import NewEnquiry
from hovedindgang.insight.tests.desk import Desk
from hovedindgang.people.models import Employee
from hovedindgang.servicemodel.document import Channel

ClientOf = Callable[..., Client]
MARCH = "/tavle/?period=custom&from=2026-03-01&to=2026-03-31"


@pytest.fixture
def march(desk: Desk) -> Desk:
    """Five employees: ten passports at the counter, six moves by phone; three driving licences, too few to show."""
    colleagues = [
        Employee.objects.create_user(f"ny{number}", "x", name="Ny", is_employee=True, centre_id="aabybro")
        for number in range(5)
    ]
    for service, number, channel in (
        ("pas", 10, Channel.IN_PERSON),
        ("flytning", 6, Channel.PHONE),
        ("koerekort", 3, Channel.IN_PERSON),
    ):
        for each in range(number):
            employee = colleagues[each % 5]
            desk.comes(desk.citizen(), NewEnquiry(service=service), employee=employee, channel=channel)
    desk.days_pass(60)
    desk.count()
    return desk


@pytest.mark.parametrize("address", [MARCH, "/tavle/liste/aerinder/solved/?side=0", "/tavle/medarbejdere/?"])
def test_a_name_in_an_address_that_nothing_is_called_is_told_and_is_not_taken_for_the_whole(
    march: Desk, client_of: ClientOf, address: str
) -> None:
    browser = client_of(march.cast.dorthe)
    assert browser.get(address).status_code == 200
    answer = browser.get(f"{address}&kanal=phone&<b>=1")
    assert answer.status_code == 422
    assert "»kanal«, »&lt;b&gt;« kendes ikke her og er ikke brugt." in answer.content.decode()
    browser.cookies["hovedindgang_language"] = "en"
    assert "»kanal«, »&lt;b&gt;«: not known here" in browser.get(f"{address}&kanal=phone&<b>=1").content.decode()


def test_a_wrong_day_and_a_wrong_name_are_told_at_once_and_many_names_not_all(march: Desk, client_of: ClientOf) -> None:
    many = "&".join(f"{'x' * 500}{number}=1" for number in range(50))
    text = client_of(march.cast.dorthe).get(f"/tavle/?period=custom&from=x&to=y&{many}").content.decode()
    assert "Skriv begge dage" in text
    assert "kendes ikke her" in text
    assert text.count("»xxx") == 5


@pytest.mark.parametrize(
    ("asked", "name", "table", "enquiries"),
    [
        ("channel=phone", "Telefon", "channel", 6),
        ("centre_id=aabybro", "Aabybro", "centre", 19),
        ("service_id=pas", "Pas", "service", 10),
    ],
)
def test_who_asks_for_one_group_reads_its_figures_first_and_they_are_those_of_its_table(
    march: Desk, client_of: ClientOf, asked: str, name: str, table: str, enquiries: int
) -> None:
    answer = client_of(march.cast.dorthe).get(f"{MARCH}&{asked}")
    assert answer.status_code == 200
    cut, field = answer.context["cut"], asked.partition("=")[0]
    assert cut["title"] == name
    (whole,) = [one for one in answer.context["tables"] if one["key"] == table]
    assert cut["head"] == whole["head"]
    assert cut["rows"] == [row for row in whole["rows"] if row[0].text == name]
    assert cut["rows"][0][3].text == str(enquiries)
    assert f'<input type="hidden" name="{field}" value="{asked.partition("=")[2]}">' in answer.content.decode()


def test_a_group_that_the_board_hides_is_hidden_also_from_who_asks_for_it(march: Desk, client_of: ClientOf) -> None:
    cut = client_of(march.cast.dorthe).get(f"{MARCH}&service_id=koerekort").context["cut"]
    assert {cell.text for cell in cut["rows"][0][1:]} == {"·"}
    assert cut["hidden"]


def test_a_group_that_nobody_came_for_says_so(march: Desk, client_of: ClientOf) -> None:
    text = client_of(march.cast.dorthe).get(f"{MARCH}&channel=digital").content.decode()
    assert "Ingen i perioden." in text


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("channel=roegsignal", "Det valg findes ikke"),
        ("centre_id=%00", "Det valg findes ikke"),
        ("channel=phone&service_id=pas", "Vælg én ad gangen"),
    ],
)
def test_a_group_that_cannot_be_asked_for_is_told_and_the_whole_is_shown(
    march: Desk, client_of: ClientOf, asked: str, said: str
) -> None:
    answer = client_of(march.cast.dorthe).get(f"{MARCH}&{asked}")
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert answer.context["cut"] is None


def test_a_form_that_chose_no_group_shows_the_whole(march: Desk, client_of: ClientOf) -> None:
    answer = client_of(march.cast.dorthe).get(f"{MARCH}&channel=&centre_id=")
    assert answer.status_code == 200
    assert answer.context["cut"] is None
