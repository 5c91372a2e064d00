"""Which version of the service model is in force: the one function all other rooms ask, and what stands beside it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache

from django.db import connection
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from hovedindgang.kernel import clock
from hovedindgang.kernel.requests import request_at_work
from hovedindgang.policy.models import ExceptionalDay, ModelVersion, ServiceKey, VersionState
from hovedindgang.servicemodel import hours
from hovedindgang.servicemodel.document import Channel, Period, Right, Sensitivity, ServiceModel
from hovedindgang.servicemodel.loading import loads_kept

MODELS_KEPT = 12  # parsed models kept in a process; a municipality looks at a few versions, not at all


class NoPolicyInForce(LookupError):
    """No version has been adopted for the day; the message says what to do about it."""

    def __init__(self, day: dt.date) -> None:
        self.day = day
        super().__init__(
            _("Ingen servicemodel gælder den {day}. Vedtag en fra en tidligere dag.").format(day=date_format(day))
        )


@dataclass(frozen=True, slots=True)
class InForce:
    """The version that the day's work obeys."""

    version_id: int
    model: ServiceModel
    valid_from: dt.date


@dataclass(frozen=True, slots=True)
class Adopted:
    """An adopted version without its document. In force from `valid_from` to the next one's."""

    version_id: int
    valid_from: dt.date
    digest: str


# Every request asks this, so it is plain SQL: the query set costs three times as much.
_ADOPTED = "SELECT id, valid_from, digest FROM policy_modelversion WHERE state = %s ORDER BY valid_from"
_LAST_HEARD: list[Adopted] = []
_of_request: ContextVar[tuple[uuid.UUID, tuple[Adopted, ...]] | None] = ContextVar("adopted_of_request", default=None)


def in_force(day: dt.date | None = None) -> InForce:
    """The version in force on `day` (None: today in Denmark). Raises NoPolicyInForce.

    One query in a request, however many days are asked about; the document is read once in a process.
    """
    day = day or clock.today()
    for adopted in reversed(adopted_versions()):
        if adopted.valid_from <= day:
            return InForce(adopted.version_id, _model(adopted.digest), adopted.valid_from)
    raise NoPolicyInForce(day)


def in_force_from(day: dt.date) -> list[InForce]:
    """The version in force on `day`, and those adopted from later days, in order. Raises NoPolicyInForce."""
    return [in_force(day), *(in_force(one.valid_from) for one in adopted_versions() if one.valid_from > day)]


def in_force_lately(day: dt.date) -> InForce:
    """As `in_force`, by what this process last heard of the adopted versions; usually no query.

    Only for a deed whose own statement refuses when another version is in force by now, so that it can be done again
    with `in_force`. Raises NoPolicyInForce.
    """
    for adopted in reversed(tuple(_LAST_HEARD)):
        if adopted.valid_from <= day:
            return InForce(adopted.version_id, _model(adopted.digest), adopted.valid_from)
    return in_force(day)


def adopted_versions() -> tuple[Adopted, ...]:
    """All adopted versions, oldest first; remembered as long as the request lasts, and no longer."""
    request_id, remembered = request_at_work(), _of_request.get()
    if request_id is not None and remembered is not None and remembered[0] == request_id:
        return remembered[1]
    with connection.cursor() as cursor:
        cursor.execute(_ADOPTED, [VersionState.ADOPTED.value])
        adopted = tuple(
            Adopted(version_id, dt.date.fromisoformat(str(valid_from)), digest)
            for version_id, valid_from, digest in cursor.fetchall()
        )
    _LAST_HEARD[:] = adopted
    if request_id is not None:
        _of_request.set((request_id, adopted))
    return adopted


def forget_adopted_versions() -> None:
    """After an adoption: the rest of the request sees it."""
    _of_request.set(None)


def model_of(version_id: int) -> ServiceModel:
    """The model of any version, a draft too. Raises ModelVersion.DoesNotExist."""
    return _model(ModelVersion.objects.values_list("digest", flat=True).get(pk=version_id))


@lru_cache(maxsize=MODELS_KEPT)
def _model(digest: str) -> ServiceModel:
    # By digest and not by row: the same texts are the same model, whatever database they lie in.
    version = ModelVersion.objects.get(digest=digest)
    return loads_kept(version.document, name=version.title, includes=version.includes)


def sensitivities(day: dt.date | None = None) -> Mapping[str, Sensitivity]:
    """How closely each service that any version adopted until `day` knows is kept; the latest that knows it decides.

    A service that has left the model keeps its level: what citizens had is no less theirs for that.
    """
    return sensitivities_by(digests_until(day or clock.today()))


def digests_until(day: dt.date) -> tuple[str, ...]:
    """Of the versions adopted until then, in their order."""
    return tuple(adopted.digest for adopted in adopted_versions() if adopted.valid_from <= day)


def digests_lately() -> tuple[tuple[str, ...], int]:
    """As `digests_until` today, by what this process last heard of; and how many versions it had heard of.

    Only for a statement that reads nothing when there are more by now: adopted versions only grow in number.
    """
    heard, day = tuple(_LAST_HEARD) or adopted_versions(), clock.today()
    return tuple(adopted.digest for adopted in heard if adopted.valid_from <= day), len(heard)


