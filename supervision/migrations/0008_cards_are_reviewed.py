"""Proposals and decisions about cards, written once."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION supervision_review_card() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.at := halls_now();
  IF NEW.answers_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM supervision_cardreview p
    WHERE p.id = NEW.answers_id AND p.card_id = NEW.card_id AND p.act = 'propose'
  ) THEN
    RAISE EXCEPTION 'a decision answers a proposal about the same card' USING ERRCODE = 'restrict_violation';
  END IF;
  IF EXISTS (
    SELECT FROM supervision_cardreview p
    WHERE p.id = NEW.answers_id AND p.notice_id IS NULL
      AND (p.person_code = NEW.person_code OR p.user_id = NEW.user_id)
  ) THEN
    RAISE EXCEPTION 'another person decides about a proposal' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.act = 'propose' AND NEW.notice_id IS NULL AND EXISTS (
    SELECT FROM supervision_cardreview p LEFT JOIN supervision_cardreview d ON d.answers_id = p.id
    WHERE p.card_id = NEW.card_id AND p.act = 'propose' AND (d.id IS NULL OR d.act = 'revoke')
  ) THEN
    RAISE EXCEPTION 'the card is revoked, or proposed to be' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NOT EXISTS (SELECT FROM halls_user u WHERE u.id = NEW.user_id AND u.person_code = NEW.person_code) THEN
    RAISE EXCEPTION 'this person is not in the staff list' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER review_card BEFORE INSERT ON supervision_cardreview
  FOR EACH ROW EXECUTE FUNCTION supervision_review_card();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON supervision_cardreview
  FOR EACH ROW EXECUTE FUNCTION halls_refuse_change();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON supervision_cardreview
  FOR EACH STATEMENT EXECUTE FUNCTION halls_refuse_truncate();
"""
BACKWARD = """
DROP TRIGGER never_truncated ON supervision_cardreview;
DROP TRIGGER append_only ON supervision_cardreview;
DROP TRIGGER review_card ON supervision_cardreview;
DROP FUNCTION supervision_review_card();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('halls', '0004_days_that_two_persons_signed'),
        ('supervision', '0007_timeout_defaults'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CardReview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('act', models.CharField(choices=[('propose', '建议撤销'), ('revoke', '撤销'), ('uphold', '维持')], max_length=8, verbose_name='处理')),
                ('person_code', models.CharField(max_length=32, verbose_name='人员编号')),
                ('reason', models.CharField(max_length=500, verbose_name='理由')),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('answers', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='answer', to='supervision.cardreview', verbose_name='所答复的建议')),
                ('card', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='supervision.limitwarning', verbose_name='红黄牌')),
                ('notice', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='halls.calendarnotice', verbose_name='日历通知')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='经办人')),
            ],
            options={
                'verbose_name': '红黄牌复核',
                'verbose_name_plural': '红黄牌复核',
                'ordering': ('pk',),
                'abstract': False,
                'constraints': [models.UniqueConstraint(condition=models.Q(('act', 'propose')), fields=('card', 'notice'), name='cardreview_proposed_once_per_notice'), models.UniqueConstraint(condition=models.Q(('act', 'revoke')), fields=('card',), name='cardreview_revoked_once'), models.CheckConstraint(condition=models.Q(models.Q(('act', 'propose'), ('answers__isnull', True)), models.Q(('act__in', ['revoke', 'uphold']), ('answers__isnull', False), ('notice__isnull', True)), _connector='OR'), name='cardreview_proposes_or_answers'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='cardreview_has_a_reason')],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
