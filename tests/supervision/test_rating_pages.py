"""The pages of ratings: who rates, what a hall never learns, what is public, bad input, queries, the API."""

import json
import re
from html import unescape

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.authtoken.models import Token

from applications.models import Application, RatingTicket
from applications.sealing import query_code, query_token
from halls.domain.errors import Invalid
from halls.models import User
from supervision.actions.answer_rater import answer_rater
from supervision.actions.appeal_rating import appeal_rating
from supervision.actions.draw_callbacks import draw_callbacks
from supervision.actions.extend_rectification import extend_rectification
from supervision.actions.publish_rating import publish_rating
from supervision.actions.rectify import rectify
from supervision.actions.verify_rating import verify_rating
from supervision.figures_ratings import RATING_FIGURES
from supervision.models import Callback, CallbackCall, Rating
from tests.factories.ratings import rating_token
from tests.supervision.county import at
from tests.supervision.rating import bad, called, called_again, ended, ended_at_the_township, given_by, verified

pytestmark = pytest.mark.django_db


def visitor(user):
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def text_of(answer):
    return unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))


def rate_url(case, **query):
    address = reverse("rate", args=[f"{case.number}.{rating_token(case.number)}"])
    return address + "?" + "&".join(f"{key}={value}" for key, value in query.items())


# --- the villager ----------------------------------------------------------------------------------------------------


def test_level_first_then_with_what_and_the_paper_is_spent(county):
    case, villager = ended(county), Client()
    assert "非常不满意" in text_of(villager.get(rate_url(case)))
    second = villager.get(rate_url(case, level=2))
    assert "态度生硬" in text_of(second)
    assert "热情" not in text_of(second)
    answer = villager.post(rate_url(case, level=2), {"level": "2"})
    assert answer.status_code == 422
    assert "至少勾选一项" in text_of(answer)
    answer = villager.post(rate_url(case), {"level": "2", "details": ["209", "214"], "text": "等了三天"})
    assert answer.status_code == 302
    rating = Rating.objects.get()
    assert (rating.level, rating.details, rating.text, rating.channel) == (2, ["209", "214"], "等了三天", "qr")
    thanks = text_of(villager.get(answer["Location"]))
    assert "谢谢您" in thanks
    assert "您第一次评价这一件，已经记下" in thanks
    assert "不满意" not in thanks.replace("不满意的，上一级", "")


def test_neither_page_nor_answer_tells_whether_a_case_was_rated(county):
    case, other = ended(county), ended(county)
    given_by(case)
    rated, unrated = (f"{reverse('rate', args=[f'{one.number}.{rating_token(one.number)}'])}" for one in (case, other))
    shown = [
        [text_of(Client().get(f"{page}{more}")).replace(one.matter.name, "") for more in ("", "?level=5", "?done=1")]
        for page, one in ((rated, case), (unrated, other))
    ]
    assert shown[0] == shown[1]
    for said in ({"level": "1"}, {"level": "1", "details": ["517"]}, {"level": "2", "text": "很" * 501}):
        told = [Client().post(page, said) for page in (rated, unrated)]
        assert [answer.status_code for answer in told] == [422, 422], said
        words = [text_of(answer).replace(one.matter.name, "") for answer, one in zip(told, (case, other), strict=True)]
        assert words[0] == words[1]
    answers = [Client().post(page, {"level": "5"}) for page in (rated, unrated)]
    assert [answer.status_code for answer in answers] == [302, 302]
    pages = [text_of(Client().get(answer["Location"])) for answer in answers]
    assert pages[0].replace(case.matter.name, "") == pages[1].replace(other.matter.name, "")
    assert sorted(Rating.objects.values_list("level", flat=True)) == [1, 5]  # only the first of one case is kept


def test_the_code_of_a_receipt_rates_nothing_and_a_new_code_voids_the_old(county):
    case = ended(county)
    for code in (query_code(case.number), query_token(case.number)):
        assert Client().post(reverse("rate_start"), {"number": case.number, "code": code}).status_code == 422
        assert Client().get(reverse("rate", args=[f"{case.number}.{code}"])).status_code == 404
    old = rate_url(case)
    assert Client().get(old).status_code == 200
    new = rate_url(case)
    assert Client().post(old, {"level": "5"}).status_code == 404
    assert not Rating.objects.exists()
    assert Client().post(new, {"level": "5"}).status_code == 302
    drawn = RatingTicket.objects.filter(application=case)
    assert [one.user_id for one in drawn] == [county.people["clerk0"].pk] * 2
    assert all(len(one.digest) == 64 for one in drawn)


