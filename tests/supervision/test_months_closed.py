"""A month is closed once; what is counted otherwise since is dated and printed beside it."""

from datetime import date
from functools import partial

import pytest
from django.db import DatabaseError, transaction

from supervision.actions.close_month import adjust_month, close_month
from supervision.actions.draft_bulletin import draft_bulletin
from supervision.actions.draft_due import draft_what_is_due, recount_months
from supervision.actions.drop_bulletin import drop_bulletin
from supervision.domain.periods import Period, PeriodKind
from supervision.models import Bulletin, MonthAdjustment, MonthClose
from tests.supervision.bulletins import MARCH, late_in, make_late, timely
from tests.supervision.county import at

pytestmark = pytest.mark.django_db
MOVED = 4  # late, on_time, early, and what fell due


def test_a_closed_month_stays_and_a_later_change_is_dated(march):
    closed = close_month(march.hall, MARCH)
    before = closed.figures
    assert adjust_month(closed) == []
    make_late(timely())
    at("2026-05-01 06:00")
    april = Period(PeriodKind.MONTH, date(2026, 4, 1))
    assert recount_months(march.hall) == MOVED
    row = draft_bulletin(march.hall, april)
    words = "".join(row.content["corrections"])
    assert "2026年3月" in words
    assert "的超期决定由" in words
    assert MonthClose.objects.get(first=MARCH.first).figures == before
    count = MonthAdjustment.objects.count()
    adjust_month(closed)
    assert MonthAdjustment.objects.count() == count  # once, not again every night


def test_a_redraft_prints_the_closed_figures_with_what_was_corrected_and_nobody_corrects_it_again(march, second):
    row = draft_bulletin(march.hall, MARCH)
    before = late_in(row, -1)
    make_late(timely())
    drop_bulletin(row.pk, actor=second, version=row.version, reason="漏了补录的办件")
    draft_what_is_due()
    again = Bulletin.objects.get(kind="month", first=MARCH.first, dropped_at__isnull=True)
    assert int(late_in(again, -1)) == int(before) + 1
    assert any("的超期决定由" in line and "本期各表已是更正后的数" in line for line in again.content["corrections"])
    assert MonthAdjustment.objects.filter(column="late").count() == 1
    at("2026-05-01 06:00")
    draft_what_is_due()
    april = Bulletin.objects.get(kind="month", first=date(2026, 4, 1))
    assert april.content["corrections"] == []


def test_the_month_before_is_compared_as_it_stands(march):
    closed = close_month(march.hall, MARCH)
    make_late(timely())
    at("2026-05-01 06:00")
    row = draft_bulletin(march.hall, Period(PeriodKind.MONTH, date(2026, 4, 1)))
    told = {one["label"]: one["before"] for one in row.content["comparison"]}
    assert told["超期决定"] == str(sum(one.get("late", 0) for path, one in closed.figures.items() if "~" not in path))


def test_a_correction_is_printed_by_one_paper_and_by_the_next_when_that_is_dropped(march, second):
    draft_what_is_due()
    make_late(timely())
    at("2026-05-01 06:00")
    draft_what_is_due()
    april = Bulletin.objects.get(kind="month", first=date(2026, 4, 1))
    printed = april.content["corrections"]
    assert any("2026年3月" in line for line in printed)
    drop_bulletin(april.pk, actor=second, version=april.version, reason="文字有误")
    draft_what_is_due()
    again = Bulletin.objects.get(kind="month", first=date(2026, 4, 1), dropped_at__isnull=True)
    assert again.content["corrections"] == printed
    at("2026-06-01 06:00")
    draft_what_is_due()
    assert Bulletin.objects.get(kind="month", first=date(2026, 5, 1)).content["corrections"] == []


def test_a_month_of_years_ago_is_counted_again_too(march):
    draft_what_is_due()
    make_late(timely())
    at("2027-12-01 06:00")
    assert recount_months(march.hall) == MOVED


@pytest.mark.parametrize("forged", [{"before": 7}, {"column": "nothing"}, {"path": "9/"}, {"after": -1}])
def test_a_correction_begins_where_the_figure_stands(march, forged):
    closed = close_month(march.hall, MARCH)
    path = march.townships[0].path
    stands = closed.figures[path].get("late", 0)
    row = {"closed": closed, "path": path, "column": "late", "before": stands, "after": stands + 1}
    with pytest.raises(DatabaseError), transaction.atomic():
        MonthAdjustment.objects.create(found_at=MARCH.ends_at, **row | forged)
    MonthAdjustment.objects.create(found_at=MARCH.ends_at, **row)
    with pytest.raises(DatabaseError), transaction.atomic():  # it stands at the corrected figure now
        MonthAdjustment.objects.create(found_at=MARCH.ends_at, **row)


@pytest.mark.parametrize("figures", [[], {"1/": 3}, {"1/": {"late": "x"}}, {"1/": {"nothing": 1}}, {"9/": {"late": 1}}])
def test_a_month_is_closed_with_counts_alone(march, figures):
    if isinstance(figures, dict) and "1/" in figures:
        figures = {march.hall.path: figures["1/"]}
    with pytest.raises(DatabaseError), transaction.atomic():
        MonthClose.objects.create(
            county=march.hall, first=MARCH.first, figures=figures, columns=["late"], digest="", events=0,
            closed_at=MARCH.ends_at,
        )  # fmt: skip


def test_a_round_that_is_killed_has_drafted_the_week_and_goes_on_where_it_stopped(march, monkeypatch):
    draft_what_is_due()
    counted: list[str] = []

    def counting(closed, *, most=1):
        if len(counted) == most:
            raise KeyboardInterrupt  # as a worker that is stopped
        counted.append(f"{closed.first:%m}")
        return []

    at("2026-05-01 06:00")
    monkeypatch.setattr("supervision.actions.draft_due.adjust_month", counting)
    with pytest.raises(KeyboardInterrupt):
        draft_what_is_due()
    assert Bulletin.objects.filter(kind="week").count() == 5  # all that are over
    monkeypatch.setattr("supervision.actions.draft_due.adjust_month", partial(counting, most=9))
    assert draft_what_is_due() == 1
    assert counted == ["02", "03", "04"]
    assert recount_months(march.hall) == 0
    assert counted[3:] == ["02", "03", "04"]  # the next round is a whole one
