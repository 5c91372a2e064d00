"""An adopted version is what the council adopted, for ever."""

from django.db import migrations

from hovedindgang.kernel.triggers import refuse


class Migration(migrations.Migration):
    dependencies = [("policy", "0001_tables"), ("kernel", "0002_append_only")]

    operations = [
        refuse(
            "policy_modelversion",
            "UPDATE",
            "DELETE",
            sentence="an adopted version is never changed or removed; adopt a new one",
            when="OLD.state = 'adopted'",
        ),
    ]
