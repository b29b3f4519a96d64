"""A case clock that was warned and then given more time warns of its new last days, once; its cards come once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from applications.actions.extend import extend
from applications.actions.resume import resume
from applications.actions.suspend import suspend
from applications.models import Application, Clock
from halls.acting import acting_user
from halls.actions.sign_calendar import confirm_notice, draft_of_state, propose_notice
from halls.domain.duties import PostKind
from halls.domain.worktime import SHANGHAI
from halls.models import CalendarNotice
from supervision.actions.prove_lights import prove_lights
from supervision.actions.review_card import review_card
from supervision.actions.settle_calendar import settle_calendar
from supervision.actions.sweep import sweep
from supervision.models import CardReview, LimitWarning, Message
from tests.clock.attack import blocked_as_application
from tests.factories.calendar import with_days
from tests.factories.halls import person_in_post
from tests.factories.tampering import unguarded
from tests.supervision.county import County, at, clock_of
from tests.supervision.rehearsing import rehearsed

pytestmark = pytest.mark.django_db
FIRST, SECOND = "2026-03-12 00:00", "2026-03-26 00:00"  # ten days from 2 March; ten more


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def accepted(county: County) -> Application:
    """Ten days from 2 March: it warns on the 12th and ends on the 16th."""
    return county.accepted(county.matter(promised=10))


def extended(county: County, case: Application, moment: str = "2026-03-13 10:00", days: int = 10) -> None:
    at(moment)
    extend(case.pk, actor=county.actor("approver0"), days=days, reason="需要现场核实", was_told=True)


def rows(case: Application, level: str = "warning") -> list[tuple[int, str]]:
    """The armings of the promise's warnings, each with when it was reached."""
    found = LimitWarning.objects.filter(clock=clock_of(case, "promised"), level=level).order_by("pk")
    return [(one.arming, f"{one.effective_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}") for one in found]


def unproved(case: Application, field: str = "card warning") -> list[str]:
    clock = clock_of(case, "promised")
    return [one.proved for one in prove_lights().differences if (one.clock_id, one.field) == (clock.pk, field)]


def swept(moment: str) -> None:
    at(moment)
    sweep()
    sweep()


# --- extended -------------------------------------------------------------------------------------------------------


def test_what_was_warned_and_then_extended_warns_of_its_new_last_days(county: County) -> None:
    case = accepted(county)
    swept("2026-03-12 09:00")
    extended(county, case)
    clock = clock_of(case, "promised")
    assert clock.next_action_at == clock.warn_at == shanghai(SECOND)
    swept("2026-03-25 23:59")
    assert rows(case) == [(1, FIRST)]
    at("2026-03-26 09:00")
    assert unproved(case) == [shanghai(SECOND).isoformat()]
    swept("2026-03-26 09:00")
    assert rows(case) == [(1, FIRST), (2, SECOND)]
    assert not prove_lights().differences


def test_everybody_hears_of_it_once_more_and_why(county: County) -> None:
    case = accepted(county)
    swept("2026-03-12 00:05")
    extended(county, case)
    swept("2026-03-26 00:05")
    told = Message.objects.filter(level="warning", clock=clock_of(case, "promised"), user=county.people["approver0"])
    first, second = told.order_by("pk")
    assert first.key != second.key
    assert first.words.startswith("预警：")
    assert second.words.startswith("延期后再次预警：")
    assert "3月30日到期" in second.words


def test_what_was_found_days_late_says_so_and_names_the_extension(county: County) -> None:
    case = accepted(county)
    extended(county, case)
    swept("2026-03-27 09:00")
    told = Message.objects.filter(level="warning", clock=clock_of(case, "promised"), user=county.people["approver0"])
    assert [one.words.split("：")[0] for one in told.order_by("pk")] == ["预警（补记）", "延期后再次预警（补记）"]


def test_yellow_and_red_come_once(county: County) -> None:
    case = accepted(county)
    swept("2026-03-12 09:00")
    extended(county, case)
    swept("2026-06-10 09:00")
    assert [arming for arming, _at in rows(case, "yellow")] == [1]
    assert [arming for arming, _at in rows(case, "red")] == [1]
    assert len(rows(case)) == 2
    assert not prove_lights().differences


def test_what_was_extended_before_it_warned_warns_once(county: County) -> None:
    case = accepted(county)
    extended(county, case, "2026-03-04 10:00")
    swept("2026-03-26 09:00")
    assert rows(case) == [(1, SECOND)]
    assert not prove_lights().differences


def test_an_extension_that_no_sweep_saw_coming_leaves_the_same_rows(county: County) -> None:
    case = accepted(county)
    extended(county, case)
    assert rows(case) == [(1, FIRST)]  # it was reached, and the extension has moved it away
    swept("2026-03-27 09:00")
    assert rows(case) == [(1, FIRST), (2, SECOND)]
    assert not prove_lights().differences


