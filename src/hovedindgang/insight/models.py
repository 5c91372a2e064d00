"""Kept daily figures: counts by day, place and channel, which can always be recomputed from contacts.

Each count's name is a key of `figures`, where its predicate stands; the list behind a figure uses the same one.
Days are those of receipt (the cohort), centres are null where none was named.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from hovedindgang.insight.figures import CONTACT_FIGURES, ENQUIRY_FIGURES, MATTER_FIGURES, TALLY_FIGURES
from hovedindgang.insight.hand_counts import CountedBy
from hovedindgang.insight.missing import Answer
from hovedindgang.insight.weeks import Category
from hovedindgang.policy.models import CentreKey, DepartmentKey, ModelVersion, ServiceKey
from hovedindgang.registers.models import RecordedContact
from hovedindgang.servicemodel.document import Channel


class KeptDay(models.Model):
    """A day that has figures, or must have them anew. Its row is the lock of whoever counts it."""

    day = models.DateField(primary_key=True)
    dirty = models.BooleanField(default=True)  # something happened since it was counted
    counted_at = models.DateTimeField(null=True)
    as_of = models.DateField(null=True)  # the day it was judged on
    version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["day"], name="kept_day_dirty", condition=models.Q(dirty=True))]

    def __str__(self) -> str:
        return self.day.isoformat()


class ClosedMonth(models.Model):
    """A month whose figures stand, or will as soon as all its days are counted."""

    month = models.DateField(primary_key=True)  # its first day
    closed_at = models.DateTimeField(null=True)  # None: its day has come, and something is still to be counted

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class Correction(models.Model):
    """Why a day's headline would be another today than when its month was closed."""

    day = models.DateField()
    why = models.CharField(max_length=12)  # closing.Why
    counted_at = models.DateTimeField(null=True)  # None: told, and not yet counted whether it changes anything

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "why"], name="correction_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.why}"


class Kept(models.Model):
    """One day, one place, one channel. See `closing` for when a row is not both shown and current."""

    day = models.DateField()
    centre = models.ForeignKey(CentreKey, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    channel = models.CharField(max_length=10)
    shown = models.BooleanField(db_default=True)  # what the board says: in a closed month as it was at the close
    current = models.BooleanField(db_default=True)  # what a fresh count gives

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.day} {self.centre_id or ''} {self.channel}"


class ContactDay(Kept):
    """Contacts, by the figures of `CONTACT_FIGURES` and the strip counter's of `TALLY_FIGURES`.

    Each source writes rows of its own, so a day, place and channel may have several: readers add them up.
    """

    class Meta:
        indexes = [models.Index(fields=["day"], name="contact_day_by_day")]


class EnquiryDay(Kept):
    """Enquiries of one service at one level, by the figures of `ENQUIRY_FIGURES`."""

    service = models.ForeignKey(ServiceKey, on_delete=models.PROTECT, related_name="+", db_index=False)
    level = models.CharField(max_length=14)

    class Meta:
        indexes = [models.Index(fields=["day"], name="enquiry_day_by_day")]


# The figures stand in one table of predicates, so the columns are made from it.
for _name in (*CONTACT_FIGURES, *MATTER_FIGURES, *TALLY_FIGURES):
    ContactDay.add_to_class(_name, models.IntegerField(default=0))
for _name in ENQUIRY_FIGURES:
    EnquiryDay.add_to_class(_name, models.IntegerField(default=0))


class AvoidableDay(Kept):
    """Enquiries that need not have been, by cause."""

    cause = models.CharField(max_length=20)  # contacts.rules.AvoidableCause; empty: not said
    enquiries = models.IntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["day"], name="avoidable_day_by_day")]


class HourDay(Kept):
    """What was registered in an hour, beside what the registers of other systems saw arrive: completeness."""

    hour = models.PositiveSmallIntegerField()  # 0–23, Danish time
    registered = models.IntegerField(default=0)
    arrived = models.IntegerField(default=0)
    not_reached = models.IntegerField(default=0)  # left the queue, or hung up before anybody answered

    class Meta:
        indexes = [models.Index(fields=["day"], name="hour_day_by_day")]


