"""A plain model of the house: who came for what, and whose it is now. It knows no database and none of our rooms.

Everything here is written down from what the house promises (docs/words.md), never read out of it: the same deeds are
done here and there, and the two are compared. Rows are numbered from one in the order in which they were made.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

DENMARK = ZoneInfo("Europe/Copenhagen")
BEGINS_AT = dt.datetime(2041, 3, 4, 10, 0, tzinfo=DENMARK)  # long after any time that the database itself may tell
SERVICES = ("pas", "koerekort", "flytning", "aabningstider", "byggesag", "pas_afhentning")
CHANNELS = ("in_person", "phone", "written", "digital")
COUNTER = {"alice": "aabybro", "bob": "pandrup", "dorthe": "aabybro"}  # those of Borgerservice, and where they sit
DEPARTMENT = {"charlie": "jobcenter", "hanne": "teknik"}
EVERYBODY = (*COUNTER, *DEPARTMENT, "erik")
LEADER = "dorthe"
FAMILY_OF_ALICE = 1  # the first citizen
KEPT_DAYS = {
    "pas": 200,
    "koerekort": 120,
    "flytning": 95,
    "aabningstider": 30,
    "pas_afhentning": 120,
}  # byggesag: unsaid
CONTINUES = ("planned_step", "chasing", "not_helped", "our_error")


class Refused(Exception):
    """It cannot be done as things stand; who tried it may see why."""


class NoAccess(Exception):
    """It is not hers."""


@dataclass
class Citizen:
    id: int
    child: bool = False
    protected: tuple[dt.date, dt.date | None] | None = None
    dead: bool = False
    restricted: bool = False
    gone: bool = False


@dataclass
class Representation:
    id: int
    citizen: int
    holder: int
    basis: str
    services: tuple[str, ...] | None
    first: dt.date
    end: dt.date | None
    revoked: bool = False
    gone: bool = False


@dataclass
class Handover:
    id: int
    matter: int
    department: str
    promised_on: dt.date
    sent_by: str | None
    days: list[dt.date]  # on which anything happened to it
    state: str = "sent"
    told: bool = False

    @property
    def lies(self) -> bool:
        return self.state in ("sent", "accepted")


@dataclass
class Signpost:
    id: int
    matter: int
    authority: str | None
    department: str | None
    got_there: bool | None = None


@dataclass
class Note:
    id: int
    contact: int
    author: str
    amends: int | None = None
    gone: bool = False


@dataclass
class Change:
    was: str
    became: str
    why: str
    at: dt.datetime
    lacked: str = ""  # what she had come without


@dataclass
class Matter:
    id: int
    contact: int
    service: str
    kind: str
    level: str
    preparatory: bool
    outcome: str
    outcome_at: dt.datetime | None
    by: str | None
    owner: str | None
    promised_on: dt.date | None
    persons: set[int]
    worked_by: str = ""
    on_the_spot: bool = False
    why: str = ""  # she must come back, or withdrew
    follows: int | None = None
    how: str = ""
    found_wrong_on: dt.date | None = None
    promise_broken: bool = False  # an earlier day than the one that stands
    changes: list[Change] = field(default_factory=list)
    kept_known: bool = False  # what figures keep of who is forgotten
    kept_again: dt.date | None = None


@dataclass
class Contact:
    id: int
    by: str | None
    asker: int | None
    who_asks: str
    identity: str | None
    representation: int | None
    channel: str
    centre: str | None
    department: str | None
    direction: str
    caller: str  # her number, where she is not known
    started_at: dt.datetime
    ended_at: dt.datetime
    received_on: dt.date
    late: bool
    registered_at: dt.datetime
    matters: list[int] = field(default_factory=list)
    merged_into: int | None = None
    mistake: str | None = None
    forgotten: bool = False


@dataclass
class Hold:
    id: int
    citizen: int | None
    contact: int | None
    until: dt.date
    lifted: bool = False
    gone: bool = False


@dataclass
class Call:
    """A live call that is offered to somebody, and a question that is asked while it lasts."""

    id: int
    key: int
    giver: str
    to: tuple[str, str]  # employee | centre | department, and which
    at: dt.datetime
    until: dt.datetime | None
    state: str
    answered_by: str | None = None
    contact: int | None = None
    gone: bool = False


def _day(at: dt.datetime) -> dt.date:
    return at.astimezone(DENMARK).date()


def _first_heard(life: list[tuple[str, dt.datetime]]) -> dt.date | None:
    return next((_day(at) for outcome, at in life if outcome not in ("open", "passed_on")), None)


@dataclass
class Town:
    now: dt.datetime = BEGINS_AT
    citizens: dict[int, Citizen] = field(default_factory=dict)
    representations: dict[int, Representation] = field(default_factory=dict)
    contacts: dict[int, Contact] = field(default_factory=dict)
    matters: dict[int, Matter] = field(default_factory=dict)
    handovers: dict[int, Handover] = field(default_factory=dict)
    signposts: dict[int, Signpost] = field(default_factory=dict)
    notes: dict[int, Note] = field(default_factory=dict)
    holds: dict[int, Hold] = field(default_factory=dict)
    transfers: dict[int, Call] = field(default_factory=dict)
    consultations: dict[int, Call] = field(default_factory=dict)
    tallies: list[tuple[dt.date, str | None, str, str]] = field(default_factory=list)
    deeds: int = 0  # done, each with its events
    last_register: dict[str, Any] | None = None
    last_registered: int = 0
    calls: int = 0  # keys of forms given out
    day_began: bool = False  # and nobody has been told yet
    forgot: Counter[str] = field(default_factory=Counter)  # by the last run: how many contacts, citizens
    kept: Counter[str] = field(
        default_factory=Counter
    )  # by the last run: contacts whose time had come, by what keeps them

    @property
    def today(self) -> dt.date:
        return self.now.astimezone(DENMARK).date()

    def hear(self) -> None:
        """What listeners do when a day has begun: a question whose form nobody saved in a week is gone."""
        if self.day_began:
            self.day_began = False
            for call in self.consultations.values():
                call.gone = call.gone or (call.contact is None and call.at < self.now - dt.timedelta(days=7))

    # ------------------------------------------------------------------------------------------------ who is who

    def person(self, number: int | None) -> bool:
        return number is not None and number in self.citizens and not self.citizens[number].gone

    def numbers_of(self, root: Contact) -> set[str]:
        """The numbers that a citizen who is counted under it is known by: hers of all that were merged into it."""
        callers = {one.caller for one in [root, *self.folded(root)]} - {""}
        return callers if root.who_asks == "citizen" else set()

    def leads_to(self, matter: Matter, other: Matter) -> bool:
        """Whether what it continues, and that continues, is the other one."""
        while matter.follows:
            matter = self.matters[matter.follows]
            if matter is other:
                return True
        return False

    def closed(self, who: str) -> set[int]:
        """Those whose record is closed to her: her family."""
        return {FAMILY_OF_ALICE} & self.citizens.keys() if who == "alice" else set()

    def continued(self, matter: Matter) -> list[Matter]:
        """What goes on with it, however many links away."""
        found, last = [], {matter.id}
        while last:
            more = [one for one in self.matters.values() if one.follows in last and one.how in CONTINUES]
            found += more
            last = {one.id for one in more}
        return [one for one in found if self.stands(one)]

    def first_words(self, matter: Matter, later: list[Matter]) -> tuple[dt.date | None, dt.date | None]:
        """The day she first had the house's word since she was promised it, and the first on which she came for what
        was ready. A visit of hers to the counter is no word of the department that has her matter."""
        raised = [one for one in later if self.raises_again(one)]
        steps = [one for one in later if one.how == "planned_step"]
        if not raised and (matter.outcome == "passed_on" or matter.worked_by == "department"):
            steps = []
        opened = self.opened_on(matter)
        told, fetched = [self.answered_on(matter)], []
        for one in raised + steps:
            word = self.first_answered_on(one)
            if word and (opened is None or word > opened):
                (fetched if one in steps and one.preparatory else told).append(word)
        return min((day for day in told if day), default=None), min(fetched, default=None)

    def breaks_its_word(self, matter: Matter, later: list[Matter]) -> bool:
        """Whether the day that stands passed before she heard, and it was not hers to choose when to come."""
        told, fetched = self.first_words(matter, later)
        if matter.promised_on is None or matter.promised_on >= (told or self.today):
            return False
        return fetched is None or (told is not None and told < fetched)

    def raises_again(self, later: Matter) -> bool:
        return later.how in ("not_helped", "our_error") and self.root(later).direction == "in"

    def opened_on(self, matter: Matter) -> dt.date | None:
        return max((_day(one.at) for one in matter.changes if one.became == "open"), default=None)

    def answered_on(self, matter: Matter) -> dt.date | None:
        """When she first heard since it was last opened; None: she waits."""
        life = self._life(matter)
        opened = [place for place, (outcome, _at) in enumerate(life) if outcome == "open"]
        return _first_heard(life[opened[-1] :] if opened else life)

    def first_answered_on(self, matter: Matter) -> dt.date | None:
        """When she first heard of all, though it may have been opened again since."""
        return _first_heard(self._life(matter))

    def _life(self, matter: Matter) -> list[tuple[str, dt.datetime]]:
        """What became of it, and when: first on the visit itself."""
        first = matter.changes[0].was if matter.changes else matter.outcome
        then = [(one.became, one.at) for one in matter.changes]
        return [(first, self.contacts[matter.contact].ended_at), *then]

    def persons(self, contact: Contact) -> set[int]:
        named = {person for number in contact.matters for person in self.matters[number].persons}
        return named | ({contact.asker} if contact.asker else set())

    def persons_behind(self, matter: Matter) -> set[int]:
        asker = self.contacts[matter.contact].asker
        return matter.persons | ({asker} if asker else set())

    def folded(self, contact: Contact) -> list[Contact]:
        return [one for one in self.contacts.values() if one.merged_into == contact.id]

    def root(self, matter: Matter) -> Contact:
        own = self.contacts[matter.contact]
        return self.contacts[own.merged_into] if own.merged_into else own

    def stands(self, matter: Matter) -> bool:
        return self.contacts[matter.contact].mistake is None

    def of(self, contact: Contact) -> list[Matter]:
        return [self.matters[number] for number in contact.matters]

    def handed(self, matter: Matter) -> list[Handover]:
        return [one for one in self.handovers.values() if one.matter == matter.id]

    # ---------------------------------------------------------------------------------------------------- doors

    def is_open(self, who: str, contact: Contact) -> bool:
        """Whether it is about nobody who is closed to her."""
        closed = self.closed(who)
        about = self.persons(contact) | {one for each in self.folded(contact) for one in self.persons(each)}
        return closed.isdisjoint(about)

    def sees(self, who: str, matter: Matter, *, mistaken: bool = False) -> bool:
        contact = self.contacts[matter.contact]
        if (contact.mistake and not mistaken) or not self.is_open(who, contact):
            return False
        handed = any(one.department == DEPARTMENT.get(who) for one in self.handed(matter))
        return who in COUNTER or (who in DEPARTMENT and (handed or contact.by == who))

    def contact(self, who: str, number: int, *, mistaken: bool = False) -> Contact:
        """The contact for a deed of hers. Raises NoAccess."""
        found = self.contacts.get(number)
        if found is None or found.forgotten or (found.mistake and not mistaken) or not self.is_open(who, found):
            raise NoAccess
        if who not in COUNTER and not any(self.sees(who, one, mistaken=mistaken) for one in self.of(found)):
            raise NoAccess
        return found

    def matter(self, who: str, number: int) -> Matter:
        """The matter for a deed of hers: Borgerservice does any, others what they own or registered."""
        found = self.matters.get(number)
        if found is None:
            raise NoAccess
        contact = self.contacts[found.contact]
        if contact.forgotten or contact.mistake or not self.is_open(who, contact):
            raise NoAccess
        if who not in COUNTER and who not in (found.owner, contact.by):
            raise NoAccess
        return found

    def handover(self, who: str, number: int, *, of_department: bool) -> Handover:
        found = self.handovers.get(number)
        if found is None or not self.stands(self.matters[found.matter]):
            raise NoAccess
        matter = self.matters[found.matter]
        if not self.is_open(who, self.contacts[matter.contact]):
            raise NoAccess
        if found.department != DEPARTMENT.get(who) if of_department else who not in COUNTER:
            raise NoAccess
        return found

    # ------------------------------------------------------------------------------------------ who acts for whom

    def why_not(self, given: Representation, services: list[str], on: dt.date, *, act: bool = True) -> bool:
        """Whether something stands against acting by it that day."""
        dead = self.citizens[given.citizen].dead or self.citizens[given.holder].dead
        over = given.revoked or on < given.first or (given.end is not None and on >= given.end)
        limited = given.services is not None and not set(services) <= set(given.services)
        return dead or over or (act and given.basis == "companion") or limited

    def has_running(self, citizen: int) -> bool:
        """Whether somebody may act for her, or she for somebody."""
        return any(
            citizen in (one.citizen, one.holder) and not one.revoked and (one.end is None or one.end > self.today)
            for one in self.representations.values()
            if not one.gone
        )
