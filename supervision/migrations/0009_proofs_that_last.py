"""Proofs and anchors stay as they were written; the cut of an anchor never splits an act that is on its way.

The cut waits for whoever writes and is gone with its statement. Its patience is shorter than the server's
deadlock_timeout, so that it is never a writer who is sacrificed; the caller tries again. A number that no sequence
gave out was written past the system: it does not move the cut.
"""

from django.db import migrations, models

GUARDED = ("supervision_anchor", "supervision_proofrun")

CUT = """
CREATE FUNCTION supervision_cut() RETURNS TABLE (name text, cut bigint, newest bigint, given bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '300ms' AS $$
DECLARE
  one text;
BEGIN
  LOCK TABLE applications_event, applications_document, supervision_limitwarning IN SHARE MODE;
  FOREACH one IN ARRAY ARRAY['applications_event', 'applications_document', 'supervision_limitwarning'] LOOP
    name := one;
    given := coalesce(pg_sequence_last_value(pg_get_serial_sequence(one, 'id')::regclass), 0);
    EXECUTE format('SELECT coalesce(max(id), 0), coalesce(max(id) FILTER (WHERE id <= $1), 0) FROM '
      '(SELECT max(id) AS id FROM %1$I UNION ALL SELECT max(id) FROM %1$I WHERE id <= $1) ends', one)
      INTO newest, cut USING given;
    RETURN NEXT;
  END LOOP;
END $$;
"""
UNCUT = "DROP FUNCTION supervision_cut();"
# An event that had to be lifted to the moment of the one before it: the clock of the database went back.
REGRESSIONS = "CREATE INDEX event_clock_regression ON applications_event (at) WHERE detail ? 'clock_regression';"
NO_REGRESSIONS = "DROP INDEX event_clock_regression;"


def _guard(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"""
        CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
          FOR EACH ROW EXECUTE FUNCTION halls_refuse_change();
        CREATE TRIGGER never_truncated BEFORE TRUNCATE ON {table}
          FOR EACH STATEMENT EXECUTE FUNCTION halls_refuse_truncate();
        """,
        f"DROP TRIGGER append_only ON {table}; DROP TRIGGER never_truncated ON {table};",
    )


class Migration(migrations.Migration):

    dependencies = [
        ('supervision', '0005_warnings_are_not_read_by_seat'),
    ]

    operations = [
        migrations.CreateModel(
            name='Anchor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('serial', models.PositiveIntegerField(unique=True, verbose_name='序号')),
                ('made_at', models.DateTimeField(verbose_name='写出时间')),
                ('digest', models.CharField(max_length=64)),
                ('events', models.PositiveBigIntegerField(verbose_name='新锚定的记录数')),
            ],
            options={
                'verbose_name': '锚点',
                'verbose_name_plural': '锚点',
                'ordering': ('-serial',),
                'abstract': False,
                'indexes': [models.Index(fields=['-made_at'], name='anchor_latest')],
            },
        ),
        migrations.RemoveIndex(model_name='proofrun', name='proof_latest'),
        migrations.AddField(
            model_name='proofrun',
            name='events',
            field=models.PositiveBigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='proofrun',
            name='kind',
            field=models.CharField(choices=[('lights', '到期日和灯'), ('ledger', '办件记录和锚点')], db_default='lights', default='lights', max_length=8, verbose_name='核对什么'),
        ),
        migrations.AddField(model_name='sweeprun', name='clock_gap_seconds', field=models.IntegerField(blank=True, null=True)),
        migrations.AddField(model_name='sweeprun', name='clock_jump_seconds', field=models.IntegerField(blank=True, null=True)),
        migrations.AddIndex(
            model_name='sweeprun',
            index=models.Index(condition=models.Q(('clock_gap_seconds__isnull', False), ('clock_jump_seconds__isnull', False), _connector='OR'), fields=['started_at'], name='sweep_clock_wrong'),
        ),
        migrations.AddIndex(
            model_name='proofrun',
            index=models.Index(fields=['kind', '-finished_at'], name='proof_latest_of_kind'),
        ),
        migrations.RunSQL(CUT, UNCUT),
        migrations.RunSQL(REGRESSIONS, NO_REGRESSIONS),
        *(_guard(table) for table in GUARDED),
    ]
