"""The event log and the look-ups are written once."""

from django.db import migrations

from hovedindgang.kernel.triggers import refuse


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_tables")]

    operations = [
        refuse("kernel_event", "UPDATE", "DELETE", sentence="an event is never changed or removed"),
        refuse("kernel_lookup", "UPDATE", "DELETE", sentence="a look-up is never changed or removed"),
    ]
