"""The pages: who may see what other systems recorded, and what stands there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.test import Client

from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.registers.actions import import_file
from hovedindgang.registers.mapping import Mapping
from hovedindgang.registers.rules import FileKind

pytestmark = pytest.mark.django_db
ClientOf = Callable[[object], Client]


@pytest.fixture
def page(log: Path) -> str:
    done = import_file(path=log, kind=FileKind.EVENTLOG, mapping=Mapping(), actor=SYSTEM)
    return f"/registre/{done.file_id}/"


@pytest.mark.parametrize("who", ["dorthe", "erik", "gorm"])
def test_a_leader_a_planner_and_an_administrator_see_what_a_file_holds(
    who: str, page: str, cast: SimpleNamespace, client_of: ClientOf
) -> None:
    browser = client_of(getattr(cast, who))
    assert browser.get("/registre/").status_code == 200
    assert browser.get(page).status_code == 200


@pytest.mark.parametrize("who", ["alice", "charlie", "frida"])
def test_nobody_else_does(who: str, page: str, cast: SimpleNamespace, client_of: ClientOf) -> None:
    browser = client_of(getattr(cast, who))
    assert browser.get("/registre/").status_code == 403
    assert browser.get(page).status_code == 403


def test_the_leader_sees_the_handovers_between_groups_as_chart_and_table(
    page: str, cast: SimpleNamespace, client_of: ClientOf
) -> None:
    text = client_of(cast.dorthe).get(page).content.decode()
    assert "Hvem giver videre til hvem" in text
    assert text.count('<svg class="chart"') >= 5
    assert "Group d" not in text
    assert "Små grupper tilsammen" in text


def test_she_reads_it_in_english_if_that_is_her_language(page: str, cast: SimpleNamespace, client_of: ClientOf) -> None:
    browser = client_of(cast.dorthe)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    text = browser.get(page).content.decode()
    assert "Who hands over to whom" in text
    assert "Hvem giver" not in text


def test_tickets_and_calls_have_their_page_too(
    frontdesk: Path, zylinc: Path, cast: SimpleNamespace, client_of: ClientOf
) -> None:
    for path, kind in ((frontdesk, FileKind.FRONTDESK), (zylinc, FileKind.ZYLINC)):
        done = import_file(path=path, kind=kind, mapping=Mapping(), actor=SYSTEM)
        text = client_of(cast.erik).get(f"/registre/{done.file_id}/").content.decode()
        assert "Hvornår borgerne kom" in text
    listed = client_of(cast.erik).get("/registre/").content.decode()
    assert "operation.csv" in listed
    assert "calls.csv" in listed


def test_an_empty_house_says_how_to_begin(cast: SimpleNamespace, client_of: ClientOf) -> None:
    assert "hovedindgang import frontdesk" in client_of(cast.dorthe).get("/registre/").content.decode()


def test_a_file_that_is_not_there_is_not_found(cast: SimpleNamespace, client_of: ClientOf) -> None:
    assert client_of(cast.dorthe).get("/registre/999/").status_code == 404


def test_a_page_asks_the_database_few_times(
    page: str, cast: SimpleNamespace, client_of: ClientOf, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    browser = client_of(cast.dorthe)
    with django_assert_max_num_queries(18):  # type: ignore[attr-defined]
        browser.get(page)
