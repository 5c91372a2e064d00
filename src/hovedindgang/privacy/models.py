"""Runs of the retention, holds, and receipts of the archive. Row numbers and counts; a hold's reason goes with it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from hovedindgang.contacts.models import Contact, Enquiry, one_of
from hovedindgang.people.models import Citizen
from hovedindgang.privacy.rules import NAMED, NOTIFY_WITHIN, Answer, NotTold, ProlongWhy, Risk, Scope

STAFF = settings.AUTH_USER_MODEL


class InTime(models.Func):
    """Whether the first instant is at most 72 hours after the second (`NOTIFY_WITHIN`).

    Said by each database's own functions: Django's for SQLite lives in our process, and with it in a constraint no
    other program can check the file.
    """

    template = f"(%(expressions)s) <= interval '{NOTIFY_WITHIN.total_seconds():.0f} seconds'"
    arg_joiner = " - "
    arity = 2
    output_field = models.BooleanField()
    conditional = True

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        (late, late_with), (early, early_with) = (compiler.compile(one) for one in self.source_expressions)
        days = NOTIFY_WITHIN.total_seconds() / 86_400
        # Julian days are fractions: half a second is forgiven.
        return f"(julianday({late}) - julianday({early}) <= {days} + 0.000006)", [*late_with, *early_with]


class Hold(models.Model):
    """Somebody decided that what we hold of a citizen, or of one contact, stays: a lawsuit, a complaint, an audit."""

    citizen = models.ForeignKey(Citizen, on_delete=models.CASCADE, null=True, related_name="holds")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, null=True, related_name="holds")
    reason = models.TextField()
    until = models.DateField()  # the last day it holds; a hold without an end would never be looked at again
    placed_at = models.DateTimeField(db_default=Now(), editable=False)
    placed_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, db_index=False, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="hold_on_one_thing", condition=Q(citizen__isnull=True) ^ Q(contact__isnull=True)
            ),
            models.CheckConstraint(name="hold_says_why", condition=~Q(reason="")),
            models.CheckConstraint(
                name="hold_lifted_by_somebody",
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["until"], name="hold_standing", condition=Q(lifted_at__isnull=True))]


class RetentionRun(models.Model):
    """One going through of all that may be due: how far it has come, what went, and what was kept and why.

    A run that is killed is taken up where its last batch ended.
    """

    day = models.DateField()  # judged on
    nightly = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    after_day = models.DateField(null=True)  # contacts received until then are gone through
    after_id = models.BigIntegerField(default=0)
    after_citizen = models.BigIntegerField(default=0)
    contacts_done = models.BooleanField(default=False)
    gone = models.JSONField(default=list)  # rows of queries.Line: by service and ground, counts
    kept = models.JSONField(default=dict)  # privacy.rules.Kept → contacts
    planned = models.JSONField(default=list)  # at its end: what goes in the days to come, by day, service and ground
    counts = models.JSONField(default=dict)  # what else went: citizens, imported rows, notes

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day"], name="retention_one_night", condition=Q(nightly=True)),
            models.CheckConstraint(
                name="retention_run_ends_after_it_began",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
            ),
        ]
        indexes = [models.Index(fields=["-started_at"], name="retention_newest")]


class Archived(models.Model):
    """The archive's receipt for one group of contacts: without it, what the model says must be archived stays."""

    contact = models.OneToOneField(Contact, on_delete=models.CASCADE, primary_key=True, related_name="archived")
    receipt = models.CharField(max_length=200)
    sha256 = models.BinaryField(max_length=32)
    at = models.DateTimeField(db_default=Now(), editable=False)


class Package(models.Model):
    """That everything held about a citizen was taken out to be handed to her: when, by whom, with her CPR or without.

    What was in it is kept nowhere. It is handed out when somebody has read it for what is others'.
    """

    citizen = models.ForeignKey(Citizen, on_delete=models.CASCADE, related_name="packages")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, db_index=False, related_name="+")
    with_cpr = models.BooleanField()
    others = models.BooleanField()  # it may hold what is about others
    sha256 = models.BinaryField(max_length=32)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="package_reviewed_by_somebody",
                condition=Q(reviewed_at__isnull=True, reviewed_by__isnull=True)
                | Q(reviewed_at__isnull=False, reviewed_by__isnull=False),
            )
        ]


