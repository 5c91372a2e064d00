"""The leader sees what goes and holds what must stay; the operator does the same at the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client

from hovedindgang.contacts.actions import NewEnquiry
from hovedindgang.insight.tests.desk import Desk
from hovedindgang.privacy.actions import forget_by_night
from hovedindgang.privacy.commands import retention
from hovedindgang.privacy.models import Hold, RetentionRun
from hovedindgang.privacy.pages import planned_parts

ClientOf = Callable[..., Client]
PAGE = "/databeskyttelse/"


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hovedindgang.privacy.actions.PAUSE_SECONDS", {"sqlite": 0.0, "postgresql": 0.0})


def test_the_leader_sees_what_goes_on_which_day_and_why_and_what_went(desk: Desk, client_of: ClientOf) -> None:
    desk.comes(desk.citizen(), NewEnquiry(service="koerekort"))
    desk.days_pass(360)
    text = client_of(desk.cast.dorthe).get(PAGE).content.decode()
    assert "Kørekort" in text
    assert "Oplysning" in text
    desk.days_pass(5)
    forget_by_night()
    text = client_of(desk.cast.dorthe).get(PAGE).content.decode()
    assert "Det gik sidst" in text
    assert "Kørekort" in text
    assert "Intet når sin frist i de dage" in text


@pytest.mark.django_db
def test_the_ground_is_said_once_and_a_row_for_each_service_stands_under_it() -> None:
    lines: list[list[object]] = [
        ["2026-03-12", "pas", "Oplysning", 2],
        ["2026-03-11", "pas", "Oplysning", 3],
        ["2026-03-14", "koerekort", "Oplysning", 1],
        ["2026-03-13", "pas", "Bogføring", 4],
    ]
    parts = [(part.ground, [[cell.text for cell in row] for row in part.rows]) for part in planned_parts(lines)]
    assert parts == [
        ("Bogføring", [["pas", "13. marts 2026", "13. marts 2026", "4"]]),
        (
            "Oplysning",
            [["koerekort", "14. marts 2026", "14. marts 2026", "1"], ["pas", "11. marts 2026", "12. marts 2026", "5"]],
        ),
    ]


def test_the_plan_of_the_night_stands_on_the_page_without_being_worked_out_again(
    desk: Desk, client_of: ClientOf, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for _ in range(3):
        desk.comes(desk.citizen(), NewEnquiry(service="koerekort"))
    desk.days_pass(360)
    forget_by_night()
    browser = client_of(desk.cast.dorthe)
    with django_assert_max_num_queries(6):  # session, employee, versions, holds, runs
        text = browser.get(PAGE).content.decode()
    assert "Kørekort" in text


def test_the_page_is_whole_in_english(desk: Desk, client_of: ClientOf) -> None:
    desk.cast.dorthe.language = "en"
    desk.cast.dorthe.save()
    desk.comes(desk.citizen(), NewEnquiry(service="koerekort"))
    desk.days_pass(360)
    browser = client_of(desk.cast.dorthe)
    browser.cookies["hovedindgang_language"] = "en"
    text = browser.get(PAGE).content.decode()
    assert "Driving licence" in text
    assert ">Information</caption>" in text
    assert "Hold something" in text
    assert "Sletning" not in text


def test_a_leader_holds_a_citizen_by_her_cpr_and_lifts_it_again(desk: Desk, client_of: ClientOf) -> None:
    her = desk.citizen()
    browser = client_of(desk.cast.dorthe)
    said = {"kind": "citizen", "number": "610190-0001", "reason": "Klage 12", "until": desk.promised(30).isoformat()}
    assert browser.post(PAGE, said).status_code == 302
    hold = Hold.objects.get()
    assert (hold.citizen, hold.reason, hold.placed_by) == (her, "Klage 12", desk.cast.dorthe)
    text = browser.get(PAGE).content.decode()
    assert "Klage 12" in text
    assert "610190" not in text
    browser.post(f"{PAGE}tilbagehold/{hold.pk}/ophaev/")
    hold.refresh_from_db()
    assert hold.lifted_by == desk.cast.dorthe


@pytest.mark.parametrize(
    "said",
    [
        {"kind": "contact", "number": "x", "reason": "", "until": "i morgen"},
        {"kind": "citizen", "number": "9" * 30, "reason": "Klage", "until": ""},
        {"kind": "contact", "number": "99999999", "reason": "Klage", "until": "2099-01-01"},
        {"kind": "?", "number": "1", "reason": "x" * 501, "until": "31.12.2026"},
        {},
    ],
)
def test_what_cannot_be_held_is_told_and_stays_typed(desk: Desk, client_of: ClientOf, said: dict[str, str]) -> None:
    answer = client_of(desk.cast.dorthe).post(PAGE, said)
    assert answer.status_code == 200
    assert "error-summary" in answer.content.decode()
    assert said.get("reason", "") in answer.content.decode()
    assert not Hold.objects.exists()


def test_an_employee_at_the_counter_neither_sees_nor_decides_what_is_deleted(desk: Desk, client_of: ClientOf) -> None:
    assert client_of(desk.cast.alice).get(PAGE).status_code == 403
    assert client_of(desk.cast.charlie).post(f"{PAGE}tilbagehold/1/ophaev/").status_code == 403


def test_a_forgotten_contact_is_counted_in_the_list_behind_the_figure_and_opens_for_nobody(
    desk: Desk, client_of: ClientOf
) -> None:
    (matter,) = desk.comes(desk.citizen(), NewEnquiry(service="koerekort"))
    for _ in range(6):
        desk.comes(None, NewEnquiry(service="koerekort"))
    day = matter.received_on.isoformat()
    desk.days_pass(365)
    desk.count()
    forget_by_night()
    address = f"/tavle/liste/henvendelser/contacts/?period=custom&from={day}&to={day}"
    browser = client_of(desk.cast.dorthe)
    listed = browser.get(address)
    assert listed.context["found"].total == 7
    assert f"/henvendelser/{matter.contact_id}/" not in listed.content.decode()
    assert browser.get(f"/henvendelser/{matter.contact_id}/").status_code in {403, 404}


def test_the_command_tells_the_plan_and_does_it(desk: Desk) -> None:
    desk.comes(desk.citizen(), NewEnquiry(service="koerekort"))
    desk.days_pass(365)
    told = json.loads(CliRunner().invoke(retention, ["plan", "--json"]).stdout)
    assert [(one["service"], one["contacts"]) for one in told["contacts"]] == [("koerekort", 1)]
    dry = CliRunner().invoke(retention, ["run", "--dry-run"])
    assert (dry.exit_code, RetentionRun.objects.count()) == (0, 0)
    done = CliRunner().invoke(retention, ["run", "--json"])
    assert done.exit_code == 0
    assert json.loads(done.stdout)["gone"] == [["koerekort", "Oplysning", 1]]
    assert CliRunner().invoke(retention, ["plan"]).stdout.startswith("Intet har haft sin tid")


def test_the_command_ends_with_1_where_something_waits_for_the_archive(desk: Desk, settings: Any) -> None:
    settings.ARCHIVE_FOLDER = ""
    desk.comes(desk.citizen(), NewEnquiry(service="flytning"))
    desk.days_pass(365)
    done = CliRunner().invoke(retention, ["run"])
    assert done.exit_code == 1
    assert "1 venter på arkivet" in done.output


def test_what_is_wrong_with_a_hold_is_said_at_its_own_fields_alone(desk: Desk, client_of: ClientOf) -> None:
    text = client_of(desk.cast.dorthe).post(PAGE, {"kind": "citizen", "number": "", "reason": ""}).content.decode()
    assert "error-summary" in text
    assert 'id="who-error"' not in text
    assert "{&#x27;" not in text
