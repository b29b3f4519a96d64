"""No signature takes a holiday of the State away; a notice knows whom it told, and which cases it found."""

from django.db import migrations, models

FORWARD = """
-- What the State Council's notice has off is off in the county: 全国年节及纪念日放假办法 第二条 leaves no choice.
CREATE FUNCTION halls_keep_state_holidays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  ordered jsonb;
BEGIN
  IF NEW.confirmed_at IS NULL OR TG_OP = 'UPDATE' AND OLD.confirmed_at IS NOT NULL THEN
    RETURN NEW;
  END IF;
  IF NEW.kind = 'state' THEN
    ordered := NEW.content->'days';
  ELSE
    SELECT n.content->'days' INTO ordered FROM halls_calendarnotice n
      WHERE n.year = NEW.year AND n.kind = 'state' AND n.turn IS NOT NULL ORDER BY n.turn DESC LIMIT 1;
  END IF;
  IF EXISTS (
    SELECT FROM jsonb_array_elements(ordered) o WHERE o->>'kind' = 'holiday' AND NOT EXISTS (
      SELECT FROM jsonb_array_elements(NEW.effective->'days') d
      WHERE d->>'date' = o->>'date' AND d->>'kind' = 'holiday'
    )
  ) THEN
    RAISE EXCEPTION '%: a holiday of the State stays one', TG_TABLE_NAME USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
-- Behind two_persons and watch_notice in the alphabet.
CREATE TRIGGER watch_state_holidays BEFORE INSERT OR UPDATE ON halls_calendarnotice
  FOR EACH ROW EXECUTE FUNCTION halls_keep_state_holidays();
"""
BACKWARD = """
DROP TRIGGER watch_state_holidays ON halls_calendarnotice;
DROP FUNCTION halls_keep_state_holidays();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("halls", "0008_signers_hold_a_post"),
    ]

    operations = [
        migrations.AddField(
            model_name="calendarnotice",
            name="last_case",
            field=models.BigIntegerField(db_default=0, default=0, verbose_name="生效时最后一件办件"),
        ),
        migrations.AddField(
            model_name="calendarnotice",
            name="told_through",
            field=models.BigIntegerField(db_default=0, default=0, verbose_name="已告知到"),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
