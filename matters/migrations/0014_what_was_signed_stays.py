"""What two persons signed cannot be rewritten beside them; columns for what is told of it."""

from django.db import migrations, models

# A draft goes forward, or back to be written without any signature. What was signed is what was written, the signer is
# the account's own person and wrote nothing of it, and the moment is the database's.
DRAFT = """
CREATE FUNCTION matters_guard_draft() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  signed CONSTANT text[] := ARRAY['state', 'version', 'content_hash', 'checked_by_id', 'checked_person', 'checked_at',
    'approved_by_id', 'approved_person', 'approved_at', 'effective_on', 'matter_id', 'published_id',
    'handed_back_reason'];
BEGIN
  IF pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a draft stays' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'editing' OR NEW.checked_person <> '' OR NEW.approved_person <> ''
       OR NEW.published_id IS NOT NULL THEN
      RAISE EXCEPTION 'a draft begins unsigned' USING ERRCODE = 'restrict_violation';
    END IF;
    NEW.edited_at := date_trunc('second', halls_now());
    RETURN NEW;
  END IF;
  IF OLD.state IN ('published', 'dropped') THEN
    RAISE EXCEPTION 'a closed draft stays as it is' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.id <> OLD.id OR NEW.code <> OLD.code OR NEW.base_id IS DISTINCT FROM OLD.base_id
     OR NEW.version <= OLD.version THEN
    RAISE EXCEPTION 'a draft stays that of its matter, and every act counts' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.state = 'editing' THEN
    IF NEW.checked_person <> '' OR NEW.approved_person <> '' OR NEW.checked_by_id IS NOT NULL
       OR NEW.approved_by_id IS NOT NULL OR NEW.published_id IS NOT NULL THEN
      RAISE EXCEPTION 'an edit takes the signatures away' USING ERRCODE = 'restrict_violation';
    END IF;
    IF to_jsonb(NEW) - signed <> to_jsonb(OLD) - signed THEN
      NEW.edited_at := date_trunc('second', halls_now());
    END IF;
    RETURN NEW;
  END IF;
  IF to_jsonb(NEW) - signed <> to_jsonb(OLD) - signed THEN
    RAISE EXCEPTION 'what is signed is what was written' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.state = 'dropped' THEN
    RETURN NEW;
  END IF;
  IF NOT (OLD.state, NEW.state) IN (('editing', 'checked'), ('checked', 'approved'), ('checked', 'published'),
                                    ('approved', 'published')) THEN
    RAISE EXCEPTION 'a draft goes from % to % by no act', OLD.state, NEW.state USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.state = 'editing' THEN
    NEW.checked_at := date_trunc('second', halls_now());
  ELSIF NEW.content_hash <> OLD.content_hash OR NEW.checked_person <> OLD.checked_person
        OR NEW.checked_by_id IS DISTINCT FROM OLD.checked_by_id OR NEW.checked_at IS DISTINCT FROM OLD.checked_at THEN
    RAISE EXCEPTION 'what was checked stays' USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.state = 'checked' THEN
    NEW.approved_at := date_trunc('second', halls_now());
    IF NOT EXISTS (SELECT FROM halls_user u WHERE u.id = NEW.approved_by_id AND u.person_code = NEW.approved_person)
       OR EXISTS (SELECT FROM matters_historicalguidedraft h WHERE h.id = NEW.id AND h.history_type = '~'
                  AND h.state = 'editing' AND h.edited_person = NEW.approved_person) THEN
      RAISE EXCEPTION 'a guide is approved by another person than its writers' USING ERRCODE = 'restrict_violation';
    END IF;
  ELSIF OLD.state = 'approved' AND (NEW.approved_person <> OLD.approved_person
        OR NEW.approved_by_id IS DISTINCT FROM OLD.approved_by_id OR NEW.approved_at IS DISTINCT FROM OLD.approved_at
        OR NEW.effective_on IS DISTINCT FROM OLD.effective_on) THEN
    RAISE EXCEPTION 'what was approved stays' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_draft BEFORE INSERT OR UPDATE OR DELETE ON matters_guidedraft
  FOR EACH ROW EXECUTE FUNCTION matters_guard_draft();
"""
UNDRAFT = """
DROP TRIGGER guard_draft ON matters_guidedraft;
DROP FUNCTION matters_guard_draft();
"""
# The guide in force is the newest of its own matter. Whoever owns the tables imports, and plays guides on the stage.
CURRENT = """
CREATE FUNCTION matters_guard_current() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.current_id IS NOT NULL THEN
      RAISE EXCEPTION 'a matter begins without a guide' USING ERRCODE = 'restrict_violation';
    END IF;
  ELSIF NEW.current_id IS DISTINCT FROM OLD.current_id AND NOT EXISTS (
      SELECT FROM matters_matterversion v WHERE v.id = NEW.current_id AND v.matter_id = NEW.id
      AND v.superseded_at IS NULL
      AND NOT EXISTS (SELECT FROM matters_matterversion o WHERE o.matter_id = v.matter_id AND o.number > v.number)) THEN
    RAISE EXCEPTION 'the guide in force is the newest' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_current BEFORE INSERT OR UPDATE ON matters_matter
  FOR EACH ROW EXECUTE FUNCTION matters_guard_current();
"""
UNCURRENT = """
DROP TRIGGER guard_current ON matters_matter;
DROP FUNCTION matters_guard_current();
"""
VERSION = """
CREATE OR REPLACE FUNCTION matters_guide_is_signed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Whoever owns the table imports whole catalogues, before and beside the people.
  IF pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
    RETURN NULL;
  END IF;
  IF TG_OP <> 'INSERT' THEN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'superseded_at' = to_jsonb(OLD) - 'superseded_at'%(once)s THEN
      RETURN NULL;
    END IF;
    RAISE EXCEPTION 'a published guide is not changed' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NOT EXISTS (SELECT FROM matters_guidedraft d WHERE d.published_id = NEW.id AND d.state = 'published'
                 AND d.approved_person <> '' AND d.content_hash = NEW.content_hash) THEN
    RAISE EXCEPTION 'a guide is published by two persons' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
"""
ONCE = """
       AND (NEW.superseded_at IS NOT DISTINCT FROM OLD.superseded_at
            OR OLD.superseded_at IS NULL AND NEW.superseded_at <= halls_now())"""
