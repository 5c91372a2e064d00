"""Each thing that can be wrong is broken on purpose, and the doctor names it and says what to do."""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
import shutil
import sqlite3
import sys
from dataclasses import replace
from pathlib import Path

import dj_database_url
import pytest
from click.testing import CliRunner
from django.conf import settings
from django.db import connection, transaction

from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.events import append_event
from hovedindgang.kernel.keyring import ring
from hovedindgang.kernel.logs import MaskCpr
from hovedindgang.kernel.models import Delivery, DeliveryState, Event, KeyCanary
from hovedindgang.kernel.seals import seal_events
from hovedindgang.people.actions import EmployeeFacts, create_employee, register_citizen
from hovedindgang.people.models import Role
from hovedindgang.policy.models import DayBegun
from hovedindgang.site.addresses import over_tls
from hovedindgang.site.backups.actions import back_up
from hovedindgang.site.backups.unfinished import MARKER
from hovedindgang.site.doctor import database, examination, machine, work
from hovedindgang.site.doctor.commands import doctor
from hovedindgang.site.doctor.examination import ALONE, BY_THE_DATABASE, examine
from hovedindgang.site.doctor.verdicts import Answer
from hovedindgang.site.tests.elsewhere import standing_in
from hovedindgang.site.tests.test_cli import hovedindgang


def verdict(answer: Answer | None) -> str:
    assert answer is not None
    assert bool(answer.do) is (answer.verdict != "well"), answer  # whoever is told what is wrong is told what to do
    return answer.verdict


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


# ----------------------------------------------------------------------------------------------------- the machine


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "HOME", tmp_path)
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "keys.json").write_text("{}")
    return tmp_path


def test_keys_that_others_on_the_machine_can_read_are_wrong(home: Path) -> None:
    home.chmod(0o755)
    (home / "keys" / "keys.json").chmod(0o644)
    assert verdict(machine.home_is_ours()) == "wrong"
    home.chmod(0o700)
    assert verdict(machine.home_is_ours()) == "well"
    home.chmod(0o755)
    (home / "keys" / "keys.json").chmod(0o600)
    assert verdict(machine.home_is_ours()) == "well"
    (home / "house.sqlite3").touch(mode=0o644)
    assert verdict(machine.home_is_ours()) == "warning"


def test_a_home_that_is_not_there_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "HOME", Path("/nowhere"))
    assert verdict(machine.home_is_ours()) == "wrong"


@pytest.mark.parametrize(("free", "said"), [(10**8, "wrong"), (10**9, "warning"), (10**10, "well")])
def test_a_full_disk_is_seen_before_it_is_full(monkeypatch: pytest.MonkeyPatch, free: int, said: str) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: shutil._ntuple_diskusage(10**11, 0, free))
    assert verdict(machine.disk_space()) == said


def test_an_old_python_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    assert verdict(machine.python_version()) == "well"
    monkeypatch.setattr(sys, "version_info", (3, 10, 1))
    assert verdict(machine.python_version()) == "wrong"


@pytest.mark.parametrize("key", ["11" * 31, "zz" * 32, "300:" + "11" * 32])
def test_a_key_that_is_none_is_wrong(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    assert verdict(machine.keys_are_keys()) == "well"
    monkeypatch.setattr(settings, "CPR_KEY", key)
    assert verdict(machine.keys_are_keys()) == "wrong"


def test_keys_beside_the_data_are_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOVEDINDGANG_CPR_KEY")
    assert verdict(machine.keys_are_keys()) == "warning"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"DEBUG": True}, "wrong"),
        ({"ALLOWED_HOSTS": ["*"]}, "wrong"),
        ({"ALLOWED_HOSTS": ["borgerservice.example"], "SESSION_COOKIE_SECURE": False}, "wrong"),
        ({"ALLOWED_HOSTS": ["localhost"]}, "warning"),
        ({"ALLOWED_HOSTS": ["borgerservice.example"], "SESSION_COOKIE_SECURE": True}, "well"),
    ],
)
def test_a_house_that_is_open_to_more_than_it_should_is_wrong(
    monkeypatch: pytest.MonkeyPatch, changed: dict[str, object], said: str
) -> None:
    for name, value in changed.items():
        monkeypatch.setattr(settings, name, value)
    assert verdict(machine.production_settings()) == said


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"OIDC_ISSUER": ""}, "well"),
        ({}, "warning"),
        ({"OIDC_STRENGTH": "amr=mfa"}, "well"),
    ],
)
def test_a_sign_in_of_which_nobody_knows_how_sure_it_is_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, changed: dict[str, object], said: str
) -> None:
    set_up_sign_in(monkeypatch, tmp_path, changed)
    assert verdict(machine.sign_in_there()) == said


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"OIDC_STRENGTH": "mfa"}, "HOVEDINDGANG_OIDC_STRENGTH"),
        ({"OIDC_GROUPS": "BS-Aabybro: employe"}, "HOVEDINDGANG_OIDC_GROUPS"),
        ({"OIDC_SECRET_FILE": "/nowhere/secret"}, "HOVEDINDGANG_OIDC_SECRET_FILE"),
    ],
)
def test_a_line_of_the_sign_in_that_cannot_be_read_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, changed: dict[str, object], named: str
) -> None:
    set_up_sign_in(monkeypatch, tmp_path, changed)
    answer = machine.sign_in_there()
    assert verdict(answer) == "wrong"
    assert named in answer.found
    assert named in answer.do
    monkeypatch.setattr(settings, "OIDC_ISSUER", "")
    assert verdict(machine.sign_in_there()) == "well"  # nobody comes in by it


