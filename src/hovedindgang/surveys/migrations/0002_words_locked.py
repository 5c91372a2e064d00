"""A saved word does not change, and goes only with what is forgotten (triggers refuse it)."""

from __future__ import annotations

from django.db import migrations

from hovedindgang.kernel.triggers import refuse, refuse_unless


class Migration(migrations.Migration):
    dependencies = [("surveys", "0001_tables"), ("kernel", "0002_append_only")]
    operations = [
        refuse(
            "surveys_feedbacktext",
            "UPDATE",
            sentence="a saved word of a complaint is amended by a new one, never changed",
        ),
        refuse_unless(
            "surveys_feedbacktext",
            "DELETE",
            sentence="a word of a complaint goes only with the complaint that is forgotten",
            unless="EXISTS (SELECT 1 FROM surveys_feedback WHERE id = OLD.feedback_id AND forgotten_on IS NOT NULL)",
        ),
    ]
