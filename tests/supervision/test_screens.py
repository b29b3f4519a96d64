"""Screens on walls: who opens them, what they show, and that nobody can be recognised on them."""

import re
from datetime import date, time

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from applications.models import Applicant, Application
from halls.domain.duties import PostKind
from halls.models import Hall, HallOpening, User
from supervision.actions.let_screen_in import let_screen_in
from supervision.actions.shut_screen_out import shut_screen_out
from supervision.actions.sweep import sweep
from supervision.models import Screen, ScreenEnd
from tests.factories.halls import person_in_post
from tests.supervision.county import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def swept(busy):
    sweep()
    return busy


def visitor(county, role):
    client = Client()
    client.force_login(User.objects.get(pk=county.people[role].pk))
    return client


def screen_with(county, kind, hall, role="supervisor"):
    """A browser nobody is logged in on, that once opened the address of the screen."""
    let_in = let_screen_in(hall.code, kind, actor=county.actor(role))
    client = Client()
    answer = client.get(reverse("screen_open", args=[let_in.token]))
    assert answer.status_code == 302
    cookie = answer.cookies["screen"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    return client, let_in.screen


def test_a_supervisor_sees_the_wall_others_are_told_why_not_and_strangers_see_nothing(swept):
    assert visitor(swept, "supervisor").get(reverse("wall")).status_code == 200
    refused = visitor(swept, "window0").get(reverse("wall"))
    assert refused.status_code == 403
    assert "没有监察职责" in refused.content.decode()
    assert Client().get(reverse("wall")).status_code == 404


def test_a_director_s_wall_is_of_the_own_township(swept):
    county, own = visitor(swept, "supervisor").get(reverse("wall")), visitor(swept, "director0").get(reverse("wall"))
    assert {line["name"] for line in own.context["places"]} == {swept.villages[0].short_name}
    assert own.context["now"][0]["value"] < county.context["now"][0]["value"]


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("window0", 200),
        ("examiner0", 200),
        ("director0", 200),
        ("supervisor", 200),
        ("window1", 404),
        ("clerk0", 404),
        ("bureau_examiner", 404),
    ],
)
def test_a_hall_s_screen_is_for_its_own_people_and_those_above(swept, role, status):
    answer = visitor(swept, role).get(reverse("hall_screen", args=[swept.townships[0].code]))
    assert answer.status_code == status


def test_a_token_opens_its_own_page_and_no_other(swept):
    wall, _ = screen_with(swept, "wall", swept.hall)
    assert wall.get(reverse("wall")).status_code == 200
    assert wall.get(reverse("hall_screen", args=[swept.townships[0].code])).status_code == 404
    hall, _ = screen_with(swept, "hall", swept.townships[0], "director0")
    assert hall.get(reverse("hall_screen", args=[swept.townships[0].code])).status_code == 200
    assert hall.get(reverse("hall_screen", args=[swept.townships[1].code])).status_code == 404
    assert hall.get(reverse("wall")).status_code == 404
    for client in (wall, hall):
        assert client.get(reverse("supervision")).status_code == 302
        assert client.get(reverse("api_figures")).status_code == 401


def test_a_screen_that_was_shut_out_or_never_was_sees_nothing(swept):
    client, screen = screen_with(swept, "wall", swept.hall)
    shut_screen_out(screen.pk, actor=swept.actor("supervisor"))
    assert client.get(reverse("wall")).status_code == 404
    for token in ("nonsense", "x" * 500):
        assert Client().get(reverse("screen_open", args=[token])).status_code == 404


def test_what_is_kept_of_a_token_opens_nothing_and_stays(swept):
    let_in = let_screen_in(swept.hall.code, "wall", actor=swept.actor("supervisor"))
    assert let_in.token not in str(Screen.objects.values())
    assert Client().get(reverse("screen_open", args=[let_in.screen.token_hash])).status_code == 404
    for change in (Screen.objects.all().delete, lambda: Screen.objects.update(kind="hall")):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.parametrize(("role", "kind", "place", "status"), [
    ("supervisor", "wall", "county", 200), ("supervisor", "hall", "township", 200),
    ("director0", "hall", "township", 200), ("director0", "wall", "county", 403),
    ("director1", "hall", "township", 403), ("director0", "wall", "township", 400),
    ("window0", "hall", "township", 403),
])  # fmt: skip
def test_who_watches_or_administers_a_hall_lets_screens_in(swept, role, kind, place, status):
    code = (swept.hall if place == "county" else swept.townships[0]).code
    answer = visitor(swept, role).post(reverse("screens"), {"hall": code, "kind": kind})
    assert answer.status_code == status
    assert ("/screens/" in answer.content.decode() and "只显示这一次" in answer.content.decode()) == (status == 200)
    assert Screen.objects.count() == (status == 200)


def test_an_administrator_shuts_a_screen_out_once(swept):
    client = Client()
    client.force_login(person_in_post(PostKind.ADMINISTRATOR, swept.hall))
    _browser, screen = screen_with(swept, "wall", swept.hall)
    assert "停用" in client.get(reverse("screens")).content.decode()
    address = reverse("screen_end", args=[screen.pk])
    assert client.post(address).status_code == 302
    assert client.post(address).status_code == 409
    assert ScreenEnd.objects.count() == 1
    assert visitor(swept, "director0").post(address).status_code == 404


