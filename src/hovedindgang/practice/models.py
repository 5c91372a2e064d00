"""Passes that have been used; kept in the practice house as long as one could be shown again."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class UsedPass(models.Model):
    """A pass lets in once: the second time its number is here."""

    number = models.UUIDField(primary_key=True)
    used_at = models.DateTimeField(db_default=Now(), editable=False)

    def __str__(self) -> str:
        return str(self.number)
