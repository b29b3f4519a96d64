"""What one person finds without ground another confirms, or finds valid: nobody gets rid of a bad rating alone."""

from importlib import import_module

from django.db import migrations

_EARLIER = import_module("supervision.migrations.0031_another_person_with_the_duty")
*_WHERE, _CHANGES = next(one for one in _EARLIER.CHANGED if one[2] == "supervision_guard_rating_act")
BEFORE = _EARLIER._after(_EARLIER._before(*_WHERE), _CHANGES)
AFTER = _EARLIER._after(
    BEFORE,
    (
        (
            "('explaining', 'explain', 'closed'))",
            "('explaining', 'explain', 'closed'), ('explaining', 'valid', 'rectifying'))",
        ),
        (
            "  IF NEW.act IN ('exclude', 'uphold') THEN\n",
            """  IF r.state = 'explaining' AND NEW.act IN ('explain', 'valid') AND EXISTS (
       SELECT FROM supervision_ratingact a WHERE a.rating_id = r.id AND a.act = 'invalid'
         AND (a.user_id = NEW.user_id OR halls_is_same_person(a.person_code, NEW.person_code))) THEN
    RAISE EXCEPTION 'confirmed by whoever found no ground' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.act IN ('exclude', 'uphold') THEN
""",
        ),
    ),
)


class Migration(migrations.Migration):
    dependencies = [("supervision", "0050_a_written_rating_comes_with_its_scan")]

    operations = [migrations.RunSQL(AFTER, BEFORE)]
