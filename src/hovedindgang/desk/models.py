"""What has been typed and not yet saved."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from hovedindgang.kernel.encryption import sealed_column

PLACE = sealed_column("desk_draft.sealed", table="desk_draft", column="sealed")
SAVED_PLACE = sealed_column("desk_savedform.sealed", table="desk_savedform", column="sealed")


class Draft(models.Model):
    """One form as it stood at its last key, sealed: only its employee gets it back. Parked or at work."""

    employee = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    contact_key = models.UUIDField()  # the form's idempotency key
    sealed = models.BinaryField()  # AES-256-GCM over JSON; see kernel.encryption
    parked_at = models.DateTimeField(null=True)  # None: the form on the page
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["employee", "contact_key"], name="draft_once_per_form")]
        indexes = [models.Index(fields=["updated_at"], name="draft_by_age")]

    def __str__(self) -> str:
        return f"draft {self.contact_key}"


class SavedForm(models.Model):
    """The form of a contact as it was registered, sealed, for as long as that may be taken back; then it is gone."""

    contact_id = models.BigIntegerField(unique=True)
    employee = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    sealed = models.BinaryField()
    saved_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"form of contact {self.contact_id}"