def set_up_sign_in(monkeypatch: pytest.MonkeyPatch, folder: Path, changed: dict[str, object]) -> None:
    """The municipality's own sign-in as it should be, and then `changed`."""
    (folder / "secret").write_text("hemmelig", encoding="utf-8")
    whole = {
        "OIDC_ISSUER": "https://login.kommune.example",
        "OIDC_GROUPS": "BS-Aabybro: employee",
        "OIDC_SECRET_FILE": str(folder / "secret"),
    }
    for name, value in {**whole, **changed}.items():
        monkeypatch.setattr(settings, name, value)


REMOTE = {"ENGINE": "django.db.backends.postgresql", "HOST": "db.kommune.example"}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "well"),
        ({"OIDC_ISSUER": "http://login.kommune.example"}, "wrong"),
        ({"OIDC_ISSUER": "http://localhost:8000"}, "well"),
        ({"HOUSE_ALARM": "http://alarm.kommune.example/x"}, "wrong"),
        ({"HOUSE_ALARM": "/srv/alarm.jsonl"}, "well"),
        ({"CASES_ADDRESS": "http://esdh.kommune.example"}, "wrong"),
        ({"SERVE_HOST": "0.0.0.0"}, "warning"),
        ({"DATABASES": {"default": {**REMOTE, "OPTIONS": {"sslmode": "require"}}}}, "wrong"),
        ({"DATABASES": {"default": {**REMOTE, "HOST": "127.0.0.1", "OPTIONS": {"sslmode": "disable"}}}}, "well"),
        ({"DATABASES": {"default": over_tls({**REMOTE})}}, "well"),
    ],
)
def test_a_way_out_that_others_can_read_is_wrong(
    monkeypatch: pytest.MonkeyPatch, changed: dict[str, object], said: str
) -> None:
    for name, value in {"PILOT": False, **changed}.items():
        monkeypatch.setattr(settings, name, value)
    assert verdict(machine.ways_out()) == said


@pytest.mark.parametrize(
    ("address", "options"),
    [
        ("postgres://u:p@db.kommune.example/house", {"sslmode": "verify-full", "sslrootcert": "system"}),
        ("postgres://u:p@10.1.2.3/house", {"sslmode": "verify-full", "sslrootcert": "system"}),
        (
            "postgres://u:p@db.kommune.example/house?sslrootcert=/etc/ca.pem",
            {"sslmode": "verify-full", "sslrootcert": "/etc/ca.pem"},
        ),
        ("postgres://u:p@db.kommune.example/house?sslmode=require", {"sslmode": "require"}),
        ("postgres://u:p@localhost/house", {}),
        ("postgres://u:p@[::1]/house", {}),
        ("postgres://u:p@%2Fvar%2Frun/house", {}),
        ("sqlite:///house.sqlite3", {}),
    ],
)
def test_a_database_on_another_machine_is_spoken_to_over_tls_that_is_checked(
    address: str, options: dict[str, str]
) -> None:
    assert over_tls(dj_database_url.parse(address)).get("OPTIONS", {}) == options


def test_static_files_that_are_gone_are_missed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "STATIC_ROOT", tmp_path)
    assert verdict(machine.static_files()) == "warning"
    (tmp_path / "a.1.css").touch()
    (tmp_path / "staticfiles.json").write_text(json.dumps({"paths": {"a.css": "a.1.css"}}))
    assert verdict(machine.static_files()) == "well"
    (tmp_path / "a.1.css").unlink()
    assert verdict(machine.static_files()) == "wrong"


