"""The practice house as an installation: made, cleared, and kept apart from the real one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import IntegrityError, transaction

from hovedindgang.contacts.models import Contact
from hovedindgang.kernel import house
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.models import Event, House, HouseKind
from hovedindgang.people.actions import register_citizen
from hovedindgang.people.models import Citizen, Employee
from hovedindgang.practice.actions import ask_to_clear
from hovedindgang.site import setup
from hovedindgang.site.cli import cli, explain
from hovedindgang.site.jobs import JOBS, jobs
from hovedindgang.site.practice_house import clearing, commands
from hovedindgang.site.practice_house.refusing import NOT_IN_PRACTICE, RefusedHere, must_fit_this_house


def made(settings: Any) -> None:
    settings.PRACTICE = True
    house.make_practice_house()


@pytest.mark.django_db(transaction=True)
def test_all_that_was_practised_goes_and_which_house_it_is_stays(cast: SimpleNamespace, settings: Any) -> None:
    settings.PRACTICE = True
    House.objects.create(kind=HouseKind.PRACTICE)
    register_citizen(actor=SYSTEM, cpr="6101901234", name="Opdigtet Ottosen")
    ask_to_clear(employee=cast.dorthe)
    before = Event.objects.latest("pk").pk
    clearing.empty()
    assert not any(model.objects.exists() for model in (Citizen, Employee, Contact, Event))
    assert house.is_practice_house()
    register_citizen(actor=SYSTEM, cpr="6101901234", name="Opdigtet Ottosen")
    assert Event.objects.latest("pk").pk > before  # no number is another's
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        Event.objects.all().delete()  # what is written once still is


@pytest.mark.django_db
@pytest.mark.parametrize("database", ["real", ""])
def test_no_other_house_is_ever_emptied_whatever_the_settings_say(
    cast: SimpleNamespace, settings: Any, database: str
) -> None:
    if database:
        House.objects.create(kind=database)
    settings.PRACTICE = True
    with pytest.raises(house.OtherHouse):
        clearing.empty()
    assert Employee.objects.exists()


@pytest.mark.django_db
def test_nor_is_a_practice_house_by_settings_that_say_it_is_the_real_one(cast: SimpleNamespace, settings: Any) -> None:
    House.objects.create(kind=HouseKind.PRACTICE)
    with pytest.raises(house.OtherHouse):
        clearing.empty()
    assert Employee.objects.exists()


@pytest.mark.django_db
def test_the_worker_clears_where_a_leader_asked_and_fills_what_is_not_filled(
    cast: SimpleNamespace, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    House.objects.create(kind=HouseKind.PRACTICE)
    settings.PRACTICE = True
    done: list[str] = []
    monkeypatch.setattr(clearing, "empty", lambda: done.append("emptied"))
    monkeypatch.setattr(clearing, "fill", lambda **_said: done.append("filled") or 7)
    clearing.clear_and_fill()
    clearing.clear_and_fill()
    assert done == ["filled"]
    ask_to_clear(employee=cast.dorthe)
    clearing.clear_and_fill()
    assert done == ["filled", "emptied"]
    assert len(jobs()) == len(JOBS) + 1
    settings.PRACTICE = False
    assert jobs() == JOBS


@pytest.mark.django_db(transaction=True)
def test_no_process_begins_in_the_other_house(settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """The web process and the worker end with 3, and say in words what to do."""
    setup.house_must_fit()
    settings.PRACTICE = True
    with pytest.raises(SystemExit) as ended:
        setup.house_must_fit()
    assert ended.value.code == setup.NOT_OPENED
    assert "giv øvehuset en database for sig selv" in capsys.readouterr().err


@pytest.mark.django_db
def test_no_command_begins_in_the_other_house(settings: Any) -> None:
    must_fit_this_house("figures")
    settings.PRACTICE = True
    for command in ("adopt", "figures", "retention", "keys", "worker"):
        with pytest.raises(RefusedHere, match="det rigtige hus'"):
            must_fit_this_house(command)
    for command in ("doctor", "migrate", "practice"):
        must_fit_this_house(command)


@pytest.mark.django_db
def test_nothing_is_carried_into_or_out_of_the_practice_house(settings: Any) -> None:
    made(settings)
    must_fit_this_house("figures")
    for command in sorted(NOT_IN_PRACTICE):
        with pytest.raises(RefusedHere, match="Det gøres ikke i øvehuset"):
            must_fit_this_house(command)


@pytest.mark.django_db
def test_the_commands_refuse_the_real_house(settings: Any) -> None:
    for command in (["new"], ["clear", "--yes"]):
        asked = CliRunner().invoke(commands.practice, command)
        assert isinstance(asked.exception, RefusedHere)
        assert "Dette er det rigtige hus" in explain(asked.exception)


def test_the_command_stands_in_the_list() -> None:
    assert "practice" in CliRunner().invoke(cli, ["--help"]).output


def test_the_practice_house_has_its_own_folder_keys_and_cookies_whatever_the_environment_says(tmp_path: Path) -> None:
    """Not one of the real house's keys opens anything in it, and a browser never mixes the two up."""
    asks = (
        "import json; from hovedindgang.site import settings as s; "
        "print(json.dumps([str(s.HOME), s.SECRET_KEY, s.CPR_KEY, s.INDEX_KEY, str(s.KEY_FILE), s.SESSION_COOKIE_NAME, "
        "s.CSRF_COOKIE_NAME, s.HOUSE_ALARM_ADAPTER, s.CASE_SYSTEM, s.ARCHIVE_ADAPTER, s.OIDC_ISSUER, "
        "s.DATABASES['default']['NAME'], str(s.PRACTICE_KEY_FILE)]))"
    )
    given = {
        "HOVEDINDGANG_HOME": str(tmp_path),
        "HOVEDINDGANG_SECRET_KEY": "the real one's",
        "HOVEDINDGANG_CPR_KEY": "33" * 32,
        "HOVEDINDGANG_INDEX_KEY": "44" * 32,
        "HOVEDINDGANG_ALARM": "https://guard.example",
        "HOVEDINDGANG_CASES": "nova",
        "HOVEDINDGANG_OIDC_ISSUER": "https://login.example",
    }

    def settings_of(practice: str) -> list[str]:
        environment = {**os.environ, **given, "HOVEDINDGANG_PRACTICE": practice}
        environment.pop("HOVEDINDGANG_DATABASE", None)
        said = subprocess.run(
            [sys.executable, "-c", asks], capture_output=True, text=True, check=True, env=environment
        ).stdout
        found: list[str] = json.loads(said)
        return found

    real, practice = settings_of("0"), settings_of("1")
    assert practice[0] == f"{tmp_path}/practice"
    assert practice[2] == ""  # the file of its own folder is read
    assert practice[7:11] == [
        "hovedindgang.integrations.practice.NoAlarm",
        "practice",
        "hovedindgang.integrations.practice.NoArchive",
        "",
    ]
    assert real[-1] == practice[-1]  # the one thing they share
    assert not set(real[:-1]) & set(practice[:-1])


@pytest.mark.django_db
def test_a_practice_house_is_made_once_and_its_key_with_it(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PRACTICE, settings.PRACTICE_KEY_FILE = True, tmp_path / "keys" / "pass.key"
    monkeypatch.setattr("django.core.management.call_command", lambda *_asked, **_said: None)
    monkeypatch.setattr(clearing, "fill", lambda **_said: 7)
    first = CliRunner().invoke(commands.practice, ["new"])
    assert first.exit_code == 0, first.output
    assert "Øvehusets nøgle er lavet" in first.output
    again = CliRunner().invoke(commands.practice, ["new"])
    assert "Øvehuset er der allerede" in again.output
    assert house.is_practice_house()
    assert oct((tmp_path / "keys" / "pass.key").stat().st_mode)[-3:] == "600"
