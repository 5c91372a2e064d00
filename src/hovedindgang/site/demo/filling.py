"""Fill an empty database with the demonstration: policy, people, guidance, contacts, and other systems' counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from django.conf import settings

from hovedindgang.contacts.actions import import_contacts
from hovedindgang.contacts.bulk import BulkContact
from hovedindgang.contacts.queries import any_contacts
from hovedindgang.governance.actions import adopt_model
from hovedindgang.insight.actions import recompute_days
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.worker import work_off_all
from hovedindgang.knowledge.actions import load_guidance
from hovedindgang.people.actions import (
    EmployeeFacts,
    KnownCitizen,
    choose_settings,
    create_employee,
    import_citizens,
)
from hovedindgang.people.models import Protection, Role
from hovedindgang.people.queries import named_cast
from hovedindgang.people.rules import a_year_after
from hovedindgang.policy.actions import begin_day, save_draft
from hovedindgang.policy.queries import adopted_versions, in_force, model_of
from hovedindgang.registers.actions import import_file
from hovedindgang.registers.mapping import Mapping
from hovedindgang.registers.rules import FileKind
from hovedindgang.servicemodel.loading import texts
from hovedindgang.site.demo.counts import write_counts
from hovedindgang.site.demo.feedback import complain
from hovedindgang.site.demo.inventing import CENTRES, Staff, Year, invent_year
from hovedindgang.site.demo.people import CAST, CastMember, colleagues, invent_citizens
from hovedindgang.site.demo.planning import plan_ahead
from hovedindgang.site.demo.trust import show_trust

SEED = "hovedindgang"
CITIZENS = 12_000
GUIDANCE = settings.PACKAGE / "knowledge" / "demo_guidance.toml"
FAVOURITES = (
    "pas-ansoegning",
    "pas-udlevering",
    "mitid",
    "koerekort-fornyelse",
    "flytning",
    "sundhedskort",
    "laegeskift",
    "generel-oplysning",
    "tidsbestilling",
)
Say = Callable[[str], None]


def is_filled() -> bool:
    return any_contacts()


def fill(*, models: Path, say: Say, scale: float = 1.0, last: dt.date | None = None) -> int:
    """Fill an empty database and return the number of contacts. `scale` shrinks the year for tests.

    Each step may be done again: a fill that was killed is taken up where it stopped, and contacts come last.
    """
    last = last or clock.today() - dt.timedelta(days=1)
    first = last - dt.timedelta(days=364)
    say("policy")
    adopt_versions(models)
    say("people")
    staff = hire(CAST, colleagues(tuple(in_force(last).model.departments)))
    people = tuple(meet(round(CITIZENS * max(scale, 0.02))))
    say("guidance")
    load_guidance(path=GUIDANCE, actor=SYSTEM)
    say("complaints")
    complain(list(people), seed=SEED)
    say("contacts")
    versions = [(found.valid_from, found.version_id, model_of(found.version_id)) for found in adopted_versions()]
    year = Year(versions, first, last, people, staff, SEED)
    contacts: list[BulkContact] = list(invent_year(year, scale=scale))
    import_counts(contacts)
    import_contacts(rows=contacts, actor=SYSTEM, source_name="demo")
    say("trust")
    show_trust(seed=SEED)
    say("figures")
    begin_day(day=clock.today())
    work_off_all()  # what listeners mark is counted here, and not while the first visitor signs in
    recompute_days(days=[first + dt.timedelta(days=n) for n in range((last - first).days + 2)])
    say("plans")
    plan_ahead()
    return len(contacts)


def import_counts(contacts: list[BulkContact]) -> None:
    """Write what other systems counted as a file in HOME, and read it in as any municipality would."""
    folder = settings.HOME / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "henvendelser-talt.csv"
    write_counts(path, contacts, Random(SEED))
    mapping = Mapping(
        system="Demonstrationens tællere",
        formats={"time": "%Y-%m-%d %H:%M:%S"},
        centres={centre: centre for centre in CENTRES},
    )
    import_file(path=path, kind=FileKind.CSV, mapping=mapping, actor=SYSTEM)


def adopt_versions(models: Path) -> None:
    """Last year's version and this year's, each from the day its document says; those already adopted stay."""
    known = {found.valid_from for found in adopted_versions()}
    for name in ("demo-2025.toml", "demo.toml"):
        text, includes = texts(models / name)
        valid_from = dt.date(2025, 1, 1) if name == "demo-2025.toml" else dt.date(2026, 1, 1)
        if valid_from not in known:
            draft = save_draft(text=text, includes=includes, title=name, actor=SYSTEM)
            adopt_model(version_id=draft.pk, valid_from=valid_from, actor=SYSTEM, backdated=True)


def hire(cast: tuple[CastMember, ...], others: list[CastMember]) -> Staff:
    """Make the employees that are not there yet, and say who registers where."""
    by_centre: dict[str, list[int]] = {centre: [] for centre in CENTRES}
    by_department: dict[str, int] = {}
    for member in (*cast, *others):
        row = _employee(member)
        if member.role is Role.EMPLOYEE and member.centre:
            by_centre[member.centre].append(row)
        if member.department:
            by_department[member.department] = row
    return Staff({centre: tuple(rows) for centre, rows in by_centre.items()}, by_department)


def _employee(member: CastMember) -> int:
    found = named_cast([member.username])
    if found:
        return found[0].pk
    facts = EmployeeFacts(
        username=member.username,
        name=member.name,
        roles=frozenset({member.role}),
        centre=member.centre,
        department=member.department,
    )
    employee, _password = create_employee(actor=SYSTEM, facts=facts, by_password=False)
    if member.role is Role.EMPLOYEE:
        choose_settings(
            employee=employee, language="da", letter_keys=True, favourites=list(FAVOURITES), services=FAVOURITES
        )
    return employee.pk


def protection_of(number: int) -> dict[str, Any]:
    """Every 150th invented citizen is protected by CPR, for a year, and every 600th after threats."""
    since = clock.today() - dt.timedelta(days=100)
    if number % 600 == 77:
        return {"protection": Protection.THREAT, "protected_from": since}
    if number % 150 == 33:
        return {"protection": Protection.ORDINARY, "protected_from": since, "protected_to": a_year_after(since)}
    return {}


def meet(count: int) -> list[int]:
    """Row numbers of `count` invented citizens."""
    rows = [
        KnownCitizen(
            cpr=person.cpr,
            name=person.name,
            language=person.language,
            needs=person.needs,
            phone=person.phone,
            address=person.address,
            exempt_from_digital_post=person.exempt,
            **protection_of(number),
        )
        for number, person in enumerate(invent_citizens(count, seed=SEED))
    ]
    return sorted(import_citizens(actor=SYSTEM, rows=rows).values())
