"""What is recorded as renewed by silence counts from the end of the permit, and the chain of events says the same."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION supervision_guard_renewal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM applications_application a
    JOIN applications_event e ON e.application_id = a.id AND e.verb = 'deem_renewed'
    WHERE a.id = NEW.application_id
      AND NEW.breached_at = ((a.permit_expires_on + 1)::timestamp AT TIME ZONE 'Asia/Shanghai') - interval '1 second'
  ) THEN
    RAISE EXCEPTION 'no permit of this case was renewed by silence' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_renewal BEFORE INSERT ON supervision_accountability
  FOR EACH ROW WHEN (NEW.act = 'deemed_renew') EXECUTE FUNCTION supervision_guard_renewal();
"""
BACKWARD = """
DROP TRIGGER guard_renewal ON supervision_accountability;
DROP FUNCTION supervision_guard_renewal();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0012_permits_to_be_renewed'),
        ('supervision', '0013_rehearsed_as_a_whole'),
    ]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
