"""Who signs holds a post for the whole county, and a calendar notice is of the days that its digest says."""

from django.db import migrations

# The posts that carry what halls.actions.sign asks for; a post counts by the real date, as in halls.scopes.
FORWARD = """
CREATE FUNCTION halls_holds_county_post(signer bigint, signer_code text, VARIADIC kinds text[]) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT FROM halls_user u JOIN halls_post p ON p.user_id = u.id JOIN halls_hall h ON h.id = p.hall_id,
      LATERAL (SELECT (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date AS day) today
    WHERE u.id = signer AND u.person_code = signer_code AND u.is_active AND p.kind = ANY (kinds)
      AND h.tier = 'county' AND h.parent_id IS NULL
      AND p.starts_on <= today.day AND (p.ends_on IS NULL OR p.ends_on >= today.day)
  )
$$;
CREATE FUNCTION halls_may_sign(signer bigint, signer_code text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT halls_holds_county_post(signer, signer_code, 'administrator', 'supervisor')
$$;

-- The digest of a notice's days as they were signed; the domain computes the same (Arrangement.sha256).
CREATE FUNCTION halls_arrangement_digest(said jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT encode(sha256(convert_to(
      halls_framed(said->>'year') || halls_framed(coalesce(said->>'document_no', ''))
      || halls_framed(coalesce(said->>'published_on', '')) || halls_framed(said->>'source')
      || coalesce((SELECT string_agg(halls_framed(d->>'date') || halls_framed(d->>'kind') || halls_framed(d->>'name'),
                                     '' ORDER BY d->>'date' COLLATE "C")
                   FROM jsonb_array_elements(said->'days') d), ''), 'UTF8')), 'hex')
$$;

CREATE OR REPLACE FUNCTION halls_two_persons() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION '%: what was proposed stays on record', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'INSERT' THEN
    NEW.proposed_at := halls_now();
    NEW.dropped_at := NULL;
    IF NEW.is_installed THEN
      -- Only whoever owns the table may speak for the installation.
      IF NOT pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
        RAISE EXCEPTION '%: only two persons put this into force', TG_TABLE_NAME
          USING ERRCODE = 'insufficient_privilege';
      END IF;
      NEW.confirmed_at := NEW.proposed_at;
    ELSIF NEW.confirmed_at IS NOT NULL OR NEW.confirmed_by_id IS NOT NULL THEN
      RAISE EXCEPTION '%: nobody confirms in the act of proposing', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
    ELSIF NOT halls_may_sign(NEW.proposed_by_id, NEW.proposed_person) THEN
      RAISE EXCEPTION '%: this person signs nothing for the county', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.is_installed, NEW.reason, NEW.proposed_by_id, NEW.proposed_person, NEW.proposed_at)
     IS DISTINCT FROM (OLD.is_installed, OLD.reason, OLD.proposed_by_id, OLD.proposed_person, OLD.proposed_at)
     OR OLD.confirmed_at IS NOT NULL AND (NEW.confirmed_by_id, NEW.confirmed_person, NEW.confirmed_at)
     IS DISTINCT FROM (OLD.confirmed_by_id, OLD.confirmed_person, OLD.confirmed_at)
     OR OLD.dropped_at IS NOT NULL AND (NEW.dropped_by_id, NEW.dropped_at, NEW.confirmed_at)
     IS DISTINCT FROM (OLD.dropped_by_id, OLD.dropped_at, OLD.confirmed_at) THEN
    RAISE EXCEPTION '%: a signature is not changed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.confirmed_at IS NULL AND NEW.confirmed_at IS NOT NULL THEN
    IF NOT halls_may_sign(NEW.confirmed_by_id, NEW.confirmed_person)
       OR NOT halls_may_sign(NEW.proposed_by_id, NEW.proposed_person) THEN
      RAISE EXCEPTION '%: this person signs nothing for the county', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
    END IF;
    NEW.confirmed_at := halls_now();
  END IF;
  IF OLD.dropped_at IS NULL AND NEW.dropped_at IS NOT NULL THEN
    NEW.dropped_at := halls_now();
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION halls_watch_notice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.turn := NULL;
    IF NEW.sha256 IS DISTINCT FROM halls_arrangement_digest(NEW.effective)
       OR NEW.effective->>'year' IS DISTINCT FROM NEW.year::text THEN
      RAISE EXCEPTION '%: the digest is not that of these days', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
  ELSIF (NEW.year, NEW.kind, NEW.document_no, NEW.content, NEW.effective, NEW.text, NEW.sha256, NEW.base_sha256)
     IS DISTINCT FROM
     (OLD.year, OLD.kind, OLD.document_no, OLD.content, OLD.effective, OLD.text, OLD.sha256, OLD.base_sha256)
     OR OLD.turn IS NOT NULL AND (NEW.turn, NEW.confirm_reason) IS DISTINCT FROM (OLD.turn, OLD.confirm_reason) THEN
    RAISE EXCEPTION '%: what was proposed is not changed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END IF;
  -- Every case behind it is looked at after it came into force, not in the same stroke.
  IF TG_OP = 'UPDATE' AND NEW.settled_at IS NOT NULL AND OLD.turn IS NULL THEN
    RAISE EXCEPTION '%: nothing is settled before it is in force', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.confirmed_at IS NOT NULL AND NEW.turn IS NULL THEN
    IF halls_arrangement_digest(NEW.effective) IS DISTINCT FROM NEW.sha256 THEN
      RAISE EXCEPTION '%: the digest is not that of these days', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    IF NOT NEW.is_installed AND NOT EXISTS (
      SELECT FROM halls_user p, halls_user c
      WHERE p.id = NEW.proposed_by_id AND p.person_code = NEW.proposed_person
        AND c.id = NEW.confirmed_by_id AND c.person_code = NEW.confirmed_person
    ) THEN
      RAISE EXCEPTION '%: these persons are not in the staff list', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    SELECT coalesce(max(n.turn), 0) + 1 INTO NEW.turn FROM halls_calendarnotice n WHERE n.year = NEW.year;
  END IF;
  RETURN NEW;
END $$;
"""
BACKWARD = """
CREATE OR REPLACE FUNCTION halls_two_persons() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION '%: what was proposed stays on record', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'INSERT' THEN
    NEW.proposed_at := halls_now();
    NEW.dropped_at := NULL;
    IF NEW.is_installed THEN
      -- Only whoever owns the table may speak for the installation.
      IF NOT pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
        RAISE EXCEPTION '%: only two persons put this into force', TG_TABLE_NAME
          USING ERRCODE = 'insufficient_privilege';
      END IF;
      NEW.confirmed_at := NEW.proposed_at;
    ELSIF NEW.confirmed_at IS NOT NULL OR NEW.confirmed_by_id IS NOT NULL THEN
      RAISE EXCEPTION '%: nobody confirms in the act of proposing', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.is_installed, NEW.reason, NEW.proposed_by_id, NEW.proposed_person, NEW.proposed_at)
     IS DISTINCT FROM (OLD.is_installed, OLD.reason, OLD.proposed_by_id, OLD.proposed_person, OLD.proposed_at)
     OR OLD.confirmed_at IS NOT NULL AND (NEW.confirmed_by_id, NEW.confirmed_person, NEW.confirmed_at)
     IS DISTINCT FROM (OLD.confirmed_by_id, OLD.confirmed_person, OLD.confirmed_at)
     OR OLD.dropped_at IS NOT NULL AND (NEW.dropped_by_id, NEW.dropped_at, NEW.confirmed_at)
     IS DISTINCT FROM (OLD.dropped_by_id, OLD.dropped_at, OLD.confirmed_at) THEN
    RAISE EXCEPTION '%: a signature is not changed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.confirmed_at IS NULL AND NEW.confirmed_at IS NOT NULL THEN
    NEW.confirmed_at := halls_now();
  END IF;
  IF OLD.dropped_at IS NULL AND NEW.dropped_at IS NOT NULL THEN
    NEW.dropped_at := halls_now();
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION halls_watch_notice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.turn := NULL;
  ELSIF (NEW.year, NEW.kind, NEW.document_no, NEW.content, NEW.effective, NEW.text, NEW.sha256, NEW.base_sha256)
     IS DISTINCT FROM
     (OLD.year, OLD.kind, OLD.document_no, OLD.content, OLD.effective, OLD.text, OLD.sha256, OLD.base_sha256)
     OR OLD.turn IS NOT NULL AND (NEW.turn, NEW.confirm_reason) IS DISTINCT FROM (OLD.turn, OLD.confirm_reason) THEN
    RAISE EXCEPTION '%: what was proposed is not changed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.confirmed_at IS NOT NULL AND NEW.turn IS NULL THEN
    IF NOT NEW.is_installed AND NOT EXISTS (
      SELECT FROM halls_user p, halls_user c
      WHERE p.id = NEW.proposed_by_id AND p.person_code = NEW.proposed_person
        AND c.id = NEW.confirmed_by_id AND c.person_code = NEW.confirmed_person
    ) THEN
      RAISE EXCEPTION '%: these persons are not in the staff list', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    SELECT coalesce(max(n.turn), 0) + 1 INTO NEW.turn FROM halls_calendarnotice n WHERE n.year = NEW.year;
  END IF;
  RETURN NEW;
END $$;

DROP FUNCTION halls_arrangement_digest(jsonb);
DROP FUNCTION halls_may_sign(bigint, text);
DROP FUNCTION halls_holds_county_post(bigint, text, text[]);
"""


class Migration(migrations.Migration):
    dependencies = [("halls", "0007_cases_left_over")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
