"""A solver that works for ever and, where asked, lets no other thread of its process run (as a library in C may)."""

from __future__ import annotations

import ctypes
import threading
from typing import Any

from hovedindgang.planning.integer_asking import answer_asked


def work(asked: dict[str, Any]) -> None:
    print('{"begun": true}', flush=True)
    if asked["alone"]:
        ctypes.PyDLL(None).pause()  # called without letting go of the interpreter
    threading.Event().wait()


if __name__ == "__main__":
    answer_asked(work)
