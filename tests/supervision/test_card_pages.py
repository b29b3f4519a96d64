"""The pages of cards: what each reader sees and may press, what leaves, how many statements it takes."""

import re
from datetime import date
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from halls.models import User
from supervision.actions.confirm_card import confirm_card
from supervision.actions.exclude import Span, confirm_exclusion, propose_exclusion
from supervision.actions.issue_card import issue_card
from supervision.actions.open_accounts import open_accounts
from supervision.domain.faults import FAULTS
from supervision.models import Accountability, AccountAct, CardReview, EvidenceDownload, ExclusionRule, LimitWarning
from supervision.models.card_review import life
from tests.factories.cases import a_picture
from tests.supervision.cards import card_by_hand, charge, late_card, staffed, told
from tests.supervision.county import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(county):
    return staffed(county)


def visitor(county, name):
    client = Client()
    client.force_login(User.objects.get(pk=county.people[name].pk))
    return client


def text_of(answer):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def page_of(card):
    return reverse("supervision_card", args=[card.pk])


def press(county, card, who, act, **values):
    return visitor(county, who).post(page_of(card), {"act": act, "reason": "已核对办件记录"} | values)


def test_a_card_explains_itself(people):
    card = late_card(people)
    shown = text_of(visitor(people, "supervisor").get(page_of(card)))
    for words in (
        card.number,
        "已发",
        "超过",
        "东乡便民服务中心",
        "当时的责任人",
        "示例人员",
        "自动发出",
        "本月黄牌",
        "个工作日内可以申诉",
    ):
        assert words in shown, words
    page = visitor(people, "supervisor").get(page_of(card)).content.decode()
    assert reverse("clock_statement", args=[card.application.number, card.clock_id]) in page
    paper = text_of(visitor(people, "supervisor").get(reverse("supervision_card_paper", args=[card.pk])))
    assert "黄牌通知书" in paper
    assert paper.count(people.hall.name) == 2  # heads and signs it
    assert "经查，你单位在承办办件" in paper
    assert "现予以黄牌" in paper
    assert "2026年3月10日 09:00" in paper
    assert "2026-03" not in paper
    assert paper.count(card.number) == 1
    assert "看怎么算的" not in paper
    for words in ("届满", " 超过 ", "由县监察员决定"):
        assert words in paper


