"""Guidance to read and search for everyone, to write for the editor."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import employee_actor
from hovedindgang.knowledge import actions, queries
from hovedindgang.knowledge.forms import ArticleTyped
from hovedindgang.knowledge.rules import LANGUAGES, ArticleRefused
from hovedindgang.look.wording import name
from hovedindgang.people.doors import Employee, Role, door, employee_of
from hovedindgang.policy.queries import NoPolicyInForce, in_force
from hovedindgang.servicemodel.document import Service

WRITES = (Role.EDITOR, Role.ADMINISTRATOR)


@door()
def articles(request: HttpRequest) -> HttpResponse:
    """All guidance, or what was searched for; the editor also sees what has none yet.

    The search is posted: a CPR that is typed there by mistake must not stand in an address.
    """
    typed, language = request.POST.get("q", "")[:200], get_language() or "da"
    writes = _writes(employee_of(request))
    found = queries.search_articles(typed, language)
    context = {"typed": typed, "found": found, "writes": writes, "missing": []}
    if writes and not typed:
        have = {article.service_id for article in queries.articles(language)}
        services = sorted(_services().items())
        context["missing"] = [(key, name(one, language=language)) for key, one in services if key not in have]
    return render(request, "knowledge/articles.html", context)


@door()
def article(request: HttpRequest, service: str) -> HttpResponse:
    """The guidance for one service."""
    found = queries.guidance(service, get_language() or "da")
    if found is None:
        raise Http404
    context = {"article": found, "writes": _writes(employee_of(request))}
    return render(request, "knowledge/article.html", context)


@door(*WRITES)
def edit_article(request: HttpRequest, service: str, language: str) -> HttpResponse:
    """Write it, with every earlier version beside."""
    if language not in LANGUAGES:
        raise Http404
    typed = ArticleTyped.from_article(queries.article(service, language))
    errors: dict[str, str] = {}
    if request.method == "POST":
        typed = ArticleTyped.from_post(request.POST)
        try:
            actions.write_article(
                actor=employee_actor(employee_of(request).pk),
                service=service,
                language=language,
                title=typed.title,
                text=typed.text,
                bring=typed.bring.splitlines(),
                based_on=typed.based_on,
            )
        except ArticleRefused as refused:
            errors = refused.errors
        else:
            messages.success(request, _("Vejledningen er gemt og gælder nu."))
            return redirect("edit_article", service, language)
    versions = queries.versions(service, language)
    known = _services().get(service) or (versions[0].service if versions else None)
    if known is None:
        raise Http404
    context = {
        "service": service,
        "service_name": name(known, language=get_language() or "da"),
        "language": language,
        "typed": typed,
        "newest": versions[0].version if versions else None,
        "versions": versions,
        "errors": errors,
        "error_list": list(errors.items()),
    }
    return render(request, "knowledge/edit.html", context, status=422 if errors else 200)


def _writes(employee: Employee) -> bool:
    return bool(employee.roles.intersection(WRITES))


def _services() -> dict[str, Service]:
    """Today's services; none before the first adoption."""
    try:
        return in_force().model.services_on(clock.today())
    except NoPolicyInForce:
        return {}
