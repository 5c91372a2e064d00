from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contacts", "0025_history_by_hash")]

    operations = [
        migrations.AddField(
            model_name="enquiry",
            name="broken_promise_on",
            field=models.DateField(null=True),
        ),
    ]
