"""Contacts for other systems: register one, read a citizen's history, hand an enquiry over.

A CPR stands in the body of a POST, never in an address. Every reading says why and is logged as a look-up.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
import uuid
from collections.abc import Collection
from typing import Annotated, Any, Literal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import Field, Header, Path, Query, Router, Schema, Status
from pydantic import BaseModel, ConfigDict

from hovedindgang.contacts.actions import (
    NewContact,
    NewEnquiry,
    NewHandover,
    NewSignpost,
    came_before,
    hand_over,
    mind_claim,
    register_contact,
)
from hovedindgang.contacts.doors import contact_of_enquiry, is_borgerservice
from hovedindgang.contacts.forms import read_place
from hovedindgang.contacts.history import Cursor, OnlyStored, history_as_json
from hovedindgang.contacts.protecting import AskTwice, ask_about, ask_about_contact, place_named
from hovedindgang.contacts.rules import (
    Advice,
    AvoidableCause,
    ComeBackReason,
    Direction,
    FollowsHow,
    ForwardKind,
    Ground,
    HandoverState,
    Identity,
    Outcome,
    Refused,
    SelfServiceHelp,
    SentOnHow,
    WhoAsks,
    WithdrawnWhy,
    clean,
)
from hovedindgang.kernel import clock
from hovedindgang.kernel.lookups import log_look_up
from hovedindgang.people.actions import register_citizen
from hovedindgang.people.admission import Admission
from hovedindgang.people.api import Token, client_actor
from hovedindgang.people.doors import Employee
from hovedindgang.people.pace import Asked, mind_pace
from hovedindgang.people.powers import NoPower, beyond_hearing
from hovedindgang.people.queries import active_employee, find_by_cpr, unknown_among
from hovedindgang.people.representing import WHY_NOT, WITHOUT_POWER
from hovedindgang.people.rules import Scope, cprs_in
from hovedindgang.servicemodel.document import Channel, ServiceKind

router = Router(tags=["contacts"])
KEY = "Made by the caller for this one deed; sent again it gives the same answer and writes nothing."
Key = Annotated[uuid.UUID, Header(alias="Idempotency-Key", description=KEY)]
LARGEST_PAGE = 100
RowNumber = Annotated[int, Field(ge=1, le=2**62)]


class Content(BaseModel):
    """What another system sends: a field that is not known is a mistake to be told of, and never passed over."""

    model_config = ConfigDict(extra="forbid")


CONFIRMED = (
    "What a citizen who is protected is about goes on only when the employee has been asked: the first answer is 422 "
    "with `errors` to show her and `confirm`. Sent again as `confirmed`, and unchanged, it goes on."
)


class HandoverIn(Content):
    """What a department is asked to do, so that the citizen never repeats herself."""

    department: str
    summary: str
    promised_on: dt.date | None = Field(
        None, description="Agreed with the citizen; left out, the model's working days."
    )
    spoken: bool = False
    agreed: str = ""
    ground: Ground = Field(Ground.OWN_CASE, description="By what right what is known about her goes along.")


class SignpostIn(Content):
    """Where the citizen was shown to: exactly one of `authority` and `department`."""

    how: ForwardKind
    authority: str | None = None
    department: str | None = None
    got_there: bool | None = None
    ground: Ground | None = Field(
        None, description="Asked when she is referred or her letter forwarded to another authority: by what right."
    )


class EnquiryIn(Content):
    """One matter."""

    service: str
    kind: ServiceKind | None = None
    outcome: Outcome = Outcome.RESOLVED
    on_the_spot: bool = True
    advice: Advice = Advice.NONE
    come_back_reason: ComeBackReason | None = None
    withdrawn_why: WithdrawnWhy | None = None
    promised_on: dt.date | None = None
    for_whom: list[RowNumber] | None = Field(None, description="Citizens' row numbers; left out: the one who asks.")
    preparatory: bool | None = None
    received_assisted: bool = False
    sent_on: SentOnHow | None = None
    avoidable: bool | None = None
    avoidable_cause: AvoidableCause | None = None
    guidance_given: bool = False
    article: str = ""
    self_service: SelfServiceHelp | None = None
    follows: RowNumber | None = None
    follows_how: FollowsHow | None = None
    handover: HandoverIn | None = None
    signpost: SignpostIn | None = None
    case_number: str = ""

    def as_new(self) -> NewEnquiry:
        given = self.model_dump()
        given["for_whom"] = None if self.for_whom is None else tuple(self.for_whom)
        given["handover"] = NewHandover(**self.handover.model_dump()) if self.handover else None
        given["signpost"] = NewSignpost(**self.signpost.model_dump()) if self.signpost else None
        return NewEnquiry(**given)


class ContactIn(Content):
    """One occasion. Who asks is `asker` (row number), or `asker_cpr`, or nobody known."""

    channel: Channel
    enquiries: list[EnquiryIn]
    direction: Direction = Direction.IN
    who_asks: WhoAsks = WhoAsks.CITIZEN
    medium: str | None = None
    centre: str | None = None
    department: str | None = None
    asker: RowNumber | None = None
    identity: Identity | None = Field(None, description="How the asker's was established; only where she is named.")
    asker_cpr: str | None = Field(None, description="Ten digits. She is found, or met for the first time.")
    representation: RowNumber | None = Field(
        None,
        description="By what `asker` (a helper) acts for the one citizen that every enquiry is for; refused where it "
        "is revoked, over, for other services, or of a companion. Left out: a helper is told nothing about her.",
    )
    repeat_of: str = Field("", description="Phone number or e-mail of someone unknown; only a keyed hash is kept.")
    employee: str | None = Field(None, description="User name of the employee who took part.")
    started_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    times_true: bool = True
    language: str = "da"
    note: str = ""
    unattended: bool = False
    confirmed: str = Field("", max_length=64, description=CONFIRMED)


class ReceiptOut(Schema):
    contact: int
    repeated: bool


@router.post(
    "/contacts",
    auth=Token(Scope.CONTACTS_WRITE, proven_by_deed=True),
    response={201: ReceiptOut, 200: ReceiptOut},
    summary="Register a contact with its enquiries",
)
def register(request: HttpRequest, key: Key, contact: ContactIn) -> JsonResponse:
    """201 with a receipt when it is on disk; 200 with the same one when the key came before with the same content."""
    admission: Admission = request.auth  # type: ignore[attr-defined]
    actor = client_actor(admission)
    given = contact.model_dump(exclude={"enquiries", "asker_cpr", "employee", "confirmed"})
    employee = _employee(contact.employee, department=contact.department)
    enquiries = tuple(enquiry.as_new() for enquiry in contact.enquiries)
    # Only what is sent on is asked about: a contact that is registered stays here, and is one statement.
    goes_on = any(one.handover or one.signpost for one in enquiries) and not came_before(key=key)
    if contact.asker_cpr is None:
        new = NewContact(**given, enquiries=enquiries)
        if goes_on:
            _ask_before_it_goes_on(admission, new, confirmed=contact.confirmed)
        receipt = register_contact(employee=employee, actor=actor, contact=new, key=key, admission=admission)
    else:
        admission.prove(Scope.CONTACTS_WRITE)
        with transaction.atomic():  # she is met and her contact registered, or neither
            given["asker"] = register_citizen(actor=actor, cpr=contact.asker_cpr).pk
            new = NewContact(**given, enquiries=enquiries)
            if goes_on:
                _ask_before_it_goes_on(admission, new, confirmed=contact.confirmed)
            receipt = register_contact(employee=employee, actor=actor, contact=new, key=key)
    told = {"contact": receipt.contact_id, "repeated": receipt.repeated}
    return JsonResponse(told, status=200 if receipt.repeated else 201)


def _employee(username: str | None, *, department: str | None = None) -> Employee | None:
    """Who took part: somebody of Borgerservice, or a caseworker where her own department was approached."""
    if username is None:
        return None
    found = active_employee(clean(username))
    if found is None:
        raise Refused({"employee": _("Ingen medarbejder har dette brugernavn. Se efter stavefejl.")})
    here = found.is_caseworker and department is not None and found.department_id == department
    if not (is_borgerservice(found) or here):
        said = _("Denne medarbejder registrerer ikke henvendelser. Skriv en i Borgerservice.")
        raise Refused({"employee": said})
    return found


def _ask_before_it_goes_on(admission: Admission, new: NewContact, *, confirmed: str) -> None:
    """Raises AskTwice where a matter of somebody protected goes on; Refused for a system that is not told so."""
    admission.prove(Scope.CONTACTS_WRITE)
    try:
        ask_about(new, actor=client_actor(admission), confirmed=confirmed)
    except AskTwice as asked:
        if Scope.HISTORY_PROTECTED in admission.scopes:
            raise
        said = _("Det kan ikke gives videre herfra. Registrér det åbent, og giv det videre i Hovedindgang.")
        raise Refused({"enquiries": said}) from asked


def _reason(said: str) -> str:
    """Why she is looked up, as the log keeps it. Raises Refused for a CPR in it."""
    if cprs_in(said):
        raise Refused({"reason": _("Skriv et sagsnummer eller en kø, ikke et CPR-nummer: grunden gemmes i loggen.")})
    return clean(said)


# ----------------------------------------------------------------------------------------------------------- history


class CprIn(Content):
    cpr: str
    reason: str = Field(..., min_length=3, max_length=80, description="Why she is looked up: a case number, a ticket.")


class CitizenOut(Schema):
    citizen: int | None


@router.post("/citizens/find", auth=Token(Scope.HISTORY_READ), response=CitizenOut, summary="The row number of a CPR")
def find_citizen(request: HttpRequest, asked: CprIn) -> dict[str, int | None]:
    """`citizen` is null for somebody who has not been met. Logged either way."""
    actor = client_actor(request.auth)  # type: ignore[attr-defined]
    found = find_by_cpr(actor=actor, cpr=asked.cpr, use="api", reason=_reason(asked.reason))
    return {"citizen": found.pk if found else None}


FOR_ANOTHER = (
    "Row number of who asks, where she is not the citizen: what her `representation` does not cover is left out, and "
    "without a power nothing is told. Left out, the municipality reads for its own work."
)
CONSENT = "The citizen has consented: asked of those whose data is only stored (GDPR article 18)."


class PageOut(Schema):
    """Contacts, newest first; `next` is the cursor of the following page, null on the last."""

    items: list[dict[str, Any]]
    next: str | None


@router.get(
    "/citizens/{citizen}/contacts",
    auth=Token(Scope.HISTORY_READ, proven_by_deed=True),
    response=PageOut,
    summary="A citizen's contacts in every channel, newest first",
)
def citizen_history(
    request: HttpRequest,
    citizen: Annotated[RowNumber, Path()],
    reason: Annotated[str, Query(min_length=3, max_length=80, description="Kept in the log of look-ups.")],
    limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = 20,
    cursor: str | None = None,
    asker: Annotated[RowNumber | None, Query(description=FOR_ANOTHER)] = None,
    representation: Annotated[RowNumber | None, Query(description="By what `asker` may be told of her.")] = None,
    consent: Annotated[bool, Query(description=CONSENT)] = False,
) -> HttpResponse:
    """Who asks for her and by what power is said, is asked for here, and is logged as seen with her."""
    # Sent as the database made it: most of its cost would be to read it into objects and to write them out again.
    admission: Admission = request.auth  # type: ignore[attr-defined]
    mind_pace(Asked.READING, admission.client_id)
    before, said = read_cursor(cursor) if cursor else None, _reason(reason)
    try:
        entries, following = history_as_json(
            actor=client_actor(admission),
            citizen_id=citizen,
            limit=limit,
            before=before,
            use="api",
            reason=said,
            admission=admission,
            consent=consent,
            beyond=_beyond(admission, citizen, asker, representation, said),
        )
    except OnlyStored as stored:
        asks = _("Oplysningerne om borgeren må kun gemmes. Spørg om samtykke, og send consent=true, når det er givet.")
        raise Refused({"consent": asks}) from stored
    if entries == b"[]" and unknown_among([citizen]):
        raise Http404
    further = json.dumps(write_cursor(following) if following else None).encode()
    page = b'{"items": %b, "next": %b}' % (entries, further)
    return HttpResponse(page, content_type="application/json; charset=utf-8")


def _beyond(
    admission: Admission, citizen: int, asker: int | None, representation: int | None, reason: str
) -> Collection[str]:
    """The services that are kept from who asks for another. Raises Refused where no power lets her be told."""
    if asker is None and representation is None:
        return ()
    admission.prove(Scope.HISTORY_READ)
    if asker is None:
        raise Refused({"asker": _("Skriv, hvem der spørger for borgeren.")})
    if asker == citizen and representation is None:
        return ()
    if representation is None:
        raise Refused({"representation": str(WITHOUT_POWER)})
    try:
        kept = beyond_hearing(representation_id=representation, holder_id=asker, citizen_id=citizen, on=clock.today())
    except NoPower as none:
        raise Refused({"representation": str(WHY_NOT[none.why])}) from none
    log_look_up(actor=client_actor(admission), citizen_ids=[asker], use="api", reason=reason)
    return kept


def write_cursor(cursor: Cursor) -> str:
    return base64.urlsafe_b64encode(f"{cursor[0].isoformat()} {cursor[1]}".encode()).decode()


def read_cursor(text: str) -> Cursor:
    """Raises Refused for anything that `write_cursor` did not make."""
    try:
        return read_place(*base64.urlsafe_b64decode(text.encode()).decode().rsplit(" ", 1))
    except (ValueError, TypeError, binascii.Error):
        raise Refused({"cursor": _("Brug værdien af next fra forrige side.")}) from None


# --------------------------------------------------------------------------------------------------------- handovers


class HandOverIn(HandoverIn):
    employee: str = Field(..., description="User name of the employee who hands the matter over.")
    confirmed: str = Field("", max_length=64, description=CONFIRMED)


class HandoverOut(Schema):
    handover: int
    department: str
    state: Literal["sent", "accepted", "declined", "answered", "returned"]
    promised_on: dt.date


@router.post(
    "/enquiries/{enquiry}/handovers",
    auth=Token(Scope.HANDOVERS_WRITE),
    response={201: HandoverOut},
    summary="Hand an open enquiry over to a department",
)
def hand_enquiry_over(
    request: HttpRequest, key: Key, enquiry: Annotated[RowNumber, Path()], asked: HandOverIn
) -> Status[Any]:
    """201 with the handover; the same key again gives the same handover.

    Nobody hands over what a colleague is working on, and what is of somebody protected is asked about twice.
    """
    admission: Admission = request.auth  # type: ignore[attr-defined]
    employee = _employee(asked.employee)
    assert employee is not None
    handover, again = NewHandover(**asked.model_dump(exclude={"employee", "confirmed"})), came_before(key=key)
    if not again:
        _ask_before_it_is_handed_over(admission, employee, enquiry, handover, confirmed=asked.confirmed)
    with transaction.atomic():
        if not again:
            mind_claim(employee=employee, contact_id=contact_of_enquiry(employee, enquiry))
        made = hand_over(
            employee=employee, enquiry_id=enquiry, handover=handover, actor=client_actor(admission), key=key
        )
    shown = {
        "handover": made.pk,
        "department": made.department_id,
        "state": HandoverState(made.state).value,
        "promised_on": made.promised_on,
    }
    return Status(201, shown)


def _ask_before_it_is_handed_over(
    admission: Admission, employee: Employee, enquiry: int, handover: NewHandover, *, confirmed: str
) -> None:
    """Raises AskTwice where it is of somebody protected; to a system that is not told so it is not there."""
    try:
        ask_about_contact(
            employee,
            contact_of_enquiry(employee, enquiry),
            texts={"summary": handover.summary, "agreed": handover.agreed},
            to={"summary": place_named(None, handover.department)},
            confirmed=confirmed,
        )
    except AskTwice as asked:
        if Scope.HISTORY_PROTECTED in admission.scopes:
            raise
        raise PermissionDenied from asked
