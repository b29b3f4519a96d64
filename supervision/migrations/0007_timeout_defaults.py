import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


FORWARD = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON supervision_accountability
  FOR EACH ROW EXECUTE FUNCTION halls_refuse_change();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON supervision_accountability
  FOR EACH STATEMENT EXECUTE FUNCTION halls_refuse_truncate();

-- A brake is tripped now, released once and now, and never taken off the record.
CREATE FUNCTION supervision_guard_brake() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.tripped_at := halls_now();
    NEW.released_at := NULL;
    RETURN NEW;
  END IF;
  IF OLD.released_at IS NOT NULL OR NEW.released_at IS NULL
     OR (NEW.cause, NEW.waiting, NEW.silent_since, NEW.tripped_at)
     IS DISTINCT FROM (OLD.cause, OLD.waiting, OLD.silent_since, OLD.tripped_at) THEN
    RAISE EXCEPTION 'a brake is released once and never rewritten' USING ERRCODE = 'restrict_violation';
  END IF;
  NEW.released_at := halls_now();
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON supervision_brake
  FOR EACH ROW EXECUTE FUNCTION supervision_guard_brake();
CREATE TRIGGER never_deleted BEFORE DELETE ON supervision_brake
  FOR EACH ROW EXECUTE FUNCTION halls_refuse_change();
"""
BACKWARD = """
DROP TRIGGER never_deleted ON supervision_brake;
DROP TRIGGER guard ON supervision_brake;
DROP FUNCTION supervision_guard_brake();
DROP TRIGGER never_truncated ON supervision_accountability;
DROP TRIGGER append_only ON supervision_accountability;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0007_clocks_that_ran_out'),
        ('matters', '0002_timeout_defaults'),
        ('supervision', '0006_messages_and_the_ladder'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='sweeprun',
            name='defaulted',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.CreateModel(
            name='Accountability',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('act', models.CharField(choices=[('deemed_accept', '逾期视为受理'), ('deemed_renew', '逾期视为准予延续（由审批人放行）'), ('deemed_withdraw', '逾期不补正视为撤回'), ('deemed_consent', '逾期视为无异议'), ('escalate', '逾期报上一级处理'), ('none', '不适用超时默认')], max_length=16, verbose_name='超时默认')),
                ('fault', models.CharField(choices=[('organ', '机构逾期'), ('applicant', '申请人未补正，不追究机构')], max_length=12, verbose_name='责任')),
                ('citation', models.CharField(max_length=400, verbose_name='依据')),
                ('step_seq', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('step_name', models.CharField(blank=True, max_length=64)),
                ('seat_path', models.CharField(max_length=96)),
                ('seat_name', models.CharField(blank=True, max_length=96, verbose_name='逾期机构')),
                ('holders', models.JSONField(default=list, verbose_name='当时的责任人')),
                ('breached_at', models.DateTimeField(verbose_name='时限届满')),
                ('opened_at', models.DateTimeField(verbose_name='登记时间')),
                ('application', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='accountabilities', to='applications.application')),
                ('card', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='supervision.limitwarning')),
                ('clock', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='applications.clock')),
                ('policy', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='matters.timeoutpolicy')),
            ],
            options={
                'verbose_name': '责任追究',
                'verbose_name_plural': '责任追究',
                'ordering': ('-opened_at', '-pk'),
                'abstract': False,
                'indexes': [models.Index(fields=['-opened_at', '-id'], name='accountability_recent'), models.Index(fields=['application'], name='accountability_of_case'), models.Index(condition=models.Q(('act', 'deemed_renew')), fields=['application'], name='accountability_to_release')],
                'constraints': [models.UniqueConstraint(fields=('clock', 'act'), name='accountability_once')],
            },
        ),
        migrations.CreateModel(
            name='Brake',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cause', models.CharField(choices=[('outage', '巡检停过'), ('mass', '一次太多')], max_length=8, verbose_name='原因')),
                ('waiting', models.PositiveIntegerField(verbose_name='当时等待的件数')),
                ('silent_since', models.DateTimeField(blank=True, null=True, verbose_name='上次巡检')),
                ('tripped_at', models.DateTimeField(verbose_name='刹住时间')),
                ('released_at', models.DateTimeField(blank=True, null=True, verbose_name='放行时间')),
                ('released_person', models.CharField(blank=True, max_length=32)),
                ('released_name', models.CharField(blank=True, max_length=64, verbose_name='放行人')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='放行理由')),
                ('released_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '超时默认刹车',
                'verbose_name_plural': '超时默认刹车',
                'ordering': ('-tripped_at', '-pk'),
                'constraints': [models.UniqueConstraint(models.ExpressionWrapper(models.Q(('released_at__isnull', True)), output_field=models.BooleanField()), condition=models.Q(('released_at__isnull', True)), name='brake_one_open'), models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), ('released_at__isnull', True), ('released_by__isnull', True), ('released_person', '')), models.Q(('released_at__isnull', False), ('released_by__isnull', False), models.Q(('released_person', ''), _negated=True), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='brake_released_by_somebody_for_a_reason')],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
