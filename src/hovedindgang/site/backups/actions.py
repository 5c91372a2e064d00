"""The two deeds: the house put into one file, and taken out of it on an empty machine."""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from hovedindgang import __version__
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.encryption import CannotDecrypt, decrypt, forget_proofs, index_with
from hovedindgang.kernel.events import Fact, append_event
from hovedindgang.kernel.keyring import BadKeys, ring
from hovedindgang.people.queries import CPR_PLACE
from hovedindgang.site.backups import keys
from hovedindgang.site.backups.archive import (
    FORMAT,
    KEYS,
    DocumentEntry,
    Manifest,
    Reading,
    TableEntry,
    member_of,
    member_of_document,
    opened,
    unfinished,
    written,
)
from hovedindgang.site.backups.loading import load
from hovedindgang.site.backups.problems import CannotBackUp, CannotRestore
from hovedindgang.site.backups.sealing import DoesNotOpen
from hovedindgang.site.backups.snapshot import Snapshot, snapshot
from hovedindgang.site.backups.tables import (
    LEFT_OUT,
    Table,
    applied_in,
    is_derived,
    known_migrations,
    last_of,
    tables_at,
    type_of_migration,
    without_gone,
)
from hovedindgang.site.backups.unfinished import MARKER, is_unfinished
from hovedindgang.site.language import gettext

ENDING = ".backup"
SAMPLE = 100  # CPRs that are opened after a restore
SHARE_OF_DATABASE = 0.5  # a backup has taken a sixth of its database; half leaves room for notes that pack badly
MADE_BY_MIGRATE = frozenset({"django_content_type", "auth_permission"})
Told = Callable[[str, int], None]


# -------------------------------------------------------------------------------------------------------- backup


@dataclass(frozen=True, slots=True)
class BackedUp:
    file: Path
    manifest: Manifest
    bytes: int
    seconds: float
    known: bool  # whether the database has been told, so that `doctor` knows when the last one was taken
    removed: list[Path] = field(default_factory=list)


def back_up(
    *,
    to: Path,
    keep: int | None = None,
    passphrase: bytes | None = None,
    keys_passphrase: bytes | None = None,
    told: Told = lambda _name, _rows: None,
) -> BackedUp:
    """Put all that the house holds into one file, as it is at this instant, while everybody goes on working.

    `to` is a new file, or a folder, in which at most `keep` of our own are left. With `passphrase` the file is
    encrypted; with `keys_passphrase` it holds the keys, closed with that. Raises CannotBackUp and writes nothing.
    """
    began = time.monotonic()
    file = _new_file(to)
    _clear_away(file.parent)
    with snapshot(connection) as seen:
        tables = _tables_of(seen)
        documents = sorted(_documents())
        _check_space(file.parent, seen, documents)
        with written(file, passphrase=passphrase) as archive:
            entries = []
            for table in tables:
                rows = _Counted(seen.rows_of(table))
                size, sha256 = archive.add(member_of(table.name), rows)
                entries.append(_entry(table, rows.rows, size, sha256, seen.last_number(table)))
                told(table.name, rows.rows)
            kept = [_add_document(archive.add, path) for path in documents]
            if keys_passphrase:
                archive.add(KEYS, [keys.sealed_keys(keys_passphrase)])
            manifest = _manifest(seen, entries, kept, with_keys=keys_passphrase is not None)
            archive.end(manifest)
    done = BackedUp(file, manifest, file.stat().st_size, time.monotonic() - began, _remember(manifest, file))
    done.removed.extend(_rotate(file, keep) if keep else [])
    return done


def _new_file(to: Path) -> Path:
    if to.is_dir():
        to /= f"hovedindgang-{clock.now():%Y%m%dT%H%M%SZ}{ENDING}"
    if to.exists():
        raise CannotBackUp(
            gettext("{file} er der allerede").format(file=to),
            gettext("Skriv et andet navn, eller en mappe; en sikkerhedskopi skriver aldrig oven i en anden."),
        )
    if not to.parent.is_dir():
        raise CannotBackUp(
            gettext("Mappen {folder} er der ikke").format(folder=to.parent), gettext("Opret den, og prøv igen.")
        )
    return to


def _clear_away(folder: Path) -> None:
    """What a backup that was stopped left behind; one that is a day old is nobody's any more."""
    for part in unfinished(folder):
        if part.name.endswith(f"{ENDING}.unfinished") and time.time() - part.stat().st_mtime > 86_400:
            part.unlink(missing_ok=True)