def test_on_a_device_where_somebody_worked_nobody_rates(county):
    case, device = ended(county), visitor(county.people["clerk0"])
    assert device.get(reverse("home")).status_code == 200
    device.logout()  # Django's client empties its cookies with the session
    page = rate_url(case)
    assert device.get(page).status_code == 200
    device = visitor(county.people["clerk0"])
    device.get(reverse("home"))
    del device.cookies[settings.SESSION_COOKIE_NAME]
    for answer in (device.get(page), device.post(page, {"level": "5"}), device.get(reverse("rate_start"))):
        assert answer.status_code == 403
        assert "一天内登录过工作账号" in text_of(answer)
    assert not Rating.objects.exists()
    assert Client().post(page, {"level": "5"}).status_code == 302


@pytest.mark.parametrize("level", ["0", "6", "x", "", "2 "])
def test_a_level_that_is_none_asks_again(county, level):
    answer = Client().post(rate_url(ended(county)), {"level": level})
    assert answer.status_code == 200
    assert "您满意吗" in text_of(answer)


def test_an_unknown_code_is_told_with_its_field(county):
    answer = Client().post(rate_url(ended(county)), {"level": "1", "details": ["517"]})
    assert answer.status_code == 422
    assert "517" in text_of(answer)


def test_a_clerk_s_session_is_turned_away_and_told_what_to_do(county):
    case = ended(county)
    for method in ("get", "post"):
        answer = getattr(visitor(county.people["clerk0"]), method)(rate_url(case), {"level": "5"})
        assert answer.status_code == 403
        assert "退出工作账号" in text_of(answer)
    assert not Rating.objects.exists()


def test_a_wrong_token_and_a_running_case_give_the_same_answer(county):
    running, case = county.accepted(county.matter()), ended(county)
    wrong = reverse("rate", args=[f"{case.number}.{query_token(case.number)}"])
    for address in (rate_url(running), wrong, reverse("rate", args=["nonsense"])):
        answer = Client().get(address)
        assert answer.status_code == 404
        assert "没有找到要评价的事，或者它还没有办结" in text_of(answer)


def test_on_the_tablet_of_the_hall_number_and_code_of_the_last_paper_lead_there(county):
    case, villager = ended(county), Client()
    tablet = reverse("rate_start") + "?via=tablet"
    wrong = villager.post(tablet, {"number": case.number, "code": "AAAA1111"})
    assert wrong.status_code == 422
    code = rating_token(case.number)
    typed = f"{code[:4]} {code[4:].lower()}"
    at_home = Client().post(reverse("rate_start"), {"number": case.number, "code": typed})
    assert at_home["Location"].endswith("?via=web")
    answer = villager.post(tablet, {"number": case.number, "code": typed})
    assert answer["Location"].endswith("?via=tablet")
    villager.post(answer["Location"], {"level": "5"})
    assert Rating.objects.get().channel == "tablet"


def test_the_progress_page_says_where_the_code_is_once_the_case_has_ended(county):
    running, case = county.accepted(county.matter()), ended(county)
    pages = [
        Client().get(reverse("progress_by_token", args=[f"{one.number}.{query_token(one.number)}"])).content.decode()
        for one in (running, case)
    ]
    assert ["评价二维码" in page for page in pages] == [False, True]
    assert all("/rate/" not in page for page in pages)


def test_only_the_paper_handed_over_last_carries_a_code_and_only_while_it_is_printed(county):
    case = Application.objects.get(pk=ended(county).pk)
    window = visitor(county.people["window0"])
    for paper in case.documents.all():
        page = reverse("case_paper", args=[case.number, paper.pk])
        assert "群众本人扫码评价" not in window.get(page).content.decode()
        shown = window.post(page).content.decode()
        assert ("群众本人扫码评价" in shown) is (paper.kind == "proof_of_delivery"), paper.kind
    last = case.documents.get(kind="proof_of_delivery")
    page = reverse("case_paper", args=[case.number, last.pk])
    assert county.people["window0"].full_name in text_of(window.get(page))  # who printed it stays on record
    director = visitor(county.people["director0"])
    assert director.post(page).status_code == 403
    assert RatingTicket.objects.count() == 1


# --- the hall, and those above ---------------------------------------------------------------------------------------


