"""Rungs of limits that are no case's, and acts about orders, wait until somebody is told; villagers are told by text."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

QUEUE = """
-- A rung that is claimed is told: it stands in the queue from the same moment.
CREATE FUNCTION supervision_queue_rung() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO supervision_untold (term_warning_id, audience, next_try_at) VALUES (NEW.id, '', NEW.recorded_at)
    ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER queue_rung AFTER INSERT ON supervision_termwarning
  FOR EACH ROW EXECUTE FUNCTION supervision_queue_rung();
"""
NO_QUEUE = """
DROP TRIGGER queue_rung ON supervision_termwarning;
DROP FUNCTION supervision_queue_rung();
"""

EVIDENCE = """
-- A text about an act of a complaint or rating is of an act that tells the villager, who left a telephone; it begins
-- unsent, is of that act for ever, and says nothing else once it was sent.
CREATE FUNCTION supervision_guard_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'what a villager was told stays' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'waiting' OR NOT (
      EXISTS (SELECT FROM supervision_voiceact a JOIN supervision_voice v ON v.id = a.voice_id
        WHERE a.id = NEW.voice_act_id AND a.verb IN ('accept', 'refuse', 'extend', 'answer') AND v.phone_masked <> '')
      OR EXISTS (SELECT FROM supervision_ratingact r WHERE r.id = NEW.rating_act_id AND r.act IN ('answer', 'explain'))
    ) THEN
      RAISE EXCEPTION 'no act tells this to anybody' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.message_id, NEW.user_id, NEW.voice_act_id, NEW.rating_act_id)
     IS DISTINCT FROM (OLD.message_id, OLD.user_id, OLD.voice_act_id, OLD.rating_act_id) THEN
    RAISE EXCEPTION 'a text stays whose it is' USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.state = 'sent' THEN
    RAISE EXCEPTION 'what was sent does not change' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.state = 'sent' THEN
    NEW.sent_at := halls_now();
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_new BEFORE INSERT ON supervision_outbox
  FOR EACH ROW WHEN (NEW.message_id IS NULL) EXECUTE FUNCTION supervision_guard_text();
CREATE TRIGGER guard BEFORE UPDATE OR DELETE ON supervision_outbox
  FOR EACH ROW WHEN (OLD.message_id IS NULL) EXECUTE FUNCTION supervision_guard_text();
"""
NO_EVIDENCE = """
DROP TRIGGER guard_new ON supervision_outbox;
DROP TRIGGER guard ON supervision_outbox;
DROP FUNCTION supervision_guard_text();
"""

# The machine opens a telephone to send a text, of whomever a complaint names; it handles nothing.
_EARLIER = import_module("supervision.migrations.0031_another_person_with_the_duty")
*_WHERE, _CHANGES = next(one for one in _EARLIER.CHANGED if one[2] == "supervision_guard_voice_act")
ACTS_BEFORE = _EARLIER._after(_EARLIER._before(*_WHERE), _CHANGES)
_HAS_DUTY = "  IF NOT supervision_may_speak_of("
_OF_PEOPLE = "  IF v.kind <> 'inquiry' AND NEW.verb <> 'explain' AND ("
_OF_MACHINE = """  IF u.username = 'system' THEN
    IF NEW.verb <> 'reveal' THEN
      RAISE EXCEPTION 'the machine handles nothing' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
"""
ACTS = ACTS_BEFORE.replace(_OF_PEOPLE, _OF_MACHINE + _OF_PEOPLE).replace(
    _HAS_DUTY, "  IF u.username <> 'system' AND NOT supervision_may_speak_of("
)


class Migration(migrations.Migration):

    dependencies = [
        ('supervision', '0031_another_person_with_the_duty'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='outbox',
            name='text_once',
        ),
        migrations.AddField(
            model_name='outbox',
            name='rating_act',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='text', to='supervision.ratingact'),
        ),
        migrations.AddField(
            model_name='outbox',
            name='voice_act',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='text', to='supervision.voiceact'),
        ),
        migrations.AddField(
            model_name='untold',
            name='order_act',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='supervision.orderact'),
        ),
        migrations.AddField(
            model_name='untold',
            name='term_warning',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='supervision.termwarning'),
        ),
        migrations.AlterField(
            model_name='outbox',
            name='message',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='texts', to='supervision.message'),
        ),
        migrations.AlterField(
            model_name='untold',
            name='warning',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='supervision.limitwarning'),
        ),
        migrations.AddConstraint(
            model_name='outbox',
            constraint=models.UniqueConstraint(condition=models.Q(('message__isnull', False)), fields=('message', 'channel', 'user'), name='text_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='outbox',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('message__isnull', False), ('rating_act', None), ('voice_act', None)), models.Q(('message', None), ('rating_act', None), ('user', None), ('voice_act__isnull', False)), models.Q(('message', None), ('rating_act__isnull', False), ('user', None), ('voice_act', None)), _connector='OR'), name='text_has_one_addressee'),
        ),
        migrations.AddConstraint(
            model_name='untold',
            constraint=models.UniqueConstraint(fields=('term_warning', 'audience'), name='untold_rung_once'),
        ),
        migrations.AddConstraint(
            model_name='untold',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('order_act', None), ('term_warning', None), ('warning__isnull', False)), models.Q(('order_act', None), ('term_warning__isnull', False), ('warning', None)), models.Q(('audience', ''), ('order_act__isnull', False), ('term_warning', None), ('warning', None)), _connector='OR'), name='untold_is_of_one_thing'),
        ),
        migrations.RunSQL(QUEUE, NO_QUEUE),
        migrations.RunSQL(EVIDENCE, NO_EVIDENCE),
        migrations.RunSQL(ACTS, ACTS_BEFORE),
    ]
