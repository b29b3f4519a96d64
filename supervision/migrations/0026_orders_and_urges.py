"""催办 and 督办单: orders with their acts and files, urges with their answers."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GROWING = ("urge", "urgeanswer", "orderact", "orderfile")
FORWARD = """
-- Whoever acts is in the staff list under their own code.
CREATE FUNCTION supervision_require_person(who bigint, code text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM halls_user u WHERE u.id = who AND u.person_code = code) THEN
    RAISE EXCEPTION 'this person is not in the staff list' USING ERRCODE = 'restrict_violation';
  END IF;
END $$;

-- An urge happens now, on this day of the county; the case's row is the queue of those who urge it at once.
CREATE FUNCTION supervision_stamp_urge() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  standing text;
BEGIN
  SELECT status INTO standing FROM applications_application WHERE id = NEW.application_id FOR NO KEY UPDATE;
  NEW.at := date_trunc('second', halls_now());
  NEW.day := (NEW.at AT TIME ZONE 'Asia/Shanghai')::date;
  PERFORM supervision_require_person(NEW.user_id, NEW.person_code);
  IF standing IN ('draft', 'correcting', 'suspended', 'declined', 'delivered', 'withdrawn') THEN
    RAISE EXCEPTION 'nobody at work has this case' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.workday < NEW.day OR NEW.workday > NEW.day + 30 THEN
    RAISE EXCEPTION 'an urge counts on its day or on the next working day' USING ERRCODE = 'restrict_violation';
  END IF;
  IF (SELECT count(*) FROM supervision_urge u
      WHERE u.application_id = NEW.application_id AND u.workday = NEW.workday) >= 3 THEN
    RAISE EXCEPTION 'this case was urged three times this working day' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_new BEFORE INSERT ON supervision_urge
  FOR EACH ROW EXECUTE FUNCTION supervision_stamp_urge();

-- Only somebody who was urged answers.
CREATE FUNCTION supervision_stamp_urge_answer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.at := date_trunc('second', halls_now());
  PERFORM supervision_require_person(NEW.user_id, NEW.person_code);
  IF NOT EXISTS (
    SELECT FROM supervision_urge u, jsonb_array_elements(u.whom) one
    WHERE u.id = NEW.urge_id AND (one->>'user')::bigint = NEW.user_id
  ) THEN
    RAISE EXCEPTION 'this person was not urged' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_new BEFORE INSERT ON supervision_urgeanswer
  FOR EACH ROW EXECUTE FUNCTION supervision_stamp_urge_answer();

