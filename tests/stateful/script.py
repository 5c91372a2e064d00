"""What people do next: a step is a word and a number, and with the town as it stands it becomes a deed.

The number seeds the chance by which the deed is chosen, so that a list of steps is a whole script: the same on both
databases, and one that can be cut short. Most deeds are such as people do; some cannot be done, and must be refused.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from stateful.deeds import Deed
from stateful.town import CHANNELS, COUNTER, DEPARTMENT, EVERYBODY, LEADER, SERVICES, Contact, Matter, Town

Step = tuple[str, int]
One = TypeVar("One")
OUTCOMES = ("resolved",) * 6 + ("open", "open", "come_back", "passed_on", "signposted", "withdrawn")
LONG = (3, 3, 20, 20, 20, 240, 1440, 1440, 4320, 28_800, 115_200)  # minutes; up to eighty days
WEIGHTS = {
    "register": 24,
    "again": 2,
    "conclude": 6,
    "reopen": 4,
    "take_over": 1,
    "move_promise": 1,
    "find_wrong": 2,
    "follow": 3,
    "add_person": 3,
    "got_there": 1,
    "hand_over": 4,
    "accept": 6,
    "decline": 2,
    "answer": 6,
    "send_back": 2,
    "tell": 6,
    "take_back": 3,
    "strike": 2,
    "move": 4,
    "correct_service": 2,
    "correct_channel": 2,
    "correct_times": 3,
    "merge": 5,
    "part": 2,
    "note": 2,
    "amend": 1,
    "meet": 5,
    "protect": 2,
    "die": 1,
    "represent": 5,
    "revoke": 4,
    "restrict": 2,
    "lift": 2,
    "hold": 2,
    "lift_hold": 2,
    "offer": 3,
    "take_call": 3,
    "decline_call": 1,
    "withdraw_call": 1,
    "lapse": 1,
    "ask": 2,
    "advise": 2,
    "ask_no_more": 1,
    "count": 2,
    "pass_time": 12,
    "retain": 1,
    "erase": 2,
}
WORDS = [word for word, weight in WEIGHTS.items() for _ in range(weight)]


def steps(seed: object, many: int, words: Sequence[str] = WORDS) -> Iterator[Step]:
    """A whole script, of these words: the more often one is there, the more often it is done."""
    chance = random.Random(f"{seed}")
    for _ in range(many):
        yield chance.choice(words), chance.randrange(2**32)


def choose(town: Town, step: Step) -> Deed | None:
    """The deed; None where the town has nothing it could be about."""
    word, number = step
    found = CHOICES[word](town, _Chance(number))
    return None if found is None else {**found, "deed": word}


class _Chance:
    def __init__(self, number: int) -> None:
        self._random = random.Random(number)

    def one(self, of: Sequence[One]) -> One:
        return of[self._random.randrange(len(of))]

    def some(self, of: Sequence[One], at_most: int) -> list[One]:
        return [self.one(of) for _ in range(self._random.randint(1, at_most))] if of else []

    def percent(self, share: float) -> bool:
        return self._random.random() * 100 < share

    def between(self, least: int, most: int) -> int:
        return self._random.randint(least, most)

    def lately(self, of: Sequence[One]) -> One:
        """One of the newest, most often."""
        return self.one(of[-12:]) if self.percent(75) else self.one(of)

    def at_the_counter(self) -> str:
        return self.one(tuple(COUNTER)) if self.percent(93) else self.one(EVERYBODY)

    def leader(self) -> str:
        return LEADER if self.percent(90) else self.one(EVERYBODY)


def _people(town: Town) -> list[int]:
    return [one.id for one in town.citizens.values() if not one.gone]


def _contacts(town: Town) -> list[Contact]:
    return list(town.contacts.values())


def _matters(town: Town, *outcomes: str) -> list[Matter]:
    return [one for one in town.matters.values() if not outcomes or one.outcome in outcomes]


def _somebody(town: Town, chance: _Chance) -> int | None:
    """Most often one who is here; now and then one who was."""
    everybody = list(town.citizens) if chance.percent(3) else _people(town)
    return chance.lately(everybody) if everybody else None


# ------------------------------------------------------------------------------------------------------ registering


def _register(town: Town, chance: _Chance) -> Deed:
    who = chance.one(tuple(COUNTER)) if chance.percent(95) else "charlie"
    ended_at = town.now - dt.timedelta(minutes=0 if chance.percent(85) else chance.between(1, 4000))
    said: dict[str, Any] = {
        "asker": _somebody(town, chance) if chance.percent(80) else None,
        "who_asks": "citizen" if chance.percent(90) else "company",
        "representation": None,
        "channel": chance.one(CHANNELS),
        "centre": None if who == "charlie" else COUNTER[who],
        "department": "jobcenter" if who == "charlie" else None,
        "direction": "in" if chance.percent(93) else "out",
        "started_at": ended_at - dt.timedelta(minutes=chance.between(0, 15)),
        "ended_at": ended_at,
        "note": chance.percent(25),
    }
    power = None
    if town.representations and chance.percent(22):
        power = chance.lately(list(town.representations.values()))
        said |= {"asker": power.holder, "who_asks": "helper", "representation": power.id}
        if chance.percent(4):
            said["asker"] = _somebody(town, chance)
    said["identity"] = chance.one(("id_seen", "mitid", "control", None)) if said["asker"] else None
    said["caller"] = "" if said["asker"] or chance.percent(60) else chance.one(("11111111", "22222222"))
    whom: tuple[int, ...] | None = (power.citizen,) if power else None
    said["matters"] = [_new(town, chance, said, whom) for _ in range(chance.one((1, 1, 1, 2, 3)))]
    deed: Deed = {"who": who, "contact": said}
    if town.calls and chance.percent(30):
        deed["call"] = chance.between(max(1, town.calls - 3), town.calls)
        if any(
            one.key == deed["call"] and one.contact for one in [*town.transfers.values(), *town.consultations.values()]
        ):
            del deed["call"]
    return deed


def _new(town: Town, chance: _Chance, said: Deed, whom: tuple[int, ...] | None) -> Deed:
    outcome = chance.one(OUTCOMES)
    if whom is None and chance.percent(15) and _people(town):
        whom = tuple(one for one in (_somebody(town, chance) for _ in range(chance.between(1, 2))) if one)
    one: Deed = {"service": chance.one(SERVICES), "outcome": outcome, "why": _why(chance, outcome), "for_whom": whom}
    one |= {"follows": None, "how": "", "ground": chance.one(("own_case", "own_case", "consent"))}
    one |= {"promised_on": town.today + dt.timedelta(days=chance.between(0, 9))}
    one |= {"department": chance.one(tuple(DEPARTMENT.values())), "authority": chance.one(("skat", "udk", None))}
    hers = [each for each in town.matters.values() if said["asker"] in town.persons_behind(each)]
    if hers and chance.percent(35):
        waits = [each for each in hers if each.outcome == "come_back"]
        one["follows"] = chance.one(waits or hers).id if chance.percent(95) else chance.one(_matters(town)).id
        one["how"] = "planned_step" if waits else chance.one(("planned_step", "chasing", "not_helped", "new_matter"))
    return one


def _why(chance: _Chance, outcome: str) -> str:
    if outcome == "come_back":
        return chance.one(("document", "id"))
    return chance.one(("changed_mind", "gave_up")) if outcome == "withdrawn" else ""


def _again(town: Town, chance: _Chance) -> Deed | None:
    """The form sent once more, while its receipt is kept: it goes with what it was the receipt of."""
    if not town.last_register or "call" in town.last_register or town.contacts[town.last_registered].forgotten:
        return None
    return dict(town.last_register)


# --------------------------------------------------------------------------------------------- matters and handovers


def _about(town: Town, chance: _Chance, *outcomes: str) -> Deed | None:
    """One who does it, and a matter: mostly one of which it can be done."""
    fitting = _matters(town, *outcomes)
    if not fitting or chance.percent(8):
        fitting = _matters(town)
    return {"who": chance.at_the_counter(), "matter": chance.lately(fitting).id} if fitting else None


def _conclude(town: Town, chance: _Chance) -> Deed | None:
    outcome = chance.one(("resolved", "resolved", "come_back", "signposted", "withdrawn"))
    more = {"outcome": outcome, "why": _why(chance, outcome), "authority": chance.one(("skat", None))}
    return _with(_about(town, chance, "open"), **more, department="teknik")


def _reopen(town: Town, chance: _Chance) -> Deed | None:
    why = chance.one(("came_back", "reopened", "quality", "complaint"))
    return _with(
        _about(town, chance, "resolved", "come_back", "signposted", "withdrawn"), why=why, **_soon(town, chance)
    )


def _soon(town: Town, chance: _Chance) -> Deed:
    return {"promised_on": town.today + dt.timedelta(days=chance.between(0, 9))}


def _with(deed: Deed | None, **more: Any) -> Deed | None:
    return None if deed is None else {**deed, **more}


def _find_wrong(town: Town, chance: _Chance) -> Deed | None:
    on = None if chance.percent(25) else town.today - dt.timedelta(days=chance.one((-1, 0, 0, 0, 1, 5)))
    return _with(_about(town, chance), on=on)


def _follow(town: Town, chance: _Chance) -> Deed | None:
    deed = _about(town, chance)
    if deed is None:
        return None
    own = town.persons_behind(town.matters[deed["matter"]])
    before = [one for one in town.matters.values() if own & town.persons_behind(one) and one.id != deed["matter"]]
    if not before or chance.percent(15):
        return {**deed, "follows": None, "how": None}
    how = chance.one(("planned_step", "chasing", "not_helped", "our_error", "new_matter"))
    return {**deed, "follows": chance.one(before).id, "how": how}


def _add_person(town: Town, chance: _Chance) -> Deed | None:
    person = _somebody(town, chance)
    return _with(_about(town, chance), citizen=person) if person else None


def _got_there(town: Town, chance: _Chance) -> Deed | None:
    if not town.signposts:
        return None
    return {
        "who": chance.at_the_counter(),
        "signpost": chance.lately(list(town.signposts)),
        "there": chance.percent(60),
    }


def _hand_over(town: Town, chance: _Chance) -> Deed | None:
    more = {"department": chance.one(tuple(DEPARTMENT.values())), "ground": chance.one(("own_case", "consent"))}
    return _with(_about(town, chance, "open"), **more, **_soon(town, chance))


def _handover(*states: str, by_department: bool) -> Callable[[Town, _Chance], Deed | None]:
    def choice(town: Town, chance: _Chance) -> Deed | None:
        fitting = [one for one in town.handovers.values() if one.state in states]
        if not fitting or chance.percent(8):
            fitting = list(town.handovers.values())
        if not fitting:
            return None
        one = chance.lately(fitting)
        hers = next(who for who, department in DEPARTMENT.items() if department == one.department)
        who = (hers if chance.percent(92) else chance.one(EVERYBODY)) if by_department else chance.at_the_counter()
        return {"who": who, "handover": one.id}

    return choice


# ------------------------------------------------------------------------------------------------ contacts put right


def _contact(town: Town, chance: _Chance) -> Deed | None:
    return {"who": chance.at_the_counter(), "contact": chance.lately(_contacts(town)).id} if town.contacts else None


def _own(town: Town, chance: _Chance) -> Deed | None:
    """Mostly by who made it, and of what was made just now."""
    deed = _contact(town, chance)
    if deed is None:
        return None
    newest = _contacts(town)[-1].id if chance.percent(60) else deed["contact"]
    by = town.contacts[newest].by
    return {"who": by if by and chance.percent(85) else deed["who"], "contact": newest}


def _move(town: Town, chance: _Chance) -> Deed | None:
    deed = _contact(town, chance)
    people = sorted(town.persons(town.contacts[deed["contact"]])) if deed else []
    becomes = _somebody(town, chance)
    if deed is None or becomes is None or not (people or chance.percent(10)):
        return None
    return {**deed, "was": chance.one(people) if people else becomes, "becomes": becomes}


def _correct_service(town: Town, chance: _Chance) -> Deed | None:
    return _with(_about(town, chance), service=chance.one(SERVICES))


def _correct_channel(town: Town, chance: _Chance) -> Deed | None:
    return _with(_contact(town, chance), channel=chance.one(CHANNELS))


def _correct_times(town: Town, chance: _Chance) -> Deed | None:
    deed = _contact(town, chance)
    if deed is None:
        return None
    was = town.contacts[deed["contact"]]
    moved = dt.timedelta(minutes=-chance.one((30, 120, 1440, 2880)))
    return {**deed, "started_at": was.started_at + moved, "ended_at": was.ended_at + moved}


def _merge(town: Town, chance: _Chance) -> Deed | None:
    deed = _contact(town, chance)
    if deed is None:
        return None
    one = town.contacts[deed["contact"]]
    alike = [
        each.id
        for each in town.contacts.values()
        if each is not one
        and all(getattr(each, name) == getattr(one, name) for name in ("received_on", "channel", "who_asks"))
    ]
    return {**deed, "into": chance.one(alike) if alike and chance.percent(92) else chance.one(_contacts(town)).id}


def _part(town: Town, chance: _Chance) -> Deed | None:
    merged = [one.id for one in town.contacts.values() if one.merged_into]
    deed = _contact(town, chance)
    return _with(deed, contact=chance.lately(merged)) if merged and deed and chance.percent(95) else deed


def _amend(town: Town, chance: _Chance) -> Deed | None:
    return {"who": chance.at_the_counter(), "note": chance.lately(list(town.notes))} if town.notes else None


# ----------------------------------------------------------------------------------------------------------- people


def _meet(town: Town, chance: _Chance) -> Deed:
    here = _people(town)
    number = chance.one(here) if here and chance.percent(20) else len(town.citizens) + 1
    return {"who": chance.one(tuple(COUNTER)), "citizen": number}


def _one_of(town: Town, chance: _Chance) -> Deed | None:
    people = _people(town)
    return {"who": chance.one(tuple(COUNTER)), "citizen": chance.lately(people)} if people else None


def _protect(town: Town, chance: _Chance) -> Deed | None:
    return _with(_one_of(town, chance), kind=chance.one(("ordinary", "threat", "own", "none")))


def _die(town: Town, chance: _Chance) -> Deed | None:
    deed = _one_of(town, chance)
    return _with(deed, dead=not town.citizens[deed["citizen"]].dead) if deed else None


def _represent(town: Town, chance: _Chance) -> Deed | None:
    people = _people(town)
    if len(people) < 2:
        return None
    first = town.today + dt.timedelta(days=chance.one((0, 0, 0, -30, 5)))
    basis = chance.one(
        ("mandate", "mandate", "guardianship", "party_representative", "companion", "custody", "custody")
    )
    return {
        "who": chance.at_the_counter(),
        "citizen": chance.lately(people),
        "holder": chance.lately(people),
        "basis": basis,
        "services": tuple(sorted(set(chance.some(SERVICES, 3)))) if basis != "custody" and chance.percent(40) else None,
        "first": first,
        "end": None if chance.percent(50) else first + dt.timedelta(days=chance.one((0, 1, 20, 200))),
    }


def _revoke(town: Town, chance: _Chance) -> Deed | None:
    given = list(town.representations)
    return {"who": chance.at_the_counter(), "representation": chance.lately(given)} if given else None


def _restrict(town: Town, chance: _Chance) -> Deed | None:
    person = _somebody(town, chance)
    return {"who": chance.leader(), "citizen": person} if person else None


def _lift(town: Town, chance: _Chance) -> Deed | None:
    stored = [one.id for one in town.citizens.values() if one.restricted]
    person = chance.one(stored) if stored and chance.percent(90) else _somebody(town, chance)
    return {"who": chance.leader(), "citizen": person} if person else None


def _hold(town: Town, chance: _Chance) -> Deed | None:
    person = _somebody(town, chance)
    until = town.today + dt.timedelta(days=chance.one((0, 30, 300)))
    if town.contacts and chance.percent(50):
        return {"who": chance.leader(), "citizen": None, "contact": chance.lately(_contacts(town)).id, "until": until}
    return {"who": chance.leader(), "citizen": person, "contact": None, "until": until} if person else None


def _lift_hold(town: Town, chance: _Chance) -> Deed | None:
    return {"who": chance.leader(), "hold": chance.lately(list(town.holds))} if town.holds else None


# ------------------------------------------------------------------------------------------------------------ calls


def _pass_on(town: Town, chance: _Chance) -> Deed:
    to = [("employee", "alice"), ("employee", "bob"), ("centre", "aabybro"), ("centre", "pandrup")]
    to += [("department", "jobcenter"), ("department", "teknik"), ("employee", LEADER)]
    call = town.calls if town.calls and chance.percent(30) else town.calls + 1
    return {"who": chance.at_the_counter(), "to": chance.one(to), "call": call}


def _call(kind: str, name: str, *, by_giver: bool = False) -> Callable[[Town, _Chance], Deed | None]:
    def choice(town: Town, chance: _Chance) -> Deed | None:
        calls = list(getattr(town, kind).values())
        if not calls:
            return None
        call = chance.one(calls[-4:])
        who = {
            "employee": call.to[1],
            "centre": next((one for one in ("alice", "bob") if COUNTER[one] == call.to[1]), ""),
            "department": next((one for one, where in DEPARTMENT.items() if where == call.to[1]), ""),
        }[call.to[0]]
        who = call.giver if by_giver else who
        return {"who": who if chance.percent(90) else chance.one(EVERYBODY), name: call.id}

    return choice


def _count(town: Town, chance: _Chance) -> Deed:
    kind = chance.one(("information", "transaction", "reception"))
    where = chance.one(("aabybro", "pandrup", None))
    return {"who": chance.at_the_counter(), "channel": chance.one(CHANNELS), "kind": kind, "centre": where}


def _pass_time(town: Town, chance: _Chance) -> Deed:
    return {"minutes": chance.one(LONG)}


def _nothing_more(town: Town, chance: _Chance) -> Deed:
    return {}


def _erase(town: Town, chance: _Chance) -> Deed | None:
    person = _somebody(town, chance)
    return {"who": chance.leader(), "citizen": person} if person else None


CHOICES: dict[str, Callable[[Town, _Chance], Deed | None]] = {
    "register": _register,
    "again": _again,
    "conclude": _conclude,
    "reopen": _reopen,
    "take_over": lambda town, chance: _about(town, chance, "open"),
    "move_promise": lambda town, chance: _with(_about(town, chance, "open"), **_soon(town, chance)),
    "find_wrong": _find_wrong,
    "follow": _follow,
    "add_person": _add_person,
    "got_there": _got_there,
    "hand_over": _hand_over,
    "accept": _handover("sent", by_department=True),
    "decline": _handover("sent", by_department=True),
    "answer": _handover("accepted", by_department=True),
    "send_back": _handover("accepted", by_department=True),
    "tell": _handover("answered", by_department=False),
    "take_back": _own,
    "strike": _own,
    "move": _move,
    "correct_service": _correct_service,
    "correct_channel": _correct_channel,
    "correct_times": _correct_times,
    "merge": _merge,
    "part": _part,
    "note": _contact,
    "amend": _amend,
    "meet": _meet,
    "protect": _protect,
    "die": _die,
    "represent": _represent,
    "revoke": _revoke,
    "restrict": _restrict,
    "lift": _lift,
    "hold": _hold,
    "lift_hold": _lift_hold,
    "offer": _pass_on,
    "ask": _pass_on,
    "take_call": _call("transfers", "transfer"),
    "decline_call": _call("transfers", "transfer"),
    "withdraw_call": _call("transfers", "transfer", by_giver=True),
    "advise": _call("consultations", "consultation"),
    "ask_no_more": _call("consultations", "consultation", by_giver=True),
    "lapse": _nothing_more,
    "count": _count,
    "pass_time": _pass_time,
    "retain": _nothing_more,
    "erase": _erase,
}
