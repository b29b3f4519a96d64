"""A record of accountability stands behind its act, a run of the sweep is its own, and who signs is told so."""

from django.db import migrations, models

ACCOUNTS = """
-- What ran out, when and at whose desk: the clock and the events say so, never the writer.
CREATE FUNCTION supervision_guard_record() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  a applications_application;
  c applications_clock;
  e applications_event;
  policy matters_timeoutpolicy;
  breach timestamptz;
  day date;
BEGIN
  SELECT * INTO c FROM applications_clock WHERE id = NEW.clock_id;
  SELECT * INTO a FROM applications_application WHERE id = c.application_id;
  SELECT * INTO e FROM applications_event WHERE application_id = a.id ORDER BY seq DESC LIMIT 1;
  -- A permit runs out by itself (行政许可法 §50), every other limit is its clock's.
  breach := CASE NEW.act WHEN 'deemed_renew'
    THEN ((a.permit_expires_on + 1)::timestamp AT TIME ZONE 'Asia/Shanghai') - interval '1 second'
    ELSE c.due_at END;
  IF breach IS NULL OR breach >= halls_now() THEN
    RAISE EXCEPTION 'nothing has run out yet' USING ERRCODE = 'restrict_violation';
  END IF;
  NEW.breached_at := breach;
  NEW.step_seq := c.step_seq;
  NEW.step_name := coalesce((SELECT s.name FROM applications_applicationstep s
    WHERE s.application_id = a.id AND s.seq = c.step_seq), '');
  NEW.seat_path := CASE c.kind WHEN 'supplement' THEN a.path ELSE (applications_held_at(c.id, breach)).path END;
  SELECT * INTO policy FROM matters_timeoutpolicy p
    WHERE p.id = NEW.policy_id AND p.matter_id = a.matter_id AND p.confirmed_at IS NOT NULL;
  IF (CASE NEW.act
    -- What moved the case is told by its newest event, and this event stopped the clock.
    WHEN 'deemed_accept' THEN (c.kind, e.verb, c.event_seq) = ('acceptance', 'deem_accepted', e.seq)
    WHEN 'deemed_withdraw' THEN (c.kind, e.verb, c.event_seq) = ('supplement', 'deem_withdrawn', e.seq)
      AND policy.policy = NEW.act
    WHEN 'deemed_consent' THEN (c.kind, e.verb, c.event_seq) = ('step', 'deem_consent', e.seq)
      AND policy.policy = NEW.act
    -- The law renews, the case goes on to its decision.
    WHEN 'deemed_renew' THEN c.kind IN ('promised', 'statutory') AND c.stopped_at IS NULL
      AND e.verb = 'deem_renewed' AND policy.policy = NEW.act
    -- Nothing moved: the limit still runs, over, and a rule that two persons signed says what follows.
    WHEN 'escalate' THEN c.state = 'running' AND policy.id IS NOT NULL
    ELSE false END) IS NOT TRUE THEN
    RAISE EXCEPTION 'no act or rule stands behind this record' USING ERRCODE = 'restrict_violation';
  END IF;
  day := (breach AT TIME ZONE 'Asia/Shanghai')::date;
  IF EXISTS (
    SELECT FROM jsonb_array_elements(NEW.holders) held WHERE NOT EXISTS (
      SELECT FROM halls_post p JOIN halls_user u ON u.id = p.user_id
        LEFT JOIN halls_hall h ON h.id = p.hall_id LEFT JOIN halls_department d ON d.id = p.department_id
      WHERE (u.person_code, u.full_name, p.title) = (held->>'person_code', held->>'name', held->>'title')
        AND p.starts_on <= day AND (p.ends_on IS NULL OR p.ends_on >= day)
        AND starts_with(NEW.seat_path, coalesce(h.path, d.path))
    ) AND NOT EXISTS (
      SELECT FROM halls_delegation g JOIN halls_user u ON u.id = g.grantee_id
        LEFT JOIN halls_hall h ON h.id = g.hall_id LEFT JOIN halls_department d ON d.id = g.department_id
      WHERE (u.person_code, u.full_name) = (held->>'person_code', held->>'name')
        AND day BETWEEN g.starts_on AND g.ends_on AND (g.revoked_on IS NULL OR g.revoked_on > day)
        AND starts_with(NEW.seat_path, coalesce(h.path, d.path))
    )
  ) THEN
    RAISE EXCEPTION 'only who held the duty there that day is named' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
-- Behind guard_new in the alphabet: that the clock is one of the case is settled.
CREATE TRIGGER guard_record BEFORE INSERT ON supervision_accountability
  FOR EACH ROW EXECUTE FUNCTION supervision_guard_record();
"""
NO_ACCOUNTS = """
DROP TRIGGER guard_record ON supervision_accountability;
DROP FUNCTION supervision_guard_record();
"""

