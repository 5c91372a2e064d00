"""The adopted policy, open to all: what is in force, every version, differences, and what is still open."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from hovedindgang.policy import queries, shown
from hovedindgang.policy.models import ModelVersion, VersionState
from hovedindgang.servicemodel.differences import differences
from hovedindgang.servicemodel.language import speaking
from hovedindgang.servicemodel.wording import full_name_of, spoken

Page = Callable[..., HttpResponse]


def open_to_all(view: Page) -> Page:
    """A council's policy is a public document; doors for people stand in a higher room."""
    view.door = "public"  # type: ignore[attr-defined]
    return view


@open_to_all
def policy(request: HttpRequest) -> HttpResponse:
    """The policy in force today, every number with its source."""
    try:
        policy_today = queries.in_force()
    except queries.NoPolicyInForce as nothing:
        return render(request, "policy/none.html", {"said": str(nothing)})
    return _version_page(request, queries.version(policy_today.version_id), in_force=True)


@open_to_all
def versions(request: HttpRequest) -> HttpResponse:
    """Every adopted version, the latest first, each with a way to what it changed."""
    adopted = [found for found in queries.versions() if found.state == VersionState.ADOPTED]
    rows = [(found, adopted[place + 1] if place + 1 < len(adopted) else None) for place, found in enumerate(adopted)]
    try:
        today = queries.in_force().version_id
    except queries.NoPolicyInForce:
        today = None
    return render(request, "policy/versions.html", {"rows": rows, "today": today})


@open_to_all
def version(request: HttpRequest, version_id: int) -> HttpResponse:
    """One adopted version as it was adopted."""
    return _version_page(request, _adopted(version_id), in_force=False)


@open_to_all
def difference(request: HttpRequest, old_id: int, new_id: int) -> HttpResponse:
    """What changed from one adopted version to another, in sentences."""
    old, new = _adopted(old_id), _adopted(new_id)
    found = differences(queries.model_of(old.pk), queries.model_of(new.pk), language=_language())
    return render(request, "policy/difference.html", {"old": old, "new": new, "differences": found})


@open_to_all
def questions(request: HttpRequest) -> HttpResponse:
    """What the policy in force leaves open, and what is used meanwhile."""
    try:
        model = queries.in_force().model
    except queries.NoPolicyInForce as nothing:
        return render(request, "policy/none.html", {"said": str(nothing)})
    with speaking(_language()):
        rows = [
            (full_name_of(question), spoken(question, "used_meanwhile"), shown.source_shown(model, question.source))
            for question in model.open
        ]
    return render(request, "policy/questions.html", {"rows": rows})


def _version_page(request: HttpRequest, found: ModelVersion, *, in_force: bool) -> HttpResponse:
    model = queries.model_of(found.pk)
    with speaking(_language()):
        page = {
            "version": found,
            "model": model,
            "note": spoken(model.adoption, "note"),
            "in_force": in_force,
            "sections": shown.sections(model),
            "counted": shown.sources_counted(model),
            "predecessor": queries.predecessor_of(found),
        }
        return render(request, "policy/version.html", page)


def _adopted(version_id: int) -> ModelVersion:
    try:
        found = queries.version(version_id)
    except ModelVersion.DoesNotExist:
        raise Http404 from None
    if found.state != VersionState.ADOPTED:  # a draft is nobody's policy
        raise Http404
    return found


def _language() -> str:
    return "en" if get_language() == "en" else "da"