def test_from_the_hand_to_the_appeal_by_the_pages_alone(people):
    case = people.accepted(people.matter(promised=9))
    at("2026-03-04 10:00")
    asked = visitor(people, "supervisor")
    new = reverse("supervision_card_issue")
    assert asked.get(new).status_code == 200
    assert asked.get(f"{new}?case=12").status_code == 422
    assert asked.get(f"{new}?case={case.number}").status_code == 200
    body = {
        "level": "red", "body": people.townships[0].path, "fault": "no_reasons", "happened_on": "2026-03-03",
        "facts": "没有写明理由", "citation": "《行政许可法》第三十八条",
    }  # fmt: skip
    assert asked.post(f"{new}?case={case.number}", body | {"facts": ""}).status_code == 422
    assert asked.post(f"{new}?case={case.number}", body | {"happened_on": "2026-03-09"}).status_code == 422
    for name in ("level", "body", "fault"):
        first = asked.get(f"{new}?case={case.number}").context["form"].fields[name].choices[0]
        assert first == ("", "请选择")
        assert list(asked.post(f"{new}?case={case.number}", body | {name: ""}).context["form"].errors) == [name]
    bare = asked.post(f"{new}?case={case.number}", body | {"fault": "other", "citation": ""})
    assert list(bare.context["form"].errors) == ["citation"]
    assert asked.post(f"{new}?case={case.number}", body).status_code == 302
    card = LimitWarning.objects.get(mode="manual")
    assert "您提出的，由另一位监察员确认" in text_of(asked.get(page_of(card)))
    draft = asked.get(reverse("supervision_card_paper", args=[card.pk]))
    assert "红牌通知书（没有发出）" in text_of(draft)
    assert 'class="doc-sign"' not in draft.content.decode()
    assert visitor(people, "approver0").get(page_of(card)).status_code == 404
    assert press(people, card, "supervisor", "confirm").status_code == 409
    assert press(people, card, "second", "confirm").status_code == 302
    told()
    shown = visitor(people, "approver0").get(page_of(card))
    assert "没有写明理由" in text_of(shown)
    assert 'value="appeal"' in shown.content.decode()
    file = SimpleUploadedFile("照片.png", a_picture())
    assert press(people, card, "approver0", "appeal", reason=" ").status_code == 400
    assert press(people, card, "approver0", "appeal", file=SimpleUploadedFile("x.png", b"GIF")).status_code == 400
    assert press(people, card, "approver0", "appeal", file=file).status_code == 302
    assert "您提出的申诉由没有经手过这张牌的县监察员决定" in text_of(visitor(people, "approver0").get(page_of(card)))
    deciding = visitor(people, "third").get(page_of(card)).content.decode()
    assert re.findall(r'name="act" value="(\w+)"', deciding) == ["revoke", "uphold"]  # and no second box
    appeal = CardReview.objects.get(card=card, act="appeal")
    got = visitor(people, "third").get(reverse("supervision_card_file", args=[card.pk]))
    assert got["Content-Disposition"].startswith("attachment")
    assert "申诉待决定" in text_of(visitor(people, "third").get(reverse("supervision_warnings")))
    assert press(people, card, "second", "revoke", proposal=str(appeal.pk)).status_code == 409
    assert press(people, card, "third", "revoke", proposal=str(appeal.pk)).status_code == 302
    assert life(card).state == "revoked"
    assert "已撤销" in text_of(visitor(people, "approver0").get(page_of(card)))
    assert "已撤销" in text_of(visitor(people, "approver0").get(reverse("supervision_cards_own")))


def test_a_ground_left_empty_is_the_one_published_with_the_fault(people):
    case = people.accepted(people.matter(promised=9))
    at("2026-03-04 10:00")
    body = {
        "level": "red", "body": people.townships[0].path, "fault": "no_reasons", "happened_on": "2026-03-03",
        "facts": "没有写明理由", "citation": "",
    }  # fmt: skip
    sent = visitor(people, "supervisor").post(f"{reverse('supervision_card_issue')}?case={case.number}", body)
    assert sent.status_code == 302
    assert LimitWarning.objects.get(mode="manual").citation == FAULTS["no_reasons"].ground


# Who sees a township's card, and what the page lets them press.
PRESSED = [
    ("supervisor", {"propose"}),
    ("director0", set()),
    ("approver0", {"appeal"}),
    ("window0", set()),
    ("examiner0", set()),
    ("director1", None),
    ("approver1", None),
    ("bureau_approver", None),
    ("clerk0", None),
]


@pytest.mark.parametrize(("who", "acts"), PRESSED)
def test_what_each_reader_sees_and_may_press(people, who, acts):
    card = late_card(people)
    answer = visitor(people, who).get(page_of(card))
    if acts is None:
        assert answer.status_code == 404
        return
    assert set(re.findall(r'name="act" value="(\w+)"', answer.content.decode())) == acts
    for act in {"appeal", "propose", "confirm", "cancel"} - acts:
        assert press(people, card, who, act).status_code in (403, 409), act
    assert not CardReview.objects.exists()


def test_a_body_reads_its_own_cards_and_nobody_else_s(people):
    late_card(people)
    assert "黄牌" in text_of(visitor(people, "window0").get(reverse("supervision_cards_own")))
    for who in ("window1", "clerk0", "bureau_approver", "county_window", "supervisor"):
        assert "没有红黄牌" in text_of(visitor(people, who).get(reverse("supervision_cards_own"))), who


