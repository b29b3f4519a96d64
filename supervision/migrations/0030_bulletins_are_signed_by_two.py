"""Both signatures of a bulletin are of people who may sign; a correction begins where the figure stands."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

BULLETINS = """
CREATE OR REPLACE FUNCTION supervision_guard_bulletin() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  now timestamptz := date_trunc('second', halls_now());
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a bulletin stays' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'INSERT' THEN
    NEW.drafted_at := now;
    IF NEW.reviewed_at IS NOT NULL OR NEW.reviewed_by_id IS NOT NULL OR NEW.reviewed_person <> ''
       OR NEW.remarks <> '' OR NEW.published_at IS NOT NULL OR NEW.dropped_at IS NOT NULL THEN
      RAISE EXCEPTION 'a bulletin begins as a draft' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.published_at IS NOT NULL OR OLD.dropped_at IS NOT NULL THEN
    RAISE EXCEPTION 'a bulletin that is published or dropped is not changed' USING ERRCODE = 'restrict_violation';
  END IF;
  IF (NEW.county_id, NEW.kind, NEW.first, NEW.turn, NEW.content, NEW.digest, NEW.drafted_at)
     IS DISTINCT FROM (OLD.county_id, OLD.kind, OLD.first, OLD.turn, OLD.content, OLD.digest, OLD.drafted_at) THEN
    RAISE EXCEPTION 'what a bulletin says is not rewritten' USING ERRCODE = 'restrict_violation';
  END IF;
  IF (NEW.remarks, NEW.reviewed_by_id, NEW.reviewed_person, NEW.reviewed_at)
     IS DISTINCT FROM (OLD.remarks, OLD.reviewed_by_id, OLD.reviewed_person, OLD.reviewed_at) THEN
    IF NEW.published_at IS NOT NULL THEN
      RAISE EXCEPTION 'what was reviewed is signed, and nothing else' USING ERRCODE = 'restrict_violation';
    END IF;
    -- Whatever of a review changes is a review of now, by somebody who may.
    IF NOT halls_may_sign(NEW.reviewed_by_id, NEW.reviewed_person) THEN
      RAISE EXCEPTION 'this person signs nothing for the county' USING ERRCODE = 'restrict_violation';
    END IF;
    NEW.reviewed_at := now;
  END IF;
  IF NEW.published_at IS NOT NULL THEN
    IF NEW.dropped_at IS NOT NULL OR NOT halls_may_sign(NEW.signed_by_id, NEW.signed_person)
       OR NOT halls_may_sign(NEW.reviewed_by_id, NEW.reviewed_person) THEN
      RAISE EXCEPTION 'this person signs nothing for the county' USING ERRCODE = 'restrict_violation';
    END IF;
    NEW.published_at := now;
  END IF;
  IF NEW.dropped_at IS NOT NULL THEN
    IF NOT halls_may_sign(NEW.dropped_by_id, (SELECT person_code FROM halls_user WHERE id = NEW.dropped_by_id)) THEN
      RAISE EXCEPTION 'this person signs nothing for the county' USING ERRCODE = 'restrict_violation';
    END IF;
    NEW.dropped_at := now;
  END IF;
  RETURN NEW;
END $$;
"""
SIGNATURES = """
-- Whoever is named as reviewer or signer hears of it, by the database itself.
CREATE FUNCTION supervision_tell_bulletin_signer() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  what text := '统计通报（第 ' || NEW.id || ' 号）';
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
CREATE TRIGGER tell_signature AFTER UPDATE ON supervision_bulletin
  FOR EACH ROW EXECUTE FUNCTION supervision_tell_bulletin_signer();
"""
NO_SIGNATURES = """
DROP TRIGGER tell_signature ON supervision_bulletin;
DROP FUNCTION supervision_tell_bulletin_signer();
"""
MONTHS = """
-- What a closed month says is counts by body and column, of the columns that it names.
CREATE OR REPLACE FUNCTION supervision_stamp_close() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.closed_at := date_trunc('second', halls_now());
  IF NEW.closed_at < ((NEW.first + interval '1 month')::timestamp AT TIME ZONE 'Asia/Shanghai') THEN
    RAISE EXCEPTION 'the month is not over' USING ERRCODE = 'restrict_violation';
  END IF;
  IF extract(day FROM NEW.first) <> 1
     OR NOT EXISTS (SELECT FROM halls_hall h WHERE h.id = NEW.county_id AND h.tier = 'county')
     OR jsonb_typeof(NEW.columns) <> 'array' OR jsonb_typeof(NEW.figures) <> 'object'
     OR EXISTS (
       SELECT FROM jsonb_each(NEW.figures) body WHERE jsonb_typeof(body.value) <> 'object'
         OR NOT starts_with(body.key, (SELECT h.path FROM halls_hall h WHERE h.id = NEW.county_id)))
     OR EXISTS (
       SELECT FROM jsonb_each(NEW.figures) body, jsonb_each(body.value) figure
       WHERE jsonb_typeof(figure.value) <> 'number' OR figure.value::text !~ '^[0-9]+$'
         OR NOT NEW.columns ? figure.key) THEN
    RAISE EXCEPTION 'a month is closed with counts of bodies' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

