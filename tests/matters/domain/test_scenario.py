"""Scenarios: what an editor writes is what is played, and what is not understood is told with its line and cure."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from halls.domain.calendar import NO_CALENDAR, DayKind, WorkCalendar
from halls.domain.errors import Invalid
from halls.domain.moments import SHANGHAI
from matters.domain.catalogue_file import parse_catalogue
from matters.domain.default_scenarios import default_scenarios, stage_days
from matters.domain.scenario import ACTS, EXPECTATIONS, read_scenario
from tests.factories.matters import RECORDS, as_file

SPRING = {date(2026, 2, 15) + timedelta(days=n): (DayKind.HOLIDAY, "春节") for n in range(9)}
MAKEUP = {date(2026, 2, 14): (DayKind.MAKEUP, "春节"), date(2026, 2, 28): (DayKind.MAKEUP, "春节")}
AUTUMN = {date(2026, 10, 1) + timedelta(days=n): (DayKind.HOLIDAY, "国庆节") for n in range(7)}
CALENDAR = WorkCalendar(frozenset({2025, 2026}), SPRING | MAKEUP | AUTUMN)
GOOD = "从 2026-02-13 16:00 起，在乡镇提交\n收件\n等 1 个工作日，受理，应为：在办、到期按承诺\n看，应为：绿灯"


def test_a_scenario_says_the_same_again() -> None:
    scenario = read_scenario("春节前", GOOD)
    assert str(scenario) == GOOD
    assert [(line.wait, line.act, line.expects) for line in scenario.lines] == [
        (0, "receive", ()),
        (1, "accept", ("在办", "到期按承诺")),
        (0, "look", ("绿灯",)),
    ]
    assert (scenario.level, scenario.start.isoformat()) == ("township", "2026-02-13T16:00:00+08:00")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "第 1 行没有写明"),
        ("从 2026-02-30 10:00 起，在村提交\n看，应为：绿灯", "没有 2026-02-30 10:00 这个时间"),
        ("从 1999-02-03 10:00 起，在村提交\n看，应为：绿灯", "1999 年不在工作日历里"),
        ("从 2026-03-02 10:00 起，在村提交\n批准，应为：准予", "第 2 行不认识“批准”"),
        ("从 2026-03-02 10:00 起，在村提交\n收件，应为：蓝灯", "第 2 行不认识期望“蓝灯”"),
        ("从 2026-03-02 10:00 起，在村提交\n等 9999 个工作日，看，应为：红灯", "等得太久"),
        ("从 2026-03-02 10:00 起，在村提交\n收件", "不可能不通过"),
        ("从 2026-03-02 10:00 起，在村提交\n" + "收件\n" * 70 + "看，应为：绿灯", "超过 60 行"),
    ],
)
def test_what_is_not_understood_is_told(text: str, message: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_scenario("场景", text)
    told = [problem.message for problem in refused.value.problems]
    assert any(message in one for one in told), told
    assert all(problem.cure for problem in refused.value.problems)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        scenario = read_scenario("场景", text)
    except Invalid:
        return
    assert read_scenario("场景", str(scenario)) == scenario


def test_every_word_can_be_written_and_read() -> None:
    for act in ACTS:
        for word in EXPECTATIONS:
            text = f"从 2026-03-02 10:00 起，在县提交\n{act}，应为：{word}"
            assert str(read_scenario("词", text)) == text


def test_every_shipped_guide_has_scenarios_that_can_be_written_down() -> None:
    departments = {record["department_full"] for record in RECORDS}
    for record in parse_catalogue(as_file(*RECORDS), departments=departments):
        plays = default_scenarios(record, stage_days(datetime(2026, 1, 5, 9, 0, tzinfo=SHANGHAI), CALENDAR))
        branches = [play.branch for play in plays]
        assert {"usual", "holiday", "correction", "refusal", "withdrawal", "absence"} <= set(branches)
        kinds = [step.kind for step in record.steps]
        decided = min((kinds.index(kind) for kind in ("decide", "instant") if kind in kinds), default=len(kinds))
        assert ("pause" in branches) is ("special" in kinds[:decided]), record.code
        assert ("silence" in branches) is (record.handling != "immediate")
        for play in plays:
            assert read_scenario(play.name, str(play)).lines == play.lines


@pytest.mark.parametrize(
    ("now", "quiet", "before"),
    [
        ("2026-01-05", "2026-01-12", "2026-02-14"),  # the Saturday that is worked before the nine days
        ("2026-01-28", "2026-03-02", "2026-02-14"),  # no Monday of February has two plain weeks ahead of it
        ("2026-03-02", "2026-03-09", "2026-09-30"),  # the same holiday is over: the next longest
        ("2026-11-30", "2026-12-07", "2026-12-31"),  # the notice for 2027 has not come: its fixed holidays
    ],
)
def test_plays_begin_on_a_quiet_monday_and_before_the_longest_holiday_ahead(now: str, quiet: str, before: str) -> None:
    days = stage_days(datetime.fromisoformat(f"{now}T09:00:00+08:00"), CALENDAR)
    assert (f"{days.quiet:%Y-%m-%d %H:%M}", f"{days.before_the_holiday:%Y-%m-%d %H:%M}") == (
        f"{quiet} 09:30",
        f"{before} 15:30",
    )


@given(st.dates(date(2018, 1, 1), date(2090, 1, 1)), st.sampled_from([CALENDAR, NO_CALENDAR]))
def test_both_days_lie_ahead_and_are_worked(today: date, calendar: WorkCalendar) -> None:
    days = stage_days(datetime(today.year, today.month, today.day, 23, 59, tzinfo=SHANGHAI), calendar)
    assert days.quiet.weekday() == 0
    for moment in (days.quiet, days.before_the_holiday):
        assert moment.date() > today
        assert calendar.is_working(moment.date())
    assert not calendar.is_working(days.before_the_holiday.date() + timedelta(days=1))
