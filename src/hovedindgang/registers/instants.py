"""Read points in time as systems and people in Denmark write them."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

EARLIEST_YEAR = 1980  # before it: the zero dates that systems write for "not set" (0001, 1899, 1900, 1970)
LATEST_YEAR = 2100
_DANISH = re.compile(
    r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:[ T]+(?:kl\.? ?)?(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,](\d{1,9}))?)?)?"
)
_SPACED_OFFSET = re.compile(r" (?=[+-]\d\d:?\d\d$)")


class BadInstant(ValueError):
    """The text is not a point in time that can be used."""


class Instants:
    """Reads instants in one file: `zone` is where its clock hangs, `format` its pattern for strptime.

    Without a pattern, ISO 8601 and the Danish ways of writing are read.
    """

    def __init__(self, zone: ZoneInfo, format: str = "") -> None:
        self.zone, self.format = zone, format

    def read(self, text: str) -> dt.datetime | None:
        """The aware instant; None for an empty cell and for a zero date. Raises BadInstant.

        A time without an offset is local time of the zone; the doubled hour of October is read as its first.
        """
        text = text.strip()
        if not text:
            return None
        try:
            at = dt.datetime.strptime(text, self.format) if self.format else _free(text)  # noqa: DTZ007
        except (ValueError, OverflowError) as error:
            raise BadInstant from error
        if at.year < EARLIEST_YEAR:
            return None
        if at.year > LATEST_YEAR:
            raise BadInstant
        return at if at.tzinfo else at.replace(tzinfo=self.zone)


def _free(text: str) -> dt.datetime:
    """ISO 8601 as databases write it, or day-month-year as people do; naive if the text names no offset."""
    if text[:4].isdigit() and len(text) > 7:
        try:
            return dt.datetime.fromisoformat(text)
        except ValueError:
            dashed = text[:10].replace("/", "-") + text[10:].replace(" UTC", "+00:00")
            return dt.datetime.fromisoformat(_SPACED_OFFSET.sub("", dashed))
    match = _DANISH.fullmatch(text)
    if not match:
        raise BadInstant
    day, month, year, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    fraction = int((match[7] or "0")[:6].ljust(6, "0"))
    return dt.datetime(year, month, day, hour, minute, second, fraction)  # noqa: DTZ001
