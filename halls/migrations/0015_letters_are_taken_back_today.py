"""A letter of authority is taken back on the day of the database, once; nobody dates that back or undoes it."""

from django.db import migrations

FORWARD = """
-- Acts of the grantee are judged by this day. The owner of the tables may date what was there before the system.
CREATE FUNCTION halls_guard_delegation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'INSERT' AND NEW.revoked_on IS NOT NULL OR TG_OP = 'UPDATE' AND OLD.revoked_on IS NOT NULL
     AND NEW.revoked_on IS DISTINCT FROM OLD.revoked_on THEN
    RAISE EXCEPTION 'a letter is taken back once' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.revoked_on IS NULL AND NEW.revoked_on IS NOT NULL THEN
    NEW.revoked_on := (halls_now() AT TIME ZONE 'Asia/Shanghai')::date;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON halls_delegation
  FOR EACH ROW EXECUTE FUNCTION halls_guard_delegation();
"""
BACKWARD = """
DROP TRIGGER guard ON halls_delegation;
DROP FUNCTION halls_guard_delegation();
"""


class Migration(migrations.Migration):
    dependencies = [("halls", "0014_who_somebody_is_has_a_history")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
