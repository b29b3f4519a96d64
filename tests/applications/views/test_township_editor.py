"""A township's editor writes what its hall and its villages say themselves, and nothing else."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from halls.models import Hall
from matters.models import HallMatter
from tests.factories.halls import FENGJIE, GAOQIAO, TAIHE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
BACKEND = "django.contrib.auth.backends.ModelBackend"
CODE = "NY-003"


@pytest.fixture
def editor(seeded) -> Client:
    client = Client()
    client.force_login(seeded.user("township_catalogue"), backend=BACKEND)
    return client


def elsewhere(tier: str) -> str:
    return Hall.objects.filter(tier=tier).exclude(path__contains=TAIHE).order_by("code")[0].code


def text(response) -> str:
    return str(response.content.decode())


def test_the_demonstration_has_an_account_for_it(seeded, client: Client) -> None:
    account = seeded.accounts["township_catalogue"]
    assert account["hall_code"] == TAIHE
    assert client.login(username=account["username"], password=account["password"])


def test_they_begin_at_their_own_list_and_find_every_village(editor: Client) -> None:
    assert editor.get(reverse("home")).headers["Location"] == reverse("hall_matters", args=[TAIHE])
    page = text(editor.get(reverse("hall_matters", args=[TAIHE])))
    villages = Hall.objects.filter(parent__code=TAIHE, retired_on__isnull=True).values_list("code", flat=True)
    assert villages
    for code in villages:
        assert reverse("hall_matters", args=[code]) in page
    assert "指南内容全县统一，由主管部门修改" in page


@pytest.mark.parametrize("code", [TAIHE, GAOQIAO])
def test_they_write_for_their_hall_and_their_villages(editor: Client, code: str) -> None:
    address = reverse("local_matter", args=[code, CODE])
    assert address in text(editor.get(reverse("hall_matters", args=[code])))
    body = {"version": 0, "window": "3 号窗口", "place": "", "hours": "", "phone": ""}
    assert editor.post(address, body).status_code == 302
    assert HallMatter.objects.get(hall__code=code, matter__code=CODE).window == "3 号窗口"
    state = reverse("local_state", args=[code, CODE, "pause"])
    assert editor.post(state, {"version": 1, "reason": "窗口改造，3 月 20 日恢复"}).status_code == 302
    assert HallMatter.objects.get(hall__code=code, matter__code=CODE).paused_on is not None


@pytest.mark.parametrize("tier", ["county", "township", "village"])
def test_no_other_hall_is_theirs(editor: Client, tier: str) -> None:
    code = FENGJIE if tier == "county" else elsewhere(tier)
    body = {"version": 0, "window": "3 号窗口"}
    assert editor.get(reverse("hall_matters", args=[code])).context["may_edit"] is False
    assert editor.get(reverse("local_matter", args=[code, CODE])).status_code == 403
    assert editor.post(reverse("local_matter", args=[code, CODE]), body).status_code == 403
    assert editor.post(reverse("local_state", args=[code, CODE, "pause"]), body | {"reason": "x"}).status_code == 403
    assert not HallMatter.objects.exists()


def test_no_guide_is_theirs_and_the_pages_say_so(editor: Client) -> None:
    for name in ("matter_catalogue", "matter_drafts", "matter_draft_new"):
        page = text(editor.get(reverse(name)))
        assert "指南内容由主管部门修改" in page, name
        assert reverse("hall_matters", args=[TAIHE]) in page, name
    assert "开始起草" not in text(editor.get(reverse("matter_draft_new")))
    assert editor.post(reverse("matter_draft_open", args=[CODE])).status_code == 403
    assert editor.get(reverse("matter_close", args=[CODE, "pause"])).status_code == 403
    assert "修改指南" not in text(editor.get(reverse("matter", args=[CODE])))
