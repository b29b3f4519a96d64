"""A code to rate with is drawn when it is printed, kept as a digest, and void when another is drawn."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION applications_guard_rating_ticket() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  u halls_user;
BEGIN
  SELECT * INTO u FROM halls_user WHERE id = NEW.user_id;
  IF u.id IS NULL OR NOT u.is_active THEN
    RAISE EXCEPTION 'a code is drawn by somebody' USING ERRCODE = 'restrict_violation';
  END IF;
  NEW.person_code := u.person_code;
  NEW.drawn_at := date_trunc('second', halls_now());
  RETURN NEW;
END $$;
CREATE TRIGGER a_number BEFORE INSERT ON applications_ratingticket
  FOR EACH ROW EXECUTE FUNCTION halls_own_number('applications_ratingticket_id_seq');
CREATE TRIGGER guard_new BEFORE INSERT ON applications_ratingticket
  FOR EACH ROW EXECUTE FUNCTION applications_guard_rating_ticket();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON applications_ratingticket
  FOR EACH ROW EXECUTE FUNCTION halls_refuse_change();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON applications_ratingticket
  FOR EACH STATEMENT EXECUTE FUNCTION halls_refuse_truncate();
"""
BACKWARD = """
DROP TRIGGER a_number ON applications_ratingticket;
DROP TRIGGER guard_new ON applications_ratingticket;
DROP TRIGGER append_only ON applications_ratingticket;
DROP TRIGGER never_truncated ON applications_ratingticket;
DROP FUNCTION applications_guard_rating_ticket();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0014_promises_of_halls"),
        ("halls", "0011_numbers_and_posts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RatingTicket",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64)),
                ("person_code", models.CharField(max_length=32)),
                ("drawn_at", models.DateTimeField(verbose_name="打印时间")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rating_tickets",
                        to="applications.application",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="打印人",
                    ),
                ),
            ],
            options={
                "verbose_name": "评价码",
                "verbose_name_plural": "评价码",
                "ordering": ("application", "pk"),
                "abstract": False,
            },
        ),
        migrations.AlterField(
            "lookupfailure",
            "kind",
            models.CharField(
                choices=[("client", "Client"), ("number", "Number"), ("pair", "Pair")], max_length=8
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
