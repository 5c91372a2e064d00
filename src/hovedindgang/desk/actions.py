"""Deeds of the desk: keep what is typed, park it and take it up again, and register it."""

from __future__ import annotations

import datetime as dt
import re
import uuid

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from hovedindgang.contacts.actions import (
    Receipt,
    advice_given,
    is_still_hers,
    join_to_contact,
    keep_or_let_go,
    register_contact,
    take_back_contact,
)
from hovedindgang.contacts.models import IdempotencyKey
from hovedindgang.contacts.protecting import AskTwice, ask_about, ask_twice
from hovedindgang.contacts.rules import TAKE_BACK_MINUTES, Advice, Refused, WhoAsks
from hovedindgang.desk.forms import Unreadable, as_contact
from hovedindgang.desk.models import PLACE, SAVED_PLACE, Draft, SavedForm
from hovedindgang.desk.queries import typed_in
from hovedindgang.desk.reading import Errors
from hovedindgang.desk.typed import Typed
from hovedindgang.insight.actions import ArrivalRegistered, register_arrival
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import Actor, employee_actor
from hovedindgang.kernel.encryption import CannotDecrypt, decrypt, encrypt
from hovedindgang.people.actions import register_citizen
from hovedindgang.people.models import Employee, Representation
from hovedindgang.people.powers import open_representation
from hovedindgang.people.rules import BadCpr, NoAccess, PeopleRefused
from hovedindgang.policy.queries import NoPolicyInForce, in_force


class NotRegistered(Exception):
    """Nothing was written; `errors` says by field of the page what to do."""

    def __init__(self, errors: Errors) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = errors


def register_typed(*, employee: Employee, typed: Typed) -> Receipt:
    """Register the form's contact and its persons, all or nothing; its draft is gone afterwards.

    Raises NotRegistered, and `contacts.rules.KeyReused` where the form was saved before with other content.
    """
    typed.drop_unbegun()
    try:
        if _was_passed_or_asked(typed):
            receipt = _register_what_was_passed_or_asked(employee, typed)
        elif _is_row(typed.contact["arrival"]):
            receipt = _register_afterwards(employee, typed)
        elif _names_new_persons(typed):
            with transaction.atomic():
                receipt = _register(employee, typed)
        else:
            receipt = _register(employee, typed)
    except AskTwice as asked:
        typed.contact["confirmed"] = asked.token
        raise NotRegistered(asked.errors) from asked
    except (Refused, Unreadable) as refused:
        raise NotRegistered(refused.errors) from refused
    except NoPolicyInForce as nothing:
        raise NotRegistered({"": str(nothing)}) from nothing
    if typed.contact["drafted"]:
        discard_draft(employee=employee, contact_key=typed.key)
    _keep_for_taking_back(employee, typed, receipt.contact_id)
    return receipt


def _was_passed_or_asked(typed: Typed) -> bool:
    """Whether the call was offered to somebody, or somebody was asked: the page carries it along, and asks nobody."""
    return bool(typed.contact["passing"] or typed.contact["asked"])


@transaction.atomic
def _register_afterwards(employee: Employee, typed: Typed) -> Receipt:
    """What a register saw come, and nobody registered then: the contact and the arrival are one."""
    receipt = _register(employee, typed)
    try:
        register_arrival(employee=employee, record_id=int(typed.contact["arrival"]), contact_id=receipt.contact_id)
    except ArrivalRegistered as taken:
        said = _("Den er allerede registreret som nr. %(number)s. Føj det, der mangler, til dér.")
        raise NotRegistered({"": said % {"number": taken.contact_id}}) from taken
    except LookupError as gone:
        raise NotRegistered({"": _("Registret har ikke den, der kom, længere. Registrér på en ny side.")}) from gone
    return receipt


@transaction.atomic
def _register_what_was_passed_or_asked(employee: Employee, typed: Typed) -> Receipt:
    keep_or_let_go(employee=employee, contact_key=typed.key)
    advice = advice_given(contact_key=typed.key)
    for one in typed.enquiries:
        if one["advice"] in {"", Advice.NONE} and (given := advice.get(one["service"]) or advice.get(None)):
            one["advice"] = given.value
    receipt = _register(employee, typed)
    join_to_contact(contact_key=typed.key, contact_id=receipt.contact_id)
    return receipt


