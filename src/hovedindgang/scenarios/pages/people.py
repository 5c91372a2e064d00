"""Who gains and who loses, as a table, day by day, and as a map."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from hovedindgang.look.tables import Cell
from hovedindgang.planning.language import gettext as of_planning
from hovedindgang.planning.maps import short_names
from hovedindgang.policy.queries import model_of
from hovedindgang.scenarios.comparing import (
    Home,
    Shown,
    Unit,
    homes,
    mean_km,
)
from hovedindgang.scenarios.documents import in_her_language
from hovedindgang.scenarios.drawing import open_days, place_map
from hovedindgang.scenarios.labels import CHANNEL, WEEKDAY
from hovedindgang.scenarios.models import Run
from hovedindgang.scenarios.pages.figures import names_of
from hovedindgang.scenarios.travel import PHONE
from hovedindgang.scenarios.wordings import NOTHING, apart_words, better, number, told

FEW = 0.005  # of those who belong to a place: a share smaller than this is not told


def people_table(base: Run, run: Run) -> dict[str, Any]:
    """By where people belong, as simulated: where they go, how far, how long they wait, and who goes in vain."""
    assert base.results is not None
    assert run.results is not None
    names = short_names(names_of([base.results, run.results]))
    head = [
        _("Borgere ved"),
        _("Antal"),
        _("Hvor de går hen"),
        _("Vej, nu → efter"),
        _("Ventetid, nu → efter"),
        _("Går uden hjælp, nu → efter"),
        _("Det betyder"),
    ]
    rows = []
    for home in homes(base.results, run.results):
        rows.append(
            [
                Cell(names.get(home.key, home.name)),
                Cell(number(home.people), number=True),
                Cell(_went(home, names)),
                Cell(_both(home.km, Unit.KM)),
                Cell(_both(home.minutes, Unit.MINUTES)),
                Cell(_both(home.lost, Unit.SHARE)),
                Cell(_gains(home)),
            ]
        )
    return {"head": head, "rows": rows}


def _both(pair: tuple[float | None, float | None], unit: Unit) -> str:
    old, new = (told(one, unit) for one in pair)
    return old if old == new else f"{old} → {new}"


def _went(home: Home, names: Mapping[str, str]) -> str:
    """ "Pandrup 30 %, Aabybro 52 %, ringer 18 %", and what it was, where that differs."""
    before, after = (_shares(shares, names) for shares in home.went)
    return after if before == after else _("{after} (nu: {before})").format(after=after, before=before)


def _shares(shares: Mapping[str, float], names: Mapping[str, str]) -> str:
    told_of = [
        f"{_('ringer i stedet') if place == PHONE else names.get(place, place)} {number(100 * share)}\xa0%"
        for place, share in shares.items()
        if share >= FEW
    ]
    return ", ".join(told_of) or NOTHING


def _gains(home: Home) -> str:
    """What it means to them: the way first, then who rings, then the wait and who goes in vain beyond chance."""
    near, far = home.km
    said = []
    if near is not None and far is not None and abs(far - near) >= 0.05:
        said.append(_("kortere vej") if far < near else _("længere vej"))
    rings = home.went[1].get(PHONE, 0.0) - home.went[0].get(PHONE, 0.0)
    if abs(rings) >= FEW:
        more, fewer = _("{number} procentpoint flere ringer i stedet"), _("{number} procentpoint færre ringer i stedet")
        text = more if rings > 0 else fewer
        said.append(text.format(number=number(100 * abs(rings))))
    for found, shown, text in (
        (home.waits, Shown("home", Unit.MINUTES, True), _("ventetid {difference}")),
        (home.losses, Shown("home_lost", Unit.SHARE, True), _("går uden hjælp: {difference}")),
    ):
        if found is not None and better(found, shown) is not None:
            said.append(text.format(difference=apart_words(found, shown)))
    return ", ".join(said) or _("som før, eller ikke til at skelne")


def day_table(base: Run, run: Run) -> dict[str, Any]:
    """The same weekday by weekday: where the nearest open place is, and how long they wait there."""
    assert base.results is not None
    assert run.results is not None
    names = names_of([base.results, run.results])
    head = [_("Borgere ved"), *(str(WEEKDAY[day]) for day in range(5))]
    rows = []
    for home in homes(base.results, run.results):
        cells = [Cell(home.name)]
        for before, after in home.days:
            old, new = _there(before, home.key, names), _there(after, home.key, names)
            cells.append(Cell(old if old == new else f"{old} → {new}"))
        rows.append(cells)
    return {"head": head, "rows": rows}


def _there(day: tuple[str, float, float | None] | None, key: str, names: Mapping[str, str]) -> str:
    if day is None:
        return _("lukket overalt, eller stedet er ukendt")
    place, km, minutes = day
    wait = told(minutes, Unit.MINUTES)
    return wait if place == key else f"{names.get(place, place)}, {told(km, Unit.KM)}, {wait}"


def travel_words(base: Run, run: Run) -> str:
    """The way of all who would come in person, before and after; it is an estimate, and says so."""
    assert base.results is not None
    assert run.results is not None
    before, after = mean_km(base.results, run.results)
    if before is None or after is None:
        return _("Vejen kan ikke regnes ud: modellen siger ikke for alle steder, hvor de ligger.")
    return _(
        "Vejen derhen, hvor de går hen, er i gennemsnit {before} nu og {after} efter, hver vej. Skøn: fra det sted, de "
        "hører til, i luftlinje gange 1,3; vejen til deres eget sted og for dem, der ringer, er regnet som nul. Hvor "
        "mange der tager et andet sted hen, kommer en anden dag eller ringer, når der er lukket, står i grundlaget."
    ).format(before=told(before, Unit.KM), after=told(after, Unit.KM))


def map_of(base: Run, run: Run) -> dict[str, Any]:
    """The map, and the table that says the same."""
    assert base.results is not None
    assert run.results is not None
    before, after = base.results["places"], run.results["places"]
    found = homes(base.results, run.results)
    rows = [
        [
            Cell({**before, **after}[key]["name"]),
            Cell(number({**before, **after}[key]["people"]), number=True),
            Cell(number(open_days(before.get(key))), number=True),
            Cell(number(open_days(after.get(key))), number=True),
        ]
        for key in {**before, **after}
    ]
    drawing = place_map(
        title=_("Stederne: {title}").format(title=run.title),
        description=_(
            "Større cirkel: flere borgere hører til. Fyldt firkant: åbent alle hverdage. Hul: åbent nogle dage. "
            "Krydset over: lukket. En stiplet linje går derhen, hvor nogen tager hen, når deres eget er lukket: jo "
            "flere, jo bredere."
        ),
        before=before,
        after=after,
        said={home.key: _on_the_map(home, before, after) for home in found},
        went={home.key: home.went[1] for home in found},
    )
    head = [_("Sted"), _("Borgere"), _("Hverdage åbent nu"), _("Hverdage åbent efter")]
    return {"drawing": drawing, "head": head, "rows": rows}


def _on_the_map(home: Home, before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """What stands under its name: the days that are gone or new, and how far it is then, where that changes."""
    said = []
    old, new = open_days(before.get(home.key)), open_days(after.get(home.key))
    if old != new:
        said.append(_("{old} → {new} dage").format(old=old, new=new))
    if (way := _both(home.km, Unit.KM)) != told(home.km[0], Unit.KM):
        said.append(way)
    return ", ".join(said)


def moves_table(run: Run) -> dict[str, Any] | None:
    """Who follows to another channel and who cannot, by age, with the source; None where nobody is moved."""
    moves = (run.results or {}).get("moves")
    if not moves:
        return None
    ages = list(dict.fromkeys(age for move in moves for age in move["cannot_follow_by_age"]))
    head = [
        _("Flyttes, om året"),
        _("Følger med"),
        _("Kan ikke følge med"),
        *(_("{age} år").format(age=age) for age in ages),
        _("Fås ikke sådan"),
    ]
    services = model_of(run.version_id).services
    rows = []
    for move in moves:
        what = services[move["service"]].name if move["service"] in services else _("alle opgaver")
        names = {"what": what, "since": CHANNEL[move["from"]], "to": CHANNEL[move["to"]]}
        counts = [move["moved_per_year"], move["cannot_follow_per_year"]]
        counts += [move["cannot_follow_by_age"].get(age, 0.0) for age in ages]
        counts.append(move["without_channel_per_year"])
        label = Cell(_("{what}: {since} → {to}").format(**names))
        rows.append([label, *(Cell(number(count), number=True) for count in counts)])
    with in_her_language():
        return {"head": head, "rows": rows, "source": of_planning(moves[0]["source"])}