def test_a_hall_never_learns_which_case_it_was_nor_the_hour_the_way_or_the_name(county):
    rating = bad(county)
    clerk, director = visitor(county.people["clerk0"]), visitor(county.people["director0"])
    number, page = rating.application.display_number, reverse("rating", args=[rating.pk])
    shown = text_of(clerk.get(page)) + text_of(clerk.get(reverse("ratings")))
    assert number not in shown
    assert rating.application.matter.name not in shown
    assert "王*" not in shown
    assert "态度差" in shown
    assert number in text_of(director.get(page))
    verified(county, rating)
    rectify(rating.pk, actor=county.actor("clerk0"), note="已当面道歉")
    answer_rater(rating.pk, actor=county.actor("director0"), is_explained=False, note="电话告知")
    called_again(rating.pk, county.actor("supervisor"), is_content=False)
    publish_rating(rating.pk, actor=county.actor("director0"), account="态度差，已整改")
    for html in (clerk.get(page).content.decode(), clerk.get(reverse("ratings"), {"tab": "all"}).content.decode()):
        assert "王*" not in html
        assert number not in html
        assert rating.application.matter.name not in html
        assert "扫码" not in html
    assert "2026-03-02 10:00" not in text_of(clerk.get(page)).split("办理经过")[0]
    assert clerk.get(reverse("ratings"), {"tab": "all"}).context["rows"][0]["by_day"]
    assert "扫码" in text_of(director.get(page))  # the test has teeth
    [told] = clerk.get(reverse("api_ratings")).json()["results"]
    assert told["rated_on"] == "2026-03-02"
    assert told["state"] == "closed"
    assert told["applicant"] is told["number"] is told["channel"] is told["rated_at"] is None


def test_the_whole_way_is_walked_by_forms(county):
    rating = bad(county)
    page = reverse("rating", args=[rating.pk])
    director, clerk = visitor(county.people["director0"]), visitor(county.people["clerk0"])
    above = visitor(county.people["supervisor"])
    assert "13800138000" in text_of(director.post(reverse("rating_phone", args=[rating.pk])))
    assert clerk.post(reverse("rating_phone", args=[rating.pk])).status_code == 403
    above.post(reverse("rating_phone", args=[rating.pk]))
    empty = director.post(page, {"act": "contact", "contact-note": ""})
    assert empty.status_code == 422
    for client, act, more in (
        (director, "attempt", {"contact-note": "无人接听"}),
        (director, "contact", {"contact-note": "本人接听"}),
        (director, "valid", {"verify-note": "属实", "verify-seat": rating.path}),
        (director, "extend", {"extend-note": "等培训", "extend-days": "2"}),
        (clerk, "rectify", {"rectify-note": "已改"}),
        (director, "answer", {"answer-note": "已告知"}),
        (above, "content", {"revisit-note": "认可"}),
        (director, "publish", {"publish-note": "态度差，已整改"}),
    ):
        answer = client.post(page, {"act": act, **more})
        assert answer.status_code == 302, (act, text_of(answer))
    assert Rating.objects.get().state == "closed"
    assert director.post(page, {"act": "publish", "publish-note": "再来一次"}).status_code == 409
    assert director.post(page, {"act": "nonsense"}).status_code == 422
    assert "态度差，已整改" in text_of(Client().get(reverse("ratings_hall", args=[county.townships[0].code])))


def test_the_hall_reads_what_it_has_to_do_and_no_note_of_whoever_called(county):
    rating, director = bad(county), county.actor("director0")
    called(rating.pk, director, note="已电话联系徐桂英（13800138000），她在外打工")
    words = "徐桂英说的属实"
    for demand in ("请王小示的事整改", "请回电一三八〇〇一三八〇〇〇"):
        with pytest.raises(Invalid) as fault:
            verify_rating(rating.pk, actor=director, is_valid=True, note=words, shown=demand)
        assert fault.value.field == "demand"
    verify_rating(rating.pk, actor=director, is_valid=True, note=words, shown="请公示一次性告知清单")
    extend_rectification(rating.pk, actor=director, days=2, reason="徐桂英下周才回来")
    page = reverse("rating", args=[rating.pk])
    shown = text_of(visitor(county.people["clerk0"]).get(page))
    for secret in ("徐桂英", "13800138000", "打工", "下周"):
        assert secret not in shown
    assert "请公示一次性告知清单" in shown
    above = text_of(visitor(county.people["director0"]).get(page))
    assert "徐桂英" in above  # the test has teeth
    assert f"打印 1 次，最后一次 2026-03-02 10:00 由{county.people['clerk0'].full_name}打印" in above
    assert "打印 1 次" not in shown


def test_whoever_enters_a_call_looks_at_the_number_on_the_page_first(county):
    case, director = ended(county), visitor(county.people["director0"])
    said = {"number": case.number, "channel": "phone", "level": "5", "text": ""}
    assert director.post(reverse("rating_enter"), said).status_code == 409
    looked = director.post(reverse("rating_enter"), said | {"look": "1"})
    assert "13800138000" in text_of(looked)
    assert looked["Cache-Control"] == "private, no-store"
    assert not Rating.objects.exists()
    assert director.post(reverse("rating_enter"), said).status_code == 302


def test_a_neighbour_finds_nothing(county):
    rating = bad(county)
    for who in ("clerk1", "director1", "bureau_director"):
        assert visitor(county.people[who]).get(reverse("rating", args=[rating.pk])).status_code == 404