class RightsRequest(models.Model):
    """What was decided about a citizen's request: that it takes longer, and how it was answered.

    The request itself is the enquiry, with its owner and day; there is no row here until something was decided.
    """

    enquiry = models.OneToOneField(Enquiry, on_delete=models.CASCADE, primary_key=True, related_name="rights_request")
    prolonged_to = models.DateField(null=True)
    prolonged_why = models.CharField(max_length=8, blank=True, default="")
    prolonged_at = models.DateTimeField(null=True)  # when she was told
    prolonged_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    answer = models.CharField(max_length=8, blank=True, default="")
    because = models.TextField(blank=True, default="")  # why not, or not all
    told_of_complaint = models.BooleanField(default=False)  # that she may complain to Datatilsynet and go to court
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")

    class Meta:
        constraints = [
            one_of("rights_request_prolonged_why", "prolonged_why", ProlongWhy, or_empty=True),
            one_of("rights_request_answer_known", "answer", Answer, or_empty=True),
            models.CheckConstraint(
                name="rights_request_prolonged_whole",
                condition=Q(prolonged_to__isnull=True, prolonged_at__isnull=True, prolonged_why="")
                | (Q(prolonged_to__isnull=False, prolonged_at__isnull=False) & ~Q(prolonged_why="")),
            ),
            models.CheckConstraint(
                name="rights_request_answered_whole", condition=Q(answer="") ^ Q(answered_at__isnull=False)
            ),
            models.CheckConstraint(  # art. 12, 4: the reason, and where she may complain
                name="rights_request_no_says_why",
                condition=Q(answer__in=["", "granted"]) | (~Q(because="") & Q(told_of_complaint=True)),
            ),
        ]


class Breach(models.Model):
    """Something about citizens came into wrong hands (art. 33 and 34): when we knew, whom it touches, what was done.

    Whom it touches is read from the log of look-ups by scope and period; nobody's name stands here.
    """

    discovered_at = models.DateTimeField()  # the 72 hours run from here
    scope = models.CharField(max_length=10)
    who = models.CharField(max_length=80, blank=True, default="")  # user name, system or centre
    first_on = models.DateField()
    last_on = models.DateField()
    kinds = models.JSONField(default=list)  # words of `rules.DataKind`
    what = models.TextField()
    noted_at = models.DateTimeField(db_default=Now(), editable=False)
    noted_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, db_index=False, related_name="+")
    risk = models.CharField(max_length=4, blank=True, default="")
    measures = models.TextField(blank=True, default="")  # what was done about it
    assessed_at = models.DateTimeField(null=True)
    notified_at = models.DateTimeField(null=True)  # Datatilsynet
    late_why = models.TextField(blank=True, default="")
    told_at = models.DateTimeField(null=True)  # the citizens
    not_told_why = models.CharField(max_length=10, blank=True, default="")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")

    class Meta:
        constraints = [
            one_of("breach_scope_known", "scope", Scope),
            one_of("breach_risk_known", "risk", Risk, or_empty=True),
            one_of("breach_not_told_known", "not_told_why", NotTold, or_empty=True),
            models.CheckConstraint(
                name="breach_names_whose", condition=Q(who="") ^ Q(scope__in=sorted(scope.value for scope in NAMED))
            ),
            models.CheckConstraint(name="breach_says_what", condition=~Q(what="")),
            models.CheckConstraint(name="breach_period_in_order", condition=Q(last_on__gte=F("first_on"))),
            models.CheckConstraint(
                name="breach_assessed_whole",
                condition=Q(risk="", assessed_at__isnull=True)
                | (~Q(risk="") & ~Q(measures="") & Q(assessed_at__isnull=False)),
            ),
            models.CheckConstraint(  # later than 72 hours needs a reason
                name="breach_late_says_why",
                condition=Q(notified_at__isnull=True) | ~Q(late_why="") | Q(InTime("notified_at", "discovered_at")),
            ),
            models.CheckConstraint(name="breach_told_or_not", condition=Q(told_at__isnull=True) | Q(not_told_why="")),
            models.CheckConstraint(
                name="breach_closed_when_done",
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | (
                    Q(closed_at__isnull=False, closed_by__isnull=False)
                    & (
                        Q(risk="none")
                        | Q(risk="risk", notified_at__isnull=False)
                        | (Q(risk="high", notified_at__isnull=False) & (Q(told_at__isnull=False) | ~Q(not_told_why="")))
                    )
                ),
            ),
        ]
