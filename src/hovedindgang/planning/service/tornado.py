"""What of all that is not known decides an answer, as bars: the tornado of `assumptions`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from hovedindgang.planning.language import number
from hovedindgang.planning.maps import broken, text

BARS, BAR = 8, 26.0


class Deciding(NamedTuple):
    """What decides one figure of an answer, and how far.

    `rows`: (the number's name, the answer at its low end, at its high end), what decides most first; an end without an
    answer is None.
    """

    title: str
    usual: float
    rows: Sequence[tuple[str, float | None, float | None]]


def draw_tornado(deciding: Deciding, *, top: float, width: float) -> tuple[list[str], float]:
    """Bars about the answer as it is, and where they end; an end without an answer has no bar on its side."""
    usual, rows = deciding.usual, deciding.rows[:BARS]
    ends = [usual, *(one for _name, *both in rows for one in both if one is not None)]
    low, high = min(ends), max(ends)
    left, right, bottom = width * 0.46, width - 60.0, top + 50 + BAR * len(rows)

    def at(value: float) -> float:
        return left + (right - left) * (value - low) / ((high - low) or 1.0)

    parts = [text(10, top + 16, deciding.title, "map-bold")]
    marks = dict.fromkeys((low, usual, high))
    parts += [text(at(one), top + 38, number(one, 1), "map-small", "middle") for one in marks]
    for place, (name, *both) in enumerate(rows):
        y = top + 48 + BAR * place
        for one in both:
            if one is not None:
                a, b = sorted((at(one), at(usual)))
                size = f'width="{max(b - a, 1):.1f}" height="18"'
                parts.append(f'<rect class="map-people" x="{a:.1f}" y="{y:.1f}" {size}/>')
        parts.append(text(left - 14, y + 14, broken(name, left - 24)[0], "map-small", "end"))
    line = f'x1="{at(usual):.1f}" y1="{top + 44:.1f}" x2="{at(usual):.1f}" y2="{bottom:.1f}"'
    return [*parts, f'<line class="map-bar" {line}/>'], bottom
