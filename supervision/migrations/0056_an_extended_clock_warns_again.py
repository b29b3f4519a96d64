"""A clock that was given more time warns of its new last days, too: by the facts, and by whom it may be written."""

from importlib import import_module

from django.db import migrations

_CARDS: str = import_module("supervision.migrations.0021_acts_about_cards").CARDS
_CHANGED = import_module("supervision.migrations.0031_another_person_with_the_duty").CHANGED


def _guard_before() -> str:
    """The guard as the newest migration before this one wrote it."""
    start = _CARDS.index("CREATE OR REPLACE FUNCTION supervision_guard_card()")
    text = _CARDS[start : _CARDS.index("END $$;", start)] + "END $$;\n"
    return _replaced(text, *next(changes for _m, _c, name, changes in _CHANGED if name == "supervision_guard_card"))


def _replaced(text: str, *changes: tuple[str, str]) -> str:
    for before, after in changes:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    return text


ARMED = """
-- Which time a rung is armed that is reached at this moment: once more behind each card of its kind that says nothing
-- of it. A warning says nothing of one behind an extension or a pause that came after it. (The pause, not the
-- resumption: that one is recorded when somebody finds the time.) A card that was revoked or cancelled says nothing
-- where a calendar moved the rung; at the same moment it is not earned twice.
CREATE FUNCTION supervision_armed(clock bigint, rung text, moment timestamptz) RETURNS integer LANGUAGE sql STABLE AS $$
  SELECT c.arming + (
    SELECT count(*)::integer FROM supervision_limitwarning w
    WHERE w.clock_id = c.id AND w.level = rung AND (
      rung = 'warning' AND EXISTS (
        SELECT FROM applications_clockfact f
        WHERE f.clock_id = c.id AND f.move IN ('extend', 'pause') AND f.at > w.effective_at AND f.at <= moment)
      OR EXISTS (
        SELECT FROM supervision_cardreview v WHERE v.card_id = w.id AND v.act IN ('revoke', 'cancel')
          AND (w.effective_at <> moment OR EXISTS (
            SELECT FROM supervision_cardreview p WHERE p.id = v.answers_id AND p.notice_id IS NOT NULL))))
  ) FROM applications_clock c WHERE c.id = clock
$$;
"""
NOT_ARMED = "DROP FUNCTION supervision_armed(bigint, text, timestamptz);"

BEFORE = _guard_before()
GUARD = _replaced(
    BEFORE,
    ("  c applications_clock;\nBEGIN", "  c applications_clock;\n  armed integer;\nBEGIN"),
    (
        BEFORE[BEFORE.index("  -- One more of its kind only behind") : BEFORE.index("  RETURN NEW;\nEND $$;")],
        """  -- As often as it is armed, and no more; a sweep that an act about an earlier card overtook is put right.
  armed := supervision_armed(c.id, NEW.level, NEW.effective_at);
  IF NEW.arming < c.arming OR NEW.arming > armed THEN
    RAISE EXCEPTION 'a rung is claimed once' USING ERRCODE = 'restrict_violation';
  END IF;
  NEW.arming := armed;
""",
    ),
)

# What no sweep has seen yet when an act moves it away was reached all the same: late or in time, the rows are the same.
KEEP = """
CREATE FUNCTION supervision_keep_warning() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  e applications_event;
BEGIN
  SELECT * INTO e FROM applications_event WHERE application_id = NEW.application_id ORDER BY seq DESC LIMIT 1;
  IF OLD.warn_at < least(e.at, date_trunc('second', halls_now())) AND num_nonnulls(
       applications_told(e.detail, NEW.kind, 'extend'), applications_told(e.detail, NEW.kind, 'resume')) > 0 THEN
    -- The row is still as it was: its guard takes everything else from there.
    INSERT INTO supervision_limitwarning
      (clock_id, application_id, level, arming, clock_kind, step_seq, seat_path, effective_at, recorded_at, is_late)
    VALUES (OLD.id, OLD.application_id, 'warning', supervision_armed(OLD.id, 'warning', OLD.warn_at), OLD.kind,
      OLD.step_seq, OLD.seat_path, OLD.warn_at, e.at, false)
    ON CONFLICT (clock_id, level, arming) DO NOTHING;
  END IF;
  RETURN NEW;
END $$;
-- By its name it comes after the guards of the row.
CREATE TRIGGER keep_warning BEFORE UPDATE ON applications_clock FOR EACH ROW
  WHEN (OLD.warn_at IS NOT NULL AND NEW.warn_at IS DISTINCT FROM OLD.warn_at)
  EXECUTE FUNCTION supervision_keep_warning();
"""
NOT_KEPT = """
DROP TRIGGER keep_warning ON applications_clock;
DROP FUNCTION supervision_keep_warning();
"""

# What was extended, and passed its new warning untold, is looked at once more.
KNOWN = """
UPDATE applications_clock c SET next_action_at = least(c.next_action_at, c.warn_at)
WHERE c.warn_at < least(halls_now(), c.stopped_at)
  AND EXISTS (SELECT FROM applications_clockfact f WHERE f.clock_id = c.id AND f.move IN ('extend', 'pause'))
  AND NOT EXISTS (
    SELECT FROM supervision_limitwarning w
    WHERE (w.clock_id, w.level, w.arming) = (c.id, 'warning', supervision_armed(c.id, 'warning', c.warn_at)));
"""


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0014_promises_of_halls"),
        ("supervision", "0055_samples_are_as_drawn"),
    ]

    operations = [
        migrations.RunSQL(ARMED, NOT_ARMED),
        migrations.RunSQL(GUARD, BEFORE),
        migrations.RunSQL(KEEP, NOT_KEPT),
        migrations.RunSQL(KNOWN, migrations.RunSQL.noop),
    ]
