"""A closed month says which columns it counted: orders, complaints and ratings are in none that was closed before."""

from django.db import migrations, models


# What was counted until now. The stock of a department was that of the moment of counting, not of the end of the month:
# the stock of a month that is closed already (`open`) is therefore left as it was closed.
COLUMNS = [
    "received", "accepted", "declined", "finished", "on_time", "early", "late", "withdrawn", "warnings", "yellow",
    "red", "yellow_revoked", "red_revoked", "timed", "promised_days", "used_days",
]  # fmt: skip


def columns() -> list[str]:
    return COLUMNS


class Migration(migrations.Migration):
    dependencies = [("supervision", "0027_statistics_and_bulletins")]

    operations = [
        migrations.AddField(
            model_name="monthclose",
            name="columns",
            field=models.JSONField(default=columns),
            preserve_default=False,
        ),
    ]
