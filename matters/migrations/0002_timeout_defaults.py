import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# What was proposed is what is signed: neither person, nor anybody later, finds other words under a signature.
FORWARD = """
CREATE TRIGGER two_persons BEFORE INSERT OR UPDATE OR DELETE ON matters_timeoutpolicy
  FOR EACH ROW EXECUTE FUNCTION halls_two_persons();
CREATE FUNCTION matters_policy_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.matter_id, NEW.place, NEW.step_seq, NEW.step_name, NEW.step_kind, NEW.policy, NEW.law, NEW.article,
      NEW.document_no, NEW.effective_on, NEW.ended_on)
     IS DISTINCT FROM (OLD.matter_id, OLD.place, OLD.step_seq, OLD.step_name, OLD.step_kind, OLD.policy, OLD.law,
      OLD.article, OLD.document_no, OLD.effective_on, OLD.ended_on) THEN
    RAISE EXCEPTION 'a proposed policy is not rewritten' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER policy_stays BEFORE UPDATE ON matters_timeoutpolicy
  FOR EACH ROW EXECUTE FUNCTION matters_policy_stays();
"""
BACKWARD = """
DROP TRIGGER policy_stays ON matters_timeoutpolicy;
DROP FUNCTION matters_policy_stays();
DROP TRIGGER two_persons ON matters_timeoutpolicy;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('matters', '0001_initial'),
        ('halls', '0003_phones_and_two_signatures'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='TimeoutPolicy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=500, verbose_name='理由')),
                ('is_installed', models.BooleanField(default=False, verbose_name='随系统安装载入')),
                ('proposed_person', models.CharField(blank=True, max_length=32)),
                ('proposed_at', models.DateTimeField(blank=True, null=True, verbose_name='提出时间')),
                ('confirmed_person', models.CharField(blank=True, max_length=32)),
                ('confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='确认时间')),
                ('dropped_at', models.DateTimeField(blank=True, null=True, verbose_name='撤下时间')),
                ('place', models.CharField(choices=[('acceptance', '收件到受理'), ('supplement', '申请人补正'), ('step', '办理环节'), ('renewal', '延续的法定时限')], max_length=16, verbose_name='哪个时限')),
                ('step_seq', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='环节')),
                ('step_name', models.CharField(blank=True, max_length=64)),
                ('step_kind', models.CharField(blank=True, choices=[('accept', '受理'), ('review', '审查'), ('special', '特别程序'), ('decide', '决定'), ('deliver', '送达'), ('instant', '即时办理')], max_length=16)),
                ('policy', models.CharField(choices=[('deemed_accept', '逾期视为受理'), ('deemed_renew', '逾期视为准予延续（由审批人放行）'), ('deemed_withdraw', '逾期不补正视为撤回'), ('deemed_consent', '逾期视为无异议'), ('escalate', '逾期报上一级处理'), ('none', '不适用超时默认')], max_length=16, verbose_name='后果')),
                ('law', models.CharField(max_length=200, verbose_name='依据的法律文件')),
                ('article', models.CharField(max_length=64, verbose_name='条款')),
                ('document_no', models.CharField(max_length=100, verbose_name='本县公布文件文号')),
                ('effective_on', models.DateField(verbose_name='施行日期')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='截止日期')),
                ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='确认人')),
                ('dropped_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='撤下人')),
                ('matter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='timeout_policies', to='matters.matter', verbose_name='事项')),
                ('proposed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='提出人')),
            ],
            options={
                'verbose_name': '超时默认',
                'verbose_name_plural': '超时默认',
                'ordering': ('matter', 'place', 'step_seq', '-effective_on', '-pk'),
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at__isnull', False), ('is_installed', True)), models.Q(('is_installed', False), ('proposed_by__isnull', False), models.Q(('proposed_person', ''), _negated=True)), _connector='OR'), name='timeoutpolicy_has_a_proposer'), models.CheckConstraint(condition=models.Q(('is_installed', True), models.Q(('confirmed_at__isnull', True), ('confirmed_by__isnull', True), ('confirmed_person', '')), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False), models.Q(('confirmed_person', ''), _negated=True), models.Q(('confirmed_person', models.F('proposed_person')), _negated=True), models.Q(('confirmed_by', models.F('proposed_by')), _negated=True)), _connector='OR'), name='timeoutpolicy_confirmed_by_another'), models.CheckConstraint(condition=models.Q(('confirmed_at__isnull', True), ('dropped_at__isnull', True), _connector='OR'), name='timeoutpolicy_confirmed_or_dropped'), models.CheckConstraint(condition=models.Q(models.Q(('law', ''), _negated=True), models.Q(('article', ''), _negated=True), models.Q(('document_no', ''), _negated=True)), name='timeout_policy_has_a_basis'), models.CheckConstraint(condition=models.Q(('ended_on__isnull', True), ('ended_on__gte', models.F('effective_on')), _connector='OR'), name='timeout_policy_ends_after_start'), models.CheckConstraint(condition=models.Q(models.Q(('place', 'step'), models.Q(('step_kind', ''), _negated=True)), models.Q(models.Q(('place', 'step'), _negated=True), ('step_kind', ''), ('step_seq', None)), _connector='OR'), name='timeout_policy_names_its_step')],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
