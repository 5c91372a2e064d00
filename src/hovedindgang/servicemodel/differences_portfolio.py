"""Changes of what the centres carry: each centre and level that changes, services that change alike together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from hovedindgang.servicemodel.differences_sources import SourceChange
from hovedindgang.servicemodel.document import Level, PortfolioEntry, ServiceModel
from hovedindgang.servicemodel.labels import word_label
from hovedindgang.servicemodel.language import gettext as _
from hovedindgang.servicemodel.positions import Path
from hovedindgang.servicemodel.wording import date_text, listed, name_of

Carried = tuple[tuple[Level, dt.date | None, dt.date | None], ...]


def portfolio_differences(old: ServiceModel, new: ServiceModel) -> Iterator[tuple[Path, str, str | SourceChange]]:
    before, after = _carried(old), _carried(new)
    changes: dict[tuple[Carried, Carried, str], list[str]] = {}
    for centre, service in sorted(before.keys() | after.keys()):
        was, is_now = before.get((centre, service), ()), after.get((centre, service), ())
        if was != is_now:
            changes.setdefault((was, is_now, centre), []).append(service)
    for (was, is_now, centre), services in changes.items():
        model = new if centre in new.centres else old
        name = model.centres[centre].name if centre in model.centres else centre
        names = listed([_service_name(key, new, old) for key in services])
        kind = "changed" if was and is_now else "added" if is_now else "removed"
        yield ("portfolio",), kind, _text(name, names, was, is_now)
    yield from _sources(old, new)
    if not changes and _sources_of(old) == _sources_of(new):
        yield ("portfolio",), "changed", _("Opgaveporteføljen er delt op på en anden måde, men siger det samme")


def _sources(old: ServiceModel, new: ServiceModel) -> Iterator[tuple[Path, str, SourceChange]]:
    before, after = _sources_of(old), _sources_of(new)
    places = sorted(place for place in before.keys() & after.keys() if before[place] != after[place])
    for was, is_now in dict.fromkeys((before[place], after[place]) for place in places):
        yield ("portfolio",), "changed", SourceChange(_("Opgaveportefølje"), was, is_now)


def _sources_of(model: ServiceModel) -> dict[tuple[str, str], tuple[str | None, ...]]:
    """The sources of what each centre does with each service, by key."""
    return {place: tuple(dict.fromkeys(one.source for one in entries)) for place, entries in _deciding(model).items()}


def _carried(model: ServiceModel) -> dict[tuple[str, str], Carried]:
    """What each centre does with each service, in the order of the entries: the last that holds decides."""
    return {
        place: tuple((entry.level, entry.valid_from, entry.valid_to) for entry in entries)
        for place, entries in _deciding(model).items()
    }


def _deciding(model: ServiceModel) -> dict[tuple[str, str], tuple[PortfolioEntry, ...]]:
    """The entries of each centre and service, but for those that a later one stands over on each of their days."""
    found: dict[tuple[str, str], tuple[PortfolioEntry, ...]] = {}
    for entry in model.portfolio:
        for centre in entry.centres:
            for service in entry.services:
                earlier = found.get((centre, service), ())
                found[centre, service] = (*(one for one in earlier if not _covers(entry, one)), entry)
    return found


def _covers(later: PortfolioEntry, earlier: PortfolioEntry) -> bool:
    begins = later.valid_from is None or (earlier.valid_from is not None and later.valid_from <= earlier.valid_from)
    ends = later.valid_to is None or (earlier.valid_to is not None and earlier.valid_to <= later.valid_to)
    return begins and ends


def _service_name(key: str, new: ServiceModel, old: ServiceModel) -> str:
    service = new.services.get(key) or old.services.get(key)
    return name_of(service) if service else key


def _text(centre: str, services: str, was: Carried, is_now: Carried) -> str:
    if not was:
        return _("{centre} får {services} ({level})").format(centre=centre, services=services, level=_levels(is_now))
    if not is_now:
        return _("{centre} har ikke længere {services}").format(centre=centre, services=services)
    return _("{centre}: {services}: {old} → {new}").format(
        centre=centre, services=services, old=_levels(was), new=_levels(is_now)
    )


def _levels(carried: Carried) -> str:
    return ", ".join(word_label(level.value) + _period(start, end) for level, start, end in carried)


def _period(start: dt.date | None, end: dt.date | None) -> str:
    since = _(" fra {day}").format(day=date_text(start)) if start else ""
    until = _(" til {day}").format(day=date_text(end)) if end else ""
    return since + until
