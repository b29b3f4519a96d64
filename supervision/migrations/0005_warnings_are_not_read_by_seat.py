from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False  # the sweep goes on writing meanwhile

    dependencies = [
        ('supervision', '0004_proofs_of_the_night'),
    ]

    operations = [
        RemoveIndexConcurrently(
            model_name='limitwarning',
            name='warning_by_seat',
        ),
    ]
