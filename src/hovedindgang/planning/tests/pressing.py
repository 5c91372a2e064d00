"""Ctrl-C, pressed in a command that was typed, as soon as it says that it has begun."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

# A shell's background ignores Ctrl-C; whoever sits at a terminal does not.
_HEARD = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"


def stopped_by_hand(
    script: str, words: list[str], has_begun: Callable[[str], bool], *, in_all: bool = False, code: int = 0
) -> str:
    """What the script, with `words` after it, prints once it is stopped; within 2 s, or 10 where others keep it busy.

    `has_begun` is asked of each line that it says on standard error. `in_all`: pressed in each process that it
    has begun too, as a terminal does.
    """
    with subprocess.Popen(
        [sys.executable, "-c", _HEARD + script, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=in_all,
        env={**os.environ, "HOVEDINDGANG_LANGUAGE": "en"},
    ) as process:
        assert process.stderr is not None
        try:
            heard = []
            for line in process.stderr:
                heard.append(line)
                if has_begun(line.strip()):
                    break
            else:
                raise AssertionError("".join(heard))
            busy = os.getloadavg()[0] > (os.cpu_count() or 1)
            pressed = time.monotonic()
            if in_all:
                os.killpg(process.pid, signal.SIGINT)
            else:
                process.send_signal(signal.SIGINT)
            said, complained = process.communicate(timeout=60)
        finally:
            process.kill()
    assert time.monotonic() - pressed < (10 if busy else 2), complained
    assert process.returncode == code, complained
    assert "Traceback" not in complained, complained
    return said
