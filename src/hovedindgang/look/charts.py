"""Charts as SVG made on the server, each with the table of what it draws.

Pure functions from figures to safe HTML. A chart says its title and description to a screen reader and is never the
only place where a figure stands: the table beside it holds all of them, with their links. Values that are not known
are `None`: a gap in a line, a dash in a table, never a zero.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from hovedindgang.look.scales import HEIGHT, LEFT, RIGHT, WIDTH, Point, Scale, Series, Text, Writer

ROW = 30  # height of a row of horizontal bars
LABELS = 250  # room for the bars' names
MOST_LABELS = 13  # along a time axis
NAME_LETTERS = 36


def line_chart(
    *,
    title: Text,
    series: Sequence[Series],
    description: Text = "",
    target: float | None = None,
    target_label: Text = "",
    shares: bool = False,
    lowest: float | None = None,
    highest: float | None = None,
    label_head: Text = "",
    language: str = "da",
) -> SafeString:
    """Lines over time with a target and the range of the first series as a band.

    `shares`: values are between 0 and 1 and written as per cent. `lowest` and `highest` fix the axis.
    """
    scale = Scale.over(series, target=target, lowest=lowest, highest=highest)
    write = Writer(shares, language, scale.step)
    labels = [point.label for point in series[0].points] if series else []
    across = _places(len(labels))
    parts = [_grid(scale, write), _time_axis(labels, across)]
    if series:
        parts.append(_band(series[0].points, across, scale))
    if target is not None:
        parts.append(_target(scale.y(target), target_label))
    parts += [_line(one.points, across, scale, position, write) for position, one in enumerate(series)]
    drawing = _svg(title, description or _in_words(series, write), HEIGHT, parts)
    return _figure(title, _legend(series, "line"), drawing, _table(title, series, write, label_head))


def bar_chart(
    *,
    title: Text,
    series: Sequence[Series],
    description: Text = "",
    target: float | None = None,
    target_label: Text = "",
    shares: bool = False,
    highest: float | None = None,
    label_head: Text = "",
    language: str = "da",
) -> SafeString:
    """Horizontal bars, one row for each label and one bar in it for each series; values at the bars' ends."""
    highest = highest if highest is not None else (1.0 if shares else None)
    scale = Scale.over(series, target=target, lowest=0, highest=highest)
    write = Writer(shares, language, scale.step)
    labels = [point.label for point in series[0].points] if series else []
    mark = f"hatch-{zlib.crc32(str(title).encode()):x}"
    thickness = max(15, (ROW - 8) // max(1, len(series)))
    row = thickness * max(1, len(series)) + 10
    parts = [
        _patterns(mark, len(series)),
        *(
            _bars(index, label, [one.points[index] for one in series], row, thickness, scale, write, mark)
            for index, label in enumerate(labels)
        ),
    ]
    height = row * len(labels) + 24
    if target is not None:
        parts.append(_upright_target(scale.share(target), height, target_label))
    drawing = _svg(title, description or _in_words(series, write), height, parts)
    return _figure(title, _legend(series, "bar", mark), drawing, _table(title, series, write, label_head))


def _places(count: int) -> list[float]:
    """Where each label stands along the time axis."""
    room = WIDTH - LEFT - RIGHT
    return [LEFT + room * (i + 0.5) / count for i in range(count)]


def _grid(scale: Scale, write: Writer) -> SafeString:
    rows = [(LEFT, WIDTH - RIGHT, _at(scale.y(v)), LEFT - 8, _at(scale.y(v) + 4), write.axis(v)) for v in scale.steps()]
    return format_html_join(
        "",
        '<line class="chart-grid" x1="{0}" x2="{1}" y1="{2}" y2="{2}"/>'
        '<text x="{3}" y="{4}" text-anchor="end">{5}</text>',
        rows,
    )


def _time_axis(labels: Sequence[str], across: Sequence[float]) -> SafeString:
    every = max(1, math.ceil(len(labels) / MOST_LABELS))
    shown = [
        (_at(x), HEIGHT - 12, label) for i, (x, label) in enumerate(zip(across, labels, strict=True)) if i % every == 0
    ]
    return format_html_join("", '<text x="{}" y="{}" text-anchor="middle">{}</text>', shown)


def _band(points: Sequence[Point], across: Sequence[float], scale: Scale) -> SafeString:
    """The ranges of a series as one shape for each unbroken run."""
    shapes: list[tuple[str]] = []
    run: list[tuple[float, float, float]] = []
    for x, point in [*zip(across, points, strict=True), (0.0, Point(label="", value=None))]:
        if point.low is not None and point.high is not None:
            run.append((x, scale.y(point.high), scale.y(point.low)))
        elif run:
            there = [f"{_at(x)},{_at(high)}" for x, high, _low in run]
            back = [f"{_at(x)},{_at(low)}" for x, _high, low in reversed(run)]
            shapes.append((" ".join([*there, *back]),))
            run = []
    return format_html_join("", '<polygon class="chart-band" points="{}"/>', shapes)


def _line(points: Sequence[Point], across: Sequence[float], scale: Scale, position: int, write: Writer) -> SafeString:
    """A line broken where a value is not known; each point tells its figure."""
    path, pen = [], "M"
    for x, point in zip(across, points, strict=True):
        if point.value is None:
            pen = "M"
            continue
        path.append(f"{pen}{_at(x)} {_at(scale.y(point.value))}")
        pen = "L"
    kind = f"-{position}" if position else ""
    dots = format_html_join(
        "",
        '<circle class="chart-point chart-point{}" cx="{}" cy="{}" r="3.5"><title>{}: {}</title></circle>',
        (
            (kind, _at(x), _at(scale.y(point.value)), point.label, write.value(point.value))
            for x, point in zip(across, points, strict=True)
            if point.value is not None
        ),
    )
    return format_html('<path class="chart-line chart-line{}" d="{}"/>{}', kind, " ".join(path), dots)


def _target(y: float, label: Text) -> SafeString:
    return format_html(
        '<line class="chart-target" x1="{0}" x2="{1}" y1="{2}" y2="{2}"/>'
        '<text class="chart-target-label" x="{3}" y="{4}">{5}</text>',
        LEFT,
        WIDTH - RIGHT,
        _at(y),
        WIDTH - RIGHT + 6,
        _at(y + 4),
        label,
    )


def _upright_target(share: float, height: int, label: Text) -> SafeString:
    x = LABELS + share * _bar_room()
    return format_html(
        '<line class="chart-target" x1="{0}" x2="{0}" y1="0" y2="{1}"/>'
        '<text class="chart-target-label" x="{0}" y="{2}" text-anchor="middle">{3}</text>',
        _at(x),
        height - 16,
        height - 3,
        label,
    )


def _bar_room() -> int:
    return WIDTH - LABELS - 80


def _bars(
    index: int,
    label: str,
    points: Sequence[Point],
    row: int,
    thickness: int,
    scale: Scale,
    write: Writer,
    mark: str,
) -> SafeString:
    top = index * row + 4
    name = label if len(label) <= NAME_LETTERS else label[: NAME_LETTERS - 1] + "…"
    heading = format_html(
        '<text class="chart-label" x="{}" y="{}" text-anchor="end">{}<title>{}</title></text>',
        LABELS - 10,
        _at(top + (row - 10) / 2 + 4),
        name,
        label,
    )
    drawn = []
    for position, point in enumerate(points):
        length = 0.0 if point.value is None else scale.share(point.value) * _bar_room()
        y = top + position * thickness
        ends = length
        whisker = SafeString("")
        if point.low is not None and point.high is not None and point.low != point.high:
            low, high = (LABELS + scale.share(one) * _bar_room() for one in (point.low, point.high))
            ends = max(length, high - LABELS)
            middle = y + (thickness - 2) / 2
            whisker = format_html(
                '<path class="chart-whisker" d="M{0} {2}H{1}M{0} {3}v6M{1} {3}v6"/>',
                _at(low),
                _at(high),
                _at(middle),
                _at(middle - 3),
            )
        drawn.append(
            format_html(
                '{}{}<text class="chart-value" x="{}" y="{}">{}</text>',
                _bar(position, LABELS, y, length, thickness - 2, mark),
                whisker,
                _at(LABELS + ends + 7),
                _at(y + thickness / 2 + 3),
                write.value(point.value),
            )
        )
    return format_html("{}{}", heading, _joined(drawn))


# From the third series on colours alone are told apart badly: each has lines of its own over its bars.
HATCHES = {2: ("M0 6L6 0", "#fff"), 3: ("M2 2h2v2h-2z", "#1a1a1a"), 4: ("M3 0V6", "#fff"), 5: ("M0 3H6", "#fff")}


def _patterns(mark: str, series: int) -> SafeString:
    """The lines over the bars, as patterns of one drawing."""
    if series <= min(HATCHES):
        return SafeString("")
    found = format_html_join(
        "",
        '<pattern id="{}-{}" width="6" height="6" patternUnits="userSpaceOnUse">'
        '<path d="{}" fill="none" stroke="{}" stroke-width="1.4"/></pattern>',
        ((mark, position, *lines) for position, lines in HATCHES.items() if position < series),
    )
    return format_html("<defs>{}</defs>", found)


def _bar(position: int, x: float, y: float, width: float, height: float, mark: str) -> SafeString:
    """A bar in the colour of its series, and from the third on with its lines over it."""
    place = format_html('x="{}" y="{}" width="{}" height="{}" rx="2"', _at(x), _at(y), _at(width), _at(height))
    bar = format_html('<rect class="chart-bar{}" {}/>', f" chart-bar-{position}" if position else "", place)
    if position not in HATCHES:
        return bar
    return format_html('{}<rect fill="url(#{}-{})" {}/>', bar, mark, position, place)


def _svg(title: Text, description: Text, height: int, parts: Sequence[SafeString]) -> SafeString:
    return format_html(
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}" preserveAspectRatio="xMinYMin meet">'
        "<title>{}</title><desc>{}</desc>{}</svg>",
        WIDTH,
        height,
        format_html("{}. {}", title, description) if description else title,
        title,
        description,
        _joined(parts),
    )


