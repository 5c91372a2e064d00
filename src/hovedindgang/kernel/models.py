"""The event log, its deliveries, its seals, and the look-ups."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from hovedindgang.kernel.actors import ActorKind


class Event(models.Model):
    """One deed. Appended in the deed's transaction, never changed (a trigger refuses it).

    `facts` hold keys, codes, quantities and row numbers; never a name, CPR, address or free text.
    """

    recorded_at = models.DateTimeField(db_default=Now(), editable=False)  # the database's clock
    happened_at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField(null=True)
    on_behalf_of = models.BigIntegerField(null=True)
    verb = models.CharField(max_length=60)  # room word and past tense: "contact.registered"
    subject_kind = models.CharField(max_length=30)
    subject_id = models.CharField(max_length=40)
    request_id = models.UUIDField()
    facts = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(name="event_actor_kind_known", condition=Q(actor_kind__in=list(ActorKind))),
            models.CheckConstraint(
                name="event_actor_named", condition=Q(actor_kind=ActorKind.SYSTEM) | Q(actor_id__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["subject_kind", "subject_id"], name="event_by_subject"),
            models.Index(fields=["recorded_at"], name="event_by_recorded_at"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_kind}:{self.subject_id}"


class DeliveryState(models.TextChoices):
    WAITING = "waiting"
    LEASED = "leased"
    DONE = "done"
    UNCERTAIN = "uncertain"  # the worker died while an act that must not be repeated was under way: a person decides
    QUARANTINED = "quarantined"  # failed too often: a person decides


class Delivery(models.Model):
    """One event for one listener; written in the event's transaction."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="deliveries")
    listener = models.CharField(max_length=120)  # dotted path of the function
    subject = models.CharField(max_length=72)  # deliveries of one subject to one listener keep their order
    state = models.CharField(max_length=12, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    available_at = models.DateTimeField(db_default=Now())
    leased_until = models.DateTimeField(null=True)
    lease = models.UUIDField(null=True)
    error = models.TextField(default="", blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "listener"], name="delivery_once_per_listener"),
            models.CheckConstraint(name="delivery_state_known", condition=Q(state__in=DeliveryState.values)),
            models.CheckConstraint(
                name="delivery_leased_with_lease",
                condition=~Q(state=DeliveryState.LEASED) | Q(lease__isnull=False, leased_until__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["listener", "subject", "id"],
                name="delivery_undone",
                condition=Q(state__in=["waiting", "leased"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.event_id} to {self.listener}: {self.state}"


class LookUp(models.Model):
    """Someone saw what we hold about a citizen: who, whom, why, and what kind of use. Append-only."""

    at = models.DateTimeField(db_default=Now(), editable=False)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField(null=True)
    citizen_id = models.BigIntegerField(null=True)  # a row number, not a key: the log outlives an erased citizen
    use = models.CharField(max_length=30)  # search | history | registration | handover | api | ...
    reason = models.CharField(max_length=80)  # what it was for: a contact, a handover, a typed reason code
    request_id = models.UUIDField()

    class Meta:
        indexes = [
            models.Index(fields=["citizen_id", "at"], name="lookup_by_citizen"),
            models.Index(fields=["actor_kind", "actor_id", "at"], name="lookup_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.use} {self.reason}"


class Log(models.TextChoices):
    """What is kept by the month: each row of it belongs to the month, in UTC, in which it was written."""

    EVENTS = "events"
    LOOK_UPS = "lookups"


class Seal(models.Model):
    """A checksum over events of one month that were committed since the seal before; never changed.

    An event is in exactly one seal. Instants are text, as in the canonical bytes (`kernel.seals`).
    """

    number = models.BigIntegerField(primary_key=True)  # 1, 2, 3 ... without a hole
    sealed_at = models.CharField(max_length=27)
    month = models.CharField(max_length=7, blank=True, default="")  # "2026-03"; empty: no events, gaps were closed
    count = models.PositiveIntegerField()
    ids = models.JSONField()  # [[first, last], ...]: the row numbers of its events
    first_at = models.CharField(max_length=27, blank=True, default="")  # the earliest `recorded_at` among them
    last_at = models.CharField(max_length=27, blank=True, default="")
    high = models.BigIntegerField()  # row numbers up to here are sealed, lie in an open gap, or were never used
    open_gaps = models.JSONField()  # [[first, last, xmax, since], ...]: unused so far, and someone may be at it
    marks = models.BinaryField()  # eight bytes of each event's own checksum: they say which one was changed
    events_hash = models.CharField(max_length=64)  # SHA-256 of the events' canonical bytes
    hash = models.CharField(max_length=64, unique=True)  # SHA-256 of all the above and of the seal before

    class Meta:
        constraints = [
            models.CheckConstraint(name="seal_counts_from_one", condition=Q(number__gte=1)),
            models.CheckConstraint(name="seal_of_events_has_month", condition=Q(count=0) ^ ~Q(month="")),
        ]
        indexes = [models.Index(fields=["month"], name="seal_by_month")]

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


class DroppedMonth(models.Model):
    """A whole month of a log that was dropped after its retention. To write this row is to drop the month:
    triggers make sure that it may be, and remove its rows in the same statement."""

    log = models.CharField(max_length=8, choices=Log.choices)
    month = models.CharField(max_length=7)
    rows = models.PositiveIntegerField()
    deed = models.BigIntegerField()  # row number of the event that says so; it may itself be dropped one day
    dropped_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["log", "month"], name="month_dropped_once"),
            models.CheckConstraint(name="dropped_log_known", condition=Q(log__in=Log.values)),
        ]

    def __str__(self) -> str:
        return f"{self.log} {self.month}"


class KeyCanary(models.Model):
    """A known word sealed with each key when it was new: it shows whether the keys at hand are those in use."""

    number = models.PositiveSmallIntegerField(primary_key=True)  # of the key; 0: the index key, which seals nothing
    sealed = models.BinaryField()
    made_at = models.DateTimeField(db_default=Now(), editable=False)

    def __str__(self) -> str:
        return f"canary of key {self.number}"


class HouseKind(models.TextChoices):
    REAL = "real"
    PRACTICE = "practice"


class House(models.Model):
    """Which house this database is: one row, written when it is made and never changed (a trigger refuses it)."""

    only = models.PositiveSmallIntegerField(primary_key=True, default=1)
    kind = models.CharField(max_length=8, choices=HouseKind.choices)
    made_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(name="house_is_one", condition=Q(only=1)),
            models.CheckConstraint(name="house_kind_known", condition=Q(kind__in=HouseKind.values)),
        ]

    def __str__(self) -> str:
        return self.kind
