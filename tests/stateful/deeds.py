"""What each deed does to the town, or why it is not done; with the events it leaves, in order.

A deed is a dict: its name and what it is about, in the town's own numbers. It raises before it changes anything.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from stateful import forgetting
from stateful.town import (
    COUNTER,
    DENMARK,
    DEPARTMENT,
    LEADER,
    Call,
    Change,
    Citizen,
    Contact,
    Handover,
    Hold,
    Matter,
    NoAccess,
    Note,
    Refused,
    Representation,
    Signpost,
    Town,
)

Told = tuple[str, str, int | str, str | None, int | None]  # verb, kind and number of the subject, who, on whose behalf
Deed = dict[str, Any]
INFORMATION = ("aabningstider",)
ANSWER_WITHIN = dt.timedelta(seconds=60)
TAKEN_BACK_WITHIN = dt.timedelta(minutes=5)


def level(service: str, centre: str | None) -> str:
    if service == "byggesag":
        return "refer"
    return "guide" if service == "pas" and centre != "aabybro" else "administer"


def do(town: Town, deed: Deed) -> list[Told]:
    """The events it leaves. Raises Refused, NoAccess."""
    told = DEEDS[deed["deed"]](town, deed)
    town.deeds += 1
    return told


def _told(verb: str, kind: str, number: int | str, who: str | None, behalf: int | None = None) -> Told:
    return verb, kind, number, who, behalf


def _leave(*, when: bool) -> None:
    if when:
        raise Refused


def _keep_out(*, when: bool) -> None:
    if when:
        raise NoAccess


# ------------------------------------------------------------------------------------------------------- registering


def register(town: Town, deed: Deed) -> list[Told]:
    said, who = deed["contact"], deed["who"]
    key = deed.get("call")
    _refuse_anothers_call(town, who, key)
    day = said["started_at"].astimezone(DENMARK).date()
    whom = [_for_whom(said, one) for one in said["matters"]]
    seen = {*([said["asker"]] if said["asker"] else []), *(person for one in whom for person in one)}
    for one, persons in zip(said["matters"], whom, strict=True):
        if one["follows"]:
            earlier = town.matters[one["follows"]]
            behind = town.persons_behind(earlier)
            own = {*persons, *([said["asker"]] if said["asker"] else [])}
            there = town.stands(earlier) and not town.contacts[earlier.contact].forgotten
            _leave(when=not there or bool(behind and behind.isdisjoint(own)))
            _leave(when=town.contacts[earlier.contact].received_on > day)
    behalf = None
    if said["representation"]:
        given = town.representations[said["representation"]]
        services = [one["service"] for one in said["matters"]]
        _leave(when=said["who_asks"] != "helper" or said["asker"] is None or {len(one) for one in whom} != {1})
        _leave(when=len({tuple(one) for one in whom}) != 1 or given.gone)
        behalf = whom[0][0]
        _leave(when=(given.holder, given.citizen) != (said["asker"], behalf) or town.why_not(given, services, day))
    _leave(when=not all(town.person(one) for one in seen))
    for one, persons in zip(said["matters"], whom, strict=True):
        stored = {person for person in persons if town.citizens[person].restricted}
        _leave(when=bool(stored) and not said["representation"] and stored != {said["asker"]})
        _leave(when=bool(stored) and one["outcome"] == "passed_on" and one["ground"] != "consent")
    _leave(when=bool(town.closed(who) & seen))
    told = _keep_call(town, who, key)
    made = _new_contact(town, deed, day)
    for one, persons in zip(said["matters"], whom, strict=True):
        _new_matter(town, made, one, persons)
    if said["note"]:
        town.notes[len(town.notes) + 1] = Note(len(town.notes) + 1, made.id, who)
    for number in made.matters:
        _settle_earlier(
            town, town.matters[number], "department" if made.department else "borgerservice", made.ended_at, who
        )
    if key is not None:
        for call in [*town.transfers.values(), *town.consultations.values()]:
            if call.key == key and call.contact is None:
                call.contact = made.id
    town.last_register, town.last_registered = deed, made.id
    return [*told, _told("contact.registered", "contact", made.id, who, behalf)]


def _for_whom(said: Deed, one: Deed) -> tuple[int, ...]:
    if one["for_whom"] is not None:
        return tuple(dict.fromkeys(one["for_whom"]))
    return (said["asker"],) if said["asker"] and said["who_asks"] == "citizen" else ()


def _new_contact(town: Town, deed: Deed, day: dt.date) -> Contact:
    said, number = deed["contact"], len(town.contacts) + 1
    made = Contact(
        id=number,
        by=deed["who"],
        asker=said["asker"],
        who_asks=said["who_asks"],
        identity=said["identity"],
        representation=said["representation"],
        channel=said["channel"],
        centre=said["centre"],
        department=said["department"],
        direction=said["direction"],
        caller=said["caller"],
        started_at=said["started_at"],
        ended_at=said["ended_at"],
        received_on=day,
        late=town.today > day,
        registered_at=town.now,
    )
    town.contacts[number] = made
    return made


def _new_matter(town: Town, contact: Contact, one: Deed, persons: tuple[int, ...]) -> None:
    number, outcome = len(town.matters) + 1, one["outcome"]
    is_open, resolved = outcome == "open", outcome == "resolved"
    made = Matter(
        id=number,
        contact=contact.id,
        service=one["service"],
        kind="information" if one["service"] in INFORMATION else "transaction",
        level=level(one["service"], contact.centre),
        preparatory=one["service"] == "pas_afhentning",
        outcome=outcome,
        outcome_at=None if is_open else contact.ended_at,
        by=None if is_open else contact.by,
        owner=contact.by if is_open else None,
        promised_on=one["promised_on"] if outcome in ("open", "passed_on") else None,
        persons=set(persons),
        worked_by=("department" if contact.department else "borgerservice") if resolved else "",
        on_the_spot=resolved,
        why=one["why"],
        follows=one["follows"],
        how=one["how"],
    )
    town.matters[number] = made
    contact.matters.append(number)
    if outcome == "passed_on":
        entered_later = town.today > contact.ended_at.astimezone(DENMARK).date()  # the department knew nothing before
        asked_at = town.now if entered_later else contact.ended_at
        _new_handover(town, made, one["department"], one["promised_on"], contact.by, asked_at)
    if outcome == "signposted":
        _new_signpost(town, made, one)


def _new_handover(
    town: Town, matter: Matter, department: str, promised_on: dt.date, who: str | None, at: dt.datetime
) -> Handover:
    number = len(town.handovers) + 1
    days = [at.astimezone(DENMARK).date()]
    town.handovers[number] = Handover(number, matter.id, department, promised_on, who, days)
    return town.handovers[number]


def _new_signpost(town: Town, matter: Matter, one: Deed) -> None:
    number = len(town.signposts) + 1
    authority = one.get("authority")
    town.signposts[number] = Signpost(number, matter.id, authority, None if authority else one["department"])


def _settle_earlier(town: Town, matter: Matter, worked_by: str, at: dt.datetime, who: str) -> None:
    """She came with what was missing: what had waited for it is resolved too."""
    if matter.how != "planned_step" or matter.outcome != "resolved" or matter.preparatory:
        return
    for earlier in _those_that_waited(town, town.matters[matter.follows or 0]):
        earlier.changes.append(Change("come_back", "resolved", "came_back", town.now, earlier.why))
        earlier.outcome, earlier.why, earlier.worked_by, earlier.on_the_spot = "resolved", "", worked_by, False
        earlier.outcome_at, earlier.by = at, who


def _those_that_waited(town: Town, one: Matter) -> list[Matter]:
    """She had come before and lacked something else: both visits waited. A time booked in between waits for nothing."""
    waited = []
    while True:
        if one.outcome == "come_back":
            waited.append(one)
        elif not (one.preparatory and one.outcome == "resolved"):
            return waited
        if one.how != "planned_step":
            return waited
        one = town.matters[one.follows or 0]


def again(town: Town, deed: Deed) -> list[Told]:
    """The same form sent once more: nothing happens."""
    return []


# --------------------------------------------------------------------------------------------------------- outcomes


def _change(town: Town, matter: Matter, became: str, why: str, who: str) -> None:
    matter.changes.append(Change(matter.outcome, became, why, town.now))
    matter.outcome, matter.on_the_spot, matter.owner = became, False, None
    matter.outcome_at, matter.by = town.now, who


def _open_again(town: Town, matter: Matter, why: str, owner: str, promised_on: dt.date) -> None:
    _promise_anew(town, matter, promised_on)
    matter.changes.append(Change(matter.outcome, "open", why, town.now))
    matter.outcome, matter.on_the_spot, matter.outcome_at, matter.by = "open", False, None, None
    matter.worked_by = matter.why = ""
    matter.owner = owner


def _promise_anew(town: Town, matter: Matter, promised_on: dt.date) -> None:
    """A day that had passed before she heard, or came for what was ready, stays a broken promise."""
    if promised_on != matter.promised_on and town.breaks_its_word(matter, town.continued(matter)):
        matter.promise_broken = True
    matter.promised_on = promised_on


def conclude(town: Town, deed: Deed) -> list[Told]:
    matter, who = town.matter(deed["who"], deed["matter"]), deed["who"]
    _leave(when=matter.outcome != "open")
    matter.why = deed["why"]
    matter.worked_by = ("borgerservice" if who in COUNTER else "department") if deed["outcome"] == "resolved" else ""
    _change(town, matter, deed["outcome"], "concluded", who)
    if deed["outcome"] == "signposted":
        _new_signpost(town, matter, deed)
    _settle_earlier(town, matter, matter.worked_by, town.now, who)
    return [_told("enquiry.concluded", "enquiry", matter.id, who)]


def reopen(town: Town, deed: Deed) -> list[Told]:
    matter = town.matter(deed["who"], deed["matter"])
    _leave(when=matter.outcome in ("open", "passed_on"))
    _leave(when=matter.outcome == "come_back" and deed["why"] not in ("came_back", "reopened"))
    _open_again(town, matter, deed["why"], deed["who"], deed["promised_on"])
    return [_told("enquiry.reopened", "enquiry", matter.id, deed["who"])]


def take_over(town: Town, deed: Deed) -> list[Told]:
    matter = town.matter(deed["who"], deed["matter"])
    _keep_out(when=deed["who"] not in COUNTER)
    _leave(when=matter.outcome != "open")
    if matter.owner == deed["who"]:
        return []
    matter.owner = deed["who"]
    return [_told("enquiry.taken_over", "enquiry", matter.id, deed["who"])]


def move_promise(town: Town, deed: Deed) -> list[Told]:
    matter = town.matter(deed["who"], deed["matter"])
    _leave(when=matter.outcome != "open")
    _promise_anew(town, matter, deed["promised_on"])
    return [_told("enquiry.promise_moved", "enquiry", matter.id, deed["who"])]


def find_wrong(town: Town, deed: Deed) -> list[Told]:
    matter = town.matter(deed["who"], deed["matter"])
    on = deed["on"]
    _leave(when=on is not None and (on > town.today or on < town.contacts[matter.contact].received_on))
    matter.found_wrong_on = on
    return [_told("enquiry.found_wrong", "enquiry", matter.id, deed["who"])]


def follow(town: Town, deed: Deed) -> list[Told]:
    matter = town.matter(deed["who"], deed["matter"])
    if deed["follows"] is not None:
        earlier = town.matter(deed["who"], deed["follows"])
        _leave(when=town.root(earlier) is town.root(matter))
        began, before = (town.contacts[one.contact].started_at for one in (matter, earlier))
        _leave(when=(before, earlier.id) >= (began, matter.id) or town.leads_to(earlier, matter))
        behind = town.persons_behind(earlier)
        _leave(when=bool(behind and behind.isdisjoint(town.persons_behind(matter))))
    matter.follows, matter.how = deed["follows"], deed["how"] or ""
    return [_told("enquiry.followed", "enquiry", matter.id, deed["who"])]


def add_person(town: Town, deed: Deed) -> list[Told]:
    matter, person = town.matter(deed["who"], deed["matter"]), deed["citizen"]
    author = town.contacts[matter.contact].by or ""
    _leave(when=not town.person(person) or person in town.closed(deed["who"]) | town.closed(author))
    _leave(when=town.citizens[person].restricted and town.contacts[matter.contact].asker != person)
    matter.persons.add(person)
    return [_told("enquiry.for_whom_added", "enquiry", matter.id, deed["who"])]


def got_there(town: Town, deed: Deed) -> list[Told]:
    signpost = town.signposts[deed["signpost"]]
    matter = town.matters[signpost.matter]
    _keep_out(when=deed["who"] not in COUNTER or not town.sees(deed["who"], matter))
    signpost.got_there = deed["there"]
    return [_told("signpost.followed_up", "enquiry", matter.id, deed["who"])]


# -------------------------------------------------------------------------------------------------------- handovers


def hand_over(town: Town, deed: Deed) -> list[Told]:
    matter = town.matter(deed["who"], deed["matter"])
    _leave(when=matter.outcome != "open")
    stored = any(town.citizens[person].restricted for person in matter.persons)
    _leave(when=stored and deed["ground"] != "consent")
    _change(town, matter, "passed_on", "handed_over", deed["who"])
    _new_handover(town, matter, deed["department"], deed["promised_on"], deed["who"], town.now)
    return [_told("enquiry.handed_over", "enquiry", matter.id, deed["who"])]


def _step(town: Town, deed: Deed, was: str, becomes: str) -> tuple[Handover, Matter]:
    handover = town.handover(deed["who"], deed["handover"], of_department=True)
    _leave(when=handover.state != was)
    handover.state = becomes
    if becomes != "accepted":
        handover.days.append(town.today)
    return handover, town.matters[handover.matter]


def accept(town: Town, deed: Deed) -> list[Told]:
    _handover, matter = _step(town, deed, "sent", "accepted")
    return [_told("handover.accepted", "enquiry", matter.id, deed["who"])]


def _send_back(town: Town, deed: Deed, was: str, becomes: str) -> list[Told]:
    handover, matter = _step(town, deed, was, becomes)
    owner = handover.sent_by or town.contacts[matter.contact].by or deed["who"]
    _open_again(town, matter, becomes, owner, matter.promised_on or handover.promised_on)
    return [_told(f"handover.{becomes}", "enquiry", matter.id, deed["who"])]


def decline(town: Town, deed: Deed) -> list[Told]:
    return _send_back(town, deed, "sent", "declined")


def send_back(town: Town, deed: Deed) -> list[Told]:
    return _send_back(town, deed, "accepted", "returned")


def answer(town: Town, deed: Deed) -> list[Told]:
    _handover, matter = _step(town, deed, "accepted", "answered")
    matter.worked_by = "department"
    _change(town, matter, "resolved", "answered", deed["who"])
    return [_told("handover.answered", "enquiry", matter.id, deed["who"])]


def tell(town: Town, deed: Deed) -> list[Told]:
    handover = town.handover(deed["who"], deed["handover"], of_department=False)
    _leave(when=handover.state != "answered" or handover.told)
    handover.told = True
    handover.days.append(town.today)
    return [_told("handover.told", "enquiry", handover.matter, deed["who"])]


# --------------------------------------------------------------------------------------------------------- mistakes


def take_back(town: Town, deed: Deed) -> list[Told]:
    contact = town.contact(deed["who"], deed["contact"], mistaken=True)
    if contact.mistake == "taken_back" and contact.by == deed["who"]:
        return []
    _leave(when=contact.mistake is not None)
    _keep_out(when=contact.by != deed["who"])
    _leave(when=town.now - contact.registered_at > TAKEN_BACK_WITHIN)
    return _take_away(town, contact, deed["who"], "taken_back")


def strike(town: Town, deed: Deed) -> list[Told]:
    contact = town.contact(deed["who"], deed["contact"], mistaken=True)
    _leave(when=contact.mistake is not None)
    _keep_out(when=deed["who"] not in (contact.by, LEADER))
    return _take_away(town, contact, deed["who"], "struck")


def _take_away(town: Town, contact: Contact, who: str, mistake: str) -> list[Told]:
    matters = town.of(contact)
    going_on = any(one.state in ("accepted", "answered") for matter in matters for one in town.handed(matter))
    _leave(when=going_on or _in_company(town, contact) or _continued(town, contact))
    for matter in matters:
        _cut_link(town, matter, who)
    contact.mistake = mistake
    return [_told(f"contact.{mistake}", "contact", contact.id, who)]


def _in_company(town: Town, contact: Contact) -> bool:
    return contact.merged_into is not None or bool(town.folded(contact))


def _continued(town: Town, contact: Contact) -> bool:
    return any(
        one.follows in contact.matters and one.contact != contact.id and town.stands(one)
        for one in town.matters.values()
    )


def _cut_link(town: Town, matter: Matter, who: str) -> None:
    """It continues nothing any more, and what it had settled waits again."""
    if matter.follows is None:
        return
    step = matter
    while matter.outcome == "resolved" and not matter.preparatory and step.how == "planned_step":
        earlier = town.matters[step.follows or 0]
        if not town.stands(earlier) or earlier.outcome != "resolved":
            break
        if _settled_by(town, step, earlier):
            lacked = earlier.changes[-1].lacked
            earlier.changes.append(Change("resolved", "come_back", "mistake", town.now))
            earlier.outcome, earlier.why, earlier.worked_by, earlier.on_the_spot = "come_back", lacked, "", False
            earlier.outcome_at, earlier.by = town.now, who
        elif not earlier.preparatory:
            break
        step = earlier
    matter.follows, matter.how = None, ""


def _settled_by(town: Town, step: Matter, earlier: Matter) -> bool:
    """Whether it is this step, and no other, that she was told to come back for."""
    came_back = bool(earlier.changes) and earlier.changes[-1].why == "came_back"
    return came_back and not any(
        one.follows == earlier.id
        and one.how == "planned_step"
        and one.outcome == "resolved"
        and not one.preparatory
        and one is not step
        and town.stands(one)
        for one in town.matters.values()
    )


def _correctable(town: Town, who: str, number: int) -> Contact:
    contact = town.contact(who, number, mistaken=True)
    _leave(when=contact.mistake is not None)
    _keep_out(when=who not in COUNTER and who != contact.by)
    return contact


def move(town: Town, deed: Deed) -> list[Told]:
    contact, was, becomes = _correctable(town, deed["who"], deed["contact"]), deed["was"], deed["becomes"]
    _leave(when=was not in town.persons(contact) or was == becomes or not town.person(becomes))
    _leave(when=_in_company(town, contact) or _continued(town, contact))
    # What is only stored stays where it is, and nobody's family is registered by her.
    _leave(when=town.citizens[was].restricted or town.citizens[becomes].restricted)
    _leave(when=becomes in town.closed(contact.by or "") | town.closed(deed["who"]))
    if contact.asker == was:
        contact.asker, contact.identity = becomes, None
    contact.representation = None
    for matter in town.of(contact):
        if was in matter.persons:
            matter.persons = matter.persons - {was} | {becomes}
    for matter in town.of(contact):
        behind = town.persons_behind(town.matters[matter.follows]) if matter.follows else set()
        if behind and behind.isdisjoint(town.persons_behind(matter)):
            _cut_link(town, matter, deed["who"])
    return [_told("contact.moved", "contact", contact.id, deed["who"])]


def correct_service(town: Town, deed: Deed) -> list[Told]:
    matter = town.matters[deed["matter"]]
    _keep_out(when=not town.sees(deed["who"], matter, mistaken=True))
    contact = _correctable(town, deed["who"], matter.contact)
    was, service = matter.service, deed["service"]
    _leave(when=service == was)
    kinds = {one: "information" if one in INFORMATION else "transaction" for one in (was, service)}
    if matter.kind == kinds[was]:
        matter.kind = kinds[service]
    if matter.preparatory == (was == "pas_afhentning"):
        matter.preparatory = service == "pas_afhentning"
    matter.service, matter.level = service, level(service, contact.centre)
    return [_told("contact.service_corrected", "contact", contact.id, deed["who"])]


def correct_channel(town: Town, deed: Deed) -> list[Told]:
    contact = _correctable(town, deed["who"], deed["contact"])
    _leave(when=deed["channel"] == contact.channel or _in_company(town, contact))
    contact.channel = deed["channel"]
    return [_told("contact.channel_corrected", "contact", contact.id, deed["who"])]


def correct_times(town: Town, deed: Deed) -> list[Told]:
    contact = _correctable(town, deed["who"], deed["contact"])
    began, ended = deed["started_at"], deed["ended_at"]
    _leave(when=(began, ended) == (contact.started_at, contact.ended_at) or _in_company(town, contact))
    for matter in town.of(contact):
        earlier = town.matters[matter.follows] if matter.follows else None
        _leave(when=bool(earlier and town.contacts[earlier.contact].started_at > began))
        later = [one for one in town.matters.values() if one.follows == matter.id and town.stands(one)]
        _leave(when=any(town.contacts[one.contact].started_at < began for one in later))
    for matter in town.of(contact):
        if matter.outcome_at == contact.ended_at:
            matter.outcome_at = ended
    contact.started_at, contact.ended_at = began, ended
    contact.received_on = began.astimezone(DENMARK).date()
    contact.late = contact.registered_at.astimezone(DENMARK).date() > contact.received_on
    return [_told("contact.times_corrected", "contact", contact.id, deed["who"])]


def merge(town: Town, deed: Deed) -> list[Told]:
    for number in sorted({deed["contact"], deed["into"]}):
        town.contact(deed["who"], number)
    one, into = town.contacts[deed["contact"]], town.contacts[deed["into"]]
    _leave(when=one is into or bool(one.merged_into or into.merged_into or town.folded(one)))
    for name in ("received_on", "direction", "channel", "who_asks", "department"):
        _leave(when=getattr(one, name) != getattr(into, name))
    if one.asker and into.asker:
        _leave(when=one.asker != into.asker)
    else:
        here, there = town.persons(one), town.persons(into)
        _leave(when=bool(here and there and here.isdisjoint(there)))
    _leave(when=any(town.citizens[person].restricted for person in town.persons(one) | town.persons(into)))
    there = {into.id, *(other.id for other in town.folded(into))}
    for matter in town.matters.values():  # on one occasion nobody comes again
        earlier = town.matters[matter.follows].contact if matter.follows and matter.how != "new_matter" else None
        forth, back = matter.contact in there and earlier == one.id, matter.contact == one.id and earlier in there
        _leave(when=town.stands(matter) and (forth or back))
    one.merged_into = into.id
    return [_told("contact.merged", "contact", one.id, deed["who"])]


def part(town: Town, deed: Deed) -> list[Told]:
    contact = town.contact(deed["who"], deed["contact"])
    _leave(when=contact.merged_into is None)
    contact.merged_into = None
    return [_told("contact.parted", "contact", contact.id, deed["who"])]


def note(town: Town, deed: Deed) -> list[Told]:
    contact = town.contact(deed["who"], deed["contact"])
    town.notes[len(town.notes) + 1] = Note(len(town.notes) + 1, contact.id, deed["who"])
    return [_told("note.added", "contact", contact.id, deed["who"])]


def amend(town: Town, deed: Deed) -> list[Told]:
    was, who = town.notes[deed["note"]], deed["who"]
    _keep_out(when=was.gone)
    contact = town.contact(who, was.contact)
    if who not in COUNTER and contact.by != who:
        all_handed = all(
            any(one.department == DEPARTMENT[who] for one in town.handed(matter)) for matter in town.of(contact)
        )
        _keep_out(when=not all_handed and DEPARTMENT.get(was.author) != DEPARTMENT[who])
    town.notes[len(town.notes) + 1] = Note(len(town.notes) + 1, contact.id, who, amends=was.id)
    return [_told("note.amended", "contact", contact.id, who)]


# ----------------------------------------------------------------------------------------------------------- people


def meet(town: Town, deed: Deed) -> list[Told]:
    """A citizen is registered, or met again by her number."""
    if deed["citizen"] in town.citizens:
        return []
    made = Citizen(deed["citizen"], child=deed["citizen"] % 4 == 0)
    town.citizens[made.id] = made
    return [_told("citizen.registered", "citizen", made.id, deed["who"])]


def protect(town: Town, deed: Deed) -> list[Told]:
    citizen = town.citizens[deed["citizen"]]
    if deed["kind"] == "none":
        citizen.protected = None
        return [_told("citizen.protection_ended", "citizen", citizen.id, deed["who"])]
    year = town.today.replace(year=town.today.year + 1) if (town.today.month, town.today.day) != (2, 29) else None
    end = (year or dt.date(town.today.year + 1, 3, 1)) if deed["kind"] == "ordinary" else None
    citizen.protected = (town.today, end)
    return [_told("citizen.protected", "citizen", citizen.id, deed["who"])]


def die(town: Town, deed: Deed) -> list[Told]:
    town.citizens[deed["citizen"]].dead = deed["dead"]
    verb = "citizen.death_recorded" if deed["dead"] else "citizen.death_taken_back"
    return [_told(verb, "citizen", deed["citizen"], deed["who"])]


def represent(town: Town, deed: Deed) -> list[Told]:
    _keep_out(when=deed["who"] not in COUNTER)
    citizen, holder, basis = town.citizens[deed["citizen"]], deed["holder"], deed["basis"]
    first, end, custody = deed["first"], deed["end"], basis == "custody"
    _keep_out(when=citizen.id in town.closed(deed["who"]))
    _leave(when=citizen.dead or holder == citizen.id or holder in town.closed(deed["who"]))
    if custody:
        # A child is born on the first of January 2036 (`house.cpr`), and is one until 2054.
        _leave(when=not citizen.child or first >= dt.date(2054, 1, 1) or deed["services"] is not None)
        end = dt.date(2054, 1, 1)
        standing = [
            one.holder
            for one in town.representations.values()
            if one.citizen == citizen.id and one.basis == "custody" and not one.revoked and not one.gone
        ]
        _leave(when=holder in standing or len(standing) == 2)
    _leave(when=not custody and end is not None and end <= first)
    number = len(town.representations) + 1
    town.representations[number] = Representation(number, citizen.id, holder, basis, deed["services"], first, end)
    return [_told("representation.registered", "representation", number, deed["who"], citizen.id)]


def revoke(town: Town, deed: Deed) -> list[Told]:
    given = town.representations[deed["representation"]]
    _keep_out(when=deed["who"] not in COUNTER or given.gone)
    _keep_out(when=bool(town.closed(deed["who"]) & {given.holder, given.citizen}))
    if given.revoked:
        return []
    given.revoked = True
    return [_told("representation.revoked", "representation", given.id, deed["who"], given.citizen)]


def restrict(town: Town, deed: Deed) -> list[Told]:
    _keep_out(when=deed["who"] != LEADER or not town.person(deed["citizen"]))
    citizen = town.citizens[deed["citizen"]]
    _leave(when=citizen.restricted)
    citizen.restricted = True
    return [_told("citizen.restricted", "citizen", citizen.id, deed["who"])]


def lift(town: Town, deed: Deed) -> list[Told]:
    _keep_out(when=deed["who"] != LEADER or not town.person(deed["citizen"]))
    citizen = town.citizens[deed["citizen"]]
    _leave(when=not citizen.restricted)
    citizen.restricted = False
    return [_told("citizen.unrestricted", "citizen", citizen.id, deed["who"])]


def hold(town: Town, deed: Deed) -> list[Told]:
    _keep_out(when=deed["who"] != LEADER)
    citizen, contact = deed["citizen"], deed["contact"]
    _leave(when=citizen is not None and not town.person(citizen))
    _leave(when=contact is not None and town.contacts[contact].forgotten)
    number = len(town.holds) + 1
    town.holds[number] = Hold(number, citizen, contact, deed["until"])
    return [_told("hold.placed", "hold", number, deed["who"])]


def lift_hold(town: Town, deed: Deed) -> list[Told]:
    _keep_out(when=deed["who"] != LEADER)
    placed = town.holds[deed["hold"]]
    _leave(when=placed.lifted or placed.gone)
    placed.lifted = True
    return [_told("hold.lifted", "hold", placed.id, deed["who"])]


# ------------------------------------------------------------------------------------------------------------ calls


def _is_receiver(who: str, call: Call) -> bool:
    here = {("employee", who)}
    if who in ("alice", "bob"):  # a leader sits at no counter
        here.add(("centre", COUNTER[who]))
    if who in DEPARTMENT:
        here.add(("department", DEPARTMENT[who]))
    return call.to in here and call.giver != who


def _lapse(town: Town) -> list[Told]:
    told = []
    for call in town.transfers.values():
        if call.state == "offered" and call.until is not None and call.until <= town.now:
            call.state = "unanswered"
            told.append(_told("transfer.unanswered", "transfer", call.id, None))
    return told


def _check_receiver(deed: Deed) -> None:
    _keep_out(when=deed["who"] not in COUNTER)
    _leave(when=deed["to"] == ("employee", deed["who"]) or deed["to"] == ("employee", LEADER))


def offer(town: Town, deed: Deed) -> list[Told]:
    _check_receiver(deed)
    lying = [one for one in town.transfers.values() if one.key == deed["call"] and one.state == "offered"]
    _leave(when=any(one.until is not None and one.until > town.now for one in lying))
    told = _lapse(town)
    number = len(town.transfers) + 1
    until = town.now + ANSWER_WITHIN
    town.transfers[number] = Call(number, deed["call"], deed["who"], deed["to"], town.now, until, "offered")
    town.calls = max(town.calls, deed["call"])
    return [*told, _told("transfer.offered", "transfer", number, deed["who"])]


def _answer_call(town: Town, deed: Deed, becomes: str) -> list[Told]:
    call = town.transfers[deed["transfer"]]
    _keep_out(when=not _is_receiver(deed["who"], call))
    _leave(when=call.state != "offered" or (call.until is not None and call.until <= town.now))
    call.state, call.answered_by = becomes, deed["who"]
    return [_told(f"transfer.{becomes}", "transfer", call.id, deed["who"])]


def take_call(town: Town, deed: Deed) -> list[Told]:
    return _answer_call(town, deed, "accepted")


def decline_call(town: Town, deed: Deed) -> list[Told]:
    return _answer_call(town, deed, "declined")


def withdraw_call(town: Town, deed: Deed) -> list[Told]:
    call = town.transfers[deed["transfer"]]
    _keep_out(when=call.giver != deed["who"])
    _leave(when=call.state != "offered")
    call.state = "withdrawn"
    return [_told("transfer.withdrawn", "transfer", call.id, deed["who"])]


def lapse(town: Town, deed: Deed) -> list[Told]:
    return _lapse(town)


def _refuse_anothers_call(town: Town, who: str, key: int | None) -> None:
    taken = [one for one in town.transfers.values() if one.key == key and one.state == "accepted"]
    _leave(when=bool(taken) and taken[-1].answered_by != who)


def _keep_call(town: Town, who: str, key: int | None) -> list[Told]:
    """She settles the call herself: nobody else is offered it any more."""
    lying = [one for one in town.transfers.values() if one.key == key and one.state == "offered"]
    for one in lying:
        one.state = "withdrawn"
    return [_told("transfer.withdrawn", "transfer", one.id, who) for one in lying]


def ask(town: Town, deed: Deed) -> list[Told]:
    _check_receiver(deed)
    number = len(town.consultations) + 1
    town.consultations[number] = Call(number, deed["call"], deed["who"], deed["to"], town.now, None, "asked")
    town.calls = max(town.calls, deed["call"])
    return [_told("consultation.asked", "consultation", number, deed["who"])]


def advise(town: Town, deed: Deed) -> list[Told]:
    call = town.consultations[deed["consultation"]]
    _keep_out(when=call.gone or not _is_receiver(deed["who"], call))
    _leave(when=call.state != "asked")
    call.state, call.answered_by = "answered", deed["who"]
    return [_told("consultation.answered", "consultation", call.id, deed["who"])]


def ask_no_more(town: Town, deed: Deed) -> list[Told]:
    call = town.consultations[deed["consultation"]]
    _keep_out(when=call.gone or call.giver != deed["who"])
    _leave(when=call.state != "asked")
    call.state = "withdrawn"
    return [_told("consultation.withdrawn", "consultation", call.id, deed["who"])]


# ------------------------------------------------------------------------------------------------- time and the rest


def count(town: Town, deed: Deed) -> list[Told]:
    _keep_out(when=deed["who"] not in COUNTER)
    town.tallies.append((town.today, deed["centre"], deed["channel"], deed["kind"]))
    return [_told("tally.counted", "tally", len(town.tallies), deed["who"])]


def pass_time(town: Town, deed: Deed) -> list[Told]:
    before = town.today
    town.now += dt.timedelta(minutes=deed["minutes"])
    if town.today == before:
        return []
    town.day_began = True
    return [_told("day.began", "day", town.today.isoformat(), None)]


def retain(town: Town, deed: Deed) -> list[Told]:
    return forgetting.retain(town)


def erase(town: Town, deed: Deed) -> list[Told]:
    _keep_out(when=deed["who"] != LEADER or not town.person(deed["citizen"]))
    own = forgetting.erase(town, deed["citizen"])
    told = [_told("contacts.forgotten", "citizen", deed["citizen"], LEADER)] if own else []
    told.append(_told("citizens.forgotten", "citizen", deed["citizen"], LEADER))
    return [*told, _told("citizen.erased", "citizen", deed["citizen"], LEADER)]


DEEDS: dict[str, Callable[[Town, Deed], list[Told]]] = {
    made.__name__: made
    for made in (
        *(register, again, conclude, reopen, take_over, move_promise, find_wrong, follow, add_person, got_there),
        *(hand_over, accept, decline, send_back, answer, tell, take_back, strike, move, correct_service),
        *(correct_channel, correct_times, merge, part, note, amend, meet, protect, die, represent, revoke, restrict),
        *(lift, hold, lift_hold, offer, take_call, decline_call, withdraw_call, lapse, ask, advise, ask_no_more),
        *(count, pass_time, retain, erase),
    )
}
