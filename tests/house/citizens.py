"""Who reads a citizen's name, address or what leads to them past `people.protection`: found in templates and code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from hovedindgang.people.protection import GUARDED

# Where the columns themselves are the work: the module that decides, the deeds that write, the search, the tables.
MAY_READ = {
    "src/hovedindgang/people/protection.py",
    "src/hovedindgang/people/actions.py",
    "src/hovedindgang/people/queries.py",
    "src/hovedindgang/people/models.py",
    "src/hovedindgang/people/powers.py",  # when a child is eighteen
    "src/hovedindgang/people/rectifying.py",  # what was wrong is read to be kept
    "src/hovedindgang/people/representing.py",
}
# The one page that a reasoned key opens.
MAY_PRINT = {"src/hovedindgang/people/templates/people/protected.html"}
A_CITIZEN = re.compile(r"(^|_)(citizens?|asker|borger|holder|represented|child|helper|beneficiary)(_|$)")
MANY = re.compile(r"(citizens|people|for_whom|persons|holders)(\.all)?$")
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_READS = re.compile(rf"([A-Za-z_][\w.]*)\.({'|'.join(sorted(GUARDED))})\b")
_LOOP = re.compile(r"\{%\s*for\s+([\w, ]+?)\s+in\s+([\w.]+)")
_ALIAS = re.compile(r"\b(\w+)=([\w.]+)")
_THROUGH = re.compile(rf"(?:^|__)(?:citizen|asker|holder|represented)__(?:{'|'.join(sorted(GUARDED))})(?:__|$)")
_SQL = re.compile(rf"\b({'|'.join(sorted(GUARDED))})\b")


def read_past(file: Path, text: str) -> Iterator[str]:
    """What in the file reads a guarded column of a citizen; `file` is relative to the root of the house."""
    if file.as_posix() in MAY_READ | MAY_PRINT or {"tests", "migrations", "demo"} & set(file.parts):
        return
    if file.suffix == ".html":
        yield from _in_template(text)
    elif file.suffix == ".py" and file.parts[0] == "src":
        yield from _in_code(text)


def _in_template(text: str) -> Iterator[str]:
    citizens = {name.strip() for names, many in _LOOP.findall(text) if MANY.search(many) for name in names.split(",")}
    citizens |= {alias for alias, whom in _ALIAS.findall(text) if A_CITIZEN.search(whom.rpartition(".")[2])}
    for tag in _TAG.finditer(text):
        for owner, column in _READS.findall(tag[0]):
            last = owner.rpartition(".")[2]
            if A_CITIZEN.search(last) or last in citizens:
                yield f"{owner}.{column}"


def _in_code(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Attribute) and node.attr in GUARDED and A_CITIZEN.search(_last(node.value)):
            yield f"{_last(node.value)}.{node.attr}"
        elif isinstance(node, ast.keyword) and node.arg and _THROUGH.search(node.arg):
            yield node.arg
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            said = node.value
            if _THROUGH.search(said) or ("people_citizen" in said and " " in said and _SQL.search(said)):
                yield said[:80]


def _last(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""
