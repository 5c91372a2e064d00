"""Who must be told: which days' figures an event changes, and why. Here they are marked; the worker counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from django.db.models import Count, F, Q, QuerySet, Sum

from hovedindgang.contacts.models import Contact, Enquiry, Tally
from hovedindgang.contacts.rules import Direction
from hovedindgang.insight.actions import mark_days
from hovedindgang.insight.closing import Why, ask_to_close, note_why
from hovedindgang.insight.models import EnquiryDay, KeptDay
from hovedindgang.kernel import clock
from hovedindgang.kernel.models import Event
from hovedindgang.policy.queries import adopted_versions, model_of, services_over_time
from hovedindgang.registers.models import ImportedFile

Days = set[dt.date]


def recount(event: Event) -> None:
    """Mark every day whose figures the event may have changed. Safe to repeat."""
    days, own = DAYS_OF[event.subject_kind](event), _own_days(event)
    # Why comes first: a worker may count a marked day at once.
    note_why({Why.LATE_ENTRY: days & own, WHY_OF.get(event.verb, Why.CAME_AGAIN): days - own})
    mark_days(days=days)
    if event.subject_kind == "day":
        ask_to_close()


# What an event is to a day whose month is closed. Of a new contact only its own day has a late entry.
WHY_OF = {
    "contact.channel_corrected": Why.MENDED,
    "contact.merged": Why.MERGED,
    "contact.moved": Why.MENDED,
    "contact.parted": Why.MERGED,
    "contact.service_corrected": Why.MENDED,
    "contact.struck": Why.MENDED,
    "contact.taken_back": Why.MENDED,
    "contact.times_corrected": Why.MENDED,
    "day.began": Why.TIME,
    "enquiry.concluded": Why.ENDED,
    "enquiry.followed": Why.LINKED,
    "enquiry.for_whom_added": Why.LINKED,
    "enquiry.found_wrong": Why.FOUND_WRONG,
    "enquiry.handed_over": Why.ENDED,
    "enquiry.promise_moved": Why.TIME,
    "enquiry.reopened": Why.REOPENED,
    "handover.answered": Why.ENDED,
    "handover.declined": Why.ENDED,
    "handover.returned": Why.ENDED,
    "version.adopted": Why.NEW_VERSION,
}


def _own_days(event: Event) -> Days:
    """The days of the contacts that an event says are new."""
    if event.verb not in {"contact.registered", "contacts.imported"}:
        return set()
    by = {"batch" if event.verb == "contacts.imported" else "pk": int(event.subject_id)}
    return set(Contact.every.filter(**by).order_by().values_list("received_on", flat=True).distinct())


def _of_contact(event: Event) -> Days:
    """The contact's own day, those of the one it was merged with, and of earlier matters it says something about."""
    numbers = {int(event.subject_id), *(int(event.facts[word]) for word in ("into", "was") if event.facts.get(word))}
    numbers |= set(Contact.objects.filter(merged_into__in=numbers).values_list("pk", flat=True))
    return _days_about(Q(contact__in=numbers)) | _days_before_correction(event)


def _days_before_correction(event: Event) -> Days:
    """Where the contact was counted before something was put right: its old day, the wrong person's and the wrong
    service's repeats, and what it had settled. Nothing for other events."""
    said = event.facts
    days = {dt.date.fromisoformat(str(said["was_on"]))} if said.get("was_on") else set()
    if said.get("was_citizen"):
        services = _same_services(said.get("services", []))
        others = Enquiry.every.filter(for_whom__citizen=said["was_citizen"], service__in=services)
        days |= _days(others)
    if said.get("was_service"):
        own = Enquiry.every.filter(contact=int(event.subject_id))
        persons = own.values("for_whom__citizen")
        alike = Enquiry.every.filter(service__in=_same_services([said["was_service"]]))
        days |= _days(alike.filter(for_whom__citizen__in=persons))
        days |= _days_by_number(alike, own)
    reopened = said.get("reopened")
    return days | (_days_about(Q(pk__in=reopened)) if reopened else set())


def _same_services(services: Iterable[str]) -> set[str]:
    """These and what they were called before or are called since."""
    names = services_over_time()
    return {name for service in services for name in names.get(service, {service})}


def _of_enquiry(event: Event) -> Days:
    return _days_about(Q(pk=int(event.subject_id)) | Q(contact=event.facts.get("contact")))


# A matter is counted on its contact's day or, where that was merged, on the day of the one it was merged into. Both
# are marked: it may have been merged or parted just now.
COUNTED_ON = ("contact__received_on", "contact__merged_into__received_on")


def _days_about(which: Q) -> Days:
    """Days of these enquiries, of what they continue and what continues them, and of the same persons' and callers'
    same service."""
    raised = list(Enquiry.every.filter(which).values_list("pk", "service"))
    numbers = [number for number, _service in raised]
    days = _days(Enquiry.every.filter(pk__in=numbers))
    alike = Enquiry.every.filter(service__in=_same_services({service for _number, service in raised}))
    days |= _days(alike.filter(for_whom__citizen__matters__enquiry__in=numbers))
    days |= _days_by_number(alike, Enquiry.every.filter(pk__in=numbers))
    return days | _days_linked(numbers, "followed_by") | _days_linked(numbers, "follows")


