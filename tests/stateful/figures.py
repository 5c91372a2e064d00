"""What the board must say: each matter judged once by the definition (docs/words.md), added up by day and place."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from stateful.town import CONTINUES, DENMARK, Contact, Matter, Town

WINDOWS = {"window": 14, "7_days": 7, "30_days": 30}
Sums = dict[tuple[object, ...], Counter[str]]


def _day(at: dt.datetime | None) -> dt.date | None:
    return at.astimezone(DENMARK).date() if at else None


def _by_citizen(contact: Contact) -> bool:
    return contact.who_asks in ("citizen", "helper")


def changed_mind(matter: Matter) -> bool:
    return matter.outcome == "withdrawn" and matter.why == "changed_mind"


def is_hers(town: Town, matter: Matter) -> bool:
    return _by_citizen(town.root(matter)) and not changed_mind(matter)


def order(town: Town, matter: Matter) -> tuple[dt.datetime, int]:
    return town.root(matter).started_at, matter.id


def unanswered(town: Town, first: Matter, other: Matter) -> bool:
    """Whether `other` is the same person coming again about the same, and nobody said how it hangs together."""
    one, two = town.root(first), town.root(other)
    return (
        (bool(town.numbers_of(one) & town.numbers_of(two)) or bool(first.persons & other.persons))
        and one is not two
        and other.service == first.service
        and other.follows is None
        and not other.preparatory
        and two.direction == "in"
        and is_hers(town, other)
        and order(town, other) > order(town, first)
    )


@dataclass
class Verdict:
    """How one matter stands today."""

    place: str
    solved: str
    known: bool
    sent_on: bool
    late: bool
    found_wrong: bool
    came_again: bool
    once: dict[str, str]


class Judge:
    """Judges all that stands, as of today."""

    def __init__(self, town: Town) -> None:
        self.town, self.today = town, town.today
        self.standing = [one for one in town.matters.values() if town.stands(one)]
        self.continued: dict[int, list[Matter]] = {}
        for one in town.matters.values():
            if one.follows and one.how in CONTINUES:
                self.continued.setdefault(one.follows, []).append(one)
        self.signposts: dict[int, list[bool]] = {}  # whether each points inside
        for each in town.signposts.values():
            self.signposts.setdefault(each.matter, []).append(each.department is not None)
        self.alike: dict[str, list[Matter]] = {}
        for one in self.standing:
            self.alike.setdefault(one.service, []).append(one)

    def cohort(self) -> list[Matter]:
        return [one for one in self.standing if self.town.root(one).direction == "in"]

    def apart(self, matter: Matter) -> bool:
        """Shown out of the house, with what was not ours to do."""
        inside = self.signposts.get(matter.id, [])
        out = bool(inside) and not any(inside)
        ours = matter.level == "administer" and matter.kind == "transaction"
        return matter.outcome == "signposted" and out and not ours

    def carries(self, matter: Matter) -> bool:
        root = self.town.root(matter)
        aside = root.department is not None or matter.preparatory or self.apart(matter) or changed_mind(matter)
        return root.direction == "in" and _by_citizen(root) and not aside

    def later(self, matter: Matter) -> list[Matter]:
        found: list[Matter] = []
        fresh = [matter.id]
        while fresh:
            more = [one for number in fresh for one in self.continued.get(number, [])]
            found += more
            fresh = [one.id for one in more]
        return [one for one in found if self.town.stands(one)]

    def earlier(self, matter: Matter) -> list[Matter]:
        found = []
        while matter.follows and matter.how in CONTINUES:
            matter = self.town.matters[matter.follows]
            found.append(matter)
        return [one for one in found if self.town.stands(one)]

    def ends_with(self, matter: Matter, later: list[Matter]) -> Matter:
        """The matter whose outcome it ends with: the last time it was opened again, or the last step it waited for."""
        town = self.town
        raised = [one for one in later if town.raises_again(one)]
        base = max(raised, key=lambda one: order(town, one), default=matter)
        opened = town.opened_on(base)
        steps = [
            one
            for one in later
            if one.how == "planned_step"
            and order(town, one) > order(town, base)
            and not (one.preparatory and base.outcome == "come_back")
            and not (opened and one.outcome_at and _day(one.outcome_at) <= opened)  # it was opened again since
        ]
        waits = base.outcome in ("open", "come_back", "resolved")
        return max(steps, key=lambda one: order(town, one)) if steps and waits else base

    def verdict(self, matter: Matter) -> Verdict:
        town, root, later = self.town, self.town.root(matter), self.later(matter)
        end = self.ends_with(matter, later)
        wrong = any(one.found_wrong_on is not None for one in (matter, end))
        by_us = end.outcome == "resolved" and end.worked_by == "borgerservice"
        if changed_mind(end):
            solved = "withdrawn"
        elif wrong:
            solved = "not_solved"
        elif end.outcome in ("open", "come_back"):
            solved = "open"
        else:
            solved = "solved" if by_us else "not_solved"
        place = self._place(matter, root, solved)
        settled = _day(matter.outcome_at) if matter.outcome == "resolved" else None
        settled = settled or (_day(end.outcome_at) if solved == "solved" else None) or root.received_on
        days = [town.root(one).received_on for one in later if one.how in CONTINUES[1:] and is_hers(town, one)]
        days += [town.root(one).received_on for one in self.alike[matter.service] if unanswered(town, matter, one)] + (
            [matter.kept_again] if matter.kept_again else []
        )
        again = min(days, default=None)
        verdict = Verdict(
            place=place,
            solved=solved,
            known=matter.kept_known or bool(matter.persons) or bool(town.numbers_of(root)),
            sent_on=any(self.signposts.get(matter.id, [])),
            late=matter.promise_broken or town.breaks_its_word(matter, later),
            found_wrong=wrong,
            came_again=again is not None and again <= settled + dt.timedelta(days=14),
            once={},
        )
        if place == "in":
            for word, window in WINDOWS.items():
                verdict.once[word] = self._once(matter, later, verdict, settled, again, window)
        return verdict

    def _place(self, matter: Matter, root: Contact, solved: str) -> str:
        if root.department is not None:
            return "elsewhere"
        if not _by_citizen(root):
            return "other_asker"
        if solved == "withdrawn":
            return "changed_mind"
        if any(self.carries(one) for one in self.earlier(matter)):
            return "same_matter"
        if matter.preparatory:
            return "preparatory"
        return "apart" if self.apart(matter) else "in"

    def _once(
        self, matter: Matter, later: list[Matter], found: Verdict, settled: dt.date, again: dt.date | None, window: int
    ) -> str:
        """Whether she needed to come once."""
        last = settled + dt.timedelta(days=window)
        promised = matter.promised_on
        if found.late or self._lost(matter, later):
            received = self.town.root(matter).received_on
            return "pending" if received + dt.timedelta(days=window) >= self.today else "not"
        if last >= self.today:
            return "pending"
        if found.solved == "open" and matter.outcome == "open" and promised and promised >= self.today:
            return "pending"
        if found.solved != "solved":
            return "not"
        if again is not None and again <= last:
            return "not"
        return "spot" if matter.outcome == "resolved" and matter.on_the_spot else "promise"

    def _lost(self, matter: Matter, later: list[Matter]) -> bool:
        """Whether nothing that comes can make it solved in one contact any more, though no promise was broken."""
        town = self.town
        by_us = matter.outcome == "resolved" and matter.worked_by == "borgerservice"
        if _asked_back(matter) or not (matter.outcome == "open" or by_us):
            return True
        raised = min((order(town, one) for one in later if town.raises_again(one)), default=None)
        return any(
            one.how == "planned_step"
            and (raised is None or order(town, one) < raised)
            and (one.outcome == "come_back" or _asked_back(one))
            for one in later
        )


def _asked_back(matter: Matter) -> bool:
    return any(
        one.was == "come_back" or one.why in ("came_back", "reopened", "quality", "complaint") for one in matter.changes
    )


Test = Callable[[Matter, Verdict], bool]
IN: Test = lambda _matter, found: found.place == "in"  # noqa: E731
OURS: Test = lambda _matter, found: found.place not in ("elsewhere", "other_asker")  # noqa: E731
OF_MATTERS: dict[str, Test] = {
    "enquiries": OURS,
    "judged": IN,
    **{
        word: lambda _matter, found, word=word: found.place == "in" and found.solved == word  # type: ignore[misc]
        for word in ("solved", "not_solved", "open")
    },
    **{
        word: lambda _matter, found, word=word: found.place == word  # type: ignore[misc]
        for word in ("elsewhere", "other_asker", "changed_mind", "same_matter", "preparatory", "apart")
    },
    "transactions": lambda matter, found: found.place == "in" and matter.kind == "transaction",
    "transactions_open": lambda matter, found: (
        found.place == "in" and matter.kind == "transaction" and found.solved == "open"
    ),
    "gave_up": lambda matter, found: found.place == "in" and matter.outcome == "withdrawn",
    "passed_on": lambda matter, found: found.place == "in" and matter.outcome == "passed_on",
    "sent_on": lambda matter, found: OURS(matter, found) and found.sent_on,
    "late": lambda _matter, found: found.place == "in" and found.late,
    "found_wrong": lambda _matter, found: found.place == "in" and found.found_wrong,
    "chasing": lambda matter, found: OURS(matter, found) and matter.how == "chasing",
    "came_again": lambda _matter, found: found.place == "in" and found.known and found.came_again,
    "unknown": lambda _matter, found: found.place == "in" and not found.known,
    **{
        f"known_{word}": lambda _matter, found, word=word: (  # type: ignore[misc]
            found.place == "in" and found.known and found.once[word] != "pending"
        )
        for word in WINDOWS
    },
    **{
        f"once_{word}": lambda _matter, found, word=word: (  # type: ignore[misc]
            found.place == "in" and found.known and found.once[word] in ("spot", "promise")
        )
        for word in WINDOWS
    },
}
OF_CONTACTS = (
    *("contacts", "judged", "solved", "not_solved", "open", "elsewhere", "other_asker", "met", "sent_on"),
    *("registered_late", "matters_known", "matters_once"),
)


def add_up(town: Town) -> dict[str, Sums]:
    """By day, centre and channel: contacts and strokes of the strip; with service, matters; with the hour, arrivals."""
    judge = Judge(town)
    found = [(matter, judge.verdict(matter)) for matter in judge.cohort()]
    matters: Sums = {}
    of_contact: dict[int, list[tuple[Matter, Verdict]]] = {}
    for matter, verdict in found:
        root = town.root(matter)
        of_contact.setdefault(root.id, []).append((matter, verdict))
        row = matters.setdefault((*_place_of(root), matter.service, matter.level), Counter())
        row.update(name for name, counts in OF_MATTERS.items() if counts(matter, verdict))
    contacts: Sums = {}
    for number, rows in of_contact.items():
        contacts.setdefault(_place_of(town.contacts[number]), Counter()).update(
            _of_contact(town.contacts[number], rows)
        )
    for day, centre, channel, kind in town.tallies:
        contacts.setdefault((day, centre, channel), Counter())[f"counted_{kind}"] += 1
    return {"contacts": _said(contacts), "matters": _said(matters), "hours": _said(_hours(town))}


def _of_contact(contact: Contact, rows: list[tuple[Matter, Verdict]]) -> Counter[str]:
    inside = [found for _matter, found in rows if found.place == "in"]
    states = Counter(found.solved for found in inside)
    ours = [found for _matter, found in rows if found.place not in ("elsewhere", "other_asker")]
    counts = {
        "contacts": bool(ours),
        "met": bool(ours),
        "judged": bool(inside),
        "solved": bool(inside) and states["solved"] == len(inside),
        "not_solved": states["not_solved"] > 0,
        "open": states["not_solved"] == 0 and states["open"] > 0,
        "elsewhere": any(found.place == "elsewhere" for _matter, found in rows),
        "other_asker": any(found.place == "other_asker" for _matter, found in rows),
        "sent_on": bool(ours) and any(found.sent_on for _matter, found in rows),
        "registered_late": contact.late,
    }
    known = [found for found in inside if found.known]
    row = Counter({name: int(counted) for name, counted in counts.items()})
    row["matters_known"] = sum(found.once["window"] != "pending" for found in known)
    row["matters_once"] = sum(found.once["window"] in ("spot", "promise") for found in known)
    return row


def _hours(town: Town) -> Sums:
    hours: Sums = {}
    for one in town.contacts.values():
        if one.direction == "in" and one.department is None and one.merged_into is None and one.mistake is None:
            place = (one.received_on, one.started_at.astimezone(DENMARK).hour, one.centre, one.channel)
            hours.setdefault(place, Counter())["registered"] += 1
    return hours


def _place_of(contact: Contact) -> tuple[object, ...]:
    return contact.received_on, contact.centre, contact.channel


def _said(sums: Sums) -> Sums:
    """Without what is nothing."""
    rows = {place: Counter({name: number for name, number in row.items() if number}) for place, row in sums.items()}
    return {place: row for place, row in rows.items() if row}
