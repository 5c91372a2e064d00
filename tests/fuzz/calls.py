"""Calls made from the API's own description, right ones and wrong ones, and what may never come back.

schemathesis makes a call from the contract; about half of them then get keys and numbers that exist here, so that they
reach the deed and not only the door. Four systems call: one with every scope, one without a token, one that was let
out, and one that holds every scope but the one that is needed.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import hypothesis
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi import checks as openapi

from hovedindgang.contacts.actions import NewContact, NewEnquiry, register_contact
from hovedindgang.contacts.models import Enquiry
from hovedindgang.contacts.rules import Outcome
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import SYSTEM, employee_actor
from hovedindgang.people.actions import protect_citizen, register_citizen
from hovedindgang.people.clients import let_client_in, let_client_out
from hovedindgang.people.models import Employee, Protection, Role
from hovedindgang.people.rules import Scope
from hovedindgang.policy.queries import in_force
from hovedindgang.servicemodel.document import Channel

Choose = Callable[[list[Any]], Any]

CHECKS = [
    not_a_server_error,
    openapi.status_code_conformance,
    openapi.content_type_conformance,
    openapi.response_schema_conformance,
]
NEEDED = {
    ("POST", "/api/v1/contacts"): Scope.CONTACTS_WRITE,
    ("POST", "/api/v1/citizens/find"): Scope.HISTORY_READ,
    ("GET", "/api/v1/citizens/{citizen}/contacts"): Scope.HISTORY_READ,
    ("POST", "/api/v1/enquiries/{enquiry}/handovers"): Scope.HANDOVERS_WRITE,
    ("GET", "/api/v1/indicators"): Scope.INDICATORS_READ,
    ("GET", "/api/v1/runs"): Scope.INDICATORS_READ,
    ("GET", "/api/v1/runs/{run}"): Scope.INDICATORS_READ,
    ("GET", "/api/v1/model"): Scope.MODEL_READ,
}
CALLERS = ("every scope", "every scope", "every scope", "no token", "let out", "another scope")


@dataclass
class Found:
    """What came of the calls to one operation."""

    operation: str
    statuses: Counter[int] = field(default_factory=Counter)
    through: int = 0  # answered with success although the caller may not
    wrong: list[str] = field(default_factory=list)

    @property
    def calls(self) -> int:
        return sum(self.statuses.values())


class House:
    """The house that is called: its systems, and keys and numbers that exist."""

    def __init__(self) -> None:
        self.tokens = {"every scope": let_client_in(actor=SYSTEM, name="every scope", scopes=list(Scope))[1]}
        self.tokens["let out"] = let_client_in(actor=SYSTEM, name="let out", scopes=list(Scope))[1]
        let_client_out(actor=SYSTEM, name="let out")
        for scope in set(NEEDED.values()):
            others = [one for one in Scope if one != scope]
            self.tokens[f"not {scope}"] = let_client_in(actor=SYSTEM, name=f"not {scope}", scopes=others)[1]
        model = in_force().model
        self.services = sorted(model.services_on(clock.today()))[:40]
        self.centres, self.departments = sorted(model.centres), sorted(model.departments)
        active = list(Employee.objects.filter(is_active=True).order_by("pk"))
        self.at_the_counter = [one.username for one in active if Role.EMPLOYEE in one.roles][:3]
        self.elsewhere = [one.username for one in active if not one.roles & {Role.EMPLOYEE, Role.LEADER}][:10]
        self.citizen = register_citizen(actor=SYSTEM, cpr="710190-1234", name="Prøve Prøvesen").pk
        self.hidden = register_citizen(actor=SYSTEM, cpr="710190-4321", name="Skjult Prøvesen").pk
        alice = next(one for one in active if one.username == self.at_the_counter[0])
        self.enquiry, self.hidden_enquiry = (self._open_enquiry(alice, of) for of in (self.citizen, self.hidden))
        protect_citizen(actor=SYSTEM, citizen_id=self.hidden, protection=Protection.THREAT)

    def _open_enquiry(self, employee: Employee, citizen: int) -> int:
        """The number of a matter that is open and may be handed over."""
        matter = NewEnquiry(service=self.services[0], outcome=Outcome.OPEN, promised_on=clock.today())
        contact = NewContact(channel=Channel.PHONE, centre=self.centres[0], asker=citizen, enquiries=(matter,))
        actor = employee_actor(employee.pk)
        receipt = register_contact(actor=actor, employee=employee, contact=contact, key=uuid.uuid4())
        return Enquiry.objects.get(contact_id=receipt.contact_id).pk

    def token(self, caller: str, needed: Scope | None) -> str | None:
        if caller == "another scope":
            return self.tokens[f"not {needed}"] if needed else self.tokens["every scope"]
        return self.tokens.get(caller)

    def made_real(self, body: Any, choose: Choose) -> Any:
        """The same call about what is here: a centre, a service, a department, somebody who works here."""
        if not isinstance(body, dict):
            return body
        real = dict(body)
        if "enquiries" in real:
            today = clock.today().isoformat()
            real |= {"channel": "phone", "centre": self.centres[0], "department": None, "medium": None}
            real |= {"started_at": None, "ended_at": None, "representation": None}
            real |= {"asker": choose([None, self.citizen, self.hidden]), "asker_cpr": None, "identity": None}
            sent = real["enquiries"] if isinstance(real["enquiries"], list) else []
            sent = [one for one in sent if isinstance(one, dict)]
            matters: list[dict[str, Any]] = [
                {**one, "service": choose(self.services), "for_whom": None, "follows": None} for one in sent[:3]
            ]
            usual = {"service": choose(self.services), "outcome": "open", "promised_on": today}
            real["enquiries"] = matters if matters and choose([True, False]) else [usual]
            real["employee"] = choose([None, *self.at_the_counter, *self.elsewhere])
        elif "summary" in real:
            real |= {"department": choose(self.departments), "employee": choose(self.at_the_counter + self.elsewhere)}
        elif "cpr" in real:
            real |= {"cpr": choose(["710190-1234", "7101901234", "720190-1234"]), "reason": "sag 12"}
        return real


def described() -> Any:
    """The contract, with the house's own WSGI application behind it."""
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", in_this_process)


