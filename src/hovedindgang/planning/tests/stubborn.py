"""A solver that works for ever and, where asked, lets no other thread of its process run (as a library in C may)."""

from __future__ import annotations

import ctypes
import sys
import threading
from typing import Any

from hovedindgang.planning.integer_asking import answer_asked


def work(asked: dict[str, Any]) -> None:
    sys.stdout.write('{"begun": true}\n')  # in one write, also where nothing is buffered: others may write there too
    sys.stdout.flush()
    if asked["alone"]:
        ctypes.PyDLL(None).pause()  # called without letting go of the interpreter
    threading.Event().wait()


if __name__ == "__main__":
    answer_asked(work)