def test_a_catalogue_that_is_not_compiled_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "hovedindgang" / "cellar" / "locale" / "en" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.touch()
    monkeypatch.setattr(machine, "__file__", str(tmp_path / "hovedindgang" / "site" / "doctor" / "machine.py"))
    assert "cellar" in machine.catalogues().found
    assert verdict(machine.catalogues()) == "wrong"
    source.with_suffix(".mo").touch()
    os.utime(source, (0, 0))
    assert verdict(machine.catalogues()) == "well"


def test_a_log_that_shows_a_cpr_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    told = logging.StreamHandler()
    told.set_name("the planted log")
    monkeypatch.setattr(logging.root, "handlers", [told])
    assert verdict(machine.logs_mask_cpr()) == "wrong"
    assert "the planted log" in machine.logs_mask_cpr().found
    told.addFilter(MaskCpr())
    assert "the planted log" not in machine.logs_mask_cpr().found


# ---------------------------------------------------------------------------------------------------- the database


def test_a_database_that_is_down_is_said_and_the_rest_is_examined_all_the_same() -> None:
    done = hovedindgang("doctor", "--json", HOVEDINDGANG_DATABASE="postgres://nobody@127.0.0.1:1/nothing")
    found = {finding["name"]: finding for finding in json.loads(done.stdout)}
    assert done.returncode == 1
    assert found["database"]["verdict"] == "wrong"
    assert "Connection refused" in found["database"]["found"]
    assert found["python"]["verdict"] == "well"
    assert {found[check.name]["verdict"] for check in BY_THE_DATABASE} == {"not_asked"}


@pytest.mark.sqlite
@pytest.mark.django_db
def test_an_old_sqlite_is_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 51, 2))
    assert verdict(database.version()) == "warning"
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 51, 3))
    assert verdict(database.version()) == "well"


@pytest.mark.postgres
@pytest.mark.django_db
def test_an_old_postgresql_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    assert verdict(database.version()) == "well"
    monkeypatch.setattr(database, "OLDEST_POSTGRESQL", 99)
    assert verdict(database.version()) == "wrong"


@pytest.mark.sqlite
@pytest.mark.django_db
def test_a_damaged_file_is_found(tmp_path: Path) -> None:
    path = tmp_path / "damaged.sqlite3"
    with sqlite3.connect(path) as made:
        made.execute("CREATE TABLE t (a TEXT)")
        made.executemany("INSERT INTO t VALUES (?)", [("x" * 900,)] * 200)
        made.execute("CREATE INDEX by_a ON t (a)")
    made.close()
    held = bytearray(path.read_bytes())
    held[-9000:-8000] = bytes(1000)
    path.write_bytes(held)
    with standing_in({**connection.settings_dict, "NAME": str(path)}):
        assert verdict(database.integrity()) == "wrong"


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_rows_that_point_at_nobody_are_found(tmp_path: Path) -> None:
    path = tmp_path / "loose.sqlite3"
    with sqlite3.connect(path) as made:
        made.execute("CREATE TABLE a (id INTEGER PRIMARY KEY)")
        made.execute("CREATE TABLE b (a_id INTEGER REFERENCES a (id))")
        made.execute("INSERT INTO b VALUES (7)")
    made.close()
    with standing_in({**connection.settings_dict, "NAME": str(path)}):
        assert verdict(database.foreign_keys()) == "wrong"


@pytest.mark.django_db
def test_a_database_that_may_forget_what_it_was_told_is_wrong() -> None:
    assert verdict(database.foreign_keys()) == "well"
    # The tests' own databases wait for no disk, which is what is to be found.
    assert verdict(database.keeps_what_it_is_told()) == "wrong"
    assert "synchronous" in database.keeps_what_it_is_told().found


@pytest.mark.postgres
@pytest.mark.django_db
def test_another_time_zone_is_wrong_and_letters_and_connection_are_looked_at() -> None:
    assert verdict(database.time_zone()) == "well"
    run("SET LOCAL timezone = 'Europe/Copenhagen'")
    assert verdict(database.time_zone()) == "wrong"
    assert verdict(database.encoding()) == "well"
    assert verdict(database.pooler()) == "well"


@pytest.mark.django_db
def test_tables_behind_or_ahead_of_the_program_are_wrong() -> None:
    assert verdict(database.migrations()) == "well"
    run("DELETE FROM django_migrations WHERE app = 'kernel' AND name = '0002_append_only'")
    assert "hovedindgang migrate" in database.migrations().do
    run("INSERT INTO django_migrations (app, name, applied) VALUES ('kernel', '9999_later', '2026-01-01')")
    assert "nyere" in database.migrations().found


