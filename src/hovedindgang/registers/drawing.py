"""Charts as SVG, drawn without a browser or a library. Each stands beside its table, which says the same.

Colours come from the page (`currentColor` and the class names), so a chart prints and follows the page's theme.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from itertools import count

_WIDTH = 720
_BAR = 26
_numbers = count(1)


def bars(title: str, values: Sequence[tuple[str, float]], shown: Callable[[float], str]) -> str:
    """Horizontal bars, one for each (label, value)."""
    most = max((value for _label, value in values), default=0) or 1
    label_width, height = 230, _BAR * len(values) + 4
    room = _WIDTH - label_width - 90
    parts = []
    for number, (label, value) in enumerate(values):
        top, width = number * _BAR + 2, room * value / most
        parts.append(
            f'<text class="label" x="{label_width - 8}" y="{top + 16}" text-anchor="end">{escape(_cut(label, 34))}</text>'
            f'<rect class="bar" x="{label_width}" y="{top + 3}" width="{max(width, 1):.1f}" height="{_BAR - 8}" rx="2"/>'
            f'<text class="value" x="{label_width + max(width, 1) + 6:.1f}" y="{top + 16}">{escape(shown(value))}</text>'
        )
    return _svg(title, height, "".join(parts))


def columns(title: str, values: Sequence[tuple[str, float]], shown: Callable[[float], str]) -> str:
    """Standing columns, for what has an order in time; labels are thinned so that they do not meet."""
    most = max((value for _label, value in values), default=0) or 1
    height, base, step = 220, 180, (_WIDTH - 20) / max(1, len(values))
    every = max(1, -(-len(values) * 44 // (_WIDTH - 20)))
    parts = [f'<line class="axis" x1="10" y1="{base}" x2="{_WIDTH - 10}" y2="{base}"/>']
    for number, (label, value) in enumerate(values):
        left, tall = 10 + number * step, 150 * value / most
        middle = left + step / 2
        parts.append(
            f'<rect class="bar" x="{left + step * 0.1:.1f}" y="{base - tall:.1f}" width="{step * 0.8:.1f}" height="{tall:.1f}">'
            f"<title>{escape(label)}: {escape(shown(value))}</title></rect>"
        )
        if number % every == 0:
            parts.append(
                f'<text class="label" x="{middle:.1f}" y="{base + 18}" text-anchor="middle">{escape(label)}</text>'
            )
        if step > 30 and value:
            parts.append(
                f'<text class="value" x="{middle:.1f}" y="{base - tall - 5:.1f}" text-anchor="middle">{escape(shown(value))}</text>'
            )
    return _svg(title, height, "".join(parts))


def heat(
    title: str,
    rows: Sequence[str],
    heads: Sequence[str],
    values: Mapping[tuple[int, int], float],
    shown: Callable[[float], str],
) -> str:
    """A grid of squares, darker for more; (row number, column number) → value, nothing where there is none."""
    most = max(values.values(), default=0) or 1
    label_width, top, tall = 150, 64, 28
    wide = min(64.0, (_WIDTH - label_width) / max(1, len(heads)))
    parts = []
    for place, head in enumerate(heads):
        x = label_width + place * wide + wide / 2
        turned = f' transform="rotate(-35 {x:.1f} {top - 8})"' if wide < 60 and max(map(len, heads)) > 3 else ""
        anchor = "start" if turned else "middle"
        parts.append(
            f'<text class="label" x="{x:.1f}" y="{top - 8}" text-anchor="{anchor}"{turned}>{escape(_cut(head, 12))}</text>'
        )
    for line, row in enumerate(rows):
        y = top + line * tall
        parts.append(
            f'<text class="label" x="{label_width - 8}" y="{y + 18}" text-anchor="end">{escape(_cut(row, 22))}</text>'
        )
        for place in range(len(heads)):
            value = values.get((line, place), 0)
            if not value:
                continue
            share = value / most
            x = label_width + place * wide
            ink = "on-dark" if share > 0.45 else "value"
            parts.append(
                f'<rect class="bar" x="{x + 1:.1f}" y="{y + 1}" width="{wide - 2:.1f}" height="{tall - 2}" fill-opacity="{0.12 + 0.88 * share:.2f}">'
                f"<title>{escape(row)} – {escape(heads[place])}: {escape(shown(value))}</title></rect>"
                f'<text class="{ink}" x="{x + wide / 2:.1f}" y="{y + 18}" text-anchor="middle">{escape(shown(value))}</text>'
            )
    return _svg(title, top + tall * len(rows) + 4, "".join(parts))


def _svg(title: str, height: float, inside: str) -> str:
    name = f"chart-{next(_numbers)}"
    return (
        f'<svg class="chart" viewBox="0 0 {_WIDTH} {height:.0f}" role="img" aria-labelledby="{name}">'
        f'<title id="{name}">{escape(title)}</title>{inside}</svg>'
    )


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