PART = """
CREATE OR REPLACE FUNCTION matters_guard_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' AND EXISTS (SELECT FROM applications_application a WHERE a.guide_id = OLD.version_id)
     OR TG_OP <> 'DELETE' AND EXISTS (SELECT FROM applications_application a WHERE a.guide_id = NEW.version_id) THEN
    RAISE EXCEPTION 'a guide that cases were filed under stays as published' USING ERRCODE = 'restrict_violation';
  END IF;
  %(published)s
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""
PUBLISHED = """-- Parts come with their version, before the matter turns to it.
  IF NOT pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE')
     AND EXISTS (SELECT FROM matters_matterversion v JOIN matters_matter m ON m.id = v.matter_id
                 WHERE v.id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.version_id END,
                                CASE WHEN TG_OP <> 'DELETE' THEN NEW.version_id END)
                 AND (v.superseded_at IS NOT NULL OR m.current_id = v.id)) THEN
    RAISE EXCEPTION 'a published guide keeps its parts' USING ERRCODE = 'restrict_violation';
  END IF;"""
FILE = """
CREATE FUNCTION matters_guard_file() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  IF TG_OP = 'DELETE' OR OLD.replaced_at IS NOT NULL OR NEW.replaced_at IS NULL OR NEW.replaced_at > halls_now()
     OR to_jsonb(NEW) - 'replaced_at' <> to_jsonb(OLD) - 'replaced_at' THEN
    RAISE EXCEPTION 'a file that people could fetch is only put aside' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_file BEFORE UPDATE OR DELETE ON matters_guidefile
  FOR EACH ROW EXECUTE FUNCTION matters_guard_file();
"""
UNFILE = """
DROP TRIGGER guard_file ON matters_guidefile;
DROP FUNCTION matters_guard_file();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('matters', '0013_sameness_reports'),
    ]

    operations = [
        migrations.AddField(
            model_name='guidedraft',
            name='handed_back_reason',
            field=models.TextField(blank=True, db_default='', default='', verbose_name='没有施行的原因'),
        ),
        migrations.AddField(
            model_name='historicalguidedraft',
            name='handed_back_reason',
            field=models.TextField(blank=True, db_default='', default='', verbose_name='没有施行的原因'),
        ),
        migrations.AddField(
            model_name='samenessreport',
            name='uncoded',
            field=models.PositiveIntegerField(db_default=0, default=0, verbose_name='没有基本编码'),
        ),
        migrations.AlterField(
            model_name='historicalguidedraft',
            name='history_change_reason',
            field=models.TextField(null=True),
        ),
        migrations.AlterField(
            model_name='historicalhallmatter',
            name='history_change_reason',
            field=models.TextField(null=True),
        ),
        migrations.AlterField(
            model_name='historicalmatter',
            name='history_change_reason',
            field=models.TextField(null=True),
        ),
        migrations.AlterField(
            model_name='historicalmatterversion',
            name='history_change_reason',
            field=models.TextField(null=True),
        ),
        migrations.AlterField(
            model_name='historicalmatterversion',
            name='promised_basis',
            field=models.CharField(choices=[('source', '公开指南'), ('borrowed', '他县公开指南'), ('page', '公开网页'), ('law_knowledge', '据法律常识推定'), ('curated', '示例数据')], max_length=16),
        ),
        migrations.AlterField(
            model_name='historicalmatterversion',
            name='statutory_basis',
            field=models.CharField(blank=True, choices=[('source', '公开指南'), ('borrowed', '他县公开指南'), ('page', '公开网页'), ('law_knowledge', '据法律常识推定'), ('curated', '示例数据')], max_length=16),
        ),
        migrations.AlterField(
            model_name='matterversion',
            name='promised_basis',
            field=models.CharField(choices=[('source', '公开指南'), ('borrowed', '他县公开指南'), ('page', '公开网页'), ('law_knowledge', '据法律常识推定'), ('curated', '示例数据')], max_length=16),
        ),
        migrations.AlterField(
            model_name='matterversion',
            name='statutory_basis',
            field=models.CharField(blank=True, choices=[('source', '公开指南'), ('borrowed', '他县公开指南'), ('page', '公开网页'), ('law_knowledge', '据法律常识推定'), ('curated', '示例数据')], max_length=16),
        ),
        migrations.AlterField(
            model_name='samenessreport',
            name='compared',
            field=models.PositiveIntegerField(verbose_name='逐一核对'),
        ),
        migrations.RunSQL(DRAFT, UNDRAFT),
        migrations.RunSQL(CURRENT, UNCURRENT),
        migrations.RunSQL(VERSION % {"once": ONCE}, VERSION % {"once": ""}),
        migrations.RunSQL(PART % {"published": PUBLISHED}, PART % {"published": ""}),
        migrations.RunSQL(FILE, UNFILE),
    ]
