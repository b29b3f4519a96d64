"""What was cut short in the last weeks is found without reading every event."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("applications", "0015_rating_codes_are_printed_once")]

    operations = [
        migrations.AddIndex(
            "event",
            models.Index(
                fields=["-at", "-id"],
                name="event_cut_short",
                condition=Q(verb="resume", detail__has_key="ended_early")
                | Q(verb="pass_on", detail__has_key="skipped"),
            ),
        ),
    ]
