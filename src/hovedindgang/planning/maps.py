"""A map of places as SVG: who lives where, what is open, and where people go.

Form says what colour says: an open place is a filled square, a closed one a hollow square with a cross, people are a
circle as large as they are many. Whatever a map shows stands in words in the answer of the command that drew it.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape

from hovedindgang.planning.language import gettext as _

STYLE = (
    "text{font-family:'IBM Plex Sans',Arial,sans-serif;font-size:13px;fill:#1a1a1a}"
    ".map-small{font-size:12px}.map-bold{font-weight:600}.map-title{font-size:18px;font-weight:600}"
    ".map-halo{paint-order:stroke;stroke:#fff;stroke-width:3.5px;stroke-linejoin:round}"
    ".map-frame{fill:#fafaf7;stroke:#bfbfbf;stroke-width:.8}.map-line{stroke:#bfbfbf;stroke-width:.8}"
    ".map-leader{stroke:#6b6b6b;stroke-width:.8}"
    ".map-people{fill:#cfe3f5;stroke:#5b7f9f;stroke-width:.8}.map-road{stroke:#6b6b6b;stroke-dasharray:5 4}"
    ".map-open{fill:#1a1a1a;stroke:#fff;stroke-width:1}.map-part{fill:#fff;stroke:#1a1a1a;stroke-width:2.4}"
    ".map-shut{fill:#fff;stroke:#8c1d18;stroke-width:1.8}.map-bar{fill:none;stroke:#1a1a1a}"
)  # the same stand in the house's style sheet, for maps inside a page
EDGE = 34  # from the frame to the outermost place
LINE = 15.0  # the height of a line of a label
GLYPH = 7.4  # the mean width of a letter at 13 px; a little too wide, so that labels never touch


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the map. `mark`: "" people alone, "open", "part" (open on some days alone) or "shut"."""

    key: str
    lines: tuple[str, ...]  # the name, and what is said of it
    lat: float
    lon: float
    people: float
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Road:
    """People of one spot go to another; `share` of them, for the width."""

    start: str
    end: str
    share: float = 1.0


def short_names(names: Mapping[str, str]) -> dict[str, str]:
    """Names without the first word where that is the same for most of them: "Borgerservice Pandrup" is "Pandrup"."""
    first = [name.split()[0] for name in names.values() if " " in name]
    common = max(first, key=first.count, default="")
    if first.count(common) < 2:
        return dict(names)
    return {key: name.removeprefix(f"{common} ") for key, name in names.items()}


def apart(spots: Sequence[Spot]) -> list[Spot]:
    """Whoever stands exactly where another does is moved a little to the east, so that both are seen."""
    span = max(max(spot.lat for spot in spots) - min(spot.lat for spot in spots), 0.01)
    found: list[Spot] = []
    for spot in spots:
        moved = spot
        while any(math.hypot(moved.lat - one.lat, (moved.lon - one.lon) / 2) < 0.04 * span for one in found):
            moved = replace(moved, lon=moved.lon + 0.25 * span)
        found.append(moved)
    return found


def is_wide(spots: Iterable[Spot]) -> bool:
    """Whether the places lie side by side rather than above each other."""
    found = list(spots)
    east, north = _across(found), [spot.lat for spot in found]
    return max(east) - min(east) > 1.4 * (max(north) - min(north))


def draw_map(
    spots: Sequence[Spot],
    roads: Sequence[Road],
    *,
    x: float,
    y: float,
    width: float,
    height: float,
    most: float,
    around: Sequence[Spot] = (),
) -> list[str]:
    """The parts of one map in a frame at (x, y). `most`: how many people the largest circle stands for; `around`: what
    else must have room, so that several maps show the same land."""
    where, km = _projected([*spots, *around], width, height)
    parts = [
        f'<g transform="translate({x:g} {y:g})">',
        f'<rect class="map-frame" width="{width:g}" height="{height:g}"/>',
    ]
    radius = {spot.key: 4 + 22 * math.sqrt(spot.people / most) if most else 4.0 for spot in spots}
    parts += [
        f'<line class="map-road" x1="{where[road.start][0]:.1f}" y1="{where[road.start][1]:.1f}" '
        f'x2="{where[road.end][0]:.1f}" y2="{where[road.end][1]:.1f}" stroke-width="{1 + 4 * road.share:.1f}"/>'
        for road in roads
    ]
    parts += [
        f'<circle class="map-people" cx="{where[spot.key][0]:.1f}" cy="{where[spot.key][1]:.1f}" '
        f'r="{radius[spot.key]:.1f}"><title>{escape(", ".join(spot.lines))}</title></circle>'
        for spot in sorted(spots, key=lambda one: -one.people)
        if spot.people
    ]
    parts += [mark_at(*where[spot.key], spot.mark) for spot in spots if spot.mark]
    parts += _labels(spots, where, radius, _along(roads, where), width, height)
    return [*parts, *_scale_bar(km, width, height), "</g>"]


