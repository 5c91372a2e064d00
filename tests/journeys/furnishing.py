"""A house in which every page has something to show, and the list of all its pages."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

from django.test import Client
from django.urls import get_resolver

from house.doors import Route, routes
from hovedindgang.conftest import prove_for_tests, small_model
from hovedindgang.contacts import actions as deeds
from hovedindgang.contacts.actions import NewContact, NewEnquiry, NewHandover, NewSignpost, Receiver
from hovedindgang.contacts.models import Enquiry
from hovedindgang.contacts.rules import ComeBackReason, ForwardKind, Outcome
from hovedindgang.insight.actions import count_by_hand, recompute_days
from hovedindgang.insight.hand_counts import CountedBy, NewCount
from hovedindgang.insight.week_actions import make_week
from hovedindgang.insight.weeks import NewWeek
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import SYSTEM, employee_actor
from hovedindgang.kernel.models import LookUp
from hovedindgang.knowledge.actions import write_article
from hovedindgang.oversight.judging import judge_day
from hovedindgang.oversight.sampling import draw_sample
from hovedindgang.people.actions import register_citizen
from hovedindgang.people.models import Basis, Employee, Proof
from hovedindgang.people.powers import NewRepresentation, register_representation
from hovedindgang.policy.actions import record_exceptional_day, save_draft
from hovedindgang.policy.queries import versions
from hovedindgang.privacy.incidents import NewBreach, note_breach
from hovedindgang.registers.actions import import_file
from hovedindgang.registers.mapping import Mapping
from hovedindgang.registers.rules import FileKind
from hovedindgang.safety import actions as safety
from hovedindgang.safety.rules import IncidentKind, Told, WarningReason
from hovedindgang.scenarios.tests.planned import done, kept, tried
from hovedindgang.servicemodel.document import Channel
from hovedindgang.surveys import actions as surveys
from hovedindgang.surveys.actions import NewFeedback
from hovedindgang.surveys.rules import Kind

INVENTED_CPR = "6101901234"  # of nobody: day 61
HELPERS_CPR = "6101901235"
CAME = ("09:00", "09:05", "09:15")


def furnish(cast: SimpleNamespace, folder: Path) -> dict[str, str]:
    """One of everything; gives the address of each page that needs a number to be reached."""
    citizen = register_citizen(actor=SYSTEM, cpr=INVENTED_CPR, name="Opdigtet Ottosen", needs="Tolk: polsk")
    mandate = NewRepresentation(
        basis=Basis.MANDATE,
        proof=Proof.DOCUMENT,
        holder_cpr=HELPERS_CPR,
        holder_name="Opdigtet Olsen",
        services=("pas",),
        content=b"Jeg giver Olsen fuldmagt.",
    )
    given = register_representation(employee=cast.alice, citizen_id=citizen.pk, said=mandate)
    handed = NewHandover(department="jobcenter", summary="Mangler svar på sin ansøgning", agreed="Vi ringer")
    matters = (
        NewEnquiry(service="pas", outcome=Outcome.OPEN, promised_on=clock.today()),
        NewEnquiry(service="koerekort", outcome=Outcome.MUST_COME_BACK, come_back_reason=ComeBackReason.DOCUMENT),
        NewEnquiry(service="byggesag", outcome=Outcome.PASSED_ON, handover=handed),
        NewEnquiry(
            service="boligstoette_vejledning",
            outcome=Outcome.SIGNPOSTED,
            signpost=NewSignpost(how=ForwardKind.TOLD, authority="udk"),
        ),
    )
    contact = registered(cast.alice, *matters, asker=citizen.pk, note="Kommer igen med sit gamle pas")
    for _again in range(6):  # enough for the board to show figures
        registered(cast.alice, NewEnquiry(service="pas"))
    guidance = {"title": "Ansøgning om pas", "text": "Spørg, hvem passet er til.", "bring": ["Gammelt pas"]}
    write_article(actor=SYSTEM, service="pas", language="da", **guidance)
    record_exceptional_day(centre="pandrup", on=clock.today(), reason="Storm", actor=SYSTEM)
    draft = save_draft(text=small_model(old="value = 80", new="value = 82"), includes={}, title="x.toml", actor=SYSTEM)
    recompute_days(days={clock.today()})
    question = _sampled(cast.alice, citizen.pk)
    asked = deeds.ask_consultation(
        employee=cast.alice,
        contact_key=uuid.uuid4(),
        to=Receiver(centre="pandrup"),
        question="Må en nabo hente passet?",
    )
    told = safety.propose_warning(
        employee=cast.alice, citizen_id=citizen.pk, reason=WarningReason.TWO_EMPLOYEES, told=Told.NOT_YET
    )
    incident = safety.report_incident(
        employee=cast.alice, kind=IncidentKind.THREAT, happened_at=clock.now(), what_happened="En borger råbte"
    )
    complaint = surveys.register_feedback(employee=cast.alice, said=_complaint(citizen.pk, contact))
    surveys.give_to(employee=cast.dorthe, feedback_id=complaint.pk, owner_id=cast.alice.pk)
    safety.raise_alarm(employee=cast.bob, centre="pandrup", place="Skranke 2", drill=True)
    by_hand = count_by_hand(
        employee=cast.alice,
        count=NewCount(
            centre="aabybro",
            channel=Channel.IN_PERSON,
            first_on=clock.today(),
            last_on=clock.today(),
            arrived=7,
            counted_by=CountedBy.RECEPTION,
        ),
    )
    week = make_week(
        leader=cast.dorthe,
        week=NewWeek(
            name="Uge 11",
            first_on=clock.today(),
            last_on=clock.today(),
            centres=("aabybro",),
            departments=("jobcenter",),
        ),
    )
    document = kept()
    scenario, run = tried(document)
    done(run)
    older, newer = sorted(found.pk for found in versions())[:2]
    today = clock.today().isoformat()
    return {
        "contact": f"/henvendelser/{contact}/",
        "mend": f"/henvendelser/{contact}/ret/",
        "journalise": f"/henvendelser/aerinde/{Enquiry.objects.filter(contact=contact).earliest('pk').pk}/journal/",
        "citizen_history": f"/henvendelser/borger/{citizen.pk}/",
        "citizen": f"/borgere/{citizen.pk}/",
        "new_representation": f"/borgere/{citizen.pk}/repraesentation/",
        "representation_evidence": f"/repraesentation/{given.pk}/bilag/",
        "citizen_rights": f"/databeskyttelse/borger/{citizen.pk}/",
        "breach": f"/databeskyttelse/brud/{_breach(cast.dorthe)}/",
        "consultation": f"/skranke/sparring/{asked.pk}/",
        "warning": f"/tryghed/advarsler/{told.pk}/",
        "propose_warning": f"/tryghed/borger/{citizen.pk}/advarsel/",
        "feedback": f"/klager/{complaint.pk}/",
        "incident": f"/tryghed/haendelser/{incident.pk}/",
        "edit_employee": f"/medarbejdere/{cast.alice.pk}/",
        "edit_article": "/vejledning/pas/da/ret/",
        "policy_version": f"/politik/versioner/{newer}/",
        "policy_difference": f"/politik/versioner/{older}/til/{newer}/",
        "draft": f"/beslutning/udkast/{draft.pk}/",
        "board_list": f"/tavle/liste/henvendelser/contacts/?period=custom&from={today}&to={today}",
        "sample": f"/opslag/stikproever/{last_month():%Y-%m}/".replace("-0", "-"),
        "citizens_print": f"/opslag/borger/{citizen.pk}/",
        "hand_count": f"/tavle/talt/{by_hand.pk}/",
        "counting_week": f"/tavle/taelleuger/{week.pk}/",
        "counting_week_file": f"/tavle/taelleuger/{week.pk}/fil/",
        "desk_missing": "/skranke/ikke-registreret/?dag=2026-03-02&sted=aabybro",
        "scenario": f"/proev/{scenario.pk}/?slags=new_place",
        "inputs_document": f"/proev/grundlag/{document.pk}/",
        "plan_run": f"/proev/koersel/{run.pk}/",
        "compare_runs": f"/proev/sammenlign/?run={run.pk}",
        "run_csv": f"/proev/koersel/{run.pk}/tal.csv",
        "run_json": f"/proev/koersel/{run.pk}/tal.json",
        "question": f"/opslag/spoergsmaal/{question}/",
        "register_file": f"/registre/{_register(folder)}/",
    }


def _complaint(citizen: int, contact: int) -> NewFeedback:
    return NewFeedback(
        kind=Kind.SERVICE,
        text="Jeg ventede en time",
        received_on=clock.today(),
        citizen=citizen,
        contact=contact,
        centre="aabybro",
    )


def last_month() -> dt.date:
    """Its first day."""
    return (clock.today().replace(day=1) - dt.timedelta(days=1)).replace(day=1)


def _sampled(employee: Employee, citizen: int) -> int:
    """A look-up of last month that no work explains, drawn and asked about; gives the question's row number."""
    at = clock.day_bounds(last_month())[0] + dt.timedelta(hours=10)
    LookUp.objects.create(
        at=at, actor_kind="employee", actor_id=employee.pk, citizen_id=citizen, use="history", request_id=uuid.uuid4()
    )
    judge_day(last_month())
    sample = draw_sample(month=last_month())
    assert sample is not None
    return sample.questions.get().pk


