"""The rehearsal on the pages of the work calendar: what moves, what stays, what lies behind."""

import json
import re

import pytest
from django.core.management import call_command
from django.urls import reverse

from halls.actions.load_calendar import load_calendar
from halls.domain.notice_text import read_notice
from halls.models import CalendarNotice
from supervision import tasks
from supervision.actions.rehearse_whole import _rehearse_batch, rehearse_waiting
from supervision.models import CalendarRehearsal
from supervision.selectors import calendar_report, rehearse_calendar
from tests.factories.calendar import NEXT_YEAR
from tests.supervision.calendar_pages import (
    COUNTY_DAYS,
    PROPOSE_COUNTY,
    confirm,
    page_of,
    proposed,
    text_of,
    visitor,
)
from tests.supervision.county import County, at

pytestmark = pytest.mark.django_db


def test_very_many_cases_are_shown_in_part_and_counted_as_a_whole_before_the_second_signature(staffed, monkeypatch):
    monkeypatch.setattr(rehearse_calendar, "BATCH", 1)
    monkeypatch.setattr(calendar_report, "MOST_CASES", 2)
    monkeypatch.setattr("supervision.views.calendar.AT_ONCE", 0)
    for _ in range(3):
        staffed.accepted(staffed.matter(promised=5))
    asked = visitor(staffed, "supervisor")
    shown = text_of(asked.post(reverse(PROPOSE_COUNTY), COUNTY_DAYS | {"act": "rehearse"}))
    assert "只演算了最早的 2 件" in shown
    notice = proposed(staffed)
    page = asked.get(page_of(notice))
    assert "完成以前不能确认" in text_of(page)
    assert 'value="confirm"' not in page.content.decode()
    assert confirm(staffed, notice).status_code == 409
    _rehearse_batch(notice.pk)
    assert "已演算 1 件，共约 3 件" in text_of(asked.get(page_of(notice)))
    assert confirm(staffed, notice).status_code == 409
    assert asked.post(page_of(notice), {"act": "rehearse"}).status_code == 302
    assert "推后 3 件" in text_of(asked.get(page_of(notice)))
    assert confirm(staffed, notice).status_code == 302
    assert CalendarNotice.objects.get(pk=notice.pk).cases_moved == 3


def test_a_whole_rehearsal_that_is_old_or_of_another_calendar_is_made_anew(staffed, capsys):
    staffed.accepted(staffed.matter(promised=5))
    notice = proposed(staffed)
    at("2026-03-03 10:01")
    assert confirm(staffed, notice).status_code == 409
    tasks.rehearse()
    assert CalendarRehearsal.objects.get(notice=notice).figures["moved"] == 1
    load_calendar([read_notice(NEXT_YEAR)])
    assert confirm(staffed, notice).status_code == 409
    call_command("rehearse_calendar", "--json")
    assert json.loads(capsys.readouterr().out) == {"looked_at": 1}
    assert rehearse_waiting() == 0
    assert confirm(staffed, notice).status_code == 302


# What moves, what stays


def rehearsal(county: County, days: str):
    return visitor(county, "supervisor").post(reverse(PROPOSE_COUNTY), COUNTY_DAYS | {"act": "rehearse", "days": days})


def test_only_what_changes_is_listed_and_the_limits_that_stay_are_counted(staffed):
    case = staffed.accepted(staffed.matter(promised=5))
    early = staffed.accepted(staffed.matter(promised=1))  # its promise ends before; only its window's limit moves
    answer = rehearsal(staffed, "2026-03-09 放假 县庆")
    rows = answer.context["case_rows"]
    assert ("承诺时限", early.display_number) not in {(row["clock"], row["number"]) for row in rows}
    assert all((row["before"], row["was_provisional"]) != (row["after"], row["is_provisional"]) for row in rows)
    promised = [row for row in rows if row["clock"] == "承诺时限" and row["number"] == case.display_number]
    assert [(row["what"], row["before"].day, row["after"].day) for row in promised] == [("到期", 9, 10)]
    report = answer.context["report"]
    assert 0 < report.clocks_moved < report.clocks
    assert len({(row["number"], row["clock"]) for row in rows}) == report.clocks_moved
    told = f"看了 {report.clocks} 个时限：{report.clocks_moved} 个的日期有变，{report.clocks_staying} 个不变"
    assert told in text_of(answer)