-- A correction begins at the figure that stands: as it was closed, or as it was corrected last.
CREATE OR REPLACE FUNCTION supervision_stamp_adjustment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  stands integer;
BEGIN
  NEW.found_at := date_trunc('second', halls_now());
  PERFORM pg_advisory_xact_lock(hashtext('supervision.monthadjustment'), NEW.closed_id::integer);
  SELECT coalesce(
    (SELECT a.after FROM supervision_monthadjustment a
     WHERE a.closed_id = NEW.closed_id AND a.path = NEW.path AND a."column" = NEW."column" ORDER BY a.id DESC LIMIT 1),
    (c.figures -> NEW.path ->> NEW."column")::integer, 0)
  INTO stands FROM supervision_monthclose c JOIN halls_hall h ON h.id = c.county_id
  WHERE c.id = NEW.closed_id AND c.columns ? NEW."column" AND starts_with(NEW.path, h.path);
  IF stands IS DISTINCT FROM NEW.before OR NEW.after < 0 THEN
    RAISE EXCEPTION 'a correction begins where the figure stands' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""
PRINTED = """
-- What was found until now and lies in the month of a paper or behind it was printed by that paper.
INSERT INTO supervision_printedcorrection (bulletin_id, adjustment_id)
SELECT DISTINCT ON (a.id) b.id, a.id
FROM supervision_monthadjustment a JOIN supervision_monthclose c ON c.id = a.closed_id
  JOIN supervision_bulletin b ON b.county_id = c.county_id AND b.kind = 'month' AND b.first > c.first
    AND b.drafted_at >= a.found_at AND b.dropped_at IS NULL
ORDER BY a.id, b.drafted_at;
SET CONSTRAINTS ALL IMMEDIATE;

-- A correction is printed by one paper that stands, as long as it is a draft.
CREATE FUNCTION supervision_guard_correction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('supervision.printedcorrection'), NEW.adjustment_id::integer);
  IF NOT EXISTS (
    SELECT FROM supervision_bulletin b, supervision_monthadjustment a
      JOIN supervision_monthclose c ON c.id = a.closed_id
    WHERE b.id = NEW.bulletin_id AND a.id = NEW.adjustment_id AND b.county_id = c.county_id AND b.kind = 'month'
      AND b.first >= c.first AND b.reviewed_at IS NULL AND b.published_at IS NULL AND b.dropped_at IS NULL
  ) OR EXISTS (
    SELECT FROM supervision_printedcorrection p JOIN supervision_bulletin b ON b.id = p.bulletin_id
    WHERE p.adjustment_id = NEW.adjustment_id AND b.dropped_at IS NULL
  ) THEN
    RAISE EXCEPTION 'a correction is printed once' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT ON supervision_printedcorrection
  FOR EACH ROW EXECUTE FUNCTION supervision_guard_correction();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON supervision_printedcorrection
  FOR EACH ROW EXECUTE FUNCTION halls_refuse_change();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON supervision_printedcorrection
  FOR EACH STATEMENT EXECUTE FUNCTION halls_refuse_truncate();
"""
NOT_PRINTED = """
-- What was found until now and lies in the month of a paper or behind it was printed by that paper.
INSERT INTO supervision_printedcorrection (bulletin_id, adjustment_id)
SELECT DISTINCT ON (a.id) b.id, a.id
FROM supervision_monthadjustment a JOIN supervision_monthclose c ON c.id = a.closed_id
  JOIN supervision_bulletin b ON b.county_id = c.county_id AND b.kind = 'month' AND b.first > c.first
    AND b.drafted_at >= a.found_at AND b.dropped_at IS NULL
ORDER BY a.id, b.drafted_at;
SET CONSTRAINTS ALL IMMEDIATE;

DROP TRIGGER guard ON supervision_printedcorrection;
DROP TRIGGER append_only ON supervision_printedcorrection;
DROP TRIGGER never_truncated ON supervision_printedcorrection;
DROP FUNCTION supervision_guard_correction();
"""


def _before(*names: str) -> str:
    """Functions as 0027 wrote them, to be put back."""
    text: str = import_module("supervision.migrations.0027_statistics_and_bulletins").FORWARD
    found = []
    for name in names:
        start = text.index(f"FUNCTION {name}()")
        found.append(f"CREATE OR REPLACE {text[start : text.index('END $$;', start)]}END $$;")
    return "\n".join(found)


class Migration(migrations.Migration):
    dependencies = [("supervision", "0029_unrectified_orders_are_answered_for")]

    operations = [
        migrations.RunSQL(BULLETINS, _before("supervision_guard_bulletin")),
        migrations.RunSQL(SIGNATURES, NO_SIGNATURES),
        migrations.RunSQL(MONTHS, _before("supervision_stamp_close", "supervision_stamp_adjustment")),
        migrations.CreateModel(
            name="PrintedCorrection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "adjustment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="printed",
                        to="supervision.monthadjustment",
                    ),
                ),
                (
                    "bulletin",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="supervision.bulletin"
                    ),
                ),
            ],
            options={
                "verbose_name": "通报所印的更正",
                "verbose_name_plural": "通报所印的更正",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("adjustment", "bulletin"), name="correction_once_in_a_bulletin")
                ],
            },
        ),
        migrations.RunSQL(PRINTED, NOT_PRINTED),
    ]
