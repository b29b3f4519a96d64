"""A day enters the work calendar only with two signatures, or from the hand of the owner of the database."""

from dataclasses import replace
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from halls.acting import acting_user
from halls.actions.load_calendar import load_calendar
from halls.actions.sign_calendar import (
    confirm_notice,
    draft_of_county,
    draft_of_state,
    drop_notice,
    propose_notice,
    state_of_year,
    year_in_force,
)
from halls.domain.calendar import DayKind
from halls.domain.calendar_file import ArrangedDay, arrangement_of
from halls.domain.county_days import CountyDay, CountyDays, CountyKind, read_county_days
from halls.domain.errors import Invalid, NotFound, NotPermitted, Refused
from halls.domain.notice_text import read_notice
from halls.models import CalendarNotice, CalendarYear, User
from halls.selectors.calendar_notices import county_days_in
from halls.selectors.work_calendar import load_calendar as calendar_now
from tests.factories.calendar import NEXT_YEAR, with_days
from tests.factories.halls import DATA
from tests.halls.signing import confirmed, is_working, proposal

pytestmark = pytest.mark.django_db


# One proposes, another puts into force


def test_a_proposal_changes_nothing_and_the_second_signature_publishes_exactly_its_days(signers):
    notice = proposal(signers["administrator"])
    assert is_working("2026-03-06")
    notice = confirm_notice(notice.pk, actor=signers["supervisor"], reason="已核对原文")
    connection.check_constraints()
    assert not is_working("2026-03-06")
    year = CalendarYear.objects.get(year=2026)
    assert (year.version, year.sha256, notice.turn, notice.confirm_reason) == (2, notice.sha256, 2, "已核对原文")
    assert arrangement_of(notice.effective).sha256 == year.sha256


def test_a_new_year_is_published_from_the_pasted_text(signers):
    draft = draft_of_state(read_notice(NEXT_YEAR), text=NEXT_YEAR)
    notice = propose_notice(draft, actor=signers["supervisor"], reason="2027 年通知")
    confirm_notice(notice.pk, actor=signers["administrator"], reason="已核对")
    assert calendar_now().is_published(2027)
    assert CalendarNotice.objects.get(pk=notice.pk).text == NEXT_YEAR


def test_the_same_person_cannot_confirm_under_another_account_either(signers):
    notice = proposal(signers["administrator"])
    with pytest.raises(Refused, match="same_person"):
        confirm_notice(notice.pk, actor=signers["administrator"], reason="再看一遍")
    twin = User.objects.get(pk=signers["supervisor"].user_id)
    User.objects.filter(pk=twin.pk).update(person_code=signers["administrator"].person_code)
    with pytest.raises(Refused, match="same_person"):
        confirm_notice(notice.pk, actor=acting_user(User.objects.get(pk=twin.pk)), reason="换个账号")
    assert is_working("2026-03-06")


@pytest.mark.parametrize("role", ["director", "window"])
def test_without_a_duty_for_the_whole_county_nobody_signs(signers, role):
    with pytest.raises(NotPermitted):
        proposal(signers[role])
    notice = proposal(signers["administrator"])
    with pytest.raises(NotPermitted):
        confirm_notice(notice.pk, actor=signers[role], reason="已核对")
    with pytest.raises(NotPermitted):
        drop_notice(notice.pk, actor=signers[role])


def test_both_give_a_reason(signers):
    with pytest.raises(Invalid, match="reason_missing"):
        propose_notice(draft_of_state(with_days(2026, off=["2026-03-06"])), actor=signers["supervisor"], reason=" ")
    notice = proposal(signers["administrator"])
    for reason in (" ", "长" * 501):
        with pytest.raises(Invalid, match="reason_missing"):
            confirm_notice(notice.pk, actor=signers["supervisor"], reason=reason)


def test_a_proposal_that_was_rehearsed_against_another_calendar_is_refused(signers):
    early, late = proposal(signers["administrator"]), proposal(signers["supervisor"], off=["2026-03-09"])
    confirm_notice(early.pk, actor=signers["supervisor"], reason="已核对")
    with pytest.raises(Refused, match="year_moved"):
        confirm_notice(late.pk, actor=signers["administrator"], reason="已核对")
    with pytest.raises(Refused, match="already_closed"):
        confirm_notice(early.pk, actor=signers["supervisor"], reason="再来一次")
    assert is_working("2026-03-09")