def say_something() -> None:
    with transaction.atomic():
        append_event(verb="test.said", actor=SYSTEM, subject_kind="thing", subject_id=1)


@pytest.mark.django_db
def test_a_trigger_that_is_gone_is_missed_and_what_is_tried_changes_nothing() -> None:
    say_something()
    before = list(Event.objects.values())
    assert verdict(database.written_once()) == "well"
    on = " ON kernel_event" if connection.vendor == "postgresql" else ""
    run(f"DROP TRIGGER kernel_event_refuses_delete{on}")
    assert verdict(database.written_once()) == "wrong"
    assert "kernel_event" in database.written_once().found
    assert list(Event.objects.values()) == before


@pytest.mark.django_db
def test_a_trigger_that_is_there_and_refuses_nothing_is_found_out() -> None:
    say_something()
    if connection.vendor == "postgresql":
        run("CREATE OR REPLACE FUNCTION kernel_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'")
    else:
        run("DROP TRIGGER kernel_event_refuses_update")
        run("CREATE TRIGGER kernel_event_refuses_update BEFORE UPDATE ON kernel_event BEGIN SELECT 1; END")
    assert verdict(database.written_once()) == "wrong"


@pytest.mark.django_db
def test_a_restore_that_was_not_ended_is_wrong() -> None:
    assert verdict(database.restore_ended()) == "well"
    run(f"CREATE TABLE {MARKER} (begun_at text)")
    assert verdict(database.restore_ended()) == "wrong"


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "said"), [(0, "well"), (20, "warning"), (3600, "wrong")])
def test_two_clocks_that_disagree_are_seen(monkeypatch: pytest.MonkeyPatch, seconds: int, said: str) -> None:
    there = dt.datetime.now(dt.UTC)
    monkeypatch.setattr(database.clock, "now", lambda: there + dt.timedelta(seconds=seconds))
    assert verdict(database.clocks()) == said


# -------------------------------------------------------------------------------------------------------- the work


@pytest.fixture
def at_noon(clock) -> None:
    """The house's clock shows the database's day, so that what is late is late in both."""
    clock.stand(dt.datetime.now(dt.UTC))


def delivery(**fields: object) -> None:
    say_something()
    Delivery.objects.create(event=Event.objects.latest("pk"), listener="a.listener", subject="thing:1", **fields)


@pytest.mark.django_db
def test_a_worker_that_stands_still_is_seen_by_what_waits(at_noon: None) -> None:
    assert verdict(work.worker()) == "well"
    delivery(available_at=dt.datetime.now(dt.UTC) - dt.timedelta(minutes=4))
    assert verdict(work.worker()) == "well"
    delivery(available_at=dt.datetime.now(dt.UTC) - dt.timedelta(minutes=40))
    assert verdict(work.worker()) == "wrong"
    assert "39 minutter" in work.worker().found  # by the whole minutes that have passed


@pytest.mark.django_db
def test_deeds_that_nobody_seals_are_seen(clock) -> None:
    say_something()
    clock.stand(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=3))
    assert verdict(work.seals()) == "well"
    clock.go(minutes=3)
    assert verdict(work.seals()) == "wrong"
    seal_events()
    assert verdict(work.seals()) == "well"


def test_a_day_that_nobody_has_begun_is_seen(policy_in_force, clock) -> None:
    assert verdict(work.worker()) == "warning"
    DayBegun.objects.create(day=dt.date(2026, 3, 11))
    assert verdict(work.worker()) == "well"


@pytest.mark.django_db
def test_what_was_given_up_waits_for_a_person_who_is_told(at_noon: None) -> None:
    assert verdict(work.deliveries_for_a_person()) == "well"
    delivery(state=DeliveryState.QUARANTINED)
    delivery(state=DeliveryState.UNCERTAIN)
    found = work.deliveries_for_a_person()
    assert verdict(found) == "warning"
    assert "1 leveringer er opgivet og 1 uvisse" in found.found


@pytest.mark.django_db
def test_a_house_without_a_policy_is_wrong(clock) -> None:
    assert verdict(work.policy()) == "wrong"


