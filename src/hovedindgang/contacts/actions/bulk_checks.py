"""Checks of an imported contact: the same rules as at the desk, against keys that were read once."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from hovedindgang.contacts.bulk import BulkContact, BulkEnquiry
from hovedindgang.contacts.rules import LONGEST_TEXT, OPEN_HANDOVER, Outcome
from hovedindgang.people.models import Citizen, Employee
from hovedindgang.policy.models import AuthorityKey, CentreKey, DepartmentKey, MediumKey, ServiceKey


@dataclass(frozen=True, slots=True)
class Known:
    """Everything a row may point to; None stands in each, for what a row need not say."""

    services: frozenset[str | None]
    centres: frozenset[str | None]
    departments: frozenset[str | None]
    authorities: frozenset[str | None]
    channel_of: dict[str | None, str | None]  # of a medium
    citizens: frozenset[int | None]
    employees: frozenset[int | None]

    @classmethod
    def now(cls) -> Known:
        def keys(table: type) -> frozenset[str | None]:
            return frozenset({None, *table.objects.values_list("pk", flat=True)})  # type: ignore[attr-defined]

        return cls(
            services=keys(ServiceKey) - {None},
            centres=keys(CentreKey),
            departments=keys(DepartmentKey),
            authorities=keys(AuthorityKey),
            channel_of=dict(MediumKey.objects.values_list("pk", "channel")),
            citizens=keys(Citizen),  # type: ignore[arg-type]
            employees=keys(Employee),  # type: ignore[arg-type]
        )


def problem_of(row: BulkContact, known: Known) -> str:
    """What is wrong with a row, "" for nothing; the first thing found."""
    if row.started_at.tzinfo is None or row.ended_at.tzinfo is None:
        return _("Tidspunktet siger ikke, hvilken tidszone det er i.")
    if row.ended_at < row.started_at:
        return _("Henvendelsen slutter, før den begynder.")
    if row.centre not in known.centres or row.department not in known.departments:
        return _("Stedet kendes ikke.")
    if row.medium is not None and known.channel_of.get(row.medium) != row.channel:
        return _("Mediet kendes ikke, eller det hører til en anden henvendelsesmåde.")
    if row.asker not in known.citizens or row.employee not in known.employees:
        return _("Borgeren eller medarbejderen kendes ikke.")
    if len(row.note) > LONGEST_TEXT or "\x00" in row.note:
        return _("Noten er for lang eller kan ikke læses.")
    if not row.enquiries:
        return _("Henvendelsen har intet ærinde.")
    for matter in row.enquiries:
        problem = _problem_of_matter(matter, known)
        if problem:
            return problem
    return ""


def _problem_of_matter(matter: BulkEnquiry, known: Known) -> str:
    if matter.service not in known.services:
        return _("Opgaven kendes ikke.")
    if matter.outcome_by not in known.employees or matter.owner not in known.employees:
        return _("Medarbejderen kendes ikke.")
    if matter.for_whom and not known.citizens.issuperset(matter.for_whom):
        return _("Borgeren kendes ikke.")
    outcome = matter.outcome
    if (
        (outcome is Outcome.OPEN) == (matter.outcome_at is not None)
        or (outcome is Outcome.OPEN and (matter.owner is None or matter.promised_on is None))
        or (outcome is Outcome.RESOLVED and matter.worked_by is None)
        or (outcome is Outcome.MUST_COME_BACK) == (matter.come_back_reason is None)
        or (outcome is Outcome.WITHDRAWN) == (matter.withdrawn_why is None)
        or (outcome is Outcome.PASSED_ON and matter.handover is None)
        or (outcome is Outcome.SIGNPOSTED and matter.signpost_how is None)
    ):
        return _("Udfaldet mangler det, der hører til det.")
    if bool(matter.follows_ref) != (matter.follows_how is not None):
        return _("Det mangler, hvordan ærindet følger et tidligere.")
    if matter.signpost_how and (matter.signpost_authority is None) == (matter.signpost_department is None):
        return _("Der er vist vej til intet sted eller til to.")
    if matter.signpost_authority not in known.authorities or matter.signpost_department not in known.departments:
        return _("Stedet, der er vist vej til, kendes ikke.")
    return _problem_of_handover(matter, known) if matter.handover else ""


def _problem_of_handover(matter: BulkEnquiry, known: Known) -> str:
    given = matter.handover
    assert given is not None
    if given.department not in known.departments or given.handled_by not in known.employees:
        return _("Fagforvaltningen eller sagsbehandleren kendes ikke.")
    is_open = given.state in OPEN_HANDOVER
    if not given.summary or is_open != (given.closed_at is None):
        return _("Overdragelsen mangler resumé eller sluttidspunkt.")
    if is_open != (matter.outcome is Outcome.PASSED_ON):
        return _("Overdragelsen passer ikke til udfaldet.")
    if (given.state in {"declined", "returned"} and not given.reason) or (
        given.state == "answered" and not given.answer
    ):
        return _("Overdragelsen mangler svar eller begrundelse.")
    return ""
