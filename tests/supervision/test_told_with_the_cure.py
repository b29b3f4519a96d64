"""What a form, a notice and the record say: the field, the cure, the date; never the framework's own words."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django import forms
from django.test import Client
from django.urls import reverse

from applications.actions._checks import Finding
from applications.actions.extend import extend
from applications.actions.request_correction import request_correction
from applications.models import Application
from applications.selectors.case_page import event_words
from applications.selectors.papers import fault_and_cure, paper_of
from halls.forms import SpokenForm
from halls.models import User
from matters.models import Material
from tests.supervision.county import at

pytestmark = pytest.mark.django_db
RAW = ("确保该值", "输入整数", "这个字段", "输入一个有效", "Ensure", "required")


def visitor(county, role):
    client = Client()
    client.force_login(User.objects.get(pk=county.people[role].pk))
    return client


def text(answer):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def version(case):
    return Application.objects.get(pk=case.pk).version


def post(county, case, verb, role="examiner0", **given):
    address = reverse("case_verb", args=[case.number, verb])
    return visitor(county, role).post(address, {"version": version(case), **given})


# --- forms -----------------------------------------------------------------------------------------------------------


class EveryField(SpokenForm):
    days = forms.IntegerField(label="天数", min_value=1, max_value=5)
    day = forms.DateField(label="日期")
    name = forms.CharField(label="姓名", min_length=2, max_length=3)
    way = forms.ChoiceField(label="方式", choices=[("a", "甲")])
    done = forms.BooleanField(label="已经做完")
    file = forms.FileField(label="照片")
    own = forms.IntegerField(label="自己说", error_messages={"required": "自己的话。"})
    unseen = forms.IntegerField(widget=forms.HiddenInput)


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({}, "days", "请填写「天数」。"),
        ({"days": "x"}, "days", "「天数」只能填整数"),
        ({"days": "0"}, "days", "「天数」不能小于 1，请改大。"),
        ({"days": "9"}, "days", "「天数」不能大于 5，请改小。"),
        ({"day": "soon"}, "day", "「日期」请写成 2026-03-02 这样的日期。"),
        ({"name": "长长长长"}, "name", "「姓名」最多 3 个字，现在有 4 个"),
        ({"name": "短"}, "name", "「姓名」至少 2 个字"),
        ({"name": "a\0b"}, "name", "控制字符"),
        ({"way": "b"}, "way", "「方式」里没有“b”这个选项"),
        ({}, "way", "请在「方式」里选一项。"),
        ({}, "done", "还没有勾选「已经做完」"),
        ({}, "file", "请选择「照片」的文件。"),
        ({}, "own", "自己的话。"),
        ({}, "unseen", "请返回后重新打开这一页"),
    ],
)
def test_every_fault_names_its_field_and_the_cure(given, field, said):
    assert said in str(EveryField(given).errors[field])


def test_a_verb_says_in_our_words_what_is_wrong(county):
    case = county.accepted(county.special_matter())
    for days in ("0", "x", "", "400"):
        answer = post(county, case, "suspend", days=days)
        assert answer.status_code == 422
        shown = text(answer)
        assert "「天数」" in shown
        assert "天数：「天数」" not in shown
        assert not [words for words in RAW if words in shown]


def test_an_unticked_box_says_what_to_do_now_and_where_the_paper_is(county):
    case = county.accepted(county.special_matter())
    for verb, role, told in (
        ("suspend", "examiner0", "已把所需时间告诉申请人"),
        ("extend", "approver0", "已把延长的理由告诉申请人"),
    ):
        answer = post(county, case, verb, role, days="2", reason="需要核对")
        assert answer.status_code == 422
        error = "".join(answer.context["form"].errors["was_told"])
        assert f"再勾选「{told}」" in error
        assert told == answer.context["form"].fields["was_told"].label
        assert "「文书」里打印" in error
        assert "本页打印" not in text(answer)
    done = visitor(county, "examiner0").post(
        reverse("case_verb", args=[case.number, "suspend"]),
        {"version": version(case), "days": "2", "was_told": "on"},
        follow=True,
    )
    assert "《特别程序告知书》已经生成，请到「文书」里打印" in text(done)


def test_a_second_extension_is_refused_before_anything_is_filled_in(county):
    case = county.accepted(county.matter(promised=5))
    page = reverse("case_verb", args=[case.number, "extend"])
    client = visitor(county, "approver0")
    assert client.get(page).status_code == 200
    extend(case.pk, actor=county.actor("approver0"), days=3, reason="需要核对图纸", was_told=True)
    answer = client.get(page)
    assert answer.status_code == 409
    assert "本件已经延长过" in text(answer)
    assert "请在延长后的期限内办结" in text(answer)
    assert "<textarea" not in answer.content.decode()


def test_an_extension_after_the_end_is_refused_before_anything_is_filled_in(county):
    case = county.accepted(county.matter(promised=5))
    at("2026-06-01 10:00")
    answer = visitor(county, "approver0").get(reverse("case_verb", args=[case.number, "extend"]))
    assert answer.status_code == 409
    assert "期限已经届满" in text(answer)


# --- the notice of what is missing -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "written", "what", "cure"),
    [
        ("缺", "缺申请表", "缺：缺申请表", "请补交「申请表」。"),
        ("缺", "未提供，请补交。", "缺：未提供", "请补交。"),
        ("错", "缺页，请补齐全部页。", "错：缺页", "请补齐全部页。"),
        ("错", "与身份证不一致", "错：与身份证不一致", "请照左边所说改正「申请表」，重新提交。"),
        ("缺", "请交原件。", "缺", "请交原件。"),
        ("缺", "", "缺", "请补交「申请表」。"),
    ],
)
def test_the_notice_tells_the_fault_and_the_cure_apart(fault, written, what, cure):
    told = fault_and_cure({"name": "申请表", "fault": fault, "cure": written})
    assert told == {"fault": what, "cure": cure}


def test_every_paper_and_page_says_until_when_in_one_way(county):
    matter = county.matter()
    Material.objects.create(version=matter.current, seq=1, name="户口簿")
    case = county.received(matter)
    checklist = visitor(county, "window0").get(reverse("case_verb", args=[case.number, "accept"]))
    assert "前办结" not in text(checklist)
    assert "（含当日）办结" in text(checklist)
    request_correction(case.pk, {1: Finding("missing", "缺户口簿")}, actor=county.actor("window0"), days=5)
    notice = paper_of(case.documents.get(kind="correction_notice"), case, "", is_masked=False)
    assert "请最晚 2026年3月9日（含当日，5 个工作日内）补正" in notice["paragraphs"][0]
    assert notice["rows"] == [["1", "户口簿", "缺：缺户口簿", "请补交「户口簿」。"]]


# --- the record ------------------------------------------------------------------------------------------------------


def test_a_recalculation_names_the_notice_and_what_moved_from_when_to_when():
    day = "2026-12-{:02d}T23:59:59+08:00".format
    told = event_words(
        "recalculate",
        {
            "ground": {"year": 2026, "document_no": "国办发明电〔2025〕7号", "reason": "已与原文核对"},
            "dates": [
                {"kind": "promised", "step": None, "due": [day(8), day(9)]},
                {"kind": "step", "step": 3, "due": [day(4), day(4)]},
                {"kind": "statutory", "step": None, "due": [None, None]},
            ],
        },
    )
    assert "2026 年工作日历（国办发明电〔2025〕7号）" in told
    assert "承诺时限由 2026年12月8日改为 2026年12月9日" in told
    assert "环节时限（第 3 环节）仍到 2026年12月4日" in told
    assert "法定时限已停表" in told
    assert "不变" not in told
