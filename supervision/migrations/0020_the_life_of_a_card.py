
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0013_acts_tell_what_their_verb_does'),
        ('halls', '0011_numbers_and_posts'),
        ('matters', '0011_local_elements'),
        ("supervision", "0018_limits_of_what_is_no_case"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AccountAct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stage', models.CharField(choices=[('handle', '已处理'), ('refer', '移送纪检监察'), ('close', '办结')], max_length=8, verbose_name='处理')),
                ('measure', models.CharField(blank=True, choices=[('talk', '约谈'), ('self_criticism', '书面检查'), ('circular', '通报批评'), ('admonition', '诫勉'), ('efficiency_warning', '效能告诫'), ('no_award', '取消评先评优'), ('no_bonus', '扣发奖金'), ('suspension', '停职检查'), ('punishment', '行政处分'), ('none', '不予追究')], max_length=20, verbose_name='措施')),
                ('person', models.CharField(blank=True, max_length=128, verbose_name='对象')),
                ('decided_by', models.CharField(blank=True, max_length=96, verbose_name='作出决定的机关')),
                ('done_on', models.DateField(blank=True, null=True, verbose_name='作出日期')),
                ('document_no', models.CharField(blank=True, max_length=100, verbose_name='文号')),
                ('note', models.CharField(max_length=500, verbose_name='说明')),
                ('person_code', models.CharField(max_length=32, verbose_name='人员编号')),
                ('at', models.DateTimeField(verbose_name='登记时间')),
            ],
            options={
                'verbose_name': '责任追究处理',
                'verbose_name_plural': '责任追究处理',
                'ordering': ('pk',),
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='EvidenceDownload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person_code', models.CharField(max_length=32, verbose_name='人员编号')),
                ('sha256', models.CharField(max_length=64)),
                ('size', models.PositiveIntegerField(verbose_name='字节')),
                ('at', models.DateTimeField(verbose_name='时间')),
            ],
            options={
                'verbose_name': '证据包下载',
                'verbose_name_plural': '证据包下载',
                'ordering': ('-pk',),
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ExclusionRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=500, verbose_name='理由')),
                ('is_installed', models.BooleanField(default=False, verbose_name='随系统安装载入')),
                ('proposed_person', models.CharField(blank=True, max_length=32)),
                ('proposed_at', models.DateTimeField(blank=True, null=True, verbose_name='提出时间')),
                ('confirmed_person', models.CharField(blank=True, max_length=32)),
                ('confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='确认时间')),
                ('dropped_at', models.DateTimeField(blank=True, null=True, verbose_name='撤下时间')),
                ('starts_on', models.DateField(verbose_name='自')),
                ('until', models.DateField(blank=True, null=True, verbose_name='至')),
                ('document_no', models.CharField(max_length=100, verbose_name='依据文号')),
                ('ended_person', models.CharField(blank=True, db_default='', default='', max_length=32)),
                ('end_reason', models.CharField(blank=True, db_default='', default='', max_length=500, verbose_name='结束理由')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='结束时间')),
            ],
            options={
                'verbose_name': '不参加排名',
                'verbose_name_plural': '不参加排名',
                'ordering': ('-starts_on', '-pk'),
            },
        ),
        migrations.RemoveConstraint(
            model_name='accountability',
            name='accountability_once',
        ),
        migrations.RemoveConstraint(
            model_name='cardreview',
            name='cardreview_proposes_or_answers',
        ),
        migrations.RemoveConstraint(
            model_name='limitwarning',
            name='warning_has_a_kind',
        ),
        migrations.AddField(
            model_name='cardreview',
            name='file_name',
            field=models.CharField(blank=True, db_default='', max_length=120, verbose_name='附件'),
        ),
        migrations.AddField(
            model_name='cardreview',
            name='file_sha256',
            field=models.CharField(blank=True, db_default='', max_length=64),
        ),
        migrations.AddField(
            model_name='cardreview',
            name='file_type',
            field=models.CharField(blank=True, db_default='', max_length=32),
        ),
        migrations.AddField(
            model_name='cardreview',
            name='finding',
            field=models.CharField(blank=True, db_default='', max_length=200, verbose_name='核对结果'),
        ),
        migrations.AddField(
            model_name='limitwarning',
            name='citation',
            field=models.CharField(blank=True, db_default='', max_length=300, verbose_name='依据'),
        ),
        migrations.AddField(
            model_name='limitwarning',
            name='facts',
            field=models.CharField(blank=True, db_default='', max_length=1000, verbose_name='事实'),
        ),
        migrations.AddField(
            model_name='limitwarning',
            name='fault',
            field=models.CharField(blank=True, choices=[('not_accepted', '符合条件的申请不予受理'), ('not_posted', '应当公示的材料没有公示'), ('no_notice', '没有一次性告知必须补正的全部内容'), ('second_correction', '对原已存在的问题第二次要求补正'), ('no_reasons', '不予受理、不予许可没有说明理由'), ('no_hearing', '应当听证而没有听证'), ('sent_late', '初审单位没有按时报送'), ('asked_again', '要求申请人重复提供已交下级机关的材料'), ('off_system', '体外循环、先办后录'), ('backdated', '倒填受理日期'), ('pause_unfounded', '没有书面文书停止计时'), ('illegal_fee', '违法收费'), ('other', '其他违反办理规定的行为')], db_default='', max_length=24, verbose_name='事由'),
        ),
        migrations.AddField(
            model_name='limitwarning',
            name='happened_on',
            field=models.DateField(blank=True, null=True, verbose_name='发生日期'),
        ),
        migrations.AddField(
            model_name='limitwarning',
            name='issued_by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='发牌人'),
        ),
        migrations.AddField(
            model_name='limitwarning',
            name='issued_person',
            field=models.CharField(blank=True, db_default='', max_length=32),
        ),
        migrations.AddField(
            model_name='limitwarning',
            name='mode',
            field=models.CharField(choices=[('auto', '自动'), ('confirmed', '自动，经确认'), ('manual', '人工')], db_default='auto', default='auto', max_length=9, verbose_name='发牌方式'),
        ),
        migrations.AlterField(
            model_name='accountability',
            name='act',
            field=models.CharField(choices=[('deemed_accept', '逾期视为受理'), ('deemed_renew', '逾期视为准予延续（由审批人放行）'), ('deemed_withdraw', '逾期不补正视为撤回'), ('deemed_consent', '逾期视为无异议'), ('escalate', '逾期报上一级处理'), ('none', '不适用超时默认'), ('red_card', '红牌')], max_length=16, verbose_name='起因'),
        ),
        migrations.AlterField(
            model_name='accountability',
            name='clock',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='applications.clock'),
        ),
        migrations.AlterField(
            model_name='cardreview',
            name='act',
            field=models.CharField(choices=[('confirm', '确认发牌'), ('cancel', '取消'), ('appeal', '申诉'), ('propose', '建议撤销'), ('revoke', '撤销'), ('uphold', '维持'), ('order', '转督办')], max_length=8, verbose_name='处理'),
        ),
        migrations.AlterField(
            model_name='cardreview',
            name='answers',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='answer', to='supervision.cardreview', verbose_name='所答复的建议或申诉'),
        ),
        migrations.AlterField(
            model_name='limitwarning',
            name='clock',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='warnings', to='applications.clock'),
        ),
        migrations.AlterField(
            model_name='limitwarning',
            name='clock_kind',
            field=models.CharField(blank=True, max_length=16),
        ),
        migrations.AddIndex(
            model_name='limitwarning',
            index=models.Index(condition=models.Q(('mode', 'auto'), _negated=True), fields=['id'], name='warning_not_automatic'),
        ),
        migrations.AddIndex(
            model_name='limitwarning',
            index=models.Index(condition=models.Q(('level', 'red')), fields=['id'], name='warning_red'),
        ),
        migrations.AddIndex(
            model_name='limitwarning',
            index=models.Index(condition=models.Q(('level__in', ['yellow', 'red'])), fields=['seat_path'], name='warning_of_body', opclasses=('varchar_pattern_ops',)),
        ),
        migrations.AddConstraint(
            model_name='accountability',
            constraint=models.UniqueConstraint(condition=models.Q(('act', 'red_card'), _negated=True), fields=('clock', 'act'), name='accountability_once'),
        ),
        migrations.AddConstraint(
            model_name='accountability',
            constraint=models.UniqueConstraint(condition=models.Q(('act', 'red_card')), fields=('card',), name='accountability_once_per_card'),
        ),
        migrations.AddConstraint(
            model_name='accountability',
            constraint=models.CheckConstraint(condition=models.Q(('clock__isnull', False), ('act', 'red_card'), _connector='OR'), name='accountability_of_a_clock_or_card'),
        ),
        migrations.AddConstraint(
            model_name='accountability',
            constraint=models.CheckConstraint(condition=models.Q(('card__isnull', False), models.Q(('act', 'red_card'), _negated=True), _connector='OR'), name='accountability_names_its_red_card'),
        ),
        migrations.AddConstraint(
            model_name='cardreview',
            constraint=models.UniqueConstraint(condition=models.Q(('act__in', ['confirm', 'cancel'])), fields=('card',), name='cardreview_issued_or_cancelled_once'),
        ),
        migrations.AddConstraint(
            model_name='cardreview',
            constraint=models.UniqueConstraint(condition=models.Q(('act', 'appeal')), fields=('card',), name='cardreview_appealed_once'),
        ),
        migrations.AddConstraint(
            model_name='cardreview',
            constraint=models.UniqueConstraint(condition=models.Q(('act', 'order')), fields=('card',), name='cardreview_ordered_once'),
        ),
        migrations.AddConstraint(
            model_name='cardreview',
            constraint=models.UniqueConstraint(condition=models.Q(('act', 'propose'), models.Q(('finding', ''), _negated=True)), fields=('card', 'finding'), name='cardreview_found_once'),
        ),
        migrations.AddConstraint(
            model_name='cardreview',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('act', 'propose'), ('answers__isnull', True)), models.Q(('act__in', ['revoke', 'uphold']), ('answers__isnull', False), ('finding', ''), ('notice__isnull', True)), models.Q(('act__in', ['confirm', 'cancel', 'appeal', 'order']), ('answers__isnull', True), ('finding', ''), ('notice__isnull', True)), _connector='OR'), name='cardreview_proposes_or_answers'),
        ),
        migrations.AddConstraint(
            model_name='cardreview',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('file_name', ''), ('file_sha256', ''), ('file_type', '')), models.Q(('act', 'appeal'), ('file_sha256__regex', '^[0-9a-f]{64}$')), _connector='OR'), name='cardreview_file_of_an_appeal'),
        ),
        migrations.AddConstraint(
            model_name='limitwarning',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('clock__isnull', False), ('clock_kind__in', ['pre_review', 'acceptance', 'promised', 'statutory', 'step', 'special', 'delivery', 'supplement', 'inquiry', 'complaint', 'rating_contact', 'rating_rectify', 'order'])), models.Q(('clock__isnull', True), ('clock_kind', '')), _connector='OR'), name='warning_has_a_kind'),
        ),
        migrations.AddConstraint(
            model_name='limitwarning',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('mode__in', ['auto', 'confirmed']), ('clock__isnull', False), ('fault', ''), ('happened_on__isnull', True), ('issued_by__isnull', True), ('issued_person', '')), models.Q(('mode', 'manual'), ('clock__isnull', True), ('happened_on__isnull', False), ('issued_by__isnull', False), ('level__in', ['yellow', 'red']), models.Q(('fault', ''), _negated=True), models.Q(('facts', ''), _negated=True), models.Q(('citation', ''), _negated=True)), _connector='OR'), name='warning_of_a_clock_or_by_hand'),
        ),
        migrations.AddField(
            model_name='accountact',
            name='account',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acts', to='supervision.accountability', verbose_name='责任追究'),
        ),
        migrations.AddField(
            model_name='accountact',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='经办人'),
        ),
        migrations.AddField(
            model_name='evidencedownload',
            name='account',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='downloads', to='supervision.accountability'),
        ),
        migrations.AddField(
            model_name='evidencedownload',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='下载人'),
        ),
        migrations.AddField(
            model_name='exclusionrule',
            name='confirmed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='确认人'),
        ),
        migrations.AddField(
            model_name='exclusionrule',
            name='department',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='halls.department'),
        ),
        migrations.AddField(
            model_name='exclusionrule',
            name='dropped_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='撤下人'),
        ),
        migrations.AddField(
            model_name='exclusionrule',
            name='ended_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='结束人'),
        ),
        migrations.AddField(
            model_name='exclusionrule',
            name='hall',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='halls.hall'),
        ),
        migrations.AddField(
            model_name='exclusionrule',
            name='proposed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='提出人'),
        ),
        migrations.AddConstraint(
            model_name='accountact',
            constraint=models.UniqueConstraint(condition=models.Q(('stage', 'close')), fields=('account',), name='accountact_closed_once'),
        ),
        migrations.AddConstraint(
            model_name='accountact',
            constraint=models.UniqueConstraint(condition=models.Q(('stage', 'refer')), fields=('account',), name='accountact_referred_once'),
        ),
        migrations.AddConstraint(
            model_name='accountact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('measure', ''), ('stage', 'close')), models.Q(('done_on__isnull', False), ('measure', ''), ('stage', 'refer'), models.Q(('document_no', ''), _negated=True)), models.Q(('done_on__isnull', False), ('stage', 'handle'), models.Q(('measure', ''), _negated=True), models.Q(('decided_by', ''), _negated=True)), _connector='OR'), name='accountact_says_what_was_done'),
        ),
        migrations.AddConstraint(
            model_name='accountact',
            constraint=models.CheckConstraint(condition=models.Q(('note', ''), _negated=True), name='accountact_has_a_note'),
        ),
        migrations.AddConstraint(
            model_name='exclusionrule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at__isnull', False), ('is_installed', True)), models.Q(('is_installed', False), ('proposed_by__isnull', False), models.Q(('proposed_person', ''), _negated=True)), _connector='OR'), name='exclusionrule_has_a_proposer'),
        ),
        migrations.AddConstraint(
            model_name='exclusionrule',
            constraint=models.CheckConstraint(condition=models.Q(('is_installed', True), models.Q(('confirmed_at__isnull', True), ('confirmed_by__isnull', True), ('confirmed_person', '')), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False), models.Q(('confirmed_person', ''), _negated=True), models.Q(('confirmed_person', models.F('proposed_person')), _negated=True), models.Q(('confirmed_by', models.F('proposed_by')), _negated=True)), _connector='OR'), name='exclusionrule_confirmed_by_another'),
        ),
        migrations.AddConstraint(
            model_name='exclusionrule',
            constraint=models.CheckConstraint(condition=models.Q(('confirmed_at__isnull', True), ('dropped_at__isnull', True), _connector='OR'), name='exclusionrule_confirmed_or_dropped'),
        ),
        migrations.AddConstraint(
            model_name='exclusionrule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('department__isnull', True), ('hall__isnull', False)), models.Q(('department__isnull', False), ('hall__isnull', True)), _connector='OR'), name='exclusionrule_of_one_body'),
        ),
        migrations.AddConstraint(
            model_name='exclusionrule',
            constraint=models.CheckConstraint(condition=models.Q(('until__isnull', True), ('until__gte', models.F('starts_on')), _connector='OR'), name='exclusionrule_ends_after_start'),
        ),
        migrations.AddConstraint(
            model_name='exclusionrule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('document_no', ''), _negated=True), models.Q(('reason', ''), _negated=True)), name='exclusionrule_has_a_document'),
        ),
        migrations.AddConstraint(
            model_name='exclusionrule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('end_reason', ''), ('ended_at__isnull', True), ('ended_by__isnull', True), ('ended_person', '')), models.Q(('confirmed_at__isnull', False), ('ended_at__isnull', False), ('ended_by__isnull', False), models.Q(('ended_person', ''), _negated=True), models.Q(('end_reason', ''), _negated=True)), _connector='OR'), name='exclusionrule_ended_by_somebody'),
        ),
    ]
