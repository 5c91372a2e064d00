"""A map of the places and a chart of cost against service, as SVG with the same marks as `look.charts`.

Neither says anything that the table under it does not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from hovedindgang.look.scales import HEIGHT, LEFT, TOP, WIDTH, Point, Scale, Series, Text, Writer
from hovedindgang.planning.axes import decimals_of, round_steps
from hovedindgang.planning.maps import Road, Spot, apart, draw_map, legend, short_names
from hovedindgang.scenarios.comparing import Offer
from hovedindgang.scenarios.documents import in_her_language
from hovedindgang.scenarios.travel import WORKDAYS

MAP_HEIGHT, LEGEND = 420, 34
FEW = 0.02  # a road that fewer take is not drawn
Places = Mapping[str, Mapping[str, Any]]


def place_map(
    *,
    title: Text,
    description: str,
    before: Places,
    after: Places,
    said: Mapping[str, str],
    went: Mapping[str, Mapping[str, float]],
) -> SafeString:
    """Places by where they are, with how many belong to each; a line leads from those who belong to one to where some
    of them go (`went`: home → place → share). `said`: what stands under a name. Empty where the model places none.
    """
    every = {**before, **after}
    known = {key: one for key, one in every.items() if one["latitude"] is not None and one["longitude"] is not None}
    if not known:
        return SafeString("")
    names = short_names({key: one["name"] for key, one in known.items()})
    spots = [
        Spot(
            key,
            tuple(filter(None, (names[key], said.get(key, "")))),
            one["latitude"],
            one["longitude"],
            one["people"],
            _mark(after.get(key)),
        )
        for key, one in known.items()
    ]
    roads = [
        Road(home, place, share)
        for home, shares in went.items()
        for place, share in shares.items()
        if place != home and share >= FEW and home in known and place in known
    ]
    most = max(one["people"] for one in known.values())
    marks = [mark for mark in ("open", "part", "shut") if any(spot.mark == mark for spot in spots)]
    with in_her_language():
        parts = [
            *draw_map(apart(spots), roads, x=0, y=0, width=WIDTH, height=MAP_HEIGHT, most=most),
            *legend(2, MAP_HEIGHT + 24, marks),
        ]
    drawing = mark_safe("".join(parts))  # nosec B308 B703  # noqa: S308 (every text in it is escaped by `maps.text`)
    return figure(title, description, MAP_HEIGHT + LEGEND, drawing)


def open_days(place: Mapping[str, Any] | None) -> int:
    return sum(1 for day in WORKDAYS if place is not None and place["open"][day])


def _mark(place: Mapping[str, Any] | None) -> str:
    days = open_days(place)
    return "shut" if not days else "part" if days < len(WORKDAYS) else "open"


def frontier_chart(*, title: Text, description: str, offers: Sequence[Offer], language: str) -> SafeString:
    """Kroner across, minutes up; the frontier as a line. Empty for fewer than two runs."""
    if len(offers) < 2:
        return SafeString("")
    least, most = min(one.kr for one in offers), max(one.kr for one in offers)
    room = max(most - least, abs(most) * 0.02, 1.0)
    low, high = (least + most) / 2 - 0.6 * room, (least + most) / 2 + 0.6 * room
    steps = round_steps(low, high, 5)
    points = Series(
        name=title, points=[Point(label="", value=one.minutes, low=one.low, high=one.high) for one in offers]
    )
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
        _("millioner kr. om året, løn og steder"),
    )
    ticks = format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="middle">{}</text>',
        (
            (across(kr), HEIGHT - 22, _millions(kr, language, steps[1] - steps[0] if len(steps) > 1 else 1e4))
            for kr in steps
        ),
    )
    line = " ".join(
        f"{'L' if at else 'M'}{across(one.kr)} {scale.y(one.minutes):.1f}"
        for at, one in enumerate(one for one in offers if one.on_frontier)
    )
    whiskers = format_html_join(
        "",
        '<path class="chart-whisker" d="M{0} {1}V{2}M{3} {1}h8M{3} {2}h8"/>',
        (
            (
                across(one.kr),
                round(scale.y(max(0.0, one.low)), 1),
                round(scale.y(one.high), 1),
                round(across(one.kr) - 4, 1),
            )
            for one in offers
            if one.low is not None and one.high is not None
        ),
    )
    points_at = [(across(one.kr), round(scale.y(one.minutes), 1)) for one in offers]
    labels = _numbers(points_at)
    dots = format_html_join(
        "",
        '<circle class="chart-point{}" cx="{}" cy="{}" r="5"><title>{}</title></circle>'
        '<text class="chart-value" x="{}" y="{}" text-anchor="middle">{}</text>',
        (
            ("" if one.on_frontier else " chart-point-1", *at, one.title, *label, place)
            for place, (one, at, label) in enumerate(zip(offers, points_at, labels, strict=True), start=1)
        ),
    )
    drawing = format_html('{}{}{}<path class="chart-line" d="{}"/>{}{}', grid, axis, ticks, line, whiskers, dots)
    return figure(title, description, HEIGHT, drawing)


def _numbers(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Where the number of each point stands: beside it, where no other point or number is."""
    placed: list[tuple[float, float]] = []
    for x, y in points:
        beside = [(x + far * side, y + down + 4) for far in (14, 26, 38) for down in (0, -14, 14) for side in (1, -1)]
        taken = [*placed, *((a, b + 4) for a, b in points if (a, b) != (x, y))]

        def free(at: tuple[float, float], taken: Sequence[tuple[float, float]] = tuple(taken)) -> bool:
            return all(abs(at[0] - a) > 11 or abs(at[1] - b) > 13 for a, b in taken)

        found = next((at for at in beside if free(at)), beside[0])
        placed.append((round(found[0], 1), round(found[1], 1)))
    return placed


def _millions(kr: float, language: str, step: float) -> str:
    """With as many decimals as tell two neighbours on the axis apart."""
    text = f"{kr / 1e6:.{decimals_of(step / 1e6)}f}"
    return text if language == "en" else text.replace(".", ",")


def figure(title: Text, description: str, height: int, drawing: SafeString) -> SafeString:
    """A drawing in its frame, with its title and description for those who do not see it."""
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
