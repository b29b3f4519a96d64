"""Clocks and dates become projections that the database lets change only as events tell."""

import applications.domain.lifecycle
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# What older rows stand for, before the constraints ask.
FILL = """
UPDATE applications_clock c SET
  event_seq = coalesce((SELECT max(f.event_seq) FROM applications_clockfact f WHERE f.clock_id = c.id), 1),
  paused_at = CASE WHEN c.state = 'paused' THEN
    (SELECT f.at FROM applications_clockfact f WHERE f.clock_id = c.id AND f.move = 'pause' ORDER BY f.id DESC LIMIT 1)
  END;
UPDATE applications_application a SET paused_until = (
  SELECT c.due_at FROM applications_clock c
  WHERE c.application_id = a.id AND c.kind = 'special' AND c.state = 'running' LIMIT 1
) WHERE a.status = 'suspended';
"""
TOLD = """
-- What an event tells about one clock and one move; NULL when it tells nothing of the kind.
CREATE FUNCTION applications_told(detail jsonb, clock_kind text, move text) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT said FROM jsonb_array_elements(
    CASE WHEN jsonb_typeof(detail->'clocks') = 'array' THEN detail->'clocks' ELSE '[]' END
  ) AS said WHERE said->>'kind' = clock_kind AND said->>'move' = move LIMIT 1
$$;

CREATE FUNCTION applications_guard_new_clock() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  e applications_event;
  said jsonb;
BEGIN
  SELECT * INTO e FROM applications_event WHERE application_id = NEW.application_id ORDER BY seq DESC LIMIT 1;
  said := applications_told(e.detail, NEW.kind, 'start');
  IF said IS NULL OR (NEW.amount, NEW.unit, NEW.carried, NEW.is_alone, NEW.step_seq, NEW.state) IS DISTINCT FROM
     ((said->>'amount')::int, said->>'unit', (said->>'carried')::int, (said->>'alone')::boolean,
      (said->>'step')::int, 'running') THEN
    RAISE EXCEPTION 'no event tells of this clock' USING ERRCODE = 'restrict_violation';
  END IF;
  NEW.event_seq := e.seq;
  -- A clock may run from an earlier event of its case (deemed acceptance runs from the receipt), from nothing else.
  NEW.started_at := coalesce((
    SELECT b.at FROM applications_event b
    WHERE b.application_id = NEW.application_id AND b.seq = (said->>'since')::int AND b.seq < e.seq
  ), e.at);
  RETURN NEW;
END $$;
CREATE TRIGGER guard_new BEFORE INSERT ON applications_clock
  FOR EACH ROW EXECUTE FUNCTION applications_guard_new_clock();

CREATE FUNCTION applications_guard_clock() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  e applications_event;
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a clock stays on record' USING ERRCODE = 'restrict_violation';
  END IF;
  IF (NEW.application_id, NEW.kind, NEW.step_seq, NEW.amount, NEW.unit, NEW.carried, NEW.is_alone, NEW.started_at)
     IS DISTINCT FROM
     (OLD.application_id, OLD.kind, OLD.step_seq, OLD.amount, OLD.unit, OLD.carried, OLD.is_alone, OLD.started_at)
  THEN
    RAISE EXCEPTION 'what a clock was started with never changes' USING ERRCODE = 'restrict_violation';
  END IF;
  SELECT * INTO e FROM applications_event WHERE application_id = NEW.application_id ORDER BY seq DESC LIMIT 1;
  IF NEW.event_seq <= OLD.event_seq OR NEW.event_seq <> e.seq THEN
    RAISE EXCEPTION 'a clock moves only with a new event of its case' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.state <> OLD.state AND applications_told(e.detail, NEW.kind,
     CASE NEW.state WHEN 'paused' THEN 'pause' WHEN 'running' THEN 'resume' ELSE 'stop' END) IS NULL THEN
    RAISE EXCEPTION 'no event tells of this move' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
-- `next_action_at` is the sweep's own bookmark; all else is the case's.
CREATE TRIGGER guard BEFORE UPDATE ON applications_clock FOR EACH ROW WHEN (
  (NEW.application_id, NEW.kind, NEW.step_seq, NEW.amount, NEW.unit, NEW.carried, NEW.is_alone, NEW.started_at,
   NEW.seat_path, NEW.state, NEW.stopped_at, NEW.paused_at, NEW.due_at, NEW.is_provisional, NEW.warn_at,
   NEW.yellow_at, NEW.red_at, NEW.arming, NEW.event_seq)
  IS DISTINCT FROM
  (OLD.application_id, OLD.kind, OLD.step_seq, OLD.amount, OLD.unit, OLD.carried, OLD.is_alone, OLD.started_at,
   OLD.seat_path, OLD.state, OLD.stopped_at, OLD.paused_at, OLD.due_at, OLD.is_provisional, OLD.warn_at,
   OLD.yellow_at, OLD.red_at, OLD.arming, OLD.event_seq)
) EXECUTE FUNCTION applications_guard_clock();
CREATE TRIGGER never_deleted BEFORE DELETE ON applications_clock
  FOR EACH ROW EXECUTE FUNCTION applications_guard_clock();

CREATE FUNCTION applications_guard_fact() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  c applications_clock;
  e applications_event;
  said jsonb;
BEGIN
  SELECT * INTO c FROM applications_clock WHERE id = NEW.clock_id;
  SELECT * INTO e FROM applications_event WHERE application_id = c.application_id ORDER BY seq DESC LIMIT 1;
  said := applications_told(e.detail, c.kind, NEW.move);
  IF said IS NULL OR NEW.event_seq <> e.seq THEN
    RAISE EXCEPTION 'no event tells of this fact' USING ERRCODE = 'restrict_violation';
  END IF;
  NEW.at := CASE WHEN NEW.move = 'start' THEN c.started_at ELSE e.at END;
  NEW.granted_until := (said->>'granted_until')::date;
  NEW.amount := CASE WHEN NEW.move = 'extend' THEN (said->>'amount')::int END;
  NEW.unit := CASE WHEN NEW.move = 'extend' THEN said->>'unit' ELSE '' END;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_new BEFORE INSERT ON applications_clockfact
  FOR EACH ROW EXECUTE FUNCTION applications_guard_fact();

CREATE FUNCTION applications_guard_case() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  e applications_event;
  moment timestamptz;
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF (NEW.status, NEW.event_seq) IS DISTINCT FROM ('draft', 0) OR num_nonnulls(NEW.number, NEW.submitted_at,
       NEW.received_at, NEW.accepted_at, NEW.decided_at, NEW.ended_at, NEW.due_at, NEW.late_at) > 0 THEN
      RAISE EXCEPTION 'a case begins as a draft' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.status <> 'draft' AND (NEW.matter_id, NEW.guide_id, NEW.path, NEW.number, NEW.follows_id) IS DISTINCT FROM
     (OLD.matter_id, OLD.guide_id, OLD.path, OLD.number, OLD.follows_id) THEN
    RAISE EXCEPTION 'what a case was filed under never changes' USING ERRCODE = 'restrict_violation';
  END IF;
  SELECT * INTO e FROM applications_event WHERE application_id = NEW.id ORDER BY seq DESC LIMIT 1;
  IF NEW.event_seq <= OLD.event_seq
     OR (NEW.event_seq, NEW.event_hash, NEW.status) IS DISTINCT FROM (e.seq, e.hash, e.to_status) THEN
    RAISE EXCEPTION 'a case moves only with a new event' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.accepted_person IS DISTINCT FROM OLD.accepted_person AND NEW.accepted_person NOT IN ('', e.person_code) THEN
    RAISE EXCEPTION 'who accepted is who the event names' USING ERRCODE = 'restrict_violation';
  END IF;
  FOREACH moment IN ARRAY ARRAY[
    CASE WHEN NEW.submitted_at IS DISTINCT FROM OLD.submitted_at THEN NEW.submitted_at END,
    CASE WHEN NEW.received_at IS DISTINCT FROM OLD.received_at THEN NEW.received_at END,
    CASE WHEN NEW.accepted_at IS DISTINCT FROM OLD.accepted_at THEN NEW.accepted_at END,
    CASE WHEN NEW.decided_at IS DISTINCT FROM OLD.decided_at THEN NEW.decided_at END,
    CASE WHEN NEW.ended_at IS DISTINCT FROM OLD.ended_at THEN NEW.ended_at END
  ] LOOP
    IF moment IS NOT NULL AND NOT EXISTS (
      SELECT FROM applications_event b WHERE b.application_id = NEW.id AND b.at = moment
    ) THEN
      RAISE EXCEPTION 'a moment of a case is the moment of one of its events' USING ERRCODE = 'restrict_violation';
    END IF;
  END LOOP;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_new BEFORE INSERT ON applications_application
  FOR EACH ROW EXECUTE FUNCTION applications_guard_case();
CREATE TRIGGER guard BEFORE UPDATE ON applications_application FOR EACH ROW WHEN (
  (NEW.status, NEW.event_seq, NEW.event_hash, NEW.submitted_at, NEW.received_at, NEW.accepted_at, NEW.decided_at,
   NEW.ended_at, NEW.accepted_by_id, NEW.accepted_person, NEW.due_at, NEW.is_provisional, NEW.warn_at, NEW.late_at,
   NEW.was_extended, NEW.was_corrected, NEW.paused_until, NEW.matter_id, NEW.guide_id, NEW.path, NEW.number, NEW.follows_id)
  IS DISTINCT FROM
  (OLD.status, OLD.event_seq, OLD.event_hash, OLD.submitted_at, OLD.received_at, OLD.accepted_at, OLD.decided_at,
   OLD.ended_at, OLD.accepted_by_id, OLD.accepted_person, OLD.due_at, OLD.is_provisional, OLD.warn_at, OLD.late_at,
   OLD.was_extended, OLD.was_corrected, OLD.paused_until, OLD.matter_id, OLD.guide_id, OLD.path, OLD.number, OLD.follows_id)
) EXECUTE FUNCTION applications_guard_case();

CREATE OR REPLACE FUNCTION applications_chain_event() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
  before record;
  moment timestamptz;
BEGIN
  -- Writers of one case queue here, so its chain cannot fork.
  PERFORM 1 FROM applications_application WHERE id = NEW.application_id FOR NO KEY UPDATE;
  moment := date_trunc('second', halls_now());
  SELECT seq, at, hash INTO before FROM applications_event
    WHERE application_id = NEW.application_id ORDER BY seq DESC LIMIT 1;
  NEW.seq := coalesce(before.seq, 0) + 1;
  -- The moment the act computed with is kept while it is the database's own; a forged one is not.
  IF NEW.at IS NULL OR NEW.at > moment OR NEW.at < moment - interval '10 seconds' THEN
    NEW.at := moment;
  END IF;
  IF before.at > NEW.at THEN
    -- The clock of the host was turned back: time in a case never falls, and the event says what happened.
    IF before.at > moment + interval '1 second' THEN
      NEW.detail := NEW.detail
        || jsonb_build_object('clock_regression', ceil(extract(epoch FROM before.at - moment))::int);
    END IF;
    NEW.at := before.at;
  END IF;
  -- 受理审批分离: the database, too, knows that whoever accepted does not decide (immediate matters excepted).
  IF NEW.verb IN ('grant', 'refuse') AND EXISTS (
    SELECT FROM applications_event a WHERE a.application_id = NEW.application_id AND a.verb = 'accept'
      AND a.person_code = NEW.person_code
  ) AND NOT EXISTS (
    SELECT FROM applications_application c JOIN matters_matterversion g ON g.id = c.guide_id
    WHERE c.id = NEW.application_id AND g.handling = 'immediate'
  ) THEN
    RAISE EXCEPTION 'whoever accepted a case does not decide it' USING ERRCODE = 'restrict_violation';
  END IF;
  NEW.prev_hash := coalesce(before.hash, '');
  NEW.hash := encode(sha256(convert_to(applications_event_text(NEW), 'UTF8')), 'hex');
  RETURN NEW;
END $$;
"""
UNTOLD = """
DROP TRIGGER guard ON applications_application;
DROP TRIGGER guard_new ON applications_application;
DROP TRIGGER guard_new ON applications_clockfact;
DROP TRIGGER never_deleted ON applications_clock;
DROP TRIGGER guard ON applications_clock;
DROP TRIGGER guard_new ON applications_clock;
DROP FUNCTION applications_guard_case();
DROP FUNCTION applications_guard_fact();
DROP FUNCTION applications_guard_clock();
DROP FUNCTION applications_guard_new_clock();
DROP FUNCTION applications_told(jsonb, text, text);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0004_applicants_are_found_by_name'),
        ('halls', '0003_phones_and_two_signatures'),
        ('matters', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='application',
            name='application_suspended_has_no_light',
        ),
        migrations.RemoveConstraint(
            model_name='clock',
            name='clock_paused_has_no_due_date',
        ),
        migrations.AddField(
            model_name='application',
            name='follows',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='followed_by', to='applications.application'),
        ),
        migrations.AddField(
            model_name="application",
            name="was_extended",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='application',
            name='paused_until',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='clock',
            name='event_seq',
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='clock',
            name='paused_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='clockfact',
            name='amount',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='clockfact',
            name='unit',
            field=models.CharField(blank=True, default="", max_length=4),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name='cardrule',
            name='clock_kind',
            field=models.CharField(choices=[('pre_review', '网上预审'), ('acceptance', '受理时限'), ('promised', '承诺时限'), ('statutory', '法定时限'), ('step', '环节时限'), ('special', '特别程序'), ('delivery', '制证送达'), ('supplement', '补正期限'), ('inquiry', '咨询答复'), ('complaint', '投诉办理'), ('rating_contact', '差评回访'), ('rating_rectify', '差评整改'), ('order', '督办回复')], max_length=16),
        ),
        migrations.AlterField(
            model_name='clock',
            name='kind',
            field=models.CharField(choices=[('pre_review', '网上预审'), ('acceptance', '受理时限'), ('promised', '承诺时限'), ('statutory', '法定时限'), ('step', '环节时限'), ('special', '特别程序'), ('delivery', '制证送达'), ('supplement', '补正期限'), ('inquiry', '咨询答复'), ('complaint', '投诉办理'), ('rating_contact', '差评回访'), ('rating_rectify', '差评整改'), ('order', '督办回复')], max_length=16),
        ),
        migrations.AlterField(
            model_name='clockfact',
            name='move',
            field=models.CharField(choices=[('start', 'start'), ('stop', 'stop'), ('pause', 'pause'), ('resume', 'resume'), ('extend', 'extend')], max_length=8),
        ),
        migrations.AlterField(
            model_name='event',
            name='verb',
            field=models.CharField(choices=[('draft', 'draft'), ('submit', 'submit'), ('receive', 'receive'), ('request_correction', 'request_correction'), ('supply', 'supply'), ('accept', 'accept'), ('decline', 'decline'), ('pass_on', 'pass_on'), ('step_back', 'step_back'), ('suspend', 'suspend'), ('resume', 'resume'), ('grant', 'grant'), ('refuse', 'refuse'), ('make_result', 'make_result'), ('hand_over', 'hand_over'), ('take_over', 'take_over'), ('deliver', 'deliver'), ('withdraw', 'withdraw'), ('extend', 'extend'), ('tell', 'tell'), ('deem_accepted', 'deem_accepted'), ('deem_withdrawn', 'deem_withdrawn'), ('deem_consent', 'deem_consent'), ('recalculate', 'recalculate')], max_length=24),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(condition=models.Q(('paused_until__isnull', False)), fields=['paused_until'], name='application_sleeps_until'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', applications.domain.lifecycle.Status['SUSPENDED']), _negated=True), ('late_at__isnull', True), ('late_at__lt', models.F('moved_at')), _connector='OR'), name='application_suspended_was_late_or_has_no_date'),
        ),
        migrations.AddConstraint(
            model_name='clock',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('paused_at__isnull', False), ('state', 'paused'), models.Q(('due_at__isnull', True), ('due_at__lt', models.F('paused_at')), _connector='OR')), models.Q(models.Q(('state', 'paused'), _negated=True), ('paused_at__isnull', True)), _connector='OR'), name='clock_paused_was_over_or_has_no_due_date'),
        ),
        migrations.AddConstraint(
            model_name="clockfact",
            constraint=models.UniqueConstraint(fields=("clock", "event_seq", "move"), name="fact_told_once"),
        ),
        migrations.RunSQL(TOLD, UNTOLD),
    ]
