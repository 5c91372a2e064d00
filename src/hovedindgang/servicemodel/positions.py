"""Where in a TOML text each key stands, which tomllib does not tell.

`scan` reads the same grammar as tomllib but keeps only lines: tables, arrays of tables, dotted keys,
inline tables, arrays over several lines. It never raises: on a text that is not TOML it returns what it
has seen so far, and tomllib says what is wrong.
"""

from __future__ import annotations

import contextlib
import re
import tomllib
from bisect import bisect_right
from dataclasses import dataclass, field

Path = tuple[str | int, ...]

MOST_PARTS = 50  # of one key; a model needs six, and tomllib takes the square of their number
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BLANK = re.compile(r"[ \t]*")
_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SCALAR = re.compile(r"[^,\]}\n#]+")
_STRINGS = (
    re.compile(r'"""(?:[^\\]|\\.)*?"""(?!")"{0,2}', re.DOTALL),
    re.compile(r"'''.*?'''(?!')'{0,2}", re.DOTALL),
    re.compile(r'"(?:[^"\\\n]|\\.)*"'),
    re.compile(r"'[^'\n]*'"),
)


@dataclass(frozen=True, slots=True)
class Repeated:
    """A key given a second time, at `line`; the first stands at `first_line`."""

    path: Path
    line: int
    first_line: int


@dataclass(slots=True)
class Positions:
    """`lines[path]` is the line (from 1) where the key at `path` was first given; list members have an index."""

    lines: dict[Path, int] = field(default_factory=dict)
    repeated: list[Repeated] = field(default_factory=list)
    too_deep: int = 0  # the line of a key with so many parts that nobody should read on; 0: none is


class _NotToml(Exception):
    pass


def scan(text: str) -> Positions:
    scanner = _Scanner(text)
    with contextlib.suppress(_NotToml, RecursionError):
        scanner.document()
    return scanner.found


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found = Positions()
        self.members: dict[Path, int] = {}  # arrays of tables and how many members they have so far
        self.headers: set[Path] = set()
        self.values: set[Path] = set()
        self.starts = [0] + [m.end() for m in re.finditer("\n", text)]

    def document(self) -> None:
        table: Path = ()
        self.skip(_SPACE)
        while self.at < len(self.text):
            if self.text.startswith("[", self.at):
                table = self.header()
            else:
                self.pair(table)
            self.skip(_SPACE)

    def header(self) -> Path:
        line = self.line()
        many = self.text.startswith("[[", self.at)
        self.at += 2 if many else 1
        keys = self.dotted_key()
        self.expect("]]" if many else "]")
        path: Path = ()
        for key in keys[:-1]:
            path = self.last_member((*path, key))
            self.found.lines.setdefault(path, line)
        path = (*path, keys[-1])
        if many:
            self.found.lines.setdefault(path, line)
            self.members[path] = self.members.get(path, 0) + 1
            path = (*path, self.members[path] - 1)
        elif path in self.headers or path in self.values:
            self.repeat(path, line)
        self.headers.add(path)
        self.found.lines.setdefault(path, line)
        return path

    def last_member(self, path: Path) -> Path:
        return (*path, self.members[path] - 1) if path in self.members else path

    def pair(self, table: Path) -> None:
        line = self.line()
        path = table
        for key in self.dotted_key():
            path = (*path, key)
            self.found.lines.setdefault(path, line)
        if path in self.values or path in self.headers:
            self.repeat(path, line)
        self.values.add(path)
        self.expect("=")
        self.skip(_BLANK)
        self.value(path)

    def repeat(self, path: Path, line: int) -> None:
        self.found.repeated.append(Repeated(path, line, self.found.lines[path]))

    def value(self, path: Path) -> None:
        if self.text.startswith("[", self.at):
            self.array(path)
        elif self.text.startswith("{", self.at):
            self.inline_table(path)
        elif not any(self.skip(string) for string in _STRINGS) and not self.skip(_SCALAR):
            raise _NotToml

    def array(self, path: Path) -> None:
        self.at += 1
        number = 0
        self.skip(_SPACE)
        while not self.text.startswith("]", self.at):
            member = (*path, number)
            self.found.lines.setdefault(member, self.line())
            self.value(member)
            number += 1
            self.skip(_SPACE)
            if not self.text.startswith("]", self.at):
                self.expect(",")
                self.skip(_SPACE)
        self.at += 1

    def inline_table(self, path: Path) -> None:
        self.at += 1
        self.skip(_SPACE)
        while not self.text.startswith("}", self.at):
            self.pair(path)
            self.skip(_SPACE)
            if not self.text.startswith("}", self.at):
                self.expect(",")
                self.skip(_SPACE)
        self.at += 1

    def dotted_key(self) -> list[str]:
        keys = [self.simple_key()]
        while self.text.startswith(".", self.at):
            self.at += 1
            keys.append(self.simple_key())
            if len(keys) > MOST_PARTS:
                self.found.too_deep = self.line()
                raise _NotToml
        return keys

    def simple_key(self) -> str:
        self.skip(_BLANK)
        for pattern in (_BARE_KEY, *_STRINGS[2:]):
            match = pattern.match(self.text, self.at)
            if match:
                self.at = match.end()
                self.skip(_BLANK)
                return match[0] if pattern is _BARE_KEY else _unquoted(match[0])
        raise _NotToml

    def expect(self, sign: str) -> None:
        if not self.text.startswith(sign, self.at):
            raise _NotToml
        self.at += len(sign)

    def skip(self, pattern: re.Pattern[str]) -> bool:
        match = pattern.match(self.text, self.at)
        if not match or match.end() == self.at:
            return False
        self.at = match.end()
        return True

    def line(self) -> int:
        return bisect_right(self.starts, self.at)


def _unquoted(quoted: str) -> str:
    try:
        return str(tomllib.loads(f"key = {quoted}")["key"])
    except tomllib.TOMLDecodeError as error:
        raise _NotToml from error
