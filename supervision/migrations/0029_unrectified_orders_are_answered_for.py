"""An order that was closed as not rectified opens a record of accountability, which is of nothing else."""

import django.db.models.deletion
from django.db import migrations, models

ORDERS = """
-- A record that an order opens: the order says case, body and ground, its limit and its closing say when.
CREATE FUNCTION supervision_guard_unrectified() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  o supervision_supervisionorder;
  t supervision_term;
  closed_at timestamptz;
BEGIN
  SELECT * INTO o FROM supervision_supervisionorder WHERE id = NEW.order_id FOR NO KEY UPDATE;
  SELECT * INTO t FROM supervision_term WHERE id = o.term_id;
  SELECT a.at INTO closed_at FROM supervision_orderact a WHERE a.order_id = o.id AND a.act = 'give_up';
  IF o.state IS DISTINCT FROM 'unrectified' OR closed_at IS NULL OR t.stopped_at IS NULL
     OR EXISTS (SELECT FROM supervision_accountability r WHERE r.order_id = o.id) THEN
    RAISE EXCEPTION 'no order that was closed as not rectified is behind this record'
      USING ERRCODE = 'restrict_violation';
  END IF;
  NEW.opened_at := date_trunc('second', halls_now());
  NEW.application_id := o.application_id;
  NEW.fault := 'organ';
  NEW.citation := o.basis;
  NEW.seat_path := o.organ_path;
  NEW.seat_name := o.organ_name;
  NEW.breached_at := CASE WHEN t.stopped_at > t.due_at THEN t.due_at ELSE closed_at END;
  IF NOT supervision_held_there(NEW.holders, NEW.seat_path, (NEW.breached_at AT TIME ZONE 'Asia/Shanghai')::date) THEN
    RAISE EXCEPTION 'only who held the duty there that day is named' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_unrectified BEFORE INSERT ON supervision_accountability
  FOR EACH ROW WHEN (NEW.act = 'unrectified') EXECUTE FUNCTION supervision_guard_unrectified();
"""
NO_ORDERS = """
DROP TRIGGER guard_unrectified ON supervision_accountability;
DROP FUNCTION supervision_guard_unrectified();
"""

# The two guards of what follows to a limit are asked of nothing else.
_OF_LIMITS = """
DROP TRIGGER guard_new ON supervision_accountability;
CREATE TRIGGER guard_new BEFORE INSERT ON supervision_accountability
  FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION supervision_guard_account();
DROP TRIGGER guard_record ON supervision_accountability;
CREATE TRIGGER guard_record BEFORE INSERT ON supervision_accountability
  FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION supervision_guard_record();
"""
LIMITS = _OF_LIMITS.format(when="NEW.act NOT IN ('red_card', 'unrectified')")
LIMITS_BEFORE = _OF_LIMITS.format(when="NEW.act <> 'red_card'")

# Acts about a record queue up at what it is about; an order may have no case.
_ACTS = """
CREATE OR REPLACE FUNCTION supervision_guard_account_act() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  o supervision_accountability;
BEGIN
  SELECT * INTO o FROM supervision_accountability WHERE id = NEW.account_id;
  -- lock
  NEW.at := halls_now();
  IF NOT halls_holds_county_post(NEW.user_id, NEW.person_code, 'supervisor') THEN
    RAISE EXCEPTION 'accounts are settled by who watches the whole county' USING ERRCODE = 'restrict_violation';
  END IF;
  IF EXISTS (SELECT FROM supervision_accountact s WHERE s.account_id = o.id AND s.stage = 'close') THEN
    RAISE EXCEPTION 'the account is closed' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.stage <> 'close' AND (o.fault = 'applicant' OR EXISTS (
    SELECT FROM supervision_cardreview v WHERE v.card_id = o.card_id AND v.act = 'revoke' AND o.act = 'red_card'
  )) THEN
    RAISE EXCEPTION 'nobody is blamed any more' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.stage = 'close' AND o.fault = 'organ' AND NOT EXISTS (
    SELECT FROM supervision_accountact s WHERE s.account_id = o.id
  ) AND NOT EXISTS (
    SELECT FROM supervision_cardreview v WHERE v.card_id = o.card_id AND v.act = 'revoke' AND o.act = 'red_card'
  ) THEN
    RAISE EXCEPTION 'an account is closed when something was done' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.done_on > (NEW.at AT TIME ZONE 'Asia/Shanghai')::date THEN
    RAISE EXCEPTION 'what is done was done by today' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""
_CASE = "PERFORM FROM applications_application WHERE id = o.application_id FOR NO KEY UPDATE;"
_CASE_OR_ORDER = """PERFORM FROM applications_application WHERE id = o.application_id AND o.order_id IS NULL FOR NO KEY UPDATE;
  PERFORM FROM supervision_supervisionorder WHERE id = o.order_id FOR NO KEY UPDATE;"""


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0014_promises_of_halls'),
        ('matters', '0016_apart'),
        ('supervision', "0028_bulletins_count_acts"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='accountability',
            name='accountability_of_a_clock_or_card',
        ),
        migrations.RemoveConstraint(
            model_name='accountability',
            name='accountability_names_its_red_card',
        ),
        migrations.AddField(
            model_name='accountability',
            name='order',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='account', to='supervision.supervisionorder'),
        ),
        migrations.AlterField(
            model_name='accountability',
            name='act',
            field=models.CharField(choices=[('deemed_accept', '逾期视为受理'), ('deemed_renew', '逾期视为准予延续（由审批人放行）'), ('deemed_withdraw', '逾期不补正视为撤回'), ('deemed_consent', '逾期视为无异议'), ('escalate', '逾期报上一级处理'), ('none', '不适用超时默认'), ('red_card', '红牌'), ('unrectified', '督办单未整改')], max_length=16, verbose_name='起因'),
        ),
        migrations.AlterField(
            model_name='accountability',
            name='application',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='accountabilities', to='applications.application'),
        ),
        migrations.AddConstraint(
            model_name='accountability',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('act__in', ['deemed_accept', 'deemed_consent', 'deemed_renew', 'deemed_withdraw', 'escalate']), ('application__isnull', False), ('clock__isnull', False), ('order__isnull', True)), models.Q(('act', 'red_card'), ('application__isnull', False), ('card__isnull', False), ('fault', 'organ'), ('order__isnull', True), ('policy__isnull', True)), models.Q(('act', 'unrectified'), ('card__isnull', True), ('clock__isnull', True), ('fault', 'organ'), ('order__isnull', False), ('policy__isnull', True), ('step_name', ''), ('step_seq__isnull', True)), _connector='OR'), name='accountability_of_a_limit_card_or_order'),
        ),
        migrations.RunSQL(LIMITS, LIMITS_BEFORE),
        migrations.RunSQL(ORDERS, NO_ORDERS),
        migrations.RunSQL(_ACTS.replace("-- lock", _CASE_OR_ORDER), _ACTS.replace("-- lock", _CASE)),
    ]
