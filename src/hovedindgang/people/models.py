"""Citizens and employees."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from hovedindgang.documents.models import Document
from hovedindgang.kernel.encryption import decrypt, encrypt, sealed_column
from hovedindgang.policy.models import CentreKey, DepartmentKey, ServiceKey


class Protection(models.TextChoices):
    """Why a citizen's name and address are told to nobody."""

    NONE = "none", _("Ingen beskyttelse")
    ORDINARY = "ordinary", _("Navne- og adressebeskyttelse i CPR")  # lasts one year at a time
    THREAT = "threat", _("Beskyttelse efter trusler")  # until the police say otherwise
    OWN = "own", _("Beskyttelse efter eget ønske hos kommunen")


class RestrictedWhy(models.TextChoices):
    """Why what we hold of a citizen is only to be stored (databeskyttelsesforordningen art. 18, 1)."""

    CONTESTED = "contested", _("Borgeren bestrider, at oplysningerne er rigtige")  # a
    UNLAWFUL = "unlawful", _("Behandlingen er ulovlig, og borgeren vil ikke have det slettet")  # b
    CLAIM = "claim", _("Borgeren har brug for oplysningerne til et retskrav")  # c
    OBJECTED = "objected", _("Borgeren har gjort indsigelse, og den er ikke afgjort")  # d


CORRECTED_PLACE = sealed_column("people_correction.was", table="people_correction", column="was_sealed")
CPR_PLACE = sealed_column("people_citizen.cpr", table="people_citizen", column="cpr_sealed")
GRANT_PLACE = sealed_column("people_providergrant.sealed", table="people_providergrant", column="sealed")
KEPT_PLACE = sealed_column("people_keptform.sealed", table="people_keptform", column="sealed")
TOLD_PLACE = sealed_column("people_citizen.told", table="people_citizen", column="told_sealed")

TOLD = ("name", "name_key", "address", "phone", "email")  # what of a protected citizen lies sealed
SEALED_TOGETHER = frozenset({*TOLD, "told_sealed"})


def opened(sealed: bytes) -> dict[str, str]:
    """What `told_sealed` holds, by field of TOLD. Raises CannotDecrypt."""
    told: dict[str, str] = json.loads(decrypt(sealed, place=TOLD_PLACE))
    return told


class Citizens(models.QuerySet["Citizen"]):
    """Rows of citizens. `update` knows nothing of seals: the database refuses what it would leave in clear."""

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        citizens = list(objs)
        with ExitStack() as stored:
            for citizen in citizens:
                stored.enter_context(citizen.as_stored())
            return super().bulk_create(citizens, *args, **kwargs)


