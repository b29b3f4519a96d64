"""Limits of what is no case: run, warn, are told, extended once, stopped once, and proved at night."""

from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError, IntegrityError

from applications.domain.clock import derive
from applications.domain.lights import Colour
from applications.domain.transitions import ClockKind
from halls.acting import acting_user
from halls.actions.sign_calendar import confirm_notice, draft_of_state, propose_notice
from halls.domain.budget import Budget
from halls.domain.duties import Duty, PostKind
from halls.domain.errors import Refused
from halls.domain.worktime import SHANGHAI
from halls.models import CalendarNotice, Post
from halls.selectors.work_calendar import read_moment
from supervision.actions import settle_calendar as settling
from supervision.actions import sweep as sweeping
from supervision.actions._terms import Ask, extend_term, start_term, stop_term
from supervision.actions.prove_lights import prove_lights
from supervision.actions.sweep import sweep
from supervision.actions.sweep_terms import SweptTerms, rewrite_terms, sweep_terms
from supervision.models import LadderStep, Message, Term, TermWarning, Untold
from supervision.selectors.terms import colour_of_term, statement_of, term_colour
from tests.factories.calendar import load_days, with_days
from tests.factories.halls import person_in_post
from tests.supervision.county import at

pytestmark = pytest.mark.django_db
COLOURS = (Colour.RED, Colour.YELLOW, Colour.GREEN, Colour.DONE)


def begin(county, kind=ClockKind.COMPLAINT, days=3):
    ask = Ask(kind, Budget(days), "投诉：窗口服务", "/supervision/", county.townships[0].path, Duty.SUPERVISE)
    return start_term(ask, read_moment())


