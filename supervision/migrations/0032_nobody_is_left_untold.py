"""Rungs of limits that are no case's, and acts about orders, wait in the queue until somebody is told."""

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


class Migration(migrations.Migration):

    dependencies = [
        ('supervision', '0029_unrectified_orders_are_answered_for'),
    ]

    operations = [
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
            model_name='untold',
            name='warning',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='supervision.limitwarning'),
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
    ]