-- Where an order stands after an act (the table of supervision/domain/orders.py).
CREATE FUNCTION supervision_order_state(act text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE act WHEN 'issue' THEN 'issued' WHEN 'extend' THEN 'issued' WHEN 'send_back' THEN 'issued'
    WHEN 'reply' THEN 'replied' WHEN 'accept' THEN 'closed' WHEN 'give_up' THEN 'unrectified'
    WHEN 'withdraw' THEN 'withdrawn' END
$$;

-- An order is issued now and draws its number: one after the other in its county and year, whoever writes at once.
-- What it says does not change; it stands where its latest act left it.
CREATE FUNCTION supervision_guard_order() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  latest supervision_orderact;
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'an order stays' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'INSERT' THEN
    PERFORM pg_advisory_xact_lock(hashtext('supervision.order'), hashtext(NEW.county_code));
    PERFORM supervision_require_person(NEW.issued_by_id, NEW.issued_person);
    IF NEW.state <> 'issued' THEN
      RAISE EXCEPTION 'an order begins when it is issued' USING ERRCODE = 'restrict_violation';
    END IF;
    NEW.issued_at := date_trunc('second', halls_now());
    NEW.year := extract(year FROM NEW.issued_at AT TIME ZONE 'Asia/Shanghai');
    SELECT coalesce(max(o.serial), 0) + 1 INTO NEW.serial FROM supervision_supervisionorder o
      WHERE o.county_code = NEW.county_code AND o.year = NEW.year;
    RETURN NEW;
  END IF;
  IF to_jsonb(NEW) - '{state,term_id}'::text[] <> to_jsonb(OLD) - '{state,term_id}'::text[] THEN
    RAISE EXCEPTION 'what was ordered does not change' USING ERRCODE = 'restrict_violation';
  END IF;
  SELECT * INTO latest FROM supervision_orderact a WHERE a.order_id = NEW.id ORDER BY a.seq DESC LIMIT 1;
  IF NEW.state IS DISTINCT FROM supervision_order_state(latest.act) THEN
    RAISE EXCEPTION 'an order stands where its latest act left it' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.term_id <> OLD.term_id AND (latest.act <> 'send_back' OR latest.term_id <> NEW.term_id) THEN
    RAISE EXCEPTION 'a new limit begins with an act' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON supervision_supervisionorder
  FOR EACH ROW EXECUTE FUNCTION supervision_guard_order();

-- An act happens now, where the order allows it; nobody verifies what they replied, or answers what they ordered.
CREATE FUNCTION supervision_guard_order_act() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  o supervision_supervisionorder;
  t supervision_term;
  latest text;
  may boolean;
BEGIN
  SELECT * INTO o FROM supervision_supervisionorder WHERE id = NEW.order_id FOR NO KEY UPDATE;
  SELECT * INTO t FROM supervision_term WHERE id = o.term_id;
  SELECT a.act INTO latest FROM supervision_orderact a WHERE a.order_id = NEW.order_id ORDER BY a.seq DESC LIMIT 1;
  NEW.at := date_trunc('second', halls_now());
  SELECT coalesce(max(a.seq), 0) + 1 INTO NEW.seq FROM supervision_orderact a WHERE a.order_id = NEW.order_id;
  PERFORM supervision_require_person(NEW.user_id, NEW.person_code);
  may := CASE NEW.act
    WHEN 'issue' THEN latest IS NULL AND NEW.term_id = o.term_id
    WHEN 'extend' THEN supervision_order_state(latest) = 'issued'
    WHEN 'reply' THEN supervision_order_state(latest) = 'issued'
    WHEN 'withdraw' THEN supervision_order_state(latest) = 'issued' AND latest <> 'send_back'
      AND NOT EXISTS (SELECT FROM supervision_orderact a WHERE a.order_id = NEW.order_id AND a.act = 'reply')
    WHEN 'give_up' THEN supervision_order_state(latest) = 'replied'
      OR (supervision_order_state(latest) = 'issued' AND t.due_at < NEW.at)
    ELSE supervision_order_state(latest) = 'replied' END;
  IF may IS NOT TRUE THEN
    RAISE EXCEPTION 'the order does not stand where this act may be done' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.act = 'reply' AND NEW.person_code = o.issued_person THEN
    RAISE EXCEPTION 'whoever ordered does not answer' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.act IN ('accept', 'send_back', 'give_up') AND EXISTS (
    SELECT FROM supervision_orderact a
    WHERE a.order_id = NEW.order_id AND a.act = 'reply' AND (a.person_code = NEW.person_code OR a.user_id = NEW.user_id)
  ) THEN
    RAISE EXCEPTION 'another person verifies a reply' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_new BEFORE INSERT ON supervision_orderact
  FOR EACH ROW EXECUTE FUNCTION supervision_guard_order_act();

-- Files come with a reply, before anybody verifies it.
CREATE FUNCTION supervision_guard_order_file() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM supervision_orderact a
    WHERE a.id = NEW.act_id AND a.act = 'reply'
      AND NOT EXISTS (SELECT FROM supervision_orderact b WHERE b.order_id = a.order_id AND b.seq > a.seq)
  ) THEN
    RAISE EXCEPTION 'a file comes with a reply' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_new BEFORE INSERT ON supervision_orderfile
  FOR EACH ROW EXECUTE FUNCTION supervision_guard_order_file();
