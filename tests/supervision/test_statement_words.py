"""What a statement says to people: in the limit's own unit, about pauses, procedures, and days nobody knows yet."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from applications.actions._checks import Finding
from applications.actions.request_correction import request_correction
from applications.actions.resume import resume
from applications.actions.supply import supply
from applications.actions.suspend import suspend
from applications.models import Application
from applications.sealing import query_token
from applications.selectors.statement import CaseStatements
from halls.models import User
from halls.selectors.work_calendar import read_moment
from matters.models import Material
from tests.supervision.county import at, clock_of

pytestmark = pytest.mark.django_db
PUBLICITY = {"days": 7, "unit": "cd"}


def statement(case, kind):
    found = CaseStatements(fresh(case), read_moment()).find(clock_of(case, kind).pk)
    assert found is not None
    return found


def fresh(case):
    return Application.objects.select_related("guide", "matter", "hall").get(pk=case.pk)


def text(answer):
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def as_staff(county, case, tab="way", role="examiner0"):
    client = Client()
    client.force_login(User.objects.get(pk=county.people[role].pk))
    return client.get(reverse("case", args=[case.number]), {"tab": tab})


def ticket(case):
    return f"{case.number}.{query_token(case.number)}"


def as_villager(case, page="progress_by_token"):
    return Client().get(reverse(page, args=[ticket(case)]))


# --- a procedure that comes in addition ------------------------------------------------------------------------------


def test_before_a_publicity_begins_everybody_reads_that_it_comes_in_addition(county):
    case = county.accepted(county.special_matter(**PUBLICITY))
    told = "7个自然日不计入"
    villager = text(as_villager(case))
    assert "最晚这天开始「环节2」" in villager
    assert told in villager.replace(" ", "")
    assert "开始后另行告知结束日" in villager
    assert "这一步最晚这天办完" not in villager
    for kind in ("promised", "step"):
        assert "「环节2」7 个自然日不计入，开始后另行告知结束日" in statement(case, kind).plain
        assert "开始后另行告知结束日" in statement(case, kind).summary
    assert "最晚 3月3日开始「环节2」" in statement(case, "step").plain
    assert "开始后另行告知结束日" in text(as_villager(case, "progress_limits"))
    staff = text(as_staff(county, case))
    assert "启动后另行告知结束日" in staff
    assert "最晚 3月3日启动" in staff


def test_what_was_begun_is_no_longer_said_to_come(county):
    case = county.suspended(county.special_matter(**PUBLICITY))
    at("2026-03-10 10:00")
    resume(case.pk, actor=county.actor("examiner0"))
    for shown in (as_villager(case), as_villager(case, "progress_limits"), as_staff(county, case)):
        assert "另行告知结束日" not in text(shown)
    assert "这一步最晚这天办完" in text(as_villager(case))


# --- a publicity in its own days -------------------------------------------------------------------------------------


def test_a_publicity_is_told_in_days_of_the_calendar_and_so_is_what_is_left(county):
    at("2026-03-04 10:00")
    case = county.suspended(county.special_matter(days=4, unit="cd"))  # until Sunday the 8th
    at("2026-03-06 10:00")
    found = statement(case, "special")
    assert (found.unit, found.limit, found.used, found.left, found.over) == ("个自然日", 4, 2, 2, 0)
    assert [(share.own, share.used, share.paused) for share in found.shares] == [(4, 2, 0)]
    assert "工作日" not in found.summary.replace("下一个工作日", "")
    at("2026-03-09 10:00")
    found = statement(case, "special")
    assert (found.used, found.left, found.over) == (4, 0, 0)
    assert "4 个自然日" in text(as_staff(county, case, "limits"))


def test_both_pages_say_that_it_lasts_to_its_last_day_and_is_closed_on_the_next_working_day(county):
    at("2026-03-04 10:00")
    case = county.suspended(county.special_matter(days=4, unit="cd"))
    found = statement(case, "special")
    assert found.due_on == date(2026, 3, 9)
    assert "「环节2」到 2026年3月8日（周日）24 时满" in found.summary
    assert "最晚在下一个工作日 2026年3月9日（周一）" in found.summary
    assert "到 3月8日过完为止，承办单位最晚 3月9日办结" in found.plain
    assert [day.reason for day in found.days[-2:]] == [
        "自然日，最后一天",
        "工作日，程序已满，承办单位最晚这天办结",
    ]
    villager = text(as_villager(case))
    assert "3月8日 （周日）" in villager
    assert "承办单位最晚 3月9日（周一）办结这一步" in villager
    staff = text(as_staff(county, case))
    assert "环节2到 3月8日满，最晚 3月9日办结" in staff
    assert "程序到 3月8日满，其后办结" in text(as_staff(county, case, "limits"))


def test_a_publicity_ended_early_is_not_told_as_in_time(county):
    case = county.suspended(county.special_matter(**PUBLICITY))
    at("2026-03-04 10:00")
    resume(case.pk, actor=county.actor("examiner0"), note="村民大会已经当场公布")
    found = statement(case, "special")
    assert (found.used, found.left) == (2, 5)
    for words in (found.plain, found.summary, text(as_villager(case, "progress_limits"))):
        assert "提前 5 天结束" in words
        assert "村民大会已经当场公布" in words
    assert "没有超期" not in found.plain
    assert "没有超期" not in found.summary


# --- a clock that stands still ---------------------------------------------------------------------------------------


def test_a_paused_clock_says_what_it_waits_for_and_what_was_counted(county):
    case = county.accepted(county.special_matter(**PUBLICITY))
    at("2026-03-04 10:00")
    suspend(case.pk, actor=county.actor("examiner0"), was_told=True)
    at("2026-03-06 10:00")
    shown = text(as_villager(case, "progress_limits"))
    assert "等「环节2」（到 3月11日）结束" in statement(case, "promised").plain
    assert "还剩 8 个工作日" in statement(case, "promised").plain
    assert "恢复以后接着算第 3 天" in shown
    assert [day.n for day in statement(case, "promised").days if day.counted] == [1, 2]


def test_a_clock_paused_on_its_first_day_is_not_said_to_end_on_it(county):
    case = county.suspended(county.special_matter(**PUBLICITY))
    shown = text(as_villager(case, "progress_limits"))
    assert "还没有计入的日子" in shown
    assert "当日起算，当日届满" not in shown


def test_the_case_page_leads_to_the_statement_of_a_clock_that_stands_still(county):
    case = county.suspended(county.special_matter(**PUBLICITY))
    link = reverse("clock_statement", args=[case.number, clock_of(case, "promised").pk])
    for tab, times in (("way", 1), ("limits", 2)):
        page = as_staff(county, case, tab).content.decode()
        assert page.count(f'<a href="{link}">已停表，看说明</a>') == times, tab


# --- the first day, and days nobody knows yet ------------------------------------------------------------------------


def test_the_first_counted_day_is_named(county):
    assert "从明天（3月3日）起开始算" in statement(county.accepted(county.matter()), "promised").plain
    at("2026-03-06 10:00")  # a Friday
    plain = statement(county.accepted(county.matter()), "promised").plain
    assert "从 3月9日（周一）起开始算" in plain
    assert "明天" not in plain


def test_a_date_over_a_year_without_a_notice_says_what_was_not_deducted(county):
    at("2026-12-28 10:00")
    case = county.accepted(county.matter(promised=20))
    found = statement(case, "promised")
    for words in (found.plain, found.summary, text(as_villager(case)), text(as_villager(case, "progress_limits"))):
        assert "春节、清明、端午、中秋还没有扣除" in words
    assert "春节、清明、端午、中秋还没有扣除" in as_staff(county, case, "limits").content.decode()
    assert "最晚 2027年1月" in found.plain


def test_days_of_another_year_say_which(county):
    at("2026-12-28 10:00")
    case = county.accepted(county.matter(promised=20))
    assert "2027年1月" in text(as_villager(case))
    at("2027-01-04 10:00")
    assert "2026年12月28日 10:00" in text(as_staff(county, case, "limits"))
    assert "2026年12月28日受理" in text(as_staff(county, case))
    client = Client()
    client.force_login(User.objects.get(pk=county.people["window0"].pk))
    assert "2026年12月28日" in text(client.get(reverse("case_list"), {"pile": "doing"}))


def test_the_mark_of_a_list_belongs_to_the_date_beside_it(county):
    at("2026-12-21 10:00")
    steps = [{"kind": "accept"}, {"kind": "decide", "days": 3}]
    case = county.accepted(county.matter(promised=20, steps=steps))  # the promise ends in 2027, the step in 2026
    assert case.is_provisional
    for role, name, asked in (("window0", "case_list", {"pile": "doing"}), ("supervisor", "supervision_cases", {})):
        client = Client()
        client.force_login(User.objects.get(pk=county.people[role].pk))
        row = client.get(reverse(name), asked).context["rows"][0]
        assert row["due"].year == 2026, name
        assert row["due_provisional"] is False, name
    assert as_staff(county, case).context["due_provisional"] is True


# --- names -----------------------------------------------------------------------------------------------------------


def test_the_acceptance_clocks_before_and_after_a_correction_are_told_apart(county):
    matter = county.matter()
    Material.objects.create(version=matter.current, seq=1, name="户口簿")
    case = county.received(matter)
    request_correction(case.pk, {1: Finding("missing", "没有带来，请补交。")}, actor=county.actor("window0"))
    supply(case.pk, actor=county.actor("clerk0"))
    shown = text(as_staff(county, case, "limits", role="window0"))
    assert "受理时限（第一次）" in shown
    assert "受理时限（补正后）" in shown


def test_the_window_that_accepts_is_named_though_the_route_is_the_village_s_own(county):
    steps = [{"kind": "accept", "level": "village", "actor": "村(社区)便民服务中心"}]
    steps += [{"kind": "decide", "level": "village", "actor": "村(社区)便民服务中心"}]
    case = county.received(county.matter(steps=steps))
    assert case.accept_path == county.townships[0].path
    assert [share.who for share in statement(case, "acceptance").shares] == ["东乡"]


# --- the same day ----------------------------------------------------------------------------------------------------


def test_an_immediate_case_is_done_the_same_day_and_its_delay_is_one_figure(county):
    steps = [{"kind": "instant", "days": 0}]
    case = county.accepted(county.matter(promised=0, steps=steps, handling="immediate"))
    found = statement(case, "promised")
    for words in (found.summary, found.plain, found.budget):
        assert "当场办结" in words
        assert "0" not in words.replace("2026", "").replace("10:00", "")
    assert "起算当日不计" not in found.summary
    at("2026-03-20 10:00")
    found = statement(case, "promised")
    assert found.over == 14
    assert [(share.used, share.over) for share in found.shares] == [(14, 14)]
    assert "0个工作日" not in text(as_staff(county, case, "limits"))


def test_green_and_yellow_of_the_same_day_are_explained(county):
    steps = [{"kind": "instant", "days": 0}]
    case = county.accepted(county.matter(promised=0, steps=steps, handling="immediate"))
    assert "今天到期，" in as_staff(county, case).context["light_words"]
    assert "起转黄灯" in as_staff(county, case).context["light_words"]
    at("2026-03-02 17:00")
    assert as_staff(county, case).context["light_words"] == "今天到期"
