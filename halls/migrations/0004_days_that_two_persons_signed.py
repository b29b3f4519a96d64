"""A day enters the work calendar only as two persons signed it, or as the owner of the tables loaded it."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION halls_framed(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT octet_length(value) || ':' || value || ';' $$;

-- The digest of a year as it stands in the tables; the domain computes the same (Arrangement.sha256).
CREATE FUNCTION halls_calendar_digest(asked integer) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT encode(sha256(convert_to(
      halls_framed(y.year::text) || halls_framed(y.document_no)
      || halls_framed(coalesce(to_char(y.published_on, 'YYYY-MM-DD'), '')) || halls_framed(y.source)
      || coalesce((SELECT string_agg(halls_framed(to_char(d.date, 'YYYY-MM-DD')) || halls_framed(d.kind)
                                     || halls_framed(d.name), '' ORDER BY d.date)
                   FROM halls_calendarday d WHERE d.year = y.year), ''), 'UTF8')), 'hex')
  FROM halls_calendaryear y WHERE y.year = asked
$$;

CREATE FUNCTION halls_check_calendar(asked integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  signed text;
  stored text;
  standing text := halls_calendar_digest(asked);
BEGIN
  SELECT n.sha256 INTO signed FROM halls_calendarnotice n
    WHERE n.year = asked AND n.turn IS NOT NULL ORDER BY n.turn DESC LIMIT 1;
  SELECT y.sha256 INTO stored FROM halls_calendaryear y WHERE y.year = asked;
  IF standing IS DISTINCT FROM signed OR stored IS DISTINCT FROM signed THEN
    RAISE EXCEPTION 'calendar %: these are not the days that two persons signed', asked
      USING ERRCODE = 'check_violation';
  END IF;
END $$;

CREATE FUNCTION halls_calendar_is_signed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    PERFORM halls_check_calendar(OLD.year::integer);
  END IF;
  IF TG_OP <> 'DELETE' THEN
    PERFORM halls_check_calendar(NEW.year::integer);
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION halls_watch_notice() RETURNS trigger LANGUAGE plpgsql AS $$
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

-- Behind two_persons in the alphabet, so that it sees the moment of confirmation.
CREATE TRIGGER two_persons BEFORE INSERT OR UPDATE OR DELETE ON halls_calendarnotice
  FOR EACH ROW EXECUTE FUNCTION halls_two_persons();
CREATE TRIGGER watch_notice BEFORE INSERT OR UPDATE ON halls_calendarnotice
  FOR EACH ROW EXECUTE FUNCTION halls_watch_notice();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON halls_calendarnotice
  FOR EACH STATEMENT EXECUTE FUNCTION halls_refuse_truncate();

-- The years that are there were loaded by the owner: they become the first notice of their year.
UPDATE halls_calendaryear SET sha256 = halls_calendar_digest(year);
INSERT INTO halls_calendarnotice
  (reason, is_installed, proposed_person, confirmed_person, year, kind, document_no, content, effective, text,
   sha256, base_sha256, confirm_reason, settled_through, cases_moved)
SELECT '程序升级后重新核对时限', true, '', '', y.year, 'state', y.document_no, c.content, c.content, '',
  y.sha256, '', '', 0, 0
FROM halls_calendaryear y, LATERAL (SELECT jsonb_build_object(
  'year', y.year, 'document_no', nullif(y.document_no, ''), 'published_on', to_char(y.published_on, 'YYYY-MM-DD'),
  'source', y.source, 'days', (
    SELECT coalesce(jsonb_agg(jsonb_build_object(
      'date', to_char(d.date, 'YYYY-MM-DD'), 'kind', d.kind, 'name', d.name) ORDER BY d.date), '[]')
    FROM halls_calendarday d WHERE d.year = y.year)) AS content) c;

CREATE CONSTRAINT TRIGGER calendar_is_signed AFTER INSERT OR UPDATE OR DELETE ON halls_calendaryear
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION halls_calendar_is_signed();
CREATE CONSTRAINT TRIGGER calendar_is_signed AFTER INSERT OR UPDATE OR DELETE ON halls_calendarday
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION halls_calendar_is_signed();
CREATE CONSTRAINT TRIGGER calendar_is_signed AFTER INSERT OR UPDATE OF turn, confirmed_at ON halls_calendarnotice
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION halls_calendar_is_signed();
"""
BACKWARD = """
DROP TRIGGER calendar_is_signed ON halls_calendarday;
DROP TRIGGER calendar_is_signed ON halls_calendaryear;
DROP TRIGGER calendar_is_signed ON halls_calendarnotice;
DROP TRIGGER never_truncated ON halls_calendarnotice;
DROP TRIGGER watch_notice ON halls_calendarnotice;
DROP TRIGGER two_persons ON halls_calendarnotice;
DROP FUNCTION halls_watch_notice();
DROP FUNCTION halls_calendar_is_signed();
DROP FUNCTION halls_check_calendar(integer);
DROP FUNCTION halls_calendar_digest(integer);
DROP FUNCTION halls_framed(text);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("halls", "0003_phones_and_two_signatures"),
    ]

    operations = [
        migrations.CreateModel(
            name="CalendarNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=500, verbose_name="理由")),
                ("is_installed", models.BooleanField(default=False, verbose_name="随系统安装载入")),
                ("proposed_person", models.CharField(blank=True, max_length=32)),
                ("proposed_at", models.DateTimeField(blank=True, null=True, verbose_name="提出时间")),
                ("confirmed_person", models.CharField(blank=True, max_length=32)),
                ("confirmed_at", models.DateTimeField(blank=True, null=True, verbose_name="确认时间")),
                ("dropped_at", models.DateTimeField(blank=True, null=True, verbose_name="撤下时间")),
                (
                    "year",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1990),
                            django.core.validators.MaxValueValidator(2199),
                        ],
                        verbose_name="年份",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("state", "国务院办公厅通知"), ("county", "本县增减")],
                        max_length=8,
                        verbose_name="类别",
                    ),
                ),
                ("document_no", models.CharField(blank=True, max_length=120, verbose_name="文号")),
                ("content", models.JSONField(verbose_name="通知内容")),
                ("effective", models.JSONField(verbose_name="全年安排")),
                ("text", models.TextField(blank=True, verbose_name="粘贴的原文")),
                (
                    "sha256",
                    models.CharField(
                        max_length=64,
                        validators=[django.core.validators.RegexValidator("^[0-9a-f]{64}$")],
                        verbose_name="内容摘要",
                    ),
                ),
                ("base_sha256", models.CharField(blank=True, max_length=64, verbose_name="演算所依据的摘要")),
                ("confirm_reason", models.CharField(blank=True, max_length=500, verbose_name="确认理由")),
                ("turn", models.PositiveIntegerField(blank=True, null=True, verbose_name="生效次序")),
                ("settled_through", models.BigIntegerField(default=0, verbose_name="已重算到")),
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="重算完成时间")),
                ("cases_moved", models.PositiveIntegerField(default=0, verbose_name="日期有变的办件")),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="确认人",
                    ),
                ),
                (
                    "dropped_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="撤下人",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="提出人",
                    ),
                ),
            ],
            options={
                "verbose_name": "日历通知",
                "verbose_name_plural": "日历通知",
                "ordering": ("-pk",),
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("settled_at__isnull", True), ("turn__isnull", False)),
                        fields=["id"],
                        name="calendarnotice_unsettled",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("confirmed_at__isnull", False), ("is_installed", True)),
                            models.Q(
                                ("is_installed", False),
                                ("proposed_by__isnull", False),
                                models.Q(("proposed_person", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="calendarnotice_has_a_proposer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_installed", True),
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
                        name="calendarnotice_confirmed_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_at__isnull", True), ("dropped_at__isnull", True), _connector="OR"
                        ),
                        name="calendarnotice_confirmed_or_dropped",
                    ),
                    models.UniqueConstraint(fields=("year", "turn"), name="calendarnotice_turn_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("confirmed_at__isnull", True), ("turn__isnull", True)),
                            models.Q(("confirmed_at__isnull", False), ("turn__isnull", False)),
                            _connector="OR",
                        ),
                        name="calendarnotice_in_force_has_a_turn",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")), name="calendarnotice_has_a_digest"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("settled_at__isnull", True), ("turn__isnull", False), _connector="OR"),
                        name="calendarnotice_settles_in_force",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
