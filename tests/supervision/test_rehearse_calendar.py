"""The rehearsal of a calendar says what publishing it then does: dates, lights, cards, people told."""

import io
import json
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications.actions.recalculate import recalculate
from applications.models import Event
from halls.actions.load_calendar import load_calendar
from halls.actions.sign_calendar import confirm_notice, draft_of_state, propose_notice
from halls.domain.duties import PostKind
from halls.domain.notice_text import read_notice
from halls.domain.worktime import SHANGHAI
from halls.models import CalendarNotice, User
from halls.selectors.work_calendar import read_moment
from supervision.actions import settle_calendar as settling
from supervision.actions import sweep as sweeping
from supervision.actions.prove_lights import prove_lights
from supervision.actions.review_card import review_card
from supervision.actions.settle_calendar import settle_calendar
from supervision.actions.sweep import sweep
from supervision.domain.calendar_swap import Swap
from supervision.models import CardReview, LimitWarning, Message
from tests.factories.calendar import NEXT_YEAR, load_days, unload_year, with_days
from tests.factories.halls import person_in_post
from tests.factories.tampering import unguarded
from tests.supervision.county import County, at, clock_of
from tests.supervision.rehearsing import rehearsed

pytestmark = pytest.mark.django_db


@pytest.fixture
def sign(county: County) -> Callable[..., CalendarNotice]:
    """Give `sign(off=[...])`: the proposal of a changed 2026, or with a text of that notice."""
    person_in_post(PostKind.ADMINISTRATOR, county.hall, user=None)
    county.people["administrator"] = User.objects.order_by("-pk")[0]

    def propose(text: str = "", **days) -> CalendarNotice:
        draft = draft_of_state(read_notice(text), text=text) if text else draft_of_state(with_days(2026, **days))
        return propose_notice(draft, actor=county.actor("administrator"), reason="补充通知")

    return propose


def confirm(county: County, notice: CalendarNotice) -> None:
    confirm_notice(notice.pk, actor=county.actor("supervisor"), reason="已核对原文")
    assert settle_calendar().failed == 0


def day(moment: datetime | None) -> date | None:
    return moment and moment.astimezone(SHANGHAI).date()


# What moves


def test_a_new_year_makes_provisional_dates_certain_and_says_so_before(county, sign):
    at("2026-12-24 10:00")
    case = county.accepted(county.matter(promised=10))
    assert case.is_provisional
    notice = sign(NEXT_YEAR)
    [change] = rehearsed(notice).cases
    assert (change.case.pk, change.provisional) == (case.pk, (True, False))
    confirm(county, notice)
    case.refresh_from_db()
    assert not case.is_provisional
    assert case.due_at == change.due[1]


def test_a_case_without_a_touched_day_is_not_looked_at(county, sign):
    county.accepted(county.matter(promised=5))
    notice = sign(off=["2026-11-03"])
    assert rehearsed(notice).cases == []
    confirm(county, notice)
    assert not Event.objects.filter(verb="recalculate").exists()


def test_each_moved_case_has_one_event_that_names_the_notice_and_both_persons(county, sign):
    case = county.accepted(county.matter(promised=5))
    notice = sign(off=["2026-03-04"])
    confirm(county, notice)
    [event] = Event.objects.filter(application=case, verb="recalculate")
    ground = event.detail["ground"]
    assert ground["notice"] == notice.pk
    assert {ground["proposed_person"], ground["confirmed_person"]} == {
        county.people["administrator"].person_code,
        county.people["supervisor"].person_code,
    }
    assert event.reason == "已核对原文"
    assert [day(datetime.fromisoformat(moment)) for moment in event.detail["due"]] == [
        date(2026, 3, 9),
        date(2026, 3, 10),
    ]


def test_the_people_concerned_are_told_once(county, sign):
    case = county.accepted(county.matter(promised=5))
    notice = sign(off=["2026-03-04"])
    confirm(county, notice)
    told = Message.objects.filter(kind=Message.Kind.DATES_MOVED)
    assert told.count() > 0
    assert all(case.number in str(message.detail) for message in told)
    before = told.count()
    settle_calendar()
    assert told.count() == before


# Cards


def test_a_card_that_the_new_calendar_does_not_bear_out_is_proposed_for_revocation(county, sign):
    case = county.accepted(county.matter(promised=5))
    at("2026-03-10 09:00")
    sweep()
    yellow = LimitWarning.objects.get(clock=clock_of(case, "promised"), level="yellow")
    notice = sign(off=["2026-03-05"])
    told = rehearsed(notice)
    assert yellow in [change.card for change in told.to_revoke]
    assert [str(change.colour[0]) for change in told.cases] == ["red"]
    confirm(county, notice)
    proposal = CardReview.objects.get(card=yellow)
    assert (proposal.act, proposal.notice_id, proposal.user.username) == ("propose", notice.pk, "system")


