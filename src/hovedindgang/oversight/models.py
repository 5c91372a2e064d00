"""The judgement of look-ups, the monthly sample, and questions. What must always hold is a constraint here."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from hovedindgang.oversight.rules import State, Stratum, Why

STAFF = settings.AUTH_USER_MODEL
KNOWN_STATES, KNOWN_WHYS, KNOWN_STRATA = ([str(word) for word in words] for words in (State, Why, Stratum))


class FirstOfMonth(models.Func):
    """Whether a day is the first of its month.

    Django's own is a function of Python's on SQLite: with it in a constraint no other program can check the file.
    """

    template = "EXTRACT(DAY FROM %(expressions)s) = 1"
    arity = 1
    output_field = models.BooleanField()
    conditional = True

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return self.as_sql(compiler, connection, template="%(expressions)s GLOB '*-01'", **more)


class JudgedDay(models.Model):
    """A day whose look-ups have been judged; settled when no contact to come can explain them."""

    day = models.DateField(primary_key=True)
    settled = models.BooleanField(default=False)
    judged_at = models.DateTimeField()


class LookUpsOfDay(models.Model):
    """How many look-ups of a day were explained by what. Of all employees together: nobody's own number is kept."""

    day = models.ForeignKey(JudgedDay, on_delete=models.CASCADE, related_name="sums")
    use = models.CharField(max_length=30)
    why = models.CharField(max_length=12)
    number = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "use", "why"], name="lookups_of_day_once"),
            models.CheckConstraint(name="lookups_of_day_why_known", condition=Q(why__in=KNOWN_WHYS)),
        ]


class NoticedLookUp(models.Model):
    """A look-up that stands out: no work explains it, or a rule noticed it. A copy of the log's row, by its number."""

    look_up = models.BigIntegerField(primary_key=True)  # row number in the log, which keeps its own retention
    day = models.ForeignKey(JudgedDay, on_delete=models.CASCADE, related_name="noticed")
    at = models.DateTimeField()
    employee = models.ForeignKey(STAFF, on_delete=models.PROTECT, db_index=False, related_name="+")
    citizen_id = models.BigIntegerField(null=True)  # a row number: the log outlives an erased citizen
    use = models.CharField(max_length=30)
    request_id = models.UUIDField()
    why = models.CharField(max_length=12)
    statement_id = models.BigIntegerField(null=True)  # her own words, in `contacts`
    night = models.BooleanField(default=False)
    same_surname = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(name="noticed_why_known", condition=Q(why__in=KNOWN_WHYS)),
            models.CheckConstraint(
                name="noticed_for_a_reason",
                condition=Q(why__in=[Why.NONE.value, Why.STATED.value]) | Q(night=True) | Q(same_surname=True),
            ),
        ]
        indexes = [
            models.Index(fields=["-at", "-look_up"], name="noticed_by_time"),
            models.Index(fields=["citizen_id", "at"], name="noticed_by_citizen"),
        ]


class Sample(models.Model):
    """A month's sample, drawn by a routine that is fixed and that nobody without the key can foresee."""

    month = models.DateField(primary_key=True)  # its first day
    drawn_at = models.DateTimeField(db_default=Now(), editable=False)
    size = models.PositiveIntegerField()  # asked for by the model; openings of closed records come beside it
    population = models.PositiveIntegerField()  # look-ups it was drawn from
    unlinked = models.PositiveIntegerField()  # of them without a work reason
    closed = models.PositiveIntegerField()  # openings of closed records
    routine = models.CharField(max_length=8, default="1")
    seed_fingerprint = models.CharField(max_length=64)  # SHA-256 of the seed, so that a drawing can be proven
    drawn_fingerprint = models.CharField(max_length=64)  # SHA-256 of the row numbers drawn

    class Meta:
        constraints = [models.CheckConstraint(name="sample_of_a_whole_month", condition=Q(FirstOfMonth("month")))]


class Question(models.Model):
    """One look-up to be explained: by the month's sample, or because a leader asked.

    The row holds a copy of the log's, so that it can be judged when the log has been emptied.
    """

    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, null=True, related_name="questions")
    stratum = models.CharField(max_length=8, blank=True, default="")
    look_up = models.BigIntegerField(unique=True)
    at = models.DateTimeField()
    employee = models.ForeignKey(STAFF, on_delete=models.PROTECT, related_name="+")  # who looked
    citizen_id = models.BigIntegerField(null=True)
    use = models.CharField(max_length=30)
    why = models.CharField(max_length=12)
    due_on = models.DateField()
    state = models.CharField(max_length=12, default=State.DRAWN)
    asked_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    asked_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True, default="")  # in her own words
    answered_at = models.DateTimeField(null=True)
    judged_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    judged_at = models.DateTimeField(null=True)
    done = models.TextField(blank=True, default="")  # what the leader did

    class Meta:
        constraints = [
            models.CheckConstraint(name="question_state_known", condition=Q(state__in=KNOWN_STATES)),
            models.CheckConstraint(
                name="question_stratum_of_sample",
                condition=Q(sample__isnull=True, stratum="") | Q(sample__isnull=False, stratum__in=KNOWN_STRATA),
            ),
            models.CheckConstraint(
                name="question_drawn_by_a_sample", condition=~Q(state=State.DRAWN) | Q(sample__isnull=False)
            ),
            models.CheckConstraint(
                name="question_asked_by_somebody",
                condition=Q(state=State.DRAWN) | Q(judged_at__isnull=False) | Q(asked_by__isnull=False),
            ),
            models.CheckConstraint(
                name="question_answered_in_words",
                condition=~Q(state=State.ANSWERED) | (~Q(answer="") & Q(answered_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="question_judged_with_what_was_done",
                condition=Q(state__in=[State.IN_ORDER.value, State.NOT_IN_ORDER.value])
                & Q(judged_at__isnull=False, judged_by__isnull=False)
                & ~Q(done="")
                | ~Q(state__in=[State.IN_ORDER.value, State.NOT_IN_ORDER.value])
                & Q(judged_at__isnull=True, judged_by__isnull=True, done=""),
            ),
            models.CheckConstraint(
                name="question_never_judged_by_herself",
                condition=Q(judged_by__isnull=True) | ~Q(judged_by=models.F("employee")),
            ),
            models.CheckConstraint(
                name="question_never_asked_by_herself",
                condition=Q(asked_by__isnull=True) | ~Q(asked_by=models.F("employee")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"], name="question_open", condition=Q(state__in=["drawn", "asked", "answered"])
            ),
        ]


class NameGiven(models.Model):
    """A leader's reasoned act: the employee's name behind one look-up is given to the citizen. Never changed."""

    look_up = models.BigIntegerField(unique=True)
    citizen_id = models.BigIntegerField()
    leader = models.ForeignKey(STAFF, on_delete=models.PROTECT, db_index=False, related_name="+")
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="name_given_for_a_reason", condition=~Q(reason=""))]
        indexes = [models.Index(fields=["citizen_id"], name="name_given_by_citizen")]
