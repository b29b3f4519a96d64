"""Complaints, reports of repeated trips and inquiries, with a ledger of their own."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


FORWARD = """
CREATE SEQUENCE supervision_voice_number AS bigint;

-- What was said never changes; what becomes of it moves with the act that tells it.
CREATE FUNCTION supervision_guard_voice() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  a supervision_voiceact;
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'what was said stays' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'INSERT' THEN
    NEW.lodged_at := date_trunc('second', halls_now());
    IF NEW.state <> 'lodged' OR NEW.is_released OR NEW.is_published THEN
      RAISE EXCEPTION 'it begins as it was lodged' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.key, NEW.number, NEW.kind, NEW.channel, NEW.lodged_at, NEW.hall_id, NEW.department_id, NEW.about_path,
      NEW.accused_person, NEW.application_id, NEW.matter_id, NEW.trips, NEW.words, NEW.evidence, NEW.name_sealed,
      NEW.phone_sealed, NEW.name_masked, NEW.phone_masked, NEW.recorded_by_id, NEW.term_id)
     IS DISTINCT FROM
     (OLD.key, OLD.number, OLD.kind, OLD.channel, OLD.lodged_at, OLD.hall_id, OLD.department_id, OLD.about_path,
      OLD.accused_person, OLD.application_id, OLD.matter_id, OLD.trips, OLD.words, OLD.evidence, OLD.name_sealed,
      OLD.phone_sealed, OLD.name_masked, OLD.phone_masked, OLD.recorded_by_id, OLD.term_id) THEN
    RAISE EXCEPTION 'what was said does not change' USING ERRCODE = 'restrict_violation';
  END IF;
  SELECT * INTO a FROM supervision_voiceact WHERE voice_id = NEW.id ORDER BY id DESC LIMIT 1;
  IF NEW.state <> OLD.state AND (a.from_state, a.to_state) IS DISTINCT FROM (OLD.state, NEW.state) THEN
    RAISE EXCEPTION 'no act moved it there' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.seat_path <> OLD.seat_path
     AND (a.verb IS DISTINCT FROM 'hand_up' OR NOT starts_with(OLD.seat_path, NEW.seat_path)) THEN
    RAISE EXCEPTION 'it is only handed up, by an act' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.is_released <> OLD.is_released AND (OLD.is_released OR a.verb IS DISTINCT FROM 'release') THEN
    RAISE EXCEPTION 'no act released it' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.is_published <> OLD.is_published
     AND a.verb IS DISTINCT FROM (CASE WHEN NEW.is_published THEN 'publish' ELSE 'unpublish' END) THEN
    RAISE EXCEPTION 'no act published it' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON supervision_voice
  FOR EACH ROW EXECUTE FUNCTION supervision_guard_voice();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON supervision_voice
  FOR EACH STATEMENT EXECUTE FUNCTION halls_refuse_truncate();

-- An act happens now, is somebody's, follows the table, and is never that of whoever is complained about.
CREATE FUNCTION supervision_guard_voice_act() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  v supervision_voice;
  u halls_user;
  today date := (halls_now() AT TIME ZONE 'Asia/Shanghai')::date;
