"""Case systems that are not there: they keep what they were asked to make, and break as they are told to.

`Fake.faults` says what happens to each create in turn, "" or the end of the list that nothing does. Nobody
waits: what is delayed arrives when the test says so, and the line is cut instead of left open until a timeout.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

CUT_BEFORE, CUT_AFTER, LATE, REPEAT, HALF = "cut_before", "cut_after", "late", "repeat", "half"
REFUSE, BUSY, BROKEN_BEFORE, BROKEN_AFTER = "refuse", "busy", "broken_before", "broken_after"
NESTED = "nested"  # made, and the answer is more brackets than anybody can read
FAULTS = (CUT_BEFORE, CUT_AFTER, LATE, REPEAT, HALF, REFUSE, BUSY, BROKEN_BEFORE, BROKEN_AFTER, NESTED)


@dataclass
class Fake:
    """`keyed`: the same key again makes nothing new, as a case system should have it and not all do."""

    keyed: bool = False
    deaf: bool = False  # cannot be asked by our key: answers 404
    faults: list[str] = field(default_factory=list)
    made: list[tuple[str, dict[str, Any]]] = field(default_factory=list)  # (our key, what it was asked to make)
    later: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    seen: list[tuple[str, str, str, str]] = field(default_factory=list)  # method, path, body, authorisation

    def make(self, key: str, said: dict[str, Any]) -> dict[str, Any]:
        if not (self.keyed and self.of(key)):
            self.made.append((key, said))
        return self.named(key)

    def of(self, key: str) -> list[dict[str, Any]]:
        return [said for one, said in self.made if one == key]

    def named(self, key: str) -> dict[str, Any]:
        number = 1 + next(place for place, (one, _said) in enumerate(self.made) if one == key)
        said = self.made[number - 1][1]
        case = said.get("caseNumber") or said.get("Sagsnummer") or f"27.00.00-G01-{number}-26"
        return {"Id": number, "Sagsnummer": case, "uuid": key, "caseNumber": case}

    def arrive(self) -> None:
        """What was under way comes to its end."""
        for key, said in self.later:
            self.make(key, said)
        self.later.clear()

    def next_fault(self) -> str:
        return self.faults.pop(0) if self.faults else ""


class Handler(BaseHTTPRequestHandler):
    fake: Fake

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        text = self.rfile.read(length).decode()
        body = json.loads(text) if text else {}
        self.fake.seen.append((self.command, self.path, text, self.headers.get("Authorization", "")))
        key = self._key(body)
        if self.command == "POST" and key:
            self._create(key, body)
        elif key:
            rows = [self.fake.named(key) for _one in self.fake.of(key)]
            self._answer(404 if self.fake.deaf else 200, {"Elementer": rows, "objects": rows})
        else:
            case = {"Sagsnummer": "1-26", "SagsTitel": "Byggesag", "SagsTilstand": "Udført"}
            case |= {"caseNumber": "1-26", "title": "Byggesag", "progressState": "Udfoert"}
            self._answer(200, {"Sager": [case], "cases": [case], **case})

    do_GET = do_POST = do_PUT = _serve

    def _key(self, body: dict[str, Any]) -> str:
        if "/ekstern_reference/" in self.path:
            return self.path.rsplit("/", 1)[1]
        return str(body.get("EksternReference") or body.get("common", {}).get("uuid") or "")

    def _create(self, key: str, body: dict[str, Any]) -> None:
        if "/api/sager/" in self.path and "opret" not in self.path:
            body["Sagsnummer"] = self.path.split("/")[3]
        fault = self.fake.next_fault()
        if fault in {REFUSE, BUSY, BROKEN_BEFORE}:
            self._answer({REFUSE: 422, BUSY: 429, BROKEN_BEFORE: 502}[fault], {"Fejl": "borger 0101010101"})
            return
        if fault == LATE:
            self.fake.later.append((key, body))
        if fault in {CUT_BEFORE, LATE}:
            self.close_connection = True
            return
        named = self.fake.make(key, body)
        if fault == REPEAT:
            self.fake.make(key, body)
        if fault == CUT_AFTER:
            self.close_connection = True
        elif fault == NESTED:
            self._answer(201, b"[" * 100_000)
        elif fault == BROKEN_AFTER:
            self._answer(500, {})
        else:
            self._answer(201, named, half=fault == HALF)

    def _answer(self, status: int, said: object, *, half: bool = False) -> None:
        content = said if isinstance(said, bytes) else json.dumps(said).encode()
        self.close_connection = True
        with contextlib.suppress(ConnectionError):  # whoever asked may have been killed meanwhile
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[: len(content) // 2] if half else content)


def serving(fake: Fake) -> tuple[str, Callable[[], None]]:
    """(its address, how it is closed)."""
    handler = type("OneHandler", (Handler,), {"fake": fake})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = False  # closing waits for them, so that no thread outlives its test
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()

    def close() -> None:
        server.shutdown()
        server.server_close()
        thread.join()

    return f"http://127.0.0.1:{server.server_address[1]}", close


@dataclass
class Collector:
    """What empties the folder: it makes a thing once for a key, and leaves a receipt."""

    folder: Path
    fake: Fake

    def collect(self) -> None:
        for place in sorted(self.folder.glob("*.json")):
            if not place.name.endswith(".receipt.json"):
                self._one(place)

    def _one(self, place: Path) -> None:
        said = json.loads(place.read_text(encoding="utf-8"))
        key, fault = said["key"], self.fake.next_fault()
        receipt = self.folder / f"{key}.receipt.json"
        if fault == REFUSE:
            receipt.write_text(json.dumps({"key": key, "refused": "no_such_case"}), encoding="utf-8")
        elif fault not in {CUT_BEFORE, LATE, BUSY, BROKEN_BEFORE}:
            said["caseNumber"] = said.get("case")
            named = self.fake.make(key, said)
            if fault == REPEAT:
                self.fake.make(key, said)
            text = json.dumps({"key": key, "id": str(named["Id"]), "case": named["caseNumber"]})
            if fault in {CUT_AFTER, BROKEN_AFTER}:
                return
            receipt.write_text(text[: len(text) // 2] if fault == HALF else text, encoding="utf-8")
            if fault == HALF:
                return
        else:
            return
        place.unlink()
