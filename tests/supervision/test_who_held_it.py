"""A card counts against whoever held the case when its rung was reached, however late that is found."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from applications.actions.accept import accept
from applications.actions.grant import grant
from applications.actions.hand_over import hand_over, take_over
from applications.actions.make_result import make_result
from applications.models import Application, Event
from applications.selectors.held import held_at
from applications.selectors.statement import CaseStatements
from halls.selectors.work_calendar import read_moment
from supervision.actions.sweep import sweep
from supervision.models import Accountability, LimitWarning, Message
from supervision.selectors.supervised import names_of
from tests.clock.attack import as_application, found
from tests.supervision.county import County, at, clock_of
from tests.supervision.test_defaults import follow_the_brake, publish
from tests.supervision.test_defaults_plan import fill
from tests.supervision.test_sweep import rows_after

pytestmark = pytest.mark.django_db


def two_organs(county: County, *, promised: int = 5, township: int = 3) -> Any:
    """The township accepts and examines, the bureau decides."""
    steps: list[dict[str, Any]] = [
        {"kind": "accept", "days": 1},
        {"kind": "review", "days": township},
        {"kind": "decide", "days": promised - township - 1, "level": "county", "actor": county.bureau.organ},
    ]
    return county.matter(promised=promised, steps=steps)


def blamed(case: Application, kind: str = "promised") -> dict[str, str]:
    """The organ that each card of this limit names."""
    cards = list(LimitWarning.objects.filter(application=case, clock_kind=kind))
    names = names_of({card.seat_path for card in cards})
    return {card.level: names[card.seat_path] for card in cards}


def test_days_of_silence_are_the_window_s_not_of_the_bureau_that_gets_the_case(county: County) -> None:
    # Received on Monday 2 March with five days promised: what silence accepts is due on the 9th, before anybody
    # but the window could act.
    case = county.received(county.bureau_matter(promised=5))
    at("2026-03-09 23:58")
    sweep()
    at("2026-03-10 00:01")
    assert sweep().defaulted == 1
    assert Application.objects.get(pk=case.pk).seat_path == county.bureau.path
    assert blamed(case) == {"warning": "东乡便民服务中心", "yellow": "东乡便民服务中心"}
    at("2026-03-13 00:01")  # the bureau has had three days by now, and the red card is its own
    sweep()
    assert blamed(case)["red"] == "示例局"


def test_the_window_that_accepts_late_keeps_the_cards_of_its_silence(county: County) -> None:
    case = county.received(county.bureau_matter(promised=5))
    at("2026-03-12 10:00")
    accept(case.pk, {}, actor=county.actor("window0"))
    sweep()
    assert blamed(case) == {"warning": "东乡便民服务中心", "yellow": "东乡便民服务中心"}


def test_who_broke_the_promise_while_nobody_watched_is_blamed_not_who_holds_it_now(county: County) -> None:
    case = county.accepted(two_organs(county))
    at("2026-03-11 10:00")  # the promise was broken on Monday 9 March; the beat is down
    county.passed_on(case, "examiner0")
    at("2026-03-11 10:05")
    sweep()
    assert blamed(case) == {"warning": "东乡便民服务中心", "yellow": "东乡便民服务中心"}
    told = Message.objects.filter(application=case, kind=Message.Kind.LIMIT, level="yellow")
    assert county.people["examiner0"] in {message.user for message in told}
    assert county.people["bureau_approver"] not in {message.user for message in told}
    assert all("东乡" in message.words for message in told)


def test_whoever_is_told_of_a_window_s_silence_is_the_window(county: County) -> None:
    case = county.received(two_organs(county))
    at("2026-03-12 10:00")
    accept(case.pk, {}, actor=county.actor("window0"))
    sweep()
    told = Message.objects.filter(application=case, level="yellow", clock=clock_of(case, "promised"))
    people = {message.user for message in told}
    assert county.people["window0"] in people
    assert county.people["examiner0"] not in people


def test_three_days_of_downtime_blame_the_same_organs_as_a_sweep_every_hour(county: County) -> None:
    case = county.accepted(two_organs(county, promised=5))
    begun = at("2026-03-02 11:00")
    hours = [f"{begun + timedelta(hours=n):%Y-%m-%d %H:%M}" for n in range(24 * 9)]
    every_hour = rows_after(*hours)
    at("2026-03-11 10:00")
    county.passed_on(case, "examiner0")
    assert rows_after("2026-03-11 10:05") == every_hour
    assert len(every_hour) > 3


def test_a_case_that_came_back_is_held_by_whoever_had_it_in_between(county: County) -> None:
    case = county.accepted(two_organs(county, promised=10, township=4))
    at("2026-03-04 10:00")
    county.passed_on(case, "examiner0")
    at("2026-03-06 10:00")
    county.stepped_back(case, "bureau_approver")
    at("2026-03-10 10:00")
    county.passed_on(case, "examiner0")
    clock, township, bureau = clock_of(case, "promised"), county.townships[0].path, county.bureau.path
    for moment, holder in [
        ("2026-03-02 10:00", township),
        ("2026-03-04 09:59", township),
        ("2026-03-04 10:00", bureau),
        ("2026-03-06 09:59", bureau),
        ("2026-03-06 10:00", township),
        ("2026-03-10 10:00", bureau),
    ]:
        held = held_at(clock, at(moment))
        assert (held.path, moment) == (holder, moment)


def test_cards_and_waterfall_name_the_same_organ(county: County) -> None:
    silent = county.received(county.bureau_matter(promised=5))
    passed = county.accepted(two_organs(county))
    at("2026-03-11 10:00")
    county.passed_on(passed, "examiner0")
    accept(silent.pk, {}, actor=county.actor("window0"))
    at("2026-03-20 10:00")
    sweep()
    for case in (silent, passed):
        clock = clock_of(case, "promised")
        statement = CaseStatements(Application.objects.get(pk=case.pk), read_moment()).find(clock.pk)
        assert statement is not None
        cards = LimitWarning.objects.filter(clock=clock)
        assert cards.count() == 3
        for card in cards:
            share = next(one for one in statement.shares if one.begin <= card.effective_at < one.end)
            name = names_of({card.seat_path})[card.seat_path]
            assert name.startswith(share.who), (card.level, name, share.who)


def test_a_result_that_lies_too_long_is_the_hall_s_where_it_lay_then(county: County) -> None:
    case = county.granted(county.accepted(county.matter()))
    make_result(case.pk, actor=county.actor("window0"))
    at("2026-03-06 10:00")  # due on Thursday the 5th
    hand_over(case.pk, actor=county.actor("window0"), to_hall=county.villages[0].code)
    take_over(case.pk, actor=county.actor("clerk0"))
    assert Event.objects.filter(application=case).latest("seq").detail["seat"] == county.villages[0].path
    at("2026-03-17 10:00")
    sweep()
    cards = LimitWarning.objects.filter(clock=clock_of(case, "delivery")).order_by("effective_at")
    assert [(card.level, card.seat_path) for card in cards] == [
        ("warning", county.townships[0].path),
        ("yellow", county.townships[0].path),
        ("red", county.villages[0].path),
    ]


def test_a_statement_of_the_delivery_names_whom_its_cards_name(county: County) -> None:
    case = county.passed_on(county.accepted(county.bureau_matter()), "bureau_examiner")
    grant(case.pk, actor=county.actor("bureau_approver"))
    at("2026-03-03 10:00")
    make_result(case.pk, actor=county.actor("county_window"))  # another hall makes it; it lies where it was decided
    at("2026-03-04 10:00")
    hand_over(case.pk, actor=county.actor("county_window"), to_hall=county.townships[0].code)
    at("2026-03-06 10:00")
    take_over(case.pk, actor=county.actor("window0"))
    at("2026-03-12 10:00")
    clock = clock_of(case, "delivery")
    statement = CaseStatements(Application.objects.get(pk=case.pk), read_moment()).find(clock.pk)
    assert statement is not None
    assert [share.name for share in statement.shares] == ["制作结果", "等待移交", "移交途中", "等待领取"]
    for share in statement.shares:
        held = held_at(clock, share.begin).path
        who = share.who.split(" → ")[0]
        assert names_of({held})[held].startswith(who), (share.name, who)


def test_what_the_guide_puts_behind_the_decision_has_its_own_organ(county: County) -> None:
    desk = {"level": "county", "actor": county.bureau.organ}
    steps: list[dict[str, Any]] = [
        {"kind": "accept"},
        {"kind": "decide", "days": 4},
        {"kind": "review", "days": 2, "counts_in_limit": False, **desk},
        {"kind": "deliver", "days": 1, "counts_in_limit": False},
    ]
    case = county.granted(county.accepted(county.matter(steps=steps)))
    clock = clock_of(case, "delivery")
    assert case.seat_path == county.bureau.path
    at("2026-03-05 10:00")
    case = county.passed_on(case, "bureau_examiner")
    assert held_at(clock, at("2026-03-04 10:00")).path == county.bureau.path
    assert held_at(clock, at("2026-03-05 10:00")).path == case.seat_path == county.townships[0].path


def test_nobody_moves_blame_by_rewriting_the_seat_of_today(county: County) -> None:
    case = county.accepted(two_organs(county))
    clock = clock_of(case, "promised")
    call_command("secure_database", verbosity=0)
    at("2026-03-11 10:00")
    forged = {
        "clock_id": clock.pk, "application_id": case.pk, "level": "yellow", "arming": 1, "clock_kind": "promised",
        "seat_path": county.bureau.path, "effective_at": clock.yellow_at, "recorded_at": clock.yellow_at,
    }  # fmt: skip
    with as_application():
        LimitWarning.objects.create(**forged, is_late=False)
    assert blamed(case) == {"yellow": "东乡便民服务中心"}
    assert found() == set()


def test_an_account_names_who_held_the_case_when_the_limit_ran_out(county: County) -> None:
    steps: list[dict[str, Any]] = [
        {"kind": "accept"},
        {"kind": "review", "days": 3},
        {"kind": "decide", "days": 1, "level": "county", "actor": county.bureau.organ},
    ]
    matter = county.matter(promised=5, steps=steps, kind="行政许可", name="人力资源服务许可延续")
    publish(county, matter, place="renewal", policy="deemed_renew")
    county.permit_end = date(2026, 3, 9)
    case = county.accepted(matter)
    at("2026-03-11 10:00")
    county.passed_on(case, "examiner0")
    at("2026-03-11 10:05")
    follow_the_brake(county)
    account = Accountability.objects.get(application=case)
    assert (account.act, account.seat_name) == ("deemed_renew", "东乡便民服务中心")
    assert [one["name"] for one in account.holders] == [county.people["examiner0"].full_name]


def test_finding_out_who_held_it_reads_no_whole_table(county: County) -> None:
    case = county.passed_on(county.accepted(two_organs(county)), "examiner0")
    fill(case)
    clock = clock_of(case, "promised")
    before = scans()
    held_at(clock, at("2026-03-11 10:00"))
    assert scans() == before


def scans() -> list[Any]:
    """How often this transaction read one of these tables from end to end."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, seq_scan FROM pg_stat_xact_user_tables "
            "WHERE relname IN ('applications_clock', 'applications_application') ORDER BY relname"
        )
        return list(cursor.fetchall())
