"""An event tells of clocks and seats what its verb does by the lifecycle table, in the measures of guide and route."""

from django.db import migrations

# The rows of the lifecycle table (applications/domain/lifecycle.py) as they stand: a test holds the two together.
TABLE = """
CREATE FUNCTION applications_edges() RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT '{
  draft  draft,submit draft submitted,receive submitted received,request_correction received correcting,
  supply correcting received,accept received in_progress,deem_accepted received in_progress,
  decline received declined,pass_on in_progress in_progress,pass_on granted granted,
  step_back in_progress in_progress,suspend in_progress suspended,resume suspended in_progress,
  grant in_progress granted,refuse in_progress refused,make_result granted ready,hand_over ready ready,
  hand_over refused refused,take_over ready ready,take_over refused refused,deliver ready delivered,
  deliver refused delivered,withdraw submitted withdrawn,withdraw received withdrawn,
  withdraw correcting withdrawn,withdraw in_progress withdrawn,withdraw suspended withdrawn,
  extend in_progress in_progress,tell correcting correcting,deem_withdrawn correcting withdrawn,
  deem_consent in_progress in_progress,deem_renewed in_progress in_progress,
  deem_renewed suspended suspended,recalculate submitted submitted,recalculate received received,
  recalculate correcting correcting,recalculate declined declined,recalculate in_progress in_progress,
  recalculate suspended suspended,recalculate granted granted,recalculate refused refused,
  recalculate ready ready,recalculate delivered delivered,recalculate withdrawn withdrawn
}'::text[] $$;

-- Every verb may do this to clocks of these kinds, and nothing else.
CREATE FUNCTION applications_moves() RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT '{
  submit start pre_review,receive stop pre_review,receive start acceptance,
  request_correction stop acceptance,request_correction start supplement,
  supply stop supplement,supply start acceptance,
  accept stop acceptance,accept start promised,accept start statutory,accept start step,
  deem_accepted stop acceptance,deem_accepted start promised,deem_accepted start statutory,deem_accepted start step,
  pass_on stop special,pass_on stop step,pass_on start step,
  step_back stop special,step_back stop step,step_back start step,
  deem_consent stop special,deem_consent stop step,deem_consent start step,
  suspend pause promised,suspend pause statutory,suspend pause step,suspend start special,
  resume stop special,resume resume promised,resume resume statutory,resume resume step,
  grant stop promised,grant stop statutory,grant stop step,grant start delivery,
  refuse stop promised,refuse stop statutory,refuse stop step,refuse start delivery,
  deliver stop delivery,extend extend promised,extend extend statutory,extend extend step,
  decline stop pre_review,decline stop acceptance,decline stop promised,decline stop statutory,decline stop step,
  decline stop special,decline stop delivery,decline stop supplement,
  withdraw stop pre_review,withdraw stop acceptance,withdraw stop promised,withdraw stop statutory,withdraw stop step,
  withdraw stop special,withdraw stop delivery,withdraw stop supplement,
  deem_withdrawn stop pre_review,deem_withdrawn stop acceptance,deem_withdrawn stop promised,
  deem_withdrawn stop statutory,deem_withdrawn stop step,deem_withdrawn stop special,deem_withdrawn stop delivery,
  deem_withdrawn stop supplement
}'::text[] $$;

-- What a verb cannot leave out: else the case would stand without the limit that it begins.
CREATE FUNCTION applications_musts(verb text, target text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN verb = 'submit' THEN '{start pre_review}'
    WHEN verb IN ('receive', 'supply') THEN '{start acceptance}'
    WHEN verb = 'request_correction' THEN '{start supplement}'
    WHEN verb IN ('accept', 'deem_accepted') THEN '{start promised,start step}'
    WHEN verb IN ('pass_on', 'step_back', 'deem_consent') AND target = 'in_progress' THEN '{start step}'
    WHEN verb = 'suspend' THEN '{pause promised,start special}'
    WHEN verb = 'resume' THEN '{resume promised}'
    WHEN verb IN ('grant', 'refuse') THEN '{start delivery}'
    ELSE '{}'
  END::text[]
$$;
"""
NO_TABLE = """
DROP FUNCTION applications_musts(text, text);
DROP FUNCTION applications_moves();
DROP FUNCTION applications_edges();
"""

