"""The model in force as linked open data: services in CPSV-AP, places and opening hours in schema.org.

Sources: Core Public Service Vocabulary Application Profile 3 (SEMIC, European Commission) for services, and
schema.org `GovernmentOffice` with `OpeningHoursSpecification` for places. Pure: models in, JSON-LD out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hovedindgang.servicemodel.document import Authority, Centre, Channel, Period, Service, ServiceModel, WeekHours
from hovedindgang.servicemodel.holidays import public_holidays
from hovedindgang.servicemodel.hours import ExceptionalDay, opening_periods

JsonLd = dict[str, Any]
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
CHANNEL_NAMES = {
    Channel.IN_PERSON: {"da": "Personligt", "en": "In person"},
    Channel.PHONE: {"da": "Telefon", "en": "Phone"},
    Channel.WRITTEN: {"da": "Skriftligt", "en": "In writing"},
    Channel.DIGITAL: {"da": "Digitalt", "en": "Digital"},
}
CPSV_CONTEXT: JsonLd = {
    "cpsv": "http://purl.org/vocab/cpsv#",
    "cv": "http://data.europa.eu/m8g/",
    "dct": "http://purl.org/dc/terms/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
}
DANISH = {"@id": "http://publications.europa.eu/resource/authority/language/DAN"}
DENMARK = {"@id": "http://publications.europa.eu/resource/authority/country/DNK"}
DAYS_AHEAD = 366  # so far ahead it is told which days are not as usual

Clocks = list[tuple[dt.time, dt.time]]


def services_as_cpsv(model: ServiceModel, *, day: dt.date, base: str) -> JsonLd:
    """All services that exist on `day` as `cpsv:PublicService`; `base` is the address identifiers begin with."""
    services = list(model.services_on(day).values())
    owners = {service.owner for service in services}
    graph = [_organisation(f"{base}#municipality", model.municipality.code, model.municipality.name)]
    graph += [
        _organisation(f"{base}#authority-{one.key}", one.key, one.name, one.name_en)
        for one in model.authorities.values()
        if one.key in owners
    ]
    graph += [
        {
            "@id": f"{base}#channel-{channel}",
            "@type": "cv:Channel",
            "dct:identifier": str(channel),
            "dct:type": _text(names["da"], names["en"]),
        }
        for channel, names in CHANNEL_NAMES.items()
    ]
    graph += [_service(service, model.authorities, base) for service in services]
    return {"@context": CPSV_CONTEXT, "@graph": graph}


def _organisation(address: str, key: str, name: str, name_en: str | None = None) -> JsonLd:
    names = _text(name, name_en)
    return {
        "@id": address,
        "@type": "cv:PublicOrganisation",
        "dct:identifier": key,
        "dct:title": names,
        "skos:prefLabel": names,
        "dct:spatial": DENMARK,
    }


def _service(service: Service, authorities: Mapping[str, Authority], base: str) -> JsonLd:
    # A department is the municipality; what the state transferred to it is its task too.
    authority = f"authority-{service.owner}" if service.owner in authorities else "municipality"
    node: JsonLd = {
        "@id": f"{base}#service-{service.key}",
        "@type": "cpsv:PublicService",
        "dct:identifier": service.key,
        "dct:title": _text(service.name, service.name_en),
        "dct:description": _description(service),
        "dct:language": DANISH,
        "cv:hasCompetentAuthority": {"@id": f"{base}#{authority}"},
        "cv:hasChannel": [{"@id": f"{base}#channel-{channel}"} for channel in service.channels],
    }
    if service.search_words:
        node["dcat:keyword"] = [{"@value": word, "@language": "da"} for word in service.search_words]
    if service.kle:
        node["dct:subject"] = {"@id": f"urn:kle:{service.kle}"}
    if service.self_service:
        node["foaf:page"] = {"@id": service.self_service}
    return node


def _description(service: Service) -> list[JsonLd]:
    """How it is had, in words. The deadline too: `cv:processingTime` is a duration, which knows no working days."""
    said = {"da": f"{service.name}.", "en": f"{service.name_en or service.name}."}
    ways = {language: [CHANNEL_NAMES[one][language].lower() for one in service.channels] for language in said}
    if service.channels:
        said["da"] += f" Kan fås: {', '.join(ways['da'])}."
        said["en"] += f" Can be had: {', '.join(ways['en'])}."
    if service.personal_appearance:
        said["da"] += " Borgeren skal møde personligt."
        said["en"] += " The citizen must appear in person."
    if service.deadline_working_days:
        days = service.deadline_working_days.value
        said["da"] += f" Frist: {days} arbejdsdag{'' if days == 1 else 'e'}."
        said["en"] += f" Deadline: {days} working day{'' if days == 1 else 's'}."
    return _text(said["da"], said["en"])


Versions = Sequence[tuple[dt.date, ServiceModel]]  # in force from that day on, until the next one is


def centres_as_schema_org(
    versions: Versions, *, day: dt.date, base: str, exceptions: Iterable[ExceptionalDay] = ()
) -> JsonLd:
    """The centres in force on `day` as schema.org `GovernmentOffice`, with the hours for coming in person.

    `versions` begins with the one in force on `day`, and holds those adopted from later days. For `DAYS_AHEAD` days it
    is told on which the hours are not those of the week: holidays, closing days, and `exceptions` at the counter.
    """
    exceptions = tuple(exceptions)
    _since, model = versions[0]
    offices = [
        _office(versions, centre, base, day, [e for e in exceptions if e.centre == centre.key])
        for centre in model.centres.values()
        if _is_there(centre, day)
    ]
    return {"@context": "https://schema.org", "@graph": offices}


def _is_there(centre: Centre, day: dt.date) -> bool:
    return (centre.valid_from is None or centre.valid_from <= day) and (
        centre.valid_to is None or day < centre.valid_to
    )


def _office(
    versions: Versions, centre: Centre, base: str, day: dt.date, exceptions: Sequence[ExceptionalDay]
) -> JsonLd:
    place, municipality = centre.place, versions[0][1].municipality
    node: JsonLd = {
        "@id": f"{base}#centre-{centre.key}",
        "@type": "GovernmentOffice",
        "name": centre.name,
        "parentOrganization": {"@type": "GovernmentOrganization", "name": municipality.name},
        "address": {
            "@type": "PostalAddress",
            "streetAddress": place.address,
            "postalCode": place.postcode,
            "addressLocality": place.town,
            "addressCountry": "DK",
        },
        "openingHoursSpecification": _hours_of_versions(versions, centre.key, day),
    }
    if place.latitude is not None and place.longitude is not None:
        node["geo"] = {"@type": "GeoCoordinates", "latitude": place.latitude, "longitude": place.longitude}
    if municipality.phone:
        node["telephone"] = municipality.phone
    special = _special_days(versions, centre.key, day, exceptions)
    if special:
        node["specialOpeningHoursSpecification"] = special
    return _without_none(node)


def _spans(versions: Versions) -> list[tuple[dt.date, dt.date, ServiceModel]]:
    """Each version with the days [since, end) on which it is in force."""
    ends = [since for since, _model in versions[1:]] + [dt.date.max]
    return [(since, end, model) for (since, model), end in zip(versions, ends, strict=True)]


def _hours_of_versions(versions: Versions, key: str, day: dt.date) -> list[JsonLd]:
    """The hours of the week, with the days they hold where they do not hold for good."""
    found: list[JsonLd] = []
    for since, end, model in _spans(versions):
        centre = model.centres.get(key)
        if centre is None:
            continue
        first, after = max(since, centre.valid_from or since), min(end, centre.valid_to or end)
        if first >= after:
            continue
        within = {
            "validFrom": first.isoformat() if first > day else None,
            "validThrough": (after - dt.timedelta(days=1)).isoformat() if after < dt.date.max else None,
        }
        week = centre.hours.get(Channel.IN_PERSON, {})
        found += [_without_none({**hours, **within}) for hours in _hours(week)]
    return found


def _hours(week: WeekHours) -> list[JsonLd]:
    return [
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": f"https://schema.org/{DAYS[weekday]}",
            "opens": f"{period.opens:%H:%M}",
            "closes": f"{period.closes:%H:%M}",
        }
        for weekday, periods in sorted(week.items())
        for period in periods
    ]


def _special_days(versions: Versions, key: str, day: dt.date, exceptions: Sequence[ExceptionalDay]) -> list[JsonLd]:
    """The coming days on which the centre is not open as in other weeks."""
    last = day + dt.timedelta(days=DAYS_AHEAD)
    found: list[JsonLd] = []
    for since, end, model in _spans(versions):
        centre = model.centres.get(key)
        if centre is None:
            continue
        first, after = max(since, day), min(end, last)
        for on in sorted(_maybe_special(model, centre, exceptions, first, after)):
            if _is_there(centre, on):
                found += _special(model, centre, on, exceptions)
    return found


def _maybe_special(
    model: ServiceModel, centre: Centre, exceptions: Iterable[ExceptionalDay], first: dt.date, after: dt.date
) -> set[dt.date]:
    """The days of [first, after) on which anything could be otherwise."""
    named = {one.on for one in exceptions}
    named |= {closing.on for closing in (*model.calendar.closing_days, *centre.closing_days)}
    for year in range(first.year, after.year + 1):
        named |= {*public_holidays(year), dt.date(year, 6, 5), dt.date(year, 12, 24), dt.date(year, 12, 31)}
    return {on for on in named if first <= on < after}


def _special(model: ServiceModel, centre: Centre, on: dt.date, exceptions: Sequence[ExceptionalDay]) -> list[JsonLd]:
    week = centre.hours.get(Channel.IN_PERSON, {})
    usual = _clocks(week.get(on.weekday(), ()))
    open_then = opening_periods(model, centre.key, Channel.IN_PERSON, on, exceptions=exceptions)
    actual = [(start.time(), end.time()) for start, end in open_then]
    if actual == usual:
        return []
    return [{**_closed(on), "opens": f"{opens:%H:%M}", "closes": f"{closes:%H:%M}"} for opens, closes in actual] or [
        _closed(on)
    ]


def _clocks(periods: Iterable[Period]) -> Clocks:
    """From and to, those that touch as one."""
    found: Clocks = []
    for period in sorted(periods, key=lambda one: one.opens):
        if found and period.opens <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], period.closes))
        else:
            found.append((period.opens, period.closes))
    return found


def _closed(on: dt.date) -> JsonLd:
    """A day closed all day: schema.org says so by opening and closing at the same time."""
    return {
        "@type": "OpeningHoursSpecification",
        "validFrom": on.isoformat(),
        "validThrough": on.isoformat(),
        "opens": "00:00",
        "closes": "00:00",
    }


def _text(danish: str, english: str | None = None) -> list[JsonLd]:
    texts = [{"@value": danish, "@language": "da"}]
    return texts + ([{"@value": english, "@language": "en"}] if english else [])


def _without_none(node: Mapping[str, Any]) -> JsonLd:
    return {
        key: _without_none(value) if isinstance(value, dict) else value
        for key, value in node.items()
        if value is not None
    }
