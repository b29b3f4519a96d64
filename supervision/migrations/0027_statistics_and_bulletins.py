"""Weekly statistics, monthly bulletins, months that were closed and what was corrected in them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


FORWARD = """
-- What a paper says is not rewritten: dropped and drafted anew. What was published stays as it is.
CREATE FUNCTION supervision_guard_bulletin() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  now timestamptz := date_trunc('second', halls_now());
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a bulletin stays' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'INSERT' THEN
    NEW.drafted_at := now;
    IF NEW.reviewed_at IS NOT NULL OR NEW.published_at IS NOT NULL OR NEW.dropped_at IS NOT NULL THEN
      RAISE EXCEPTION 'a bulletin begins as a draft' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.published_at IS NOT NULL OR OLD.dropped_at IS NOT NULL THEN
    RAISE EXCEPTION 'a bulletin that is published or dropped is not changed' USING ERRCODE = 'restrict_violation';
  END IF;
  IF (NEW.county_id, NEW.kind, NEW.first, NEW.turn, NEW.content, NEW.digest, NEW.drafted_at)
     IS DISTINCT FROM (OLD.county_id, OLD.kind, OLD.first, OLD.turn, OLD.content, OLD.digest, OLD.drafted_at) THEN
    RAISE EXCEPTION 'what a bulletin says is not rewritten' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.published_at IS NOT NULL THEN
    IF (NEW.remarks, NEW.reviewed_by_id, NEW.reviewed_person, NEW.reviewed_at)
       IS DISTINCT FROM (OLD.remarks, OLD.reviewed_by_id, OLD.reviewed_person, OLD.reviewed_at) THEN
      RAISE EXCEPTION 'what was reviewed is signed, and nothing else' USING ERRCODE = 'restrict_violation';
    END IF;
    NEW.published_at := now;
  ELSIF NEW.reviewed_at IS DISTINCT FROM OLD.reviewed_at THEN
    NEW.reviewed_at := now;
  ELSIF NEW.remarks IS DISTINCT FROM OLD.remarks THEN
    RAISE EXCEPTION 'remarks are written by whoever reviews' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.dropped_at IS NOT NULL THEN
    NEW.dropped_at := now;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON supervision_bulletin
  FOR EACH ROW EXECUTE FUNCTION supervision_guard_bulletin();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON supervision_bulletin
  FOR EACH STATEMENT EXECUTE FUNCTION halls_refuse_truncate();

-- A month is closed when it is over, and a correction is of today.
CREATE FUNCTION supervision_stamp_close() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.closed_at := date_trunc('second', halls_now());
  IF NEW.closed_at < ((NEW.first + interval '1 month')::timestamp AT TIME ZONE 'Asia/Shanghai') THEN
    RAISE EXCEPTION 'the month is not over' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION supervision_stamp_adjustment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.found_at := date_trunc('second', halls_now());
  RETURN NEW;
END $$;
CREATE TRIGGER stamp BEFORE INSERT ON supervision_monthclose
  FOR EACH ROW EXECUTE FUNCTION supervision_stamp_close();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON supervision_monthclose
  FOR EACH ROW EXECUTE FUNCTION halls_refuse_change();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON supervision_monthclose
  FOR EACH STATEMENT EXECUTE FUNCTION halls_refuse_truncate();
CREATE TRIGGER stamp BEFORE INSERT ON supervision_monthadjustment
  FOR EACH ROW EXECUTE FUNCTION supervision_stamp_adjustment();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON supervision_monthadjustment
  FOR EACH ROW EXECUTE FUNCTION halls_refuse_change();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON supervision_monthadjustment
  FOR EACH STATEMENT EXECUTE FUNCTION halls_refuse_truncate();
