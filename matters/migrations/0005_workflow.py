"""The database's own watch over published guides: the application adds only what two persons signed, and changes none."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION matters_guide_is_signed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Whoever owns the table imports whole catalogues, before and beside the people.
  IF pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
    RETURN NULL;
  END IF;
  IF TG_OP <> 'INSERT' THEN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'superseded_at' = to_jsonb(OLD) - 'superseded_at' THEN
      RETURN NULL;
    END IF;
    RAISE EXCEPTION 'a published guide is not changed' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NOT EXISTS (SELECT FROM matters_guidedraft d WHERE d.published_id = NEW.id AND d.state = 'published'
                 AND d.approved_person <> '' AND d.content_hash = NEW.content_hash) THEN
    RAISE EXCEPTION 'a guide is published by two persons' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER guide_is_signed AFTER INSERT ON matters_matterversion
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION matters_guide_is_signed();
CREATE TRIGGER guide_stays AFTER UPDATE OR DELETE ON matters_matterversion
  FOR EACH ROW EXECUTE FUNCTION matters_guide_is_signed();
"""
BACKWARD = """
DROP TRIGGER guide_stays ON matters_matterversion;
DROP TRIGGER guide_is_signed ON matters_matterversion;
DROP FUNCTION matters_guide_is_signed();
"""


class Migration(migrations.Migration):
    dependencies = [("matters", "0004_content_of_older_guides")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
