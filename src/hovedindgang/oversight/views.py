"""The leader's page of look-ups, the monthly sample, and what is each employee's own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hovedindgang.kernel import clock
from hovedindgang.oversight import actions, pages, prints, queries
from hovedindgang.oversight.judging import limits_on
from hovedindgang.oversight.rules import OversightRefused
from hovedindgang.people.doors import LARGEST_ROW, Role, door, employee_of
from hovedindgang.people.rules import Purpose
from hovedindgang.people.step_up import stepped_up

Errors = dict[str, str]


@door(Role.LEADER)
def look_ups(request: HttpRequest) -> HttpResponse:
    """Which look-ups no work explains, and which rules noticed others."""
    first, last, wrong = pages.read_period(request.GET, clock.today())
    only = request.GET.get("kun", "")
    if only not in dict(pages.ONLY):
        only, wrong = "", wrong or _("Det udvalg findes ikke. Her er alle; vælg under »Vis«.")
    place = request.GET.get("foer", "")
    before, limits = pages.read_place(place), limits_on(last)
    if place and before is None:
        wrong = wrong or _("Den side findes ikke. Her er den nyeste.")
    found = queries.overview(first, last, limits, only=only, before=before)
    said = {"fra": first.isoformat(), "til": last.isoformat(), "kun": only}
    context = {
        "first": first,
        "last": last,
        "wrong": wrong,
        "found": found,
        "limits": limits,
        "explained": pages.explained_rows(found),
        "acts": found.acts,
        "tabs": [(f"?{urlencode(said | {'kun': key})}", words, key == only) for key, words in pages.ONLY],
        "older": f"?{urlencode(said | {'foer': pages.place_text(found.older)})}" if found.older else "",
        "questions": queries.open_questions(),
        "today": clock.today(),
        "me": employee_of(request),
    }
    return render(request, "oversight/look_ups.html", context, status=422 if wrong else 200)


@door(Role.LEADER)
@require_POST
def ask_about(request: HttpRequest) -> HttpResponse:
    """Ask about one look-up that stands out."""
    number = _row(request.POST.get("look_up", ""))
    if number is None:
        raise Http404
    try:
        asked = actions.ask_about(leader=employee_of(request), look_up=number)
    except OversightRefused as refused:
        messages.error(request, str(refused))
        return redirect("look_ups")
    messages.success(request, _("Spørgsmålet er stillet. Medarbejderen ser det under Mit eget."))
    return redirect("question", asked.pk)


@door(Role.LEADER)
def samples(request: HttpRequest) -> HttpResponse:
    """The months' samples, and how far they have come."""
    today = clock.today()
    context = {"samples": queries.samples(), "today": today, "limits": limits_on(today)}
    return render(request, "oversight/samples.html", context)


