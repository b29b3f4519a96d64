"""A clock may start with the shorter promise of the hall that accepts, and with no other than its own."""

from importlib import import_module

from django.db import migrations

OWN = """
-- The decision of the accepting hall that counts for what is accepted at this moment; NULL where the guide's promise
-- does: none was made, it was taken back, or the guide of the case became as short by itself.
CREATE FUNCTION applications_own_promise(a applications_application, accepted timestamptz)
RETURNS matters_hallpromise LANGUAGE sql STABLE AS $$
  SELECT newest.* FROM (
    SELECT p.* FROM matters_hallpromise p JOIN halls_hall h ON h.id = p.hall_id
    WHERE p.matter_id = a.matter_id AND h.path = split_part(a.accept_path, '~', 1)
      AND p.effective_on <= (accepted AT TIME ZONE 'Asia/Shanghai')::date
    ORDER BY p.id DESC LIMIT 1
  ) newest JOIN matters_matterversion g ON g.id = a.guide_id
  WHERE newest.days < g.promised_days AND g.handling = 'promised'
$$;
"""
NO_OWN = "DROP FUNCTION applications_own_promise(applications_application, timestamptz);"

MEASURES = """
-- Whether a clock is started with what the guide, the hall, the route of the case or the law gives it.
CREATE OR REPLACE FUNCTION applications_start_is_due(e applications_event, a applications_application, said jsonb)
RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
  g matters_matterversion;
  own matters_hallpromise;
  s applications_applicationstep;
  amount integer := (said->>'amount')::integer;
  unit text := said->>'unit';
  carried integer := (said->>'carried')::integer;
  is_alone boolean := (said->>'alone')::boolean;
  kind text := said->>'kind';
  before integer;
  promised integer;
  whole integer;
BEGIN
  IF num_nulls(amount, unit, carried, is_alone) > 0 OR carried < 0 OR carried > 0 AND kind <> 'step'
     OR (is_alone OR said ? 'promise') AND kind <> 'promised'
     OR said ? 'since' AND kind NOT IN ('promised', 'statutory')
     OR said->>'step' IS NOT NULL AND kind NOT IN ('step', 'special') THEN
    RETURN false;
  END IF;
  CASE kind
    WHEN 'pre_review' THEN RETURN (amount, unit) = (1, 'wd');
    WHEN 'acceptance' THEN RETURN (amount, unit) = (5, 'wd');  -- 行政许可法 §32
    WHEN 'supplement' THEN RETURN unit = 'wd' AND amount BETWEEN 1 AND 60;
    WHEN 'promised', 'statutory' THEN
      -- From the act itself; from the receipt where silence has accepted (§32), and only there. An act may have
      -- waited for its case: of what it computed with it is not made to answer for the last minute.
      IF said ? 'since' AND (said->>'since')::integer IS DISTINCT FROM (
           SELECT max(b.seq) FROM applications_event b
           WHERE b.application_id = a.id AND b.verb IN ('receive', 'supply')
         ) OR EXISTS (
           SELECT FROM applications_clock c
           WHERE c.application_id = a.id AND c.kind = 'acceptance' AND c.state = 'running'
             AND CASE WHEN said ? 'since' THEN c.due_at >= e.at ELSE c.due_at < e.at - interval '1 minute' END
         ) THEN
        RETURN false;
      END IF;
      SELECT * INTO g FROM matters_matterversion WHERE id = a.guide_id;
      -- The hall that accepts may promise less: the decision of the day from which the limit runs, and it is named.
      own := applications_own_promise(a, coalesce(
        (SELECT b.at FROM applications_event b WHERE b.application_id = a.id AND b.seq = (said->>'since')::integer),
        e.at));
      promised := coalesce(own.days, g.promised_days);
      before := CASE WHEN (g.statutory_amount, g.statutory_unit) = (promised, 'wd') THEN NULL
        ELSE g.statutory_amount END;
      RETURN CASE kind WHEN 'statutory' THEN (amount, unit) IS NOT DISTINCT FROM (before, g.statutory_unit)
        ELSE (amount, unit, is_alone) = (promised, 'wd', before IS NULL)
          AND (said->>'promise')::bigint IS NOT DISTINCT FROM own.id
          AND (before IS NULL OR applications_told(e.detail, 'statutory', 'start') IS NOT NULL) END;
    WHEN 'step' THEN
      SELECT * INTO s FROM applications_applicationstep r
        WHERE r.application_id = a.id AND r.seq = (said->>'step')::integer;
      SELECT * INTO g FROM matters_matterversion WHERE id = a.guide_id;
      promised := coalesce((applications_told(e.detail, 'promised', 'start')->>'amount')::integer, (
        SELECT c.amount FROM applications_clock c
        WHERE c.application_id = a.id AND c.kind = 'promised' AND c.state <> 'stopped'));
      SELECT coalesce(sum(r.days), 0), coalesce(sum(r.days) FILTER (WHERE r.seq < s.seq), 0) INTO whole, before
        FROM applications_applicationstep r WHERE r.application_id = a.id AND r.counts;
      -- Under a shorter promise every step keeps its share, down to the full day (matters/domain/hall_promise.py).
      IF promised < g.promised_days AND promised < whole THEN
        s.days := (before + s.days) * promised / whole - before * promised / whole;
        before := before * promised / whole;
      END IF;
      before := before + CASE WHEN a.was_extended THEN 10 ELSE 0 END;
      RETURN s.id IS NOT NULL AND s.path = coalesce(e.detail->>'seat', a.seat_path) AND unit = 'wd'
        AND carried <= before AND amount - carried = CASE WHEN NOT s.counts THEN (carried = 0)::integer
          WHEN carried = 0 THEN greatest(s.days, 1) ELSE s.days END;
    WHEN 'special' THEN
      SELECT * INTO s FROM applications_applicationstep r
        WHERE r.application_id = a.id AND r.seq = (said->>'step')::integer;
      -- One procedure per step; its days are those of the guide, or fewer (§45).
      RETURN coalesce(s.seq = a.step_seq AND s.kind = 'special' AND unit = s.unit
        AND amount BETWEEN 1 AND greatest(s.days, 1), false)
        AND NOT EXISTS (SELECT FROM applications_clock c
          WHERE c.application_id = a.id AND c.kind = 'special' AND c.step_seq = s.seq);
    WHEN 'delivery' THEN  -- three working days, and what the guide puts before the result; ten by §44
      SELECT coalesce(sum(r.days), 0) INTO before FROM applications_applicationstep r
        WHERE r.application_id = a.id AND r.is_after_decision AND r.unit = 'wd' AND r.seq > a.step_seq
          AND e.verb = 'grant';
      RETURN (amount, unit) = (least(3 + before, 10), 'wd');
    ELSE RETURN false;
  END CASE;
END $$;
"""
# Those of the migration before, once more.
BEFORE = import_module("applications.migrations.0013_acts_tell_what_their_verb_does").MEASURES.replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0013_acts_tell_what_their_verb_does"),
        ("matters", "0012_hall_promises"),
    ]

    operations = [
        migrations.RunSQL(OWN, NO_OWN),
        migrations.RunSQL(MEASURES, BEFORE),
    ]
