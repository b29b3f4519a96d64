"""The number of a record is the database's, and no post changes without its history."""

from django.db import migrations

FORWARD = """
-- Whoever chooses a number chooses where a row stands before an anchor, or whom the next number hits.
CREATE FUNCTION halls_own_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.id := nextval(TG_ARGV[0]::regclass);
  RETURN NEW;
END $$;

-- At the end of the transaction the newest history of the post says what the post says. What the owner of the tables
-- writes at installation is the owner's.
CREATE FUNCTION halls_post_has_history() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  mine halls_post := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  newest halls_historicalpost;
BEGIN
  SELECT * INTO newest FROM halls_historicalpost h WHERE h.id = mine.id ORDER BY h.history_id DESC LIMIT 1;
  IF pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
    RETURN NULL;
  END IF;
  IF TG_OP = 'DELETE' AND newest.history_type IS DISTINCT FROM '-' OR TG_OP <> 'DELETE' AND
     EXISTS (SELECT FROM halls_post p WHERE p.id = mine.id AND
       (p.user_id, p.kind, p.title, p.hall_id, p.department_id, p.window_id, p.backup_of_id, p.starts_on, p.ends_on)
       IS DISTINCT FROM (newest.user_id, newest.kind, newest.title, newest.hall_id, newest.department_id,
       newest.window_id, newest.backup_of_id, newest.starts_on, newest.ends_on)) THEN
    RAISE EXCEPTION 'a post changes with its history' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER with_history AFTER INSERT OR UPDATE OR DELETE ON halls_post
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION halls_post_has_history();
"""
BACKWARD = """
DROP TRIGGER with_history ON halls_post;
DROP FUNCTION halls_post_has_history();
DROP FUNCTION halls_own_number();
"""


class Migration(migrations.Migration):
    dependencies = [("halls", "0009_holidays_of_the_state_stay")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
