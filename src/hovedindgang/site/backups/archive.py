"""The file of a backup: a zip with a manifest, one member for each table and one for each document.

It is written under another name beside its own and gets its own when it is whole and on the disk, so a backup that
was stopped is never taken for one. The manifest holds the hash of every other member, and the zip's comment the
manifest's.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, cast

from hovedindgang.site.backups.problems import CannotRestore
from hovedindgang.site.backups.sealing import DoesNotOpen, SealedReader, SealedWriter, is_sealed
from hovedindgang.site.backups.tables import Column, Kind, Table
from hovedindgang.site.language import gettext

FORMAT = 1
MANIFEST = "manifest.json"
KEYS = "keys.sealed"
_FAST = 3  # of zlib's nine: half the size of the fastest's loss, at nearly its speed
_BLOCK = 1 << 18
# What reading a zip ends in when a byte of it is another: also a method, a flag or a name that there is not.
UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, RuntimeError, DoesNotOpen)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableEntry:
    """A table in the manifest. `last_number`: the highest row number ever given, also to a row that is gone."""

    name: str
    key: str
    columns: list[tuple[str, str]]
    rows: int
    bytes: int
    sha256: str
    last_number: int | None

    @property
    def table(self) -> Table:
        return Table(self.name, tuple(Column(name, Kind(kind)) for name, kind in self.columns), self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentEntry:
    path: str  # below HOME/documents
    bytes: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What the file says of itself."""

    format: int
    made_by: str
    taken_at: str
    database: str
    demonstration: bool
    migrations: list[tuple[str, str]]
    tables: list[TableEntry]
    documents: list[DocumentEntry]
    last_event: int | None
    seal: str | None  # number and hash of the newest seal over the events
    keys: dict[str, str]  # name of the setting → what a key of that name is known by
    keys_in_the_file: bool
    not_in_the_file: list[str] = field(default_factory=list)
    holds: str = "personal data; keep it as carefully as the database itself"

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables)

    @classmethod
    def from_json(cls, text: bytes) -> Manifest:
        told = json.loads(text)
        told["migrations"] = [(app, name) for app, name in told["migrations"]]
        told["tables"] = [
            TableEntry(**{**one, "columns": [(name, kind) for name, kind in one["columns"]]}) for one in told["tables"]
        ]
        told["documents"] = [DocumentEntry(**one) for one in told["documents"]]
        return cls(**told)


def member_of(table: str) -> str:
    return f"tables/{table}.rows"


def member_of_document(path: str) -> str:
    return f"documents/{path}"


class Writing:
    """An archive that is being made."""

    def __init__(self, container: zipfile.ZipFile) -> None:
        self._zip = container

    def add(self, name: str, blocks: Iterable[bytes]) -> tuple[int, str]:
        """Write a member; gives its bytes and its SHA-256."""
        found, size = hashlib.sha256(), 0
        with self._zip.open(_member(name), "w", force_zip64=True) as member:
            for block in blocks:
                member.write(block)
                found.update(block)
                size += len(block)
        return size, found.hexdigest()

    def end(self, manifest: Manifest) -> None:
        text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode()
        self._zip.writestr(_member(MANIFEST), text)
        self._zip.comment = hashlib.sha256(text).hexdigest().encode()


def _member(name: str) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name)
    made.compress_type, made.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
    made._compresslevel = _FAST  # type: ignore[attr-defined]  # ZipFile.open takes no level, only what the member says
    return made


def unfinished(folder: Path) -> Iterator[Path]:
    """What backups that were stopped have left in a folder."""
    return folder.glob(".*.unfinished")


@contextmanager
def written(path: Path, *, passphrase: bytes | None = None) -> Iterator[Writing]:
    """An archive that lies at `path` when the block has ended well, and nowhere otherwise. Only its owner reads it."""
    part = path.with_name(f".{path.name}.unfinished")
    part.unlink(missing_ok=True)
    try:
        with open(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
            outer = SealedWriter(file, passphrase) if passphrase else None
            with zipfile.ZipFile(cast("IO[bytes]", outer or file), "w", allowZip64=True) as container:
                yield Writing(container)
            if outer:
                outer.close()
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
    except BaseException:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise


class Damaged(CannotRestore):
    """The file is not what was written."""

    def __init__(self, what: str) -> None:
        super().__init__(
            gettext("Filen er beskadiget: {what}").format(what=what),
            gettext("Tag en anden sikkerhedskopi. Intet er gemt."),
        )


class Reading:
    """An archive that is read. What is read is what was written, or Damaged is raised."""

    def __init__(self, container: zipfile.ZipFile) -> None:
        self._zip = container
        text = self.whole(MANIFEST)
        if hashlib.sha256(text).hexdigest().encode() != container.comment:
            raise Damaged(MANIFEST)
        if (made_as := json.loads(text).get("format")) != FORMAT:
            raise CannotRestore(
                gettext("Filen har et andet format ({number})").format(number=made_as),
                gettext("Gendan den med den udgave af Hovedindgang, der lavede den, eller en nyere."),
            )
        self.manifest = Manifest.from_json(text)

    def whole(self, name: str) -> bytes:
        return b"".join(self._blocks(name))

    def rows_of(self, entry: TableEntry) -> Iterator[bytes]:
        return self._checked(member_of(entry.name), entry.sha256, entry.name)

    def document(self, entry: DocumentEntry) -> Iterator[bytes]:
        return self._checked(member_of_document(entry.path), entry.sha256, entry.path)

    def _checked(self, name: str, sha256: str, what: str) -> Iterator[bytes]:
        found = hashlib.sha256()
        for block in self._blocks(name):
            found.update(block)
            yield block
        if found.hexdigest() != sha256:
            raise Damaged(what)

    def _blocks(self, name: str) -> Iterator[bytes]:
        try:
            with self._zip.open(name) as member:
                while block := member.read(_BLOCK):
                    yield block
        except UNREADABLE as error:
            raise Damaged(name) from error


@contextmanager
def opened(path: Path, *, passphrase: bytes | None = None) -> Iterator[Reading]:
    """The archive at `path`. Raises CannotRestore with words for whatever is wrong with it, OSError."""
    with path.open("rb") as file:
        source: IO[bytes] = file
        if is_sealed(file):
            if passphrase is None:
                raise CannotRestore(
                    gettext("Sikkerhedskopien er krypteret"),
                    gettext("Skriv, hvor adgangssætningen ligger: --encrypted FIL"),
                )
            try:
                source = cast("IO[bytes]", io.BufferedReader(SealedReader(file, passphrase), _BLOCK))
            except DoesNotOpen as error:
                raise CannotRestore(
                    gettext("Adgangssætningen åbner ikke filen, eller filen er ændret eller ikke hel"),
                    gettext("Tag den rigtige adgangssætning eller en anden sikkerhedskopi."),
                ) from error
        try:
            container = zipfile.ZipFile(source)
        except UNREADABLE as error:
            raise CannotRestore(
                gettext("{file} er ingen hel sikkerhedskopi").format(file=path.name),
                gettext("Tag en anden sikkerhedskopi. Intet er gemt."),
            ) from error
        with container:
            yield Reading(container)
