"""A closed month keeps what fell due, done or not, and what stood unanswered at its end."""

from django.db import migrations

BEFORE = """
received accepted declined finished on_time early late withdrawn open warnings yellow red yellow_revoked red_revoked
orders_issued orders_replied orders_in_time orders_overdue orders_closed orders_unrectified orders_withdrawn orders_open
urges complaints repeats complaints_accepted complaints_refused complaints_answered complaints_in_time complaints_late
complaints_upheld complaints_open inquiries inquiries_answered inquiries_in_time inquiries_late rated rated_5 rated_4
rated_3 rated_2 rated_1 rated_valid rated_content rated_bad ratings_answered_for ratings_invalid ratings_excluded
rectified rectified_in_time revisited callbacks unrated timed promised_days used_days
"""
# What came since. With BEFORE it is supervision.domain.columns.KEPT as it is now; a test compares them.
NEW = """
due due_in_time open_overdue orders_due orders_due_in_time orders_unanswered complaints_due complaints_due_in_time
complaints_overdue inquiries_due inquiries_due_in_time inquiries_overdue rectify_due rectify_due_in_time rectify_overdue
"""


def kept(columns: str) -> str:
    return f"""
CREATE OR REPLACE FUNCTION supervision_kept_columns() RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
  SELECT '{{{",".join(columns.split())}}}'::text[]
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("supervision", "0057_offices_count_their_own_orders")]

    operations = [migrations.RunSQL(kept(BEFORE + NEW), kept(BEFORE))]
