"""A backup is whole or is not there, and what it holds comes back row by row, on either database."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from hovedindgang.contacts.models import Note
from hovedindgang.contacts.tests.desk import register
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.events import append_event
from hovedindgang.kernel.models import Event
from hovedindgang.kernel.seals import last_seal, seal_events
from hovedindgang.kernel.verifying import verify
from hovedindgang.people.actions import register_citizen
from hovedindgang.people.models import Citizen
from hovedindgang.people.queries import cpr_of
from hovedindgang.site.backups import actions
from hovedindgang.site.backups.actions import back_up, check, restore
from hovedindgang.site.backups.archive import KEYS, MANIFEST, member_of, opened
from hovedindgang.site.backups.keys import PLACE
from hovedindgang.site.backups.problems import CannotBackUp, CannotRestore
from hovedindgang.site.backups.sealing import unseal
from hovedindgang.site.backups.tables import applied_in, known_migrations, last_of
from hovedindgang.site.backups.unfinished import MARKER, is_unfinished
from hovedindgang.site.commands import migrate
from hovedindgang.site.practice_house.refusing import RefusedHere, must_fit_this_house
from hovedindgang.site.setup import house_must_fit
from hovedindgang.site.tests.elsewhere import empty_database, standing_in
from hovedindgang.site.tests.made_once import tables

pytestmark = pytest.mark.django_db(transaction=True)
CPRS = ["0101900001", "3112991234"]
AWKWARD = "Æ\tå\\n \"citat\" \n\r\v 'og' 🏛 \\N \\\\."
PASSPHRASE = b"the passphrase of the test"


@pytest.fixture
def house(cast, clock) -> None:
    """Two citizens with a CPR, a contact whose note is awkward to write, and a citizen who has been erased."""
    for cpr in CPRS:
        register_citizen(actor=SYSTEM, cpr=cpr, name="Åse Ørsted")
    register(cast.alice, note=AWKWARD)
    Citizen.objects.filter(pk=register_citizen(actor=SYSTEM).pk).delete()


@pytest.fixture
def backup(house: None, tmp_path: Path) -> Path:
    return back_up(to=tmp_path / "house.backup").file


@pytest.fixture
def nowhere(tmp_path: Path) -> Iterator[None]:
    """From when it is asked for, the house's database is an empty one of the same kind."""
    with empty_database(tmp_path) as there, standing_in(there):
        yield


@pytest.fixture(scope="session")
def with_tables(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[dict[str, object]]:
    """A database in which a restore made the tables and was stopped: the tests need not wait for them each time."""
    folder = tmp_path_factory.mktemp("tables")
    with django_db_blocker.unblock():
        copied = tables()
    with empty_database(folder, copied_from=copied) as made:
        with django_db_blocker.unblock(), standing_in(made):
            actions._mark(Path("stopped.backup"))
        yield made


@pytest.fixture
def elsewhere(with_tables: dict[str, object], tmp_path: Path) -> Iterator[None]:
    """From when it is asked for, the house's database is another, in which a restore was begun."""
    with empty_database(tmp_path, copied_from=with_tables) as there, standing_in(there):
        yield


def hashes(file: Path) -> dict[str, str]:
    """Each table's hash, but for the log that a restore itself is written in."""
    return {one.name: one.sha256 for one in check(file=file).tables if one.name != "kernel_event"}


def append_only_holds() -> bool:
    try:
        with transaction.atomic():
            Event.objects.all().update(actor_id=7)
    except IntegrityError:
        return True
    return False


# ------------------------------------------------------------------------------------------------- there and back


def test_all_that_was_backed_up_is_there_again_on_an_empty_machine(backup: Path, nowhere: None, tmp_path: Path) -> None:
    before = check(file=backup)
    done = restore(file=backup)
    assert done.manifest.rows == before.rows > 100
    assert (done.tried, done.opened, done.other_keys, done.behind) == (2, 2, [], False)
    assert hashes(back_up(to=tmp_path / "again.backup").file) == hashes(backup)
    assert Note.objects.get().text == AWKWARD
    assert sorted(filter(None, map(cpr_of, Citizen.objects.all()))) == sorted(CPRS)


def test_what_is_written_once_can_be_restored_and_still_is_written_once(backup: Path, elsewhere: None) -> None:
    restore(file=backup)
    assert Event.objects.count() > 1
    assert append_only_holds()


def test_a_restored_house_has_every_index_trigger_and_key_of_a_new_one(
    backup: Path, with_tables: dict[str, object], tmp_path: Path
) -> None:
    def made() -> set[str]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL"
                if connection.vendor == "sqlite"
                else "SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema() "
                "UNION SELECT concat(conrelid::regclass, conname, pg_get_constraintdef(oid), convalidated) "
                "FROM pg_constraint WHERE connamespace = current_schema()::regnamespace "
                "UNION SELECT concat(pg_get_triggerdef(oid), tgenabled) FROM pg_trigger WHERE NOT tgisinternal"
            )
            return {row[0] for row in cursor.fetchall()}

    new = made()
    with empty_database(tmp_path, copied_from=with_tables) as there, standing_in(there):
        restore(file=backup)
        assert made() == new