def mark_at(x: float, y: float, mark: str) -> str:
    """The square of a place."""
    square = f'<rect class="map-{mark}" x="{x - 7:.1f}" y="{y - 7:.1f}" width="14" height="14"/>'
    if mark == "shut":
        square += f'<path class="map-shut" d="M{x - 7:.1f} {y - 7:.1f}l14 14m0 -14l-14 14"/>'
    return square


def legend(x: float, y: float, marks: Sequence[str]) -> list[str]:
    """What the marks say, on one line."""
    words = {
        "open": _("åbent"),
        "part": _("åbent nogle dage"),
        "shut": _("lukket"),
    }
    parts: list[str] = []
    for mark in marks:
        parts += [mark_at(x + 7, y - 4, mark), text(x + 20, y, words[mark], "map-small")]
        x += 40 + GLYPH * len(words[mark])
    parts.append(f'<circle class="map-people" cx="{x + 8:g}" cy="{y - 4:g}" r="8"/>')
    parts.append(text(x + 22, y, _("mennesker: jo flere, jo større"), "map-small"))
    x += 42 + GLYPH * len(_("mennesker: jo flere, jo større"))
    parts.append(f'<line class="map-road" x1="{x:g}" y1="{y - 4:g}" x2="{x + 26:g}" y2="{y - 4:g}" stroke-width="2"/>')
    return [*parts, text(x + 32, y, _("hvor de går hen"), "map-small")]


def broken(words: str, width: float) -> list[str]:
    """A title in as many lines as `width` asks for."""
    return textwrap.wrap(words, max(8, int(width / GLYPH))) or [""]


def text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> str:
    name = f' class="{kind}"' if kind else ""
    side = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return f'<text x="{x:.1f}" y="{y:.1f}"{name}{side}>{escape(words)}</text>'


def whole(title: str, about: str, width: float, height: float, parts: Iterable[str]) -> str:
    """An SVG of its own, with its title and description for those who do not see it."""
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
            f'height="{height:g}" role="img" aria-labelledby="map-title map-desc">',
            f'<title id="map-title">{escape(title)}</title>',
            f'<desc id="map-desc">{escape(about)}</desc>',
            f'<style>{STYLE}</style><rect width="{width:g}" height="{height:g}" fill="#fff"/>',
            *parts,
            "</svg>",
            "",
        ]
    )


def _across(spots: Sequence[Spot]) -> list[float]:
    """Degrees to the east, as long as those to the north."""
    middle = math.radians(sum(spot.lat for spot in spots) / len(spots))
    return [spot.lon * math.cos(middle) for spot in spots]


def _projected(spots: Sequence[Spot], width: float, height: float) -> tuple[dict[str, tuple[float, float]], float]:
    """Across and down for each, equal kilometres both ways and north up; and how long a kilometre is."""
    east, north = _across(spots), [spot.lat for spot in spots]
    wide, high = max(east) - min(east), max(north) - min(north)
    scale = min(
        (width - 4 * EDGE) / wide if wide else math.inf,
        (height - 2 * EDGE - 24) / high if high else math.inf,
    )
    scale = scale if math.isfinite(scale) else 1.0
    left, top = (width - scale * wide) / 2, (height - 14 - scale * high) / 2
    where = {
        spot.key: (left + scale * (one - min(east)), top + scale * (max(north) - spot.lat))
        for spot, one in reversed(list(zip(spots, east, strict=True)))  # the first of a key stands
    }
    return where, scale / 111.2


# Where a label may stand: so far beyond the edge of its circle, in so many directions, the best first.
AWAY = (4.0, 16.0, 34.0, 60.0)
TURNS = (0, 8, 4, 12, 1, 15, 7, 9, 2, 14, 6, 10, 3, 13, 5, 11)  # sixteenths of a circle, 0 to the right, 4 down
BEYOND = 10.0  # farther from its circle than this a label has a line to it
Box = tuple[float, float, float, float]  # left, top, right, bottom


