"""The product beside the plain model: the same deeds by its own functions, and which row is which of the town's."""

from __future__ import annotations

import datetime as dt
import uuid
from contextlib import ExitStack
from typing import Any
from unittest.mock import patch

from django.db import transaction
from django.db.models.functions import Now
from django.utils.module_loading import import_string

from hovedindgang.conftest import adopt, small_model
from hovedindgang.contacts import actions as deeds
from hovedindgang.contacts.actions import NewContact, NewEnquiry, NewHandover, NewSignpost, Receiver, make_all_histories
from hovedindgang.contacts.models import Contact, Enquiry, Handover, Note, Signpost
from hovedindgang.contacts.rules import (
    ChangeWhy,
    ComeBackReason,
    Direction,
    FollowsHow,
    ForwardKind,
    Ground,
    Identity,
    Outcome,
    Refused,
    StruckWhy,
    TallyKind,
    WhoAsks,
    WithdrawnWhy,
)
from hovedindgang.insight.actions import recompute_days
from hovedindgang.insight.models import KeptDay
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import SYSTEM, employee_actor
from hovedindgang.kernel.models import Delivery, Event
from hovedindgang.people.actions import protect_citizen, record_death, register_citizen
from hovedindgang.people.closing import say_family
from hovedindgang.people.models import Basis, Citizen, Employee, Proof, Protection
from hovedindgang.people.powers import NewRepresentation, register_representation, revoke_representation
from hovedindgang.people.rectifying import lift_restriction, restrict_citizen
from hovedindgang.people.rules import NoAccess, PeopleRefused
from hovedindgang.policy.actions import begin_day
from hovedindgang.policy.queries import forget_adopted_versions
from hovedindgang.privacy.actions import begin_run, lift_hold, place_hold, retention_run
from hovedindgang.privacy.erasing import erase_citizen
from hovedindgang.privacy.rules import PrivacyRefused
from hovedindgang.servicemodel.document import Channel
from stateful.forgetting import AT_ONCE
from stateful.town import BEGINS_AT, COUNTER, DEPARTMENT, FAMILY_OF_ALICE, KEPT_DAYS, LEADER, Town

NUMBERED = (
    *("contact", "enquiry", "handover", "signpost", "note", "citizen", "representation", "hold"),
    *("transfer", "consultation", "tally"),
)
REFUSALS = (Refused, PeopleRefused, PrivacyRefused)
Deed = dict[str, Any]


def model_text() -> str:
    """The small policy, with how long each service is kept."""
    text = small_model()
    for service, days in KEPT_DAYS.items():
        head = f"[services.{service}]\n"
        assert head in text
        said = f'retention = {{ days = {{ value = {days}, source = "assumed" }}, ground = "Oplysning" }}\n'
        text = text.replace(head, head + said)
    return text


def cpr(citizen: int) -> str:
    """Of nobody: the day is a replacement number's. Each fourth is a child, born on the first of January 2036."""
    return f"{'610136' if citizen % 4 == 0 else '610190'}{(5000 if citizen % 4 == 0 else 1000) + citizen:04}"


