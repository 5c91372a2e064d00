"""Sessions, tries that failed, what is closed to whom and its openings; and the table of what allauth remembers."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.core.management import call_command
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from hovedindgang.kernel.triggers import refuse


def make_cache(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    call_command("createcachetable", "people_cache", database=schema_editor.connection.alias, verbosity=0)


def drop_cache(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    schema_editor.execute("DROP TABLE people_cache")


OPENED = "opened_at, opened_by_id, reason, why, citizen_id, employee_id"


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_protection"),
    ]

    operations = [
        migrations.CreateModel(
            name="SignInLock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(choices=[("account", "Brugernavn"), ("address", "Netadresse")], max_length=8),
                ),
                ("who", models.BinaryField(max_length=32)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("failed_at", models.DateTimeField()),
                ("closed_until", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "who"), name="sign_in_lock_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["account", "address"])), name="sign_in_lock_kind_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Closed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "why",
                    models.CharField(
                        choices=[
                            ("own", "Det er dig selv"),
                            ("family", "Det er en i din familie"),
                            ("colleague", "Det er en kollega fra dit sted"),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "citizen",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.citizen"
                    ),
                ),
                (
                    "employee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("employee", "citizen"), name="closed_once"),
                    models.CheckConstraint(
                        condition=models.Q(("why__in", ["own", "family", "colleague"])), name="closed_why_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="KeptForm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sealed", models.BinaryField()),
                ("kept_at", models.DateTimeField()),
                (
                    "employee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["employee", "kept_at"], name="kept_form_by_employee")],
            },
        ),
        migrations.CreateModel(
            name="Kin",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("cpr_index", models.BinaryField(max_length=32)),
                ("kind", models.CharField(choices=[("own", "Own"), ("family", "Family")], max_length=6)),
                ("said_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                (
                    "employee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="kin", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["cpr_index"], name="kin_by_cpr")],
                "constraints": [
                    models.UniqueConstraint(fields=("employee", "cpr_index"), name="kin_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "own")), fields=("employee",), name="kin_one_is_herself"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "own")), fields=("cpr_index",), name="kin_one_employee_each"
                    ),
                    models.CheckConstraint(condition=models.Q(("kind__in", ["own", "family"])), name="kin_kind_known"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Opening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("citizen_id", models.BigIntegerField()),
                (
                    "why",
                    models.CharField(
                        choices=[
                            ("own", "Det er dig selv"),
                            ("family", "Det er en i din familie"),
                            ("colleague", "Det er en kollega fra dit sted"),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("only_me", "Ingen anden kan hjælpe hende nu"),
                            ("urgent", "Det haster for hendes helbred eller penge"),
                            ("asked", "Min leder har bedt mig om det"),
                            ("mistaken", "Det er en anden, end systemet tror"),
                        ],
                        max_length=8,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("opened_at", models.DateTimeField(null=True)),
                ("seen_at", models.DateTimeField(null=True)),
                (
                    "employee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "seen_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["employee", "citizen_id", "opened_at"], name="opening_by_employee"),
                    models.Index(fields=["opened_at"], name="opening_by_time"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("why__in", ["own", "family", "colleague"])), name="opening_why_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason__in", ["only_me", "urgent", "asked", "mistaken"])),
                        name="opening_reason_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("opened_at__isnull", True), ("opened_by__isnull", True)),
                            models.Q(("opened_at__isnull", False), ("opened_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="opening_opened_by_someone",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("why", "colleague"),
                            ("opened_by__isnull", True),
                            models.Q(("opened_by", models.F("employee")), _negated=True),
                            _connector="OR",
                        ),
                        name="opening_own_and_family_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seen_at__isnull", True), ("seen_by__isnull", True)),
                            models.Q(
                                ("opened_at__isnull", False),
                                ("seen_at__isnull", False),
                                ("seen_by__isnull", False),
                                models.Q(("seen_by", models.F("employee")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="opening_seen_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StaffSession",
            fields=[
                (
                    "session_key",
                    models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name="session key"),
                ),
                ("session_data", models.TextField(verbose_name="session data")),
                ("expire_date", models.DateTimeField(db_index=True, verbose_name="expire date")),
                ("provider_sid", models.CharField(blank=True, default="", max_length=255)),
                (
                    "began_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "employee",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "people_session",
                "indexes": [
                    models.Index(
                        condition=models.Q(("provider_sid", ""), _negated=True),
                        fields=["provider_sid"],
                        name="session_by_provider_sid",
                    )
                ],
            },
        ),
        migrations.RunPython(make_cache, drop_cache),
        refuse("people_opening", "DELETE", sentence="an opening of what is closed is never deleted"),
        refuse(
            "people_opening",
            f"UPDATE OF {OPENED}",
            sentence="an opening of what is closed is not changed",
            when="OLD.opened_at IS NOT NULL",
        ),
    ]
