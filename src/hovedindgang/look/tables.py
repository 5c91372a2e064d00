"""What a table on a page is made of; `look/table.html` draws it, and which rows of few must be hidden in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cell:
    """A text, where it leads, and whether it is a figure (set to the right) or heads its row."""

    text: str
    url: str = ""
    number: bool = False
    header: bool = False

    def __str__(self) -> str:
        return self.text


def hidden_rows(counts: Sequence[int], smallest: int) -> set[int]:
    """Which rows of a table must be hidden so that no group under `smallest` can be read or worked out.

    A total stands under the table, so one hidden row alone could be found by subtraction: the next smallest is
    hidden with it, until together they are a group that may be shown. Rows of nothing hide nobody.
    """
    hidden = {row for row, count in enumerate(counts) if 0 < count < smallest}
    others = sorted((count, row) for row, count in enumerate(counts) if count >= smallest)
    while hidden and others and (len(hidden) < 2 or sum(counts[row] for row in hidden) < smallest):
        hidden.add(others.pop(0)[1])
    return hidden
