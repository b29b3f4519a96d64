"""When a hall is open: told to people, and never part of a limit."""

from dataclasses import replace
from datetime import date, time
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from applications.sealing import query_code
from halls.actions.open_hall import open_hall
from halls.domain.errors import Invalid
from halls.domain.openings import Opening, OpeningKind, lines_of
from halls.models import Hall, HallOpening
from halls.selectors.work_calendar import load_calendar
from tests.factories.walk import Walk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
SINCE = date(2026, 1, 1)
MARKET = Opening(OpeningKind.MARKET, time(8), time(12), digits="258")


def hall_of(case) -> Hall:
    return Hall.objects.get(pk=case.hall_id)


# Words and days


@pytest.mark.parametrize(("day", "holds"), [(2, True), (5, True), (18, True), (28, True), (3, False), (30, False)])
def test_market_days_follow_the_last_digit_of_the_solar_day(day, holds):
    assert MARKET.holds_on(date(2026, 3, day)) == holds


def test_a_weekday_line_holds_on_its_weekday_only():
    monday = Opening(OpeningKind.REGULAR, time(9), time(17), weekday=1)
    assert [monday.holds_on(date(2026, 3, day)) for day in (2, 3, 9)] == [True, False, True]


def test_days_of_the_same_hours_are_told_together():
    week = [Opening(OpeningKind.REGULAR, time(9), time(17), weekday=day) for day in range(1, 6)]
    late = Opening(OpeningKind.EXTENDED, time(17), time(19), weekday=3)
    assert lines_of([late, MARKET, *week]) == [
        "周一、周二、周三、周四、周五 09:00-17:00 对外办公",
        "逢二、五、八 08:00-12:00 赶场日开放",
        "周三 17:00-19:00 延时服务",
    ]


# Writing them


def test_the_command_writes_each_line_once(seeded):
    order = ("open_hall", seeded.hall().code, "--kind", "market", "--digits", "852", "--opens", "08:00", "--closes")
    for _ in range(2):
        call_command(*order, "12:00", "--since", "2026-01-01", stdout=StringIO())
    [line] = HallOpening.objects.filter(hall=seeded.hall())
    assert (line.digits, line.weekday, line.closes) == ("258", None, time(12))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"digits": ""}, "opening_without_days"),
        ({"weekday": 8, "digits": ""}, "opening_without_days"),
        ({"weekday": 1}, "opening_without_days"),
        ({"digits": "2x"}, "opening_without_days"),
        ({"digits": "二"}, "opening_without_days"),
        ({"closes": time(8)}, "opening_ends_before_it_begins"),
    ],
)
def test_what_cannot_be_is_refused_in_words(seeded, change, code):
    with pytest.raises(Invalid) as refusal:
        open_hall(seeded.hall(), [replace(MARKET, **change)], since=SINCE)
    assert (refusal.value.code, bool(refusal.value.cure)) == (code, True)


def test_the_database_refuses_a_line_without_days(seeded):
    with pytest.raises(IntegrityError, match="opening_by_weekday_or_digits"), transaction.atomic():
        HallOpening.objects.create(
            hall=seeded.hall(), kind="market", opens=time(8), closes=time(9), starts_on=date(2026, 1, 1)
        )


# They are told, and no limit moves


def test_the_public_page_tells_when_the_hall_is_open(seeded, client):
    case = Walk(seeded).accepted()
    open_hall(hall_of(case), [MARKET], since=SINCE)
    open_hall(hall_of(case), [replace(MARKET, opens=time(6))], since=SINCE, until=date(2026, 1, 2))
    assert case.number is not None
    answer = client.post("/progress/", {"number": case.number, "code": query_code(case.number)}, follow=True)
    text = answer.content.decode()
    assert "逢二、五、八 08:00-12:00 赶场日开放" in text
    assert "06:00" not in text


def test_an_open_hall_moves_no_legal_clock(seeded, travel):
    travel("2026-03-02 10:00")
    before = load_calendar()
    plain = Walk(seeded).accepted()
    for kind in OpeningKind:
        week = [Opening(kind, time(8), time(20), weekday=day) for day in range(1, 8)]
        open_hall(hall_of(plain), [replace(MARKET, kind=kind, digits="0123456789"), *week], since=SINCE)
    open_one = Walk(seeded).accepted()
    after = load_calendar()
    assert (open_one.due_at, open_one.late_at) == (plain.due_at, plain.late_at)
    assert [after.is_working(date(2026, 3, day)) for day in range(1, 32)] == [
        before.is_working(date(2026, 3, day)) for day in range(1, 32)
    ]
    assert after is before
