"""The event chain is made by the database: numbering, moment and hash come from one trigger.

Every append-only table refuses UPDATE, DELETE and TRUNCATE, for the owner of the tables too.
"""

from django.db import migrations

TABLES = (
    "applications_event",
    "applications_clockfact",
    "applications_document",
    "applications_accessrecord",
)

CHAIN = """
CREATE SEQUENCE applications_case_number AS bigint;
CREATE SEQUENCE applications_document_number AS bigint;

-- A field with its length in bytes in front: two different rows never give the same text.
CREATE FUNCTION applications_framed(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT octet_length(value) || ':' || value || ';' $$;

CREATE FUNCTION applications_event_text(e applications_event) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT applications_framed(e.application_id::text) || applications_framed(e.seq::text)
  || applications_framed(e.verb) || applications_framed(e.from_status) || applications_framed(e.to_status)
  || applications_framed(((extract(epoch FROM e.at) * 1000000)::bigint)::text)
  || applications_framed(e.user_id::text) || applications_framed(e.person_code)
  || applications_framed(e.actor_name) || applications_framed(e.actor_post) || applications_framed(e.place)
  || applications_framed(e.reason) || applications_framed(e.detail::text) || applications_framed(e.prev_hash) $$;

CREATE FUNCTION applications_chain_event() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
  before record;
  moment timestamptz;
BEGIN
  -- Writers of one case queue here, so its chain cannot fork.
  PERFORM 1 FROM applications_application WHERE id = NEW.application_id FOR NO KEY UPDATE;
  moment := halls_now();
  SELECT seq, at, hash INTO before FROM applications_event
    WHERE application_id = NEW.application_id ORDER BY seq DESC LIMIT 1;
  NEW.seq := coalesce(before.seq, 0) + 1;
  -- The moment the act computed with is kept while it is the database's own; a forged one is not.
  IF NEW.at IS NULL OR NEW.at > moment OR NEW.at < moment - interval '10 seconds' THEN
    NEW.at := moment;
  END IF;
  IF before.at > NEW.at THEN
    NEW.at := before.at;
  END IF;
  NEW.prev_hash := coalesce(before.hash, '');
  NEW.hash := encode(sha256(convert_to(applications_event_text(NEW), 'UTF8')), 'hex');
  RETURN NEW;
END $$;

CREATE TRIGGER chain_event BEFORE INSERT ON applications_event
  FOR EACH ROW EXECUTE FUNCTION applications_chain_event();
"""
UNCHAIN = """
DROP TRIGGER chain_event ON applications_event;
DROP FUNCTION applications_chain_event();
DROP FUNCTION applications_event_text(applications_event);
DROP FUNCTION applications_framed(text);
DROP SEQUENCE applications_document_number;
DROP SEQUENCE applications_case_number;
"""


def _guard(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"""
        CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
          FOR EACH ROW EXECUTE FUNCTION halls_refuse_change();
        CREATE TRIGGER never_truncated BEFORE TRUNCATE ON {table}
          FOR EACH STATEMENT EXECUTE FUNCTION halls_refuse_truncate();
        """,
        f"DROP TRIGGER append_only ON {table}; DROP TRIGGER never_truncated ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [("applications", "0001_initial"), ("halls", "0002_the_clock_of_all_acts")]
    operations = [migrations.RunSQL(CHAIN, UNCHAIN), *(_guard(table) for table in TABLES)]
