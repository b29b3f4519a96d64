"""The county that is tortured: the real halls, people, calendar and matters, and cases made by the real actions."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, Final

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from applications.domain.lifecycle import Status, Verb
from applications.rehearsal.accounts import appoint_county
from applications.rehearsal.acts import act, begin
from applications.rehearsal.course import next_stop, next_verb
from applications.rehearsal.desks import Desks
from applications.rehearsal.office_hours import OfficeHours
from applications.rehearsal.plans import County, Plan
from applications.rehearsal.run import travel_to
from halls.domain.worktime import SHANGHAI
from halls.models import Hall, Level, User
from halls.selectors.work_calendar import load_calendar
from supervision.models import LadderStep

COUNTY: Final = "500236"
FIRST, LAST = date(2026, 3, 2), date(2026, 3, 13)  # ten working days on which cases come in
START: Final = datetime(2026, 3, 13, 19, 0, tzinfo=SHANGHAI)  # then nobody acts any more, and time runs
HORIZON: Final = START + timedelta(days=75)
BATCH: Final = 20
# After how many verbs a case is left alone: submitted, received, accepted, and those that walk on.
LEFT_AFTER: Final = ((1, 0.06), (2, 0.16), (3, 0.70), (4, 0.85), (6, 1.0))

THRESHOLDS: Final = """
SELECT r.at FROM applications_clock c,
  LATERAL (VALUES (c.warn_at), (c.yellow_at), (c.red_at)) AS r (at)
WHERE r.at < coalesce(c.stopped_at, 'infinity')
"""
# What must have been recorded when time has come to {end}: noted before anything runs, where the application's role
# cannot reach.
NOTE: Final = """
CREATE TABLE torture_planned AS
SELECT c.id AS clock_id, r.level, c.arming, r.at
FROM applications_clock c,
  LATERAL (VALUES ('warning', c.warn_at), ('yellow', c.yellow_at), ('red', c.red_at)) AS r (level, at)
WHERE r.at < least(c.stopped_at, %(end)s)
"""
# What the database itself saw when a row came in, whatever the sweep says of it; and kills shall land in the middle of
# a claim, so a row takes a few milliseconds here. (AFTER: an insert that the unique index refused is not seen.)
WITNESS: Final = """
CREATE TABLE torture_witness (warning_id bigint PRIMARY KEY, at timestamptz NOT NULL, by text NOT NULL);
CREATE FUNCTION torture_see() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO torture_witness VALUES (NEW.id, halls_now(), current_setting('application_name'));
  PERFORM pg_sleep(random() * %(seconds)s);
  RETURN NULL;
END $$;
CREATE TRIGGER torture_see AFTER INSERT ON supervision_limitwarning FOR EACH ROW EXECUTE FUNCTION torture_see();
"""


def build() -> Hall:
    """Migrate, load, appoint; as the owner, on an empty database."""
    quiet: dict[str, Any] = {"verbosity": 0, "stdout": io.StringIO()}
    data = settings.BASE_DIR / "data"
    call_command("migrate", interactive=False, verbosity=0)
    call_command("load_county", str(data / "divisions_500236.csv"), **quiet)
    call_command("load_calendar", str(data / "calendar"), **quiet)
    call_command("import_matters", str(data / "matters.json"), **quiet)
    call_command("load_card_rules", str(data / "card_rules" / "default.json"), **quiet)
    call_command("load_ladder", str(data / "ladder.json"), **quiet)
    LadderStep.objects.create(level="yellow", audience="county_supervisor", delay_days=1)  # one that is told later
    call_command("allow_time_travel")
    county = Hall.objects.get(code=COUNTY, tier=Level.COUNTY)
    appoint_county(county)
    User.objects.update(phone="13800138000")  # everybody gets texts
    call_command("secure_database", verbosity=0)
    return county


def fill(county: Hall, thresholds: int, seed: int, report: Callable[[int, int], None]) -> int:
    """Open cases until so many thresholds lie before the horizon; returns how many cases that took."""
    random = Random(seed)
    desks, source = Desks(county), County(county, {})
    hours = OfficeHours(load_calendar(), FIRST, LAST)
    made = 0
    while (present := _thresholds_before(HORIZON)) < thresholds:
        report(present, thresholds)
        for _ in range(BATCH):
            plan = replace(source.draw(random.randrange(10**9), 0, hours.total - 90), files=0)
            _live(plan, desks, hours, random)
            made += 1
    travel_to(None)
    return made


def _live(plan: Plan, desks: Desks, hours: OfficeHours, random: Random) -> None:
    travel_to(hours.moment(plan.minute))
    walk = begin(plan, desks, COUNTY)
    draw = random.random()
    verbs = next(count for count, share in LEFT_AFTER if draw <= share)
    for number in range(1, verbs + 1):
        verb = next_verb(walk)
        if verb is None or walk.application.status in (Status.SUSPENDED, Status.CORRECTING):
            return
        travel_to(hours.moment(plan.minute + 10 * number))
        act(walk, verb, next_stop(walk) if verb is Verb.HAND_OVER else "")


def note_what_must_come(thresholds: int) -> list[datetime]:
    """Note the first so many thresholds, and return the moments that come, each a little after one of them."""
    with connection.cursor() as cursor:
        cursor.execute(f"{THRESHOLDS} ORDER BY 1 OFFSET %s LIMIT 1", [thresholds - 1])
        end: datetime = max(cursor.fetchone()[0], START) + timedelta(minutes=5)
        cursor.execute(NOTE, {"end": end})
        cursor.execute("SELECT DISTINCT at FROM torture_planned WHERE at > %s ORDER BY at", [START])
        return [START, *(moment.astimezone(SHANGHAI) for (moment,) in cursor.fetchall()), end.astimezone(SHANGHAI)]


def post_a_witness(milliseconds: float) -> None:
    """Have every claim seen by the database, and held up for so long on average."""
    with connection.cursor() as cursor:
        cursor.execute(WITNESS, {"seconds": 2 * milliseconds / 1000})


def _thresholds_before(moment: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({THRESHOLDS}) t WHERE t.at < %s", [moment])
        return int(cursor.fetchone()[0])
