"""A telephone for reminders; and the database's own watch over what two persons sign.

Attach the trigger in the migration of each table that extends halls.models.TwoPersons:

    CREATE TRIGGER two_persons BEFORE INSERT OR UPDATE OR DELETE ON <table>
      FOR EACH ROW EXECUTE FUNCTION halls_two_persons();
"""

from django.db import migrations, models

FORWARD = """
CREATE FUNCTION halls_two_persons() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION '%: what was proposed stays on record', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'INSERT' THEN
    NEW.proposed_at := halls_now();
    NEW.dropped_at := NULL;
    IF NEW.is_installed THEN
      -- Only whoever owns the table may speak for the installation.
      IF NOT pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
        RAISE EXCEPTION '%: only two persons put this into force', TG_TABLE_NAME
          USING ERRCODE = 'insufficient_privilege';
      END IF;
      NEW.confirmed_at := NEW.proposed_at;
    ELSIF NEW.confirmed_at IS NOT NULL OR NEW.confirmed_by_id IS NOT NULL THEN
      RAISE EXCEPTION '%: nobody confirms in the act of proposing', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.is_installed, NEW.reason, NEW.proposed_by_id, NEW.proposed_person, NEW.proposed_at)
     IS DISTINCT FROM (OLD.is_installed, OLD.reason, OLD.proposed_by_id, OLD.proposed_person, OLD.proposed_at)
     OR OLD.confirmed_at IS NOT NULL AND (NEW.confirmed_by_id, NEW.confirmed_person, NEW.confirmed_at)
     IS DISTINCT FROM (OLD.confirmed_by_id, OLD.confirmed_person, OLD.confirmed_at)
     OR OLD.dropped_at IS NOT NULL AND (NEW.dropped_by_id, NEW.dropped_at, NEW.confirmed_at)
     IS DISTINCT FROM (OLD.dropped_by_id, OLD.dropped_at, OLD.confirmed_at) THEN
    RAISE EXCEPTION '%: a signature is not changed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.confirmed_at IS NULL AND NEW.confirmed_at IS NOT NULL THEN
    NEW.confirmed_at := halls_now();
  END IF;
  IF OLD.dropped_at IS NULL AND NEW.dropped_at IS NOT NULL THEN
    NEW.dropped_at := halls_now();
  END IF;
  RETURN NEW;
END $$;
"""
BACKWARD = "DROP FUNCTION halls_two_persons();"


class Migration(migrations.Migration):
    dependencies = [("halls", "0002_the_clock_of_all_acts")]
    operations = [
        migrations.AddField(
            model_name="historicaluser",
            name="phone",
            field=models.CharField(blank=True, db_default="", default="", max_length=20, verbose_name="手机号"),
        ),
        migrations.AddField(
            model_name="user",
            name="phone",
            field=models.CharField(blank=True, db_default="", default="", max_length=20, verbose_name="手机号"),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
