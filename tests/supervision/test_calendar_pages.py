"""The pages of the work calendar: paste, rehearse, propose, confirm as another person; and the review of cards."""

import json
import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from applications.models import Event
from halls.domain.calendar import fixed_holidays
from halls.models import CalendarNotice, CalendarYear
from tests.factories.calendar import NEXT_YEAR
from tests.factories.halls import DATA
from tests.supervision.calendar_pages import COUNTY_DAYS, PROPOSE, PROPOSE_COUNTY, confirm, proposed, text_of, visitor

pytestmark = pytest.mark.django_db


def year_file(*, year: int = 2027, document_no: str | None = None) -> str:
    """The smallest file of a year: what is off without a notice."""
    fixed = fixed_holidays(year).items()
    days = [{"date": day.isoformat(), "kind": "holiday", "name": special.name} for day, special in fixed]
    whole = {"year": year, "document_no": document_no, "published_on": None, "source": "示例", "days": days}
    return json.dumps(whole, ensure_ascii=False)


# Who may


def test_who_reads_and_who_signs(staffed):
    notice = proposed(staffed)
    page = reverse("calendar_notice", args=[notice.pk])
    for role, reads, signs in (
        ("supervisor", 200, 200),
        ("administrator", 200, 200),
        ("director0", 200, 403),
        ("window0", 403, 403),
        ("clerk0", 403, 403),
    ):
        client = visitor(staffed, role)
        assert client.get(reverse("calendar")).status_code == reads, role
        assert client.get(page).status_code == reads, role
        assert client.get(reverse(PROPOSE)).status_code == signs, role
        assert client.get(reverse(PROPOSE_COUNTY)).status_code == signs, role
    assert Client().get(reverse("calendar")).status_code == 302
    assert confirm(staffed, notice, "director0").status_code == 403
    assert visitor(staffed, "supervisor").get(reverse("calendar_notice", args=[0])).status_code == 404


# Paste, rehearse, propose, confirm


def test_the_rehearsal_is_seen_before_either_presses(staffed):
    case = staffed.accepted(staffed.matter(promised=5))
    client = visitor(staffed, "supervisor")
    shown = client.post(reverse(PROPOSE_COUNTY), COUNTY_DAYS | {"act": "rehearse"})
    assert case.display_number in text_of(shown)
    assert "推后 1 件" in text_of(shown)
    assert not CalendarNotice.objects.filter(kind="county").exists()
    unseen = client.post(reverse(PROPOSE_COUNTY), COUNTY_DAYS | {"act": "propose", "seen": "x", "reason": "县庆"})
    assert unseen.status_code == 200
    assert not CalendarNotice.objects.filter(kind="county").exists()

    notice = proposed(staffed)
    assert case.display_number in text_of(client.get(reverse("calendar_notice", args=[notice.pk])))
    assert confirm(staffed, notice, seen="x").status_code == 400
    assert confirm(staffed, notice, reason=" ").status_code == 400
    assert not CalendarNotice.objects.get(pk=notice.pk).is_in_force
    assert confirm(staffed, notice).status_code == 302
    done = text_of(client.get(reverse("calendar_notice", args=[notice.pk])))
    assert "已完成，1 件的日期有变" in done
    assert Event.objects.filter(application=case, verb="recalculate").count() == 1
    assert confirm(staffed, notice).status_code == 409


def test_an_administrator_sees_numbers_and_no_cases(staffed):
    case = staffed.accepted(staffed.matter(promised=5))
    shown = text_of(visitor(staffed, "administrator").post(reverse(PROPOSE_COUNTY), COUNTY_DAYS | {"act": "rehearse"}))
    assert "推后 1 件" in shown
    assert case.display_number not in shown


def test_whoever_proposed_is_not_offered_the_confirmation_and_cannot_force_it(staffed):
    notice = proposed(staffed)
    page = visitor(staffed, "administrator").get(reverse("calendar_notice", args=[notice.pk]))
    assert "须由另一位" in text_of(page)
    assert 'value="confirm"' not in page.content.decode()
    assert confirm(staffed, notice, "administrator").status_code == 409
    assert CalendarYear.objects.get(year=2026).version == 1


def test_the_text_of_a_notice_becomes_a_published_year(staffed):
    notice = proposed(staffed, PROPOSE, text=NEXT_YEAR)
    assert confirm(staffed, notice).status_code == 302
    assert CalendarYear.objects.get(year=2027).document_no == "国办发明电〔2026〕9号"
    years = text_of(visitor(staffed, "supervisor").get(reverse("calendar")))
    assert staffed.people["administrator"].full_name in years
    assert staffed.people["supervisor"].full_name in years


