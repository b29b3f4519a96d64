"""A record of accountability has body and ground from its card, and names those who held the duty that day."""

from django.db import migrations

FORWARD = """
-- Whose work a step is (applications.domain.lifecycle.STEP_DUTY), and who has it by post (halls.domain.duties).
CREATE FUNCTION supervision_kinds_for_step(kind text) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE kind WHEN 'review' THEN '{village_clerk,village_head,examiner}'::text[]
    WHEN 'special' THEN '{village_clerk,village_head,examiner}'
    WHEN 'decide' THEN '{village_head,approver}'
    WHEN 'deliver' THEN '{village_clerk,village_head,window_clerk}'
    ELSE '{village_clerk,window_clerk}' END
$$;
-- Behind guard_red_card in the alphabet: case, clock, step, body and moment are the card's already.
CREATE FUNCTION supervision_guard_named_in_record() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  w supervision_limitwarning;
  c applications_clock;
  step smallint;
  kind text;
  kinds text[];
  nearest text;
  missing boolean;
  day date := (NEW.breached_at AT TIME ZONE 'Asia/Shanghai')::date;
BEGIN
  SELECT * INTO w FROM supervision_limitwarning WHERE id = NEW.card_id;
  SELECT * INTO c FROM applications_clock WHERE id = w.clock_id;
  NEW.seat_name := coalesce(supervision_name_at(NEW.seat_path), '');
  IF c.id IS NULL THEN
    NEW.citation := left(w.citation, 400);
    step := w.step_seq;
  ELSE
    IF NOT EXISTS (SELECT FROM applications_cardrule r
                   WHERE r.clock_kind = c.kind AND r.level = w.level AND left(r.basis, 400) = NEW.citation) THEN
      NEW.citation := '时限届满';
    END IF;
    step := (applications_held_at(c.id, w.effective_at)).step;
  END IF;
  SELECT s.kind INTO kind FROM applications_applicationstep s
    WHERE s.application_id = NEW.application_id AND s.seq = step;
  kinds := supervision_kinds_for_step(coalesce(kind, 'accept'));
  -- The nearest node at which somebody had the duty by a post; all of them are named, and nobody is named in vain. A
  -- deputy who was lent the power to decide nearer than that stands alone.
  SELECT n.place, n.missing INTO nearest, missing FROM (
    SELECT coalesce(d.path, h.path) AS place, bool_or(NOT EXISTS (
      SELECT FROM jsonb_array_elements(NEW.holders) one
      WHERE (one->>'person_code', one->>'name', one->>'title') = (u.person_code, u.full_name, p.title))) AS missing
    FROM halls_post p JOIN halls_user u ON u.id = p.user_id
      LEFT JOIN halls_hall h ON h.id = p.hall_id LEFT JOIN halls_department d ON d.id = p.department_id
    WHERE p.kind = ANY (kinds) AND p.starts_on <= day AND (p.ends_on IS NULL OR p.ends_on >= day)
      AND starts_with(NEW.seat_path, coalesce(d.path, h.path))
    GROUP BY 1 ORDER BY length(coalesce(d.path, h.path)) DESC LIMIT 1) n;
  IF missing AND NOT (kind = 'decide' AND EXISTS (
    SELECT FROM halls_delegation g LEFT JOIN halls_hall h ON h.id = g.hall_id
      LEFT JOIN halls_department d ON d.id = g.department_id
    WHERE day BETWEEN g.starts_on AND g.ends_on AND (g.revoked_on IS NULL OR g.revoked_on > day)
      AND starts_with(NEW.seat_path, coalesce(d.path, h.path)) AND length(coalesce(d.path, h.path)) > length(nearest)
      AND EXISTS (SELECT FROM jsonb_array_elements(NEW.holders) one, halls_user u
        WHERE u.id = g.grantee_id AND (one->>'person_code', one->>'name') = (u.person_code, u.full_name))
  )) THEN
    RAISE EXCEPTION 'whoever held the duty there that day is named' USING ERRCODE = 'restrict_violation';
  END IF;
  IF nearest IS NOT NULL AND EXISTS (
    SELECT FROM jsonb_array_elements(NEW.holders) one
    WHERE NOT EXISTS (
      SELECT FROM halls_post p JOIN halls_user u ON u.id = p.user_id
      WHERE (one->>'person_code', one->>'name', one->>'title') = (u.person_code, u.full_name, p.title)
        AND p.kind = ANY (kinds) AND p.starts_on <= day AND (p.ends_on IS NULL OR p.ends_on >= day))
    AND NOT (kind = 'decide' AND EXISTS (
      SELECT FROM halls_delegation g JOIN halls_user u ON u.id = g.grantee_id
      WHERE (one->>'person_code', one->>'name') = (u.person_code, u.full_name)
        AND day BETWEEN g.starts_on AND g.ends_on AND (g.revoked_on IS NULL OR g.revoked_on > day)))
  ) THEN
    RAISE EXCEPTION 'only who held the duty there that day is named' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER named_in_record BEFORE INSERT ON supervision_accountability
  FOR EACH ROW WHEN (NEW.act = 'red_card') EXECUTE FUNCTION supervision_guard_named_in_record();
"""
BACKWARD = """
DROP TRIGGER named_in_record ON supervision_accountability;
DROP FUNCTION supervision_guard_named_in_record();
DROP FUNCTION supervision_kinds_for_step(text);
"""


class Migration(migrations.Migration):
    dependencies = [("supervision", "0046_letters_are_heard")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