BEGIN
  SELECT * INTO v FROM supervision_voice WHERE id = NEW.voice_id FOR NO KEY UPDATE;
  NEW.at := date_trunc('second', halls_now());
  SELECT * INTO u FROM halls_user WHERE id = NEW.user_id;
  NEW.person_code := coalesce(u.person_code, '');
  NEW.actor_name := coalesce(u.full_name, '');
  IF NEW.verb = 'lodge' THEN
    IF (NEW.from_state, NEW.to_state, v.state) <> ('', 'lodged', 'lodged')
       OR NEW.user_id IS DISTINCT FROM v.recorded_by_id THEN
      RAISE EXCEPTION 'it is lodged once, by whoever wrote it down' USING ERRCODE = 'restrict_violation';
    END IF;
    NEW.at := v.lodged_at;
    RETURN NEW;
  END IF;
  IF u.id IS NULL OR NOT u.is_active THEN
    RAISE EXCEPTION 'an act is by somebody' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.from_state <> v.state OR (CASE NEW.verb
    WHEN 'accept' THEN (v.kind <> 'inquiry') AND (NEW.from_state, NEW.to_state) = ('lodged', 'accepted')
    WHEN 'refuse' THEN (v.kind <> 'inquiry') AND (NEW.from_state, NEW.to_state) = ('lodged', 'refused')
      AND NEW.ground <> '' AND NEW.words <> ''
    WHEN 'investigate' THEN NEW.from_state IN ('accepted', 'handling') AND NEW.to_state = 'handling'
    WHEN 'release' THEN NEW.from_state IN ('accepted', 'handling') AND NEW.to_state = NEW.from_state
    WHEN 'explain' THEN v.is_released AND NEW.from_state IN ('accepted', 'handling') AND NEW.to_state = NEW.from_state
    WHEN 'extend' THEN NEW.from_state IN ('accepted', 'handling') AND NEW.to_state = NEW.from_state
    WHEN 'answer' THEN NEW.words <> '' AND NEW.to_state = 'answered' AND NEW.from_state IN ('accepted', 'handling')
      OR NEW.words <> '' AND NEW.to_state = 'answered' AND v.kind = 'inquiry' AND NEW.from_state = 'lodged'
    WHEN 'close' THEN (NEW.from_state, NEW.to_state) = ('answered', 'closed') AND NEW.ground <> ''
    WHEN 'hand_up' THEN NEW.from_state IN ('lodged', 'accepted', 'handling') AND NEW.to_state = NEW.from_state
    WHEN 'publish' THEN v.kind = 'inquiry' AND (NEW.from_state, NEW.to_state) = ('answered', 'answered')
    WHEN 'unpublish' THEN v.kind = 'inquiry' AND (NEW.from_state, NEW.to_state) = ('answered', 'answered')
    WHEN 'reveal' THEN NEW.to_state = NEW.from_state AND NEW.words <> ''
    ELSE false END) IS NOT TRUE THEN
    RAISE EXCEPTION 'this does not follow on that' USING ERRCODE = 'restrict_violation';
  END IF;
  IF v.kind <> 'inquiry' AND NEW.verb <> 'explain' AND (
    position(regexp_replace(u.full_name, '\\s', '', 'g') IN v.accused_person) > 0 OR EXISTS (
      SELECT FROM halls_post p JOIN halls_user o ON o.id = p.user_id
        LEFT JOIN halls_hall h ON h.id = p.hall_id LEFT JOIN halls_department d ON d.id = p.department_id
      WHERE upper(o.person_code) = upper(u.person_code)
        AND p.starts_on <= today AND (p.ends_on IS NULL OR p.ends_on >= today)
        AND CASE WHEN v.about_path = split_part(v.about_path, '/', 1) || '/'
          THEN coalesce(h.path, d.path) = v.about_path AND p.kind <> 'supervisor'
          ELSE starts_with(coalesce(h.path, d.path), v.about_path) END
  )) THEN
    RAISE EXCEPTION 'nobody handles a complaint about themselves or their own hall'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_new BEFORE INSERT ON supervision_voiceact
  FOR EACH ROW EXECUTE FUNCTION supervision_guard_voice_act();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON supervision_voiceact
  FOR EACH ROW EXECUTE FUNCTION halls_refuse_change();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON supervision_voiceact
  FOR EACH STATEMENT EXECUTE FUNCTION halls_refuse_truncate();
