"""Contacts and enquiries; notes, handovers and signposts. What must always hold is a constraint here."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from hovedindgang.contacts.rules import (
    Advice,
    AvoidableCause,
    ChangeWhy,
    ComeBackReason,
    ConsultationState,
    CorrectionKind,
    Direction,
    FollowsHow,
    ForwardKind,
    Ground,
    HandoverState,
    Identity,
    JournalState,
    JournalWhat,
    Mistake,
    Outcome,
    ReasonCode,
    SelfServiceHelp,
    SentOnHow,
    TallyKind,
    TransferState,
    WhoAsks,
    WithdrawnWhy,
    WorkedBy,
)
from hovedindgang.people.models import Citizen, Representation
from hovedindgang.policy.models import AuthorityKey, CentreKey, DepartmentKey, MediumKey, ModelVersion, ServiceKey
from hovedindgang.servicemodel.document import Channel, Level, ServiceKind

STAFF = settings.AUTH_USER_MODEL

# Indexes are those that a query of the house needs, each named below. A foreign key's own index (`db_index`) is left
# out where the row it points to is never deleted: on PostgreSQL it would be two, and a registration would write them.


class ByEquality(models.Index):
    """For rows that are found by equality alone: a hash on PostgreSQL, which touches as many pages among a million
    rows as among ten thousand (a tree grows a storey); a tree on SQLite, which has nothing else."""

    def create_sql(self, model: Any, schema_editor: Any, using: str = "", **kwargs: Any) -> Any:
        hashed = " USING hash" if schema_editor.connection.vendor == "postgresql" else using
        return super().create_sql(model, schema_editor, using=hashed, **kwargs)


def one_of(name: str, field: str, words: type, *, or_empty: bool = False) -> models.CheckConstraint:
    condition = Q(**{f"{field}__in": [word.value for word in words]})  # type: ignore[attr-defined]
    return models.CheckConstraint(name=name, condition=condition | Q(**{field: ""}) if or_empty else condition)


class Standing(models.Manager[Any]):
    """Rows of contacts that stand: what was registered by mistake is not met by anyone who does not ask for it.

    `by` leads from the row to its contact. Such a row is reached by `every`, and only the contact's own page does so.
    """

    by = ""

    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().filter(**{f"{self.by}mistake__isnull": True})


class StandingMatters(Standing):
    by = "contact__"


class StandingHandovers(Standing):
    by = "enquiry__contact__"


class Contact(models.Model):
    """One occasion on which someone approaches the municipality, or it her, in one channel."""

    direction = models.CharField(max_length=3, default=Direction.IN)
    who_asks = models.CharField(max_length=12, default=WhoAsks.CITIZEN)
    channel = models.CharField(max_length=10)
    medium = models.ForeignKey(MediumKey, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    centre = models.ForeignKey(CentreKey, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    department = models.ForeignKey(  # set when a department, and not Borgerservice, was approached
        DepartmentKey, on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    asker = models.ForeignKey(Citizen, on_delete=models.PROTECT, null=True, db_index=False, related_name="contacts")
    representation = models.ForeignKey(  # by what the asker acted for another; None: for herself, or without any right
        Representation, on_delete=models.SET_NULL, null=True, db_index=False, related_name="+"
    )
    identity = models.CharField(max_length=8, null=True)  # how the asker's was established; None: nobody said
    repeat_key = models.BinaryField(null=True, max_length=32)  # keyed hash of a phone number or e-mail
    employee = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    unattended = models.BooleanField(default=False)  # self-service finished by rule: nobody of ours took part
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    times_true = models.BooleanField(default=True)  # False: entered afterwards, parked, or left open
    received_on = models.DateField()  # the Danish day it came in; the cohort of both indicators
    registered_at = models.DateTimeField(db_default=Now(), editable=False)
    late = models.BooleanField(default=False)  # registered later than the model allows without saying so
    language = models.CharField(max_length=8, default="da")
    version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, db_index=False, related_name="merged")
    batch = models.BigIntegerField(null=True)  # the import it came with, subject of its event; None: by hand
    mistake = models.CharField(max_length=10, null=True)  # why it does not stand; None: it does

    objects = Standing()
    every = models.Manager["Contact"]()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="contact_identity_of_an_asker",
                condition=Q(identity__isnull=True)
                | Q(identity__in=[word.value for word in Identity], asker__isnull=False),
            ),
            models.CheckConstraint(
                name="contact_mistake_known",
                condition=Q(mistake__isnull=True) | Q(mistake__in=[word.value for word in Mistake]),
            ),
            models.CheckConstraint(
                name="contact_mistake_stands_alone", condition=Q(mistake__isnull=True) | Q(merged_into__isnull=True)
            ),
            one_of("contact_direction_known", "direction", Direction),
            one_of("contact_who_asks_known", "who_asks", WhoAsks),
            one_of("contact_channel_known", "channel", Channel),
            models.CheckConstraint(
                name="contact_by_power_of_a_helper", condition=Q(representation__isnull=True) | Q(who_asks="helper")
            ),
            models.CheckConstraint(name="contact_ends_after_it_began", condition=Q(ended_at__gte=F("started_at"))),
            models.CheckConstraint(
                name="contact_not_merged_into_itself", condition=~Q(merged_into=F("id")) | Q(merged_into__isnull=True)
            ),
        ]
        indexes = [
            models.Index(fields=["asker", "-started_at", "-id"], name="contact_by_asker"),  # her history, in its order
            models.Index(fields=["asker"], name="contact_merged_by_asker", condition=Q(merged_into__isnull=False)),
            models.Index(fields=["received_on", "centre"], name="contact_by_day"),
            models.Index(fields=["repeat_key"], name="contact_by_repeat_key", condition=Q(repeat_key__isnull=False)),
            models.Index(fields=["merged_into"], name="contact_merged", condition=Q(merged_into__isnull=False)),
        ]


class Enquiry(models.Model):
    """One matter raised in a contact. Open until it has an outcome; then the outcome has its own time and employee."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, db_index=False, related_name="enquiries")
    position = models.PositiveSmallIntegerField(default=1)
    service = models.ForeignKey(ServiceKey, on_delete=models.PROTECT, db_index=False, related_name="+")
    kind = models.CharField(max_length=12)  # information | transaction
    level = models.CharField(max_length=14)  # at which it was carried there that day
    received_on = models.DateField()  # its contact's day, kept here so that a service's series needs no join
    outcome = models.CharField(max_length=12, default=Outcome.OPEN)
    outcome_at = models.DateTimeField(null=True)
    outcome_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    worked_by = models.CharField(max_length=14, blank=True, default="")  # whose work ended it
    on_the_spot = models.BooleanField(default=False)  # resolved before the contact ended
    advice = models.CharField(max_length=12, default=Advice.NONE)
    come_back_reason = models.CharField(max_length=20, blank=True, default="")
    withdrawn_why = models.CharField(max_length=16, blank=True, default="")
    owner = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    promised_on = models.DateField(null=True)  # the day we said she would have an answer
    broken_promise_on = models.DateField(null=True)  # an earlier such day, not kept: she has been given another since
    preparatory = models.BooleanField(default=False)  # booking, collection, status on a promise not yet due
    received_assisted = models.BooleanField(default=False)  # assisted self-service with its receipt seen
    sent_on = models.CharField(max_length=10, blank=True, default="")  # the citizen herself was asked to go or ring
    avoidable = models.BooleanField(null=True)
    avoidable_cause = models.CharField(max_length=20, blank=True, default="")
    guidance_given = models.BooleanField(default=False)
    article = models.CharField(max_length=80, blank=True, default="")  # key of the guidance used
    self_service = models.CharField(max_length=10, blank=True, default="")
    follows = models.ForeignKey("self", on_delete=models.PROTECT, null=True, db_index=False, related_name="followed_by")
    follows_how = models.CharField(max_length=14, blank=True, default="")
    found_wrong_on = models.DateField(null=True)  # a reversal or wrong guidance became known: not solved from then
    case_number = models.CharField(max_length=40, blank=True, default="")  # of the case in the ESDH
    people = models.ManyToManyField(Citizen, through="EnquiryPerson", related_name="enquiries")

    objects = StandingMatters()
    every = models.Manager["Enquiry"]()

    class Meta:
        constraints = [
            # Position first: by contact alone a matter is found by its hash, among however many.
            models.UniqueConstraint(fields=["position", "contact"], name="enquiry_position_once"),
            one_of("enquiry_kind_known", "kind", ServiceKind),
            one_of("enquiry_level_known", "level", Level),
            one_of("enquiry_outcome_known", "outcome", Outcome),
            one_of("enquiry_worked_by_known", "worked_by", WorkedBy, or_empty=True),
            one_of("enquiry_advice_known", "advice", Advice),
            one_of("enquiry_come_back_known", "come_back_reason", ComeBackReason, or_empty=True),
            one_of("enquiry_withdrawn_known", "withdrawn_why", WithdrawnWhy, or_empty=True),
            one_of("enquiry_sent_on_known", "sent_on", SentOnHow, or_empty=True),
            one_of("enquiry_cause_known", "avoidable_cause", AvoidableCause, or_empty=True),
            one_of("enquiry_self_service_known", "self_service", SelfServiceHelp, or_empty=True),
            one_of("enquiry_follows_known", "follows_how", FollowsHow, or_empty=True),
            models.CheckConstraint(
                name="enquiry_outcome_has_its_time", condition=Q(outcome=Outcome.OPEN) ^ Q(outcome_at__isnull=False)
            ),
            models.CheckConstraint(
                name="enquiry_resolved_by_someone", condition=~Q(outcome=Outcome.RESOLVED) | ~Q(worked_by="")
            ),
            models.CheckConstraint(
                name="enquiry_come_back_says_why",
                condition=Q(outcome=Outcome.MUST_COME_BACK) ^ Q(come_back_reason=""),
            ),
            models.CheckConstraint(
                name="enquiry_withdrawn_says_why", condition=Q(outcome=Outcome.WITHDRAWN) ^ Q(withdrawn_why="")
            ),
            models.CheckConstraint(
                name="enquiry_open_has_owner_and_day",
                condition=~Q(outcome=Outcome.OPEN) | Q(promised_on__isnull=False, owner__isnull=False),
            ),
            models.CheckConstraint(
                name="enquiry_follows_says_how", condition=Q(follows__isnull=True) ^ ~Q(follows_how="")
            ),
            models.CheckConstraint(
                name="enquiry_cause_only_if_avoidable", condition=Q(avoidable_cause="") | Q(avoidable=True)
            ),
        ]
        indexes = [
            models.Index(fields=["received_on", "service"], name="enquiry_by_day"),
            models.Index(fields=["owner", "promised_on"], name="enquiry_open", condition=Q(outcome="open")),
            models.Index(fields=["follows"], name="enquiry_by_follows", condition=Q(follows__isnull=False)),
            ByEquality(fields=["contact"], name="enquiry_by_contact"),
        ]


