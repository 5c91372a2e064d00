"""Processes that we began end when the one who began them is gone, however it went and whatever they are working on.

Each has a lifeline: a pipe on which nothing is ever said, and which closes with the one who began it, by `kill -9` too.
Two locks watch it. The kernel kills the process when the pipe closes (`fcntl(2)`, F_SETSIG; Linux): also one whose
solver holds the interpreter for minutes, so that no Python can run. And a thread waits for the same, and looks whether
the parent is still the parent: for other systems, and for a lifeline that somebody else has come to hold.

Not PR_SET_PDEATHSIG, which goes by the *thread* that began the process: a warm solver outlives the thread that asked.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import signal
import sys
import threading

F_SETSIG = 10  # of Linux; not in every Python's fcntl
LOOKS = 1_000  # ms between two looks at who the parent is
LEFT_ALONE = 1  # what the process ends with


def end_with(*lifelines: int, watched: int | None = None) -> None:
    """This process ends when one of the pipes closes at its other end. On `lifelines` nothing may ever be said.

    `watched`: one that is also talked on (standard input); the thread alone looks after it.
    """
    for lifeline in lifelines:
        _killed_by_kernel(lifeline)
    pipes = [*lifelines, *([] if watched is None else [watched])]
    closing, parent = select.poll(), os.getppid()
    for pipe in pipes:
        closing.register(pipe, 0)  # nothing but that the other end is gone
    _end_if(bool(closing.poll(0)))  # gone before we came to this
    threading.Thread(target=_watch, args=(closing, parent), daemon=True, name="lifeline").start()


def _killed_by_kernel(lifeline: int) -> None:
    if sys.platform != "linux":
        return  # the thread looks alone
    with contextlib.suppress(OSError):  # a kernel that does not do it for pipes
        fcntl.fcntl(lifeline, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(lifeline, F_SETSIG, signal.SIGKILL)
        fcntl.fcntl(lifeline, fcntl.F_SETFL, fcntl.fcntl(lifeline, fcntl.F_GETFL) | os.O_ASYNC)


def _watch(closing: select.poll, parent: int) -> None:
    while True:
        _end_if(bool(closing.poll(LOOKS)) or os.getppid() != parent)


def _end_if(gone: bool) -> None:
    if gone:
        os._exit(LEFT_ALONE)  # at once: no thread is waited for, and nobody hears what would be said
