"""Every parser that takes what comes from outside, with what it may say no with, and examples of what it is meant for.

A parser is a function of a text or of bytes. What it raises beside its own refusals is a crash.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
from django.http import QueryDict

from hovedindgang.contacts import forms as contact_forms
from hovedindgang.contacts.actions.checking import check_times
from hovedindgang.contacts.rules import Refused
from hovedindgang.desk import forms as desk_forms
from hovedindgang.desk import reading as desk_reading
from hovedindgang.desk import views_missing
from hovedindgang.governance import forms as governance_forms
from hovedindgang.insight import forms as insight_forms
from hovedindgang.insight import periods
from hovedindgang.kernel.logs import without_cpr
from hovedindgang.oversight import commands as oversight_commands
from hovedindgang.oversight import pages as oversight_pages
from hovedindgang.people import actions as people
from hovedindgang.people import citizen_forms, protection, rectifying
from hovedindgang.people.models import Citizen, Protection
from hovedindgang.people.rules import BadCpr, PeopleRefused, born_on, cprs_in, name_key, parse_cpr
from hovedindgang.privacy import forms as privacy_forms
from hovedindgang.privacy.rules import PrivacyRefused
from hovedindgang.registers.instants import BadInstant, Instants, format_of, is_format
from hovedindgang.registers.looking import CannotRead
from hovedindgang.registers.mapping import Mapping, load_mapping
from hovedindgang.registers.records import count_registrations, read_register
from hovedindgang.registers.report import opened
from hovedindgang.registers.rules import FileKind, holds_cpr, is_nothing, mask_cpr
from hovedindgang.registers.steps import read_log
from hovedindgang.safety import forms as safety_forms
from hovedindgang.safety.rules import Refused as RefusedBySafety
from hovedindgang.servicemodel.asking import Day
from hovedindgang.servicemodel.loading import examine, texts
from hovedindgang.servicemodel.problems import ModelInvalid

ROOT = Path(__file__).resolve().parents[2]
TODAY = dt.date(2026, 3, 11)


@dataclass(frozen=True)
class Parser:
    """`longest`: as many characters or bytes as it is promised to be quick with."""

    name: str
    read: Callable[[Any], object]
    refusals: tuple[type[Exception], ...]
    examples: tuple[str | bytes, ...]
    longest: int = 20_000

    @property
    def of_bytes(self) -> bool:
        return isinstance(self.examples[0], bytes)


# --------------------------------------------------------------------------------------------------------------- CSV

_TICKETS = (
    "nr;type;sted;oprettet;kaldt;afsluttet\n1;ticket;aabybro;2026-03-02 09:00;2026-03-02 09:05;2026-03-02 09:15\n"
)
_CALLS = (
    "Call ID,Queue,Start Time (UTC),Answered Time (UTC),End Time (UTC),Result\n"
    "a1,Omstilling,2026-03-02 09:00:00,2026-03-02 09:00:20,2026-03-02 09:05:00,Answered\n"
)
_LOG = (
    "case:concept:name,concept:name,time:timestamp,org:resource,org:group\n"
    "173688,A_SUBMITTED,2011-10-01T00:38:44.546+02:00,112,Front\n"
)
_MAPPING = (
    'kind = "csv"\nsystem = "Tællere"\n[columns]\nid = "nr"\n[formats]\nzone = "Europe/Copenhagen"\n'
    '[centres]\naabybro = "aabybro"\n'
)


def table(kind: FileKind, folder: Path) -> Callable[[bytes], object]:
    """Everything of a file but the writing down of its rows."""

    def read(content: bytes) -> object:
        path = folder / "fil.csv"
        path.write_bytes(content)
        found, layout = opened(path, Mapping(system="Prøve"), kind)
        return read_log(found, layout) if kind is FileKind.EVENTLOG else read_register(found, layout)

    return read


def by_mapping(folder: Path) -> Callable[[bytes], object]:
    def read(content: bytes) -> object:
        path = folder / "afbildning.toml"
        path.write_bytes(content)
        return load_mapping(path)

    return read


def registrations(folder: Path) -> Callable[[bytes], object]:
    def read(content: bytes) -> object:
        path = folder / "registration.csv"
        path.write_bytes(content)
        return count_registrations(path)

    return read


def csv_parsers(folder: Path) -> list[Parser]:
    examples = tuple(text.encode(how) for text in (_TICKETS, _CALLS, _LOG) for how in ("utf-8", "utf-16", "cp1252"))
    examples += (("sep=;\n" + _TICKETS).encode(), _TICKETS.replace("aabybro", '"åby;bro"').encode("cp1252"))
    tables = [Parser(f"{kind} file", table(kind, folder), (CannotRead,), examples, 200_000) for kind in FileKind]
    mapping = Parser("mapping file", by_mapping(folder), (CannotRead,), (_MAPPING.encode(),), 200_000)
    counted = b"OperationId;Andet\n17;x\n17;y\n"
    return [*tables, mapping, Parser("registration file", registrations(folder), (CannotRead,), (counted,), 200_000)]


# ------------------------------------------------------------------------------------------------------------- model


def _examined(text: str) -> object:
    model, problems = examine(text, name="model.toml", includes={"catalogue.toml": "[services.x]\n"})
    assert (model is None) == any(problem.severity == "error" for problem in problems)
    return [str(problem) for problem in problems]


def from_file(folder: Path) -> Callable[[bytes], object]:
    def read(content: bytes) -> object:
        path = folder / "model.toml"
        path.write_bytes(content)
        return texts(path)

    return read


def model_parsers(folder: Path) -> list[Parser]:
    broken = sorted((ROOT / "src/hovedindgang/servicemodel/tests/broken").glob("*.toml"))
    small = ROOT / "src/hovedindgang/policy/tests/small.toml"
    models = tuple(path.read_text(encoding="utf-8") for path in [small, *broken])
    return [
        Parser("service model", _examined, (), models, 50_000),
        Parser("model file", from_file(folder), (ModelInvalid,), tuple(text.encode() for text in models), 50_000),
    ]


# ------------------------------------------------------------------------------------------------------------ e-mail


def _told(text: str) -> object:
    her = Citizen(name="Anna Prøve", email=text[:120], phone="12 34 56 78", address="Prøvevej 7, 1. tv.")
    her.protection = Protection.THREAT
    return protection.told_in(text, her)


def email_parsers(folder: Path) -> list[Parser]:
    addresses = ("anna@kommune.example", "a.b+c@xn--brge-sra.dk", '"anna b"@kommune.dk', "anna@[127.0.0.1]", "æ@ø.dk")
    return [
        Parser("e-mail address", people._is_email, (), addresses),
        Parser("what a text tells of her", _told, (), (*addresses, "Anna Prøve, Prøvevej 7", "12345678")),
        Parser("name", name_key, (), ("Anna Prøve", "Åse Ærø-Øster", *addresses)),
    ]


# --------------------------------------------------------------------------------------------------------------- CPR


def _found(text: str) -> object:
    found = cprs_in(text)
    for one in found:
        assert parse_cpr(one.cpr) == one.cpr
        assert born_on(one.cpr)
    return found


def cpr_parsers(folder: Path) -> list[Parser]:
    numbers = ("610190-1234", "6101901234", "61 01 90 1234", "61.01.90–1234", "  ٦١٠١٩٠-١٢٣٤", "12.11.26 1430")
    told = tuple(f"Hun siger {number}, og han {number}." for number in numbers)
    return [
        Parser("CPR as typed", parse_cpr, (BadCpr,), numbers),
        Parser("CPRs in a text", _found, (), told),
        Parser("CPRs kept out of a log", without_cpr, (), told),
        Parser("CPRs kept out of a register", mask_cpr, (), told),
        Parser("whether a cell holds a CPR", lambda text: (holds_cpr(text), is_nothing(text)), (), told),
    ]


# ------------------------------------------------------------------------------------------------------------- dates

_DAYS = ("2026-03-11", "11.3.2026", "11-03-2026", "11/3/2026", "31.12.9999", "0001-01-01", "20260311", "2026-W11-3")
_TIMES = ("9.30", "09:30", "23:59:59", "0930", "09:30+01:00", "T09")
_INSTANTS = (
    *("2026-03-11T09:30:00+01:00", "2026-03-11 09:30", "11.03.2026 kl. 9.30", "1712031200000", "46092,5"),
    *("29-03-2026 02:45:10,123", "2026/03/11 09:30:00 UTC", "11/03/2026 9:30 PM", "0001-01-01T00:00:00"),
)


def _field(read: Callable[[Any, str], object]) -> Callable[[str], object]:
    return lambda text: read({"on": text}, "on")


def _query(read: Callable[[QueryDict, str], object]) -> Callable[[str], object]:
    def asked(text: str) -> object:
        sent = QueryDict(mutable=True)
        sent["on"] = text
        return read(sent, "on")

    return asked


def _errors(read: Callable[..., object]) -> Callable[[str], object]:
    return lambda text: read("on", text, {})


def _at_the_desk(text: str) -> object:
    read = desk_reading.Reader()
    return read.day("on", text), read.time("at", text)


def _period(text: str) -> object:
    first, _sign, last = text.partition(" ")
    asked = {"from": first, "to": last, "period": "custom", "fra": first, "til": last}
    return periods.read_period(asked, TODAY), oversight_pages.read_period(asked, TODAY)


def _times_of_contact(text: str) -> object:
    day, _sign, time = text.partition(" ")
    return contact_forms.times({"on": day, "from_time": time, "to_time": time})


def _of_breach(text: str) -> object:
    sent = QueryDict(mutable=True)
    sent.update({"discovered_at": text, "first_on": text, "last_on": text})
    return privacy_forms.breach_typed(sent)


def _instants(text: str) -> object:
    read = Instants(ZoneInfo("Europe/Copenhagen"))
    at = read.read(text)
    if at is not None:
        at.astimezone(dt.UTC)
        check_times(at, at)
    return at


def _by_format(format: str, text: str) -> object:
    return Instants(ZoneInfo("Europe/Copenhagen"), format).read(text)


def _format(text: str) -> object:
    return is_format(text), format_of(text)


def date_parsers(folder: Path) -> list[Parser]:
    plain = {
        "at the desk": (_at_the_desk, ()),
        "of a contact": (_field(contact_forms.day), (Refused,)),
        "of a contact's times": (_times_of_contact, (Refused,)),
        "on a citizen's page": (citizen_forms.day, (ValueError,)),
        "of safety": (_query(safety_forms._day), (RefusedBySafety,)),
        "of a decision": (_errors(governance_forms.day_typed), ()),
        "of opening hours": (_errors(governance_forms._time_typed), ()),
        "of a request": (_errors(privacy_forms.day_typed), ()),
        "of a breach": (_of_breach, (PrivacyRefused,)),
        "of a count": (insight_forms._day, ()),
        "of a period": (_period, ()),
        "of arrivals": (views_missing._day, ()),
        "of birth": (rectifying._day, (PeopleRefused,)),
        "in a command": (lambda text: Day().convert(text, None, None), (click.BadParameter,)),
        "of a month in a command": (
            lambda text: oversight_commands.Month().convert(text, None, None),
            (click.BadParameter,),
        ),
        "when she sat down": (desk_forms._sat_down, ()),
        "where a history goes on": (contact_forms.cursor, ()),
        "where a print goes on": (oversight_pages.read_place, ()),
        "a row's number": (_number, (Refused,)),
    }
    texts_of = (*_DAYS, *_TIMES, *_INSTANTS, "2026-03-11 9.30", "2026-01-01 2026-03-31", "2026-03-11T09:30:00+01:00,7")
    found = [
        Parser(f"day or time, {name}", read, refusals, (*texts_of, "2026-03-11T09:30:00+00:00_7", "#4711", "2026-03"))
        for name, (read, refusals) in plain.items()
    ]
    for format in ("", "unix", "unix_ms", "excel", "%d/%m/%Y %H:%M", "%Y%m%d%H%M%S"):
        read = partial(_by_format, format) if format else _instants
        found.append(Parser(f"instant of a register {format}".strip(), read, (BadInstant,), _INSTANTS))
    found.append(Parser("format of a register's times", _format, (), ("%d/%m/%Y %H:%M", "excel", *_INSTANTS)))
    return found


def _number(text: str) -> object:
    number = contact_forms.number({"on": text}, "on")
    assert number is None or 0 <= number < 2**63, "no database has such a row"
    return number


GROUPS: dict[str, Callable[[Path], list[Parser]]] = {
    "CSV": csv_parsers,
    "model": model_parsers,
    "e-mail address": email_parsers,
    "CPR": cpr_parsers,
    "date": date_parsers,
}
