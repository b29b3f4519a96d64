"""What stood still, or was cut short, in the last weeks is found without reading every clock and every event."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("applications", "0015_rating_codes_are_printed_once")]

    operations = [
        migrations.AddIndex(
            "clock",
            models.Index(fields=["started_at"], name="clock_standing", condition=Q(kind__in=("special", "supplement"))),
        ),
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
