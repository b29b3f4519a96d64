from django.db import migrations, models

GUARD = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON matters_samenessreport
  FOR EACH ROW EXECUTE FUNCTION halls_refuse_change();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON matters_samenessreport
  FOR EACH STATEMENT EXECUTE FUNCTION halls_refuse_truncate();
"""
UNGUARD = """
DROP TRIGGER append_only ON matters_samenessreport;
DROP TRIGGER never_truncated ON matters_samenessreport;
"""


class Migration(migrations.Migration):

    dependencies = [
        ("matters", "0012_hall_promises"),
    ]

    operations = [
        migrations.CreateModel(
            name='SamenessReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('made_at', models.DateTimeField(db_index=True, verbose_name='核对时间')),
                ('matters', models.PositiveIntegerField(verbose_name='事项')),
                ('halls', models.PositiveIntegerField(verbose_name='大厅')),
                ('compared', models.PositiveIntegerField(verbose_name='事项和大厅逐一核对')),
                ('differences', models.PositiveIntegerField(verbose_name='不一致')),
                ('found', models.JSONField(default=list, verbose_name='不一致的内容')),
            ],
            options={
                'verbose_name': '八统一核对',
                'verbose_name_plural': '八统一核对',
                'ordering': ('-made_at', '-pk'),
                'abstract': False,
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