@door(Role.LEADER)
def sample(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """One month's sample, a line for each look-up to be explained."""
    found, rows = queries.sample(_month(year, month))
    employee = employee_of(request)
    to_ask = any(row.state == "drawn" and row.employee_id != employee.pk for row in rows)
    context = {"sample": found, "rows": rows, "today": clock.today(), "me": employee, "to_ask": to_ask}
    return render(request, "oversight/sample.html", context)


@door(Role.LEADER)
@require_POST
def ask_all(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """Put every question of the sample that nobody has put yet."""
    number = actions.ask_all(leader=employee_of(request), month=_month(year, month))
    messages.success(request, _("{number} spørgsmål er stillet.").format(number=number))
    return redirect("sample", year, month)


@door(Role.LEADER)
def question(request: HttpRequest, question_id: int) -> HttpResponse:
    """One question with its answer, and the leader's word."""
    return _question(request, question_id, {}, "")


@door(Role.LEADER)
@require_POST
def ask(request: HttpRequest, question_id: int) -> HttpResponse:
    return _do(
        request,
        question_id,
        lambda: actions.ask(leader=employee_of(request), question_id=question_id),
        _("Spørgsmålet er stillet. Medarbejderen ser det under Mit eget."),
    )


@door(Role.LEADER)
@require_POST
def judge(request: HttpRequest, question_id: int) -> HttpResponse:
    verdict, done = request.POST.get("verdict", ""), request.POST.get("done", "")
    if verdict not in {"in_order", "not_in_order"}:
        return _question(request, question_id, {"verdict": _("Vælg, om opslaget var i orden.")}, done)
    return _do(
        request,
        question_id,
        lambda: actions.judge_question(
            leader=employee_of(request), question_id=question_id, in_order=verdict == "in_order", done=done
        ),
        _("Afgørelsen er gemt."),
        done,
    )


def _do(request: HttpRequest, question_id: int, deed: Callable[[], object], said: str, typed: str = "") -> HttpResponse:
    try:
        deed()
    except OversightRefused as refused:
        return _question(request, question_id, refused.errors, typed)
    messages.success(request, said)
    return redirect("question", question_id)


def _question(request: HttpRequest, question_id: int, errors: Errors, done: str) -> HttpResponse:
    leader = employee_of(request)
    found = queries.question(leader, question_id)
    context = {
        "question": found,
        "own": found.employee_id == leader.pk,
        "may": pages.may(found, leader),
        "errors": list(errors.items()),
        "error": errors,
        "done": done,
        "verdict": request.POST.get("verdict", ""),
        "today": clock.today(),
    }
    return render(request, "oversight/question.html", context, status=422 if errors else 200)


@door(Role.EMPLOYEE, Role.LEADER)
@stepped_up(purpose=Purpose.EXPORT)
def citizens_print(request: HttpRequest, citizen_id: int) -> HttpResponse:
    """Who has seen my data: what a citizen is given on her request, to be printed or saved as PDF."""
    return _print(request, citizen_id, {}, "")


@door(Role.LEADER)
@stepped_up(purpose=Purpose.EXPORT)
@require_POST
def give_name(request: HttpRequest, citizen_id: int) -> HttpResponse:
    """The name behind one look-up is given, with a reason."""
    number, reason = _row(request.POST.get("look_up", "").strip()), request.POST.get("reason", "")
    if number is None:
        return _print(request, citizen_id, {"look_up": _("Skriv opslagets nummer.")}, reason)
    try:
        prints.give_name(leader=employee_of(request), citizen_id=citizen_id, look_up=number, reason=reason)
    except OversightRefused as refused:
        return _print(request, citizen_id, refused.errors, reason)
    messages.success(request, _("Navnet står nu i oversigten."))
    return redirect("citizens_print", citizen_id)


def _print(request: HttpRequest, citizen_id: int, errors: Errors, reason: str) -> HttpResponse:
    employee = employee_of(request)
    citizen, rows = prints.citizens_print(employee, citizen_id)
    context = {
        "citizen": citizen,
        "rows": rows,
        "named": any(row.name for row in rows),
        "leader": employee.is_leader,
        "errors": list(errors.items()),
        "error": errors,
        "reason": reason,
        "look_up": request.POST.get("look_up", ""),
        "today": clock.today(),
    }
    return render(request, "oversight/print.html", context, status=422 if errors else 200)


@door()
def mine(request: HttpRequest) -> HttpResponse:
    """What is hers alone: questions put to her, and her own look-ups."""
    return _mine(request, 0, {}, "")


@door()
@require_POST
def answer(request: HttpRequest, question_id: int) -> HttpResponse:
    """She explains a look-up of her own."""
    text = request.POST.get("answer", "")
    try:
        actions.answer(employee=employee_of(request), question_id=question_id, text=text)
    except OversightRefused as refused:
        return _mine(request, question_id, refused.errors, text)
    messages.success(request, _("Svaret er sendt til din leder."))
    return redirect("mine")


def _mine(request: HttpRequest, at: int, errors: Errors, text: str) -> HttpResponse:
    employee = employee_of(request)
    rows = queries.my_look_ups(employee)
    context = {
        "questions": queries.my_questions(employee),
        "look_ups": rows,
        "work": queries.my_work(employee, clock.today()),
        "limits": limits_on(clock.today()),
        "at": at,
        "errors": [(f"answer-{at}" if name else "", said) for name, said in errors.items()],
        "error": next(iter(errors.values()), ""),
        "text": text,
        "today": clock.today(),
    }
    return render(request, "oversight/mine.html", context, status=422 if errors else 200)


def _row(typed: str) -> int | None:
    """The row number that was sent; None for what is none, or larger than any."""
    plain = typed.isascii() and typed.isdigit() and len(typed) < 20
    return int(typed) if plain and int(typed) <= LARGEST_ROW else None


def _month(year: int, month: int) -> dt.date:
    try:
        return dt.date(year, month, 1)
    except (ValueError, OverflowError):
        raise Http404 from None