def _breach(leader: Employee) -> int:
    said = NewBreach(
        discovered_at=clock.now(),
        scope="employee",
        who="alice",
        first_on=clock.today(),
        last_on=clock.today(),
        kinds=["name"],
        what="En skærm stod åben",
    )
    return note_breach(employee=leader, said=said).pk


def registered(employee: Employee, *matters: NewEnquiry, **said: object) -> int:
    contact = NewContact(centre=employee.centre_id, enquiries=matters, **said)  # type: ignore[arg-type]
    actor = employee_actor(employee.pk)
    return deeds.register_contact(employee=employee, actor=actor, contact=contact, key=uuid.uuid4()).contact_id


def _register(folder: Path) -> int | None:
    file = folder / "taellere.csv"
    rows = [f"{number};ticket;aabybro;" + ";".join(f"2026-03-02 {time}" for time in CAME) for number in range(9)]
    file.write_text("\n".join(["nr;type;sted;oprettet;kaldt;afsluttet", *rows]) + "\n", encoding="utf-8")
    mapping = Mapping(system="Prøvens tællere", centres={"aabybro": "aabybro"})
    return import_file(path=file, kind=FileKind.CSV, mapping=mapping, actor=SYSTEM).file_id


@dataclass(frozen=True)
class Place:
    """A page, and who goes there; nobody in particular where it is open to all."""

    name: str
    address: str
    who: Employee | None