def test_every_figure_opens_the_rows_it_counted(county):
    rating = bad(county)
    given_by(ended(county), level=5, details=[])
    appeal_rating(rating.pk, actor=county.actor("clerk0"), reason="评错了")
    director = visitor(county.people["director0"])
    found = {
        key: director.get(reverse("ratings"), {"figure": key}).content.decode().count('role="rowheader"')
        for key in RATING_FIGURES
    }
    assert found == {
        "rated_month": 2, "bad_month": 1, "bad_open": 1, "contact_late": 0, "rectify_late": 0, "appeals": 1,
        "suspicious": 0, "excluded": 0,
    }  # fmt: skip


@pytest.mark.parametrize("tab", ["open", "bad", "appeals", "suspicious", "all", "nonsense"])
def test_as_many_statements_for_many_ratings_as_for_one(county, tab):
    def statements():
        client = visitor(county.people["director0"])
        client.get(reverse("ratings"), {"tab": tab})
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert client.get(reverse("ratings"), {"tab": tab}).status_code == 200
        return len(caught)

    bad(county)
    few = statements()
    for _ in range(4):
        bad(county)
    assert statements() == few


# --- everybody -------------------------------------------------------------------------------------------------------


def test_the_public_pages_count_what_is_valid_and_stay_small(county):
    given_by(ended(county), level=5, details=[])
    given_by(ended(county), level=3, details=[])
    bad(county)
    page = Client().get(reverse("ratings_public"))
    assert "66.6%" in text_of(page)
    assert [row["total"] for row in page.context["rows"]] == [3]
    assert f"另有 {page.context['silent']} 个大厅" in text_of(page)
    assert f'href="{reverse("rate_start")}"' in page.content.decode()
    township = county.townships[0]
    below = Client().get(reverse("ratings_hall", args=[township.code])).context["rows"]
    assert [(row["hall"], row["total"]) for row in below] == [
        (f"{township.short_name}（含所辖村、社区）", 3),
        (f"{township.short_name}（本级）", 0),
        (county.villages[0].short_name, 3),
    ]
    hall = Client().get(reverse("ratings_hall", args=[county.villages[0].code]))
    assert "66.6%" in text_of(hall)
    assert max(len(page.content), len(hall.content)) < 40_000
    assert Client().get(reverse("ratings_hall", args=["999999"])).status_code == 404


# --- call-backs ------------------------------------------------------------------------------------------------------


def test_a_call_is_recorded_by_form(county):
    ended(county)
    at("2026-03-09 08:00")
    draw_callbacks()
    callback = Callback.objects.get()
    director, page = visitor(county.people["director0"]), reverse("callback", args=[callback.pk])
    assert "待回访" in text_of(director.get(reverse("callbacks")))
    assert "13800138000" in text_of(director.post(reverse("callback_phone", args=[callback.pk])))
    assert director.post(page, {"is_reached": "yes"}).status_code == 422
    told = {"is_reached": "yes", "was_served": "yes", "has_papers": "no", "has_paid": "no", "level": "4"}
    assert director.post(page, told).status_code == 302
    assert (CallbackCall.objects.get().has_papers, Rating.objects.get().channel) == (False, "phone")
    assert "结果没有收到" in text_of(director.get(reverse("callbacks")))
    assert visitor(county.people["clerk0"]).get(reverse("callbacks")).status_code == 403
    assert visitor(county.people["director1"]).get(page).status_code == 404


# --- the API ---------------------------------------------------------------------------------------------------------


def test_the_api_gives_what_one_sees_and_no_more(county):
    rating = bad(county)

    def rows(who, **query):
        token = Token.objects.get_or_create(user=county.people[who])[0].key
        answer = Client(headers={"Authorization": f"Token {token}"}).get(reverse("api_ratings"), query)
        assert answer.status_code == 200, answer.content
        return json.loads(answer.content)["results"]

    (mine,) = rows("director0", level=1)
    assert (mine["number"], mine["applicant"], mine["state"]) == (rating.application.number, "王**", "contacting")
    (own,) = rows("clerk0")
    assert (own["number"], own["applicant"], own["details"]) == (None, None, ["115"])
    assert rows("clerk1") == rows("director1") == rows("approver0") == rows("director0", level=5) == []


def test_a_director_learns_no_more_of_their_own_hall_than_the_hall_itself(county):
    """The township's hall took the case in: its director is of the hall, and the county handles the rating."""
    case = ended_at_the_township(county)
    rating = given_by(case)
    director, county_watch = visitor(county.people["director0"]), visitor(county.people["supervisor"])
    page = reverse("rating", args=[rating.pk])
    shown = text_of(director.get(page)) + text_of(director.get(reverse("ratings")))
    assert case.display_number not in shown
    assert case.matter.name not in shown
    assert "王*" not in shown
    [told] = director.get(reverse("api_ratings")).json()["results"]
    assert (told["number"], told["applicant"]) == (None, None)
    assert case.display_number in text_of(county_watch.get(page))