def in_this_process(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """The house's own application, read and closed at once; a call that ends does not close our connection.

    Not `site.wsgi`: it makes sure of the keys when it is first imported, on a connection that it closes after.
    """
    ends = (request_started, request_finished)
    for signal in ends:
        signal.disconnect(close_old_connections)
    try:
        answer = get_wsgi_application()(environ, start_response)
        try:
            return [b"".join(answer)]
        finally:
            answer.close()
    finally:
        for signal in ends:
            signal.connect(close_old_connections)


def operations(schema: Any) -> dict[str, Any]:
    """Method and path → operation, as the contract has them."""
    found = [result.ok() for result in schema.get_all_operations()]
    return {f"{one.method.upper()} {one.full_path}": one for one in found}


def call_often(house: House, name: str, operation: Any, *, calls: int, seed: int = 0) -> Found:
    """So many calls to one operation, the same ones for a seed; what came of them."""
    found, needed = Found(name), NEEDED.get(tuple(name.split(" ")))  # type: ignore[call-overload]
    strategies = [operation.as_strategy(generation_mode=mode) for mode in GenerationMode]
    # So that an operation without parameters, too, is called so often.
    languages = st.sampled_from(["da", "en", "*"]) | st.text(st.characters(min_codepoint=33, max_codepoint=126))

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=calls,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        case=st.one_of(strategies),
        caller=st.sampled_from(CALLERS),
        real=st.booleans(),
        language=languages,
        data=st.data(),
    )
    def called(case: Any, caller: str, real: bool, language: str, data: Any) -> None:
        if real:
            case.body = house.made_real(case.body, lambda among: data.draw(st.sampled_from(among)))
            for number, values in (
                ("enquiry", [house.enquiry, house.hidden_enquiry]),
                ("citizen", [house.citizen, house.hidden]),
            ):
                if number in (case.path_parameters or {}):
                    case.path_parameters[number] = data.draw(st.sampled_from(values))
        case.headers = {name: value for name, value in (case.headers or {}).items() if name.lower() != "authorization"}
        token = house.token(caller, needed)
        headers = {"Accept-Language": language} | ({"Authorization": f"Bearer {token}"} if token else {})
        answer = case.call(headers=headers)
        found.statuses[answer.status_code] += 1
        _judge(house, found, case, answer, caller, needed)

    called()
    return found


def _judge(house: House, found: Found, case: Any, answer: Any, caller: str, needed: Scope | None) -> None:
    said = f"{found.operation} by {caller}: {answer.status_code} {case.as_curl_command()[:600]}"
    succeeded = answer.status_code < 400
    if needed and caller != "every scope" and succeeded:
        found.through += 1
        found.wrong.append(f"let through: {said}")
    by = case.body.get("employee") if isinstance(case.body, dict) else None
    if succeeded and found.operation.endswith("/handovers") and by in house.elsewhere:
        found.through += 1
        found.wrong.append(f"handed over from another department: {said}")
    if succeeded and (case.path_parameters or {}).get("enquiry") == house.hidden_enquiry:
        found.through += 1
        found.wrong.append(f"of a protected citizen, and nobody was asked: {said}")
    try:
        case.validate_response(answer, checks=CHECKS)
    except FailureGroup as group:
        found.wrong += [f"{type(one).__name__}: {one.message[:300]}: {said}" for one in group.exceptions]
    except Failure as one:
        found.wrong.append(f"{type(one).__name__}: {one.message[:300]}: {said}")
