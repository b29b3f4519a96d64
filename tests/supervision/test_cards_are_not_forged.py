"""Whoever has the site's database role writes no card, act, account or exclusion that did not happen, nor loses one."""

from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, transaction

from supervision.actions.appeal_card import appeal_card
from supervision.actions.confirm_card import confirm_card
from supervision.actions.exclude import Span, confirm_exclusion, propose_exclusion
from supervision.actions.open_accounts import open_accounts
from supervision.actions.review_card import review_card
from supervision.actions.settle_account import Deed, settle_account
from supervision.actions.take_evidence import take_evidence
from supervision.models import (
    Accountability,
    AccountAct,
    CardReview,
    EvidenceDownload,
    ExclusionRule,
    LimitWarning,
)
from tests.clock.attack import as_application, blocked
from tests.supervision.cards import card_by_hand, late_card, staffed, told
from tests.supervision.county import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(county):
    call_command("secure_database", verbosity=0)
    return staffed(county)


def refused(make, match):
    with as_application(), pytest.raises((DatabaseError, IntegrityError), match=match), transaction.atomic():
        make()


def row(people, card, who, act, **more):
    """Write an act as somebody, past every action."""
    user = people.people[who]
    said = {"user": user, "person_code": user.person_code, "reason": "x", "at": card.recorded_at}
    return CardReview.objects.create(card=card, act=act, **said | more)


# What the database itself refuses: (card, who, act, words).
FORGED = [
    ("waiting", "director0", "confirm", "watches the whole county"),
    ("waiting", "supervisor", "confirm", "another person confirms"),
    ("waiting", "approver0", "cancel", "watches the whole county"),
    ("waiting", "approver0", "appeal", "not issued yet"),
    ("waiting", "second", "order", "not issued yet"),
    ("issued", "second", "confirm", "issued already"),
    ("issued", "second", "cancel", "issued already"),
    ("issued", "window0", "appeal", "by who decides there"),
    ("issued", "director0", "appeal", "by who decides there"),
    ("issued", "supervisor", "appeal", "by who decides there"),
    ("issued", "approver1", "appeal", "by who decides there"),
    ("issued", "bureau_approver", "appeal", "by who decides there"),
    ("issued", "director0", "order", "watches the whole county"),
    ("issued", "supervisor", "revoke", "proposes_or_answers"),
]


@pytest.mark.parametrize(("which", "who", "act", "words"), FORGED)
def test_an_act_that_nobody_may_do_is_refused_by_the_database(people, which, who, act, words):
    card = card_by_hand(people) if which == "waiting" else late_card(people)
    refused(lambda: row(people, card, who, act), words)


def test_another_person_decides_whoever_holds_the_pen(people):
    card = card_by_hand(people)
    confirm_card(card.pk, actor=people.actor("second"), reason="属实")
    told()
    appeal = appeal_card(card.pk, actor=people.actor("approver0"), reason="不服")
    for who in ("supervisor", "second"):
        refused(lambda who=who: row(people, card, who, "revoke", answers=appeal), "another person decides")
    refused(lambda: row(people, card, "director0", "revoke", answers=appeal), "who watches its place")
    refused(lambda: row(people, card, "approver0", "uphold", answers=appeal), "another person decides")
    at("2026-02-26 10:00")
    other = late_card(people)
    refused(lambda: row(people, other, "third", "revoke", answers=appeal), "about the same card")
    review_card(appeal.pk, actor=people.actor("third"), act="revoke", reason="不成立")
    for act in ("confirm", "cancel", "appeal", "order"):
        refused(lambda act=act: row(people, card, "approver0", act), "nothing follows|already|by who decides")
    refused(lambda: row(people, card, "third", "uphold", answers=appeal), "nothing follows")


def test_nobody_speaks_for_the_nightly_check(people):
    card = late_card(people)
    refused(lambda: row(people, card, "supervisor", "propose", finding="没有到点"), "the check's to say")


def test_a_forged_name_is_no_signature(people):
    card = card_by_hand(people)
    refused(lambda: row(people, card, "second", "confirm", person_code="P99999"), "whole county|staff list")


def test_a_card_says_itself_how_it_is_issued(people):
    late = late_card(people)
    assert late.clock is not None
    said: dict[str, Any] = {"clock": late.clock, "application": late.application, "level": "red"}
    said |= {"clock_kind": late.clock_kind, "seat_path": late.seat_path, "recorded_at": late.recorded_at}
    said["effective_at"] = late.clock.due_at
    with as_application():
        card = LimitWarning.objects.create(**said, mode="confirmed", is_late=False)
    card.refresh_from_db()
    assert card.mode == "auto"


