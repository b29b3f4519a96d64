"""时限说明单: the day-by-day statement of a case's clock agrees with the dates that are stored."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from applications.actions.deem_accepted import deem_accepted
from applications.actions.extend import extend
from applications.actions.hand_over import hand_over, take_over
from applications.actions.make_result import make_result
from applications.actions.suspend import suspend
from applications.domain.clock import ClockFacts, Fact
from applications.domain.transitions import ClockKind, ClockMove
from applications.models import Application, Clock
from applications.selectors.statement import CaseStatements
from applications.selectors.statement_days import Course
from halls.acting import system_actor
from halls.domain.budget import Budget, Unit
from halls.domain.worktime import due
from halls.models import CalendarYear
from halls.selectors.work_calendar import Moment, read_moment
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


def test_all_statements_of_a_case_read_three_statements(county, django_assert_num_queries):
    case = county.suspended(county.special_matter())
    moment = read_moment()
    CaseStatements(case, moment).all()  # the years' notices are and the rules are kept in memory
    with django_assert_num_queries(3):  # clocks and facts, steps, events
        assert len(CaseStatements(case, moment).all()) == 5


def test_a_clock_of_another_case_is_not_found(county):
    one, other = county.accepted(county.matter()), county.accepted(county.matter())
    assert CaseStatements(one, read_moment()).find(clock_of(other, "promised").pk) is None


# --- who, by which event, on which notice --------------------------------------------------------------------------


def test_the_start_names_its_event_and_who_did_it(county):
    case = county.accepted(county.matter(promised=5))
    found = statement(case, "promised")
    event = case.events.get(verb="accept")
    assert (found.start.seq, found.start.label) == (event.seq, "受理")
    assert (found.start.person, found.start.at) == (county.people["window0"].full_name, event.at)
    assert found.since is None
    masked = found.masked()
    assert (masked.start.person, masked.start.post) == ("", "")
    assert (masked.start.seq, masked.start.place) == (event.seq, found.start.place)
    assert (masked.days, masked.summary) == (found.days, found.summary)


def test_the_notice_of_every_year_used_is_named(county):
    found = statement(county.accepted(county.matter(promised=5)), "promised")
    year = CalendarYear.objects.get(year=2026)
    assert [(one.year, one.document_no, one.version) for one in found.calendars] == [
        (2026, year.document_no, year.version)
    ]
    assert year.document_no in found.calendars[0].words


def test_a_date_that_waits_for_next_year_s_notice_says_so_and_why(county):
    at("2026-12-28 10:00")
    found = statement(county.accepted(county.matter(promised=5)), "promised")
    assert found.provisional
    assert found.why_provisional.startswith("2027 年的放假安排尚未发布")
    assert [(one.year, one.version is None) for one in found.calendars] == [(2026, False), (2027, True)]
    assert "暂算" in found.summary
    assert "可能会变" in found.plain


def test_each_rung_names_the_rule_that_set_it_and_its_citation(county):
    found = statement(county.accepted(county.matter(promised=5)), "promised")
    told = {rung.level: rung for rung in found.rungs}
    assert set(told) == {"warning", "yellow", "red"}
    assert "2 个工作日" in told["warning"].rule
    assert all(rung.rule and rung.basis for rung in found.rungs)


# --- the sentences ---------------------------------------------------------------------------------------------------


def test_on_the_last_day_nothing_is_over_and_the_day_says_when_it_ends(county):
    case = county.accepted(county.matter(promised=5))
    at("2026-03-09 23:59")
    found = statement(case, "promised")
    assert (found.used, found.left, found.over) == (5, 0, 0)
    assert found.plain == "承诺 5 个工作日，今天是第 5 天，最晚 3月9日办完。"
    at("2026-03-10 00:00")
    found = statement(case, "promised")
    assert found.over == 1
    assert "超过了 1 个工作日" in found.plain


def test_the_seventh_day_is_told_in_plain_words(county):
    case = county.accepted(county.matter(promised=20))
    at("2026-03-11 09:00")
    assert statement(case, "promised").plain == "承诺 20 个工作日，今天是第 7 天，最晚 3月30日办完。"
    at("2026-03-14 09:00")
    assert "今天不算，已到第 9 天" in statement(case, "promised").plain


def test_a_paused_clock_tells_why_it_has_no_date_and_what_is_left(county):
    case = county.suspended(county.special_matter(days=5))
    at("2026-03-05 09:00")
    found = statement(case, "promised")
    notice = case.documents.get(kind="special_notice")
    assert notice.number in found.summary
    assert "没有到期日" in found.summary
    assert "剩下的 10 个工作日" in found.summary
    assert all(notice.number in day.reason for day in found.days)


def test_a_clock_that_was_over_before_it_was_paused_keeps_its_date_and_its_delay_runs_on(county):
    case = county.accepted(county.special_matter(days=5, promised=2))
    at("2026-03-06 09:00")
    suspend(case.pk, actor=county.actor("examiner0"), was_told=True)
    at("2026-03-10 09:00")
    found = statement(case, "promised")
    assert found.state == "paused"
    assert (found.due_on, found.used, found.over) == (date(2026, 3, 4), 6, 4)
    assert [day.date.day for day in found.days if day.part == "over" and day.counted] == [5, 6, 9, 10]
    assert "超期照算" in found.days[-1].reason
    assert sum(share.used for share in found.shares) == 6


def test_after_the_system_resumed_it_the_ledger_says_that_the_granted_days_were_over(county):
    case = county.suspended(county.special_matter(days=5, promised=10))
    at("2026-03-10 00:01")
    sweep()
    found = statement(case, "promised")
    assert found.state == "running"
    resumed = next(fact for fact in found.facts if fact.move == "resume")
    assert resumed.note == "批准的特别程序天数已满，恢复计时"
    assert "暂停计时" not in found.summary
    assert found.shares[-1].paused == 5


def test_an_extension_is_told_with_its_days_and_its_event(county):
    case = county.accepted(county.matter(promised=5))
    at("2026-03-05 09:00")
    extend(case.pk, actor=county.actor("approver0"), days=3, reason="需要核对图纸", was_told=True)
    found = statement(case, "promised")
    assert (found.due_on, found.limit, found.extensions) == (date(2026, 3, 12), 8, ("3个工作日",))
    more = next(fact for fact in found.facts if fact.move == "extend")
    assert (more.more, more.act.label) == ("3个工作日", "延长期限")
    assert [day.n for day in found.days if "延长期限" in day.reason] == [6, 7, 8]
    assert "，延长 3 个工作日" in found.plain


def test_silence_accepts_from_the_day_of_receipt_and_the_statement_names_both_moments(county):
    case = county.received(county.matter(promised=10))
    at("2026-03-11 09:00")
    deem_accepted(case.pk, actor=system_actor())
    found = statement(case, "promised")
    receipt = case.events.get(verb="receive")
    assert found.started_at == receipt.at
    assert found.since == receipt.at
    assert found.start.verb == "deem_accepted"
    assert "溯及" in found.summary
    assert found.days[0].date == date(2026, 3, 3)
    assert sum(share.used for share in found.shares) == found.used == 7


def test_a_limit_in_working_hours_is_counted_in_hours_and_each_day_says_how_long_it_counts(county):
    begun, moment = at("2026-03-02 16:30"), at("2026-03-03 10:10")
    facts = ClockFacts(ClockKind.PROMISED, Budget(4, Unit.WORKING_HOUR), (Fact(ClockMove.START, begun),))
    calendar = read_moment().calendar
    ends = due(begun, facts.budget, calendar).due_at
    course = Course(facts, (), ends, Moment(moment, calendar))
    assert (ends, course.unit_label) == (at("2026-03-03 11:30"), "个工作小时")
    assert (course.used, course.left, course.over, course.limit) == (3, 1, 0, 4)
    days = list(course.days())
    assert [day.date.day for day in days] == [2, 3]
    assert days[0].reason == "工作日，计1小时"
    late = Course(facts, (), ends, Moment(at("2026-03-03 14:30"), calendar))
    assert (late.used, late.left, late.over) == (5, 0, 1)


# --- the waterfall ---------------------------------------------------------------------------------------------------


def test_a_step_hands_on_what_it_did_not_need(county):
    case = county.accepted(county.bureau_matter(promised=10))
    at("2026-03-04 09:00")
    case = county.passed_on(case, "bureau_examiner")
    at("2026-03-16 09:00")
    first, second = statement(case, "promised").shares
    assert (first.own, first.carried, first.used, first.over) == (4, 1, 2, 0)  # 受理 left its day over
    assert first.handed_on == second.carried == 3
    assert (second.start, second.used, second.over) == (2, 8, 8 - second.own - second.carried)
    assert (first.who, second.who) == ("示例局", "示例局")
    assert second.is_current


def test_the_days_of_silence_are_the_window_s_and_not_the_first_step_s(county):
    case = county.received(county.bureau_matter())
    at("2026-03-10 00:01")
    sweep()
    case = Application.objects.select_related("guide", "matter", "hall").get(pk=case.pk)
    at("2026-03-11 10:00")
    found = statement(case, "promised")
    window, first = found.shares
    assert (window.name, window.who, window.kind) == ("受理窗口逾期未受理", "东乡", "organ")
    assert (window.own, window.over, window.handed_on, window.is_current) == (None, 0, 0, False)
    assert (first.who, first.used, first.over, first.is_current) == ("示例局", 1, 0, True)
    assert first.used == statement(case, "step").used
    assert window.used + first.used == found.used
    assert window.start == 0 < window.used
    county_supervisor = Client()
    county_supervisor.force_login(county.people["supervisor"])
    assert (
        "受理窗口逾期未受理"
        in county_supervisor.get(f"{reverse('case', args=[case.number])}?tab=limits").content.decode()
    )


def test_the_way_of_a_result_is_told_apart_making_transfer_and_waiting(county):
    case = county.granted(county.accepted(county.matter()))
    at("2026-03-03 10:00")
    make_result(case.pk, actor=county.actor("window0"))
    hand_over(case.pk, actor=county.actor("window0"), to_hall=county.villages[0].code)
    at("2026-03-04 10:00")
    take_over(case.pk, actor=county.actor("clerk0"))
    at("2026-03-05 10:00")
    found = statement(case, "delivery")
    assert [(share.name, share.kind, share.used) for share in found.shares] == [
        ("制作结果", "organ", 1),
        ("等待移交", "organ", 0),
        ("移交途中", "transfer", 1),
        ("等待领取", "pickup", 1),
    ]
    assert found.used == 3
