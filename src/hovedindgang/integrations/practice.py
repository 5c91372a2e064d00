"""The practice house's outside world: nothing leaves, and what would have is written down. Implements the ports."""

from __future__ import annotations

import hashlib
import uuid

from hovedindgang.contacts.ports import CaseFound, CaseState, Filed, NewCase, NewDocument, NewNote
from hovedindgang.practice.actions import would_have_sent
from hovedindgang.practice.queries import was_not_sent
from hovedindgang.practice.rules import What
from hovedindgang.safety.ports import AlarmTold

INVENTED_CASE = "OEVE-1"
TITLE = "Opdigtet sag til øvelse"


class NoCaseSystem:
    """A case system in which everybody has one invented case, and that takes what it is given."""

    def cases_of(self, *, cpr: str) -> list[CaseFound]:
        return [CaseFound(INVENTED_CASE, TITLE, CaseState.INFORMED)]

    def create_case(self, *, key: uuid.UUID, case: NewCase) -> Filed:
        would_have_sent(what=What.CASE, number=str(key))
        return _filed(key)

    def add_note(self, *, key: uuid.UUID, case_number: str, note: NewNote) -> Filed:
        would_have_sent(what=What.NOTE, number=str(key))
        return Filed(str(key), case_number)

    def add_document(self, *, key: uuid.UUID, case_number: str, document: NewDocument) -> Filed:
        would_have_sent(what=What.DOCUMENT, number=str(key))
        return Filed(str(key), case_number)

    def find_by_key(self, *, key: uuid.UUID) -> Filed | None:
        return _filed(key) if was_not_sent(number=str(key)) else None

    def state_of(self, *, case_number: str) -> CaseState:
        return CaseState.INFORMED


def _filed(key: uuid.UUID) -> Filed:
    """A number that says what it is, and that nobody else's case has."""
    return Filed(str(key), f"OEVE-{key.hex[:8].upper()}")


class NoAlarm:
    """The house's alarm is not told; the colleagues' screens in the practice house are."""

    def pass_on(self, alarm: AlarmTold) -> None:
        would_have_sent(what=What.ALARM, number=str(alarm.number))


class NoArchive:
    """What the archive would have been given is counted as given, and lies nowhere."""

    def __init__(self, folder: str) -> None:
        """`folder` is what the settings say; nothing is written in any."""

    def deposit(self, *, name: str, content: bytes) -> str:
        digest = hashlib.sha256(content).hexdigest()
        would_have_sent(what=What.ARCHIVE, number=digest[:40])
        return f"oeve {digest}"

    def holds(self, *, receipt: str, content: bytes) -> bool:
        return receipt == f"oeve {hashlib.sha256(content).hexdigest()}"
