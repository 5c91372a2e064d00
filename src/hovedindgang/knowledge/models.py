"""Guidance for a service in one language; every version of it is kept."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from hovedindgang.policy.models import ServiceKey


class Article(models.Model):
    """One version of the guidance for a service. A new text is a new row; the one in use is `current`."""

    service = models.ForeignKey(ServiceKey, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=2)
    version = models.PositiveIntegerField(default=1)
    current = models.BooleanField(default=True)
    title = models.CharField(max_length=120)
    text = models.TextField()
    bring = models.JSONField(default=list)  # what the citizen must bring, a line each
    updated_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="article_language_known", condition=Q(language__in=["da", "en"])),
            models.UniqueConstraint(fields=["service", "language", "version"], name="article_version_once"),
            models.UniqueConstraint(
                fields=["service", "language"], condition=Q(current=True), name="article_one_in_use"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def key(self) -> str:
        """What an enquiry keeps of the guidance that was used: service, language and version."""
        return f"{self.service_id}.{self.language}.{self.version}"
