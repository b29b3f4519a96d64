"""Blank forms and samples; the life events of a guide beside the columns that are searched."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('matters', '0006_lint'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='historicalmatterversion',
            name='life_events',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=16), blank=True, db_default=[], default=list, size=None),
        ),
        migrations.AddField(
            model_name='matterversion',
            name='life_events',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=16), blank=True, db_default=[], default=list, size=None),
        ),
        migrations.CreateModel(
            name='GuideFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=128, verbose_name='文件名')),
                ('media_type', models.CharField(max_length=100, verbose_name='类型')),
                ('size', models.PositiveIntegerField(verbose_name='字节')),
                ('sha256', models.CharField(max_length=64)),
                ('uploaded_at', models.DateTimeField(verbose_name='上传时间')),
                ('replaced_at', models.DateTimeField(blank=True, null=True, verbose_name='被替换时间')),
                ('matter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='matters.matter')),
                ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='上传人')),
            ],
            options={
                'verbose_name': '空表样表',
                'verbose_name_plural': '空表样表',
                'ordering': ('matter', 'name', '-uploaded_at'),
                'constraints': [models.UniqueConstraint(condition=models.Q(('replaced_at__isnull', True)), fields=('matter', 'name'), name='guidefile_name_once'), models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='guidefile_has_a_digest')],
            },
        ),
        migrations.RunSQL(
            """
            UPDATE matters_matterversion SET life_events =
              ARRAY(SELECT jsonb_array_elements_text(content -> 'life_events'))
            WHERE jsonb_typeof(content -> 'life_events') = 'array'
            """,
            migrations.RunSQL.noop,
        ),
    ]
