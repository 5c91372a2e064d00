"""Complaints, praise and ideas, and their words. What must always hold is a constraint here."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from hovedindgang.contacts.models import Contact, Enquiry, one_of
from hovedindgang.contacts.rules import Ground
from hovedindgang.people.models import Citizen
from hovedindgang.policy.models import AuthorityKey, CentreKey, DepartmentKey, ServiceKey
from hovedindgang.servicemodel.document import Channel
from hovedindgang.surveys.rules import Kind, Outcome, Part, SaidBy, State

STAFF = settings.AUTH_USER_MODEL


class Feedback(models.Model):
    """A complaint, praise or an idea. No word of it stands here: the row counts when its words are forgotten."""

    kind = models.CharField(max_length=10)
    said_by = models.CharField(max_length=10, default=SaidBy.CITIZEN)
    channel = models.CharField(max_length=10)
    received_on = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    recorded_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, related_name="+")
    citizen = models.ForeignKey(Citizen, on_delete=models.PROTECT, null=True, related_name="feedback")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, related_name="feedback")  # it came in it
    enquiry = models.ForeignKey(Enquiry, on_delete=models.PROTECT, null=True, related_name="feedback")  # it is about it
    centre = models.ForeignKey(CentreKey, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    department = models.ForeignKey(DepartmentKey, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    service = models.ForeignKey(ServiceKey, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    concerns = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, related_name="+")  # whose conduct
    owner = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, related_name="+")  # who answers
    state = models.CharField(max_length=12, default=State.RECEIVED)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    promised_on = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    outcome = models.CharField(max_length=10, blank=True, default="")
    answer_channel = models.CharField(max_length=10, blank=True, default="")  # "": nobody was answered
    to_department = models.ForeignKey(
        DepartmentKey, on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    to_authority = models.ForeignKey(
        AuthorityKey, on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    ground = models.CharField(max_length=14, blank=True, default="")  # by what right it was passed on
    guided = models.BooleanField(default=False)  # klagevejledning was given: who decides, by when, how
    reopened_at = models.DateTimeField(null=True)  # the enquiry it is about was opened again because of it
    forgotten_on = models.DateField(null=True)

    class Meta:
        constraints = [
            one_of("feedback_kind_known", "kind", Kind),
            one_of("feedback_said_by_known", "said_by", SaidBy),
            one_of("feedback_channel_known", "channel", Channel),
            one_of("feedback_state_known", "state", State),
            one_of("feedback_outcome_known", "outcome", Outcome, or_empty=True),
            one_of("feedback_answer_channel_known", "answer_channel", Channel, or_empty=True),
            one_of("feedback_ground_known", "ground", Ground, or_empty=True),
            models.CheckConstraint(
                name="feedback_is_about_something",
                condition=Q(centre__isnull=False) | Q(department__isnull=False) | Q(service__isnull=False),
            ),
            models.CheckConstraint(
                name="feedback_anonymous_leads_to_nobody",
                condition=~Q(said_by="anonymous") | Q(citizen__isnull=True, contact__isnull=True, enquiry__isnull=True),
            ),
            models.CheckConstraint(
                name="feedback_concerns_somebody_by_conduct", condition=Q(concerns__isnull=True) | Q(kind="conduct")
            ),
            models.CheckConstraint(  # nobody answers a complaint about herself
                name="feedback_owner_is_not_concerned",
                condition=Q(owner__isnull=True) | Q(concerns__isnull=True) | ~Q(owner=F("concerns")),
            ),
            models.CheckConstraint(
                name="feedback_complaint_has_a_day",
                condition=Q(kind__in=["praise", "idea"]) | Q(promised_on__isnull=False),
            ),
            models.CheckConstraint(
                name="feedback_acknowledged_by_somebody",
                condition=Q(forgotten_on__isnull=False)
                | Q(acknowledged_at__isnull=True, acknowledged_by__isnull=True, state__in=["received", "closed"])
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False, state__in=["acknowledged", "closed"]),
            ),
            models.CheckConstraint(
                name="feedback_closed_says_how",
                condition=Q(state="closed", closed_at__isnull=False) & ~Q(outcome="")
                | ~Q(state="closed") & Q(closed_at__isnull=True, outcome="", answer_channel="", ground=""),
            ),
            models.CheckConstraint(
                name="feedback_answered_where_somebody_waits",
                condition=~Q(state="closed")
                | Q(kind__in=["praise", "idea"])
                | Q(said_by="anonymous")
                | Q(outcome="withdrawn")
                | ~Q(answer_channel=""),
            ),
            models.CheckConstraint(  # a decision is never judged here
                name="feedback_decision_is_not_ours",
                condition=~Q(kind="decision") | Q(outcome__in=["", "passed_on", "withdrawn"]),
            ),
            models.CheckConstraint(
                name="feedback_decision_with_guidance",
                condition=~Q(kind="decision") | ~Q(outcome="passed_on") | Q(said_by="anonymous") | Q(guided=True),
            ),
            models.CheckConstraint(
                name="feedback_noted_is_no_complaint",
                condition=~Q(outcome="noted") | Q(kind__in=["praise", "idea"]),
            ),
            models.CheckConstraint(
                name="feedback_judged_is_a_complaint",
                condition=~Q(outcome__in=["upheld", "partly", "not_upheld"]) | ~Q(kind__in=["praise", "idea"]),
            ),
            models.CheckConstraint(
                name="feedback_passed_on_to_one_place",
                condition=Q(outcome="passed_on", to_department__isnull=False, to_authority__isnull=True) & ~Q(ground="")
                | Q(outcome="passed_on", to_department__isnull=True, to_authority__isnull=False)
                & Q(ground__in=["consent", "by_law", "essential", "wrong_address"])
                | ~Q(outcome="passed_on") & Q(to_department__isnull=True, to_authority__isnull=True, ground=""),
            ),
            models.CheckConstraint(
                name="feedback_forgotten_leads_to_nobody",
                condition=Q(forgotten_on__isnull=True)
                | Q(
                    state="closed",
                    citizen__isnull=True,
                    contact__isnull=True,
                    enquiry__isnull=True,
                    concerns__isnull=True,
                    owner__isnull=True,
                    recorded_by__isnull=True,
                    acknowledged_by__isnull=True,
                    closed_by__isnull=True,
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["received_on"], name="feedback_by_day"),
            models.Index(fields=["promised_on"], name="feedback_open", condition=~Q(state="closed")),
        ]


class FeedbackText(models.Model):
    """Words of it: what was said, what was answered, what was learnt. Locked when saved, amended by another."""

    feedback = models.ForeignKey(Feedback, on_delete=models.CASCADE, related_name="texts")
    part = models.CharField(max_length=10)
    text = models.TextField()
    amends = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="amendments")
    author = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    written_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            one_of("feedback_text_part_known", "part", Part),
            models.CheckConstraint(name="feedback_text_says_something", condition=~Q(text="")),
        ]
