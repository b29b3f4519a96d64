"""The clock statement tells, day by day, why a limit ends when it does."""

from datetime import date, datetime

from halls.domain.budget import Budget, Unit
from halls.domain.statement import explain
from halls.domain.worktime import SHANGHAI, Pause


def at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T10:00").replace(tzinfo=SHANGHAI)


def on(text: str) -> date:
    return date.fromisoformat(text)


def lines(statement) -> list[str]:
    return [f"{row.date:%m-%d} {row.n or '-'} {row.reason}" for row in statement.rows]


def test_each_day_is_numbered_or_skipped_with_its_reason(county):
    statement = explain(at("2026-02-13"), Budget(2), county)
    assert lines(statement) == [
        "02-14 1 调休上班·春节",
        *[f"02-{day} - 法定节假日·春节" for day in range(15, 24)],
        "02-24 2 工作日",
    ]
    assert statement.due_on == on("2026-02-24")
    assert not statement.provisional


def test_days_of_a_special_procedure_name_it_and_its_weekend_stays_a_weekend(county):
    inspection = Pause(on("2026-03-05"), on("2026-03-09"), name="特别程序·检验")
    assert lines(explain(at("2026-03-04"), Budget(2), county, [inspection])) == [
        "03-05 1 工作日",
        "03-06 - 特别程序·检验（2026-03-05 至 2026-03-09）",
        "03-07 - 周末",
        "03-08 - 周末",
        "03-09 - 特别程序·检验（2026-03-05 至 2026-03-09）",
        "03-10 2 工作日",
    ]


def test_days_behind_the_granted_ones_count_and_say_so(county):
    overlong = Pause(on("2026-03-02"), on("2026-03-04"), granted_until=on("2026-03-03"))
    assert lines(explain(at("2026-03-02"), Budget(2), county, [overlong])) == [
        "03-03 - 特别程序（2026-03-02 至 2026-03-03）",
        "03-04 1 工作日（特别程序批准期限已满，照常计入）",
        "03-05 2 工作日",
    ]


def test_days_of_an_extension_are_marked(county):
    statement = explain(at("2026-03-02"), Budget(1), county, (), [Budget(2)])
    assert lines(statement) == ["03-03 1 工作日", "03-04 2 工作日（延长期限）", "03-05 3 工作日（延长期限）"]
    assert statement.extensions == (Budget(2),)


def test_a_calendar_period_that_ends_on_a_day_off_shows_how_it_moves(county):
    assert lines(explain(at("2026-03-04"), Budget(3, Unit.CALENDAR_DAY), county)) == [
        "03-05 1 自然日",
        "03-06 2 自然日",
        "03-07 3 自然日",
        "03-08 - 周末",
        "03-09 - 期满顺延至本日",
    ]


def test_days_of_an_unpublished_year_are_marked_provisional(county):
    statement = explain(at("2026-12-30"), Budget(2), county)
    assert statement.provisional
    assert [(row.date.day, row.provisional) for row in statement.rows] == [
        (31, True),  # the notice for 2027 may reach it
        (1, True),
        (2, True),
        (3, True),
        (4, True),
    ]


def test_while_it_is_paused_the_statement_ends_today_without_a_due_day(county):
    statement = explain(at("2026-03-02"), Budget(5), county, [Pause(on("2026-03-03"))], moment=at("2026-03-05"))
    assert statement.due_on is None
    assert lines(statement) == [
        "03-03 1 工作日",
        "03-04 - 特别程序（2026-03-03 起）",
        "03-05 - 特别程序（2026-03-03 起）",
    ]


def test_a_limit_of_zero_days_that_ends_on_its_own_day_has_no_rows(county):
    assert explain(at("2026-03-02"), Budget(0), county).rows == ()


def test_a_limit_in_hours_starts_on_its_own_day_and_says_what_each_day_counts(county):
    evening = datetime.fromisoformat("2026-03-06T18:00").replace(tzinfo=SHANGHAI)
    assert lines(explain(evening, Budget(8, Unit.WORKING_HOUR), county)) == [
        "03-06 - 当日办公时间已过",
        "03-07 - 周末",
        "03-08 - 周末",
        "03-09 1 工作日，计7小时",
        "03-10 2 工作日，计1小时",
    ]
    last_seconds = datetime.fromisoformat("2026-03-06T17:29:20").replace(tzinfo=SHANGHAI)
    assert lines(explain(last_seconds, Budget(1, Unit.WORKING_HOUR), county))[0] == "03-06 1 工作日，计不足1分钟"


def test_hours_paused_on_their_last_day_end_with_the_day_of_resumption(county):
    """The day on which the procedure began counts wholly, the day on which it ended does not count."""
    inspection = Pause(on("2026-03-03"), on("2026-03-04"), name="特别程序·检验")
    statement = explain(at("2026-03-02"), Budget(8, Unit.WORKING_HOUR), county, [inspection])
    assert lines(statement) == [
        "03-02 1 工作日，计5小时30分钟",
        "03-03 2 工作日，计2小时30分钟",
        "03-04 - 特别程序·检验（2026-03-03 至 2026-03-04）",
    ]
    assert statement.due.due_at == at("2026-03-04").replace(hour=17, minute=30)


def test_an_extension_in_hours_follows_the_day_on_which_the_days_ended(county):
    statement = explain(at("2026-03-05"), Budget(1), county, (), [Budget(2, Unit.WORKING_HOUR)])
    assert lines(statement) == [
        "03-06 1 工作日",
        "03-07 - 周末",
        "03-08 - 周末",
        "03-09 2 工作日，计2小时（延长期限）",
    ]
    assert statement.due.due_at == at("2026-03-09").replace(hour=10, minute=30)
