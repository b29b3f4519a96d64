"""时限说明单: the day-by-day statement of a case's clock agrees with the dates that are stored."""

from datetime import date

import pytest

from applications.models import Clock
from applications.selectors.statement import CaseStatements
from halls.selectors.work_calendar import read_moment
from supervision.actions.sweep import sweep
from tests.supervision.county import at, clock_of

pytestmark = pytest.mark.django_db


def statement(case, kind, number=0):
    found = CaseStatements(case, read_moment()).find(clock_of(case, kind).pk)
    assert found is not None
    return found


def counted(found, part="limit"):
    return [day.date for day in found.days if day.counted and day.part == part]


def test_a_running_promise_counts_its_working_days_and_says_why_it_skips_the_others(county):
    at("2026-02-13 10:00")
    found = statement(county.accepted(county.matter(promised=5)), "promised")
    assert found.due_on == date(2026, 2, 27)
    assert counted(found)[-1] == found.due_on
    assert [day.n for day in found.days if day.counted] == [1, 2, 3, 4, 5]
    assert {day.reason for day in found.days if not day.counted} == {"法定节假日·春节"}
    assert next(day.reason for day in found.days if day.date == date(2026, 2, 14)) == "调休上班·春节"
    assert not any(rung.is_reached for rung in found.rungs)


def test_while_paused_there_is_no_due_date_and_the_statement_stops_at_today(county):
    case = county.suspended(county.special_matter(days=5))
    at("2026-03-05 09:00")
    found = statement(case, "promised")
    assert (found.due_at, found.over, found.used) == (None, 0, 0)
    assert found.days[-1].date == date(2026, 3, 5)
    assert all("特别程序" in day.reason for day in found.days)


def test_a_pause_that_outlived_its_days_without_a_sweep_has_no_due_date_either(county):
    case = county.suspended(county.special_matter(days=5))
    at("2026-03-20 09:00")
    found = statement(case, "promised")
    assert found.due_at is None
    assert found.days[-1].date == date(2026, 3, 9)


def test_after_the_resumption_the_excluded_days_are_named(county):
    case = county.suspended(county.special_matter(days=5, promised=10))
    at("2026-03-10 00:01")
    sweep()
    found = statement(case, "promised")
    assert found.due_on == date(2026, 3, 23)
    assert len(counted(found)) == 10
    assert len([day for day in found.days if not day.counted and "特别程序" in day.reason]) == 5


def test_days_behind_an_early_stop_are_shown_as_unused(county):
    case = county.accepted(county.matter(promised=5))
    at("2026-03-04 15:00")
    county.granted(case)
    found = statement(case, "promised")
    assert (found.used, found.over) == (2, 0)
    assert counted(found) == [date(2026, 3, 3), date(2026, 3, 4)]
    assert counted(found, "unused") == [date(2026, 3, 5), date(2026, 3, 6), date(2026, 3, 9)]


def test_days_behind_the_due_day_are_written_out_as_over(county):
    case = county.accepted(county.matter(promised=2))
    at("2026-03-09 09:00")
    found = statement(case, "promised")
    assert found.over == 3
    assert [(day.date.day, day.n) for day in found.days if day.part == "over" and day.counted] == [
        (5, 1),
        (6, 2),
        (9, 3),
    ]
    assert [rung.level for rung in found.rungs if rung.is_reached] == ["warning", "yellow"]


def test_a_publicity_of_calendar_days_ends_on_its_sunday(county):
    case = county.suspended(county.special_matter(days=6, unit="cd"))
    found = statement(case, "special")
    assert found.due_on == found.days[-1].date == date(2026, 3, 9)
    assert [day.date for day in found.days if day.n == 6] == [date(2026, 3, 8)]


def test_every_clock_s_statement_agrees_with_its_stored_due_date(county):
    county.filed(county.matter())
    county.received(county.matter())
    county.accepted(county.bureau_matter())
    county.suspended(county.special_matter())
    at("2026-03-06 09:00")
    done = county.granted(county.accepted(county.matter(promised=1)))
    county.delivered(done)
    moment = read_moment()
    clocks = Clock.objects.all()
    assert len(clocks) > 12
    for clock in clocks:
        found = CaseStatements(clock.application, moment).of(clock)
        in_limit = [day.date for day in found.days if day.part != "over"]
        if found.due_on is not None:
            assert max(in_limit) == found.due_on, clock
        assert found.as_dict()["days"][0]["date"] == found.days[0].date.isoformat()


def test_all_statements_of_a_case_read_four_statements(county, django_assert_num_queries):
    case = county.suspended(county.special_matter())
    moment = read_moment()
    CaseStatements(case, moment).all()  # the years' notices are read once per process
    with django_assert_num_queries(4):  # clocks and facts, steps, events, rules
        assert len(CaseStatements(case, moment).all()) == 5


def test_a_clock_of_another_case_is_not_found(county):
    one, other = county.accepted(county.matter()), county.accepted(county.matter())
    assert CaseStatements(one, read_moment()).find(clock_of(other, "promised").pk) is None
