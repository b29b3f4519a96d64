"""Once a case is filed nobody deletes its papers, nor changes how its applicant is reached."""

from django.db import migrations

FORWARD = """
-- A file is what was uploaded: it is marked as taken away, never erased, once its case is filed.
CREATE FUNCTION applications_guard_file() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  IF TG_OP = 'DELETE' THEN
    IF EXISTS (SELECT FROM applications_applicationmaterial l JOIN applications_application a ON a.id = l.application_id
               WHERE l.id = OLD.line_id AND a.status <> 'draft') THEN
      RAISE EXCEPTION 'papers that were filed stay' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
  END IF;
  IF to_jsonb(NEW) - 'removed_at' IS DISTINCT FROM to_jsonb(OLD) - 'removed_at' OR OLD.removed_at IS NOT NULL THEN
    RAISE EXCEPTION 'a file is taken away once, and nothing else in it changes' USING ERRCODE = 'restrict_violation';
  END IF;
  NEW.removed_at := halls_now();
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE UPDATE OR DELETE ON applications_materialfile
  FOR EACH ROW EXECUTE FUNCTION applications_guard_file();
CREATE TRIGGER guard_reached BEFORE UPDATE ON applications_applicant FOR EACH ROW WHEN (
  (NEW.phone_sealed, NEW.phone_masked, NEW.address) IS DISTINCT FROM (OLD.phone_sealed, OLD.phone_masked, OLD.address)
) EXECUTE FUNCTION applications_guard_applicant();
"""
BACKWARD = """
DROP TRIGGER guard_reached ON applications_applicant;
DROP TRIGGER guard ON applications_materialfile;
DROP FUNCTION applications_guard_file();
"""


class Migration(migrations.Migration):
    dependencies = [("applications", "0016_what_was_cut_short_is_found")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
