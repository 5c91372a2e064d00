"""A choice of places as a map, today's beside it where that is known, and what each number of places costs."""

from __future__ import annotations

from collections.abc import Sequence

from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.language import ngettext, number
from hovedindgang.planning.maps import GLYPH, Road, Spot, draw_map, is_wide, legend, text, whole
from hovedindgang.planning.siting.places import Places
from hovedindgang.planning.siting.sites import Asked, Choice

WIDTH, MAP, GAP, TOP, CHART = 1100, 480, 20, 44, 270


def draw(plan: Places, asked: Asked, then: Choice, now: Choice | None, numbers: Sequence[tuple[int, Choice]]) -> str:
    """The SVG text. `numbers`: the best for each number of places, for the chart of cost against travel."""
    maps = [(_("Nu"), now)] if now is not None else []
    maps.append((_("Bagefter") if now is not None else _("Det bedste"), then))
    wide = is_wide([_spot(plan, i, then, now) for i in range(len(plan.towns))])
    beside = len(maps) == 2 and not wide
    width, height = ((WIDTH - GAP) / 2 if beside else WIDTH) - 2, MAP
    most = max(town.people.value for town in plan.towns)
    parts = [text(10, 28, _("Steder i {name}").format(name=plan.name), "map-title")]
    y: float = TOP
    for at, (heading, choice) in enumerate(maps):
        x = 1 + at * (width + GAP) if beside else 1.0
        spots = [_spot(plan, i, choice, now if choice is then else None) for i in range(len(plan.towns))]
        parts.append(text(x + 10, y + 16, f"{heading}: {_summary(plan, choice)}", "map-bold"))
        parts += draw_map(spots, _roads(plan, choice), x=x, y=y + 26, width=width, height=height, most=most)
        if not beside or at == len(maps) - 1:
            y += 26 + height + GAP
    marks = ["open", *(["shut"] if now is not None else [])]
    parts += legend(10, y + 8, marks)
    y += 30
    if len(numbers) > 1:
        parts += _chart(plan, numbers, y)
        y += CHART
    if plan.estimated:
        note = _("Rejsetider er et skøn: fra {low} til {high} gange så lange.")
        note = note.format(low=number(plan.shortest_factor, 1), high=number(plan.longest_factor, 1))
        parts.append(text(10, y + 10, note, "map-small"))
        y += 24
    about = "; ".join(f"{heading}: {_summary(plan, choice)}" for heading, choice in maps)
    return whole(_("Steder i {name}").format(name=plan.name), about, WIDTH, y, parts)


def _summary(plan: Places, choice: Choice) -> str:
    words = ngettext(
        "{count} sted, {mean} min. i gennemsnit, længst {worst}; {total} mio. kr. om året i alt",
        "{count} steder, {mean} min. i gennemsnit, længst {worst}; {total} mio. kr. om året i alt",
        len(choice.options),
    )
    return words.format(
        count=len(choice.options),
        mean=number(choice.mean_minutes, 1),
        worst=number(choice.worst_minutes),
        total=number(choice.total_kr / 1e6, 2),
    )


def _spot(plan: Places, i: int, choice: Choice, before: Choice | None) -> Spot:
    """A town, with its minutes; where they differ from before, both."""
    town = plan.towns[i]
    minutes = number(choice.minutes[i])
    if before is not None and number(before.minutes[i]) != minutes:
        minutes = f"{number(before.minutes[i])} → {minutes}"
    kinds = {plan.candidates[at].town: plan.kinds[kind] for at, kind in choice.options}
    was = {plan.candidates[at].town for at, _kind in before.options} if before is not None else set()
    mark = "open" if town.key in kinds else "shut" if town.key in was else ""
    name = town.name
    if town.key in kinds and len(plan.kinds) > 1:
        name = f"{name} ({_(kinds[town.key].name)})"
    return Spot(
        town.key, (name, _("{minutes} min.").format(minutes=minutes)), town.lat, town.lon, town.people.value, mark
    )


def _roads(plan: Places, choice: Choice) -> list[Road]:
    """From each town to the nearest place."""
    ends = [plan.candidates[at].town for at, _kind in choice.options]
    return [
        Road(town.key, ends[choice.nearest[i]], 0.1)
        for i, town in enumerate(plan.towns)
        if ends[choice.nearest[i]] != town.key
    ]


def _chart(plan: Places, numbers: Sequence[tuple[int, Choice]], y: float) -> list[str]:
    """Kroner across, minutes up: what the next place costs, and what it saves."""
    left, right, top, bottom = 70.0, WIDTH - 150.0, y + 64, y + CHART - 44
    kr = [choice.total_kr for _count, choice in numbers]
    longest = max(choice.mean_minutes for _count, choice in numbers) or 1.0
    span = max(kr) - min(kr) or 1.0

    def at(choice: Choice) -> tuple[float, float]:
        across = left + 20 + (right - left - 40) * (choice.total_kr - min(kr)) / span
        return round(across, 1), round(bottom - (bottom - top) * choice.mean_minutes / longest, 1)

    parts = [text(10, y + 16, _("Pris mod vej: det bedste for hvert antal steder"), "map-bold")]
    for share in (0.0, 0.5, 1.0):
        line = bottom - (bottom - top) * share
        parts.append(f'<line class="map-line" x1="{left:g}" y1="{line:.1f}" x2="{right:g}" y2="{line:.1f}"/>')
        parts.append(text(left - 8, line + 4, number(longest * share, 1), "map-small", "end"))
    parts.append(text(10, top - 24, _("minutter i gennemsnit"), "map-small"))
    points = " ".join(f"{a},{b}" for a, b in (at(choice) for _count, choice in numbers))
    parts.append(f'<polyline class="map-bar" points="{points}"/>')
    for count, choice in numbers:
        a, b = at(choice)
        words = _("{count}: {total} mio. kr.").format(count=count, total=number(choice.total_kr / 1e6, 2))
        parts.append(f'<circle cx="{a}" cy="{b}" r="4.5"/>')
        parts.append(text(min(a + 8, WIDTH - GLYPH * len(words)), b - 8, words, "map-halo map-small"))
    return [*parts, text(right, bottom + 24, _("kroner om året i alt, borgernes tid regnet med"), "map-small", "end")]
