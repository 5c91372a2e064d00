"""Deeds of policy: keep a draft, record an adoption, begin a day, record an exceptional day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import SYSTEM, Actor
from hovedindgang.kernel.events import append_event
from hovedindgang.policy import queries
from hovedindgang.policy.models import (
    AuthorityKey,
    CentreKey,
    DayBegun,
    DepartmentKey,
    ExceptionalDay,
    MediumKey,
    ModelKey,
    ModelVersion,
    ServiceKey,
    VersionState,
)
from hovedindgang.policy.rules import (
    KINDS,
    DayPassed,
    DayRefused,
    VersionRefused,
    digest_of,
    keeps_its_meaning,
    things_of,
)
from hovedindgang.servicemodel.document import Channel, ServiceModel
from hovedindgang.servicemodel.loading import loads
from hovedindgang.servicemodel.problems import ModelInvalid

MISSING_DAYS = 31
_KEYS: dict[str, type[ModelKey]] = {
    "services": ServiceKey,
    "centres": CentreKey,
    "departments": DepartmentKey,
    "authorities": AuthorityKey,
    "media": MediumKey,
}


@transaction.atomic
def save_draft(*, text: str, includes: Mapping[str, str], title: str, actor: Actor) -> ModelVersion:
    """Keep a document that is a service model; the same texts again give the version kept before.

    Raises servicemodel's ModelInvalid with all problems, lines named in a file called `title`.
    """
    model = loads(text, name=title, includes=includes)
    digest = digest_of(text, includes)
    kept = ModelVersion.objects.filter(digest=digest).first()
    if kept:
        return kept
    version = ModelVersion.objects.create(
        title=model.adoption.title[:200], document=text, includes=dict(includes), digest=digest
    )
    append_event(
        verb="version.drafted",
        actor=actor,
        subject_kind="model_version",
        subject_id=version.pk,
        facts={"digest": digest},
    )
    return version


@transaction.atomic
def record_adoption(
    *,
    version_id: int,
    valid_from: dt.date,
    decided_on: dt.date | None,
    body: str,
    actor: Actor,
    backdated: bool = False,
) -> ModelVersion:
    """Put a draft in force from a day, and keep its keys for ever.

    Raises VersionRefused when the version is adopted already, the day has another version, the day has passed
    (work done since then obeyed the old one; `backdated` says that this is meant), the document is not right by
    today's checks, or a key would change its meaning.
    """
    _one_adoption_at_a_time()
    version = ModelVersion.objects.get(pk=version_id)
    _check_day(version, valid_from, backdated=backdated)
    _check_document(version)
    model = queries.model_of(version_id)
    _check_keys(model)
    version.state, version.valid_from, version.adopted_at = VersionState.ADOPTED, valid_from, clock.now()
    version.decided_on, version.body = decided_on, body
    try:
        with transaction.atomic():
            version.save(update_fields=["state", "valid_from", "adopted_at", "decided_on", "body"])
    except IntegrityError:  # someone else adopted for the same day in this very moment
        raise _day_taken(valid_from) from None
    knowing = [(version, model), *_in_force_later(version)]
    for kind in KINDS:
        _keep_keys(kind, knowing)
    append_event(
        verb="version.adopted",
        actor=actor,
        subject_kind="model_version",
        subject_id=version.pk,
        facts={"valid_from": valid_from.isoformat(), "digest": version.digest, "backdated": backdated},
    )
    queries.forget_adopted_versions()
    return version


def _one_adoption_at_a_time() -> None:
    """Two adoptions must see each other's keys; SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE policy_modelversion IN SHARE ROW EXCLUSIVE MODE")


def _check_day(version: ModelVersion, valid_from: dt.date, *, backdated: bool) -> None:
    if version.state == VersionState.ADOPTED and version.valid_from:
        raise VersionRefused(
            _(
                "Denne servicemodel er allerede vedtaget fra {day}. Ret dokumentet, og gem det som et nyt udkast."
            ).format(day=date_format(version.valid_from))
        )
    if valid_from < clock.today() and not backdated:
        said = (
            _("{day} er passeret, og arbejdet siden da fulgte en anden servicemodel. Vælg i dag eller en senere dag.")
            if any(adopted.valid_from < clock.today() for adopted in queries.adopted_versions())
            else _("{day} er passeret, og arbejdet siden da fulgte ingen servicemodel. Vælg i dag eller en senere dag.")
        )
        raise DayPassed(said.format(day=date_format(valid_from)))
    if ModelVersion.objects.filter(state=VersionState.ADOPTED, valid_from=valid_from).exists():
        raise _day_taken(valid_from)


def _check_document(version: ModelVersion) -> None:
    """A draft may have been kept before a check was there."""
    try:
        loads(version.document, name=version.title, includes=version.includes)
    except ModelInvalid as invalid:
        raise VersionRefused(
            _(
                "Udkastet kan ikke vedtages, som det er. Ret dokumentet, og gem det som et nyt udkast: {problems}"
            ).format(problems=" ".join(str(problem) for problem in invalid.problems))
        ) from None


def _day_taken(valid_from: dt.date) -> VersionRefused:
    return VersionRefused(
        _("Fra {day} er der allerede vedtaget en servicemodel. Se den først, og vælg så en anden dag.").format(
            day=date_format(valid_from)
        )
    )


