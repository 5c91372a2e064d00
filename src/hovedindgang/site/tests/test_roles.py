"""The house serves as a role that reads and writes rows: even whoever took it over could not take a trigger away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from click.testing import CliRunner
from django.db import DatabaseError, IntegrityError, connection, transaction

from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.events import append_event
from hovedindgang.kernel.models import Event, Seal
from hovedindgang.kernel.seals import seal_events
from hovedindgang.kernel.verifying import verify
from hovedindgang.site.commands import NotGranted, migrate
from hovedindgang.site.doctor import database
from hovedindgang.site.doctor.verdicts import Verdict
from hovedindgang.site.roles import CannotGrant, grant

pytestmark = [pytest.mark.django_db]
on_postgresql = pytest.mark.postgres
SERVES = "serves_the_house"


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture
def role() -> str:
    run(f"CREATE ROLE {SERVES}")
    return SERVES


@contextmanager
def serving(role: str) -> Iterator[None]:
    run(f"SET ROLE {role}")
    try:
        yield
    finally:
        run("RESET ROLE")


def said() -> Event:
    with transaction.atomic():
        return append_event(verb="test.said", actor=SYSTEM, subject_kind="thing", subject_id=1)


@on_postgresql
@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE kernel_event DISABLE TRIGGER USER",
        "DROP TRIGGER kernel_event_refuses_update ON kernel_event",
        "TRUNCATE kernel_event CASCADE",
        "DROP TABLE kernel_seal",
        "ALTER TABLE kernel_event ADD COLUMN more text",
        "CREATE TABLE more (id int)",
        "CREATE OR REPLACE FUNCTION kernel_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "SET session_replication_role = replica",
        "UPDATE django_migrations SET name = name",
        "DELETE FROM django_migrations",
        "COPY kernel_event TO PROGRAM 'cat'",
    ],
)
def test_who_took_the_served_house_over_cannot_change_a_table_nor_set_a_trigger_aside(
    role: str, statement: str
) -> None:
    grant(role)
    with (
        serving(role),
        pytest.raises(DatabaseError, match=r"permission denied|must be (owner|superuser)"),
        transaction.atomic(),
    ):
        run(statement)


@on_postgresql
def test_what_is_written_once_is_refused_to_it_as_to_everybody(role: str) -> None:
    grant(role)
    with serving(role):
        said()
        with pytest.raises(IntegrityError), transaction.atomic():
            run("UPDATE kernel_event SET verb = 'test.unsaid'")
        assert seal_events() == 1
        assert verify().all_well
        with pytest.raises(IntegrityError), transaction.atomic():
            run("DELETE FROM kernel_seal")
        assert Seal.objects.count() == 1


@on_postgresql
def test_a_guard_asks_the_tables_of_the_house_and_not_one_that_was_put_before_them(role: str) -> None:
    """A temporary table of the same name is looked in first, and each session may make its own."""
    planted = """
        CREATE TEMPORARY TABLE kernel_droppedmonth AS
        SELECT 'events' AS log, to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM') AS month
    """
    said()
    with transaction.atomic():
        with serving(role):  # broken on purpose: what a grant of rows alone would let through
            run(planted)
        run("DELETE FROM kernel_event")
        assert not Event.objects.exists()
        transaction.set_rollback(True)
    grant(role)
    with serving(role):
        run(planted)
        with pytest.raises(IntegrityError), transaction.atomic():
            run("DELETE FROM kernel_event")
    assert Event.objects.exists()


@on_postgresql
def test_before_it_is_let_in_it_reads_nothing_and_to_let_it_in_twice_does_no_harm(role: str) -> None:
    with serving(role), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Event.objects.count()
    grant(role)
    run(f"GRANT TRUNCATE, TRIGGER ON kernel_event TO {role}")  # somebody meant well
    grant(role)
    with serving(role):
        said()
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            run("TRUNCATE kernel_event CASCADE")


@on_postgresql
def test_what_was_forgotten_it_may_sweep_from_the_disk_where_postgresql_lets_it(role: str) -> None:
    """Since 17; before, only an owner may, and the guide says so."""
    grant(role)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE privilege_type = 'MAINTAIN') FROM pg_class, aclexplode(relacl) "
            "WHERE relname = 'contacts_enquiry' AND grantee = %s::regrole",
            [role],
        )
        (may,) = cursor.fetchone()
    assert may == (connection.connection.info.server_version >= 170000)


@on_postgresql
def test_a_role_that_is_not_there_or_that_owns_the_tables_is_let_in_to_nothing(role: str) -> None:
    with pytest.raises(CannotGrant, match="no_such_role"):
        grant("nobody_here")
    with connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_user)")
        (owner,) = cursor.fetchone()
    run(f"GRANT {owner} TO {role}")
    with pytest.raises(CannotGrant, match="owns_the_tables"):
        grant(role)


@on_postgresql
def test_where_everybody_may_make_tables_the_door_is_shut_first(role: str) -> None:
    """As before PostgreSQL 15, and in what was upgraded from there: who may make a function may replace one's use."""
    run("GRANT CREATE ON SCHEMA public TO PUBLIC")
    grant(role)
    with serving(role), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        run("CREATE TABLE more (id int)")


