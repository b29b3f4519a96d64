"""A hall promises less than the guide: who may, from when, and what the pages and the API say of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from halls.domain.errors import DomainError, Invalid, NotFound, NotPermitted, Refused, Stale
from matters.actions.keep_promise import OwnPromise, keep_promise
from matters.models import HallPromise, Matter, MatterVersion
from matters.selectors import published_guide
from matters.selectors.hall_promises import promise_at
from matters.selectors.hall_shelf import begun_last
from tests.factories.halls import GAOQIAO
from tests.seed import Seed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
TAIHE, NEIGHBOUR, COUNTY = "500236272", "500236001", "500236"
MATTER = "NY-003"  # 10 working days; the village hands in, the township accepts
BACKEND = "django.contrib.auth.backends.ModelBackend"


def day(after: int) -> date:
    return timezone.localdate() + timedelta(days=after)


def promise(seeded: Seed, days: int | None, *, hall: str = TAIHE, after: int = 1, **more: Any) -> HallPromise:
    role, matter = more.pop("role", "catalogue_editor"), more.pop("matter", MATTER)
    own = OwnPromise(days, day(after), more.pop("reason", "并联审查"))
    return keep_promise(hall, matter, own, actor=seeded.actor(role), **more)


def in_force(seeded: Seed, travel: Any, days: int | None, **more: Any) -> HallPromise:
    """Decided two days ago, in force since yesterday."""
    travel(f"{timezone.localtime() - timedelta(days=2):%Y-%m-%d %H:%M}")
    row = promise(seeded, days, after=-1, **more)
    travel("")
    return row


@pytest.fixture
def published() -> int:
    guide = Matter.objects.get(code=MATTER).current
    assert guide is not None
    return guide.promised_days


def test_a_hall_promises_less_and_every_decision_stays(seeded: Seed, published: int) -> None:
    before = Matter.objects.get(code=MATTER).changed_at
    first = promise(seeded, published - 5, version=0)
    assert (first.hall.code, first.days, first.effective_on) == (TAIHE, published - 5, day(1))
    assert Matter.objects.get(code=MATTER).changed_at > before
    promise(seeded, published - 2, after=9, version=first.pk)
    promise(seeded, None, after=20, reason="人手减少")
    rows = list(HallPromise.objects.order_by("pk").values_list("days", "reason", "actor_name"))
    name = seeded.user("catalogue_editor").full_name
    assert rows == [
        (published - 5, "并联审查", name), (published - 2, "并联审查", name), (None, "人手减少", name),
    ]  # fmt: skip


@pytest.mark.parametrize("over", [0, 1, 100])
def test_never_more_than_the_guide_and_never_nothing(seeded: Seed, published: int, over: int) -> None:
    for days in (published + over, -over):
        with pytest.raises(Invalid) as refused:
            promise(seeded, days)
        assert [problem.field for problem in refused.value.problems] == ["days"]
    assert not HallPromise.objects.exists()


@pytest.mark.parametrize("after", [0, -1, 367])
def test_it_begins_tomorrow_at_the_earliest(seeded: Seed, after: int) -> None:
    with pytest.raises(Invalid) as refused:
        promise(seeded, 3, after=after, reason=" ")
    assert [problem.field for problem in refused.value.problems] == ["effective_on", "reason"]


@pytest.mark.parametrize(
    ("hall", "matter", "role", "error"),
    [
        (TAIHE, MATTER, "township_window", NotPermitted),
        (TAIHE, MATTER, "bureau_editor", NotPermitted),
        (TAIHE, MATTER, "supervisor", NotPermitted),
        ("999999", MATTER, "catalogue_editor", NotFound),
        (TAIHE, "QQ-9", "catalogue_editor", NotFound),
        (GAOQIAO, MATTER, "catalogue_editor", Refused),  # it hands in; the township accepts, and promises
    ],
)
def test_who_and_where(seeded: Seed, hall: str, matter: str, role: str, error: type[DomainError]) -> None:
    with pytest.raises(error) as refused:
        promise(seeded, 3, hall=hall, matter=matter, role=role)
    if error is Refused:
        assert refused.value.code == "not_accepted_here"
        assert "太和" in refused.value.message


def test_what_is_done_at_once_has_no_promise_to_shorten(seeded: Seed) -> None:
    guide = MatterVersion.objects.filter(
        handling="immediate", accept_levels__contains=["township"], matter__abolished_on=None
    ).first()
    assert guide is not None
    with pytest.raises(Refused) as refused:
        promise(seeded, 1, matter=guide.matter.code)
    assert refused.value.code == "immediate"


def test_an_older_page_is_told_and_nothing_is_taken_back_twice(seeded: Seed) -> None:
    promise(seeded, 3, version=0)
    with pytest.raises(Stale):
        promise(seeded, 4, version=0)
    promise(seeded, None)
    with pytest.raises(Refused):
        promise(seeded, None)


def test_a_guide_that_becomes_as_short_counts_itself(seeded: Seed, published: int) -> None:
    own = promise(seeded, published - 5)
    guide = Matter.objects.get(code=MATTER).current
    assert guide is not None
    path = own.hall.path
    assert promise_at(path, guide, day(0)) is None
    assert promise_at(path, guide, day(1)) == own
    assert promise_at(f"{path}~LY/", guide, day(1)) == own  # an office of the township
    assert promise_at(seeded.hall(NEIGHBOUR).path, guide, day(1)) is None
    for days, counts in ((published - 4, own), (published - 5, None), (published - 6, None)):
        guide.promised_days = days
        assert promise_at(path, guide, day(1)) == counts


# --- what people see --------------------------------------------------------------------------------------------------


def page(name: str, *args: str, **query: str) -> str:
    return " ".join(Client().get(reverse(name, args=args), query).content.decode().split())


def test_the_guide_names_the_halls_and_how_much_shorter_they_are(seeded: Seed, travel: Any, published: int) -> None:
    assert "哪些大厅承诺得更短" not in page("guide", MATTER)
    in_force(seeded, travel, published - 5)
    promise(seeded, published - 1, hall=NEIGHBOUR, after=3)
    html = page("guide", MATTER)
    listed = html[html.index("哪些大厅承诺得更短") :]
    listed = listed[: listed.index("</section>")]
    guide = Matter.objects.get(code=MATTER).current
    assert guide is not None
    assert guide.statutory_amount is not None
    percent = round((guide.statutory_amount - published + 5) / guide.statutory_amount * 100)
    assert f"{seeded.hall(TAIHE).name}：{published - 5} 个工作日" in listed
    if guide.statutory_unit == "wd":
        assert f"压缩 {percent}%" in listed
    assert f"{seeded.hall(NEIGHBOUR).name}：{published - 1} 个工作日" in listed
    assert "还没有到施行之日" in listed
    chosen = page("guide", MATTER, township=TAIHE, village=GAOQIAO)
    assert f"{seeded.hall(TAIHE).name}承诺受理后 {published - 5} 个工作日内办结" in chosen
    assert "承诺受理后" not in page("guide", MATTER, township=NEIGHBOUR)


def told_of(hall: str) -> list[tuple[int, int, bool, bool]]:
    """Days, from which day on (counted from today), in force, withdrawal: as the guide's page lists them."""
    guide = published_guide(MATTER)
    assert guide is not None
    return [
        (one.days, (one.since - day(0)).days, one.is_in_force, one.is_withdrawal)
        for one in guide.hall_promises
        if one.hall == hall
    ]


