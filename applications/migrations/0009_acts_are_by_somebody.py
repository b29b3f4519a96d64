"""What an event may say, and what may change only with one: who acts, where a case lies, its papers, its guide."""

from django.db import migrations

ACTS = """
CREATE FUNCTION applications_guard_act() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
  said jsonb;
BEGIN
  IF NOT EXISTS (
    SELECT FROM halls_user u WHERE u.id = NEW.user_id AND u.is_active
      AND (u.person_code, u.full_name) = (NEW.person_code, NEW.actor_name)
  ) THEN
    RAISE EXCEPTION 'an act is by a person with an account in use, under their own name'
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.verb = 'extend' AND EXISTS (
    SELECT FROM applications_event b WHERE b.application_id = NEW.application_id AND b.verb = 'extend'
  ) THEN
    RAISE EXCEPTION 'a case is extended once' USING ERRCODE = 'restrict_violation';
  END IF;
  IF jsonb_typeof(NEW.detail) <> 'object' THEN
    RAISE EXCEPTION 'the detail of an event is an object' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NOT NEW.detail ? 'clocks' THEN
    RETURN NEW;
  END IF;
  IF jsonb_typeof(NEW.detail->'clocks') <> 'array' THEN
    RAISE EXCEPTION 'what an event tells of clocks is a list' USING ERRCODE = 'restrict_violation';
  END IF;
  FOR said IN SELECT value FROM jsonb_array_elements(NEW.detail->'clocks') LOOP
    IF jsonb_typeof(said) <> 'object' THEN
      RAISE EXCEPTION 'what an event tells of a clock is an object' USING ERRCODE = 'restrict_violation';
    END IF;
    -- 行政许可法 §42: ten working days more, and no other act gives more time.
    IF said->>'move' = 'extend' AND (NEW.verb <> 'extend' OR said->>'unit' IS DISTINCT FROM 'wd'
       OR coalesce(said->>'amount', '') !~ '^([1-9]|10)$') THEN
      RAISE EXCEPTION 'an extension is of one to ten working days' USING ERRCODE = 'restrict_violation';
    END IF;
  END LOOP;
  RETURN NEW;
END $$;
-- By its name it comes after `chain_event`, which locks the case: of two at once the second sees the first.
CREATE TRIGGER guard_act BEFORE INSERT ON applications_event
  FOR EACH ROW EXECUTE FUNCTION applications_guard_act();
"""
NO_ACTS = """
DROP TRIGGER guard_act ON applications_event;
DROP FUNCTION applications_guard_act();
"""

PLACES = """
CREATE FUNCTION applications_guard_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.accept_path, NEW.hall_id, NEW.filed_by_id, NEW.applicant_id) IS DISTINCT FROM
     (OLD.accept_path, OLD.hall_id, OLD.filed_by_id, OLD.applicant_id) THEN
    RAISE EXCEPTION 'who filed a case, for whom and where never changes' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.event_seq <= OLD.event_seq OR NEW.event_seq IS DISTINCT FROM
     (SELECT max(seq) FROM applications_event WHERE application_id = NEW.id) THEN
    RAISE EXCEPTION 'a case changes hands only with a new event' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_place BEFORE UPDATE ON applications_application FOR EACH ROW WHEN (
  OLD.status <> 'draft' AND
  (NEW.seat_path, NEW.seat_hall_id, NEW.seat_department_id, NEW.step_seq, NEW.step_kind, NEW.accept_path, NEW.hall_id,
   NEW.filed_by_id, NEW.applicant_id, NEW.result_path, NEW.destination_path, NEW.result_number)
  IS DISTINCT FROM
  (OLD.seat_path, OLD.seat_hall_id, OLD.seat_department_id, OLD.step_seq, OLD.step_kind, OLD.accept_path, OLD.hall_id,
   OLD.filed_by_id, OLD.applicant_id, OLD.result_path, OLD.destination_path, OLD.result_number)
) EXECUTE FUNCTION applications_guard_place();

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON applications_applicationstep
  FOR EACH ROW EXECUTE FUNCTION halls_refuse_change();

CREATE FUNCTION applications_guard_applicant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM applications_application WHERE applicant_id = OLD.id AND status <> 'draft') THEN
    RAISE EXCEPTION 'who asked stays as filed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE UPDATE ON applications_applicant FOR EACH ROW WHEN (
  (NEW.id, NEW.name, NEW.id_kind, NEW.id_sealed, NEW.id_index, NEW.id_masked) IS DISTINCT FROM
  (OLD.id, OLD.name, OLD.id_kind, OLD.id_sealed, OLD.id_index, OLD.id_masked)
) EXECUTE FUNCTION applications_guard_applicant();

CREATE FUNCTION applications_guard_hand_over() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a hand-over stays on record' USING ERRCODE = 'restrict_violation';
  END IF;
  IF (NEW.id, NEW.application_id, NEW.from_path, NEW.from_name, NEW.to_path, NEW.to_name, NEW.sent_at, NEW.sent_by_id)
     IS DISTINCT FROM
     (OLD.id, OLD.application_id, OLD.from_path, OLD.from_name, OLD.to_path, OLD.to_name, OLD.sent_at, OLD.sent_by_id)
     OR num_nonnulls(OLD.taken_at, OLD.taken_by_id) > 0 OR num_nulls(NEW.taken_at, NEW.taken_by_id) > 0 THEN
    RAISE EXCEPTION 'a hand-over is signed for once, and nothing else in it changes'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE UPDATE OR DELETE ON applications_handover
  FOR EACH ROW EXECUTE FUNCTION applications_guard_hand_over();
"""
NO_PLACES = """
DROP TRIGGER guard ON applications_handover;
DROP FUNCTION applications_guard_hand_over();
DROP TRIGGER guard ON applications_applicant;
DROP FUNCTION applications_guard_applicant();
DROP TRIGGER append_only ON applications_applicationstep;
DROP TRIGGER guard_place ON applications_application;
DROP FUNCTION applications_guard_place();
"""