class Citizen(models.Model):
    """A person who has approached the municipality, or for whom somebody has. Never merged by the machine.

    Pages, lists, exports and the API show her by `people.protection`, never by the columns: a test of the house looks.
    Whoever is protected has her name, address, telephone and e-mail in `told_sealed` alone; a record that was read has
    them all the same.
    """

    cpr_sealed = models.BinaryField(null=True)  # AES-256-GCM; see kernel.encryption
    cpr_index = models.BinaryField(null=True, unique=True, max_length=32)
    name = models.CharField(max_length=120, blank=True, default="")
    name_key = models.CharField(max_length=260, blank=True, default="")  # `people.rules.name_key`, what is searched
    born_on = models.DateField(null=True)
    address = models.CharField(max_length=160, blank=True, default="")
    phone = models.CharField(max_length=20, blank=True, default="")
    email = models.CharField(max_length=120, blank=True, default="")
    language = models.CharField(max_length=8, default="da")  # BCP 47
    needs = models.CharField(max_length=200, blank=True, default="")  # interpreter, wheelchair, hearing: what helps her
    exempt_from_digital_post = models.BooleanField(default=False)
    exempt_from_self_service = models.BooleanField(default=False)
    protection = models.CharField(max_length=8, default=Protection.NONE, db_default=Protection.NONE)
    protected_from = models.DateField(null=True)
    protected_to = models.DateField(null=True)  # the first day without; None: until somebody ends it
    told_sealed = models.BinaryField(null=True)  # of who is protected: TOLD as JSON; AES-256-GCM, see kernel.encryption
    dead_on = models.DateField(null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = Citizens.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="citizen_protected_is_sealed",
                condition=Q(protection="none", told_sealed__isnull=True)
                | Q(
                    ~Q(protection="none"),
                    told_sealed__isnull=False,
                    name="",
                    name_key="",
                    address="",
                    phone="",
                    email="",
                ),
            ),
            models.CheckConstraint(
                name="citizen_cpr_sealed_and_indexed",
                condition=Q(cpr_sealed__isnull=True, cpr_index__isnull=True)
                | Q(cpr_sealed__isnull=False, cpr_index__isnull=False),
            ),
            models.CheckConstraint(
                name="citizen_protection_known", condition=Q(protection__in=[kind.value for kind in Protection])
            ),
            models.CheckConstraint(
                name="citizen_protected_in_days",
                condition=~Q(protection="none") | Q(protected_from__isnull=True, protected_to__isnull=True),
            ),
            models.CheckConstraint(
                name="citizen_protected_from_before_to",
                condition=Q(protected_from__isnull=True)
                | Q(protected_to__isnull=True)
                | Q(protected_from__lt=F("protected_to")),
            ),
            models.CheckConstraint(
                name="citizen_ordinary_protection_ends",
                condition=~Q(protection="ordinary") | Q(protected_from__isnull=False, protected_to__isnull=False),
            ),
            models.CheckConstraint(
                name="citizen_dead_after_born",
                condition=Q(dead_on__isnull=True) | Q(born_on__isnull=True) | Q(dead_on__gte=F("born_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"citizen {self.pk}"  # never her name: this is what lands in logs and error pages

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        fields = set(update_fields) if update_fields is not None else None
        if fields is not None and not fields & {*SEALED_TOGETHER, "protection"}:
            super().save(*args, update_fields=fields, **kwargs)
            return
        with self.as_stored():
            super().save(*args, update_fields=fields and fields | SEALED_TOGETHER, **kwargs)

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any], **more: Any) -> Self:
        citizen = super().from_db(db, field_names, values, **more)
        sealed = citizen.__dict__.get("told_sealed")
        if sealed is not None:
            citizen.__dict__.update(opened(sealed))
        return citizen

    @contextmanager
    def as_stored(self) -> Iterator[None]:
        """Within the block the columns hold what the database may: nothing in clear of who is protected."""
        if self.protection == Protection.NONE:
            self.told_sealed = None
            yield
            return
        plain = {field: getattr(self, field) for field in TOLD}
        self.told_sealed = encrypt(json.dumps(plain, ensure_ascii=False), place=TOLD_PLACE)
        try:
            for field in plain:
                setattr(self, field, "")
            yield
        finally:
            for field, value in plain.items():
                setattr(self, field, value)


class Restriction(models.Model):
    """What we hold of this citizen is only stored. The row is there until a leader lifts it; events say who did."""

    citizen = models.OneToOneField(Citizen, on_delete=models.CASCADE, primary_key=True, related_name="restriction")
    why = models.CharField(max_length=9)
    begun_on = models.DateField()
    look_again_on = models.DateField()  # it does not end by itself: she must be told before it does
    placed_by = models.ForeignKey("Employee", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="restriction_why_known", condition=Q(why__in=RestrictedWhy.values)),
            models.CheckConstraint(name="restriction_looked_at_later", condition=Q(look_again_on__gte=F("begun_on"))),
        ]

    def __str__(self) -> str:
        return f"restriction of citizen {self.citizen_id}"


