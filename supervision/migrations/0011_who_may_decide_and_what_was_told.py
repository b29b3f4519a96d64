"""Who decides about a card or lets the brake go holds the post for it; what was told stays as it was told."""

from django.db import migrations

FORWARD = """
CREATE OR REPLACE FUNCTION supervision_review_card() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  today date := (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date;  -- by which a post counts (halls.scopes)
BEGIN
  NEW.at := halls_now();
  IF NEW.answers_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM supervision_cardreview p
    WHERE p.id = NEW.answers_id AND p.card_id = NEW.card_id AND p.act = 'propose'
  ) THEN
    RAISE EXCEPTION 'a decision answers a proposal about the same card' USING ERRCODE = 'restrict_violation';
  END IF;
  IF EXISTS (
    SELECT FROM supervision_cardreview p
    WHERE p.id = NEW.answers_id AND p.notice_id IS NULL
      AND (p.person_code = NEW.person_code OR p.user_id = NEW.user_id)
  ) THEN
    RAISE EXCEPTION 'another person decides about a proposal' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.act = 'propose' AND NEW.notice_id IS NULL AND EXISTS (
    SELECT FROM supervision_cardreview p LEFT JOIN supervision_cardreview d ON d.answers_id = p.id
    WHERE p.card_id = NEW.card_id AND p.act = 'propose' AND (d.id IS NULL OR d.act = 'revoke')
  ) THEN
    RAISE EXCEPTION 'the card is revoked, or proposed to be' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.notice_id IS NULL AND NOT EXISTS (
    SELECT FROM halls_post p JOIN halls_user u ON u.id = p.user_id
      LEFT JOIN halls_hall h ON h.id = p.hall_id,
      supervision_limitwarning w JOIN applications_application a ON a.id = w.application_id
    WHERE u.id = NEW.user_id AND u.is_active AND p.kind = 'supervisor' AND w.id = NEW.card_id
      AND (p.department_id IS NOT NULL OR starts_with(a.path, h.path))
      AND (NEW.act = 'propose' OR w.level = 'warning' OR h.tier = 'county' AND h.parent_id IS NULL)
      AND p.starts_on <= today AND (p.ends_on IS NULL OR p.ends_on >= today)
  ) THEN
    RAISE EXCEPTION 'a card is decided by who watches its place' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NOT EXISTS (SELECT FROM halls_user u WHERE u.id = NEW.user_id AND u.person_code = NEW.person_code) THEN
    RAISE EXCEPTION 'this person is not in the staff list' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION supervision_guard_brake() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.tripped_at := halls_now();
    NEW.released_at := NULL;
    RETURN NEW;
  END IF;
  IF OLD.released_at IS NOT NULL OR NEW.released_at IS NULL
     OR (NEW.cause, NEW.waiting, NEW.silent_since, NEW.tripped_at)
     IS DISTINCT FROM (OLD.cause, OLD.waiting, OLD.silent_since, OLD.tripped_at) THEN
    RAISE EXCEPTION 'a brake is released once and never rewritten' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NOT halls_holds_county_post(NEW.released_by_id, NEW.released_person, 'supervisor') THEN
    RAISE EXCEPTION 'only who watches the whole county lets go' USING ERRCODE = 'restrict_violation';
  END IF;
  SELECT u.full_name INTO NEW.released_name FROM halls_user u WHERE u.id = NEW.released_by_id;
  NEW.released_at := halls_now();
  RETURN NEW;
END $$;

-- Of a message only that it was read is new, once.
CREATE FUNCTION supervision_guard_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF to_jsonb(NEW) - 'read_at' IS DISTINCT FROM to_jsonb(OLD) - 'read_at' THEN
    RAISE EXCEPTION 'what was told is not rewritten' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE UPDATE ON supervision_message
  FOR EACH ROW EXECUTE FUNCTION supervision_guard_message();
CREATE TRIGGER never_deleted BEFORE DELETE ON supervision_message
  FOR EACH ROW EXECUTE FUNCTION halls_refuse_change();

CREATE FUNCTION supervision_guard_ladder() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
    RAISE EXCEPTION 'the ladder is loaded by the owner of the database' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER only_the_owner BEFORE INSERT OR UPDATE OR DELETE ON supervision_ladderstep
  FOR EACH ROW EXECUTE FUNCTION supervision_guard_ladder();
"""
BACKWARD = """
DROP TRIGGER only_the_owner ON supervision_ladderstep;
DROP FUNCTION supervision_guard_ladder();
DROP TRIGGER never_deleted ON supervision_message;
DROP TRIGGER guard ON supervision_message;
DROP FUNCTION supervision_guard_message();

CREATE OR REPLACE FUNCTION supervision_guard_brake() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.tripped_at := halls_now();
    NEW.released_at := NULL;
    RETURN NEW;
  END IF;
  IF OLD.released_at IS NOT NULL OR NEW.released_at IS NULL
     OR (NEW.cause, NEW.waiting, NEW.silent_since, NEW.tripped_at)
     IS DISTINCT FROM (OLD.cause, OLD.waiting, OLD.silent_since, OLD.tripped_at) THEN
    RAISE EXCEPTION 'a brake is released once and never rewritten' USING ERRCODE = 'restrict_violation';
  END IF;
  NEW.released_at := halls_now();
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION supervision_review_card() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.at := halls_now();
  IF NEW.answers_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM supervision_cardreview p
    WHERE p.id = NEW.answers_id AND p.card_id = NEW.card_id AND p.act = 'propose'
  ) THEN
    RAISE EXCEPTION 'a decision answers a proposal about the same card' USING ERRCODE = 'restrict_violation';
  END IF;
  IF EXISTS (
    SELECT FROM supervision_cardreview p
    WHERE p.id = NEW.answers_id AND p.notice_id IS NULL
      AND (p.person_code = NEW.person_code OR p.user_id = NEW.user_id)
  ) THEN
    RAISE EXCEPTION 'another person decides about a proposal' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.act = 'propose' AND NEW.notice_id IS NULL AND EXISTS (
    SELECT FROM supervision_cardreview p LEFT JOIN supervision_cardreview d ON d.answers_id = p.id
    WHERE p.card_id = NEW.card_id AND p.act = 'propose' AND (d.id IS NULL OR d.act = 'revoke')
  ) THEN
    RAISE EXCEPTION 'the card is revoked, or proposed to be' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NOT EXISTS (SELECT FROM halls_user u WHERE u.id = NEW.user_id AND u.person_code = NEW.person_code) THEN
    RAISE EXCEPTION 'this person is not in the staff list' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('halls', '0008_signers_hold_a_post'),
        ('supervision', '0010_cards_are_the_clocks_own'),
    ]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
