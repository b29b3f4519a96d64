"""The pages, papers, files and the API of supervision orders: who sees what, what is filled in, what they cost."""

import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.authtoken.models import Token

from halls.models import User
from halls.selectors.work_calendar import read_moment
from supervision.actions.sweep import sweep
from supervision.models import LimitWarning, Message, OrderFile, SupervisionOrder
from supervision.selectors.order_papers import _post
from tests.factories.cases import a_picture
from tests.supervision.county import at
from tests.supervision.ordering import TEXTS, accept, give_up, issue, reply, send_back, withdraw

pytestmark = pytest.mark.django_db


def visitor(county, role):
    client = Client()
    client.force_login(User.objects.get(pk=county.people[role].pk))
    return client


def text_of(answer):
    return unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))


def lamp(answer):
    """What the lights of a page say."""
    return " ".join(re.findall(r'class="light".*?<b>(.*?)</b>', answer.content.decode()))


def numbers(answer):
    return [row["number"] for row in answer.context["rows"]]


def box(county, who, name):
    return numbers(visitor(county, who).get(reverse("orders"), {"box": name}))


@pytest.fixture
def several(county):
    """One order in every state, and one of the township's own."""
    waiting, replied, closed, failed, taken_back, late = (issue(county, title=f"第 {n} 件") for n in range(1, 7))
    for order in (replied, closed, failed):
        reply(county, order)
    accept(county, closed)
    give_up(county, failed)
    withdraw(county, taken_back)
    at("2026-03-12 10:00")
    county.orders = [waiting, replied, closed, failed, taken_back, late]
    county.own = issue(county, county.villages[0], by="director0", title="台账不全")
    return county


def test_the_boxes_hold_what_they_say(several):
    assert box(several, "director0", "reply") == ["督〔2026〕6号", "督〔2026〕1号"]
    assert box(several, "supervisor", "verify") == ["督〔2026〕2号"]
    assert box(several, "director0", "issued") == ["东乡督〔2026〕1号"]
    assert box(several, "supervisor", "overdue") == ["督〔2026〕6号", "督〔2026〕1号"]
    assert box(several, "supervisor", "closed") == ["督〔2026〕5号", "督〔2026〕4号", "督〔2026〕3号"]
    assert len(box(several, "supervisor", "all")) == 7
    assert box(several, "approver0", "reply") == ["东乡督〔2026〕1号"]
    assert box(several, "approver1", "all") == []
    assert visitor(several, "supervisor").get(reverse("orders"), {"box": "x"}).status_code == 422


def test_whoever_neither_watches_nor_decides_is_told_so(several):
    answer = visitor(several, "window0").get(reverse("orders"))
    assert answer.status_code == 403
    assert "不签发也不回复督办单" in text_of(answer)
    for who, shown in (("window0", False), ("approver0", True), ("director0", True)):
        page = visitor(several, who).get(reverse("messages")).content.decode()
        assert (f'href="{reverse("orders")}' in page) is shown


def test_lights_tell_how_the_reply_stands(several):
    rows = visitor(several, "supervisor").get(reverse("orders")).context["rows"]
    lights = {row["number"]: (row["light"]["kind"], row["light"]["words"]) for row in rows}
    assert lights["督〔2026〕1号"] == ("red", "已超 3 个工作日")
    assert lights["督〔2026〕2号"] == ("done", "按时回复")
    assert lights["督〔2026〕5号"] == ("none", "已撤回")
    assert lights["东乡督〔2026〕1号"][0] == "green"


def test_the_reminder_of_an_order_names_a_light_for_there_is_no_card(several):
    sweep()
    rows = visitor(several, "director0").get(reverse("messages")).context["rows"]
    kinds = {str(row["kind"]) for row in rows if "督办回复" in row["words"]}
    assert "黄灯（补记，现已红灯）" in kinds
    assert not kinds & {"黄牌", "红牌"}


def test_a_yellow_light_that_turned_red_says_both_and_an_ordered_card_is_no_light(several):
    term = several.orders[0].term
    assert term.due_at < read_moment().at, "the test has teeth"
    told = {"user": several.people["director0"], "kind": "limit", "level": "yellow", "made_at": read_moment().at}
    Message.objects.create(**told, key=f"term:{term.pk}:yellow", words="黄灯（补记）：第 1 件")
    Message.objects.create(**told, key=f"term:{several.own.term_id}:yellow", words="黄灯：台账不全")
    Message.objects.create(**told, key="order:1", words="黄牌 JC1 已转督办")
    page = visitor(several, "director0").get(reverse("messages"))
    assert [str(row["kind"]) for row in page.context["rows"][:3]] == ["黄牌", "黄灯", "黄灯（补记，现已红灯）"]


def test_a_chiefs_and_a_directors_first_page_lead_to_the_orders_that_wait_for_them(several):
    link = f'<p><a href="{reverse("orders")}?box=mine">'
    for who, page, count in (("approver0", "home", 1), ("director0", "supervision", 2), ("window0", "home", 0)):
        shown = visitor(several, who).get(reverse(page)).content.decode()
        assert (link in shown) is bool(count)
        assert (f"督办单：{count} 项等您办" in shown) is bool(count)


