"""What goes wrong at the intake: slips of the hand, two presses, old pages, strangers, the same person twice."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from applications.actions.withdraw import withdraw
from applications.domain.lifecycle import Status
from applications.models import Application, Event
from tests.applications.views._intake_steps import FAR, PERSON, filled, opened, page, send, text
from tests.factories.cases import a_case, an_id_number
from tests.seed import Seed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]


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
        ({"name": "张\x00三"}, "name", "控制字符"),
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


def test_a_receipt_printed_again_says_when_and_asks_for_nothing_that_came_too_late(clerk: Client, seeded: Seed) -> None:
    case = a_case("submitted")
    fresh = text(clerk.get(reverse("receipt_print", args=[case.number])))
    assert "补打于" not in fresh
    withdraw(case.pk, actor=seeded.actor("village_clerk"), reason="申请人不办了")
    again = text(clerk.get(reverse("receipt_print", args=[case.number])))
    assert "补打于" in again
    assert "稍后补" not in again


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


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_two_presses_at_the_very_same_moment_are_one_case(as_: Callable[[str], Client], clerk: Client) -> None:
    case = filled(clerk)
    answers: list[str] = []

    def press() -> None:
        try:
            browser = as_("village_clerk")
            answers.append(send(browser, "check", case, applicant_checked="on", version=case.version)["Location"])
        finally:
            connection.close()

    pair = [Thread(target=press) for _ in range(2)]
    for thread in pair:
        thread.start()
    for thread in pair:
        thread.join()
    assert len(answers) == 2
    assert len(set(answers)) == 1
    assert Event.objects.filter(application=case, verb="submit").count() == 1