"""
BACKWARD = """
DROP TRIGGER guard ON supervision_bulletin;
DROP TRIGGER never_truncated ON supervision_bulletin;
DROP TRIGGER stamp ON supervision_monthclose;
DROP TRIGGER append_only ON supervision_monthclose;
DROP TRIGGER never_truncated ON supervision_monthclose;
DROP TRIGGER stamp ON supervision_monthadjustment;
DROP TRIGGER append_only ON supervision_monthadjustment;
DROP TRIGGER never_truncated ON supervision_monthadjustment;
DROP FUNCTION supervision_guard_bulletin();
DROP FUNCTION supervision_stamp_close();
DROP FUNCTION supervision_stamp_adjustment();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('halls', '0011_numbers_and_posts'),
        ("supervision", "0026_orders_and_urges"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='MonthClose',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first', models.DateField(verbose_name='月份')),
                ('figures', models.JSONField()),
                ('digest', models.CharField(max_length=64)),
                ('events', models.PositiveBigIntegerField(verbose_name='当时的最后一条记录')),
                ('closed_at', models.DateTimeField(verbose_name='月结时间')),
                ('county', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='halls.hall')),
            ],
            options={
                'verbose_name': '月结',
                'verbose_name_plural': '月结',
                'ordering': ('-first',),
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='MonthAdjustment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', models.CharField(max_length=96)),
                ('column', models.CharField(max_length=24)),
                ('before', models.IntegerField(verbose_name='原数')),
                ('after', models.IntegerField(verbose_name='更正后')),
                ('found_at', models.DateTimeField(verbose_name='更正时间')),
                ('closed', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='adjustments', to='supervision.monthclose')),
            ],
            options={
                'verbose_name': '月结更正',
                'verbose_name_plural': '月结更正',
                'ordering': ('found_at', 'pk'),
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Bulletin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('week', '每周统计'), ('month', '每月通报')], max_length=8, verbose_name='类别')),
                ('first', models.DateField(verbose_name='统计期首日')),
                ('turn', models.PositiveSmallIntegerField(default=1)),
                ('content', models.JSONField()),
                ('digest', models.CharField(max_length=64)),
                ('drafted_at', models.DateTimeField(verbose_name='起草时间')),
                ('remarks', models.TextField(blank=True, max_length=4000, verbose_name='情况说明和工作要求')),
                ('version', models.PositiveIntegerField(default=1)),
                ('reviewed_person', models.CharField(blank=True, max_length=32)),
                ('reviewed_at', models.DateTimeField(blank=True, null=True, verbose_name='审核时间')),
                ('signed_person', models.CharField(blank=True, max_length=32)),
                ('published_at', models.DateTimeField(blank=True, null=True, verbose_name='签发时间')),
                ('year', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('serial', models.PositiveIntegerField(blank=True, null=True)),
                ('dropped_at', models.DateTimeField(blank=True, null=True, verbose_name='作废时间')),
                ('dropped_reason', models.CharField(blank=True, max_length=500, verbose_name='作废理由')),
                ('county', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='halls.hall')),
                ('dropped_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reviewed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('signed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '统计通报',
                'verbose_name_plural': '统计通报',
                'ordering': ('-first', 'kind', '-turn'),
                'constraints': [models.UniqueConstraint(fields=('county', 'kind', 'first', 'turn'), name='bulletin_once'), models.UniqueConstraint(condition=models.Q(('dropped_at__isnull', True)), fields=('county', 'kind', 'first'), name='bulletin_one_standing'), models.UniqueConstraint(fields=('county', 'kind', 'year', 'serial'), name='bulletin_numbered_once'), models.CheckConstraint(condition=models.Q(models.Q(('published_at__isnull', True), ('serial__isnull', True), ('signed_by__isnull', True)), models.Q(('published_at__isnull', False), ('reviewed_at__isnull', False), ('serial__isnull', False), ('signed_by__isnull', False), models.Q(('signed_person', models.F('reviewed_person')), _negated=True), models.Q(('signed_by', models.F('reviewed_by')), _negated=True)), _connector='OR'), name='bulletin_signed_by_another'), models.CheckConstraint(condition=models.Q(('dropped_at__isnull', True), models.Q(('published_at__isnull', True), models.Q(('dropped_reason', ''), _negated=True)), _connector='OR'), name='bulletin_published_or_dropped')],
            },
        ),
        migrations.AddConstraint(
            model_name='monthclose',
            constraint=models.UniqueConstraint(fields=('county', 'first'), name='month_closed_once'),
        ),
        migrations.AddConstraint(
            model_name='monthadjustment',
            constraint=models.CheckConstraint(condition=models.Q(('before', models.F('after')), _negated=True), name='adjustment_changes'),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
