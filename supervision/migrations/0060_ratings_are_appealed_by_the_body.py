"""An appeal about a rating is the body's, while it is handled; who appealed does not judge, who judged not decide."""

from importlib import import_module

from django.db import migrations

_LATEST = import_module("supervision.migrations.0051_no_ground_is_confirmed_by_another_person")
_EARLIER = import_module("supervision.migrations.0031_another_person_with_the_duty")
_HELD = import_module("supervision.migrations.0041_ratings_are_held_against_who_was_late")

GUARD_BEFORE = _LATEST.AFTER
GUARD = _EARLIER._after(
    GUARD_BEFORE,
    (
        (
            "OR r.state <> 'excluded' AND NEW.act IN ('appeal', 'uphold') AND NEW.to_state = r.state\n",
            """OR r.state NOT IN ('closed', 'excluded') AND NEW.act = 'appeal' AND NEW.to_state = r.state
     OR r.state <> 'excluded' AND NEW.act = 'uphold' AND NEW.to_state = r.state
""",
        ),
        (
            "  IF NEW.act IN ('exclude', 'uphold') THEN\n",
            """  IF NEW.act IN ('appeal', 'exclude', 'uphold') AND EXISTS (
       SELECT FROM supervision_ratingact a WHERE a.rating_id = r.id AND a.act IN ('valid', 'invalid', 'explain')
         AND (a.user_id = NEW.user_id OR halls_is_same_person(a.person_code, NEW.person_code))) THEN
    RAISE EXCEPTION 'whoever judged a rating neither appeals nor decides' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.act IN ('valid', 'invalid', 'explain') AND EXISTS (
       SELECT FROM supervision_ratingact a WHERE a.rating_id = r.id AND a.act = 'appeal'
         AND (a.user_id = NEW.user_id OR halls_is_same_person(a.person_code, NEW.person_code))) THEN
    RAISE EXCEPTION 'whoever appealed does not judge' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.act IN ('exclude', 'uphold') THEN
""",
        ),
    ),
)
MAY_BEFORE = _HELD._function(*_HELD._MAY, (_HELD._APPEAL, _HELD._APPEAL_TOO))
# A supervisor appeals for the very body that they are posted at, and never where they judge (permissions/ratings.py).
_OF_THE_BODY = """    RETURN supervision_holds_post(who, r.path, 'village_clerk', 'village_head',
        CASE WHEN position('~' IN r.path) > 0 THEN 'examiner' ELSE 'window_clerk' END)
      OR supervision_holds_post(who, r.held_path, 'village_clerk', 'village_head',
        CASE WHEN position('~' IN r.held_path) > 0 THEN 'examiner' ELSE 'window_clerk' END)
      OR (supervision_is_posted_at(who, r.path, 'supervisor') OR supervision_is_posted_at(who, r.held_path, 'supervisor'))
        AND NOT supervision_holds_post(who, supervision_superior_of(r.path), 'supervisor');
"""
MAY = _HELD._function(*_HELD._MAY, (_HELD._APPEAL, _OF_THE_BODY))


class Migration(migrations.Migration):
    dependencies = [("supervision", "0059_no_rung_vanishes_behind_an_extension")]

    operations = [migrations.RunSQL(GUARD, GUARD_BEFORE), migrations.RunSQL(MAY, MAY_BEFORE)]
