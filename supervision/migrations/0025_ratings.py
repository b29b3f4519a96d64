"""Ratings, what becomes of them, and the weekly sample of proxied cases that is called back."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


FORWARD = """
-- A rating is given now, about a case that has ended, within the days it is open; what was said does not change.
CREATE FUNCTION supervision_guard_rating() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  c applications_application;
  last_state varchar;
  judged varchar;
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a rating stays' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'INSERT' THEN
    SELECT * INTO c FROM applications_application WHERE id = NEW.application_id;
    NEW.rated_at := date_trunc('second', halls_now());
    NEW.hall_id := c.hall_id;
    NEW.path := c.path;
    NEW.state := CASE WHEN NEW.level <= 2 THEN 'contacting' ELSE 'plain' END;
    NEW.validity := '';
    NEW.rectify_term_id := NULL;
    IF c.ended_at IS NULL OR NEW.rated_at > c.ended_at + interval '30 days' THEN
      RAISE EXCEPTION 'this case is not open for a rating' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF (to_jsonb(NEW) - '{state,validity,rectify_term_id}'::text[])
     IS DISTINCT FROM (to_jsonb(OLD) - '{state,validity,rectify_term_id}'::text[]) THEN
    RAISE EXCEPTION 'what was rated does not change' USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.rectify_term_id IS NOT NULL AND NEW.rectify_term_id IS DISTINCT FROM OLD.rectify_term_id THEN
    RAISE EXCEPTION 'a rating is put right within one limit' USING ERRCODE = 'restrict_violation';
  END IF;
  SELECT a.to_state INTO last_state FROM supervision_ratingact a
    WHERE a.rating_id = NEW.id ORDER BY a.id DESC LIMIT 1;
  SELECT CASE a.act WHEN 'exclude' THEN 'excluded' ELSE a.act END INTO judged FROM supervision_ratingact a
    WHERE a.rating_id = NEW.id AND a.act IN ('valid', 'invalid', 'exclude') ORDER BY a.id DESC LIMIT 1;
  IF NEW.state <> OLD.state AND NEW.state IS DISTINCT FROM last_state
     OR NEW.validity <> OLD.validity AND NEW.validity IS DISTINCT FROM judged THEN
    RAISE EXCEPTION 'a rating stands where its acts have left it' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON supervision_rating
  FOR EACH ROW EXECUTE FUNCTION supervision_guard_rating();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON supervision_rating
  FOR EACH STATEMENT EXECUTE FUNCTION halls_refuse_truncate();

-- An act happens now, and leads from where the rating stands. Nobody who worked on the case judges its rating.
CREATE FUNCTION supervision_guard_rating_act() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  r supervision_rating;
  asked bigint;
BEGIN
  SELECT * INTO r FROM supervision_rating WHERE id = NEW.rating_id FOR NO KEY UPDATE;
  NEW.at := date_trunc('second', halls_now());
  IF NOT ((r.state, NEW.act, NEW.to_state) IN (
       ('contacting', 'contact', 'verifying'), ('contacting', 'attempt', 'contacting'),
       ('contacting', 'attempt', 'verifying'), ('verifying', 'valid', 'rectifying'),
       ('verifying', 'invalid', 'explaining'), ('rectifying', 'extend', 'rectifying'),
       ('rectifying', 'rectify', 'answering'), ('answering', 'answer', 'revisiting'),
       ('revisiting', 'revisit', 'publishing'), ('publishing', 'publish', 'closed'),
       ('explaining', 'explain', 'closed'))
     OR r.state <> 'excluded' AND NEW.act IN ('appeal', 'uphold') AND NEW.to_state = r.state
     OR r.state <> 'excluded' AND NEW.act = 'exclude' AND NEW.to_state = 'excluded') THEN
    RAISE EXCEPTION 'this act does not follow' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.act IN ('exclude', 'uphold') THEN
    SELECT a.id INTO asked FROM supervision_ratingact a
      WHERE a.rating_id = r.id AND a.act = 'appeal' AND a.person_code <> NEW.person_code
        AND NOT EXISTS (SELECT FROM supervision_ratingact b WHERE b.rating_id = r.id AND b.act IN ('exclude', 'uphold'));
    IF asked IS NULL THEN
      RAISE EXCEPTION 'nobody else has appealed' USING ERRCODE = 'restrict_violation';
    END IF;
  END IF;
  IF NEW.act IN ('valid', 'invalid', 'exclude', 'uphold') AND EXISTS (
       SELECT FROM applications_event e WHERE e.application_id = r.application_id AND e.person_code = NEW.person_code
               AND e.verb <> 'recalculate') THEN
    RAISE EXCEPTION 'judged by whoever worked on the case' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_new BEFORE INSERT ON supervision_ratingact
  FOR EACH ROW EXECUTE FUNCTION supervision_guard_rating_act();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON supervision_ratingact
  FOR EACH ROW EXECUTE FUNCTION halls_refuse_change();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON supervision_ratingact
  FOR EACH STATEMENT EXECUTE FUNCTION halls_refuse_truncate();

