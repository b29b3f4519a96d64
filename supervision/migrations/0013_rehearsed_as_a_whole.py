"""A calendar is signed after it was rehearsed for the whole county, and remembers which cases it found."""

from django.db import migrations

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
        ("supervision", "0011_who_may_decide_and_what_was_told"),
    ]

    operations = [
        migrations.RunSQL(LAST_CASE, NO_LAST_CASE),
    ]
