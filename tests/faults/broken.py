"""Variants of the product that break its promise on purpose: what the checker must catch, or it is worth nothing."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse

View = Callable[[HttpRequest], HttpResponse]
# Wide enough that a kill while clients work falls into it, as one in a thousand does into the gap of real code.
GAP_SECONDS = 0.2
BETWEEN = "told and committed, not marked"  # a point that only the variant with two transactions has
THANKED_ALL_THE_SAME = 1_000_000_000  # no contact has this number


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
    from hovedindgang.contacts.actions import registering, registering_sql
    from hovedindgang.kernel.events import append_event

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


def a_new_key_for_each_try(get_response: View) -> View:
    """The key that a client made for its deed is not used; whoever asks again after a lost answer registers twice."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if "HTTP_IDEMPOTENCY_KEY" in request.META:
            request.META["HTTP_IDEMPOTENCY_KEY"] = str(uuid.uuid4())
        return get_response(request)

    return middleware


def answered_though_it_failed(get_response: View) -> View:
    """What could not be stored is thanked for all the same, to be stored "later", from the memory of the process."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.method == "POST" and response.status_code >= 500:
            return JsonResponse({"contact": THANKED_ALL_THE_SAME, "repeated": False}, status=201)
        return response

    return middleware


MIDDLEWARE = {
    one.__name__
    for one in (receipt_before_commit, event_in_its_own_transaction, a_new_key_for_each_try, answered_though_it_failed)
}


def install(variant: str) -> None:
    """Those that change what the worker does."""
    {
        "marked_before_it_is_told": _marked_before_it_is_told,
        "told_and_marked_apart": _told_and_marked_apart,
        "sent_again_blindly": _sent_again_blindly,
    }.get(variant, lambda: None)()


def _marked_before_it_is_told() -> None:
    """A delivery is done before it is done; a worker that dies between has lost it."""
    from hovedindgang.kernel import worker

    def deliver(delivery: Any, lease: uuid.UUID) -> None:
        worker._mark_done(delivery, lease)
        with transaction.atomic():
            worker._tell(delivery.listener, delivery.event)

    worker._deliver = deliver


def _told_and_marked_apart() -> None:
    """The work and its mark are two transactions; a worker that dies between does it twice."""
    from faults.points import reached
    from hovedindgang.kernel import worker

    def deliver(delivery: Any, lease: uuid.UUID) -> None:
        with transaction.atomic():
            worker._tell(delivery.listener, delivery.event)
        reached(BETWEEN)
        worker._mark_done(delivery, lease)

    worker._deliver = deliver


def _sent_again_blindly() -> None:
    """What was cut on its way to the case system is sent anew; nobody asks whether it had arrived, nor afterwards."""
    from hovedindgang.contacts.actions import sending
    from hovedindgang.contacts.models import Journalised
    from hovedindgang.kernel import clock

    def mark_interrupted() -> None:
        cut = Journalised.objects.filter(state="sending", sent_at__lt=clock.now() - sending.SETTLE)
        cut.update(state="waiting", next_at=clock.now())

    sending._mark_interrupted = mark_interrupted
    # The product asks once more after each answer, and so would tell a person of what was made twice.
    sending._filed = lambda _system, row, filed: sending._done(row, filed)


def databases(variant: str, product: Any) -> Any:
    """What Django is told of the database; SQLite without its journal is one of the variants."""
    if variant != "no_journal":
        return product
    options = {
        **product["default"]["OPTIONS"],
        "init_command": "PRAGMA journal_mode=OFF; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
    return {"default": {**product["default"], "OPTIONS": options}}
