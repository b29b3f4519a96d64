"""A card says whether it waits for a person; who may act about it, when, and that it is another one: the database knows."""

from importlib import import_module

from django.db import migrations

CARDS = """
-- Whether the rule behind this rung leaves the card to a supervisor: the set that governs since the clock started, the
-- first of its rules that concerns the clock, for 即办件 their own before the general (applications.selectors.rung_rules).
CREATE FUNCTION supervision_must_be_confirmed(c applications_clock, rung text) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
DECLARE
  day date := (c.started_at AT TIME ZONE 'Asia/Shanghai')::date;
  matter bigint;
  is_immediate boolean;
  governing bigint;
BEGIN
  IF rung = 'warning' OR NOT EXISTS (SELECT FROM applications_cardrule r WHERE NOT r.is_automatic) THEN
    RETURN false;
  END IF;
  SELECT a.matter_id, g.handling = 'immediate' INTO matter, is_immediate
  FROM applications_application a JOIN matters_matterversion g ON g.id = a.guide_id WHERE a.id = c.application_id;
  SELECT s.id INTO governing FROM applications_ruleset s
  WHERE s.confirmed_at IS NOT NULL AND s.effective_on <= day AND (s.ended_on IS NULL OR s.ended_on >= day)
    AND (s.matter_id IS NULL OR s.matter_id = matter) AND (s.department_id IS NULL OR s.department_id = c.department_id)
  ORDER BY s.matter_id IS NOT NULL DESC, s.department_id IS NOT NULL DESC, s.effective_on DESC LIMIT 1;
  RETURN coalesce((
    SELECT NOT r.is_automatic FROM applications_cardrule r
    WHERE r.rule_set_id = governing AND (r.clock_kind, r.level) = (c.kind, rung)
      AND c.amount BETWEEN coalesce(r.min_amount, 0) AND coalesce(r.max_amount, c.amount)
      AND (c.is_alone OR NOT r.only_alone) AND (is_immediate OR NOT r.only_immediate)
    ORDER BY r.only_immediate DESC, r.id LIMIT 1
  ), false);
END $$;

CREATE OR REPLACE FUNCTION supervision_guard_card() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  a applications_application;
  c applications_clock;
BEGIN
  NEW.recorded_at := date_trunc('second', halls_now());
  IF NEW.mode = 'manual' THEN
    -- By hand: whoever watches the county, of a body that had the case, for what happened since it was filed.
    SELECT * INTO a FROM applications_application WHERE id = NEW.application_id;
    NEW.effective_at := NEW.recorded_at;
    NEW.is_late := false;
    NEW.arming := 1;
    IF NOT halls_holds_county_post(NEW.issued_by_id, NEW.issued_person, 'supervisor') THEN
      RAISE EXCEPTION 'a card is issued by who watches the whole county' USING ERRCODE = 'restrict_violation';
    END IF;
    IF a.number IS NULL OR NEW.happened_on > (NEW.recorded_at AT TIME ZONE 'Asia/Shanghai')::date
       OR NEW.happened_on < (a.created_at AT TIME ZONE 'Asia/Shanghai')::date THEN
      RAISE EXCEPTION 'a card is about what happened to a case' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.seat_path NOT IN (a.path, a.accept_path, a.result_path) AND NOT EXISTS (
      SELECT FROM applications_applicationstep s WHERE s.application_id = a.id AND s.path = NEW.seat_path
    ) OR NEW.seat_path = '' THEN
      RAISE EXCEPTION 'this body never had the case' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  SELECT * INTO c FROM applications_clock WHERE id = NEW.clock_id;
  NEW.is_late := NEW.recorded_at - NEW.effective_at > interval '10 minutes';
  NEW.application_id := c.application_id;
  NEW.clock_kind := c.kind;
  NEW.step_seq := c.step_seq;
  NEW.seat_path := (applications_held_at(c.id, NEW.effective_at)).path;
  NEW.mode := CASE WHEN supervision_must_be_confirmed(c, NEW.level) THEN 'confirmed' ELSE 'auto' END;
  IF NEW.effective_at IS DISTINCT FROM
       (CASE NEW.level WHEN 'warning' THEN c.warn_at WHEN 'yellow' THEN c.yellow_at WHEN 'red' THEN c.red_at END)
     AND NOT (NEW.level = 'red' AND NEW.effective_at IS NOT DISTINCT FROM c.due_at) THEN
    RAISE EXCEPTION 'the clock has no such rung' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.effective_at >= least(NEW.recorded_at, c.stopped_at) THEN
    RAISE EXCEPTION 'the clock has not reached this rung' USING ERRCODE = 'restrict_violation';
  END IF;
  -- One more of its kind only behind each that was revoked or cancelled.
  IF NEW.arming < c.arming OR NEW.arming > c.arming + (
    SELECT count(*) FROM supervision_limitwarning w JOIN supervision_cardreview v ON v.card_id = w.id
    WHERE w.clock_id = c.id AND w.level = NEW.level AND v.act IN ('revoke', 'cancel')
  ) THEN
    RAISE EXCEPTION 'a rung is claimed once' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""
REVIEWS = """
CREATE OR REPLACE FUNCTION supervision_review_card() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  today date := (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date;  -- by which a post counts (halls.scopes)
  w supervision_limitwarning;
  is_issued boolean;
BEGIN
  SELECT * INTO w FROM supervision_limitwarning WHERE id = NEW.card_id;
  -- Whoever acts about the cards of one case queues here: each sees what the one before did.
  PERFORM FROM applications_application WHERE id = w.application_id FOR NO KEY UPDATE;
  NEW.at := halls_now();
  is_issued := w.mode = 'auto' OR EXISTS (
    SELECT FROM supervision_cardreview v WHERE v.card_id = w.id AND v.act = 'confirm');
  IF NEW.answers_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM supervision_cardreview p
    WHERE p.id = NEW.answers_id AND p.card_id = NEW.card_id AND p.act IN ('propose', 'appeal')
  ) THEN
    RAISE EXCEPTION 'a decision answers a proposal or an appeal about the same card'
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.act IN ('revoke', 'uphold') AND (w.issued_by_id = NEW.user_id OR w.issued_person = NEW.person_code OR EXISTS (
    SELECT FROM supervision_cardreview p
    WHERE p.card_id = w.id AND (p.person_code = NEW.person_code OR p.user_id = NEW.user_id)
      AND (p.act = 'confirm' OR p.id = NEW.answers_id AND p.notice_id IS NULL AND p.finding = '')
  )) THEN
    RAISE EXCEPTION 'another person decides about a proposal' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.act = 'confirm' AND (w.issued_by_id = NEW.user_id OR w.issued_person = NEW.person_code) THEN
    RAISE EXCEPTION 'another person confirms' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.act = 'propose' AND NEW.notice_id IS NULL AND EXISTS (
    SELECT FROM supervision_cardreview p LEFT JOIN supervision_cardreview d ON d.answers_id = p.id
    WHERE p.card_id = NEW.card_id AND p.act = 'propose' AND (d.id IS NULL OR d.act = 'revoke')
  ) THEN
    RAISE EXCEPTION 'the card is revoked, or proposed to be' USING ERRCODE = 'restrict_violation';
  END IF;
  IF EXISTS (SELECT FROM supervision_cardreview v WHERE v.card_id = w.id AND v.act IN ('revoke', 'cancel')) THEN
    RAISE EXCEPTION 'the card is revoked or cancelled: nothing follows' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.act IN ('revoke', 'uphold', 'appeal', 'order') AND NOT is_issued THEN
    RAISE EXCEPTION 'the card is not issued yet' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.act IN ('confirm', 'cancel') AND w.mode = 'auto' THEN
    RAISE EXCEPTION 'the card is issued already' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.act IN ('appeal', 'order') AND w.level = 'warning' THEN
    RAISE EXCEPTION 'a warning blames nobody' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.finding <> '' THEN
    -- The machine proposes, nothing more.
    IF NOT EXISTS (SELECT FROM halls_post p WHERE p.user_id = NEW.user_id AND p.kind = 'system') THEN
      RAISE EXCEPTION 'what the check finds is the check''s to say' USING ERRCODE = 'restrict_violation';
    END IF;
  ELSIF NEW.act = 'appeal' THEN
    IF halls_holds_county_post(NEW.user_id, NEW.person_code, 'supervisor') OR NOT supervision_leads(
      NEW.user_id, w.seat_path, today
    ) THEN
      RAISE EXCEPTION 'the body that is blamed appeals, by who decides there' USING ERRCODE = 'restrict_violation';
    END IF;
  ELSIF NEW.act IN ('confirm', 'cancel', 'order') THEN
    IF NOT halls_holds_county_post(NEW.user_id, NEW.person_code, 'supervisor') THEN
      RAISE EXCEPTION 'a card is issued by who watches the whole county' USING ERRCODE = 'restrict_violation';
    END IF;
  ELSIF NEW.notice_id IS NULL AND NOT EXISTS (
    SELECT FROM halls_post p JOIN halls_user u ON u.id = p.user_id
      LEFT JOIN halls_hall h ON h.id = p.hall_id,
      applications_application a
    WHERE a.id = w.application_id AND u.id = NEW.user_id AND u.is_active AND p.kind = 'supervisor'
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
"""
LEADS = """
-- Whether this person decides at the body on that day or above it, by post or by letter (halls.scopes). The county's
-- own hall is one body: who decides there does not speak for those below it.
CREATE FUNCTION supervision_leads(person bigint, place text, day date) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM halls_user u WHERE u.id = person AND u.is_active) AND (EXISTS (
    SELECT FROM halls_post p LEFT JOIN halls_hall h ON h.id = p.hall_id
      LEFT JOIN halls_department d ON d.id = p.department_id
    WHERE p.user_id = person AND p.kind IN ('approver', 'village_head') AND starts_with(place, coalesce(h.path, d.path))
      AND (h.id IS NULL OR h.parent_id IS NOT NULL OR h.path = place)
      AND p.starts_on <= day AND (p.ends_on IS NULL OR p.ends_on >= day)
  ) OR EXISTS (
    SELECT FROM halls_delegation g LEFT JOIN halls_hall h ON h.id = g.hall_id
      LEFT JOIN halls_department d ON d.id = g.department_id
    WHERE g.grantee_id = person AND starts_with(place, coalesce(h.path, d.path))
      AND (h.id IS NULL OR h.parent_id IS NOT NULL OR h.path = place)
      AND day BETWEEN g.starts_on AND g.ends_on AND (g.revoked_on IS NULL OR g.revoked_on > day)
  ))