def rights() -> Mapping[str, Right]:
    """Services by which a citizen asks about what is held of her, of every version adopted until today."""
    day = clock.today()
    return _rights(tuple(adopted.digest for adopted in adopted_versions() if adopted.valid_from <= day))


@lru_cache(maxsize=MODELS_KEPT)
def _rights(digests: tuple[str, ...]) -> Mapping[str, Right]:
    return {key: one.right for digest in digests for key, one in _model(digest).services.items() if one.right}


def services_over_time() -> dict[str, frozenset[str]]:
    """By service that took another's place or gave it up: all names its errand has had and got, its own among them.

    By what each name means to the version in force last that knows it: one that has left the model keeps its
    successor. Two services whose place one and the same took are two. Two that a backdated adoption made each
    other's successor are one errand. One query.
    """
    after = {key: after for key, after in ServiceKey.objects.values_list("key", "successor") if after}
    found: dict[str, set[str]] = {}
    for name in after:
        now, seen = name, {name}
        while now in after and after[now] not in seen:
            now = after[now]
            seen.add(now)
            found.setdefault(name, {name}).add(now)
            found.setdefault(now, {now}).add(name)
    return {name: frozenset(names) for name, names in found.items()}


def journal_duty() -> Mapping[str, dt.date]:
    """Services whose matters the model in force says are journalised, and from which day it has said so of each."""
    day = clock.today()
    found: dict[str, dt.date] = {}
    for adopted in adopted_versions():
        if adopted.valid_from <= day:
            said = {key for key, service in _model(adopted.digest).services.items() if service.journal}
            found = {key: found.get(key, adopted.valid_from) for key in said}
    return found


@lru_cache(maxsize=MODELS_KEPT)
def sensitivities_by(digests: tuple[str, ...]) -> Mapping[str, Sensitivity]:
    return {key: service.kept_as for digest in digests for key, service in _model(digest).services.items()}


def versions() -> list[ModelVersion]:
    """Every version without its texts: drafts first, newest first, then the adopted ones from the latest day back."""
    found = ModelVersion.objects.defer("document", "includes")
    drafts = found.exclude(state=VersionState.ADOPTED).order_by("-created_at")
    return [*drafts, *found.filter(state=VersionState.ADOPTED).order_by("-valid_from")]


def version(version_id: int) -> ModelVersion:
    """One version with its texts. Raises ModelVersion.DoesNotExist."""
    return ModelVersion.objects.get(pk=version_id)


def predecessor_of(found: ModelVersion) -> int | None:
    """The version that was in force before `found` (for a draft: the one in force today); None for the first."""
    day = found.valid_from if found.state == VersionState.ADOPTED else clock.today() + dt.timedelta(days=1)
    earlier = [adopted.version_id for adopted in adopted_versions() if day is None or adopted.valid_from < day]
    return earlier[-1] if earlier else None


def exceptional_days(centre: str | None, day: dt.date) -> tuple[hours.ExceptionalDay, ...]:
    """Days that are not as the model says, for `centre` (None: all centres), as `servicemodel.hours` takes them.

    One that names a channel stands after one for all channels, so that it wins.
    """
    rows = ExceptionalDay.objects.filter(on=day).order_by("channel")
    return tuple(as_exception(row) for row in (rows.filter(centre=centre) if centre else rows))


def coming_exceptional_days(day: dt.date) -> list[ExceptionalDay]:
    """Exceptional days from `day` on, soonest first, with their centres."""
    return list(ExceptionalDay.objects.filter(on__gte=day).select_related("centre").order_by("on", "centre_id"))


def coming_exceptions(day: dt.date) -> tuple[hours.ExceptionalDay, ...]:
    """Exceptional days from `day` on, as `servicemodel.hours` takes them; one that names a channel wins."""
    return tuple(as_exception(row) for row in ExceptionalDay.objects.filter(on__gte=day).order_by("on", "channel"))


def as_exception(row: ExceptionalDay) -> hours.ExceptionalDay:
    periods = (Period(row.opens, row.closes),) if row.opens and row.closes else ()
    return hours.ExceptionalDay(
        centre=row.centre_id,
        channel=Channel(row.channel) if row.channel else None,
        on=row.on,
        closed=not periods,
        periods=periods,
    )


def is_open(centre: str, channel: Channel, at: dt.datetime) -> bool:
    """Whether the centre is open in the channel at the aware instant, by that day's version and exceptional days.

    Raises KeyError for a centre that the version does not know, NoPolicyInForce before the first adoption.
    """
    day = clock.local_day(at)
    return hours.is_open(in_force(day).model, centre, channel, at, exceptions=exceptional_days(centre, day))


def opening_periods(centre: str, channel: Channel, day: dt.date) -> tuple[hours.Instants, ...]:
    """Half-open aware periods in which the centre is open in the channel on `day`. Raises as `is_open`."""
    exceptions = exceptional_days(centre, day)
    return hours.opening_periods(in_force(day).model, centre, channel, day, exceptions=exceptions)
