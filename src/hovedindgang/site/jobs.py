"""The regular work of the house: what, and how often. The worker runs it; all of it is safe to repeat."""

from __future__ import annotations

import datetime as dt

from django.conf import settings

from hovedindgang.contacts.actions import forget_old_keys, forget_presence, lapse_transfers, make_histories
from hovedindgang.contacts.actions.sending import send_journal
from hovedindgang.documents.actions import delete_what_is_no_longer_kept
from hovedindgang.insight.actions import recompute_marked
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.seals import seal_minute
from hovedindgang.kernel.worker import Job
from hovedindgang.oversight.judging import judge_days
from hovedindgang.oversight.sampling import draw_due_samples
from hovedindgang.people.actions import end_protections
from hovedindgang.people.idle import forget_kept_forms
from hovedindgang.people.provider import forget_grants
from hovedindgang.people.sessions import SessionStore
from hovedindgang.policy.actions import begin_missing_days
from hovedindgang.practice.actions import forget_used_passes
from hovedindgang.privacy.actions import forget_by_night
from hovedindgang.scenarios.running import start_calculating


def begin_today() -> None:
    begin_missing_days(until=clock.today())


def delete_documents() -> None:
    delete_what_is_no_longer_kept(actor=SYSTEM, on=clock.today())


def clear_where_asked() -> None:
    # The demonstration's filler is loaded only where people practise.
    from hovedindgang.site.practice_house.clearing import clear_and_fill

    clear_and_fill()


def jobs() -> tuple[Job, ...]:
    """Those of this house; the practice house is also cleared when a leader asks for it."""
    again = Job("make the practice house anew", dt.timedelta(seconds=5), clear_where_asked)
    return (*JOBS, again) if settings.PRACTICE else JOBS


JOBS = (
    Job("seal what was done", dt.timedelta(minutes=1), seal_minute),
    Job("begin the day", dt.timedelta(minutes=1), begin_today),
    Job("count marked days anew", dt.timedelta(seconds=20), recompute_marked),  # a board is never a minute behind
    Job("make histories", dt.timedelta(seconds=1), make_histories),  # until then a history takes longer
    Job("judge look-ups", dt.timedelta(minutes=15), judge_days),
    Job("draw the month's sample", dt.timedelta(hours=1), draw_due_samples),
    Job("forget what has had its time", dt.timedelta(seconds=15), forget_by_night),
    Job("simulate what planners asked for", dt.timedelta(seconds=1), start_calculating),
    Job("give back calls that nobody took", dt.timedelta(seconds=15), lapse_transfers),  # where the giver's PC is gone
    Job("journalise in the case system", dt.timedelta(seconds=15), send_journal),
    Job("forget who had what open", dt.timedelta(hours=1), forget_presence),
    Job("forget old keys of forms", dt.timedelta(hours=1), forget_old_keys),
    Job("delete documents that are no longer kept", dt.timedelta(hours=1), delete_documents),
    Job("end protections that have lasted their time", dt.timedelta(hours=1), end_protections),
    Job("forget sessions that have ended", dt.timedelta(hours=1), SessionStore.clear_expired),
    Job("forget forms that nobody came back for", dt.timedelta(hours=1), forget_kept_forms),
    Job("forget passes that are used", dt.timedelta(hours=1), forget_used_passes),
    Job("forget what the municipality's sign-in gave", dt.timedelta(hours=1), forget_grants),
)
