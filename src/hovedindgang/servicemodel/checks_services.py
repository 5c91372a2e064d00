"""Checks of services, their successors, and the portfolio."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from hovedindgang.servicemodel.document import PortfolioEntry, Service, ServiceModel
from hovedindgang.servicemodel.language import gettext as _
from hovedindgang.servicemodel.positions import Path
from hovedindgang.servicemodel.problems import Finding, Severity
from hovedindgang.servicemodel.reading import shown
from hovedindgang.servicemodel.walking import known

_KLE = re.compile(r"\d{2}(\.\d{2}(\.\d{2})?)?")


def check_services(model: ServiceModel, *, catalogue: bool = False) -> Iterator[Finding]:
    for key, service in model.services.items():
        yield from _service(model, service, ("services", key), catalogue)
        yield from _succession(model, service, ("services", key))
    yield from _cycles(model)
    for number, entry in enumerate(model.portfolio):
        yield from _entry(model, entry, ("portfolio", number))
    if not catalogue:
        yield from _carried(model)


def _service(model: ServiceModel, service: Service, path: Path, catalogue: bool) -> Iterator[Finding]:
    if service.kle is not None and not _KLE.fullmatch(service.kle):
        wrong = _("{value} er ikke et KLE-nummer.").format(value=shown(service.kle))
        yield Finding((*path, "kle"), wrong, _('Skriv to, fire eller seks cifre med punktum, fx "23.09.02".'))
    for number, other in enumerate(service.bundle):
        yield from known((*path, "bundle", number), other, model.services, _("en opgave"))
    if service.handed_to is not None:
        yield from known((*path, "handed_to"), service.handed_to, model.authorities, _("en myndighed"))
    # A shared file does not know the departments of the models that include it.
    helpers = {*model.departments, *model.authorities}
    if not catalogue or model.departments:
        for number, other in enumerate(service.others_who_help):
            yield from known((*path, "others_who_help", number), other, helpers, _("en fagforvaltning eller myndighed"))
        owners = {"municipality", "state", *helpers}
        yield from known((*path, "owner"), service.owner, owners, _("en ejer"))


def _succession(model: ServiceModel, service: Service, path: Path) -> Iterator[Finding]:
    if service.successor is None:
        return
    yield from known((*path, "successor"), service.successor, model.services, _("en opgave"))
    successor = model.services.get(service.successor)
    if service.valid_to is None:
        wrong = _("Opgaven har en efterfølger, men ingen slutdato.")
        yield Finding((*path, "successor"), wrong, _("Tilføj valid_to = den første dag, hvor efterfølgeren gælder."))
    elif successor and successor.valid_from and successor.valid_from > service.valid_to:
        wrong = _("Der er et hul: opgaven slutter {end}, og efterfølgeren begynder først {start}.").format(
            end=service.valid_to, start=successor.valid_from
        )
        yield Finding((*path, "valid_to"), wrong, _("Ret en af datoerne, så tidsrækken hænger sammen."))


def _cycles(model: ServiceModel) -> Iterator[Finding]:
    told: set[str] = set()
    for start in model.services:
        chain = [start]
        while (following := _successor(model, chain[-1])) is not None and following not in chain:
            chain.append(following)
        if following == start and start not in told:
            told.update(chain)
            wrong = _("Efterfølgerne går i ring: {chain}.").format(chain=" → ".join([*chain, start]))
            yield Finding(
                ("services", start, "successor"), wrong, _("Slet den successor, der peger tilbage på en ældre opgave.")
            )


def _successor(model: ServiceModel, key: str) -> str | None:
    service = model.services.get(key)
    return service.successor if service else None


def _entry(model: ServiceModel, entry: PortfolioEntry, path: Path) -> Iterator[Finding]:
    for number, key in enumerate(entry.centres):
        yield from known((*path, "centres", number), key, model.centres, _("et center"))
    for number, key in enumerate(entry.services):
        yield from known((*path, "services", number), key, model.services, _("en opgave"))
    for name, keys in (("centres", entry.centres), ("services", entry.services)):
        if not keys:
            wrong = _('"{name}" er tom, så linjen siger intet.').format(name=name)
            yield Finding((*path, name), wrong, _("Tilføj mindst én nøgle, eller slet hele posten."))
        yield from _said_twice(keys, (*path, name))
    yield from _contradicted(model, entry, path)


def _said_twice(keys: tuple[str, ...], path: Path) -> Iterator[Finding]:
    for number, key in enumerate(keys):
        if key in keys[:number]:
            yield Finding((*path, number), _('"{key}" står her to gange.').format(key=key), _("Slet den ene."))


def _contradicted(model: ServiceModel, entry: PortfolioEntry, path: Path) -> Iterator[Finding]:
    """A later entry wins; where it says another level for the same centre, service and time, that is remarkable."""
    number = path[-1]
    assert isinstance(number, int)
    for earlier in model.portfolio[:number]:
        both = [key for key in entry.services if key in earlier.services]
        centres = [key for key in entry.centres if key in earlier.centres]
        if both and centres and earlier.level != entry.level and _overlap(earlier, entry):
            wrong = _("{services} har et andet niveau i en tidligere post for {centres}.").format(
                services=", ".join(both), centres=", ".join(centres)
            )
            yield Finding(path, wrong, _("Den sidste gælder; slet den, der ikke skal gælde."), Severity.WARNING)


def _overlap(one: PortfolioEntry, other: PortfolioEntry) -> bool:
    first, last = dt.date.min, dt.date.max
    return (one.valid_from or first) < (other.valid_to or last) and (other.valid_from or first) < (one.valid_to or last)


def _carried(model: ServiceModel) -> Iterator[Finding]:
    in_portfolio = {key for entry in model.portfolio for key in entry.services}
    begins = model.adoption.valid_from
    # A catalogue also tells of services that were given away before this model began, or came long after it.
    for key in model.services if begins is None else model.services_on(begins):
        if key not in in_portfolio:
            wrong = _("Ingen centre har opgaven i deres opgaveportefølje.")
            right = _("Tilføj den under [[portfolio]], hvis borgerne skal kunne få den et sted.")
            yield Finding(("services", key), wrong, right, Severity.WARNING)
