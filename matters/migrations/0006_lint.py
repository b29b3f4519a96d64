import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('matters', '0005_workflow'),
    ]

    operations = [
        migrations.CreateModel(
            name='LintReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_hash', models.CharField(max_length=64)),
                ('score', models.PositiveSmallIntegerField(verbose_name='得分')),
                ('errors', models.PositiveIntegerField(verbose_name='错误')),
                ('warnings', models.PositiveIntegerField(verbose_name='警告')),
                ('hints', models.PositiveIntegerField(verbose_name='提示')),
                ('rules', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), default=list, size=None, verbose_name='违反的规则')),
                ('findings', models.JSONField(default=list, verbose_name='问题')),
                ('made_at', models.DateTimeField(verbose_name='检查时间')),
                ('matter', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='lint', to='matters.matter', verbose_name='事项')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='matters.matterversion', verbose_name='指南版本')),
            ],
            options={
                'verbose_name': '指南检查',
                'verbose_name_plural': '指南检查',
            },
        ),
    ]
