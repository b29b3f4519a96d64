"""The village clerk takes a case in: page by page, with every slip of the hand that happens."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from applications.actions.withdraw import withdraw
from applications.domain.lifecycle import Status
from applications.models import Application, Event
from tests.factories.cases import HOMESTEAD, a_case, a_picture, an_id_number
from tests.factories.halls import GAOQIAO
from tests.seed import Seed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
FAR = "500236001001"  # 永安街道朝阳社区
PERSON = {"id_kind": "resident", "name": "张大山", "id_number": "11010519491231002x", "phone": "139 1234 5678"}


def opened(clerk: Client, matter: str = HOMESTEAD) -> Application:
    """A draft as the first page opens it."""
    answer = clerk.post(reverse("intake"), {"matter": matter, "hall": GAOQIAO})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return Application.objects.get(key=answer["Location"].split("/")[2])


def page(name: str, case: Application) -> str:
    return reverse(f"intake_{name}", args=[case.key])


def send(clerk: Client, step: str, case: Application, /, **data: Any) -> Any:
    """Post a page as it stands now."""
    version = data.pop("version", None)
    current = Application.objects.get(pk=case.pk).version if version is None else version
    return clerk.post(page(step, case), {"version": current, **data})


def filled(clerk: Client, case: Application | None = None) -> Application:
    """A draft with everything answered."""
    case = case or opened(clerk)
    assert send(clerk, "applicant", case, **PERSON).status_code == 302
    answers = {f"declared_{line.seq}": "have" for line in case.materials.all()}
    assert send(clerk, "materials", case, **answers).status_code == 302
    return Application.objects.get(pk=case.pk)


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


# --- the whole way ---------------------------------------------------------------------------------------------------


def test_from_the_search_to_the_receipt(clerk: Client, travel: Callable[[str], datetime]) -> None:
    travel("2026-03-02 09:12")
    assert "农村村民宅基地审批" in text(clerk.get(reverse("intake"), {"q": "zjd"}))
    case = opened(clerk)
    assert "给谁办？" in text(clerk.get(page("applicant", case)))
    assert send(clerk, "applicant", case, **PERSON, address="高桥村 3 组")["Location"] == page("details", case)
    assert send(clerk, "details", case, group="3 组", reason="危房翻建")["Location"] == page("materials", case)
    answers = {f"declared_{line.seq}": "have" for line in case.materials.all()} | {"declared_7": "later"}
    picture = SimpleUploadedFile("申请表.png", a_picture(), "image/png")
    answer = send(clerk, "materials", case, **answers, files_1=[picture])
    assert answer["Location"] == page("check", case)

    shown = text(clerk.get(page("check", case)))
    for said in (
        "张大山",
        "110*************2X",
        "139******78",
        "高桥村 3 组",
        "危房翻建",
        "已带来，1 个文件",
        "稍后补",
    ):
        assert said in shown
    assert "19491231" not in shown
    assert "太和土家族乡便民服务中心" in shown

    answer = send(clerk, "check", case, applicant_checked="on")
    sent = Application.objects.get(pk=case.pk)
    assert sent.status == Status.SUBMITTED
    assert sent.form == {"所在组": "3 组", "事由和备注": "危房翻建"}
    assert answer["Location"] == reverse("receipt", args=[sent.number])
    receipt = clerk.get(answer["Location"])
    for said in (
        sent.display_number,
        "承诺 10 个工作日办结，从受理的第二天起算",
        "太和土家族乡便民服务中心在3月3日（周二）下班前看完材料",
        "请尽快补交「住宅建设方案或通用图集选用说明」",
        "《农村宅基地批准书》出来后，高桥村便民服务点通知您来取",
        "这张回执不是受理通知",
    ):
        assert said in text(receipt)
    assert "<svg" in receipt.content.decode()
    assert "11010519491231002X" not in receipt.content.decode()
    submitted = Event.objects.get(application=sent, verb="submit")
    assert submitted.detail["applicant_checked"] is True


def test_the_receipt_is_printed_on_paper_and_on_the_roll(clerk: Client) -> None:
    case = a_case("accepted")
    for query, size in (({}, "A4"), ({"slip": "1"}, "80 毫米")):
        answer = clerk.get(reverse("receipt_print", args=[case.number]), query)
        assert answer.status_code == 200
        shown = text(answer)
        assert size in shown
        assert case.display_number in shown
        assert "张大山" in shown


# --- the matter ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["宅基地", "zjd", "ZJD", "zhaijidi", "建房证", " 宅基地 审批 "])
def test_a_matter_is_found_by_what_people_type(clerk: Client, words: str) -> None:
    whole = clerk.get(reverse("intake"), {"q": words})
    part = clerk.get(reverse("intake_matters"), {"q": words})
    for answer in (whole, part):
        assert f'value="{HOMESTEAD}"' in answer.content.decode()
    assert "<html" not in part.content.decode()


def test_a_matter_of_another_tier_says_where_to_go_and_cannot_be_picked(clerk: Client) -> None:
    answer = clerk.get(reverse("intake"), {"q": "再生育"})
    county_only = [m for m in answer.context["choices"] if m.elsewhere]
    found = clerk.get(reverse("intake"), {"q": "登记"}).context["choices"] + county_only
    elsewhere = next(choice for choice in found if choice.elsewhere)
    shown = clerk.get(reverse("intake"), {"q": elsewhere.name})
    assert f"这里不收，请到{elsewhere.elsewhere}办" in text(shown)
    assert f'value="{elsewhere.code}"' not in shown.content.decode()
    refused = clerk.post(reverse("intake"), {"matter": elsewhere.code, "hall": GAOQIAO})
    assert refused.status_code == 409
    assert "请到" in text(refused)


def test_nothing_found_says_what_to_try(clerk: Client) -> None:
    assert "换个说法试试" in text(clerk.get(reverse("intake"), {"q": "没有这样的事"}))


@pytest.mark.parametrize("words", ["%", "_", "'", '"', "\\", "\x00", "a" * 5000, "<script>", "😀", "宅 " * 200])
def test_odd_words_find_nothing_or_something_but_break_nothing(clerk: Client, words: str) -> None:
    for name in ("intake", "intake_matters"):
        answer = clerk.get(reverse(name), {"q": words})
        assert answer.status_code == 200
        assert "<script>" not in answer.content.decode().split("</head>")[-1]


def test_twelve_are_offered_the_used_ones_first(clerk: Client) -> None:
    fresh = [choice.code for choice in clerk.get(reverse("intake")).context["choices"]]
    assert len(fresh) == 12
    assert len(set(fresh)) == 12
    for _ in range(2):
        a_case(id_number=an_id_number())
    used = [choice.code for choice in clerk.get(reverse("intake")).context["choices"]]
    assert used[0] == HOMESTEAD
    assert len(used) == 12


@pytest.mark.parametrize("code", ["", "NY-999", "x" * 300, "NY-003'--"])
def test_an_unknown_matter_is_refused(clerk: Client, code: str) -> None:
    assert clerk.post(reverse("intake"), {"matter": code, "hall": GAOQIAO}).status_code == 422


def test_a_second_click_on_a_matter_opens_the_same_draft(clerk: Client) -> None:
    first, second = opened(clerk), opened(clerk)
    assert first.pk == second.pk
    send(clerk, "applicant", first, **PERSON)
    assert opened(clerk).pk != first.pk


def test_a_foreign_hall_in_the_form_is_replaced_by_the_own_one(clerk: Client) -> None:
    clerk.post(reverse("intake"), {"matter": HOMESTEAD, "hall": "500236272"})
    assert set(Application.objects.values_list("hall__code", flat=True)) == {GAOQIAO}


def test_who_does_not_file_is_told_so(as_: Callable[[str], Client]) -> None:
    for role in ("township_examiner", "supervisor", "catalogue_editor"):
        answer = as_(role).get(reverse("intake"))
        assert answer.status_code == 403
        assert "请由村代办员或综合窗口受理员新办" in text(answer)


def test_without_a_login_every_page_asks_for_one() -> None:
    case = a_case("submitted")
    file_id = "00000000-0000-4000-8000-000000000000"
    for url in (
        reverse("intake"),
        reverse("intake_matters"),
        *(page(name, case) for name in ("tasks", "applicant", "details", "materials", "check")),
        reverse("receipt", args=[case.number]),
        reverse("receipt_print", args=[case.number]),
        reverse("material_file", args=[file_id]),
        reverse("material_thumb", args=[file_id]),
    ):
        answer = Client().get(url)
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("login"))


# --- drafts stay -----------------------------------------------------------------------------------------------------


def test_an_unsent_draft_is_listed_with_its_age_and_what_it_lacks(
    clerk: Client, travel: Callable[[str], datetime]
) -> None:
    travel("2026-03-02 09:12")
    case = opened(clerk)
    shown = text(clerk.get(reverse("intake")))
    assert "还有 1 件没提交" in shown
    assert "还没填申请人" in shown
    assert "今天 09:12" in shown
    send(clerk, "applicant", case, **PERSON)
    travel("2026-03-06 10:00")
    shown = text(clerk.get(reverse("intake")))
    assert "张** · 农村村民宅基地审批" in shown
    assert "材料还有 7 份没选" in shown
    assert "已放 4 天前" in shown


def test_the_task_list_says_how_far_each_part_has_come(clerk: Client) -> None:
    case = opened(clerk)
    states = [row["state_words"] for row in clerk.get(page("tasks", case)).context["tasks"]]
    assert states == ["已选", "未开始", "可以不填", "未开始", "填完上面才能交"]
    send(clerk, "applicant", case, **PERSON)
    send(clerk, "materials", case, declared_1="later", declared_2="have")
    states = [row["state_words"] for row in clerk.get(page("tasks", case)).context["tasks"]]
    assert states == ["已选", "已填", "可以不填", "还有 5 份没选", "填完上面才能交"]
    send(clerk, "materials", case, **{f"declared_{n}": "have" for n in range(2, 8)})
    states = [row["state_words"] for row in clerk.get(page("tasks", case)).context["tasks"]]
    assert states == ["已选", "已填", "可以不填", "缺 1 份", "可以提交"]


def test_going_back_loses_nothing(clerk: Client) -> None:
    case = opened(clerk)
    send(clerk, "applicant", case, **PERSON, address="高桥村 3 组")
    send(clerk, "details", case, group="3 组", reason="危房翻建")
    send(clerk, "materials", case, declared_1="have", declared_2="later")
    again = clerk.get(page("applicant", case)).content.decode()
    assert 'value="张大山"' in again
    assert 'value="高桥村 3 组"' in again
    assert "已填 110*************2X，不改就空着" in again
    assert "11010519491231002X" not in again
    assert "危房翻建" in clerk.get(page("details", case)).content.decode()
    materials = clerk.get(page("materials", case)).content.decode()
    assert re.search(r'name="declared_1" value="have" checked', materials)
    assert re.search(r'name="declared_2" value="later" checked', materials)


def test_what_was_sealed_stays_when_it_is_left_empty(clerk: Client) -> None:
    case = opened(clerk)
    send(clerk, "applicant", case, **PERSON)
    send(clerk, "applicant", case, id_kind="resident", name="张大川", id_number="", phone="")
    who = Application.objects.get(pk=case.pk).applicant
    assert who is not None
    assert (who.name, who.open_id_number(), who.open_phone()) == ("张大川", "11010519491231002X", "13912345678")
    send(clerk, "applicant", case, id_kind="resident", name="张大川", id_number="", phone="", no_phone="on")
    who.refresh_from_db()
    assert who.open_phone() == ""
    answer = send(clerk, "applicant", case, id_kind="other", name="张大川", id_number="", phone="")
    assert answer.status_code == 422  # another kind of paper has another number


def test_saving_for_later_goes_back_to_the_list(clerk: Client) -> None:
    case = opened(clerk)
    assert send(clerk, "applicant", case, **PERSON, then="list")["Location"] == page("tasks", case)


def test_the_amber_bar_names_the_person_until_one_leaves(clerk: Client) -> None:
    case = opened(clerk)
    assert "正在为" not in text(clerk.get(page("applicant", case)))
    send(clerk, "applicant", case, **PERSON)
    for name in ("tasks", "applicant", "details", "materials", "check"):
        shown = text(clerk.get(page(name, case)))
        assert "正在为 张** 代办" in shown
        assert "结束代办" in shown
    left = clerk.post(page("leave", case), follow=True)
    assert "已结束为 张** 代办" in text(left)
    assert "正在为" not in text(left)
    assert Application.objects.get(pk=case.pk).status == Status.DRAFT


# --- wrong input -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"id_number": "110105194912310021"}, "id_number", "校验位不对"),
        ({"id_number": "110105491231002"}, "id_number", "15 位的旧号码"),
        ({"id_number": "110105209912310023"}, "id_number", "还没有到"),
        ({"id_number": "110105194913310025"}, "id_number", "不存在"),
        ({"id_number": "11010519491231"}, "id_number", "现在是 14 位"),
        ({"id_number": ""}, "id_number", "请填写身份证号"),
        ({"id_number": "张三"}, "id_number", "应为 18 位"),
        ({"id_kind": "uscc", "id_number": "91310230MA1K314J7D"}, "id_number", "统一社会信用代码校验位不对"),
        ({"id_kind": "other", "id_number": "123"}, "id_number", "4 到 32 位"),
        ({"name": ""}, "name", "请照证件填写全名"),
        ({"name": "张"}, "name", "2 到 64 个字"),
        ({"name": "张" * 65}, "name", "64"),
        ({"name": "张\x00三"}, "name", "不允许"),
        ({"phone": "12345"}, "phone", "11 位手机号"),
        ({"address": "村" * 201}, "address", "200"),
    ],
)
def test_a_fault_is_shown_at_its_field_with_the_cure(
    clerk: Client, changes: dict[str, str], field: str, said: str
) -> None:
    case = opened(clerk)
    answer = send(clerk, "applicant", case, **PERSON | changes)
    assert answer.status_code == 422
    assert said in "".join(answer.context["form"].errors[field])
    shown = answer.content.decode()
    assert "还有几处要改" in shown
    assert f'href="#id_{field}"' in shown
    assert "<title>错误：" in shown
    assert Application.objects.get(pk=case.pk).applicant is None


def test_all_faults_are_told_at_once(clerk: Client) -> None:
    answer = send(clerk, "applicant", opened(clerk), id_kind="resident", name="张", id_number="1", phone="2")
    assert set(answer.context["form"].errors) == {"name", "id_number", "phone"}


def test_what_was_typed_wrong_is_still_there(clerk: Client) -> None:
    answer = send(clerk, "applicant", opened(clerk), **PERSON | {"id_number": "110105194912310021"})
    assert 'value="110105194912310021"' in answer.content.decode()
    assert 'value="张大山"' in answer.content.decode()


@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999", "1.5"])
def test_a_page_without_a_version_is_not_taken(clerk: Client, version: str) -> None:
    assert clerk.post(page("applicant", opened(clerk)), {"version": version, **PERSON}).status_code == 422


@pytest.mark.parametrize("kind", ["x", "RESIDENT", "<b>"])
def test_an_unknown_kind_of_paper_is_read_as_an_identity_card(clerk: Client, kind: str) -> None:
    answer = clerk.get(page("applicant", opened(clerk)), {"kind": kind})
    assert answer.status_code == 200
    assert "身份证号" in text(answer)


def test_a_long_reason_is_refused(clerk: Client) -> None:
    answer = send(clerk, "details", opened(clerk), reason="长" * 501)
    assert answer.status_code == 422


def test_nothing_is_sent_before_everything_is_answered(clerk: Client) -> None:
    case = opened(clerk)
    shown = text(send(clerk, "check", case, applicant_checked="on"))
    assert "还没有填「给谁办」" in shown
    assert "还有 7 份材料没有选" in shown
    case = filled(clerk, case)
    answer = send(clerk, "check", case)
    assert answer.status_code == 422
    assert "请让申请人核对后打勾" in text(answer)
    assert Application.objects.get(pk=case.pk).status == Status.DRAFT


# --- twice, at once, too late -----------------------------------------------------------------------------------------


def test_a_double_click_gives_one_case_and_the_same_receipt(clerk: Client) -> None:
    case = filled(clerk)
    first = send(clerk, "check", case, applicant_checked="on", version=case.version)
    second = send(clerk, "check", case, applicant_checked="on", version=case.version)
    assert first["Location"] == second["Location"]
    assert Event.objects.filter(application=case, verb="submit").count() == 1


def test_after_sending_the_pages_of_the_draft_lead_to_the_receipt(clerk: Client) -> None:
    case = filled(clerk)
    receipt = send(clerk, "check", case, applicant_checked="on")["Location"]
    for name in ("tasks", "applicant", "details", "materials", "check"):
        assert clerk.get(page(name, case))["Location"] == receipt
    assert send(clerk, "applicant", case, **PERSON).status_code == 409
    assert send(clerk, "materials", case, declared_1="have").status_code == 409


def test_a_page_from_before_another_edit_is_refused_and_changes_nothing(clerk: Client) -> None:
    case = filled(clerk)
    old = case.version - 1
    for name, data in (
        ("applicant", PERSON | {"name": "李四光"}),
        ("details", {"group": "9 组"}),
        ("materials", {"declared_1": "later"}),
        ("check", {"applicant_checked": "on"}),
    ):
        answer = send(clerk, name, case, version=old, **data)
        assert answer.status_code == 409
        assert "页面已经过时" in text(answer)
    after = Application.objects.get(pk=case.pk)
    assert (after.version, after.status, after.form) == (case.version, Status.DRAFT, {})
    assert after.applicant is not None
    assert after.applicant.name == "张大山"


def test_a_withdrawn_case_still_shows_its_receipt(clerk: Client, seeded: Seed) -> None:
    case = a_case("submitted")
    withdraw(case.pk, actor=seeded.actor("village_clerk"), reason="申请人不办了")
    assert clerk.get(page("check", case), follow=True).status_code == 200


# --- other people's ---------------------------------------------------------------------------------------------------


def test_another_villages_clerk_finds_neither_draft_nor_receipt(as_: Callable[[str], Client], clerk: Client) -> None:
    draft, sent = opened(clerk), a_case("submitted")
    neighbour = as_("neighbour_clerk")
    for url in (
        *(page(name, one) for name in ("tasks", "applicant", "details", "materials", "check") for one in (draft, sent)),
        reverse("receipt", args=[sent.number]),
        reverse("receipt_print", args=[sent.number]),
    ):
        assert neighbour.get(url).status_code == 404, url
    for name, data in (
        ("applicant", PERSON),
        ("materials", {"declared_1": "have"}),
        ("check", {"applicant_checked": 1}),
    ):
        assert send(neighbour, name, draft, **data).status_code == 404
    assert neighbour.post(page("leave", draft)).status_code == 404
    assert "没提交" not in text(neighbour.get(reverse("intake")))


def test_the_township_sees_the_sent_case_but_not_the_draft(as_: Callable[[str], Client], clerk: Client) -> None:
    window = as_("township_window")
    assert window.get(page("tasks", opened(clerk))).status_code == 404
    assert window.get(reverse("receipt", args=[a_case("submitted").number])).status_code == 200


@pytest.mark.parametrize("number", ["1", "5002362600000010", "0" * 16, "5" * 40, "abc"])
def test_an_unknown_number_has_no_receipt(clerk: Client, number: str) -> None:
    assert clerk.get(reverse("receipt", args=[number])).status_code == 404


# --- the same person, the same matter ---------------------------------------------------------------------------------


def test_a_twin_in_another_village_names_only_the_township_hall(clerk: Client) -> None:
    person = an_id_number()
    far = a_case("accepted", village=FAR, id_number=person, name="李四光")
    case = opened(clerk)
    answer = send(clerk, "applicant", case, **PERSON | {"id_number": person})
    assert answer.status_code == 302  # warned, not forbidden
    for name in ("tasks", "applicant", "check"):
        page_text = clerk.get(page(name, case)).content.decode()
        assert "请先问一句，别重复办" in page_text
        assert far.hall.parent is not None
        assert far.hall.parent.name in page_text
        for secret in (far.number, far.hall.name, far.hall.short_name, "李四光", str(far.key)):
            assert str(secret) not in page_text
    filled(clerk, case)
    assert send(clerk, "check", case, applicant_checked="on").status_code == 302


def test_a_twin_of_the_own_hall_is_linked(clerk: Client) -> None:
    person = an_id_number()
    own = a_case("submitted", id_number=person)
    case = opened(clerk)
    send(clerk, "applicant", case, **PERSON | {"id_number": person})
    assert own.display_number in text(clerk.get(page("tasks", case)))


def test_a_finished_case_another_matter_and_a_foreign_draft_are_no_twins(clerk: Client) -> None:
    person = an_id_number()
    a_case("withdrawn", id_number=person)
    a_case("draft", village=FAR, id_number=person)
    case = opened(clerk)
    send(clerk, "applicant", case, **PERSON | {"id_number": person})
    assert "请先问一句" not in text(clerk.get(page("tasks", case)))
