"""What a trial costs, and what that is made of: hours that are paid, and places that are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hovedindgang.look.tables import Cell
from hovedindgang.scenarios.comparing import Unit
from hovedindgang.scenarios.labels import CENTRE_KIND
from hovedindgang.scenarios.models import Run
from hovedindgang.scenarios.pages.figures import heading, names_of
from hovedindgang.scenarios.wordings import NOTHING, interval, number, told
from hovedindgang.servicemodel.document import SourceKind

PAID = "hours:own:"
LEAST_HOURS = 20.0  # a year; less is a shift that begins at another time


def cost_table(base: Run | None, runs: Sequence[Run]) -> dict[str, Any]:
    """Kroner and the hours behind them; then the hours of each place, and what each place costs to keep."""
    every = ([base] if base else []) + [run for run in runs if base is None or run.pk != base.pk]
    results = [run.results or {} for run in every]
    names = names_of([one for one in results if one])
    rows = [
        [Cell(label), *(_figure(one, key, unit) for one in results)]
        for label, key, unit in (
            (_("Løn og steder om året"), "total_kr", Unit.KR),
            (_("Heraf løn, med fravær og overtid"), "kr", Unit.KR),
            (_("Lønnede timer om året"), "hours:own", Unit.HOURS),
        )
    ]
    rows.insert(2, [Cell(_("Heraf steder, uden løn")), *(Cell(_places(one)) for one in results)])
    paid = sorted({key for one in results for key in one.get("figures", {}) if key.startswith(PAID)})
    for key in paid:
        place = key.removeprefix(PAID)
        label = _("Lønnede timer, {place}").format(place=names.get(place, place))
        rows.append([Cell(label), *(Cell(told(_value(one, key) or 0.0, Unit.HOURS)) for one in results)])
    for place in dict.fromkeys(kept["place"] for one in results for kept in one.get("kept", ())):
        label = _("Sted: {place}").format(place=names.get(place, place))
        rows.append([Cell(label), *(Cell(_one_place(one, place)) for one in results)])
    return {"head": [_("Pris"), *(heading(run) for run in every)], "rows": rows}


def _figure(results: Mapping[str, Any], key: str, unit: Unit) -> Cell:
    figure = results.get("figures", {}).get(key)
    return Cell(interval(figure, unit) if figure else NOTHING)


def _value(results: Mapping[str, Any], key: str) -> float | None:
    figure = results.get("figures", {}).get(key)
    return float(figure["value"]) if figure else None


def _range(kept: Sequence[Mapping[str, Any]]) -> str:
    low = sum(one["kr"] if one["low"] is None else one["low"] for one in kept)
    high = sum(one["kr"] if one["high"] is None else one["high"] for one in kept)
    value = told(sum(one["kr"] for one in kept), Unit.KR)
    return value if low == high else f"{value} ({number(low)}–{number(high)})"


def _places(results: Mapping[str, Any]) -> str:
    """The sum with its range: what is not known, no chance."""
    if "kept" not in results:
        return NOTHING
    assumed = any(one["source"] == SourceKind.ASSUMED for one in results["kept"])
    return f"{_range(results['kept'])}{', ' + _('antaget') if assumed else ''}"


def _one_place(results: Mapping[str, Any], place: str) -> str:
    found = [one for one in results.get("kept", ()) if one["place"] == place]
    if not found:
        return _("ingen udgift: ikke i brug")
    return _("{kr} som {kind}").format(kr=_range(found), kind=CENTRE_KIND.get(found[0]["kind"], found[0]["kind"]))


def cost_words(base: Run, run: Run) -> list[str]:
    """What makes the difference, in words: where paid hours fell or rose, and what places are kept or given up."""
    before, after = base.results or {}, run.results or {}
    old, new = (_value(one, "hours:own") for one in (before, after))
    if old is None or new is None or "kept" not in before or "kept" not in after:
        return []
    names = names_of([before, after])
    return [_hours(old, new, before, after, names), *_rooms(before, after, names)]


def _hours(
    old: float, new: float, before: Mapping[str, Any], after: Mapping[str, Any], names: Mapping[str, str]
) -> str:
    more = new - old
    if abs(more) < LEAST_HOURS:
        said = _("Der betales for lige så mange timer som nu: løn er hverken sparet eller lagt til.")
    elif more < 0:
        said = _("Der betales for {hours} timer færre om året: lønnen falder, fordi nogen arbejder mindre.").format(
            hours=number(-more)
        )
    else:
        said = _("Der betales for {hours} timer flere om året.").format(hours=number(more))
    keys = {key for one in (before, after) for key in one["figures"] if key.startswith(PAID)}
    moved = {key.removeprefix(PAID): (_value(after, key) or 0.0) - (_value(before, key) or 0.0) for key in keys}
    where = [
        f"{names.get(place, place)} {'+' if change > 0 else '−'}{number(abs(change))}"
        for place, change in sorted(moved.items(), key=lambda pair: pair[1])
        if abs(change) >= LEAST_HOURS
    ]
    return f"{said} {_('Timer om året: {where}.').format(where=', '.join(where))}" if where else said


def _rooms(before: Mapping[str, Any], after: Mapping[str, Any], names: Mapping[str, str]) -> list[str]:
    old, new = ({one["place"]: one for one in results["kept"]} for results in (before, after))
    apart = sum(one["kr"] for one in new.values()) - sum(one["kr"] for one in old.values())
    if not apart:
        return []
    gone = [names.get(key, key) for key in old if key not in new]
    less = [names.get(key, key) for key, one in new.items() if key in old and one["kr"] < old[key]["kr"]]
    come = [names.get(key, key) for key in new if key not in old]
    said = (
        _("Steder bliver {kr} billigere om året").format(kr=told(-apart, Unit.KR))
        if apart < 0
        else _("Steder bliver {kr} dyrere om året").format(kr=told(apart, Unit.KR))
    )
    parts = [
        text.format(places=", ".join(places))
        for text, places in (
            (_("opgivet: {places}"), gone),
            (_("kun et lånt lokale: {places}"), less),
            (_("nyt: {places}"), come),
        )
        if places
    ]
    many = len({one["kind"] for one in (*old.values(), *new.values()) if one["source"] == SourceKind.ASSUMED})
    unsure = ngettext(
        "Hvad et sted koster, er antaget; skriv jeres eget tal i grundlaget.",
        "Hvad stederne koster, er antaget; skriv jeres egne tal i grundlaget.",
        many,
    )
    return [f"{said} ({'; '.join(parts)}). {unsure if many else ''}".strip()]
