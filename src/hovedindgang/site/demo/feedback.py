"""Invented complaints, praise and ideas: as many as a small municipality might have in months; assumed."""

from __future__ import annotations

import datetime as dt
from random import Random

from hovedindgang.contacts.rules import Ground
from hovedindgang.kernel import clock
from hovedindgang.people.queries import named_cast
from hovedindgang.servicemodel.document import Channel
from hovedindgang.site.demo.inventing import CENTRES
from hovedindgang.surveys.actions import (
    Ending,
    NewFeedback,
    acknowledge,
    close_feedback,
    register_feedback,
)
from hovedindgang.surveys.models import Feedback
from hovedindgang.surveys.queries import any_feedback
from hovedindgang.surveys.rules import COMPLAINTS, Kind, Outcome, SaidBy

SAID = {
    Kind.SERVICE: (
        "Jeg ventede i halvanden time uden at få at vide, hvor længe det ville vare.",
        "Jeg fik at vide, at jeg kunne nøjes med sundhedskortet. Da jeg kom igen, skulle jeg have mit pas med.",
        "Telefonen blev ikke taget, selv om der stod, at der var åbent.",
        "Brevet var ikke til at forstå. Jeg måtte have min datter til at læse det.",
    ),
    Kind.CONDUCT: ("Medarbejderen himlede med øjnene og talte til mig som til et barn.",),
    Kind.DECISION: ("Jeg er uenig i afslaget på mit tilskud og vil klage over det.",),
    Kind.PRAISE: (
        "Tak til hende ved skranken, der blev ved, til mit MitID virkede.",
        "Jeg blev ringet op samme dag, som I havde lovet.",
        "Rart at blive mødt af en, der havde tid.",
    ),
    Kind.IDEA: (
        "Sæt et skilt op ved parkeringspladsen, der viser hen til Borgerservice.",
        "Skriv på nettet, hvor mange der venter lige nu.",
    ),
}
MANY = {Kind.SERVICE: 22, Kind.CONDUCT: 5, Kind.DECISION: 5, Kind.PRAISE: 14, Kind.IDEA: 6}


def complain(citizens: list[int], *, seed: str) -> int:
    """Write them down over the last months, most of them answered; gives how many. Nothing where there are some."""
    if any_feedback():
        return 0
    rng, today = Random(f"{seed} feedback"), clock.today()
    anna, lise = named_cast(["anna", "lise"])
    made = 0
    for kind, number in MANY.items():
        for place in range(number):
            received = today - dt.timedelta(days=0 if place == 0 else rng.randrange(1, 70))
            said_by = rng.choices([SaidBy.CITIZEN, SaidBy.OTHER, SaidBy.ANONYMOUS], [8, 1, 1])[0]
            row = register_feedback(
                employee=anna,
                said=NewFeedback(
                    kind=kind,
                    text=SAID[kind][place % len(SAID[kind])],
                    received_on=received,
                    channel=rng.choice(list(Channel)),
                    said_by=said_by,
                    citizen=rng.choice(citizens) if said_by is SaidBy.CITIZEN else None,
                    centre=rng.choice(list(CENTRES)),
                ),
            )
            made += 1
            age = (today - received).days
            if kind in COMPLAINTS and age > 2 and said_by is not SaidBy.ANONYMOUS:
                acknowledge(employee=lise, feedback_id=row.pk)
            if age > rng.choice((6, 12, 25)):
                close_feedback(employee=lise, feedback_id=row.pk, ending=_ending(kind, rng))
                closed_on = received + dt.timedelta(days=min(age, rng.choice((3, 6, 9, 12, 20))))
                at = dt.datetime.combine(closed_on, dt.time(14), tzinfo=clock.DENMARK)
                Feedback.objects.filter(pk=row.pk).update(closed_at=at)  # as if it had been done then
    return made


def _ending(kind: Kind, rng: Random) -> Ending:
    if kind is Kind.DECISION:
        sent = "Sendt videre samme dag til den, der afgør klagen. Klagevejledning er givet."
        return Ending(
            outcome=Outcome.PASSED_ON,
            answer=sent,
            answer_channel=Channel.PHONE,
            to_department="jobcenter",
            ground=Ground.OWN_CASE,
            guided=True,
        )
    if kind not in COMPLAINTS:
        return Ending(outcome=Outcome.NOTED, learning="Fortalt på mandagsmødet.")
    outcome = rng.choice([Outcome.UPHELD, Outcome.PARTLY, Outcome.NOT_UPHELD])
    return Ending(
        outcome=outcome,
        answer="Ringet op, hørt og undskyldt. Borgeren er glad for at blive ringet op.",
        answer_channel=Channel.PHONE,
        learning="Ventetiden siges højt i venteværelset hvert kvarter.",
    )