def test_a_reply_in_time_is_no_end_of_the_order(several):
    replied = several.orders[1]
    page = visitor(several, "supervisor").get(reverse("order", args=[replied.pk]))
    assert (page.context["term"]["light"]["kind"], page.context["term"]["light"]["words"]) == ("done", "按时回复")
    assert "停止计时" in [fact["term"] for fact in page.context["term"]["facts"]]
    assert "按时办结" not in text_of(page)
    assert "办结" not in lamp(page)
    assert "已回复" in lamp(page)
    page = visitor(several, "supervisor").get(reverse("order", args=[several.orders[3].pk]))
    assert (page.context["term"]["light"]["kind"], page.context["term"]["light"]["words"]) == ("red", "未整改")


def test_the_page_of_an_order_offers_what_may_be_done_and_explains_its_limit(several):
    waiting, replied, closed = several.orders[:3]

    def labels(who, order):
        found = visitor(several, who).get(reverse("order", args=[order.pk]))
        return [verb["label"] for verb in found.context["verbs"]]

    assert labels("director0", replied) == []
    assert labels("supervisor", replied) == ["核验通过，办结", "退回重办", "未整改，办结"]
    assert labels("director0", waiting) == ["回复"]
    assert labels("supervisor", waiting) == ["未整改，办结", "撤回"]  # overdue: no extension any more
    assert labels("supervisor", closed) == []
    text = text_of(visitor(several, "director0").get(reverse("order", args=[waiting.pk])))
    for words in (TEXTS["facts"], TEXTS["demand"], TEXTS["basis"], "逐日计算", "督办通知单"):
        assert words in text
    assert "监察建议书" not in text  # the supervisory commission's paper
    assert visitor(several, "approver1").get(reverse("order", args=[waiting.pk])).status_code == 404


def test_an_order_is_issued_from_a_case_with_what_is_known_filled_in(county):
    case = county.accepted(county.matter())
    client = visitor(county, "supervisor")
    link = f"{reverse('order_new')}?case={case.number}"
    assert link in client.get(reverse("case", args=[case.number])).content.decode()
    assert link in client.get(reverse("supervision_cases")).content.decode()
    form = client.get(link)
    assert case.display_number in form.context["form"].initial["facts"]
    assert client.post(link, {"facts": "", "demand": "", "basis": ""}).status_code == 422
    answer = client.post(link, TEXTS, follow=True)
    order = SupervisionOrder.objects.get()
    assert order.application_id == case.pk
    assert order.number in text_of(answer)
    assert "督办：督〔2026〕1号" in text_of(client.get(f"{reverse('case', args=[case.number])}?tab=record"))
    assert "督〔2026〕" not in text_of(
        visitor(county, "window0").get(f"{reverse('case', args=[case.number])}?tab=record")
    )
    assert client.post(link, TEXTS).status_code == 409


def test_an_order_is_issued_from_a_card(county):
    county.accepted(county.matter(promised=2))
    at("2026-03-10 10:00")
    sweep()
    card = LimitWarning.objects.filter(level="yellow").latest("pk")
    client = visitor(county, "supervisor")
    link = f"{reverse('order_new')}?card={card.pk}"
    for page in (reverse("supervision_warnings"), reverse("supervision_card", args=[card.pk])):
        assert link in client.get(page).content.decode()
    facts = client.get(link).context["form"].initial["facts"]
    number, organ = card.application.display_number, county.townships[0].name
    assert facts == (
        f"办件 {number}（{card.application.matter.name}）由{organ}承办，因超过环节时限被发黄牌，"
        "该黄牌自2026年3月4日生效、2026年3月10日登记。"
    )
    client.post(link, TEXTS)
    assert SupervisionOrder.objects.get().card_id == card.pk
    for wrong in ("x", "9" * 30, "999999"):
        assert client.get(reverse("order_new"), {"card": wrong}).status_code == 404


def test_a_matter_of_its_own_is_ordered_from_a_chosen_organ(county):
    client = visitor(county, "director0")
    organs = dict(client.get(reverse("order_new")).context["form"].fields["organ"].choices[1:])
    assert [code for group in organs.values() for code, _name in group] == [county.villages[0].code]
    body = TEXTS | {"organ": county.villages[0].code, "title": "代办点没有开门"}
    assert client.post(reverse("order_new"), body).status_code == 302
    assert client.post(reverse("order_new"), body | {"organ": county.townships[0].code}).status_code == 422  # own hall
    assert client.post(reverse("order_new"), body | {"organ": county.bureau.code}).status_code == 422