$$;

-- What was confirmed is told as a card that the sweep found: a teller that holds the row is waited for.
CREATE FUNCTION supervision_queue_confirmed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO supervision_untold (warning_id, audience, next_try_at) VALUES (NEW.card_id, '', NEW.at)
    ON CONFLICT (warning_id, audience) DO UPDATE SET next_try_at = excluded.next_try_at;
  RETURN NULL;
END $$;
CREATE TRIGGER queue_confirmed AFTER INSERT ON supervision_cardreview
  FOR EACH ROW WHEN (NEW.act = 'confirm') EXECUTE FUNCTION supervision_queue_confirmed();

CREATE FUNCTION supervision_tell_issuer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM supervision_tell_signer(NEW.issued_by_id, '人工发牌', 'issue', NEW.id, NEW.recorded_at);
  RETURN NULL;
END $$;
CREATE TRIGGER tell_issuer AFTER INSERT ON supervision_limitwarning
  FOR EACH ROW WHEN (NEW.mode = 'manual') EXECUTE FUNCTION supervision_tell_issuer();
"""
NOBODY_LEADS = """
DROP TRIGGER tell_issuer ON supervision_limitwarning;
DROP FUNCTION supervision_tell_issuer();
DROP TRIGGER queue_confirmed ON supervision_cardreview;
DROP FUNCTION supervision_queue_confirmed();
DROP FUNCTION supervision_leads(bigint, text, date);
"""
SIGNATURES = """
CREATE OR REPLACE FUNCTION supervision_tell_signature() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  what text;
BEGIN
  IF TG_TABLE_NAME = 'supervision_cardreview' THEN
    IF NEW.finding <> '' THEN
      RETURN NULL;  -- the machine reads no messages
    END IF;
    -- Cards that a calendar moved are many: of those one message.
    PERFORM supervision_tell_signer(NEW.user_id, CASE NEW.act WHEN 'propose' THEN '建议撤销红黄牌'
        WHEN 'revoke' THEN '撤销红黄牌' WHEN 'uphold' THEN '维持红黄牌' WHEN 'confirm' THEN '确认发牌'
        WHEN 'cancel' THEN '取消发牌' WHEN 'appeal' THEN '对红黄牌提出申诉' ELSE '红黄牌转督办' END,
      CASE WHEN NEW.notice_id IS NULL THEN 'card' ELSE 'cards:' || NEW.act END,
      coalesce(NEW.notice_id, NEW.id), NEW.at);
    RETURN NULL;
  END IF;
  IF NEW.is_installed THEN
    RETURN NULL;
  END IF;
  what := CASE TG_TABLE_NAME WHEN 'halls_calendarnotice' THEN '工作日历'
    WHEN 'applications_ruleset' THEN '红黄牌规则' WHEN 'supervision_exclusionrule' THEN '不参加排名的规则'
    ELSE '超时默认规则' END || '（第 ' || NEW.id || ' 号）';
  IF TG_OP = 'INSERT' THEN
    PERFORM supervision_tell_signer(NEW.proposed_by_id, '提出' || what, TG_TABLE_NAME || ':proposed', NEW.id,
      NEW.proposed_at);
  ELSIF OLD.confirmed_at IS NULL AND NEW.confirmed_at IS NOT NULL THEN
    PERFORM supervision_tell_signer(NEW.confirmed_by_id, '确认' || what, TG_TABLE_NAME || ':confirmed', NEW.id,
      NEW.confirmed_at);
  END IF;
  RETURN NULL;
END $$;
"""


def _before(migration: str, constant: str, name: str) -> str:
    """A function as an earlier migration wrote it, to be put back."""
    text: str = getattr(import_module(f"supervision.migrations.{migration}"), constant)
    start = text.index(f"FUNCTION {name}()")
    return f"CREATE OR REPLACE {text[start : text.index('END $$;', start)]}END $$;"


class Migration(migrations.Migration):
    dependencies = [("supervision", "0020_the_life_of_a_card")]

    operations = [
        migrations.RunSQL(LEADS, NOBODY_LEADS),
        migrations.RunSQL(
            CARDS,
            _before("0012_cards_are_of_whoever_held_it", "FORWARD", "supervision_guard_card")
            + "DROP FUNCTION supervision_must_be_confirmed(applications_clock, text);",
        ),
        migrations.RunSQL(
            REVIEWS, _before("0011_who_may_decide_and_what_was_told", "FORWARD", "supervision_review_card")
        ),
        migrations.RunSQL(
            SIGNATURES, _before("0015_records_behind_their_acts", "SIGNATURES", "supervision_tell_signature")
        ),
    ]
