"""How a limit is written."""

from datetime import date

import pytest

from halls.domain.budget import Budget, Unit, add_months
from halls.domain.errors import Invalid


@pytest.mark.parametrize(
    ("text", "budget", "label"),
    [
        ("5wd", Budget(5, Unit.WORKING_DAY), "5个工作日"),
        ("4wh", Budget(4, Unit.WORKING_HOUR), "4个工作小时"),
        ("7cd", Budget(7, Unit.CALENDAR_DAY), "7个自然日"),
        ("1mo", Budget(1, Unit.MONTH), "1个月"),
        ("1y", Budget(1, Unit.YEAR), "1年"),
        (" 0WD ", Budget(0, Unit.WORKING_DAY), "0个工作日"),
    ],
)
def test_a_budget_is_read_as_it_is_written(text, budget, label):
    assert Budget.parse(text) == budget
    assert Budget.parse(str(budget)) == budget
    assert budget.label == label


@pytest.mark.parametrize(
    "text", ["", "5", "wd", "-5wd", "5.5wd", "5 days", "五wd", "\uff15wd", "99999wd", "5wd5wd", "5h"]
)
def test_anything_else_is_refused_with_the_cure(text):
    with pytest.raises(Invalid) as refusal:
        Budget.parse(text)
    assert "5wd" in refusal.value.cure


def test_a_unit_from_the_database_is_understood_and_an_unknown_one_refused():
    assert Budget(5, "wd") == Budget(5)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="hours"):
        Budget(5, "hours")  # type: ignore[arg-type]


@pytest.mark.parametrize("amount", [-1, 10_000])
def test_an_amount_out_of_range_is_refused(amount):
    with pytest.raises(Invalid):
        Budget(amount)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2026-01-15", 1, "2026-02-15"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2026-12-31", 0, "2026-12-31"),
    ],
)
def test_a_month_ends_on_the_corresponding_day_or_the_last(day, months, expected):
    """民法典 §202."""
    assert add_months(date.fromisoformat(day), months) == date.fromisoformat(expected)
