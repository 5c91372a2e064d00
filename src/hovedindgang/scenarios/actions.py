"""Deeds of this room: keep inputs, make a what-if and change it, ask for a run, stop it."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from hovedindgang import __version__
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import Actor, ActorKind
from hovedindgang.kernel.events import Fact, append_event
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.policy.queries import in_force, model_of, version
from hovedindgang.scenarios.checking import check_places
from hovedindgang.scenarios.documents import Stored, applied, change_of, inputs_of, kept_inputs, said
from hovedindgang.scenarios.doubting import ends_of
from hovedindgang.scenarios.models import InputsDocument, Run, Scenario
from hovedindgang.scenarios.queries import doubts_of
from hovedindgang.scenarios.rules import (
    LARGEST_DOCUMENT,
    MOST_CHANGES,
    MOST_REPLICATIONS,
    USUAL_REPLICATIONS,
    USUAL_SEED,
    Ground,
    PlanRefused,
    RunKind,
    RunState,
)


def _employee(actor: Actor) -> int | None:
    return actor.id if actor.kind is ActorKind.EMPLOYEE else None


@transaction.atomic
def keep_inputs(
    *,
    text: str,
    title: str,
    actor: Actor,
    ground: Ground = Ground.EDITED,
    follows: int | None = None,
    measured: dict[str, Any] | None = None,
    period: tuple[dt.date, dt.date] | None = None,
) -> InputsDocument:
    """Keep an inputs document that can be read; the same text again gives the one kept before.

    One event `inputs.kept`. Raises PlanRefused with the field and what is wrong in the document.
    """
    text = text.replace("\r\n", "\n")
    errors = {}
    if not title.strip() or len(title.strip()) > 200:
        errors["title"] = _("Skriv et navn på højst 200 tegn.")
    if len(text) > LARGEST_DOCUMENT:
        errors["text"] = _("Dokumentet er for langt.")
    else:
        try:
            inputs_of(text)
        except CannotPlan as problem:
            errors["text"] = said(problem)
    if errors:
        raise PlanRefused(errors)
    digest = hashlib.sha256(text.encode()).hexdigest()
    kept = InputsDocument.objects.filter(digest=digest).first()
    if kept:
        return kept
    row = InputsDocument.objects.create(
        title=title.strip(),
        text=text,
        digest=digest,
        ground=ground,
        follows_id=follows,
        measured=measured,
        measured_first=period[0] if period else None,
        measured_last=period[1] if period else None,
        kept_by_id=_employee(actor),
    )
    facts = {"digest": digest, "ground": ground.value, "follows": follows}
    append_event(verb="inputs.kept", actor=actor, subject_kind="inputs", subject_id=row.pk, facts=facts)
    return row


@transaction.atomic
def make_scenario(*, title: str, inputs_id: int, actor: Actor) -> Scenario:
    """A what-if that starts from the policy in force. Raises PlanRefused, policy's NoPolicyInForce."""
    if not title.strip() or len(title.strip()) > 200:
        raise PlanRefused({"title": _("Giv den et navn på højst 200 tegn, for eksempel »Luk Pandrup om fredagen«.")})
    document = InputsDocument.objects.filter(pk=inputs_id).first()
    if document is None:
        raise PlanRefused({"inputs": _("Vælg et grundlag på listen.")})
    version_id = in_force().version_id
    try:
        check_places(model_of(version_id), kept_inputs(document.text))
    except CannotPlan as problem:
        raise PlanRefused({"title": said(problem)}) from None
    row = Scenario.objects.create(
        title=title.strip(),
        version_id=version_id,
        inputs_id=inputs_id,
        made_by_id=_employee(actor),
    )
    facts = {"version": row.version_id, "inputs": inputs_id}
    append_event(verb="scenario.made", actor=actor, subject_kind="scenario", subject_id=row.pk, facts=facts)
    return row


@transaction.atomic
def add_change(*, scenario_id: int, change: Stored, actor: Actor) -> Scenario:
    """One more change, after those that are there. Raises PlanRefused where it cannot be made there."""
    row = Scenario.objects.select_for_update().get(pk=scenario_id)
    if len(row.changes) >= MOST_CHANGES:
        raise PlanRefused({"kind": _("Der er allerede mange ændringer. Lav en ny prøve til resten.")})
    try:
        change_of(change)
        applied(model_of(row.version_id), kept_inputs(row.inputs.text), [*row.changes, change])
    except CannotPlan as problem:
        raise PlanRefused({"kind": said(problem)}) from None
    row.changes = [*row.changes, dict(change)]
    row.save(update_fields=["changes"])
    facts: dict[str, Fact] = {"kind": str(change["kind"]), "number": len(row.changes)}
    append_event(verb="scenario.changed", actor=actor, subject_kind="scenario", subject_id=row.pk, facts=facts)
    return row