def test_a_restored_house_goes_on_working_and_gives_nobody_an_erased_citizens_number(
    backup: Path, elsewhere: None
) -> None:
    restore(file=backup)
    highest = Citizen.objects.latest("pk").pk
    assert register_citizen(actor=SYSTEM).pk == highest + 2
    assert Event.objects.latest("pk").verb == "citizen.registered"


def test_the_log_of_a_restored_house_is_the_one_that_was_sealed(
    house: None, with_tables: dict[str, object], tmp_path: Path
) -> None:
    seal_events()
    done = back_up(to=tmp_path / "house.backup")
    assert done.manifest.seal
    assert done.manifest.seal == str(last_seal())
    with empty_database(tmp_path, copied_from=with_tables) as there, standing_in(there):
        restore(file=done.file)
        found = verify(expect=done.manifest.seal)
    assert (found.findings, str(found.head)) == ([], done.manifest.seal)


def test_words_of_a_restored_note_are_found(backup: Path, elsewhere: None) -> None:
    restore(file=backup)
    found = (
        "SELECT count(*) FROM contacts_noteterms WHERE contacts_noteterms MATCH 'citat'"
        if connection.vendor == "sqlite"
        else "SELECT count(*) FROM contacts_note WHERE terms_index @@ to_tsquery('simple', 'citat')"
    )
    with connection.cursor() as cursor:
        cursor.execute(found)
        assert cursor.fetchone() == (1,)


@pytest.mark.postgres
def test_a_pilot_moves_from_sqlite_to_postgresql_and_back_without_losing_a_row(backup: Path, tmp_path: Path) -> None:
    with empty_database(tmp_path, kind="sqlite") as small, standing_in(small):
        assert connection.vendor == "sqlite"
        assert restore(file=backup).opened == 2
        from_sqlite = back_up(to=tmp_path / "sqlite.backup").file
    assert hashes(from_sqlite) == hashes(backup)
    with empty_database(tmp_path) as large, standing_in(large):
        assert restore(file=from_sqlite).opened == 2
        assert append_only_holds()
        assert hashes(back_up(to=tmp_path / "postgresql.backup").file) == hashes(backup)


def test_a_backup_shows_one_instant_while_others_go_on_writing(house: None, tmp_path: Path) -> None:
    before = Event.objects.count()

    def somebody_works(_table: str, _rows: int) -> None:
        with transaction.atomic():
            append_event(verb="test.said", actor=SYSTEM, subject_kind="thing", subject_id=1)

    done = back_up(to=tmp_path / "house.backup", told=somebody_works)
    (events,) = [one for one in done.manifest.tables if one.name == "kernel_event"]
    assert events.rows == before
    assert Event.objects.count() > before + 20