class Correction(models.Model):
    """What stood wrongly about a citizen and was corrected (art. 16): the old value, sealed. Never changed.

    It goes with her. A trigger refuses to change a row; a change of keys may seal the value anew.
    """

    citizen = models.ForeignKey(Citizen, on_delete=models.CASCADE, related_name="corrections")
    field = models.CharField(max_length=10)  # of `rectifying.FIELDS`
    was_sealed = models.BinaryField()
    at = models.DateTimeField(db_default=Now(), editable=False)
    by = models.ForeignKey("Employee", on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"correction {self.pk}"


class Role(models.TextChoices):
    EMPLOYEE = "employee", _("Medarbejder i Borgerservice")
    CASEWORKER = "caseworker", _("Sagsbehandler")
    LEADER = "leader", _("Leder")
    PLANNER = "planner", _("Planlægger")
    EDITOR = "editor", _("Redaktør")
    ADMINISTRATOR = "administrator", _("Administrator")


class Employees(BaseUserManager["Employee"]):
    def create_user(self, username: str, password: str | None = None, **fields: object) -> Employee:
        employee = self.model(username=username, **fields)
        employee.set_password(password)
        employee.save(using=self._db)
        return employee

    def get_by_natural_key(self, username: str | None) -> Employee:
        return self.get(username=username)


class Employee(AbstractBaseUser):
    """Someone who works for the municipality and signs in. One row, so that a request needs one query to know her.

    An employee of Borgerservice has a home centre and may work at any: the centres are one unit. A caseworker
    belongs to a department and sees what was handed to it.
    """

    username = models.CharField(_("Brugernavn"), max_length=60, unique=True)
    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True, default="")
    is_active = models.BooleanField(default=True)
    is_employee = models.BooleanField(default=False)  # roles: one column each, so that the database knows them
    is_caseworker = models.BooleanField(default=False)
    is_leader = models.BooleanField(default=False)
    is_planner = models.BooleanField(default=False)
    is_editor = models.BooleanField(default=False)
    is_administrator = models.BooleanField(default=False)
    centre = models.ForeignKey(CentreKey, on_delete=models.PROTECT, null=True, blank=True, related_name="employees")
    department = models.ForeignKey(
        DepartmentKey, on_delete=models.PROTECT, null=True, blank=True, related_name="employees"
    )
    language = models.CharField(max_length=2, default="da", choices=[("da", "Dansk"), ("en", "English")])
    letter_keys = models.BooleanField(default=True)  # WCAG 2.1.4: single-letter keys can be switched off
    favourites = models.JSONField(default=list)  # keys of services, in the order of the digits
    date_joined = models.DateTimeField(db_default=Now(), editable=False)
    password_until = models.DateTimeField(null=True)  # when one that was given her ends; None: it is her own choice

    objects = Employees()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="employee_caseworker_has_department",
                condition=Q(is_caseworker=False) | Q(department__isnull=False),
            ),
            models.CheckConstraint(name="employee_language_known", condition=Q(language__in=["da", "en"])),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(role for role in Role if getattr(self, f"is_{role.value}"))

    def has_perm(self, perm: str, obj: object | None = None) -> bool:
        """Django's own permissions are not used: `people.rules` says what each role may do."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False


class Basis(models.TextChoices):
    """By what somebody acts for a citizen; `people.representing` says what each opens."""

    MANDATE = "mandate", _("Fuldmagt")
    GUARDIANSHIP = "guardianship", _("Værgemål")
    CUSTODY = "custody", _("Forældremyndighed")
    PARTY_REPRESENTATIVE = "party_representative", _("Partsrepræsentation")
    COMPANION = "companion", _("Bisidder")


class Proof(models.TextChoices):
    """What shows that it is so."""

    DOCUMENT = "document", _("Dokument, som er vedlagt")
    SEEN = "seen", _("Originalen er set")
    REGISTER = "register", _("Opslag i CPR, Digital Fuldmagt eller tinglysningen")
    SPOKEN = "spoken", _("Borgeren er til stede og siger det")


class Representation(models.Model):
    """Somebody who acts for a citizen, or as companion hears along: by what right, in which matters, from when to when.

    What was registered never changes (a trigger refuses it) and is never deleted while she is known; it is revoked.
    """

    citizen = models.ForeignKey(Citizen, on_delete=models.CASCADE, related_name="represented_by")
    holder = models.ForeignKey(Citizen, on_delete=models.PROTECT, related_name="represents")  # who acts
    basis = models.CharField(max_length=20)
    every_service = models.BooleanField()  # else those named in RepresentationService
    services = models.ManyToManyField(ServiceKey, through="RepresentationService", related_name="+")
    proof = models.CharField(max_length=10)
    evidence = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)  # the first day without
    custody_slot = models.PositiveSmallIntegerField(null=True)  # 1 or 2: a child has at most two holders of custody
    joint = models.BooleanField(default=False)  # custody shared with another, whether or not we know whom
    registered_at = models.DateTimeField(db_default=Now(), editable=False)
    registered_by = models.ForeignKey("Employee", on_delete=models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey("Employee", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="representation_basis_known", condition=Q(basis__in=[basis.value for basis in Basis])
            ),
            models.CheckConstraint(
                name="representation_proof_known", condition=Q(proof__in=[proof.value for proof in Proof])
            ),
            models.CheckConstraint(name="representation_not_herself", condition=~Q(citizen=F("holder"))),
            models.CheckConstraint(
                name="representation_from_before_to",
                condition=Q(valid_to__isnull=True) | Q(valid_from__lt=F("valid_to")),
            ),
            models.CheckConstraint(
                name="representation_document_is_there",
                condition=Q(proof="document", evidence__isnull=False)
                | (~Q(proof="document") & Q(evidence__isnull=True)),
            ),
            models.CheckConstraint(
                name="representation_spoken_companion", condition=~Q(proof="spoken") | Q(basis="companion")
            ),
            models.CheckConstraint(
                name="representation_custody_of_a_child",
                condition=Q(basis="custody", custody_slot__in=[1, 2], valid_to__isnull=False, every_service=True)
                | (~Q(basis="custody") & Q(custody_slot__isnull=True, joint=False)),
            ),
            models.UniqueConstraint(
                name="representation_two_with_custody",
                fields=["citizen", "custody_slot"],
                condition=Q(basis="custody", revoked_at__isnull=True),
            ),
            models.UniqueConstraint(
                name="representation_custody_once",
                fields=["citizen", "holder"],
                condition=Q(basis="custody", revoked_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"representation {self.pk}"


class RepresentationService(models.Model):
    """A service that a representation is limited to."""

    representation = models.ForeignKey(Representation, on_delete=models.CASCADE)
    service = models.ForeignKey(ServiceKey, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["representation", "service"], name="representation_service_once")
        ]

    def __str__(self) -> str:
        return f"{self.representation_id} in {self.service_id}"


class Client(models.Model):
    """Another system that calls the API with a token; only the token's SHA-256 is kept.

    `scopes` are words of `people.rules.Scope`.
    """

    name = models.CharField(max_length=80, unique=True)
    token_hash = models.BinaryField(max_length=32, unique=True)
    scopes = models.JSONField(default=list)
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


# ----------------------------------------------------------------------------------------------------- signing in


class StaffSession(AbstractBaseSession):
    """A sign-in, or what a browser has before one. It says whose it is, so that all of hers can be ended at once.

    `provider_sid` is the municipality's sign-in's own name for it, by which that can end it (back-channel log-out).
    """

    employee = models.ForeignKey(Employee, on_delete=models.CASCADE, null=True, related_name="+")
    provider_sid = models.CharField(max_length=255, blank=True, default="")
    began_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "people_session"
        indexes = [
            models.Index(fields=["provider_sid"], name="session_by_provider_sid", condition=~Q(provider_sid="")),
        ]

    @classmethod
    def get_session_store_class(cls) -> type:
        from hovedindgang.people.sessions import SessionStore  # Django loads it by name, and it needs this table

        return SessionStore


class LockKind(models.TextChoices):
    ACCOUNT = "account", _("Brugernavn")
    ADDRESS = "address", _("Netadresse")


class SignInLock(models.Model):
    """Tries that have failed for one user name (whether anybody has it or not) or from one address.

    Only a keyed hash of either is kept. A try counts before it is checked, so that a thousand at once are a thousand.
    """

    kind = models.CharField(max_length=8, choices=LockKind.choices)
    who = models.BinaryField(max_length=32)
    failures = models.PositiveIntegerField(default=0)
    failed_at = models.DateTimeField()
    closed_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "who"], name="sign_in_lock_once"),
            models.CheckConstraint(name="sign_in_lock_kind_known", condition=Q(kind__in=LockKind.values)),
        ]


# ----------------------------------------------------------------------------------------- what is closed to whom


class KinKind(models.TextChoices):
    OWN = "own"
    FAMILY = "family"


class Kin(models.Model):
    """A CPR that is her own, or of her family: its blind index only, so that nobody can read who it is."""

    employee = models.ForeignKey(Employee, on_delete=models.CASCADE, related_name="kin")
    cpr_index = models.BinaryField(max_length=32)
    kind = models.CharField(max_length=6, choices=KinKind.choices)
    said_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["employee", "cpr_index"], name="kin_once"),
            models.UniqueConstraint(fields=["employee"], name="kin_one_is_herself", condition=Q(kind="own")),
            models.UniqueConstraint(fields=["cpr_index"], name="kin_one_employee_each", condition=Q(kind="own")),
            models.CheckConstraint(name="kin_kind_known", condition=Q(kind__in=KinKind.values)),
        ]
        indexes = [models.Index(fields=["cpr_index"], name="kin_by_cpr")]


class ClosedWhy(models.TextChoices):
    OWN = "own", _("Det er dig selv")
    FAMILY = "family", _("Det er en i din familie")
    COLLEAGUE = "colleague", _("Det er en kollega fra dit sted")


class Closed(models.Model):
    """A citizen whose record is closed to an employee. Worked out from `Kin` by `closing.renew_closed`, never typed."""

    employee = models.ForeignKey(Employee, on_delete=models.CASCADE, related_name="+")
    citizen = models.ForeignKey(Citizen, on_delete=models.CASCADE, related_name="+")
    why = models.CharField(max_length=9, choices=ClosedWhy.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["employee", "citizen"], name="closed_once"),
            models.CheckConstraint(name="closed_why_known", condition=Q(why__in=ClosedWhy.values)),
        ]


ABOUT_HER = {
    ClosedWhy.OWN: _("Hendes egne oplysninger"),
    ClosedWhy.FAMILY: _("En i hendes familie"),
    ClosedWhy.COLLEAGUE: _("En kollega fra hendes sted"),
}


class OpeningReason(models.TextChoices):
    ONLY_ME = "only_me", _("Ingen anden kan hjælpe hende nu")
    URGENT = "urgent", _("Det haster for hendes helbred eller penge")
    ASKED = "asked", _("Min leder har bedt mig om det")
    MISTAKEN = "mistaken", _("Det er en anden, end systemet tror")


class Opening(models.Model):
    """What is closed to her was asked to be opened, and perhaps opened, for one hour. Never changed back.

    Her own record and her family's only another can open, a leader. `citizen_id` is a row number, not a key: it stays
    when the citizen is erased.
    """

    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="+")
    citizen_id = models.BigIntegerField()
    why = models.CharField(max_length=9, choices=ClosedWhy.choices)
    reason = models.CharField(max_length=8, choices=OpeningReason.choices)
    asked_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    opened_by = models.ForeignKey(Employee, on_delete=models.PROTECT, null=True, related_name="+")
    seen_at = models.DateTimeField(null=True)  # a leader has read that it was opened
    seen_by = models.ForeignKey(Employee, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="opening_why_known", condition=Q(why__in=ClosedWhy.values)),
            models.CheckConstraint(name="opening_reason_known", condition=Q(reason__in=OpeningReason.values)),
            models.CheckConstraint(
                name="opening_opened_by_someone",
                condition=Q(opened_at__isnull=True, opened_by__isnull=True)
                | Q(opened_at__isnull=False, opened_by__isnull=False),
            ),
            models.CheckConstraint(
                name="opening_own_and_family_by_another",
                condition=Q(why=ClosedWhy.COLLEAGUE) | Q(opened_by__isnull=True) | ~Q(opened_by=F("employee")),
            ),
            models.CheckConstraint(
                name="opening_seen_by_another",
                condition=Q(seen_at__isnull=True, seen_by__isnull=True)
                | (
                    Q(seen_at__isnull=False, seen_by__isnull=False, opened_at__isnull=False) & ~Q(seen_by=F("employee"))
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["employee", "citizen_id", "opened_at"], name="opening_by_employee"),
            models.Index(fields=["opened_at"], name="opening_by_time"),
        ]

    @property
    def about_her(self) -> str:
        """Whose record it is, as a leader reads it."""
        return str(ABOUT_HER[ClosedWhy(self.why)])


class KeptForm(models.Model):
    """What she sent when her page had been locked, sealed, until she unlocks it; then it is given back and deleted."""

    employee = models.ForeignKey(Employee, on_delete=models.CASCADE, related_name="+")
    sealed = models.BinaryField()
    kept_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["employee", "kept_at"], name="kept_form_by_employee")]


class ProviderGrant(models.Model):
    """What the municipality's sign-in gave, sealed: to end it there too, and to ask whether she may still."""

    employee = models.ForeignKey(Employee, on_delete=models.CASCADE, related_name="+")
    sealed = models.BinaryField()  # refresh and ID token, as JSON
    checked_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["checked_at"], name="provider_grant_by_time")]
