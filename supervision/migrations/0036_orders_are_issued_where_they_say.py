"""An order and an urge come from the office they name, by who watches there, to an organ that there is."""

from django.db import migrations

FORWARD = """
-- Whether this person watches from this very node today; a post counts by the real date (halls.scopes).
CREATE FUNCTION supervision_watches_from(who bigint, office text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT FROM halls_user u JOIN halls_post p ON p.user_id = u.id
      LEFT JOIN halls_hall h ON h.id = p.hall_id LEFT JOIN halls_department d ON d.id = p.department_id,
      LATERAL (SELECT (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date AS day) today
    WHERE u.id = who AND u.is_active AND p.kind = 'supervisor' AND coalesce(d.path, h.path) = office
      AND p.starts_on <= today.day AND (p.ends_on IS NULL OR p.ends_on >= today.day)
  )
$$;
CREATE FUNCTION supervision_name_at(place text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT coalesce((SELECT d.name FROM halls_department d WHERE d.path = place),
                  (SELECT h.name FROM halls_hall h WHERE h.path = place))
$$;
-- Whether the case is, was or will be at this node or below it.
CREATE FUNCTION supervision_case_passes(asked bigint, node text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT FROM applications_application a, unnest(ARRAY[a.path, a.accept_path, a.seat_path, a.result_path,
      a.destination_path]) place WHERE a.id = asked AND starts_with(place, node)
  ) OR EXISTS (
    SELECT FROM applications_applicationstep s WHERE s.application_id = asked AND starts_with(s.path, node)
  )
$$;

-- Who answers follows from the organ (domain/orders.py); a card is ordered from whom it blames.
CREATE FUNCTION supervision_guard_order_place() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  above text := regexp_replace(NEW.organ_path, '[^/]+/$', '');
  is_township boolean := position('~' IN NEW.organ_path) = 0 AND NEW.organ_path ~ '^[^/]+/[^/]+/$';
BEGIN
  IF NOT supervision_watches_from(NEW.issued_by_id, NEW.issuer_path)
     OR NOT starts_with(NEW.organ_path, NEW.issuer_path) THEN
    RAISE EXCEPTION 'an order is issued by who watches its organ from there' USING ERRCODE = 'restrict_violation';
  END IF;
  NEW.organ_name := supervision_name_at(NEW.organ_path);
  NEW.issuer_name := supervision_name_at(NEW.issuer_path);
  NEW.duty := CASE WHEN is_township THEN 'supervise' ELSE 'decide' END;
  NEW.above_path := CASE WHEN is_township OR above !~ '/.*/' THEN '' ELSE above END;  -- never the county
  IF NEW.organ_name IS NULL OR NEW.county_code <> split_part(NEW.organ_path, '/', 1)
     OR NEW.application_id IS NOT NULL AND NOT supervision_case_passes(NEW.application_id, NEW.organ_path)
     OR NEW.card_id IS NOT NULL AND NOT EXISTS (
       SELECT FROM supervision_limitwarning w
       WHERE (w.id, w.application_id, w.seat_path) = (NEW.card_id, NEW.application_id, NEW.organ_path)
     ) THEN
    RAISE EXCEPTION 'an order goes to whom it is about' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_place BEFORE INSERT ON supervision_supervisionorder
  FOR EACH ROW EXECUTE FUNCTION supervision_guard_order_place();

-- At the end of the transaction an order has the act that issued it, by who signed it.
CREATE FUNCTION supervision_order_is_issued() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM supervision_orderact a
    WHERE a.order_id = NEW.id AND a.act = 'issue' AND (a.user_id, a.person_code) = (NEW.issued_by_id, NEW.issued_person)
  ) AND NOT pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
    RAISE EXCEPTION 'an order is issued by an act' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER is_issued AFTER INSERT ON supervision_supervisionorder
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION supervision_order_is_issued();

-- An urge comes from an office that watches the case, to people that there are.
CREATE FUNCTION supervision_guard_urge_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.office_name := supervision_name_at(NEW.office_path);
  IF NEW.office_name IS NULL OR NOT supervision_watches_from(NEW.user_id, NEW.office_path)
     OR NOT EXISTS (
       SELECT FROM halls_post p LEFT JOIN halls_hall h ON h.id = p.hall_id
         LEFT JOIN halls_department d ON d.id = p.department_id
       WHERE p.user_id = NEW.user_id AND p.kind = 'supervisor'
         AND supervision_case_passes(NEW.application_id, coalesce(d.path, h.path))
     ) THEN
    RAISE EXCEPTION 'a case is urged by who watches it from there' USING ERRCODE = 'restrict_violation';
  END IF;
  IF jsonb_array_length(NEW.whom) = 0 OR EXISTS (
    SELECT FROM jsonb_array_elements(NEW.whom) one WHERE NOT EXISTS (
      SELECT FROM halls_user u WHERE u.id = (one->>'user')::bigint AND u.full_name = one->>'name' AND u.is_active
    )
  ) THEN
    RAISE EXCEPTION 'somebody is urged who is not there' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_place BEFORE INSERT ON supervision_urge
  FOR EACH ROW EXECUTE FUNCTION supervision_guard_urge_place();
"""
BACKWARD = """
DROP TRIGGER guard_place ON supervision_urge;
DROP FUNCTION supervision_guard_urge_place();
DROP TRIGGER is_issued ON supervision_supervisionorder;
DROP FUNCTION supervision_order_is_issued();
DROP TRIGGER guard_place ON supervision_supervisionorder;
DROP FUNCTION supervision_guard_order_place();
DROP FUNCTION supervision_case_passes(bigint, text);
DROP FUNCTION supervision_name_at(text);
DROP FUNCTION supervision_watches_from(bigint, text);
"""


class Migration(migrations.Migration):
    dependencies = [("supervision", "0035_limits_stand_behind_acts")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
