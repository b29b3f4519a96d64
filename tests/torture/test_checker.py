"""Every question of the checker is asked of a county with that fault: a checker that cannot fail is worthless."""

from datetime import datetime, timedelta

import pytest
from django.db import connection

from applications.actions.extend import extend
from applications.actions.suspend import suspend
from applications.models import Clock, Event
from halls.domain.worktime import SHANGHAI
from supervision.actions.brake import release_brake
from supervision.actions.sweep import sweep
from supervision.models import LimitWarning, Message, Outbox, SweepRun, Untold
from supervision.selectors.brakes import open_brake
from tests.factories.tampering import unguarded
from tests.supervision.county import at, clock_of
from torture.checker import QUESTIONS, check, drained_as_of
from torture.county import NOTE, WITNESS
from torture.notebook import Act

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 2, 12, tzinfo=SHANGHAI)
END = datetime(2026, 3, 20, 9, tzinfo=SHANGHAI)


@pytest.fixture
def swept(county):
    """Two cases, the thresholds noted, a witness posted, everything claimed."""
    county.case = county.accepted(county.matter(promised=2))
    county.accepted(county.matter(promised=4))
    county.sleeper = county.suspended(county.special_matter(days=3))
    county.received(county.matter())
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run(NOTE, {"end": END})
    run(WITNESS, {"seconds": 0})
    for moment in ("2026-03-04 09:00", "2026-03-20 09:00"):
        at(moment)
        sweep()
    if open_brake():  # nobody watched for two weeks
        release_brake(actor=county.actor("supervisor"), reason="停机")
        sweep()
    return county


def run(statement, given=None):
    with connection.cursor() as cursor:
        cursor.execute(statement, given)


def faults():
    return {name for name, count in check(START, END).faults.items() if count}


def forge(**columns):
    """Write a warning as no sweep would, in place of an honest one with the same key."""
    model = LimitWarning.objects.filter(level="yellow").earliest("pk")
    row = {f.attname: getattr(model, f.attname) for f in LimitWarning._meta.concrete_fields if f.attname != "id"}
    run("ALTER TABLE supervision_limitwarning DISABLE TRIGGER append_only")
    model.delete()
    with unguarded("supervision_limitwarning"):
        LimitWarning.objects.create(**row | columns)
    run("SET CONSTRAINTS ALL IMMEDIATE")


def test_what_people_moved_stays_in_the_expectation(county):
    """A promise that was warned of, then paused: the warning stays, the yellow card moves, a lost one is missed."""
    case = county.accepted(county.special_matter(days=3, promised=2))
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run(NOTE, {"end": END})
    run(WITNESS, {"seconds": 0})
    at("2026-03-03 09:00")
    sweep()
    suspend(case.pk, actor=county.actor("examiner0"), was_told=True)
    at("2026-03-20 09:00")
    for _ in range(2):  # what it woke is looked at again
        sweep()
    noted = [Act(e.application_id, e.verb, e.seq, 0, "done") for e in Event.objects.filter(verb="suspend")]
    assert {name for name, count in check(START, END, noted).faults.items() if count} == set()
    run("ALTER TABLE supervision_limitwarning DISABLE TRIGGER append_only")
    levels = LimitWarning.objects.filter(clock=clock_of(case, "promised"))
    assert set(levels.values_list("level", flat=True)) == {"warning", "yellow", "red"}
    levels.filter(level="yellow").delete()
    lost = {name for name, count in check(START, END, noted).faults.items() if count}
    assert {"missing"} <= lost


