"""An extension arms the warning of a limit anew: the people who have to act hear of the new last day, too."""

from importlib import import_module

from django.db import migrations, models

_LIMITS: str = import_module("supervision.migrations.0018_limits_of_what_is_no_case").FORWARD
_DATES: str = import_module("supervision.migrations.0035_limits_stand_behind_acts").DATES


def _function(text: str, name: str) -> str:
    start = text.index(f"CREATE FUNCTION {name}(")
    end = text.index("END $$;", start) + len("END $$;")
    return "CREATE OR REPLACE" + text[start:end].removeprefix("CREATE") + "\n"


def _changed(text: str, *changes: tuple[str, str]) -> str:
    for before, after in changes:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    return text


WARNING_BEFORE = _function(_LIMITS, "supervision_guard_term_warning")
DATES_BEFORE = _function(_DATES, "supervision_guard_term_dates")
ARMING = """
-- Which time a rung is armed: the warning once more behind each extension, yellow and red once.
CREATE FUNCTION supervision_arming(term bigint, level text) RETURNS smallint LANGUAGE sql STABLE AS $$
  SELECT (1 + CASE WHEN level = 'warning' THEN count(*) ELSE 0 END)::smallint
  FROM supervision_termfact f WHERE f.term_id = term AND f.move = 'extend'
$$;
"""
WARNING = _changed(
    WARNING_BEFORE,
    (
        "  NEW.seat_path := t.seat_path;",
        "  NEW.seat_path := t.seat_path;\n  NEW.arming := supervision_arming(t.id, NEW.level);",
    ),
)
DATES = _changed(
    DATES_BEFORE,
    (
        "w.term_id = NEW.id AND w.level = r.level)",
        "w.term_id = NEW.id AND w.level = r.level\n      AND w.arming = supervision_arming(NEW.id, r.level))",
    ),
)
# What warned behind an extension was of the second arming; a limit that runs on without that warning gets it.
KNOWN = """
ALTER TABLE supervision_termwarning DISABLE TRIGGER append_only;
UPDATE supervision_termwarning w SET arming = 2
FROM supervision_termfact f
WHERE w.level = 'warning' AND f.term_id = w.term_id AND f.move = 'extend' AND f.at <= w.effective_at;
ALTER TABLE supervision_termwarning ENABLE TRIGGER append_only;
UPDATE supervision_term t SET next_action_at = next_action_at
FROM supervision_termfact f WHERE f.term_id = t.id AND f.move = 'extend';
"""


class Migration(migrations.Migration):
    dependencies = [("supervision", "0042_one_guard_asks_who_issues_an_order")]

    operations = [
        migrations.AddField("termwarning", "arming", models.PositiveSmallIntegerField(default=1, db_default=1)),
        migrations.RemoveConstraint("termwarning", "termwarning_once"),
        migrations.AddConstraint(
            "termwarning", models.UniqueConstraint(fields=("term", "level", "arming"), name="termwarning_once")
        ),
        migrations.RunSQL(ARMING, "DROP FUNCTION supervision_arming(bigint, text)"),
        migrations.RunSQL(WARNING, WARNING_BEFORE),
        migrations.RunSQL(DATES, DATES_BEFORE),
        migrations.RunSQL(KNOWN, migrations.RunSQL.noop),
    ]
