"""Whoever a complaint names, anywhere in it, never handles it; and there is always somebody left who does."""

from importlib import import_module

import django.contrib.postgres.fields
from django.db import migrations, models

from supervision.domain.voices import Keeper

FORWARD = r"""
-- The same as supervision.domain.voices.plain: what was written, without anything between its signs.
CREATE FUNCTION supervision_plain(said text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT regexp_replace(normalize(said, NFKC), '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u1680\u180e\u2000-\u2bff'
    || '\u3000-\u303f\ufe00-\ufe6f\ufeff\U0001f000-\U0001faff]', '', 'g')
$$;
-- Everybody on the staff whose name stands in it, by plain person code.
CREATE FUNCTION supervision_named_in(said text) RETURNS text[] LANGUAGE sql STABLE AS $$
  WITH it AS MATERIALIZED (SELECT public.supervision_plain(said) AS words),
    people AS (SELECT public.halls_plain_code(person_code) AS code, public.supervision_plain(full_name) AS name
               FROM public.halls_user)
  SELECT coalesce(array_agg(DISTINCT p.code ORDER BY p.code), '{}') FROM people p, it
  WHERE length(p.name) > 1 AND p.code <> '' AND position(p.name IN it.words) > 0
$$;
CREATE INDEX halls_user_plain_code ON halls_user (halls_plain_code(person_code));

ALTER TABLE supervision_voice DISABLE TRIGGER USER;
UPDATE supervision_voice SET named = supervision_named_in(concat_ws(E'\n', accused_person, words, evidence));
ALTER TABLE supervision_voice ENABLE TRIGGER USER;

-- Whom it names is read from it once, when it is lodged; it passes down the line of its keepers and never back.
CREATE FUNCTION supervision_guard_named() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  line text[] := '{supervisor,administrator,director}';
  a supervision_voiceact;
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.named := supervision_named_in(concat_ws(E'\n', NEW.accused_person, NEW.words, NEW.evidence));
    IF array_position(line, NEW.keeper::text) IS NULL OR NEW.kind = 'inquiry' AND NEW.keeper <> 'supervisor' THEN
      RAISE EXCEPTION 'nobody keeps it' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.named <> OLD.named THEN
    RAISE EXCEPTION 'whom it names does not change' USING ERRCODE = 'restrict_violation';
  END IF;
  SELECT * INTO a FROM supervision_voiceact WHERE voice_id = NEW.id ORDER BY id DESC LIMIT 1;
  IF NEW.keeper <> OLD.keeper AND a.verb IS DISTINCT FROM 'hand_up'
     AND array_position(line, NEW.keeper::text) > array_position(line, OLD.keeper::text) IS NOT TRUE THEN
    RAISE EXCEPTION 'it goes down the line, and never back' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_named BEFORE INSERT OR UPDATE ON supervision_voice
  FOR EACH ROW EXECUTE FUNCTION supervision_guard_named();

-- Nobody handles a complaint that names them, under no login and however name and code were typed.
CREATE FUNCTION supervision_guard_named_act() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  v supervision_voice;
  u halls_user;
  today date := (halls_now() AT TIME ZONE 'Asia/Shanghai')::date;
BEGIN
  SELECT * INTO v FROM supervision_voice WHERE id = NEW.voice_id;
  SELECT * INTO u FROM halls_user WHERE id = NEW.user_id;
  IF v.kind = 'inquiry' OR u.username = 'system' THEN  -- the machine opens a telephone, and handles nothing
    RETURN NEW;
  END IF;
  IF halls_plain_code(u.person_code) = ANY (v.named) OR length(supervision_plain(u.full_name)) > 1 AND position(
      supervision_plain(u.full_name) IN supervision_plain(concat_ws(E'\n', v.accused_person, v.words, v.evidence))) > 0
     OR EXISTS (
      SELECT FROM halls_post p JOIN halls_user o ON o.id = p.user_id
        LEFT JOIN halls_hall h ON h.id = p.hall_id LEFT JOIN halls_department d ON d.id = p.department_id
      WHERE halls_plain_code(o.person_code) = halls_plain_code(u.person_code)
        AND p.starts_on <= today AND (p.ends_on IS NULL OR p.ends_on >= today)
        AND CASE WHEN v.about_path = split_part(v.about_path, '/', 1) || '/'
          THEN coalesce(h.path, d.path) = v.about_path AND p.kind <> 'supervisor'
          ELSE starts_with(coalesce(h.path, d.path), v.about_path) END
  ) THEN
    RAISE EXCEPTION 'nobody handles a complaint about themselves or their own hall'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_named BEFORE INSERT ON supervision_voiceact
  FOR EACH ROW WHEN (NEW.verb NOT IN ('lodge', 'explain')) EXECUTE FUNCTION supervision_guard_named_act();
"""
# Whoever stands in for the supervisors has the duty too (querysets._kept_by).
_DUTIES: str = import_module("supervision.migrations.0031_another_person_with_the_duty").DUTIES
_START = _DUTIES.index("CREATE FUNCTION supervision_may_speak_of")
_END = _DUTIES.index("$$;", _DUTIES.index("$$", _START) + 2) + 3
SPEAK_BEFORE = "CREATE OR REPLACE" + _DUTIES[_START:_END].removeprefix("CREATE")
_SUPERVISES = "ELSE supervision_holds_post(who, v.seat_path, 'supervisor') END"
SPEAK = SPEAK_BEFORE.replace(
    _SUPERVISES,
    """ELSE supervision_holds_post(who, v.seat_path, 'supervisor')
      OR v.keeper IN ('administrator', 'director')
        AND supervision_is_posted_at(who, split_part(v.seat_path, '/', 1) || '/', 'administrator')
      OR v.keeper = 'director' AND EXISTS (
        SELECT FROM supervision_posts_of(who) p
        WHERE p.kind = 'supervisor' AND starts_with(p.place, split_part(v.seat_path, '/', 1) || '/')) END""",
)
BACKWARD = """
DROP TRIGGER guard_named ON supervision_voiceact;
DROP FUNCTION supervision_guard_named_act();
DROP TRIGGER guard_named ON supervision_voice;
DROP FUNCTION supervision_guard_named();
DROP INDEX halls_user_plain_code;
DROP FUNCTION supervision_named_in(text);
DROP FUNCTION supervision_plain(text);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("halls", "0013_one_person_one_code"),
        ("supervision", "0038_proofs_are_of_their_moment"),
    ]

    operations = [
        migrations.AddField(
            "voice",
            "named",
            django.contrib.postgres.fields.ArrayField(
                models.CharField(max_length=64), default=list, blank=True, editable=False, size=None
            ),
        ),
        migrations.AddField(
            "voice",
            "keeper",
            models.CharField(
                max_length=16, choices=[(one.value, one.value) for one in Keeper], default=Keeper.SUPERVISOR
            ),
        ),
        migrations.AddField("ratingact", "demand", models.CharField("整改要求", max_length=500, blank=True, default="", db_default="")),
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RunSQL(SPEAK, SPEAK_BEFORE),
    ]