def test_everything_announced_is_told_until_a_newer_decision_overrides_it(
    seeded: Seed, travel: Any, published: int
) -> None:
    in_force(seeded, travel, published - 2)
    promise(seeded, published - 3, after=2)
    promise(seeded, published - 5, after=9)
    promise(seeded, None, after=20, reason="人手减少")
    now, soon, later = (
        (published - 2, -1, True, False), (published - 3, 2, False, False), (published - 5, 9, False, False)
    )  # fmt: skip
    assert told_of(TAIHE) == [now, soon, later, (published, 20, False, True)]
    html = page("guide", MATTER)
    assert f"自 {day(20):%Y年%-m月%-d日} 起按办事指南，{published} 个工作日" in html
    promise(seeded, published - 1, after=5)  # newer, and begins before the two last: they never hold
    assert told_of(TAIHE) == [now, soon, (published - 1, 5, False, False)]
    guide = Matter.objects.get(code=MATTER).current
    assert guide is not None
    for days, since, _now, _gone in told_of(TAIHE):
        held = promise_at(seeded.hall(TAIHE).path, guide, day(since))
        assert held is not None
        assert held.days == days


def test_the_end_of_what_nobody_was_promised_is_not_told(seeded: Seed, published: int) -> None:
    promise(seeded, published - 2, after=9)
    promise(seeded, None, after=5, reason="撤回")
    assert told_of(TAIHE) == []


