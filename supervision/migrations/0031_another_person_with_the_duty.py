"""Who acts is another person, however their code was typed, and holds the duty there: the database asks both."""

from importlib import import_module

from django.db import migrations, models

DUTIES = """
-- The posts of this person today, by kind and place; a post counts by the real date (halls.scopes).
CREATE FUNCTION supervision_posts_of(who bigint) RETURNS TABLE (kind text, place text) LANGUAGE sql STABLE AS $$
  SELECT p.kind, coalesce(d.path, h.path)
  FROM halls_user u JOIN halls_post p ON p.user_id = u.id
    LEFT JOIN halls_hall h ON h.id = p.hall_id LEFT JOIN halls_department d ON d.id = p.department_id,
    LATERAL (SELECT (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date AS day) today
  WHERE u.id = who AND u.is_active AND p.starts_on <= today.day AND (p.ends_on IS NULL OR p.ends_on >= today.day)
$$;
-- Whether one of these kinds is theirs at this very place.
CREATE FUNCTION supervision_is_posted_at(who bigint, spot text, VARIADIC kinds text[]) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM supervision_posts_of(who) p WHERE p.kind = ANY (kinds) AND p.place = spot)
$$;
-- The same, there or above.
CREATE FUNCTION supervision_holds_post(who bigint, spot text, VARIADIC kinds text[]) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM supervision_posts_of(who) p WHERE p.kind = ANY (kinds) AND starts_with(spot, p.place))
$$;
-- Whether this person decides at this very place, by post or by letter.
CREATE FUNCTION supervision_decides_at(who bigint, spot text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT supervision_is_posted_at(who, spot, 'approver', 'village_head') OR EXISTS (
    SELECT FROM halls_user u JOIN halls_delegation g ON g.grantee_id = u.id
      LEFT JOIN halls_hall h ON h.id = g.hall_id LEFT JOIN halls_department d ON d.id = g.department_id,
      LATERAL (SELECT (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date AS day) today
    WHERE u.id = who AND u.is_active AND coalesce(d.path, h.path) = spot
      AND today.day BETWEEN g.starts_on AND g.ends_on AND (g.revoked_on IS NULL OR g.revoked_on > today.day)
  )
$$;
-- The path of the hall above; a county's hall stands for itself (domain/ratings.py).
CREATE FUNCTION supervision_superior_of(place text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(nullif(regexp_replace(place, '[^/]+/$', ''), ''), place)
$$;

-- Whether this person has the duty for this act about this rating (permissions/ratings.py).
CREATE FUNCTION supervision_may_act_on(r supervision_rating, act text, who bigint) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
DECLARE
  seat text;
BEGIN
  IF act IN ('exclude', 'uphold') THEN
    RETURN supervision_holds_post(who, split_part(r.path, '/', 1) || '/', 'supervisor');
  ELSIF act = 'appeal' THEN
    RETURN supervision_holds_post(who, r.path, 'village_clerk', 'village_head', 'window_clerk', 'supervisor');
  ELSIF act = 'rectify' THEN
    SELECT t.seat_path INTO seat FROM supervision_term t WHERE t.id = r.rectify_term_id;
    seat := coalesce(seat, r.path);
    RETURN CASE WHEN position('~' IN seat) > 0
      THEN supervision_holds_post(who, seat, 'village_clerk', 'village_head', 'examiner')
      ELSE supervision_holds_post(who, seat, 'village_clerk', 'village_head', 'window_clerk') END;
  END IF;
  RETURN supervision_holds_post(who, supervision_superior_of(r.path), 'supervisor');
END $$;

-- Whether this person handles the complaint or inquiry, or explains for the hall it is about (permissions/voices.py).
CREATE FUNCTION supervision_may_speak_of(v supervision_voice, verb text, who bigint) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT CASE
    WHEN verb = 'explain' THEN supervision_decides_at(who, v.about_path) OR supervision_is_posted_at(
      who, v.about_path, 'village_clerk', 'window_clerk', 'examiner', 'supervisor')
    WHEN v.kind = 'inquiry'
      THEN supervision_holds_post(who, v.seat_path, 'village_clerk', 'village_head', 'window_clerk', 'examiner')
    ELSE supervision_holds_post(who, v.seat_path, 'supervisor') END
$$;
"""
NO_DUTIES = """
DROP FUNCTION supervision_may_speak_of(supervision_voice, text, bigint);
DROP FUNCTION supervision_may_act_on(supervision_rating, text, bigint);
DROP FUNCTION supervision_superior_of(text);
DROP FUNCTION supervision_decides_at(bigint, text);
DROP FUNCTION supervision_holds_post(bigint, text, text[]);
DROP FUNCTION supervision_is_posted_at(bigint, text, text[]);
DROP FUNCTION supervision_posts_of(bigint);
"""

