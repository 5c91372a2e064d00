"""Clients that register contacts and never give up: a lost answer is asked for again with the same key."""

from __future__ import annotations

import http.client
import json
import secrets
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random

from faults.server import Furnished, Server

PATH = "/api/v1/contacts"
PAUSE_SECONDS = 0.02
PAUSE_WHEN_TOLD_TO_WAIT = 0.2


@dataclass
class Sent:
    """One registration as its client knows it. `mark` is written in the enquiry, so that it can be found again."""

    key: uuid.UUID
    mark: str
    citizen: int
    attempts: int = 0
    contact_id: int | None = None  # what the receipt says; None: not acknowledged
    passed_on: bool = False  # with a handover: written readably, in several statements, on both databases


@dataclass
class Clients:
    """Threads that each register one contact after another through the API of `server`."""

    server: Server
    furnished: Furnished
    number: int = 4
    seed: str = "clients"
    sent: list[Sent] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)  # answers that no retry could cure
    some_passed_on: bool = False
    pause: float = 0.0  # seconds after each receipt
    patience: float = 120.0  # seconds in which a receipt must come
    unavailable: int = 0  # answers of 503 that say, as a problem, what to do
    unclear: list[str] = field(default_factory=list)  # other answers of 500 and more

    @contextmanager
    def at_work(self, *, to_the_last_receipt: bool = True) -> Iterator[Clients]:
        """On leaving, each client first gets its last receipt, so the server must be up; or all give up."""
        self._stop, self._give_up = threading.Event(), threading.Event()
        self._acknowledged = threading.Semaphore(0)
        threads = [threading.Thread(target=self._work, args=(n,), daemon=True) for n in range(self.number)]
        for thread in threads:
            thread.start()
        try:
            yield self
        finally:
            self._stop.set()
            if not to_the_last_receipt:
                self._give_up.set()
            for thread in threads:
                thread.join(timeout=90)
        if any(thread.is_alive() for thread in threads):
            raise RuntimeError("a client got no receipt though the server is up")

    def wait_for_receipts(self, number: int) -> None:
        """Until `number` more receipts have come. Raises RuntimeError when they do not."""
        for _ in range(number):
            if not self._acknowledged.acquire(timeout=self.patience):
                raise RuntimeError(f"no receipt within {self.patience:.0f} s; {[*self.refused, *self.unclear][-1:]}")

    def forget_receipts_so_far(self) -> None:
        while self._acknowledged.acquire(blocking=False):
            pass

    @property
    def acknowledged(self) -> list[Sent]:
        return [sent for sent in self.sent if sent.contact_id is not None]

    def _work(self, number: int) -> None:
        chance, run, count = Random(f"{self.seed}{number}"), f"k{secrets.token_hex(4)}", 0
        while not self._stop.is_set():
            count += 1
            sent = Sent(uuid.uuid4(), f"{run}-{number}-{count}", chance.choice(self.furnished.citizens))
            sent.passed_on = self.some_passed_on and count % 3 == 0
            self.sent.append(sent)
            if self._until_acknowledged(sent):
                self._acknowledged.release()
                self._stop.wait(self.pause)

    def _until_acknowledged(self, sent: Sent) -> bool:
        body = json.dumps(content(sent)).encode()
        while not self._give_up.is_set():
            sent.attempts += 1
            try:
                status, answer, kind = post(self.server.port, self.furnished.token, sent.key, body)
            except (OSError, http.client.HTTPException):
                self._give_up.wait(PAUSE_SECONDS)  # killed: it comes back
                continue
            if status in {200, 201}:
                sent.contact_id = json.loads(answer)["contact"]
                return True
            if status < 500:
                self.refused.append(f"{status} {answer.decode(errors='replace')[:300]}")
                self._give_up.wait(PAUSE_SECONDS)
                return False
            if status == 503 and kind == "application/problem+json" and json.loads(answer).get("detail"):
                self.unavailable += 1
            else:
                self.unclear.append(f"{status} {kind} {answer.decode(errors='replace')[:200]}")
            self._give_up.wait(PAUSE_WHEN_TOLD_TO_WAIT)
        return False


def content(sent: Sent) -> dict[str, object]:
    """A usual contact with its person, one enquiry and a note."""
    enquiry: dict[str, object] = {"service": "pas", "case_number": sent.mark}
    if sent.passed_on:
        handover = {"department": "jobcenter", "summary": "Ring tilbage om frist."}
        enquiry |= {"outcome": "passed_on", "handover": handover}
    return {
        "channel": "in_person",
        "centre": "aabybro",
        "asker": sent.citizen,
        "note": f"Oplyst om frist. {sent.mark}",
        "enquiries": [enquiry],
    }


def asked_again(server: Server, furnished: Furnished, sent: Sent) -> int | str:
    """The contact that the same key gives now; what was answered instead, where it gives none.

    Who is told to come back does, as after a stop: a thread that has rested since has a connection that is dead.
    """
    for _attempt in range(50):
        status, answer, _kind = post(server.port, furnished.token, sent.key, json.dumps(content(sent)).encode())
        if status == 200:
            number: int = json.loads(answer)["contact"]
            return number
        if status != 503:
            break
        time.sleep(PAUSE_SECONDS)
    return f"{status} {answer.decode(errors='replace')[:200]}"


def post(port: int, token: str, key: uuid.UUID, body: bytes) -> tuple[int, bytes, str]:
    """Status, body and Content-Type."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "Idempotency-Key": str(key),
        }
        connection.request("POST", PATH, body=body, headers=headers)
        response = connection.getresponse()
        return response.status, response.read(), response.headers.get("Content-Type", "")
    finally:
        connection.close()
