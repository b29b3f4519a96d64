"""A month is closed with every column that the books keep, at the newest event, under the digest of what it says."""

from django.db import migrations

# supervision.domain.columns.KEPT as it was then. A new column needs a new function: 0058 has the newest.
KEPT = """
received accepted declined finished on_time early late withdrawn open warnings yellow red yellow_revoked red_revoked
orders_issued orders_replied orders_in_time orders_overdue orders_closed orders_unrectified orders_withdrawn orders_open
urges complaints repeats complaints_accepted complaints_refused complaints_answered complaints_in_time complaints_late
complaints_upheld complaints_open inquiries inquiries_answered inquiries_in_time inquiries_late rated rated_5 rated_4
rated_3 rated_2 rated_1 rated_valid rated_content rated_bad ratings_answered_for ratings_invalid ratings_excluded
rectified rectified_in_time revisited callbacks unrated timed promised_days used_days
"""
COLUMNS = f"""
CREATE FUNCTION supervision_kept_columns() RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
  SELECT '{{{",".join(KEPT.split())}}}'::text[]
$$;
"""
FORWARD = """
-- As supervision.actions.close_month.digest_of has it: keys in the order of their code points, no blanks.
CREATE FUNCTION supervision_digest_of(figures jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT encode(sha256(convert_to('{' || coalesce(string_agg(to_json(body.key)::text || ':{' || coalesce((
    SELECT string_agg(to_json(one.key)::text || ':' || one.value::text, ',' ORDER BY one.key COLLATE "C")
    FROM jsonb_each(body.value) one), '') || '}', ',' ORDER BY body.key COLLATE "C"), '') || '}', 'UTF8')), 'hex')
  FROM jsonb_each(figures) body
$$;
-- Behind `stamp`, which looks at the shape. What a month says is counted again and compared (更正); what it leaves out
-- would be compared with nothing. What the owner of the tables writes is the owner's.
CREATE FUNCTION supervision_close_is_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
    RETURN NEW;
  END IF;
  IF NOT NEW.columns ?& supervision_kept_columns()
     OR NOT NEW.figures ? (SELECT h.path FROM halls_hall h WHERE h.id = NEW.county_id) THEN
    RAISE EXCEPTION 'a month is closed whole' USING ERRCODE = 'restrict_violation';
  END IF;
  NEW.events := coalesce((SELECT max(e.id) FROM applications_event e), 0);
  NEW.digest := supervision_digest_of(NEW.figures);
  RETURN NEW;
END $$;
CREATE TRIGGER whole BEFORE INSERT ON supervision_monthclose
  FOR EACH ROW EXECUTE FUNCTION supervision_close_is_whole();
"""
BACKWARD = """
DROP TRIGGER whole ON supervision_monthclose;
DROP FUNCTION supervision_close_is_whole();
DROP FUNCTION supervision_digest_of(jsonb);
DROP FUNCTION supervision_kept_columns();
"""


class Migration(migrations.Migration):
    dependencies = [("supervision", "0047_records_name_who_held_it")]

    operations = [migrations.RunSQL(COLUMNS + FORWARD, BACKWARD)]
