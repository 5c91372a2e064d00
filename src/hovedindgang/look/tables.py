"""What a table on a page is made of; `look/table.html` draws it."""

from __future__ import annotations

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
