"""Who gains and who loses, as a table, day by day, and as a map."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from hovedindgang.look.tables import Cell
from hovedindgang.policy.queries import model_of
from hovedindgang.scenarios.comparing import (
    Home,
    Shown,
    Unit,
    homes,
    people_of,
    person_km,
)
from hovedindgang.scenarios.drawing import open_days, place_map
from hovedindgang.scenarios.labels import CHANNEL, WEEKDAY
from hovedindgang.scenarios.models import Run
from hovedindgang.scenarios.pages.figures import names_of
from hovedindgang.scenarios.wordings import apart_words, better, number, told


def people_table(base: Run, run: Run) -> dict[str, Any]:
    """By where people belong: the way and the wait before and after."""
    assert base.results is not None
    assert run.results is not None
    head = [
        _("Borgere ved"),
        _("Antal"),
        _("Vej nu"),
        _("Vej efter"),
        _("Ventetid nu"),
        _("Ventetid efter"),
        _("Det betyder"),
    ]
    rows = []
    for home in homes(base.results, run.results):
        cells = [Cell(home.name), Cell(number(home.people), number=True)]
        cells += [Cell(told(km, Unit.KM), number=True) for km in home.km]
        cells += [Cell(told(minutes, Unit.MINUTES), number=True) for minutes in home.minutes]
        rows.append([*cells, Cell(_gains(home))])
    return {"head": head, "rows": rows}


def _gains(home: Home) -> str:
    """What it means to them: the way first, then the wait where it differs beyond chance."""
    near, far = home.km
    said = []
    if near is not None and far is not None and abs(far - near) >= 0.05:
        said.append(_("kortere vej") if far < near else _("længere vej"))
    wait = apart_words(home.waits, Shown("home", Unit.MINUTES, True))
    if home.waits is not None and better(home.waits, Shown("home", Unit.MINUTES, True)) is not None:
        said.append(_("ventetid {difference}").format(difference=wait))
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
    """The way of all people to the nearest open place, before and after; it is an estimate, and says so."""
    assert base.results is not None
    assert run.results is not None
    before, after = person_km(base.results, run.results)
    if before is None or after is None:
        return _("Vejen kan ikke regnes ud: modellen siger ikke for alle steder, hvor de ligger.")
    people = sum(one["people"] for one in people_of(base.results, run.results).values()) or 1.0
    return _(
        "Vejen til det nærmeste åbne sted er i gennemsnit {before} nu og {after} efter (skøn: fra byens midte, "
        "i luftlinje gange 1,3, alle hverdage lige meget)."
    ).format(before=told(before / people, Unit.KM), after=told(after / people, Unit.KM))


def map_of(base: Run, run: Run) -> dict[str, Any]:
    """The map, and the table that says the same."""
    assert base.results is not None
    assert run.results is not None
    before, after = base.results["places"], run.results["places"]
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
            "Krydset over: lukket. En stiplet linje går derhen, hvor det nærmeste åbne sted er på de dage, hvor deres "
            "eget er lukket."
        ),
        before=before,
        after=after,
        said={home.key: _on_the_map(home, before, after) for home in homes(base.results, run.results)},
    )
    head = [_("Sted"), _("Borgere"), _("Hverdage åbent nu"), _("Hverdage åbent efter")]
    return {"drawing": drawing, "head": head, "rows": rows}


def _on_the_map(home: Home, before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """What stands under its name: the days that are gone or new, and how far it is then, where that changes."""
    said = []
    old, new = open_days(before.get(home.key)), open_days(after.get(home.key))
    if old != new:
        said.append(_("{old} → {new} dage").format(old=old, new=new))
    near, far = (told(km, Unit.KM) for km in home.km)
    if near != far:
        said.append(f"{near} → {far}")
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
    return {"head": head, "rows": rows, "source": moves[0]["source"]}