MEASURES = """
-- Whether a clock is started with what the guide, the route of the case or the law gives it.
CREATE FUNCTION applications_start_is_due(e applications_event, a applications_application, said jsonb)
RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
  g matters_matterversion;
  s applications_applicationstep;
  amount integer := (said->>'amount')::integer;
  unit text := said->>'unit';
  carried integer := (said->>'carried')::integer;
  is_alone boolean := (said->>'alone')::boolean;
  kind text := said->>'kind';
  before integer;
BEGIN
  IF num_nulls(amount, unit, carried, is_alone) > 0 OR carried < 0 OR carried > 0 AND kind <> 'step'
     OR is_alone AND kind <> 'promised' OR said ? 'since' AND kind NOT IN ('promised', 'statutory')
     OR said->>'step' IS NOT NULL AND kind NOT IN ('step', 'special') THEN
    RETURN false;
  END IF;
  CASE kind
    WHEN 'pre_review' THEN RETURN (amount, unit) = (1, 'wd');
    WHEN 'acceptance' THEN RETURN (amount, unit) = (5, 'wd');  -- 行政许可法 §32
    WHEN 'supplement' THEN RETURN unit = 'wd' AND amount BETWEEN 1 AND 60;
    WHEN 'promised', 'statutory' THEN
      -- From the act itself; from the receipt where silence has accepted (§32), and only there. An act may have
      -- waited for its case: of what it computed with it is not made to answer for the last minute.
      IF said ? 'since' AND (said->>'since')::integer IS DISTINCT FROM (
           SELECT max(b.seq) FROM applications_event b
           WHERE b.application_id = a.id AND b.verb IN ('receive', 'supply')
         ) OR EXISTS (
           SELECT FROM applications_clock c
           WHERE c.application_id = a.id AND c.kind = 'acceptance' AND c.state = 'running'
             AND CASE WHEN said ? 'since' THEN c.due_at >= e.at ELSE c.due_at < e.at - interval '1 minute' END
         ) THEN
        RETURN false;
      END IF;
      SELECT * INTO g FROM matters_matterversion WHERE id = a.guide_id;
      before := CASE WHEN (g.statutory_amount, g.statutory_unit) = (g.promised_days, 'wd') THEN NULL
        ELSE g.statutory_amount END;
      RETURN CASE kind WHEN 'statutory' THEN (amount, unit) IS NOT DISTINCT FROM (before, g.statutory_unit)
        ELSE (amount, unit, is_alone) = (g.promised_days, 'wd', before IS NULL)
          AND (before IS NULL OR applications_told(e.detail, 'statutory', 'start') IS NOT NULL) END;
    WHEN 'step' THEN
      SELECT * INTO s FROM applications_applicationstep r
        WHERE r.application_id = a.id AND r.seq = (said->>'step')::integer;
      SELECT coalesce(sum(r.days), 0) + CASE WHEN a.was_extended THEN 10 ELSE 0 END INTO before
        FROM applications_applicationstep r WHERE r.application_id = a.id AND r.counts AND r.seq < s.seq;
      RETURN s.id IS NOT NULL AND s.path = coalesce(e.detail->>'seat', a.seat_path) AND unit = 'wd'
        AND carried <= before AND amount - carried = CASE WHEN NOT s.counts THEN (carried = 0)::integer
          WHEN carried = 0 THEN greatest(s.days, 1) ELSE s.days END;
    WHEN 'special' THEN
      SELECT * INTO s FROM applications_applicationstep r
        WHERE r.application_id = a.id AND r.seq = (said->>'step')::integer;
      -- One procedure per step; its days are those of the guide, or fewer (§45).
      RETURN coalesce(s.seq = a.step_seq AND s.kind = 'special' AND unit = s.unit
        AND amount BETWEEN 1 AND greatest(s.days, 1), false)
        AND NOT EXISTS (SELECT FROM applications_clock c
          WHERE c.application_id = a.id AND c.kind = 'special' AND c.step_seq = s.seq);
    WHEN 'delivery' THEN  -- three working days, and what the guide puts before the result; ten by §44
      SELECT coalesce(sum(r.days), 0) INTO before FROM applications_applicationstep r
        WHERE r.application_id = a.id AND r.is_after_decision AND r.unit = 'wd' AND r.seq > a.step_seq
          AND e.verb = 'grant';
      RETURN (amount, unit) = (least(3 + before, 10), 'wd');
    ELSE RETURN false;
  END CASE;
END $$;
"""
NO_MEASURES = """
DROP FUNCTION applications_start_is_due(applications_event, applications_application, jsonb);
"""

