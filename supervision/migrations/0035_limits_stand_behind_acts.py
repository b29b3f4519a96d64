"""A limit of what is no case belongs to something, moves by what is told about it, and is never moved aside."""

from django.db import migrations, models

# What each limit is (domain/answers.py), whose it is, and the day it ends: the database holds the same tables.
MEASURES = """
CREATE FUNCTION supervision_measure(kind text) RETURNS smallint LANGUAGE sql IMMUTABLE AS $$
  SELECT (CASE kind WHEN 'inquiry' THEN 5 WHEN 'complaint' THEN 3 WHEN 'rating_contact' THEN 1
    WHEN 'rating_rectify' THEN 5 WHEN 'order' THEN 5 END)::smallint
$$;
-- By how much an extension may lengthen it: a complaint to fifteen days in all, a rectification by ten, an order by five.
CREATE FUNCTION supervision_most_more(kind text) RETURNS smallint LANGUAGE sql IMMUTABLE AS $$
  SELECT (CASE kind WHEN 'complaint' THEN 12 WHEN 'rating_rectify' THEN 10 WHEN 'order' THEN 5 ELSE 0 END)::smallint
$$;
CREATE FUNCTION supervision_voice_duty(kind text, seat text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN kind <> 'inquiry' THEN 'supervise' WHEN position('~' IN seat) > 0 THEN 'examine' ELSE 'accept' END
$$;
-- The fingerprint of the calendar, as halls_moment() has it, without its lock.
CREATE FUNCTION supervision_calendar() RETURNS text LANGUAGE sql STABLE AS $$
  SELECT coalesce(string_agg(y.id || '.' || y.version || '.' || left(y.sha256, 8), ' ' ORDER BY y.year), '')
  FROM halls_calendaryear y
$$;
-- The last second of so many working days behind a day; NULL where a year on the way is not published.
CREATE FUNCTION supervision_end_of(day date, days integer) RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN bool_and(EXISTS (SELECT FROM halls_calendaryear y WHERE y.year = extract(year FROM w.date)))
    THEN max((w.date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai') - interval '1 second' END
  FROM (
    SELECT d::date AS date, row_number() OVER (ORDER BY d) AS n
    FROM generate_series(day + 1, day + 3 * days + 40, interval '1 day') d
      LEFT JOIN halls_calendarday c ON c.date = d::date
    WHERE c.kind = 'makeup' OR c.kind IS NULL AND extract(isodow FROM d) < 6
  ) w WHERE w.n <= days
$$;
"""
NO_MEASURES = """
DROP FUNCTION supervision_end_of(date, integer);
DROP FUNCTION supervision_calendar();
DROP FUNCTION supervision_voice_duty(text, text);
DROP FUNCTION supervision_most_more(text);
DROP FUNCTION supervision_measure(text);
"""

