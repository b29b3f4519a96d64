from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # a county goes on filing meanwhile

    dependencies = [
        ('applications', '0003_look_up_failures'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='applicant',
            index=models.Index(fields=['name'], name='applicant_name'),
        ),
    ]