def _in_words(series: Sequence[Series], write: Writer) -> str:
    """What a screen reader is told when nobody wrote a description: where each line ends."""
    told = []
    for one in series:
        known = [point for point in one.points if point.value is not None]
        if known:
            told.append(f"{one.name}: {known[-1].label} {write.value(known[-1].value)}")
    return "; ".join(told)


def _legend(series: Sequence[Series], shape: str, mark: str = "") -> SafeString:
    """Names of the series with what they look like; none for a chart of one."""
    if len(series) < 2:
        return SafeString("")

    def drawn(position: int) -> SafeString:
        if shape == "bar":
            return _bar(position, 0, 0, 24, 12, mark)
        kind = f"-{position}" if position else ""
        return format_html('<line class="chart-line chart-line{}" x1="0" x2="24" y1="6" y2="6"/>', kind)

    items = format_html_join(
        "",
        '<li><svg viewBox="0 0 24 12" aria-hidden="true" focusable="false">{}</svg>{}</li>',
        ((drawn(position), one.name) for position, one in enumerate(series)),
    )
    return format_html('<ul class="chart-legend">{}</ul>', items)


def _table(title: Text, series: Sequence[Series], write: Writer, label_head: Text) -> SafeString:
    head = format_html_join("", '<th scope="col" class="number">{}</th>', ((one.name,) for one in series))
    labels = [point.label for point in series[0].points] if series else []
    rows = format_html_join(
        "",
        '<tr><th scope="row">{}</th>{}</tr>',
        (
            (
                label,
                format_html_join("", '<td class="number">{}</td>', ((_cell(one.points[i], write),) for one in series)),
            )
            for i, label in enumerate(labels)
        ),
    )
    return format_html(
        '<details><summary>{}</summary><table class="table table--compact"><caption class="sr-only">{}</caption>'
        '<thead><tr><th scope="col">{}</th>{}</tr></thead><tbody>{}</tbody></table></details>',
        _("Vis tallene"),
        title,
        label_head or _("Hvad"),
        head,
        rows,
    )


def _cell(point: Point, write: Writer) -> SafeString:
    text = write.value(point.value)
    if point.low is not None and point.high is not None and point.low != point.high:
        text = f"{text} ({write.value(point.low)}–{write.value(point.high)})"
    return format_html('<a href="{}">{}</a>', point.url, text) if point.url else format_html("{}", text)


def _figure(title: Text, legend: SafeString, drawing: SafeString, table: SafeString) -> SafeString:
    return format_html(
        '<figure class="chart"><figcaption>{}</figcaption>{}{}{}</figure>', title, legend, drawing, table
    )


def _joined(parts: Sequence[SafeString]) -> SafeString:
    return mark_safe("".join(parts))  # noqa: S308  # nosec B308 B703 - each part was escaped by format_html


def _at(value: float) -> str:
    """A coordinate: one decimal, a point whatever the language."""
    return f"{value:.1f}".removesuffix(".0")
