"""What both say is so: the same questions asked of the town and of the house, with answers in the town's numbers."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import Model, QuerySet

from hovedindgang.contacts.doors import enquiries_seen
from hovedindgang.contacts.history import read_history
from hovedindgang.contacts.models import (
    Consultation,
    Contact,
    Enquiry,
    EnquiryPerson,
    Handover,
    Note,
    OutcomeChange,
    Signpost,
    Tally,
    Transfer,
)
from hovedindgang.contacts.queries import department_inbox, owed
from hovedindgang.insight.models import ContactDay, EnquiryDay, HourDay
from hovedindgang.kernel import clock
from hovedindgang.people.models import Citizen, Representation, RepresentationService, Restriction
from hovedindgang.people.powers import may_hear, power_of
from hovedindgang.people.queries import protected_among
from hovedindgang.people.representing import Power
from hovedindgang.privacy.models import Hold
from stateful.figures import OF_CONTACTS, OF_MATTERS, Sums
from stateful.house import House
from stateful.town import COUNTER, DENMARK, DEPARTMENT, EVERYBODY, Matter, Town
from stateful.town import Contact as OfTown

Said = dict[Any, Any]


class Names:
    """From rows to the town's numbers, for one reading."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._of = {kind: house.numbers(kind) for kind in house.rows}
        self.staff: dict[int | None, str | None] = {None: None}
        self.staff |= {one.pk: name for name, one in house.staff.items()}

    def __call__(self, kind: str, row: int | None) -> int | None:
        return None if row is None else self._of[kind].get(row, -row)


def _day(at: dt.datetime | None) -> dt.date | None:
    return at.astimezone(DENMARK).date() if at else None


# ------------------------------------------------------------------------------------------------------------- rows


def rows_of_town(town: Town) -> dict[str, Said]:
    """Everything that stands about everybody."""
    return {
        "contacts": {one.id: _contact(one) for one in town.contacts.values()},
        "matters": {one.id: _matter(town, one) for one in town.matters.values()},
        "handovers": {
            one.id: (one.matter, one.department, one.state, one.promised_on, one.sent_by, one.told)
            for one in town.handovers.values()
        },
        "signposts": {
            one.id: (one.matter, one.authority, one.department, one.got_there) for one in town.signposts.values()
        },
        "notes": {one.id: (one.contact, one.author, one.amends) for one in town.notes.values() if not one.gone},
        "citizens": {
            one.id: (one.protected, one.dead, one.restricted) for one in town.citizens.values() if not one.gone
        },
        "representations": {
            one.id: (one.citizen, one.holder, one.basis, one.services, one.first, one.end, one.revoked)
            for one in town.representations.values()
            if not one.gone
        },
        "holds": {
            one.id: (one.citizen, one.contact, one.until, one.lifted) for one in town.holds.values() if not one.gone
        },
        "transfers": {
            one.id: (one.giver, one.to, one.state, one.answered_by, one.contact) for one in town.transfers.values()
        },
        "consultations": {
            one.id: (one.giver, one.to, one.state, one.answered_by, one.contact)
            for one in town.consultations.values()
            if not one.gone
        },
        "strokes": dict(enumerate(town.tallies, start=1)),
    }


def _contact(one: OfTown) -> tuple[Any, ...]:
    times = (
        (_day(one.started_at), one.started_at.astimezone(DENMARK).hour)
        if one.forgotten
        else (
            one.started_at,
            one.ended_at,
        )
    )
    whose = (one.by, one.asker, one.who_asks, one.identity, one.representation, bool(one.caller))
    where = (one.channel, one.centre, one.department, one.direction, one.received_on, one.late)
    return whose, where, times, one.merged_into, one.mistake, one.forgotten


def _matter(town: Town, one: Matter) -> tuple[Any, ...]:
    forgotten = town.contacts[one.contact].forgotten
    what = (one.contact, one.service, one.kind, one.level, one.preparatory)
    how = (one.outcome, _day(one.outcome_at) if forgotten else one.outcome_at, one.by, one.owner, one.promised_on)
    more = (one.worked_by, one.on_the_spot, one.why, one.follows, one.how, one.found_wrong_on)
    return (
        what,
        how,
        more,
        tuple(sorted(one.persons)),
        tuple((each.was, each.became, each.why, _day(each.at) if forgotten else each.at) for each in one.changes),
    )


