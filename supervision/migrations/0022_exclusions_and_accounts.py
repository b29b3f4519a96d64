"""Exclusions that two persons sign, accounts that red cards open, and what is done about them: each by its guard."""

from django.db import migrations

EXCLUSIONS = """
CREATE TRIGGER two_persons BEFORE INSERT OR UPDATE OR DELETE ON supervision_exclusionrule
  FOR EACH ROW EXECUTE FUNCTION halls_two_persons();
CREATE TRIGGER tell_signature AFTER INSERT OR UPDATE ON supervision_exclusionrule
  FOR EACH ROW EXECUTE FUNCTION supervision_tell_signature();

-- Nobody is taken out of a ranking backwards; what was proposed is what is signed; it is ended once, now.
CREATE FUNCTION supervision_guard_exclusion() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  today date := (halls_now() AT TIME ZONE 'Asia/Shanghai')::date;
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.ended_at IS NOT NULL OR NEW.starts_on < today THEN
      RAISE EXCEPTION 'an exclusion begins today or later' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.hall_id, NEW.department_id, NEW.starts_on, NEW.until, NEW.document_no)
     IS DISTINCT FROM (OLD.hall_id, OLD.department_id, OLD.starts_on, OLD.until, OLD.document_no) THEN
    RAISE EXCEPTION 'a proposed exclusion is not rewritten' USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.confirmed_at IS NULL AND NEW.confirmed_at IS NOT NULL AND NEW.starts_on < today THEN
    RAISE EXCEPTION 'an exclusion begins today or later' USING ERRCODE = 'restrict_violation';
  END IF;
  IF (NEW.ended_at, NEW.ended_by_id, NEW.ended_person, NEW.end_reason)
     IS DISTINCT FROM (OLD.ended_at, OLD.ended_by_id, OLD.ended_person, OLD.end_reason) THEN
    IF OLD.ended_at IS NOT NULL OR OLD.confirmed_at IS NULL OR NEW.ended_at IS NULL THEN
      RAISE EXCEPTION 'what is in force is ended once' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NOT halls_may_sign(NEW.ended_by_id, NEW.ended_person) THEN
      RAISE EXCEPTION 'this person signs nothing for the county' USING ERRCODE = 'restrict_violation';
    END IF;
    NEW.ended_at := halls_now();
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON supervision_exclusionrule
  FOR EACH ROW EXECUTE FUNCTION supervision_guard_exclusion();
"""
NO_EXCLUSIONS = """
DROP TRIGGER guard ON supervision_exclusionrule;
DROP FUNCTION supervision_guard_exclusion();
DROP TRIGGER tell_signature ON supervision_exclusionrule;
DROP TRIGGER two_persons ON supervision_exclusionrule;
"""

RED_CARDS = """
-- Whether everybody who is named held a post or a letter of deciding there that day.
CREATE FUNCTION supervision_held_there(holders jsonb, place text, day date) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT NOT EXISTS (
    SELECT FROM jsonb_array_elements(holders) held WHERE NOT EXISTS (
      SELECT FROM halls_post p JOIN halls_user u ON u.id = p.user_id
        LEFT JOIN halls_hall h ON h.id = p.hall_id LEFT JOIN halls_department d ON d.id = p.department_id
      WHERE (u.person_code, u.full_name, p.title) = (held->>'person_code', held->>'name', held->>'title')
        AND p.starts_on <= day AND (p.ends_on IS NULL OR p.ends_on >= day)
        AND starts_with(place, coalesce(h.path, d.path))
    ) AND NOT EXISTS (
      SELECT FROM halls_delegation g JOIN halls_user u ON u.id = g.grantee_id
        LEFT JOIN halls_hall h ON h.id = g.hall_id LEFT JOIN halls_department d ON d.id = g.department_id
      WHERE (u.person_code, u.full_name) = (held->>'person_code', held->>'name')
        AND day BETWEEN g.starts_on AND g.ends_on AND (g.revoked_on IS NULL OR g.revoked_on > day)
        AND starts_with(place, coalesce(h.path, d.path))
    )
  )
$$;

-- A record that a red card opens: the card says case, clock, step, body and moment, never the writer.
CREATE FUNCTION supervision_guard_red_card() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  w supervision_limitwarning;
BEGIN
  SELECT * INTO w FROM supervision_limitwarning WHERE id = NEW.card_id;
  PERFORM FROM applications_application WHERE id = w.application_id FOR NO KEY UPDATE;
  IF w.level IS DISTINCT FROM 'red'
     OR w.mode <> 'auto' AND NOT EXISTS (
       SELECT FROM supervision_cardreview v WHERE v.card_id = w.id AND v.act = 'confirm')
     OR EXISTS (SELECT FROM supervision_cardreview v WHERE v.card_id = w.id AND v.act = 'revoke')
     OR EXISTS (SELECT FROM supervision_accountability o WHERE o.card_id = w.id) THEN
    RAISE EXCEPTION 'no red card that stands is behind this record' USING ERRCODE = 'restrict_violation';
  END IF;
  NEW.opened_at := date_trunc('second', halls_now());
  NEW.application_id := w.application_id;
  NEW.clock_id := w.clock_id;
  NEW.policy_id := NULL;
  NEW.fault := 'organ';
  NEW.step_seq := w.step_seq;
  NEW.step_name := coalesce((SELECT s.name FROM applications_applicationstep s
    WHERE s.application_id = w.application_id AND s.seq = w.step_seq), '');
  NEW.seat_path := w.seat_path;
  NEW.breached_at := coalesce(w.happened_on::timestamp AT TIME ZONE 'Asia/Shanghai', w.effective_at);
  IF NOT supervision_held_there(NEW.holders, NEW.seat_path, (NEW.breached_at AT TIME ZONE 'Asia/Shanghai')::date) THEN
    RAISE EXCEPTION 'only who held the duty there that day is named' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_red_card BEFORE INSERT ON supervision_accountability
  FOR EACH ROW WHEN (NEW.act = 'red_card') EXECUTE FUNCTION supervision_guard_red_card();
-- Each kind of record has a guard of its own.
DROP TRIGGER guard_new ON supervision_accountability;
CREATE TRIGGER guard_new BEFORE INSERT ON supervision_accountability
  FOR EACH ROW WHEN (NEW.act <> 'red_card') EXECUTE FUNCTION supervision_guard_account();
DROP TRIGGER guard_record ON supervision_accountability;
CREATE TRIGGER guard_record BEFORE INSERT ON supervision_accountability
  FOR EACH ROW WHEN (NEW.act <> 'red_card') EXECUTE FUNCTION supervision_guard_record();
"""
NO_RED_CARDS = """
DROP TRIGGER guard_record ON supervision_accountability;
CREATE TRIGGER guard_record BEFORE INSERT ON supervision_accountability
  FOR EACH ROW EXECUTE FUNCTION supervision_guard_record();
DROP TRIGGER guard_new ON supervision_accountability;
CREATE TRIGGER guard_new BEFORE INSERT ON supervision_accountability
  FOR EACH ROW EXECUTE FUNCTION supervision_guard_account();
DROP TRIGGER guard_red_card ON supervision_accountability;
DROP FUNCTION supervision_guard_red_card();
DROP FUNCTION supervision_held_there(jsonb, text, date);
"""

