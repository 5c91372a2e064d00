"""What the pages of trust show in the demonstration: invented powers, mistakes, warnings, journalising and look-ups.

All of it is done by the deeds, as the cast would have done it; only where a day must lie behind us is a time set after.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from random import Random

from hovedindgang.contacts import actions as contacts
from hovedindgang.contacts.models import Contact, ContactCorrection, Enquiry, Journalised
from hovedindgang.contacts.rules import CorrectionKind, JournalState, Refused, StruckWhy
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.models import LookUp
from hovedindgang.oversight.judging import judge_day
from hovedindgang.oversight.models import Sample
from hovedindgang.oversight.sampling import draw_sample
from hovedindgang.people.actions import record_death
from hovedindgang.people.models import Basis, Citizen, Employee, Proof, Protection, Representation
from hovedindgang.people.powers import NewRepresentation, register_representation, revoke_representation
from hovedindgang.people.queries import cpr_of, named_cast
from hovedindgang.privacy.answering import register_request, services_of_rights
from hovedindgang.privacy.incidents import NewBreach, note_breach
from hovedindgang.safety import actions as safety
from hovedindgang.safety.rules import IncidentKind, Told, WarningReason, months_after
from hovedindgang.servicemodel.document import Channel, Right
from hovedindgang.surveys.models import Feedback
from hovedindgang.surveys.rules import Kind

MANDATE = b"Fuldmagt. Min nabo maa hente mit pas og sundhedskort for mig. (Opdigtet)"
DEAD_DAYS = 40
ENOUGH = 80


@dataclass(frozen=True, slots=True)
class Cast:
    anna: Employee
    finn: Employee
    lise: Employee


def is_shown() -> bool:
    return Representation.objects.exists()


def places() -> dict[str, str]:
    """Addresses of pages that show it, by what stands there; for pictures."""
    moved = ContactCorrection.objects.filter(kind=CorrectionKind.PERSON).earliest("pk").contact_id
    protected = Citizen.objects.filter(protection=Protection.ORDINARY, contacts__isnull=False).earliest("pk").pk
    complaint = Feedback.objects.filter(kind=Kind.SERVICE, closed_at__isnull=True).earliest("pk").pk
    month = Sample.objects.latest("month").month

    def of(basis: Basis) -> str:
        return f"/borgere/{Representation.objects.filter(basis=basis).earliest('pk').citizen_id}/"

    return {
        "protected": f"/borgere/{protected}/",
        "represented": of(Basis.MANDATE),
        "child": of(Basis.CUSTODY),
        "moved": f"/henvendelser/{moved}/",
        "complaint": f"/klager/{complaint}/",
        "sample": f"/opslag/stikproever/{month.year}-{month.month}/",
    }


def show_trust(*, seed: str) -> None:
    """Write it once, after the contacts are there; a fill that was killed in it is not taken up."""
    if is_shown():
        return
    anna, finn, lise = named_cast(["anna", "finn", "lise"])
    cast = Cast(anna, finn, lise)
    rng = Random(f"{seed} trust")
    met = list(
        Citizen.objects.filter(protection=Protection.NONE, contacts__isnull=False).distinct().order_by("pk")[:120]
    )
    rng.shuffle(met)
    if len(met) < ENOUGH:  # a very small demonstration has nobody to spare
        return
    represent(cast, met)
    warn(cast, met[20:24])
    mistake(cast, met[24])
    journal(cast)
    ask_for_rights(cast, met[25:28])
    look_up(cast, met[30:70], rng)


def represent(cast: Cast, met: list[Citizen]) -> None:
    """One of each basis; one that was revoked, a child with two holders of custody, and a citizen who has died."""
    today = clock.today()
    adults = [citizen for citizen in met if citizen.born_on and citizen.born_on < today.replace(year=today.year - 30)]
    child = Citizen.objects.filter(born_on__gt=months_after(today, -12 * 12), protection=Protection.NONE).first()
    mandate = NewRepresentation(
        basis=Basis.MANDATE,
        proof=Proof.DOCUMENT,
        holder_cpr=_cpr(adults[1]),
        services=("pas-udlevering", "sundhedskort"),
        content=MANDATE,
    )
    register_representation(employee=cast.anna, citizen_id=adults[0].pk, said=mandate)
    companion = NewRepresentation(basis=Basis.COMPANION, proof=Proof.SPOKEN, holder_cpr=_cpr(adults[2]))
    register_representation(employee=cast.anna, citizen_id=adults[0].pk, said=companion)
    guardian = NewRepresentation(basis=Basis.GUARDIANSHIP, proof=Proof.REGISTER, holder_cpr=_cpr(adults[4]))
    register_representation(employee=cast.anna, citizen_id=adults[3].pk, said=guardian)
    lawyer = NewRepresentation(
        basis=Basis.PARTY_REPRESENTATIVE,
        proof=Proof.SEEN,
        holder_name="Advokat Opdigt Paragraf",
        services=("enkeltudgifter",),
    )
    register_representation(employee=cast.finn, citizen_id=adults[5].pk, said=lawyer)
    past = register_representation(
        employee=cast.finn,
        citizen_id=adults[5].pk,
        said=NewRepresentation(basis=Basis.MANDATE, proof=Proof.SEEN, holder_cpr=_cpr(adults[6])),
    )
    revoke_representation(employee=cast.finn, representation_id=past.pk)
    if child is not None:
        for holder in adults[7:9]:
            custody = NewRepresentation(basis=Basis.CUSTODY, proof=Proof.REGISTER, holder_cpr=_cpr(holder), joint=True)
            register_representation(employee=cast.anna, citizen_id=child.pk, said=custody)
    record_death(actor=SYSTEM, citizen_id=adults[9].pk, dead_on=today - dt.timedelta(days=DEAD_DAYS))


def _cpr(citizen: Citizen) -> str:
    return cpr_of(citizen) or ""


def warn(cast: Cast, met: list[Citizen]) -> None:
    """One that holds, one that a leader is to decide, and two incidents."""
    first, second, *_rest = met
    decided = safety.propose_warning(
        employee=cast.anna, citizen_id=first.pk, reason=WarningReason.TWO_EMPLOYEES, told=Told.YES
    )
    until = months_after(clock.today(), 6)
    safety.decide_warning(employee=cast.lise, warning_id=decided.pk, valid_to=until, told=Told.YES)
    safety.propose_warning(employee=cast.finn, citizen_id=second.pk, reason=WarningReason.THREAT, told=Told.NOT_YET)
    for kind, days, text in (
        (IncidentKind.HARASSMENT, 2, "En mand råbte af mig, fordi han skulle vente. Han gik, da en kollega kom til."),
        (IncidentKind.THREAT, 16, "Jeg fik at vide, at jeg skulle passe på, når jeg gik hjem."),
    ):
        at = clock.now() - dt.timedelta(days=days)
        safety.report_incident(employee=cast.anna, kind=kind, happened_at=at, what_happened=text)


def mistake(cast: Cast, other: Citizen) -> None:
    """A contact on the wrong citizen, a wrong channel, and one that was only a test."""
    mine = Contact.objects.filter(
        employee=cast.anna, asker__isnull=False, merged_into__isnull=True, enquiries__outcome="resolved"
    )
    candidates = iter(mine.exclude(asker=other).distinct().order_by("-pk")[:20])

    def move(row: Contact) -> None:
        assert row.asker_id is not None
        why = "Samme navn, en anden dag i CPR"
        contacts.move_contact(employee=cast.anna, contact_id=row.pk, was=row.asker_id, becomes=other.pk, why=why)

    def rechannel(row: Contact) -> None:
        becomes = Channel.PHONE if row.channel != Channel.PHONE else Channel.IN_PERSON
        contacts.correct_channel(employee=cast.anna, contact_id=row.pk, channel=becomes, why="Trykkede forkert")

    def strike(row: Contact) -> None:
        why = "Viste en ny kollega siden"
        contacts.strike_contact(employee=cast.anna, contact_id=row.pk, reason=StruckWhy.TEST, why=why)

    for deed in (move, rechannel, strike):
        for row in candidates:  # one whose matter goes on elsewhere cannot be put right: the next
            try:
                deed(row)
            except Refused:
                continue
            break


def journal(cast: Cast) -> None:
    """Matters on their way to the case system, one that it refused, and one that nobody knows about."""
    matters = Enquiry.objects.filter(
        contact__employee=cast.anna, contact__asker__isnull=False, contact__mistake__isnull=True, outcome="resolved"
    ).order_by("-received_on", "-pk")
    titles = ("Bopælsattest", "Flytning fra udlandet", "Navne på pas", "Sundhedskort til barn", "Adresse i CPR")
    for number, (matter, title) in enumerate(zip(matters[:5], titles, strict=True)):
        row = contacts.journalise(
            employee=cast.anna, enquiry_id=matter.pk, title=title, text="Borgeren er vejledt og har fået kvittering."
        )
        if number in {1, 2}:  # as if the worker had sent it an hour ago
            state, why = [(JournalState.REFUSED, "no_such_party"), (JournalState.UNCERTAIN, "cannot_be_asked")][
                number - 1
            ]
            sent = clock.now() - dt.timedelta(hours=1)
            Journalised.objects.filter(pk=row.pk).update(state=state, why=why, sent_at=sent, next_at=None, attempts=1)


def ask_for_rights(cast: Cast, met: list[Citizen]) -> None:
    """Two who ask what is held of them, and a screen that stood open."""
    known = services_of_rights()
    for citizen, right, days in zip(met, (Right.ACCESS, Right.ERASURE), (3, 24), strict=False):
        if right in known:
            register_request(
                employee=cast.lise,
                citizen_id=citizen.pk,
                right=right.value,
                channel=Channel.WRITTEN.value,
                received_on=clock.today() - dt.timedelta(days=days),
                key=uuid.uuid4(),
            )
    yesterday = clock.today() - dt.timedelta(days=1)
    said = NewBreach(
        discovered_at=clock.now() - dt.timedelta(hours=20),
        scope="employee",
        who="finn",
        first_on=yesterday,
        last_on=yesterday,
        kinds=["name", "matters"],
        what="En skærm ved skranken stod åben mod venteværelset i en time.",
    )
    note_breach(employee=cast.lise, said=said)


def look_up(cast: Cast, met: list[Citizen], rng: Random) -> None:
    """Look-ups of last month: most belong to a contact of that day, a few to nothing. Their sample is drawn."""
    first = (clock.today().replace(day=1) - dt.timedelta(days=1)).replace(day=1)
    day = first + dt.timedelta(days=(7 - first.weekday()) % 7)  # its first Monday
    begins, ends = clock.day_bounds(day)
    worked = Contact.objects.filter(
        started_at__gte=begins, started_at__lt=ends, asker__isnull=False, employee__isnull=False
    )
    rows = [
        _seen(row.started_at, row.employee_id, row.asker_id, f"contact:{row.pk}") for row in worked.order_by("pk")[:40]
    ]
    for employee, citizen in zip((cast.anna, cast.finn) * 3, met, strict=False):
        rows.append(_seen(begins + dt.timedelta(hours=8 + rng.random() * 7), employee.pk, citizen.pk, ""))
    LookUp.objects.bulk_create(rows)
    judge_day(day)
    draw_sample(month=first)


def _seen(at: dt.datetime, employee: int | None, citizen: int | None, reason: str) -> LookUp:
    return LookUp(
        at=at,
        actor_kind="employee",
        actor_id=employee,
        citizen_id=citizen,
        use="history",
        reason=reason,
        request_id=uuid.uuid4(),
    )
