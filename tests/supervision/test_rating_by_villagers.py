"""The pages on which villagers rate and read ratings: who rates, with which paper, what is public, bad input."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from applications.models import Application, RatingTicket
from applications.sealing import query_code, query_token
from supervision.models import Rating
from tests.factories.ratings import rating_token
from tests.supervision.rating import bad, ended, given_by, text_of, visitor

pytestmark = pytest.mark.django_db


def rate_url(case, **query):
    address = reverse("rate", args=[f"{case.number}.{rating_token(case.number)}"])
    return address + "?" + "&".join(f"{key}={value}" for key, value in query.items())


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


# --- everybody -----------------------------------------------------------------------------------------------------


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
