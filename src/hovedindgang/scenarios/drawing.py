"""A map of the places and a chart of cost against service, as SVG with the same marks as `look.charts`.

Neither says anything that the table under it does not.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from hovedindgang.look.scales import HEIGHT, LEFT, TOP, WIDTH, Point, Scale, Series, Text, Writer
from hovedindgang.scenarios.comparing import Offer
from hovedindgang.scenarios.travel import WORKDAYS, ways

MAP_HEIGHT, MARGIN = 420, 70
Places = Mapping[str, Mapping[str, Any]]


def place_map(*, title: Text, description: str, before: Places, after: Places) -> SafeString:
    """Places by where they are: filled where open on some workday, hollow where not; a line leads from those whose own
    place is closed on some workday to the nearest that is open then. Empty where the model places none of them.
    """
    where = _positions({**before, **after})
    if not where:
        return SafeString("")
    every = {**before, **after}
    roads = []
    for key, way in ways(after, every).items():
        for other in sorted({day[0] for day in way.days if day is not None and day[0] != key}):
            if key in where and other in where:
                roads.append((*where[key], *where[other]))
    lines = format_html_join("", '<line class="map-road" x1="{}" y1="{}" x2="{}" y2="{}"/>', roads)
    dots = format_html_join(
        "",
        '<circle class="map-place{}" cx="{}" cy="{}" r="{}"><title>{}</title></circle>'
        '<text class="chart-label" x="{}" y="{}" text-anchor="middle">{}</text>',
        (
            (
                _kind(key, before, after),
                *where[key],
                _radius(every[key]["people"], every),
                every[key]["name"],
                where[key][0],
                _label_at(key, where, _radius(every[key]["people"], every)),
                every[key]["name"],
            )
            for key in where
        ),
    )
    return _figure(title, description, MAP_HEIGHT, format_html("{}{}", lines, dots))


def open_days(place: Mapping[str, Any] | None) -> int:
    return sum(1 for day in WORKDAYS if place is not None and place["open"][day])


def _kind(key: str, before: Places, after: Places) -> str:
    if not open_days(after.get(key)):
        return " map-place-closed"
    return " map-place-new" if key not in before else ""


def _label_at(key: str, where: Mapping[str, tuple[float, float]], radius: float) -> float:
    """Under the mark, or above it where another's name already stands under."""
    x, y = where[key]
    before = list(where)[: list(where).index(key)]
    crowded = any(abs(x - where[other][0]) < 150 and abs(y - where[other][1]) < 30 for other in before)
    return round(y - radius - 8 if crowded else y + radius + 16, 1)


def _radius(people: float, every: Places) -> float:
    most = max((one["people"] for one in every.values()), default=0.0)
    return round(6 + 14 * math.sqrt(people / most), 1) if most else 8.0


def _positions(places: Places) -> dict[str, tuple[float, float]]:
    """Across and down, with equal kilometres both ways; north is up."""
    known = {key: one for key, one in places.items() if one["latitude"] is not None and one["longitude"] is not None}
    if not known:
        return {}
    middle = math.radians(sum(one["latitude"] for one in known.values()) / len(known))
    east = {key: one["longitude"] * math.cos(middle) for key, one in known.items()}
    north = {key: one["latitude"] for key, one in known.items()}
    wide, high = max(east.values()) - min(east.values()), max(north.values()) - min(north.values())
    scale = min(
        (WIDTH - 2 * MARGIN) / wide if wide else math.inf, (MAP_HEIGHT - 2 * MARGIN) / high if high else math.inf
    )
    scale = scale if math.isfinite(scale) else 0.0
    left = (WIDTH - scale * wide) / 2
    top = (MAP_HEIGHT - scale * high) / 2
    found: dict[str, tuple[float, float]] = {}
    for key in known:
        x = left + scale * (east[key] - min(east.values()))
        y = top + scale * (max(north.values()) - north[key])
        while any(math.hypot(x - a, y - b) < 24 for a, b in found.values()):  # one where another stands: beside it
            x += 26
        found[key] = (round(x, 1), round(y, 1))
    return found


def frontier_chart(*, title: Text, description: str, offers: Sequence[Offer], language: str) -> SafeString:
    """Kroner across, minutes up; the frontier as a line. Empty for fewer than two runs."""
    if len(offers) < 2:
        return SafeString("")
    least, most = min(one.kr for one in offers), max(one.kr for one in offers)
    room = max(most - least, abs(most) * 0.02, 1.0)
    low, high = (least + most) / 2 - 0.6 * room, (least + most) / 2 + 0.6 * room
    points = Series(name=title, points=[Point(label="", value=one.minutes) for one in offers])
    scale = Scale.over([points], target=None, lowest=0, highest=None)
    write = Writer(False, language, scale.step)

    def across(kr: float) -> float:
        return round(LEFT + (kr - low) / (high - low) * (WIDTH - LEFT - 40), 1)

    rows = [
        (LEFT, WIDTH - 40, round(scale.y(v), 1), LEFT - 8, round(scale.y(v) + 4, 1), write.axis(v))
        for v in scale.steps()
    ]
    grid = format_html_join(
        "",
        '<line class="chart-grid" x1="{0}" x2="{1}" y1="{2}" y2="{2}"/>'
        '<text x="{3}" y="{4}" text-anchor="end">{5}</text>',
        rows,
    )
    axis = format_html(
        '<text x="{}" y="{}">{}</text><text x="{}" y="{}" text-anchor="end">{}</text>',
        LEFT,
        TOP - 6,
        _("minutter"),
        WIDTH - 40,
        HEIGHT - 10,
        _("millioner kr. om året"),
    )
    ticks = format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="middle">{}</text>',
        (
            (across(kr), HEIGHT - 22, _millions(kr, language))
            for kr in (low + 0.1 * (high - low), (low + high) / 2, high - 0.1 * (high - low))
        ),
    )
    line = " ".join(
        f"{'L' if at else 'M'}{across(one.kr)} {scale.y(one.minutes):.1f}"
        for at, one in enumerate(one for one in offers if one.on_frontier)
    )
    dots = format_html_join(
        "",
        '<circle class="chart-point{}" cx="{}" cy="{}" r="5"><title>{}</title></circle>',
        (
            ("" if one.on_frontier else " chart-point-1", across(one.kr), round(scale.y(one.minutes), 1), one.title)
            for one in offers
        ),
    )
    drawing = format_html('{}{}{}<path class="chart-line" d="{}"/>{}', grid, axis, ticks, line, dots)
    return _figure(title, description, HEIGHT, drawing)


def _millions(kr: float, language: str) -> str:
    text = f"{kr / 1e6:.2f}"
    return text if language == "en" else text.replace(".", ",")


def _figure(title: Text, description: str, height: int, drawing: SafeString) -> SafeString:
    return format_html(
        '<figure class="chart"><figcaption>{}</figcaption>'
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}" preserveAspectRatio="xMinYMin meet">'
        "<title>{}</title><desc>{}</desc>{}</svg></figure>",
        title,
        WIDTH,
        height,
        format_html("{}. {}", title, description),
        title,
        description,
        drawing,
    )