def test_a_ranking_names_whom_it_leaves_out_and_each_number_opens_its_rows(people):
    card = late_card(people)
    hall = people.townships[0]
    url = reverse("supervision_cards_ranking")
    asked = visitor(people, "supervisor")
    answer = asked.get(url)
    assert "所有单位都参加排名" in text_of(answer)
    [line] = answer.context["lines"]
    assert line["number"] is None
    assert "本月可以比较的单位不足 3 个，不排名次。" in text_of(answer)
    for cell in line["cells"]:
        if cell["value"]:
            assert f"共 {cell['value']} 条" in text_of(asked.get(cell["url"])), cell
    rule = propose_exclusion(
        Span(hall.code, date(2026, 3, 10), None, "示例府发〔2026〕9号"),
        actor=people.actor("supervisor"),
        reason="灾后重建",
    )
    confirm_exclusion(rule.pk, actor=people.actor("second"))
    assert [one["number"] for one in asked.get(url).context["lines"]] == [None], "it begins within the month"
    late_card(people, "red", "2026-04-20 09:00")
    answer = asked.get(url)
    assert [one["number"] for one in answer.context["lines"]] == [0]
    for words in ("不排名", "示例府发〔2026〕9号", "灾后重建", hall.name):
        assert words in text_of(answer)
    assert life(card).stands


def test_an_exclusion_is_proposed_confirmed_and_ended_by_the_pages(people):
    url = reverse("supervision_exclusions")
    body = {
        "body": people.bureau.code,
        "starts_on": "2026-03-02",
        "document_no": "示例府发〔2026〕9号",
        "reason": "机构改革",
    }
    assert visitor(people, "director0").post(url, body).status_code == 403
    assert visitor(people, "supervisor").post(url, body | {"starts_on": "2026-03-01"}).status_code == 422
    assert visitor(people, "supervisor").post(url, body).status_code == 302
    rule = ExclusionRule.objects.get()
    page = reverse("supervision_exclusion", args=[rule.pk])
    assert 'value="confirm"' not in visitor(people, "supervisor").get(page).content.decode()
    assert visitor(people, "supervisor").post(page, {"act": "confirm"}).status_code == 409
    assert visitor(people, "second").post(page, {"act": "confirm"}).status_code == 302
    assert "正在执行" in text_of(visitor(people, "director0").get(url))
    assert visitor(people, "second").post(page, {"act": "end", "reason": ""}).status_code == 422
    assert visitor(people, "second").post(page, {"act": "end", "reason": "改革完成"}).status_code == 302
    assert "已结束" in text_of(visitor(people, "supervisor").get(page))
    assert visitor(people, "second").post(page, {"act": "forget"}).status_code == 404


def test_an_account_is_handled_referred_and_its_evidence_taken_by_the_pages(people):
    card = late_card(people, "red", "2026-04-20 09:00")
    open_accounts()
    account = Accountability.objects.get(card=card)
    page = reverse("supervision_account", args=[account.pk])
    take = reverse("supervision_evidence", args=[account.pk])
    assert "已登记" in text_of(visitor(people, "director0").get(reverse("defaults_accountability")))
    deed = {"stage": "handle", "measure": "talk", "decided_by": "县政务服务局", "done_on": "2026-04-20", "note": "约谈"}
    assert visitor(people, "director0").post(page, deed).status_code == 403
    assert visitor(people, "supervisor").post(page, deed | {"decided_by": ""}).status_code == 422
    assert visitor(people, "supervisor").post(page, deed).status_code == 302
    assert visitor(people, "supervisor").post(take).status_code == 409
    refer = {"stage": "refer", "document_no": "示例移〔2026〕1号", "done_on": "2026-04-20", "note": "线索"}
    assert visitor(people, "supervisor").post(page, refer).status_code == 302
    assert visitor(people, "director0").post(take).status_code == 403
    assert visitor(people, "director1").get(page).status_code == 404
    answer = visitor(people, "supervisor").post(take)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    shown = text_of(visitor(people, "supervisor").get(page))
    assert EvidenceDownload.objects.get().sha256 in shown
    assert "约谈" in shown
    assert AccountAct.objects.count() == 2


