"""From a run to a draft of the policy: the decision that it tried, with the run's figures as its ground."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import Actor
from hovedindgang.kernel.events import append_event
from hovedindgang.planning.service.inputs import Inputs
from hovedindgang.policy.actions import save_draft
from hovedindgang.policy.models import ModelVersion
from hovedindgang.policy.queries import model_of, version
from hovedindgang.scenarios.documents import applied, in_her_language, in_words, kept_inputs
from hovedindgang.scenarios.models import Run
from hovedindgang.scenarios.pages import ground_words
from hovedindgang.scenarios.queries import as_it_was, latest_replay
from hovedindgang.scenarios.rewriting import CannotRewrite, changed_centres, rewritten
from hovedindgang.scenarios.rules import PlanRefused, RunKind, RunState
from hovedindgang.servicemodel.document import ServiceModel
from hovedindgang.servicemodel.loading import loads
from hovedindgang.servicemodel.problems import ModelInvalid


@transaction.atomic
def draft_from_run(*, run_id: int, actor: Actor) -> ModelVersion:
    """Keep the model that a run tried as a draft; nothing is adopted by it.

    Its new source says which run it rests on and what that came to; what was tried outside the model (staff, phones,
    demand) stands there in words. Raises PlanRefused where the run is no what-if or is not done, the model is as it
    was, or the document cannot be changed by a machine.
    """
    run = Run.objects.select_related("inputs").get(pk=run_id)
    if run.kind != RunKind.WHAT_IF:  # what its doubts came to has the same changes, and no figures for a ground
        raise PlanRefused({"": _("Et udkast laves af en prøves egen kørsel. Åbn den, og gør den til et udkast.")})
    if run.state != RunState.DONE:
        raise PlanRefused({"": _("Kørslen er ikke færdig.")})
    kept, before = version(run.version_id), model_of(run.version_id)
    inputs = kept_inputs(run.inputs.text)
    after, tried = applied(before, inputs, run.changes)
    after = _with_visits(after, inputs, tried)
    new = [key for key in after.centres if key not in before.centres]
    if not changed_centres(before, after) and not new:
        raise PlanRefused({"": _("Intet at vedtage: bemanding, telefoner og mængder står ikke i servicemodellen.")})
    source = f"proeve-{run.pk}"
    words = " ".join(in_words(before, inputs, run.changes))
    reference = _("Prøvet i kørsel {number} den {day}: {words}").format(
        number=run.pk, day=f"{clock.today():%d.%m.%Y}", words=words
    )
    try:
        text = rewritten(
            kept.document,
            before,
            after,
            source=source,
            reference=reference,
            note=ground_words(as_it_was(run), run, latest_replay(run.inputs_id)),
        )
        with in_her_language():
            read = loads(text, name=kept.title, includes=kept.includes)
    except (CannotRewrite, ModelInvalid):
        raise _by_hand() from None
    if not _says(read, after):
        raise _by_hand()
    draft = save_draft(text=text, includes=kept.includes, title=kept.title, actor=actor)
    append_event(verb="run.drafted", actor=actor, subject_kind="run", subject_id=run.pk, facts={"version": draft.pk})
    return draft


def _with_visits(after: ServiceModel, inputs: Inputs, tried: Inputs) -> ServiceModel:
    """A team that is to come each week is in the place's hours; who comes more rarely stands in the words alone."""
    from hovedindgang.planning.service.weeks import with_visits  # loads the engine's libraries

    had = inputs.staff.outings
    return with_visits(after, [one for one in tried.staff.outings if one not in had and one.every_weeks == 1])


def _says(read: ServiceModel, wanted: ServiceModel) -> bool:
    """Whether the document came to what the run tried, at every centre."""

    def told(model: ServiceModel) -> dict[str, object]:
        return {
            key: (one.name, {channel: _open(week) for channel, week in one.hours.items() if _open(week)})
            for key, one in model.centres.items()
        }

    return told(read) == told(wanted)


def _open(week: object) -> dict[int, object]:
    return {day: periods for day, periods in dict(week).items() if periods}  # type: ignore[call-overload]


def _by_hand() -> PlanRefused:
    return PlanRefused(
        {"": _("Dokumentet er skrevet, så det ikke kan rettes af sig selv. Skriv ændringen under Beslutning.")}
    )
