"""A calendar is signed after it was rehearsed for the whole county, and remembers which cases it found."""

import django.db.models.deletion
from django.db import migrations, models

LAST_CASE = """
-- Of the cases up to this one a calendar moves those that were open or ended lately; the later ones were under it ever.
CREATE FUNCTION supervision_notice_finds_cases() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.confirmed_at IS NOT NULL AND (TG_OP = 'INSERT' OR OLD.confirmed_at IS NULL) THEN
    SELECT coalesce(max(id), 0) INTO NEW.last_case FROM applications_application;
  ELSE
    NEW.last_case := CASE TG_OP WHEN 'INSERT' THEN 0 ELSE OLD.last_case END;
  END IF;
  RETURN NEW;
END $$;
-- Behind two_persons in the alphabet, which gives what the owner loads its moment.
CREATE TRIGGER watch_last_case BEFORE INSERT OR UPDATE ON halls_calendarnotice
  FOR EACH ROW EXECUTE FUNCTION supervision_notice_finds_cases();
"""
NO_LAST_CASE = """
DROP TRIGGER watch_last_case ON halls_calendarnotice;
DROP FUNCTION supervision_notice_finds_cases();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0011_what_a_clock_was_started_with"),
        ("halls", "0009_holidays_of_the_state_stay"),
        ("supervision", "0012_cards_are_of_whoever_held_it"),
    ]

    operations = [
        migrations.CreateModel(
            name="CalendarRehearsal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha256", models.CharField(max_length=64)),
                ("calendar", models.TextField(blank=True)),
                ("begun_at", models.DateTimeField(verbose_name="开始")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="完成")),
                ("total", models.PositiveIntegerField(default=0, verbose_name="要演算的办件")),
                ("looked_at", models.PositiveIntegerField(default=0, verbose_name="已演算的办件")),
                ("through", models.BigIntegerField(default=0)),
                ("figures", models.JSONField(default=dict)),
                (
                    "notice",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rehearsal",
                        to="halls.calendarnotice",
                    ),
                ),
            ],
            options={"verbose_name": "日历演算", "verbose_name_plural": "日历演算"},
        ),
        migrations.RunSQL(LAST_CASE, NO_LAST_CASE),
    ]
