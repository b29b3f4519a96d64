"""Where a hall or department stands is never changed by the site, and nothing else of it without its history."""

from django.db import migrations

FORWARD = """
-- Code and path are what every case, post and figure hangs on: another place is another row. What goes is retired, not
-- deleted. What the owner of the tables writes is the owner's.
CREATE FUNCTION halls_guard_node() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  fixed text[] := TG_ARGV;
BEGIN
  IF pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  IF TG_OP = 'DELETE' OR EXISTS (
    SELECT FROM unnest(fixed) one WHERE to_jsonb(NEW) -> one IS DISTINCT FROM to_jsonb(OLD) -> one
  ) THEN
    RAISE EXCEPTION 'a place stays where it is' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE UPDATE OR DELETE ON halls_hall
  FOR EACH ROW EXECUTE FUNCTION halls_guard_node('id', 'code', 'path', 'tier', 'parent_id', 'division_id');
CREATE TRIGGER guard BEFORE UPDATE OR DELETE ON halls_department
  FOR EACH ROW EXECUTE FUNCTION halls_guard_node('id', 'code', 'path', 'hall_id', 'parent_id');
CREATE TRIGGER guard BEFORE UPDATE OR DELETE ON halls_division
  FOR EACH ROW EXECUTE FUNCTION halls_guard_node('id', 'code', 'level', 'parent_id');

CREATE FUNCTION halls_hall_has_history() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  newest halls_historicalhall;
BEGIN
  IF pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
    RETURN NULL;
  END IF;
  SELECT * INTO newest FROM halls_historicalhall h WHERE h.id = NEW.id ORDER BY h.history_id DESC LIMIT 1;
  IF EXISTS (SELECT FROM halls_hall n WHERE n.id = NEW.id AND (n.name, n.short_name, n.tier, n.retired_on)
             IS DISTINCT FROM (newest.name, newest.short_name, newest.tier, newest.retired_on)) THEN
    RAISE EXCEPTION 'a hall changes with its history' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER with_history AFTER INSERT OR UPDATE OF name, short_name, tier, retired_on ON halls_hall
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION halls_hall_has_history();

CREATE FUNCTION halls_department_has_history() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  newest halls_historicaldepartment;
BEGIN
  IF pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
    RETURN NULL;
  END IF;
  SELECT * INTO newest FROM halls_historicaldepartment h WHERE h.id = NEW.id ORDER BY h.history_id DESC LIMIT 1;
  IF EXISTS (SELECT FROM halls_department n WHERE n.id = NEW.id AND (n.name, n.organ, n.kind, n.retired_on)
             IS DISTINCT FROM (newest.name, newest.organ, newest.kind, newest.retired_on)) THEN
    RAISE EXCEPTION 'a department changes with its history' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER with_history AFTER INSERT OR UPDATE OF name, organ, kind, retired_on ON halls_department
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION halls_department_has_history();

CREATE TRIGGER stamp BEFORE INSERT ON halls_historicalhall
  FOR EACH ROW EXECUTE FUNCTION halls_stamp_history('halls_historicalhall_history_id_seq');
CREATE TRIGGER stamp BEFORE INSERT ON halls_historicaldepartment
  FOR EACH ROW EXECUTE FUNCTION halls_stamp_history('halls_historicaldepartment_history_id_seq');
"""
BACKWARD = """
DROP TRIGGER stamp ON halls_historicaldepartment;
DROP TRIGGER stamp ON halls_historicalhall;
DROP TRIGGER with_history ON halls_department;
DROP FUNCTION halls_department_has_history();
DROP TRIGGER with_history ON halls_hall;
DROP FUNCTION halls_hall_has_history();
DROP TRIGGER guard ON halls_division;
DROP TRIGGER guard ON halls_department;
DROP TRIGGER guard ON halls_hall;
DROP FUNCTION halls_guard_node();
"""


class Migration(migrations.Migration):
    dependencies = [("halls", "0015_letters_begin_today")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