DATES = """
-- Dates move with a fact that is told of the limit, or with the calendar, each once; the end is counted here too. The
-- seat moves with what it belongs to. The sweep's bookmark is the first rung that nobody claimed. What the owner of the
-- tables writes is found at night.
CREATE FUNCTION supervision_guard_term_dates() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  is_owner boolean := pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE');
  told bigint := 0;
  more integer := 0;
  day date := (NEW.started_at AT TIME ZONE 'Asia/Shanghai')::date;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    SELECT coalesce(max(f.id), 0), coalesce(sum(f.amount) FILTER (WHERE f.move = 'extend'), 0) INTO told, more
      FROM supervision_termfact f WHERE f.term_id = NEW.id AND f.move <> 'start';
    IF (NEW.seat_path, NEW.duty) IS DISTINCT FROM (OLD.seat_path, OLD.duty) AND NOT EXISTS (
      SELECT FROM supervision_voice v
      WHERE v.term_id = NEW.id AND v.seat_path = NEW.seat_path
        AND NEW.duty = supervision_voice_duty(v.kind, v.seat_path)
    ) THEN
      RAISE EXCEPTION 'a limit stays with whom it belongs to' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.due_at, NEW.is_provisional, NEW.warn_at, NEW.yellow_at, NEW.red_at)
       IS NOT DISTINCT FROM (OLD.due_at, OLD.is_provisional, OLD.warn_at, OLD.yellow_at, OLD.red_at) THEN
      NEW.calendar := OLD.calendar;
      NEW.told_through := CASE WHEN NEW.state <> OLD.state THEN told ELSE OLD.told_through END;
    ELSE
      NEW.calendar := supervision_calendar();
      NEW.told_through := told;
      IF NOT is_owner AND told <= OLD.told_through AND NEW.calendar = OLD.calendar THEN
        RAISE EXCEPTION 'the dates of a limit move with what is told of it' USING ERRCODE = 'restrict_violation';
      END IF;
    END IF;
  ELSE
    NEW.calendar := supervision_calendar();
    NEW.told_through := 0;
  END IF;
  -- Midnight may pass between reading the moment and writing the limit down.
  IF NOT is_owner AND (TG_OP = 'INSERT' OR NEW.due_at <> OLD.due_at)
     AND NEW.due_at <> supervision_end_of(day, NEW.amount + more) AND NEW.due_at <> supervision_end_of(
       ((NEW.started_at - interval '1 minute') AT TIME ZONE 'Asia/Shanghai')::date, NEW.amount + more) THEN
    RAISE EXCEPTION 'the calendar gives this limit another end' USING ERRCODE = 'restrict_violation';
  END IF;
  SELECT min(r.at) INTO NEW.next_action_at
  FROM (VALUES ('warning', NEW.warn_at), ('yellow', NEW.yellow_at), ('red', NEW.red_at)) r (level, at)
  WHERE (NEW.stopped_at IS NULL OR r.at < NEW.stopped_at)
    AND NOT EXISTS (SELECT FROM supervision_termwarning w WHERE w.term_id = NEW.id AND w.level = r.level);
  RETURN NEW;
END $$;
CREATE TRIGGER guard_dates BEFORE INSERT OR UPDATE ON supervision_term
  FOR EACH ROW EXECUTE FUNCTION supervision_guard_term_dates();
"""
NO_DATES = """
DROP TRIGGER guard_dates ON supervision_term;
DROP FUNCTION supervision_guard_term_dates();
"""
KNOWN = """
UPDATE supervision_term t SET calendar = supervision_calendar(), told_through = coalesce(
  (SELECT max(f.id) FROM supervision_termfact f WHERE f.term_id = t.id AND f.move <> 'start'), 0)
"""

