"""When two codes mean one person: the database compares as halls.domain.persons does, however they were typed."""

from importlib import import_module

from django.db import migrations

FORWARD = """
-- Only letters and digits count: P-001 and P001 are one code.
CREATE FUNCTION halls_plain_code(code text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT regexp_replace(replace(lower(normalize(code, NFKC)), 'ß', 'ss'), '[^[:alnum:]]', '', 'g')
$$;
-- No code names nobody.
CREATE FUNCTION halls_is_same_person(one text, other text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(public.halls_plain_code(one) <> '' AND public.halls_plain_code(one) = public.halls_plain_code(other),
                  false)
$$;
"""
BACKWARD = """
DROP FUNCTION halls_is_same_person(text, text);
DROP FUNCTION halls_plain_code(text);
"""
_TEXT: str = import_module("halls.migrations.0008_signers_hold_a_post").FORWARD
_START = _TEXT.index("CREATE OR REPLACE FUNCTION halls_two_persons()")
TWO_PERSONS_BEFORE = _TEXT[_START : _TEXT.index("END $$;", _START)] + "END $$;"
_SIGNED = "    NEW.confirmed_at := halls_now();\n"
TWO_PERSONS = TWO_PERSONS_BEFORE.replace(
    _SIGNED,
    """    IF halls_is_same_person(NEW.confirmed_person, NEW.proposed_person) THEN
      RAISE EXCEPTION '%: another person confirms', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
"""
    + _SIGNED,
)


class Migration(migrations.Migration):
    dependencies = [("halls", "0012_halls_say_themselves_when")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD), migrations.RunSQL(TWO_PERSONS, TWO_PERSONS_BEFORE)]