TALES = """
CREATE FUNCTION applications_guard_tale() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
  a applications_application;
  said jsonb;
  told text;
  tales text[] := '{}';
BEGIN
  SELECT * INTO a FROM applications_application WHERE id = NEW.application_id;
  IF concat_ws(' ', NEW.verb, NEW.from_status, NEW.to_status) <> ALL (applications_edges())
     OR NEW.from_status <> (CASE NEW.verb WHEN 'draft' THEN '' ELSE a.status END)
     OR NEW.verb = 'draft' AND NEW.seq <> 1 THEN
    RAISE EXCEPTION 'the lifecycle knows no such act' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.verb = 'request_correction' AND EXISTS (
    SELECT FROM applications_event b WHERE b.application_id = a.id AND b.verb = 'request_correction'
  ) THEN
    RAISE EXCEPTION 'everything that is missing is told at once' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.verb IN ('pass_on', 'step_back', 'deem_consent', 'grant', 'refuse')
     AND NEW.detail->'step'->>0 IS DISTINCT FROM a.step_seq::text THEN
    RAISE EXCEPTION 'an act ends the step at which its case stands' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.detail ? 'seat' AND NOT (CASE
       WHEN NEW.verb = 'take_over' THEN NEW.detail->>'seat' = a.destination_path
       -- Who accepts need not have a step of the route.
       WHEN NEW.verb = 'submit' THEN EXISTS (SELECT FROM halls_hall h WHERE h.path = NEW.detail->>'seat')
         OR EXISTS (SELECT FROM halls_department d WHERE d.path = NEW.detail->>'seat')
       ELSE NEW.verb IN ('accept', 'deem_accepted', 'pass_on', 'step_back', 'deem_consent', 'grant', 'refuse')
         AND EXISTS (SELECT FROM applications_applicationstep s
           WHERE s.application_id = a.id AND s.path = NEW.detail->>'seat') END) THEN
    RAISE EXCEPTION 'no act of this kind moves a case there' USING ERRCODE = 'restrict_violation';
  END IF;
  FOR said IN SELECT value FROM jsonb_array_elements(coalesce(NEW.detail->'clocks', '[]')) LOOP
    told := concat_ws(' ', said->>'move', said->>'kind');
    IF NEW.verb || ' ' || told <> ALL (applications_moves()) OR told = ANY (tales) THEN
      RAISE EXCEPTION 'this verb does no such thing to this clock' USING ERRCODE = 'restrict_violation';
    END IF;
    tales := tales || told;
    IF said->>'move' = 'start' AND NOT coalesce(applications_start_is_due(NEW, a, said), false) THEN
      RAISE EXCEPTION 'guide and route give this clock another measure' USING ERRCODE = 'restrict_violation';
    END IF;
    -- What is over stays over (§42 knows no extension afterwards).
    IF said->>'move' = 'extend' AND EXISTS (
      SELECT FROM applications_clock c WHERE c.application_id = a.id AND c.kind = said->>'kind'
        AND c.state <> 'stopped' AND c.due_at < NEW.at - interval '1 minute'
    ) THEN
      RAISE EXCEPTION 'what is over is not extended' USING ERRCODE = 'restrict_violation';
    END IF;
    -- A pause ends with the days that were granted: weekends and the longest holidays lie between, no year does.
    IF said->>'move' = 'pause' AND (said->>'granted_until')::date IS NOT NULL AND (said->>'granted_until')::date >
       (NEW.at AT TIME ZONE 'Asia/Shanghai')::date
       + 15 + 2 * (applications_told(NEW.detail, 'special', 'start')->>'amount')::integer THEN
      RAISE EXCEPTION 'a pause lasts as long as the procedure' USING ERRCODE = 'restrict_violation';
    END IF;
  END LOOP;
  IF NOT tales @> applications_musts(NEW.verb, NEW.to_status) OR NEW.verb = 'resume' AND EXISTS (
    SELECT FROM applications_clock c WHERE c.application_id = a.id AND c.state = 'paused'
      AND 'resume ' || c.kind <> ALL (tales)
  ) THEN
    RAISE EXCEPTION 'this verb begins a limit that the event does not tell' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
-- By its name the last but for none: number, moment and actor are settled.
CREATE TRIGGER guard_tale BEFORE INSERT ON applications_event
  FOR EACH ROW EXECUTE FUNCTION applications_guard_tale();
"""
NO_TALES = """
DROP TRIGGER guard_tale ON applications_event;
DROP FUNCTION applications_guard_tale();
"""

