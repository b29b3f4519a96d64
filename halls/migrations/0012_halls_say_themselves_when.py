"""A hall counts what is said of it; opening times that were in force on a day stay as they were."""

from django.db import migrations, models

# The owner alone (an installation, a command) may write them otherwise.
FORWARD = """
CREATE FUNCTION halls_keep_openings() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  today date := (halls_now() AT TIME ZONE 'Asia/Shanghai')::date;
BEGIN
  IF pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  IF TG_OP = 'INSERT' AND NEW.starts_on < today
     OR TG_OP = 'DELETE' AND OLD.starts_on < today
     OR TG_OP = 'UPDATE' AND (
       (NEW.id, NEW.hall_id, NEW.kind, NEW.weekday, NEW.digits, NEW.opens, NEW.closes, NEW.starts_on)
       IS DISTINCT FROM (OLD.id, OLD.hall_id, OLD.kind, OLD.weekday, OLD.digits, OLD.opens, OLD.closes, OLD.starts_on)
       OR NEW.ends_on IS NULL OR NEW.ends_on < today - 1 OR OLD.ends_on < NEW.ends_on) THEN
    RAISE EXCEPTION 'opening times of days that are over stay as they were' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER keep_openings BEFORE INSERT OR UPDATE OR DELETE ON halls_hallopening
  FOR EACH ROW EXECUTE FUNCTION halls_keep_openings();
"""
BACKWARD = """
DROP TRIGGER keep_openings ON halls_hallopening;
DROP FUNCTION halls_keep_openings();
"""


class Migration(migrations.Migration):
    dependencies = [("halls", "0011_numbers_and_posts")]

    operations = [
        migrations.AddField(
            model_name="hall", name="version", field=models.PositiveIntegerField(db_default=1, default=1)
        ),
        migrations.AddField(
            model_name="historicalhall", name="version", field=models.PositiveIntegerField(db_default=1, default=1)
        ),
        migrations.AddConstraint(
            model_name="hallopening",
            constraint=models.CheckConstraint(
                condition=~models.Q(digits__regex=r"[^0-9]|(.).*\1"), name="opening_digits_once"
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
