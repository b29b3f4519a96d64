"""Two similar matters are picked, compared and merged; nobody merges what they have not compared."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from halls.domain.duties import PostKind
from halls.models import Department, Hall
from matters.actions.confirm_closing import confirm_closing
from matters.actions.import_matters import import_matters
from matters.models import Matter, MatterClosing
from tests.factories.drafts import an_editor
from tests.factories.halls import FENGJIE, TAIHE, person_in_post
from tests.factories.matters import as_file, record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]
BACKEND = "django.contrib.auth.backends.ModelBackend"
ONE, OTHER = "SJ-002", "SJ-003"


def editor(node: Any = None) -> Client:
    client = Client()
    user = person_in_post(PostKind.CATALOGUE_EDITOR, node or Hall.objects.get(code=FENGJIE))
    client.force_login(user, backend=BACKEND)
    return client


def text(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return str(response.content.decode())


def pair_url(one: str = ONE, other: str = OTHER) -> str:
    return reverse("matter_pair", args=[one, other])


def body(**changes: Any) -> dict[str, Any]:
    sent = {"into": OTHER, "reason": "渝府发〔2026〕3号", "is_compared": "on", f"seen_{ONE}": 1, f"seen_{OTHER}": 1}
    return {name: value for name, value in (sent | changes).items() if value is not None}


def test_pairs_are_listed_with_why_and_lead_to_the_comparison() -> None:
    page = text(editor(), reverse("matter_similar"))
    assert pair_url() in page
    assert "名称有 67% 相同" in page
    assert "YB-001" in page


def test_an_editor_sees_the_pairs_of_their_department_only() -> None:
    own = text(editor(Department.objects.get(code=f"{FENGJIE}-YB")), reverse("matter_similar"))
    assert "YB-001" in own
    assert ONE not in own
    township = editor(Hall.objects.get(code=TAIHE))
    assert "没有相近的事项" in text(township, reverse("matter_similar"))
    assert township.get(pair_url()).status_code == 403


def test_a_list_is_narrowed_to_a_department() -> None:
    page = text(editor(), f"{reverse('matter_similar')}?department={FENGJIE}-YB")
    assert "YB-001" in page
    assert ONE not in page


def test_two_guides_stand_side_by_side_with_what_differs() -> None:
    page = text(editor(), pair_url())
    assert "事项名称" in page
    assert "个体工商户变更登记" in page
    assert "个体工商户注销登记" in page
    assert "不能撤回" in page


@pytest.mark.parametrize("codes", [
    (ONE, ONE), (ONE, "YB-001"), (ONE, "XX-999"), ("XX-999", ONE),
])  # fmt: skip
def test_what_is_no_pair_is_not_there(codes: tuple[str, str]) -> None:
    assert editor().get(pair_url(*codes)).status_code == 404


@pytest.mark.parametrize(("changes", "words"), [
    ({"is_compared": None}, "请先核对两份指南的不同"), ({"reason": " "}, "请写明理由"),
    ({"into": None}, "请选保留哪一个"),
    ({"into": "YB-001"}, "请在两个里选一个"),
])  # fmt: skip
def test_nobody_merges_without_choice_reason_and_comparison(changes: dict[str, Any], words: str) -> None:
    response = editor().post(pair_url(), body(**changes))
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Matter.objects.filter(abolished_on__isnull=False).exists()


@pytest.mark.parametrize(("into", "gone"), [(OTHER, ONE), (ONE, OTHER)])
def test_the_other_one_is_led_to_the_one_that_is_kept(into: str, gone: str) -> None:
    client = editor()
    response = client.post(pair_url(), body(into=into))
    assert response.status_code == 302
    assert response.headers["Location"] == reverse("matter", args=[gone])
    asked = MatterClosing.objects.get(matter__code=gone)
    assert Matter.objects.get(code=gone).abolished_on is None
    confirm_closing(gone, asked.pk, actor=an_editor())
    merged = Matter.objects.get(code=gone)
    assert merged.merged_into is not None
    assert merged.merged_into.code == into
    assert merged.closing_reason == "渝府发〔2026〕3号"
    assert Matter.objects.get(code=into).abolished_on is None
    assert client.get(pair_url()).status_code == 404
    assert f"并入“{Matter.objects.get(code=into).name}”" in text(Client(), reverse("guide", args=[gone]))


@pytest.mark.parametrize("renewed", [ONE, OTHER])
def test_no_guide_that_was_renewed_since_they_were_compared_is_merged(renewed: str) -> None:
    client = editor()
    import_matters(as_file(record(renewed, conditions=["新的条件"])))
    response = client.post(pair_url(), body())
    assert response.status_code == 409
    assert "刚刚换了新版" in response.content.decode()
    assert not Matter.objects.filter(abolished_on__isnull=False).exists()


def test_whoever_merges_by_code_is_shown_the_way_to_the_pairs() -> None:
    page = text(editor(), reverse("matter_close", args=[ONE, "merge"]))
    assert re.search(r'href="/matters/similar/\?department=[^"]+"', page)
    assert "/matters/similar/" not in text(editor(), reverse("matter_close", args=[ONE, "pause"]))


def test_the_list_takes_as_many_queries_for_many_matters_as_for_few() -> None:
    client = editor()

    def queries(url: str) -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as found:
            client.get(url)
        return len(found)

    assert queries(f"{reverse('matter_similar')}?department={FENGJIE}-YB") == queries(reverse("matter_similar"))
