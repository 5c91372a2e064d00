"""What the database says of the house: the work behind, the policy, the keys, the backups, the demonstration."""

from __future__ import annotations

import datetime as dt
import os
from typing import Any

from django.conf import settings
from django.db import connection

from hovedindgang.contacts.rules import months_after
from hovedindgang.kernel import clock
from hovedindgang.kernel.encryption import CannotDecrypt, index_with
from hovedindgang.kernel.keyring import BadKeys, ring
from hovedindgang.kernel.models import Delivery, DeliveryState, Event, KeyCanary
from hovedindgang.kernel.seals import last_seal
from hovedindgang.people.models import Citizen, Employee
from hovedindgang.people.queries import CPR_PLACE, cpr_of
from hovedindgang.policy.models import DayBegun
from hovedindgang.policy.queries import NoPolicyInForce, adopted_versions, in_force
from hovedindgang.site.backups.keys import fingerprints
from hovedindgang.site.doctor.verdicts import Answer, warning, well, wrong
from hovedindgang.site.language import gettext

MINUTES_BEHIND = 5  # the worker asks twice a second; a failure is tried again within a quarter of an hour
DAYS_OF_NOTICE = 30
BACKUP_HOURS, BACKUP_DAYS_AT_MOST = 26, 7
ARCHIVE_MINUTES = 60
SAMPLE = 20


def worker() -> Answer:
    """What waits although its time has come, and whether today has been begun: both are the worker's."""
    late = clock.now() - dt.timedelta(minutes=MINUTES_BEHIND)
    waiting = Delivery.objects.filter(state=DeliveryState.WAITING, available_at__lt=late)
    do = gettext("Se, om `hovedindgang serve` (eller worker) kører, og hvad den skriver.")
    if oldest := waiting.order_by("available_at").first():
        told = gettext("{n} leveringer venter, den ældste i {minutes} minutter")
        return wrong(told.format(n=waiting.count(), minutes=_minutes_since(oldest.available_at)), do)
    if adopted_versions() and not DayBegun.objects.filter(day=clock.today()).exists():
        return warning(gettext("Dagen i dag er ikke begyndt: arbejdet bagved kører ikke"), do)
    return well(gettext("Arbejdet bagved følger med."))


def seals() -> Answer:
    """Every deed is sealed within a minute; the worker does it."""
    late = clock.now() - dt.timedelta(minutes=MINUTES_BEHIND)
    last = last_seal()
    if Event.objects.filter(pk__gt=last.high if last else 0, recorded_at__lt=late).exists():
        return wrong(
            gettext("Der er hændelser, som ikke er forseglet"),
            gettext("Se, om `hovedindgang serve` (eller worker) kører, og hvad den skriver."),
        )
    return well(gettext("Alle hændelser er forseglet."))


def deliveries_for_a_person() -> Answer:
    """What the worker has given up, or does not know whether it did."""
    left = Delivery.objects.filter(state__in=[DeliveryState.QUARANTINED, DeliveryState.UNCERTAIN])
    if not (oldest := left.select_related("event").order_by("event__recorded_at").first()):
        return well(gettext("Ingen levering venter på et menneske."))
    counted = {
        state: left.filter(state=state).count() for state in (DeliveryState.QUARANTINED, DeliveryState.UNCERTAIN)
    }
    told = gettext(
        "{quarantined} leveringer er opgivet og {uncertain} uvisse, den ældste til {listener} for {hours} timer siden"
    )
    return warning(
        told.format(
            quarantined=counted[DeliveryState.QUARANTINED],
            uncertain=counted[DeliveryState.UNCERTAIN],
            listener=oldest.listener,
            hours=_minutes_since(oldest.event.recorded_at) // 60,
        ),
        gettext("Læs fejlen i kernel_delivery.error; ret årsagen, og sæt dem til waiting igen."),
    )


