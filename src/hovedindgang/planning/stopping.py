"""Ctrl-C while a solver works: whoever waits is let go at once, with what was found before."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar

from hovedindgang.planning.language import gettext
from hovedindgang.planning.problems import CannotPlan

Told = TypeVar("Told")

TIME_IS_UP = 1  # the status of scipy.optimize.milp at its time limit


def nothing_yet() -> CannotPlan:
    """What is said to whoever stops a plan before it has anything to show."""
    return CannotPlan(gettext("Afbrudt, før der var noget at vise."), cure=gettext("Lad den arbejde lidt længere."))


def not_in_time(seconds: float) -> CannotPlan:
    """What is said where the solver's time was up before it had any answer: that there may be one."""
    return CannotPlan(
        gettext("Der blev ikke fundet et svar på {seconds:.0f} sekunder.").format(seconds=seconds),
        cure=gettext("Spørg om mindre: færre steder, færre opgaver eller flere, der ligger fast."),
    )


def left_at_once(work: Callable[[], Told]) -> Told:
    """What `work` gives. A KeyboardInterrupt comes while it works, not only when it is done.

    A solver that runs outside Python sees no signal before it is done, and may be asked to work for many seconds. So it
    runs beside the thread that signals come to; when one does, it is left behind and ends with the process.
    """
    if threading.current_thread() is not threading.main_thread():
        return work()  # signals do not come here
    done: list[Any] = []

    def run() -> None:
        try:
            done.extend((True, work()))
        except BaseException as problem:  # carried over to whoever waits
            done.extend((False, problem))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(timeout=0.1)
    well, found = done
    if not well:
        raise found
    answer: Told = found
    return answer
