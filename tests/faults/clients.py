"""Clients that register contacts and never give up: a lost answer is asked for again with the same key."""

from __future__ import annotations

import http.client
import json
import secrets
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random

from faults.server import Furnished, Server

PATH = "/api/v1/contacts"
PAUSE_SECONDS = 0.02


@dataclass
class Sent:
    """One registration as its client knows it. `mark` is written in the enquiry, so that it can be found again."""

    key: uuid.UUID
    mark: str
    citizen: int
    attempts: int = 0
    contact_id: int | None = None  # what the receipt says; None: not acknowledged


@dataclass
class Clients:
    """Threads that each register one contact after another through the API of `server`."""

    server: Server
    furnished: Furnished
    number: int = 4
    seed: str = "clients"
    sent: list[Sent] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)  # answers that no retry could cure

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

    def wait_for_receipts(self, number: int, *, timeout: float = 60) -> None:
        """Until `number` more receipts have come. Raises RuntimeError when they do not."""
        for _ in range(number):
            if not self._acknowledged.acquire(timeout=timeout):
                raise RuntimeError(f"no receipt within {timeout:.0f} s; {self.refused[-1:]}")

    def forget_receipts_so_far(self) -> None:
        while self._acknowledged.acquire(blocking=False):
            pass

    @property
    def acknowledged(self) -> list[Sent]:
        return [sent for sent in self.sent if sent.contact_id is not None]

    def _work(self, number: int) -> None:
        chance, run, count = Random(f"{self.seed}{number}"), secrets.token_hex(4), 0
        while not self._stop.is_set():
            count += 1
            sent = Sent(uuid.uuid4(), f"{run}-{number}-{count}", chance.choice(self.furnished.citizens))
            self.sent.append(sent)
            if self._until_acknowledged(sent):
                self._acknowledged.release()

    def _until_acknowledged(self, sent: Sent) -> bool:
        body = json.dumps(content(sent)).encode()
        while not self._give_up.is_set():
            sent.attempts += 1
            try:
                status, answer = post(self.server.port, self.furnished.token, sent.key, body)
            except (OSError, http.client.HTTPException):
                self._give_up.wait(PAUSE_SECONDS)  # killed: it comes back
                continue
            if status in {200, 201}:
                sent.contact_id = json.loads(answer)["contact"]
                return True
            if status < 500:
                self.refused.append(f"{status} {answer.decode(errors='replace')[:300]}")
                return False
            self._give_up.wait(PAUSE_SECONDS)
        return False


def content(sent: Sent) -> dict[str, object]:
    """A usual contact with its person, one enquiry and a note."""
    enquiry = {"service": "pas", "case_number": sent.mark}
    return {
        "channel": "in_person",
        "centre": "aabybro",
        "asker": sent.citizen,
        "note": f"Oplyst om frist. {sent.mark}",
        "enquiries": [enquiry],
    }


def post(port: int, token: str, key: uuid.UUID, body: bytes) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "Idempotency-Key": str(key),
        }
        connection.request("POST", PATH, body=body, headers=headers)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()
