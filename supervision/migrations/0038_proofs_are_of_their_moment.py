"""A proof is kept at its moment, of no longer than a night, and over at least the ledger that stood when it began."""

from django.db import migrations

FORWARD = """
-- The worker that proves has the site's role: who holds it can still write that nothing was found (supervision-attacks.md).
CREATE FUNCTION supervision_guard_proof() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
    RETURN NEW;
  END IF;
  NEW.id := nextval('supervision_proofrun_id_seq');
  NEW.finished_at := halls_now();
  IF NEW.started_at IS NULL OR NEW.started_at > NEW.finished_at
     OR NEW.started_at < NEW.finished_at - interval '12 hours' THEN
    RAISE EXCEPTION 'a proof is of this night' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.differences < jsonb_array_length(NEW.found)
     OR NEW.kind = 'ledger' AND NEW.events < (SELECT count(*) FROM applications_event e WHERE e.at < NEW.started_at) THEN
    RAISE EXCEPTION 'a proof tells what it went through' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT ON supervision_proofrun
  FOR EACH ROW EXECUTE FUNCTION supervision_guard_proof();
"""
BACKWARD = """
DROP TRIGGER guard ON supervision_proofrun;
DROP FUNCTION supervision_guard_proof();
"""


class Migration(migrations.Migration):
    dependencies = [("supervision", "0037_what_one_name_does_is_heard")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
