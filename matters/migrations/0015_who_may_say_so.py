"""A promise is made by whoever edits this hall's matters; a request to try a guide out may be replaced while it waits;
a matter is closed for good by two persons."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

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
CLOSING = """
CREATE FUNCTION matters_edits(who bigint, person text, asked bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT FROM matters_matter m JOIN halls_department d ON d.id = m.department_id,
      halls_user u JOIN halls_post p ON p.user_id = u.id
        LEFT JOIN halls_hall ph ON ph.id = p.hall_id LEFT JOIN halls_department pd ON pd.id = p.department_id,
      LATERAL (SELECT (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date AS day) today
    WHERE m.id = asked AND u.id = who AND u.person_code = person AND person <> '' AND u.is_active
      AND p.kind = 'catalogue_editor' AND starts_with(d.path, coalesce(ph.path, pd.path))
      AND p.starts_on <= today.day AND (p.ends_on IS NULL OR p.ends_on >= today.day)
  )
$$;
CREATE FUNCTION matters_guard_closing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'what was proposed stays on record' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'INSERT' THEN
    NEW.proposed_at := halls_now();
    IF NEW.confirmed_at IS NOT NULL OR NEW.confirmed_by_id IS NOT NULL OR NEW.dropped_at IS NOT NULL THEN
      RAISE EXCEPTION 'nobody confirms in the act of proposing' USING ERRCODE = 'restrict_violation';
    ELSIF NOT matters_edits(NEW.proposed_by_id, NEW.proposed_person, NEW.matter_id) THEN
      RAISE EXCEPTION 'this person does not edit this matter' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.id, NEW.matter_id, NEW.into_id, NEW.reason, NEW.proposed_by_id, NEW.proposed_person, NEW.proposed_at)
     IS DISTINCT FROM
     (OLD.id, OLD.matter_id, OLD.into_id, OLD.reason, OLD.proposed_by_id, OLD.proposed_person, OLD.proposed_at)
     OR OLD.confirmed_at IS NOT NULL OR OLD.dropped_at IS NOT NULL THEN
    RAISE EXCEPTION 'what was proposed or signed stays' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.confirmed_at IS NOT NULL THEN
    NEW.confirmed_at := halls_now();
    IF NOT matters_edits(NEW.confirmed_by_id, NEW.confirmed_person, NEW.matter_id) THEN
      RAISE EXCEPTION 'this person does not edit this matter' USING ERRCODE = 'restrict_violation';
    END IF;
  ELSIF NEW.dropped_at IS NOT NULL THEN
    NEW.dropped_at := halls_now();
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_closing BEFORE INSERT OR UPDATE OR DELETE ON matters_matterclosing
  FOR EACH ROW EXECUTE FUNCTION matters_guard_closing();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON matters_matterclosing
  FOR EACH STATEMENT EXECUTE FUNCTION halls_refuse_truncate();

-- The owner alone (an installation, a play of the try-out) may say it otherwise.
CREATE FUNCTION matters_guard_abolition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE')
     OR TG_OP = 'INSERT' AND NEW.abolished_on IS NULL AND NEW.merged_into_id IS NULL
     OR TG_OP = 'UPDATE' AND (NEW.abolished_on, NEW.merged_into_id)
        IS NOT DISTINCT FROM (OLD.abolished_on, OLD.merged_into_id) THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'INSERT' OR OLD.abolished_on IS NOT NULL OR NEW.abolished_on IS NULL OR NOT EXISTS (
    SELECT FROM matters_matterclosing c WHERE c.matter_id = NEW.id AND c.confirmed_at IS NOT NULL
      AND c.into_id IS NOT DISTINCT FROM NEW.merged_into_id
  ) THEN
    RAISE EXCEPTION 'a matter is closed for good by two persons' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_abolition BEFORE INSERT OR UPDATE ON matters_matter
  FOR EACH ROW EXECUTE FUNCTION matters_guard_abolition();
"""
CLOSING_BEFORE = """
DROP TRIGGER guard_abolition ON matters_matter;
DROP FUNCTION matters_guard_abolition();
DROP TRIGGER never_truncated ON matters_matterclosing;
DROP TRIGGER guard_closing ON matters_matterclosing;
DROP FUNCTION matters_guard_closing();
DROP FUNCTION matters_edits(bigint, text, bigint);
"""


def _person(label: str, *, may_be_empty: bool = True) -> models.ForeignKey:
    return models.ForeignKey(
        null=may_be_empty,
        blank=may_be_empty,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
        verbose_name=label,
    )


def _matter(label: str, name: str, *, may_be_empty: bool) -> models.ForeignKey:
    return models.ForeignKey(
        null=may_be_empty,
        blank=may_be_empty,
        on_delete=django.db.models.deletion.PROTECT,
        related_name=name,
        to="matters.matter",
        verbose_name=label,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("halls", "0011_numbers_and_posts"),
        ("matters", "0014_what_was_signed_stays"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(PROMISE, PROMISE_BEFORE),
        migrations.RunSQL(VERDICT, VERDICT_BEFORE),
        migrations.CreateModel(
            name="MatterClosing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=300, verbose_name="理由")),
                ("proposed_person", models.CharField(max_length=32)),
                ("proposed_at", models.DateTimeField(verbose_name="提出时间")),
                ("confirmed_person", models.CharField(blank=True, max_length=32)),
                ("confirmed_at", models.DateTimeField(blank=True, null=True, verbose_name="确认时间")),
                ("dropped_at", models.DateTimeField(blank=True, null=True, verbose_name="撤下时间")),
                ("confirmed_by", _person("确认人")),
                ("dropped_by", _person("撤下人")),
                ("into", _matter("并入的事项", "+", may_be_empty=True)),
                ("matter", _matter("事项", "closings", may_be_empty=False)),
                ("proposed_by", _person("提出人", may_be_empty=False)),
            ],
            options={
                "verbose_name": "取消或并入",
                "verbose_name_plural": "取消或并入",
                "ordering": ("-pk",),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("confirmed_at__isnull", True), ("dropped_at__isnull", True)),
                        fields=("matter",),
                        name="closing_waits_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_at__isnull", True), ("dropped_at__isnull", True), _connector="OR"
                        ),
                        name="closing_confirmed_or_dropped",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("confirmed_at__isnull", True), ("confirmed_by__isnull", True), ("confirmed_person", "")
                            ),
                            models.Q(
                                ("confirmed_at__isnull", False),
                                ("confirmed_by__isnull", False),
                                models.Q(("confirmed_person", ""), _negated=True),
                                models.Q(("confirmed_person", models.F("proposed_person")), _negated=True),
                                models.Q(("confirmed_by", models.F("proposed_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="closing_confirmed_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("into", models.F("matter")), _negated=True), name="closing_into_another"
                    ),
                ],
            },
        ),
        migrations.RunSQL(CLOSING, CLOSING_BEFORE),
    ]
