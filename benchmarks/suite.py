"""Parts of the suite that a benchmark runs for longer than `make test` does."""

from __future__ import annotations

import sys


def asked_at_length(*chosen: str) -> list[str]:
    """The command; a test that goes on for an hour is not taken for one that hangs, and is not ended for it."""
    return [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "faulthandler_timeout=0", *chosen]