-- A sample is drawn after its week is over; a call happens now.
CREATE FUNCTION supervision_guard_draw() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.drawn_at := date_trunc('second', halls_now());
  IF extract(isodow FROM NEW.week) <> 1 OR NEW.drawn_at < (NEW.week + 7)::timestamp AT TIME ZONE 'Asia/Shanghai' THEN
    RAISE EXCEPTION 'this week is not over' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION supervision_guard_call() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.at := date_trunc('second', halls_now());
  IF EXISTS (SELECT FROM supervision_callbackcall c WHERE c.callback_id = NEW.callback_id AND c.is_reached) THEN
    RAISE EXCEPTION 'this villager has answered' USING ERRCODE = 'restrict_violation';
  END IF;
  IF EXISTS (SELECT FROM supervision_callback k JOIN applications_event e ON e.application_id = k.application_id
             WHERE k.id = NEW.callback_id AND e.person_code = NEW.person_code
               AND e.verb <> 'recalculate') THEN
    RAISE EXCEPTION 'called by whoever worked on the case' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_new BEFORE INSERT ON supervision_callbackdraw
  FOR EACH ROW EXECUTE FUNCTION supervision_guard_draw();
CREATE TRIGGER guard_new BEFORE INSERT ON supervision_callbackcall
  FOR EACH ROW EXECUTE FUNCTION supervision_guard_call();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON supervision_callbackdraw
  FOR EACH ROW EXECUTE FUNCTION halls_refuse_change();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON supervision_callbackdraw
  FOR EACH STATEMENT EXECUTE FUNCTION halls_refuse_truncate();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON supervision_callback
  FOR EACH ROW EXECUTE FUNCTION halls_refuse_change();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON supervision_callback
  FOR EACH STATEMENT EXECUTE FUNCTION halls_refuse_truncate();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON supervision_callbackcall
  FOR EACH ROW EXECUTE FUNCTION halls_refuse_change();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON supervision_callbackcall
  FOR EACH STATEMENT EXECUTE FUNCTION halls_refuse_truncate();
