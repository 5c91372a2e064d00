"""Words of the heart, and which may follow which. No database.

Meanings are those of the definition of what counts as solved; see `docs/words.md`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from enum import StrEnum

LONGEST_TEXT = 20_000  # characters of a note, a summary, an answer
MOST_ENQUIRIES = 40  # of one contact
OVER_MIDNIGHT = dt.timedelta(hours=4)  # an earlier clock is the day after's where it lasted no longer than so
FUTURE_MINUTES = 5  # clocks differ by so much; anything later is a mistyped time


class Refused(Exception):
    """A deed that was not done. `errors` says for each field, in the user's language, what is wrong and what to do.

    A field of an enquiry is named by its place: ``enquiries.0.service``. The field ``""`` is the deed as a whole.
    """

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = dict(errors)


class KeyReused(Exception):
    """The same idempotency key came with other content, or from somebody else; nothing was written."""


class NotAllowed(Refused):
    """The state of the matter does not let this follow; `errors` says what its state is."""


class Direction(StrEnum):
    IN = "in"
    OUT = "out"


class WhoAsks(StrEnum):
    CITIZEN = "citizen"
    HELPER = "helper"  # someone acting for a citizen: relative, care worker, guardian
    COMPANY = "company"
    AUTHORITY = "authority"
    COLLEAGUE = "colleague"


class ReasonCode(StrEnum):
    """Why an employee looks a citizen up where the house knows of no work with her."""

    SHE_IS_HERE = "she_is_here"  # at the counter or on the telephone, before anything is registered
    TO_ANSWER = "to_answer"  # a letter, an e-mail, a call to return
    COLLEAGUE = "colleague"  # a colleague or a department asks
    TO_PREPARE = "to_prepare"  # an appointment, a visit
    ACCESS = "access"  # she, or somebody with a right to it, asks for what we hold
    TO_CORRECT = "to_correct"  # something is written wrongly
    OTHER = "other"


class Identity(StrEnum):
    """How we know that the one who asks is who she says; what may be said to her follows from it."""

    ID_SEEN = "id_seen"  # passport, driving licence, identity card
    MITID = "mitid"
    CONTROL = "control"  # questions that only she can answer
    EARLIER = "earlier"  # earlier in the same conversation, as by the colleague who passed the call on
    NONE = "none"  # not established: general guidance only


class Outcome(StrEnum):
    OPEN = "open"
    RESOLVED = "resolved"
    MUST_COME_BACK = "come_back"
    PASSED_ON = "passed_on"
    SIGNPOSTED = "signposted"  # told, referred or forwarded: `Signpost.how`
    WITHDRAWN = "withdrawn"


UNANSWERED = frozenset({Outcome.OPEN, Outcome.PASSED_ON})  # she waits for our word, or for a department's


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


REOPENS = frozenset({FollowsHow.NOT_HELPED, FollowsHow.OUR_ERROR})
BREAKS_FIRST_CONTACT = REOPENS | {FollowsHow.CHASING}
CONTINUES = BREAKS_FIRST_CONTACT | {FollowsHow.PLANNED_STEP}  # the same matter


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


ANSWER_MONTHS = 1  # a request about what is held of her: databeskyttelsesforordningen artikel 12, stk. 3


class Ground(StrEnum):
    """By what right what we know about her is passed on; the law stands in `labels.GROUND`."""

    OWN_CASE = "own_case"  # inside the municipality, in the case she came with
    CONSENT = "consent"
    BY_LAW = "by_law"
    ESSENTIAL = "essential"  # to what the other authority is to decide or do
    WRONG_ADDRESS = "wrong_address"  # what she wrote belongs there: forvaltningsloven § 7, stk. 2
    NOT_RECORDED = "not_recorded"  # brought in from before it was asked; nobody may say so of a new one


TO_AN_AUTHORITY = frozenset({Ground.CONSENT, Ground.BY_LAW, Ground.ESSENTIAL, Ground.WRONG_ADDRESS})
INSIDE = TO_AN_AUTHORITY - {Ground.WRONG_ADDRESS} | {Ground.OWN_CASE}
PASSES_ON = frozenset({ForwardKind.REFERRED, ForwardKind.FORWARDED})  # who is only told where passes nothing on


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


class TransferState(StrEnum):
    """A live call passed on: somebody says yes, or it is the giver's still."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    UNANSWERED = "unanswered"  # nobody answered in the model's seconds
    WITHDRAWN = "withdrawn"  # the giver took it back, or settled it herself


TRANSFER_ALLOWED: dict[TransferState, frozenset[TransferState]] = {
    TransferState.OFFERED: frozenset(TransferState) - {TransferState.OFFERED},
    **{state: frozenset() for state in TransferState if state != TransferState.OFFERED},
}
CAME_BACK_TO_GIVER = frozenset({TransferState.DECLINED, TransferState.UNANSWERED})


class ConsultationState(StrEnum):
    """A colleague or specialist is asked while we keep the matter; the citizen is not sent anywhere."""

    ASKED = "asked"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