def test_days_that_leave_the_warning_behind_the_present_tell_nobody_twice(county: County) -> None:
    """A day more on the very last day: one was told on Thursday already that this is the end of it."""
    case = accepted(county)
    swept("2026-03-12 09:00")
    extended(county, case, "2026-03-16 10:00", days=1)
    assert clock_of(case, "promised").warn_at == shanghai("2026-03-13 00:00")
    swept("2026-03-17 09:00")
    assert rows(case) == [(1, FIRST)]
    assert not prove_lights().differences


def test_the_night_misses_the_warning_that_an_extension_moved_away(county: County) -> None:
    case = accepted(county)
    swept("2026-03-12 09:00")
    extended(county, case)
    with unguarded("supervision_limitwarning"):
        LimitWarning.objects.filter(clock=clock_of(case, "promised")).delete()
    assert unproved(case) == [shanghai(FIRST).isoformat()]


# --- paused ---------------------------------------------------------------------------------------------------------


def paused(county: County, moment: str, until: str) -> Application:
    """Ten days from 2 March with a special procedure of up to twenty."""
    case = county.accepted(county.special_matter(days=20, promised=10))
    swept("2026-03-12 09:00")
    at(moment)
    suspend(case.pk, actor=county.actor("examiner0"), was_told=True)
    at(until)
    resume(case.pk, actor=county.actor("examiner0"), note="已经查清")
    return case


def test_a_pause_behind_the_warning_does_not_move_it_and_nothing_is_told_twice(county: County) -> None:
    case = paused(county, "2026-03-13 10:00", "2026-03-20 10:00")
    assert clock_of(case, "promised").warn_at == shanghai(FIRST)
    swept("2026-03-24 09:00")
    assert rows(case)[:1] == rows(case) == [(1, FIRST)]
    assert not prove_lights().differences


def test_a_pause_before_the_warning_moves_the_only_one(county: County) -> None:
    case = paused(county, "2026-03-11 10:00", "2026-03-20 10:00")
    swept("2026-03-30 09:00")
    assert [arming for arming, _at in rows(case)] == [1]
    assert not prove_lights().differences


# --- a calendar ------------------------------------------------------------------------------------------------------


@pytest.fixture
def publish(county: County) -> Callable[..., CalendarNotice]:
    administrator = person_in_post(PostKind.ADMINISTRATOR, county.hall)

    def publish(**days: list[str]) -> CalendarNotice:
        draft = draft_of_state(with_days(2026, **days))
        notice = propose_notice(draft, actor=acting_user(administrator), reason="补充通知")
        told = rehearsed(notice)
        publish.due = {(one.clock_id, one.level) for one in told.to_issue}  # type: ignore[attr-defined]
        confirm_notice(notice.pk, actor=county.actor("supervisor"), reason="已核对原文")
        assert settle_calendar().failed == 0
        return notice

    return publish


def test_a_calendar_that_moves_the_warning_tells_nobody_twice(county: County, publish: Any) -> None:
    case = accepted(county)
    swept("2026-03-12 09:00")
    publish(off=["2026-03-13"])
    assert clock_of(case, "promised").warn_at == shanghai(FIRST)
    publish(off=["2026-03-11", "2026-03-13"])
    assert clock_of(case, "promised").warn_at == shanghai("2026-03-16 00:00")
    swept("2026-03-18 09:00")
    assert rows(case) == [(1, FIRST)]
    assert not [one for one in prove_lights().differences if one.field.startswith("card")]


def test_nor_does_one_that_moves_the_warning_behind_an_extension(county: County, publish: Any) -> None:
    case = accepted(county)
    swept("2026-03-12 09:00")
    extended(county, case)
    swept("2026-03-26 09:00")
    publish(off=["2026-03-25", "2026-03-27"])
    assert clock_of(case, "promised").warn_at == shanghai("2026-03-30 00:00")
    swept("2026-03-30 09:00")
    assert rows(case) == [(1, FIRST), (2, SECOND)]
    assert not prove_lights().differences


def test_one_that_moves_the_warning_behind_a_pause_makes_another_due(county: County, publish: Any) -> None:
    """Who was told on Thursday of Monday hears, days of standing still later, of a last day that nobody knew then."""
    case = paused(county, "2026-03-12 10:00", "2026-03-17 10:00")
    assert clock_of(case, "promised").warn_at == shanghai(FIRST)
    publish(off=["2026-03-11"])
    assert clock_of(case, "promised").warn_at == shanghai("2026-03-18 00:00")
    swept("2026-03-18 09:00")
    assert rows(case) == [(1, FIRST), (2, "2026-03-18 00:00")]
    told = Message.objects.filter(level="warning", clock=clock_of(case, "promised"), user=county.people["examiner0"])
    assert [one.words.split("：")[0] for one in told.order_by("pk")][1:] == ["恢复计时后再次预警（补记）"]
    assert not [one for one in prove_lights().differences if one.field.startswith("card")]


