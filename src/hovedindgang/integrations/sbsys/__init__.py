"""A case system spoken to as SBSYS is: PascalCase JSON, journal notes in HTML, persons searched for by POST.

The names are those publicly known of SBSYS' REST service; which template, facet and fields a municipality uses it has
agreed with its supplier. Try it against the supplier's test system first. Implements `contacts.ports.CaseSystem`.
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Mapping

from django.utils.html import escape, linebreaks

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
from hovedindgang.integrations.case_rest import Rest, part, rows_of, text_of
from hovedindgang.servicemodel.document import Sensitivity

SENSITIVITY: Mapping[Sensitivity, str] = {
    Sensitivity.ORDINARY: "IkkeFortrolige",
    Sensitivity.CONFIDENTIAL: "Fortrolige",
    Sensitivity.SENSITIVE: "Foelsomme",
}
KIND: Mapping[DocumentKind, str] = {
    DocumentKind.IN: "Indgaaende",
    DocumentKind.OUT: "Udgaaende",
    DocumentKind.INTERNAL: "Internt",
}
STATE: Mapping[str, CaseState] = {
    "opstaaet": CaseState.ARISEN,
    "aktiv": CaseState.ARISEN,
    "oplyst": CaseState.INFORMED,
    "afgjort": CaseState.DECIDED,
    "bestilt": CaseState.ORDERED,
    "udfoert": CaseState.CARRIED_OUT,
    "afsluttet": CaseState.CLOSED,
}


class Sbsys:
    def __init__(self, rest: Rest | None = None) -> None:
        self._rest = rest or Rest()

    def cases_of(self, *, cpr: str) -> list[CaseFound]:
        found = self._rest.ask("POST", "/api/sager/soeg_paa_cpr", {"CprNummer": cpr})
        return [
            CaseFound(text_of(one, "Sagsnummer"), text_of(one, "SagsTitel"), _state(one))
            for one in rows_of(found, "Sager")
        ]

    def create_case(self, *, key: uuid.UUID, case: NewCase) -> Filed:
        said = self._rest.make(
            "POST",
            "/api/sager/opret_fra_skabelon",
            {
                "EksternReference": str(key),
                "SagsTitel": case.title,
                "KleNummer": case.kle,
                "Foelsomhed": SENSITIVITY[case.sensitivity],
                "ModtagetDato": case.received_on.isoformat(),
                "Parter": [{"Type": "Person", "CprNummer": cpr} for cpr in case.parties],
            },
        )
        return _filed(said)

    def add_note(self, *, key: uuid.UUID, case_number: str, note: NewNote) -> Filed:
        said = self._rest.make(
            "POST",
            f"/api/sager/{part(case_number)}/journalnotater",
            {
                "EksternReference": str(key),
                "Overskrift": note.title,
                "NotatHtml": linebreaks(escape(note.text)),  # it is shown as HTML there
                "Retning": KIND[note.kind],
                "NotatDato": note.on.isoformat(),
            },
        )
        return _filed(said)

    def add_document(self, *, key: uuid.UUID, case_number: str, document: NewDocument) -> Filed:
        said = self._rest.make(
            "POST",
            f"/api/sager/{part(case_number)}/dokumenter",
            {
                "EksternReference": str(key),
                "Titel": document.title,
                "Filnavn": document.name,
                "Mimetype": document.media_type,
                "DokumentArt": KIND[document.kind],
                "DokumentDato": document.on.isoformat(),
                "Indhold": base64.b64encode(document.content).decode("ascii"),
            },
        )
        return _filed(said)

    def find_by_key(self, *, key: uuid.UUID) -> Filed | None:
        found = self._rest.ask("GET", f"/api/opslag/ekstern_reference/{key}")
        rows = rows_of(found, "Elementer")
        if len(rows) > 1:
            raise Several("several")
        return _filed(rows[0]) if rows else None

    def state_of(self, *, case_number: str) -> CaseState:
        return _state(self._rest.ask("GET", f"/api/sager/{part(case_number)}"))


def _filed(said: object) -> Filed:
    return Filed(text_of(said, "Id"), text_of(said, "Sagsnummer"))


def _state(said: object) -> CaseState:
    word = said.get("SagsTilstand") if isinstance(said, dict) else None
    return STATE.get(str(word).casefold().replace("å", "aa").replace("ø", "oe"), CaseState.UNKNOWN)
