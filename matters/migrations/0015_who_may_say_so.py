"""A promise is made by whoever edits this hall's matters; a request to try a guide out may be replaced while it waits."""

from django.db import migrations

# A post counts by the real date, as in halls.scopes.
PROMISE = """
CREATE OR REPLACE FUNCTION matters_guard_promise() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  g matters_matterversion;
  here halls_hall;
BEGIN
  NEW.decided_at := halls_now();
  IF NOT EXISTS (
    SELECT FROM halls_user u WHERE u.id = NEW.user_id AND u.is_active
      AND (u.person_code, u.full_name) = (NEW.person_code, NEW.actor_name)
  ) THEN
    RAISE EXCEPTION 'a promise is made by a person with an account in use, under their own name'
      USING ERRCODE = 'restrict_violation';
  END IF;
  SELECT h.* INTO here FROM halls_hall h WHERE h.id = NEW.hall_id AND h.retired_on IS NULL;
  IF NOT EXISTS (
    SELECT FROM halls_post p JOIN halls_hall h ON h.id = p.hall_id,
      LATERAL (SELECT (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date AS day) today
    WHERE p.user_id = NEW.user_id AND p.kind = 'catalogue_editor' AND p.title = NEW.actor_post
      AND starts_with(here.path, h.path)
      AND p.starts_on <= today.day AND (p.ends_on IS NULL OR p.ends_on >= today.day)
  ) THEN
    RAISE EXCEPTION 'a promise is made by whoever edits the matters of this hall, in that post'
      USING ERRCODE = 'restrict_violation';
  END IF;
  -- What was accepted up to today was promised something else, and by tomorrow everybody can have read it.
  IF NEW.effective_on <= (NEW.decided_at AT TIME ZONE 'Asia/Shanghai')::date THEN
    RAISE EXCEPTION 'a promise begins on a later day' USING ERRCODE = 'restrict_violation';
  END IF;
  SELECT v.* INTO g FROM matters_matter m JOIN matters_matterversion v ON v.id = m.current_id
    WHERE m.id = NEW.matter_id AND m.abolished_on IS NULL;
  IF (here.tier = ANY (g.accept_levels)) IS NOT TRUE THEN
    RAISE EXCEPTION 'a hall promises only what it takes in' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.days IS NOT NULL AND (g.handling = 'promised' AND NEW.days < g.promised_days) IS NOT TRUE THEN
    RAISE EXCEPTION 'a hall promises less time than the guide, or nothing' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""
PROMISE_BEFORE = """
CREATE OR REPLACE FUNCTION matters_guard_promise() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  g matters_matterversion;
BEGIN
  NEW.decided_at := halls_now();
  IF NOT EXISTS (
    SELECT FROM halls_user u WHERE u.id = NEW.user_id AND u.is_active
      AND (u.person_code, u.full_name) = (NEW.person_code, NEW.actor_name)
  ) THEN
    RAISE EXCEPTION 'a promise is made by a person with an account in use, under their own name'
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.effective_on <= (NEW.decided_at AT TIME ZONE 'Asia/Shanghai')::date THEN
    RAISE EXCEPTION 'a promise begins on a later day' USING ERRCODE = 'restrict_violation';
  END IF;
  SELECT v.* INTO g FROM matters_matter m JOIN matters_matterversion v ON v.id = m.current_id
    WHERE m.id = NEW.matter_id AND m.abolished_on IS NULL;
  IF NEW.days IS NOT NULL AND (g.handling = 'promised' AND NEW.days < g.promised_days) IS NOT TRUE THEN
    RAISE EXCEPTION 'a hall promises less time than the guide, or nothing' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""
# The site asks, and may ask for something newer while it waits; only the owner says what came out.
VERDICT = """
CREATE OR REPLACE FUNCTION matters_guard_verdict() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a verdict stays' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NOT pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE')
     AND (NEW.finished_at, NEW.passed) IS DISTINCT FROM (NULL, NULL)
     OR TG_OP = 'UPDATE' AND NOT pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE')
     AND (NEW.id, NEW.code, NEW.results, NEW.covered, NEW.missed, NEW.branches)
     IS DISTINCT FROM (OLD.id, OLD.code, OLD.results, OLD.covered, OLD.missed, OLD.branches) THEN
    RAISE EXCEPTION 'a verdict is written by the owner' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'UPDATE'
     AND (OLD.finished_at IS NOT NULL OR NEW.finished_at IS NOT NULL AND NEW.content_hash <> OLD.content_hash) THEN
    RAISE EXCEPTION 'a verdict is written once' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""
VERDICT_BEFORE = """
CREATE OR REPLACE FUNCTION matters_guard_verdict() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a verdict stays' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NOT pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE')
     AND (TG_OP = 'UPDATE' OR NEW.finished_at IS NOT NULL OR NEW.passed IS NOT NULL) THEN
    RAISE EXCEPTION 'a verdict is written by the owner' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'UPDATE' AND (OLD.finished_at IS NOT NULL OR NEW.content_hash <> OLD.content_hash) THEN
    RAISE EXCEPTION 'a verdict is written once' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("matters", "0013_sameness_reports")]

    operations = [migrations.RunSQL(PROMISE, PROMISE_BEFORE), migrations.RunSQL(VERDICT, VERDICT_BEFORE)]
