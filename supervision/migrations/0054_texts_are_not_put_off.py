"""A text waits no longer than the next opening of the office and a day; who it goes to and why stays."""

from django.db import migrations

FORWARD = """
-- The longest holidays are ten days. What the owner of the tables writes is the owner's.
CREATE FUNCTION supervision_guard_waiting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'INSERT' AND NEW.not_before > halls_now() + interval '16 days'
     OR TG_OP = 'UPDATE' AND NEW.not_before IS DISTINCT FROM OLD.not_before
     OR NEW.state = 'waiting' AND NEW.next_try_at > greatest(NEW.not_before, halls_now()) + interval '1 day' THEN
    RAISE EXCEPTION 'a text is not put off' USING ERRCODE = 'restrict_violation';
  END IF;
  -- Whoever has read the message needs no text, nor whoever brought what was missing (actions.deliver._is_needed).
  IF TG_OP = 'UPDATE' AND NEW.state = 'needless' AND OLD.state <> 'needless' AND NOT EXISTS (
    SELECT FROM supervision_message m LEFT JOIN applications_clock c ON c.id = m.clock_id
    WHERE m.id = NEW.message_id
      AND CASE WHEN NEW.user_id IS NULL THEN c.id IS NULL OR c.state = 'stopped' ELSE m.read_at IS NOT NULL END
  ) THEN
    RAISE EXCEPTION 'somebody still has to hear of this' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_waiting BEFORE INSERT OR UPDATE ON supervision_outbox
  FOR EACH ROW EXECUTE FUNCTION supervision_guard_waiting();
CREATE INDEX supervision_outbox_waits_since ON supervision_outbox (not_before) WHERE state = 'waiting';
"""
BACKWARD = """
DROP INDEX supervision_outbox_waits_since;
DROP TRIGGER guard_waiting ON supervision_outbox;
DROP FUNCTION supervision_guard_waiting();
"""


class Migration(migrations.Migration):
    dependencies = [("supervision", "0053_complaints_stay_with_their_keeper")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
