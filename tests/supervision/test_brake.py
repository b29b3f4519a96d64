"""After an outage, or when there are too many at once, nothing follows until a named person lets go."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from applications.models import Application
from halls.acting import acting_user
from halls.domain.duties import PostKind
from halls.domain.errors import Invalid, NotPermitted, Refused
from halls.domain.worktime import SHANGHAI
from halls.selectors.work_calendar import load_calendar
from matters.domain.timeout import Policy
from supervision.actions import defaults
from supervision.actions.brake import release_brake
from supervision.actions.sweep import sweep
from supervision.domain.brake import is_too_many, was_out
from supervision.models import Accountability, Brake, LimitWarning
from supervision.selectors.brakes import open_brake
from supervision.selectors.watch import read_watch
from tests.factories.halls import person_in_post
from tests.supervision.county import at

pytestmark = pytest.mark.django_db


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def silent_cases(county, number=1):
    """Cases whose acceptance limit runs out at the end of Monday 9 March."""
    matter = county.matter(promised=10)
    return [county.received(matter) for _ in range(number)]


def let_go(county, reason="机房断电，已查明"):
    return release_brake(actor=county.actor("supervisor"), reason=reason)


# --- when ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("last", "now", "expected"),
    [
        ("2026-03-09 23:59", "2026-03-10 00:00", False),
        ("2026-03-10 09:00", "2026-03-10 11:00", False),
        ("2026-03-10 09:00", "2026-03-10 11:01", True),
        ("2026-03-10 11:30", "2026-03-10 15:00", False),  # half an hour, lunch, an hour
        ("2026-03-06 17:30", "2026-03-09 08:30", False),  # a week-end
        ("2026-03-06 17:30", "2026-03-09 10:31", True),
        ("2026-02-14 18:00", "2026-02-24 08:00", False),  # 春节
        ("2026-02-13 10:00", "2026-02-24 08:00", True),
        ("2026-03-10 11:01", "2026-03-10 09:00", False),  # a clock that went back is no outage
    ],
)
def test_an_outage_is_more_than_two_office_hours_without_a_sweep(county, last, now, expected):
    assert was_out(moment(last), moment(now), load_calendar()) is expected


@pytest.mark.parametrize(
    ("waiting", "open_cases", "expected"),
    [(20, 0, False), (21, 0, True), (21, 420, False), (22, 420, True), (51, 1000, True), (50, 1000, False)],
)
def test_too_many_is_more_than_twenty_and_more_than_a_twentieth_of_the_open_cases(waiting, open_cases, expected):
    assert is_too_many(waiting, open_cases) is expected


# --- outage ---------------------------------------------------------------------------------------------------------


def test_after_an_outage_nothing_follows_but_the_cards_stand(county):
    (case,) = silent_cases(county)
    at("2026-03-09 16:00")
    sweep()
    at("2026-03-12 10:00")
    assert sweep().defaulted == 0
    assert Application.objects.get(pk=case.pk).status == "received"
    assert LimitWarning.objects.filter(level="red").exists()
    brake = Brake.objects.get()
    assert (brake.cause, brake.waiting, brake.tripped_at) == ("outage", 1, moment("2026-03-12 10:00"))
    assert brake.silent_since == moment("2026-03-09 16:00")
    assert not Accountability.objects.exists()


def test_it_never_lets_go_by_itself(county):
    silent_cases(county)
    at("2026-03-09 16:00")
    sweep()
    for day in ("2026-03-12 10:00", "2026-03-12 10:01", "2026-03-13 09:00", "2026-04-20 09:00"):
        at(day)
        assert sweep().defaulted == 0
    assert Brake.objects.count() == 1


def test_released_by_name_it_does_what_waited_with_the_dates_of_the_law(county):
    (case,) = silent_cases(county)
    at("2026-03-09 16:00")
    sweep()
    at("2026-03-12 10:00")
    sweep()
    brake = let_go(county)
    assert (brake.released_person, brake.reason) == (county.people["supervisor"].person_code, "机房断电，已查明")
    at("2026-03-12 10:01")
    assert sweep().defaulted == 1
    case = Application.objects.get(pk=case.pk)
    assert case.accepted_at == case.received_at
    account = Accountability.objects.get()
    assert (account.breached_at, account.opened_at) == (
        moment("2026-03-09 23:59:59"),
        moment("2026-03-12 10:01"),
    )
    assert open_brake() is None


def test_an_outage_in_which_nothing_ran_out_holds_nothing_back(county):
    at("2026-03-04 09:00")
    sweep()
    silent_cases(county)
    at("2026-03-06 09:00")
    sweep()
    assert not Brake.objects.exists()


def test_a_county_that_never_swept_had_no_outage(county):
    silent_cases(county)
    at("2026-03-12 10:00")
    assert sweep().defaulted == 1


# --- too many ---------------------------------------------------------------------------------------------------------


def test_twenty_at_once_follow_and_twenty_one_do_not(county):
    silent_cases(county, 20)
    at("2026-03-10 00:01")
    assert sweep().defaulted == 20
    at("2026-03-10 10:00")
    silent_cases(county, 21)
    at("2026-03-17 23:59")
    sweep()
    at("2026-03-18 00:01")
    assert sweep().defaulted == 0
    brake = Brake.objects.get()
    assert (brake.cause, brake.waiting) == ("mass", 21)
    let_go(county)
    assert sweep().defaulted == 21


def test_a_backlog_that_was_let_go_is_worked_off_run_by_run_so_that_the_heart_beats(county, monkeypatch):
    monkeypatch.setattr(defaults, "FOLLOWED_AT_ONCE", 10)
    silent_cases(county, 25)
    at("2026-03-10 00:01")
    assert sweep().defaulted == 0
    let_go(county)
    assert [sweep().defaulted for _ in range(4)] == [10, 10, 5, 0]
    assert Accountability.objects.count() == 25
    assert Brake.objects.count() == 1  # what is left of it was seen by whoever let go


def test_cases_that_fail_do_not_keep_the_others_waiting(county, monkeypatch):
    cases = silent_cases(county, 4)
    bad = {case.pk for case in cases[:2]}
    real = defaults._ACTS[Policy.DEEMED_ACCEPT]

    def accept_but_two(case_id, actor, basis):
        if case_id in bad:
            raise RuntimeError("broken")
        real(case_id, actor, basis)

    monkeypatch.setattr(defaults, "FOLLOWED_AT_ONCE", 1)
    monkeypatch.setitem(defaults._ACTS, Policy.DEEMED_ACCEPT, accept_but_two)
    at("2026-03-10 00:01")
    assert [(run.defaulted, run.failed) for run in (sweep(), sweep())] == [(1, 2), (1, 2)]


def test_who_let_go_has_seen_those_that_waited_not_those_to_come(county):
    silent_cases(county, 21)
    at("2026-03-10 00:01")
    sweep()
    at("2026-03-10 00:02")
    let_go(county)
    assert sweep().defaulted == 21
    silent_cases(county, 21)
    at("2026-03-17 23:59")
    sweep()
    at("2026-03-18 00:01")
    assert sweep().defaulted == 0
    assert Brake.objects.filter(released_at__isnull=True).count() == 1


# --- who lets go -----------------------------------------------------------------------------------


def held_back(county):
    silent_cases(county)
    at("2026-03-09 16:00")
    sweep()
    at("2026-03-12 10:00")
    sweep()
    return Brake.objects.get()


def test_only_who_watches_the_whole_county_lets_go_and_gives_a_reason(county):
    brake = held_back(county)
    administrator = acting_user(person_in_post(PostKind.ADMINISTRATOR, county.hall))
    for actor in (county.actor("director0"), county.actor("window0"), administrator, county.actor("system")):
        with pytest.raises(NotPermitted):
            release_brake(actor=actor, reason="可以")
    for reason in ("", "   ", "长" * 501):
        with pytest.raises(Invalid):
            let_go(county, reason)
    brake.refresh_from_db()
    assert brake.released_at is None
    let_go(county)
    with pytest.raises(Refused):
        let_go(county)


def test_the_database_keeps_one_brake_open_and_lets_nobody_rewrite_it(county):
    brake = held_back(county)
    with pytest.raises(IntegrityError), transaction.atomic():
        Brake.objects.create(cause="mass", waiting=1, tripped_at=brake.tripped_at)
    with pytest.raises(DatabaseError), transaction.atomic():
        Brake.objects.filter(pk=brake.pk).update(waiting=0)
    with pytest.raises(DatabaseError), transaction.atomic():
        brake.delete()
    let_go(county)
    for change in ({"reason": "x"}, {"released_at": None}, {"released_person": "P1"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Brake.objects.filter(pk=brake.pk).update(**change)


def test_a_forged_moment_of_release_is_the_database_s_own(county):
    held_back(county)
    supervisor = county.people["supervisor"]
    Brake.objects.update(
        released_at=moment("2026-03-12 10:00") + timedelta(days=30),
        released_by=supervisor,
        released_person=supervisor.person_code,
        released_name="别人",
        reason="x",
    )
    assert Brake.objects.get().released_name == supervisor.full_name
    assert Brake.objects.get().released_at == moment("2026-03-12 10:00")


def test_the_database_knows_who_may_let_go(county):
    held_back(county)
    supervisor, director = county.people["supervisor"], county.people["director0"]
    for user, code in ((director, director.person_code), (supervisor, "P"), (supervisor, director.person_code)):
        with pytest.raises(DatabaseError), transaction.atomic():
            Brake.objects.update(
                released_at=moment("2026-03-12 10:00"), released_by=user, released_person=code, reason="x"
            )


def test_the_watch_says_that_the_brake_is_on(county):
    held_back(county)
    found = read_watch().held_back
    assert found is not None
    assert (found.since, found.waiting) == (moment("2026-03-12 10:00"), 1)
    let_go(county)
    assert read_watch().held_back is None