CONSULTATION_ALLOWED: dict[ConsultationState, frozenset[ConsultationState]] = {
    ConsultationState.ASKED: frozenset({ConsultationState.ANSWERED, ConsultationState.WITHDRAWN}),
    ConsultationState.ANSWERED: frozenset(),
    ConsultationState.WITHDRAWN: frozenset(),
}

OPEN_HANDOVER = frozenset({HandoverState.SENT, HandoverState.ACCEPTED})


class ChangeWhy(StrEnum):
    """Why an enquiry's outcome became another one."""

    CONCLUDED = "concluded"  # open until now
    HANDED_OVER = "handed_over"
    ANSWERED = "answered"  # by the department
    DECLINED = "declined"
    RETURNED = "returned"
    CAME_BACK = "came_back"  # she came with what was missing
    REOPENED = "reopened"  # by the citizen: it was not solved after all
    QUALITY = "quality"  # a sample found it not solved
    COMPLAINT = "complaint"
    MISTAKE = "mistake"  # what had settled it was registered by mistake


class MovedWhy(StrEnum):
    """Why she got another day than the one she was promised."""

    WAITS_FOR_OTHERS = "others"
    WAITS_FOR_HER = "citizen"  # a paper, an answer, a consent
    MORE_WORK = "more_work"
    OUR_DELAY = "our_delay"  # illness, or too much at once
    HER_WISH = "wish"


class MovedTold(StrEnum):
    """What she has to do with it: a day nobody told her of is no promise."""

    AGREED = "agreed"
    TOLD = "told"


REOPENING = (ChangeWhy.CAME_BACK, ChangeWhy.REOPENED, ChangeWhy.QUALITY, ChangeWhy.COMPLAINT)

# From an outcome, for a reason, to which. What is counted as solved rests on this table (see docs/words.md).
OUTCOME_ALLOWED: dict[Outcome, dict[ChangeWhy, frozenset[Outcome]]] = {
    Outcome.OPEN: {
        ChangeWhy.CONCLUDED: frozenset(
            {Outcome.RESOLVED, Outcome.MUST_COME_BACK, Outcome.SIGNPOSTED, Outcome.WITHDRAWN}
        ),
        ChangeWhy.HANDED_OVER: frozenset({Outcome.PASSED_ON}),
    },
    Outcome.PASSED_ON: {
        ChangeWhy.ANSWERED: frozenset({Outcome.RESOLVED}),  # worked by the department: not solved in Borgerservice
        ChangeWhy.DECLINED: frozenset({Outcome.OPEN}),
        ChangeWhy.RETURNED: frozenset({Outcome.OPEN}),
    },
    Outcome.MUST_COME_BACK: {
        ChangeWhy.CAME_BACK: frozenset({Outcome.OPEN, Outcome.RESOLVED}),
        ChangeWhy.REOPENED: frozenset({Outcome.OPEN}),
    },
    Outcome.RESOLVED: {
        **{why: frozenset({Outcome.OPEN}) for why in REOPENING},
        ChangeWhy.MISTAKE: frozenset({Outcome.MUST_COME_BACK}),
    },
    Outcome.SIGNPOSTED: {why: frozenset({Outcome.OPEN}) for why in REOPENING},
    Outcome.WITHDRAWN: {why: frozenset({Outcome.OPEN}) for why in REOPENING},
}


def may_become(was: Outcome, became: Outcome, why: ChangeWhy) -> bool:
    return became in OUTCOME_ALLOWED[was].get(why, frozenset())


class Mistake(StrEnum):
    """A contact that should not stand: kept, and counted and listed nowhere."""

    TAKEN_BACK = "taken_back"  # by who made it, within minutes
    STRUCK = "struck"  # found later: it should not have been registered


TAKE_BACK_MINUTES = 5


class StruckWhy(StrEnum):
    TEST = "test"
    DUPLICATE = "duplicate"
    NO_CONTACT = "no_contact"  # nobody had approached us


class CorrectionKind(StrEnum):
    """What was put right about a registration."""

    TAKEN_BACK = "taken_back"
    STRUCK = "struck"
    PERSON = "person"
    SERVICE = "service"
    CHANNEL = "channel"
    TIMES = "times"
    LINK = "link"  # fell away with another correction: what a matter continued is not hers


class Tie(StrEnum):
    """What an employee is to a registration."""

    AUTHOR = "author"
    COLLEAGUE = "colleague"  # in Borgerservice
    LEADER = "leader"