def test_a_house_with_a_policy_says_how_long_it_is_in_force(policy_in_force, clock) -> None:
    assert verdict(work.policy()) == "well"
    clock.stand(dt.datetime(2025, 12, 22, 12, tzinfo=dt.UTC))
    assert "om 10 dage" in work.policy().found


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["CPR_KEY", "INDEX_KEY"])
def test_a_key_that_was_changed_is_found_by_what_it_no_longer_opens(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    register_citizen(actor=SYSTEM, cpr="0101900001")
    assert verdict(work.keys_open_what_is_stored()) == "well"
    known = work.fingerprints()[f"HOVEDINDGANG_{name}"]
    monkeypatch.setattr(settings, name, "33" * 32)
    found = work.keys_open_what_is_stored()
    assert verdict(found) == "wrong"
    assert "0101900001" not in found.found
    assert known not in found.found


@pytest.mark.django_db
def test_a_key_that_has_sealed_for_two_years_is_asked_to_be_changed(clock, monkeypatch: pytest.MonkeyPatch) -> None:
    assert work.age_of_the_key() is None  # nothing has been sealed yet
    KeyCanary.objects.create(number=ring().current, sealed=b"", made_at=dt.datetime(2024, 3, 31, 12, tzinfo=dt.UTC))
    clock.stand(dt.datetime(2026, 3, 30, 12, tzinfo=dt.UTC))
    assert verdict(work.age_of_the_key()) == "well"
    clock.go(days=1)
    found = work.age_of_the_key()
    assert verdict(found) == "warning"
    assert "siden 2024-03-31" in found.found
    monkeypatch.setattr(settings, "KEY_MONTHS", 36)
    assert verdict(work.age_of_the_key()) == "well"
    monkeypatch.setattr(settings, "KEY_MONTHS", 0)
    assert work.age_of_the_key() is None


@pytest.mark.django_db
def test_a_house_with_passwords_and_no_list_of_lost_ones_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(settings, "PILOT", False)
    assert verdict(work.passwords()) == "well"
    facts = EmployeeFacts(username="ida", name="Ida Prøve", roles=frozenset({Role.EDITOR}))
    create_employee(actor=SYSTEM, facts=facts, by_password=False)
    assert verdict(work.passwords()) == "well"
    create_employee(actor=SYSTEM, facts=replace(facts, username="ib"))
    assert verdict(work.passwords()) == "warning"
    file = tmp_path / "lost.txt"
    monkeypatch.setattr(settings, "PASSWORD_LIST", [str(file)])
    assert verdict(work.passwords()) == "wrong"
    file.touch()
    assert verdict(work.passwords()) == "well"


@pytest.mark.django_db
def test_real_people_in_a_demonstration_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    assert work.demonstration() is None
    monkeypatch.setattr(settings, "PILOT", True)
    register_citizen(actor=SYSTEM, cpr="6101900001")
    assert verdict(work.demonstration()) == "well"
    register_citizen(actor=SYSTEM, cpr="0101900001")
    assert verdict(work.demonstration()) == "wrong"


@pytest.mark.django_db(transaction=True)
def test_a_backup_that_nobody_takes_any_more_is_missed(tmp_path: Path, clock) -> None:
    clock.stand(dt.datetime.now(dt.UTC))
    assert verdict(work.last_backup()) == "wrong"
    back_up(to=tmp_path)
    assert verdict(work.last_backup()) == "well"
    clock.go(hours=30)
    assert verdict(work.last_backup()) == "warning"
    clock.go(days=8)
    assert verdict(work.last_backup()) == "wrong"


# ------------------------------------------------------------------------------------------------------ the doctor


@pytest.mark.django_db
def test_a_check_that_breaks_down_is_said_and_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks() -> Answer:
        raise RuntimeError("010190-0001 is in the way")

    monkeypatch.setattr(examination, "ALONE", (examination.Check("broken", "Broken", breaks), *ALONE))
    found = list(examine())
    assert (found[0].name, found[0].verdict) == ("broken", "wrong")
    assert "xxxxxx-xxxx is in the way" in found[0].found
    assert {"python", "database", "written_once", "policy"} <= {finding.name for finding in found}


@pytest.mark.django_db
def test_the_doctor_answers_people_in_words_and_programs_in_json_and_ends_with_one() -> None:
    asked = CliRunner()
    said = asked.invoke(doctor, [])
    assert said.exit_code == 1
    assert "→" in said.output
    assert "GALT" in said.output
    told = asked.invoke(doctor, ["--json"])
    assert {"name", "title", "verdict", "found", "do"} == set(json.loads(told.output)[0])


@pytest.mark.parametrize(("words", "code"), [([], 0), (["--strict"], 1)])
def test_a_warning_is_no_error_unless_one_asks_for_it(
    monkeypatch: pytest.MonkeyPatch, words: list[str], code: int
) -> None:
    one = examination.Finding("disk", "Plads", examination.Verdict.WARNING, "lidt plads", "gør plads")
    monkeypatch.setattr(examination, "examine", lambda: iter([one]))
    assert CliRunner().invoke(doctor, words).exit_code == code