def rows_of_house(house: House) -> dict[str, Said]:
    name = Names(house)
    by = name.staff
    forgotten = set(Contact.every.filter(forgotten__isnull=False).values_list("pk", flat=True))
    persons, changes = (
        _gathered(EnquiryPerson.objects.all(), "enquiry"),
        _gathered(OutcomeChange.objects.all(), "enquiry"),
    )
    limits = _gathered(RepresentationService.objects.all(), "representation")
    stored = set(Restriction.objects.values_list("citizen_id", flat=True))
    contacts = {}
    for row in Contact.every.order_by("pk"):
        gone = row.pk in forgotten
        began = row.started_at.astimezone(DENMARK)
        contacts[name("contact", row.pk)] = (
            (
                *(by[row.employee_id], name("citizen", row.asker_id), row.who_asks, row.identity),
                *(name("representation", row.representation_id), row.repeat_key is not None),
            ),
            (row.channel, row.centre_id, row.department_id, row.direction, row.received_on, row.late),
            (began.date(), began.hour) if gone else (row.started_at, row.ended_at),
            *(name("contact", row.merged_into_id), row.mistake, gone),
        )
    matters = {}
    for each in Enquiry.every.order_by("pk"):
        at = _day(each.outcome_at) if each.contact_id in forgotten else each.outcome_at
        matters[name("enquiry", each.pk)] = (
            (name("contact", each.contact_id), each.service_id, each.kind, each.level, each.preparatory),
            (each.outcome, at, by[each.outcome_by_id], by[each.owner_id], each.promised_on),
            (
                *(each.worked_by, each.on_the_spot, each.come_back_reason or each.withdrawn_why),
                *(name("enquiry", each.follows_id), each.follows_how, each.found_wrong_on),
            ),
            tuple(sorted(name("citizen", one.citizen_id) or 0 for one in persons.get(each.pk, []))),
            tuple(
                (one.was, one.became, one.why, _day(one.at) if each.contact_id in forgotten else one.at)
                for one in changes.get(each.pk, [])
            ),
        )
    return {
        "contacts": contacts,
        "matters": matters,
        "handovers": {
            name("handover", one.pk): (
                *(name("enquiry", one.enquiry_id), one.department_id, one.state, one.promised_on),
                *(by[one.sent_by_id], one.told_at is not None),
            )
            for one in Handover.every.order_by("pk")
        },
        "signposts": {
            name("signpost", one.pk): (
                *(name("enquiry", one.enquiry_id), one.authority_id, one.department_id, one.got_there),
            )
            for one in Signpost.objects.order_by("pk")
        },
        "notes": {
            name("note", one.pk): (name("contact", one.contact_id), by[one.author_id], name("note", one.amends_id))
            for one in Note.objects.order_by("pk")
        },
        "citizens": {
            name("citizen", one.pk): (
                (one.protected_from, one.protected_to) if one.protection != "none" else None,
                one.dead_on is not None,
                one.pk in stored,
            )
            for one in Citizen.objects.order_by("pk")
        },
        "representations": {
            name("representation", one.pk): (
                *(name("citizen", one.citizen_id), name("citizen", one.holder_id), one.basis),
                None if one.every_service else tuple(sorted(each.service_id for each in limits.get(one.pk, []))),
                *(one.valid_from, one.valid_to, one.revoked_at is not None),
            )
            for one in Representation.objects.order_by("pk")
        },
        "holds": {
            name("hold", one.pk): (
                *(name("citizen", one.citizen_id), name("contact", one.contact_id), one.until),
                one.lifted_at is not None,
            )
            for one in Hold.objects.order_by("pk")
        },
        "transfers": {
            name("transfer", one.pk): _call(name, one, one.given_by_id) for one in Transfer.objects.order_by("pk")
        },
        "consultations": {
            name("consultation", one.pk): _call(name, one, one.asked_by_id)
            for one in Consultation.objects.order_by("pk")
        },
        "strokes": {
            name("tally", one.pk): (one.on, one.centre_id, one.channel, one.kind)
            for one in Tally.objects.order_by("pk")
        },
    }


