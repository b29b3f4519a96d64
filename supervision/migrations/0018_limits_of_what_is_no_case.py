"""Limits of inquiries, complaints, ratings and orders, with a ledger of their own."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


FORWARD = """
-- A limit starts now, and what it is, is not changed; it stops when its ledger says so.
CREATE FUNCTION supervision_guard_term() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  now timestamptz := date_trunc('second', halls_now());
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a limit stays' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'INSERT' THEN
    NEW.started_at := now;
    IF NEW.state <> 'running' THEN
      RAISE EXCEPTION 'a limit starts running' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.kind, NEW.amount, NEW.unit, NEW.started_at, NEW.title, NEW.page)
     IS DISTINCT FROM (OLD.kind, OLD.amount, OLD.unit, OLD.started_at, OLD.title, OLD.page) THEN
    RAISE EXCEPTION 'what a limit is does not change' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.state IS DISTINCT FROM OLD.state OR NEW.stopped_at IS DISTINCT FROM OLD.stopped_at THEN
    SELECT f.at INTO NEW.stopped_at FROM supervision_termfact f WHERE f.term_id = NEW.id AND f.move = 'stop';
    IF OLD.state <> 'running' OR NEW.stopped_at IS NULL THEN
      RAISE EXCEPTION 'a limit stops once, and its ledger tells it' USING ERRCODE = 'restrict_violation';
    END IF;
    NEW.state := 'stopped';
  ELSIF OLD.state = 'stopped' AND NEW.seat_path <> OLD.seat_path THEN
    RAISE EXCEPTION 'a limit that stands is handed to nobody' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON supervision_term
  FOR EACH ROW EXECUTE FUNCTION supervision_guard_term();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON supervision_term
  FOR EACH STATEMENT EXECUTE FUNCTION halls_refuse_truncate();

-- A fact happens now: the start with the limit itself, an extension before it runs out, nothing behind the stop.
CREATE FUNCTION supervision_guard_term_fact() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  t supervision_term;
BEGIN
  SELECT * INTO t FROM supervision_term WHERE id = NEW.term_id;
  NEW.at := date_trunc('second', halls_now());
  IF NEW.move = 'start' THEN
    NEW.at := t.started_at;
  ELSIF t.state <> 'running' THEN
    RAISE EXCEPTION 'the limit stands' USING ERRCODE = 'restrict_violation';
  ELSIF NEW.move = 'extend' AND NEW.at > t.due_at THEN
    RAISE EXCEPTION 'the limit has run out' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_new BEFORE INSERT ON supervision_termfact
  FOR EACH ROW EXECUTE FUNCTION supervision_guard_term_fact();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON supervision_termfact
  FOR EACH ROW EXECUTE FUNCTION halls_refuse_change();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON supervision_termfact
  FOR EACH STATEMENT EXECUTE FUNCTION halls_refuse_truncate();

-- A rung is the limit's own, and is reached while it runs.
CREATE FUNCTION supervision_guard_term_warning() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  t supervision_term;
BEGIN
  SELECT * INTO t FROM supervision_term WHERE id = NEW.term_id;
  NEW.recorded_at := date_trunc('second', halls_now());
  NEW.is_late := NEW.recorded_at - NEW.effective_at > interval '10 minutes';
  NEW.seat_path := t.seat_path;
  IF NEW.effective_at IS DISTINCT FROM
       (CASE NEW.level WHEN 'warning' THEN t.warn_at WHEN 'yellow' THEN t.yellow_at WHEN 'red' THEN t.red_at END)
     OR NEW.effective_at >= least(NEW.recorded_at, t.stopped_at) THEN
    RAISE EXCEPTION 'the limit has not reached this rung' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_new BEFORE INSERT ON supervision_termwarning
  FOR EACH ROW EXECUTE FUNCTION supervision_guard_term_warning();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON supervision_termwarning
  FOR EACH ROW EXECUTE FUNCTION halls_refuse_change();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON supervision_termwarning
  FOR EACH STATEMENT EXECUTE FUNCTION halls_refuse_truncate();
