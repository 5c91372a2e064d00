"""Checks of services, their successors, and the portfolio."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from hovedindgang.servicemodel.document import Channel, Level, PortfolioEntry, Service, ServiceModel
from hovedindgang.servicemodel.language import gettext as _
from hovedindgang.servicemodel.positions import Path
from hovedindgang.servicemodel.problems import Finding, Severity
from hovedindgang.servicemodel.walking import known, rings

MOST_CONTRADICTIONS = 3  # of one entry; who mends these sees the next
LONGEST_OVERLAP_YEARS = 15  # a service and its successor may run side by side for a time


def check_services(model: ServiceModel, *, catalogue: bool = False) -> Iterator[Finding]:
    for key, service in model.services.items():
        yield from _service(model, service, ("services", key), catalogue)
        yield from _succession(model, service, ("services", key))
    yield from _cycles(model)
    yield from _same_key(model)
    for number, entry in enumerate(model.portfolio):
        yield from _entry(model, entry, ("portfolio", number))
    yield from _contradicted(model)
    if not catalogue:
        yield from _carried(model)


def _service(model: ServiceModel, service: Service, path: Path, catalogue: bool) -> Iterator[Finding]:
    for number, other in enumerate(service.bundle):
        yield from known((*path, "bundle", number), other, model.services, _("en opgave"))
        if other == service.key:
            wrong = _("Opgaven kan ikke følges med sig selv.")
            yield Finding((*path, "bundle", number), wrong, _("Slet den."))
    for name in ("bundle", "channels", "others_who_help"):
        yield from _said_twice(getattr(service, name), (*path, name))
    yield from _channels(service, path)
    if service.handed_to is not None:
        yield from known((*path, "handed_to"), service.handed_to, model.authorities, _("en myndighed"))
    # A shared file does not know the departments of the models that include it.
    helpers = {*model.departments, *model.authorities}
    if not catalogue or model.departments:
        for number, other in enumerate(service.others_who_help):
            yield from known((*path, "others_who_help", number), other, helpers, _("en fagforvaltning eller myndighed"))
        owners = {"municipality", "state", *helpers}
        yield from known((*path, "owner"), service.owner, owners, _("en ejer"))
    yield from _owner_in_time(model, service, path)


def _owner_in_time(model: ServiceModel, service: Service, path: Path) -> Iterator[Finding]:
    """An authority cannot have had a task before there was such an authority."""
    authority, begins = model.authorities.get(service.owner), service.owner_from or service.valid_from
    if authority and authority.valid_from and begins and begins < authority.valid_from:
        wrong = _("{authority} findes først fra {day}, men har opgaven fra {start}.").format(
            authority=authority.name, day=authority.valid_from, start=begins
        )
        right = _("Tilføj owner_from = {day}, og skriv i note, hvem der havde opgaven før.")
        yield Finding((*path, "owner"), wrong, right.format(day=authority.valid_from), Severity.WARNING)


def _channels(service: Service, path: Path) -> Iterator[Finding]:
    """A service that names its channels is met in these and no others."""
    if not service.channels:
        return
    if service.personal_appearance and Channel.IN_PERSON not in service.channels:
        wrong = _("Opgaven kræver personligt fremmøde, men kan ikke fås ved personlig henvendelse.")
        yield Finding((*path, "channels"), wrong, _('Tilføj "in_person", eller skriv personal_appearance = false.'))
    for channel in service.handle_minutes.value if service.handle_minutes else ():
        if channel not in service.channels:
            wrong = _('Her står minutter for "{channel}", men opgaven kan ikke fås den vej.').format(channel=channel)
            right = _("Tilføj henvendelsesmåden under channels, eller slet minutterne.")
            yield Finding((*path, "handle_minutes", channel.value), wrong, right, Severity.WARNING)


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
    elif successor and successor.valid_from and _long_before(successor.valid_from, service):
        wrong = _("Efterfølgeren begyndte {start}, længe før opgaven slutter {end}.").format(
            start=successor.valid_from, end=service.valid_to
        )
        right = _("Se efter, om datoerne og efterfølgeren er rigtige.")
        yield Finding((*path, "successor"), wrong, right, Severity.WARNING)


def _long_before(begins: dt.date, service: Service) -> bool:
    """Whether a successor begins before what it carries on did, or so early that both ran for many years."""
    if service.valid_from and begins < service.valid_from:
        return True
    return service.valid_to is not None and (service.valid_to - begins).days > LONGEST_OVERLAP_YEARS * 365.25


def _same_key(model: ServiceModel) -> Iterator[Finding]:
    """A service names its owner and its helpers by key alone, and must mean one."""
    said = ("municipality", "state")
    for kind, keys, taken in (
        ("departments", model.departments, said),
        ("authorities", model.authorities, (*said, *model.departments)),
    ):
        for key in keys:
            if key in taken:
                wrong = _('"{key}" er brugt til to, så en opgaves ejer kan ikke kendes.').format(key=key)
                yield Finding((kind, key), wrong, _("Giv den ene en anden nøgle."))


def _cycles(model: ServiceModel) -> Iterator[Finding]:
    for ring in rings({key: service.successor for key, service in model.services.items()}):
        wrong = _("Efterfølgerne går i ring: {chain}.").format(chain=" → ".join([*ring, ring[0]]))
        right = _("Slet den successor, der peger tilbage på en ældre opgave.")
        yield Finding(("services", ring[0], "successor"), wrong, right)


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
    yield from _never_open(model, entry, path)
    yield from _never_there(model, entry, path)


def _said_twice(keys: tuple[str, ...], path: Path) -> Iterator[Finding]:
    seen: set[str] = set()
    for number, key in enumerate(keys):
        if key in seen:
            yield Finding((*path, number), _('"{key}" står her to gange.').format(key=key), _("Slet den ene."))
        seen.add(key)


def _never_open(model: ServiceModel, entry: PortfolioEntry, path: Path) -> Iterator[Finding]:
    """An entry for a centre that is closed by then, or not open yet."""
    begins = max(filter(None, (entry.valid_from, model.adoption.valid_from)), default=dt.date.min)
    for number, key in enumerate(entry.centres):
        centre = model.centres.get(key)
        if centre and not _meet(begins, entry.valid_to, centre.valid_from, centre.valid_to):
            wrong = _("{centre} er ikke åbent i den tid, posten gælder.").format(centre=centre.name)
            right = _("Slet centret her, eller ret datoerne.")
            yield Finding((*path, "centres", number), wrong, right, Severity.WARNING)


def _never_there(model: ServiceModel, entry: PortfolioEntry, path: Path) -> Iterator[Finding]:
    """An entry for a service that has ended by then, or is not there yet."""
    begins = max(filter(None, (entry.valid_from, model.adoption.valid_from)), default=dt.date.min)
    for number, key in enumerate(entry.services):
        service = model.services.get(key)
        if service and not _meet(begins, entry.valid_to, service.valid_from, service.valid_to):
            wrong = _("{service} findes ikke i den tid, posten gælder.").format(service=service.name)
            right = _("Slet opgaven her, eller ret datoerne.")
            yield Finding((*path, "services", number), wrong, right, Severity.WARNING)


def _contradicted(model: ServiceModel) -> Iterator[Finding]:
    """A later entry wins; where it says another level for the same centre, service and time, that is remarkable."""
    by_level: dict[Level, list[PortfolioEntry]] = {}
    for number, entry in enumerate(model.portfolio):
        others = (earlier for level, entries in by_level.items() if level != entry.level for earlier in entries)
        told = 0
        for earlier in others:
            both = [key for key in entry.services if key in earlier.services]
            centres = [key for key in entry.centres if key in earlier.centres]
            if both and centres and _meet(earlier.valid_from, earlier.valid_to, entry.valid_from, entry.valid_to):
                wrong = _("{services} har et andet niveau i en tidligere post for {centres}.").format(
                    services=", ".join(both), centres=", ".join(centres)
                )
                right = _("Den sidste gælder; slet den, der ikke skal gælde.")
                yield Finding(("portfolio", number), wrong, right, Severity.WARNING)
                told += 1
            if told == MOST_CONTRADICTIONS:
                break
        by_level.setdefault(entry.level, []).append(entry)


def _meet(
    begins: dt.date | None, ends: dt.date | None, other_begins: dt.date | None, other_ends: dt.date | None
) -> bool:
    """Whether two periods have a day in common."""
    first, last = dt.date.min, dt.date.max
    return (begins or first) < (other_ends or last) and (other_begins or first) < (ends or last)


def _carried(model: ServiceModel) -> Iterator[Finding]:
    in_portfolio = {key for entry in model.portfolio for key in entry.services}
    begins = model.adoption.valid_from
    # A catalogue also tells of services that were given away before this model began, or came long after it.
    for key in model.services if begins is None else model.services_on(begins):
        if key not in in_portfolio:
            wrong = _("Ingen centre har opgaven i deres opgaveportefølje.")
            right = _("Tilføj den under [[portfolio]], hvis borgerne skal kunne få den et sted.")
            yield Finding(("services", key), wrong, right, Severity.WARNING)
