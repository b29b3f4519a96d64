"""Functions of the database that every app leans on: the one clock, and the refusal to rewrite."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION halls_now() RETURNS timestamptz LANGUAGE sql VOLATILE PARALLEL SAFE
AS $$ SELECT clock_timestamp() $$;
COMMENT ON FUNCTION halls_now() IS 'The only clock of acts. Unshiftable unless a demonstration replaced it.';

CREATE FUNCTION halls_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION halls_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: TRUNCATE refused', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
"""
BACKWARD = """
DROP FUNCTION halls_refuse_truncate();
DROP FUNCTION halls_refuse_change();
DROP FUNCTION halls_now();
"""


class Migration(migrations.Migration):
    dependencies = [("halls", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