def test_a_card_stays_when_its_rung_is_reached_under_the_new_calendar_too(county, sign):
    case = county.accepted(county.matter(promised=5))
    at("2026-03-12 09:00")
    sweep()
    assert LimitWarning.objects.filter(clock=clock_of(case, "promised"), level="yellow").exists()
    notice = sign(off=["2026-03-05"])
    confirm(county, notice)
    assert not CardReview.objects.exists()


def test_a_card_issued_before_a_pause_is_judged_by_the_clock_as_it_stood(county, sign):
    case = county.accepted(county.special_matter(days=5))
    at("2026-03-20 09:00")
    sweep()
    cards = {card.pk for card in LimitWarning.objects.filter(clock__application=case)}
    assert cards
    at("2026-03-20 10:00")
    notice = sign(off=["2026-11-03"])
    assert rehearsed(notice).to_revoke == []


def test_days_worked_more_make_cards_due_which_the_next_sweep_issues(county, sign):
    case = county.accepted(county.matter(promised=5))
    at("2026-03-09 10:00")
    sweep()
    assert not LimitWarning.objects.filter(clock=clock_of(case, "promised"), level="yellow").exists()
    notice = sign(worked=["2026-03-07"])
    told = rehearsed(notice)
    assert (clock_of(case, "promised").pk, "yellow") in [(c.clock_id, c.level) for c in told.to_issue]
    confirm(county, notice)
    sweep()
    assert LimitWarning.objects.filter(clock=clock_of(case, "promised"), level="yellow").exists()


def test_a_red_card_revoked_because_its_rung_moved_is_earned_again_once_and_the_proof_agrees(county, sign):
    case = county.accepted(county.matter(promised=5))
    clock = clock_of(case, "promised")
    first = clock.red_at
    assert first is not None
    at(f"{first.astimezone(SHANGHAI) + timedelta(hours=9):%Y-%m-%d %H:%M}")
    sweep()
    assert prove_lights().differences == ()
    confirm(county, sign(off=["2026-03-05", "2026-03-06"]))
    clock.refresh_from_db()
    second = clock.red_at
    assert second is not None
    assert second > first
    reds = LimitWarning.objects.filter(clock=clock, level="red").order_by("arming")
    for proposal in CardReview.objects.filter(card__clock=clock, act="propose"):
        review_card(proposal.pk, actor=county.actor("supervisor"), act="revoke", reason="放假当天不计")
    sweep()
    assert [card.arming for card in reds.all()] == [1]
    assert prove_lights().differences == ()
    at(f"{second.astimezone(SHANGHAI) + timedelta(minutes=16):%Y-%m-%d %H:%M}")
    assert (clock.pk, "card red") in {(one.clock_id, one.field) for one in prove_lights().differences}
    sweep()
    sweep()
    assert [(card.arming, card.effective_at) for card in reds.all()] == [(1, first), (2, second)]
    assert prove_lights().differences == ()


def test_no_holiday_that_is_taken_back_washes_a_card_away(county, sign):
    case = county.accepted(county.matter(promised=5))
    clock = clock_of(case, "promised")
    at("2026-03-10 09:00")
    sweep()
    confirm(county, sign(off=["2026-03-05"]))
    [proposal] = CardReview.objects.filter(card__clock=clock, card__level="yellow")
    review_card(proposal.pk, actor=county.actor("supervisor"), act="revoke", reason="放假当天不计")
    confirm(county, sign(plain=["2026-03-05"]))
    clock.refresh_from_db()
    assert clock.yellow_at == proposal.card.effective_at
    assert (clock.pk, "card yellow") in {(one.clock_id, one.field) for one in prove_lights().differences}
    sweep()
    sweep()
    assert [card.arming for card in LimitWarning.objects.filter(clock=clock, level="yellow").order_by("pk")] == [1, 2]
    assert prove_lights().differences == ()


def test_it_goes_on_where_it_stopped_and_does_nothing_twice(county, sign, monkeypatch):
    monkeypatch.setattr(settling, "BATCH", 2)
    cases = [county.accepted(county.matter(promised=5)) for _ in range(5)]
    notice = sign(off=["2026-03-04"])
    confirm_notice(notice.pk, actor=county.actor("supervisor"), reason="已核对原文")
    assert settle_calendar(patience=0).moved == 1
    notice.refresh_from_db()
    assert (notice.settled_at, notice.settled_through, notice.cases_moved) == (None, cases[0].pk, 1)
    calls: list[int] = []

    def dies(pk: int, **options):
        calls.append(pk)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return recalculate(pk, **options)

    monkeypatch.setattr(settling, "recalculate", dies)
    with pytest.raises(KeyboardInterrupt):
        settle_calendar()
    assert Event.objects.filter(verb="recalculate").count() == 1  # its batch is undone as a whole
    monkeypatch.setattr(settling, "recalculate", recalculate)
    sweep()
    assert sorted(Event.objects.filter(verb="recalculate").values_list("application", flat=True)) == [
        case.pk for case in cases
    ]
    notice.refresh_from_db()
    assert notice.settled_at is not None
    assert notice.cases_moved == 5
    assert settle_calendar().looked_at == 0


