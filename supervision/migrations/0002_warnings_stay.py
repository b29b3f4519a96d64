"""A warning or card that was written is never changed or taken away."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON supervision_limitwarning
  FOR EACH ROW EXECUTE FUNCTION halls_refuse_change();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON supervision_limitwarning
  FOR EACH STATEMENT EXECUTE FUNCTION halls_refuse_truncate();
"""
BACKWARD = """
DROP TRIGGER append_only ON supervision_limitwarning;
DROP TRIGGER never_truncated ON supervision_limitwarning;
"""


class Migration(migrations.Migration):
    dependencies = [("supervision", "0001_initial"), ("halls", "0002_the_clock_of_all_acts")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
