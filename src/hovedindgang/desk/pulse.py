"""What concerns her now, on whatever page she stands: calls offered, questions asked, and what became of her own.

Every screen asks each second, so the asking is one statement whose answer is usually that nothing has changed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Value, When
from django.db.models.functions import Cast

from hovedindgang.contacts.actions import lapse_transfers
from hovedindgang.contacts.doors import offered_to
from hovedindgang.contacts.models import Claim, Consultation, Transfer
from hovedindgang.contacts.rules import CAME_BACK_TO_GIVER, ConsultationState, TransferState
from hovedindgang.kernel import clock
from hovedindgang.people.models import Employee
from hovedindgang.safety.models import Alarm
from hovedindgang.safety.queries import alarms_shown, open_alarms

LATE = "late"
NOTHING = "0"  # the stamp of an empty screen


@dataclass(frozen=True, slots=True)
class Now:
    alarms: list[Alarm]  # of all of us, not over yet
    offered: list[Transfer]  # to her, to say yes or no to
    given: list[Transfer]  # hers: waiting for an answer, or answered and not yet read
    asked: list[Consultation]  # of her
    answered: list[Consultation]  # to her, not yet read
    waiting: list[Consultation]  # hers, not answered yet
    taken: list[Claim]  # what she worked on, and another took over with a reason

    @property
    def is_quiet(self) -> bool:
        return not (
            self.alarms or self.offered or self.given or self.asked or self.answered or self.waiting or self.taken
        )


def stamp(employee: Employee) -> str:
    """What is there, as a short word: the same word, nothing has changed. Calls nobody took come back here."""
    rows = _rows(employee)
    if any(state == LATE for _kind, _number, state in rows):
        lapse_transfers()
        rows = _rows(employee)
    if not rows:
        return NOTHING
    return hashlib.sha256(repr(sorted(rows)).encode()).hexdigest()[:16]


def _rows(employee: Employee) -> list[tuple[str, int, str]]:
    transfers, questions = _transfers(employee), _questions(employee)
    is_late = Case(
        When(state=TransferState.OFFERED, answer_by_at__lte=clock.now(), then=Value(LATE)),
        default=F("state"),
        output_field=CharField(),
    )
    kinds = [
        _marked(transfers, "t", is_late),
        _marked(questions, "q", F("state")),
        _marked(open_alarms(employee), "a", Cast(Count("answers"), CharField())),
        _marked(_taken(employee), "c", Value("taken", CharField())),
    ]
    all_of_them = kinds[0].union(*kinds[1:], all=True)
    return list(all_of_them)


def _marked(rows: QuerySet[Any], kind: str, state: Any) -> QuerySet[Any]:
    return rows.annotate(kind=Value(kind, CharField()), now=state).values_list("kind", "pk", "now").order_by()


def _transfers(employee: Employee) -> QuerySet[Transfer]:
    ended = Q(given_by=employee, seen_at__isnull=True, state__in=[TransferState.ACCEPTED, *CAME_BACK_TO_GIVER])
    return Transfer.objects.filter(
        Q(state=TransferState.OFFERED) & (offered_to(employee) | Q(given_by=employee)) | ended
    )


def _questions(employee: Employee) -> QuerySet[Consultation]:
    answered = Q(asked_by=employee, seen_at__isnull=True, state=ConsultationState.ANSWERED)
    return Consultation.objects.filter(
        Q(state=ConsultationState.ASKED) & (offered_to(employee) | Q(asked_by=employee)) | answered
    )


def _taken(employee: Employee) -> QuerySet[Claim]:
    return Claim.objects.filter(taken_from=employee, told_at__isnull=True)


def now_for(employee: Employee) -> Now:
    """What her screen shows, oldest first."""
    transfers = list(
        _transfers(employee)
        .select_related("given_by", "to_employee", "to_centre", "to_department", "service", "answered_by")
        .order_by("id")
    )
    questions = list(
        _questions(employee)
        .select_related("asked_by", "to_employee", "to_centre", "to_department", "service", "answered_by")
        .order_by("id")
    )
    mine = [row for row in questions if row.asked_by_id == employee.pk]
    return Now(
        alarms=alarms_shown(employee),
        offered=[row for row in transfers if row.given_by_id != employee.pk and row.answer_by_at > clock.now()],
        given=[row for row in transfers if row.given_by_id == employee.pk],
        asked=[row for row in questions if row.asked_by_id != employee.pk],
        answered=[row for row in mine if row.state == ConsultationState.ANSWERED],
        waiting=[row for row in mine if row.state == ConsultationState.ASKED],
        taken=list(_taken(employee).select_related("employee").order_by("id")),
    )