def _call(name: Names, row: Transfer | Consultation, giver: int) -> tuple[Any, ...]:
    if row.to_employee_id:
        to: tuple[str, str | None] = ("employee", name.staff[row.to_employee_id])
    else:
        to = ("centre", row.to_centre_id) if row.to_centre_id else ("department", row.to_department_id)
    return name.staff[giver], to, row.state, name.staff[row.answered_by_id], name("contact", row.contact_id)


def _gathered(rows: QuerySet[Any], by: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows.order_by("pk"):
        found.setdefault(getattr(row, f"{by}_id"), []).append(row)
    return found


# ------------------------------------------------------------------------------------------- lists, doors, histories


def lists_of_town(town: Town, turn: int) -> dict[str, Said]:
    """What lies with whom, and what each may see; by turns, since the lists are what takes the longest to read."""
    owed_to, looks = _by_turn(turn)
    lying = [one for one in town.handovers.values() if one.lies and town.stands(town.matters[one.matter])]
    inboxes = {who: [one.id for one in _soonest(lying) if one.department == where] for who, where in DEPARTMENT.items()}
    return {
        "inboxes": inboxes,
        "owed": {owed_to: _owed(town, owed_to)},
        "sees": {looks: {one.id for one in town.matters.values() if town.sees(looks, one)}},
        "protected": {
            one.id
            for one in town.citizens.values()
            if one.protected and not one.gone and one.protected[0] <= town.today
            if one.protected[1] is None or town.today < one.protected[1]
        },
    }


def _by_turn(turn: int) -> tuple[str, str]:
    return tuple(COUNTER)[turn % len(COUNTER)], EVERYBODY[turn % len(EVERYBODY)]


def _soonest(rows: Iterable[Any]) -> list[Any]:
    """By the promised day; what has none comes last."""
    return sorted(rows, key=lambda one: (one.promised_on or dt.date.max, one.id))


def _owed(town: Town, who: str) -> tuple[list[int], ...]:
    standing = [one for one in town.matters.values() if town.sees(who, one)]
    sent = [one for one in town.handovers.values() if one.sent_by == who and town.sees(who, town.matters[one.matter])]
    lists = (
        [one for one in standing if one.outcome == "open" and one.owner == who],
        [
            one
            for one in standing
            if one.outcome in ("open", "passed_on") and one.promised_on and one.promised_on < town.today
        ],
        [one for one in standing if one.outcome == "come_back" and town.contacts[one.contact].by == who],
        [one for one in sent if one.state == "answered" and not one.told],
        [one for one in sent if one.lies],
    )
    return tuple([one.id for one in _soonest(rows)] for rows in lists)


def lists_of_house(house: House, turn: int) -> dict[str, Said]:
    name = Names(house)
    owed_to, looks = _by_turn(turn)

    def numbers(kind: str, rows: Iterable[Model]) -> list[int | None]:
        return [name(kind, row.pk) for row in rows]

    def lists(who: str) -> tuple[list[int | None], ...]:
        found = owed(house.staff[who])
        matters = [numbers("enquiry", rows) for rows in (found.mine, found.overdue, found.waiting)]
        return (*matters, *(numbers("handover", rows) for rows in (found.answers, found.out)))

    everybody = list(Citizen.objects.values_list("pk", flat=True))
    return {
        "inboxes": {who: numbers("handover", department_inbox(house.staff[who])) for who in DEPARTMENT},
        "owed": {owed_to: lists(owed_to)},
        "sees": {looks: set(numbers("enquiry", enquiries_seen(house.staff[looks])))},
        "protected": set(numbers("citizen", protected_among(everybody))),
    }


def history_of_town(town: Town, citizen: int) -> list[tuple[Any, ...]]:
    """Newest first: each contact with her matters, its notes where all of it is hers, and what is folded in."""
    roots = set()
    for contact in town.contacts.values():
        root = contact.merged_into or contact.id
        named = any(citizen in one.persons for one in town.of(contact))
        if contact.mistake is None and (contact.asker == citizen or named):
            roots.add(root)
    entries = []
    for number in roots:
        root = town.contacts[number]
        family = [root, *town.folded(root)]
        matters = [one for each in family for one in town.of(each)]
        whole = any(one.asker == citizen for one in family) or all(citizen in one.persons for one in matters)
        hers = [one.id for one in matters if whole or citizen in one.persons]
        numbers = {one.id for one in family}
        notes = [one.id for one in town.notes.values() if one.contact in numbers and not one.gone] if whole else []
        folded = tuple(sorted(numbers - {number}))
        entries.append((root.started_at, number, tuple(sorted(hers)), tuple(sorted(notes)), folded, not whole))
    return [entry[1:] for entry in sorted(entries, reverse=True)]


def history_of_house(house: House, citizen: int) -> list[tuple[Any, ...]]:
    name = Names(house)
    return [
        (
            name("contact", one.contact_id),
            tuple(sorted(name("enquiry", each.id) or 0 for each in one.enquiries)),
            tuple(sorted(name("note", each.id) or 0 for each in one.notes)),
            tuple(sorted(name("contact", each) or 0 for each in one.merged)),
            one.about_others,
        )
        for one in read_history(house.rows["citizen"][citizen], limit=1000)
    ]


def powers_of_town(town: Town, numbers: Iterable[int], service: str) -> Said:
    """By each representation: whether its holder may act in the service today, and be told everything."""
    found = {}
    for number in numbers:
        given = town.representations[number]
        if not given.gone:
            pair = [
                one
                for one in town.representations.values()
                if (one.citizen, one.holder) == (given.citizen, given.holder) and not one.gone
            ]
            hears = any(
                one.services is None and one.basis != "companion" and not town.why_not(one, [], town.today)
                for one in pair
            )
            found[number] = (not town.why_not(given, [service], town.today), hears)
    return found


def powers_of_house(house: House, town: Town, numbers: Iterable[int], service: str) -> Said:
    found = {}
    for number in numbers:
        given = town.representations[number]
        if not given.gone:
            pair = {
                "holder_id": house.rows["citizen"][given.holder],
                "citizen_id": house.rows["citizen"][given.citizen],
            }
            row = house.rows["representation"][number]
            on = clock.today()
            against = power_of(representation_id=row, services=[service], power=Power.ACT, on=on, **pair)
            found[number] = (against is None, may_hear(on=on, **pair) is not None)
    return found


# ---------------------------------------------------------------------------------------------------------- figures


def figures_of_house(*, shown: bool = False) -> dict[str, Sums]:
    """As they are kept: what a fresh count gives, or (`shown`) what the board says of closed months."""
    kept: dict[str, Any] = {"shown": True} if shown else {"current": True}
    counted = (*OF_CONTACTS, "counted_information", "counted_transaction", "counted_reception")
    return {
        "contacts": _summed(ContactDay.objects.filter(**kept), ("day", "centre_id", "channel"), counted),
        "matters": _summed(
            EnquiryDay.objects.filter(**kept), ("day", "centre_id", "channel", "service_id", "level"), tuple(OF_MATTERS)
        ),
        "hours": _summed(HourDay.objects.filter(**kept), ("day", "hour", "centre_id", "channel"), ("registered",)),
    }


def _summed(rows: QuerySet[Any], by: tuple[str, ...], names: tuple[str, ...]) -> Sums:
    found: Sums = {}
    for place_and_counts in rows.values_list(*by, *names):
        place, counts = place_and_counts[: len(by)], place_and_counts[len(by) :]
        row = found.setdefault(place, Counter())
        row.update({name: count for name, count in zip(names, counts, strict=True) if count})
    return {place: row for place, row in found.items() if row}