class EnquiryPerson(models.Model):
    """For whom the matter is: 0..n named citizens.

    Where her history shows it stands here too, so that its newest page is read from an index: under the matter's own
    contact or, where that was merged, under the one it was merged into (`shown_under`). Nowhere, where that contact
    was registered by mistake.
    """

    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, db_index=False, related_name="for_whom")
    citizen = models.ForeignKey(Citizen, on_delete=models.PROTECT, db_index=False, related_name="matters")
    shown_in = models.BigIntegerField(null=True)  # that contact's row number
    shown_at = models.DateTimeField(null=True)  # and when it began

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enquiry", "citizen"], name="enquiry_person_once"),
            models.CheckConstraint(
                name="enquiry_person_shown_or_not",
                condition=Q(shown_in__isnull=True, shown_at__isnull=True)
                | Q(shown_in__isnull=False, shown_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["citizen", "-shown_at", "-shown_in"], name="enquiry_person_history"),
            ByEquality(fields=["enquiry"], name="enquiry_person_by_enquiry"),
        ]


def shown_under(contact: Contact) -> dict[str, Any]:
    """The fields of `EnquiryPerson` that say where history shows matters of this contact."""
    if contact.mistake is not None:
        return {"shown_in": None, "shown_at": None}
    root = contact.merged_into if contact.merged_into_id else contact
    assert root is not None
    return {"shown_in": root.pk, "shown_at": root.started_at}


