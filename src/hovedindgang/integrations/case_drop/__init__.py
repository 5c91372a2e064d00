"""A case system that collects files from a folder and leaves a receipt beside each.

`KEY.json` is written whole or not at all, once; the case system reads it, makes what it says, and writes
`KEY.receipt.json`: ``{"key": …, "id": …, "case": …}``, or ``{"key": …, "refused": "code"}``. It takes `KEY.json` away
only when the receipt lies there, and the receipt stays. Of persons and cases it cannot be asked. The folder is made by
the operator: one that is missing may be a disk that is not there. Implements `contacts.ports.CaseSystem`.
"""

from __future__ import annotations

import base64
import json
import os
import re
import uuid
from pathlib import Path
from typing import Any

from django.conf import settings

from hovedindgang.contacts.ports import (
    CannotBeAsked,
    CaseFound,
    CaseState,
    Filed,
    NewCase,
    NewDocument,
    NewNote,
    NoAnswer,
    NotReached,
    SaidNo,
    UnderWay,
)

_CODE = re.compile(r"[a-z0-9_-]{1,20}\Z")


class CaseDrop:
    def __init__(self, folder: str = "") -> None:
        self._folder = Path(folder or settings.CASES_ADDRESS)

    def cases_of(self, *, cpr: str) -> list[CaseFound]:
        raise CannotBeAsked("drop")

    def state_of(self, *, case_number: str) -> CaseState:
        raise CannotBeAsked("drop")

    def create_case(self, *, key: uuid.UUID, case: NewCase) -> Filed:
        return self._drop(
            key,
            {
                "make": "case",
                "title": case.title,
                "kle": case.kle,
                "sensitivity": case.sensitivity.value,
                "received_on": case.received_on.isoformat(),
                "parties": [{"cpr": cpr} for cpr in case.parties],
            },
        )

    def add_note(self, *, key: uuid.UUID, case_number: str, note: NewNote) -> Filed:
        said = {"title": note.title, "text": note.text, "kind": note.kind.value, "on": note.on.isoformat()}
        return self._drop(key, {"make": "note", "case": case_number, **said})

    def add_document(self, *, key: uuid.UUID, case_number: str, document: NewDocument) -> Filed:
        content = base64.b64encode(document.content).decode("ascii")
        said = {"title": document.title, "kind": document.kind.value, "on": document.on.isoformat()}
        file = {"name": document.name, "media_type": document.media_type, "base64": content}
        return self._drop(key, {"make": "document", "case": case_number, **said, "file": file})

    def find_by_key(self, *, key: uuid.UUID) -> Filed | None:
        try:
            text = (self._folder / f"{key}.receipt.json").read_bytes()
        except FileNotFoundError:
            self._refuse_under_way(key)
            return None
        except OSError as error:
            raise NoAnswer("folder") from error
        return _receipt(key, text)

    def _refuse_under_way(self, key: uuid.UUID) -> None:
        """Nothing is raised only where the folder can be read and neither file is there: it never was written whole."""
        try:
            names = {place.name for place in self._folder.iterdir()}
        except OSError as error:
            raise NoAnswer("folder") from error
        if f"{key}.json" in names or f"{key}.receipt.json" in names:
            raise UnderWay("no_receipt")

    def _drop(self, key: uuid.UUID, said: dict[str, Any]) -> Filed:
        """The file, once; then its receipt, where it is there at once."""
        place, half = self._folder / f"{key}.json", self._folder / f".{key}.part"
        content = json.dumps({"key": str(key), **said}, ensure_ascii=False, indent=1).encode()
        try:
            with open(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise NotReached("folder") from error
        try:
            os.link(half, place)  # refuses where it lies there already
            self._settle()
        except FileExistsError:
            pass  # dropped before under this key
        except OSError as error:
            raise NoAnswer("folder") from error
        finally:
            half.unlink(missing_ok=True)
        found = self.find_by_key(key=key)
        if found is None:  # collected, and its receipt not written yet
            raise UnderWay("no_receipt")
        return found

    def _settle(self) -> None:
        opened = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def _receipt(key: uuid.UUID, text: bytes) -> Filed:
    """What the receipt says. Raises UnderWay for one that is half written, NoAnswer for one of something else."""
    try:
        said = json.loads(text)
    except ValueError as error:
        raise UnderWay("half_a_receipt") from error
    except RecursionError as error:
        raise NoAnswer("wrong_receipt") from error
    if not isinstance(said, dict) or said.get("key") != str(key):
        raise NoAnswer("wrong_receipt")
    if refused := said.get("refused"):
        raise SaidNo(refused if isinstance(refused, str) and _CODE.match(refused) else "refused")
    outside_id, case = said.get("id"), said.get("case")
    if not (isinstance(outside_id, str) and isinstance(case, str) and outside_id and case):
        raise NoAnswer("wrong_receipt")
    return Filed(outside_id, case)