def test_a_warning_that_an_extension_arms_anew_is_expected_and_missed(county):
    case = county.accepted(county.matter(promised=2))
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run(NOTE, {"end": END})
    run(WITNESS, {"seconds": 0})
    at("2026-03-03 09:00")
    sweep()
    at("2026-03-04 09:00")
    extend(case.pk, actor=county.actor("approver0"), days=3, reason="需要核实", was_told=True)
    for moment in ("2026-03-06 09:00", "2026-03-20 09:00"):
        at(moment)
        sweep()
    noted = [Act(e.application_id, e.verb, e.seq, 0, "done") for e in Event.objects.filter(verb="extend")]
    assert {name for name, count in check(START, END, noted).faults.items() if count} == set()
    warnings = LimitWarning.objects.filter(clock=clock_of(case, "promised"), level="warning")
    assert list(warnings.order_by("pk").values_list("arming", flat=True)) == [1, 2]
    run("ALTER TABLE supervision_limitwarning DISABLE TRIGGER append_only")
    warnings.filter(arming=2).delete()
    assert "missing" in {name for name, count in check(START, END, noted).faults.items() if count}


def test_an_act_that_was_answered_and_is_not_there_is_found(swept):
    acted = [Act(swept.case.pk, "pass_on", 99, 1, "done"), Act(swept.case.pk, "grant", 98, 1, "meant")]
    found = check(START, END, acted).faults
    assert (found["transition lost"], found["transition doubled"]) == (1, 0)


def test_an_act_that_nobody_meant_is_found(county):
    at("2026-03-02 13:00")
    case = county.accepted(county.matter())
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run(NOTE, {"end": END})
    run(WITNESS, {"seconds": 0})
    events = Event.objects.filter(application=case, at__gte=START)
    acted = [Act(case.pk, e.verb, e.seq, 1, "meant") for e in events]
    assert check(START, START, acted).faults["transition doubled"] == 0
    assert check(START, START, acted[:-1]).faults["transition doubled"] == 1


def test_an_honest_county_is_clean(swept):
    assert faults() == set()
    assert LimitWarning.objects.count() > 6
    assert drained_as_of() is not None


def test_a_lost_warning_is_found(swept):
    run("ALTER TABLE supervision_limitwarning DISABLE TRIGGER append_only")
    LimitWarning.objects.filter(clock=clock_of(swept.case, "promised"), level="yellow").delete()
    assert {"lost", "missing"} <= faults()


def test_a_doubled_warning_is_found(swept):
    run("ALTER TABLE supervision_limitwarning DROP CONSTRAINT warning_once_per_rung")
    with unguarded("supervision_limitwarning"):
        first = LimitWarning.objects.earliest("pk")
        first.pk = None
        first.save(force_insert=True)
    assert "doubled" in faults()


def test_a_second_card_under_the_next_arming_is_found(swept):
    """No constraint stops it, and every other question is content with it."""
    with unguarded("supervision_limitwarning"):
        second = LimitWarning.objects.filter(level="yellow").latest("pk")
        second.pk, second.arming = None, 2
        second.save(force_insert=True)
    run("INSERT INTO torture_witness SELECT %s, %s, 'x'", [second.pk, second.recorded_at])
    run(
        "INSERT INTO supervision_message (user_id, kind, level, words, detail, key, made_at) SELECT user_id, kind,"
        " level, words, detail, 'warning:' || %s, made_at FROM supervision_message LIMIT 1",
        [second.pk],
    )
    assert faults() == {"doubled"}


def test_a_card_of_a_clock_that_no_event_started_twice_is_found(swept):
    """The row of a clock is doubled, and so are its cards: each is the only one of its clock."""
    run("DROP INDEX clock_one_open_per_kind")
    with unguarded("applications_clock", "supervision_limitwarning"):
        clock = Clock.objects.filter(warnings__level="yellow").latest("pk")
        cards = list(clock.warnings.all())
        clock.pk = None
        clock.save(force_insert=True)
        for card in cards:
            card.pk, card.clock = None, clock
            card.save(force_insert=True)
    assert "doubled" in faults()


