"""The lines of a file, numbered; those that a quotation mark swallowed can be read again, each for itself."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import IO

from hovedindgang.registers.language import gettext as _

LONGEST_LINE = 1_000_000  # characters; a register's row has a few hundred
_EVERY = 5_000  # lines between two words about progress


class Lines:
    """Iterates over lines of a bearable length; a longer one is refused without being held in memory.

    `row` holds the lines taken since `begin_row`, with their numbers.
    """

    def __init__(
        self, text: IO[str], size: int, refuse: Callable[[str, int], None], progress: Callable[[float], None] | None
    ) -> None:
        self.row: list[tuple[int, str]] = []
        self.at_end = False  # whether somebody asked for a line after the last
        self._text, self._size, self._refuse, self._progress = text, max(1, size), refuse, progress
        self._again: deque[tuple[int, str]] = deque()
        self._number = self._done = 0

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        found = self._again.popleft() if self._again else self._read()
        if found is None:
            self.at_end = True
            raise StopIteration
        self.row.append(found)
        return found[1]

    def begin_row(self) -> None:
        self.row.clear()

    def give_back(self) -> None:
        """Let all lines of the row but its first be read again, as the beginnings of rows of their own."""
        self._again.extendleft(reversed(self.row[1:]))
        self.at_end = False

    def _read(self) -> tuple[int, str] | None:
        while line := self._text.readline(LONGEST_LINE):
            self._number += 1
            self._done += len(line)
            if self._progress and self._number % _EVERY == 0:
                self._progress(min(1.0, self._done / self._size))
            if len(line) == LONGEST_LINE and not line.endswith(("\n", "\r")):
                self._pass_over()
                wrong = _("Linjen er over 1.000.000 tegn lang. En række i et register er nogle få hundrede.")
                self._refuse(wrong, self._number)
            elif "\0" in line:
                self._refuse(_("Linjen indeholder nul-tegn (NUL). Eksportér filen igen som ren tekst."), self._number)
            else:
                return self._number, line
        return None

    def _pass_over(self) -> None:
        """The rest of a line that is too long."""
        while (rest := self._text.readline(LONGEST_LINE)) and not rest.endswith(("\n", "\r")):
            self._done += len(rest)