# By how the contact stands (None: as it should): what may be put right. What is taken away is not changed any more.
CORRECTION_ALLOWED: dict[Mistake | None, frozenset[CorrectionKind]] = {
    None: frozenset(CorrectionKind) - {CorrectionKind.LINK},
    Mistake.TAKEN_BACK: frozenset(),
    Mistake.STRUCK: frozenset(),
}
# A wrong word is put right by whoever sees it. What takes a contact out of the figures is not a colleague's to do.
WHO_MAY_CORRECT: dict[CorrectionKind, frozenset[Tie]] = {
    CorrectionKind.TAKEN_BACK: frozenset({Tie.AUTHOR}),
    CorrectionKind.STRUCK: frozenset({Tie.AUTHOR, Tie.LEADER}),
    CorrectionKind.PERSON: frozenset(Tie),
    CorrectionKind.SERVICE: frozenset(Tie),
    CorrectionKind.CHANNEL: frozenset(Tie),
    CorrectionKind.TIMES: frozenset(Tie),
}


def may_correct(kind: CorrectionKind, ties: Iterable[Tie], standing: Mistake | None) -> bool:
    return kind in CORRECTION_ALLOWED[standing] and not WHO_MAY_CORRECT[kind].isdisjoint(ties)


def clean(text: str) -> str:
    """What both databases can keep: no NUL, no half characters, no white space around it."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode().replace("\r\n", "\n").strip()


_EMAIL = re.compile(r"[^@]+@[^@]+\.[^@.]+")
_NUMBER = re.compile(r"\(?\+?[0-9()./-]+")
_DIGITS = range(6, 16)  # from a number in the Faroes or Greenland to the longest there is


def repeat_mark(typed: str) -> str | None:
    """What the same telephone number or e-mail comes to however it is typed; "" for nothing, None for neither.

    A Danish number has no country code. What is neither ("ukendt", "-") would make one person of all who are unknown.
    """
    folded = "".join(typed.split()).lower()
    if not folded:
        return ""
    if "@" in folded:
        return folded if _EMAIL.fullmatch(folded) else None
    digits = re.sub("[^0-9]", "", folded)
    if not _NUMBER.fullmatch(folded) or len(digits) not in _DIGITS or not digits.strip("0"):
        return None
    abroad = "+" in folded or digits.startswith("00")
    digits = digits.removeprefix("00")
    if digits.startswith("45") and len(digits) == 10:
        return digits[2:]
    return f"+{digits}" if abroad else digits


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day so many months later; the month's last where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = (dt.date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1) - dt.timedelta(days=1)).day
    return dt.date(year, month + 1, min(day.day, last))


def coarsened(instants: Iterable[dt.datetime]) -> dict[dt.datetime, dt.datetime]:
    """Each instant's whole hour; those that stood in an order within an hour keep it, a second apart."""
    found: dict[dt.datetime, dt.datetime] = {}
    for at in sorted(set(instants)):
        hour = at.replace(minute=0, second=0, microsecond=0)
        earlier = [one for one in found.values() if hour <= one < hour + dt.timedelta(hours=1)]
        found[at] = max(earlier) + dt.timedelta(seconds=1) if earlier else hour
    return found


def same_person(earlier: Iterable[int], later: Iterable[int]) -> bool:
    """Whether a matter may follow an earlier one: nobody known there, or somebody who stands in both."""
    known = set(earlier)
    return not known or not known.isdisjoint(later)


class JournalWhat(StrEnum):
    """What one row makes in the case system. A row makes one thing, so that it is there or is not."""

    CASE = "case"
    NOTE = "note"


class JournalState(StrEnum):
    WAITING = "waiting"
    SENDING = "sending"  # written down before it leaves the house
    UNCERTAIN = "uncertain"  # it left, and no answer came
    DONE = "done"
    REFUSED = "refused"


# A create that may have arrived is never simply sent again: from uncertain back to waiting leads only an answer, by the
# case system ("I have none by that key") or by a person who looked.
JOURNAL_ALLOWED: dict[JournalState, frozenset[JournalState]] = {
    JournalState.WAITING: frozenset({JournalState.SENDING}),
    JournalState.SENDING: frozenset(
        # waiting: it certainly never arrived
        {JournalState.DONE, JournalState.UNCERTAIN, JournalState.REFUSED, JournalState.WAITING}
    ),
    JournalState.UNCERTAIN: frozenset({JournalState.DONE, JournalState.WAITING, JournalState.REFUSED}),
    JournalState.REFUSED: frozenset({JournalState.WAITING}),
    JournalState.DONE: frozenset(),
}
UNDER_WAY = frozenset({JournalState.WAITING, JournalState.SENDING, JournalState.UNCERTAIN})
JOURNAL_SETTLE_MINUTES = 10  # assumed: what was cut may still be under way so long, and is not asked for before
JOURNAL_PERSON_HOURS = 4  # assumed: after so long without an answer a person may look for herself
JOURNAL_TRIES = 8  # sends, or asks, of one row; then it is a person's
LONGEST_TITLE = 120
LONGEST_CASE_NUMBER = 40


def journal_pause_minutes(attempts: int) -> int:
    """Before a row that certainly never arrived is tried again: 1, 2, 4 ... at most 60 minutes."""
    return int(min(60, 2 ** max(0, attempts - 1)))


class TallyKind(StrEnum):
    INFORMATION = "information"
    TRANSACTION = "transaction"
    RECEPTION = "reception"
