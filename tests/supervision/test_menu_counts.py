"""The menu of every page says how much waits for this person, and each number opens exactly those rows."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from halls.models import User
from supervision.actions.appeal_rating import appeal_rating
from supervision.actions.exclude import Span, propose_exclusion
from tests.supervision.cards import card_by_hand, staffed
from tests.supervision.county import at
from tests.supervision.ordering import issue, reply
from tests.supervision.rating import bad, verified
from tests.supervision.voices import lodged

pytestmark = pytest.mark.django_db
WATCHED = ("监察", "投诉和咨询", "督办单", "好差评")


def visitor(county, who):
    client = Client()
    client.force_login(User.objects.get(pk=county.people[who].pk))
    return client


def menu(county, who):
    """What the menu of a page of theirs says: label -> (count, address)."""
    page = visitor(county, who).get(reverse("messages"))
    rail = page.content.decode().split('class="rail"')[1].split("</nav>")[0]
    found = re.findall(r'<a href="([^"]+)"[^>]*><span>([^<]+)</span>(?: <span class="count">([^<]+)</span>)?', rail)
    return {label: (count, url) for url, label, count in found}


def counts(county, who):
    return {label: menu(county, who)[label][0] for label in WATCHED if label in menu(county, who)}


@pytest.fixture
def waiting(county):
    """A card by hand that waits, an appeal, a complaint about a township and one about its village, orders, ratings."""
    staffed(county)
    bad(county)
    verified(county, bad(county))
    card_by_hand(county)
    lodged(county.townships[1])
    lodged(county.villages[0])
    issue(county, title="还没有回复")
    reply(county, issue(county, county.townships[1], title="等核验"), by="director1")
    return county


def test_whoever_watches_the_county_reads_what_waits_for_them(waiting):
    assert counts(waiting, "supervisor") == {"监察": "1", "投诉和咨询": "1", "督办单": "1", "好差评": ""}


def test_a_director_reads_what_waits_in_the_township(waiting):
    assert counts(waiting, "director0") == {"监察": "", "投诉和咨询": "1", "督办单": "1", "好差评": "1"}
    assert counts(waiting, "director1") == {"监察": "", "投诉和咨询": "", "督办单": "", "好差评": ""}


def test_the_window_that_has_to_put_it_right_reads_so(waiting):
    assert counts(waiting, "clerk0")["好差评"] == "1"


def test_an_order_that_nobody_answers_in_time_waits_for_its_issuer_too(waiting):
    at("2026-03-12 10:00")
    assert menu(waiting, "supervisor")["督办单"][0] == "2"


def test_an_appeal_waits_for_the_county(waiting):
    rating = bad(waiting)
    appeal_rating(rating.pk, actor=waiting.actor("clerk0"), reason="当天窗口没有这位群众的记录")
    assert menu(waiting, "supervisor")["好差评"][0] == "1"


@pytest.mark.parametrize("who", ["supervisor", "director0", "clerk0"])
def test_each_number_opens_as_many_rows(waiting, who):
    at("2026-03-12 10:00")
    for label in ("投诉和咨询", "督办单", "好差评"):
        if label not in menu(waiting, who):
            continue
        count, url = menu(waiting, who)[label]
        if count:
            assert len(visitor(waiting, who).get(url).context["rows"]) == int(count), label


def test_the_page_behind_a_number_is_marked_as_the_one_we_are_on(waiting):
    page = visitor(waiting, "supervisor").get(reverse("orders"), {"box": "mine"}).content.decode()
    assert re.search(r'href="/supervision/orders/\?box=mine" aria-current="page"', page)


def test_what_waits_for_a_second_signature_is_counted(waiting):
    before = menu(waiting, "supervisor")["监察"][0]
    span = Span(waiting.townships[0].code, date(2026, 4, 1), None, "示例〔2026〕1号")
    propose_exclusion(span, actor=waiting.actor("second"), reason="机构改革")
    assert int(menu(waiting, "supervisor")["监察"][0]) == int(before) + 1


def spent(county, who, page):
    client = visitor(county, who)
    client.get(reverse(page))
    with CaptureQueriesContext(connection) as counted:
        assert client.get(reverse(page)).status_code == 200
    return len(counted)


def test_a_page_costs_the_same_however_much_waits(waiting):
    before = spent(waiting, "supervisor", "messages")
    for number in range(5):
        issue(waiting, waiting.villages[number % 2], title=f"又一件 {number}")
        lodged(waiting.townships[0])
    assert spent(waiting, "supervisor", "messages") == before
