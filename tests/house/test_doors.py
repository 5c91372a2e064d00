"""Every route has a door: nobody comes in because somebody forgot to close it."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import get_resolver, path, reverse
from ninja import NinjaAPI

from house.doors import BEFORE_SIGN_IN, WAYS_TO_FILL, Route, routes, without_a_door
from hovedindgang.people.api import Token
from hovedindgang.people.doors import door, public
from hovedindgang.people.rules import Scope
from hovedindgang.site.api import api

# What the municipality publishes for everybody: services and opening hours, nothing about anybody.
OPEN_DATA = {("get", "/api/v1/services.jsonld"), ("get", "/api/v1/centres.jsonld")}


def all_routes() -> list[Route]:
    return [route for route in routes(get_resolver().url_patterns) if not route.address.startswith("/api/")]


def test_every_page_says_who_may_come_in() -> None:
    assert without_a_door(all_routes()) == []


def test_a_page_without_a_door_is_found() -> None:
    def forgotten(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    forgotten.__module__ = "hovedindgang.desk.views"
    planted = [path("a/<int:id>/", forgotten), path("b/", door()(forgotten)), path("c/", public(forgotten))]
    assert without_a_door(list(routes(planted))) == ["/a/1/ ()"]


@pytest.mark.django_db
@pytest.mark.parametrize("route", all_routes(), ids=lambda route: route.address)
def test_a_stranger_is_shown_to_the_sign_in_page(route: Route, client: Client) -> None:
    """Both ways of asking, for every page that is not open by intention."""
    if route.door == "public" or route.name in BEFORE_SIGN_IN or "(" in route.address:
        assert route.door == "public" or route.name in BEFORE_SIGN_IN
        return
    for response in (client.get(route.address), client.post(route.address)):
        to_sign_in = response.status_code == 302 and response["Location"].startswith(reverse("account_login"))
        assert to_sign_in or response.status_code in {401, 403, 405}, f"{route.address}: {response.status_code}"


def open_operations(schema: dict[str, Any]) -> set[tuple[str, str]]:
    """What the API's own description says anybody may ask, as (method, path)."""
    return {
        (method, template)
        for template, methods in schema["paths"].items()
        for method, operation in methods.items()
        if not operation.get("security")
    }


def test_only_open_data_is_described_as_open() -> None:
    assert open_operations(api.get_openapi_schema()) == OPEN_DATA


def test_an_operation_without_a_door_is_found() -> None:
    planted = NinjaAPI(urls_namespace="planted")
    planted.get("/left-open")(lambda request: None)
    planted.get("/closed", auth=Token(Scope.MODEL_READ))(lambda request: None)
    assert open_operations(planted.get_openapi_schema(path_prefix="/")) == {("get", "/left-open")}


@pytest.mark.django_db
def test_a_stranger_reads_nothing_else_through_the_api(client: Client) -> None:
    for template, methods in api.get_openapi_schema()["paths"].items():
        address = re.sub(r"\{\w+\}", "1", template)
        for method in methods:
            response = client.generic(method.upper(), address, b"{}", content_type="application/json")
            assert response.status_code == 401 or (method, template) in OPEN_DATA, f"{method} {address}"


@pytest.mark.django_db
def test_a_number_that_no_table_has_is_no_page_and_breaks_nothing(
    cast: SimpleNamespace, client_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(WAYS_TO_FILL, "int", "9" * 30)
    everybody = [client_of(person) for person in vars(cast).values()]
    numbered = [route.address for route in all_routes() if "9" * 30 in route.address]
    assert len(numbered) > 15
    for address in numbered:
        answers = {browser.get(address).status_code for browser in everybody}
        assert answers <= {403, 404, 405}, (address, answers)