def places(cast: SimpleNamespace, known: dict[str, str]) -> Iterator[Place]:
    """Every page that the url resolver knows and that can be read, each as somebody who may."""
    right = {
        "employee": cast.alice,
        "caseworker": cast.charlie,
        "leader": cast.dorthe,
        "planner": cast.erik,
        "editor": cast.frida,
        "administrator": cast.gorm,
    }
    for route in routes(get_resolver().url_patterns):
        if route.address.startswith("/api/") or "(" in route.address:
            continue
        place = Place(route.name, known.get(route.name, route.address), _who(route, right, cast))
        if _can_be_read(place):
            yield place


def _who(route: Route, right: dict[str, Employee], cast: SimpleNamespace) -> Employee | None:
    if route.door == "public" or route.name in {"account_login", "account_inactive"}:
        return None
    return right.get((route.door or "").split(" ")[0], cast.alice)


def _can_be_read(place: Place) -> bool:
    """Not a deed's address (405), nor one that only leads on. A page that is missing here would be tested by nobody."""
    client = Client(headers={"accept-language": "da"})
    if place.who is not None:
        client.force_login(place.who)
        prove_for_tests(client)
    answer = client.get(place.address)
    assert answer.status_code in {200, 302, 405} or place.address.startswith("/konto/"), (place, answer)
    return answer.status_code == 200 and answer["Content-Type"].startswith("text/html")
