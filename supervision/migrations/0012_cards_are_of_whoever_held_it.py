"""A card counts against whoever held the case when its rung was reached, not against who holds it when it is found."""

from django.db import migrations

FORWARD = """
CREATE OR REPLACE FUNCTION supervision_guard_card() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  c applications_clock;
BEGIN
  SELECT * INTO c FROM applications_clock WHERE id = NEW.clock_id;
  NEW.recorded_at := date_trunc('second', halls_now());
  NEW.is_late := NEW.recorded_at - NEW.effective_at > interval '10 minutes';
  NEW.application_id := c.application_id;
  NEW.clock_kind := c.kind;
  NEW.step_seq := c.step_seq;
  NEW.seat_path := (applications_held_at(c.id, NEW.effective_at)).path;
  IF NEW.effective_at IS DISTINCT FROM
       (CASE NEW.level WHEN 'warning' THEN c.warn_at WHEN 'yellow' THEN c.yellow_at WHEN 'red' THEN c.red_at END)
     AND NOT (NEW.level = 'red' AND NEW.effective_at IS NOT DISTINCT FROM c.due_at) THEN
    RAISE EXCEPTION 'the clock has no such rung' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.effective_at >= least(NEW.recorded_at, c.stopped_at) THEN
    RAISE EXCEPTION 'the clock has not reached this rung' USING ERRCODE = 'restrict_violation';
  END IF;
  -- One more of its kind only behind each that was revoked.
  IF NEW.arming < c.arming OR NEW.arming > c.arming + (
    SELECT count(*) FROM supervision_limitwarning w JOIN supervision_cardreview v ON v.card_id = w.id
    WHERE w.clock_id = c.id AND w.level = NEW.level AND v.act = 'revoke'
  ) THEN
    RAISE EXCEPTION 'a rung is claimed once' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""
BACKWARD = """
CREATE OR REPLACE FUNCTION supervision_guard_card() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  c applications_clock;
BEGIN
  SELECT * INTO c FROM applications_clock WHERE id = NEW.clock_id;
  NEW.recorded_at := date_trunc('second', halls_now());
  NEW.is_late := NEW.recorded_at - NEW.effective_at > interval '10 minutes';
  NEW.application_id := c.application_id;
  NEW.clock_kind := c.kind;
  NEW.step_seq := c.step_seq;
  NEW.seat_path := c.seat_path;
  IF NEW.effective_at IS DISTINCT FROM
       (CASE NEW.level WHEN 'warning' THEN c.warn_at WHEN 'yellow' THEN c.yellow_at WHEN 'red' THEN c.red_at END)
     AND NOT (NEW.level = 'red' AND NEW.effective_at IS NOT DISTINCT FROM c.due_at) THEN
    RAISE EXCEPTION 'the clock has no such rung' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.effective_at >= least(NEW.recorded_at, c.stopped_at) THEN
    RAISE EXCEPTION 'the clock has not reached this rung' USING ERRCODE = 'restrict_violation';
  END IF;
  -- One more of its kind only behind each that was revoked.
  IF NEW.arming < c.arming OR NEW.arming > c.arming + (
    SELECT count(*) FROM supervision_limitwarning w JOIN supervision_cardreview v ON v.card_id = w.id
    WHERE w.clock_id = c.id AND w.level = NEW.level AND v.act = 'revoke'
  ) THEN
    RAISE EXCEPTION 'a rung is claimed once' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0010_what_silence_accepted'),
        ('supervision', '0011_who_may_decide_and_what_was_told'),
    ]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
