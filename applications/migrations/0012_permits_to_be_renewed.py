"""Until when a permit in hand is good, told once; what silence has renewed is not refused any more."""

from django.db import migrations, models

FORWARD = """
CREATE FUNCTION applications_guard_permit_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the end of the permit stays as filed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER guard_permit_end BEFORE UPDATE ON applications_application FOR EACH ROW WHEN (
  OLD.status <> 'draft' AND NEW.permit_expires_on IS DISTINCT FROM OLD.permit_expires_on
) EXECUTE FUNCTION applications_guard_permit_end();

CREATE FUNCTION applications_guard_renewal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.verb = 'deem_renewed' AND NOT EXISTS (
    SELECT FROM applications_application a WHERE a.id = NEW.application_id
      AND a.permit_expires_on < (NEW.at AT TIME ZONE 'Asia/Shanghai')::date
  ) THEN
    RAISE EXCEPTION 'no permit of this case has run out' USING ERRCODE = 'restrict_violation';
  END IF;
  -- 行政许可法 §50(2): of both acts only the first can be.
  IF EXISTS (
    SELECT FROM applications_event b WHERE b.application_id = NEW.application_id AND b.verb = 'deem_renewed'
  ) THEN
    RAISE EXCEPTION 'the law counts this permit as renewed already' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
-- By its name it comes after `chain_event`, which locks the case: of two at once the second sees the first.
CREATE TRIGGER guard_renewal BEFORE INSERT ON applications_event
  FOR EACH ROW WHEN (NEW.verb IN ('deem_renewed', 'refuse')) EXECUTE FUNCTION applications_guard_renewal();
"""
BACKWARD = """
DROP TRIGGER guard_renewal ON applications_event;
DROP FUNCTION applications_guard_renewal();
DROP TRIGGER guard_permit_end ON applications_application;
DROP FUNCTION applications_guard_permit_end();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0011_what_a_clock_was_started_with'),
    ]

    operations = [
        migrations.AddField(
            model_name='application',
            name='permit_expires_on',
            field=models.DateField(blank=True, null=True, verbose_name='原许可有效期至'),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(condition=models.Q(('permit_expires_on__isnull', False), ('status__in', ('in_progress', 'suspended'))), fields=['permit_expires_on'], name='application_permit_ends'),
        ),
        migrations.AlterField(
            model_name='event',
            name='verb',
            field=models.CharField(choices=[('draft', 'draft'), ('submit', 'submit'), ('receive', 'receive'), ('request_correction', 'request_correction'), ('supply', 'supply'), ('accept', 'accept'), ('decline', 'decline'), ('pass_on', 'pass_on'), ('step_back', 'step_back'), ('suspend', 'suspend'), ('resume', 'resume'), ('grant', 'grant'), ('refuse', 'refuse'), ('make_result', 'make_result'), ('hand_over', 'hand_over'), ('take_over', 'take_over'), ('deliver', 'deliver'), ('withdraw', 'withdraw'), ('extend', 'extend'), ('tell', 'tell'), ('deem_accepted', 'deem_accepted'), ('deem_withdrawn', 'deem_withdrawn'), ('deem_consent', 'deem_consent'), ('deem_renewed', 'deem_renewed'), ('recalculate', 'recalculate')], max_length=24),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
