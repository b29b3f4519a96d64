"""Everybody who may sign for the county hears of a hall, department or division that was renamed or retired."""

from django.db import migrations

NODES = ("hall", "department", "division")
FORWARD = """
-- A county that is loaded anew changes many at once: of one transaction one message, that names the first.
CREATE FUNCTION supervision_tell_node() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
    PERFORM supervision_tell_signers('机构资料已变更（更名、停用或恢复），其中有 '
      || OLD.name || '（' || OLD.code || '）', 'node', 0);
  END IF;
  RETURN NULL;
END $$;
"""
TRIGGER = """
CREATE TRIGGER tell_node AFTER UPDATE ON halls_{} FOR EACH ROW
  WHEN ((NEW.name, NEW.retired_on) IS DISTINCT FROM (OLD.name, OLD.retired_on))
  EXECUTE FUNCTION supervision_tell_node();
"""
BACKWARD = (
    "".join(f"DROP TRIGGER tell_node ON halls_{one};\n" for one in NODES)
    + """
DROP FUNCTION supervision_tell_node();
"""
)


class Migration(migrations.Migration):
    dependencies = [
        ("halls", "0016_halls_keep_their_place"),
        ("supervision", "0048_months_are_closed_whole"),
    ]

    operations = [migrations.RunSQL(FORWARD + "".join(map(TRIGGER.format, NODES)), BACKWARD)]
