"""Screens on walls: let in and shut out by rows that stay."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


FORWARD = """
CREATE FUNCTION supervision_stamp_screen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.at := halls_now();
  RETURN NEW;
END $$;
CREATE TRIGGER stamp BEFORE INSERT ON supervision_screen
  FOR EACH ROW EXECUTE FUNCTION supervision_stamp_screen();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON supervision_screen
  FOR EACH ROW EXECUTE FUNCTION halls_refuse_change();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON supervision_screen
  FOR EACH STATEMENT EXECUTE FUNCTION halls_refuse_truncate();
CREATE TRIGGER stamp BEFORE INSERT ON supervision_screenend
  FOR EACH ROW EXECUTE FUNCTION supervision_stamp_screen();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON supervision_screenend
  FOR EACH ROW EXECUTE FUNCTION halls_refuse_change();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON supervision_screenend
  FOR EACH STATEMENT EXECUTE FUNCTION halls_refuse_truncate();
"""
BACKWARD = """
DROP TRIGGER never_truncated ON supervision_screenend;
DROP TRIGGER append_only ON supervision_screenend;
DROP TRIGGER stamp ON supervision_screenend;
DROP TRIGGER never_truncated ON supervision_screen;
DROP TRIGGER append_only ON supervision_screen;
DROP TRIGGER stamp ON supervision_screen;
DROP FUNCTION supervision_stamp_screen();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('halls', '0011_numbers_and_posts'),
        ("supervision", "0022_exclusions_and_accounts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Screen',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('wall', '县指挥大屏'), ('hall', '大厅屏')], max_length=8, verbose_name='哪一种')),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('at', models.DateTimeField(verbose_name='开通时间')),
                ('hall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='halls.hall', verbose_name='大厅')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='开通人')),
            ],
            options={
                'verbose_name': '大屏',
                'verbose_name_plural': '大屏',
                'ordering': ('-pk',),
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ScreenEnd',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='停用时间')),
                ('screen', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='end', to='supervision.screen')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='停用人')),
            ],
            options={
                'verbose_name': '大屏停用',
                'verbose_name_plural': '大屏停用',
                'ordering': ('-pk',),
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='screen',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['wall', 'hall'])), name='screen_has_a_kind'),
        ),
        migrations.AddConstraint(
            model_name='screen',
            constraint=models.CheckConstraint(condition=models.Q(('token_hash__regex', '^[0-9a-f]{64}$')), name='screen_has_a_hash'),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
