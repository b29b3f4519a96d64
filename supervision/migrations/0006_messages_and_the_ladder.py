"""Who is told at which rung, the queue of rungs to tell, the messages, and the texts that leave the system."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0004_applicants_are_found_by_name'),
        ('supervision', '0009_proofs_that_last'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='LadderStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('clock_kind', models.CharField(blank=True, choices=[('pre_review', '网上预审'), ('acceptance', '受理时限'), ('promised', '承诺时限'), ('statutory', '法定时限'), ('step', '环节时限'), ('special', '特别程序'), ('delivery', '制证送达'), ('supplement', '补正期限'), ('inquiry', '咨询答复'), ('complaint', '投诉办理'), ('rating_contact', '差评回访'), ('rating_rectify', '差评整改'), ('order', '督办回复')], max_length=16, verbose_name='时限')),
                ('level', models.CharField(choices=[('warning', '预警'), ('yellow', '黄牌'), ('red', '红牌'), ('default_action', '超时默认')], max_length=16, verbose_name='级别')),
                ('audience', models.CharField(choices=[('handler', '承办人'), ('backup', 'B角'), ('chief', '首席代表'), ('township_director', '乡镇负责人'), ('county_supervisor', '县监察员'), ('filing_clerk', '代办人'), ('applicant', '申请人')], max_length=20, verbose_name='提醒谁')),
                ('delay_days', models.PositiveSmallIntegerField(default=0, verbose_name='几个工作日后')),
            ],
            options={
                'verbose_name': '提醒层级',
                'verbose_name_plural': '提醒层级',
                'ordering': ('clock_kind', 'level', 'delay_days', 'pk'),
                'constraints': [models.UniqueConstraint(fields=('clock_kind', 'level', 'audience'), name='ladder_step_once')],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('limit', '时限提醒'), ('tell_villager', '告知申请人'), ('dates_moved', '到期日变动'), ('notice', '通知')], max_length=16, verbose_name='类别')),
                ('level', models.CharField(blank=True, choices=[('warning', '预警'), ('yellow', '黄牌'), ('red', '红牌'), ('default_action', '超时默认')], max_length=16, verbose_name='级别')),
                ('words', models.CharField(max_length=500, verbose_name='内容')),
                ('detail', models.JSONField(blank=True, default=dict)),
                ('key', models.CharField(max_length=80)),
                ('made_at', models.DateTimeField(verbose_name='时间')),
                ('read_at', models.DateTimeField(blank=True, null=True, verbose_name='阅读时间')),
                ('application', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='applications.application')),
                ('clock', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='applications.clock')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '消息',
                'verbose_name_plural': '消息',
                'ordering': ('-pk',),
            },
        ),
        migrations.CreateModel(
            name='Outbox',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(max_length=16, verbose_name='渠道')),
                ('state', models.CharField(choices=[('waiting', '待发'), ('sent', '已发'), ('failed', '发不出去'), ('needless', '已不需要')], default='waiting', max_length=8, verbose_name='状态')),
                ('not_before', models.DateTimeField(verbose_name='最早发送')),
                ('next_try_at', models.DateTimeField(verbose_name='下次发送')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='已试次数')),
                ('pulse', models.CharField(blank=True, max_length=32)),
                ('last_error', models.CharField(blank=True, max_length=80, verbose_name='原因')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='发出时间')),
                ('message', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='texts', to='supervision.message')),
                ('user', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '外发消息',
                'verbose_name_plural': '外发消息',
                'ordering': ('-pk',),
            },
        ),
        migrations.CreateModel(
            name='Untold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('audience', models.CharField(blank=True, choices=[('handler', '承办人'), ('backup', 'B角'), ('chief', '首席代表'), ('township_director', '乡镇负责人'), ('county_supervisor', '县监察员'), ('filing_clerk', '代办人'), ('applicant', '申请人')], max_length=20)),
                ('next_try_at', models.DateTimeField()),
                ('attempts', models.PositiveSmallIntegerField(db_default=0, default=0)),
                ('last_error', models.CharField(blank=True, db_default='', max_length=80)),
                ('warning', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='supervision.limitwarning')),
            ],
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('read_at__isnull', True)), fields=['user', '-id'], name='message_unread'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('read_at__isnull', False)), fields=['user', '-id'], name='message_read'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.UniqueConstraint(fields=('user', 'key'), name='message_once'),
        ),
        migrations.AddIndex(
            model_name='outbox',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['next_try_at', 'id'], name='text_next'),
        ),
        migrations.AddIndex(
            model_name='outbox',
            index=models.Index(condition=models.Q(('state', 'failed')), fields=['-id'], name='text_stuck'),
        ),
        migrations.AddIndex(
            model_name='outbox',
            index=models.Index(condition=models.Q(('pulse', ''), _negated=True), fields=['pulse'], name='text_pulse'),
        ),
        migrations.AddIndex(
            model_name='outbox',
            index=models.Index(condition=models.Q(('state', 'sent')), fields=['user', 'channel', '-sent_at'], name='text_sent'),
        ),
        migrations.AddConstraint(
            model_name='outbox',
            constraint=models.UniqueConstraint(fields=('message', 'channel', 'user'), name='text_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='outbox',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('sent_at__isnull', False), ('state', 'sent')), models.Q(models.Q(('state', 'sent'), _negated=True), ('sent_at__isnull', True)), _connector='OR'), name='text_sent_has_its_moment'),
        ),
        migrations.AddIndex(
            model_name='untold',
            index=models.Index(fields=['next_try_at', 'id'], name='untold_next'),
        ),
        migrations.AddIndex(
            model_name='untold',
            index=models.Index(condition=models.Q(('attempts__gte', 3)), fields=['id'], name='untold_stuck'),
        ),
        migrations.AddConstraint(
            model_name='untold',
            constraint=models.UniqueConstraint(fields=('warning', 'audience'), name='untold_once'),
        ),
    ]
