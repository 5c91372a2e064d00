"""What the municipality publishes for everybody: services in CPSV-AP, places and opening hours in schema.org."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hovedindgang.conftest import small_model
from hovedindgang.policy.linked_data import Versions, centres_as_schema_org, services_as_cpsv
from hovedindgang.servicemodel.document import Channel, Period, ServiceModel
from hovedindgang.servicemodel.hours import ExceptionalDay
from hovedindgang.servicemodel.loading import loads

BASE = "https://lilleby.dk/centres.jsonld"
WEDNESDAY = dt.date(2026, 11, 25)


def model(old: str = "", new: str = "") -> ServiceModel:
    text = small_model(old=old, new=new) if old else small_model()
    return loads(text, name="small.toml", includes={})


def office(versions: Versions, key: str = "aabybro", *exceptions: ExceptionalDay, day: dt.date = WEDNESDAY) -> Any:
    found = centres_as_schema_org(versions, day=day, base=BASE, exceptions=exceptions)
    return next(node for node in found["@graph"] if node["@id"] == f"{BASE}#centre-{key}")


def special(node: Any) -> dict[str, list[tuple[str, str]]]:
    days: dict[str, list[tuple[str, str]]] = {}
    for one in node.get("specialOpeningHoursSpecification", []):
        assert one["validFrom"] == one["validThrough"]
        days.setdefault(one["validFrom"], []).append((one["opens"], one["closes"]))
    return days


CLOSED = [("00:00", "00:00")]


def test_a_citizen_who_asks_a_search_engine_is_not_sent_to_a_closed_door_on_christmas_day() -> None:
    found = special(office([(dt.date(2026, 1, 1), model())]))
    assert found["2026-12-24"] == found["2026-12-25"] == found["2026-12-31"] == found["2027-01-01"] == CLOSED
    assert found["2027-05-06"] == CLOSED, "Kristi himmelfartsdag"
    assert "2027-06-05" not in found, "a Saturday, on which it is closed anyway"
    assert special(office([(dt.date(2026, 1, 1), model())], day=dt.date(2026, 5, 1)))["2026-06-05"] == [
        ("10:00", "12:00")
    ]


def test_a_holiday_on_a_day_the_branch_never_opens_is_no_special_day() -> None:
    found = special(office([(dt.date(2026, 1, 1), model())], "pandrup"))
    assert "2026-12-25" not in found, "a Friday; the branch opens on Mondays and Thursdays"
    assert found["2026-12-24"] == CLOSED


def test_days_that_are_over_and_days_beyond_a_year_are_not_told() -> None:
    found = special(office([(dt.date(2026, 1, 1), model())]))
    assert min(found) >= WEDNESDAY.isoformat()
    assert max(found) <= "2027-11-26"


def test_a_storm_next_week_is_told_and_a_telephone_that_is_closed_closes_no_door() -> None:
    storm = ExceptionalDay("aabybro", None, dt.date(2026, 12, 2), closed=True)
    phone = ExceptionalDay("aabybro", Channel.PHONE, dt.date(2026, 12, 3), closed=True)
    late = ExceptionalDay("aabybro", Channel.IN_PERSON, dt.date(2026, 12, 5), False, (Period(dt.time(9), dt.time(12)),))
    found = special(office([(dt.date(2026, 1, 1), model())], "aabybro", storm, phone, late))
    assert found["2026-12-02"] == CLOSED
    assert "2026-12-03" not in found
    assert found["2026-12-05"] == [("09:00", "12:00")], "a Saturday"


def test_hours_that_are_adopted_from_a_later_day_are_told_with_the_days_they_hold() -> None:
    later = model('thu = ["10:00-17:00"]', 'thu = ["10:00-18:00"]')
    node = office([(dt.date(2026, 1, 1), model()), (dt.date(2027, 1, 1), later)])
    thursdays = [one for one in node["openingHoursSpecification"] if one["dayOfWeek"].endswith("Thursday")]
    assert [(one["closes"], one.get("validFrom"), one.get("validThrough")) for one in thursdays] == [
        ("17:00", None, "2026-12-31"),
        ("18:00", "2027-01-01", None),
    ]


def services(found: ServiceModel) -> tuple[dict[str, Any], dict[str, Any]]:
    graph = services_as_cpsv(found, day=WEDNESDAY, base=BASE)["@graph"]
    nodes = {node["@id"]: node for node in graph}
    return nodes, {node["dct:identifier"]: node for node in graph if node["@type"] == "cpsv:PublicService"}


def test_what_another_authority_decides_is_not_published_as_the_municipalitys_own() -> None:
    found = model('owner = "teknik"', 'owner = "skat"')
    theirs = {key for key, one in found.services.items() if one.owner == "skat"}
    assert theirs
    nodes, published = services(found)
    for key, node in published.items():
        owner = nodes[node["cv:hasCompetentAuthority"]["@id"]]
        name = found.authorities[found.services[key].owner].name if key in theirs else found.municipality.name
        assert owner["dct:title"][0]["@value"] == name


def test_every_service_has_what_the_profile_demands_in_danish_and_english() -> None:
    nodes, published = services(model())
    for node in published.values():
        assert node["dct:identifier"]
        assert node["dct:title"]
        assert node["cv:hasCompetentAuthority"]["@id"] in nodes
        assert [text["@language"] for text in node["dct:description"]] == ["da", "en"]
        assert {way["@id"] for way in node["cv:hasChannel"]} <= nodes.keys()
        assert "cv:processingTime" not in node, "a duration knows no working days: the description says them"
    for node in nodes.values():
        if node["@type"] == "cv:PublicOrganisation":
            assert node["skos:prefLabel"]
            assert node["dct:spatial"]
