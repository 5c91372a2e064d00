"""The model in force, for other systems: as JSON, and as linked open data that anybody may read.

People are a floor above: who may read the model is said where the API is mounted.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import fields, is_dataclass
from typing import Any

from django.http import HttpRequest, JsonResponse
from ninja import Router

from hovedindgang.kernel import clock
from hovedindgang.policy.linked_data import centres_as_schema_org, services_as_cpsv
from hovedindgang.policy.queries import coming_exceptions, in_force, in_force_from

router = Router(tags=["model"])


@router.get("/model", response=dict[str, Any], summary="The service model in force on a day")
def model_in_force(request: HttpRequest, on: dt.date | None = None) -> dict[str, Any]:
    """The whole model; every number with the key of its source. `on` defaults to today in Denmark."""
    found = in_force(on)
    return {
        "version": found.version_id,
        "valid_from": found.valid_from.isoformat(),
        "model": as_json(found.model),
    }


@router.get("/services.jsonld", auth=None, summary="Services as CPSV-AP (JSON-LD), open to all")
def services(request: HttpRequest) -> JsonResponse:
    day = clock.today()
    return _json_ld(services_as_cpsv(in_force(day).model, day=day, base=request.build_absolute_uri()))


@router.get("/centres.jsonld", auth=None, summary="Centres and opening hours as schema.org (JSON-LD), open to all")
def centres(request: HttpRequest) -> JsonResponse:
    day = clock.today()
    versions = [(version.valid_from, version.model) for version in in_force_from(day)]
    base = request.build_absolute_uri()
    return _json_ld(centres_as_schema_org(versions, day=day, base=base, exceptions=coming_exceptions(day)))


def _json_ld(document: dict[str, Any]) -> JsonResponse:
    return JsonResponse(document, content_type="application/ld+json", json_dumps_params={"ensure_ascii": False})


def as_json(value: Any) -> Any:
    """Frozen dataclasses as plain JSON: dates and times in ISO 8601, nothing for what is not said."""
    if is_dataclass(value):
        pairs = ((field.name, getattr(value, field.name)) for field in fields(value))
        return {name: as_json(part) for name, part in pairs if part is not None}
    if isinstance(value, dict) or hasattr(value, "items"):
        return {str(key): as_json(part) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return [as_json(part) for part in value]
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return value
