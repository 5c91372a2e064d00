"""What the pages show, in words, tables, charts and maps."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from hovedindgang.look.charts import bar_chart
from hovedindgang.look.scales import Point, Series
from hovedindgang.look.tables import Cell
from hovedindgang.planning.service.inputs import Figure, Inputs
from hovedindgang.policy.queries import model_of
from hovedindgang.scenarios.comparing import (
    Home,
    Met,
    Offer,
    Shown,
    Unit,
    apart,
    figure_keys,
    frontier,
    goals,
    homes,
    met,
    people_of,
    person_km,
    promised_waits,
)
from hovedindgang.scenarios.documents import in_her_language, in_words, kept_inputs
from hovedindgang.scenarios.drawing import frontier_chart, open_days, place_map
from hovedindgang.scenarios.labels import CHANNEL, PLACE, WEEKDAY
from hovedindgang.scenarios.models import Run
from hovedindgang.scenarios.rules import RunKind
from hovedindgang.scenarios.wordings import NOTHING, apart_words, better, interval, language, number, told
from hovedindgang.servicemodel.document import ServiceModel, SourceKind


def figure_label(shown: Shown, key: str) -> str:
    """What a figure is called where its channel stands above it."""
    if key == "busy:department":
        return _("Travlhed i fagforvaltningerne (andel af tiden)")
    return {
        "came": _("Kommer om dagen"),
        "wait": _("Ventetid, gennemsnit"),
        "p80": _("Ventetid, 80 % venter højst"),
        "p95": _("Ventetid, 95 % venter højst"),
        "left": _("Går eller lægger på uden hjælp"),
        "within": _("Hjulpet inden for det lovede"),
        "kept": _("Svar givet til den lovede dag"),
        "a": _("Løst i Borgerservice (A)"),
        "b": _("Løst i én henvendelse (B)"),
        "sent": _("Overdraget til en fagforvaltning om dagen"),
        "busy": _("Travlhed i Borgerservice (andel af tiden)"),
        "hours": _("Lønnede timer om året"),
        "overtime": _("Heraf over tid"),
        "kr": _("Løn om året, med fravær"),
        "contact_kr": _("Henvendelser × kroner pr. henvendelse"),
    }[shown.name]


def where_words(channel: str, place: str, names: Mapping[str, str]) -> str:
    """ "Personligt, Borgerservice Pandrup"."""
    said = str(CHANNEL.get(channel, channel))
    return f"{said}, {names.get(place, place)}" if place else said


def names_of(results: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    return {key: one["name"] for found in results for key, one in found["places"].items()}


def changes_words(run: Run) -> list[str]:
    """What it tried, a sentence for each change; none for the policy as it is."""
    return in_words(model_of(run.version_id), kept_inputs(run.inputs.text), run.changes) if run.changes else []


# ------------------------------------------------------------------------------------------------------ figures in rows


def figure_tables(base: Run | None, runs: Sequence[Run]) -> list[dict[str, Any]]:
    """A table for each channel (and the whole): a row for each figure, a column for each run, and what differs."""
    every = ([base] if base else []) + [run for run in runs if base is None or run.pk != base.pk]
    results = [run.results for run in every if run.results]
    names, model = names_of(results), model_of(every[0].version_id)
    tables: dict[str, list[list[Cell]]] = {}
    for key, channel, place, shown in figure_keys(results, promised_waits(model)):
        label = figure_label(shown, key)
        label = f"{names.get(place, place)}: {label}" if place else label
        tables.setdefault(channel, []).append([Cell(label), *_cells(key, shown, base, every)])
    head = [_("Tal"), *(_heading(run) for run in every)]
    return [
        {"key": channel, "title": str(CHANNEL[channel]), "head": head, "rows": rows} for channel, rows in tables.items()
    ]


def _heading(run: Run) -> str:
    return _("Som det er nu") if run.kind == RunKind.AS_IS else run.title


def _cells(key: str, shown: Shown, base: Run | None, every: Sequence[Run]) -> Iterator[Cell]:
    for run in every:
        assert run.results is not None
        figure = run.results["figures"].get(key)
        if figure is None:
            yield Cell(NOTHING, number=len(every) == 1)
            continue
        text = interval(figure, shown.unit)
        if base is not None and base.results and run.pk != base.pk:
            found = apart(base.results, run.results, key)
            good = better(found, shown)
            mark = "" if good is None else f" {_('bedre')}" if good else f" {_('ringere')}"
            text = f"{text}: {apart_words(found, shown)}{',' if mark else ''}{mark}"
        yield Cell(text, number=len(every) == 1)  # with words in it, it breaks like text, and the table fits a screen


def goal_table(base: Run | None, runs: Sequence[Run]) -> dict[str, Any]:
    """Whether each goal and promise of the model would be met."""
    every = ([base] if base else []) + [run for run in runs if base is None or run.pk != base.pk]
    model = model_of(every[0].version_id)
    words = {
        Met.YES: _("nået"),
        Met.NO: _("ikke nået"),
        Met.UNSURE: _("kan ikke afgøres"),
        Met.UNKNOWN: NOTHING,
    }
    rows = []
    for goal in goals(model, language() == "en"):
        cells = [Cell(goal.text), Cell(told(goal.target, Unit.SHARE), number=True)]
        for run in every:
            assert run.results is not None
            figure = run.results["figures"].get(goal.figure)
            said = f"{words[met(goal, run.results)]}: {interval(figure, Unit.SHARE)}" if figure else NOTHING
            cells.append(Cell(said))
        rows.append(cells)
    return {"head": [_("Mål i politikken"), _("Måltal"), *(_heading(run) for run in every)], "rows": rows}


def growing_words(run: Run) -> list[str]:
    """Queues that grow without end: their mean waits say nothing."""
    assert run.results is not None
    names = names_of([run.results])
    said = []
    for one in run.results["growing"]:
        channel, _colon, place = one["where"].partition(":")
        text = _("Køen vokser uden ende: {where}. Hver dag venter {number} flere, så ventetiderne her siger intet.")
        said.append(text.format(where=where_words(channel, place, names), number=number(one["a_day"], 1)))
    return said


def wait_chart(base: Run | None, runs: Sequence[Run]) -> SafeString:
    """Mean waits in person by place, and by phone, a bar for each run."""
    every = ([base] if base else []) + [run for run in runs if base is None or run.pk != base.pk]
    results = [run.results for run in every if run.results]
    names = names_of(results)
    keys = [
        (f"wait:{channel}" + (f":{place}" if place else ""), channel, place)
        for key, channel, place, shown in figure_keys(results, frozenset())
        if shown.name == "wait"
    ]
    series = []
    for run, found in zip(every, results, strict=True):
        points = []
        for key, channel, place in keys:
            one = found["figures"].get(key)
            points.append(
                Point(
                    label=names.get(place, place) if place else str(CHANNEL[channel]),
                    value=one["value"] if one else None,
                    low=max(0.0, one["low"]) if one else None,
                    high=one["high"] if one else None,
                )
            )
        series.append(Series(name=_heading(run), points=points))
    return bar_chart(
        title=_("Ventetid i gennemsnit, minutter"),
        series=series,
        label_head=_("Hvor"),
        language=language(),
    )


# ------------------------------------------------------------------------------------------- who gains and who loses


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


# ------------------------------------------------------------------------------------------------------------ frontier


def offers_of(runs: Sequence[Run]) -> list[Offer]:
    found = []
    for run in runs:
        figures = (run.results or {}).get("figures", {})
        if "kr" in figures and "wait:in_person" in figures:
            found.append(Offer(run.pk, _heading(run), figures["kr"]["value"], figures["wait:in_person"]["value"]))
    return frontier(found)


def frontier_of(runs: Sequence[Run]) -> dict[str, Any]:
    """Cost against service of everything that was tried on one ground."""
    offers = offers_of(runs)
    rows = [
        [
            Cell(f"{place}. {one.title}", url=reverse("plan_run", args=[one.run])),
            Cell(told(one.kr, Unit.KR), number=True),
            Cell(told(one.minutes, Unit.MINUTES), number=True),
            Cell(_("ja") if one.on_frontier else _("nej: en anden er mindst lige så billig og lige så hurtig")),
        ]
        for place, one in enumerate(offers, start=1)
    ]
    drawing = frontier_chart(
        title=_("Pris mod service: det, der er prøvet"),
        description=_(
            "Løn om året hen ad, ventetid ved skranken op ad. Tallet ved hvert punkt står i "
            "tabellen. Linjen går gennem dem, ingen slår på begge dele."
        ),
        offers=offers,
        language=language(),
    )
    head = [_("Prøve"), _("Løn om året"), _("Ventetid ved skranken"), _("Værd at vælge")]
    return {"drawing": drawing, "head": head, "rows": rows}


# --------------------------------------------------------------------------------------- inputs, and what is not known


def inputs_rows(inputs: Inputs, kinds: frozenset[SourceKind] | None = None) -> list[dict[str, Any]]:
    """Every number with its source, those that rest on least first."""
    order = {SourceKind.ASSUMED: 0, SourceKind.PUBLISHED: 1, SourceKind.MEASURED: 2, SourceKind.ADOPTED: 3}
    found = [(key, one) for key, one in inputs.figures() if kinds is None or one.kind in kinds]
    found.sort(key=lambda pair: order[pair[1].kind])
    return [
        {
            "label": place_label(key),
            "value": _plain(one.value),
            "range": _range(one),
            "kind": one.kind.value,
            "reference": one.reference,
        }
        for key, one in found
    ]


def _plain(value: float | None) -> str:
    if value is None:
        return NOTHING
    decimals = 0 if float(value).is_integer() or abs(value) >= 1000 else 1 if abs(value) >= 10 else 3
    text = number(value, decimals)
    mark = "." if language() == "en" else ","
    return text.rstrip("0").rstrip(mark) if mark in text else text


def _range(one: Figure) -> str:
    """ "2–10"; nothing where none is given."""
    if one.low is None or one.high is None or one.low == one.high:
        return NOTHING
    return f"{_plain(one.low)}–{_plain(one.high)}"


def place_label(key: str) -> str:
    """ "demand.contacts_per_year.phone" as "Henvendelser om året: Telefon"."""
    parts = key.split(".")
    for end in range(len(parts), 0, -1):
        label = PLACE.get(".".join(parts[:end]))
        if label is not None:
            rest = [str(CHANNEL.get(part, part)) for part in parts[end:] if part != "factor"]
            return f"{label}: {', '.join(rest)}" if rest else str(label)
    return key


def counted_kinds(inputs: Inputs) -> dict[str, int]:
    """How many numbers rest on what."""
    found: dict[str, int] = dict.fromkeys(("measured", "published", "assumed"), 0)
    for _key, one in inputs.figures():
        found[one.kind.value] = found.get(one.kind.value, 0) + 1
    return found


def unsure_rows(inputs: Inputs) -> list[dict[str, Any]]:
    """What it costs not to know: assumed numbers, the widest range first."""

    def width(one: Figure) -> float:
        if one.low is None or one.high is None or not one.value:
            return 0.0
        return (one.high - one.low) / one.value

    found = sorted(inputs.unsure(), key=lambda pair: -width(pair[1]))
    return [
        {
            "label": place_label(key),
            "value": _plain(one.value),
            "range": _range(one),
            "reference": one.reference,
        }
        for key, one in found
    ]


def team_rows(model: ServiceModel, inputs: Inputs) -> list[list[Cell]]:
    rows = []
    for team in inputs.staff.teams:
        name = model.centres[team.centre].name if team.centre in model.centres else team.centre
        rows.append(
            [
                Cell(name),
                Cell(number(team.number), number=True),
                Cell(number(team.hours_per_week, 1), number=True),
                Cell(told(team.generalist_share, Unit.SHARE), number=True),
            ]
        )
    return rows


# -------------------------------------------------------------------------------------------------------------- replay


REPLAYED: tuple[tuple[str, Unit], ...] = (
    ("served", Unit.A_DAY),
    ("minutes", Unit.MINUTES),
    ("wait", Unit.MINUTES),
    ("p80", Unit.MINUTES),
    ("p95", Unit.MINUTES),
    ("left", Unit.SHARE),
)


def replay_rows(run: Run) -> list[list[Cell]]:
    """What happened beside what the simulation came to, and how far apart they are."""
    assert run.results is not None
    happened = (run.inputs.measured or {}).get("figures", {})
    labels = {
        "served": _("henvendelser om dagen"),
        "minutes": _("minutter pr. henvendelse"),
        "wait": _("ventetid, gennemsnit"),
        "p80": _("ventetid, 80 % venter højst"),
        "p95": _("ventetid, 95 % venter højst"),
        "left": _("gik eller lagde på"),
    }
    keys = [
        (f"{name}:{channel}", f"{CHANNEL[channel]}: {labels[name]}", unit)
        for channel in ("in_person", "phone", "written", "digital")
        for name, unit in REPLAYED
    ]
    keys.append(("sent:all", _("Overdraget til en fagforvaltning om dagen"), Unit.A_DAY))
    keys += [
        ("a:all", _("Løst i Borgerservice (A)"), Unit.SHARE),
        ("b:all", _("Løst i én henvendelse (B)"), Unit.SHARE),
    ]
    rows = []
    for key, label, unit in keys:
        if key not in happened:
            continue
        figure = run.results["figures"].get(key)
        simulated = interval(figure, unit) if figure else NOTHING
        rows.append(
            [
                Cell(label),
                Cell(told(happened[key], unit), number=True),
                Cell(simulated, number=True),
                Cell(_how_close(happened[key], figure, unit)),
            ]
        )
    return rows


def _how_close(happened: float, figure: Mapping[str, Any] | None, unit: Unit) -> str:
    if figure is None:
        return NOTHING
    if figure["low"] <= happened <= figure["high"]:
        return _("inden for usikkerheden")
    off = figure["value"] - happened
    if unit is Unit.SHARE:
        text = _("{number} procentpoint for højt") if off > 0 else _("{number} procentpoint for lavt")
        return text.format(number=number(100 * abs(off), 1))
    if not happened:
        return _("for højt")
    if abs(off) < 0.01 * happened:
        return _("under 1 % fra")
    text = _("{number} % for højt") if off > 0 else _("{number} % for lavt")
    return text.format(number=number(100 * abs(off) / happened))


# --------------------------------------------------------------------------------------------- as data, and as a ground


def as_data(run: Run) -> dict[str, Any]:
    """A run for other programs: all that it depends on, and all that it came to. Figures are null until it is done."""
    results = run.results or {}
    return {
        "run": run.pk,
        "kind": run.kind,
        "title": run.title,
        "state": run.state,
        "version": run.version_id,
        "model_digest": run.model_digest,
        "inputs": run.inputs_id,
        "inputs_digest": run.inputs.digest,
        "changes": run.changes,
        "seed": run.seed,
        "replications": run.replications,
        "program": run.program,
        "days": results.get("days"),
        "figures": results.get("figures"),
        "growing": results.get("growing"),
        "places": results.get("places"),
    }


def as_csv(run: Run) -> str:
    """A line for each figure: its key in parts, value and interval. Decimal points, semicolons, UTF-8 with a mark."""
    out = io.StringIO()
    write = csv.writer(out, delimiter=";")
    write.writerow(["figure", "channel", "place", "weekday", "value", "low", "high"])
    for key, one in ((run.results or {}).get("figures", {})).items():
        parts = [*key.split(":"), "", "", ""][:4]
        write.writerow([*parts, one["value"], one["low"], one["high"]])
    return "\ufeff" + out.getvalue()


GROUNDS = (
    ("wait:in_person", Unit.MINUTES),
    ("p95:in_person", Unit.MINUTES),
    ("wait:phone", Unit.MINUTES),
    ("a:all", Unit.SHARE),
    ("b:all", Unit.SHARE),
    ("kr", Unit.KR),
)


def ground_words(base: Run | None, run: Run) -> str:
    """The run in a few figures, for whoever is to decide: now and after."""
    assert run.results is not None
    labels = {
        "wait:in_person": _("ventetid ved skranken"),
        "p95:in_person": _("95 % venter ved skranken højst"),
        "wait:phone": _("ventetid på telefonen"),
        "a:all": _("løst i Borgerservice"),
        "b:all": _("løst i én henvendelse"),
        "kr": _("løn om året"),
    }
    said = []
    for key, unit in GROUNDS:
        figure = run.results["figures"].get(key)
        if figure is None:
            continue
        before = base.results["figures"].get(key) if base and base.results else None
        now = f"{told(before['value'], unit)} → " if before else ""
        said.append(f"{labels[key]} {now}{interval(figure, unit)}")
    with in_her_language():
        start = _("Simuleret {replications} gange med frø {seed}, grundlag {inputs}:").format(
            replications=run.replications, seed=run.seed, inputs=run.inputs_id
        )
    return f"{start} {'; '.join(said)}."


def compare_address(runs: Sequence[int]) -> str:
    return f"{reverse('compare_runs')}?{urlencode([('run', number) for number in runs])}"