# One function of an earlier migration each: (migration, constant, function, ((what it said, what it says), ...)).
CHANGED = (
    (
        "0021_acts_about_cards",
        "CARDS",
        "supervision_guard_card",
        (
            # The same fault of the same body on the same day is charged once, and again only behind what was taken back.
            (
                "    NEW.arming := 1;\n",
                """    SELECT 1 + count(*) INTO NEW.arming
    FROM supervision_limitwarning w JOIN supervision_cardreview v ON v.card_id = w.id
    WHERE w.application_id = NEW.application_id AND w.mode = 'manual' AND v.act IN ('revoke', 'cancel')
      AND (w.seat_path, w.fault, w.happened_on) = (NEW.seat_path, NEW.fault, NEW.happened_on);
""",
            ),
        ),
    ),
    (
        "0021_acts_about_cards",
        "REVIEWS",
        "supervision_review_card",
        (
            ("w.issued_person = NEW.person_code", "halls_is_same_person(w.issued_person, NEW.person_code)"),
            (
                "(p.person_code = NEW.person_code OR p.user_id = NEW.user_id)",
                "(halls_is_same_person(p.person_code, NEW.person_code) OR p.user_id = NEW.user_id)",
            ),
        ),
    ),
    (
        "0025_ratings",
        "FORWARD",
        "supervision_guard_rating",
        (
            (
                "    IF c.ended_at IS NULL",
                """    IF NEW.entered_by_id IS NOT NULL THEN
      PERFORM supervision_require_person(NEW.entered_by_id, NEW.entered_person);
      IF NOT supervision_holds_post(NEW.entered_by_id, supervision_superior_of(NEW.path), 'supervisor') THEN
        RAISE EXCEPTION 'a rating is written down by who watches from above' USING ERRCODE = 'restrict_violation';
      END IF;
    END IF;
    IF c.ended_at IS NULL""",
            ),
        ),
    ),
    (
        "0025_ratings",
        "FORWARD",
        "supervision_guard_rating_act",
        (
            (
                "  IF NEW.act IN ('exclude', 'uphold') THEN\n",
                """  PERFORM supervision_require_person(NEW.user_id, NEW.person_code);
  IF NOT supervision_may_act_on(r, NEW.act, NEW.user_id) THEN
    RAISE EXCEPTION 'an act about a rating is by who has the duty there' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.act IN ('exclude', 'uphold') THEN
""",
            ),
            (
                "a.person_code <> NEW.person_code",
                "a.user_id <> NEW.user_id\n        AND NOT halls_is_same_person(a.person_code, NEW.person_code)",
            ),
            ("e.person_code = NEW.person_code", "halls_is_same_person(e.person_code, NEW.person_code)"),
        ),
    ),
    (
        "0025_ratings",
        "FORWARD",
        "supervision_guard_call",
        (
            (
                "  IF EXISTS (SELECT FROM supervision_callbackcall",
                """  PERFORM supervision_require_person(NEW.user_id, NEW.person_code);
  IF NOT supervision_holds_post(NEW.user_id, supervision_superior_of(
    (SELECT k.path FROM supervision_callback k WHERE k.id = NEW.callback_id)), 'supervisor') THEN
    RAISE EXCEPTION 'a villager is called by who watches from above' USING ERRCODE = 'restrict_violation';
  END IF;
  IF EXISTS (SELECT FROM supervision_callbackcall""",
            ),
            ("e.person_code = NEW.person_code", "halls_is_same_person(e.person_code, NEW.person_code)"),
        ),
    ),
    (
        "0026_orders_and_urges",
        "FORWARD",
        "supervision_guard_order",
        (
            (
                "    IF NEW.state <> 'issued' THEN\n",
                """    IF NOT starts_with(NEW.organ_path, NEW.issuer_path)
       OR NOT supervision_holds_post(NEW.issued_by_id, NEW.issuer_path, 'supervisor') THEN
      RAISE EXCEPTION 'an order is issued by who watches the organ' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state <> 'issued' THEN
""",
            ),
        ),
    ),
    (
        "0026_orders_and_urges",
        "FORWARD",
        "supervision_guard_order_act",
        (
            (
                "  IF NEW.act = 'reply' AND NEW.person_code = o.issued_person THEN\n",
                """  -- The organ answers, by who decides there or right above it, in a township by who watches; all else is the issuer's.
  IF NOT (CASE WHEN NEW.act <> 'reply' THEN supervision_holds_post(NEW.user_id, o.issuer_path, 'supervisor')
    WHEN o.duty = 'decide'
      THEN supervision_decides_at(NEW.user_id, o.organ_path) OR supervision_decides_at(NEW.user_id, o.above_path)
    ELSE supervision_is_posted_at(NEW.user_id, o.organ_path, 'supervisor') END) THEN
    RAISE EXCEPTION 'an act about an order is by who has the duty there' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.act = 'reply' AND (NEW.user_id = o.issued_by_id OR halls_is_same_person(NEW.person_code, o.issued_person)) THEN
""",
            ),
            (
                "(a.person_code = NEW.person_code OR a.user_id = NEW.user_id)",
                "(halls_is_same_person(a.person_code, NEW.person_code) OR a.user_id = NEW.user_id)",
            ),
        ),
    ),
    (
        "0024_villagers_speak",
        "FORWARD",
        "supervision_guard_voice_act",
        (
            (
                "  IF NEW.from_state <> v.state OR",
                """  IF NOT supervision_may_speak_of(v, NEW.verb, NEW.user_id) THEN
    RAISE EXCEPTION 'it is handled by who has the duty there' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.from_state <> v.state OR""",
            ),
            ("upper(o.person_code) = upper(u.person_code)", "halls_is_same_person(o.person_code, u.person_code)"),
        ),
    ),
)