def _minutes_since(at: dt.datetime) -> int:
    return int((clock.now() - at).total_seconds() // 60)


def policy() -> Answer:
    try:
        now = in_force()
    except NoPolicyInForce as error:
        return wrong(str(error), gettext("Vedtag en servicemodel: hovedindgang adopt FIL --from DATO"))
    later = [known.valid_from for known in adopted_versions() if known.valid_from > clock.today()]
    if not later:
        return well(gettext("Gælder fra {day}, indtil en ny vedtages.").format(day=now.valid_from))
    days = (min(later) - clock.today()).days
    told = gettext("Gælder fra {day}; den næste gælder om {days} dage.").format(day=now.valid_from, days=days)
    return well(told)


def keys_open_what_is_stored() -> Answer:
    """The newest and the oldest CPRs are opened and found again: a key may have been changed on the way."""
    with_cpr = Citizen.objects.filter(cpr_sealed__isnull=False)
    sample = [*with_cpr.order_by("pk")[: SAMPLE // 2], *with_cpr.order_by("-pk")[: SAMPLE // 2]]
    closed = sum(not _opens(citizen) for citizen in sample)
    known = ", ".join(f"{name} {digits}" for name, digits in fingerprints().items())
    if closed:
        return wrong(
            gettext("{closed} af {n} prøvede CPR-numre kan ikke læses med nøglerne ({known})").format(
                closed=closed, n=len(sample), known=known
            ),
            gettext("Sæt de nøgler, de er skrevet med; se docs/guide/backup.md."),
        )
    return well(gettext("{n} prøvede CPR-numre kan læses ({known}).").format(n=len(sample), known=known))


def _opens(citizen: Citizen) -> bool:
    try:
        # Not by `blind_index`, which would first let the keys prove themselves, and write that it has.
        return index_with(ring(), cpr_of(citizen) or "", place=CPR_PLACE) == bytes(citizen.cpr_index or b"")
    except (CannotDecrypt, BadKeys):
        return False


def age_of_the_key() -> Answer | None:
    """How long the key that seals has done so; its period is of docs/decisions/keys.md."""
    number = ring().current
    made = KeyCanary.objects.filter(number=number).first()
    if made is None or not settings.KEY_MONTHS:
        return None
    since, months = clock.local_day(made.made_at), settings.KEY_MONTHS
    due = months_after(since, months)
    told = gettext("Nøgle {number} har låst siden {day}").format(number=number, day=since.isoformat())
    if clock.today() >= due:
        return warning(
            gettext("{told}, og en nøgle bruges højst i {months} måneder").format(told=told, months=months),
            gettext("Lav en ny, og lås alt om med den: hovedindgang keys new, og så keys rotate."),
        )
    return well(gettext("{told}; senest {day} skal der en ny til.").format(told=told, day=due.isoformat()))


def passwords() -> Answer | None:
    """Where employees have passwords, those that others have lost must be known, so that nobody has one of them."""
    if settings.PILOT or settings.PRACTICE:
        return None
    unread = [name for name in settings.PASSWORD_LIST if not os.access(name, os.R_OK)]
    if unread:
        return wrong(
            gettext("{files} kan ikke læses, og ingen kan skifte adgangskode").format(files=", ".join(unread)),
            gettext("Læg filen der, eller ret HOVEDINDGANG_PASSWORD_LIST."),
        )
    unusable = "!"  # how Django says that there is none
    with_one = Employee.objects.filter(is_active=True).exclude(password__startswith=unusable)
    if with_one.exists() and not settings.PASSWORD_LIST:
        return warning(
            gettext("Nogen logger ind med adgangskode, og ingen liste siger, hvilke koder andre har mistet"),
            gettext("Hent en liste, og sæt HOVEDINDGANG_PASSWORD_LIST; se docs/guide/sign-in.md."),
        )
    return well(gettext("Adgangskoder prøves mod listen, eller ingen har en."))


def demonstration() -> Answer | None:
    """Invented people have days of birth from 61 to 91; a day of the calendar may be somebody's."""
    if not settings.PILOT:
        return None
    real = 0
    for citizen in Citizen.objects.filter(cpr_sealed__isnull=False).order_by("-pk")[:SAMPLE]:
        try:
            real += int((cpr_of(citizen) or "99")[:2]) <= 31
        except CannotDecrypt:
            continue
    if real:
        return wrong(
            gettext("HOVEDINDGANG_DEMO er sat, og {n} af de nyeste CPR-numre kan være ægte").format(n=real),
            gettext("Fjern HOVEDINDGANG_DEMO nu: enhver kan logge ind som en af de opdigtede medarbejdere."),
        )
    return well(gettext("Demonstrationens borgere er opdigtede."))


def last_backup() -> Answer | None:
    if settings.PILOT:
        return None
    archive = _archive()
    if archive is not None and archive.verdict != "well":
        return archive
    taken = Event.objects.filter(verb="backup.taken").order_by("-pk").first()
    do = gettext("hovedindgang backup MAPPE --keep 14, hver nat; se docs/guide/backup.md.")
    if taken is None:
        return archive or wrong(gettext("Der er aldrig taget en sikkerhedskopi"), do)
    hours = _minutes_since(taken.recorded_at) // 60
    told = gettext("Den seneste sikkerhedskopi er {hours} timer gammel").format(hours=hours)
    if hours > BACKUP_DAYS_AT_MOST * 24 and archive is None:
        return wrong(told, do)
    return warning(told, do) if hours > BACKUP_HOURS and archive is None else well(told)


def _archive() -> Answer | None:
    """PostgreSQL's own archive of its log; None where there is none."""
    if connection.vendor != "postgresql":
        return None
    if _row("SHOW archive_mode")[0] == "off":
        return None
    archived, failed = _row("SELECT last_archived_time, last_failed_time FROM pg_stat_archiver")
    do = gettext("Se PostgreSQLs log, og ret archive_command; se docs/guide/point-in-time.md.")
    if failed and (archived is None or failed > archived):
        return wrong(gettext("PostgreSQL kan ikke gemme sin log i arkivet"), do)
    if archived is None or _minutes_since(archived) > ARCHIVE_MINUTES:
        return warning(gettext("Arkivet har intet fået i over en time"), do)
    return well(gettext("PostgreSQL gemmer sin log i arkivet."))


def _row(statement: str) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        found: tuple[Any, ...] = cursor.fetchone()
    return found