""" + "".join(
    f"""
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON supervision_{table}
  FOR EACH ROW EXECUTE FUNCTION halls_refuse_change();"""
    for table in GROWING
) + "".join(
    f"""
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON supervision_{table}
  FOR EACH STATEMENT EXECUTE FUNCTION halls_refuse_truncate();"""
    for table in (*GROWING, "supervisionorder")
)
BACKWARD = "".join(
    f"DROP TRIGGER {trigger} ON supervision_{table};\n"
    for table in (*GROWING, "supervisionorder")
    for trigger in (
        ("guard", "never_truncated") if table == "supervisionorder" else ("guard_new", "append_only", "never_truncated")
    )
) + """
DROP FUNCTION supervision_stamp_urge();
DROP FUNCTION supervision_stamp_urge_answer();
DROP FUNCTION supervision_guard_order();
DROP FUNCTION supervision_guard_order_act();
DROP FUNCTION supervision_guard_order_file();
DROP FUNCTION supervision_order_state(text);
DROP FUNCTION supervision_require_person(bigint, text);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0013_acts_tell_what_their_verb_does'),
        ("supervision", "0025_ratings"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SupervisionOrder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('county_code', models.CharField(max_length=6)),
                ('year', models.PositiveSmallIntegerField()),
                ('serial', models.PositiveIntegerField()),
                ('title', models.CharField(max_length=100, verbose_name='事由')),
                ('organ_path', models.CharField(max_length=96)),
                ('organ_name', models.CharField(max_length=96, verbose_name='承办单位')),
                ('above_path', models.CharField(blank=True, max_length=96)),
                ('duty', models.CharField(choices=[('file', '代办收件'), ('accept', '受理'), ('examine', '审查'), ('decide', '决定'), ('issue', '出件送达'), ('supervise', '监察'), ('edit_matters', '事项管理'), ('administer', '机构与人员管理')], max_length=16, verbose_name='由谁回复')),
                ('issuer_path', models.CharField(max_length=96)),
                ('issuer_name', models.CharField(max_length=96, verbose_name='签发单位')),
                ('facts', models.TextField(max_length=2000, verbose_name='事实')),
                ('demand', models.TextField(max_length=1000, verbose_name='要求')),
                ('basis', models.CharField(max_length=300, verbose_name='依据')),
                ('state', models.CharField(choices=[('issued', '待回复'), ('replied', '待核验'), ('closed', '已办结'), ('unrectified', '未整改'), ('withdrawn', '已撤回')], default='issued', max_length=12, verbose_name='状态')),
                ('issued_person', models.CharField(max_length=32, verbose_name='人员编号')),
                ('issued_at', models.DateTimeField(verbose_name='签发时间')),
                ('application', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='applications.application')),
                ('card', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='supervision.limitwarning')),
                ('issued_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='签发人')),
                ('term', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='order', to='supervision.term')),
            ],
            options={
                'verbose_name': '督办单',
                'verbose_name_plural': '督办单',
                'ordering': ('-pk',),
            },
        ),
        migrations.CreateModel(
            name='OrderAct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.PositiveSmallIntegerField()),
                ('act', models.CharField(choices=[('issue', '签发'), ('extend', '延期'), ('reply', '回复'), ('accept', '核验通过，办结'), ('send_back', '退回重办'), ('give_up', '未整改，办结'), ('withdraw', '撤回')], max_length=12, verbose_name='办理')),
                ('words', models.TextField(blank=True, max_length=2000, verbose_name='内容')),
                ('days', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='延期工作日')),
                ('person_code', models.CharField(max_length=32, verbose_name='人员编号')),
                ('post', models.CharField(blank=True, max_length=200, verbose_name='岗位')),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('term', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='begun_by', to='supervision.term')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='经办人')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acts', to='supervision.supervisionorder')),
            ],
            options={
                'verbose_name': '督办单办理记录',
                'verbose_name_plural': '督办单办理记录',
                'ordering': ('order', 'seq'),
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Urge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seat_path', models.CharField(max_length=96, verbose_name='办件在谁手上')),
                ('whom', models.JSONField(verbose_name='催办对象')),
                ('reason', models.CharField(max_length=300, verbose_name='催办理由')),
                ('office_path', models.CharField(max_length=96)),
                ('office_name', models.CharField(max_length=96, verbose_name='催办单位')),
                ('person_code', models.CharField(max_length=32, verbose_name='人员编号')),
                ('day', models.DateField(verbose_name='日期')),
                ('workday', models.DateField(verbose_name='计入的工作日')),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('application', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='urges', to='applications.application')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='催办人')),
            ],
            options={
                'verbose_name': '催办',
                'verbose_name_plural': '催办',
                'ordering': ('-pk',),
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='UrgeAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.CharField(max_length=200, verbose_name='答复')),
                ('person_code', models.CharField(max_length=32, verbose_name='人员编号')),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('urge', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='answer', to='supervision.urge', verbose_name='催办')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='答复人')),
            ],
            options={
                'verbose_name': '催办答复',
                'verbose_name_plural': '催办答复',
                'ordering': ('pk',),
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='OrderFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='文件名')),
                ('media_type', models.CharField(max_length=100, verbose_name='类型')),
                ('size', models.PositiveIntegerField(verbose_name='字节')),
                ('sha256', models.CharField(max_length=64)),
                ('act', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='supervision.orderact')),
            ],
            options={
                'verbose_name': '督办回复附件',
                'verbose_name_plural': '督办回复附件',
                'ordering': ('act', 'pk'),
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='orderfile_digest')],
            },
        ),
        migrations.AddIndex(
            model_name='supervisionorder',
            index=models.Index(fields=['organ_path', '-id'], name='order_of_organ', opclasses=('text_pattern_ops', 'int8_ops')),
        ),
        migrations.AddIndex(
            model_name='supervisionorder',
            index=models.Index(fields=['issuer_path', '-id'], name='order_of_issuer'),
        ),
        migrations.AddIndex(
            model_name='supervisionorder',
            index=models.Index(condition=models.Q(('above_path', ''), _negated=True), fields=['above_path', '-id'], name='order_of_above'),
        ),
        migrations.AddConstraint(
            model_name='supervisionorder',
            constraint=models.UniqueConstraint(fields=('county_code', 'year', 'serial'), name='order_number_once'),
        ),
        migrations.AddConstraint(
            model_name='supervisionorder',
            constraint=models.UniqueConstraint(condition=models.Q(('application__isnull', False), ('state__in', ['issued', 'replied'])), fields=('application', 'organ_path'), name='order_one_open_of_case'),
        ),
        migrations.AddConstraint(
            model_name='supervisionorder',
            constraint=models.UniqueConstraint(condition=models.Q(('application__isnull', True), ('state__in', ['issued', 'replied'])), fields=('organ_path', 'title'), name='order_one_open_of_matter'),
        ),
        migrations.AddConstraint(
            model_name='supervisionorder',
            constraint=models.CheckConstraint(condition=models.Q(('card__isnull', True), ('application__isnull', False), _connector='OR'), name='order_of_card_is_of_its_case'),
        ),
        migrations.AddConstraint(
            model_name='supervisionorder',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('title', ''), _negated=True), models.Q(('facts', ''), _negated=True), models.Q(('demand', ''), _negated=True), models.Q(('basis', ''), _negated=True)), name='order_says_what_and_why'),
        ),
        migrations.AddConstraint(
            model_name='supervisionorder',
            constraint=models.CheckConstraint(condition=models.Q(('duty', 'supervise'), ('organ_path', models.F('issuer_path')), _negated=True), name='order_is_not_to_oneself'),
        ),
        migrations.AddConstraint(
            model_name='orderact',
            constraint=models.UniqueConstraint(fields=('order', 'seq'), name='orderact_seq_once'),
        ),
        migrations.AddConstraint(
            model_name='orderact',
            constraint=models.UniqueConstraint(condition=models.Q(('act', 'reply'), _negated=True), fields=('order', 'act'), name='orderact_once'),
        ),
        migrations.AddConstraint(
            model_name='orderact',
            constraint=models.CheckConstraint(condition=models.Q(('act', 'issue'), models.Q(('words', ''), _negated=True), _connector='OR'), name='orderact_says_why'),
        ),
        migrations.AddConstraint(
            model_name='orderact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('act', 'extend'), ('days__gt', 0)), models.Q(models.Q(('act', 'extend'), _negated=True), ('days__isnull', True)), _connector='OR'), name='orderact_extends_by_days'),
        ),
        migrations.AddConstraint(
            model_name='orderact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('act__in', ['issue', 'send_back']), ('term__isnull', False)), models.Q(models.Q(('act__in', ['issue', 'send_back']), _negated=True), ('term__isnull', True)), _connector='OR'), name='orderact_begins_a_limit'),
        ),
        migrations.AddIndex(
            model_name='urge',
            index=models.Index(fields=['application', 'workday'], name='urge_of_case'),
        ),
        migrations.AddConstraint(
            model_name='urge',
            constraint=models.UniqueConstraint(fields=('application', 'office_path', 'day'), name='urge_once_a_day'),
        ),
        migrations.AddConstraint(
            model_name='urge',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='urge_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='urgeanswer',
            constraint=models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='urgeanswer_says_something'),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