TIES = """
-- At the end of the transaction a limit is that of the complaint, rating or order that points at it, in its measure, and
-- has begun. What the owner of the tables writes is the owner's.
CREATE FUNCTION supervision_limit_belongs() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  t supervision_term;
BEGIN
  SELECT * INTO t FROM supervision_term WHERE id = NEW.id;
  IF pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
    RETURN NULL;
  END IF;
  IF (t.amount, t.unit) IS DISTINCT FROM (supervision_measure(t.kind), 'wd')
     OR NOT EXISTS (SELECT FROM supervision_termfact f WHERE f.term_id = t.id AND f.move = 'start')
     OR NOT (CASE t.kind
       WHEN 'order' THEN EXISTS (
         SELECT FROM supervision_orderact a JOIN supervision_supervisionorder o ON o.id = a.order_id
         WHERE a.term_id = t.id AND (o.organ_path, o.duty) = (t.seat_path, t.duty))
       WHEN 'rating_contact' THEN EXISTS (
         SELECT FROM supervision_rating r WHERE r.contact_term_id = t.id AND t.duty = 'supervise'
           AND t.seat_path = coalesce(nullif(regexp_replace(r.path, '[^/]+/$', ''), ''), r.path))
       WHEN 'rating_rectify' THEN EXISTS (
         SELECT FROM supervision_rating r JOIN applications_application c ON c.id = r.application_id
         WHERE r.rectify_term_id = t.id AND t.seat_path IN (r.path, c.accept_path)
           AND t.duty = CASE WHEN position('~' IN t.seat_path) > 0 THEN 'examine' ELSE 'issue' END
           AND EXISTS (SELECT FROM supervision_ratingact a WHERE a.rating_id = r.id AND a.act = 'valid'))
       ELSE EXISTS (
         SELECT FROM supervision_voice v WHERE v.term_id = t.id AND v.seat_path = t.seat_path
           AND t.duty = supervision_voice_duty(v.kind, v.seat_path)) END) THEN
    RAISE EXCEPTION 'this limit belongs to nothing' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER belongs AFTER INSERT ON supervision_term
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION supervision_limit_belongs();

-- What lengthens or stops a limit is an act of the same person, of that kind and by those days.
CREATE FUNCTION supervision_fact_is_told() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  t supervision_term;
  begun supervision_orderact;
BEGIN
  IF pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
    RETURN NULL;
  END IF;
  SELECT * INTO t FROM supervision_term WHERE id = NEW.term_id;
  SELECT * INTO begun FROM supervision_orderact a WHERE a.term_id = t.id;
  IF NEW.move = 'extend' AND (NEW.unit <> 'wd' OR NEW.amount > supervision_most_more(t.kind)) OR NOT (CASE
    WHEN t.kind = 'order' THEN EXISTS (
      SELECT FROM supervision_orderact a
      WHERE a.order_id = begun.order_id AND a.seq > begun.seq AND (a.user_id, a.person_code) = (NEW.user_id, NEW.person_code)
        AND NOT EXISTS (SELECT FROM supervision_orderact b WHERE b.order_id = a.order_id AND b.term_id IS NOT NULL
                        AND b.seq > begun.seq AND b.seq <= a.seq)
        AND CASE NEW.move WHEN 'extend' THEN (a.act, a.days) = ('extend', NEW.amount)
            ELSE a.act IN ('reply', 'give_up', 'withdraw') END)
    WHEN t.kind IN ('rating_contact', 'rating_rectify') THEN EXISTS (
      SELECT FROM supervision_rating r JOIN supervision_ratingact a ON a.rating_id = r.id
      WHERE t.id IN (r.contact_term_id, r.rectify_term_id)
        AND (a.user_id, a.person_code) = (NEW.user_id, NEW.person_code)
        AND CASE WHEN NEW.move = 'extend' THEN a.act = 'extend'
            WHEN t.kind = 'rating_contact' THEN a.to_state <> 'contacting'
            ELSE a.to_state <> 'rectifying' AND a.act NOT IN ('contact', 'attempt', 'valid', 'invalid') END)
    ELSE EXISTS (
      SELECT FROM supervision_voice v JOIN supervision_voiceact a ON a.voice_id = v.id
      WHERE v.term_id = t.id AND (a.user_id, a.person_code) = (NEW.user_id, NEW.person_code)
        AND CASE NEW.move WHEN 'extend' THEN (a.verb, a.ground) = ('extend', NEW.amount::text)
            ELSE a.verb IN ('answer', 'refuse') END) END) THEN
    RAISE EXCEPTION 'no act tells this of the limit' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER is_told AFTER INSERT ON supervision_termfact
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.move <> 'start') EXECUTE FUNCTION supervision_fact_is_told();

-- Nothing points at a limit of another kind.
CREATE FUNCTION supervision_guard_limit_of() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  mine jsonb := to_jsonb(NEW);
  wanted text := CASE TG_ARGV[0] WHEN 'voice' THEN CASE mine->>'kind' WHEN 'inquiry' THEN 'inquiry' ELSE 'complaint' END
    ELSE TG_ARGV[0] END;
BEGIN
  IF mine->>TG_ARGV[1] IS NOT NULL AND NOT EXISTS (
    SELECT FROM supervision_term t WHERE t.id = (mine->>TG_ARGV[1])::bigint AND t.kind = wanted
  ) THEN
    RAISE EXCEPTION 'this limit is of another kind' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
""" + "".join(
    f"""
CREATE TRIGGER limit_of_{column} BEFORE INSERT OR UPDATE OF {column} ON supervision_{table}
  FOR EACH ROW EXECUTE FUNCTION supervision_guard_limit_of('{kind}', '{column}');"""
    for table, column, kind in (
        ("voice", "term_id", "voice"),
        ("rating", "contact_term_id", "rating_contact"),
        ("rating", "rectify_term_id", "rating_rectify"),
        ("supervisionorder", "term_id", "order"),
        ("orderact", "term_id", "order"),
    )
)
NO_TIES = """
DROP TRIGGER limit_of_term_id ON supervision_voice;
DROP TRIGGER limit_of_contact_term_id ON supervision_rating;
DROP TRIGGER limit_of_rectify_term_id ON supervision_rating;
DROP TRIGGER limit_of_term_id ON supervision_supervisionorder;
DROP TRIGGER limit_of_term_id ON supervision_orderact;
DROP FUNCTION supervision_guard_limit_of();
DROP TRIGGER is_told ON supervision_termfact;
DROP FUNCTION supervision_fact_is_told();
DROP TRIGGER belongs ON supervision_term;
DROP FUNCTION supervision_limit_belongs();
"""


class Migration(migrations.Migration):
    dependencies = [("supervision", "0034_cards_have_no_side_doors")]

    operations = [
        migrations.AddField(
            "term", "calendar", models.TextField(blank=True, db_default="", default="", editable=False)
        ),
        migrations.AddField(
            "term", "told_through", models.PositiveBigIntegerField(db_default=0, default=0, editable=False)
        ),
        migrations.RunSQL(MEASURES, NO_MEASURES),
        migrations.RunSQL(KNOWN, migrations.RunSQL.noop),
        migrations.RunSQL(DATES, NO_DATES),
        migrations.RunSQL(TIES, NO_TIES),
    ]
