"""What is forgotten when, and what figures keep of it: retention and erasure in the plain model."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable

from stateful.figures import unanswered
from stateful.town import DENMARK, KEPT_DAYS, Contact, Hold, Matter, Refused, Town

AT_ONCE = 7  # of one batch; the house does as many in the test
FIGURES_SETTLE = dt.timedelta(days=92)
Group = list[Contact]


def retain(town: Town) -> list[tuple[str, str, int | str, str | None, int | None]]:
    """One run over all that is due; its events are counted by their facts, whatever the batches were."""
    town.forgot, town.kept = Counter(), Counter()
    due = {one.id for one in town.contacts.values() if _may_be_due(town, one)}
    going = []
    for group in groups_of(town, due):
        kept = _kept(town, group)
        if kept is None:
            going.append(group)
        elif kept != "not_yet":
            town.kept[kept] += len(group)
    for group in going:
        forget(town, group)
        town.forgot["contacts"] += len(group)
    after = 0
    while batch := _unneeded(town, after):
        after = batch[-1]
        town.forgot["citizens"] += _let_go(town, [one for one in batch if not _stays(town, one)])
    return []


def _may_be_due(town: Town, contact: Contact) -> bool:
    """Every one of its services, of which a period is said, was kept its time since the contact came."""
    if contact.forgotten or contact.received_on > town.today - FIGURES_SETTLE:
        return False
    days = [KEPT_DAYS[one.service] for one in town.of(contact) if one.service in KEPT_DAYS]
    return all(contact.received_on <= town.today - dt.timedelta(days=each) for each in days)


def groups_of(town: Town, numbers: Iterable[int]) -> list[Group]:
    """Whoever is merged or linked with one of these goes with it, however far away."""
    beside: dict[int, set[int]] = {}
    for matter in town.matters.values():
        if matter.follows:
            _join(beside, matter.contact, town.matters[matter.follows].contact)
    for contact in town.contacts.values():
        if contact.merged_into:
            _join(beside, contact.id, contact.merged_into)
    found, seen = [], set()
    for number in sorted(numbers):
        if number in seen or town.contacts[number].forgotten:
            continue
        group, fresh = set(), {number}
        while fresh:
            group |= fresh
            fresh = {other for one in fresh for other in beside.get(one, ()) if not town.contacts[other].forgotten}
            fresh -= group
        seen |= group
        found.append([town.contacts[one] for one in sorted(group)])
    return found


def _join(beside: dict[int, set[int]], one: int, other: int) -> None:
    beside.setdefault(one, set()).add(other)
    beside.setdefault(other, set()).add(one)


def _kept(town: Town, group: Group) -> str | None:
    """The first reason, in the order in which they are told; None: its time has come."""
    reasons = obstacles(town, group)
    matters = [matter for contact in group for matter in town.of(contact)]
    if any(matter.service not in KEPT_DAYS for matter in matters):
        reasons.add("no_period")
    else:
        last = {contact.id: _last_day(town, contact) for contact in group}
        ends = [last[one.contact] + dt.timedelta(days=KEPT_DAYS[one.service]) for one in matters]
        if town.today < max(*ends, max(last[one.contact] for one in matters) + FIGURES_SETTLE):
            reasons.add("not_yet")
    order = ("hold", "open", "handover", "untold", "restricted", "no_period", "not_yet")
    return next((reason for reason in order if reason in reasons), None)


def obstacles(town: Town, group: Group) -> set[str]:
    reasons = {_held(town, person) for contact in group for person in town.persons(contact)}
    for contact in group:
        if any(one.contact == contact.id and _holds(town, one) for one in town.holds.values()):
            reasons.add("hold")
        if contact.mistake:
            continue
        for matter in town.of(contact):
            handed = town.handed(matter)
            reasons |= {"open"} if matter.outcome == "open" else set()
            reasons |= {"handover"} if any(one.lies for one in handed) else set()
            reasons |= {"untold"} if any(one.state == "answered" and not one.told for one in handed) else set()
    return reasons - {""}


def _holds(town: Town, hold: Hold) -> bool:
    return not hold.lifted and not hold.gone and hold.until >= town.today


def _held(town: Town, person: int) -> str:
    if any(one.citizen == person and _holds(town, one) for one in town.holds.values()):
        return "hold"
    return "restricted" if town.citizens[person].restricted else ""


def _last_day(town: Town, contact: Contact) -> dt.date:
    """The last day anything happened in it. (A note's day is the database's own, which no test moves.)"""
    days = [contact.received_on]
    for matter in town.of(contact):
        days += [matter.outcome_at.astimezone(DENMARK).date()] if matter.outcome_at else []
        days += [day for one in town.handed(matter) for day in one.days]
    return max(days)


def keep_for_figures(town: Town, going: Iterable[Matter]) -> None:
    """Whether somebody was known, and the first day she came again, of what goes and of what it answers for."""
    numbers = {one.id for one in going}
    standing = [one for one in town.matters.values() if town.stands(one)]
    for one in standing:
        if one.id in numbers:
            one.kept_known = one.kept_known or _known(town, one)
    for one in standing:
        for other in standing:
            if (one.id in numbers or other.id in numbers) and unanswered(town, one, other):
                day = town.root(other).received_on
                one.kept_again = min(one.kept_again or day, day)


def _known(town: Town, matter: Matter) -> bool:
    root = town.root(matter)
    return bool(matter.persons) or bool(town.numbers_of(root))


def forget(town: Town, group: Group) -> None:
    """What is left of each is a row that counts."""
    keep_for_figures(town, [matter for contact in group for matter in town.of(contact)])
    numbers = {contact.id for contact in group}
    for contact in group:
        contact.forgotten = True
        contact.asker = contact.by = contact.identity = contact.representation = None
        contact.caller = ""
        for matter in town.of(contact):
            if matter.outcome == "open":  # of a mistake
                matter.outcome, matter.why, matter.outcome_at = "withdrawn", "changed_mind", town.now
            matter.by = matter.owner = None
            matter.persons = set()
            for one in town.handed(matter):
                one.sent_by = None
    for one in town.notes.values():
        one.gone = one.gone or one.contact in numbers
    for one in town.holds.values():
        one.gone = one.gone or one.contact in numbers
    for one in town.consultations.values():
        one.gone = one.gone or one.contact in numbers
    for one in town.transfers.values():
        one.contact = None if one.contact in numbers else one.contact


def _needed(town: Town, citizen: int) -> bool:
    """Whether a row keeps her: a contact, a matter, or that she was once somebody's representative."""
    asks = any(one.asker == citizen for one in town.contacts.values())
    named = any(citizen in one.persons for one in town.matters.values())
    return asks or named or any(one.holder == citizen and not one.gone for one in town.representations.values())