def ask_before_passing(*, employee: Employee, typed: Typed, field: str) -> None:
    """Asks twice where a call or a question about a protected citizen goes to somebody else. Raises NotRegistered."""
    said = typed.contact
    try:
        ask_twice(
            actor=employee_actor(employee.pk),
            citizens=[int(said["asker"])] if _is_row(said["asker"]) else [],
            texts={field: said[field]},
            to={field: _("en anden")},
            confirmed=said["confirmed"],
        )
    except AskTwice as asked:
        said["confirmed"] = asked.token
        raise NotRegistered(asked.errors) from asked


def _keep_for_taking_back(employee: Employee, typed: Typed, contact_id: int) -> None:
    """The form as it was registered, while it may come back; hers that may not any more are gone."""
    kept = SavedForm(
        contact_id=contact_id,
        employee=employee,
        sealed=encrypt(typed.as_json(), place=SAVED_PLACE),
        saved_at=clock.now(),
    )
    SavedForm.objects.bulk_create([kept], ignore_conflicts=True)  # sent again: the first is what was registered
    _too_old().filter(employee=employee).delete()


def _too_old() -> QuerySet[SavedForm]:
    return SavedForm.objects.filter(saved_at__lt=clock.now() - dt.timedelta(minutes=TAKE_BACK_MINUTES))


@transaction.atomic
def take_back(*, employee: Employee, typed: Typed, contact_id: int) -> uuid.UUID | None:
    """Take back what she registered just now, and give the key under which the form stands again as it was typed.

    What stood on the page meanwhile is parked. None: the form is not kept any more, or it has come back already.
    Raises what `contacts.actions.take_back_contact` raises.
    """
    take_back_contact(employee=employee, contact_id=contact_id)
    kept = SavedForm.objects.select_for_update().filter(employee=employee, contact_id=contact_id).first()
    again = typed_in(kept) if kept else None
    if kept is None or again is None:
        return None
    kept.delete()
    if not typed.is_empty():
        keep_draft(employee_id=employee.pk, typed=typed, park=True)
    again.key, again.contact["confirmed"] = uuid.uuid4(), ""
    keep_draft(employee_id=employee.pk, typed=again)
    return again.key


def _names_new_persons(typed: Typed) -> bool:
    return bool(typed.contact["cpr"].strip() or any(one["others"].strip() for one in typed.enquiries))


def _register(employee: Employee, typed: Typed) -> Receipt:
    actor = employee_actor(employee.pk)
    asker = _asker(actor, typed)
    contact = as_contact(
        typed,
        model=in_force().model,
        asker=asker,
        for_whom=_for_whom(actor, typed, asker),
        representation=_acting(employee, typed),
    )
    ask_about(contact, actor=actor, confirmed=typed.contact["confirmed"])
    return register_contact(employee=employee, actor=actor, contact=contact, key=typed.key)


def _asker(actor: Actor, typed: Typed) -> int | None:
    """The citizen the form names: found before, or by the CPR that stands in it now."""
    said = typed.contact
    if typed.names_nobody_yet():
        message = _("Find borgeren, og vælg på listen. Er borgeren der ikke, så slet navnet, og gem uden.")
        raise Unreadable({"name_search": message})
    if said["cpr"].strip():
        try:
            known = {"name": said["citizen_name"].strip()} if said["citizen_name"].strip() else {}
            return register_citizen(actor=actor, cpr=said["cpr"], **known).pk
        except BadCpr as bad:
            raise Unreadable({"asker": str(bad)}) from bad
        except PeopleRefused as refused:
            raise Unreadable(refused.errors) from refused
    return int(said["asker"]) if _is_row(said["asker"]) else None


def _acting(employee: Employee, typed: Typed) -> Representation | None:
    """By what another asks for the citizen; None for herself, and for somebody without any right."""
    acting = typed.contact["acting"]
    if not _is_row(acting):
        return None
    try:
        return open_representation(employee, int(acting), use="registration")
    except NoAccess:
        raise Unreadable({"acting": _("Repræsentationen findes ikke længere. Vælg igen.")}) from None


