"""Logs never hold a CPR."""

from __future__ import annotations

import logging
import re

_CPR = re.compile(r"(?<!\d)\d{6}[- ]?\d{4}(?!\d)")


def without_cpr(text: str) -> str:
    """`text` with ``xxxxxx-xxxx`` for anything that looks like a CPR."""
    return _CPR.sub("xxxxxx-xxxx", text)


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
