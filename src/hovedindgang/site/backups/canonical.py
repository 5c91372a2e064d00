"""The one way a row is written: as PostgreSQL's COPY writes it in UTC, whichever database it lies in.

SQLite's values are put into that text and taken out of it here. PostgreSQL does so itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from hovedindgang.site.backups.tables import Kind

_ESCAPED = {"\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v"}
_TO_ESCAPE = re.compile(r"[\\\b\f\n\r\t\v]")
_PLAIN = {written[1]: plain for plain, written in _ESCAPED.items()}
_WRITTEN = re.compile(r"\\(.)", re.DOTALL)
NULL = "\\N"


def lines(rows: Iterable[Sequence[Any]], kinds: Sequence[Kind]) -> Iterator[bytes]:
    """Each of SQLite's rows as a line."""
    writers = [_WRITERS[kind] for kind in kinds]
    for row in rows:
        yield (
            "\t".join(
                [NULL if value is None else write(value) for write, value in zip(writers, row, strict=True)]
            ).encode()
            + b"\n"
        )


def values(line: bytes, kinds: Sequence[Kind]) -> list[Any]:
    """A line's values as SQLite stores them. Raises ValueError for a line that is none of ours."""
    fields = line.decode().removesuffix("\n").split("\t")
    return [None if field == NULL else _READERS[kind](field) for kind, field in zip(kinds, fields, strict=True)]


def _text(value: Any) -> str:
    text = value if isinstance(value, str) else str(value)
    return _TO_ESCAPE.sub(lambda found: _ESCAPED[found[0]], text) if _TO_ESCAPE.search(text) else text


def _plain(field: str) -> str:
    return _WRITTEN.sub(lambda found: _PLAIN.get(found[1], found[1]), field) if "\\" in field else field


def _short(value: str) -> str:
    """A time without the zeros that end its fraction."""
    return value.rstrip("0").rstrip(".") if "." in value else value


def _long(value: str) -> str:
    """A time with six digits of a second, if it has any, as Django writes it."""
    whole, dot, fraction = value.partition(".")
    return f"{whole}.{fraction:0<6}" if dot else whole


def _uuid(value: str) -> str:
    return f"{value[:8]}-{value[8:12]}-{value[12:16]}-{value[16:20]}-{value[20:]}"


def json_text(value: Any) -> str:
    """JSON as PostgreSQL's jsonb says it: shorter names first, numbers written out."""
    if isinstance(value, dict):
        named = sorted(value.items(), key=lambda item: (len(item[0].encode()), item[0].encode()))
        return "{" + ", ".join(f"{json_text(name)}: {json_text(held)}" for name, held in named) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(json_text, value)) + "]"
    if isinstance(value, Decimal):
        return format(abs(value) if value == 0 else value, "f")
    return json.dumps(value, ensure_ascii=False)


def _json(value: str) -> str:
    return _text(json_text(json.loads(value, parse_float=Decimal)))


_WRITERS: dict[Kind, Callable[[Any], str]] = {
    Kind.NUMBER: str,
    Kind.TEXT: _text,
    Kind.TRUTH: lambda value: "t" if value else "f",
    Kind.DAY: str,
    Kind.INSTANT: lambda value: _short(value) + "+00",
    Kind.CLOCK: _short,
    Kind.UUID: _uuid,
    Kind.BYTES: lambda value: "\\\\x" + bytes(value).hex(),
    Kind.JSON: _json,
}
_READERS: dict[Kind, Callable[[str], Any]] = {
    Kind.NUMBER: int,
    Kind.TEXT: _plain,
    Kind.TRUTH: lambda field: {"t": 1, "f": 0}[field],
    Kind.DAY: str,
    Kind.INSTANT: lambda field: _long(field.removesuffix("+00")),
    Kind.CLOCK: _long,
    Kind.UUID: lambda field: field.replace("-", ""),
    Kind.BYTES: lambda field: bytes.fromhex(field.removeprefix("\\\\x")),
    Kind.JSON: _plain,
}
