"""Variants of the product that break a promise on purpose: the machine must find each, or it is worth nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from unittest.mock import patch

from hovedindgang.contacts.actions import forgetting, handing_over, merging
from hovedindgang.contacts.models import Contact, Enquiry
from hovedindgang.people import representing
from hovedindgang.people.representing import WhyNot

Broken = AbstractContextManager[Any]


def a_deed_that_leaves_no_event() -> Broken:
    """A department answers, and the log knows nothing of it."""
    said = handing_over._say

    def say(verb: str, *args: Any) -> None:
        if verb != "handover.answered":
            said(verb, *args)

    return patch.object(handing_over, "_say", say)


def an_event_left_twice() -> Broken:
    said = handing_over._say

    def say(*args: Any) -> None:
        said(*args)
        said(*args)

    return patch.object(handing_over, "_say", say)


def an_erasure_that_takes_a_count_with_it() -> Broken:
    """What is forgotten counts no more."""
    blank = forgetting._blank_contacts

    def take_away(contacts: Any) -> None:
        blank(contacts)
        Enquiry.every.filter(contact__in=contacts).update(level="refer", kind="information")

    return patch.object(forgetting, "_blank_contacts", take_away)


def figures_that_forget_who_was_known() -> Broken:
    return patch.object(forgetting, "_keep_for_figures", lambda remains: None)


def a_revoked_power_that_still_works() -> Broken:
    ended = representing._ended

    def still(given: Any, on: Any) -> Any:
        found = ended(given, on)
        return None if found is WhyNot.REVOKED else found

    return patch.object(representing, "_ended", still)


def a_merged_contact_that_is_counted_twice() -> Broken:
    """Its figures are counted while it stands alone, and nobody tells them that it does not any more."""

    @contextmanager
    def untold() -> Iterator[None]:
        from hovedindgang.insight import listeners

        recount = listeners.recount

        def deaf(event: Any) -> None:
            if event.verb != "contact.merged":
                recount(event)

        with patch.object(listeners, "recount", deaf):
            yield

    return untold()


def a_history_that_does_not_follow_a_merge() -> Broken:
    return patch.object(merging, "_save", lambda contact: contact.save(update_fields=["merged_into"]))


def an_inbox_without_what_was_accepted() -> Broken:
    from hovedindgang.contacts import queries

    return patch.object(queries, "OPEN_HANDOVER", frozenset({"sent"}))


def a_mistake_that_still_counts() -> Broken:
    """Taken back or struck, and in every list and figure as before."""

    def saved(self: Contact, *args: Any, **said: Any) -> None:
        if said.get("update_fields") != ["mistake"]:
            super(Contact, self).save(*args, **said)

    return patch.object(Contact, "save", saved)


def a_promise_kept_when_she_comes_and_not_when_she_is_told() -> Broken:
    from hovedindgang.insight import verdicts

    def ended(enquiry: str) -> str:
        return f"CASE WHEN {enquiry}.outcome NOT IN ('open', 'passed_on') THEN {enquiry}.outcome_at END"

    return patch.object(verdicts, "_answered_at", ended)


def a_step_opened_again_that_is_solved_at_once() -> Broken:
    from hovedindgang.insight import verdicts

    return patch.object(verdicts, "_LOST", verdicts._LOST.replace("step_asked_back OR ", ""))


COME = ("meet", "register", "register", "register")
PASSED_ON = (*COME, "conclude", "hand_over", "hand_over", "accept", "accept", "answer", "answer")
FORGOTTEN = (*COME, *COME, "pass_time", "pass_time", "erase", "retain", "conclude", "tell")

# Each with the words of a script, and its seed, in which it matters soon.
BROKEN: dict[str, tuple[Callable[[], Broken], tuple[str, ...], int]] = {
    made.__name__.replace("_", " "): (made, words, seed)
    for made, words, seed in (
        (a_deed_that_leaves_no_event, PASSED_ON, 1),
        (an_event_left_twice, PASSED_ON, 1),
        (an_erasure_that_takes_a_count_with_it, FORGOTTEN, 122),
        (figures_that_forget_who_was_known, FORGOTTEN, 122),
        (
            a_revoked_power_that_still_works,
            (*COME, "meet", "represent", "represent", "represent", "revoke", "revoke"),
            35,
        ),
        (a_merged_contact_that_is_counted_twice, (*COME, "merge", "merge", "merge"), 16),
        (a_history_that_does_not_follow_a_merge, (*COME, "merge", "merge", "merge"), 122),
        (an_inbox_without_what_was_accepted, PASSED_ON, 1),
        (
            a_promise_kept_when_she_comes_and_not_when_she_is_told,
            (*COME, "conclude", "conclude", "pass_time", "pass_time"),
            38,
        ),
        (a_step_opened_again_that_is_solved_at_once, (*COME, "conclude", "pass_time", "pass_time", "reopen"), 4),
        (a_mistake_that_still_counts, (*COME, "take_back", "strike"), 1),
    )
}
