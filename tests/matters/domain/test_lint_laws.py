"""Laws of the linter: it judges whatever can be read, and its bound of working days holds in every calendar."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matters.domain.lint import RULES, SEVERITIES, LintContext, PolicyLine, lint, score_of
from matters.domain.lint.spans import calendar_days, certain_working_days, ordinary_working_days
from tests.factories.guides import as_written, read
from tests.factories.halls import DATA
from tests.factories.matters import RECORDS

WORDS = st.text(alphabet="其他等材料证明相关(（)）、，。不得非未A1 身份证申请表\n", max_size=24)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 4000) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)
NESTED = ("materials", "steps", "questions", "variants")
CONTEXT = LintContext(
    other_names={"宅基地审批": "NY-003", "": "NY-004"}, files=frozenset({"a.pdf"}),
    policies=(PolicyLine("step", "deemed_consent", "", "review"), PolicyLine("nowhere", "unheard", "x")),
)  # fmt: skip


@st.composite
def guides(draw: st.DrawFn) -> dict[str, Any]:
    """A guide of which some fields, or some fields of its parts, hold anything at all."""
    guide: dict[str, Any] = json.loads(json.dumps(draw(st.sampled_from([as_written(), *RECORDS[:20]]))))
    for name in draw(st.lists(st.sampled_from(sorted(guide)), max_size=4)):
        guide[name] = draw(VALUES)
    for part in NESTED:
        rows = guide.get(part)
        if isinstance(rows, list) and rows and isinstance(rows[0], dict):
            row = draw(st.sampled_from(rows))
            if isinstance(row, dict) and row:
                row[draw(st.sampled_from(sorted(row)))] = draw(VALUES)
    return guide


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(guides())
def test_whatever_can_be_read_is_judged_and_never_raises(guide: dict[str, Any]) -> None:
    findings = lint(read(guide), CONTEXT)
    for finding in findings:
        assert RULES[finding.rule].severity == finding.severity
        assert all(getattr(finding, field.name) for field in fields(finding))
        assert finding.message.endswith("。")
    assert [SEVERITIES.index(finding.severity) for finding in findings] == sorted(
        SEVERITIES.index(finding.severity) for finding in findings
    )
    assert 0 <= score_of(findings) <= 100


@given(guides())
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_the_same_guide_is_judged_the_same(guide: dict[str, Any]) -> None:
    assert lint(read(guide), CONTEXT) == lint(read(guide), CONTEXT)


@pytest.mark.parametrize("guide", RECORDS, ids=lambda guide: str(guide["id"]))
def test_every_matter_that_ships_is_judged(guide: dict[str, Any]) -> None:
    assert lint(read(guide), LintContext())


# --- working days within calendar days -------------------------------------------------------------------------------


def official_days() -> tuple[date, list[bool]]:
    """Return the first day of the calendars that ship, and for each day whether it is worked."""
    kinds = {}
    years = range(2018, 2027)
    for year in years:
        for day in json.loads((DATA / "calendar" / f"{year}.json").read_text(encoding="utf-8"))["days"]:
            kinds[date.fromisoformat(day["date"])] = day["kind"]
    first, last = date(years[0], 1, 1), date(years[-1], 12, 31)
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    return first, [kinds[day] == "makeup" if day in kinds else day.weekday() < 5 for day in days]


@pytest.mark.parametrize("length", [*range(1, 61), 75, 90, 120, 150, 180, 270, 365])
def test_no_calendar_since_2018_holds_fewer_working_days_than_the_bound(length: int) -> None:
    _, worked = official_days()
    sums = [0]
    for is_worked in worked:
        sums.append(sums[-1] + is_worked)
    fewest = len(worked)
    for start in range(len(worked) - length - 15):
        end = start + length
        while not worked[end]:
            end += 1
        fewest = min(fewest, sums[end + 1] - sums[start + 1])
    assert certain_working_days(length) <= fewest
    assert certain_working_days(length) <= ordinary_working_days(length)


@given(st.integers(0, 3650))
def test_more_days_never_hold_fewer_working_days(days: int) -> None:
    assert ordinary_working_days(days) <= ordinary_working_days(days + 1) <= ordinary_working_days(days) + 1
    assert ordinary_working_days(days + 7) == ordinary_working_days(days) + 5


def test_longer_units_count_at_their_shortest() -> None:
    assert [calendar_days(n, "mo") for n in (0, 1, 2, 3, 6)] == [0, 28, 58, 88, 178]
    assert calendar_days(2, "y") == 730
    assert [ordinary_working_days(n) for n in (1, 2, 3, 5, 7, 10, 15, 30)] == [1, 1, 1, 3, 5, 6, 11, 21]
    assert [certain_working_days(n) for n in (0, 1, 9, 15, 60)] == [0, 1, 1, 5, 34]