RUNS = """
-- A run begins now, is ended once, now, and by the session that began it; what it found of the clock stays. It leaves
-- the table with the others of its week. The owner of the tables is not held by this: nor would anything else hold them.
CREATE FUNCTION supervision_guard_run() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  IF TG_OP = 'INSERT' THEN
    NEW.started_at := halls_now();
    NEW.session := pg_backend_pid();
    IF NEW.finished_at IS NOT NULL THEN
      RAISE EXCEPTION 'no run ends as it begins' USING ERRCODE = 'restrict_violation';
    END IF;
  ELSIF TG_OP = 'DELETE' THEN
    IF OLD.started_at >= halls_now() - interval '7 days' THEN
      RAISE EXCEPTION 'a run stays on record for a week' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
  ELSE
    IF OLD.finished_at IS NOT NULL OR OLD.session <> pg_backend_pid() OR OLD.found_locked
       OR (NEW.id, NEW.started_at, NEW.session, NEW.found_locked) IS DISTINCT FROM
          (OLD.id, OLD.started_at, OLD.session, OLD.found_locked)
       OR OLD.clock_gap_seconds IS NOT NULL AND NEW.clock_gap_seconds IS DISTINCT FROM OLD.clock_gap_seconds
       OR OLD.clock_jump_seconds IS NOT NULL AND NEW.clock_jump_seconds IS DISTINCT FROM OLD.clock_jump_seconds THEN
      RAISE EXCEPTION 'a run is ended once, by whoever began it' USING ERRCODE = 'restrict_violation';
    END IF;
    NEW.finished_at := CASE WHEN NEW.finished_at IS NOT NULL THEN halls_now() END;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON supervision_sweeprun
  FOR EACH ROW EXECUTE FUNCTION supervision_guard_run();

-- A message is read now, and once.
CREATE FUNCTION supervision_stamp_reading() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.read_at IS NOT NULL THEN
    RAISE EXCEPTION 'a message is read once' USING ERRCODE = 'restrict_violation';
  END IF;
  NEW.read_at := halls_now();
  RETURN NEW;
END $$;
CREATE TRIGGER read_once BEFORE UPDATE ON supervision_message
  FOR EACH ROW WHEN (NEW.read_at IS DISTINCT FROM OLD.read_at) EXECUTE FUNCTION supervision_stamp_reading();
"""
NO_RUNS = """
DROP TRIGGER read_once ON supervision_message;
DROP FUNCTION supervision_stamp_reading();
DROP TRIGGER guard ON supervision_sweeprun;
DROP FUNCTION supervision_guard_run();
"""

# One role of the database can write both names of a signature. Whoever is named hears of it, by the database itself.
SIGNATURES = """
CREATE FUNCTION supervision_tell_signer(signer bigint, what text, part text, id bigint, moment timestamptz)
RETURNS void LANGUAGE sql AS $$
  INSERT INTO supervision_message (user_id, kind, level, words, detail, key, made_at)
  SELECT signer, 'notice', '', '您的签署已登记：' || what
      || '。如不是您本人办理的，请立即告知县监察员和系统管理员。', '{}', 'signature:' || part || ':' || id, moment
  WHERE signer IS NOT NULL
  ON CONFLICT DO NOTHING
$$;

CREATE FUNCTION supervision_tell_signature() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  what text;
BEGIN
  IF TG_TABLE_NAME = 'supervision_cardreview' THEN
    -- Cards that a calendar moved are many: of those one message.
    PERFORM supervision_tell_signer(NEW.user_id, CASE NEW.act WHEN 'propose' THEN '建议撤销红黄牌'
        WHEN 'revoke' THEN '撤销红黄牌' ELSE '维持红黄牌' END,
      CASE WHEN NEW.notice_id IS NULL THEN 'card' ELSE 'cards:' || NEW.act END,
      coalesce(NEW.notice_id, NEW.id), NEW.at);
    RETURN NULL;
  END IF;
  IF NEW.is_installed THEN
    RETURN NULL;
  END IF;
  what := CASE TG_TABLE_NAME WHEN 'halls_calendarnotice' THEN '工作日历'
    WHEN 'applications_ruleset' THEN '红黄牌规则' ELSE '超时默认规则' END || '（第 ' || NEW.id || ' 号）';
  IF TG_OP = 'INSERT' THEN
    PERFORM supervision_tell_signer(NEW.proposed_by_id, '提出' || what, TG_TABLE_NAME || ':proposed', NEW.id,
      NEW.proposed_at);
  ELSIF OLD.confirmed_at IS NULL AND NEW.confirmed_at IS NOT NULL THEN
    PERFORM supervision_tell_signer(NEW.confirmed_by_id, '确认' || what, TG_TABLE_NAME || ':confirmed', NEW.id,
      NEW.confirmed_at);
  END IF;
  RETURN NULL;
END $$;
"""
NO_SIGNATURES = """
DROP FUNCTION supervision_tell_signature();
DROP FUNCTION supervision_tell_signer(bigint, text, text, bigint, timestamptz);
"""
SIGNED = ("halls_calendarnotice", "applications_ruleset", "matters_timeoutpolicy", "supervision_cardreview")


def _told(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER tell_signature AFTER INSERT OR UPDATE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION supervision_tell_signature()",
        f"DROP TRIGGER tell_signature ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0013_acts_tell_what_their_verb_does"),
        ("halls", "0011_numbers_and_posts"),
        ("matters", "0009_guides_in_use_stay_whole"),
        ("supervision", "0014_renewals_by_the_end_of_the_permit"),
    ]

    operations = [
        migrations.AddField("sweeprun", "session", models.IntegerField(db_default=0, default=0)),
        migrations.AddField("sweeprun", "found_locked", models.BooleanField(db_default=False, default=False)),
        migrations.AddIndex(
            "sweeprun",
            models.Index(condition=models.Q(found_locked=True), fields=["started_at"], name="sweep_found_locked"),
        ),
        migrations.RunSQL(ACCOUNTS, NO_ACCOUNTS),
        migrations.RunSQL(RUNS, NO_RUNS),
        migrations.RunSQL(SIGNATURES, NO_SIGNATURES),
        *(_told(table) for table in SIGNED),
        migrations.RunSQL(
            "CREATE TRIGGER a_number BEFORE INSERT ON supervision_limitwarning FOR EACH ROW"
            " EXECUTE FUNCTION halls_own_number('supervision_limitwarning_id_seq')",
            "DROP TRIGGER a_number ON supervision_limitwarning",
        ),
    ]
