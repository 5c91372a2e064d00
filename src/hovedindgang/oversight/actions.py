"""Deeds about questions: the leader asks, the employee answers, a leader judges; never about herself."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import employee_actor
from hovedindgang.kernel.events import append_event
from hovedindgang.oversight.models import NoticedLookUp, Question
from hovedindgang.oversight.rules import JUDGED, LONGEST_SAID, OversightRefused, State, may_become
from hovedindgang.oversight.sampling import due_after
from hovedindgang.people.models import Employee
from hovedindgang.people.rules import NoAccess, cprs_in


@transaction.atomic
def ask_about(*, leader: Employee, look_up: int) -> Question:
    """Ask about one look-up that stands out, outside of any sample. One event `question.asked`.

    Asked before, the same question is given. Raises NoAccess, OversightRefused.
    """
    _check_leader(leader)
    noticed = NoticedLookUp.objects.select_for_update().filter(look_up=look_up).first()
    if noticed is None:
        raise NoAccess
    _check_another(leader, noticed.employee_id)
    found = Question.objects.filter(look_up=look_up).first()
    if found is not None:
        return ask(leader=leader, question_id=found.pk) if found.state == State.DRAWN else found
    question = Question.objects.create(
        look_up=look_up,
        at=noticed.at,
        employee_id=noticed.employee_id,
        citizen_id=noticed.citizen_id,
        use=noticed.use,
        why=noticed.why,
        due_on=due_after(clock.today()),
        state=State.ASKED,
        asked_by=leader,
        asked_at=clock.now(),
    )
    _say("question.asked", leader, question)
    return question


@transaction.atomic
def ask(*, leader: Employee, question_id: int) -> Question:
    """Put a question of the sample to who looked, or put it again after an answer that does not explain it.

    One event `question.asked`. Raises NoAccess, OversightRefused.
    """
    question = _opened_by_leader(leader, question_id)
    _move(question, State.ASKED, _("Spørgsmålet er allerede stillet eller afgjort."))
    question.asked_by, question.asked_at = leader, clock.now()
    question.save(update_fields=["state", "asked_by", "asked_at"])
    _say("question.asked", leader, question)
    return question


@transaction.atomic
def ask_all(*, leader: Employee, month: dt.date) -> int:
    """Put all questions of a month's sample that nobody has put yet, but those about herself; gives how many."""
    _check_leader(leader)
    drawn = Question.objects.filter(sample=month, state=State.DRAWN).exclude(employee=leader)
    numbers = list(drawn.order_by("pk").values_list("pk", flat=True))
    for number in numbers:
        ask(leader=leader, question_id=number)
    return len(numbers)


@transaction.atomic
def answer(*, employee: Employee, question_id: int, text: str) -> Question:
    """She explains her own look-up in her own words. One event `question.answered`.

    Raises NoAccess, OversightRefused.
    """
    question = Question.objects.select_for_update().filter(pk=question_id, employee=employee).first()
    if question is None or question.state == State.DRAWN:
        raise NoAccess  # nobody else's, and none that has not been put to her
    said = _said("answer", text, _("Skriv, hvad opslaget var til."))
    _move(question, State.ANSWERED, _("Spørgsmålet er allerede besvaret."), field="answer")
    question.answer, question.answered_at = said, clock.now()
    question.save(update_fields=["state", "answer", "answered_at"])
    _say("question.answered", employee, question)
    return question


@transaction.atomic
def judge_question(*, leader: Employee, question_id: int, in_order: bool, done: str) -> Question:
    """Sign off: in order or not, with what was done. Final. One event `question.judged`.

    Before she has answered only where she has left. Raises NoAccess, OversightRefused.
    """
    question = _opened_by_leader(leader, question_id)
    said = _said("done", done, _("Skriv, hvad der blev set efter, og hvad der er gjort."))
    becomes = State.IN_ORDER if in_order else State.NOT_IN_ORDER
    if question.state in JUDGED:
        raise OversightRefused({"": _("Spørgsmålet er afgjort. En afgørelse laves ikke om.")})
    _move(question, becomes, _("Vent på svaret: medarbejderen skal forklare opslaget med egne ord først."))
    question.judged_by, question.judged_at, question.done = leader, clock.now(), said
    question.save(update_fields=["state", "judged_by", "judged_at", "done"])
    _say("question.judged", leader, question)
    return question


def _opened_by_leader(leader: Employee, question_id: int) -> Question:
    _check_leader(leader)
    rows = Question.objects.select_for_update(of=("self",)).select_related("employee")
    question = rows.filter(pk=question_id).first()
    if question is None:
        raise NoAccess
    _check_another(leader, question.employee_id)
    return question


def _check_leader(leader: Employee) -> None:
    if not (leader.is_active and leader.is_leader):
        raise NoAccess


def _check_another(leader: Employee, employee_id: int) -> None:
    if leader.pk == employee_id:
        raise OversightRefused({"": _("Det er dit eget opslag. En anden leder skal spørge og afgøre.")})


def _move(question: Question, becomes: State, refusal: str, *, field: str = "") -> None:
    if not may_become(State(question.state), becomes, left=not question.employee.is_active):
        raise OversightRefused({field: refusal})
    question.state = becomes


def _said(field: str, text: str, missing: str) -> str:
    said = text.replace("\0", "").strip()
    if not said:
        raise OversightRefused({field: missing})
    if len(said) > LONGEST_SAID:
        raise OversightRefused({field: _("Skriv højst {longest} tegn.").format(longest=LONGEST_SAID)})
    if cprs_in(said):
        raise OversightRefused({field: _("Skriv ikke et CPR-nummer her. Opslaget kendes på sit nummer.")})
    return said


def _say(verb: str, who: Employee, question: Question) -> None:
    append_event(
        verb=verb,
        actor=employee_actor(who.pk),
        subject_kind="question",
        subject_id=question.pk,
        facts={"look_up": question.look_up, "state": str(question.state)},
    )