def shanghai(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def levels(term):
    return list(TermWarning.objects.filter(term=term).order_by("pk").values_list("level", flat=True))


def test_three_working_days_from_the_day_after(county):
    term = begin(county)  # Monday 2 March
    assert term.due_at == shanghai("2026-03-05 23:59:59")
    assert [row.n for row in statement_of(term, read_moment()).rows] == [1, 2, 3]


def test_each_rung_is_claimed_once_in_order_and_told_to_whoever_watches_there(county):
    term = begin(county)
    at("2026-03-05 00:01")
    sweep()
    sweep()
    assert levels(term) == ["warning"]
    at("2026-03-30 10:00")
    sweep()
    sweep()
    assert levels(term) == ["warning", "yellow", "red"]
    assert TermWarning.objects.get(term=term, level="red").effective_at == shanghai("2026-03-23 23:59:59")
    told = Message.objects.filter(key__startswith=f"term:{term.pk}:")
    assert {message.level for message in told} == {"warning", "yellow", "red"}
    assert all("投诉办理" in message.words for message in told)


def test_what_was_met_in_time_earns_nothing(county):
    term = begin(county)
    at("2026-03-03 16:00")
    stop_term(term, read_moment(), actor=None)
    at("2026-04-10 10:00")
    sweep()
    assert levels(term) == []
    assert colour_of_term(Term.objects.get(pk=term.pk), read_moment().at) is Colour.DONE


def test_what_was_met_late_keeps_the_rungs_it_passed(county):
    term = begin(county)
    at("2026-03-09 10:00")
    stop_term(term, read_moment(), actor=None)
    at("2026-04-10 10:00")
    sweep()
    assert levels(term) == ["warning", "yellow"]


def test_it_is_extended_once_before_it_runs_out_and_for_a_reason(county, busy_actor):
    term = begin(county)
    extend_term(term, Budget(12), read_moment(), actor=busy_actor, reason="情况复杂，需要实地核实")
    assert term.due_at == shanghai("2026-03-23 23:59:59")
    with pytest.raises(Refused, match="延期过一次"):
        extend_term(term, Budget(1), read_moment(), actor=busy_actor, reason="还要几天")
    late = begin(county)
    at("2026-03-06 00:00")
    with pytest.raises(Refused, match="已经过了"):
        extend_term(late, Budget(1), read_moment(), actor=busy_actor, reason="还要几天")


def test_what_was_extended_warns_of_its_new_last_day_too(county, busy_actor):
    """On the day of the first warning it was given twelve days more: the next word is a warning again, not its end."""
    term = begin(county)
    at("2026-03-05 09:00")
    sweep()
    extend_term(term, Budget(12), read_moment(), actor=busy_actor, reason="情况复杂，需要实地核实")
    assert term.next_action_at == term.warn_at == shanghai("2026-03-20 00:00:00")
    at("2026-03-20 09:00")
    assert {found.field for found in prove_lights().differences if found.clock == term.kind} == {"card warning"}
    sweep()
    sweep()
    assert list(TermWarning.objects.filter(term=term).order_by("pk").values_list("level", "arming")) == [
        ("warning", 1),
        ("warning", 2),
    ]
    told = Message.objects.filter(level="warning", key__startswith=f"term:{term.pk}:", user=county.people["director0"])
    assert [message.made_at.astimezone(SHANGHAI).day for message in told.order_by("pk")] == [5, 20]
    assert not prove_lights().differences
    at("2026-04-10 10:00")
    sweep()
    assert levels(term) == ["warning", "warning", "yellow", "red"]
    assert not prove_lights().differences


def test_an_extension_arms_neither_yellow_nor_red_and_nobody_arms_a_warning_by_hand(county, busy_actor):
    term = begin(county)
    at("2026-03-05 09:00")
    sweep()
    forged = (
        "INSERT INTO supervision_termwarning (term_id, level, arming, seat_path, effective_at, recorded_at, is_late)"
    )
    forged += " SELECT id, 'warning', 2, seat_path, warn_at, halls_now(), false FROM supervision_term WHERE id = %s"
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(forged, [term.pk])
    extend_term(term, Budget(1), read_moment(), actor=busy_actor, reason="情况复杂，需要实地核实")
    at("2026-04-10 10:00")
    sweep()
    assert list(TermWarning.objects.filter(term=term).order_by("pk").values_list("level", "arming")) == [
        ("warning", 1),
        ("warning", 2),
        ("yellow", 1),
        ("red", 1),
    ]


def test_the_night_proves_every_date_and_finds_a_forged_one(county):
    term = begin(county)
    at("2026-03-30 10:00")
    sweep()
    assert not prove_lights().differences
    Term.objects.filter(pk=term.pk).update(due_at=term.due_at + timedelta(days=9), yellow_at=None)
    found = {difference.field for difference in prove_lights().differences}
    assert found == {"due_at", "yellow_at"}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE supervision_term SET amount = 90 WHERE id = %(id)s",
        "UPDATE supervision_term SET started_at = started_at + interval '9 days' WHERE id = %(id)s",
        "UPDATE supervision_term SET state = 'stopped', stopped_at = halls_now() WHERE id = %(id)s",
        "DELETE FROM supervision_term WHERE id = %(id)s",
        "DELETE FROM supervision_termfact WHERE term_id = %(id)s",
        "INSERT INTO supervision_termwarning (term_id, level, seat_path, effective_at, recorded_at, is_late)"
        " VALUES (%(id)s, 'red', 'x/', halls_now(), halls_now(), false)",
    ],
)
def test_the_database_refuses_what_would_bend_a_limit(county, statement):
    term = begin(county)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, {"id": term.pk})


def test_rules_and_calendar_of_now_give_the_same_dates_again(county):
    term = begin(county)
    assert rewrite_terms() == 0
    term.refresh_from_db()
    assert term.due_at == shanghai("2026-03-05 23:59:59")


# --- a calendar that comes into force ---------------------------------------------------------------------------------


