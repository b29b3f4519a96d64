"""Each office counts its own orders; what a signer hears of a bulletin and of an order names what the page shows."""

from importlib import import_module

from django.db import migrations, models

GUARD = """
-- An order is issued now and draws its number: one after the other in its office and year, whoever writes at once.
-- An office is its path. The county's own has no word before its numbers; any other has its name, behind those of the
-- hall or bureau that it is part of: two townships have a civil affairs office each. Where two read alike all the same,
-- or an office was renamed within the year, they go on counting: no number is given twice. What an order says does not
-- change; it stands where its latest act left it.
CREATE OR REPLACE FUNCTION supervision_guard_order() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  latest supervision_orderact;
  node record;
  is_known boolean := false;
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'an order stays' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'INSERT' THEN
    PERFORM pg_advisory_xact_lock(hashtext('supervision.order'), hashtext(NEW.county_code));
    PERFORM supervision_require_person(NEW.issued_by_id, NEW.issued_person);
    IF NEW.state <> 'issued' THEN
      RAISE EXCEPTION 'an order begins when it is issued' USING ERRCODE = 'restrict_violation';
    END IF;
    NEW.issued_at := date_trunc('second', halls_now());
    NEW.year := extract(year FROM NEW.issued_at AT TIME ZONE 'Asia/Shanghai');
    NEW.series := '';
    FOR node IN
      SELECT n.path, n.name FROM (
        SELECT h.path, h.short_name AS name FROM halls_hall h UNION ALL SELECT d.path, d.name FROM halls_department d
      ) n WHERE starts_with(NEW.issuer_path, n.path) ORDER BY length(n.path)
    LOOP
      is_known := node.path = NEW.issuer_path;
      IF node.path <> split_part(node.path, '/', 1) || '/' THEN
        NEW.series := CASE WHEN starts_with(node.name, NEW.series) THEN node.name ELSE NEW.series || node.name END;
      END IF;
    END LOOP;
    IF NOT is_known THEN
      RAISE EXCEPTION 'an order is issued by an office that there is' USING ERRCODE = 'restrict_violation';
    END IF;
    SELECT coalesce(max(o.serial), 0) + 1 INTO NEW.serial FROM supervision_supervisionorder o
      WHERE o.county_code = NEW.county_code AND o.year = NEW.year AND (o.series = NEW.series
        OR o.issuer_path = NEW.issuer_path AND o.series <> '' AND NEW.series <> '');
    RETURN NEW;
  END IF;
  IF to_jsonb(NEW) - '{state,term_id}'::text[] <> to_jsonb(OLD) - '{state,term_id}'::text[] THEN
    RAISE EXCEPTION 'what was ordered does not change' USING ERRCODE = 'restrict_violation';
  END IF;
  SELECT * INTO latest FROM supervision_orderact a WHERE a.order_id = NEW.id ORDER BY a.seq DESC LIMIT 1;
  IF NEW.state IS DISTINCT FROM supervision_order_state(latest.act) THEN
    RAISE EXCEPTION 'an order stands where its latest act left it' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.term_id <> OLD.term_id AND (latest.act <> 'send_back' OR latest.term_id <> NEW.term_id) THEN
    RAISE EXCEPTION 'a new limit begins with an act' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""
TELL_ORDER = """
-- An order that ends without the organ having been found wanting is heard of by the county too.
CREATE OR REPLACE FUNCTION supervision_tell_order_act() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  what text;
BEGIN
  SELECT CASE NEW.act WHEN 'issue' THEN '签发' WHEN 'extend' THEN '延期' WHEN 'reply' THEN '回复'
    WHEN 'accept' THEN '核验通过，办结' WHEN 'send_back' THEN '退回重办' WHEN 'give_up' THEN '未整改，办结'
    ELSE '撤回' END || '（' || o.series || '督〔' || o.year || '〕' || o.serial || '号）'
  INTO what FROM supervision_supervisionorder o WHERE o.id = NEW.order_id;
  PERFORM supervision_tell_signer(NEW.user_id, what, 'order', NEW.id, NEW.at);
  IF NEW.act IN ('accept', 'withdraw') THEN
    PERFORM supervision_tell_county(what, 'order', NEW.id, NEW.user_id);
  END IF;
  RETURN NULL;
