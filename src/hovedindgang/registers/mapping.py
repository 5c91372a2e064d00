"""What the columns of a file mean: known by their names, or said in a mapping file (TOML).

The guide `docs/guide/registers.md` describes the mapping file.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from hovedindgang.registers.columns import COLUMNS, NEEDED, is_named, places_of, recognise
from hovedindgang.registers.instants import NUMBERED, is_format
from hovedindgang.registers.language import gettext as _
from hovedindgang.registers.looking import CannotRead, cause_of, is_encoding, name_of_file, unknown_encoding
from hovedindgang.registers.rules import FileKind, RecordKind, Result, mask_cpr
from hovedindgang.servicemodel.document import Channel
from hovedindgang.servicemodel.hours import zone_named
from hovedindgang.servicemodel.positions import scan

_RECORDS = {FileKind.FRONTDESK: RecordKind.TICKET, FileKind.ZYLINC: RecordKind.CALL, FileKind.CSV: RecordKind.TICKET}
CHANNEL_OF = {  # unless the file or the mapping says another
    RecordKind.TICKET: Channel.IN_PERSON,
    RecordKind.CALL: Channel.PHONE,
    RecordKind.MAIL: Channel.WRITTEN,
    RecordKind.MESSAGE: Channel.DIGITAL,
}
_TEXTS = ("kind", "system", "records", "channel")
_TABLES = ("columns", "formats", "services", "centres", "channels", "results", "kinds")
_FORMATS = ("time", "zone", "encoding", "delimiter")


@dataclass(frozen=True, slots=True)
class Mapping:
    """What a mapping file says; everything may be left out."""

    kind: FileKind | None = None
    system: str = ""  # the name of the system the rows come from; external ids are unique within it
    records: RecordKind | None = None
    channel: Channel | None = None
    columns: dict[str, str] = field(default_factory=dict)  # role → column name
    formats: dict[str, str] = field(default_factory=dict)
    services: dict[str, str] = field(default_factory=dict)  # queue → service key
    centres: dict[str, str] = field(default_factory=dict)  # location or queue → centre key
    channels: dict[str, str] = field(default_factory=dict)  # the file's word → one of the four, or the log's own word
    results: dict[str, str] = field(default_factory=dict)  # the file's word → answered | left | open
    kinds: dict[str, str] = field(default_factory=dict)  # the file's word → ticket | call | mail | message

    @property
    def zone(self) -> ZoneInfo:
        # Zylinc's columns say in their names that they are UTC; people's own files are on the wall clock.
        default = "UTC" if self.kind is FileKind.ZYLINC else "Europe/Copenhagen"
        return ZoneInfo(self.formats.get("zone", default))

    @property
    def local_zone(self) -> ZoneInfo:
        """Where hours and weekdays are told: the file's own zone, Denmark's where the file keeps UTC."""
        return self.zone if self.zone.key not in ("UTC", "Etc/UTC") else ZoneInfo("Europe/Copenhagen")


@dataclass(frozen=True, slots=True)
class Layout:
    """A mapping laid on a header: where each role stands."""

    kind: FileKind
    system: str
    records: RecordKind
    places: dict[str, int]  # role → place of its column
    names: dict[str, str]  # role → the column's own name
    mapping: Mapping


def load_mapping(path: Path) -> Mapping:
    """The mapping file at `path`. Raises CannotRead with the line or key that is wrong."""
    raw = _toml(path)
    _check_known(path, raw, (*_TEXTS, *_TABLES))
    for name in _TEXTS:
        if not isinstance(raw.get(name, ""), str):
            raise CannotRead(
                _('{file}: "{key}" skal være en tekst i anførselstegn.').format(file=name_of_file(path), key=name)
            )
    for name in _TABLES:
        table = raw.get(name, {})
        if not isinstance(table, dict) or not all(isinstance(value, str) for value in table.values()):
            wrong = _('{file}: [{key}] skal være linjer af formen "ord" = "værdi".')
            raise CannotRead(wrong.format(file=name_of_file(path), key=name))
    _check_values(path, raw)
    return Mapping(
        kind=FileKind(raw["kind"]) if "kind" in raw else None,
        system=raw.get("system", ""),
        records=RecordKind(raw["records"]) if "records" in raw else None,
        channel=Channel(raw["channel"]) if "channel" in raw else None,
        **{
            name: {
                folded(key) if name not in ("columns", "formats") else key: value
                for key, value in raw.get(name, {}).items()
            }
            for name in _TABLES
        },
    )


def _toml(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8-sig")  # Notepad's mark too
    except OSError as error:
        wrong = _("{file} kan ikke åbnes: {cause}. Se efter, om navnet er rigtigt, og om du har adgang.")
        raise CannotRead(wrong.format(file=name_of_file(path), cause=cause_of(error))) from error
    except UnicodeDecodeError as error:
        wrong = _("Afbildningen {file} er ikke gemt som UTF-8. Gem den igen, og vælg UTF-8 som tegnsæt.")
        raise CannotRead(wrong.format(file=name_of_file(path))) from error
    too_deep = scan(text).too_deep
    try:
        if too_deep:
            raise RecursionError
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # numbers of thousands of digits and endless nesting included
        at = re.search(r"at line (\d+)", str(error))
        line = too_deep or (at[1] if at else text.rstrip().count("\n") + 1)
        wrong = _(
            "Afbildningen {file} kan ikke læses som TOML; det går galt omkring linje {line}. Skriv en overskrift som "
            '[columns] eller navn = "værdi" på hver linje, og hvert navn kun én gang.'
        )
        raise CannotRead(wrong.format(file=name_of_file(path), line=line)) from error


def _check_values(path: Path, raw: dict[str, Any]) -> None:
    allowed_in: dict[str, Sequence[str]] = {
        "kind": list(FileKind),
        "records": list(RecordKind),
        "channel": list(Channel),
        "results": list(Result),
        "kinds": list(RecordKind),
    }
    for name, allowed in allowed_in.items():
        given = raw.get(name, {})
        for value in given.values() if isinstance(given, dict) else [given]:
            if value not in allowed:
                wrong = _('{file}: "{value}" kan ikke stå ved {key}. Brug et af: {choices}.')
                raise CannotRead(
                    wrong.format(file=name_of_file(path), value=value, key=name, choices=", ".join(allowed))
                )
    _check_formats(path, raw.get("formats", {}))


def _check_formats(path: Path, formats: dict[str, str]) -> None:
    _check_known(path, formats, _FORMATS)
    try:
        zone_named(formats.get("zone", "UTC"))
    except ValueError as error:
        wrong = _('{file}: tidszonen "{value}" kendes ikke. Skriv fx "Europe/Copenhagen" eller "UTC".')
        raise CannotRead(wrong.format(file=name_of_file(path), value=formats["zone"])) from error
    if (time := formats.get("time")) and not is_format(time):
        wrong = _(
            '{file}: time = "{value}" kan ikke læse en dato. Skriv fx "%d/%m/%Y %H:%M", eller et af ordene {words}.'
        )
        raise CannotRead(wrong.format(file=name_of_file(path), value=time, words=", ".join(NUMBERED)))
    delimiter, encoding = formats.get("delimiter", ","), formats.get("encoding", "")
    if len(delimiter) != 1 or delimiter in '"\r\n\0':
        raise CannotRead(_('{file}: delimiter skal være ét tegn, fx ";".').format(file=name_of_file(path)))
    if encoding and not is_encoding(encoding):
        raise CannotRead(f"{name_of_file(path)}: {unknown_encoding(encoding)}")


def _check_known(path: Path, given: Iterable[str], known: tuple[str, ...]) -> None:
    for name in given:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            wrong = _('{file}: "{key}" kendes ikke. Mente du "{near}"? Her kan stå: {choices}.')
            choice = near[0] if near else known[0]
            raise CannotRead(wrong.format(file=name_of_file(path), key=name, near=choice, choices=", ".join(known)))


def lay_out(file_name: str, header: list[str], mapping: Mapping, kind: FileKind | None = None) -> Layout:
    """Where each role stands in `header`. Raises CannotRead that names the columns found and those expected."""
    found = recognise(header)
    if kind and mapping.kind and mapping.kind is not kind:
        wrong = _('Afbildningen er til {other}, ikke {kind}. Ret kind = "{other}", eller læs filen ind som {other}.')
        raise CannotRead(wrong.format(other=mapping.kind, kind=kind))
    if kind is FileKind.CSV and not mapping.kind and found not in (None, kind):
        wrong = _(
            "{file} ligner {found}. Læs den ind med: hovedindgang import {found}\n"
            'Er den alligevel et register for sig, så skriv kind = "csv" i en afbildning.'
        )
        raise CannotRead(wrong.format(file=file_name, found=found))
    kind = kind or mapping.kind or found
    if kind is None:
        raise CannotRead(_columns_wrong(file_name, header, FileKind.EVENTLOG))
    mapping = replace(mapping, kind=kind)
    places = _placed(file_name, header, mapping, kind)
    if any(role not in places for role in NEEDED[kind]):
        raise CannotRead(_columns_wrong(file_name, header, kind))
    records = mapping.records or _RECORDS.get(kind, RecordKind.TICKET)
    names = {role: header[place] for role, place in places.items()}
    return Layout(kind, mapping.system or kind, records, places, names, mapping)


def _placed(file_name: str, header: list[str], mapping: Mapping, kind: FileKind) -> dict[str, int]:
    """Role → place: as the mapping says, and by their usual names the rest. A column serves one role only."""
    mapped: dict[str, int] = {}
    for role, name in mapping.columns.items():
        if role not in COLUMNS[kind]:
            wrong = _('Afbildningen: rollen "{role}" findes ikke for {kind}. Her kan stå: {choices}.')
            raise CannotRead(wrong.format(role=role, kind=kind, choices=", ".join(COLUMNS[kind])))
        if name not in header:
            wrong = _('{file} har ingen kolonne "{column}". Den har: {columns}.')
            raise CannotRead(wrong.format(file=file_name, column=name, columns=_listed(header)))
        mapped[role] = header.index(name)
    _refuse_person(file_name, header, mapped, COLUMNS[kind]["resource"])
    _refuse_two_roles(header, mapped)
    usual = places_of(header, COLUMNS[kind])
    places = {role: n for role, n in usual.items() if role not in mapped and n not in mapped.values()} | mapped
    _refuse_like_names(file_name, header, places)
    return places


def _refuse_person(file_name: str, header: list[str], mapped: dict[str, int], names: tuple[str, ...]) -> None:
    """Whoever calls the employee a group, a channel or an activity would get figures of each employee."""
    for role, place in mapped.items():
        if role != "resource" and (place == mapped.get("resource") or is_named(header[place], names)):
            wrong = _(
                '{file}: "{column}" er medarbejderen og kan ikke være {role}. Der vises ingen tal pr. medarbejder.'
            )
            raise CannotRead(wrong.format(file=file_name, column=header[place], role=role))


def _refuse_two_roles(header: list[str], mapped: dict[str, int]) -> None:
    first: dict[int, str] = {}
    for role, place in mapped.items():
        if place in first:
            wrong = _('Afbildningen: kolonnen "{column}" er sat som både {one} og {other}. Den kan kun være det ene.')
            raise CannotRead(wrong.format(column=header[place], one=first[place], other=role))
        first[place] = role


def _refuse_like_names(file_name: str, header: list[str], places: dict[str, int]) -> None:
    for place in places.values():
        if header.count(header[place]) > 1:
            wrong = _('{file} har {n} kolonner, der hedder "{column}". Giv dem hver sit navn i filens første linje.')
            raise CannotRead(wrong.format(file=file_name, n=header.count(header[place]), column=header[place]))


def _columns_wrong(file_name: str, header: list[str], kind: FileKind) -> str:
    needed = ", ".join(f"{role} ({', '.join(COLUMNS[kind][role][:2])})" for role in NEEDED[kind])
    wrong = _(
        "{file} har ikke de kolonner, der skal til.\n"
        "Fundet: {found}.\n"
        "Der skal mindst være ({kind}): {needed}.\n"
        "Hedder de noget andet, så skriv en afbildning og giv den med --mapping:\n"
        "{example}"
    )
    known = places_of(header, COLUMNS[kind])
    others = iter(name for place, name in enumerate(header) if place not in known.values())
    names = [header[known[role]] if role in known else next(others, "") for role in NEEDED[kind]]
    example = "\n".join(
        [
            f'  kind = "{kind}"',
            "  [columns]",
            *(f'  {r} = "{mask_cpr(n) or "…"}"' for r, n in zip(NEEDED[kind], names, strict=True)),
        ]
    )
    return wrong.format(file=file_name, found=_listed(header), kind=kind, needed=needed, example=example)


def _listed(header: list[str]) -> str:
    # A file without names may begin with a row about a person.
    shown = [mask_cpr(name)[:40] or _("(uden navn)") for name in header[:30]]
    return ", ".join(shown) + (" …" if len(header) > 30 else "")


def folded(value: str) -> str:
    """A queue or place as it is compared: without case and without spaces at its ends or doubled within."""
    return " ".join(value.split()).casefold()


def key_of(table: dict[str, str], *values: str) -> str:
    """What the first of `values` that the table knows is mapped to; "" if none."""
    return next((found for value in values if value and (found := table.get(folded(value)))), "")