@pytest.fixture
def off(county, monkeypatch):
    """Thursday 5 March becomes a day off, while one case cannot be moved."""
    stuck = county.accepted(county.matter(promised=5))
    administrator = person_in_post(PostKind.ADMINISTRATOR, county.hall)

    def publish():
        draft = draft_of_state(with_days(2026, off=["2026-03-05"]))
        notice = propose_notice(draft, actor=acting_user(administrator), reason="补充通知")
        confirm_notice(notice.pk, actor=county.actor("supervisor"), reason="已核对原文")
        monkeypatch.setattr(settling, "recalculate", lambda pk, **options: 1 / 0)
        return stuck

    return publish


def test_a_case_that_cannot_be_moved_keeps_no_limit_on_the_old_calendar(county, off):
    running, answered = begin(county), begin(county)
    at("2026-03-03 16:00")
    stop_term(answered, read_moment(), actor=None)
    stuck = off()
    assert settling.settle_calendar().failed == 1
    for term in (running, answered):
        term.refresh_from_db()
        assert term.due_at == shanghai("2026-03-06 23:59:59")
    assert CalendarNotice.objects.get(turn__isnull=False, settled_at=None).left_over == [stuck.pk]
    assert not [difference for difference in prove_lights().differences if difference.clock == ClockKind.COMPLAINT]


def test_no_rung_is_claimed_under_the_dates_of_a_calendar_that_holds_no_more(county, off, monkeypatch):
    """Nobody can take such a row back."""
    term = begin(county)
    off()
    monkeypatch.setattr(sweeping, "settle_calendar", lambda: settling.Settled(is_done=False))
    at("2026-03-06 10:00")  # over under the old calendar, the last day under the new one
    sweep()
    term.refresh_from_db()
    assert term.due_at == shanghai("2026-03-06 23:59:59")
    assert levels(term) == ["warning"]
    assert TermWarning.objects.get(term=term).effective_at == term.warn_at


def test_a_limit_that_cannot_be_derived_does_not_hold_up_the_others(county, off, monkeypatch):
    bad, good = begin(county, days=2), begin(county)
    off()
    monkeypatch.setattr(
        "supervision.actions._terms.derive",
        lambda clock, *told: derive(clock, *told) if clock.budget.amount != 2 else 1 / 0,
    )
    settling.settle_calendar()
    good.refresh_from_db()
    assert good.due_at == shanghai("2026-03-06 23:59:59")
    at("2026-03-30 10:00")
    assert sweep().failed == 2  # the case, and the limit
    assert (levels(bad), levels(good)) == ([], ["warning", "yellow", "red"])


def test_what_was_answered_long_before_a_calendar_keeps_its_dates_and_raises_no_alarm(county):
    """As with cases: on 2 January the year was not published yet, and nobody moves that date any more."""
    term = begin(county)
    at("2026-03-03 16:00")
    stop_term(term, read_moment(), actor=None)
    at("2026-06-01 10:00")
    load_days(2026, off=["2026-03-04"])
    settling.settle_calendar()
    assert prove_lights().differences == ()
    assert prove_lights(is_whole=True).differences == ()
    later = begin(county)
    load_days(2026, off=["2026-03-04", "2026-06-03"])
    settling.settle_calendar()
    later.refresh_from_db()
    assert later.due_at == shanghai("2026-06-05 23:59:59")
    assert prove_lights(is_whole=True).differences == ()


def test_the_night_looks_at_no_limit_that_was_met_long_ago(county):
    term = begin(county)
    at("2026-03-03 16:00")
    stop_term(term, read_moment(), actor=None)
    at("2026-06-01 10:00")
    Term.objects.filter(pk=term.pk).update(due_at=term.due_at + timedelta(days=9))
    assert prove_lights().differences == ()
    assert [difference.field for difference in prove_lights(is_whole=True).differences] == ["due_at"]


# --- whom nobody told -------------------------------------------------------------------------------------------------


def nobody_left(county):
    posts = Post.objects.all()
    kept = list(posts.values_list("pk", "ends_on"))
    posts.update(ends_on="2026-03-02")
    return kept


