"""Who is named under an act hears of it, whoever writes: the database alone tells it, stamps it, and draws numbers."""

from importlib import import_module

from django.db import migrations

MESSAGES = """
-- A message is of now and not read yet. One that tells a signature comes from the trigger behind the row that was signed.
CREATE FUNCTION supervision_guard_new_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF starts_with(NEW.key, 'signature:') AND pg_trigger_depth() < 2 THEN
    RAISE EXCEPTION 'a signature is told by the database' USING ERRCODE = 'restrict_violation';
  END IF;
  NEW.made_at := date_trunc('second', halls_now());
  NEW.read_at := NULL;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_new BEFORE INSERT ON supervision_message
  FOR EACH ROW EXECUTE FUNCTION supervision_guard_new_message();

-- What cannot be told is not signed. Of the many cards that one calendar moved there is one message.
CREATE OR REPLACE FUNCTION supervision_tell_signer(signer bigint, what text, part text, id bigint, moment timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF signer IS NULL THEN
    RETURN;
  END IF;
  INSERT INTO supervision_message (user_id, kind, level, words, detail, key, made_at)
  VALUES (signer, 'notice', '', '您的签署已登记：' || what
      || '。如不是您本人办理的，请立即告知县监察员和系统管理员。', '{}', 'signature:' || part || ':' || id, moment)
  ON CONFLICT DO NOTHING;
  IF NOT FOUND AND part <> 'cards:propose' THEN
    RAISE EXCEPTION 'this signature was told before it was given' USING ERRCODE = 'restrict_violation';
  END IF;
END $$;
"""
NO_MESSAGES = """
DROP TRIGGER guard_new ON supervision_message;
DROP FUNCTION supervision_guard_new_message();
DROP FUNCTION supervision_tell_signer(bigint, text, text, bigint, timestamptz);
"""
_TEXT: str = import_module("supervision.migrations.0015_records_behind_their_acts").SIGNATURES
_START = _TEXT.index("CREATE FUNCTION supervision_tell_signer")
TELL_SIGNER_BEFORE = _TEXT[_START : _TEXT.index("$$;", _START)] + "$$;"

# Rows whose number is chosen by nobody, and rows whose page is told before they are there.
OWN_NUMBERS = (
    "accountability", "accountact", "callbackcall", "cardreview", "evidencedownload", "message", "orderact",
    "orderfile", "ratingact", "screen", "screenend", "term", "termfact", "termwarning", "urge", "urgeanswer", "voice",
    "voiceact",
)  # fmt: skip
DRAWN_BEFORE = ("rating", "supervisionorder")
DRAWN = """
CREATE FUNCTION supervision_number_is_drawn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.id > coalesce(pg_sequence_last_value(TG_ARGV[0]::regclass), 0) THEN
    RAISE EXCEPTION 'a number is drawn from its sequence' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""

VOICES = """
-- Whom it is about, and where it goes, follow from what was chosen (domain/voices.py); the county may take it at once.
CREATE FUNCTION supervision_guard_new_voice() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  place text;
  root text;
  seat text;
BEGIN
  SELECT h.path INTO place FROM halls_hall h WHERE h.id = NEW.hall_id;
  IF NEW.department_id IS NOT NULL THEN
    SELECT d.path INTO place FROM halls_department d WHERE d.id = NEW.department_id AND d.hall_id = NEW.hall_id;
  END IF;
  root := split_part(place, '/', 1) || '/';
  seat := CASE WHEN NEW.kind = 'inquiry' THEN place
    WHEN position('~' IN place) = 0 AND place ~ '^([^/]+/){3,}$' THEN regexp_replace(place, '[^/]+/$', '')
    ELSE root END;
  IF place IS NULL OR NEW.about_path <> place
     OR NEW.seat_path <> seat AND (NEW.kind = 'inquiry' OR NEW.seat_path <> root) THEN
    RAISE EXCEPTION 'whom it is about says where it goes' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_new BEFORE INSERT ON supervision_voice
  FOR EACH ROW EXECUTE FUNCTION supervision_guard_new_voice();

CREATE FUNCTION supervision_voice_is_lodged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM supervision_voiceact a WHERE a.voice_id = NEW.id AND a.verb = 'lodge') THEN
    RAISE EXCEPTION 'it is lodged by an act' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER is_lodged AFTER INSERT ON supervision_voice
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION supervision_voice_is_lodged();
"""
NO_VOICES = """
DROP TRIGGER is_lodged ON supervision_voice;
DROP FUNCTION supervision_voice_is_lodged();
DROP TRIGGER guard_new ON supervision_voice;
DROP FUNCTION supervision_guard_new_voice();
"""


def _numbered(table: str, function: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER a_number BEFORE INSERT ON supervision_{table} FOR EACH ROW"
        f" EXECUTE FUNCTION {function}('supervision_{table}_id_seq')",
        f"DROP TRIGGER a_number ON supervision_{table}",
    )


class Migration(migrations.Migration):
    dependencies = [("supervision", "0032_nobody_is_left_untold")]

    operations = [
        migrations.RunSQL(MESSAGES, NO_MESSAGES + TELL_SIGNER_BEFORE),
        migrations.RunSQL(DRAWN, "DROP FUNCTION supervision_number_is_drawn()"),
        *(_numbered(table, "halls_own_number") for table in OWN_NUMBERS),
        *(_numbered(table, "supervision_number_is_drawn") for table in DRAWN_BEFORE),
        migrations.RunSQL(VOICES, NO_VOICES),
    ]