def test_a_dropped_proposal_is_over(signers):
    notice = proposal(signers["administrator"])
    drop_notice(notice.pk, actor=signers["administrator"])
    with pytest.raises(Refused, match="already_closed"):
        confirm_notice(notice.pk, actor=signers["supervisor"], reason="已核对")
    with pytest.raises(NotFound):
        drop_notice(0, actor=signers["administrator"])


def test_what_changes_nothing_and_a_day_of_another_year_are_refused(signers):
    with pytest.raises(Refused, match="calendar_unchanged"):
        draft_of_state(year_in_force(2026))
    load_calendar(
        [read_notice(NEXT_YEAR.replace("1月1日（周五）至3日（周日）放假，共3天", "12月31日至1月3日放假，共4天"))]
    )
    with pytest.raises(Refused, match="calendar_day_of_two_years"):
        draft_of_state(with_days(2026, off=["2026-12-31"]))


# The county's own days


def county_notice(signers, lines: str, number: str = "示例府发〔2026〕3号") -> CalendarNotice:
    days = read_county_days(number, lines, year_in_force(2026), state_of_year(2026))
    notice = propose_notice(draft_of_county(2026, days), actor=signers["administrator"], reason="县庆")
    return confirm_notice(notice.pk, actor=signers["supervisor"], reason="已核对")


def test_the_county_adds_and_takes_single_days_and_its_document_is_named(signers):
    county_notice(signers, "2026-03-06 放假 县庆\n2026-03-07 上班 县庆调休\n2026-05-09 取消 防汛值守后补休")
    connection.check_constraints()
    assert not is_working("2026-03-06")
    assert is_working("2026-03-07")
    assert not is_working("2026-05-09")
    assert CalendarYear.objects.get(year=2026).document_no == "国办发明电〔2025〕7号、示例府发〔2026〕3号"


def test_the_countys_days_stay_on_top_of_a_new_notice_and_of_the_shipped_file(signers):
    county_notice(signers, "2026-03-06 放假 县庆")
    confirmed(signers, off=["2026-03-09"])
    assert not is_working("2026-03-06")
    assert not is_working("2026-03-09")
    call_command("load_calendar", str(DATA / "calendar" / "2026.json"), "--reason", "恢复原文", stdout=StringIO())
    connection.check_constraints()
    assert not is_working("2026-03-06")
    assert is_working("2026-03-09")


def why(day: str) -> str:
    return calendar_now().why(date.fromisoformat(day))


def test_a_day_of_the_county_is_no_statutory_holiday_and_names_the_document_that_set_it(signers):
    county_notice(signers, "2026-03-06 放假 县庆\n2026-03-07 上班 县庆调休")
    county_notice(signers, "2026-03-07 取消 县庆调休\n2026-03-09 放假 县庆", "示例府发〔2026〕4号")
    assert why("2026-03-06") == "本县放假·县庆（示例府发〔2026〕3号）"
    assert why("2026-03-07") == "周末"
    assert why("2026-03-09") == "本县放假·县庆（示例府发〔2026〕4号）"
    county_notice(signers, "2026-03-07 上班 县庆调休", "示例府发〔2026〕5号")
    assert why("2026-03-07") == "本县上班·县庆调休（示例府发〔2026〕5号）"
    assert why("2026-02-17") == "法定节假日·春节"
    state, now_off = state_of_year(2026), ArrangedDay(date(2026, 3, 6), DayKind.HOLIDAY, "示例")
    draft = draft_of_state(replace(state, days=tuple(sorted((*state.days, now_off), key=lambda day: day.date))))
    notice = propose_notice(draft, actor=signers["administrator"], reason="国务院办公厅补充通知")
    confirm_notice(notice.pk, actor=signers["supervisor"], reason="已核对原文")
    assert why("2026-03-06") == "法定节假日·示例"
    assert why("2026-03-09") == "本县放假·县庆（示例府发〔2026〕4号）"


