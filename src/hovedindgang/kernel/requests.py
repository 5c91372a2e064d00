"""One request, one id: all events and look-ups of a request carry it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_current: ContextVar[uuid.UUID | None] = ContextVar("request_id", default=None)


def current_request_id() -> uuid.UUID:
    """The id of the request at work; a fresh one outside of requests."""
    return _current.get() or uuid.uuid4()


@contextmanager
def one_request(request_id: uuid.UUID | None = None) -> Iterator[uuid.UUID]:
    """Within the block all deeds share one request id."""
    chosen = request_id or uuid.uuid4()
    token = _current.set(chosen)
    try:
        yield chosen
    finally:
        _current.reset(token)


def request_at_work() -> uuid.UUID | None:
    """The id of the request at work, None outside of requests: what may be remembered only as long as it lasts."""
    return _current.get()
