"""The table itself: every status with every verb."""

import itertools

import pytest

from applications.domain.lifecycle import (
    BY_VERB,
    ENDED,
    OPEN,
    STATUS_LABELS,
    TABLE,
    Status,
    StepFacts,
    StepKind,
    Verb,
    duty_for,
    is_possible,
)
from applications.domain.transitions import CASE_CLOCKS, ClockKind, ClockMove

REVIEW = StepFacts(StepKind.REVIEW, is_final_decision=False, has_previous=True)
FIRST_REVIEW = StepFacts(StepKind.REVIEW, is_final_decision=False, has_previous=False)
SPECIAL = StepFacts(StepKind.SPECIAL, is_final_decision=False, has_previous=True)
MIDDLE_DECISION = StepFacts(StepKind.DECIDE, is_final_decision=False, has_previous=True)
DECISION = StepFacts(StepKind.DECIDE, is_final_decision=True, has_previous=True)
INSTANT = StepFacts(StepKind.INSTANT, is_final_decision=True, has_previous=False)
AFTERWARDS = StepFacts(StepKind.SPECIAL, is_final_decision=False, has_previous=True, is_after_decision=True)
DELIVERY = StepFacts(StepKind.DELIVER, is_final_decision=False, has_previous=True)

# What may happen, written down a second time by hand: (status, step) -> verbs.
ALLOWED: dict[tuple[Status, StepFacts | None], str] = {
    (Status.DRAFT, None): "submit",
    (Status.SUBMITTED, None): "receive withdraw recalculate",
    (Status.RECEIVED, None): "request_correction accept decline withdraw deem_accepted recalculate",
    (Status.CORRECTING, None): "supply withdraw tell deem_withdrawn recalculate",
    (Status.IN_PROGRESS, REVIEW): "pass_on step_back withdraw extend deem_consent deem_renewed recalculate",
    (Status.IN_PROGRESS, FIRST_REVIEW): "pass_on withdraw extend deem_consent deem_renewed recalculate",
    (Status.IN_PROGRESS, SPECIAL): "pass_on step_back suspend withdraw extend deem_renewed recalculate",
    (Status.IN_PROGRESS, MIDDLE_DECISION): "pass_on step_back withdraw extend deem_renewed recalculate",
    (Status.IN_PROGRESS, DECISION): "step_back grant refuse withdraw extend deem_renewed recalculate",
    (Status.IN_PROGRESS, INSTANT): "grant refuse withdraw extend deem_renewed recalculate",
    (Status.SUSPENDED, SPECIAL): "resume withdraw deem_renewed recalculate",
    (Status.GRANTED, AFTERWARDS): "pass_on recalculate",
    (Status.GRANTED, DELIVERY): "make_result recalculate",
    (Status.GRANTED, None): "make_result recalculate",
    (Status.REFUSED, DELIVERY): "hand_over take_over deliver recalculate",
    (Status.REFUSED, None): "hand_over take_over deliver recalculate",
    (Status.READY, DELIVERY): "hand_over take_over deliver recalculate",
    (Status.READY, None): "hand_over take_over deliver recalculate",
    (Status.DECLINED, None): "recalculate",
    (Status.DELIVERED, None): "recalculate",
    (Status.WITHDRAWN, None): "recalculate",
}


@pytest.mark.parametrize(("position", "verb"), list(itertools.product(ALLOWED, BY_VERB)))
def test_the_table_allows_just_what_is_written_here(position: tuple[Status, StepFacts | None], verb: Verb) -> None:
    status, step = position
    assert is_possible(verb, status, step) is (verb.value in ALLOWED[position].split())


def test_every_status_is_walked() -> None:
    assert {status for status, _step in ALLOWED} == set(Status)


def test_every_status_and_verb_has_one_row_or_label() -> None:
    assert set(STATUS_LABELS) == set(Status)
    assert set(BY_VERB) == set(Verb) - {Verb.DRAFT}
    assert len(TABLE) == len(BY_VERB)
    assert {Status.DRAFT} | OPEN | ENDED == set(Status)


def test_nothing_leads_out_of_an_end() -> None:
    assert not [row.verb for row in TABLE if row.sources & ENDED and row.target]


def test_what_time_does_no_duty_does() -> None:
    by_time = {Verb.DEEM_ACCEPTED, Verb.DEEM_WITHDRAWN, Verb.DEEM_CONSENT, Verb.DEEM_RENEWED, Verb.RECALCULATE}
    assert {row.verb for row in TABLE if row.by_system} == by_time
    assert not any(BY_VERB[verb].duty for verb in by_time)


def test_every_status_can_be_reached_from_a_draft() -> None:
    reached: set[Status] = {Status.DRAFT}
    before: set[Status] = set()
    while reached != before:
        before = set(reached)
        reached |= {row.target for row in TABLE if row.target and row.sources & reached}
    assert reached == set(Status)


@pytest.mark.parametrize("verb", [Verb.DECLINE, Verb.REFUSE, Verb.WITHDRAW, Verb.STEP_BACK])
def test_what_is_done_to_somebody_needs_a_reason(verb: Verb) -> None:
    assert BY_VERB[verb].needs_reason


@pytest.mark.parametrize("row", [r for r in TABLE if r.target in ENDED], ids=lambda row: row.verb.value)
def test_an_end_stops_every_clock_that_may_still_run(row) -> None:
    stopped = {effect.kind for effect in row.clocks if effect.move is ClockMove.STOP}
    may_run = set(CASE_CLOCKS) if row.verb is not Verb.DELIVER else {ClockKind.DELIVERY}
    assert stopped == may_run


def test_a_pause_touches_the_promise_the_statute_and_the_step_and_nothing_else() -> None:
    paused = {e.kind for e in BY_VERB[Verb.SUSPEND].clocks if e.move is ClockMove.PAUSE}
    resumed = {e.kind for e in BY_VERB[Verb.RESUME].clocks if e.move is ClockMove.RESUME}
    assert paused == resumed == {ClockKind.PROMISED, ClockKind.STATUTORY, ClockKind.STEP}


@pytest.mark.parametrize(
    ("step", "duty"),
    [(REVIEW, "examine"), (SPECIAL, "examine"), (MIDDLE_DECISION, "decide")],
    ids=["review", "special", "decision"],
)
def test_a_step_asks_for_its_own_duty(step: StepFacts, duty: str) -> None:
    assert duty_for(Verb.PASS_ON, step) == duty


def test_only_deciding_and_instant_steps_end_in_a_decision() -> None:
    assert BY_VERB[Verb.GRANT].step_kinds == BY_VERB[Verb.REFUSE].step_kinds == {StepKind.DECIDE, StepKind.INSTANT}
