"""The paper form for breakdowns, printed beforehand and entered afterwards."""

from __future__ import annotations

import datetime as dt
import uuid

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from hovedindgang.contacts.actions import register_contact, say_from_paper
from hovedindgang.contacts.rules import KeyReused, Refused
from hovedindgang.desk import paper
from hovedindgang.desk.reading import Reader
from hovedindgang.desk.rules import CHANNELS, COME_BACK_REASONS, OUTCOMES, WITHDRAWN_WHYS
from hovedindgang.desk.typed import Typed
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import employee_actor
from hovedindgang.look import wording
from hovedindgang.people.doors import Employee, Role, door, employee_of
from hovedindgang.policy.queries import NoPolicyInForce, in_force


@door(Role.EMPLOYEE, Role.LEADER)
@require_GET
def paper_form(request: HttpRequest) -> HttpResponse:
    """One sheet with the codes of the policy in force."""
    try:
        policy = in_force()
    except NoPolicyInForce as nothing:
        return render(request, "desk/closed.html", {"why": str(nothing)})
    employee, today = employee_of(request), clock.today()
    return render(request, "desk/paper.html", {**_codes(employee, today), "rows": range(paper.ROWS), "policy": policy})


@door(Role.EMPLOYEE)
@require_http_methods(["GET", "POST"])
def paper_entry(request: HttpRequest) -> HttpResponse:
    """What stands on a sheet is entered: all its rows, or none and what is wrong with which."""
    employee, today = employee_of(request), clock.today()
    sent = {name: value.replace("\0", "") for name, value in request.POST.dict().items()}
    rows = [{name: sent.get(f"{name}-{position}", "") for name in paper.FIELDS} for position in range(paper.ROWS)]
    typed = {
        "on": sent.get("on", ""),
        "centre": sent.get("centre", employee.centre_id or ""),
        "key": sent.get("key", ""),
    }
    errors: dict[str, str] = {}
    read = Reader(errors)
    day = read.day("on", typed["on"]) or today
    if day > today:
        read.wrong("on", _("Dagen er ikke kommet endnu."))
        day = today
    try:
        codes = _codes(employee, day)
        if request.method == "POST" and not errors:
            number, errors = _enter(employee, typed, rows, day)
            if number:
                said = ngettext(
                    "%(number)s henvendelse er skrevet ind fra papir.",
                    "%(number)s henvendelser er skrevet ind fra papir.",
                    number,
                )
                messages.success(request, said % {"number": number})
                return HttpResponseRedirect(reverse("paper_entry"), status=303)
    except NoPolicyInForce as nothing:
        return render(request, "desk/closed.html", {"why": str(nothing)})
    if request.method == "GET":
        typed["key"] = str(uuid.uuid4())
    context = {
        **codes,
        "typed": typed,
        "errors": errors,
        "rows": [_row(position, row, errors) for position, row in enumerate(rows)],
        "summary": [(_field_id(place), message) for place, message in errors.items()],
        "centres": [(key, one.name) for key, one in in_force(day).model.centres.items()],
    }
    return render(request, "desk/paper_entry.html", context, status=422 if errors else 200)


def _enter(
    employee: Employee, typed: dict[str, str], rows: list[dict[str, str]], day: dt.date
) -> tuple[int, dict[str, str]]:
    """How many contacts were written, and what is wrong; the same sheet sent twice is entered once."""
    written = paper.read_rows(rows, day=day, centre=typed["centre"], model=in_force(day).model)
    if written.errors:
        return 0, written.errors
    if not written.contacts:
        return 0, {"0.time": _("Skriv mindst én række.")}
    sheet = Typed.from_post({"key": typed["key"]}).key
    actor = employee_actor(employee.pk)
    try:
        with transaction.atomic():
            for position, contact in enumerate(written.contacts):
                key = uuid.uuid5(sheet, str(position))
                receipt = register_contact(employee=employee, actor=actor, contact=contact, key=key)
                say_from_paper(employee=employee, contact_id=receipt.contact_id)
    except Refused as refused:
        return 0, {"": " ".join(refused.errors.values())}
    except KeyReused:
        return 0, {"": _("Arket er allerede skrevet ind, og siden er der skrevet noget andet. Hent siden igen.")}
    return len(written.contacts), {}


def _codes(employee: Employee, day: dt.date) -> dict[str, object]:
    """What the codes mean, by the policy of the day. Raises NoPolicyInForce."""
    model = in_force(day).model
    favourites = set(employee.favourites)
    words = wording.name
    language = employee.language or "da"
    services = [
        (number, words(one, language=language), one.key in favourites)
        for number, one in paper.numbered(model, day).items()
    ]
    return {
        "services": services,
        "channels": list(zip(paper.CHANNEL_LETTERS, (choice.label for choice in CHANNELS), strict=True)),
        "kinds": [("O", _("oplysning")), ("E", _("ekspedition"))],
        "outcomes": [(choice.key.upper(), choice.label) for choice in OUTCOMES],
        "come_back": list(enumerate((choice.label for choice in COME_BACK_REASONS), 1)),
        "withdrawn": list(enumerate((choice.label for choice in WITHDRAWN_WHYS), 1)),
        "places": [(number, name) for number, (_kind, _key, name) in paper.places(model, day).items()],
        "day": day,
    }


def _row(position: int, row: dict[str, str], errors: dict[str, str]) -> dict[str, object]:
    wrong = {name: errors.get(f"{position}.{name}", "") for name in paper.FIELDS}
    cells = [(name, f"{name}-{position}", row[name], wrong[name]) for name in paper.FIELDS]
    return {"number": position + 1, "cells": cells}


def _field_id(place: str) -> str:
    position, dot, name = place.partition(".")
    return f"{name}-{position}" if dot else place