def test_the_limits_are_counted_with_the_whole_county_too(staffed):
    staffed.accepted(staffed.matter(promised=5))
    notice = proposed(staffed, **COUNTY_DAYS | {"days": "2026-03-09 放假 县庆"})
    stored = CalendarRehearsal.objects.get(notice=notice).figures
    assert stored["clocks"] > stored["clocks_moved"] > 0
    page = text_of(visitor(staffed, "supervisor").get(page_of(notice)))
    assert f"看了 {stored['clocks']} 个时限" in page
    CalendarRehearsal.objects.update(figures={name: stored[name] for name in stored if "cl" not in name})
    assert "个时限：" not in text_of(visitor(staffed, "supervisor").get(page_of(notice)))


def test_a_light_is_shown_where_it_changes(staffed):
    staffed.accepted(staffed.matter(promised=5))
    at("2026-03-10 09:00")
    [first, *others] = [
        row for row in rehearsal(staffed, "2026-03-05 放假 县庆").context["case_rows"] if row["clock"] != "受理时限"
    ]
    assert "new_light" in first or any("new_light" in row for row in others)


# What lies behind


def test_a_change_of_days_that_lie_behind_names_them_and_the_months_of_closed_cases(staffed):
    case = staffed.delivered(staffed.granted(staffed.accepted(staffed.matter(promised=5))))
    at("2026-03-12 10:00")
    shown = text_of(rehearsal(staffed, "2026-03-04 放假 县庆\n2026-03-20 放假 县庆"))
    assert "追溯改动：2026年3月4日已经过去" in shown
    assert "有 1 件已办结的办件要改日期，按办结月份：2026年3月 1 件" in shown
    notice = proposed(staffed)
    page = visitor(staffed, "supervisor").get(page_of(notice))
    assert page.content.decode().count("追溯改动") == 2  # with the rehearsal, and beside the second signature
    assert case.status == "delivered"


def test_a_change_of_days_to_come_warns_of_nothing(staffed):
    staffed.accepted(staffed.matter(promised=5))
    shown = text_of(rehearsal(staffed, COUNTY_DAYS["days"]))
    assert "推后 1 件" in shown
    assert "追溯改动" not in shown


def test_a_change_behind_that_touches_no_closed_case_says_so(staffed):
    staffed.accepted(staffed.matter(promised=15))
    at("2026-03-12 10:00")
    assert "没有一件已办结的办件因此改变日期" in text_of(rehearsal(staffed, COUNTY_DAYS["days"]))


# The county's own days are called so


def test_a_day_of_the_county_is_told_with_its_document(staffed):
    case = staffed.accepted(staffed.matter(promised=5))
    notice = proposed(staffed)
    waiting = text_of(visitor(staffed, "supervisor").get(page_of(notice)))
    assert confirm(staffed, notice).status_code == 302
    in_force = text_of(visitor(staffed, "supervisor").get(page_of(notice)))
    for shown in (waiting, in_force):
        assert re.search(r"2026年3月4日\s+周三\s+本县放假\s+县庆\s+示例府发〔2026〕3号", shown)
        assert re.search(r"2026年2月17日\s+周二\s+放假\s+春节", shown)
    clock = case.clocks.get(kind="promised")
    statement = text_of(visitor(staffed, "window0").get(reverse("clock_statement", args=[case.number, clock.pk])))
    assert "本县放假·县庆（示例府发〔2026〕3号）" in statement
    assert "法定节假日·县庆" not in statement
