"""A hall says where it is, whom to call and when it is open: who may, from which day, and what stays as it was."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import date, time, timedelta
from threading import Barrier, Thread
from typing import Any

import psycopg2
import pytest
from django.db import IntegrityError, connections, transaction

from halls.actions.keep_hall import LONGEST_REASON, HallFacts, keep_hall
from halls.actions.open_hall import open_hall
from halls.domain.errors import DomainError, Invalid, NotFound, NotPermitted, Stale
from halls.domain.openings import Hours, Opening, OpeningKind, in_force, lines_of
from halls.models import Hall, HallOpening
from halls.selectors.near import near
from halls.selectors.openings import opening_of
from halls.selectors.work_calendar import read_moment
from tests.factories.halls import FENGJIE, GAOQIAO, TAIHE
from tests.seed import Seed, connect_as_app

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
NEIGHBOUR = "500236001"
TODAY = date(2026, 3, 2)  # a Monday
WEEK = (1, 2, 3, 4, 5)
SUMMER = Hours(OpeningKind.REGULAR, time(9), time(17), WEEK).lines()
WINTER = Hours(OpeningKind.REGULAR, time(8, 30), time(16, 30), WEEK).lines()
MARKET = Opening(OpeningKind.MARKET, time(8), time(12), digits="258")


@pytest.fixture(autouse=True)
def _today(travel: Any) -> None:
    travel(f"{TODAY} 10:00")


def after(days: int) -> date:
    return TODAY + timedelta(days=days)


def keep(
    seeded: Seed, openings: Sequence[Opening] = (), *, hall: str = TAIHE, since: date | None = TODAY, **more: Any
) -> list[date]:
    said = Hall.objects.filter(code=hall).first()
    facts = HallFacts(
        more.pop("address", said.address if said else ""), more.pop("phone", said.phone if said else ""), openings
    )
    actor = seeded.actor(more.pop("role", "township_catalogue"))
    return keep_hall(hall, facts, since=since, reason=more.pop("reason", "作息调整"), actor=actor, **more)


def told(day: date, hall: str = TAIHE) -> list[str]:
    """What holds on a day, by what is stored."""
    return lines_of(in_force(map(opening_of, HallOpening.objects.filter(hall__code=hall)), day))


def stored(hall: str = TAIHE) -> set[tuple[Any, ...]]:
    return set(HallOpening.objects.filter(hall__code=hall).values_list("weekday", "opens", "starts_on", "ends_on"))


SUMMER_TOLD = ["周一、周二、周三、周四、周五 09:00-17:00 对外办公"]
WINTER_TOLD = ["周一、周二、周三、周四、周五 08:30-16:30 对外办公"]


# Who


@pytest.mark.parametrize(
    ("role", "hall", "error"),
    [
        ("township_catalogue", TAIHE, None),
        ("township_catalogue", GAOQIAO, None),
        ("township_catalogue", NEIGHBOUR, NotPermitted),
        ("township_catalogue", FENGJIE, NotPermitted),
        ("catalogue_editor", FENGJIE, None),
        ("catalogue_editor", GAOQIAO, None),
        ("bureau_editor", FENGJIE, NotPermitted),
        ("village_clerk", GAOQIAO, NotPermitted),
        ("township_director", TAIHE, NotPermitted),
        ("administrator", FENGJIE, NotPermitted),
        ("catalogue_editor", "999999", NotFound),
        ("catalogue_editor", "", NotFound),
    ],
)
def test_whoever_writes_the_lines_of_a_hall_keeps_the_hall(
    seeded: Seed, role: str, hall: str, error: type[DomainError] | None
) -> None:
    if error is None:
        assert keep(seeded, SUMMER, hall=hall, role=role) == []
        assert told(TODAY, hall) == SUMMER_TOLD
        return
    with pytest.raises(error):
        keep(seeded, SUMMER, hall=hall, role=role)
    assert not HallOpening.objects.exists()


def test_a_hall_that_was_closed_down_is_nobodys(seeded: Seed) -> None:
    Hall.objects.filter(code=TAIHE).update(retired_on=TODAY)
    with pytest.raises(NotFound):
        keep(seeded, SUMMER)


# What


def test_everything_is_said_and_the_history_names_who_and_why(seeded: Seed) -> None:
    keep(
        seeded,
        [*SUMMER, MARKET],
        address=" 太和乡正街  12 号 ",
        phone="\uff10\uff12\uff13-5656\uff10001",
        reason="新大厅启用",
    )
    hall = Hall.objects.get(code=TAIHE)
    assert (hall.address, hall.phone, hall.version) == ("太和乡正街 12 号", "023-56560001", 2)
    assert told(TODAY) == [*SUMMER_TOLD, "逢二、五、八 08:00-12:00 赶场日开放"]
    editor = seeded.user("township_catalogue")
    newest = hall.history.order_by("-history_id")[0]
    assert (newest.history_user_id, newest.history_change_reason, newest.address) == (
        editor.pk,
        "新大厅启用",
        "太和乡正街 12 号",
    )
    lines = HallOpening.history.filter(hall=hall)
    assert {(one.history_type, one.history_user_id, one.history_change_reason) for one in lines} == {
        ("+", editor.pk, "新大厅启用")
    }
    assert len(lines) == len(SUMMER) + 1


def test_digits_are_stored_in_order(seeded: Seed) -> None:
    keep(seeded, [Opening(OpeningKind.MARKET, time(8), time(12), digits="852")])
    assert HallOpening.objects.get().digits == "258"
    with pytest.raises(Invalid, match="nothing_changed"):
        keep(seeded, [Opening(OpeningKind.MARKET, time(8), time(12), digits="582")])


def test_nothing_may_be_published_too(seeded: Seed) -> None:
    keep(seeded, SUMMER, phone="12345")
    keep(seeded, [], phone="", since=TODAY)
    assert told(TODAY) == []
    assert Hall.objects.get(code=TAIHE).phone == ""


# From which day


def test_changed_lines_end_the_day_before_and_what_goes_on_is_not_touched(seeded: Seed, travel: Any) -> None:
    keep(seeded, [*SUMMER, MARKET])
    market = HallOpening.objects.get(digits="258")
    travel("2026-03-10 10:00")
    change, day = [*SUMMER[:4], Opening(OpeningKind.REGULAR, time(9), time(15), weekday=5), MARKET], date(2026, 3, 10)
    assert keep(seeded, change, since=day) == []
    friday = stored() - {(day.weekday, day.opens, TODAY, None) for day in [*SUMMER[:4], MARKET]}
    assert friday == {(5, time(9), TODAY, date(2026, 3, 9)), (5, time(9), day, None)}
    assert HallOpening.history.filter(id=market.pk).count() == 1
    for over in (TODAY, date(2026, 3, 9)):
        assert SUMMER_TOLD[0] in told(over)
    assert "周五 09:00-15:00 对外办公" in told(day)


def test_a_later_day_changes_nothing_before_it(seeded: Seed) -> None:
    keep(seeded, SUMMER)
    assert keep(seeded, WINTER, since=after(7)) == []
    assert [told(after(days)) for days in (0, 6, 7, 400)] == [SUMMER_TOLD, SUMMER_TOLD, WINTER_TOLD, WINTER_TOLD]


def test_what_is_announced_stays_when_only_the_telephone_changes(seeded: Seed) -> None:
    keep(seeded, SUMMER)
    keep(seeded, WINTER, since=after(7))
    before = stored()
    assert keep(seeded, SUMMER, phone="023-56560001") == []
    assert (stored(), Hall.objects.get(code=TAIHE).phone) == (before, "023-56560001")


@pytest.mark.parametrize("days", [0, 3, 7])
def test_other_times_replace_what_was_announced_and_say_so(seeded: Seed, days: int) -> None:
    keep(seeded, SUMMER)
    keep(seeded, WINTER, since=after(7))
    assert keep(seeded, [MARKET], since=after(days)) == [after(7)]
    assert told(after(7)) == told(after(400)) == ["逢二、五、八 08:00-12:00 赶场日开放"]
    if days:
        assert told(after(days - 1)) == SUMMER_TOLD


def test_what_is_announced_is_taken_back_by_what_holds_now(seeded: Seed) -> None:
    keep(seeded, SUMMER)
    keep(seeded, WINTER, since=after(7))
    assert keep(seeded, SUMMER, since=after(7)) == [after(7)]
    assert {tuple(told(after(days))) for days in range(20)} == {tuple(SUMMER_TOLD)}


def test_two_weeks_of_other_times_are_said_in_their_order(seeded: Seed) -> None:
    keep(seeded, SUMMER)
    assert keep(seeded, [], since=after(7)) == []
    assert keep(seeded, SUMMER, since=after(21)) == []
    assert [told(after(days)) for days in (6, 7, 20, 21)] == [SUMMER_TOLD, [], [], SUMMER_TOLD]


def test_a_slip_is_mended_on_the_same_day_and_stays_in_the_history(seeded: Seed) -> None:
    keep(seeded, WINTER)
    keep(seeded, SUMMER, reason="填错了")
    assert stored() == {(line.weekday, line.opens, TODAY, None) for line in SUMMER}
    gone = HallOpening.history.filter(history_type="-")
    assert {(one.opens, one.history_change_reason) for one in gone} == {(time(8, 30), "填错了")}
    assert {one.history_user_id for one in gone} == {seeded.user("township_catalogue").pk}


def test_lines_with_an_end_give_way_to_the_same_without_one(seeded: Seed) -> None:
    hall = Hall.objects.get(code=TAIHE)
    open_hall(hall, SUMMER, since=after(-30), until=after(10))
    assert keep(seeded, [*SUMMER, MARKET]) == [after(11)]
    assert SUMMER_TOLD[0] in told(after(-1))
    assert SUMMER_TOLD[0] in told(after(400))


# Two editors


def test_an_older_page_is_told_and_overwrites_nothing(seeded: Seed) -> None:
    version = Hall.objects.get(code=TAIHE).version
    keep(seeded, SUMMER, version=version)
    with pytest.raises(Stale):
        keep(seeded, WINTER, version=version, role="catalogue_editor")
    assert told(TODAY) == SUMMER_TOLD
    keep(seeded, WINTER, version=version + 1, role="catalogue_editor")


def test_the_command_of_the_owner_makes_a_page_old_as_well(seeded: Seed) -> None:
    hall = Hall.objects.get(code=TAIHE)
    open_hall(hall, SUMMER, since=TODAY)
    with pytest.raises(Stale):
        keep(seeded, WINTER, version=hall.version)


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_moment_one_wins(seeded: Seed, travel: Any) -> None:
    travel("")
    version, today = Hall.objects.get(code=TAIHE).version, read_moment().at.date()
    actors = [seeded.actor(role) for role in ("township_catalogue", "catalogue_editor")]
    start, ends = Barrier(2), []

    def write(number: int) -> None:
        start.wait()
        try:
            facts = HallFacts(phone="12345", openings=[SUMMER, WINTER][number])
            keep_hall(TAIHE, facts, since=today, reason="作息", actor=actors[number], version=version)
            ends.append("kept")
        except Stale:
            ends.append("stale")
        finally:
            connections.close_all()

    threads = [Thread(target=write, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends) == ["kept", "stale"]
    assert told(today) in (SUMMER_TOLD, WINTER_TOLD)


# What is refused


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"address": "长" * 201}, "address"),
        ({"address": "正街\u202e12 号"}, "address"),
        ({"address": "正街\x00"}, "address"),
        ({"address": "正街\x07"}, "address"),
        ({"phone": "找小王"}, "phone"),
        ({"phone": "023-1"}, "phone"),
        ({"phone": "9" * 99}, "phone"),
        ({"phone": "023-56560001、023-56560002"}, "phone"),
        ({"phone": "023-5656\x000001"}, "phone"),
        ({"since": None}, "since"),
        ({"since": after(-1)}, "since"),
        ({"since": after(367)}, "since"),
        ({"since": date.max}, "since"),
        ({"since": after(1), "phone": "023-56560001"}, "since"),
        ({"reason": "  "}, "reason"),
        ({"reason": "理" * (LONGEST_REASON + 1)}, "reason"),
        ({"reason": "搬\u200b家"}, "reason"),
        ({"reason": "搬\x00家"}, "reason"),
        ({"openings": [*SUMMER, SUMMER[0]]}, "openings.5.opens"),
        ({"openings": [Opening(OpeningKind.MARKET, time(8), time(12), digits="2x")]}, "openings.0.digits"),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_nothing_is_saved(
    seeded: Seed, change: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        keep(seeded, **({"openings": SUMMER} | change))
    (problem,) = refusal.value.problems
    assert problem.field == field
    assert problem.message
    assert problem.cure
    assert not HallOpening.objects.exists()
    assert Hall.objects.get(code=TAIHE).version == 1


def test_all_faults_are_told_at_once(seeded: Seed) -> None:
    with pytest.raises(Invalid) as refusal:
        keep(seeded, [SUMMER[0], SUMMER[0]], address="长" * 201, phone="x", since=after(-1), reason="")
    assert [problem.field for problem in refusal.value.problems] == [
        "address",
        "phone",
        "openings.1.opens",
        "since",
        "reason",
    ]


def test_saying_the_same_again_is_no_change(seeded: Seed) -> None:
    keep(seeded, SUMMER, phone="12345")
    with pytest.raises(Invalid, match="nothing_changed"):
        keep(seeded, list(reversed(SUMMER)))
    assert Hall.objects.get(code=TAIHE).version == 2


# The database


def test_a_digit_written_twice_is_refused_by_the_database() -> None:
    hall = Hall.objects.get(code=TAIHE)
    with pytest.raises(IntegrityError, match="opening_digits_once"), transaction.atomic():
        HallOpening.objects.create(
            hall=hall, kind="market", digits="252", opens=time(8), closes=time(9), starts_on=TODAY
        )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE halls_hallopening SET opens = '07:00'",
        "UPDATE halls_hallopening SET starts_on = starts_on + 1",
        "UPDATE halls_hallopening SET ends_on = current_date - 5",
        "DELETE FROM halls_hallopening",
        "INSERT INTO halls_hallopening (hall_id, kind, weekday, digits, opens, closes, starts_on) "
        "SELECT hall_id, kind, weekday, digits, '05:00', '06:00', current_date - 3 FROM halls_hallopening LIMIT 1",
    ],
)
def test_the_site_rewrites_no_day_that_is_over(seeded: Seed, travel: Any, attack: str) -> None:
    travel("")
    open_hall(Hall.objects.get(code=TAIHE), SUMMER, since=date(2026, 1, 5))
    with closing(connect_as_app()) as app, app.cursor() as cursor:
        cursor.execute("UPDATE halls_hallopening SET ends_on = current_date + 30")
        with pytest.raises(psycopg2.errors.RestrictViolation, match="stay as they were"):
            cursor.execute(attack)
        with pytest.raises(psycopg2.errors.RestrictViolation, match="stay as they were"):
            cursor.execute("UPDATE halls_hallopening SET ends_on = NULL")


# Where it is read


def test_the_next_opening_is_by_the_times_of_its_day(seeded: Seed, travel: Any) -> None:
    keep(seeded, SUMMER)
    keep(seeded, WINTER, since=after(1))
    travel(f"{TODAY} 18:00")
    place = near(FENGJIE, TAIHE, "", read_moment()).places["township"]
    assert place.openings == tuple(SUMMER_TOLD)
    assert place.opens_next == "明天（3月3日，周二）08:30 开门"
