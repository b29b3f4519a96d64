"""A rating on paper is written down with the paper: whoever enters it would else spend a villager's only one."""

import django.db.models.deletion
from django.db import migrations, models

FORWARD = """
-- The scan is entered with the rating: of one on paper, once, before anything is done about it.
CREATE FUNCTION supervision_guard_rating_scan() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  r supervision_rating;
BEGIN
  SELECT * INTO r FROM supervision_rating WHERE id = NEW.rating_id FOR NO KEY UPDATE;
  IF r.channel <> 'post' OR EXISTS (SELECT FROM supervision_ratingact a WHERE a.rating_id = r.id) THEN
    RAISE EXCEPTION 'a scan comes with a rating on paper' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER a_number BEFORE INSERT ON supervision_ratingscan
  FOR EACH ROW EXECUTE FUNCTION halls_own_number('supervision_ratingscan_id_seq');
CREATE TRIGGER guard_new BEFORE INSERT ON supervision_ratingscan
  FOR EACH ROW EXECUTE FUNCTION supervision_guard_rating_scan();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON supervision_ratingscan
  FOR EACH ROW EXECUTE FUNCTION halls_refuse_change();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON supervision_ratingscan
  FOR EACH STATEMENT EXECUTE FUNCTION halls_refuse_truncate();
"""
BACKWARD = """
DROP TRIGGER a_number ON supervision_ratingscan;
DROP TRIGGER guard_new ON supervision_ratingscan;
DROP TRIGGER append_only ON supervision_ratingscan;
DROP TRIGGER never_truncated ON supervision_ratingscan;
DROP FUNCTION supervision_guard_rating_scan();
"""


class Migration(migrations.Migration):
    dependencies = [("supervision", "0049_halls_that_go_are_heard_of")]

    operations = [
        migrations.CreateModel(
            name="RatingScan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="文件名")),
                ("media_type", models.CharField(max_length=32, verbose_name="类型")),
                ("size", models.PositiveIntegerField(verbose_name="字节")),
                ("sha256", models.CharField(max_length=64)),
                (
                    "rating",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="scan", to="supervision.rating"
                    ),
                ),
            ],
            options={
                "verbose_name": "书面评价扫描件",
                "verbose_name_plural": "书面评价扫描件",
                "ordering": ("rating",),
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")), name="ratingscan_digest"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("media_type__in", ["image/jpeg", "image/png", "application/pdf"])),
                        name="ratingscan_is_a_scan",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
