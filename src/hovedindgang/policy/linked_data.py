"""The model in force as linked open data: services in CPSV-AP, places and opening hours in schema.org.

Sources: Core Public Service Vocabulary Application Profile 3 (SEMIC, European Commission) for services, and
schema.org `GovernmentOffice` with `OpeningHoursSpecification` for places. Pure: model in, JSON-LD out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from hovedindgang.servicemodel.document import Centre, Channel, Service, ServiceModel, WeekHours
from hovedindgang.servicemodel.hours import ExceptionalDay

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
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def services_as_cpsv(model: ServiceModel, *, day: dt.date, base: str) -> JsonLd:
    """All services that exist on `day` as `cpsv:PublicService`; `base` is the address identifiers begin with."""
    graph: list[JsonLd] = [
        {
            "@id": f"{base}#municipality",
            "@type": "cv:PublicOrganisation",
            "dct:identifier": model.municipality.code,
            "dct:title": _text(model.municipality.name),
        }
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
    graph += [_service(service, base) for service in model.services_on(day).values()]
    return {"@context": CPSV_CONTEXT, "@graph": graph}


def _service(service: Service, base: str) -> JsonLd:
    node: JsonLd = {
        "@id": f"{base}#service-{service.key}",
        "@type": "cpsv:PublicService",
        "dct:identifier": service.key,
        "dct:title": _text(service.name, service.name_en),
        "dct:language": ["da"],
        "cv:hasCompetentAuthority": {"@id": f"{base}#municipality"},
        "cv:hasChannel": [{"@id": f"{base}#channel-{channel}"} for channel in service.channels],
    }
    if service.search_words:
        node["dcat:keyword"] = [{"@value": word, "@language": "da"} for word in service.search_words]
    if service.kle:
        node["dct:subject"] = f"urn:kle:{service.kle}"
    if service.deadline_working_days:
        # CPSV-AP wants an ISO 8601 duration, which knows no working days: the words say what is meant.
        days = service.deadline_working_days.value
        node["cv:processingTime"] = _text(f"{days} arbejdsdage", f"{days} working days")
    if service.self_service:
        node["foaf:page"] = {"@id": service.self_service}
    return node


def centres_as_schema_org(
    model: ServiceModel, *, day: dt.date, base: str, exceptions: Iterable[ExceptionalDay] = ()
) -> JsonLd:
    """The centres in force on `day` as schema.org `GovernmentOffice`, with the hours for coming in person."""
    exceptions = tuple(exceptions)
    offices = [
        _office(model, centre, base, [e for e in exceptions if e.centre == centre.key])
        for centre in model.centres.values()
        if (centre.valid_from is None or centre.valid_from <= day)
        and (centre.valid_to is None or day < centre.valid_to)
    ]
    return {"@context": "https://schema.org", "@graph": offices}


def _office(model: ServiceModel, centre: Centre, base: str, exceptions: list[ExceptionalDay]) -> JsonLd:
    place = centre.place
    node: JsonLd = {
        "@id": f"{base}#centre-{centre.key}",
        "@type": "GovernmentOffice",
        "name": centre.name,
        "parentOrganization": {"@type": "GovernmentOrganization", "name": model.municipality.name},
        "address": {
            "@type": "PostalAddress",
            "streetAddress": place.address,
            "postalCode": place.postcode,
            "addressLocality": place.town,
            "addressCountry": "DK",
        },
        "openingHoursSpecification": _hours(centre.hours.get(Channel.IN_PERSON, {})),
    }
    if place.latitude is not None and place.longitude is not None:
        node["geo"] = {"@type": "GeoCoordinates", "latitude": place.latitude, "longitude": place.longitude}
    if model.municipality.phone:
        node["telephone"] = model.municipality.phone
    special = [_special(e) for e in exceptions] + [
        _closed(closing.on) for closing in (*model.calendar.closing_days, *centre.closing_days)
    ]
    if special:
        node["specialOpeningHoursSpecification"] = special
    return _without_none(node)


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


def _special(day: ExceptionalDay) -> JsonLd:
    if day.closed or not day.periods:
        return _closed(day.on)
    period = day.periods[0]
    return {**_closed(day.on), "opens": f"{period.opens:%H:%M}", "closes": f"{period.closes:%H:%M}"}


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
