"""A hall's own, shorter promise: every decision stays, is of its moment, and begins on a later day."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TABLE = "matters_hallpromise"
FORWARD = f"""
CREATE FUNCTION matters_guard_promise() RETURNS trigger LANGUAGE plpgsql AS $$
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
  -- What was accepted up to today was promised something else, and by tomorrow everybody can have read it.
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
CREATE TRIGGER a_number BEFORE INSERT ON {TABLE}
  FOR EACH ROW EXECUTE FUNCTION halls_own_number('{TABLE}_id_seq');
CREATE TRIGGER guard_new BEFORE INSERT ON {TABLE}
  FOR EACH ROW EXECUTE FUNCTION matters_guard_promise();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {TABLE}
  FOR EACH ROW EXECUTE FUNCTION halls_refuse_change();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON {TABLE}
  FOR EACH STATEMENT EXECUTE FUNCTION halls_refuse_truncate();
"""
BACKWARD = f"""
DROP TRIGGER never_truncated ON {TABLE};
DROP TRIGGER append_only ON {TABLE};
DROP TRIGGER guard_new ON {TABLE};
DROP TRIGGER a_number ON {TABLE};
DROP FUNCTION matters_guard_promise();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("halls", "0011_numbers_and_posts"),
        ("matters", "0011_local_elements"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HallPromise",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("days", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="承诺时限(工作日)")),
                ("effective_on", models.DateField(verbose_name="施行日期")),
                ("reason", models.CharField(max_length=300, verbose_name="理由")),
                ("decided_at", models.DateTimeField(verbose_name="决定时间")),
                ("person_code", models.CharField(max_length=32)),
                ("actor_name", models.CharField(max_length=64)),
                ("actor_post", models.CharField(max_length=64)),
                (
                    "hall",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="own_promises",
                        to="halls.hall",
                        verbose_name="大厅",
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hall_promises",
                        to="matters.matter",
                        verbose_name="事项",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "大厅承诺",
                "verbose_name_plural": "大厅承诺",
                "ordering": ("matter", "hall", "-pk"),
                "abstract": False,
                "indexes": [models.Index(fields=["matter", "hall", "-id"], name="hall_promise_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("days__isnull", True), ("days__gte", 1), _connector="OR"),
                        name="hall_promise_is_a_day_or_more",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="hall_promise_has_a_reason"
                    ),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
