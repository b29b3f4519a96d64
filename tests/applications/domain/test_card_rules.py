"""The published rules of warnings and cards, and every unit a rule can count in."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from applications.domain.card_rules import RANGES, Level, Measure, Rule, Side, sentence_of
from applications.domain.clock import ClockFacts, Dates, Fact, derive
from applications.domain.transitions import ClockKind, ClockMove
from halls.domain.budget import Budget
from halls.domain.errors import Invalid
from halls.domain.worktime import SHANGHAI
from tests.applications.domain.test_clock import CALENDAR, RULES, at, clock, day, preset

START, PAUSE, RESUME, STOP = ClockMove.START, ClockMove.PAUSE, ClockMove.RESUME, ClockMove.STOP
PROMISED, WARNING = ClockKind.PROMISED, Level.WARNING
HUNAN, ENSHI, GUANGZHOU = preset("hunan"), preset("enshi"), preset("guangzhou")


def rungs(dates: Dates) -> tuple[str, str, str]:
    return day(dates.warn_at), day(dates.yellow_at), day(dates.red_at)


def of_rule(facts: ClockFacts, *rules: Rule) -> Dates:
    return derive(facts, CALENDAR, rules)


# --- every unit -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("side", "value", "unit", "moment"),
    [
        (Side.LEFT, 2, Measure.WORKING_DAY, "2026-03-12T00:00"),
        (Side.LEFT, 0, Measure.WORKING_DAY, "2026-03-16T00:00"),
        (Side.LEFT, 2, Measure.WORKING_HOUR, "2026-03-16T15:30"),  # the office closes at 17:30
        (Side.LEFT, 20, Measure.PERCENT, "2026-03-12T23:59:59"),  # behind it more than 8 of 10 days are used
        (Side.OVER, 0, Measure.WORKING_DAY, "2026-03-16T23:59:59"),
        (Side.OVER, 3, Measure.WORKING_DAY, "2026-03-19T23:59:59"),
        (Side.OVER, 1, Measure.MULTIPLE, "2026-03-30T23:59:59"),
        (Side.TOTAL, 5, Measure.WORKING_DAY, "2026-03-09T23:59:59"),
        (Side.TOTAL, 50, Measure.PERCENT, "2026-03-09T23:59:59"),
    ],
)
def test_ten_working_days_reach_a_rung_in_every_unit(side: Side, value: int, unit: Measure, moment: str) -> None:
    promise = clock(PROMISED, 10, (START, "2026-03-02T10:00"))
    assert of_rule(promise, Rule(PROMISED, WARNING, side, value, unit)).warn_at == at(moment)


def test_every_unit_a_rule_can_have_is_proved_above() -> None:
    (mark,) = test_ten_working_days_reach_a_rung_in_every_unit.pytestmark  # type: ignore[attr-defined]
    cases = {(row[0], row[2]) for row in mark.args[1]}
    assert cases == set(RANGES)


@pytest.mark.parametrize(
    ("side", "unit", "value"),
    [(*pair, edge) for pair, (low, high) in RANGES.items() for edge in (low - 1, high + 1)]
    + [(Side.OVER, Measure.PERCENT, 50), (Side.LEFT, Measure.MULTIPLE, 1), (Side.LEFT, Measure.WORKING_DAY, True)],
)
def test_a_number_out_of_range_is_no_rule(side: Side, unit: Measure, value: int) -> None:
    with pytest.raises(Invalid, match="card_rule_unsound"):
        Rule(PROMISED, WARNING, side, value, unit)


def test_of_two_rules_of_one_level_the_first_to_be_reached_counts() -> None:
    promise = clock(PROMISED, 10, (START, "2026-03-02T10:00"))
    early, late = Rule(PROMISED, WARNING, Side.LEFT, 4), Rule(PROMISED, WARNING, Side.LEFT, 1)
    assert of_rule(promise, early, late).warn_at == of_rule(promise, late, early).warn_at == at("2026-03-10T00:00")


# --- 即办件 -----------------------------------------------------------------------------------------------------------


def test_an_immediate_matter_is_warned_about_two_working_hours_before_the_office_closes() -> None:
    facts = ((START, "2026-03-02T09:00"),)
    hurried = derive(clock(PROMISED, 1, *facts, is_immediate=True), CALENDAR, RULES)
    assert hurried.warn_at == at("2026-03-03T15:30")
    assert derive(clock(PROMISED, 1, *facts), CALENDAR, RULES).warn_at == at("2026-03-03T00:00")
    assert hurried.due_at == at("2026-03-03T23:59:59")


def test_an_immediate_matter_of_the_same_day_is_warned_about_on_that_day() -> None:
    same_day = derive(clock(PROMISED, 0, (START, "2026-03-02T09:00"), is_immediate=True), CALENDAR, RULES)
    assert same_day.warn_at == at("2026-03-02T15:30")


# --- 湖南 -------------------------------------------------------------------------------------------------------------


def test_hunan_the_worked_example_in_days() -> None:
    """Accepted 2018-10-15 10:00, promised 7, statutory 10: 预警 on day 5, 黄牌 behind day 7, 红牌 behind day 10.

    The source counts from the instant (10-19 10:00, 10-24 10:00, 10-29 10:00) and rounds every begun day up; in whole
    days, of which that of the event does not count, day 5 is Monday 10-22.
    """
    started = (START, "2018-10-15T10:00")
    promised = derive(clock(PROMISED, 7, started), CALENDAR, HUNAN)
    statutory = derive(clock(ClockKind.STATUTORY, 10, started), CALENDAR, HUNAN)
    assert rungs(promised) == ("2018-10-22", "2018-10-24", "none")
    assert rungs(statutory) == ("none", "none", "2018-10-29")


def test_hunan_three_days_of_special_procedure_move_all_by_three_days() -> None:
    facts = ((START, "2018-10-15T10:00"), (PAUSE, "2018-10-16T09:00"), (RESUME, "2018-10-19T09:00"))
    promised = derive(clock(PROMISED, 7, *facts, granted="2018-10-19"), CALENDAR, HUNAN)
    statutory = derive(clock(ClockKind.STATUTORY, 10, *facts, granted="2018-10-19"), CALENDAR, HUNAN)
    assert rungs(promised)[:2] == ("2018-10-25", "2018-10-29")
    assert rungs(statutory)[2] == "2018-11-01"


def test_hunan_a_special_procedure_of_seven_days() -> None:
    special = derive(clock(ClockKind.SPECIAL, 7, (START, "2018-10-15T10:00")), CALENDAR, HUNAN)
    assert rungs(special) == ("2018-10-22", "2018-10-24", "2018-10-25")


def test_hunan_a_pre_review_of_two_days() -> None:
    review = derive(clock(ClockKind.PRE_REVIEW, 2, (START, "2018-10-15T10:00")), CALENDAR, HUNAN)
    assert rungs(review) == ("2018-10-17", "2018-10-22", "2018-10-24")


def test_hunan_a_licence_of_three_days() -> None:
    licence = derive(clock(ClockKind.DELIVERY, 3, (START, "2018-10-15T10:00")), CALENDAR, HUNAN)
    assert rungs(licence) == ("none", "2018-10-18", "none")


def test_hunan_what_ended_before_its_moment_earns_no_card() -> None:
    """作废 or 退窗 before the moment: no card; behind it the card is owed although the case is over."""
    started = (START, "2018-10-15T10:00")
    assert derive(clock(PROMISED, 7, started, (STOP, "2018-10-19T10:00")), CALENDAR, HUNAN).next_action_at is None
    owed = derive(clock(PROMISED, 7, started, (STOP, "2018-10-25T10:00")), CALENDAR, HUNAN)
    assert owed.next_action_at == owed.warn_at


# --- 恩施, 广州 -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("promised", "yellow", "red"),
    [
        (10, "2026-03-09", "2026-03-13"),  # 5 of 10 used up, 9 of 10 used up
        (20, "2026-03-16", "2026-03-26"),
        (7, "2026-03-06", "2026-03-11"),  # within day 4, of which half counts, and within day 7
        (5, "2026-03-05", "2026-03-09"),
        (1, "2026-03-03", "2026-03-03"),  # on its one day, and not on the day of acceptance
    ],
)
def test_enshi_half_is_yellow_and_nine_tenths_are_red(promised: int, yellow: str, red: str) -> None:
    dates = derive(clock(PROMISED, promised, (START, "2026-03-02T10:00")), CALENDAR, ENSHI)
    assert rungs(dates) == ("none", yellow, red)
    assert dates.due_at == derive(clock(PROMISED, promised, (START, "2026-03-02T10:00")), CALENDAR, RULES).due_at


def test_enshi_says_nothing_about_other_clocks_which_keep_the_default() -> None:
    for kind in set(ClockKind) - {PROMISED}:
        limit = clock(kind, 8, (START, "2026-03-02T10:00"))
        assert derive(limit, CALENDAR, ENSHI) == derive(limit, CALENDAR, RULES)


def test_guangzhou_five_days_one_day_none() -> None:
    dates = derive(clock(PROMISED, 10, (START, "2026-03-02T10:00")), CALENDAR, GUANGZHOU)
    assert rungs(dates) == ("2026-03-09", "2026-03-13", "2026-03-16")


# --- traps ------------------------------------------------------------------------------------------------------------


def test_trap_13_thresholds_are_per_case_in_one_list() -> None:
    """Two matters with very different limits side by side: each has its own threshold."""
    rules = (
        Rule(PROMISED, WARNING, Side.LEFT, 20, Measure.PERCENT),
        Rule(ClockKind.STEP, Level.RED, Side.OVER, 1, Measure.MULTIPLE),
    )
    short, long = (clock(PROMISED, days, (START, "2026-03-02T10:00")) for days in (5, 60))
    assert day(of_rule(short, *rules).warn_at) == "2026-03-06"
    assert day(of_rule(long, *rules).warn_at) == "2026-05-12"
    quick, slow = (clock(ClockKind.STEP, days, (START, "2026-03-02T10:00")) for days in (1, 10))
    assert day(of_rule(quick, *rules).red_at) == "2026-03-04"
    assert day(of_rule(slow, *rules).red_at) == "2026-03-30"
    by_default = [derive(limit, CALENDAR, RULES) for limit in (clock(PROMISED, 2, (START, "2026-03-02T10:00")), long)]
    assert [day(dates.warn_at) for dates in by_default] == ["2026-03-03", "2026-05-26"]


# --- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (Rule(PROMISED, WARNING, Side.LEFT, 2), "承诺时限剩余不超过 2 个工作日：预警"),
        (
            Rule(PROMISED, WARNING, Side.LEFT, 2, Measure.WORKING_HOUR, only_immediate=True),
            "承诺时限（即办件）剩余不超过 2 个工作小时：预警",
        ),
        (
            Rule(PROMISED, WARNING, Side.LEFT, 1, min_amount=1, max_amount=3),
            "承诺时限（期限不超过 3 个工作日的）剩余不超过 1 个工作日：预警",
        ),
        (Rule(PROMISED, Level.YELLOW, Side.OVER, 0), "超过承诺时限：黄牌"),
        (
            Rule(PROMISED, Level.RED, Side.OVER, 3, only_alone=True),
            "超过承诺时限（没有更长法定时限的）3 个工作日以上：红牌",
        ),
        (Rule(ClockKind.STEP, Level.RED, Side.OVER, 1, Measure.MULTIPLE), "超过环节时限的 2 倍：红牌"),
        (Rule(ClockKind.DELIVERY, Level.RED, Side.TOTAL, 10), "制证送达自起算超过 10 个工作日：红牌"),
        (Rule(PROMISED, Level.YELLOW, Side.TOTAL, 50, Measure.PERCENT), "承诺时限已用超过 50%：黄牌"),
        (Rule(PROMISED, WARNING, Side.LEFT, 0), "承诺时限到了最后一天：预警"),
    ],
)
def test_a_rule_reads_as_a_sentence(rule: Rule, words: str) -> None:
    assert sentence_of(rule) == words


def test_a_limit_in_working_hours_knows_its_share() -> None:
    started = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
    hours = ClockFacts(PROMISED, Budget(4, "wh"), (Fact(START, started),))  # type: ignore[arg-type]
    dates = of_rule(hours, Rule(PROMISED, Level.YELLOW, Side.TOTAL, 50, Measure.PERCENT))
    assert dates.yellow_at == at("2026-03-02T11:00")
    assert day(dates.due_at) == date(2026, 3, 2).isoformat()
