"""A letter of authority begins today or later, is taken back once, and never goes without its history."""

from django.db import migrations

FORWARD = """
-- As with posts (0014): who may decide by a letter does so from now on. What the owner of the tables writes is theirs.
CREATE FUNCTION halls_guard_delegation() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  today date := (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date;
BEGIN
  IF pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a letter stays on record' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.starts_on < today OR NEW.ends_on > NEW.starts_on + interval '1 year' OR NEW.revoked_on IS NOT NULL THEN
      RAISE EXCEPTION 'a letter begins today or later, for a year at most' USING ERRCODE = 'restrict_violation';
    END IF;
    IF EXISTS (
      SELECT FROM halls_user giver, halls_user taker WHERE giver.id = NEW.grantor_id AND taker.id = NEW.grantee_id
        AND (halls_is_same_person(giver.person_code, taker.person_code) OR NOT taker.is_active
             OR taker.username = 'system')
    ) THEN
      RAISE EXCEPTION 'power is lent to another person who is at work' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF to_jsonb(NEW) - 'revoked_on' IS DISTINCT FROM to_jsonb(OLD) - 'revoked_on'
     OR OLD.revoked_on IS NOT NULL
     OR NEW.revoked_on IS DISTINCT FROM (halls_now() AT TIME ZONE 'Asia/Shanghai')::date THEN
    RAISE EXCEPTION 'a letter is taken back once, today, and nothing else in it changes'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON halls_delegation
  FOR EACH ROW EXECUTE FUNCTION halls_guard_delegation();

CREATE FUNCTION halls_delegation_has_history() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  newest halls_historicaldelegation;
BEGIN
  IF pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
    RETURN NULL;
  END IF;
  SELECT * INTO newest FROM halls_historicaldelegation h WHERE h.id = NEW.id ORDER BY h.history_id DESC LIMIT 1;
  IF EXISTS (SELECT FROM halls_delegation d WHERE d.id = NEW.id AND
       (d.grantor_id, d.grantee_id, d.hall_id, d.department_id, d.document_no, d.starts_on, d.ends_on, d.revoked_on)
       IS DISTINCT FROM (newest.grantor_id, newest.grantee_id, newest.hall_id, newest.department_id,
       newest.document_no, newest.starts_on, newest.ends_on, newest.revoked_on)) THEN
    RAISE EXCEPTION 'a letter changes with its history' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER with_history AFTER INSERT OR UPDATE ON halls_delegation
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION halls_delegation_has_history();
"""
BACKWARD = """
DROP TRIGGER with_history ON halls_delegation;
DROP FUNCTION halls_delegation_has_history();
DROP TRIGGER guard ON halls_delegation;
DROP FUNCTION halls_guard_delegation();
"""


class Migration(migrations.Migration):
    dependencies = [("halls", "0014_who_somebody_is_has_a_history")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