CLOCKS = """
CREATE FUNCTION applications_guard_untold_clock() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  e applications_event;
BEGIN
  IF NEW.arming <> OLD.arming THEN
    RAISE EXCEPTION 'no act arms a clock anew' USING ERRCODE = 'restrict_violation';
  END IF;
  SELECT * INTO e FROM applications_event WHERE application_id = NEW.application_id ORDER BY seq DESC LIMIT 1;
  IF jsonb_path_exists(e.detail, '$.clocks[*] ? (@.kind == $kind)', jsonb_build_object('kind', NEW.kind)) THEN
    RETURN NEW;
  END IF;
  -- A clock that the event does not name follows the seat of its case, or a new calendar.
  IF (NEW.state, NEW.stopped_at, NEW.paused_at) IS DISTINCT FROM (OLD.state, OLD.stopped_at, OLD.paused_at)
     OR e.verb IS NULL OR e.verb NOT IN ('recalculate', 'accept', 'deem_accepted', 'pass_on', 'step_back',
     'deem_consent', 'grant', 'refuse', 'make_result', 'take_over') THEN
    RAISE EXCEPTION 'no event tells of this clock' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_untold BEFORE UPDATE ON applications_clock FOR EACH ROW WHEN (
  (NEW.seat_path, NEW.state, NEW.stopped_at, NEW.paused_at, NEW.due_at, NEW.is_provisional, NEW.warn_at,
   NEW.yellow_at, NEW.red_at, NEW.arming, NEW.event_seq)
  IS DISTINCT FROM
  (OLD.seat_path, OLD.state, OLD.stopped_at, OLD.paused_at, OLD.due_at, OLD.is_provisional, OLD.warn_at,
   OLD.yellow_at, OLD.red_at, OLD.arming, OLD.event_seq)
) EXECUTE FUNCTION applications_guard_untold_clock();
"""
NO_CLOCKS = """
DROP TRIGGER guard_untold ON applications_clock;
DROP FUNCTION applications_guard_untold_clock();
"""

PAPERS = """
CREATE FUNCTION applications_guard_document() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  e applications_event;
BEGIN
  SELECT * INTO e FROM applications_event WHERE application_id = NEW.application_id ORDER BY seq DESC LIMIT 1;
  IF NEW.event_seq IS DISTINCT FROM e.seq OR (e.verb, NEW.kind) NOT IN (VALUES
    ('submit', 'submission'),
    ('receive', 'receipt'),
    ('request_correction', 'correction_notice'),
    ('supply', 'supply_receipt'),
    ('accept', 'acceptance_notice'),
    ('deem_accepted', 'acceptance_notice'),
    ('decline', 'decline_decision'),
    ('suspend', 'special_notice'),
    ('extend', 'extension_notice'),
    ('grant', 'grant_decision'),
    ('refuse', 'refusal_decision'),
    ('hand_over', 'hand_over_list'),
    ('deliver', 'proof_of_delivery'),
    ('withdraw', 'withdrawal_notice'),
    ('deem_withdrawn', 'termination_notice')
  ) THEN
    RAISE EXCEPTION 'no act of this case issued such a document' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_new BEFORE INSERT ON applications_document
  FOR EACH ROW EXECUTE FUNCTION applications_guard_document();
"""
NO_PAPERS = """
DROP TRIGGER guard_new ON applications_document;
DROP FUNCTION applications_guard_document();
"""

# 受理审批分离 is lifted for immediate matters: whoever could rewrite a guide in use could lift it for any case.
GUIDES = """
CREATE FUNCTION applications_guard_guide() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM applications_application WHERE guide_id = OLD.id) THEN
    RAISE EXCEPTION 'a guide that cases were filed under stays as published' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER in_use BEFORE UPDATE ON matters_matterversion FOR EACH ROW WHEN (
  (NEW.id, NEW.matter_id, NEW.number, NEW.published_at, NEW.name, NEW.handling, NEW.promised_days,
   NEW.statutory_amount, NEW.statutory_unit, NEW.statutory_note, NEW.statutory_basis)
  IS DISTINCT FROM
  (OLD.id, OLD.matter_id, OLD.number, OLD.published_at, OLD.name, OLD.handling, OLD.promised_days,
   OLD.statutory_amount, OLD.statutory_unit, OLD.statutory_note, OLD.statutory_basis)
) EXECUTE FUNCTION applications_guard_guide();
"""
NO_GUIDES = """
DROP TRIGGER in_use ON matters_matterversion;
DROP FUNCTION applications_guard_guide();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0008_rules_in_sets"),
        ("halls", "0004_days_that_two_persons_signed"),
        ("matters", "0002_timeout_defaults"),
    ]

    operations = [
        migrations.RunSQL(ACTS, NO_ACTS),
        migrations.RunSQL(PLACES, NO_PLACES),
        migrations.RunSQL(CLOCKS, NO_CLOCKS),
        migrations.RunSQL(PAPERS, NO_PAPERS),
        migrations.RunSQL(GUIDES, NO_GUIDES),
    ]
