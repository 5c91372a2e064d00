"""A case system spoken to as KMD Nova is: camelCase JSON, one body for all, things named by the caller's own UUID.

The words (parties, proceeding, sensitivity, progress state) are those publicly known of it; addresses and required
fields a municipality has agreed with its supplier. Try it against the supplier's test system first. Implements
`contacts.ports.CaseSystem`.
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Mapping

from hovedindgang.contacts.ports import (
    CaseFound,
    CaseState,
    DocumentKind,
    Filed,
    NewCase,
    NewDocument,
    NewNote,
    Several,
)
from hovedindgang.integrations.case_rest import Rest, rows_of, text_of
from hovedindgang.servicemodel.document import Sensitivity

SENSITIVITY: Mapping[Sensitivity, str] = {
    Sensitivity.ORDINARY: "IkkeFortrolige",
    Sensitivity.CONFIDENTIAL: "Fortrolige",
    Sensitivity.SENSITIVE: "Følsomme",
}
KIND: Mapping[DocumentKind, str] = {
    DocumentKind.IN: "Indgående",
    DocumentKind.OUT: "Udgående",
    DocumentKind.INTERNAL: "Internt",
}
STATE: Mapping[str, CaseState] = {
    "Opstaaet": CaseState.ARISEN,
    "Oplyst": CaseState.INFORMED,
    "Afgjort": CaseState.DECIDED,
    "Bestilt": CaseState.ORDERED,
    "Udfoert": CaseState.CARRIED_OUT,
    "Afsluttet": CaseState.CLOSED,
}


class Nova:
    def __init__(self, rest: Rest | None = None) -> None:
        self._rest = rest or Rest()

    def cases_of(self, *, cpr: str) -> list[CaseFound]:
        party = {"partyIdentificationType": "CprNummer", "identification": cpr}
        found = self._rest.ask("PUT", "/api/case/getList", {"common": _common(), "caseParty": party})
        return [
            CaseFound(text_of(one, "caseNumber"), text_of(one, "title"), _state(one)) for one in rows_of(found, "cases")
        ]

    def create_case(self, *, key: uuid.UUID, case: NewCase) -> Filed:
        said = self._rest.make(
            "POST",
            "/api/case/import",
            {
                "common": _common(key),
                "caseAttributes": {"title": case.title, "caseDate": case.received_on.isoformat()},
                "caseClassification": {"kleNumber": {"code": case.kle}},
                "sensitivity": {"sensitivity": SENSITIVITY[case.sensitivity]},
                "caseParties": [
                    {"partyIdentificationType": "CprNummer", "identification": cpr, "partyRole": role}
                    for cpr, role in zip(case.parties, ["Primær", *["Sekundær"] * len(case.parties)], strict=False)
                ],
            },
        )
        return _filed(said)

    def add_note(self, *, key: uuid.UUID, case_number: str, note: NewNote) -> Filed:
        said = self._rest.make(
            "POST",
            "/api/case/journalNote/import",
            {
                "common": _common(key),
                "caseNumber": case_number,
                "title": note.title,
                "text": note.text,
                "direction": KIND[note.kind],
                "journalDate": note.on.isoformat(),
            },
        )
        return _filed(said)

    def add_document(self, *, key: uuid.UUID, case_number: str, document: NewDocument) -> Filed:
        said = self._rest.make(
            "POST",
            "/api/document/import",
            {
                "common": _common(key),
                "caseNumber": case_number,
                "title": document.title,
                "fileName": document.name,
                "mediaType": document.media_type,
                "documentType": KIND[document.kind],
                "documentDate": document.on.isoformat(),
                "content": base64.b64encode(document.content).decode("ascii"),
            },
        )
        return _filed(said)

    def find_by_key(self, *, key: uuid.UUID) -> Filed | None:
        found = self._rest.ask("PUT", "/api/object/getList", {"common": _common(key)})
        rows = rows_of(found, "objects")
        if len(rows) > 1:
            raise Several("several")
        return _filed(rows[0]) if rows else None

    def state_of(self, *, case_number: str) -> CaseState:
        found = self._rest.ask("PUT", "/api/case/getList", {"common": _common(), "caseNumber": case_number})
        rows = rows_of(found, "cases")
        return _state(rows[0]) if rows else CaseState.UNKNOWN


def _common(key: uuid.UUID | None = None) -> dict[str, str]:
    """`uuid` names what is made; `transactionId` the call."""
    return {"transactionId": str(uuid.uuid4()), **({"uuid": str(key)} if key else {})}


def _filed(said: object) -> Filed:
    return Filed(text_of(said, "uuid"), text_of(said, "caseNumber"))


def _state(said: object) -> CaseState:
    word = said.get("progressState") if isinstance(said, dict) else None
    return STATE.get(str(word), CaseState.UNKNOWN)