def test_a_reply_brings_files_that_only_those_concerned_open(county):
    order = issue(county)
    client = visitor(county, "director0")
    page = reverse("order_reply", args=[order.pk])
    bad = {"words": "已整改", "papers": [SimpleUploadedFile("x.png", b"GIF89a")]}
    assert client.post(page, bad).status_code == 422
    assert not order.acts.filter(act="reply").exists()
    good = [SimpleUploadedFile("现场.png", a_picture()), SimpleUploadedFile("排班.png", a_picture() + b"")]
    answer = client.post(page, {"words": "已整改", "papers": good}, follow=True)
    assert answer.status_code == 200
    assert [one.name for one in OrderFile.objects.all()] == ["现场.png", "排班.png"]
    kept = reverse("order_file", args=[order.pk, OrderFile.objects.all()[0].pk])
    assert visitor(county, "supervisor").get(kept)["Content-Type"] == "image/png"
    assert visitor(county, "approver1").get(kept).status_code == 404
    assert client.get(page).status_code == 409
    many = [SimpleUploadedFile(f"{n}.png", a_picture()) for n in range(11)]
    send_back(county, order)
    assert client.post(page, {"words": "已整改", "papers": many}).status_code == 422


def test_the_acts_of_the_office_are_done_on_pages_of_their_own(county):
    order = issue(county)
    client = visitor(county, "supervisor")

    def page(act):
        return reverse("order_act", args=[order.pk, act])

    assert client.post(page("extend"), {"words": "人员外出", "days": 9}).status_code == 422
    assert client.post(page("extend"), {"words": "人员外出", "days": 2}).status_code == 302
    assert client.get(page("accept")).status_code == 409
    assert client.get(page("reply")).status_code == 404
    assert visitor(county, "director0").get(page("withdraw")).status_code == 403
    reply(county, order)
    assert client.post(page("accept"), {"words": ""}).status_code == 422
    assert client.post(page("accept"), {"words": "已核对"}).status_code == 302
    order.refresh_from_db()
    assert order.state == "closed"


def test_the_papers_carry_number_dates_and_words_but_no_villager(county):
    case = county.accepted(county.matter())
    order = issue(county, case=case.number)
    client = visitor(county, "director0")

    def paper(kind):
        return client.get(reverse("order_paper", args=[order.pk, kind]))

    assert paper("reply").status_code == 404
    assert paper("x").status_code == 404
    reply(county, order)
    assert paper("advice").status_code == 404
    for kind, title in (("notice", "督办通知单"), ("reply", "督办事项回复单")):
        answer = paper(kind)
        text = text_of(answer)
        for words in (title, "督〔2026〕1号", case.display_number, "示例数据"):
            assert words in text, (kind, words)
        assert "<svg" in answer.content.decode()
        for secret in ("王小示", "13800138000", "11010519491231002X"):
            assert secret not in text
    notice = text_of(paper("notice"))
    assert "2026年3月9日" in notice
    assert notice.count(county.hall.name) == 2  # heads and signs it
    assert "经查：" in notice
    assert notice.count(case.display_number) == 1
    assert notice.count(case.matter.name) == 1
    answered = text_of(paper("reply"))
    assert "已整改：窗口设AB角。" in answered
    assert answered.count(case.display_number) == 1
    assert "你单位" not in answered
    assert f"{'贵中心' if order.issuer_name.endswith('中心') else '贵单位'}2026年3月2日签发" in answered


@pytest.mark.parametrize(
    ("post", "told"),
    [
        ("东乡便民服务中心 东乡便民服务中心主任", "主任"),
        ("东乡便民服务中心 主任", "主任"),
        ("县局 科长", "县局 科长"),
        ("东乡便民服务中心", "东乡便民服务中心"),
    ],
)
def test_whoever_replies_is_named_by_the_post_in_the_office_that_signs(post, told):
    assert _post(post, "东乡便民服务中心") == told


def test_the_api_reads_the_same_rows_in_scope(several):
    def read(who, **query):
        token = Token.objects.get_or_create(user=several.people[who])[0].key
        return Client(headers={"Authorization": f"Token {token}"}).get(reverse("api_orders"), query)

    everything = read("supervisor").json()["results"]
    numbers = [one["number"] for one in everything]
    assert numbers == ["东乡督〔2026〕1号", *(f"督〔2026〕{n}号" for n in range(6, 0, -1))]
    assert everything[-1] | {"state": "issued", "light": "red", "replied_at": None} == everything[-1]
    assert [one["number"] for one in read("approver0").json()["results"]] == ["东乡督〔2026〕1号"]
    assert read("window0").json()["results"] == []
    assert [one["number"] for one in read("supervisor", box="verify").json()["results"]] == ["督〔2026〕2号"]
    assert read("supervisor", box="x").status_code in (400, 422)


def test_what_the_pages_cost_does_not_grow_with_their_rows(several):
    client = visitor(several, "supervisor")

    def cost(address):
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    order = several.orders[0]
    addresses = (reverse("orders"), reverse("order", args=[order.pk]), reverse("order_new"))
    before = [cost(address) for address in addresses]
    for n in range(8):
        issue(several, title=f"再 {n} 件")
    reply(several, order)
    send_back(several, order)
    reply(several, order, papers=[("1.png", a_picture()), ("2.png", a_picture())])
    assert [cost(address) for address in addresses] == before
