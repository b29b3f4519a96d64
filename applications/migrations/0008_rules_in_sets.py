"""Rules of warnings and cards come in sets that two persons sign, and that are written once.

What is held already becomes the installed set of the county; with it come the rules of the clocks that supervision
is going to start (T9 to T12), of which none runs yet.
"""

import hashlib
import json

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# A rule as it is signed: its columns in the order of the digest.
COLUMNS = ("clock_kind", "level", "side", "value", "unit", "min_amount", "max_amount", "only_alone", "only_immediate",
           "basis", "is_automatic")

TRIGGERS = """
CREATE FUNCTION applications_rule_set_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.code, NEW.name, NEW.source, NEW.note, NEW.scope, NEW.department_id, NEW.matter_id, NEW.effective_on,
      NEW.ended_on, NEW.digest)
     IS DISTINCT FROM (OLD.code, OLD.name, OLD.source, OLD.note, OLD.scope, OLD.department_id, OLD.matter_id,
      OLD.effective_on, OLD.ended_on, OLD.digest) THEN
    RAISE EXCEPTION 'a set of rules is written once' USING ERRCODE = 'restrict_violation';
  END IF;
  -- What runs since this morning started under the rules of this morning.
  IF OLD.confirmed_at IS NULL AND NEW.confirmed_at IS NOT NULL
     AND NEW.effective_on <= (halls_now() AT TIME ZONE 'Asia/Shanghai')::date THEN
    RAISE EXCEPTION 'rules come into force tomorrow at the earliest' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION applications_card_rule_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Only the installation fills a set that is in force.
  IF EXISTS (SELECT FROM applications_ruleset s WHERE s.id = NEW.rule_set_id AND s.confirmed_at IS NOT NULL)
     AND NOT pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
    RAISE EXCEPTION 'nothing is added to rules in force' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER two_persons BEFORE INSERT OR UPDATE OR DELETE ON applications_ruleset
  FOR EACH ROW EXECUTE FUNCTION halls_two_persons();
CREATE TRIGGER rule_set_is_written_once BEFORE UPDATE ON applications_ruleset
  FOR EACH ROW EXECUTE FUNCTION applications_rule_set_once();
CREATE TRIGGER nothing_is_added BEFORE INSERT ON applications_cardrule
  FOR EACH ROW EXECUTE FUNCTION applications_card_rule_added();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON applications_cardrule
  FOR EACH ROW EXECUTE FUNCTION halls_refuse_change();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON applications_cardrule
  FOR EACH STATEMENT EXECUTE FUNCTION halls_refuse_truncate();
"""

LATER_CLOCKS = (
    ("inquiry", "warning", "left", 2, "默认规则 T9：剩余不超过 2 个工作日"),
    ("inquiry", "yellow", "over", 0, "默认规则 T9：超期第 1 天（不足一天按一天算）"),
    ("inquiry", "red", "over", 1, "默认规则 T9：超期第 2 天"),
    ("complaint", "warning", "left", 1, "默认规则 T10：剩余不超过 1 个工作日"),
    ("complaint", "yellow", "over", 0, "默认规则 T10：超过时限"),
    ("complaint", "red", "total", 15, "默认规则 T10：延长后最长 15 个工作日"),
    ("rating_contact", "warning", "left", 1, "默认规则 T11：剩余不超过 1 个工作日"),
    ("rating_contact", "yellow", "over", 0, "默认规则 T11：1 个工作日内没有回访"),
    ("rating_rectify", "warning", "left", 1, "默认规则 T11：剩余不超过 1 个工作日"),
    ("rating_rectify", "red", "over", 0, "默认规则 T11：5 个工作日内没有整改"),
    ("order", "warning", "left", 1, "默认规则 T12：剩余不超过 1 个工作日"),
    ("order", "yellow", "over", 0, "默认规则 T12：超过回复时限"),
    ("order", "red", "over", 3, "默认规则 T12：超过 3 个工作日以上"),
)


