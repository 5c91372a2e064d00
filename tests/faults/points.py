"""Named points in the product's own code at which a process ends itself with SIGKILL, when it is told to.

`faults.points.Points` is put into the settings of the served house (`faults.killing_settings`); the product knows
nothing of it. A point is told by a file of its name in FAULTS_POINTS: the first process that comes by takes the file
away and dies there.
"""

from __future__ import annotations

import datetime as dt
import functools
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from django.apps import AppConfig
from django.http import HttpRequest, HttpResponse

FOLDER = Path(os.environ.get("FAULTS_POINTS", "/nonexistent"))
WEB = (
    "before anything is written",
    "somewhere while it is written",
    "written, its event not",
    "all written, not committed",
    "committed, not answered",
    "answered",
)
ONLY_READABLY = {"written, its event not", "all written, not committed"}  # elsewhere it is one statement
WORKER = (
    "leased, nothing told",
    "told, not marked",
    "marked, not committed",
    "told and committed",
    "journal taken, not sent",
    "journal sent, not noted",
    "journal noted",
)
# How long what was cut in the case system is left alone: minutes in the product, so long here.
SETTLE = dt.timedelta(seconds=2)
A_STATEMENT = 0.006  # seconds; somewhere within it


def reached(point: str) -> bool:
    """Whether this process is the one that was told to; it dies here, so nobody sees it."""
    try:
        (FOLDER / point).unlink()
    except FileNotFoundError:
        return False
    os.kill(os.getpid(), signal.SIGKILL)
    return True


def dies_soon(point: str, within: float) -> None:
    """The same, but at a random moment of the next `within` seconds, whatever is being done then."""
    try:
        (FOLDER / point).unlink()
    except FileNotFoundError:
        return

    def die() -> None:
        time.sleep(Random().uniform(0, within))
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=die).start()


def after(point: str, module: Any, name: str, *, where: Callable[[Any], object] = lambda _result: True) -> None:
    """Put the point behind a function of `module`, for the results that `where` says."""
    inner = getattr(module, name)

    @functools.wraps(inner)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        result = inner(*args, **kwargs)
        if where(result):
            reached(point)
        return result

    setattr(module, name, wrapped)


def before(point: str, module: Any, name: str, *, dies: Callable[[str], object] = reached) -> None:
    inner = getattr(module, name)

    @functools.wraps(inner)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        dies(point)
        return inner(*args, **kwargs)

    setattr(module, name, wrapped)


class Points(AppConfig):
    """An app after the product's own: it changes what the processes of a served house do, and what listens."""

    name, label = "faults", "faults"
    path = str(Path(__file__).parent)

    def ready(self) -> None:
        from faults import broken
        from faults.effects import HEAR
        from hovedindgang.contacts.actions import registering, sending
        from hovedindgang.integrations.sbsys import Sbsys
        from hovedindgang.kernel import deliveries, worker
        from hovedindgang.site.listeners import LISTENERS

        registered = "contact.registered"
        deliveries.listen({**LISTENERS, registered: (HEAR, *LISTENERS[registered])})
        sending.SETTLE = sending.LOOK_AGAIN = SETTLE
        broken.install(os.environ.get("FAULTS_VARIANT", ""))
        before(WEB[1], registering, "_written", dies=lambda point: dies_soon(point, A_STATEMENT))
        before(WEB[0], registering, "_written")
        before(WEB[2], registering, "append_event")
        after(WEB[3], registering, "log_look_up")
        after(WORKER[0], worker, "_leased", where=bool)
        after(WORKER[1], worker, "_tell")
        after(WORKER[2], worker, "_mark_done")
        after(WORKER[3], worker, "_deliver")
        after(WORKER[4], sending, "_take", where=bool)
        after(WORKER[5], Sbsys, "create_case")
        after(WORKER[5], Sbsys, "add_note")
        after(WORKER[6], sending, "_done")


def around_answers(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Outermost: between the commit and the answer, and just after the answer."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.method == "POST" and response.status_code in {200, 201}:
            reached(WEB[4])
            close = response.close

            def close_and_die() -> None:
                close()
                reached(WEB[5])

            response.close = close_and_die  # type: ignore[method-assign]
        return response

    return middleware
