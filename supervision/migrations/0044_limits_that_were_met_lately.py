"""Limits that were met lately are found without reading those of all years."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("supervision", "0043_an_extended_limit_warns_again")]

    operations = [
        migrations.AddIndex(
            "term",
            models.Index(fields=["stopped_at"], name="term_stopped", condition=models.Q(("stopped_at__isnull", False))),
        )
    ]