def test_the_api_gives_cards_in_scope(people):
    card, other = late_card(people), card_by_hand_later(people)
    asked = visitor(people, "supervisor")
    listed = asked.get(reverse("api_cards"), {"level": "yellow"}).json()["results"]
    assert card.pk in [one["id"] for one in listed]
    found = asked.get(reverse("api_cards"), {"number": card.number}).json()["results"]
    assert [(one["id"], one["state"], one["code"]) for one in found] == [(card.pk, "issued", "Y")]
    waiting = asked.get(reverse("api_cards"), {"figure": "to_confirm"}).json()["results"]
    assert [(one["id"], one["mode"], one["code"]) for one in waiting] == [(other.pk, "manual", "D")]
    told_card = asked.get(reverse("api_card", args=[card.pk])).json()
    assert told_card["rule"]
    assert told_card["holders"]
    assert asked.get(reverse("api_cards"), {"number": "x"}).status_code == 422
    assert asked.get(reverse("api_cards"), {"level": "blue"}).status_code == 400
    own = visitor(people, "approver0").get(reverse("api_cards")).json()["results"]
    assert other.pk not in [one["id"] for one in own]
    assert card.pk in [one["id"] for one in own]
    assert visitor(people, "approver1").get(reverse("api_card", args=[card.pk])).status_code == 404


def card_by_hand_later(people):
    case = people.accepted(people.matter(promised=9))
    return issue_card(case.pk, charge(people, happened_on=date(2026, 3, 10)), actor=people.actor("supervisor"))


@pytest.mark.parametrize(
    "page", ["supervision_warnings", "supervision_cards_own", "supervision_cards_ranking", "defaults_accountability"]
)
def test_the_lists_take_as_many_statements_for_one_as_for_many(people, page):
    who = "window0" if page == "supervision_cards_own" else "supervisor"

    def statements():
        client = visitor(people, who)
        client.get(reverse(page))
        with CaptureQueriesContext(connection) as seen:
            assert client.get(reverse(page)).status_code == 200
        return len(seen)

    late_card(people, "red", "2026-04-20 09:00")
    open_accounts()
    few = statements()
    at("2026-03-02 10:00")
    for _ in range(3):
        late_card(people, "red", "2026-04-20 09:00")
        at("2026-03-02 10:00")
    at("2026-04-20 09:00")
    open_accounts()
    assert statements() == few


def test_a_card_by_hand_takes_no_clock_with_it(people):
    card = card_by_hand(people)
    shown = text_of(visitor(people, "supervisor").get(reverse("supervision_warnings")))
    assert "待发" in shown
    assert "没有说明理由" in shown
    assert card.clock_id is None


def test_a_card_that_waits_is_read_by_the_county_and_not_by_the_township_it_would_blame(people):
    issued, card = late_card(people), card_by_hand_later(people)
    director, supervisor = visitor(people, "director0"), visitor(people, "supervisor")
    assert supervisor.get(page_of(card)).status_code == 200
    assert director.get(page_of(issued)).status_code == 200  # the test has teeth
    assert director.get(page_of(card)).status_code == 404
    asked = {"figure": "to_confirm"}
    for client, number in ((supervisor, 1), (director, 0)):
        assert len(client.get(reverse("api_cards"), asked).json()["results"]) == number
        assert client.get(reverse("supervision_warnings"), asked).content.decode().count("待发") >= number
    assert card.pk not in [one["id"] for one in director.get(reverse("api_cards")).json()["results"]]
    assert card.application.display_number not in text_of(director.get(reverse("supervision_warnings"), asked))
    confirm_card(card.pk, actor=people.actor("second"), reason="属实")
    assert director.get(page_of(card)).status_code == 200
