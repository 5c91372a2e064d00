"""Where everyone comes in: the start page, language, my settings, and the administrator's list of employees."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from functools import wraps
from typing import Any

from allauth.account.views import LoginView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import employee_actor
from hovedindgang.look import wording
from hovedindgang.people import actions, lockout, provider, queries
from hovedindgang.people.accounts import PROVIDER_GRANT, cleared, remember_language, speak_her_language
from hovedindgang.people.doors import View, door, employee_of, public
from hovedindgang.people.forms import EmployeeForm, SettingsForm
from hovedindgang.people.idle import has_kept
from hovedindgang.people.models import Employee, Role
from hovedindgang.people.own_sessions import end_own, sign_ins_of
from hovedindgang.people.provider_views import end_there
from hovedindgang.people.rules import HOW_SHOWN, PeopleRefused, Purpose
from hovedindgang.people.set_up import is_used
from hovedindgang.people.step_up import stepped_up
from hovedindgang.policy.queries import NoPolicyInForce, in_force
from hovedindgang.servicemodel.document import Service, ServiceModel

SAFE_SQLITE = (3, 51, 3)  # sqlite.org's release notes: the WAL-reset fault was mended in it
WAYS_SHOWN = "account_authentication_methods"  # where allauth keeps, in the session, how she has shown that it is her
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@public
def start(request: HttpRequest) -> HttpResponse:
    """Signed in: to the page her day begins on. Else what this is, the cast of the demonstration, and sign-in."""
    if request.user.is_authenticated:
        return redirect(first_page(employee_of(request)))
    cast = queries.named_cast(settings.CAST) if settings.PILOT else []
    if settings.PRACTICE:
        return render(request, "people/only_from_real.html")
    shown = {
        "cast": [(person, role_words(person)) for person in cast],
        "old_sqlite": has_old_sqlite(),
        "provider": is_used(),
    }
    return render(request, "people/start.html", shown)


def has_old_sqlite() -> bool:
    """Whether we run on an SQLite that may, rarely, damage its file when the write-ahead log starts over."""
    return connection.vendor == "sqlite" and sqlite3.sqlite_version_info < SAFE_SQLITE


def first_page(employee: Employee) -> str:
    """The name of the page her day begins on; the rooms it lies in are higher, so the table stands in the settings."""
    pages: dict[str, str] = settings.FIRST_PAGES
    return next((pages[role] for role in Role if role in employee.roles and role in pages), "settings")


@public
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Danish or English, remembered in this browser, and for the employee who is signed in."""
    chosen = request.POST.get("language", "")
    response = HttpResponseRedirect(_safe_next(request))
    if chosen in {"da", "en"}:
        if request.user.is_authenticated:
            actions.choose_language(employee=employee_of(request), language=chosen)
        remember_language(response, chosen)
    return response


@public
@require_POST
def sign_in_as(request: HttpRequest, username: str) -> HttpResponse:
    """Only where all people are invented: sign in as one of the cast without a password."""
    if not settings.PILOT or username not in settings.CAST:
        raise Http404
    people = queries.named_cast([username])
    if not people:
        raise Http404
    login(request, people[0], backend=BACKEND)
    way = "kept" if has_kept(people[0]) else _safe_next(request)
    return speak_her_language(redirect(way), people[0])


@public
def nowhere(request: HttpRequest) -> HttpResponse:
    """A page that this house does not have."""
    raise Http404


@door()
def no_password(request: HttpRequest) -> HttpResponse:
    """Where somebody comes who would change a password and has none, as one of the cast of the demonstration."""
    messages.info(
        request, _("Du er logget ind uden adgangskode, som man er i demonstrationen. Der er ingen at skifte.")
    )
    return redirect("settings")


@door()
def my_settings(request: HttpRequest) -> HttpResponse:
    """Her language, whether single letters are keys, and the services on the digits."""
    employee, services = employee_of(request), _services()
    form, errors = SettingsForm.of(employee), {}
    if request.method == "POST":
        form = SettingsForm.typed(request.POST)
        try:
            actions.choose_settings(
                employee=employee,
                language=form.language,
                letter_keys=form.letter_keys,
                favourites=[key for key in form.favourites if key],
                services=services,
            )
        except PeopleRefused as refused:
            errors = refused.errors
        else:
            with override(form.language):
                messages.success(request, _("Dine indstillinger er gemt."))
            return speak_her_language(redirect("settings"), employee)
    options = sorted(_named(services), key=lambda pair: pair[1].casefold())
    page = {
        "form": form,
        "errors": [("favourite_1" if field == "favourites" else field, text) for field, text in errors.items()],
        "favourites": [(digit, f"favourite_{digit}", key) for digit, key in enumerate(form.favourites, 1)],
        "options": [("", "–"), *options],
        "roles": role_words(employee),
        "relatives": queries.relatives(employee),
    }
    return render(request, "people/settings.html", page)


