"""Who lends the power to decide, and who is lent it, hears of the letter from the database."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION supervision_tell_letter() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  part text := CASE TG_OP WHEN 'INSERT' THEN 'letter' ELSE 'letter:revoked' END;
  giver text := (SELECT u.full_name FROM halls_user u WHERE u.id = NEW.grantor_id);
  taker text := (SELECT u.full_name FROM halls_user u WHERE u.id = NEW.grantee_id);
  what text := CASE TG_OP WHEN 'INSERT' THEN '授权' ELSE '撤回授权，不再由' END;
  days text := '（' || NEW.document_no || '，' || NEW.starts_on || ' 至 ' || NEW.ends_on || '）';
BEGIN
  IF pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
    RETURN NULL;
  END IF;
  PERFORM supervision_tell_signer(NEW.grantor_id, what || taker || '代为审批' || days, part, NEW.id, halls_now());
  INSERT INTO supervision_message (user_id, kind, level, words, detail, key, made_at)
  VALUES (NEW.grantee_id, 'notice', '', '登记提醒：' || giver || CASE TG_OP WHEN 'INSERT' THEN '授权您代为审批'
    ELSE '已撤回对您的授权' END || days || '。如情况不符，请立即告知县监察员和系统管理员。', '{}',
    'signature:' || part || ':' || NEW.id, halls_now());
  RETURN NULL;
END $$;
CREATE TRIGGER tell_letter AFTER INSERT OR UPDATE ON halls_delegation
  FOR EACH ROW EXECUTE FUNCTION supervision_tell_letter();
"""
BACKWARD = """
DROP TRIGGER tell_letter ON halls_delegation;
DROP FUNCTION supervision_tell_letter();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("halls", "0015_letters_begin_today"),
        ("supervision", "0045_acts_in_a_name_are_heard"),
    ]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
