"""What cannot be planned, said so that whoever typed it knows what to do."""

from __future__ import annotations

from typing import Any


class CannotPlan(Exception):
    """The plan cannot be made from what was given. The text says what is wrong; `cure` says what to do.

    `where`: the file, line, row or key it is about, as many as are known; shown one on a line.
    """

    def __init__(self, text: str, *, cure: str, where: tuple[str, ...] = ()) -> None:
        super().__init__(text)
        self.cure = cure
        self.where = where

    def more(self) -> dict[str, Any]:
        """What programs are told of it beside the text, the cure and the places."""
        return {}


class Missing(CannotPlan):
    """A library that this method needs is not installed here."""