@transaction.atomic
def remove_change(*, scenario_id: int, number: int, actor: Actor) -> Scenario:
    """Take the change with that place (0 is the first) out; what came after it must still be possible.

    Nothing happens where it is gone. Raises PlanRefused.
    """
    row = Scenario.objects.select_for_update().get(pk=scenario_id)
    if not 0 <= number < len(row.changes):
        return row
    left = [one for place, one in enumerate(row.changes) if place != number]
    try:
        applied(model_of(row.version_id), kept_inputs(row.inputs.text), left)
    except CannotPlan as problem:
        raise PlanRefused(
            {"": _("En senere ændring bygger på den. Fjern den først. {why}").format(why=said(problem))}
        ) from None
    row.changes = left
    row.save(update_fields=["changes"])
    facts: dict[str, Fact] = {"kind": "", "number": len(left)}
    append_event(verb="scenario.changed", actor=actor, subject_kind="scenario", subject_id=row.pk, facts=facts)
    return row


@transaction.atomic
def ask_run(*, scenario_id: int, actor: Actor, replications: int = USUAL_REPLICATIONS, seed: int = USUAL_SEED) -> Run:
    """Ask for the what-if to be simulated, and, where nobody has yet, the policy as it is beside it: same seed, same
    citizens. Raises PlanRefused."""
    row = Scenario.objects.select_related("inputs").get(pk=scenario_id)
    _check_run(replications, seed)
    same = {"version_id": row.version_id, "inputs_id": row.inputs_id, "seed": seed, "replications": replications}
    as_it_is(actor=actor, **same)
    return _ask(kind=RunKind.WHAT_IF, title=row.title, scenario_id=row.pk, changes=row.changes, actor=actor, **same)


@transaction.atomic
def as_it_is(*, version_id: int, inputs_id: int, seed: int, replications: int, actor: Actor) -> Run:
    """The run without a change that others are compared with; asked for once for the same ground."""
    same = {"version_id": version_id, "inputs_id": inputs_id, "seed": seed, "replications": replications}
    known = Run.objects.filter(kind=RunKind.AS_IS, program=__version__, **same)
    found = known.exclude(state__in=[RunState.FAILED, RunState.STOPPED]).order_by("pk").first()
    return found or _ask(kind=RunKind.AS_IS, title=version(version_id).title, actor=actor, **same)


@transaction.atomic
def ask_replay(*, inputs_id: int, actor: Actor, replications: int = USUAL_REPLICATIONS, seed: int = USUAL_SEED) -> Run:
    """Ask for the measured time to be simulated with the policy that was in force at its end. Raises PlanRefused."""
    _check_run(replications, seed)
    row = InputsDocument.objects.get(pk=inputs_id)
    if row.measured is None or row.measured_last is None:
        raise PlanRefused({"inputs": _("Grundlaget er ikke målt. Mål først på egne tal.")})
    return _ask(
        kind=RunKind.REPLAY,
        title=row.title,
        version_id=in_force(row.measured_last).version_id,
        inputs_id=row.pk,
        seed=seed,
        replications=replications,
        actor=actor,
    )


@transaction.atomic
def ask_doubts(*, run_id: int, actor: Actor) -> Run:
    """Ask what of all that is not known decides a what-if most; one that was asked for and stands is given again.

    Raises PlanRefused where the run is none, or no number of its inputs has a range.
    """
    row = Run.objects.select_related("inputs").get(pk=run_id)
    if row.kind != RunKind.WHAT_IF:
        raise PlanRefused({"": _("Det spørges der om ved en prøve.")})
    known = doubts_of(row)
    if known:
        return known
    ends = ends_of(kept_inputs(row.inputs.text))
    if not ends:
        raise PlanRefused({"": _("Intet tal i grundlaget har et spænd. Skriv low og high på dem, der er usikre.")})
    return _ask(
        kind=RunKind.DOUBTS,
        title=row.title,
        version_id=row.version_id,
        inputs_id=row.inputs_id,
        changes=row.changes,
        seed=row.seed,
        replications=1 + len(ends),  # the answer as it is, and each end
        actor=actor,
    )


def _check_run(replications: int, seed: int) -> None:
    errors = {}
    if not 2 <= replications <= MOST_REPLICATIONS:
        errors["replications"] = _("Skriv et tal fra 2 til {most}.").format(most=MOST_REPLICATIONS)
    if not 0 <= seed <= 2_000_000_000:
        errors["seed"] = _("Skriv et helt tal, for eksempel 1.")
    if errors:
        raise PlanRefused(errors)


def _ask(*, kind: RunKind, actor: Actor, version_id: int, **fields: Any) -> Run:
    run = Run.objects.create(
        kind=kind,
        version_id=version_id,
        model_digest=version(version_id).digest,
        program=__version__,
        asked_by_id=_employee(actor),
        **fields,
    )
    facts = {"kind": kind.value, "version": version_id, "inputs": run.inputs_id, "seed": run.seed}
    facts |= {"replications": run.replications, "changes": len(run.changes)}
    append_event(verb="run.asked", actor=actor, subject_kind="run", subject_id=run.pk, facts=facts)
    return run


@transaction.atomic
def stop_run(*, run_id: int, actor: Actor) -> bool:
    """Stop a run that waits or is under way; False where it had ended."""
    under_way = Run.objects.filter(pk=run_id, state__in=[RunState.WAITING, RunState.RUNNING])
    if not under_way.update(state=RunState.STOPPED, ended_at=clock.now()):
        return False
    run = Run.objects.get(pk=run_id)
    run.parts.all().delete()
    append_event(verb="run.stopped", actor=actor, subject_kind="run", subject_id=run_id, facts={"done": run.done})
    return True