def test_documents_come_along_and_are_their_owners_alone(
    house: None, with_tables: dict[str, object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    (here / "documents" / "2026").mkdir(parents=True)
    (here / "documents" / "2026" / "a.sealed").write_bytes(b"\x00\x01 a document")
    monkeypatch.setattr(settings, "HOME", here)
    file = back_up(to=tmp_path / "house.backup").file
    monkeypatch.setattr(settings, "HOME", there)
    with empty_database(tmp_path, copied_from=with_tables) as database, standing_in(database):
        restore(file=file)
    restored = there / "documents" / "2026" / "a.sealed"
    assert restored.read_bytes() == b"\x00\x01 a document"
    assert stat.S_IMODE(restored.stat().st_mode) == 0o600


# ------------------------------------------------------------------------------------------------ what is refused


def test_a_house_with_people_in_it_is_never_written_over(backup: Path) -> None:
    citizens = Citizen.objects.count()
    with pytest.raises(CannotRestore, match="ikke tom"):
        restore(file=backup)
    with pytest.raises(CannotRestore, match="der er rækker i"):
        restore(file=backup, into_empty=True)
    assert Citizen.objects.count() == citizens
    assert not is_unfinished()


def test_tables_that_are_made_and_empty_are_filled_only_when_asked(backup: Path, tmp_path: Path) -> None:
    with empty_database(tmp_path, copied_from=tables()) as there, standing_in(there):
        with pytest.raises(CannotRestore, match="ikke tom"):
            restore(file=backup)
        assert restore(file=backup, into_empty=True).opened == 2


def test_a_backup_of_a_newer_house_is_refused_by_name(
    backup: Path, nowhere: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest = last_of(known_migrations())[0]
    monkeypatch.setattr(actions, "known_migrations", lambda: known_migrations() - {newest})
    with pytest.raises(CannotRestore, match=newest[1]) as refused:
        restore(file=backup)
    assert "nyere" in refused.value.cure
    assert connection.introspection.table_names() == []


def test_a_backup_of_an_older_house_is_restored_as_it_was_and_then_brought_up_to_date(
    with_tables: dict[str, object], tmp_path: Path
) -> None:
    newest = next(one for one in last_of(known_migrations()) if one[0] == "mfa")
    older = known_migrations() - {newest}
    with empty_database(tmp_path, copied_from=with_tables) as old, standing_in(old):
        executor = MigrationExecutor(connection)
        executor.migrate(sorted(parent.key for parent in executor.loader.graph.node_map[newest].parents))
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE {MARKER}")
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO auth_group (name) VALUES ('de gamle')")
        file = back_up(to=tmp_path / "old.backup").file
    with empty_database(tmp_path) as there, standing_in(there):
        assert restore(file=file).behind
        assert applied_in(connection) == older
        call_command("migrate", verbosity=0)
        assert applied_in(connection) == known_migrations()
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM auth_group")
            assert cursor.fetchall() == [("de gamle",)]


def rewritten(file: Path, member: str, change: Callable[[bytes], bytes]) -> Path:
    """The same archive, packed anew with another content of one member: its checksums fit."""
    other = file.with_name("other.backup")
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == member else old.read(name))
        new.comment = old.comment
    return other


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: rows.replace(b"Borgerservice", b"Borgerservicf") if b"Borgerservice" in rows else rows + b"x",
        lambda rows: rows[: rows.rindex(b"\n", 0, -1) + 1],
        lambda rows: rows + rows.splitlines(keepends=True)[0],
        lambda rows: b"".join(reversed(rows.splitlines(keepends=True))),
    ],
    ids=["changed", "one less", "one more", "in another order"],
)
def test_a_row_changed_in_the_archive_is_caught_and_its_table_named(
    backup: Path, elsewhere: None, change: Callable[[bytes], bytes]
) -> None:
    broken = rewritten(backup, member_of("kernel_event"), change)
    for read in (check, restore):
        with pytest.raises(CannotRestore, match="kernel_event"):
            read(file=broken)
    assert is_unfinished()
    assert Event.objects.count() == 0
    assert restore(file=backup).opened == 2  # and the right one can follow


def test_a_manifest_that_was_changed_is_caught(backup: Path) -> None:
    broken = rewritten(backup, MANIFEST, lambda text: text.replace(b'"rows": ', b'"rows":  '))
    with pytest.raises(CannotRestore, match="manifest"):
        check(file=broken)


def _unpacked(file: Path) -> dict[str, bytes]:
    """What is packed, apart from what the zip says of it (dates, and how it was packed)."""
    with zipfile.ZipFile(file) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


