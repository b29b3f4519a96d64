"""What a guide is made of stays as published once cases were filed under it."""

from django.db import migrations

TABLES = ("matters_step", "matters_material", "matters_condition", "matters_legalbasis")
FORWARD = """
CREATE FUNCTION matters_guard_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' AND EXISTS (SELECT FROM applications_application a WHERE a.guide_id = OLD.version_id)
     OR TG_OP <> 'DELETE' AND EXISTS (SELECT FROM applications_application a WHERE a.guide_id = NEW.version_id) THEN
    RAISE EXCEPTION 'a guide that cases were filed under stays as published' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""
BACKWARD = "DROP FUNCTION matters_guard_part();"


def _guarded(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER in_use BEFORE INSERT OR UPDATE OR DELETE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION matters_guard_part()",
        f"DROP TRIGGER in_use ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [("matters", "0008_tryout")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD), *(_guarded(table) for table in TABLES)]
