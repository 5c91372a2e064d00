"""What the case systems that are spoken to over http(s) have in common: one request, and what its answer means.

For a create the difference matters between what never left (`NotReached`), what was refused (`SaidNo`) and everything
else (`NoAnswer`: it may have been made). Nothing is retried here. CPR stands in bodies only, and neither addresses nor
bodies are logged.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import ssl
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings

from hovedindgang.contacts.ports import CaseSystemProblem, NoAnswer, NotReached, SaidNo

LARGEST_ANSWER = 5_000_000  # bytes
NOT_DONE = frozenset({429})  # it says itself that it did nothing
# What says that the request was understood and not done. 408 and 409 do not: it may be there already.
REFUSED = frozenset({400, 401, 403, 404, 405, 406, 410, 411, 413, 414, 415, 422, 431, 451})


class Rest:
    """A connection for each request: an old one that was closed at the other end is a cut that need not be."""

    def __init__(self, address: str = "", *, token_file: str = "", timeout: float | None = None) -> None:
        self._address = urlsplit(address or settings.CASES_ADDRESS)
        self._token_file = token_file or settings.CASES_TOKEN_FILE
        self._timeout = settings.CASES_TIMEOUT if timeout is None else timeout

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """The answer's JSON, for what changes nothing. A 404 is no answer: that there is none is said by an empty list.

        For a wrong address answers 404 too, and what is believed not to be there is sent again.
        """
        try:
            return self.make(method, path, body)
        except SaidNo as problem:
            raise NoAnswer(problem.code) from problem

    def make(self, method: str, path: str, body: object = None) -> Any:
        """The answer's JSON. Sent once; raises as the port says."""
        content = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        headers = {"Accept": "application/json", **self._authorised()}
        if content is not None:
            headers["Content-Type"] = "application/json; charset=utf-8"
        connection = self._connected()
        try:
            connection.request(method, self._address.path.rstrip("/") + path, body=content, headers=headers)
            answer = connection.getresponse()
            text = answer.read(LARGEST_ANSWER)
        except (OSError, http.client.HTTPException) as error:
            raise NoAnswer(_code_of(error)) from error
        finally:
            connection.close()
        return _meaning(answer.status, text)

    def _connected(self) -> http.client.HTTPConnection:
        """Connected, before anything is sent. Raises NotReached."""
        host, kind = self._address.hostname or "", self._address.scheme
        if not host or kind not in {"http", "https"} or (kind == "http" and not is_here(host)):
            raise NotReached("address")  # a CPR never goes over an open line
        try:
            connection: http.client.HTTPConnection
            if kind == "https":
                connection = http.client.HTTPSConnection(
                    host, self._address.port, timeout=self._timeout, context=ssl.create_default_context()
                )
            else:
                connection = http.client.HTTPConnection(host, self._address.port, timeout=self._timeout)
            connection.connect()
        except (OSError, ValueError) as error:
            raise NotReached(_code_of(error)) from error
        return connection

    def _authorised(self) -> dict[str, str]:
        """Read anew each time, so that a new token needs no restart. Raises NotReached."""
        if not self._token_file:
            return {}
        try:
            token = Path(self._token_file).read_text(encoding="ascii").strip()
        except (OSError, UnicodeError) as error:
            raise NotReached("token_file") from error
        if not token or any(sign.isspace() for sign in token):
            raise NotReached("token_file")
        return {"Authorization": f"Bearer {token}"}


def part(value: str) -> str:
    """A value as one part of a path. Never a CPR."""
    return quote(value, safe="")


def text_of(said: object, *names: str) -> str:
    """A text or number at that place of an answer. Raises NoAnswer where it is not there."""
    for name in names:
        said = said.get(name) if isinstance(said, dict) else None
    if isinstance(said, str) and said:
        return said
    if isinstance(said, int) and not isinstance(said, bool):
        return str(said)
    raise NoAnswer("unreadable")


def rows_of(said: object, name: str) -> list[Any]:
    rows = said.get(name) if isinstance(said, dict) else None
    if not isinstance(rows, list):
        raise NoAnswer("unreadable")
    return rows


def _meaning(status: int, text: bytes) -> Any:
    if 200 <= status < 300:
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:  # cut in the middle, or not from the case system at all
            raise NoAnswer("unreadable") from error
    problem: type[CaseSystemProblem] = NoAnswer
    if status in NOT_DONE:
        problem = NotReached
    elif status in REFUSED or 300 <= status < 400:
        problem = SaidNo
    raise problem(f"http_{status}")


def _code_of(error: Exception) -> str:
    return "timeout" if isinstance(error, TimeoutError) else type(error).__name__[:20]


def is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
