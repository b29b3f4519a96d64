"""What a week or a month counts is what its events say."""

from collections import Counter, defaultdict

import pytest

from applications.actions.grant import grant
from applications.models import Application, ApplicationStep, Event
from halls.domain.errors import Refused
from halls.domain.worktime import day_of
from halls.selectors.work_calendar import load_calendar
from supervision.actions.close_month import close_month
from supervision.actions.draft_bulletin import draft_bulletin
from supervision.actions.sweep import sweep
from supervision.domain.columns import HIDDEN, OF_ACTS
from supervision.models import LimitWarning
from supervision.selectors.period_sheet import sheet_of
from tests.supervision.bulletins import MARCH
from tests.supervision.conftest import make_busy
from tests.supervision.county import at

pytestmark = pytest.mark.django_db


def body_of(path):
    parts = path.split("/")
    return "/".join(parts[:2]) + "/" if parts[1] else path


OF_VERB = {
    "receive": "received",
    "accept": "accepted",
    "handle_immediately": "accepted",
    "decline": "declined",
    "withdraw": "withdrawn",
    "deem_withdrawn": "withdrawn",
    "grant": "finished",
    "refuse": "finished",
}


def recounted(case):
    """What the events of one case say of March: plain Python, nothing of the selector."""
    told = list(Event.objects.filter(application=case).order_by("seq").values_list("verb", "at"))
    within = [(verb, moment) for verb, moment in told if MARCH.holds(moment)]
    found = Counter(OF_VERB[verb] for verb, _moment in within if verb in OF_VERB)
    if "deem_accepted" in dict(told) and MARCH.holds(dict(told)["receive"]):  # 自收到之日起即为受理
        found["accepted"] += 1
    for moment in (then for verb, then in within if verb in ("grant", "refuse")):
        found["late" if case.due_at and moment > case.due_at else "on_time"] += 1
        found["early"] += bool(case.due_at and day_of(moment) < day_of(case.due_at))
    decided = next((then for verb, then in told if verb in ("grant", "refuse")), None)
    ended = case.ended_at if decided is None else None
    if case.due_at and MARCH.holds(case.due_at) and not (ended and ended <= case.due_at):
        found["due"] += 1
        found["due_in_time"] += bool(decided and decided <= case.due_at)
    if case.ended_at is None or case.ended_at >= MARCH.ends_at:
        undecided = decided is None or decided >= MARCH.ends_at
        found["open_overdue"] += bool(case.due_at and case.due_at < MARCH.ends_at and undecided)
    found["open"] += case.ended_at is None or case.ended_at >= MARCH.ends_at
    return found


def recounted_at_organs(case):
    """What they say of the department that decided, and of the one where the case lay when March ended."""
    told = list(Event.objects.filter(application=case).order_by("seq").values_list("verb", "at", "detail"))
    seats = [body_of(case.path)]
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for verb, moment, detail in told:
        if verb in ("grant", "refuse") and MARCH.holds(moment):
            counts = recounted(case)
            found[seats[-1]] += Counter({key: counts[key] for key in ("finished", "on_time", "late", "early")})
        if moment < MARCH.ends_at and detail.get("seat"):
            seats.append(body_of(detail["seat"]))
    counts = recounted(case)
    found[seats[-1]] += Counter({key: counts[key] for key in ("open", "open_overdue")})
    last = ApplicationStep.objects.filter(application=case, is_final_decision=True, kind="decide").first()
    if last is not None:
        found[body_of(last.path)] += Counter({key: counts[key] for key in ("due", "due_in_time")})
    return {path: counts for path, counts in found.items() if "~" in path}


def test_every_count_equals_a_recount_from_events(county):
    make_busy(county)
    decided = county.passed_on(county.accepted(county.bureau_matter()), "bureau_examiner")
    at("2026-03-24 10:00")
    grant(decided.pk, actor=county.actor("bureau_approver"))
    at("2026-04-01 06:00")
    sweep()
    expected: dict[str, Counter[str]] = defaultdict(Counter)
    for case in Application.objects.exclude(status="draft"):
        expected[body_of(case.path)] += recounted(case)
        for path, counts in recounted_at_organs(case).items():
            expected[path] += counts
    for card in LimitWarning.objects.all():
        if MARCH.holds(card.recorded_at):
            expected[body_of(card.seat_path)][{"warning": "warnings"}.get(card.level, card.level)] += 1
    sheet = sheet_of(MARCH, county.hall, load_calendar())
    found = {line.body.path: +Counter(line.counts) for line in (*sheet.halls, *sheet.organs)}
    for counts in found.values():
        for key in (*(column.key for column in HIDDEN), *OF_ACTS):  # those of acts: test_bulletins_of_acts.py
            del counts[key]
    assert {path: +counts for path, counts in expected.items() if +counts} == {
        path: counts for path, counts in found.items() if counts
    }
    assert {"due", "due_in_time", "open_overdue"} <= {key for counts in found.values() for key in counts}
    assert expected[county.bureau.path].keys() >= {"open", "finished", "on_time"}


def test_a_period_that_is_not_over_has_no_paper(county):
    with pytest.raises(Refused, match="还没有结束"):
        draft_bulletin(county.hall, MARCH)
    with pytest.raises(Refused, match="还没有过完"):
        close_month(county.hall, MARCH)