@on_postgresql
def test_a_role_that_has_its_own_way_to_make_tables_is_let_in_to_nothing(role: str) -> None:
    run("CREATE ROLE makers")
    run("GRANT CREATE ON SCHEMA public TO makers")
    run(f"GRANT makers TO {role}")
    with pytest.raises(CannotGrant, match="may_create"):
        grant(role)
    with serving(role):
        served = database.role()
        assert served is not None
        assert served.verdict == Verdict.WARNING


@on_postgresql
def test_the_doctor_warns_of_a_house_that_is_served_by_the_owner_of_its_tables(role: str) -> None:
    grant(role)
    served_by_owner = database.role()
    assert served_by_owner is not None
    assert served_by_owner.verdict == Verdict.WARNING
    assert "hovedindgang migrate --grant" in served_by_owner.do
    with serving(role):
        served = database.role()
        assert served is not None
        assert served.verdict == Verdict.WELL
        assert database.written_once().verdict == Verdict.WELL  # it may look, and is refused what it tries


@on_postgresql
def test_what_a_later_version_brings_is_for_it_too_and_no_guard_is_left_open(role: str) -> None:
    """A migration makes tables, and triggers anew: these forget then where they were told to look."""
    grant(role)
    run("CREATE TABLE of_tomorrow (id bigserial)")
    run("CREATE OR REPLACE FUNCTION kernel_event_kept() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'")
    with serving(role):
        run("INSERT INTO of_tomorrow DEFAULT VALUES")
        open_guard = database.role()
    assert open_guard is not None
    assert open_guard.verdict == Verdict.WARNING
    assert f"hovedindgang migrate --grant {role}" in open_guard.do
    assert CliRunner().invoke(migrate, []).exit_code == 0
    with serving(role):
        assert (again := database.role()) is not None
        assert again.verdict == Verdict.WELL


@on_postgresql
def test_the_doctor_says_where_it_cannot_read_a_table(role: str) -> None:
    grant(role)
    run(f"REVOKE DELETE ON contacts_note FROM {role}")
    with serving(role):
        assert (served := database.role()) is not None
        assert served.verdict == Verdict.WARNING


@on_postgresql
def test_where_the_owner_serves_no_trigger_is_slowed_by_it() -> None:
    assert CliRunner().invoke(migrate, []).exit_code == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_proc WHERE proname = 'kernel_event_kept' AND proconfig IS NULL")
        assert cursor.fetchone() == (1,)


@on_postgresql
def test_migrate_lets_it_in_and_says_so_or_says_why_not(role: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOVEDINDGANG_LANGUAGE", "en")
    done = CliRunner().invoke(migrate, ["--grant", role])
    assert done.output.endswith(f"The role {role} can read and write rows, and change no tables.\n")
    refused = CliRunner().invoke(migrate, ["--grant", "nobody_here"]).exception
    assert isinstance(refused, NotGranted)
    assert str(refused) == "There is no role nobody_here in the database"
    assert "CREATE ROLE" in refused.cure


@pytest.mark.sqlite
def test_sqlite_has_no_roles_and_says_so() -> None:
    with pytest.raises(CannotGrant, match="not_postgresql"):
        grant("anybody")
    assert database.role() is None