SEATS = """
CREATE FUNCTION applications_guard_seat() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  e applications_event;
BEGIN
  SELECT * INTO e FROM applications_event WHERE application_id = NEW.id ORDER BY seq DESC LIMIT 1;
  IF NEW.seat_path IS DISTINCT FROM OLD.seat_path AND NEW.seat_path IS DISTINCT FROM e.detail->>'seat' THEN
    RAISE EXCEPTION 'a case changes hands only as an event tells' USING ERRCODE = 'restrict_violation';
  END IF;
  IF (NEW.step_seq, NEW.step_kind) IS DISTINCT FROM (OLD.step_seq, OLD.step_kind) AND NOT (
    e.verb IN ('accept', 'deem_accepted', 'pass_on', 'step_back', 'deem_consent', 'grant', 'refuse') AND (
      (NEW.step_seq, NEW.step_kind) IS NOT DISTINCT FROM (NULL, '') OR EXISTS (
        SELECT FROM applications_applicationstep s
        WHERE s.application_id = NEW.id AND (s.seq, s.kind) = (NEW.step_seq, NEW.step_kind)))
  ) OR (NEW.seat_hall_id, NEW.seat_department_id) IS DISTINCT FROM (OLD.seat_hall_id, OLD.seat_department_id) AND NOT (
    e.verb = 'submit' AND NEW.seat_path = NEW.accept_path OR EXISTS (
      SELECT FROM applications_applicationstep s WHERE s.application_id = NEW.id AND s.path = NEW.seat_path
        AND (s.hall_id, s.department_id) IS NOT DISTINCT FROM (NEW.seat_hall_id, NEW.seat_department_id)
    ) OR e.verb = 'take_over' AND NEW.seat_department_id IS NULL AND EXISTS (
      SELECT FROM halls_hall h WHERE h.id = NEW.seat_hall_id AND h.path = NEW.seat_path)
  ) OR NEW.result_path IS DISTINCT FROM OLD.result_path AND NEW.result_path IS DISTINCT FROM
    (CASE WHEN e.verb IN ('grant', 'refuse') THEN OLD.seat_path WHEN e.verb = 'take_over' THEN OLD.destination_path END)
  OR NEW.destination_path IS DISTINCT FROM OLD.destination_path
    AND NOT (e.verb = 'hand_over' AND OLD.destination_path = '' OR e.verb = 'take_over' AND NEW.destination_path = '')
  OR NEW.result_number IS DISTINCT FROM OLD.result_number AND e.verb <> 'make_result' THEN
    RAISE EXCEPTION 'an act of this kind does not move a case like that' USING ERRCODE = 'restrict_violation';
  END IF;
  -- A case sleeps until the last day that its procedure was granted, and is not forgotten before.
  IF NEW.paused_until IS DISTINCT FROM OLD.paused_until AND NOT (CASE WHEN NEW.paused_until IS NULL
       THEN NEW.status <> 'suspended'
       WHEN e.verb = 'recalculate' THEN NEW.paused_until IS NOT DISTINCT FROM (e.detail->'paused_until'->>1)::timestamptz
         -- The working days of the procedure end as the calendar of now has them, and no year lies between.
         AND NEW.paused_until <= (SELECT c.started_at + make_interval(days => 15 + 2 * c.amount)
           FROM applications_clock c WHERE c.application_id = NEW.id AND c.kind = 'special' AND c.state = 'running')
       ELSE e.verb = 'suspend' AND (NEW.paused_until AT TIME ZONE 'Asia/Shanghai')::date IS NOT DISTINCT FROM
         (applications_told(e.detail, 'promised', 'pause')->>'granted_until')::date END) THEN
    RAISE EXCEPTION 'a case sleeps for the days that were granted' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_seat BEFORE UPDATE ON applications_application FOR EACH ROW WHEN (
  (NEW.seat_path, NEW.seat_hall_id, NEW.seat_department_id, NEW.step_seq, NEW.step_kind, NEW.result_path,
   NEW.destination_path, NEW.result_number, NEW.paused_until)
  IS DISTINCT FROM
  (OLD.seat_path, OLD.seat_hall_id, OLD.seat_department_id, OLD.step_seq, OLD.step_kind, OLD.result_path,
   OLD.destination_path, OLD.result_number, OLD.paused_until)
) EXECUTE FUNCTION applications_guard_seat();

-- What runs through several organs follows its case; every other clock stays with the organ where it began.
CREATE FUNCTION applications_guard_clock_seat() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  seat text;
BEGIN
  SELECT coalesce(e.detail->>'seat', CASE TG_OP WHEN 'INSERT' THEN (
      SELECT a.seat_path FROM applications_application a WHERE a.id = NEW.application_id) END) INTO seat
    FROM applications_event e WHERE e.application_id = NEW.application_id ORDER BY e.seq DESC LIMIT 1;
  IF NEW.seat_path IS DISTINCT FROM seat OR TG_OP = 'UPDATE' AND
     (NEW.kind NOT IN ('promised', 'statutory', 'delivery') OR NEW.state = 'stopped') THEN
    RAISE EXCEPTION 'no event tells of this seat' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_seat BEFORE UPDATE ON applications_clock
  FOR EACH ROW WHEN (NEW.seat_path IS DISTINCT FROM OLD.seat_path) EXECUTE FUNCTION applications_guard_clock_seat();
CREATE TRIGGER guard_new_seat BEFORE INSERT ON applications_clock
  FOR EACH ROW EXECUTE FUNCTION applications_guard_clock_seat();
"""
NO_SEATS = """
DROP TRIGGER guard_new_seat ON applications_clock;
DROP TRIGGER guard_seat ON applications_clock;
DROP FUNCTION applications_guard_clock_seat();
DROP TRIGGER guard_seat ON applications_application;
DROP FUNCTION applications_guard_seat();
"""