ACTS = """
CREATE FUNCTION supervision_guard_account_act() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  o supervision_accountability;
BEGIN
  SELECT * INTO o FROM supervision_accountability WHERE id = NEW.account_id;
  PERFORM FROM applications_application WHERE id = o.application_id FOR NO KEY UPDATE;
  NEW.at := halls_now();
  IF NOT halls_holds_county_post(NEW.user_id, NEW.person_code, 'supervisor') THEN
    RAISE EXCEPTION 'accounts are settled by who watches the whole county' USING ERRCODE = 'restrict_violation';
  END IF;
  IF EXISTS (SELECT FROM supervision_accountact s WHERE s.account_id = o.id AND s.stage = 'close') THEN
    RAISE EXCEPTION 'the account is closed' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.stage <> 'close' AND (o.fault = 'applicant' OR EXISTS (
    SELECT FROM supervision_cardreview v WHERE v.card_id = o.card_id AND v.act = 'revoke' AND o.act = 'red_card'
  )) THEN
    RAISE EXCEPTION 'nobody is blamed any more' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.stage = 'close' AND o.fault = 'organ' AND NOT EXISTS (
    SELECT FROM supervision_accountact s WHERE s.account_id = o.id
  ) AND NOT EXISTS (
    SELECT FROM supervision_cardreview v WHERE v.card_id = o.card_id AND v.act = 'revoke' AND o.act = 'red_card'
  ) THEN
    RAISE EXCEPTION 'an account is closed when something was done' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.done_on > (NEW.at AT TIME ZONE 'Asia/Shanghai')::date THEN
    RAISE EXCEPTION 'what is done was done by today' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_new BEFORE INSERT ON supervision_accountact
  FOR EACH ROW EXECUTE FUNCTION supervision_guard_account_act();

CREATE FUNCTION supervision_guard_download() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.at := halls_now();
  IF NOT halls_holds_county_post(NEW.user_id, NEW.person_code, 'supervisor') OR NOT EXISTS (
    SELECT FROM supervision_accountact s WHERE s.account_id = NEW.account_id AND s.stage = 'refer'
  ) THEN
    RAISE EXCEPTION 'evidence is taken by who watches the whole county, of what was referred'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_new BEFORE INSERT ON supervision_evidencedownload
  FOR EACH ROW EXECUTE FUNCTION supervision_guard_download();
"""
NO_ACTS = """
DROP TRIGGER guard_new ON supervision_evidencedownload;
DROP FUNCTION supervision_guard_download();
DROP TRIGGER guard_new ON supervision_accountact;
DROP FUNCTION supervision_guard_account_act();
"""


def _stays(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"""
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION halls_refuse_change();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION halls_refuse_truncate();
""",
        f"DROP TRIGGER never_truncated ON {table}; DROP TRIGGER append_only ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [("supervision", "0021_acts_about_cards")]

    operations = [
        migrations.RunSQL(EXCLUSIONS, NO_EXCLUSIONS),
        migrations.RunSQL(RED_CARDS, NO_RED_CARDS),
        migrations.RunSQL(ACTS, NO_ACTS),
        _stays("supervision_accountact"),
        _stays("supervision_evidencedownload"),
    ]
