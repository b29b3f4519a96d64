
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0005_facts_are_told_by_events'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='clock',
            index=models.Index(condition=models.Q(('state', 'running')), fields=['kind', 'due_at', 'id'], name='clock_run_out'),
        ),
    ]