def _labels(
    spots: Sequence[Spot],
    where: dict[str, tuple[float, float]],
    radius: dict[str, float],
    lines: list[Box],
    width: float,
    height: float,
) -> list[str]:
    """Each where it covers least of what stands already: open and closed places first, then those with most people."""
    taken = []
    for spot in spots:
        (x, y), size = where[spot.key], max(8.0, 0.9 * radius[spot.key])
        taken.append((x - size, y - size, x + size, y + size))
    parts = []
    for spot in sorted(spots, key=lambda one: (not one.mark, -one.people)):
        x, y = where[spot.key]
        long, tall = GLYPH * max(len(line) for line in spot.lines), LINE * len(spot.lines)
        edge = max(10.0, radius[spot.key])
        reach = edge + AWAY[-1] + max(long, tall)
        around = (x - reach, y - reach, x + reach, y + reach)
        names, roads = _inside(taken, around), _inside(lines, around)
        others = [(where[one], max(9.0, radius[one])) for one in radius if one != spot.key]
        others = [(at, size) for at, size in others if math.dist(at, (x, y)) < reach + size]
        best, least, side, from_edge = (0.0, 0.0, 0.0, 0.0), math.inf, 0.0, (0.0, 0.0, 0.0)
        for away, (rank, turn) in ((away, found) for away in AWAY for found in enumerate(TURNS)):
            across, down = _direction(turn)
            at_x, at_y = x + across * (edge + away), y + down * (edge + away)
            left = at_x - (0 if across > 0.3 else long if across < -0.3 else long / 2)
            top = at_y - tall * (1 - down) / 2
            box = (left, top, left + long, top + tall)
            # Across a road is worse than a little farther off; across another name or place worse than either.
            covered = rank + 4 * away + _covered(box, names) + 6 * _covered(box, roads) + _beyond(box, width, height)
            if away > BEYOND and _crosses((x, y), (at_x, at_y), others):
                covered += 400  # a line to its place that runs over another is read as that one's
            if covered < least:
                best, least, side, from_edge = box, covered, across, (away, across, down)
        taken.append(best)
        away, across, down = from_edge
        if away > BEYOND:
            start, end = (x + across * edge, y + down * edge), (x + across * (edge + away), y + down * (edge + away))
            parts.append(
                f'<line class="map-leader" x1="{start[0]:.1f}" y1="{start[1]:.1f}" '
                f'x2="{end[0]:.1f}" y2="{end[1]:.1f}"/>'
            )
        at = best[0] if side > 0.3 else best[2] if side < -0.3 else (best[0] + best[2]) / 2
        anchor = "start" if side > 0.3 else "end" if side < -0.3 else "middle"
        for row, line in enumerate(spot.lines):
            kind = "map-small" if row else "map-bold" if spot.mark else ""
            parts.append(text(at, best[1] + 12 + LINE * row, line, f"map-halo {kind}".strip(), anchor))
    return parts


def _crosses(
    start: tuple[float, float], end: tuple[float, float], others: Iterable[tuple[tuple[float, float], float]]
) -> bool:
    """Whether the way from a place to its label leads over the circle of another."""
    steps = [
        (start[0] + (end[0] - start[0]) * at / 10, start[1] + (end[1] - start[1]) * at / 10) for at in range(3, 11)
    ]
    return any(math.dist(at, one) < size for at, size in others for one in steps)


def _direction(turn: int) -> tuple[float, float]:
    """Across and down, of length one."""
    angle = math.pi * turn / 8
    return math.cos(angle), math.sin(angle)


def _along(roads: Iterable[Road], where: dict[str, tuple[float, float]]) -> list[Box]:
    """Small boxes along every road, so that no name is written across one where there is room beside it."""
    boxes = []
    for road in roads:
        (x, y), (end_x, end_y) = where[road.start], where[road.end]
        steps = int(math.hypot(end_x - x, end_y - y) / 12)
        for step in range(1, steps):
            a, b = x + (end_x - x) * step / steps, y + (end_y - y) * step / steps
            boxes.append((a - 3, b - 3, a + 3, b + 3))
    return boxes


def _inside(boxes: Iterable[Box], around: Box) -> list[Box]:
    """Those that lie in part within a box."""
    left, top, right, bottom = around
    return [one for one in boxes if one[0] < right and one[2] > left and one[1] < bottom and one[3] > top]


def _covered(box: Box, taken: Iterable[Box]) -> float:
    """How much of what stands already `box` would cover."""
    left, top, right, bottom = box
    return sum(
        (min(right, other[2]) - max(left, other[0])) * (min(bottom, other[3]) - max(top, other[1]))
        for other in _inside(taken, box)
    )


def _beyond(box: Box, width: float, height: float) -> float:
    """Worse than anything that could be covered, for each side on which it reaches beyond the frame."""
    left, top, right, bottom = box
    return 35_000.0 * sum((left < 4, top < 4, right > width - 4, bottom > height - 20))


def _scale_bar(km: float, width: float, height: float) -> list[str]:
    """Five kilometres, or what is near a sixth of the frame."""
    length = min((1, 2, 5, 10, 20, 50, 100), key=lambda one: abs(one * km - width / 6))
    x, y = width - 16 - length * km, height - 10
    return [
        f'<path d="M{x:.1f} {y - 4:g}v4h{length * km:.1f}v-4" class="map-bar"/>',
        text(x - 8, y + 1, f"{length} km", "map-small", "end"),
    ]
