"""What everybody may see: the landing page, and a case for whoever holds its receipt."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.actions.deliver import Handing, deliver
from applications.domain.numbers import case_number
from applications.models import Application, LookUpFailure
from applications.sealing import query_code, query_token
from halls.domain.duties import Duty
from matters.models import Matter
from tests.factories.cases import TRAITS, a_case, a_picture, holder_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
FILED = [trait for trait in TRAITS if trait != "draft"]
FORM = "/progress/"


@pytest.fixture
def anybody() -> Client:
    return Client()


def page_of(case: Application) -> str:
    return reverse("progress_by_token", args=[f"{case.number}.{query_token(case.number or '')}"])


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


# --- landing ---------------------------------------------------------------------------------------------------------


def test_the_first_page_offers_search_progress_and_the_login(anybody: Client) -> None:
    answer = anybody.get("/")
    shown = answer.content.decode()
    assert "您想办什么？" in shown
    for name in ("guide_list", "progress", "login"):
        assert f'"{reverse(name)}"' in shown
    assert "奉节县" in shown
    names = [row["name"] for row in answer.context["matters"]]
    assert len(names) == 12
    assert names[:2] == ["城乡居民基本医疗保险参保登记", "城乡居民基本养老保险参保登记"]
    assert "示例数据" in shown[shown.index("大家常办的") :][:300]


def test_a_common_matter_that_is_paused_makes_room_for_another(anybody: Client) -> None:
    Matter.objects.filter(code="YB-001").update(paused_on=date(2026, 3, 2), closing_reason="系统升级")
    names = [row["name"] for row in anybody.get("/").context["matters"]]
    assert len(names) == 12
    assert "城乡居民基本医疗保险参保登记" not in names


def test_people_at_work_go_on_to_their_desk(clerk: Client) -> None:
    assert clerk.get("/")["Location"] == reverse("home")


# --- number and code -------------------------------------------------------------------------------------------------


def test_number_and_code_as_people_type_them_open_the_page(anybody: Client) -> None:
    case = a_case("accepted")
    number = case.number or ""
    code = query_code(number)
    for typed in (
        (number, code),
        (case.display_number, f"{code[:4]} {code[4:]}".lower()),
        (f"　{number} ", f" {code}　"),
    ):
        answer = anybody.post(FORM, {"number": typed[0], "code": typed[1]})
        assert answer["Location"] == page_of(case)
    assert anybody.get(page_of(case)).status_code == 200


def test_an_unknown_number_and_a_wrong_code_get_the_same_answer(anybody: Client) -> None:
    case = a_case("submitted")
    answers = [
        anybody.post(FORM, {"number": number, "code": "ABCD2345"})
        for number in (case.number, case_number("500236", date(2026, 3, 2), 9_999_999))
    ]
    assert {answer.status_code for answer in answers} == {422}
    pages = {re.sub(r'value="[^"]*"', "", answer.content.decode()) for answer in answers}
    assert len(pages) == 1
    assert "编号和查询码对不上" in text(answers[0])


@pytest.mark.parametrize(
    ("number", "code", "field", "said"),
    [
        ("", "ABCD2345", "number", "请照回执输入 16 位办件编号"),
        ("5002362600000011", "", "code", "请照回执输入 8 位查询码"),
        ("123", "ABCD2345", "number", "16 位数字"),
        ("5002362600000012", "ABCD2345", "number", "有一位输错了"),
        ("5" * 60, "ABCD2345", "number", "40"),
        ("\x00" * 16, "ABCD2345", "number", "控制字符"),
    ],
)
def test_a_slip_in_the_form_is_told_with_the_cure(
    anybody: Client, number: str, code: str, field: str, said: str
) -> None:
    answer = anybody.post(FORM, {"number": number, "code": code})
    assert answer.status_code == 422
    assert said in "".join(answer.context["form"].errors[field])


def test_trying_codes_is_stopped_and_the_paper_still_works(anybody: Client) -> None:
    case = a_case("submitted")
    statuses = [anybody.post(FORM, {"number": case.number, "code": f"ABCD23{n:02d}"}).status_code for n in range(12)]
    assert statuses[:9] == [422] * 9
    assert statuses[-1] == 429
    assert LookUpFailure.objects.exists()
    assert anybody.post(FORM, {"number": case.number, "code": query_code(case.number or "")}).status_code == 429
    assert anybody.get(page_of(case)).status_code == 200


@pytest.mark.parametrize("make", [
    lambda number, token: f"{number}.{token[:-1]}",
    lambda number, token: f"{number}.",
    lambda number, token: number,
    lambda number, token: f"{number}.{token}x",
    lambda number, token: f"{number}.{query_code(number)[::-1]}",
    lambda number, token: f".{token}",
    lambda number, token: f"{number[:-1]}x.{token}",
    lambda number, token: f"{number}.令牌",
])  # fmt: skip
def test_a_ticket_that_was_changed_opens_nothing(anybody: Client, make: Callable[[str, str], str]) -> None:
    case = a_case("submitted")
    number = case.number or ""
    answer = anybody.get(reverse("progress_by_token", args=[make(number, query_token(number))]))
    assert answer.status_code in (404, 422)
    assert "农村村民宅基地审批" not in text(answer)


def test_a_draft_cannot_be_looked_up(anybody: Client) -> None:
    a_case("draft")
    assert anybody.get(reverse("progress_by_token", args=[f"None.{query_token('None')}"])).status_code == 422


# --- the page --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("trait", FILED)
def test_every_state_is_told_without_a_name(anybody: Client, trait: str) -> None:
    case = a_case(trait, name="诸葛孔明", id_number="11010519491231002X", phone="13912345678")
    answer = anybody.get(page_of(case))
    assert answer.status_code == 200
    page = answer.content.decode()
    for secret in ("诸葛", "诸*", "11010519491231002X", "1949", "13912345678", "139******", "一组 1 号"):
        assert secret not in page
    assert answer.context["case"].words in page
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "no-referrer"
    states = [step["state"] for step in answer.context["stair"]]
    assert states[0] == "done"
    assert "提交凭证" in page
    current = [step for step in answer.context["stair"] if step["state"] in ("current", "paused")]
    ended = trait in ("declined", "withdrawn", "delivered")
    assert len(current) == (0 if ended else 1), states


def test_the_stair_says_where_a_case_waits_for_acceptance(anybody: Client) -> None:
    steps = anybody.get(page_of(a_case("submitted"))).context["stair"]
    shown = [(step["name"], step["level"], step["where"], step["state"]) for step in (*steps[:2], steps[-1])]
    assert shown == [
        ("交材料", "village", "高桥村便民服务点", "done"),
        ("受理", "township", "太和土家族乡便民服务中心", "current"),
        ("送到您手上", "village", "高桥村便民服务点", "todo"),
    ]


def test_a_correction_stands_on_the_stair_as_the_villagers_own_step(anybody: Client) -> None:
    answer = anybody.get(page_of(a_case("correcting")))
    steps = [(step["name"], step["state"]) for step in answer.context["stair"][:3]]
    assert steps == [("交材料", "done"), ("补材料", "current"), ("受理", "todo")]
    assert "请最晚这天补齐材料" in text(answer)


def test_a_county_case_goes_up_to_the_county_and_back(anybody: Client) -> None:
    case = a_case("accepted", matter="MZ-001")
    levels = [step["level"] for step in anybody.get(page_of(case)).context["stair"]]
    assert levels[0] == levels[-1] == "village"
    assert {"township", "county"} <= set(levels)


def test_the_dates_that_run_are_told(anybody: Client, travel: Callable[[str], datetime]) -> None:
    travel("2026-03-02 10:00")
    case = a_case("suspended")
    shown = text(anybody.get(page_of(case)))
    assert "3月9日 （周一）" in shown
    assert "暂停到这天过完，这段时间不计入办理时限；承办单位最晚 3月10日（周二）办结这一步" in shown
    travel("2026-12-28 10:00")
    shown = text(anybody.get(page_of(a_case("accepted"))))
    assert "承诺最晚这天办结" in shown
    assert "暂算" in shown


# --- cost ------------------------------------------------------------------------------------------------------------


def statements(client: Client, address: str, data: dict[str, str] | None = None) -> int:
    with CaptureQueriesContext(connection) as seen:
        client.post(address, data) if data else client.get(address)
    return len([query for query in seen.captured_queries if "SAVEPOINT" not in query["sql"]])


def test_what_a_look_up_costs(anybody: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("random.randrange", lambda _n: 1)  # the clean-up now and then is not counted
    case = a_case("accepted")
    number = case.number or ""
    anybody.get(page_of(case))  # the calendar and the county's name are kept
    assert statements(anybody, FORM, {"number": number, "code": query_code(number)}) == 2
    assert statements(anybody, FORM, {"number": number, "code": "WRONG234"}) == 1
    assert statements(anybody, page_of(case)) == 5  # the look-up itself (2); who accepted, papers, dates
    assert statements(anybody, "/") == 2  # what is asked most, the bundles
    assert statements(anybody, FORM) == 0


# --- as it stands ----------------------------------------------------------------------------------------------------


def test_after_the_delivery_nothing_is_still_to_come(anybody: Client) -> None:
    case = a_case("delivered")
    shown = text(anybody.get(page_of(case)))
    assert "已经送达，不用再来" in shown
    last = shown[shown.index("送到您手上") :][:60]
    assert "已办" in last
    assert "太和土家族乡便民服务中心" in last  # it was handed out at the township's window
    assert re.search(r"\d+月\d+日", last)
    for early in ("请带身份证", "等代办员", "最晚这天", "正在"):
        assert early not in shown, early


@pytest.mark.parametrize("trait", ["accepted", "granted", "ready", "delivered", "withdrawn"])
def test_a_receipt_that_is_opened_later_speaks_of_the_case_as_it_stands(clerk: Client, trait: str) -> None:
    case = a_case(trait)
    receipt = text(clerk.get(reverse("receipt", args=[case.number])))
    paper = text(clerk.get(reverse("receipt_print", args=[case.number])))
    for shown in (receipt, paper):
        assert "核验材料，决定是否受理" not in shown
        assert "材料齐全就受理" not in shown
        assert ("通知您来取" in shown) is (trait == "accepted")
        assert "请尽快补交" not in shown
    if trait == "delivered":
        assert "已经送达，不用再来" in receipt
        assert "接下来" not in receipt
        assert "办理情况" in paper


def test_a_proof_of_delivery_bears_the_day_and_the_signature(clerk: Client) -> None:
    case = a_case("delivered")
    proof = case.documents.get(kind="proof_of_delivery")
    answer = clerk.get(reverse("case_paper", args=[case.number, proof.pk]))
    shown = text(answer)
    assert re.search(r"签收日期 \d{4}年\d+月\d+日", shown)
    sheet = answer.content.decode().split("<article", 1)[1].split("</article>", 1)[0]
    assert reverse("case_signature", args=[case.number, proof.pk]) in sheet


def test_a_refused_benefit_ends_with_its_decision_and_pays_nothing(anybody: Client, clerk: Client) -> None:
    case = a_case("refused", matter="MZ-004")
    answer = anybody.get(page_of(case))
    steps = [(step["name"], step["state"]) for step in answer.context["stair"]]
    assert steps[-3:] == [("审批", "done"), ("发放", "skipped"), ("《不予给付决定书》送到您手上", "current")]
    assert "不予批准" not in text(answer)
    assert [paper["title"] for paper in answer.context["papers"]][-1] == "不予给付决定书"
    shown = text(clerk.get(reverse("case", args=[case.number])))
    assert "送达《不予给付决定书》" in shown
    assert "发放 正在办" not in shown
    issuer = holder_of(Duty.ISSUE, case.result_path)
    deliver(case.pk, Handing("counter", "张大山", "本人", a_picture()), actor=issuer)
    steps = [(step["name"], step["state"]) for step in anybody.get(page_of(case)).context["stair"]]
    assert steps[-2:] == [("发放", "skipped"), ("《不予给付决定书》送到您手上", "done")]
    assert "发放 已办" not in text(clerk.get(reverse("case", args=[case.number])))