@pytest.mark.parametrize(
    ("columns", "fault"),
    [
        ({"effective_at": END - timedelta(days=1)}, "unfounded"),
        ({"recorded_at": START - timedelta(days=90)}, "early"),
        ({"recorded_at": END + timedelta(days=1)}, "early"),
        ({"is_late": False}, "wrongly marked"),
        ({}, "out of order"),  # the yellow card is written after the red one
    ],
)
def test_a_forged_warning_is_found(swept, columns, fault):
    forge(**columns)
    assert fault in faults()


def test_what_the_witness_did_not_see_is_found(swept):
    run("DELETE FROM torture_witness")
    assert "early" in faults()


def test_a_warning_of_which_nobody_was_told_is_found(swept):
    with unguarded("supervision_message"):
        Message.objects.filter(key=f"warning:{LimitWarning.objects.earliest('pk').pk}").delete()
    assert faults() == {"untold"}


def test_a_warning_told_twice_is_found(swept):
    run("ALTER TABLE supervision_message DROP CONSTRAINT message_once")
    again = Message.objects.earliest("pk")
    again.pk = None
    again.save(force_insert=True)
    assert faults() == {"told twice"}


def test_a_queue_that_was_not_emptied_is_found(swept):
    Untold.objects.create(warning=LimitWarning.objects.earliest("pk"), next_try_at=START)
    assert faults() == {"left in the queue"}
    assert drained_as_of() is None


def test_a_text_that_never_left_is_found(swept):
    message = Message.objects.earliest("pk")
    Outbox.objects.create(message=message, channel="sms", not_before=START, next_try_at=START, user=message.user)
    assert faults() == {"texts left"}


def test_a_clock_that_was_left_due_is_found(swept):
    run("UPDATE applications_clock SET next_action_at = '2026-03-10 00:00+08' WHERE state = 'running'")
    assert "due and not claimed" in faults()
    assert drained_as_of() is None


def test_a_case_that_was_left_asleep_is_found(county):
    county.suspended(county.special_matter(days=3))
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run(NOTE, {"end": END})
    run(WITNESS, {"seconds": 0})
    at("2026-03-20 09:00")
    assert "asleep" in faults()


def test_a_case_that_silence_did_not_accept_is_found(county):
    county.received(county.matter())
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run(NOTE, {"end": END})
    run(WITNESS, {"seconds": 0})
    at("2026-03-20 09:00")
    assert "silent" in faults()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("opened_at = breached_at - interval '1 second'", "default before its card"),
        ("card_id = NULL", "default before its card"),
        ("act = 'escalate'", "default without its record"),
    ],
)
def test_a_default_out_of_turn_is_found(swept, change, fault):
    run("ALTER TABLE supervision_accountability DISABLE TRIGGER append_only")
    run(f"UPDATE supervision_accountability SET {change}")
    run("SET CONSTRAINTS ALL IMMEDIATE")
    assert faults() == {fault}


def test_an_act_done_twice_and_a_broken_chain_are_found(swept):
    columns = "application_id, verb, from_status, to_status, user_id, person_code, actor_name, actor_post, place"
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("ALTER TABLE applications_event DISABLE TRIGGER guard_tale")
    run(
        f"INSERT INTO applications_event ({columns}, seq, at, reason, detail, prev_hash, hash)"
        f" SELECT {columns}, 0, halls_now(), '', '{{}}', '', '' FROM applications_event"
        " WHERE application_id = %s AND verb = 'resume'",
        [swept.sleeper.pk],
    )
    assert {"acted twice", "chain"} <= faults()


def test_a_dead_watch_is_found(swept):
    SweepRun.objects.all().delete()
    assert faults() == {"heartbeat"}


def test_no_question_is_asked_for_nothing():
    """Each has its test above."""
    asked = {"lost", "missing", "doubled", "unfounded", "early", "wrongly marked", "out of order", "asleep", "silent"}
    asked |= {"transition lost", "transition doubled"}
    asked |= {"default before its card", "default without its record", "acted twice", "due and not claimed"}
    assert set(QUESTIONS) == asked | {"untold", "told twice", "left in the queue", "texts left"}