class OutcomeChange(models.Model):
    """Each outcome an enquiry has had after its first, with when and why; nothing is overwritten unseen."""

    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, related_name="outcome_changes")
    was = models.CharField(max_length=12)
    became = models.CharField(max_length=12)
    why = models.CharField(max_length=12)
    at = models.DateTimeField(db_default=Now(), editable=False)
    by = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    come_back_reason = models.CharField(max_length=20, null=True)  # of what was settled: it may be undone

    class Meta:
        constraints = [
            one_of("outcome_change_was_known", "was", Outcome),
            one_of("outcome_change_became", "became", Outcome),
            one_of("outcome_change_why_known", "why", ChangeWhy),
        ]


class Note(models.Model):
    """What was said, as the duty to take notes asks (offentlighedsloven §13). Locked when saved, amended by another."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, db_index=False, related_name="notes")
    text = models.TextField()
    terms = models.TextField(default="")  # its words, analysed for search
    amends = models.ForeignKey("self", on_delete=models.CASCADE, null=True, db_index=False, related_name="amendments")
    author = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    written_at = models.DateTimeField(db_default=Now(), editable=False)
    contests = models.BooleanField(null=True)  # True: what the citizen says is wrong in `amends`

    class Meta:
        constraints = [models.CheckConstraint(name="note_says_something", condition=~Q(text=""))]
        indexes = [
            models.Index(fields=["amends"], name="note_amended", condition=Q(amends__isnull=False)),
            ByEquality(fields=["contact"], name="note_by_contact"),
        ]


class Handover(models.Model):
    """A department takes over: asked, accepted or declined, answered or returned; with what the citizen was told."""

    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, db_index=False, related_name="handovers")
    department = models.ForeignKey(DepartmentKey, on_delete=models.PROTECT, db_index=False, related_name="+")
    spoken = models.BooleanField(default=False)  # someone there was spoken to
    summary = models.TextField()  # so that the citizen never repeats herself
    agreed = models.TextField(blank=True, default="")  # what the citizen was told would happen
    promised_on = models.DateField()
    state = models.CharField(max_length=10, default=HandoverState.SENT)
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)  # declined, answered or returned
    handled_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    reason = models.TextField(blank=True, default="")  # why declined or returned
    answer = models.TextField(blank=True, default="")  # what the department did
    told_at = models.DateTimeField(null=True)  # when Borgerservice gave the answer to the citizen
    ground = models.CharField(max_length=14, default=Ground.OWN_CASE, db_default=Ground.NOT_RECORDED.value)

    objects = StandingHandovers()
    every = models.Manager["Handover"]()

    class Meta:
        constraints = [
            one_of("handover_state_known", "state", HandoverState),
            one_of("handover_ground_known", "ground", Ground),
            models.UniqueConstraint(
                fields=["enquiry"], name="handover_one_at_a_time", condition=Q(state__in=["sent", "accepted"])
            ),
            models.CheckConstraint(name="handover_has_summary", condition=~Q(summary="")),
            models.CheckConstraint(
                name="handover_closed_has_time",
                condition=Q(state__in=["sent", "accepted"], closed_at__isnull=True)
                | Q(state__in=["declined", "answered", "returned"], closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="handover_declined_says_why", condition=~Q(state__in=["declined", "returned"]) | ~Q(reason="")
            ),
            models.CheckConstraint(name="handover_answered_says_what", condition=~Q(state="answered") | ~Q(answer="")),
        ]
        indexes = [
            models.Index(
                fields=["department", "promised_on"], name="handover_open", condition=Q(state__in=["sent", "accepted"])
            ),
            models.Index(fields=["department", "enquiry"], name="handover_by_department"),
            ByEquality(fields=["enquiry"], name="handover_by_enquiry"),
            models.Index(
                fields=["sent_by"], name="handover_untold", condition=Q(state="answered", told_at__isnull=True)
            ),
        ]


class Signpost(models.Model):
    """Told where, sent with a message, or the letter sent on; inside the municipality or to another authority."""

    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, db_index=False, related_name="signposts")
    how = models.CharField(max_length=10)  # told | referred | forwarded
    authority = models.ForeignKey(AuthorityKey, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    department = models.ForeignKey(DepartmentKey, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    at = models.DateTimeField()
    got_there = models.BooleanField(null=True)  # None: not known
    ground = models.CharField(max_length=14, blank=True, default="", db_default="")  # why what she said may go along

    class Meta:
        constraints = [
            one_of("signpost_how_known", "how", ForwardKind),
            one_of("signpost_ground_known", "ground", Ground, or_empty=True),
            models.CheckConstraint(  # another authority gets nothing about her without a ground
                name="signpost_out_says_ground",
                condition=Q(authority__isnull=True)
                | Q(how=ForwardKind.TOLD)
                | Q(ground__in=["consent", "by_law", "essential", "wrong_address", "not_recorded"]),
            ),
            models.CheckConstraint(
                name="signpost_to_one_place", condition=Q(authority__isnull=True) ^ Q(department__isnull=True)
            ),
        ]
        indexes = [ByEquality(fields=["enquiry"], name="signpost_by_enquiry")]


class StatedReason(models.Model):
    """Why an employee looked a citizen up, in her own words, where the house knew of no work with her. Never changed.

    The log of look-ups names it by its number, since the log keeps no free text about anybody.
    """

    employee = models.ForeignKey(STAFF, on_delete=models.PROTECT, db_index=False, related_name="+")
    citizen = models.ForeignKey(Citizen, on_delete=models.CASCADE, db_index=False, related_name="+")
    code = models.CharField(max_length=12)
    text = models.CharField(max_length=300)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            one_of("stated_reason_code_known", "code", ReasonCode),
            models.CheckConstraint(name="stated_reason_says_something", condition=~Q(text="")),
        ]
        indexes = [models.Index(fields=["citizen", "employee", "-at"], name="stated_reason_by_citizen")]


def _one_receiver(name: str) -> models.CheckConstraint:
    """A colleague, whoever is at a centre, or whoever is in a department."""
    empty = {"to_employee__isnull": True, "to_centre__isnull": True, "to_department__isnull": True}
    return models.CheckConstraint(
        name=name,
        condition=Q(**{**empty, "to_employee__isnull": False})
        | Q(**{**empty, "to_centre__isnull": False})
        | Q(**{**empty, "to_department__isnull": False}),
    )


class Transfer(models.Model):
    """A live call passed on, before it is registered: it is the giver's until somebody says yes.

    `contact_key` is the form's key, under which its contact will be registered; the form itself lies with its employee.
    What stands in `summary` goes along with it, and is gone from here when the transfer is over.
    """

    contact_key = models.UUIDField()
    given_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, db_index=False, related_name="+")
    to_employee = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    to_centre = models.ForeignKey(CentreKey, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    to_department = models.ForeignKey(
        DepartmentKey, on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    service = models.ForeignKey(ServiceKey, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    channel = models.CharField(max_length=10)
    summary = models.TextField(blank=True, default="")
    ground = models.CharField(max_length=14, default=Ground.OWN_CASE)
    state = models.CharField(max_length=10, default=TransferState.OFFERED)
    offered_at = models.DateTimeField()
    answer_by_at = models.DateTimeField()  # then it comes back
    ended_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    seen_at = models.DateTimeField(null=True)  # when the giver had read how it ended
    contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, related_name="transfers")

    class Meta:
        constraints = [
            one_of("transfer_state_known", "state", TransferState),
            one_of("transfer_channel_known", "channel", Channel),
            one_of("transfer_ground_known", "ground", Ground),
            _one_receiver("transfer_to_one_receiver"),
            models.UniqueConstraint(
                fields=["contact_key"], name="transfer_one_open_per_contact", condition=Q(state="offered")
            ),
            models.CheckConstraint(
                name="transfer_receiver_is_not_giver",
                condition=(Q(answered_by__isnull=True) | ~Q(answered_by=F("given_by")))
                & (Q(to_employee__isnull=True) | ~Q(to_employee=F("given_by"))),
            ),
            models.CheckConstraint(
                name="transfer_open_says_what",
                condition=(Q(state="offered", ended_at__isnull=True) & ~Q(summary=""))
                | (~Q(state="offered") & Q(ended_at__isnull=False, summary="")),
            ),
            models.CheckConstraint(
                name="transfer_answered_by_somebody",
                condition=Q(state__in=["accepted", "declined"], answered_by__isnull=False)
                | (~Q(state__in=["accepted", "declined"]) & Q(answered_by__isnull=True)),
            ),
            models.CheckConstraint(name="transfer_waits_a_while", condition=Q(answer_by_at__gt=F("offered_at"))),
        ]
        indexes = [
            models.Index(fields=["id"], name="transfer_offered", condition=Q(state="offered")),  # what desks ask for
            models.Index(
                fields=["given_by"],
                name="transfer_came_back",
                condition=Q(state__in=["accepted", "declined", "unanswered"], seen_at__isnull=True),
            ),
            models.Index(fields=["offered_at"], name="transfer_by_time"),  # the leader's figures
        ]


class Consultation(models.Model):
    """A colleague or a specialist is asked while we keep the matter: question, answer and how long it took.

    The enquiry stays ours, and solved here it counts as ours. What is never registered is deleted within days.
    """

    contact_key = models.UUIDField()
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, null=True, related_name="consultations")
    asked_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, db_index=False, related_name="+")
    to_employee = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    to_centre = models.ForeignKey(CentreKey, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    to_department = models.ForeignKey(
        DepartmentKey, on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    service = models.ForeignKey(ServiceKey, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    question = models.TextField()
    answer = models.TextField(blank=True, default="")
    state = models.CharField(max_length=10, default=ConsultationState.ASKED)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    seen_at = models.DateTimeField(null=True)  # when who asked had read the answer

    class Meta:
        constraints = [
            one_of("consultation_state_known", "state", ConsultationState),
            _one_receiver("consultation_to_one_receiver"),
            models.CheckConstraint(name="consultation_asks_something", condition=~Q(question="")),
            models.CheckConstraint(
                name="consultation_answered_by_somebody",
                condition=(Q(state="answered", answered_by__isnull=False, ended_at__isnull=False) & ~Q(answer=""))
                | (~Q(state="answered") & Q(answered_by__isnull=True, answer="")),
            ),
            models.CheckConstraint(
                name="consultation_ended_has_time",
                condition=Q(state="asked", ended_at__isnull=True) | (~Q(state="asked") & Q(ended_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="consultation_of_another",
                condition=(Q(answered_by__isnull=True) | ~Q(answered_by=F("asked_by")))
                & (Q(to_employee__isnull=True) | ~Q(to_employee=F("asked_by"))),
            ),
        ]
        indexes = [
            models.Index(fields=["id"], name="consultation_asked", condition=Q(state="asked")),
            models.Index(
                fields=["asked_by"],
                name="consultation_unseen",
                condition=Q(state="answered", seen_at__isnull=True),
            ),
            models.Index(fields=["contact_key"], name="consultation_by_form", condition=Q(contact__isnull=True)),
            models.Index(fields=["asked_at"], name="consultation_by_time"),
        ]

    @property
    def minutes(self) -> float | None:
        """How long who asked waited for the answer; None until there is one."""
        return (self.ended_at - self.asked_at).total_seconds() / 60 if self.ended_at and self.answer else None


class OpenedMatter(models.Model):
    """A reasoned key: a matter that is kept more closely, opened by one employee for a working day. Never changed."""

    employee = models.ForeignKey(STAFF, on_delete=models.PROTECT, db_index=False, related_name="+")
    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, db_index=False, related_name="+")
    code = models.CharField(max_length=12)
    text = models.CharField(max_length=300)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            one_of("opened_matter_code_known", "code", ReasonCode),
            models.CheckConstraint(name="opened_matter_says_something", condition=~Q(text="")),
        ]
        indexes = [models.Index(fields=["enquiry", "employee", "-at"], name="opened_matter_by_enquiry")]


class ContactCorrection(models.Model):
    """What was put right about a registration: the old value and the new, who, when, why. A trigger keeps it as it is.

    `was` and `became` are keys and codes, or two instants with a slash between them; a person stands as a row.
    """

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="corrections")
    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, null=True, db_index=False, related_name="+")
    kind = models.CharField(max_length=10)
    was = models.CharField(max_length=80, blank=True, default="")
    became = models.CharField(max_length=80, blank=True, default="")
    was_citizen = models.BigIntegerField(null=True)  # row numbers, not keys: nobody is kept for having been mistaken
    became_citizen = models.BigIntegerField(null=True)
    why = models.TextField(blank=True, default="")
    by = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            one_of("contact_correction_kind_known", "kind", CorrectionKind),
            models.CheckConstraint(
                name="contact_correction_says_why",
                condition=Q(kind__in=["taken_back", "link"]) | ~Q(why=""),
            ),
            models.CheckConstraint(
                name="contact_correction_names_persons",
                condition=Q(kind="person", was_citizen__isnull=False, became_citizen__isnull=False)
                | (~Q(kind="person") & Q(was_citizen__isnull=True, became_citizen__isnull=True)),
            ),
            models.CheckConstraint(
                name="contact_correction_changes_something",
                condition=~Q(was=F("became")) | Q(was="", became=""),
            ),
            models.UniqueConstraint(
                fields=["contact"],
                name="contact_mistaken_once",
                condition=Q(kind__in=["taken_back", "struck"]),
            ),
        ]
        indexes = [
            models.Index(fields=["was_citizen"], name="correction_moved_from", condition=Q(was_citizen__isnull=False)),
            models.Index(
                fields=["became_citizen"], name="correction_moved_to", condition=Q(became_citizen__isnull=False)
            ),
        ]


class CorrectionReviewed(models.Model):
    """The leader has seen that a contact stood on the wrong person, and what was done about it. Kept as it is."""

    correction = models.OneToOneField(ContactCorrection, on_delete=models.CASCADE, related_name="reviewed")
    done = models.TextField(blank=True, default="")
    by = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    at = models.DateTimeField(db_default=Now(), editable=False)


class Claim(models.Model):
    """Who works on a contact just now, and until when. One row for each contact: the row is the lock.

    Whoever else would change the contact must take it over: when its time is out, or with a reason.
    """

    contact = models.OneToOneField(Contact, on_delete=models.CASCADE, related_name="claim")
    employee = models.ForeignKey(STAFF, on_delete=models.PROTECT, db_index=False, related_name="+")
    claimed_at = models.DateTimeField()
    until_at = models.DateTimeField()
    taken_from = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    reason = models.CharField(max_length=200, blank=True, default="")  # why it was taken before its time
    told_at = models.DateTimeField(null=True)  # when the one it was taken from had read it

    class Meta:
        constraints = [
            models.CheckConstraint(name="claim_lasts_a_while", condition=Q(until_at__gt=F("claimed_at"))),
            models.CheckConstraint(
                name="claim_taken_from_another",
                condition=Q(taken_from__isnull=True, reason="") | ~Q(taken_from=F("employee")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["taken_from"],
                name="claim_untold",
                condition=Q(taken_from__isnull=False, told_at__isnull=True),
            )
        ]


class Presence(models.Model):
    """Who has a contact open on her screen, by her last heartbeat. Says nothing once it is old, and is then deleted."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    employee = models.ForeignKey(STAFF, on_delete=models.CASCADE, db_index=False, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contact", "employee"], name="present_once_each")]
        indexes = [models.Index(fields=["seen_at"], name="presence_by_age")]