def _tables_of(seen: Snapshot) -> list[Table]:
    applied = seen.migrations()
    if not applied:
        raise CannotBackUp(
            gettext("Databasen har ingen tabeller"), gettext("Er HOVEDINDGANG_DATABASE den rigtige database?")
        )
    if newer := applied - known_migrations():
        raise CannotBackUp(
            gettext("Databasen er nyere end dette program ({migrations})").format(migrations=_named(newer)),
            gettext("Tag sikkerhedskopien med den udgave, der kører."),
        )
    return tables_at(applied)


def _check_space(folder: Path, seen: Snapshot, documents: list[Path]) -> None:
    needed = int(seen.bytes_stored() * SHARE_OF_DATABASE) + sum(path.stat().st_size for path in documents)
    if (free := shutil.disk_usage(folder).free) < needed:
        raise CannotBackUp(
            gettext("Der er {free} MB fri i {folder}, og der skal være {needed} MB").format(
                free=free // 1_000_000, folder=folder, needed=needed // 1_000_000 + 1
            ),
            gettext("Gør plads, eller vælg en anden mappe."),
        )


class _Counted:
    """Blocks that pass, and how many rows were in them."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks, self.rows = blocks, 0

    def __iter__(self) -> Iterator[bytes]:
        for block in self._blocks:
            self.rows += block.count(b"\n")
            yield block


def _entry(table: Table, rows: int, size: int, sha256: str, last_number: int | None) -> TableEntry:
    columns = [(column.name, column.kind.value) for column in table.columns]
    return TableEntry(
        name=table.name, key=table.key, columns=columns, rows=rows, bytes=size, sha256=sha256, last_number=last_number
    )


def documents_folder() -> Path:
    return Path(settings.HOME) / "documents"


def _documents() -> list[Path]:
    """Read after the tables: what a row points at was written before the row, and so it is here."""
    return [path for path in documents_folder().rglob("*") if path.is_file()]


def _add_document(add: Callable[[str, Iterator[bytes]], tuple[int, str]], path: Path) -> DocumentEntry:
    name = path.relative_to(documents_folder()).as_posix()
    with path.open("rb") as file:
        size, sha256 = add(member_of_document(name), iter(lambda: file.read(1 << 18), b""))
    return DocumentEntry(path=name, bytes=size, sha256=sha256)


def _manifest(
    seen: Snapshot, entries: list[TableEntry], documents: list[DocumentEntry], *, with_keys: bool
) -> Manifest:
    ours = {entry.name for entry in entries} | LEFT_OUT
    return Manifest(
        format=FORMAT,
        made_by=f"hovedindgang {__version__}",
        taken_at=clock.now().isoformat(timespec="seconds"),
        database=seen.server,
        demonstration=settings.PILOT,
        migrations=sorted(seen.migrations()),
        tables=entries,
        documents=documents,
        last_event=seen.one("SELECT max(id) FROM kernel_event"),
        seal=_seal_head(seen, {entry.name for entry in entries}),
        keys=keys.fingerprints(),
        keys_in_the_file=with_keys,
        not_in_the_file=sorted(name for name in seen.table_names() - ours if not is_derived(name, ours)),
    )


def _seal_head(seen: Snapshot, tables: set[str]) -> str | None:
    """The newest seal over the events, as `hovedindgang audit head` says it."""
    if "kernel_seal" not in tables:
        return None
    head: str | None = seen.one("SELECT number || ':' || hash FROM kernel_seal ORDER BY number DESC LIMIT 1")
    return head


def _remember(manifest: Manifest, file: Path) -> bool:
    """One event, so that the house knows when it was last backed up. A database that only reads cannot be told."""
    facts: dict[str, Fact] = {"rows": manifest.rows, "bytes": file.stat().st_size, "keys": manifest.keys_in_the_file}
    try:
        with transaction.atomic():
            append_event(
                verb="backup.taken", actor=SYSTEM, subject_kind="backup", subject_id=_number(manifest), facts=facts
            )
    except DatabaseError:
        return False
    return True


def _number(manifest: Manifest) -> str:
    """What one backup is known by in the log."""
    hashes = "".join(entry.sha256 for entry in manifest.tables)
    return hashlib.sha256(f"{manifest.taken_at}{hashes}".encode()).hexdigest()[:16]


def _rotate(file: Path, keep: int) -> list[Path]:
    """Leave the newest, of those that are named as ours are; gives what was removed."""
    taken = sorted(file.parent.glob(f"hovedindgang-*Z{ENDING}"), reverse=True)
    for old in taken[keep:]:
        old.unlink()
    return taken[keep:]


# ------------------------------------------------------------------------------------------------------- restore


@dataclass(frozen=True, slots=True)
class Restored:
    manifest: Manifest
    seconds: float
    behind: bool  # the backup is of an older version: `hovedindgang migrate` brings it up to date
    opened: int  # CPRs that were opened and found by their index
    tried: int
    other_keys: list[str]  # settings whose key is another than the one the backup was written with
    in_the_way: list[str]  # settings in the environment that go before the keys that were brought


def check(*, file: Path, passphrase: bytes | None = None) -> Manifest:
    """Read a backup through to its end and compare every hash. Raises CannotRestore for the least change."""
    with opened(file, passphrase=passphrase) as archive:
        for entry in archive.manifest.tables:
            for _block in archive.rows_of(entry):
                pass
        for document in archive.manifest.documents:
            for _block in archive.document(document):
                pass
        return archive.manifest


def restore(
    *,
    file: Path,
    into_empty: bool = False,
    passphrase: bytes | None = None,
    keys_passphrase: bytes | None = None,
    told: Told = lambda _name, _rows: None,
) -> Restored:
    """Put a backup into an empty database and compare every row with what was backed up.

    Tables are made as they were at the backup's version; all rows then come in one transaction. A mark stands in the
    database until that is done, so that one stopped half-way is known by it, and the same command begins again.
    `into_empty`: also where the tables are there already and hold nothing. Raises CannotRestore.
    """
    began = time.monotonic()
    with opened(file, passphrase=passphrase) as archive:
        manifest = archive.manifest
        migrations = without_gone(manifest.migrations)
        _check_version(migrations)
        _check_empty(migrations, into_empty=into_empty)
        _check_documents(manifest)
        _mark(file)
        if applied_in(connection) != migrations:
            MigrationExecutor(connection).migrate(last_of(migrations))
        _check_tables(manifest, migrations)
        in_the_way = _bring_keys(archive, keys_passphrase) if keys_passphrase else []
        _bring_documents(archive)
        behind = migrations != known_migrations()
        _load(archive, told, remember=not behind)
    _settle(manifest)
    forget_proofs()
    tried, opened_well = _open_a_sample()
    return Restored(
        manifest=manifest,
        seconds=time.monotonic() - began,
        behind=behind,
        opened=opened_well,
        tried=tried,
        other_keys=keys.not_the_same(manifest.keys),
        in_the_way=in_the_way,
    )


def _check_version(migrations: set[type_of_migration]) -> None:
    if newer := migrations - known_migrations():
        raise CannotRestore(
            gettext("Sikkerhedskopien er fra en nyere udgave end denne ({migrations})").format(
                migrations=_named(newer)
            ),
            gettext("Installér den udgave, der lavede den, eller en nyere."),
        )


def _named(migrations: set[type_of_migration]) -> str:
    first = sorted(".".join(one) for one in migrations)
    return ", ".join(first[:3]) + (" …" if len(first) > 3 else "")


def _check_empty(migrations: set[type_of_migration], *, into_empty: bool) -> None:
    names = set(connection.introspection.table_names())
    if not names:
        return
    applied = applied_in(connection)
    if MARKER not in names:
        if not into_empty:
            raise CannotRestore(
                gettext("Databasen er ikke tom: den har {number} tabeller").format(number=len(names)),
                gettext("Lav en ny, tom database. Er tabellerne oprettet, men tomme, så tilføj --into-empty."),
            )
        _check_no_rows(tables_at(applied & known_migrations()))
    if applied - migrations:
        raise CannotRestore(
            gettext("Databasens tabeller er af en anden udgave end sikkerhedskopien"),
            gettext("Lav en ny, tom database, og prøv igen."),
        )


def _check_no_rows(tables: list[Table]) -> None:
    with connection.cursor() as cursor:
        for table in tables:
            if table.name in MADE_BY_MIGRATE:
                continue
            cursor.execute(f'SELECT 1 FROM "{table.name}" LIMIT 1')  # noqa: S608 - the names of our own tables
            if cursor.fetchone():
                raise CannotRestore(
                    gettext("Databasen er ikke tom: der er rækker i {table}").format(table=table.name),
                    gettext("Lav en ny, tom database. Intet er ændret i denne."),
                )


def _check_documents(manifest: Manifest) -> None:
    if manifest.documents and any(documents_folder().rglob("*")) and not is_unfinished():
        raise CannotRestore(
            gettext("Der ligger allerede dokumenter i {folder}").format(folder=documents_folder()),
            gettext("Flyt dem, eller vælg en anden HOVEDINDGANG_HOME."),
        )


def _mark(file: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE IF NOT EXISTS {MARKER} (begun_at text NOT NULL, file text NOT NULL)")
        cursor.execute(f"INSERT INTO {MARKER} VALUES (%s, %s)", [clock.now().isoformat(), file.name])  # noqa: S608


def _check_tables(manifest: Manifest, migrations: set[type_of_migration]) -> None:
    """The tables made here are those that were written; else rows would end in the wrong columns."""
    here = {table.name: set(table.columns) for table in tables_at(migrations)}
    there = {entry.name: set(entry.table.columns) for entry in manifest.tables}
    if here != there:
        differ = sorted(name for name in here.keys() | there.keys() if here.get(name) != there.get(name))
        raise CannotRestore(
            gettext("Tabellerne er ikke de samme som i sikkerhedskopien: {tables}").format(tables=", ".join(differ)),
            gettext("Gendan med den udgave, der lavede den: {made_by}.").format(made_by=manifest.made_by),
        )


def _bring_keys(archive: Reading, passphrase: bytes) -> list[str]:
    if not archive.manifest.keys_in_the_file:
        raise CannotRestore(
            gettext("Der er ingen nøgler i sikkerhedskopien"),
            gettext("Udelad --keys, og sæt nøglerne i miljøet; se docs/guide/backup.md."),
        )
    try:
        return keys.bring(archive.whole(KEYS), passphrase, home=Path(settings.HOME))
    except DoesNotOpen as error:
        raise CannotRestore(
            gettext("Adgangssætningen åbner ikke nøglerne"), gettext("Tag den, som sikkerhedskopien blev lavet med.")
        ) from error


def _bring_documents(archive: Reading) -> None:
    folder = documents_folder()
    for entry in archive.manifest.documents:
        path = folder / entry.path
        if not path.resolve().is_relative_to(folder.resolve()):
            raise CannotRestore(
                gettext("Et dokument vil ligge uden for sin mappe: {path}").format(path=entry.path),
                gettext("Tag en anden sikkerhedskopi. Intet er gemt."),
            )
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            for block in archive.document(entry):
                file.write(block)


def _load(archive: Reading, told: Told, *, remember: bool) -> None:
    connection.disable_constraint_checking()  # on SQLite, where it must be said before the transaction
    try:
        with transaction.atomic():
            load(connection, archive, told)
            with connection.cursor() as cursor:
                cursor.execute(f"DROP TABLE {MARKER}")
            if remember:
                facts: dict[str, Fact] = {"rows": archive.manifest.rows, "taken_at": archive.manifest.taken_at}
                number = _number(archive.manifest)
                append_event(
                    verb="backup.restored", actor=SYSTEM, subject_kind="backup", subject_id=number, facts=facts
                )
    finally:
        connection.enable_constraint_checking()


def _settle(manifest: Manifest) -> None:
    """What a database must know of its rows before its plans are good; it can be done again at any time."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            names = ", ".join(f'"{entry.name}"' for entry in manifest.tables)
            cursor.execute(f"VACUUM (ANALYZE) {names}")
        else:
            cursor.execute("ANALYZE")


def _open_a_sample() -> tuple[int, int]:
    """Some CPRs, read and found again with the keys in force: how many were tried, and how many opened."""
    asked = "SELECT cpr_sealed, cpr_index FROM people_citizen WHERE cpr_sealed IS NOT NULL ORDER BY random() LIMIT %s"
    with connection.cursor() as cursor:
        cursor.execute(asked, [SAMPLE])
        sample = cursor.fetchall()
    return len(sample), sum(_opens(bytes(sealed), bytes(index)) for sealed, index in sample)


def _opens(sealed: bytes, index: bytes) -> bool:
    try:
        # Not by `blind_index`, which would first let the keys prove themselves, and write that it has.
        return index_with(ring(), decrypt(sealed, place=CPR_PLACE), place=CPR_PLACE) == index
    except (CannotDecrypt, BadKeys):
        return False
