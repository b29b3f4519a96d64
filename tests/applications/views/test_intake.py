"""The village clerk takes a case in: page by page, with every slip of the hand that happens."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from applications.domain.lifecycle import Status
from applications.models import Application, Event
from halls.domain.duties import PostKind
from halls.models import Post
from halls.scopes import grant_posts
from tests.applications.views._intake_steps import FAR, PERSON, opened, page, send, text
from tests.factories.cases import HOMESTEAD, a_case, a_picture, an_id_number
from tests.factories.halls import GAOQIAO
from tests.seed import Seed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]


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
        "太和土家族乡便民服务中心最晚 3月3日（周二，含当日）看完材料",
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


# --- more than one hall -----------------------------------------------------------------------------------------------


def test_a_clerk_of_two_villages_chooses_where_the_case_is_taken_in(clerk: Client, seeded: Seed) -> None:
    assert 'name="hall"' not in clerk.get(reverse("intake")).content.decode().split("<form method")[0]
    neighbour = seeded.hall(FAR)
    user = seeded.user("village_clerk")
    post = Post.objects.create(
        user=user, kind=PostKind.VILLAGE_CLERK, title="代办员", hall=neighbour, starts_on=date(2026, 1, 5)
    )
    grant_posts([post])
    shown = clerk.get(reverse("intake"))
    assert [hall.code for hall in shown.context["halls"]] == [GAOQIAO, FAR]
    assert neighbour.name in text(shown)
    answer = clerk.post(reverse("intake"), {"matter": HOMESTEAD, "hall": FAR})
    case = Application.objects.get(key=answer["Location"].split("/")[2])
    assert case.hall.code == FAR
    assert neighbour.short_name in text(clerk.get(reverse("intake")))
