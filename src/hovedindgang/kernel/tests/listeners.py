"""Listeners that tests let listen: one that writes down what it heard, one that cannot."""

from __future__ import annotations

import signal

from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.events import append_event
from hovedindgang.kernel.models import Event

HEAR = f"{__name__}.hear"
FAIL = f"{__name__}.fail"

hangs = False  # set in a process that is going to be killed


def hear(event: Event) -> None:
    """Write down that `event` was heard; one that "hangs" stops in the middle, in a process told to."""
    append_event(
        verb="test.heard",
        actor=SYSTEM,
        subject_kind=event.subject_kind,
        subject_id=event.subject_id,
        facts={"event": event.pk},
    )
    if hangs and event.facts.get("hangs"):
        print("at work", flush=True)
        signal.pause()


def fail(event: Event) -> None:
    raise ValueError("Karen 610190-0001 was here")
