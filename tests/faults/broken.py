"""Variants of the product that break its promise on purpose: what the checker must catch, or it is worth nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from hovedindgang.contacts.actions import registering, registering_sql
from hovedindgang.kernel.events import append_event

View = Callable[[HttpRequest], HttpResponse]
# Wide enough that a kill while clients work falls into it, as one in a thousand does into the gap of real code.
GAP_SECONDS = 0.2


def receipt_before_commit(get_response: View) -> View:
    """The answer is sent while its transaction is still open; a server that dies then has promised what it forgets."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return get_response(request)
        whole = transaction.atomic()
        whole.__enter__()
        response = get_response(request)
        close = response.close

        def close_and_commit() -> None:  # the server calls it after the last byte is sent
            time.sleep(GAP_SECONDS)
            whole.__exit__(None, None, None)
            close()

        response.close = close_and_commit  # type: ignore[method-assign]
        return response

    return middleware


def event_in_its_own_transaction(get_response: View) -> View:
    """The contact is committed first and its event afterwards; a server that dies between leaves half of it."""
    remembered = threading.local()
    registering.append_event = lambda **event: remembered.events.append(event)  # type: ignore[assignment,attr-defined]
    registering_sql.can_write = registering_sql.writes_alone = lambda _given: False

    def middleware(request: HttpRequest) -> HttpResponse:
        remembered.events = []
        response = get_response(request)
        for event in remembered.events:
            time.sleep(GAP_SECONDS)
            with transaction.atomic():
                append_event(**event)
        return response

    return middleware