@door(Role.ADMINISTRATOR)
def employees(request: HttpRequest) -> HttpResponse:
    """Everyone who may sign in, and those who may not any more."""
    by_provider, known = bool(settings.OIDC_ISSUER), frozenset(queries.known_at_provider())
    rows = [
        (person, role_words(person), by_provider and person.pk not in known and person.has_usable_password())
        for person in queries.employees()
    ]
    return render(request, "people/employees.html", {"rows": rows, "by_provider": by_provider})


@door(Role.ADMINISTRATOR)
@stepped_up(purpose=Purpose.OTHERS_ACCESS, reading=False)
def new_employee(request: HttpRequest) -> HttpResponse:
    """Create an employee; the page that follows shows her first password, once."""
    form, errors = EmployeeForm(), {}
    if request.method == "POST":
        form = EmployeeForm.typed(request.POST)
        try:
            employee, password = actions.create_employee(
                actor=employee_actor(employee_of(request).pk), facts=form.facts()
            )
        except PeopleRefused as refused:
            errors = refused.errors
        else:
            return _show_password(request, employee, password)
    return render(request, "people/employee.html", _employee_page(form, errors))


@door(Role.ADMINISTRATOR)
@stepped_up(purpose=Purpose.OTHERS_ACCESS, reading=False)
def edit_employee(request: HttpRequest, employee_id: int) -> HttpResponse:
    """Change what she may do, or let her out at once."""
    person = _employee_or_404(employee_id)
    form, errors = EmployeeForm.of(person), {}
    if request.method == "POST":
        form = EmployeeForm.typed(request.POST)
        try:
            actions.change_employee(
                actor=employee_actor(employee_of(request).pk),
                employee_id=employee_id,
                facts=form.facts(),
                is_active=form.is_active,
            )
        except PeopleRefused as refused:
            errors = refused.errors
        else:
            messages.success(request, _("{name} er gemt.").format(name=form.name))
            return redirect("employees")
    return render(request, "people/employee.html", _known_employee_page(person, form, errors))


@door(Role.ADMINISTRATOR)
@stepped_up(purpose=Purpose.OTHERS_ACCESS)
@require_POST
def new_password(request: HttpRequest, employee_id: int) -> HttpResponse:
    """Replace a forgotten password; the new one is shown once."""
    person = _employee_or_404(employee_id)
    try:
        password = actions.give_new_password(actor=employee_actor(employee_of(request).pk), employee_id=employee_id)
    except PeopleRefused as refused:
        page = _known_employee_page(person, EmployeeForm.of(person), refused.errors)
        return render(request, "people/employee.html", page, status=422)
    return _show_password(request, person, password)


@door(Role.ADMINISTRATOR)
@stepped_up(purpose=Purpose.OTHERS_ACCESS)
@require_POST
def replace_second_step(request: HttpRequest, employee_id: int) -> HttpResponse:
    """Her telephone is lost, and her reserve codes: she has shown who she is, and begins anew."""
    person = _employee_or_404(employee_id)
    try:
        password = actions.replace_second_step(
            administrator=employee_of(request), employee_id=employee_id, shown=request.POST.get("shown", "")
        )
    except PeopleRefused as refused:
        page = _known_employee_page(person, EmployeeForm.of(person), refused.errors)
        return render(request, "people/employee.html", page, status=422)
    if not password:
        said = _("Det andet trin er taget væk for {name}. Hun logger ind med kommunens login og laver et nyt.")
        messages.success(request, said.format(name=person.name))
        return redirect("employees")
    return _show_password(request, person, password)


def _show_password(request: HttpRequest, person: Employee, password: str) -> HttpResponse:
    shown = {"person": person, "password": password, "days": settings.FIRST_PASSWORD_DAYS}
    return render(request, "people/password.html", shown)


@door(Role.ADMINISTRATOR)
@require_POST
def end_sessions(request: HttpRequest, employee_id: int) -> HttpResponse:
    """Sign her out everywhere, at once: a telephone lost, a PC left open. No proof is asked: it can only close."""
    person = _employee_or_404(employee_id)
    ended = actions.end_sessions(actor=employee_actor(employee_of(request).pk), employee_id=employee_id)
    said = ngettext(
        "{name} er logget ud. {number} sted var åbent.", "{name} er logget ud. {number} steder var åbne.", ended
    )
    if employee_id == employee_of(request).pk:
        logout(request)
        return cleared(redirect("start"))
    messages.success(request, said.format(name=person.name, number=ended))
    return redirect("edit_employee", employee_id)


@door(Role.ADMINISTRATOR, Role.LEADER)
@require_POST
def lift_lock(request: HttpRequest, employee_id: int) -> HttpResponse:
    """She has tried too often and stands here: she may try again at once."""
    person = _employee_or_404(employee_id)
    lockout.lift_lock(actor=employee_actor(employee_of(request).pk), employee=person)
    messages.success(request, _("{name} kan prøve igen nu.").format(name=person.name))
    return redirect("sign_in_locks")