RECORDS = """
-- The route of a case is the guide's, taken over when it is filed.
CREATE FUNCTION applications_guard_route() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM applications_application a WHERE a.id = NEW.application_id AND a.status = 'draft') THEN
    RAISE EXCEPTION 'the route of a case is taken when it is filed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_new BEFORE INSERT ON applications_applicationstep
  FOR EACH ROW EXECUTE FUNCTION applications_guard_route();

-- Papers and hand-overs have the moment of their act, and a hand-over its person.
CREATE FUNCTION applications_stamp_record() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  e applications_event;
BEGIN
  SELECT * INTO e FROM applications_event WHERE application_id = NEW.application_id ORDER BY seq DESC LIMIT 1;
  IF TG_TABLE_NAME = 'applications_document' THEN
    NEW.issued_at := e.at;
  ELSIF TG_OP = 'INSERT' AND (e.verb, e.user_id) IS NOT DISTINCT FROM ('hand_over', NEW.sent_by_id)
        AND num_nonnulls(NEW.taken_at, NEW.taken_by_id) = 0 THEN
    NEW.sent_at := e.at;
  ELSIF TG_OP = 'UPDATE' AND (e.verb, e.user_id) IS NOT DISTINCT FROM ('take_over', NEW.taken_by_id) THEN
    NEW.taken_at := e.at;
  ELSE
    RAISE EXCEPTION 'both ends of a hand-over are acts of this case' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER stamp BEFORE INSERT ON applications_document
  FOR EACH ROW EXECUTE FUNCTION applications_stamp_record();
CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON applications_handover
  FOR EACH ROW EXECUTE FUNCTION applications_stamp_record();
"""
NO_RECORDS = """
DROP TRIGGER stamp ON applications_handover;
DROP TRIGGER stamp ON applications_document;
DROP FUNCTION applications_stamp_record();
DROP TRIGGER guard_new ON applications_applicationstep;
DROP FUNCTION applications_guard_route();
"""
NUMBERED = ("applications_event", "applications_document", "applications_clock", "applications_clockfact")


def _numbered(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER a_number BEFORE INSERT ON {table} FOR EACH ROW"
        f" EXECUTE FUNCTION halls_own_number('{table}_id_seq')",
        f"DROP TRIGGER a_number ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0012_permits_to_be_renewed"),
        ("halls", "0011_numbers_and_posts"),
    ]

    operations = [
        migrations.RunSQL(TABLE, NO_TABLE),
        migrations.RunSQL(MEASURES, NO_MEASURES),
        migrations.RunSQL(TALES, NO_TALES),
        migrations.RunSQL(SEATS, NO_SEATS),
        migrations.RunSQL(RECORDS, NO_RECORDS),
        *(_numbered(table) for table in NUMBERED),
    ]