END $$;
"""
TELL_BULLETIN = """
-- A bulletin as its page and the list call it (supervision/domain/periods.py): by its period.
CREATE FUNCTION supervision_bulletin_name(kind text, first date) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT '统计通报 ' || CASE kind WHEN 'month' THEN to_char(first, 'FMYYYY年FMMM月') ELSE
    to_char(first, 'FMIYYY年第FMIW周') || '（' || to_char(first, 'FMMM月FMDD日') || '至'
    || to_char(first + 6, 'FMMM月FMDD日') || '）' END
$$;

-- Whoever is named as reviewer or signer hears of it, by the database itself.
CREATE OR REPLACE FUNCTION supervision_tell_bulletin_signer() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  what text := supervision_bulletin_name(NEW.kind, NEW.first);
BEGIN
  IF (NEW.reviewed_by_id, NEW.reviewed_at, NEW.remarks)
     IS DISTINCT FROM (OLD.reviewed_by_id, OLD.reviewed_at, OLD.remarks) THEN
    PERFORM supervision_tell_signer(NEW.reviewed_by_id, '审核' || what,
      'bulletin:reviewed:' || NEW.version, NEW.id, NEW.reviewed_at);
  END IF;
  IF NEW.published_at IS NOT NULL THEN
    PERFORM supervision_tell_signer(NEW.signed_by_id, '签发' || what, 'bulletin:signed', NEW.id, NEW.published_at);
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION supervision_tell_dropped() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  what text := '作废' || supervision_bulletin_name(NEW.kind, NEW.first);
BEGIN
  PERFORM supervision_tell_signer(NEW.dropped_by_id, what, 'bulletin:dropped', NEW.id, NEW.dropped_at);
  PERFORM supervision_tell_county(what, 'bulletin:dropped', NEW.id, NEW.dropped_by_id);
  RETURN NULL;
END $$;
"""


def _before(migration: str, part: str, name: str) -> str:
    """A function as an earlier migration wrote it, to be put back."""
    text: str = getattr(import_module(f"supervision.migrations.{migration}"), part)
    start = text.index(f"FUNCTION {name}()")
    return f"CREATE OR REPLACE {text[start : text.index('END $$;', start)]}END $$;"


GUARD_BEFORE = _before("0026_orders_and_urges", "FORWARD", "supervision_guard_order")
TELL_ORDER_BEFORE = _before("0045_acts_in_a_name_are_heard", "ORDERS", "supervision_tell_order_act")
TELL_BULLETIN_BEFORE = "\n".join(
    (
        _before("0030_bulletins_are_signed_by_two", "SIGNATURES", "supervision_tell_bulletin_signer"),
        _before("0045_acts_in_a_name_are_heard", "PAPERS", "supervision_tell_dropped"),
        "DROP FUNCTION supervision_bulletin_name(text, date);",
    )
)
# Going back, all offices count in one series again: what an office had numbered itself goes behind the county's numbers.
ONE_SERIES = """
ALTER TABLE supervision_supervisionorder DISABLE TRIGGER USER;
UPDATE supervision_supervisionorder o SET serial = place.serial FROM (
  SELECT id, row_number() OVER year_of_a_county
    + max(serial) FILTER (WHERE series = '') OVER (PARTITION BY county_code, year) AS serial, series
  FROM (
    SELECT id, county_code, year, serial, series FROM supervision_supervisionorder
    UNION ALL SELECT NULL, county_code, year, 0, '' FROM supervision_supervisionorder
  ) known
  WINDOW year_of_a_county AS (PARTITION BY county_code, year, series <> '' ORDER BY id)
) place WHERE place.id = o.id AND place.series <> '';
ALTER TABLE supervision_supervisionorder ENABLE TRIGGER USER;
"""


class Migration(migrations.Migration):
    dependencies = [("supervision", "0056_an_extended_clock_warns_again")]

    operations = [
        migrations.AddField(
            model_name="supervisionorder",
            name="series",
            field=models.CharField(blank=True, db_default="", default="", max_length=255, verbose_name="文号代字"),
        ),
        migrations.RemoveConstraint(model_name="supervisionorder", name="order_number_once"),
        migrations.RunSQL(migrations.RunSQL.noop, ONE_SERIES),
        migrations.AddConstraint(
            model_name="supervisionorder",
            constraint=models.UniqueConstraint(
                fields=("county_code", "series", "year", "serial"), name="order_number_once"
            ),
        ),
        migrations.RunSQL(GUARD, GUARD_BEFORE),
        migrations.RunSQL(TELL_ORDER, TELL_ORDER_BEFORE),
        migrations.RunSQL(TELL_BULLETIN, TELL_BULLETIN_BEFORE),
    ]