def test_a_rung_that_reaches_nobody_is_told_when_somebody_is_in_post(county):
    term = begin(county)
    kept = nobody_left(county)
    at("2026-03-05 10:00")
    sweep()
    assert levels(term) == ["warning"]
    assert not Message.objects.exists()
    waiting = Untold.objects.get(term_warning__term=term)
    assert (waiting.attempts, waiting.last_error) == (1, "nobody_in_post")
    for pk, ends_on in kept:
        Post.objects.filter(pk=pk).update(ends_on=ends_on)
    at("2026-03-05 10:02")
    sweep()
    assert not Untold.objects.exists()
    assert set(Message.objects.values_list("key", flat=True)) == {f"term:{term.pk}:warning"}


def test_a_rung_whose_limit_was_met_while_it_waited_is_told_to_nobody(county):
    term = begin(county)
    nobody_left(county)
    at("2026-03-05 10:00")
    sweep()
    stop_term(term, read_moment(), actor=None)
    at("2026-03-05 10:02")
    sweep()
    assert not Untold.objects.exists()
    assert not Message.objects.exists()


def test_a_rung_whose_place_in_the_queue_was_emptied_is_found_at_night(county):
    """Whoever empties the queue tells nobody; the rung itself stays, and no message stands beside it."""
    forgotten, told, met = begin(county), begin(county), begin(county)
    at("2026-03-05 00:00:30")
    sweep_terms()
    stop_term(met, read_moment(), actor=None)
    Untold.objects.filter(term_warning__term__in=[forgotten.pk, met.pk]).delete()
    at("2026-03-05 00:01")
    sweep()
    assert set(Message.objects.values_list("key", flat=True)) == {f"term:{told.pk}:warning"}
    at("2026-03-05 00:20")
    [found] = prove_lights().differences
    assert (found.clock, found.number, found.field) == (ClockKind.COMPLAINT, forgotten.title, "told warning")


def test_a_rung_that_waits_for_somebody_in_post_is_no_finding(county):
    begin(county)
    nobody_left(county)
    at("2026-03-05 10:00")
    sweep()
    at("2026-03-05 20:00")
    assert prove_lights().differences == ()


def test_a_step_of_the_ladder_with_a_delay_waits_for_it(county):
    LadderStep.objects.filter(level="warning").update(delay_days=1)
    begin(county)
    at("2026-03-05 10:00")
    sweep()
    assert not Message.objects.exists()
    assert Untold.objects.get().audience == "handler"
    at("2026-03-06 08:30")
    sweep()
    assert Message.objects.filter(level="warning").exists()


def test_limits_that_fail_take_nobody_s_place(county, monkeypatch):
    bad, good = [begin(county, days=2) for _ in range(3)], begin(county)
    monkeypatch.setattr(
        "supervision.actions._terms.derive",
        lambda clock, *told: derive(clock, *told) if clock.budget.amount != 2 else 1 / 0,
    )
    at("2026-03-05 10:00")
    assert sweep_terms(most=1) == SweptTerms(claimed=1, failed=3)
    assert [levels(one) for one in (*bad, good)] == [[], [], [], ["warning"]]


@pytest.mark.parametrize("forged", [{}, {"audience": "handler"}])
def test_what_waits_to_be_told_is_of_one_thing(county, forged):
    with pytest.raises(IntegrityError), transaction.atomic():
        Untold.objects.create(next_try_at=read_moment().at, **forged)


@pytest.mark.parametrize("days", [1, 3, 15])
def test_rows_and_page_agree_on_the_colour_at_every_hour(county, days):
    term = begin(county, days=days)
    for hours in range(0, 24 * 25, 3):
        now = term.started_at + timedelta(hours=hours, minutes=hours % 7)
        found = [c for c in COLOURS if Term.objects.filter(term_colour(c, now, prefix=""), pk=term.pk).exists()]
        assert found == [colour_of_term(term, now)], now


@pytest.fixture
def busy_actor(county):
    return county.actor("supervisor")
