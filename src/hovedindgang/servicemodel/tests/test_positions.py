"""The scanner that knows on which line each key of a TOML text stands."""

from __future__ import annotations

import tomllib
from itertools import count
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hovedindgang.servicemodel.positions import scan

KEYS = st.sampled_from(["a", "b-1", "c_c", "æble", "med punktum . i", "1", "true"])
TREES = st.recursive(
    st.just(None),
    lambda inner: st.one_of(
        st.dictionaries(KEYS, inner, min_size=1, max_size=4), st.lists(inner, min_size=1, max_size=3)
    ),
    max_leaves=12,
)


class _Writer:
    """Writes a tree as TOML in ways that chance decides; each leaf is a number of its own, to be found again."""

    def __init__(self, data: st.DataObject) -> None:
        self.data = data
        self.numbers = count(1000)
        self.lines: list[str] = []

    def choose(self, *ways: str) -> str:
        return self.data.draw(st.sampled_from(ways))

    def table(self, tree: dict[str, Any], path: list[str]) -> None:
        later = []
        for key, part in tree.items():
            self.lines += [self.choose("", "# a comment with [brackets] = 1", '  # "quotes')] * self.data.draw(
                st.integers(0, 1)
            )
            if self.may_be_under_a_heading(part) and self.choose("heading", "inline") == "heading":
                later.append((key, part))
            else:
                self.lines += f"{quoted(key)} = {self.value(part)}".split("\n")
        for key, part in later:
            heading = ".".join(quoted(k) for k in [*path, key])
            for member in part if isinstance(part, list) else [part]:
                self.lines.append(f"[[{heading}]]" if isinstance(part, list) else f"[{heading}]  # heading")
                self.table(member, [*path, key])

    def may_be_under_a_heading(self, part: Any) -> bool:
        return isinstance(part, dict) or (isinstance(part, list) and all(isinstance(p, dict) for p in part))

    def value(self, tree: Any) -> str:
        if tree is None:
            number = next(self.numbers)
            return self.choose(str(number), f'"{number}"', f"'{number}'", f'"""{number}\n\n"""', f'"# ] }} {number}"')
        if isinstance(tree, dict):
            return "{ " + ", ".join(f"{quoted(key)} = {self.value(part)}" for key, part in tree.items()) + " }"
        gap = self.choose(" ", "\n", "\n  # in between ],\n")
        return "[" + ",".join(gap + self.value(part) for part in tree) + gap + "]"


def quoted(key: str) -> str:
    bare = key.isascii() and all(c.isalnum() or c in "-_" for c in key)
    return key if bare else f'"{key}"'


def leaves(data: Any, path: tuple[str | int, ...] = ()) -> dict[tuple[str | int, ...], Any]:
    if isinstance(data, dict):
        return {p: v for key, part in data.items() for p, v in leaves(part, (*path, key)).items()}
    if isinstance(data, list):
        return {p: v for n, part in enumerate(data) for p, v in leaves(part, (*path, n)).items()}
    return {path: data}


@given(st.dictionaries(KEYS, TREES, max_size=4), st.data())
def test_every_value_is_found_on_the_line_where_it_stands(tree: dict[str, Any], data: st.DataObject) -> None:
    writer = _Writer(data)
    writer.table(tree, [])
    text = "\n".join(writer.lines)
    found = scan(text)
    lines = text.split("\n")
    for path, value in leaves(tomllib.loads(text)).items():
        number = "".join(c for c in str(value) if c.isdigit())
        assert number in lines[found.lines[path] - 1]
    assert found.repeated == []


@given(st.text(alphabet="ab.=[]{}\",'#\n\\ 1", max_size=60))
def test_a_text_that_is_no_toml_is_scanned_without_harm(text: str) -> None:
    found = scan(text)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    assert set(leaves(data)) <= set(found.lines) | {()}


def test_a_key_given_twice_is_told_with_both_lines() -> None:
    (again,) = scan("[a]\nb = 1\nc = 2\nb = 3\n").repeated
    assert (again.path, again.line, again.first_line) == (("a", "b"), 4, 2)


def test_members_of_a_list_of_tables_are_told_apart_with_what_stands_under_each() -> None:
    found = scan("[[a]]\nb = 1\n[a.c]\nd = 2\n[[a]]\nb = 3\n[[a.e]]\nf = 4\n[[a.e]]\nf = 5\n")
    assert found.repeated == []
    for path, line in {
        ("a",): 1,
        ("a", 0, "b"): 2,
        ("a", 0, "c", "d"): 4,
        ("a", 1): 5,
        ("a", 1, "b"): 6,
        ("a", 1, "e", 0, "f"): 8,
        ("a", 1, "e", 1, "f"): 10,
    }.items():
        assert found.lines[path] == line
