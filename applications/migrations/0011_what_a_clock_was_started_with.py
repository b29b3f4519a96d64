"""A clock keeps the department whose card rules it started under; a pause keeps the days it was granted."""

import django.db.models.deletion
from django.db import migrations, models

# The guards of 0005, which now know the department, too.
GUARDS = """
CREATE OR REPLACE FUNCTION applications_guard_new_clock() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  e applications_event;
  said jsonb;
BEGIN
  SELECT * INTO e FROM applications_event WHERE application_id = NEW.application_id ORDER BY seq DESC LIMIT 1;
  said := applications_told(e.detail, NEW.kind, 'start');
  IF said IS NULL OR (NEW.amount, NEW.unit, NEW.carried, NEW.is_alone, NEW.step_seq, NEW.state) IS DISTINCT FROM
     ((said->>'amount')::int, said->>'unit', (said->>'carried')::int, (said->>'alone')::boolean,
      (said->>'step')::int, 'running') THEN
    RAISE EXCEPTION 'no event tells of this clock' USING ERRCODE = 'restrict_violation';
  END IF;
  NEW.event_seq := e.seq;
  -- A process of the version before tells no department: then it is the matter's of this moment.
  NEW.department_id := coalesce((said->>'department')::bigint, (
    SELECT m.department_id FROM applications_application a JOIN matters_matter m ON m.id = a.matter_id
    WHERE a.id = NEW.application_id
  ));
  -- A clock may run from an earlier event of its case (deemed acceptance runs from the receipt), from nothing else.
  NEW.started_at := coalesce((
    SELECT b.at FROM applications_event b
    WHERE b.application_id = NEW.application_id AND b.seq = (said->>'since')::int AND b.seq < e.seq
  ), e.at);
  RETURN NEW;
END $$;

CREATE FUNCTION applications_guard_rules() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the rules a clock was started under never change' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER guard_rules BEFORE UPDATE ON applications_clock FOR EACH ROW WHEN (
  NEW.department_id IS DISTINCT FROM OLD.department_id
) EXECUTE FUNCTION applications_guard_rules();
"""
NO_GUARDS = """
DROP TRIGGER guard_rules ON applications_clock;
DROP FUNCTION applications_guard_rules();
CREATE OR REPLACE FUNCTION applications_guard_new_clock() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  e applications_event;
  said jsonb;
BEGIN
  SELECT * INTO e FROM applications_event WHERE application_id = NEW.application_id ORDER BY seq DESC LIMIT 1;
  said := applications_told(e.detail, NEW.kind, 'start');
  IF said IS NULL OR (NEW.amount, NEW.unit, NEW.carried, NEW.is_alone, NEW.step_seq, NEW.state) IS DISTINCT FROM
     ((said->>'amount')::int, said->>'unit', (said->>'carried')::int, (said->>'alone')::boolean,
      (said->>'step')::int, 'running') THEN
    RAISE EXCEPTION 'no event tells of this clock' USING ERRCODE = 'restrict_violation';
  END IF;
  NEW.event_seq := e.seq;
  NEW.started_at := coalesce((
    SELECT b.at FROM applications_event b
    WHERE b.application_id = NEW.application_id AND b.seq = (said->>'since')::int AND b.seq < e.seq
  ), e.at);
  RETURN NEW;
END $$;
"""
# Older clocks were derived by the department that their matter has now.
FILL = """
UPDATE applications_clock c SET department_id = m.department_id
FROM applications_application a JOIN matters_matter m ON m.id = a.matter_id WHERE a.id = c.application_id
"""

# The days of a pause are those of the special procedure that the same event starts: told once, in one place.
GRANTS = """
CREATE OR REPLACE FUNCTION applications_guard_fact() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  c applications_clock;
  e applications_event;
  said jsonb;
  given jsonb;
BEGIN
  SELECT * INTO c FROM applications_clock WHERE id = NEW.clock_id;
  SELECT * INTO e FROM applications_event WHERE application_id = c.application_id ORDER BY seq DESC LIMIT 1;
  said := applications_told(e.detail, c.kind, NEW.move);
  IF said IS NULL OR NEW.event_seq <> e.seq THEN
    RAISE EXCEPTION 'no event tells of this fact' USING ERRCODE = 'restrict_violation';
  END IF;
  NEW.at := CASE WHEN NEW.move = 'start' THEN c.started_at ELSE e.at END;
  NEW.granted_until := (said->>'granted_until')::date;
  given := CASE NEW.move WHEN 'extend' THEN said WHEN 'pause' THEN applications_told(e.detail, 'special', 'start') END;
  NEW.amount := (given->>'amount')::int;
  NEW.unit := coalesce(given->>'unit', '');
  RETURN NEW;
END $$;
"""
NO_GRANTS = """
CREATE OR REPLACE FUNCTION applications_guard_fact() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  c applications_clock;
  e applications_event;
  said jsonb;
BEGIN
  SELECT * INTO c FROM applications_clock WHERE id = NEW.clock_id;
  SELECT * INTO e FROM applications_event WHERE application_id = c.application_id ORDER BY seq DESC LIMIT 1;
  said := applications_told(e.detail, c.kind, NEW.move);
  IF said IS NULL OR NEW.event_seq <> e.seq THEN
    RAISE EXCEPTION 'no event tells of this fact' USING ERRCODE = 'restrict_violation';
  END IF;
  NEW.at := CASE WHEN NEW.move = 'start' THEN c.started_at ELSE e.at END;
  NEW.granted_until := (said->>'granted_until')::date;
  NEW.amount := CASE WHEN NEW.move = 'extend' THEN (said->>'amount')::int END;
  NEW.unit := CASE WHEN NEW.move = 'extend' THEN said->>'unit' ELSE '' END;
  RETURN NEW;
END $$;
"""
# What older pauses were granted stands in their events, too; the column is filled behind the guard of append-only rows.
FILL_GRANTS = """
ALTER TABLE applications_clockfact DISABLE TRIGGER USER;
UPDATE applications_clockfact f SET amount = (given->>'amount')::int, unit = given->>'unit'
FROM applications_clock c, applications_event e, LATERAL applications_told(e.detail, 'special', 'start') given
WHERE f.move = 'pause' AND c.id = f.clock_id AND e.application_id = c.application_id AND e.seq = f.event_seq
  AND given IS NOT NULL;
ALTER TABLE applications_clockfact ENABLE TRIGGER USER;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0010_what_silence_accepted"),
        ("halls", "0008_signers_hold_a_post"),
        ("matters", "0002_timeout_defaults"),
    ]

    operations = [
        migrations.AddField(
            model_name="clock",
            name="department",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="halls.department",
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.RunSQL(GUARDS, NO_GUARDS),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(condition=models.Q(("verb", "recalculate")), fields=["id"], name="event_recalculated"),
        ),
        migrations.RunSQL(FILL_GRANTS, migrations.RunSQL.noop),
        migrations.RunSQL(GRANTS, NO_GRANTS),
    ]