def gather(apps, schema_editor):
    """Make one set of the rules that hold; those that ended are in the cards they wrote."""
    old = list(apps.get_model("applications", "HeldRule").objects.filter(ended_on__isnull=True).order_by("pk"))
    if not old:
        return
    rules = [_held(row) for row in old]
    held = {rule[0] for rule in rules}
    for clock, level, side, value, basis in LATER_CLOCKS:
        if clock not in held:
            rules.append((clock, level, side, value, "wd", None, None, False, False, basis, True))
    lines = sorted(json.dumps(rule) for rule in rules)
    made = apps.get_model("applications", "RuleSet").objects.create(
        code="default",
        name="默认规则",
        source="升级前已在执行的规则",
        scope="county",
        effective_on=min(row.effective_on for row in old),
        digest=hashlib.sha256("\n".join(lines).encode()).hexdigest(),
        is_installed=True,
        reason="随系统升级转入",
        confirmed_at="2018-01-01T00:00:00+08:00",  # the trigger stamps the moment
    )
    rule_of = apps.get_model("applications", "CardRule")
    rule_of.objects.bulk_create(rule_of(rule_set=made, **dict(zip(COLUMNS, rule, strict=True))) for rule in rules)


def _held(row):
    unit = "multiple" if row.is_multiple else "wd"
    amounts = (row.min_amount, row.max_amount)
    return (row.clock_kind, row.level, row.side, row.days, unit, *amounts, row.only_alone, False, row.basis, True)


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0007_clocks_that_ran_out'),
        ('halls', '0004_days_that_two_persons_signed'),
        ('matters', '0002_timeout_defaults'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(model_name='cardrule', name='card_rule_once'),
        migrations.RenameModel('CardRule', 'HeldRule'),
        migrations.CreateModel(
            name='RuleSet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=500, verbose_name='理由')),
                ('is_installed', models.BooleanField(default=False, verbose_name='随系统安装载入')),
                ('proposed_person', models.CharField(blank=True, max_length=32)),
                ('proposed_at', models.DateTimeField(blank=True, null=True, verbose_name='提出时间')),
                ('confirmed_person', models.CharField(blank=True, max_length=32)),
                ('confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='确认时间')),
                ('dropped_at', models.DateTimeField(blank=True, null=True, verbose_name='撤下时间')),
                ('code', models.CharField(max_length=32, verbose_name='预设')),
                ('name', models.CharField(max_length=64, verbose_name='名称')),
                ('source', models.CharField(max_length=300, verbose_name='出处')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='说明')),
                ('scope', models.CharField(choices=[('county', '全县'), ('department', '部门'), ('matter', '事项')], max_length=10, verbose_name='适用范围')),
                ('effective_on', models.DateField(verbose_name='起用日期')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='最后一天')),
                ('digest', models.CharField(max_length=64)),
                ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='确认人')),
                ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='halls.department')),
                ('dropped_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='撤下人')),
                ('matter', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='matters.matter')),
                ('proposed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='提出人')),
            ],
            options={
                'verbose_name': '红黄牌规则',
                'verbose_name_plural': '红黄牌规则',
                'ordering': ('scope', '-effective_on', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='CardRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('clock_kind', models.CharField(choices=[('pre_review', '网上预审'), ('acceptance', '受理时限'), ('promised', '承诺时限'), ('statutory', '法定时限'), ('step', '环节时限'), ('special', '特别程序'), ('delivery', '制证送达'), ('supplement', '补正期限'), ('inquiry', '咨询答复'), ('complaint', '投诉办理'), ('rating_contact', '差评回访'), ('rating_rectify', '差评整改'), ('order', '督办回复')], max_length=16)),
                ('level', models.CharField(choices=[('warning', '预警'), ('yellow', '黄牌'), ('red', '红牌')], max_length=8)),
                ('side', models.CharField(choices=[('left', 'left'), ('over', 'over'), ('total', 'total')], max_length=8)),
                ('value', models.PositiveSmallIntegerField()),
                ('unit', models.CharField(choices=[('wd', 'wd'), ('wh', 'wh'), ('pct', 'pct'), ('multiple', 'multiple')], default='wd', max_length=8)),
                ('min_amount', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('max_amount', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('only_alone', models.BooleanField(default=False)),
                ('only_immediate', models.BooleanField(default=False)),
                ('is_automatic', models.BooleanField(default=True)),
                ('basis', models.CharField(max_length=200)),
                ('rule_set', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rules', to='applications.ruleset')),
            ],
            options={
                'ordering': ('rule_set', 'pk'),
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='ruleset',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at__isnull', False), ('is_installed', True)), models.Q(('is_installed', False), ('proposed_by__isnull', False), models.Q(('proposed_person', ''), _negated=True)), _connector='OR'), name='ruleset_has_a_proposer'),
        ),
        migrations.AddConstraint(
            model_name='ruleset',
            constraint=models.CheckConstraint(condition=models.Q(('is_installed', True), models.Q(('confirmed_at__isnull', True), ('confirmed_by__isnull', True), ('confirmed_person', '')), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False), models.Q(('confirmed_person', ''), _negated=True), models.Q(('confirmed_person', models.F('proposed_person')), _negated=True), models.Q(('confirmed_by', models.F('proposed_by')), _negated=True)), _connector='OR'), name='ruleset_confirmed_by_another'),
        ),
        migrations.AddConstraint(
            model_name='ruleset',
            constraint=models.CheckConstraint(condition=models.Q(('confirmed_at__isnull', True), ('dropped_at__isnull', True), _connector='OR'), name='ruleset_confirmed_or_dropped'),
        ),
        migrations.AddConstraint(
            model_name='ruleset',
            constraint=models.UniqueConstraint(condition=models.Q(('confirmed_at__isnull', False)), fields=('scope', 'department', 'matter', 'effective_on'), name='rule_set_one_a_day', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='ruleset',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('department__isnull', True), ('matter__isnull', True), ('scope', 'county')), models.Q(('department__isnull', False), ('matter__isnull', True), ('scope', 'department')), models.Q(('department__isnull', True), ('matter__isnull', False), ('scope', 'matter')), _connector='OR'), name='rule_set_names_its_scope'),
        ),
        migrations.AddConstraint(
            model_name='ruleset',
            constraint=models.CheckConstraint(condition=models.Q(('ended_on__isnull', True), ('ended_on__gte', models.F('effective_on')), _connector='OR'), name='rule_set_ends_after_it_starts'),
        ),
        migrations.AddConstraint(
            model_name='cardrule',
            constraint=models.UniqueConstraint(fields=('rule_set', 'clock_kind', 'level', 'min_amount', 'only_immediate'), name='card_rule_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='cardrule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('side', 'left'), ('unit', 'wd'), ('value__gte', 0), ('value__lte', 250)), models.Q(('side', 'left'), ('unit', 'wh'), ('value__gte', 1), ('value__lte', 80)), models.Q(('side', 'left'), ('unit', 'pct'), ('value__gte', 1), ('value__lte', 99)), models.Q(('side', 'over'), ('unit', 'wd'), ('value__gte', 0), ('value__lte', 250)), models.Q(('side', 'over'), ('unit', 'multiple'), ('value__gte', 1), ('value__lte', 9)), models.Q(('side', 'total'), ('unit', 'wd'), ('value__gte', 1), ('value__lte', 250)), models.Q(('side', 'total'), ('unit', 'pct'), ('value__gte', 1), ('value__lte', 99)), _connector='OR'), name='card_rule_in_range'),
        ),
        migrations.AddConstraint(
            model_name='cardrule',
            constraint=models.CheckConstraint(condition=models.Q(('min_amount__isnull', True), ('max_amount__isnull', True), ('max_amount__gte', models.F('min_amount')), _connector='OR'), name='card_rule_range_ascends'),
        ),
        migrations.RunSQL(TRIGGERS, migrations.RunSQL.noop),
        migrations.RunPython(gather, migrations.RunPython.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.DeleteModel('HeldRule'),
    ]
