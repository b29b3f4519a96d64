"""Whoever is named under an act about a complaint, rating, order, call, urge or paper hears of it from the database."""

from django.db import migrations

VOICES = """
-- What was only looked at or noted down is not told: of every act that decides something there is one message. The
-- county's supervisors hear of a complaint that is refused or answered, but nobody whom it names or whose hall it is.
CREATE FUNCTION supervision_tell_voice_act() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  v supervision_voice;
  what text;
  today date := (halls_now() AT TIME ZONE 'Asia/Shanghai')::date;
BEGIN
  SELECT * INTO v FROM supervision_voice WHERE id = NEW.voice_id;
  what := CASE NEW.verb WHEN 'accept' THEN '受理' WHEN 'refuse' THEN '不予受理' WHEN 'release' THEN '转被投诉单位说明'
    WHEN 'explain' THEN '说明情况' WHEN 'extend' THEN '延期' WHEN 'answer' THEN '答复' WHEN 'close' THEN '反馈归档'
    WHEN 'hand_up' THEN '转上一级' WHEN 'publish' THEN '公开问答' ELSE '撤下公开' END
    || CASE v.kind WHEN 'inquiry' THEN '（咨询 ' WHEN 'repeat' THEN '（「多次跑」反映 ' ELSE '（投诉 ' END
    || v.number || '）';
  PERFORM supervision_tell_signer(NEW.user_id, what, 'voice', NEW.id, NEW.at);
  IF v.kind <> 'inquiry' AND NEW.verb IN ('refuse', 'answer') THEN
    INSERT INTO supervision_message (user_id, kind, level, words, detail, key, made_at)
    SELECT u.id, 'notice', '', '登记提醒：' || what || '。如情况不符，请立即核查并告知系统管理员。', '{}',
      'signature:voice:' || NEW.id, NEW.at
    FROM halls_user u
    WHERE u.id <> NEW.user_id AND halls_holds_county_post(u.id, u.person_code, 'supervisor')
      AND halls_plain_code(u.person_code) <> ALL (v.named)
      AND NOT (length(supervision_plain(u.full_name)) > 1 AND position(supervision_plain(u.full_name) IN
        supervision_plain(concat_ws(E'\\n', v.accused_person, v.words, v.evidence))) > 0)
      AND (v.about_path = split_part(v.about_path, '/', 1) || '/' OR NOT EXISTS (
        SELECT FROM halls_post p JOIN halls_user o ON o.id = p.user_id
          LEFT JOIN halls_hall h ON h.id = p.hall_id LEFT JOIN halls_department d ON d.id = p.department_id
        WHERE halls_plain_code(o.person_code) = halls_plain_code(u.person_code)
          AND p.starts_on <= today AND (p.ends_on IS NULL OR p.ends_on >= today)
          AND starts_with(coalesce(h.path, d.path), v.about_path)));
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER tell_signature AFTER INSERT ON supervision_voiceact
  FOR EACH ROW WHEN (NEW.verb NOT IN ('lodge', 'investigate', 'reveal'))
  EXECUTE FUNCTION supervision_tell_voice_act();
"""
NO_VOICES = """
DROP TRIGGER tell_signature ON supervision_voiceact;
DROP FUNCTION supervision_tell_voice_act();
"""

RATINGS = """
-- A rating that was found without ground, or taken out of the figures, is heard of by the county too.
CREATE FUNCTION supervision_tell_rating_act() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  what text := CASE NEW.act WHEN 'contact' THEN '已联系评价人' WHEN 'valid' THEN '核实属实'
    WHEN 'invalid' THEN '核实没有依据' WHEN 'extend' THEN '整改延期' WHEN 'rectify' THEN '整改完成'
    WHEN 'answer' THEN '反馈评价人' WHEN 'revisit' THEN '回访' WHEN 'publish' THEN '公开'
    WHEN 'explain' THEN '向评价人解释' WHEN 'appeal' THEN '申诉' WHEN 'exclude' THEN '申诉成立，剔除'
    ELSE '申诉不成立，维持' END || '（评价第 ' || NEW.rating_id || ' 号）';
BEGIN
  PERFORM supervision_tell_signer(NEW.user_id, what, 'rating', NEW.id, NEW.at);
  IF NEW.act IN ('invalid', 'exclude') THEN
    PERFORM supervision_tell_county(what, 'rating', NEW.id, NEW.user_id);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER tell_signature AFTER INSERT ON supervision_ratingact
  FOR EACH ROW WHEN (NEW.act <> 'attempt') EXECUTE FUNCTION supervision_tell_rating_act();

CREATE FUNCTION supervision_tell_call() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM supervision_tell_signer(NEW.user_id, '回访通话（回访第 ' || NEW.callback_id || ' 号）', 'call',
    NEW.id, NEW.at);
  RETURN NULL;
END $$;
CREATE TRIGGER tell_signature AFTER INSERT ON supervision_callbackcall
  FOR EACH ROW WHEN (NEW.is_reached) EXECUTE FUNCTION supervision_tell_call();
"""
NO_RATINGS = """
DROP TRIGGER tell_signature ON supervision_callbackcall;
DROP FUNCTION supervision_tell_call();
DROP TRIGGER tell_signature ON supervision_ratingact;
DROP FUNCTION supervision_tell_rating_act();
"""