def _for_whom(actor: Actor, typed: Typed, asker: int | None) -> dict[int, tuple[int, ...] | None]:
    """For whom each matter is, by its position; None leaves it to the one who asks."""
    herself = typed.contact["who_asks"] in {"", WhoAsks.CITIZEN} and not typed.contact["acting"]
    found: dict[int, tuple[int, ...] | None] = {}
    for position, one in enumerate(typed.enquiries):
        others = _others(actor, one["others"], position)
        also = asker is not None and not one["not_asker"]
        if others or one["not_asker"] or not herself:
            found[position] = (*((asker,) if also and asker else ()), *others)
    return found


def _others(actor: Actor, text: str, position: int) -> tuple[int, ...]:
    """Citizens named by CPR, several apart by comma, semicolon, "og" or a new line."""
    people = []
    for part in re.split(r"[,;\n]|\bog\b|\band\b", text):
        if part.strip():
            try:
                people.append(register_citizen(actor=actor, cpr=part.strip()).pk)
            except BadCpr as bad:
                raise Unreadable({f"enquiries.{position}.for_whom": str(bad)}) from bad
    return tuple(people)


def _is_row(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18


# ----------------------------------------------------------------------------------------------------------- drafts


def keep_draft(*, employee_id: int, typed: Typed, park: bool = False) -> bool:
    """Keep the form, sealed, for its employee. False: it was registered, or another took the call, and is not kept.

    A form nobody has typed in is not kept, and its draft goes. Drafts are no deeds on citizens and leave no event.
    """
    if typed.is_empty():
        Draft.objects.filter(employee_id=employee_id, contact_key=typed.key).delete()
        return True
    if not typed.contact["passing"]:
        return _keep(employee_id, typed, park)
    with transaction.atomic():  # who takes the call waits for this, or this for her: never two drafts of one form
        if not is_still_hers(employee_id=employee_id, contact_key=typed.key):
            return False
        return _keep(employee_id, typed, park)


def _keep(employee_id: int, typed: Typed, park: bool) -> bool:
    if IdempotencyKey.objects.filter(key=typed.key).exists():
        return False
    now = clock.now()
    if park:
        typed.contact["parked"] = "1"  # while it lay aside nobody worked on it: its minutes are not work
    kept = {"sealed": encrypt(typed.as_json(), place=PLACE), "updated_at": now, "parked_at": now if park else None}
    Draft.objects.update_or_create(employee_id=employee_id, contact_key=typed.key, defaults=kept)
    return True


def park(*, employee: Employee, typed: Typed) -> bool:
    """Put the form aside for later; gives what `keep_draft` gives. Raises NotRegistered where nothing is typed."""
    if typed.is_empty():
        raise NotRegistered({"": _("Der er ikke skrevet noget at parkere endnu.")})
    return keep_draft(employee_id=employee.pk, typed=typed, park=True)


@transaction.atomic
def take_up(*, employee: Employee, typed: Typed, contact_key: uuid.UUID) -> bool:
    """The parked form comes back to the page; what stood there is parked in its place.

    False: what stood there has been registered meanwhile and cannot be parked, so nothing is taken up.
    """
    other = not typed.is_empty() and typed.key != contact_key
    if other and not keep_draft(employee_id=employee.pk, typed=typed, park=True):
        return False
    Draft.objects.filter(employee=employee, contact_key=contact_key).update(parked_at=None, updated_at=clock.now())
    return True


def discard_draft(*, employee: Employee, contact_key: uuid.UUID) -> None:
    """Throw what was typed away; the employee asked for it, or it has been registered."""
    Draft.objects.filter(employee=employee, contact_key=contact_key).delete()


def forget_drafts(*, before: dt.datetime) -> int:
    """Delete drafts not touched since `before`, an aware instant, and forms that may not come back any more; gives how
    many drafts."""
    _too_old().delete()
    return Draft.objects.filter(updated_at__lt=before).delete()[0]


def forget_drafts_naming(*, citizen_id: int) -> int:
    """Delete drafts whose form names this citizen as the one who asks; gives how many."""
    named = []
    for draft in Draft.objects.all():
        try:
            typed = Typed.from_json(decrypt(bytes(draft.sealed), place=PLACE))
        except CannotDecrypt:
            continue
        if typed.contact["asker"] == str(citizen_id):
            named.append(draft.pk)
    return Draft.objects.filter(pk__in=named).delete()[0]