def test_the_pages_and_the_calendar_agree_on_which_days_are_the_countys(signers):
    notice = county_notice(signers, "2026-03-06 放假 县庆\n2026-03-07 上班 县庆调休")
    assert county_days_in(notice) == calendar_now().county
    later = confirmed(signers, off=["2026-03-10"])
    assert county_days_in(later) == calendar_now().county
    assert county_days_in(CalendarNotice.objects.get(turn=1)) == {}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("2026-03-06 休息 县庆", "读不懂"),
        ("2026-02-30 放假 县庆", "没有 2026-02-30 这一天"),
        ("2027-03-06 放假 县庆", "不在 2026 年"),
        ("2026-03-06 上班 县庆", "不是周六、周日"),
        ("2026-10-05 放假 县庆", "现在已经是这样安排的"),
        ("2026-03-06 取消 县庆", "现在已经是这样安排的"),
        ("2026-10-01 取消 县庆", "法定节假日，县里不能改"),
        ("2026-02-17 取消 抗旱", "法定节假日，县里不能改"),  # 春节
        ("2026-04-06 取消 防汛", "法定节假日，县里不能改"),  # 清明
        ("2026-06-19 取消 防汛", "法定节假日，县里不能改"),  # 端午
        ("2026-09-25 取消 防汛", "法定节假日，县里不能改"),  # 中秋
        ("2026-02-21 上班 抗旱", "法定节假日，县里不能改"),  # a Saturday of 春节
        ("2026-03-06 放假 县庆\n2026-03-06 放假 县庆", "写了两次"),
        ("", "应写 1 到"),
    ],
)
def test_every_faulty_line_is_told(signers, line, message):
    with pytest.raises(Invalid) as refusal:
        read_county_days("示例府发〔2026〕3号", line, year_in_force(2026), state_of_year(2026))
    assert any(message in problem.message and problem.cure for problem in refusal.value.problems)


def test_the_county_takes_back_its_own_day_and_no_holiday_of_the_state_passes_with_two_signatures(signers):
    county_notice(signers, "2026-03-06 放假 县庆")
    county_notice(signers, "2026-03-06 取消 县庆改期", "示例府发〔2026〕4号")
    assert is_working("2026-03-06")
    forged = CountyDays("示例府发〔2026〕5号", (CountyDay(date(2026, 2, 17), CountyKind.PLAIN, "抗旱"),))
    with pytest.raises(Refused, match="state_holiday"):
        draft_of_county(2026, forged)
    assert not is_working("2026-02-17")


@pytest.mark.parametrize("kind", ["state", "county"])
def test_the_database_refuses_a_year_in_which_a_holiday_of_the_state_is_missing(signers, kind):
    state = state_of_year(2026)
    worked = replace(state, days=tuple(day for day in state.days if day.date != date(2026, 2, 17)))
    content = state.as_dict() if kind == "state" else {"document_no": "x", "days": []}
    notice = propose_notice(
        CalendarNotice(
            year=2026, kind=kind, content=content, effective=worked.as_dict(), sha256=worked.sha256,
            base_sha256=state.sha256,
        ),
        actor=signers["administrator"], reason="抗旱",
    )  # fmt: skip
    with pytest.raises(Refused, match="calendar_not_as_signed"):
        confirm_notice(notice.pk, actor=signers["supervisor"], reason="已核对")


def test_a_new_notice_of_the_state_stands_above_an_older_document_of_the_county(signers):
    county_notice(signers, "2026-03-07 上班 县庆调休\n2026-03-06 放假 县庆")
    confirmed(signers, off=["2026-03-07"])
    connection.check_constraints()
    assert not is_working("2026-03-07")
    assert not is_working("2026-03-06")


def test_a_year_that_nobody_published_cannot_be_added_to(signers):
    with pytest.raises(Refused, match="year_missing"):
        year_in_force(2027)


def test_a_document_without_a_number_is_refused(signers):
    with pytest.raises(Invalid):
        read_county_days(" ", "2026-03-06 放假 县庆", year_in_force(2026), state_of_year(2026))


# The owner of the database, by command


def test_a_changed_year_by_command_needs_a_reason_and_stays_on_record(signers, tmp_path):
    file = tmp_path / "2026.json"
    content = (DATA / "calendar" / "2026.json").read_text(encoding="utf-8")
    file.write_text(content.replace('"makeup", "name": "元旦"', '"makeup", "name": "元旦节"'), encoding="utf-8")
    with pytest.raises(CommandError, match="--reason"):
        call_command("load_calendar", str(file), stdout=StringIO())
    call_command("load_calendar", str(file), "--reason", "更正名称", stdout=StringIO())
    notice = CalendarNotice.objects.get(year=2026, turn=2)
    assert (notice.is_installed, notice.reason, notice.proposed_by) == (True, "更正名称", None)
    call_command("load_calendar", str(file), stdout=StringIO())  # the same again is nothing
    assert CalendarNotice.objects.filter(year=2026).count() == 2


def test_the_shipped_files_leave_alone_what_two_persons_signed(signers):
    confirmed(signers)
    out = StringIO()
    call_command("load_calendar", str(DATA / "calendar" / "2026.json"), "--keep-signed", stdout=out)
    assert "已由两人签署" in out.getvalue()
    assert not is_working("2026-03-06")
