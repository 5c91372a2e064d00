"""What this room needs from elsewhere: what higher rooms show beside a contact or a citizen's history, and the
municipality's case system (ESDH)."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string

from hovedindgang.people.models import Employee
from hovedindgang.servicemodel.document import Sensitivity


@dataclass(frozen=True, slots=True)
class BesideLine:
    """`url` is empty where she may not open it."""

    text: str
    badge: str = ""
    late: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True)
class Beside:
    """A small panel: a heading, what there is, and where she adds to it."""

    heading: str
    lines: tuple[BesideLine, ...]
    add_text: str = ""
    add_url: str = ""


class ShowsBeside(Protocol):
    def __call__(
        self, employee: Employee, *, contact_id: int | None = None, citizen_id: int | None = None
    ) -> Beside | None:
        """What there is to show of one contact or of one citizen; the page it stands on has logged its look-up."""


def beside(employee: Employee, *, contact_id: int | None = None, citizen_id: int | None = None) -> list[Beside]:
    """All that higher rooms show there; nothing in a house without them."""
    shows: list[ShowsBeside] = [import_string(name) for name in settings.BESIDE_CONTACTS]
    found = (show(employee, contact_id=contact_id, citizen_id=citizen_id) for show in shows)
    return [one for one in found if one is not None]


class CaseState(StrEnum):
    """How far a case is, in the field's own words and order: opstået, oplyst, afgjort, bestilt, udført, afsluttet."""

    ARISEN = "arisen"
    INFORMED = "informed"
    DECIDED = "decided"
    ORDERED = "ordered"
    CARRIED_OUT = "carried_out"
    CLOSED = "closed"
    UNKNOWN = "unknown"  # it said a word that we do not know


class DocumentKind(StrEnum):
    IN = "in"  # indgående
    OUT = "out"  # udgående
    INTERNAL = "internal"  # internt


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """`parties` are CPRs; they are never in what is printed of this. No name and no address goes along: the case system
    has its own from CPR, with the protection that is in force there."""

    title: str
    kle: str  # "" where the model says none
    sensitivity: Sensitivity
    received_on: dt.date
    parties: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNote:
    """Journalnotat. `on` is the day it came in, or went out."""

    title: str
    text: str = field(repr=False)
    kind: DocumentKind
    on: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDocument:
    title: str
    kind: DocumentKind
    on: dt.date
    name: str = field(repr=False)  # of the file
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Filed:
    """Where it lies: the case system's own id of what was made, and the number of the case as people say it."""

    outside_id: str
    case_number: str


@dataclass(frozen=True, slots=True)
class CaseFound:
    case_number: str
    title: str
    state: CaseState


class CaseSystemProblem(Exception):
    """`code` is short and safe to keep and to log: no text of the case system, which may name somebody."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code[:20]


class NotReached(CaseSystemProblem):
    """It certainly did not get it: it may be sent again."""


class NoAnswer(CaseSystemProblem):
    """It may have got it. Nothing is known until it is asked, or a person looks."""


class UnderWay(CaseSystemProblem):
    """It lies where the case system collects it, and the receipt has not come. Others may be sent meanwhile."""


class SaidNo(CaseSystemProblem):
    """It answered that it will not: nothing was made."""


class CannotBeAsked(CaseSystemProblem):
    """It does not find things by our key."""


class Several(CaseSystemProblem):
    """More than one thing was made by our key."""


class CaseSystem(Protocol):
    """Sags- og dokumentsystem. Every call may raise NotReached, NoAnswer, UnderWay or SaidNo.

    A create is called once for a key and is not repeated by the adapter, however it goes. `key` goes along as our
    reference, by which `find_by_key` finds what was made.
    """

    def cases_of(self, *, cpr: str) -> list[CaseFound]:
        """The cases in which this person is a party; the CPR never stands in an address or a log."""

    def create_case(self, *, key: uuid.UUID, case: NewCase) -> Filed: ...

    def add_note(self, *, key: uuid.UUID, case_number: str, note: NewNote) -> Filed: ...

    def add_document(self, *, key: uuid.UUID, case_number: str, document: NewDocument) -> Filed: ...

    def find_by_key(self, *, key: uuid.UUID) -> Filed | None:
        """What was made by this key; None: it says that it has none. Raises CannotBeAsked, Several.

        SaidNo here means that it refused to make this; that it would not answer is NoAnswer.
        """

    def state_of(self, *, case_number: str) -> CaseState: ...


def case_system() -> CaseSystem | None:
    """The one that the settings name; None: this house has none, and people journalise by hand."""
    if not settings.CASE_SYSTEM:
        return None
    return cast(CaseSystem, import_string(settings.CASE_SYSTEM_ADAPTERS[settings.CASE_SYSTEM])())
