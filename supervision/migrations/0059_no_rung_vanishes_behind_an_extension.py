"""What no sweep had seen when an extension moved it away is written then: not the warning alone, the cards too."""

from importlib import import_module

from django.db import migrations

_BEFORE = import_module("supervision.migrations.0056_an_extended_clock_warns_again")

# Rules of a county may put yellow and red before the end (at half of the promise, on its last day): there an extension
# moves them as well. What had been passed is claimed as the sweep claims it: all of it, in the order of its moments, as
# often as it is armed. Of a card that was reached when a calendar had come that the case does not go by yet nobody can
# say whether it was earned: it is not written here (nor by the sweep), and the night says that it is missing.
KEEP = """
CREATE FUNCTION supervision_keep_rungs() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  e applications_event;
BEGIN
  SELECT * INTO e FROM applications_event WHERE application_id = NEW.application_id ORDER BY seq DESC LIMIT 1;
  IF num_nonnulls(
       applications_told(e.detail, NEW.kind, 'extend'), applications_told(e.detail, NEW.kind, 'resume')) = 0 THEN
    RETURN NEW;
  END IF;
  -- The row is still as it was: its guard takes everything else from there.
  INSERT INTO supervision_limitwarning
    (clock_id, application_id, level, arming, clock_kind, step_seq, seat_path, effective_at, recorded_at, is_late)
  SELECT OLD.id, OLD.application_id, r.level, supervision_armed(OLD.id, r.level, r.at), OLD.kind, OLD.step_seq,
    OLD.seat_path, r.at, e.at, false
  FROM (VALUES ('warning', 1, OLD.warn_at), ('yellow', 2, OLD.yellow_at), ('red', 3, OLD.red_at)) AS r (level, rank, at)
  WHERE r.at < least(e.at, date_trunc('second', halls_now()), OLD.stopped_at)
    AND (r.level = 'warning' OR NOT EXISTS (
      SELECT FROM halls_calendarnotice n
      WHERE n.turn IS NOT NULL AND n.settled_at IS NULL AND n.confirmed_at <= r.at
        AND OLD.application_id <= n.last_case
        AND (n.settled_through < OLD.application_id OR OLD.application_id = ANY (n.left_over))))
  ORDER BY r.at, r.rank
  ON CONFLICT (clock_id, level, arming) DO NOTHING;
  RETURN NEW;
END $$;
-- By its name it comes after the guards of the row.
CREATE TRIGGER keep_rungs BEFORE UPDATE ON applications_clock FOR EACH ROW
  WHEN ((NEW.warn_at, NEW.yellow_at, NEW.red_at) IS DISTINCT FROM (OLD.warn_at, OLD.yellow_at, OLD.red_at))
  EXECUTE FUNCTION supervision_keep_rungs();
"""
NOT_KEPT = """
DROP TRIGGER keep_rungs ON applications_clock;
DROP FUNCTION supervision_keep_rungs();
"""


class Migration(migrations.Migration):
    dependencies = [("supervision", "0058_what_fell_due_is_kept")]

    operations = [
        migrations.RunSQL(_BEFORE.NOT_KEPT, _BEFORE.KEEP),
        migrations.RunSQL(KEEP, NOT_KEPT),
    ]