"""
BACKWARD = """
DROP TRIGGER guard ON supervision_voice;
DROP TRIGGER never_truncated ON supervision_voice;
DROP TRIGGER guard_new ON supervision_voiceact;
DROP TRIGGER append_only ON supervision_voiceact;
DROP TRIGGER never_truncated ON supervision_voiceact;
DROP FUNCTION supervision_guard_voice();
DROP FUNCTION supervision_guard_voice_act();
DROP SEQUENCE supervision_voice_number;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0013_acts_tell_what_their_verb_does'),
        ('halls', '0011_numbers_and_posts'),
        ('matters', '0011_local_elements'),
        ("supervision", "0023_screens_on_walls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='LodgingCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('client', models.CharField(max_length=64)),
                ('starts_at', models.DateTimeField()),
                ('lodged', models.PositiveIntegerField(default=1)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('client', 'starts_at'), name='lodging_counted_once')],
            },
        ),
        migrations.CreateModel(
            name='Voice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('number', models.CharField(max_length=17, unique=True, verbose_name='编号')),
                ('kind', models.CharField(choices=[('complaint', '投诉'), ('repeat', '「多次跑」反映'), ('inquiry', '咨询')], max_length=12, verbose_name='类别')),
                ('channel', models.CharField(choices=[('web', '网页（扫码）'), ('phone', '电话'), ('letter', '信函、意见箱'), ('visit', '来访'), ('proxy', '代办员代填')], max_length=8, verbose_name='渠道')),
                ('state', models.CharField(choices=[('lodged', '已收到'), ('accepted', '已受理'), ('handling', '调查处理中'), ('answered', '已答复'), ('closed', '已归档'), ('refused', '不予受理')], default='lodged', max_length=12, verbose_name='状态')),
                ('lodged_at', models.DateTimeField(verbose_name='提出时间')),
                ('about_path', models.CharField(max_length=96)),
                ('accused_person', models.CharField(blank=True, max_length=60, verbose_name='投诉谁')),
                ('seat_path', models.CharField(max_length=96, verbose_name='由谁办理')),
                ('trips', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='跑了几次')),
                ('words', models.TextField(verbose_name='内容')),
                ('evidence', models.TextField(blank=True, verbose_name='时间、地点、凭据')),
                ('name_sealed', models.BinaryField(blank=True, default=b'')),
                ('phone_sealed', models.BinaryField(blank=True, default=b'')),
                ('name_masked', models.CharField(blank=True, editable=False, max_length=16, verbose_name='姓名')),
                ('phone_masked', models.CharField(blank=True, editable=False, max_length=32, verbose_name='电话')),
                ('is_released', models.BooleanField(default=False, verbose_name='已转被投诉单位说明')),
                ('is_published', models.BooleanField(default=False, verbose_name='已公开问答')),
                ('application', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='voices', to='applications.application', verbose_name='办件')),
                ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='voices', to='halls.department', verbose_name='部门')),
                ('hall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='voices', to='halls.hall', verbose_name='大厅')),
                ('matter', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='voices', to='matters.matter', verbose_name='事项')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('term', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='voice', to='supervision.term')),
            ],
            options={
                'verbose_name': '投诉和咨询',
                'verbose_name_plural': '投诉和咨询',
                'ordering': ('-pk',),
            },
        ),
        migrations.CreateModel(
            name='VoiceAct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verb', models.CharField(choices=[('lodge', '提出'), ('accept', '受理'), ('refuse', '不予受理'), ('investigate', '记录调查'), ('release', '转被投诉单位说明'), ('explain', '说明情况'), ('extend', '延期'), ('answer', '答复'), ('close', '反馈归档'), ('hand_up', '转上一级'), ('publish', '公开问答'), ('unpublish', '撤下公开'), ('reveal', '查看联系方式')], max_length=12, verbose_name='处理')),
                ('from_state', models.CharField(blank=True, max_length=12)),
                ('to_state', models.CharField(max_length=12)),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('person_code', models.CharField(blank=True, max_length=32)),
                ('actor_name', models.CharField(blank=True, max_length=64)),
                ('actor_post', models.CharField(blank=True, max_length=64)),
                ('place', models.CharField(blank=True, max_length=96)),
                ('words', models.TextField(blank=True, verbose_name='内容')),
                ('more', models.TextField(blank=True)),
                ('ground', models.CharField(blank=True, max_length=16)),
                ('paper', models.CharField(blank=True, max_length=64, verbose_name='文号')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('voice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acts', to='supervision.voice')),
            ],
            options={
                'verbose_name': '投诉和咨询的处理',
                'verbose_name_plural': '投诉和咨询的处理',
                'ordering': ('voice', 'pk'),
                'abstract': False,
            },
        ),
        migrations.AddIndex(
            model_name='voice',
            index=models.Index(fields=['seat_path', '-id'], name='voice_of_seat', opclasses=('varchar_pattern_ops', 'int8_ops')),
        ),
        migrations.AddIndex(
            model_name='voice',
            index=models.Index(fields=['about_path'], name='voice_about'),
        ),
        migrations.AddConstraint(
            model_name='voice',
            constraint=models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='voice_says_something'),
        ),
        migrations.AddConstraint(
            model_name='voice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'repeat'), ('trips__gte', 2)), models.Q(models.Q(('kind', 'repeat'), _negated=True), ('trips__isnull', True)), _connector='OR'), name='voice_counts_trips_of_repeats'),
        ),
        migrations.AddConstraint(
            model_name='voice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('channel', 'web'), ('recorded_by__isnull', True)), models.Q(models.Q(('channel', 'web'), _negated=True), ('recorded_by__isnull', False)), _connector='OR'), name='voice_is_recorded_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='voiceact',
            constraint=models.UniqueConstraint(condition=models.Q(('paper', ''), _negated=True), fields=('paper',), name='voiceact_paper_once'),
        ),
        migrations.AddConstraint(
            model_name='voiceact',
            constraint=models.UniqueConstraint(condition=models.Q(('verb', 'lodge')), fields=('voice',), name='voiceact_lodged_once'),
        ),
        migrations.AddConstraint(
            model_name='voiceact',
            constraint=models.UniqueConstraint(condition=models.Q(('verb', 'extend')), fields=('voice',), name='voiceact_extended_once'),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