@pytest.mark.parametrize(
    ("who", "changes", "words"),
    [
        ("director0", {}, "watches the whole county"),
        ("approver0", {}, "watches the whole county"),
        ("supervisor", {"seat_path": "elsewhere/"}, "never had the case"),
        ("supervisor", {"seat_path": ""}, "never had the case"),
        ("supervisor", {"happened_on": date(2026, 3, 9)}, "happened to a case"),
        ("supervisor", {"happened_on": date(2026, 2, 1)}, "happened to a case"),
        ("supervisor", {"citation": ""}, "of_a_clock_or_by_hand"),
        ("supervisor", {"level": "warning"}, "of_a_clock_or_by_hand"),
    ],
)
def test_a_card_by_hand_is_not_slipped_in(people, who, changes, words):
    case = people.accepted(people.matter(promised=9))
    at("2026-03-04 10:00")
    user = people.people[who]
    said = {
        "application": case, "level": "red", "mode": "manual", "seat_path": case.accept_path, "fault": "no_reasons",
        "facts": "x", "citation": "x", "happened_on": date(2026, 3, 3), "issued_by": user,
        "issued_person": user.person_code, "effective_at": case.created_at, "recorded_at": case.created_at,
    }  # fmt: skip
    refused(lambda: LimitWarning.objects.create(**said | changes), words)


@pytest.fixture
def settled(people):
    """A red card with its account, handled, referred and downloaded, and an exclusion in force."""
    card = late_card(people, "red", "2026-04-20 09:00")
    open_accounts()
    account = Accountability.objects.get(card=card)
    supervisor = people.actor("supervisor")
    settle_account(
        account.pk, Deed("refer", "移送", document_no="示例移〔2026〕1号", done_on=date(2026, 4, 20)), actor=supervisor
    )
    take_evidence(account.pk, actor=supervisor)
    span = Span(people.bureau.code, date(2026, 4, 20), None, "示例府发〔2026〕9号")
    rule = propose_exclusion(span, actor=supervisor, reason="机构改革")
    confirm_exclusion(rule.pk, actor=people.actor("second"))
    return people


KEPT = (
    "supervision_limitwarning", "supervision_cardreview", "supervision_accountability", "supervision_accountact",
    "supervision_evidencedownload", "supervision_exclusionrule",
)  # fmt: skip


@pytest.mark.parametrize("table", KEPT)
def test_nothing_of_it_is_deleted_or_emptied(settled, table):
    with as_application():
        blocked(f"DELETE FROM {table}")
        blocked(f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize(
    "change",
    [
        "supervision_limitwarning SET mode = 'confirmed'",
        "supervision_limitwarning SET level = 'yellow'",
        "supervision_cardreview SET reason = 'y'",
        "supervision_accountability SET holders = '[]'",
        "supervision_accountact SET measure = 'none'",
        "supervision_evidencedownload SET sha256 = ''",
        "supervision_exclusionrule SET until = '2030-01-01'",
        "supervision_exclusionrule SET starts_on = '2026-01-01'",
        "supervision_exclusionrule SET reason = 'y'",
    ],
)
def test_nothing_of_it_is_rewritten(settled, change):
    with as_application():
        blocked(f"UPDATE {change}")


def test_an_exclusion_is_not_dated_back_nor_ended_by_a_stranger(settled):
    rule = ExclusionRule.objects.get()
    user = settled.people["supervisor"]
    said = {"department": settled.station, "document_no": "x", "reason": "x", "proposed_by": user}
    said |= {"proposed_person": user.person_code, "starts_on": date(2026, 4, 1)}
    refused(lambda: ExclusionRule.objects.create(**said), "today or later")
    clerk = settled.people["window0"]
    ended = {"ended_by": clerk, "ended_person": clerk.person_code, "end_reason": "x", "ended_at": rule.proposed_at}
    refused(lambda: ExclusionRule.objects.filter(pk=rule.pk).update(**ended), "signs nothing")


def test_an_account_of_a_red_card_is_the_card_s_own(settled):
    yellow = LimitWarning.objects.filter(level="yellow").earliest("pk")
    red = LimitWarning.objects.filter(level="red").earliest("pk")
    said = {
        "application_id": red.application_id, "act": "red_card", "fault": "organ", "citation": "x", "seat_path": "x/",
        "breached_at": red.effective_at, "opened_at": red.effective_at,
    }  # fmt: skip
    for card in (yellow, red):  # not red; has one already
        refused(lambda card=card: Accountability.objects.create(**said, card=card), "no red card that stands")


def test_an_account_is_settled_and_taken_by_who_watches_the_county(settled):
    account = Accountability.objects.earliest("pk")
    clerk = settled.people["director0"]
    said = {"account": account, "note": "x", "user": clerk, "person_code": clerk.person_code, "at": account.opened_at}
    refused(lambda: AccountAct.objects.create(**said, stage="close"), "watches the whole county")
    taken = {"account": account, "user": clerk, "person_code": clerk.person_code, "sha256": "x", "size": 1}
    refused(lambda: EvidenceDownload.objects.create(**taken, at=account.opened_at), "watches the whole county")