def test_one_that_brings_the_second_warning_nearer_is_rehearsed_so(county: County, publish: Any) -> None:
    case = accepted(county)
    swept("2026-03-12 09:00")
    extended(county, case)
    at("2026-03-25 09:00")
    publish(worked=["2026-03-21"])
    assert (clock_of(case, "promised").pk, "warning") in publish.due
    swept("2026-03-25 09:30")
    assert rows(case) == [(1, FIRST), (2, "2026-03-25 00:00")]


def test_a_warning_that_was_taken_back_takes_no_other_along(county: County, publish: Any) -> None:
    """The first is revoked because a calendar moved it: the second stays the second, and none comes for it."""
    case = accepted(county)
    swept("2026-03-12 09:00")
    publish(off=["2026-03-11", "2026-03-12"])
    proposal = CardReview.objects.get(card__clock=clock_of(case, "promised"), card__level="warning")
    review_card(proposal.pk, actor=county.actor("supervisor"), act="revoke", reason="放假当天不计")
    swept("2026-03-16 09:00")
    assert [arming for arming, _at in rows(case)] == [1, 2]
    extended(county, case, "2026-03-16 10:00")
    swept("2026-04-01 09:00")
    assert [arming for arming, _at in rows(case)] == [1, 2, 3]
    clock = clock_of(case, "promised")
    Clock.objects.filter(pk=clock.pk).update(next_action_at=clock.warn_at)
    swept("2026-04-01 10:00")
    assert len(rows(case)) == 3
    assert not prove_lights().differences


# --- the database ----------------------------------------------------------------------------------------------------

FORGED = (
    "INSERT INTO supervision_limitwarning (clock_id, application_id, level, arming, clock_kind, step_seq, seat_path,"
    " effective_at, recorded_at, is_late) SELECT id, application_id, %s, %s, kind, step_seq, seat_path, %s, started_at,"
    " false FROM applications_clock WHERE id = %s"
)


def test_nobody_arms_a_warning_by_hand(county: County) -> None:
    case = accepted(county)
    swept("2026-03-12 09:00")
    clock = clock_of(case, "promised")
    for arming in (0, 2, 3):
        blocked_as_application(FORGED, "warning", arming, clock.warn_at, clock.pk)
    extended(county, case)
    clock.refresh_from_db()
    for arming in (1, 2, 3):  # the rung of the first arming is gone, that of the second is to come
        blocked_as_application(FORGED, "warning", arming, shanghai(FIRST), clock.pk)
        blocked_as_application(FORGED, "warning", arming, clock.warn_at, clock.pk)
    at("2026-03-26 09:00")
    blocked_as_application(FORGED, "warning", 3, clock.warn_at, clock.pk)
    sweep()
    blocked_as_application(FORGED, "warning", 3, clock.warn_at, clock.pk)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(FORGED, ["warning", 1, clock.warn_at, clock.pk])  # it is the second, whatever it says
    assert rows(case) == [(1, FIRST), (2, SECOND)]


def test_an_extension_arms_no_card(county: County) -> None:
    case = accepted(county)
    extended(county, case)
    swept("2026-06-10 09:00")
    clock = clock_of(case, "promised")
    for level, moment in (("yellow", clock.yellow_at), ("red", clock.red_at)):
        blocked_as_application(FORGED, level, 2, moment, clock.pk)
    assert (len(rows(case, "yellow")), len(rows(case, "red"))) == (1, 1)


def test_whatever_number_is_asked_for_the_next_one_is_given(county: County) -> None:
    case = accepted(county)
    swept("2026-03-12 09:00")
    extended(county, case)
    at("2026-03-26 09:00")
    clock = clock_of(case, "promised")
    with connection.cursor() as cursor:
        cursor.execute(FORGED, ["warning", 1, clock.warn_at, clock.pk])
    assert rows(case) == [(1, FIRST), (2, SECOND)]
    swept("2026-03-26 09:30")
    assert rows(case) == [(1, FIRST), (2, SECOND)]


def test_what_was_extended_before_this_was_known_is_looked_at_once_more(county: County) -> None:
    case, quiet = accepted(county), accepted(county)
    swept("2026-03-12 09:00")
    extended(county, case)
    at("2026-03-26 09:00")
    Clock.objects.update(next_action_at=None)  # the sweep of that day passed over it
    with connection.cursor() as cursor:
        cursor.execute(import_module("supervision.migrations.0056_an_extended_clock_warns_again").KNOWN)
    looked_at = Clock.objects.filter(next_action_at__isnull=False, application__in=(case, quiet))
    assert clock_of(case, "promised") in looked_at
    assert not looked_at.filter(application=quiet).exists()
    sweep()
    assert rows(case) == [(1, FIRST), (2, SECOND)]
