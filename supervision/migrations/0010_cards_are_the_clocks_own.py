"""A card says what its clock says, and is queued for telling whoever wrote it; an account is of its own case."""

from django.db import migrations, models

FORWARD = """
-- Whose card it is, for what and since when: the clock says so, never the writer. A red card may count from the end of
-- the limit where something follows to it before its own rung (defaults).
CREATE FUNCTION supervision_guard_card() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER guard_new BEFORE INSERT ON supervision_limitwarning
  FOR EACH ROW EXECUTE FUNCTION supervision_guard_card();

CREATE FUNCTION supervision_queue_card() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO supervision_untold (warning_id, audience, next_try_at) VALUES (NEW.id, '', NEW.recorded_at)
    ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER queue_card AFTER INSERT ON supervision_limitwarning
  FOR EACH ROW EXECUTE FUNCTION supervision_queue_card();

CREATE FUNCTION supervision_guard_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.opened_at := date_trunc('second', halls_now());
  NEW.fault := CASE NEW.act WHEN 'deemed_withdraw' THEN 'applicant' ELSE 'organ' END;
  IF NOT EXISTS (
    SELECT FROM applications_clock c WHERE c.id = NEW.clock_id AND c.application_id = NEW.application_id
  ) OR NEW.card_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM supervision_limitwarning w WHERE w.id = NEW.card_id AND w.clock_id = NEW.clock_id
  ) THEN
    RAISE EXCEPTION 'an account is of a clock of its case' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.breached_at >= NEW.opened_at THEN
    RAISE EXCEPTION 'nothing has run out yet' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_new BEFORE INSERT ON supervision_accountability
  FOR EACH ROW EXECUTE FUNCTION supervision_guard_account();
"""
BACKWARD = """
DROP TRIGGER guard_new ON supervision_accountability;
DROP FUNCTION supervision_guard_account();
DROP TRIGGER queue_card ON supervision_limitwarning;
DROP FUNCTION supervision_queue_card();
DROP TRIGGER guard_new ON supervision_limitwarning;
DROP FUNCTION supervision_guard_card();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0008_rules_in_sets'),
        ('supervision', '0008_cards_are_reviewed'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='limitwarning',
            constraint=models.CheckConstraint(condition=models.Q(('level__in', ['warning', 'yellow', 'red'])), name='warning_has_a_level'),
        ),
        migrations.AddConstraint(
            model_name='limitwarning',
            constraint=models.CheckConstraint(condition=models.Q(('clock_kind__in', ['pre_review', 'acceptance', 'promised', 'statutory', 'step', 'special', 'delivery', 'supplement', 'inquiry', 'complaint', 'rating_contact', 'rating_rectify', 'order'])), name='warning_has_a_kind'),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
