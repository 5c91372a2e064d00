"""Read points in time as systems and people in Denmark write them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from zoneinfo import ZoneInfo

EARLIEST_YEAR = 1980  # before it: the zero dates that systems write for "not set" (0001, 1899, 1900, 1970)
LATEST_YEAR = 2100
_DANISH = re.compile(
    r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:[ T]+(?:kl\.? ?)?(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,](\d{1,9}))?)?)?"
)
_HOURS_OF_LEAPS = (1, 2, 3)
_SPACED_OFFSET = re.compile(r" (?=[+-]\d\d:?\d\d$)")


class BadInstant(ValueError):
    """The text is not a point in time that can be used."""


class Instants:
    """Reads instants in one file: `zone` is where its clock hangs, `format` how its times are written.

    A format is a pattern for strptime or a word of `NUMBERED`. Without one, ISO 8601 and the Danish ways of writing
    are read, and dates that can only have the month first are counted: then the others are not what they seem.
    """

    def __init__(self, zone: ZoneInfo, format: str = "") -> None:
        self.zone, self.format = zone, format
        self.day_first = self.month_first = 0  # dates that can be read in this order only
        self.month_first_format = ""  # how the first of the latter is written
        self._parse = _parser_of(format) if format else self._free

    def read(self, text: str) -> dt.datetime | None:
        """The aware instant; None for an empty cell and for a zero date. Raises BadInstant.

        A time without an offset is local time of the zone; the doubled hour of October is read as its first.
        """
        text = text.strip()
        if not text:
            return None
        try:
            at = self._parse(text)
        except (ValueError, OverflowError) as error:
            raise BadInstant from error
        if at.year < EARLIEST_YEAR:
            return None
        if at.year > LATEST_YEAR:
            raise BadInstant
        if at.tzinfo:
            return at
        at = at.replace(tzinfo=self.zone)
        # 2:45 on the night the clock leaps to 3 was never shown; meant is 3:45, or what comes next came before it.
        return at.astimezone(dt.UTC).astimezone(self.zone) if at.hour in _HOURS_OF_LEAPS else at

    def _free(self, text: str) -> dt.datetime:
        """ISO 8601 as databases write it, or day-month-year as people do; naive if the text names no offset."""
        if text[:4].isdigit() and len(text) > 7:
            if text.isdigit() and len(text) != 8:  # 1712031200000 is not the year 1712
                raise BadInstant
            try:
                return dt.datetime.fromisoformat(text)
            except ValueError:
                dashed = text[:10].replace("/", "-") + text[10:].replace(" UTC", "+00:00")
                return dt.datetime.fromisoformat(_SPACED_OFFSET.sub("", dashed))
        match = _DANISH.fullmatch(text)
        if not match:
            raise BadInstant
        day, month, year, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
        self.day_first += day > 12
        if month > 12 >= day:
            self.month_first += 1
            self.month_first_format = self.month_first_format or format_of(text)
        fraction = int((match[7] or "0")[:6].ljust(6, "0"))
        return dt.datetime(year, month, day, hour, minute, second, fraction)  # noqa: DTZ001


def real_seconds(first: dt.datetime, last: dt.datetime) -> float:
    """How long it took. Not by the clock on the wall, which leaps an hour in March and falls back in October."""
    return (last.astimezone(dt.UTC) - first.astimezone(dt.UTC)).total_seconds()


# ----------------------------------------------------------------------------------------------- ways of writing

_UNIX_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_EXCEL_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - on the wall clock
NUMBERED: dict[str, Callable[[float], dt.datetime]] = {
    "unix": lambda number: _UNIX_EPOCH + dt.timedelta(seconds=number),
    "unix_ms": lambda number: _UNIX_EPOCH + dt.timedelta(milliseconds=number),
    "excel": lambda number: _EXCEL_EPOCH + dt.timedelta(seconds=round(number * 86_400)),
}
_AMERICAN = re.compile(r"(\d{1,2})([-/.])\d{1,2}[-/.]\d{4}(?:( +)\d{1,2}:\d{2}(:\d{2})?( ?)([AaPp][Mm])?)?")
_TRIED = dt.datetime(2026, 11, 22, 14, 30, 15, tzinfo=dt.UTC)


LONGEST_FORMAT = 100  # Python makes a pattern of it, which grows with what stands between the directives


def is_format(format: str) -> bool:
    """Whether times can be written by it and read again to the day. Nobody writes a time in `LONGEST_FORMAT` signs."""
    if format in NUMBERED:
        return True
    if len(format) > LONGEST_FORMAT:
        return False
    try:
        return dt.datetime.strptime(_TRIED.strftime(format), format).date() == _TRIED.date()  # noqa: DTZ007
    except (ValueError, OverflowError, re.error):
        return False


def format_of(text: str) -> str:
    """The format that a time in an unusual writing must be given with; "" if it is none that is known."""
    text = text.strip()
    for name, (shape, low, high) in _NUMBERS.items():
        if shape.fullmatch(text) and low <= float(text.replace(",", ".")) <= high:
            return name
    if re.fullmatch(r"(?:19|20)\d{12}", text):
        return "%Y%m%d%H%M%S"
    match = _AMERICAN.fullmatch(text)
    if not match or int(match[1]) > 12:
        return ""
    day = f"%m{match[2]}%d{match[2]}%Y"
    if not match[3]:
        return day
    hour, half = ("%I", f"{match[5]}%p") if match[6] else ("%H", "")
    return f"{day}{match[3]}{hour}:%M{':%S' if match[4] else ''}{half}"


_NUMBERS = {  # word → its shape, and the numbers of 1980 and 2100
    "unix": (re.compile(r"\d{9,10}(?:[.,]\d+)?"), 315_532_800, 4_102_444_800),
    "unix_ms": (re.compile(r"\d{12,13}"), 315_532_800_000, 4_102_444_800_000),
    "excel": (re.compile(r"\d{5}(?:[.,]\d+)?"), 29_221, 73_050),
}


def _parser_of(format: str) -> Callable[[str], dt.datetime]:
    if number_of := NUMBERED.get(format):
        return lambda text: number_of(float(text.replace(",", ".")))
    return lambda text: dt.datetime.strptime(text, format)  # noqa: DTZ007