@pytest.mark.parametrize("encrypted", [False, True])
def test_no_byte_of_a_backup_changes_unseen(house: None, tmp_path: Path, encrypted: bool) -> None:
    passphrase = PASSPHRASE if encrypted else None
    file = back_up(to=tmp_path / "house.backup", passphrase=passphrase).file
    whole, sound = file.read_bytes(), check(file=file, passphrase=passphrase)
    rows = {} if encrypted else _unpacked(file)
    for at in Random(2026).sample(range(len(whole)), 24):
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        try:
            assert check(file=file, passphrase=passphrase) == sound
        except CannotRestore:
            continue
        assert not encrypted
        assert _unpacked(file) == rows  # a date in the zip's own tables, a bit that packing leaves free: no row of ours
    for length in (0, 10, len(whole) // 2, len(whole) - 1):
        file.write_bytes(whole[:length])
        with pytest.raises(CannotRestore):
            check(file=file, passphrase=passphrase)


# -------------------------------------------------------------------------------------------- stopped on the way


def test_a_restore_that_stops_half_way_is_known_by_it_and_can_be_done_again(
    backup: Path, elsewhere: None, capsys: pytest.CaptureFixture[str]
) -> None:
    def power_fails(table: str, _rows: int) -> None:
        if table == "people_citizen":
            raise SystemExit

    with pytest.raises(SystemExit):
        restore(file=backup, told=power_fails)
    assert is_unfinished()
    with pytest.raises(CannotRestore, match="ikke ført til ende"):
        migrate.callback(plan=False, role=None)
    with pytest.raises(RefusedHere, match="ikke ført til ende"):
        must_fit_this_house("report")
    with pytest.raises(SystemExit):
        house_must_fit()  # neither the web server nor the worker begins
    assert "hovedindgang restore igen" in capsys.readouterr().err
    assert Citizen.objects.count() == Event.objects.count() == 0
    assert restore(file=backup).opened == 2
    assert not is_unfinished()
    assert append_only_holds()


def test_a_backup_that_stops_half_way_leaves_no_file(house: None, tmp_path: Path) -> None:
    def disk_is_full(_table: str, _rows: int) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        back_up(to=tmp_path / "house.backup", told=disk_is_full)
    assert [path.name for path in tmp_path.iterdir()] == []


KILLED = """
import os, signal, sys
from pathlib import Path
from hovedindgang.site.setup import django_ready; django_ready()
from hovedindgang.site.backups import actions
def killed(table, _rows):
    if table == "people_citizen": os.kill(os.getpid(), signal.SIGKILL)
what, path = sys.argv[1:]
actions.back_up(to=Path(path), told=killed) if what == "backup" else actions.restore(file=Path(path), told=killed)
"""


def killed(what: str, path: Path) -> int:
    """A process that backs up or restores this database and is killed in the middle; gives how it ended."""
    known = connection.settings_dict
    where = (
        f"sqlite:///{known['NAME']}"
        if connection.vendor == "sqlite"
        else f"postgres://{known['USER']}@{known['HOST'].replace('/', '%2F')}/{known['NAME']}"
    )
    environment = {**os.environ, "HOVEDINDGANG_DATABASE": where}
    return subprocess.run([sys.executable, "-c", KILLED, what, str(path)], env=environment, check=False).returncode


def test_kill_9_leaves_no_backup_that_looks_whole_and_no_database_that_does(
    backup: Path, with_tables: dict[str, object], tmp_path: Path
) -> None:
    assert killed("backup", tmp_path / "killed.backup") == -9
    left = [path.name for path in tmp_path.glob("*killed*")]
    assert left == [".killed.backup.unfinished"]
    with pytest.raises(CannotRestore):
        check(file=tmp_path / left[0])
    with empty_database(tmp_path, copied_from=with_tables) as there, standing_in(there):
        assert killed("restore", backup) == -9
        assert is_unfinished()
        assert Citizen.objects.count() == 0
        assert restore(file=backup).opened == 2


# ----------------------------------------------------------------------------------------------- keys and secrets


def test_no_key_and_no_cpr_can_be_read_in_a_backup(backup: Path) -> None:
    with zipfile.ZipFile(backup) as archive:
        held = b"\n".join(archive.read(name) for name in archive.namelist())
    for secret in (*CPRS, settings.CPR_KEY, settings.INDEX_KEY, settings.SECRET_KEY):
        assert secret.encode() not in held
    assert "0101900001"[:6].encode() + b"-" not in held


def test_a_backup_with_another_key_says_which_key_is_missing(
    backup: Path, elsewhere: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "CPR_KEY", "33" * 32)
    done = restore(file=backup)
    assert (done.opened, done.other_keys) == (0, ["HOVEDINDGANG_CPR_KEY"])


def test_keys_come_along_when_asked_and_open_with_their_passphrase_alone(
    house: None, with_tables: dict[str, object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SECRET_KEY", "CPR_KEY", "INDEX_KEY"):
        monkeypatch.delenv(f"HOVEDINDGANG_{name}")
    file = back_up(to=tmp_path / "house.backup", keys_passphrase=PASSPHRASE).file
    known = settings.CPR_KEY
    monkeypatch.setattr(settings, "HOME", tmp_path / "new home")
    (tmp_path / "new home" / "keys").mkdir(parents=True)
    (tmp_path / "new home" / "keys" / "keys.json").write_text('{"cpr": "another"}')
    for name in ("SECRET_KEY", "CPR_KEY", "INDEX_KEY"):
        monkeypatch.setattr(settings, name, "33" * 32)
    with empty_database(tmp_path, copied_from=with_tables) as there, standing_in(there):
        with pytest.raises(CannotRestore, match="åbner ikke nøglerne"):
            restore(file=file, keys_passphrase=b"another passphrase")
        assert restore(file=file, keys_passphrase=PASSPHRASE).opened == 2
    keys = tmp_path / "new home" / "keys"
    assert json.loads((keys / "keys.json").read_text())["cpr"] == known
    assert stat.S_IMODE((keys / "keys.json").stat().st_mode) == 0o600
    assert [json.loads(old.read_text()) for old in keys.glob("keys.2*.json")] == [{"cpr": "another"}]


def test_keys_of_a_file_that_were_changed_come_along_all_of_them(
    house: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The environment names none, and an earlier key still opens a part of what is stored."""
    written = f"2:{'44' * 32},1:{settings.CPR_KEY}"
    (tmp_path / "keys.json").write_text(json.dumps({"cpr": written}))
    monkeypatch.setattr(settings, "CPR_KEY", "")
    monkeypatch.setattr(settings, "KEY_FILE", tmp_path / "keys.json")
    file = back_up(to=tmp_path / "house.backup", keys_passphrase=PASSPHRASE).file
    with opened(file) as archive:
        kept = json.loads(unseal(archive.whole(KEYS), PASSPHRASE, place=PLACE))
    assert kept == {"SECRET_KEY": settings.SECRET_KEY, "CPR_KEY": written, "INDEX_KEY": settings.INDEX_KEY}


def test_an_encrypted_backup_tells_nothing_without_its_passphrase(
    house: None, with_tables: dict[str, object], tmp_path: Path
) -> None:
    file = back_up(to=tmp_path / "house.backup", passphrase=PASSPHRASE).file
    assert b"people_citizen" not in file.read_bytes()
    for passphrase, said in ((None, "er krypteret"), (b"another passphrase", "åbner ikke filen")):
        with pytest.raises(CannotRestore, match=said):
            check(file=file, passphrase=passphrase)
    with empty_database(tmp_path, copied_from=with_tables) as there, standing_in(there):
        assert restore(file=file, passphrase=PASSPHRASE).opened == 2


# ------------------------------------------------------------------------------------------------------- the file


def test_a_backup_is_its_owners_alone_and_never_written_over_another(backup: Path) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    with pytest.raises(CannotBackUp, match="er der allerede"):
        back_up(to=backup)


def test_only_the_newest_are_kept_and_nobody_elses_file_is_touched(house: None, clock, tmp_path: Path) -> None:
    (tmp_path / "hovedindgang-notes.backup").touch()
    for _day in range(4):
        back_up(to=tmp_path, keep=2)
        clock.go(days=1)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "hovedindgang-20260313T090000Z.backup",
        "hovedindgang-20260314T090000Z.backup",
        "hovedindgang-notes.backup",
    ]


def test_too_little_room_is_said_before_anything_is_written(
    house: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: shutil._ntuple_diskusage(10, 10, 0))
    with pytest.raises(CannotBackUp, match="0 MB fri"):
        back_up(to=tmp_path / "house.backup")
    assert list(tmp_path.iterdir()) == []


def test_the_house_remembers_that_it_was_backed_up_and_restored(backup: Path, elsewhere: None) -> None:
    restore(file=backup)
    assert Event.objects.latest("pk").verb == "backup.restored"
    assert Event.objects.latest("pk").facts["taken_at"] == "2026-03-11T09:00:00+00:00"