class Journalised(models.Model):
    """One thing to be made in the case system, once: a case, or a note on one; how far it is, and where it lies there.

    `key` is ours and goes along, so that the case system can be asked for it. A note also stands for what an employee
    wrote there herself, and told us the number of.
    """

    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, db_index=False, related_name="journal")
    key = models.UUIDField(unique=True)
    what = models.CharField(max_length=4)
    title = models.CharField(max_length=120)  # the short thematic title that offentlighedsloven §15 asks for
    text = models.TextField(blank=True, default="")
    case_number = models.CharField(max_length=40, blank=True, default="")
    state = models.CharField(max_length=10, default=JournalState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)  # when the worker sends it, or asks for it; None: not the worker's turn
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    sent_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    outside_id = models.CharField(max_length=80, blank=True, default="")
    why = models.CharField(max_length=20, blank=True, default="")  # a code of why it was refused or is uncertain
    settled_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")

    class Meta:
        constraints = [
            one_of("journalised_what_known", "what", JournalWhat),
            one_of("journalised_state_known", "state", JournalState),
            models.CheckConstraint(name="journalised_has_title", condition=~Q(title="")),
            models.CheckConstraint(
                name="journalised_note_has_case", condition=~Q(what=JournalWhat.NOTE) | ~Q(case_number="")
            ),
            models.CheckConstraint(
                name="journalised_done_lies_somewhere",
                condition=(Q(state=JournalState.DONE, done_at__isnull=False, next_at__isnull=True) & ~Q(outside_id=""))
                | (~Q(state=JournalState.DONE) & Q(done_at__isnull=True, outside_id="")),
            ),
            models.CheckConstraint(
                name="journalised_sent_has_time",
                condition=~Q(state__in=["sending", "uncertain"]) | Q(sent_at__isnull=False),
            ),
            models.CheckConstraint(
                name="journalised_waiting_has_its_time", condition=~Q(state="waiting") | Q(next_at__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["enquiry"],
                name="journalised_one_at_a_time",
                condition=Q(state__in=["waiting", "sending", "uncertain"]),
            ),
            models.UniqueConstraint(
                fields=["enquiry"],
                name="journalised_one_case",
                condition=Q(what="case") & ~Q(state="refused"),
            ),
        ]
        indexes = [
            models.Index(fields=["enquiry"], name="journalised_by_enquiry"),
            models.Index(  # what the worker and the list ask for
                fields=["state", "next_at"], name="journalised_undone", condition=~Q(state="done")
            ),
        ]


class Tally(models.Model):
    """One key of the strip counter: a contact counted in the rush, without its story."""

    at = models.DateTimeField()
    on = models.DateField()
    channel = models.CharField(max_length=10)
    kind = models.CharField(max_length=12)  # information | transaction | reception ("where is the toilet")
    centre = models.ForeignKey(CentreKey, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    employee = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")

    class Meta:
        constraints = [one_of("tally_channel_known", "channel", Channel), one_of("tally_kind_known", "kind", TallyKind)]
        indexes = [models.Index(fields=["on", "centre"], name="tally_by_day")]


class FromPaper(models.Model):
    """A contact that was written on paper while the system was down; who wrote it is not kept."""

    contact = models.OneToOneField(Contact, on_delete=models.CASCADE, primary_key=True, related_name="from_paper")


class ForgottenContact(models.Model):
    """A contact whose retention has ended: its row counts in figures and is nobody's any more. No page opens it."""

    contact = models.OneToOneField(Contact, on_delete=models.CASCADE, primary_key=True, related_name="forgotten")
    on = models.DateField()


class WhatRemains(models.Model):
    """What figures need to know of a matter after the persons it was for, or came again, are forgotten."""

    enquiry = models.OneToOneField(Enquiry, on_delete=models.CASCADE, primary_key=True, related_name="remains")
    known = models.BooleanField(default=False)  # somebody was named, or her own number was
    came_again_on = models.DateField(null=True)  # the first day she came again on her own about the same service


class OpenedForForgetting(models.Model):
    """A contact whose notes may go in this transaction: the one way past the trigger that keeps notes.

    The row points at a note that never is, which both databases look for when the transaction ends: one that is left
    behind is refused with all that was done under it.
    """

    contact_id = models.BigIntegerField(primary_key=True)
    never = models.ForeignKey(Note, on_delete=models.DO_NOTHING, db_index=False, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(name="opened_points_nowhere", condition=Q(never=-1))]


class KeptHistory(models.Model):
    """The newest page of a citizen's history, as the JSON it is sent as. PostgreSQL alone (`actions.keeping`).

    Made by the worker from what is registered, and only read by the history, never by a deed. Whether it still holds
    is for `HistoryToMake` to say. `contacts`, `services` and `persons` are arrays as PostgreSQL writes them: row
    numbers of the page's contacts, keys of all their matters' services (also those that are not hers), and row numbers
    of everybody who asked or is named in them.
    """

    citizen = models.OneToOneField(  # no key of the database's own: making pages must never wait for a deed
        Citizen, on_delete=models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="+"
    )
    entries = models.TextField()
    last_at = models.DateTimeField()  # the page's last contact, from which the next page goes on
    last_id = models.BigIntegerField()
    more = models.BooleanField()
    contacts = models.TextField()
    services = models.TextField()
    persons = models.TextField()


class HistoryToMake(models.Model):
    """From now on the kept page of this citizen is old, or that of all whose history shows this contact.

    Written by triggers in the transaction of whatever changed it; the worker makes the pages anew and deletes it.
    """

    contact = models.ForeignKey(
        Contact, on_delete=models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    citizen = models.ForeignKey(
        Citizen, on_delete=models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(contact__isnull=False) | models.Q(citizen__isnull=False),
                name="history_to_make_of_someone",
            )
        ]
        indexes = [
            models.Index(
                fields=["citizen"], name="history_to_make_of_citizen", condition=models.Q(citizen__isnull=False)
            ),
            models.Index(
                fields=["contact"], name="history_to_make_of_contact", condition=models.Q(contact__isnull=False)
            ),
        ]


class IdempotencyKey(models.Model):
    """A deed asked for by a form or a client: the same key gives the same receipt, other content is refused."""

    key = models.UUIDField(primary_key=True)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField(null=True)
    deed = models.CharField(max_length=30)
    fingerprint = models.BinaryField(max_length=32)  # SHA-256 of the content
    subject_id = models.BigIntegerField()  # the row the receipt shows
    made_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        indexes = [models.Index(fields=["made_at"], name="idempotency_by_age")]
