"""Who counts what single employees did: found in code, in SQL, in templates, in CSV and in the schema of the API.

A machine sees the shapes such a figure takes: rows grouped by an employee, a name beside a count in a table, a header
of a file, an object of the API. What it cannot see is a count that somebody makes by hand from rows that name her.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# The one place that counts them, and who may ask it: by an agreement of the model, or of her own.
COUNTS = "src/hovedindgang/contacts/by_employee.py"
ASKS = {
    "src/hovedindgang/insight/agreed.py",
    "src/hovedindgang/insight/pages.py",
    "src/hovedindgang/oversight/queries.py",
}
# Rows by employee that are no figure of hers: each with why.
NOT_A_FIGURE: dict[str, str] = {}
WHO = re.compile(
    r"(?:^|_)(?:employee|outcome_by|owner|registered_by|raised_by|asked_by|answered_by|username|staff)(?:_|$)"
)
FIGURE = re.compile(
    r"(?:^|_)(?:count|counts|number|total|minutes|seconds|share|rate|registrations|contacts|enquiries|resolved|solved"
    r"|handle_time|handling|average|median|percent)(?:_|$)"
)
_COUNTING = {"Count", "Sum", "Avg", "Min", "Max", "StdDev", "Variance"}
_GROUPED = re.compile(r"GROUP\s+BY[^;()]*?\b(?:\w+\.)?(employee_id|outcome_by_id|owner_id|sent_by_id)\b", re.IGNORECASE)
_LOOP = re.compile(r"\{%\s*for\b.*?%\}(.*?)\{%\s*endfor\s*%\}", re.DOTALL)
_NAMES = re.compile(r"\{\{\s*[\w.]*(?:employee|owner|outcome_by|colleague)[\w.]*\.(?:name|username)\b")
_TELLS = re.compile(r"\{\{[^}]*\|\s*(?:number|percent)\b|\{%\s*(?:share|figure)\b")


def counted_of_employees(file: Path, text: str) -> Iterator[str]:
    """What in the file counts by employee; `file` is relative to the root of the house."""
    if {"tests", "migrations", "demo"} & set(file.parts) or file.parts[0] != "src" or file.as_posix() == COUNTS:
        return
    if file.suffix == ".html":
        yield from _in_template(text)
    elif file.suffix == ".py":
        yield from _in_code(file.as_posix(), text)


def _in_template(text: str) -> Iterator[str]:
    for body in _LOOP.findall(text):
        if _NAMES.search(body) and _TELLS.search(body):
            yield f"a row with a name and a figure: {body.strip()[:80]}"


def _in_code(file: str, text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            yield from _in_chain(node)
            yield from _in_header(node)
        elif isinstance(node, ast.ImportFrom) and node.module == "hovedindgang.contacts.by_employee":
            if file not in ASKS:
                yield "asks for the figures of single employees"
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found = _GROUPED.search(node.value)
            if found:
                yield f"SQL grouped by {found[1]}"


def _in_chain(call: ast.Call) -> Iterator[str]:
    """`.values("employee").annotate(n=Count(...))` and its like."""
    if not (isinstance(call.func, ast.Attribute) and call.func.attr == "annotate"):
        return
    if not any(
        isinstance(part, ast.Name) and part.id in _COUNTING for value in _given(call) for part in ast.walk(value)
    ):
        return
    for part in ast.walk(call.func.value):
        if (
            isinstance(part, ast.Call)
            and isinstance(part.func, ast.Attribute)
            and part.func.attr in {"values", "values_list"}
        ):
            for argument in part.args:
                if isinstance(argument, ast.Constant) and WHO.search(str(argument.value).partition("__")[0]):
                    yield f"grouped by {argument.value} and counted"


def _given(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(word.value for word in call.keywords)]


def _in_header(call: ast.Call) -> Iterator[str]:
    """A row written to a file that names an employee beside a figure."""
    if not (isinstance(call.func, ast.Attribute) and call.func.attr in {"writerow", "writeheader"}):
        return
    for argument in call.args:
        words = [str(one.value) for one in ast.walk(argument) if isinstance(one, ast.Constant)]
        if any(WHO.search(word) for word in words) and any(FIGURE.search(word) for word in words):
            yield f"a CSV row of {words}"


def figures_in_schema(schema: dict[str, Any]) -> Iterator[str]:
    """Objects and addresses of the API that give a figure of an employee."""
    for name, made in schema.get("components", {}).get("schemas", {}).items():
        fields = made.get("properties", {})
        who = [field for field in fields if WHO.search(field)]
        told = [field for field, how in fields.items() if FIGURE.search(field) and _is_number(how)]
        if who and told:
            yield f"{name}: {who[0]} beside {told[0]}"
    for address, deeds in schema.get("paths", {}).items():
        for deed, how in deeds.items():
            asked = [one["name"] for one in how.get("parameters", [])]
            if (
                FIGURE.search(address.replace("/", "_"))
                and any(WHO.search(one) for one in asked)
                and "indicator" in address
            ):
                yield f"{deed} {address} may be narrowed to an employee"


def _is_number(how: dict[str, Any]) -> bool:
    kinds = {how.get("type"), *(one.get("type") for one in how.get("anyOf", []))}
    return bool(kinds & {"integer", "number"}) and how.get("format") != "row"