def _check_keys(model: ServiceModel) -> None:
    """No key that was ever used may come to mean another thing, also when it was gone in between."""
    model_of = cache(queries.model_of)  # few versions hold all keys
    for kind in KINDS:
        kept = _KEYS[kind]._default_manager.in_bulk(list(things_of(model, kind)))
        for key, row in kept.items():
            old: Any = things_of(model_of(row.last_version_id), kind)[key]
            new = things_of(model, kind)[key]
            if not keeps_its_meaning(old, new):
                raise VersionRefused(
                    _(
                        'Nøglen "{key}" hører til »{old}« og kan ikke bruges til »{new}«. Giv den nye en anden nøgle.'
                    ).format(key=key, old=old.name, new=new.name)
                )


def _in_force_later(version: ModelVersion) -> list[tuple[ModelVersion, ServiceModel]]:
    """Those adopted before it that are in force after it, in order, where it is adopted out of order."""
    later = ModelVersion.objects.filter(state=VersionState.ADOPTED, valid_from__gt=version.valid_from)
    return [(one, queries.model_of(one.pk)) for one in later.order_by("valid_from")]


def _keep_keys(kind: str, knowing: list[tuple[ModelVersion, ServiceModel]]) -> None:
    """A row for each key of the version that is adopted, which stands first. A key means what the version says that
    is in force last of those that know it, in whatever order they were adopted."""
    changing = ["name", "last_version"]
    if kind == "services":
        changing.append("successor")
    if kind == "media":
        changing.append("channel")
    adopted, model = knowing[0]
    rows = {}
    for version, said in knowing:
        for key, thing in things_of(said, kind).items():
            if key in things_of(model, kind):
                row = _KEYS[kind](key=key, name=thing.name[:200], first_version=adopted, last_version=version)
                if isinstance(row, ServiceKey):
                    row.successor_id = thing.successor
                if isinstance(row, MediumKey):
                    row.channel = thing.channel
                rows[key] = row
    _KEYS[kind]._default_manager.bulk_create(
        rows.values(), update_conflicts=True, unique_fields=["key"], update_fields=changing
    )


@transaction.atomic
def begin_day(*, day: dt.date) -> bool:
    """Say `day.began` once for a day; True for the one call that said it, however many ask at once."""
    try:
        version_id: int | None = queries.in_force(day).version_id
    except queries.NoPolicyInForce:
        version_id = None
    if DayBegun.objects.filter(pk=day).exists():
        return False
    try:
        with transaction.atomic():
            DayBegun.objects.create(day=day, version_id=version_id)
    except IntegrityError:
        return False
    append_event(
        verb="day.began", actor=SYSTEM, subject_kind="day", subject_id=day.isoformat(), facts={"version": version_id}
    )
    return True


def begin_missing_days(*, until: dt.date) -> None:
    """Begin `until`, and before it the days that passed while no worker ran (at most a month of them), in order."""
    last = DayBegun.objects.filter(day__lt=until).order_by("-day").values_list("day", flat=True).first()
    missing = min((until - last).days, MISSING_DAYS) if last else 1
    for ago in reversed(range(missing)):
        begin_day(day=until - dt.timedelta(days=ago))


@transaction.atomic
def record_exceptional_day(
    *,
    centre: str,
    on: dt.date,
    reason: str,
    actor: Actor,
    channel: Channel | None = None,
    opens: dt.time | None = None,
    closes: dt.time | None = None,
) -> ExceptionalDay:
    """A centre is closed on a day, or open otherwise; said again for the same centre and channel it replaces.

    Both times empty: closed all day. Raises DayRefused with `errors` by field.
    """
    _check_exceptional_day(centre, on, reason, opens, closes)
    recorded, _created = ExceptionalDay.objects.update_or_create(
        centre_id=centre,
        channel=channel or "",
        on=on,
        defaults={"opens": opens, "closes": closes, "reason": reason.strip()},
    )
    append_event(
        verb="exceptional_day.recorded",
        actor=actor,
        subject_kind="centre",
        subject_id=centre,
        facts={
            "on": on.isoformat(),
            "channel": channel or "",
            "opens": opens.isoformat() if opens else None,
            "closes": closes.isoformat() if closes else None,
        },
    )
    return recorded


def _check_exceptional_day(
    centre: str, on: dt.date, reason: str, opens: dt.time | None, closes: dt.time | None
) -> None:
    errors = {}
    if centre not in queries.in_force(on).model.centres:
        errors["centre"] = _("Vælg et af de centre, der gælder den dag.")
    if on < clock.today():
        errors["on"] = _("Dagen er passeret. Vælg i dag eller en senere dag.")
    if not reason.strip():
        errors["reason"] = _("Skriv kort hvorfor, så borgerne kan få det at vide.")
    elif len(reason.strip()) > 200:
        errors["reason"] = _("Skriv højst 200 tegn.")
    if (opens is None) != (closes is None):
        errors["opens"] = _("Skriv både åbner og lukker, eller ingen af dem, hvis der er lukket hele dagen.")
    elif opens and closes and opens >= closes:
        errors["closes"] = _("Lukketiden skal ligge efter åbningstiden.")
    if errors:
        raise DayRefused(errors)


@transaction.atomic
def withdraw_exceptional_day(*, exceptional_day_id: int, actor: Actor) -> None:
    """The day is as the model says after all. Nothing happens where it was withdrawn before."""
    row = ExceptionalDay.objects.filter(pk=exceptional_day_id).first()
    if row is None:
        return
    row.delete()
    append_event(
        verb="exceptional_day.withdrawn",
        actor=actor,
        subject_kind="centre",
        subject_id=row.centre_id,
        facts={"on": row.on.isoformat(), "channel": row.channel},
    )
