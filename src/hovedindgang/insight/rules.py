"""What counts as solved: both indicators as plain Python, for one enquiry at a time. Definition version 3.

`resolved_in_house` (A) asks who solved it, however long it took and however often the citizen came.
`first_contact_resolution` (B) asks whether the citizen needed to come once. Neither is called the other, and
B holds of an enquiry only if A does. The figures are counted in SQL (`verdicts`); a test holds the two forms equal.

An enquiry that continues an earlier one (planned step, chasing, not helped, our error) is the same matter: it is set
aside, and the matter is judged once, where it began. The clock only finds what nobody answered.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from hovedindgang.contacts.rules import (
    BREAKS_FIRST_CONTACT,
    REOPENS,
    Direction,
    FollowsHow,
    Outcome,
    WhoAsks,
    WithdrawnWhy,
    WorkedBy,
)
from hovedindgang.servicemodel.document import Level, Parameters, ServiceKind

DEFINITION_VERSION = "3"
WINDOWS_BESIDE = (7, 30)  # days; printed beside the model's own window
CITIZEN_ASKS = frozenset({WhoAsks.CITIZEN, WhoAsks.HELPER})
CARRIED_HERE = frozenset({Level.ADMINISTER, Level.LIGHT_CASEWORK, Level.CASEWORK})


class Place(StrEnum):
    """Whether an enquiry is counted, and if not, why; the first that fits."""

    ELSEWHERE = "elsewhere"  # a department was approached: the wide reading's denominator alone
    OTHER_ASKER = "other_asker"  # company, authority, colleague: a table of their own
    UNATTENDED = "unattended"  # self-service finished by rule: printed with and without
    CHANGED_MIND = "changed_mind"
    SAME_MATTER = "same_matter"  # continues an enquiry that is counted
    PREPARATORY = "preparatory"  # booking, collection, status on a promise not yet due
    APART = "apart"  # signposted to another authority
    IN = "in"


class Solved(StrEnum):
    """How a matter stands by indicator A."""

    SOLVED = "solved"
    NOT_SOLVED = "not_solved"
    OPEN = "open"
    WITHDRAWN = "withdrawn"  # she changed her mind: there is nothing to judge


class Once(StrEnum):
    """How a matter stands by indicator B."""

    ON_THE_SPOT = "spot"  # straksafklaret
    ON_PROMISE = "promise"  # later, by us, within the promised day
    NOT = "not"
    PENDING = "pending"  # its window has not run out


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """How one day is counted: what the model in force on it says, and the day we judge on."""

    as_of: dt.date
    window_days: int = 14
    collection_solves: bool = True  # apply, then collect: solved at collection, not at application

    @classmethod
    def by(cls, parameters: Parameters, as_of: dt.date) -> Counting:
        window = parameters.repeat_window_days
        return cls(
            as_of=as_of,
            window_days=window.value if window else 14,
            collection_solves=parameters.apply_solved_at != "application",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EnquiryFacts:
    """What the rules need to know of one enquiry and the contact it was raised in (a merged contact is the one it
    was merged into). Days are Danish calendar days; `started_at` orders enquiries, the row number breaks ties."""

    id: int
    contact_id: int
    started_at: dt.datetime
    received_on: dt.date
    service: str
    also_named: frozenset[str] = frozenset()  # what the service was called before, and what has taken its place
    direction: Direction = Direction.IN
    who_asks: WhoAsks = WhoAsks.CITIZEN
    elsewhere: bool = False
    unattended: bool = False
    kind: ServiceKind = ServiceKind.TRANSACTION
    level: Level = Level.ADMINISTER
    outcome: Outcome = Outcome.RESOLVED
    ended_on: dt.date | None = None
    answered_on: dt.date | None = None  # she had our word, whatever came afterwards; None: she waits for it
    first_answered_on: dt.date | None = None  # likewise, though it may have been opened again since
    opened_again_on: dt.date | None = None  # the last time: by her or by us, or sent back by a department
    worked_by: WorkedBy | None = None
    on_the_spot: bool = False
    received_assisted: bool = False
    withdrawn_why: WithdrawnWhy | None = None
    promised_on: dt.date | None = None  # by us, and to her: what a department agrees to later does not move it
    promise_broken: bool = False  # an earlier day, before she was given the one that stands
    preparatory: bool = False
    asked_back: bool = False  # she was once told to come back, or it was opened again after it was called resolved
    follows_how: FollowsHow | None = None
    found_wrong_on: dt.date | None = None
    to_authority: bool = False  # its signpost points out of the municipality, and none points inside
    sent_on: bool = False  # she herself was once asked to go or ring elsewhere in the municipality, whatever came then
    persons: frozenset[int] = frozenset()
    repeat_keys: frozenset[bytes] = frozenset()  # of all that were merged into one contact
    was_known: bool = False  # before she was forgotten
    kept_came_again_on: dt.date | None = None  # likewise: the first unlinked and unanswered

    @property
    def order(self) -> tuple[dt.datetime, int]:
        return self.started_at, self.id

    @property
    def known(self) -> bool:
        """A named person, or the hash of her own phone or e-mail. A helper's number is not the citizen's."""
        return self.was_known or bool(self.persons) or bool(self._own_keys)

    @property
    def _own_keys(self) -> frozenset[bytes]:
        return self.repeat_keys if self.who_asks is WhoAsks.CITIZEN else frozenset()

    @property
    def apart(self) -> bool:
        """Shown to an authority with what is not ours to do; a task we carry is not solved by pointing away."""
        ours = self.level in CARRIED_HERE and self.kind is ServiceKind.TRANSACTION
        return self.outcome is Outcome.SIGNPOSTED and self.to_authority and not ours

    @property
    def changed_mind(self) -> bool:
        return self.outcome is Outcome.WITHDRAWN and self.withdrawn_why is WithdrawnWhy.CHANGED_MIND

    @property
    def hers(self) -> bool:
        """Raised by or for a citizen who held on to it: what others ask, or she took back, says nothing about her."""
        return self.who_asks in CITIZEN_ASKS and not self.changed_mind

    @property
    def solved_by_us(self) -> bool:
        """Our work ended it. Help to apply is our task, done when the receipt is seen, whoever decides afterwards."""
        return self.outcome is Outcome.RESOLVED and (self.worked_by is WorkedBy.BORGERSERVICE or self.received_assisted)

    @property
    def carries(self) -> bool:
        """Whether the matter is judged here, so that what continues it is set aside."""
        return (
            self.direction is Direction.IN
            and self.who_asks in CITIZEN_ASKS
            and not (self.elsewhere or self.unattended or self.preparatory or self.apart or self.changed_mind)
        )


@dataclass(frozen=True, slots=True)
class Matter:
    """An enquiry with what came before and after it: links of the same matter, and other enquiries by or for the
    same persons on the same service that nobody answered the question about."""

    head: EnquiryFacts
    earlier: Sequence[EnquiryFacts] = ()
    later: Sequence[EnquiryFacts] = ()
    unanswered: Sequence[EnquiryFacts] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    place: Place
    solved: Solved
    known: bool
    sent_on: bool
    late: bool  # the day she was promised has passed, or passed before she had an answer
    once: dict[int, Once]  # by window in days; empty unless the place is IN


def end_of(matter: Matter, counting: Counting) -> EnquiryFacts:
    """The enquiry whose outcome the matter ends with.

    The last time it was opened again, or where it began; from there the last planned step, if the matter waited
    for one. Asking how it goes ends nothing. A booking is not the coming back that was asked for. What she came for
    before the matter was opened again is not what it waits for now.
    """
    opened = [one for one in matter.later if _reopens(one)]
    base = max(opened, key=lambda one: one.order, default=matter.head)
    waits = base.outcome in {Outcome.OPEN, Outcome.MUST_COME_BACK} or (
        base.outcome is Outcome.RESOLVED and counting.collection_solves
    )
    steps = [
        one
        for one in matter.later
        if one.follows_how is FollowsHow.PLANNED_STEP
        and one.order > base.order
        and not (one.preparatory and base.outcome is Outcome.MUST_COME_BACK)
        and _after(base.opened_again_on, one.ended_on)
    ]
    return max(steps, key=lambda one: one.order) if steps and waits else base


def judge_a(matter: Matter, counting: Counting) -> Solved:
    """Indicator A of a matter, whether or not it is counted."""
    end = end_of(matter, counting)
    if end.changed_mind:
        return Solved.WITHDRAWN
    if any(one.found_wrong_on and one.found_wrong_on <= counting.as_of for one in (matter.head, end)):
        return Solved.NOT_SOLVED
    if end.outcome in {Outcome.OPEN, Outcome.MUST_COME_BACK}:
        return Solved.OPEN
    return Solved.SOLVED if end.solved_by_us else Solved.NOT_SOLVED


def place_of(matter: Matter, counting: Counting) -> Place:
    head = matter.head
    reasons = (
        (Place.ELSEWHERE, head.elsewhere),
        (Place.OTHER_ASKER, head.who_asks not in CITIZEN_ASKS),
        (Place.UNATTENDED, head.unattended),
        (Place.CHANGED_MIND, judge_a(matter, counting) is Solved.WITHDRAWN),
        (Place.SAME_MATTER, any(one.carries for one in matter.earlier)),
        (Place.PREPARATORY, head.preparatory),
        (Place.APART, head.apart),
    )
    return next((place for place, holds in reasons if holds), Place.IN)


def came_again_on(matter: Matter) -> dt.date | None:
    """The first day she had to come again: linked as such, or unlinked and unanswered."""
    days = [one.received_on for one in matter.later if one.follows_how in BREAKS_FIRST_CONTACT and one.hers]
    days += [one.received_on for one in matter.unanswered]
    days += [matter.head.kept_came_again_on] if matter.head.kept_came_again_on else []
    return min(days, default=None)


def judge_b(matter: Matter, counting: Counting, window_days: int) -> Once:
    """Indicator B of a matter that is counted, with a window of so many days after its receipt or resolution.

    What can no longer be solved in one contact waits for nothing but the days since its receipt: an answer that comes
    after them does not take it out of the count again.
    """
    head, solved = matter.head, judge_a(matter, counting)
    settled_on = settled(matter, counting)
    window = dt.timedelta(days=window_days)
    if lost(matter, counting):
        return Once.PENDING if head.received_on + window >= counting.as_of else Once.NOT
    if settled_on + window >= counting.as_of:
        return Once.PENDING
    if (
        solved is Solved.OPEN
        and head.outcome is Outcome.OPEN
        and head.promised_on
        and head.promised_on >= counting.as_of
    ):
        return Once.PENDING
    if solved is not Solved.SOLVED:
        return Once.NOT
    again = came_again_on(matter)
    if again is not None and again <= settled_on + window:
        return Once.NOT
    return Once.ON_THE_SPOT if _on_the_spot(head) else Once.ON_PROMISE


def lost(matter: Matter, counting: Counting) -> bool:
    """Whether it can no longer be solved in one contact, whatever comes: she was asked to come back or it was opened
    again, here or at a step of it, somebody else has it or ended it, or the day she was promised was not kept."""
    head = matter.head
    ended_by_us = head.outcome is Outcome.OPEN or head.solved_by_us
    return head.asked_back or _step_asked_back(matter) or not ended_by_us or is_late(matter, counting)


def _step_asked_back(matter: Matter) -> bool:
    """Whether what she came for by plan was opened again, or she was asked to come once more: not after the matter
    itself was raised again, which its window judges."""
    raised = min((one.order for one in matter.later if _reopens(one)), default=None)
    steps = [one for one in matter.later if one.follows_how is FollowsHow.PLANNED_STEP]
    return any(
        (one.asked_back or one.outcome is Outcome.MUST_COME_BACK) and (raised is None or one.order < raised)
        for one in steps
    )


def _reopens(later: EnquiryFacts) -> bool:
    return later.follows_how in REOPENS and later.direction is Direction.IN


def _on_the_spot(head: EnquiryFacts) -> bool:
    return head.outcome is Outcome.RESOLVED and head.on_the_spot


def settled(matter: Matter, counting: Counting) -> dt.date:
    """The day the window begins: when the matter was first resolved, else when it was received."""
    head, end = matter.head, end_of(matter, counting)
    if head.outcome is Outcome.RESOLVED and head.ended_on:
        return head.ended_on
    if judge_a(matter, counting) is Solved.SOLVED and end.ended_on:
        return end.ended_on
    return head.received_on


def is_late(matter: Matter, counting: Counting) -> bool:
    """Whether a day she was promised was not kept, judged today while she waits.

    Our first word is what counts: that she must come back keeps a promise, and when she comes is hers to choose, as it
    is when she comes for what is ready. What was late stays late, also when the matter is opened again or she is given
    another day.
    """
    head = matter.head
    told, fetched = _first_words(matter)
    passed = head.promised_on is not None and head.promised_on < (told or counting.as_of)
    in_her_time = fetched is not None and (told is None or told >= fetched)  # closed afterwards: taken off a list
    return head.promise_broken or (passed and not in_her_time)


def _first_words(matter: Matter) -> tuple[dt.date | None, dt.date | None]:
    """The first day she had our word since the promise, and the first she came for what was ready or booked.

    A step of hers with us is no word of the department that has her matter.
    """
    head = matter.head
    opened = [one for one in matter.later if _reopens(one)]
    theirs = head.outcome is Outcome.PASSED_ON or head.worked_by is WorkedBy.DEPARTMENT
    steps = [one for one in matter.later if one.follows_how is FollowsHow.PLANNED_STEP and (opened or not theirs)]
    said = [one for one in (*opened, *steps) if _after(head.opened_again_on, one.first_answered_on)]
    told = [one.first_answered_on for one in said if not (one in steps and one.preparatory)]
    fetched = [one.first_answered_on for one in said if one in steps and one.preparatory]
    return _earliest([head.answered_on, *told]), _earliest(fetched)


def _earliest(days: Sequence[dt.date | None]) -> dt.date | None:
    return min((day for day in days if day), default=None)


def _after(opened_again_on: dt.date | None, day: dt.date | None) -> bool:
    """Whether it was not over before the matter was opened again."""
    return opened_again_on is None or day is None or day > opened_again_on


def judge(matter: Matter, counting: Counting) -> Judgement:
    place = place_of(matter, counting)
    windows = {counting.window_days, *WINDOWS_BESIDE} if place is Place.IN else set()
    return Judgement(
        place=place,
        solved=judge_a(matter, counting),
        known=matter.head.known,
        sent_on=matter.head.sent_on,
        late=is_late(matter, counting),
        once={days: judge_b(matter, counting, days) for days in sorted(windows)},
    )


def judge_contact(enquiries: Sequence[Judgement]) -> Solved | None:
    """Indicator A of a contact: all its counted enquiries solved. None: it has none that is counted."""
    states = {one.solved for one in enquiries if one.place is Place.IN}
    for state in (Solved.NOT_SOLVED, Solved.OPEN, Solved.SOLVED):
        if state in states:
            return state
    return None


def unanswered_repeat(first: EnquiryFacts, other: EnquiryFacts) -> bool:
    """Whether `other` is a new contact by or for the same person about the same matter that nobody linked.

    A service that took another's place is the same matter under a new name, however often it was renamed.
    """
    same_person = bool(first.persons & other.persons) or bool(first._own_keys & other._own_keys)
    return (
        same_person
        and other.hers
        and (other.service == first.service or other.service in first.also_named)
        and other.follows_how is None
        and not other.preparatory
        and other.direction is Direction.IN
        and other.contact_id != first.contact_id
        and other.order > first.order
    )