def _unneeded(town: Town, after: int) -> list[int]:
    there = sorted(one.id for one in town.citizens.values() if not one.gone and one.id > after)
    return [one for one in there if not _needed(town, one)][:AT_ONCE]


def _stays(town: Town, citizen: int) -> bool:
    return bool(_held(town, citizen)) or town.has_running(citizen)


def _let_go(town: Town, going: Iterable[int]) -> int:
    done = 0
    for number in [one for one in going if not _needed(town, one)]:
        done += 1
        town.citizens[number].gone = True
        for given in town.representations.values():
            if given.citizen == number and not given.gone:
                given.gone = True
                for contact in town.contacts.values():
                    contact.representation = None if contact.representation == given.id else contact.representation
        for one in town.holds.values():
            one.gone = one.gone or one.citizen == number
    return done


def erase(town: Town, citizen: int) -> list[Contact]:
    """She is erased; gives the contacts that were hers alone. Raises Refused."""
    hers = {one.id for one in town.contacts.values() if not one.forgotten and citizen in town.persons(one)}
    groups = groups_of(town, hers)
    reasons = {reason for group in groups for reason in obstacles(town, group)} | {_held(town, citizen)} - {""}
    if reasons or any(one.holder == citizen and not one.gone for one in town.representations.values()):
        raise Refused
    own = [group for group in groups if {person for one in group for person in town.persons(one)} <= {citizen}]
    shared = [contact for group in groups if group not in own for contact in group]
    keep_for_figures(town, [matter for group in groups for contact in group for matter in town.of(contact)])
    for contact in shared:
        if contact.asker == citizen:
            contact.asker = contact.identity = None
            contact.caller = ""
        given = town.representations.get(contact.representation or 0)
        if given and citizen in (given.citizen, given.holder):
            contact.representation = None
        for matter in town.of(contact):
            matter.persons = matter.persons - {citizen}
    for group in own:
        forget(town, group)
    _let_go(town, [citizen])
    return [contact for group in own for contact in group]
