"""The moment of an act and its calendar: none comes into force between the reading and the commit of the act."""

from django.db import migrations

# In plpgsql, because each statement of a volatile function sees what was committed before it: a single SELECT would
# wait for the lock with the calendar of before it already in its hands.
FORWARD = """
CREATE FUNCTION halls_moment(OUT at timestamptz, OUT calendar text) LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtext('halls.calendar'));
  at := halls_now();
  -- The key never comes back, the version counts changes, the digest tells apart two transactions of which one failed.
  SELECT coalesce(string_agg(y.id || '.' || y.version || '.' || left(y.sha256, 8), ' ' ORDER BY y.year), '')
    INTO calendar FROM halls_calendaryear y;
END $$;
COMMENT ON FUNCTION halls_moment() IS 'Whoever publishes a calendar holds the same lock alone (halls.actions).';
"""
BACKWARD = "DROP FUNCTION halls_moment()"


class Migration(migrations.Migration):
    dependencies = [("halls", "0005_when_halls_are_open")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