def test_one_case_that_cannot_be_moved_does_not_hold_up_the_others(county, sign, monkeypatch):
    bad, good = (county.accepted(county.matter(promised=5)) for _ in range(2))
    notice = sign(off=["2026-03-04"])
    confirm_notice(notice.pk, actor=county.actor("supervisor"), reason="已核对原文")
    monkeypatch.setattr(
        settling, "recalculate", lambda pk, **options: 1 / 0 if pk == bad.pk else recalculate(pk, **options)
    )
    done = settle_calendar()
    assert (done.moved, done.failed) == (1, 1)
    good.refresh_from_db()
    assert day(good.due_at) == date(2026, 3, 10)
    assert sweep().failed == 1
    monkeypatch.setattr(settling, "recalculate", recalculate)
    assert sweep().failed == 0
    bad.refresh_from_db()
    assert day(bad.due_at) == date(2026, 3, 10)
    notice.refresh_from_db()
    assert (notice.settled_at is None, notice.left_over) == (False, [])


def test_nothing_is_claimed_and_nothing_follows_under_dates_that_hold_no_more(county, sign, monkeypatch):
    waiting = county.accepted(county.matter(promised=5))
    silent = county.received(county.matter(promised=5))
    notice = sign(off=["2026-03-04"])
    confirm_notice(notice.pk, actor=county.actor("supervisor"), reason="已核对原文")
    at("2026-03-20 10:00")
    monkeypatch.setattr(sweeping, "settle_calendar", lambda: settling.Settled(is_done=False))
    done = sweep()
    assert (done.claimed, done.defaulted) == (0, 0)
    monkeypatch.undo()
    done = sweep()
    assert done.defaulted == 1
    claimed = set(LimitWarning.objects.values_list("application", flat=True))
    assert claimed == {waiting.pk, silent.pk}


def test_what_was_settled_is_looked_at_again_when_asked(county, sign):
    case = county.accepted(county.matter(promised=5))
    due = case.due_at
    notice = sign(off=["2026-03-04"])
    confirm(county, notice)
    with unguarded("applications_clock"), connection.cursor() as cursor:
        cursor.execute("UPDATE applications_clock SET due_at = %s WHERE application_id = %s", [due, case.pk])
    assert settle_calendar().looked_at == 0
    out = io.StringIO()
    call_command("settle_calendar", "--again", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert (told["moved"], told["failed"], told["is_done"]) == (1, 0, True)
    assert day(clock_of(case, "promised").due_at) == date(2026, 3, 10)


def test_people_hear_of_every_limit_that_moved(county, sign):
    case = county.received(county.matter())
    notice = sign(off=["2026-03-04"])
    confirm(county, notice)
    told = Message.objects.filter(kind=Message.Kind.DATES_MOVED)
    assert told
    assert all("受理时限" in line["matter"] for message in told for line in message.detail["cases"])
    assert clock_of(case, "acceptance").due_at


def test_a_batch_costs_the_same_however_many_cases_it_holds(county, sign):
    def statements(number: int) -> int:
        for _ in range(number):
            county.accepted(county.matter(promised=5))
        with CaptureQueriesContext(
            connection,
        ) as few:
            rehearsed(notice)
        return len(few)

    notice = sign(off=["2026-03-04"])
    assert statements(1) == statements(6)


def test_a_year_loaded_by_command_is_settled_by_the_next_sweep(county):
    case = county.accepted(county.matter(promised=5))
    load_days(2026, off=["2026-03-04"])
    sweep()
    case.refresh_from_db()
    assert day(case.due_at) == date(2026, 3, 10)


def test_the_span_of_a_change_is_its_working_days_only():
    moment = read_moment()
    assert Swap(moment.calendar, moment.calendar, moment.at, moment.at).span is None


def test_a_year_unloaded_is_a_span_of_its_own(county):
    before = read_moment()
    unload_year(2026)
    after = read_moment()
    span = Swap(before.calendar, after.calendar, before.at, before.at).span
    assert span == (date(2026, 1, 1), date(2026, 12, 31))


def test_after_an_upgrade_the_check_is_called_what_it_is(county):
    case = county.accepted(county.matter(promised=5))
    loaded = with_days(2026, off=["2026-03-04"])
    load_calendar([loaded], reason=CalendarNotice.AFTER_UPGRADE)
    assert settle_calendar().moved == 1
    assert Event.objects.get(application=case, verb="recalculate").reason == "程序升级后重新核对时限"
    assert all("程序升级后重新核对了时限" in one.words for one in Message.objects.filter(kind="dates_moved"))