"""
BACKWARD = """
DROP TRIGGER guard ON supervision_term;
DROP TRIGGER never_truncated ON supervision_term;
DROP TRIGGER guard_new ON supervision_termfact;
DROP TRIGGER append_only ON supervision_termfact;
DROP TRIGGER never_truncated ON supervision_termfact;
DROP TRIGGER guard_new ON supervision_termwarning;
DROP TRIGGER append_only ON supervision_termwarning;
DROP TRIGGER never_truncated ON supervision_termwarning;
DROP FUNCTION supervision_guard_term();
DROP FUNCTION supervision_guard_term_fact();
DROP FUNCTION supervision_guard_term_warning();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('supervision', '0015_records_behind_their_acts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Term',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('inquiry', '咨询答复'), ('complaint', '投诉办理'), ('rating_contact', '差评回访'), ('rating_rectify', '差评整改'), ('order', '督办回复')], max_length=16, verbose_name='时限')),
                ('title', models.CharField(max_length=120, verbose_name='事由')),
                ('page', models.CharField(max_length=120, verbose_name='办理页面')),
                ('seat_path', models.CharField(max_length=96, verbose_name='由谁办理')),
                ('duty', models.CharField(choices=[('file', '代办收件'), ('accept', '受理'), ('examine', '审查'), ('decide', '决定'), ('issue', '出件送达'), ('supervise', '监察'), ('edit_matters', '事项管理'), ('administer', '机构与人员管理')], max_length=16, verbose_name='办理职责')),
                ('amount', models.PositiveSmallIntegerField(verbose_name='期限')),
                ('unit', models.CharField(max_length=4)),
                ('state', models.CharField(choices=[('running', '计时中'), ('stopped', '已停止')], default='running', max_length=8)),
                ('started_at', models.DateTimeField(verbose_name='起算')),
                ('stopped_at', models.DateTimeField(blank=True, null=True, verbose_name='停止')),
                ('due_at', models.DateTimeField(verbose_name='到期')),
                ('is_provisional', models.BooleanField(default=False)),
                ('warn_at', models.DateTimeField(blank=True, null=True)),
                ('yellow_at', models.DateTimeField(blank=True, null=True)),
                ('red_at', models.DateTimeField(blank=True, null=True)),
                ('next_action_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': '监察时限',
                'verbose_name_plural': '监察时限',
                'ordering': ('-started_at', '-pk'),
                'indexes': [models.Index(condition=models.Q(('next_action_at__isnull', False)), fields=['next_action_at', 'id'], name='term_next_action'), models.Index(condition=models.Q(('state', 'running')), fields=['kind', 'due_at', 'id'], name='term_open'), models.Index(fields=['seat_path', 'kind'], name='term_of_seat', opclasses=('text_pattern_ops', ''))],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['inquiry', 'complaint', 'rating_contact', 'rating_rectify', 'order'])), name='term_has_a_kind'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'stopped'), ('stopped_at__isnull', False)), models.Q(('state', 'running'), ('stopped_at__isnull', True)), _connector='OR'), name='term_stopped_has_its_moment'), models.CheckConstraint(condition=models.Q(('due_at__gte', models.F('started_at'))), name='term_ends_after_its_start')],
            },
        ),
        migrations.CreateModel(
            name='TermFact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('move', models.CharField(choices=[('start', 'start'), ('extend', 'extend'), ('stop', 'stop')], max_length=8)),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('amount', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('unit', models.CharField(blank=True, max_length=4)),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='理由')),
                ('person_code', models.CharField(blank=True, max_length=32)),
                ('term', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='facts', to='supervision.term')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('term', 'pk'),
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('term', 'move'), name='termfact_once'), models.CheckConstraint(condition=models.Q(models.Q(('amount__gt', 0), ('move', 'extend'), models.Q(('reason', ''), _negated=True)), models.Q(('move', 'extend'), _negated=True), _connector='OR'), name='termfact_extended_for_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='TermWarning',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.CharField(choices=[('warning', '预警'), ('yellow', '黄灯'), ('red', '红灯')], max_length=8, verbose_name='级别')),
                ('seat_path', models.CharField(max_length=96)),
                ('effective_at', models.DateTimeField(verbose_name='生效时间')),
                ('recorded_at', models.DateTimeField(verbose_name='记录时间')),
                ('is_late', models.BooleanField(default=False, verbose_name='补记')),
                ('term', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='warnings', to='supervision.term')),
            ],
            options={
                'verbose_name': '监察时限预警',
                'verbose_name_plural': '监察时限预警',
                'ordering': ('-effective_at', '-pk'),
                'abstract': False,
                'indexes': [models.Index(fields=['-effective_at', '-id'], name='termwarning_recent')],
                'constraints': [models.UniqueConstraint(fields=('term', 'level'), name='termwarning_once')],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
