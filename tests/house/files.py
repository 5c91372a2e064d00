"""What may stand in a file of the house, and what a file may be called: each rule gives what breaks it."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable
from pathlib import Path

from house.tree import ROOT, text_of

VAGUE = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc", "services", "stuff"}
# Written in two halves so that this file may be read by its own rule.
HOSTS = re.compile(
    "|".join(["py" + r"pi\.org", "pythonhosted" + r"\.org", "npm" + r"js\.(org|com)", "yarn" + r"pkg\.com"])
)
MACHINES = re.compile(r"(?<![\w.$}])/(?:" + "|".join(["wo" + "rk", "ro" + "ot", "ho" + "me", "tm" + "p"]) + r")/[\w.]")
LEFT_FOR_LATER = re.compile(r"\b(?:TO" + "DO|FIX" + "ME|XX" + r"X)\b")
MIGRATION = re.compile(r"^\d{4}_[a-z][a-z0-9_]*$")

Rule = Callable[[Path, str], Iterable[str]]


def vague_name(file: Path, text: str) -> Iterable[str]:
    if file.suffix == ".py" and VAGUE & {part.removesuffix(".py") for part in file.parts}:
        yield "a name that says nothing"


def names_a_registry(file: Path, text: str) -> Iterable[str]:
    yield from (f"names the host {found[0]}" for found in HOSTS.finditer(text))


def names_a_machine(file: Path, text: str) -> Iterable[str]:
    yield from (f"names a place on one machine: {found[0]}…" for found in MACHINES.finditer(text))


def left_for_later(file: Path, text: str) -> Iterable[str]:
    yield from (f"left for later: {found[0]}" for found in LEFT_FOR_LATER.finditer(text))


def unnamed_migration(file: Path, text: str) -> Iterable[str]:
    if file.parent.name != "migrations" or file.stem == "__init__":
        return
    if not MIGRATION.match(file.stem) or "_auto_" in file.stem or file.stem.endswith("_initial"):
        yield "a migration whose name does not say what it does"


def room_without_a_word(file: Path, text: str) -> Iterable[str]:
    """A room's __init__.py says what it is for, what it owns and whom it calls."""
    if file.name == "__init__.py" and file.parent.parent.name == "hovedindgang":
        said = (ast.get_docstring(ast.parse(text)) or "").splitlines()
        if not 2 <= len([line for line in said if line.strip()]) <= 8:
            yield "a room that does not say in about five lines what it is for"


def tables_in_a_view(file: Path, text: str) -> Iterable[str]:
    if file.stem != "views" and file.parent.name != "views":
        return
    if any(isinstance(node, ast.Attribute) and node.attr == "objects" for node in ast.walk(ast.parse(text))):
        yield "a view that reads tables itself"


def deed_with_loose_arguments(file: Path, text: str) -> Iterable[str]:
    """A deed names every argument and says the type of each. In a folder of deeds, __init__.py names the deeds."""
    if file.stem != "actions" and file.parent.name != "actions":
        return
    offered = None if file.stem == "actions" else _offered(ROOT / file.with_name("__init__.py"))
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef) and (node.name in offered if offered else node.name[0] != "_"):
            yield from _loose(node)


def _offered(package: Path) -> set[str]:
    imports = [node for node in ast.walk(ast.parse(text_of(package))) if isinstance(node, ast.ImportFrom)]
    return {alias.name for node in imports for alias in node.names}


def _loose(node: ast.FunctionDef) -> Iterable[str]:
    if node.args.args or node.args.posonlyargs or node.args.vararg:
        yield f"{node.name} takes an argument without its name"
    if node.returns is None or any(argument.annotation is None for argument in node.args.kwonlyargs):
        yield f"{node.name} does not say its types"


RULES: list[Rule] = [
    vague_name,
    names_a_registry,
    names_a_machine,
    left_for_later,
    unnamed_migration,
    room_without_a_word,
    tables_in_a_view,
    deed_with_loose_arguments,
]


def broken(file: Path, text: str) -> list[str]:
    """Every rule that the file breaks; ``file`` is relative to the root of the house."""
    return [f"{file}: {what}" for rule in RULES for what in rule(file, text)]
