"""The files, sealed in the database: they are in every backup and go with the transaction that takes them in."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from hovedindgang.documents.rules import LARGEST_BYTES, Ground, Kind
from hovedindgang.kernel.encryption import sealed_column

PLACE = sealed_column("documents_document.sealed", table="documents_document", column="sealed", batch=5)


class Document(models.Model):
    """One file. Its name is not kept: people write whole stories into the names of their files.

    When its time is over the content goes and the row stays, so that what points to it can say that there was one.
    """

    kind = models.CharField(max_length=4)
    size = models.PositiveIntegerField()  # bytes of the content
    sha256 = models.BinaryField(max_length=32)
    sealed = models.BinaryField(null=True)  # AES-256-GCM of the content in base64
    ground = models.CharField(max_length=12)
    taken_at = models.DateTimeField(db_default=Now(), editable=False)
    kept_to = models.DateField(null=True)  # the first day without; None: the ground has not ended
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="document_kind_known", condition=Q(kind__in=[kind.value for kind in Kind])),
            models.CheckConstraint(
                name="document_ground_known", condition=Q(ground__in=[ground.value for ground in Ground])
            ),
            models.CheckConstraint(name="document_size_limited", condition=Q(size__gt=0, size__lte=LARGEST_BYTES)),
            models.CheckConstraint(
                name="document_there_until_deleted",
                condition=Q(sealed__isnull=False, deleted_at__isnull=True)
                | Q(sealed__isnull=True, deleted_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["kept_to"], name="document_to_delete", condition=Q(deleted_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"document {self.pk}"