class HandCount(models.Model):
    """How many came, counted by hand where no register does. Never changed: a later one replaces it, or takes it back.

    It is one count of `arrived` in a channel at a centre, over the hours [from_hour, to_hour) of every day from
    `first_on` to `last_on`.
    """

    centre = models.ForeignKey(CentreKey, on_delete=models.PROTECT, related_name="+", db_index=False)
    channel = models.CharField(max_length=10)
    first_on = models.DateField()
    last_on = models.DateField()
    from_hour = models.PositiveSmallIntegerField(default=0)
    to_hour = models.PositiveSmallIntegerField(default=24)
    arrived = models.PositiveIntegerField(null=True)  # None: what it replaces is taken back
    counted_by = models.CharField(max_length=12)  # hand_counts.CountedBy: the role, never the person
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    why = models.CharField(max_length=200, blank=True, default="")  # of a correction
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    entered_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(name="hand_count_channel_known", condition=Q(channel__in=list(Channel))),
            models.CheckConstraint(name="hand_count_days", condition=Q(first_on__lte=F("last_on"))),
            models.CheckConstraint(
                name="hand_count_hours", condition=Q(from_hour__lt=F("to_hour")) & Q(to_hour__lte=24)
            ),
            models.CheckConstraint(name="hand_count_by_role", condition=Q(counted_by__in=list(CountedBy))),
            models.CheckConstraint(
                name="hand_count_corrected_why",
                condition=Q(replaces__isnull=True, arrived__isnull=False, why="")
                | (Q(replaces__isnull=False) & ~Q(why="")),
            ),
        ]
        indexes = [models.Index(fields=["first_on"], name="hand_count_by_day")]

    def __str__(self) -> str:
        return f"{self.first_on}–{self.last_on} {self.centre_id} {self.channel}"

    @property
    def days(self) -> list[dt.date]:
        return [self.first_on + dt.timedelta(days=number) for number in range((self.last_on - self.first_on).days + 1)]


class HandCountHour(models.Model):
    """An hour that a standing count by hand covers: the same hour is never counted twice."""

    count = models.ForeignKey(HandCount, on_delete=models.CASCADE, related_name="hours")
    centre = models.ForeignKey(CentreKey, on_delete=models.PROTECT, related_name="+", db_index=False)
    channel = models.CharField(max_length=10)
    day = models.DateField()
    hour = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "centre", "channel", "hour"], name="hand_counted_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.hour} {self.centre_id} {self.channel}"


class ArrivalAnswer(models.Model):
    """What somebody said of an arrival that a register saw and nobody registered. One for each, the latest."""

    record = models.OneToOneField(RecordedContact, on_delete=models.CASCADE, related_name="answered")
    answer = models.CharField(max_length=12)  # missing.Answer
    contact = models.ForeignKey(
        "contacts.Contact", on_delete=models.CASCADE, null=True, related_name="+", db_index=False
    )  # as which it was registered afterwards
    employee = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="arrival_answer_known", condition=Q(answer__in=list(Answer))),
            models.CheckConstraint(
                name="arrival_registered_as",
                condition=Q(answer=Answer.REGISTERED, contact__isnull=False)
                | (~Q(answer=Answer.REGISTERED) & Q(contact__isnull=True)),
            ),
            models.UniqueConstraint(fields=["contact"], name="contact_registers_one_arrival"),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} {self.answer}"


class CountingWeek(models.Model):
    """A period in which everybody counts what comes, beside what is registered. Any period can be one."""

    name = models.CharField(max_length=80)
    first_on = models.DateField()
    last_on = models.DateField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(name="counting_week_days", condition=Q(first_on__lte=F("last_on"))),
            models.CheckConstraint(name="counting_week_named", condition=~Q(name="")),
        ]
        indexes = [models.Index(fields=["-first_on"], name="counting_week_newest")]

    def __str__(self) -> str:
        return self.name


class CountingDay(models.Model):
    """A day on which a centre or a department counts: for one week alone."""

    week = models.ForeignKey(CountingWeek, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    centre = models.ForeignKey(CentreKey, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    department = models.ForeignKey(DepartmentKey, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="counting_day_of_one_place",
                condition=Q(centre__isnull=True) ^ Q(department__isnull=True),
            ),
            models.UniqueConstraint(fields=["day", "centre"], name="centre_counts_for_one_week"),
            models.UniqueConstraint(fields=["day", "department"], name="department_counts_for_one_week"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.centre_id or self.department_id}"


class Stroke(models.Model):
    """One key of a counting week. Who pressed it is kept to know how many counted, never shown."""

    key = models.UUIDField(primary_key=True)  # sent twice, counted once
    place = models.ForeignKey(CountingDay, on_delete=models.PROTECT, related_name="strokes")
    channel = models.CharField(max_length=10)
    category = models.CharField(max_length=12)
    employee = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="stroke_channel_known", condition=Q(channel__in=list(Channel))),
            models.CheckConstraint(name="stroke_category_known", condition=Q(category__in=list(Category))),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.channel} {self.category}"


class StaffMonth(models.Model):
    """How many different employees registered at a centre in a month: whether it is a group that may be shown."""

    month = models.DateField()  # its first day
    centre = models.ForeignKey(CentreKey, on_delete=models.CASCADE, related_name="+")
    employees = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["month", "centre"], name="staff_month_once")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.centre_id}"
