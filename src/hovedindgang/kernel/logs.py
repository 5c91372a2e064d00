"""Logs never hold a CPR."""

from __future__ import annotations

import logging
import re
import time

_BREAKS = {code: f"\\x{code:02x}" for code in (*range(32), 127, 0x85)} | {0x2028: "\\u2028", 0x2029: "\\u2029"}
_SIGN = (
    "[-\u2010\u2011\u2012\u2013\u2014\u2212. \u00a0]"  # what people type between the digits, as `people.rules` reads it
)
_CPR = re.compile(rf"(?<!\d)\d{{2}}{_SIGN}?\d{{2}}{_SIGN}?\d{{2}}(?:{_SIGN}|%20|%E2%80%9[0-5]){{0,3}}\d{{4}}(?!\d)")


def without_cpr(text: str) -> str:
    """`text` with ``xxxxxx-xxxx`` for anything that looks like a CPR."""
    return _CPR.sub("xxxxxx-xxxx", text)


class Line(logging.Formatter):
    """One line for each message: UTC, and nothing that was sent begins a line of its own. A traceback stands below."""

    converter = staticmethod(time.gmtime)

    def __init__(self) -> None:
        super().__init__("{asctime}Z {levelname} {name} {message}", "%Y-%m-%dT%H:%M:%S", style="{")

    def formatMessage(self, record: logging.LogRecord) -> str:
        return super().formatMessage(record).translate(_BREAKS)


class MaskCpr(logging.Filter):
    """Keep CPRs out of the message and of the traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        masked = without_cpr(message)
        if masked != message:
            record.msg, record.args = masked, ()
        if record.exc_info and not record.exc_text:
            record.exc_text = without_cpr(logging.Formatter().formatException(record.exc_info))
        return True