def test_pages_go_by_the_clock_of_the_database(seeded: Seed, travel: Any, published: int) -> None:
    promise(seeded, published - 5, after=3)
    told = f"受理后 {published - 5} 个工作日内办结（受理的大厅自己的承诺"
    travel(f"{day(3):%Y-%m-%d} 00:00")
    assert begun_last() == day(3)
    assert told_of(TAIHE)[0][2] is True
    assert told in page("hall_board", TAIHE)
    assert told in page("guide_list", hall=TAIHE, q="宅基地")
    assert "承诺受理后" in page("guide", MATTER, township=TAIHE, village=GAOQIAO)
    travel(f"{day(2):%Y-%m-%d} 23:59")
    assert begun_last() is None
    assert told_of(TAIHE)[0][2] is False
    assert told not in page("hall_board", TAIHE)


def test_cards_board_and_booklet_of_a_hall_say_its_own_promise(seeded: Seed, travel: Any, published: int) -> None:
    in_force(seeded, travel, published - 5)
    told = f"受理后 {published - 5} 个工作日内办结（受理的大厅自己的承诺，办事指南为 {published} 个工作日）"
    for hall in (TAIHE, GAOQIAO):
        assert told in page("guide_list", hall=hall, q="宅基地")
        assert told in page("hall_board", hall)
    assert told not in page("hall_board", NEIGHBOUR)
    assert told not in page("guide_list", q="宅基地")
    with CaptureQueriesContext(connection) as one:
        page("hall_board", TAIHE)
    for code in ("NY-001", "NY-002", "MZ-001", "MZ-004"):
        try:
            in_force(seeded, travel, 1, matter=code)
        except Refused:
            continue
    with CaptureQueriesContext(connection) as many:
        page("hall_board", TAIHE)
    assert len(many) == len(one)
    assert HallPromise.objects.count() > 1


def test_the_booklet_is_set_anew_on_the_day(seeded: Seed, travel: Any) -> None:
    assert begun_last() is None
    promise(seeded, 3)
    assert begun_last() is None  # announced: nothing of it counts yet
    in_force(seeded, travel, 4)
    assert begun_last() == day(-1)


def test_the_api_tells_it_and_the_change_feed_moves(seeded: Seed, published: int) -> None:
    client, since = Client(), timezone.now()
    feed = f"/api/v1/matters/?updated_since={since:%Y-%m-%dT%H:%M:%S.%fZ}"
    utc = datetime.fromisoformat(client.get("/api/v1/matters/NY-003/").json()["changed_at"])
    assert utc < since
    tag = client.get("/api/v1/matters/NY-003/").headers["ETag"]
    promise(seeded, published - 5)
    assert MATTER in {row["code"] for row in client.get(feed.replace("+", "%2B")).json()["results"]}
    answer = client.get("/api/v1/matters/NY-003/", headers={"if-none-match": tag})
    assert answer.status_code == 200
    (told,) = answer.json()["hall_promises"]
    assert (told["hall"], told["days"], told["is_in_force"], told["reason"]) == (
        TAIHE,
        published - 5,
        False,
        "并联审查",
    )


# --- the page of the hall ---------------------------------------------------------------------------------------------


@pytest.fixture
def editor(seeded: Seed) -> Client:
    client = Client()
    client.force_login(seeded.user("catalogue_editor"), backend=BACKEND)
    return client


def test_the_form_keeps_it_and_says_what_is_wrong(editor: Client, published: int) -> None:
    address = f"/halls/{TAIHE}/matters/{MATTER}/"
    sent = {"days": "3", "effective_on": f"{day(1):%Y-%m-%d}", "reason": "并联审查", "version": "0"}
    for wrong, words in (
        ({"days": str(published)}, "只能承诺得更短"),
        ({"days": ""}, "请填本厅承诺的工作日数"),
        ({"as_guide": "on"}, "请只留一样"),
        ({"effective_on": f"{day(0):%Y-%m-%d}"}, "最早是明天"),
        ({"reason": ""}, "请写明理由"),
    ):
        answer = editor.post(f"{address}promise/", sent | wrong)
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert editor.post(f"{address}promise/", sent).status_code == 302
    shown = " ".join(editor.get(address).content.decode().split())
    assert "3 个工作日。理由：并联审查" in shown
    assert editor.post(f"{address}promise/", sent).status_code == 409
    assert editor.get(f"/halls/{TAIHE}/matters/%00/").status_code == 404


def test_the_accepted_list_shows_what_counts_today(seeded: Seed, editor: Client, travel: Any) -> None:
    promise(seeded, 4)
    listed = reverse("hall_matters", args=[TAIHE])
    assert "承诺 4 个工作日" not in editor.get(listed).content.decode()
    in_force(seeded, travel, 3)
    assert "承诺 3 个工作日" in editor.get(listed).content.decode()
