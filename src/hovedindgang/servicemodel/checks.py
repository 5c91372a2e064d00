"""What must hold in a service model beyond types, and what is allowed but worth a second look."""

from __future__ import annotations

import dataclasses
import datetime as dt
import difflib
from collections.abc import Iterator, Mapping

from hovedindgang.servicemodel.checks_hours import check_hours
from hovedindgang.servicemodel.checks_services import check_services
from hovedindgang.servicemodel.checks_values import check_values
from hovedindgang.servicemodel.document import ServiceModel, SourceKind
from hovedindgang.servicemodel.language import gettext as _
from hovedindgang.servicemodel.positions import Path
from hovedindgang.servicemodel.problems import Finding, Severity
from hovedindgang.servicemodel.saying import choose, shown
from hovedindgang.servicemodel.walking import fields_of, known, rings, source_keys, step, things

MEASURED_INDICATORS = ("resolved_in_house", "first_contact_resolution", "not_sent_on", "guided_outside_portfolio")


def check(model: ServiceModel, *, catalogue: bool = False) -> list[Finding]:
    """All that is wrong or remarkable in `model`.

    With `catalogue` the model is a shared file of services: what only a whole model can hold is not asked for.
    """
    checks = [
        _sources(model),
        check_values(model),
        _periods(model),
        _statements(model),
        _closing_days(model),
        _employee_figures(model),
        check_hours(model),
        check_services(model, catalogue=catalogue),
    ]
    if not catalogue:
        checks += [_adoption(model), _goals(model), _open(model)]
    return [finding for found in checks for finding in found]


def _sources(model: ServiceModel) -> Iterator[Finding]:
    for path, key in source_keys(model):
        if key:
            yield from known(path, key, model.sources, _("en kilde"))
    for key, source in model.sources.items():
        if source.kind is SourceKind.MEASURED and not source.period:
            wrong = _("En målt kilde siger ikke, hvornår der er målt.")
            yield Finding(("sources", key), wrong, _('Tilføj period = "2006" eller et andet tidsrum.'))
    for path, thing in things(model):
        latitude = getattr(thing, "latitude", None)
        if latitude is not None and not getattr(thing, "source", None) and not _around(model, path):
            wrong = _("Stedets koordinater har ingen kilde.")
            yield Finding(path, wrong, _('Tilføj source = "nøgle" til en kilde under [sources].'))
    for key, survey in model.surveys.items():
        if survey.month is not None and not survey.source:
            wrong = _("Undersøgelsens måned har ingen kilde.")
            yield Finding(("surveys", key), wrong, _('Tilføj source = "nøgle" til en kilde under [sources].'))


def _around(model: ServiceModel, path: Path) -> bool:
    """Whether the centre around a place names a source."""
    centre = model.centres.get(str(path[1])) if len(path) > 1 else None
    return bool(centre and centre.source)


def _periods(model: ServiceModel) -> Iterator[Finding]:
    for path, thing in things(model):
        start: dt.date | None = getattr(thing, "valid_from", None)
        end: dt.date | None = getattr(thing, "valid_to", None)
        if start is not None and end is not None and end <= start:
            wrong = _("Perioden slutter {end}, før den er begyndt {start}.").format(end=end, start=start)
            right = _("valid_to er den første dag, der ikke er med, og skal ligge efter valid_from.")
            yield Finding((*path, "valid_to"), wrong, right)


def _employee_figures(model: ServiceModel) -> Iterator[Finding]:
    """Discussed, told, in force: in that order, and none of them left out. Half-open periods are asked elsewhere."""
    for key, agreement in model.employee_figures.items():
        path: Path = ("employee_figures", key)
        begins = agreement.valid_from
        if agreement.discussed_on >= begins:
            wrong = _("MED-udvalget drøftede aftalen {day}, men den gælder fra {start}.")
            right = _("Drøft den først: discussed_on skal ligge før valid_from.")
            yield Finding((*path, "discussed_on"), wrong.format(day=agreement.discussed_on, start=begins), right)
        if agreement.told_on >= begins:
            wrong = _("Medarbejderne fik besked {day}, men aftalen gælder fra {start}.")
            right = _("Giv besked først: told_on skal ligge før valid_from.")
            yield Finding((*path, "told_on"), wrong.format(day=agreement.told_on, start=begins), right)
        if agreement.told_on < agreement.discussed_on:
            wrong = _("Medarbejderne fik besked {day}, før MED-udvalget drøftede aftalen {discussed}.")
            wrong = wrong.format(day=agreement.told_on, discussed=agreement.discussed_on)
            yield Finding((*path, "told_on"), wrong, _("Ret datoerne: først drøftes aftalen, så gives der besked."))
        for name in ("figures", "seen_by"):
            named = getattr(agreement, name)
            if not named:
                right = _("Nævn det, eller slet aftalen.")
                yield Finding((*path, name), _("Aftalen nævner intet her."), right)
            elif len(set(named)) < len(named):
                yield Finding((*path, name), _("Det samme er nævnt to gange."), _("Slet det ene."))