"""
BACKWARD = "".join(
    f"DROP TRIGGER {trigger} ON supervision_{table};"
    for table, triggers in {
        "rating": ("guard", "never_truncated"),
        "ratingact": ("guard_new", "append_only", "never_truncated"),
        "callbackdraw": ("guard_new", "append_only", "never_truncated"),
        "callback": ("append_only", "never_truncated"),
        "callbackcall": ("guard_new", "append_only", "never_truncated"),
    }.items()
    for trigger in triggers
) + "".join(f"DROP FUNCTION supervision_guard_{name}();" for name in ("rating", "rating_act", "draw", "call"))


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0013_acts_tell_what_their_verb_does'),
        ('halls', '0011_numbers_and_posts'),
        ("supervision", "0024_villagers_speak"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CallbackDraw',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('week', models.DateField(unique=True, verbose_name='周（周一）')),
                ('seed', models.CharField(max_length=64)),
                ('percent', models.PositiveSmallIntegerField(verbose_name='比例')),
                ('population', models.PositiveIntegerField(verbose_name='代办件总数')),
                ('drawn_at', models.DateTimeField(verbose_name='抽取时间')),
            ],
            options={
                'verbose_name': '代办件回访抽样',
                'verbose_name_plural': '代办件回访抽样',
                'ordering': ('-week',),
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Callback',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', models.CharField(max_length=64)),
                ('application', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='callback', to='applications.application')),
                ('draw', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='callbacks', to='supervision.callbackdraw')),
            ],
            options={
                'verbose_name': '代办件回访',
                'verbose_name_plural': '代办件回访',
                'ordering': ('-pk',),
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Rating',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', models.CharField(max_length=64)),
                ('level', models.PositiveSmallIntegerField(choices=[(5, '非常满意'), (4, '满意'), (3, '基本满意'), (2, '不满意'), (1, '非常不满意')], verbose_name='满意程度')),
                ('details', models.JSONField(blank=True, default=list, verbose_name='评价细项')),
                ('text', models.CharField(blank=True, max_length=500, verbose_name='文字评价')),
                ('channel', models.CharField(choices=[('qr', '扫码'), ('web', '手机、电脑网页'), ('tablet', '大厅平板'), ('phone', '电话回访'), ('post', '邮寄书面')], max_length=8, verbose_name='评价渠道')),
                ('rated_at', models.DateTimeField(verbose_name='评价时间')),
                ('client', models.CharField(blank=True, max_length=64)),
                ('device', models.CharField(blank=True, max_length=64)),
                ('earlier', models.PositiveSmallIntegerField(default=0, verbose_name='此前同一来源的评价')),
                ('entered_person', models.CharField(blank=True, max_length=32)),
                ('state', models.CharField(choices=[('plain', '已登记'), ('contacting', '待联系'), ('verifying', '待核实'), ('rectifying', '整改中'), ('answering', '待反馈'), ('revisiting', '待回访'), ('publishing', '待公开'), ('explaining', '待解释'), ('closed', '已办结'), ('excluded', '已剔除')], max_length=12, verbose_name='办理状态')),
                ('validity', models.CharField(blank=True, choices=[('', '未判定'), ('valid', '有效'), ('invalid', '没有依据'), ('excluded', '已剔除')], default='', max_length=8, verbose_name='有效性')),
                ('application', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='rating', to='applications.application', verbose_name='办件')),
                ('contact_term', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rating_to_contact', to='supervision.term')),
                ('entered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('hall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ratings', to='halls.hall', verbose_name='被评价的大厅')),
                ('rectify_term', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rating_to_rectify', to='supervision.term')),
            ],
            options={
                'verbose_name': '好差评',
                'verbose_name_plural': '好差评',
                'ordering': ('-rated_at', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='RatingAct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('act', models.CharField(choices=[('attempt', '联系未接通'), ('contact', '已联系评价人'), ('valid', '核实属实'), ('invalid', '核实没有依据'), ('extend', '整改延期'), ('rectify', '整改完成'), ('answer', '反馈评价人'), ('revisit', '回访'), ('publish', '公开'), ('explain', '向评价人解释'), ('appeal', '申诉'), ('exclude', '申诉成立，剔除'), ('uphold', '申诉不成立，维持')], max_length=8, verbose_name='办理')),
                ('to_state', models.CharField(choices=[('plain', '已登记'), ('contacting', '待联系'), ('verifying', '待核实'), ('rectifying', '整改中'), ('answering', '待反馈'), ('revisiting', '待回访'), ('publishing', '待公开'), ('explaining', '待解释'), ('closed', '已办结'), ('excluded', '已剔除')], max_length=12)),
                ('reason', models.CharField(max_length=500, verbose_name='情况')),
                ('is_content', models.BooleanField(blank=True, null=True, verbose_name='回访满意')),
                ('person_code', models.CharField(max_length=32)),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('rating', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acts', to='supervision.rating')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='经办人')),
            ],
            options={
                'verbose_name': '好差评办理',
                'verbose_name_plural': '好差评办理',
                'ordering': ('rating', 'pk'),
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='CallbackCall',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_reached', models.BooleanField(verbose_name='接通')),
                ('was_served', models.BooleanField(blank=True, null=True, verbose_name='委托办理属实')),
                ('has_papers', models.BooleanField(blank=True, null=True, verbose_name='结果已收到')),
                ('has_paid', models.BooleanField(blank=True, null=True, verbose_name='被收过费用')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='情况')),
                ('person_code', models.CharField(max_length=32)),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('callback', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='calls', to='supervision.callback')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='回访人')),
            ],
            options={
                'verbose_name': '回访通话',
                'verbose_name_plural': '回访通话',
                'ordering': ('callback', 'pk'),
                'abstract': False,
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_reached', True)), fields=('callback',), name='call_reached_once'), models.CheckConstraint(condition=models.Q(models.Q(('has_paid__isnull', False), ('has_papers__isnull', False), ('is_reached', True), ('was_served__isnull', False)), models.Q(('has_paid', None), ('has_papers', None), ('is_reached', False), ('was_served', None)), _connector='OR'), name='call_reached_has_its_answers'), models.CheckConstraint(condition=models.Q(models.Q(('has_paid', True), _negated=True), models.Q(('note', ''), _negated=True), _connector='OR'), name='call_paid_says_what')],
            },
        ),
        migrations.AddIndex(
            model_name='callback',
            index=models.Index(fields=['path', '-id'], name='callback_of_hall', opclasses=('text_pattern_ops', '')),
        ),
        migrations.AddIndex(
            model_name='rating',
            index=models.Index(fields=['path', '-rated_at'], name='rating_of_hall', opclasses=('text_pattern_ops', '')),
        ),
        migrations.AddIndex(
            model_name='rating',
            index=models.Index(condition=models.Q(('state__in', ['plain', 'closed']), _negated=True), fields=['state', 'rated_at'], name='rating_open'),
        ),
        migrations.AddIndex(
            model_name='rating',
            index=models.Index(condition=models.Q(('client', ''), _negated=True), fields=['client', 'rated_at'], name='rating_from_client'),
        ),
        migrations.AddConstraint(
            model_name='rating',
            constraint=models.CheckConstraint(condition=models.Q(('level__gte', 1), ('level__lte', 5)), name='rating_has_a_level'),
        ),
        migrations.AddConstraint(
            model_name='rating',
            constraint=models.CheckConstraint(condition=models.Q(('level__gte', 3), models.Q(('details', []), _negated=True), models.Q(('text', ''), _negated=True), _connector='OR'), name='rating_bad_says_why'),
        ),
        migrations.AddConstraint(
            model_name='rating',
            constraint=models.CheckConstraint(condition=models.Q(('level__gte', 3), ('contact_term__isnull', False), _connector='OR'), name='rating_bad_has_its_limit'),
        ),
        migrations.AddConstraint(
            model_name='rating',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('channel__in', ['phone', 'post']), ('entered_by__isnull', False)), models.Q(('channel__in', ['qr', 'web', 'tablet']), ('entered_by__isnull', True)), _connector='OR'), name='rating_entered_by_somebody_or_given'),
        ),
        migrations.AddConstraint(
            model_name='ratingact',
            constraint=models.UniqueConstraint(condition=models.Q(('act', 'attempt'), _negated=True), fields=('rating', 'act'), name='ratingact_once'),
        ),
        migrations.AddConstraint(
            model_name='ratingact',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='ratingact_says_what'),
        ),
        migrations.AddConstraint(
            model_name='ratingact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('act', 'revisit'), ('is_content__isnull', False)), models.Q(models.Q(('act', 'revisit'), _negated=True), ('is_content', None)), _connector='OR'), name='ratingact_revisit_tells_whether_content'),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