ORDERS = """
-- An order that ends without the organ having been found wanting is heard of by the county too.
CREATE FUNCTION supervision_tell_order_act() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  what text;
BEGIN
  SELECT CASE NEW.act WHEN 'issue' THEN '签发' WHEN 'extend' THEN '延期' WHEN 'reply' THEN '回复'
    WHEN 'accept' THEN '核验通过，办结' WHEN 'send_back' THEN '退回重办' WHEN 'give_up' THEN '未整改，办结'
    ELSE '撤回' END || '（督〔' || o.year || '〕' || o.serial || '号）'
  INTO what FROM supervision_supervisionorder o WHERE o.id = NEW.order_id;
  PERFORM supervision_tell_signer(NEW.user_id, what, 'order', NEW.id, NEW.at);
  IF NEW.act IN ('accept', 'withdraw') THEN
    PERFORM supervision_tell_county(what, 'order', NEW.id, NEW.user_id);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER tell_signature AFTER INSERT ON supervision_orderact
  FOR EACH ROW EXECUTE FUNCTION supervision_tell_order_act();

CREATE FUNCTION supervision_tell_urge() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM supervision_tell_signer(NEW.user_id, CASE TG_TABLE_NAME WHEN 'supervision_urge' THEN '催办（第 ' || NEW.id
    || ' 号）' ELSE '答复催办（答复第 ' || NEW.id || ' 号）' END, TG_TABLE_NAME, NEW.id, NEW.at);
  RETURN NULL;
END $$;
CREATE TRIGGER tell_signature AFTER INSERT ON supervision_urge
  FOR EACH ROW EXECUTE FUNCTION supervision_tell_urge();
CREATE TRIGGER tell_signature AFTER INSERT ON supervision_urgeanswer
  FOR EACH ROW EXECUTE FUNCTION supervision_tell_urge();
"""
NO_ORDERS = """
DROP TRIGGER tell_signature ON supervision_urgeanswer;
DROP TRIGGER tell_signature ON supervision_urge;
DROP FUNCTION supervision_tell_urge();
DROP TRIGGER tell_signature ON supervision_orderact;
DROP FUNCTION supervision_tell_order_act();
"""

PAPERS = """
CREATE FUNCTION supervision_tell_dropped() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  what text := '作废统计通报（第 ' || NEW.id || ' 号）';
BEGIN
  PERFORM supervision_tell_signer(NEW.dropped_by_id, what, 'bulletin:dropped', NEW.id, NEW.dropped_at);
  PERFORM supervision_tell_county(what, 'bulletin:dropped', NEW.id, NEW.dropped_by_id);
  RETURN NULL;
END $$;
CREATE TRIGGER tell_dropped AFTER UPDATE ON supervision_bulletin
  FOR EACH ROW WHEN (OLD.dropped_at IS NULL AND NEW.dropped_at IS NOT NULL)
  EXECUTE FUNCTION supervision_tell_dropped();
"""
NO_PAPERS = """
DROP TRIGGER tell_dropped ON supervision_bulletin;
DROP FUNCTION supervision_tell_dropped();
"""


class Migration(migrations.Migration):
    dependencies = [("supervision", "0044_limits_that_were_met_lately")]

    operations = [
        migrations.RunSQL(VOICES, NO_VOICES),
        migrations.RunSQL(RATINGS, NO_RATINGS),
        migrations.RunSQL(ORDERS, NO_ORDERS),
        migrations.RunSQL(PAPERS, NO_PAPERS),
    ]
