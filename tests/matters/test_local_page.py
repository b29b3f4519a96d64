"""The page of a hall's own lines: three things with a button each, checked, and told what they undo."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from matters.models import HallMatter, HallPromise
from tests.factories.halls import TAIHE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
PAGE = f"/halls/{TAIHE}/matters/NY-003/"
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def editor(seeded) -> Client:
    client = Client()
    client.force_login(seeded.user("township_catalogue"), backend=BACKEND)
    return client


def promise(editor: Client, days: str, after: int, version: int):
    day = timezone.localdate() + timedelta(days=after)
    sent = {"days": days, "effective_on": f"{day:%Y-%m-%d}", "reason": "并联审查", "version": version}
    return editor.post(PAGE + "promise/", sent, follow=True)


def newest() -> int:
    return HallPromise.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def test_an_announced_promise_that_a_newer_one_overtakes_is_told_and_marked(editor: Client) -> None:
    promise(editor, "5", 9, 0)
    later = promise(editor, "3", 20, newest()).content.decode()
    assert "不再施行" not in later
    assert "作废" not in later
    overtaking = promise(editor, "4", 15, newest()).content.decode()
    day = timezone.localdate() + timedelta(days=20)
    assert f"先前定的“自 {day:%Y年%-m月%-d日} 起承诺 3 个工作日”不再施行" in overtaking
    assert editor.get(PAGE).content.decode().count("这一条作废") == 1


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ("-5", "承诺时限至少 1 个工作日。请填 1 到 9。"),
        ("0", "承诺时限至少 1 个工作日。请填 1 到 9。"),
        ("9" * 30, "本厅只能承诺得更短。请填 1 到 9。"),
        ("abc", "请填整数，如 5。"),
        ("", "请填本厅承诺的工作日数"),
    ],
)
def test_a_promise_out_of_range_is_told_the_range_on_top_with_a_link(editor: Client, days: str, words: str) -> None:
    response = promise(editor, days, 3, 0)
    html = response.content.decode()
    assert response.status_code == 422
    summary = html[html.index("error-summary") : html.index('id="elements"')]
    assert words in summary
    assert 'href="#promise_days"' in summary
    assert 'id="promise_days"' in html
    assert not HallPromise.objects.exists()


def test_three_things_have_a_button_each_and_no_name_twice(editor: Client) -> None:
    html = editor.get(PAGE).content.decode()
    for label in ("保存地点、窗口、时间和电话", "公布本厅承诺", "本厅暂停办理"):
        assert len(re.findall(rf'<button type="submit"[^>]*>{label}|<button[^>]*type="submit"[^>]*>{label}', html)) == 1
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_what_must_be_filled_in_is_not_called_optional(editor: Client) -> None:
    html = editor.get(PAGE).content.decode()
    for label in ("本厅承诺几个工作日", "施行日期", "理由", "暂停的理由"):
        assert re.search(rf"<label[^>]*>{label}</label>", html), label


def test_a_pause_without_a_reason_is_told_on_top_with_a_link(editor: Client) -> None:
    response = editor.post(PAGE + "pause/", {"reason": "", "version": "0"})
    html = response.content.decode()
    assert response.status_code == 422
    assert 'href="#state_reason"' in html[: html.index('id="elements"')]


def test_a_telephone_and_hours_that_help_nobody_are_refused_with_a_cure(editor: Client) -> None:
    response = editor.post(PAGE, {"phone": "找小王", "hours": "随时", "version": "0"})
    html = response.content.decode()
    assert response.status_code == 422
    assert "请填如 023-56560001" in html
    assert "周一至周五 9:00–12:00" in html
    assert not HallMatter.objects.exists()


def test_the_list_of_a_hall_is_searched_and_narrowed(editor: Client) -> None:
    address = f"/halls/{TAIHE}/matters/"
    found = editor.get(address, {"q": "zjd"}).context["rows"]
    assert "NY-003" in {row["code"] for row in found}
    everything = len(editor.get(address).context["rows"])
    assert 0 < len(found) < everything
    figures = editor.get(address, {"q": "zjd"}).context["figures"]
    for figure in figures:
        assert len(editor.get(address + figure["url"]).context["rows"]) == figure["count"]
    bureau = editor.get(address, {"department": "500236-MZ"}).context["rows"]
    assert {row["department"] for row in bureau} == {"奉节县民政局"}
