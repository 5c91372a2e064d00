"""A browser or a client as the measures need it: one connection kept open, answers read to the end."""

from __future__ import annotations

import gzip
import http.client
import json
import re
import time
import uuid
from dataclasses import dataclass
from types import TracebackType
from urllib.parse import urlencode

import brotli

HELLO = "/hello/"  # the page that does nothing


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]  # names in lower case
    sent_bytes: int  # of the body as it came over the wire
    body: bytes  # uncompressed
    seconds: float

    def json(self) -> object:
        return json.loads(self.body)


class Browser:
    """Keeps its connection and its cookies; `token` makes it a client of the API."""

    def __init__(self, port: int, *, token: str = "") -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.cookies: dict[str, str] = {}
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.connection.close()

    def get(self, path: str, **headers: str) -> Answer:
        return self._ask("GET", path, None, headers)

    def post_json(self, path: str, content: object) -> Answer:
        headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
        return self._ask("POST", path, json.dumps(content).encode(), headers)

    def post_form(self, path: str, fields: dict[str, str]) -> Answer:
        body = urlencode({"csrfmiddlewaretoken": self.cookies.get("csrftoken", ""), **fields}).encode()
        return self._ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        if self.cookies:
            headers = {**headers, "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        began = time.perf_counter()
        try:
            response = self._answer(method, path, body, headers)
        except (http.client.RemoteDisconnected, ConnectionError):  # idle for two seconds, the server hung up
            self.connection.close()
            response = self._answer(method, path, body, headers)
        sent = response.read()
        seconds = time.perf_counter() - began
        for name, value in response.getheaders():
            if name.lower() == "set-cookie" and (found := re.match(r"([^=]+)=([^;]*)", value)):
                self.cookies[found[1]] = found[2].strip('"')
        known = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, known, len(sent), _opened(sent, known.get("content-encoding", "")), seconds)

    def _answer(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> http.client.HTTPResponse:
        self.connection.request(method, path, body=body, headers={**self.headers, **headers})
        return self.connection.getresponse()


def _opened(sent: bytes, encoding: str) -> bytes:
    if encoding == "gzip":
        return gzip.decompress(sent)
    return bytes(brotli.decompress(sent)) if encoding == "br" else sent