def _days_by_number(alike: QuerySet[Enquiry], matters: QuerySet[Enquiry]) -> Days:
    """Days of those that are alike and came from a number by which one of these matters' contacts is known, whichever
    of those merged into it holds the number."""
    keys = _keys(_occasions(matters.values_list("contact", "contact__merged_into")))
    if not keys:
        return set()
    held = _occasions(Contact.every.filter(repeat_key__in=keys).values_list("pk", "merged_into"))
    # Asked one by one: together they would be looked for among everybody's.
    return _days(alike.filter(contact__in=held)) | _days(alike.filter(contact__merged_into__in=held))


def _occasions(contacts: Iterable[tuple[int, int | None]]) -> set[int]:
    """The contacts that these are counted under."""
    return {into or number for number, into in contacts}


def _keys(contacts: set[int]) -> set[bytes]:
    found: set[bytes] = set()
    for place in ("pk__in", "merged_into__in"):
        held = Contact.every.filter(repeat_key__isnull=False, **{place: contacts})
        found |= {bytes(key) for key in held.values_list("repeat_key", flat=True) if key}
    return found


def _days(matters: QuerySet[Enquiry]) -> Days:
    return {day for row in matters.values_list(*COUNTED_ON) for day in row if day}


def _days_linked(numbers: list[int], by: str) -> Days:
    """Days of what continues these enquiries (`by` is "follows") or what they continue ("followed_by"), however many
    links away."""
    days: Days = set()
    seen = set(numbers)
    while numbers:
        found = list(Enquiry.every.filter(**{f"{by}__in": numbers}).values_list("pk", *COUNTED_ON))
        days |= {day for row in found for day in row[1:] if day}
        numbers = [row[0] for row in found if row[0] not in seen]
        seen |= set(numbers)
    return days


def _of_import(event: Event) -> Days:
    """The days it came for, and the kept days before them: a repeat may have come with it.

    An import is often counted by whoever ran it, before we are told: days whose counts hold all its rows are left.
    """
    came = Contact.objects.filter(batch=int(event.subject_id)).order_by()
    days = set(came.values_list("received_on", flat=True).distinct())
    days -= _days_that_hold_all(days)
    if not days:
        return days
    return days | set(KeptDay.objects.filter(day__gte=min(days) - dt.timedelta(days=92)).values_list("day", flat=True))


def _days_that_hold_all(days: Days) -> Days:
    """Of these days, those whose kept counts have as many enquiries as there are: rows are added, never taken away."""
    by_day = "contact__received_on"
    there = Enquiry.objects.filter(contact__received_on__in=days, contact__direction=Direction.IN).order_by()
    kept = EnquiryDay.objects.filter(day__in=days, current=True).order_by().values_list("day")
    counted = dict(kept.annotate(number=Sum(F("enquiries") + F("elsewhere") + F("other_asker"))))
    return {day for day, number in there.values_list(by_day).annotate(number=Count("pk")) if counted.get(day) == number}


def _of_tally(event: Event) -> Days:
    return set(Tally.objects.filter(pk=int(event.subject_id)).values_list("on", flat=True))


def _of_register(event: Event) -> Days:
    """Every day the file covers: its arrivals are what completeness is measured by."""
    file = ImportedFile.objects.filter(pk=int(event.subject_id)).first()
    if file is None:
        return set()
    first, last = clock.local_day(file.first_at), clock.local_day(file.last_at)
    return {first + dt.timedelta(days=number) for number in range((last - first).days + 1)}


def _of_version(event: Event) -> Days:
    """An adoption from a day that has passed: what was counted since is judged by another version. And whenever it is
    in force from, what it says takes another service's place, or does so no more: then matters are the same that were
    two."""
    day = event.facts.get("valid_from")
    if not isinstance(day, str):
        return set()
    since = set(KeptDay.objects.filter(day__gte=dt.date.fromisoformat(day)).values_list("day", flat=True))
    same = EnquiryDay.objects.filter(service__in=_succeeded_otherwise(event), current=True).order_by()
    return since | set(same.values_list("day", flat=True).distinct())


def _succeeded_otherwise(event: Event) -> set[str]:
    """The services of which a version says another successor than the one in force before it, and those they name."""
    adopted = [one.version_id for one in adopted_versions()]
    version = int(event.subject_id)
    place = adopted.index(version)
    if place == 0:
        return set()
    old, new = model_of(adopted[place - 1]).services, model_of(version).services
    changed = {key for key, one in new.items() if key not in old or one.successor != old[key].successor}
    named = {each[key].successor for each in (old, new) for key in changed if key in each}
    return _same_services(changed | {key for key in named if key})


def _of_new_day(event: Event) -> Days:
    """Days whose figures change by time alone: matters still open, windows still running."""
    return set(EnquiryDay.objects.filter(waiting__gt=0, current=True).values_list("day", flat=True).distinct())


DAYS_OF: dict[str, Callable[[Event], Days]] = {
    "contact": _of_contact,
    "enquiry": _of_enquiry,
    "import": _of_import,
    "tally": _of_tally,
    "register_file": _of_register,
    "model_version": _of_version,
    "day": _of_new_day,
}
