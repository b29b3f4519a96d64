"""A sample of call-backs is exactly what its seed draws from the cases of its week; the database draws it again."""

from django.db import migrations

FORWARD = """
-- The cases that villages handed over in the week (supervision.actions.draw_callbacks.proxied_cases), and which of them
-- the seed draws (supervision.domain.sample.draw).
CREATE FUNCTION supervision_sample_of(week date, seed text, percent integer)
RETURNS TABLE (application_id bigint, path varchar, is_drawn boolean) LANGUAGE sql STABLE AS $$
  SELECT a.id, a.path, row_number() OVER (
      PARTITION BY a.path ORDER BY sha256(convert_to(seed || '|' || a.number, 'UTF8')))
    <= greatest(1, (count(*) OVER (PARTITION BY a.path) * percent + 99) / 100)
  FROM applications_application a JOIN halls_hall h ON h.id = a.hall_id
  WHERE a.status = 'delivered' AND h.tier = 'village'
    AND a.ended_at >= week::timestamp AT TIME ZONE 'Asia/Shanghai'
    AND a.ended_at < (week + 7)::timestamp AT TIME ZONE 'Asia/Shanghai'
$$;
-- At the end of the transaction that drew it. What the owner of the tables writes is the owner's.
CREATE FUNCTION supervision_sample_is_drawn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
    RETURN NULL;
  END IF;
  IF NEW.percent NOT BETWEEN 5 AND 100 OR length(NEW.seed) < 4 OR EXISTS (
    SELECT FROM (SELECT s.application_id, s.path FROM supervision_sample_of(NEW.week, NEW.seed, NEW.percent) s
                 WHERE s.is_drawn) drawn
      FULL JOIN (SELECT k.application_id, k.path FROM supervision_callback k WHERE k.draw_id = NEW.id) kept
        ON kept.application_id = drawn.application_id AND kept.path = drawn.path
    WHERE kept.application_id IS NULL OR drawn.application_id IS NULL
  ) OR NEW.population <> (SELECT count(*) FROM supervision_sample_of(NEW.week, NEW.seed, NEW.percent)) THEN
    RAISE EXCEPTION 'this is not what the seed draws' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER is_drawn AFTER INSERT ON supervision_callbackdraw
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION supervision_sample_is_drawn();

-- Nothing is added to a sample later: the case is of its week, delivered by a village, and there was a draw.
CREATE FUNCTION supervision_guard_callback() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  w supervision_callbackdraw;
BEGIN
  IF pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
    RETURN NEW;
  END IF;
  SELECT * INTO w FROM supervision_callbackdraw WHERE id = NEW.draw_id;
  IF NOT EXISTS (
    SELECT FROM applications_application a JOIN halls_hall h ON h.id = a.hall_id
    WHERE a.id = NEW.application_id AND a.path = NEW.path AND a.status = 'delivered' AND h.tier = 'village'
      AND a.ended_at >= w.week::timestamp AT TIME ZONE 'Asia/Shanghai'
      AND a.ended_at < (w.week + 7)::timestamp AT TIME ZONE 'Asia/Shanghai'
  ) OR (SELECT count(*) FROM supervision_callback k WHERE k.draw_id = w.id AND k.path = NEW.path) >=
    (SELECT greatest(1, (count(*) * w.percent + 99) / 100) FROM applications_application a
     WHERE a.path = NEW.path AND a.status = 'delivered'
       AND a.ended_at >= w.week::timestamp AT TIME ZONE 'Asia/Shanghai'
       AND a.ended_at < (w.week + 7)::timestamp AT TIME ZONE 'Asia/Shanghai') THEN
    RAISE EXCEPTION 'this case is not drawn' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_new BEFORE INSERT ON supervision_callback
  FOR EACH ROW EXECUTE FUNCTION supervision_guard_callback();
"""
BACKWARD = """
DROP TRIGGER guard_new ON supervision_callback;
DROP FUNCTION supervision_guard_callback();
DROP TRIGGER is_drawn ON supervision_callbackdraw;
DROP FUNCTION supervision_sample_is_drawn();
DROP FUNCTION supervision_sample_of(date, text, integer);
"""


class Migration(migrations.Migration):
    dependencies = [("supervision", "0054_texts_are_not_put_off")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
