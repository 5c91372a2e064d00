"""Plans beside each other as maps and a chart: where people go, how far and how long they wait, and what it costs.

Everything in it stands in the answer of `plan compare` too, with its intervals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from hovedindgang.planning.axes import decimals_of, round_steps
from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.language import number
from hovedindgang.planning.maps import Road, Spot, apart, broken, draw_map, is_wide, legend, short_names, text, whole
from hovedindgang.planning.service.tornado import Deciding, draw_tornado
from hovedindgang.servicemodel.document import Centre, CentreKind, Channel, ServiceModel

WIDTH, GAP, TOP, CHART = 1100, 20, 44, 340
WORKDAYS = range(5)
FEW = 0.02  # a road that fewer take is not drawn


class Told(NamedTuple):
    """A plan as it is drawn: its name, its model after the changes, and what `plan compare` says of it."""

    title: str
    model: ServiceModel
    effects: Mapping[str, Any]
    channels: Mapping[str, Any]
    growing: Sequence[str] = ()  # a sentence for each queue that grows without end


def draw(plans: Sequence[Told], deciding: Sequence[Deciding] = ()) -> str:
    """The SVG text; the first plan is the one that the others are measured from."""
    everybody = _met({key: one for plan in plans for key, one in plan.model.centres.items()})
    names = short_names({key: one.name for key, one in everybody.items()})
    known = {key: one for key, one in everybody.items() if None not in (one.place.latitude, one.place.longitude)}
    parts = [text(10, 28, _("Hvem går hvorhen, og hvor længe venter de?"), "map-title")]
    y: float = TOP
    if known:
        drawn = [_spots(plan, plans[0], known, names) for plan in plans]
        most = max((spot.people for spots in drawn for spot in spots), default=1.0) or 1.0
        columns = min(3, len(plans)) if len(plans) != 4 else 2
        width = (WIDTH - (columns - 1) * GAP) / columns - 2
        everywhere = [spot for spots in drawn for spot in spots]
        height = (0.62 if is_wide(everywhere) else 0.9) * width
        head = 8 + 16 * max(len(broken(f"{at}. {plan.title}", width)) for at, plan in enumerate(plans, start=1))
        for at, (plan, spots) in enumerate(zip(plans, drawn, strict=True)):
            x = 1 + at % columns * (width + GAP)
            for row, words in enumerate(broken(f"{at + 1}. {plan.title}", width)):
                parts.append(text(x + 6, y + 16 + 16 * row, words, "map-bold"))
            parts += draw_map(
                spots,
                _roads(plan, known),
                x=x,
                y=y + head,
                width=width,
                height=height,
                most=most,
                around=everywhere,
            )
            if at % columns == columns - 1 or at == len(plans) - 1:
                y += head + height + GAP
        marks = [
            mark for mark in ("open", "part", "shut") if any(spot.mark == mark for spots in drawn for spot in spots)
        ]
        parts += legend(10, y + 6, marks)
        y += 34
    chart, bottom = _chart(plans, y)
    parts += chart
    about = "; ".join(f"{at + 1}. {plan.title}: {_cost(plan)}" for at, plan in enumerate(plans))
    for one in deciding:
        tornado, bottom = draw_tornado(one, top=bottom + GAP, width=WIDTH)
        parts += tornado
    return whole(_("Hvem går hvorhen, og hvor længe venter de?"), about, WIDTH, bottom, parts)


def _met(centres: Mapping[str, Centre]) -> dict[str, Centre]:
    """Those where people are met."""
    return {key: one for key, one in centres.items() if one.kind is not CentreKind.SERVICE_POINT}


def _spots(plan: Told, first: Told, centres: Mapping[str, Centre], names: Mapping[str, str]) -> list[Spot]:
    """Every place that any plan has, as it would be in this one."""
    people = {one["centre"]: one for one in plan.effects["catchments"]}
    before = {one["centre"]: one for one in first.effects["catchments"]}
    found = []
    for key, centre in centres.items():
        open_days = _open_days(plan.model.centres.get(key))
        if not open_days and key not in people and key not in first.model.centres:
            continue  # a place of another plan
        found.append(
            Spot(
                key,
                (names[key], *_said(people.get(key), before.get(key) if plan is not first else None, open_days)),
                float(centre.place.latitude or 0),
                float(centre.place.longitude or 0),
                people[key]["contacts_per_year"] if key in people else 0.0,
                "shut" if not open_days else "open" if open_days == len(WORKDAYS) else "part",
            )
        )
    return apart(found)


def _open_days(centre: Centre | None) -> int:
    hours = centre.hours.get(Channel.IN_PERSON, {}) if centre is not None else {}
    return sum(1 for day in WORKDAYS if hours.get(day))


def _said(one: Mapping[str, Any] | None, before: Mapping[str, Any] | None, open_days: int) -> list[str]:
    """What stands under a name: days open, minutes waited by its own people, and how much farther they go."""
    if one is None:
        return []
    wait = _minutes(one["wait_minutes"]["value"])
    usual = _minutes(before["wait_minutes"]["value"]) if before is not None else wait
    lines = [_("venter {minutes} min.").format(minutes=wait if usual == wait else f"{usual} → {wait}")]
    if one["extra_km"] is not None and one["extra_km"] >= 0.05:
        lines.append(_("{km} km længere").format(km=number(one["extra_km"], 1)))
    if 0 < open_days < len(WORKDAYS):
        lines.append(_("{days} af 5 hverdage").format(days=open_days))
    return lines


def _minutes(value: float | None) -> str:
    return "-" if value is None else number(value, 1)


def _roads(plan: Told, known: Mapping[str, Centre]) -> list[Road]:
    return [
        Road(one["centre"], to, share)
        for one in plan.effects["catchments"]
        for to, share in one["shares"].items()
        if {to, one["centre"]} <= known.keys() and to != one["centre"] and share >= FEW
    ]


def _cost(plan: Told) -> str:
    return _("{kr} mio. kr. om året").format(kr=number(plan.effects["cost"]["kr_per_year"]["value"] / 1e6, 2))


def _chart(plans: Sequence[Told], y: float) -> tuple[list[str], float]:
    """Kroner a year across, minutes waited in person up, each with its 95 % interval; and where it ends."""
    points = [
        (plan.effects["cost"]["kr_per_year"], figures["wait_mean_minutes"])
        if (figures := plan.channels.get(Channel.IN_PERSON.value)) and figures["wait_mean_minutes"]
        else None
        for plan in plans
    ]
    known = [one for one in points if one is not None]
    parts = [
        text(
            10,
            y + 16,
            _("Pris mod service: løn og steder om året og ventetid ved skranken, med 95 %-interval"),
            "map-bold",
        )
    ]
    if not known:
        parts.append(text(10, y + 40, _("Ingen af dem har en ventetid ved skranken, der kan regnes ud.")))
        down = y + 64
        for place, plan in enumerate(plans, start=1):
            for words in _without_end(place, plan, WIDTH - 20):
                parts.append(text(10, down, words, "map-small"))
                down += 16
        return parts, max(y + CHART, down)
    kr = [cost["value"] for cost, _wait in known]
    span = max(max(kr) - min(kr), 0.02 * max(kr))
    low = (min(kr) + max(kr)) / 2 - 0.65 * span
    up = round_steps(0.0, max(wait["high"] or wait["value"] for _kr, wait in known) or 1.0, 4)
    most = up[-1] + (up[1] - up[0])
    left, right, top, bottom = 60.0, WIDTH * 0.55, y + 56, y + CHART - 46

    def at(cost: float, wait: float) -> tuple[float, float]:
        return left + (right - left) * (cost - low) / (1.3 * span), bottom - (bottom - top) * min(1.0, wait / most)

    for value in (*up, most):
        line = at(low, value)[1]
        parts.append(f'<line class="map-line" x1="{left:g}" y1="{line:.1f}" x2="{right:g}" y2="{line:.1f}"/>')
        parts.append(text(left - 8, line + 4, number(value, decimals_of(up[1] - up[0])), "map-small", "end"))
    along = round_steps(low / 1e6, (low + 1.3 * span) / 1e6, 5)
    for millions in along:
        x = at(millions * 1e6, 0.0)[0]
        parts.append(f'<path class="map-bar" d="M{x:.1f} {bottom:.1f}v5"/>')
        parts.append(text(x, bottom + 18, number(millions, decimals_of(along[-1] - along[-2])), "map-small", "middle"))
    parts.append(text(10, top - 14, _("minutter"), "map-small"))
    parts.append(text(right, bottom + 36, _("mio. kr. om året"), "map-small", "end"))
    down = top + 4
    for place, (plan, point) in enumerate(zip(plans, points, strict=True), start=1):
        for words in broken(f"{place}. {plan.title}", WIDTH - right - 40):
            parts.append(text(right + 30, down, words))
            down += 16
        wait_said = _minutes(point[1]["value"] if point else None)
        said = _("{cost}, venter {minutes} min.").format(cost=_cost(plan), minutes=wait_said)
        parts.append(text(right + 46, down, said, "map-small"))
        down += 16
        for words in _without_end(None, plan, WIDTH - right - 56):
            parts.append(text(right + 46, down, words, "map-small"))
            down += 16
        down += 8
        if point is None:
            continue
        cost, wait = point
        a, b = at(cost["value"], wait["value"])
        if wait["low"] is not None:
            ends = [at(cost["value"], max(0.0, wait[end]))[1] for end in ("low", "high")]
            parts.append(f'<path class="map-bar" d="M{a:.1f} {ends[0]:.1f}V{ends[1]:.1f}"/>')
        parts.append(f'<circle cx="{a:.1f}" cy="{b:.1f}" r="5"/>')
        parts.append(text(a + 9, b + 4, str(place), "map-halo map-bold"))
    return parts, max(y + CHART, down)


def _without_end(place: int | None, plan: Told, width: float) -> list[str]:
    """The queues of a plan that grow, in lines that fit."""
    begin = "" if place is None else f"{place}. "
    return [line for words in plan.growing for line in broken(begin + words, width)]
