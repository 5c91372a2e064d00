"""What the commands of this room have in common when they tell something."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hovedindgang.servicemodel.language import words_of

_ = words_of(Path(__file__).parent)
_MOST_NUMBERS = 10


class CannotDo(Exception):
    """One line why not, and what to do about it."""

    def __init__(self, cause: str, cure: str) -> None:
        super().__init__(cause)
        self.cure = cure


def some_of(numbers: Sequence[int]) -> str:
    """The first of them, and how many more there are."""
    more = len(numbers) - _MOST_NUMBERS
    return ", ".join(map(str, numbers[:_MOST_NUMBERS])) + (_(" og {n} til").format(n=more) if more > 0 else "")
