"""What five days of silence have accepted is not sent back; and who held a case at a moment, from what events tell."""

from django.db import migrations

SILENCE = """
CREATE FUNCTION applications_guard_silence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- 行政许可法 §32(1)(4): not told in time, accepted from the day of receipt.
  IF EXISTS (
    SELECT FROM applications_clock c WHERE c.application_id = NEW.application_id AND c.kind = 'acceptance'
      AND c.state = 'running' AND c.due_at < NEW.at
  ) THEN
    RAISE EXCEPTION 'silence has accepted this case' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
-- By its name it comes after `chain_event`, which stamps the moment.
CREATE TRIGGER guard_silence BEFORE INSERT ON applications_event
  FOR EACH ROW WHEN (NEW.verb IN ('request_correction', 'decline')) EXECUTE FUNCTION applications_guard_silence();
"""
NO_SILENCE = """
DROP TRIGGER guard_silence ON applications_event;
DROP FUNCTION applications_guard_silence();
"""

HELD = """
-- The step that an act finished; NULL when its event names none.
CREATE FUNCTION applications_step_done(detail jsonb) RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN jsonb_typeof(detail->'step'->0) = 'number' THEN (detail->'step'->0)::numeric END
$$;

-- Whose time a clock counted at a moment, and at which step of the route that was (NULL: at none). What runs through
-- several organs counts against the one at whose step the case stood then, before the first step against the window
-- that had to accept; behind the decision against whoever had the result. All of it comes from events and from the
-- route, which nobody rewrites: no row of today, and no moment that an act may choose (`since`), has a say.
CREATE FUNCTION applications_held_at(clock bigint, moment timestamptz, OUT path varchar, OUT step smallint)
LANGUAGE plpgsql STABLE AS $$
DECLARE
  c applications_clock;
  e applications_event;
BEGIN
  SELECT * INTO c FROM applications_clock k WHERE k.id = clock;
  step := c.step_seq;
  IF c.kind IN ('promised', 'statutory') THEN
    SELECT k.step_seq INTO step
    FROM applications_clock k JOIN applications_clockfact f ON f.clock_id = k.id AND f.move = 'start'
      JOIN applications_event b ON b.application_id = k.application_id AND b.seq = f.event_seq
    WHERE k.application_id = c.application_id AND k.kind = 'step' AND b.at <= moment
    ORDER BY b.seq DESC LIMIT 1;
  ELSIF c.kind = 'delivery' THEN
    SELECT * INTO e FROM applications_event b
    WHERE b.application_id = c.application_id AND b.at <= moment AND (
      b.verb IN ('grant', 'refuse', 'take_over') OR b.verb = 'pass_on' AND b.from_status = 'granted')
    ORDER BY b.seq DESC LIMIT 1;
    IF e.verb = 'take_over' THEN
      path := coalesce((SELECT h.path FROM halls_hall h WHERE h.path = e.detail->>'seat'), (
        SELECT h.to_path FROM applications_handover h  -- an older event does not tell it
        WHERE h.application_id = c.application_id AND h.taken_at <= moment ORDER BY h.id DESC LIMIT 1
      ));
    ELSE
      -- What the guide puts between decision and result (到场丈量批放) has an organ of its own; else it lies where it
      -- was decided.
      step := coalesce((
        SELECT n.seq FROM (
          SELECT s.seq, s.is_after_decision FROM applications_applicationstep s
          WHERE s.application_id = c.application_id AND s.seq > applications_step_done(e.detail)
          ORDER BY s.seq LIMIT 1
        ) n WHERE n.is_after_decision AND e.verb <> 'refuse'
      ), (
        SELECT s.seq FROM applications_event b JOIN applications_applicationstep s
          ON s.application_id = b.application_id AND s.seq = applications_step_done(b.detail)
        WHERE b.application_id = c.application_id AND b.at <= moment AND b.verb IN ('grant', 'refuse')
        ORDER BY b.seq DESC LIMIT 1
      ));
    END IF;
  END IF;
  IF step IS NOT NULL THEN
    SELECT s.path INTO path FROM applications_applicationstep s
    WHERE s.application_id = c.application_id AND s.seq = step;
  ELSIF c.kind IN ('pre_review', 'acceptance', 'supplement', 'promised', 'statutory') THEN
    SELECT a.accept_path INTO path FROM applications_application a WHERE a.id = c.application_id;
  END IF;
  path := coalesce(path, c.seat_path);
END $$;
"""
NO_HELD = """
DROP FUNCTION applications_held_at(bigint, timestamptz);
DROP FUNCTION applications_step_done(jsonb);
"""


class Migration(migrations.Migration):
    dependencies = [("applications", "0009_acts_are_by_somebody")]

    operations = [migrations.RunSQL(SILENCE, NO_SILENCE), migrations.RunSQL(HELD, NO_HELD)]
