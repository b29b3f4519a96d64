"""What editors and villagers read is words: no names of the program, no warning that is not true, no 其他."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from halls.acting import acting_user
from halls.domain.duties import PostKind
from halls.models import Hall
from matters.actions.attach_guide_file import attach_guide_file
from matters.actions.open_draft import open_draft
from matters.domain.draft_reader import read_draft
from matters.domain.elements import words_of
from matters.domain.guide_diff import difference
from matters.domain.lint import RULES
from matters.models import Matter, SamenessReport
from matters.selectors.history import row_lines
from tests.factories.cases import a_picture
from tests.factories.halls import FENGJIE, person_in_post
from tests.factories.matters import record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]


@pytest.fixture
def editor() -> tuple[Any, Client]:
    user = person_in_post(PostKind.CATALOGUE_EDITOR, Hall.objects.get(code=FENGJIE))
    client = Client()
    client.force_login(user)
    return user, client


@pytest.mark.parametrize(
    "place", ["promised_limit.unit", "statutory_limit.unit", "id", "department_full", "content", "steps[0].level"]
)
def test_a_place_of_the_record_is_said_in_words(place: str) -> None:
    assert not re.search(r"[a-z_]{3,}", words_of(place))


def test_a_level_in_a_fault_is_said_in_words() -> None:
    content = record("MZ-001") | {"decision_level": "village"}
    _record, faults = read_draft(content)
    told = [f"{fault.message}{fault.cure}" for fault in faults if "决定" in fault.message]
    assert told == ["最后的决定环节在县，决定层级却是村（社区）。请让最后的决定环节与决定层级一致。"]


def test_a_source_is_told_by_its_labels() -> None:
    before, _faults = read_draft(record("MZ-001"))
    after = replace(before, sources=({"title": "通知", "key": "A1", "site_kind": "gov"},))
    told = "".join(one.words for one in difference(before, after))
    assert "编号：A1；网站类别：gov；标题：通知" in told
    assert not re.search(r"site_kind|key：", told)


def test_a_code_that_the_county_cannot_give_is_a_warning_that_says_so() -> None:
    rule = RULES["missing-code"]
    assert (rule.severity, rule.title) == ("warning", "缺少要素：基本编码（国家编码）")
    assert "国家统一赋码" in rule.why


def test_a_fresh_installation_is_not_told_that_nothing_ran_for_two_days(editor: Any) -> None:
    assert not SamenessReport.objects.exists()
    page = editor[1].get(reverse("matter_sameness")).content.decode()
    assert "两天没有运行" not in page
    assert "manage.py" not in page
    assert "还没有核对过" in page


def test_an_upload_is_named_in_the_history_and_nothing_is_called_other(editor: Any) -> None:
    actor = acting_user(editor[0])
    draft = open_draft("MZ-001", actor=actor)
    attach_guide_file(draft.pk, 1, "sample", a_picture(), actor=actor, version=draft.version)
    newest = row_lines(Matter.objects.get(code="MZ-001"))[0]
    assert newest.what == ("随附的内容",)
    assert newest.why.startswith("上传文件：")
    assert "其他" not in [word for line in row_lines(Matter.objects.get(code="MZ-001")) for word in line.what]


def test_the_short_form_has_conditions_and_says_what_is_found_by_sharing(client: Client) -> None:
    html = client.get("/guides/MZ-001/short/").content.decode()
    assert "受理条件" in html
    assert "1. 共同生活家庭成员人均收入低于当地低保标准" in html
    assert "共享查到的不用提交" in html


@pytest.mark.parametrize("code", ["999", "abc", "50023699999"])
def test_a_hall_that_is_not_there_is_said_so(client: Client, code: str) -> None:
    response = client.get(f"/guides/?hall={code}")
    assert response.status_code == 404
    assert f"没有编码为 {code} 的大厅" in response.content.decode()


def test_the_flow_chart_says_that_it_can_be_moved(client: Client) -> None:
    html = client.get("/guides/NY-003/").content.decode()
    assert html.index("左右移动看全") < html.index('class="flow-box"')
