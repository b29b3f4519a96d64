"""A bad rating that was found valid is held against the body that is responsible, with a reason that it reads."""

from importlib import import_module

from django.db import migrations, models

HELD = """
ALTER TABLE supervision_rating DISABLE TRIGGER USER;
UPDATE supervision_rating r SET held_path = coalesce(
  (SELECT t.seat_path FROM supervision_term t WHERE t.id = r.rectify_term_id), r.path);
ALTER TABLE supervision_rating ENABLE TRIGGER USER;
-- Before it was judged a rating is held against the hall that was rated, then against whoever has to put it right
-- (谁办理谁负责). Fires behind `guard`, which lets nobody write this column.
CREATE FUNCTION supervision_hold_rating() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.held_path := coalesce((SELECT t.seat_path FROM supervision_term t WHERE t.id = NEW.rectify_term_id), NEW.path);
  RETURN NEW;
END $$;
CREATE TRIGGER hold BEFORE INSERT OR UPDATE ON supervision_rating
  FOR EACH ROW EXECUTE FUNCTION supervision_hold_rating();
"""
NOT_HELD = """
DROP TRIGGER hold ON supervision_rating;
DROP FUNCTION supervision_hold_rating();
"""

WHY = """
-- Only what was found valid is held against somebody; against another body than the rated hall never without a reason.
CREATE FUNCTION supervision_guard_held() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.act <> 'valid' AND NEW.held_why <> '' THEN
    RAISE EXCEPTION 'only what was found valid is held against somebody' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_held BEFORE INSERT ON supervision_ratingact
  FOR EACH ROW EXECUTE FUNCTION supervision_guard_held();
"""
NO_WHY = """
DROP TRIGGER guard_held ON supervision_ratingact;
DROP FUNCTION supervision_guard_held();
"""
_ROUTE = "t.seat_path IN (r.path, c.accept_path)"
_ANY_STEP = """(t.seat_path IN (r.path, c.accept_path) OR EXISTS (
           SELECT FROM applications_applicationstep s WHERE s.application_id = c.id AND s.path = t.seat_path))
           AND (t.seat_path = r.path OR EXISTS (SELECT FROM supervision_ratingact a
             WHERE a.rating_id = r.id AND a.act = 'valid' AND a.held_why <> ''))"""
_APPEAL = "    RETURN supervision_holds_post(who, r.path, 'village_clerk', 'village_head', 'window_clerk', 'supervisor');\n"
_APPEAL_TOO = """    RETURN supervision_holds_post(who, r.path, 'village_clerk', 'village_head', 'window_clerk', 'supervisor')
      OR supervision_holds_post(who, r.held_path, 'village_clerk', 'village_head', 'supervisor',
        CASE WHEN position('~' IN r.held_path) > 0 THEN 'examiner' ELSE 'window_clerk' END);
"""


def _function(migration: str, constant: str, name: str, *changes: tuple[str, str]) -> str:
    """A function as an earlier migration wrote it, with these changes."""
    text: str = getattr(import_module(f"supervision.migrations.{migration}"), constant)
    start = text.index(f"FUNCTION {name}(")
    found = f"CREATE OR REPLACE {text[start : text.index('END $$;', start)]}END $$;"
    for said, says in changes:
        if said not in found:
            raise ValueError(said)
        found = found.replace(said, says)
    return found


_BELONGS = ("0035_limits_stand_behind_acts", "TIES", "supervision_limit_belongs")
_MAY = ("0031_another_person_with_the_duty", "DUTIES", "supervision_may_act_on")


class Migration(migrations.Migration):
    dependencies = [("supervision", "0040_photos_come_with_a_complaint")]

    operations = [
        migrations.AddField(
            "rating", "held_path", models.CharField(db_default="", default="", editable=False, max_length=96)
        ),
        migrations.AddField(
            "ratingact",
            "held_why",
            models.CharField(blank=True, db_default="", default="", max_length=500, verbose_name="判定责任单位的理由"),
        ),
        migrations.RunSQL(HELD, NOT_HELD),
        migrations.RunSQL(WHY, NO_WHY),
        migrations.RunSQL(_function(*_BELONGS, (_ROUTE, _ANY_STEP)), _function(*_BELONGS)),
        migrations.RunSQL(_function(*_MAY, (_APPEAL, _APPEAL_TOO)), _function(*_MAY)),
        migrations.AddIndex(
            "rating",
            models.Index(
                fields=["held_path", "-rated_at"], name="rating_held", opclasses=("text_pattern_ops", "")
            ),
        ),
    ]
