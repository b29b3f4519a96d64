"""Nobody's name, code or account changes without its history, whose dates are the database's; no post begins yesterday."""

from django.db import migrations

HISTORIES = ("user", "post", "delegation")
FORWARD = """
-- When a line of a history was written is no writer's to say, nor which is the newest. The owner of the tables may
-- date what was there before the system.
CREATE FUNCTION halls_stamp_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
    NEW.history_id := nextval(TG_ARGV[0]::regclass);
    NEW.history_date := clock_timestamp();
  END IF;
  RETURN NEW;
END $$;

-- As with posts (0011): at the end of the transaction the newest history of a person says what the account says.
CREATE FUNCTION halls_person_has_history() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  mine halls_user := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  newest halls_historicaluser;
BEGIN
  IF pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
    RETURN NULL;
  END IF;
  SELECT * INTO newest FROM halls_historicaluser h WHERE h.id = mine.id ORDER BY h.history_id DESC LIMIT 1;
  IF TG_OP = 'DELETE' AND newest.history_type IS DISTINCT FROM '-' OR TG_OP <> 'DELETE' AND
     EXISTS (SELECT FROM halls_user u WHERE u.id = mine.id AND
       (u.username, u.full_name, u.person_code, u.is_active, u.is_demo)
       IS DISTINCT FROM (newest.username, newest.full_name, newest.person_code, newest.is_active, newest.is_demo)) THEN
    RAISE EXCEPTION 'a person changes with their history' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER with_history AFTER INSERT OR DELETE OR UPDATE OF id, username, full_name, person_code,
  is_active, is_demo ON halls_user
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION halls_person_has_history();

-- A post by which somebody acts begins today or later, by the real date as it counts; the machine's is the machine's.
CREATE FUNCTION halls_guard_post() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  is_machine boolean := EXISTS (SELECT FROM halls_user u WHERE u.id = NEW.user_id AND u.username = 'system');
  had date := CASE TG_OP WHEN 'UPDATE' THEN OLD.starts_on END;
BEGIN
  IF pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
    RETURN NEW;
  END IF;
  IF (NEW.kind = 'system') <> is_machine THEN
    RAISE EXCEPTION 'the machine has its own post' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'UPDATE' AND (NEW.id, NEW.user_id, NEW.kind, NEW.hall_id, NEW.department_id)
     IS DISTINCT FROM (OLD.id, OLD.user_id, OLD.kind, OLD.hall_id, OLD.department_id) THEN
    RAISE EXCEPTION 'another post is another line' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NOT is_machine AND NEW.starts_on IS DISTINCT FROM had
     AND least(NEW.starts_on, had) < (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date THEN
    RAISE EXCEPTION 'a post begins today or later' USING ERRCODE = 'restrict_violation';
  END IF;
  -- Who left has left.
  IF TG_OP = 'UPDATE' AND OLD.ends_on < (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date
     AND NEW.ends_on IS DISTINCT FROM OLD.ends_on THEN
    RAISE EXCEPTION 'a post that ended stays ended' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON halls_post
  FOR EACH ROW EXECUTE FUNCTION halls_guard_post();
""" + "".join(
    f"""
CREATE TRIGGER stamp BEFORE INSERT ON halls_historical{one}
  FOR EACH ROW EXECUTE FUNCTION halls_stamp_history('halls_historical{one}_history_id_seq');"""
    for one in HISTORIES
)
BACKWARD = "".join(f"DROP TRIGGER stamp ON halls_historical{one};\n" for one in HISTORIES) + """
DROP TRIGGER guard ON halls_post;
DROP FUNCTION halls_guard_post();
DROP TRIGGER with_history ON halls_user;
DROP FUNCTION halls_person_has_history();
DROP FUNCTION halls_stamp_history();
"""


class Migration(migrations.Migration):
    dependencies = [("halls", "0013_one_person_one_code")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
