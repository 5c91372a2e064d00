"""Citizens and employees."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from hovedindgang.policy.models import CentreKey, DepartmentKey


class Protection(models.TextChoices):
    """Why a citizen's name and address are told to nobody."""

    NONE = "none", _("Ingen beskyttelse")
    ORDINARY = "ordinary", _("Navne- og adressebeskyttelse i CPR")  # lasts one year at a time
    THREAT = "threat", _("Beskyttelse efter trusler")  # until the police say otherwise
    OWN = "own", _("Beskyttelse efter eget ønske hos kommunen")


class Citizen(models.Model):
    """A person who has approached the municipality, or for whom somebody has. Never merged by the machine.

    Pages, lists, exports and the API show her by `people.protection`, never by the columns: a test of the house looks.
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
    dead_on = models.DateField(null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
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


class Client(models.Model):
    """Another system that calls the API with a token; only the token's SHA-256 is kept.

    `scopes` are words of `people.rules.Scope`; a department's client sees what was handed to that department.
    """

    name = models.CharField(max_length=80, unique=True)
    token_hash = models.BinaryField(max_length=32, unique=True)
    scopes = models.JSONField(default=list)
    department = models.ForeignKey(DepartmentKey, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
