"""What import-linter cannot see: one room naming another in a string, a template, a migration or SQL.

Each function gives the names of rooms that a piece of text names, as (room, what it says).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

KEYS = {"ForeignKey", "OneToOneField", "ManyToManyField", "GenericRelation"}
LOOKS_UP_A_MODEL = {"get_model", "get_app_config"}
LOOKS_UP_A_PAGE = {"reverse", "reverse_lazy", "redirect", "resolve_url"}
TABLE = re.compile(
    r'\b(?:FROM|JOIN|INTO|UPDATE|TABLE|REFERENCES|COPY|ON)\s+(?:ONLY\s+)?"?([a-z]+)_[a-z_]+', re.IGNORECASE
)
LOOKS_LIKE_SQL = re.compile(r"\b(SELECT|INSERT|UPDATE|DELETE|COPY|CREATE|ALTER|DROP)\b")
TEMPLATE = re.compile(r"""\{%\s*(?:extends|include)\s+["']([a-z]+)/""")
PAGE = re.compile(r"""\{%\s*url\s+["']([\w:-]+)["']""")

Named = Iterator[tuple[str, str]]


def in_python(code: str, pages: Mapping[str, str]) -> Named:
    """Rooms named by strings in Python code. ``pages`` maps the name of a page to the room that serves it."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call):
            yield from _in_call(node, pages)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and LOOKS_LIKE_SQL.search(node.value):
            for room in TABLE.findall(node.value):
                yield room.lower(), f"a table of {room} in SQL"
        elif isinstance(node, ast.Assign) and _is_called(node.targets[0]) == "dependencies":
            for migration in ast.walk(node.value):
                if isinstance(migration, ast.Tuple) and (said := _words(migration.elts)):
                    yield said[0], f"a migration that waits for {'.'.join(said)}"


def _in_call(call: ast.Call, pages: Mapping[str, str]) -> Named:
    name = _is_called(call.func)
    said = _words([*call.args[:1], *(keyword.value for keyword in call.keywords if keyword.arg == "to")])
    for word in said:
        if name in KEYS and "." in word:
            yield word.split(".")[0], f"a key to {word}"
        elif name in LOOKS_UP_A_MODEL:
            yield word.split(".")[0], f"{name}({word!r})"
        elif name in LOOKS_UP_A_PAGE and word in pages:
            yield pages[word], f"{name}({word!r})"


def _is_called(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _words(nodes: list[ast.expr]) -> list[str]:
    return [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def in_template(text: str, pages: Mapping[str, str]) -> Named:
    """Rooms named by a template: what it extends, includes and links to."""
    for room in TEMPLATE.findall(text):
        yield room, f"a template of {room}"
    for page in PAGE.findall(text):
        if page in pages:
            yield pages[page], f"{{% url {page!r} %}}"
