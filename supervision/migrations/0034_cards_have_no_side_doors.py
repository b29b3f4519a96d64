"""What a calendar, the nightly check, an appeal or an order does to a card is borne out by the database, or heard of."""

from django.db import migrations

HEARD = """
-- What one name alone brings about is told to everybody who watches the county, but for whoever is told already.
CREATE FUNCTION supervision_tell_county(what text, part text, id bigint, but bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO supervision_message (user_id, kind, level, words, detail, key, made_at)
  SELECT u.id, 'notice', '', '登记提醒：' || what || '。如情况不符，请立即核查并告知系统管理员。', '{}',
    'signature:' || part || ':' || supervision_tell_county.id, halls_now()
  FROM halls_user u
  WHERE u.id IS DISTINCT FROM but AND halls_holds_county_post(u.id, u.person_code, 'supervisor');
END $$;
-- The same, of an act in the name of a body, to whoever decides there too.
CREATE FUNCTION supervision_tell_deciders(what text, part text, id bigint, place text, but bigint) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  today date := (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date;
BEGIN
  INSERT INTO supervision_message (user_id, kind, level, words, detail, key, made_at)
  SELECT p.user_id, 'notice', '', '登记提醒：' || what || '。如情况不符，请立即告知县监察员和系统管理员。', '{}',
    'signature:' || part || ':' || supervision_tell_deciders.id, halls_now()
  FROM (SELECT DISTINCT user_id FROM halls_post WHERE kind IN ('approver', 'village_head')) p
  WHERE p.user_id <> but AND supervision_leads(p.user_id, place, today);
END $$;
"""
UNHEARD = """
DROP FUNCTION supervision_tell_deciders(text, text, bigint, text, bigint);
DROP FUNCTION supervision_tell_county(text, text, bigint, bigint);
"""
DOORS = """
CREATE FUNCTION supervision_guard_doors() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  w supervision_limitwarning;
  c applications_clock;
  rung timestamptz;
BEGIN
  SELECT * INTO w FROM supervision_limitwarning WHERE id = NEW.card_id;
  IF NEW.notice_id IS NOT NULL THEN
    -- Settling a calendar proposes, of a card whose clock has not reached the rung any more.
    SELECT * INTO c FROM applications_clock WHERE id = w.clock_id;
    rung := CASE w.level WHEN 'warning' THEN c.warn_at WHEN 'yellow' THEN c.yellow_at ELSE c.red_at END;
    IF NEW.act <> 'propose' OR c.id IS NULL OR rung < least(halls_now(), c.stopped_at)
       OR NOT EXISTS (SELECT FROM halls_post p WHERE p.user_id = NEW.user_id AND p.kind = 'system')
       OR NOT EXISTS (SELECT FROM halls_calendarnotice n
                      WHERE n.id = NEW.notice_id AND n.turn IS NOT NULL AND n.settled_at IS NULL) THEN
      RAISE EXCEPTION 'no calendar has taken this card away' USING ERRCODE = 'restrict_violation';
    END IF;
  END IF;
  IF NEW.act = 'order' AND NOT EXISTS (
    SELECT FROM supervision_supervisionorder o
    WHERE o.card_id = w.id AND o.state <> 'withdrawn' AND o.issued_by_id = NEW.user_id
  ) THEN
    RAISE EXCEPTION 'no order is about this card' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER side_doors BEFORE INSERT ON supervision_cardreview
  FOR EACH ROW EXECUTE FUNCTION supervision_guard_doors();

-- The machine's finding needs one name to revoke, and a body has one appeal: neither is brought about unheard.
CREATE FUNCTION supervision_tell_doors() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  w supervision_limitwarning;
BEGIN
  SELECT * INTO w FROM supervision_limitwarning WHERE id = NEW.card_id;
  IF NEW.finding <> '' THEN
    PERFORM supervision_tell_county('夜间核对建议撤销第 ' || w.id || ' 号红黄牌', 'finding', NEW.id, NEW.user_id);
  ELSIF NEW.act = 'appeal' THEN
    PERFORM supervision_tell_deciders('已以本单位名义对第 ' || w.id || ' 号红黄牌提出申诉', 'appeal', NEW.id,
      w.seat_path, NEW.user_id);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER tell_doors AFTER INSERT ON supervision_cardreview
  FOR EACH ROW EXECUTE FUNCTION supervision_tell_doors();
"""
NO_DOORS = """
DROP TRIGGER tell_doors ON supervision_cardreview;
DROP FUNCTION supervision_tell_doors();
DROP TRIGGER side_doors ON supervision_cardreview;
DROP FUNCTION supervision_guard_doors();
"""


class Migration(migrations.Migration):
    dependencies = [("supervision", "0033_signatures_are_heard")]

    operations = [migrations.RunSQL(HEARD, UNHEARD), migrations.RunSQL(DOORS, NO_DOORS)]