class House:
    """An empty house with its people; `rows` tells the row of each thing of the town, by its kind."""

    def __init__(self) -> None:
        forget_adopted_versions()
        self.rows: dict[str, dict[int, int]] = {kind: {} for kind in NUMBERED}
        self._sent: tuple[NewContact, uuid.UUID, int] | None = None
        self.run: Any = None  # the last run of the retention
        with clock.standing_at(BEGINS_AT):
            adopt(model_text(), dt.date(2026, 1, 1))
            self.staff = {name: _employee(name) for name in (*COUNTER, *DEPARTMENT, "erik")}
            say_family(actor=SYSTEM, employee_id=self.staff["alice"].pk, cpr=cpr(FAMILY_OF_ALICE))
            begin_day(day=clock.today())
            self.deliver()
        self.events = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0

    def do(self, town: Town, deed: Deed) -> str:
        """Do it at the town's time: "done", "refused" or "no access"; whatever else is raised is a fault."""
        self.why = ""  # it was refused, in the house's own words
        try:
            with clock.standing_at(town.now), transaction.atomic():
                getattr(self, f"_{deed['deed']}")(town, deed)
        except NoAccess:
            return "no access"
        except REFUSALS as refused:
            self.why = str(refused)
            return "refused"
        return "done"

    def told(self) -> list[Event]:
        """The events since the last time, in order."""
        found = list(Event.objects.filter(pk__gt=self.events).order_by("pk"))
        self.events = found[-1].pk if found else self.events
        return found

    def deliver(self, *, afresh: bool = False) -> None:
        """Tell every listener, as the worker would, and count the days that they marked; `afresh`: all days."""
        waiting = Delivery.objects.filter(state="waiting").select_related("event").order_by("pk")
        for delivery in waiting:
            import_string(delivery.listener)(delivery.event)
        Delivery.objects.filter(pk__in=[one.pk for one in waiting]).update(state="done")
        make_all_histories()
        days = KeptDay.objects.all() if afresh else KeptDay.objects.filter(dirty=True)
        recompute_days(days=days.values_list("day", flat=True))

    def row(self, kind: str, number: int | None) -> int | None:
        return None if number is None else self.rows[kind][number]

    def numbers(self, kind: str) -> dict[int, int]:
        """From the product's row to the town's number."""
        return {row: number for number, row in self.rows[kind].items()}

    def _keep(self, kind: str, row: int) -> None:
        self.rows[kind][len(self.rows[kind]) + 1] = row

    def _who(self, deed: Deed) -> Employee:
        return self.staff[deed["who"]]

    def _by(self, deed: Deed) -> dict[str, Any]:
        """Who does it, and to which row."""
        kinds = {"matter": "enquiry", **{kind: kind for kind in self.rows}}
        about = {f"{kinds[word]}_id": self.row(kinds[word], deed[word]) for word in deed if word in kinds}
        return {"employee": self._who(deed), **about}

    # --------------------------------------------------------------------------------------------------- registering

    def _register(self, town: Town, deed: Deed) -> None:
        said, employee = deed["contact"], self._who(deed)
        contact = NewContact(
            channel=Channel(said["channel"]),
            direction=Direction(said["direction"]),
            who_asks=WhoAsks(said["who_asks"]),
            centre=said["centre"],
            department=said["department"],
            asker=self.row("citizen", said["asker"]),
            representation=self.row("representation", said["representation"]),
            identity=Identity(said["identity"]) if said["identity"] else None,
            repeat_of=said["caller"],
            started_at=said["started_at"],
            ended_at=said["ended_at"],
            note="Kom med sit gamle pas" if said["note"] else "",
            enquiries=tuple(self._matter(one) for one in said["matters"]),
        )
        key, call = uuid.uuid4(), deed.get("call")
        if call is not None:
            key = _key(call)
            deeds.keep_or_let_go(employee=employee, contact_key=key)
        receipt = deeds.register_contact(employee=employee, actor=employee_actor(employee.pk), contact=contact, key=key)
        assert not receipt.repeated
        self._sent = (contact, key, employee.pk)
        if call is not None:
            deeds.join_to_contact(contact_key=key, contact_id=receipt.contact_id)
        self._registered(town, receipt.contact_id)

    def _registered(self, town: Town, contact: int) -> None:
        self._keep("contact", contact)
        for matter in Enquiry.every.filter(contact=contact).order_by("position"):
            self._keep("enquiry", matter.pk)
            for kind, table in (("handover", Handover.every), ("signpost", Signpost.objects)):
                for row in table.filter(enquiry=matter):
                    self._keep(kind, row.pk)
        for note in Note.objects.filter(contact=contact):
            self._keep("note", note.pk)
        # No test moves the database's clock: the row is told the time of the town instead.
        Contact.every.filter(pk=contact).update(registered_at=town.now)

    def _matter(self, one: Deed) -> NewEnquiry:
        outcome, whom = Outcome(one["outcome"]), one["for_whom"]
        handover = NewHandover(
            department=one["department"],
            summary="Vil vide, hvad der sker",
            promised_on=one["promised_on"],
            ground=Ground(one["ground"]),
        )
        return NewEnquiry(
            service=one["service"],
            outcome=outcome,
            come_back_reason=ComeBackReason(one["why"]) if outcome is Outcome.MUST_COME_BACK else None,
            withdrawn_why=WithdrawnWhy(one["why"]) if outcome is Outcome.WITHDRAWN else None,
            promised_on=one["promised_on"] if outcome is Outcome.OPEN else None,
            for_whom=None if whom is None else tuple(self.rows["citizen"][person] for person in whom),
            follows=self.row("enquiry", one["follows"]),
            follows_how=FollowsHow(one["how"]) if one["how"] else None,
            handover=handover if outcome is Outcome.PASSED_ON else None,
            signpost=_signpost(one) if outcome is Outcome.SIGNPOSTED else None,
        )

    def _again(self, town: Town, deed: Deed) -> None:
        assert self._sent is not None
        contact, key, employee = self._sent
        receipt = deeds.register_contact(
            employee=self._who(deed), actor=employee_actor(employee), contact=contact, key=key
        )
        assert receipt.repeated

    # ----------------------------------------------------------------------------------------------------- outcomes

    def _conclude(self, town: Town, deed: Deed) -> None:
        outcome = Outcome(deed["outcome"])
        matter = deeds.conclude_enquiry(
            **self._by(deed),
            outcome=outcome,
            come_back_reason=ComeBackReason(deed["why"]) if outcome is Outcome.MUST_COME_BACK else None,
            withdrawn_why=WithdrawnWhy(deed["why"]) if outcome is Outcome.WITHDRAWN else None,
            signpost=_signpost(deed) if outcome is Outcome.SIGNPOSTED else None,
        )
        if outcome is Outcome.SIGNPOSTED:
            self._keep("signpost", Signpost.objects.filter(enquiry=matter).latest("pk").pk)

    def _reopen(self, town: Town, deed: Deed) -> None:
        deeds.reopen_enquiry(**self._by(deed), why=ChangeWhy(deed["why"]), promised_on=deed["promised_on"])

    def _take_over(self, town: Town, deed: Deed) -> None:
        deeds.take_over_enquiry(**self._by(deed))

    def _move_promise(self, town: Town, deed: Deed) -> None:
        deeds.move_promise(**self._by(deed), promised_on=deed["promised_on"])

    def _find_wrong(self, town: Town, deed: Deed) -> None:
        deeds.correct_enquiry(**self._by(deed), found_wrong_on=deed["on"])

    def _follow(self, town: Town, deed: Deed) -> None:
        how = FollowsHow(deed["how"]) if deed["how"] else None
        deeds.follow_enquiry(**self._by(deed), follows=self.row("enquiry", deed["follows"]), how=how)

    def _add_person(self, town: Town, deed: Deed) -> None:
        deeds.add_for_whom(**self._by(deed))

    def _got_there(self, town: Town, deed: Deed) -> None:
        deeds.note_got_there(**self._by(deed), got_there=deed["there"])

    def _hand_over(self, town: Town, deed: Deed) -> None:
        asked = NewHandover(
            department=deed["department"],
            summary="Vil vide, hvad der sker",
            promised_on=deed["promised_on"],
            ground=Ground(deed["ground"]),
        )
        self._keep("handover", deeds.hand_over(**self._by(deed), handover=asked).pk)

    def _accept(self, town: Town, deed: Deed) -> None:
        deeds.accept_handover(**self._by(deed))

    def _decline(self, town: Town, deed: Deed) -> None:
        deeds.decline_handover(**self._by(deed), reason="Ikke vores")

    def _send_back(self, town: Town, deed: Deed) -> None:
        deeds.return_handover(**self._by(deed), reason="Ikke vores")

    def _answer(self, town: Town, deed: Deed) -> None:
        deeds.answer_handover(**self._by(deed), answer="Ja")

    def _tell(self, town: Town, deed: Deed) -> None:
        deeds.pass_answer_on(**self._by(deed))

    # ----------------------------------------------------------------------------------------------------- mistakes

    def _take_back(self, town: Town, deed: Deed) -> None:
        row, was = self.row("contact", deed["contact"]), town.contacts[deed["contact"]].registered_at
        in_time = town.now - was <= dt.timedelta(minutes=5)
        told = Contact.every.filter(pk=row)
        told.update(registered_at=Now() if in_time else dt.datetime(2000, 1, 1, tzinfo=dt.UTC))
        deeds.take_back_contact(**self._by(deed))
        told.update(registered_at=was)

    def _strike(self, town: Town, deed: Deed) -> None:
        deeds.strike_contact(**self._by(deed), reason=StruckWhy.TEST, why="En prøve")

    def _move(self, town: Town, deed: Deed) -> None:
        was, becomes = (self.rows["citizen"][deed[word]] for word in ("was", "becomes"))
        deeds.move_contact(**self._by(deed), was=was, becomes=becomes, why="Det var en anden")

    def _correct_service(self, town: Town, deed: Deed) -> None:
        deeds.correct_service(**self._by(deed), service=deed["service"], why="Forkert opgave")

    def _correct_channel(self, town: Town, deed: Deed) -> None:
        deeds.correct_channel(**self._by(deed), channel=Channel(deed["channel"]), why="Det var en anden vej")

    def _correct_times(self, town: Town, deed: Deed) -> None:
        times = {word: deed[word] for word in ("started_at", "ended_at")}
        deeds.correct_times(**self._by(deed), **times, why="Det var tidligere")

    def _merge(self, town: Town, deed: Deed) -> None:
        deeds.merge_contacts(**self._by(deed), into_id=self.rows["contact"][deed["into"]])

    def _part(self, town: Town, deed: Deed) -> None:
        deeds.part_contacts(**self._by(deed))

    def _note(self, town: Town, deed: Deed) -> None:
        self._keep("note", deeds.add_note(**self._by(deed), text="Ringer igen").pk)

    def _amend(self, town: Town, deed: Deed) -> None:
        self._keep("note", deeds.amend_note(**self._by(deed), text="Det var om fredagen").pk)

    # ------------------------------------------------------------------------------------------------------- people

    def _meet(self, town: Town, deed: Deed) -> None:
        actor, number = employee_actor(self._who(deed).pk), deed["citizen"]
        row = register_citizen(actor=actor, cpr=cpr(number), name=f"Prøve {number}").pk
        assert self.rows["citizen"].setdefault(number, row) == row
        Citizen.objects.filter(pk=row).update(created_at=dt.datetime(2000, 1, 1, tzinfo=dt.UTC))

    def _protect(self, town: Town, deed: Deed) -> None:
        actor = employee_actor(self._who(deed).pk)
        row = self.rows["citizen"][deed["citizen"]]
        protect_citizen(actor=actor, citizen_id=row, protection=Protection(deed["kind"]))

    def _die(self, town: Town, deed: Deed) -> None:
        actor, row = employee_actor(self._who(deed).pk), self.rows["citizen"][deed["citizen"]]
        record_death(actor=actor, citizen_id=row, dead_on=town.today if deed["dead"] else None)

    def _represent(self, town: Town, deed: Deed) -> None:
        said = NewRepresentation(
            basis=Basis(deed["basis"]),
            proof=Proof.SEEN,
            holder_cpr=cpr(deed["holder"]),
            services=deed["services"],
            valid_from=deed["first"],
            valid_to=deed["end"],
        )
        row = self.rows["citizen"][deed["citizen"]]
        given = register_representation(employee=self._who(deed), citizen_id=row, said=said)
        self._keep("representation", given.pk)

    def _revoke(self, town: Town, deed: Deed) -> None:
        revoke_representation(**self._by(deed))

    def _restrict(self, town: Town, deed: Deed) -> None:
        restrict_citizen(**self._by(deed), why="contested", until=town.today + dt.timedelta(days=30))

    def _lift(self, town: Town, deed: Deed) -> None:
        lift_restriction(**self._by(deed), told=True)

    def _hold(self, town: Town, deed: Deed) -> None:
        self._keep("hold", place_hold(**self._by(deed), reason="En retssag", until=deed["until"]).pk)

    def _lift_hold(self, town: Town, deed: Deed) -> None:
        lift_hold(**self._by(deed))

    # -------------------------------------------------------------------------------------------------------- calls

    def _to(self, deed: Deed) -> Receiver:
        kind, name = deed["to"]
        return Receiver(employee=self.staff[name].pk) if kind == "employee" else Receiver(**{kind: name})

    def _offer(self, town: Town, deed: Deed) -> None:
        said = {"contact_key": _key(deed["call"]), "to": self._to(deed), "channel": Channel.PHONE}
        self._keep("transfer", deeds.offer_transfer(employee=self._who(deed), **said, summary="Vil vide alt").pk)

    def _take_call(self, town: Town, deed: Deed) -> None:
        deeds.accept_transfer(**self._by(deed))

    def _decline_call(self, town: Town, deed: Deed) -> None:
        deeds.decline_transfer(**self._by(deed))

    def _withdraw_call(self, town: Town, deed: Deed) -> None:
        deeds.withdraw_transfer(**self._by(deed))

    def _lapse(self, town: Town, deed: Deed) -> None:
        deeds.lapse_transfers()

    def _ask(self, town: Town, deed: Deed) -> None:
        said = {"contact_key": _key(deed["call"]), "to": self._to(deed), "question": "Må naboen hente det?"}
        self._keep("consultation", deeds.ask_consultation(employee=self._who(deed), **said).pk)

    def _advise(self, town: Town, deed: Deed) -> None:
        deeds.answer_consultation(**self._by(deed), answer="Nej")

    def _ask_no_more(self, town: Town, deed: Deed) -> None:
        deeds.withdraw_consultation(**self._by(deed))

    # ------------------------------------------------------------------------------------------- time and forgetting

    def _count(self, town: Town, deed: Deed) -> None:
        said = {"channel": Channel(deed["channel"]), "kind": TallyKind(deed["kind"]), "centre": deed["centre"]}
        key = uuid.uuid4()
        for _sent in range(2):  # the key is pressed twice, and counts once
            tally = deeds.count(employee=self._who(deed), **said, key=key)
        self._keep("tally", tally.pk)

    def _pass_time(self, town: Town, deed: Deed) -> None:
        begin_day(day=clock.today())

    def _retain(self, town: Town, deed: Deed) -> None:
        self.run = begin_run(nightly=False)
        assert self.run is not None
        with ExitStack() as stack:
            for name, value in (("AT_ONCE", AT_ONCE), ("PAUSE_SECONDS", 0.0)):
                both = dict.fromkeys(("sqlite", "postgresql"), value)
                stack.enter_context(patch(f"hovedindgang.privacy.actions.{name}", both))
            retention_run(run=self.run)

    def _erase(self, town: Town, deed: Deed) -> None:
        erase_citizen(**self._by(deed), ground="not_needed")


def _employee(name: str) -> Employee:
    roles: dict[str, Any] = {"is_planner": name == "erik", "is_leader": name == LEADER}
    roles |= {"is_employee": name in COUNTER and name != LEADER, "is_caseworker": name in DEPARTMENT}
    places = {"centre_id": COUNTER.get(name), "department_id": DEPARTMENT.get(name)}
    return Employee.objects.create(username=name, name=name.capitalize(), **roles, **places)


def _signpost(said: Deed) -> NewSignpost:
    authority = said["authority"]
    return NewSignpost(how=ForwardKind.TOLD, authority=authority, department=None if authority else said["department"])


def _key(call: int) -> uuid.UUID:
    return uuid.UUID(int=call)