@door(Role.ADMINISTRATOR, Role.LEADER)
def sign_in_locks(request: HttpRequest) -> HttpResponse:
    """Employees who have tried too often and wait; a leader or the administrator lets one try again."""
    return render(request, "people/sign_in_locks.html", {"rows": lockout.employees_waiting()})


def _employee_or_404(employee_id: int) -> Employee:
    try:
        return queries.employee(employee_id)
    except Employee.DoesNotExist:
        raise Http404 from None


class SignIn(LoginView):
    """allauth's, with the way to the municipality's own sign-in where that is used. None in the practice house."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if settings.PRACTICE:
            return render(request, "people/only_from_real.html", status=403 if request.method == "POST" else 200)
        answer: HttpResponse = super().dispatch(request, *args, **kwargs)
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "provider_used": is_used()}


def with_a_new_key(view: View) -> View:
    """A page of allauth's on which she proves once more that it is her: then the session has a new key."""

    @wraps(view)
    def renewing(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        before = len(request.session.get(WAYS_SHOWN, []))
        answer = view(request, *args, **kwargs)
        if len(request.session.get(WAYS_SHOWN, [])) > before:
            request.session.cycle_key()
        return answer

    return renewing


@door()
@stepped_up(purpose=Purpose.OWN_SIGN_INS, reading=False)
def my_sign_ins(request: HttpRequest) -> HttpResponse:
    """Where she is signed in; one of them, or all but this one, she ends here."""
    employee, here = employee_of(request), request.session.session_key or ""
    if request.method == "POST":
        handle = request.POST.get("handle", "")
        ended = end_own(employee=employee, here=here, handle=handle or None)
        said = ngettext("Du er logget ud {number} andet sted.", "Du er logget ud {number} andre steder.", ended)
        messages.success(request, said.format(number=ended))
        return redirect("my_sign_ins")
    return render(request, "people/sign_ins.html", {"rows": sign_ins_of(employee, here=here)})


@public
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ask, then end the sign-in here; what the browser kept of it goes too, so that Back shows nothing."""
    if request.method != "POST":
        return render(request, "account/logout.html") if request.user.is_authenticated else redirect("start")
    way, there = _safe_next(request), _end_there(request)
    logout(request)
    if settings.PRACTICE and settings.REAL_ADDRESS:
        answer = render(request, "people/signed_out.html", {"there": settings.REAL_ADDRESS, "practised": True})
        answer.headers["Refresh"] = f"0; url={settings.REAL_ADDRESS}"
        return cleared(answer)
    if there:
        # A page that goes on by itself: the browser lets no form of ours end at another's address (form-action).
        answer = render(request, "people/signed_out.html", {"there": there})
        answer.headers["Refresh"] = f"0; url={there}"
        return cleared(answer)
    return cleared(redirect(way))


def _end_there(request: HttpRequest) -> str:
    """Where her sign-in ends at the municipality too: else the next one at this PC would come in as her."""
    kept = provider.tokens_of(request.session.get(PROVIDER_GRANT, 0))
    return end_there(request, kept.id_token) if kept and kept.id_token else ""


def role_words(employee: Employee) -> str:
    """Her roles as people say them, and where: "Sagsbehandler, Jobcenter"."""
    words = [str(role.label) for role in Role if role in employee.roles]
    if employee.department is not None:
        model = _model()
        said = model.departments.get(employee.department.pk) if model else None
        words.append(wording.name(said or employee.department, language=get_language() or "da"))
    if employee.centre is not None:
        words.append(employee.centre.name)
    return ", ".join(words)


def _named(things: Mapping[str, wording.Named]) -> list[tuple[str, str]]:
    """What a list offers: key and name, in the language of the page."""
    return [(key, wording.name(thing, language=get_language() or "da")) for key, thing in things.items()]


def _employee_page(form: EmployeeForm, errors: dict[str, str]) -> dict[str, object]:
    model = _model()
    nobody = ("", "–")
    return {
        "form": form,
        "errors": list(errors.items()),
        "error": errors,
        "roles": [(role.value, role.label, role.value in form.roles) for role in Role],
        "centres": [nobody, *(_named(model.centres) if model else [])],
        "ways_shown": [("", _("Vælg")), *((way.value, said) for way, said in HOW_SHOWN.items())],
        "departments": [nobody, *(_named(model.departments) if model else [])],
    }


def _known_employee_page(person: Employee, form: EmployeeForm, errors: dict[str, str]) -> dict[str, object]:
    return {
        **_employee_page(form, errors),
        "person": person,
        "own_record": queries.has_own_record(person),
        "by_provider": queries.comes_by_provider(person.pk),
    }


def _model() -> ServiceModel | None:
    try:
        return in_force().model
    except NoPolicyInForce:
        return None


def _services() -> dict[str, Service]:
    try:
        policy = in_force()
    except NoPolicyInForce:
        return {}
    return policy.model.services_on(clock.today())


def _safe_next(request: HttpRequest) -> str:
    asked = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return asked
    return reverse("start")
