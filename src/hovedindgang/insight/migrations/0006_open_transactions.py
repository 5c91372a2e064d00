"""Transactions that are open have a figure of their own, so that the range of those solved is as wide as it is."""

from typing import Any

from django.db import migrations, models
from django.db.models import Case, F, When
from django.db.models.functions import Least


def count_anew(apps: Any, schema_editor: Any) -> None:
    """Days whose month is not closed are counted again. A closed month keeps what it showed: there the open ones of a
    row that has both kinds are taken to be transactions, as far as they can be, so that no range is too narrow."""
    apps.get_model("insight", "EnquiryDay").objects.update(
        transactions_open=Case(
            When(transactions=F("judged"), then=F("open")),
            default=Least(F("open"), F("transactions") - F("transactions_solved")),
        )
    )
    closed = set(
        apps.get_model("insight", "ClosedMonth").objects.filter(closed_at__isnull=False).values_list("month", flat=True)
    )
    kept = apps.get_model("insight", "KeptDay").objects
    days = [day for day in kept.values_list("day", flat=True) if day.replace(day=1) not in closed]
    kept.filter(day__in=days).update(dirty=True)


class Migration(migrations.Migration):
    dependencies = [("insight", "0005_counting_weeks")]

    operations = [
        migrations.AddField(
            model_name="enquiryday",
            name="transactions_open",
            field=models.IntegerField(default=0),
        ),
        migrations.RunPython(count_anew, migrations.RunPython.noop),
    ]
