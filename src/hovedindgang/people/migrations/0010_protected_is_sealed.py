"""What leads to a protected citizen lies sealed in one column, and the others are empty."""

from __future__ import annotations

import json
from importlib import import_module

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import Q

from hovedindgang.kernel.encryption import decrypt, encrypt
from hovedindgang.people.models import TOLD, TOLD_PLACE


def seal(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    citizens = apps.get_model("people", "Citizen").objects
    for one in citizens.exclude(protection="none").iterator():
        told = {field: getattr(one, field) for field in TOLD}
        sealed = encrypt(json.dumps(told, ensure_ascii=False), place=TOLD_PLACE)
        citizens.filter(pk=one.pk).update(told_sealed=sealed, **dict.fromkeys(TOLD, ""))


def open_again(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    citizens = apps.get_model("people", "Citizen").objects
    for one in citizens.exclude(told_sealed=None).iterator():
        citizens.filter(pk=one.pk).update(told_sealed=None, **json.loads(decrypt(one.told_sealed, place=TOLD_PLACE)))


# As it was made, but that it gives the seal along where what it told of stands in no column any more.
KNOWN = """
CREATE OR REPLACE FUNCTION people_known(numbers bigint[]) RETURNS json LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT json_agg(json_build_array(name, address, phone, email, encode(told_sealed, 'hex'))) FROM people_citizen
        WHERE id = ANY (numbers) AND ((name, address, phone, email) <> ('', '', '', '') OR told_sealed IS NOT NULL)
    );
END $$
"""


def tell(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(KNOWN, None)


def tell_as_before(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        before: str = import_module("hovedindgang.people.migrations.0009_known_of_her").FUNCTION
        schema_editor.execute(before.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"), None)


class Migration(migrations.Migration):
    dependencies = [("people", "0009_known_of_her")]
    operations = [
        migrations.AddField("citizen", "told_sealed", models.BinaryField(null=True)),
        migrations.RunPython(seal, open_again),
        migrations.RunPython(tell, tell_as_before),
        migrations.AddConstraint(
            "citizen",
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
        ),
    ]
