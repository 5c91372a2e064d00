"""Logs never hold a CPR."""

from __future__ import annotations

import logging
import re

_CPR = re.compile(r"(?<!\d)\d{6}[- ]?\d{4}(?!\d)")


class MaskCpr(logging.Filter):
    """Replace anything that looks like a CPR by ``xxxxxx-xxxx``."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        masked = _CPR.sub("xxxxxx-xxxx", message)
        if masked != message:
            record.msg, record.args = masked, ()
        return True