def _statements(model: ServiceModel) -> Iterator[Finding]:
    for key, statement in model.statements.items():
        if statement.of is not None:
            yield from known(("statements", key, "of"), statement.of, model.statements, _("et udsagn"))
    for ring in rings({key: statement.of for key, statement in model.statements.items()}):
        wrong = _("Udsagnene tjener hinanden i ring: {chain}.").format(chain=" → ".join([*ring, ring[0]]))
        yield Finding(("statements", ring[0], "of"), wrong, _("Slet det of, der peger på et udsagn længere nede."))


def _open(model: ServiceModel) -> Iterator[Finding]:
    """An open question belongs somewhere in the model, if only where nothing stands yet."""
    for number, question in enumerate(model.open):
        thing: object = model
        for part in question.key.split("."):
            names = _names_in(thing)
            if part not in names:
                wrong = _("{value} er ikke et sted i modellen.").format(value=shown(question.key))
                yield Finding(
                    ("open", number, "key"), wrong, choose(names, part) if names else _("Slet punktummet og resten.")
                )
                break
            thing = thing.get(part) if isinstance(thing, Mapping) else getattr(thing, part)


def _names_in(thing: object) -> list[str]:
    if isinstance(thing, Mapping):
        return [step(key) for key in thing]
    return [name for name, _part in fields_of(thing)] if dataclasses.is_dataclass(thing) else []


def _closing_days(model: ServiceModel) -> Iterator[Finding]:
    for path, thing in things(model):
        seen: set[dt.date] = set()
        for number, closing in enumerate(getattr(thing, "closing_days", ())):
            if closing.on in seen:
                wrong = _("{day} står her to gange.").format(day=closing.on)
                yield Finding((*path, "closing_days", number), wrong, _("Slet den ene."), Severity.WARNING)
            seen.add(closing.on)


def _adoption(model: ServiceModel) -> Iterator[Finding]:
    adoption = model.adoption
    if adoption.status == "adopted" and adoption.valid_from is None:
        wrong = _("Politikken er vedtaget, men siger ikke, fra hvornår den gælder.")
        yield Finding(("adoption",), wrong, _('Tilføj valid_from = 2007-01-01, eller skriv status = "draft".'))
    if adoption.decided_on and adoption.valid_from and adoption.valid_from < adoption.decided_on:
        wrong = _("Politikken gælder fra {start}, før den er besluttet {decided}.").format(
            start=adoption.valid_from, decided=adoption.decided_on
        )
        right = _("Se efter, om begge datoer er rigtige.")
        yield Finding(("adoption", "valid_from"), wrong, right, Severity.WARNING)


def _goals(model: ServiceModel) -> Iterator[Finding]:
    for key, goal in model.goals.items():
        path: Path = ("goals", key)
        yield from _too_early(model, (*path, "by"), goal.by)
        if goal.indicator not in MEASURED_INDICATORS:
            yield _unmeasured((*path, "indicator"), goal.indicator)
        elif goal.target_percent is None:
            wrong = _("Målet har intet tal, så ingen kan sige, om det er nået.")
            right = _("Lad det stå, hvis politikken lader det åbent; ellers tilføj target_percent med kilde.")
            yield Finding(path, wrong, right, Severity.WARNING)


def _too_early(model: ServiceModel, path: Path, by: dt.date | None) -> Iterator[Finding]:
    begins = model.adoption.valid_from
    if by and begins and by < begins:
        wrong = _("Fristen {day} ligger før politikken gælder fra {start}.").format(day=by, start=begins)
        yield Finding(path, wrong, _("Se efter, om begge datoer er rigtige."), Severity.WARNING)


def _unmeasured(path: Path, indicator: str) -> Finding:
    near = difflib.get_close_matches(indicator, MEASURED_INDICATORS, n=1, cutoff=0.8)
    if near:
        wrong = _("{value} er ikke et nøgletal.").format(value=shown(indicator))
        return Finding(path, wrong, _('Mente du "{word}"?').format(word=near[0]))
    wrong = _("Nøgletallet {value} måles ikke endnu.").format(value=shown(indicator))
    right = _("Det vises uden tal. Det, der måles, er: {choices}.").format(choices=", ".join(MEASURED_INDICATORS))
    return Finding(path, wrong, right, Severity.WARNING)