def test_nobody_is_named_and_no_number_is_whole(swept):
    at("2026-03-12 09:00")
    swept.received(swept.matter(), 0)
    at("2026-03-12 10:00")
    names = {one.name for one in Applicant.objects.all()} | {one.masked_name for one in Applicant.objects.all()}
    numbers = {number for number in Application.objects.values_list("number", flat=True) if number}
    for client, address in (
        (visitor(swept, "supervisor"), reverse("wall")),
        (visitor(swept, "window0"), reverse("hall_screen", args=[swept.townships[0].code])),
    ):
        text = client.get(address).content.decode()
        assert re.search(r"…\d{4}", text)
        for secret in names | numbers:
            assert secret not in text
        main = text.partition("<main")[2]
        assert "<a " not in main
        assert "<button" not in main


def test_the_hall_s_screen_shows_what_moved_today_the_latest_first(swept):
    client = visitor(swept, "window0")
    address = reverse("hall_screen", args=[swept.townships[0].code])
    before = client.get(address).context["rows"]
    assert [row["status"] for row in before] == ["在办"], "what the sweep has woken this morning"
    at("2026-03-12 10:10")
    first = swept.received(swept.matter(), 0)
    at("2026-03-12 10:30")
    second = swept.accepted(swept.matter(), 0)
    swept.accepted(swept.matter(), 1)
    swept.filed(swept.matter(), 0)  # what a villager did alone, no hall has done
    swept.withdrawn(swept.filed(swept.matter(), 0), 0)
    at("2026-03-12 23:59:59")
    page = client.get(address)
    assert [row["number"] for row in page.context["rows"]] == [f"…{case.number[-4:]}" for case in (second, first)] + [
        before[0]["number"]
    ]
    assert page.context["now_serving"]["status"] == "在办"
    assert {one["label"] for one in page.context["states"]} == {"收件", "在办"}
    at("2026-03-13 00:00")
    assert client.get(address).context["rows"] == []


def test_the_hall_s_screen_tells_the_public_what_a_hall_tells(swept):
    hall = swept.townships[0]
    HallOpening.objects.create(
        hall=hall, kind="regular", weekday=4, opens=time(9), closes=time(17), starts_on=date(2026, 1, 1)
    )
    Hall.objects.filter(pk=hall.pk).update(phone="023-56551234", address="太和村1组")
    at("2026-03-12 10:10")
    swept.received(swept.matter(), 0)
    swept.accepted(swept.matter(), 0)
    swept.accepted(swept.matter(), 1)
    page = visitor(swept, "window0").get(reverse("hall_screen", args=[hall.code]))
    assert page.context["states"] == [{"label": "收件", "value": 1}, {"label": "在办", "value": 2}]
    assert sum(one["value"] for one in page.context["states"]) == len(page.context["rows"])
    text = page.content.decode()
    for words in (
        "现在开着，到 17:00",
        "周四 09:00-17:00 对外办公",
        "023-56551234",
        "太和村1组",
        "查办件进度",
        "12345",
    ):
        assert words in text
    assert text.count("<svg") == 2


def test_the_numbers_of_the_wall_are_those_of_the_dashboard_and_a_dead_sweep_hides_them(swept, busy):
    client = visitor(swept, "supervisor")
    wall, board = client.get(reverse("wall")), client.get(reverse("supervision"))
    told = {str(one["label"]): one["value"] for one in wall.context["now"]}
    tiles = {str(tile["label"]): tile["value"] for tile in board.context["tiles"]}
    assert {name: told[name] for name in tiles if name in told} == {n: v for n, v in tiles.items() if n in told}
    at("2026-03-12 10:11")
    dead = client.get(reverse("wall"))
    assert "巡检已停 11 分钟" in dead.content.decode()
    told = {str(one["label"]): one["value"] for one in (*dead.context["now"], *dead.context["month"])}
    assert told["绿灯"] == told["挂起"] == told["红牌"] == "—"
    assert told["红灯"] == 4


def test_the_lights_of_the_wall_add_up_and_places_without_a_case_are_left_out_aloud(swept):
    wall = visitor(swept, "supervisor").get(reverse("wall"))
    told = {str(one["label"]): one["value"] for one in wall.context["now"]}
    assert told["在办"] == sum(told[name] for name in ("红灯", "黄灯", "绿灯", "挂起", "不计时"))
    places = wall.context["places"]
    assert all(line["cells"][0]["value"] for line in places)
    reds = [line["cells"][1]["value"] for line in places]
    assert reds == sorted(reds, reverse=True)
    assert 'class="n is-red"' in wall.content.decode()
    idle = wall.context["idle"]
    assert (f"另有 {idle} 个地方没有在办的件" in wall.content.decode()) is bool(idle)


def test_a_screen_is_fetched_anew_by_its_tag_and_costs_seven_statements(swept, django_assert_max_num_queries):
    client, _screen = screen_with(swept, "wall", swept.hall)
    first = client.get(reverse("wall"), headers={"X-Background": "1"})
    with django_assert_max_num_queries(8):  # and the one that knows the token
        again = client.get(reverse("wall"), headers={"X-Background": "1", "If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    hall, _screen = screen_with(swept, "hall", swept.townships[0])
    with django_assert_max_num_queries(6):
        assert hall.get(reverse("hall_screen", args=[swept.townships[0].code])).status_code == 200