@pytest.mark.parametrize("name", ["2025.json", "notice.txt"])
def test_a_file_is_read_once_and_carried_to_the_proposal(staffed, name):
    content = NEXT_YEAR.encode() if name.endswith("txt") else (DATA / "calendar" / name).read_bytes()
    client = visitor(staffed, "administrator")
    shown = client.post(reverse(PROPOSE), {"act": "rehearse", "file": SimpleUploadedFile(name, content)})
    html = shown.content.decode()
    ((field, kept),) = re.findall(r'<input type="hidden" name="(text|arrangement)" value="([^"]*)"', html)
    (seen,) = re.findall(r'name="seen" value="([0-9a-f]{64})"', html)
    values = {field: unescape(kept), "seen": seen, "act": "propose", "reason": "补录"}
    assert client.post(reverse(PROPOSE), values).status_code == 302


@pytest.mark.parametrize(
    ("page", "values", "words"),
    [
        (PROPOSE, {}, "请粘贴通知全文"),
        (PROPOSE, {"text": "你好"}, "没有找到「关于××××年部分节假日安排的通知」"),
        (PROPOSE, {"text": NEXT_YEAR.replace("1月1日（周五）", "1月1日（周四）")}, "1月1日是周五，通知写的是周四"),
        (PROPOSE, {"arrangement": "{"}, "最外层应是一个对象"),
        (PROPOSE, {"arrangement": "[" * 5000}, "最外层应是一个对象"),
        (PROPOSE, {"text": "\x00"}, "看不见的控制字符"),
        (PROPOSE_COUNTY, {}, "请填年度"),
        (PROPOSE_COUNTY, COUNTY_DAYS | {"document_no": "aaa"}, "「aaa」不是文号"),
        (PROPOSE_COUNTY, COUNTY_DAYS | {"year": "x"}, "请填四位数字的年度"),
        (PROPOSE, {"arrangement": year_file(document_no="aaa")}, "「aaa」不是文号"),
        (PROPOSE, {"arrangement": year_file(year=2199)}, "2199 年太远"),
        (PROPOSE_COUNTY, COUNTY_DAYS | {"year": "9" * 30}, "2199"),
        (PROPOSE_COUNTY, COUNTY_DAYS | {"year": "2031"}, "2031 年的放假安排还没有发布"),
        (PROPOSE_COUNTY, COUNTY_DAYS | {"days": "明天 放假"}, "读不懂这一行"),
        (PROPOSE_COUNTY, COUNTY_DAYS | {"days": "2026-10-01 取消 县庆"}, "法定节假日，县里不能改"),
    ],
)
def test_bad_input_is_told_in_words_and_nothing_is_saved(staffed, page, values, words):
    before = CalendarNotice.objects.count()
    answer = visitor(staffed, "administrator").post(reverse(page), values | {"act": "rehearse"})
    assert answer.status_code == 400
    assert words in text_of(answer), text_of(answer)
    assert CalendarNotice.objects.count() == before


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [("a.pdf", b"%PDF", "只能读"), ("a.json", b"{", "不是正确的 JSON"), ("a.txt", b"\xff\xfe\x00", "没有找到")],
)
def test_a_bad_file_is_told_in_words(staffed, name, content, words):
    upload = SimpleUploadedFile(name, content)
    answer = visitor(staffed, "administrator").post(reverse(PROPOSE), {"act": "rehearse", "file": upload})
    assert answer.status_code == 400
    assert words in text_of(answer)


def test_a_proposal_is_dropped_by_a_press(staffed):
    notice = proposed(staffed)
    page = reverse("calendar_notice", args=[notice.pk])
    assert visitor(staffed, "supervisor").post(page, {"act": "drop"}).status_code == 302
    assert "已撤下" in text_of(visitor(staffed, "supervisor").get(page))


def test_supervisors_see_that_cases_are_left_over(staffed):
    asked = visitor(staffed, "supervisor")
    assert "还有办件没有按新日历重算成" not in text_of(asked.get("/"))
    case = staffed.accepted(staffed.matter(promised=5))
    CalendarNotice.objects.filter(turn__isnull=False).update(settled_at=None, left_over=[case.pk])
    assert "还有办件没有按新日历重算成" in text_of(asked.get("/", follow=True))
