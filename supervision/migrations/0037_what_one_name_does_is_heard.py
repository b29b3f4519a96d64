"""Accounts, screens and posts of the county: what one name brings about is dated, allowed, and heard of."""

from django.db import migrations

ACCOUNTS = """
-- What was done about a breach was not done before it; who registered it hears so.
CREATE FUNCTION supervision_guard_deed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM supervision_accountability o WHERE o.id = NEW.account_id
             AND NEW.done_on < (o.breached_at AT TIME ZONE 'Asia/Shanghai')::date) THEN
    RAISE EXCEPTION 'nothing is done about a breach before it' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_when BEFORE INSERT ON supervision_accountact
  FOR EACH ROW EXECUTE FUNCTION supervision_guard_deed();

CREATE FUNCTION supervision_tell_deed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  what text := CASE WHEN NEW.measure = 'none' THEN '不予追究' WHEN NEW.stage = 'handle' THEN '登记处理'
    WHEN NEW.stage = 'refer' THEN '移送纪检监察' ELSE '办结' END || '（责任追究第 ' || NEW.account_id || ' 号）';
BEGIN
  PERFORM supervision_tell_signer(NEW.user_id, what, 'account', NEW.id, NEW.at);
  -- Letting somebody off, and the end of it, are heard by the others who watch the county too.
  IF NEW.measure = 'none' OR NEW.stage = 'close' THEN
    PERFORM supervision_tell_county(what, 'account', NEW.id, NEW.user_id);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER tell_signature AFTER INSERT ON supervision_accountact
  FOR EACH ROW EXECUTE FUNCTION supervision_tell_deed();
"""
NO_ACCOUNTS = """
DROP TRIGGER tell_signature ON supervision_accountact;
DROP FUNCTION supervision_tell_deed();
DROP TRIGGER guard_when ON supervision_accountact;
DROP FUNCTION supervision_guard_deed();
"""

SCREENS = """
-- A screen is let in, and shut out, by who watches or administers its hall (selectors/screens.py), who hears so.
CREATE FUNCTION supervision_guard_screen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  today date := (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date;
  place text;
BEGIN
  IF TG_TABLE_NAME = 'supervision_screen' THEN
    SELECT h.path INTO place FROM halls_hall h WHERE h.id = NEW.hall_id;
    IF NEW.kind = 'wall' AND place <> split_part(place, '/', 1) || '/' THEN
      RAISE EXCEPTION 'the wall is the county''s' USING ERRCODE = 'restrict_violation';
    END IF;
  ELSE
    SELECT h.path INTO place FROM halls_hall h JOIN supervision_screen s ON s.hall_id = h.id WHERE s.id = NEW.screen_id;
  END IF;
  IF NOT EXISTS (
    SELECT FROM halls_user u JOIN halls_post p ON p.user_id = u.id LEFT JOIN halls_hall h ON h.id = p.hall_id
      LEFT JOIN halls_department d ON d.id = p.department_id
    WHERE u.id = NEW.user_id AND u.is_active AND p.kind IN ('supervisor', 'administrator')
      AND starts_with(place, coalesce(d.path, h.path))
      AND p.starts_on <= today AND (p.ends_on IS NULL OR p.ends_on >= today)
  ) THEN
    RAISE EXCEPTION 'a screen is let in by who watches there' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION supervision_tell_screen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM supervision_tell_signer(NEW.user_id, CASE TG_TABLE_NAME WHEN 'supervision_screen' THEN '开通大屏'
    ELSE '停用大屏' END, TG_TABLE_NAME, NEW.id, NEW.at);
  RETURN NULL;
END $$;
""" + "".join(
    f"""
CREATE TRIGGER guard BEFORE INSERT ON supervision_{table}
  FOR EACH ROW EXECUTE FUNCTION supervision_guard_screen();
CREATE TRIGGER tell_signature AFTER INSERT ON supervision_{table}
  FOR EACH ROW EXECUTE FUNCTION supervision_tell_screen();"""
    for table in ("screen", "screenend")
)
NO_SCREENS = "".join(
    f"DROP TRIGGER tell_signature ON supervision_{table};\nDROP TRIGGER guard ON supervision_{table};\n"
    for table in ("screen", "screenend")
) + """
DROP FUNCTION supervision_tell_screen();
DROP FUNCTION supervision_guard_screen();
"""

PEOPLE = """
-- Whoever may watch or sign for the county from now on, and whose name, code or account is another: everybody who
-- watches or signs for it hears so. What the owner of the tables writes is the owner's.
CREATE FUNCTION supervision_tell_signers(what text, part text, id bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO supervision_message (user_id, kind, level, words, detail, key, made_at)
  SELECT u.id, 'notice', '', '登记提醒：' || what || '。如情况不符，请立即核查并告知系统管理员。', '{}',
    'signature:' || part || ':' || supervision_tell_signers.id || ':' || pg_current_xact_id(), halls_now()
  FROM halls_user u WHERE halls_may_sign(u.id, u.person_code)
  ON CONFLICT DO NOTHING;
END $$;
CREATE FUNCTION supervision_tell_post() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  whose text := (SELECT u.full_name FROM halls_user u WHERE u.id = NEW.user_id);
BEGIN
  IF NOT pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE')
     AND NEW.kind IN ('supervisor', 'administrator')
     AND EXISTS (SELECT FROM halls_hall h WHERE h.id = NEW.hall_id AND h.tier = 'county' AND h.parent_id IS NULL) THEN
    PERFORM supervision_tell_signers(whose || '任县级「' || NEW.title || '」，自 ' || NEW.starts_on
      || coalesce(' 至 ' || NEW.ends_on, '') || '，可以全县监察或签署', 'post', NEW.id);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER tell_post AFTER INSERT OR UPDATE ON halls_post
  FOR EACH ROW EXECUTE FUNCTION supervision_tell_post();
CREATE FUNCTION supervision_tell_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
    PERFORM supervision_tell_signers('账号 ' || OLD.username || '（' || OLD.full_name || '）的姓名、人员编号或状态已变更',
      'person', NEW.id);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER tell_person AFTER UPDATE ON halls_user FOR EACH ROW
  WHEN ((NEW.username, NEW.full_name, NEW.person_code, NEW.is_active)
        IS DISTINCT FROM (OLD.username, OLD.full_name, OLD.person_code, OLD.is_active))
  EXECUTE FUNCTION supervision_tell_person();
"""
NO_PEOPLE = """
DROP TRIGGER tell_person ON halls_user;
DROP FUNCTION supervision_tell_person();
DROP TRIGGER tell_post ON halls_post;
DROP FUNCTION supervision_tell_post();
DROP FUNCTION supervision_tell_signers(text, text, bigint);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("halls", "0014_who_somebody_is_has_a_history"),
        ("supervision", "0036_orders_are_issued_where_they_say"),
    ]

    operations = [
        migrations.RunSQL(ACCOUNTS, NO_ACCOUNTS),
        migrations.RunSQL(SCREENS, NO_SCREENS),
        migrations.RunSQL(PEOPLE, NO_PEOPLE),
    ]
