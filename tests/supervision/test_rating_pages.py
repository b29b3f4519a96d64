"""The pages of ratings for staff: what a hall never learns, the whole way by forms, call-backs, queries, the API."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.authtoken.models import Token

from halls.domain.errors import Invalid
from supervision.actions.answer_rater import answer_rater
from supervision.actions.appeal_rating import appeal_rating
from supervision.actions.draw_callbacks import draw_callbacks
from supervision.actions.extend_rectification import extend_rectification
from supervision.actions.publish_rating import publish_rating
from supervision.actions.rectify import rectify
from supervision.actions.verify_rating import verify_rating
from supervision.figures_ratings import RATING_FIGURES
from supervision.models import Callback, CallbackCall, Rating
from tests.supervision.county import at
from tests.supervision.rating import (
    bad,
    called,
    called_again,
    ended,
    ended_at_the_township,
    given_by,
    text_of,
    verified,
    visitor,
)

pytestmark = pytest.mark.django_db


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


def test_the_way_to_the_next_page_does_not_tell_the_hour_either(county, monkeypatch):
    for place in ("ratings", "rating_public"):
        monkeypatch.setattr(f"supervision.views.{place}.PAGE", 1)
    newest = [bad(county), bad(county)]
    for rating in newest:
        verified(county, rating)
        rectify(rating.pk, actor=county.actor("clerk0"), note="已当面道歉")
        answer_rater(rating.pk, actor=county.actor("director0"), is_explained=False, note="电话告知")
        called_again(rating.pk, county.actor("supervisor"), is_content=False)
        publish_rating(rating.pk, actor=county.actor("director0"), account="态度差，已整改")
    pages = [
        (visitor(county.people["clerk0"]), f"{reverse('ratings')}?tab=all"),
        (Client(), reverse("ratings_hall", args=[county.villages[0].code])),
    ]
    for client, address in pages:
        onward = client.get(address).context["next_url"]
        assert onward.endswith((f"after=~{newest[1].pk}", f"after=%7E{newest[1].pk}")), onward
        assert client.get(onward).context["next_url"] == ""


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


def test_of_a_case_that_cannot_be_called_the_form_says_so_and_keeps_what_was_typed(county):
    rated, director = bad(county).application, visitor(county.people["director0"])
    said = {"channel": "phone", "level": "5", "text": "窗口很热情", "look": "1"}
    for number, status, words in (
        (rated.number, 409, "已经评价过"),
        ("", 422, "办件编号是 16 位数字"),
        (ended(county, 1).number, 422, "没有找到这一件"),
    ):
        answer = director.post(reverse("rating_enter"), said | {"number": number})
        assert answer.status_code == status
        assert list(answer.context["form"].errors) == ["number"]
        assert words in text_of(answer)
        page = answer.content.decode()
        assert "窗口很热情" in page
        assert 'value="5"' in page
        assert page.count(" checked") == 2


def test_the_limit_to_contact_whoever_rated_badly_is_not_called_that_of_calling_again(county):
    page = text_of(visitor(county.people["director0"]).get(reverse("rating", args=[bad(county).pk])))
    assert "差评联系 · 1 个工作日" in page
    assert "差评回访 ·" not in page


def test_what_is_owed_to_another_body_is_not_called_optional(county):
    rating = bad(county)
    called(rating.pk, county.actor("director0"))
    page = visitor(county.people["director0"]).get(reverse("rating", args=[rating.pk])).content.decode()
    assert '判定责任单位的理由<span class="optional">责任单位不是被评价的大厅时必填</span>' in page
    assert '没有依据的理由（公开）<span class="optional">没有依据时必填</span>' in page


def test_a_neighbour_finds_nothing(county):
    rating = bad(county)
    for who in ("clerk1", "director1", "bureau_director"):
        assert visitor(county.people[who]).get(reverse("rating", args=[rating.pk])).status_code == 404


def test_every_figure_opens_the_rows_it_counted(county):
    rating = bad(county)
    given_by(ended(county), level=5, details=[])
    appeal_rating(rating.pk, actor=county.actor("clerk0"), reason="评错了")
    director = visitor(county.people["director0"])
    found = {key: len(director.get(reverse("ratings"), {"figure": key}).context["rows"]) for key in RATING_FIGURES}
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


# --- call-backs ----------------------------------------------------------------------------------------------------


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


# --- the API -------------------------------------------------------------------------------------------------------


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
