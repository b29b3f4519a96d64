"""Two similar matters are picked, compared and merged; nobody merges what they have not compared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from halls.domain.duties import PostKind
from halls.models import Department, Hall
from matters.actions.confirm_closing import confirm_closing
from matters.actions.import_matters import import_matters
from matters.models import Matter, MatterClosing, MattersApart
from matters.selectors import find_matters
from tests.factories.closings import closed
from tests.factories.drafts import an_editor
from tests.factories.halls import FENGJIE, TAIHE, person_in_post
from tests.factories.matters import as_file, record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("twins")]
BACKEND = "django.contrib.auth.backends.ModelBackend"
ONE, OTHER = "SJ-002", "SJ-003"


@pytest.fixture(scope="module")
def twins(catalogue: None, django_db_blocker: Any) -> Iterator[None]:
    """Nothing that ships is twice there: two more matters that look like another."""
    alike = (("SJ-002", "SJ-902", "个体工商户变更登记申请"), ("YB-001", "YB-901", "城乡居民基本医疗保险参保登记办理"))
    with django_db_blocker.unblock(), transaction.atomic():
        import_matters(as_file(*(record(code, id=new, name=name) for code, new, name in alike)))
        yield
        transaction.set_rollback(True)


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
    assert pair_url("SJ-002", "SJ-902") in page
    assert "名称有 100% 相同" in page
    assert pair_url("SJ-002", "SJ-003") not in page
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


def test_a_pair_that_is_not_one_is_said_once_with_a_reason_and_not_offered_again() -> None:
    client, url = editor(), pair_url("SJ-002", "SJ-902")
    empty = client.post(url, {"act": "apart", "reason": " "})
    assert (empty.status_code, "请写明为什么不是同一个" in empty.content.decode()) == (422, True)
    assert client.post(url, {"act": "apart", "reason": "一个是申请书备案"}).status_code == 302
    assert url not in text(client, reverse("matter_similar"))
    page = text(client, url)
    assert "一个是申请书备案" in page
    assert "不再提示" not in page
    kept = MattersApart.objects.get()
    assert kept.one.pk < kept.other.pk
    again = client.post(pair_url("SJ-902", "SJ-002"), {"act": "apart", "reason": "再说一次"})
    assert again.status_code == 409
    assert MattersApart.objects.count() == 1


def test_nobody_else_says_it() -> None:
    other = editor(Department.objects.get(code=f"{FENGJIE}-YB"))
    assert other.post(pair_url("SJ-002", "SJ-902"), {"act": "apart", "reason": "x"}).status_code == 403
    assert not MattersApart.objects.exists()


def test_after_a_merger_the_old_name_finds_the_one_that_goes_on_first_also_after_a_new_import() -> None:
    closed("SJ-002", into="SJ-003", actor=an_editor(), reason="合并实施")

    def first(words: str) -> str:
        return find_matters(words)[0].code

    assert first("个体工商户变更登记") == "SJ-003"
    import_matters(as_file(record("SJ-003", conditions=["新的条件"])))
    assert first("个体工商户变更登记") == "SJ-003"
    assert first("个体工商户注销登记") == "SJ-003"


def test_the_page_of_a_merged_matter_says_where_to_go_before_anything_else() -> None:
    closed(ONE, into=OTHER, actor=an_editor(), reason="合并实施")
    page = text(Client(), reverse("guide", args=[ONE]))
    assert page.index("现在到哪儿办") < page.index("带什么")
    assert "<summary>以前的指南，只供查阅" in page[: page.index("带什么")]
    assert f'href="/guides/{OTHER}/"' in page[: page.index("带什么")]
    assert "离您最近的办事处" not in page
