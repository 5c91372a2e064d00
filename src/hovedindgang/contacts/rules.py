"""Words of the heart, and which may follow which. No database.

Meanings are those of the definition of what counts as solved; see `docs/words.md`.
"""

from __future__ import annotations

from enum import StrEnum


class Direction(StrEnum):
    IN = "in"
    OUT = "out"


class WhoAsks(StrEnum):
    CITIZEN = "citizen"
    HELPER = "helper"  # someone acting for a citizen: relative, care worker, guardian
    COMPANY = "company"
    AUTHORITY = "authority"
    COLLEAGUE = "colleague"


class Outcome(StrEnum):
    OPEN = "open"
    RESOLVED = "resolved"
    MUST_COME_BACK = "come_back"
    PASSED_ON = "passed_on"
    SIGNPOSTED = "signposted"  # told, referred or forwarded: `Signpost.how`
    WITHDRAWN = "withdrawn"


class WorkedBy(StrEnum):
    """Whose work ended the enquiry; who handed the answer over does not matter."""

    BORGERSERVICE = "borgerservice"
    DEPARTMENT = "department"
    OUTSIDE = "outside"


class Advice(StrEnum):
    NONE = "none"
    COLLEAGUE = "colleague"
    SPECIALIST = "specialist"


class ComeBackReason(StrEnum):
    DOCUMENT = "document"
    ID = "id"
    CONSENT = "consent"
    NOT_IN_PERSON = "not_in_person"
    EQUIPMENT = "equipment"
    SYSTEM_DOWN = "system_down"
    NO_COMPETENCE = "no_competence"
    NO_TIME = "no_time"


class WithdrawnWhy(StrEnum):
    CHANGED_MIND = "changed_mind"
    GAVE_UP = "gave_up"  # because of wait or difficulty


class ForwardKind(StrEnum):
    TOLD = "told"  # vejviserbistand
    REFERRED = "referred"  # sent with an appointment or a message
    FORWARDED = "forwarded"  # a letter sent on, forvaltningsloven §7(2)


class SentOnHow(StrEnum):
    """How the citizen herself was sent on inside the municipality."""

    GO = "go"
    RING = "ring"


class FollowsHow(StrEnum):
    PLANNED_STEP = "planned_step"
    CHASING = "chasing"
    NOT_HELPED = "not_helped"
    OUR_ERROR = "our_error"
    NEW_MATTER = "new_matter"


BREAKS_FIRST_CONTACT = frozenset({FollowsHow.CHASING, FollowsHow.NOT_HELPED, FollowsHow.OUR_ERROR})


class SelfServiceHelp(StrEnum):
    TOLD = "told"
    SHOWN = "shown"
    HELPED = "helped"
    COULD_NOT = "could_not"


class AvoidableCause(StrEnum):
    """Why a contact need not have been."""

    UNCLEAR_LETTER = "unclear_letter"
    MISSING_ANSWER = "missing_answer"
    OUR_ERROR = "our_error"
    WEBSITE = "website"
    SELF_SERVICE_FAILED = "self_service_failed"
    MISDIRECTED = "misdirected"  # fejlhenvendelse
    OTHER = "other"


class HandoverState(StrEnum):
    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    ANSWERED = "answered"
    RETURNED = "returned"


HANDOVER_ALLOWED: dict[HandoverState, frozenset[HandoverState]] = {
    HandoverState.SENT: frozenset({HandoverState.ACCEPTED, HandoverState.DECLINED}),
    HandoverState.ACCEPTED: frozenset({HandoverState.ANSWERED, HandoverState.RETURNED}),
    HandoverState.DECLINED: frozenset(),
    HandoverState.ANSWERED: frozenset(),
    HandoverState.RETURNED: frozenset(),
}


class TallyKind(StrEnum):
    INFORMATION = "information"
    TRANSACTION = "transaction"
    RECEPTION = "reception"