def _before(migration: str, constant: str, name: str) -> str:
    """A function as an earlier migration wrote it."""
    text: str = getattr(import_module(f"supervision.migrations.{migration}"), constant)
    start = text.index(f"FUNCTION {name}()")
    return f"CREATE OR REPLACE {text[start : text.index('END $$;', start)]}END $$;"


def _after(text: str, changes: tuple[tuple[str, str], ...]) -> str:
    for said, says in changes:
        if said not in text:
            raise ValueError(said)
        text = text.replace(said, says)
    return text


class Migration(migrations.Migration):

    dependencies = [
        ("applications", "0014_promises_of_halls"),
        ("halls", "0013_one_person_one_code"),
        ("supervision", "0030_bulletins_are_signed_by_two"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='bulletin',
            name='bulletin_signed_by_another',
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['key'], name='message_of_key'),
        ),
        migrations.AddIndex(
            model_name='rating',
            index=models.Index(condition=models.Q(('device', ''), _negated=True), fields=['device', 'rated_at'], name='rating_from_device'),
        ),
        migrations.AddIndex(
            model_name='rating',
            index=models.Index(fields=['rated_at'], name='rating_of_time'),
        ),
        migrations.AddConstraint(
            model_name='bulletin',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('published_at__isnull', True), ('serial__isnull', True), ('signed_by__isnull', True)), models.Q(('published_at__isnull', False), ('reviewed_at__isnull', False), ('serial__isnull', False), ('signed_by__isnull', False), models.Q(models.Func(models.F('signed_person'), models.F('reviewed_person'), function='halls_is_same_person', output_field=models.BooleanField()), _negated=True), models.Q(('signed_by', models.F('reviewed_by')), _negated=True)), _connector='OR'), name='bulletin_signed_by_another'),
        ),
        migrations.AddConstraint(
            model_name='limitwarning',
            constraint=models.UniqueConstraint(condition=models.Q(('mode', 'manual')), fields=('application', 'seat_path', 'fault', 'happened_on', 'arming'), name='warning_by_hand_once'),
        ),
        migrations.RunSQL(DUTIES, NO_DUTIES),
        *(migrations.RunSQL(_after(_before(*where), changes), _before(*where)) for *where, changes in CHANGED),
    ]
