"""Charts as SVG, drawn without Django, a browser or a library. Each stands beside its table, which says the same.

The report's page gives the colours by class, so that a chart prints as it is seen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from itertools import count

_WIDTH = 720
_numbers = count(1)
Shown = Callable[[float], str]


def bars(title: str, values: Sequence[tuple[str, float]], shown: Shown) -> str:
    """Horizontal bars, one for each (label, value)."""
    most = max((value for _label, value in values), default=0) or 1
    left, row = 230, 26
    parts = []
    for number, (label, value) in enumerate(values):
        top, length = number * row + 2, max(1.0, (_WIDTH - left - 90) * value / most)
        parts.append(_text("label", left - 8, top + 16, "end", _cut(label, 28)))
        parts.append(_bar(left, top + 3, length, row - 8))
        parts.append(_text("value", left + length + 6, top + 16, "start", shown(value)))
    return _svg(title, row * len(values) + 4, parts)


def columns(title: str, values: Sequence[tuple[str, float]], shown: Shown) -> str:
    """Standing columns, for what has an order in time; labels are thinned so that they do not meet."""
    most = max((value for _label, value in values), default=0) or 1
    base, step = 180, (_WIDTH - 20) / max(1, len(values))
    every = max(1, -(-len(values) * 44 // (_WIDTH - 20)))
    parts = [f'<line class="axis" x1="10" y1="{base}" x2="{_WIDTH - 10}" y2="{base}"/>']
    for number, (label, value) in enumerate(values):
        left, tall = 10 + number * step, 150 * value / most
        parts.append(_bar(left + step * 0.1, base - tall, step * 0.8, tall, says=f"{label}: {shown(value)}"))
        if number % every == 0:
            parts.append(_text("label", left + step / 2, base + 18, "middle", label))
        if step > 30 and value:
            parts.append(_text("value", left + step / 2, base - tall - 5, "middle", shown(value)))
    return _svg(title, 205, parts)


def heat(
    title: str, rows: Sequence[str], heads: Sequence[str], values: Mapping[tuple[int, int], float], shown: Shown
) -> str:
    """A grid of squares, darker for more; (row number, column number) → value, nothing where there is none."""
    most = max(values.values(), default=0) or 1
    turned = max((len(head) for head in heads), default=0) > 3
    left, top, tall = 170, 64 if turned else 26, 28
    wide = min(64.0, (_WIDTH - left - 20) / max(1, len(heads)))
    parts = []
    for place, head in enumerate(heads):
        x = left + (place + 0.5) * wide
        parts.append(_text("label", x, top - 8, "start" if turned else "middle", _cut(head, 12), turned=turned))
    for line, row in enumerate(rows):
        parts.append(_text("label", left - 8, top + line * tall + 18, "end", _cut(row, 21)))
    for (line, place), value in values.items():
        if not value:
            continue
        x, y, share = left + place * wide, top + line * tall, value / most
        says = f"{rows[line]} – {heads[place]}: {shown(value)}"
        parts.append(_bar(x + 1, y + 1, wide - 2, tall - 2, depth=0.12 + 0.88 * share, says=says))
        # Each reads at 4.5 to 1 or better on the blue behind it.
        parts.append(_text("on-dark" if share > 0.8 else "on-light", x + wide / 2, y + 18, "middle", shown(value)))
    return _svg(title, top + tall * len(rows) + 4, parts)


def _bar(x: float, y: float, width: float, height: float, *, depth: float = 1, says: str = "") -> str:
    told = f"<title>{escape(says)}</title>" if says else ""
    size = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
    return f'<rect class="bar" {size} fill-opacity="{depth:.2f}">{told}</rect>'


def _text(kind: str, x: float, y: float, anchor: str, words: str, *, turned: bool = False) -> str:
    turn = f' transform="rotate(-35 {x:.1f} {y:.1f})"' if turned else ""
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{turn}>{escape(words)}</text>'


def _svg(title: str, height: float, parts: Sequence[str]) -> str:
    name = f"chart-{next(_numbers)}"
    return (
        f'<svg class="chart" viewBox="0 0 {_WIDTH} {height:.0f}" role="img" aria-labelledby="{name}">'
        f'<title id="{name}">{escape(title)}</title>{"".join(parts)}</svg>'
    )


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
