"""A rating that nobody wrote down comes with a code that was printed; whoever wrote one down hears of it."""

from django.db import migrations

FORWARD = """
-- Fires behind `guard`, which stamps the moment. How many came from the same place is counted here, as
-- supervision.actions._put_rating counts it. What the owner of the tables writes is the owner's.
CREATE FUNCTION supervision_guard_rating_code() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
    RETURN NEW;
  END IF;
  NEW.earlier := least(32767, greatest(
    CASE WHEN NEW.device <> '' THEN (SELECT count(*) FROM supervision_rating r
      WHERE r.device = NEW.device AND r.rated_at > NEW.rated_at - interval '1 day') ELSE 0 END,
    CASE WHEN NEW.client <> '' THEN (SELECT count(*) FROM supervision_rating r
      WHERE r.client = NEW.client AND r.rated_at > NEW.rated_at - interval '1 hour') ELSE 0 END));
  IF NEW.entered_by_id IS NULL THEN
    IF NEW.channel NOT IN ('qr', 'web', 'tablet') OR NOT EXISTS (
      SELECT FROM applications_ratingticket t WHERE t.application_id = NEW.application_id
    ) THEN
      RAISE EXCEPTION 'nobody was given a code to rate this case' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.channel = 'phone' AND NOT EXISTS (
    SELECT FROM applications_accessrecord a
    WHERE a.application_id = NEW.application_id AND a.user_id = NEW.entered_by_id AND a.kind = 'reveal'
      AND a.at > halls_now() - interval '1 day'
  ) THEN
    RAISE EXCEPTION 'whoever writes down a call looked at the number' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_code BEFORE INSERT ON supervision_rating
  FOR EACH ROW EXECUTE FUNCTION supervision_guard_rating_code();

CREATE FUNCTION supervision_tell_entered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM supervision_tell_signer(NEW.entered_by_id, '登记评价（评价第 ' || NEW.id || ' 号）', 'entered', NEW.id,
    NEW.rated_at);
  RETURN NULL;
END $$;
CREATE TRIGGER tell_signature AFTER INSERT ON supervision_rating
  FOR EACH ROW WHEN (NEW.entered_by_id IS NOT NULL) EXECUTE FUNCTION supervision_tell_entered();
"""
BACKWARD = """
DROP TRIGGER tell_signature ON supervision_rating;
DROP FUNCTION supervision_tell_entered();
DROP TRIGGER guard_code ON supervision_rating;
DROP FUNCTION supervision_guard_rating_code();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0016_what_was_cut_short_is_found"),
        ("supervision", "0051_no_ground_is_confirmed_by_another_person"),
    ]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
