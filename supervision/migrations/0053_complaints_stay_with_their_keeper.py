"""A complaint goes to the next in line only where nobody before may handle it, or with the act that hands it up."""

from django.db import migrations

FORWARD = """
-- Whether somebody with such a post exactly there may handle it: as supervision.selectors.shield has it, rather strict,
-- so that nothing is refused which the sweep would hand on.
CREATE FUNCTION supervision_may_keep(v supervision_voice, kinds text[]) RETURNS boolean LANGUAGE sql STABLE AS $$
  WITH today AS MATERIALIZED (SELECT (halls_now() AT TIME ZONE 'Asia/Shanghai')::date AS day)
  SELECT EXISTS (
    SELECT FROM today, halls_post p JOIN halls_user u ON u.id = p.user_id
      LEFT JOIN halls_hall h ON h.id = p.hall_id LEFT JOIN halls_department d ON d.id = p.department_id
    WHERE coalesce(d.path, h.path) = v.seat_path AND p.kind = ANY (kinds) AND u.is_active
      AND p.starts_on <= today.day AND (p.ends_on IS NULL OR p.ends_on >= today.day)
      AND halls_plain_code(u.person_code) <> ALL (v.named)
      AND NOT (length(supervision_plain(u.full_name)) > 0 AND position(supervision_plain(u.full_name) IN
        supervision_plain(concat_ws(E'\\n', v.accused_person, v.words, v.evidence))) > 0)
      AND NOT EXISTS (
        SELECT FROM halls_post q JOIN halls_user o ON o.id = q.user_id
          LEFT JOIN halls_hall k ON k.id = q.hall_id LEFT JOIN halls_department e ON e.id = q.department_id
        WHERE halls_plain_code(o.person_code) = halls_plain_code(u.person_code)
          AND q.starts_on <= today.day AND (q.ends_on IS NULL OR q.ends_on >= today.day)
          AND CASE WHEN v.about_path = split_part(v.about_path, '/', 1) || '/'
            THEN coalesce(e.path, k.path) = v.about_path AND q.kind <> 'supervisor'
            ELSE starts_with(coalesce(e.path, k.path), v.about_path) END))
$$;
-- Behind guard_named in the alphabet, which lets it go down the line and never back.
CREATE FUNCTION supervision_guard_keeper() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.seat_path = OLD.seat_path AND array_position('{supervisor,administrator,director}', NEW.keeper::text)
      < array_position('{supervisor,administrator,director}', OLD.keeper::text)
     OR NEW.keeper <> 'supervisor' AND supervision_may_keep(NEW, '{supervisor}')
     OR NEW.keeper = 'director' AND supervision_may_keep(NEW, '{administrator}') THEN
    RAISE EXCEPTION 'somebody before in line may handle it' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_passed_on BEFORE UPDATE OF keeper ON supervision_voice
  FOR EACH ROW WHEN (NEW.keeper <> OLD.keeper) EXECUTE FUNCTION supervision_guard_keeper();
CREATE FUNCTION supervision_guard_first_keeper() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF supervision_may_keep(NEW, '{supervisor}')
     OR NEW.keeper = 'director' AND supervision_may_keep(NEW, '{administrator}') THEN
    RAISE EXCEPTION 'somebody before in line may handle it' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_passed_on_at_once BEFORE INSERT ON supervision_voice
  FOR EACH ROW WHEN (NEW.keeper <> 'supervisor') EXECUTE FUNCTION supervision_guard_first_keeper();
"""
BACKWARD = """
DROP TRIGGER guard_passed_on_at_once ON supervision_voice;
DROP FUNCTION supervision_guard_first_keeper();
DROP TRIGGER guard_passed_on ON supervision_voice;
DROP FUNCTION supervision_guard_keeper();
DROP FUNCTION supervision_may_keep(supervision_voice, text[]);
"""


class Migration(migrations.Migration):
    dependencies = [("supervision", "0052_ratings_come_with_a_code")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
