"""Two people at one card, on two connections: one act happens, the other is told so; none is lost, none doubled."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection

from halls.domain.errors import Refused
from supervision.actions.appeal_card import appeal_card
from supervision.actions.cancel_card import cancel_card
from supervision.actions.confirm_card import confirm_card
from supervision.actions.exclude import Span, confirm_exclusion, drop_exclusion, propose_exclusion
from supervision.actions.open_accounts import open_accounts
from supervision.actions.propose_revocation import propose_revocation
from supervision.actions.review_card import review_card
from supervision.actions.sweep import sweep
from supervision.actions.tell import tell
from supervision.models import Accountability, CardReview, ExclusionRule, LimitWarning, Message
from supervision.models.card_review import life
from tests.supervision.cards import card_by_hand, late_card, rules_that_wait, staffed
from tests.supervision.county import at, clock_of

pytestmark = pytest.mark.django_db(transaction=True)
NOW = "2026-03-10 10:00"


def both(*acts, moment=NOW):
    """Do the acts at once, each on a connection of its own; return what each became."""
    start = Barrier(len(acts))

    def one(act):
        try:
            at(moment)
            start.wait()
            return act()
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def refusals(done) -> list[str]:
    return sorted(one for one in done if isinstance(one, str))


@pytest.mark.parametrize("acts", [("revoke", "uphold"), ("revoke", "revoke"), ("uphold", "uphold")])
def test_two_supervisors_who_decide_at_once_decide_once(county, acts):
    people = staffed(county)
    card = late_card(people)
    appeal = appeal_card(card.pk, actor=people.actor("approver0"), reason="不服")
    actors = people.actor("supervisor"), people.actor("second")
    done = both(
        *(
            lambda actor=actor, act=act: review_card(appeal.pk, actor=actor, act=act, reason="查过")
            for actor, act in zip(actors, acts, strict=True)
        )
    )
    [refused] = refusals(done)
    assert refused in ("already_decided", "already_revoked")
    [answer] = CardReview.objects.filter(answers=appeal)
    assert life(card).state == ("revoked" if answer.act == "revoke" else "upheld")


def test_a_card_is_let_out_or_cancelled_but_not_both(county):
    people = staffed(county)
    card = card_by_hand(people)
    second, third = people.actor("second"), people.actor("third")
    done = both(
        lambda: confirm_card(card.pk, actor=second, reason="属实"),
        lambda: cancel_card(card.pk, actor=third, reason="不实"),
    )
    [refused] = refusals(done)
    assert refused in ("already_issued", "already_cancelled", "already_decided")
    assert CardReview.objects.filter(card=card).count() == 1


def test_an_appeal_is_made_once_though_pressed_twice(county):
    people = staffed(county)
    card = late_card(people)
    approver = people.actor("approver0")
    done = both(*[lambda: appeal_card(card.pk, actor=approver, reason="不服")] * 3)
    assert refusals(done) == ["already_appealed"] * 2
    assert CardReview.objects.filter(card=card, act="appeal").count() == 1


def test_one_doubt_at_a_time(county):
    people = staffed(county)
    card = late_card(people)
    first, second = people.actor("supervisor"), people.actor("second")
    done = both(
        lambda: propose_revocation(card.pk, actor=first, reason="查"),
        lambda: propose_revocation(card.pk, actor=second, reason="查"),
    )
    assert refusals(done) == ["already_proposed"]


def test_a_proposal_and_an_appeal_decided_at_once_revoke_once(county):
    people = staffed(county)
    card = late_card(people)
    appeal = appeal_card(card.pk, actor=people.actor("approver0"), reason="不服")
    doubt = propose_revocation(card.pk, actor=people.actor("third"), reason="查")
    first, second = people.actor("supervisor"), people.actor("second")
    done = both(
        lambda: review_card(appeal.pk, actor=first, act="revoke", reason="停电"),
        lambda: review_card(doubt.pk, actor=second, act="revoke", reason="停电"),
    )
    assert len(refusals(done)) == 1
    assert CardReview.objects.filter(card=card, act="revoke").count() == 1


def test_what_is_let_out_while_the_teller_is_at_it_is_told(county):
    people = staffed(county)
    rules_that_wait(people, "yellow")
    case = people.accepted(people.matter(promised=5))
    at(NOW)
    sweep()
    card = LimitWarning.objects.get(clock=clock_of(case, "promised"), level="yellow")
    second = people.actor("second")
    both(lambda: confirm_card(card.pk, actor=second, reason="属实"), tell, tell)
    at(NOW)
    tell()
    assert Message.objects.filter(key=f"warning:{card.pk}", user=people.people["approver0"]).count() == 1


def test_two_workers_open_one_account_for_a_red_card(county):
    people = staffed(county)
    card = late_card(people, "red", "2026-04-20 09:00")
    done = both(open_accounts, open_accounts, open_accounts, moment="2026-04-20 09:00")
    assert Accountability.objects.filter(card=card).count() == 1
    assert sum(done) == Accountability.objects.count() == LimitWarning.objects.filter(level="red").count()


def test_an_exclusion_is_confirmed_or_dropped_but_not_both(county):
    people = staffed(county)
    at(NOW)
    span = Span(people.bureau.code, date(2026, 3, 11), None, "示例府发〔2026〕9号")
    rule = propose_exclusion(span, actor=people.actor("supervisor"), reason="机构改革")
    second, third = people.actor("second"), people.actor("third")
    done = both(
        lambda: confirm_exclusion(rule.pk, actor=second),
        lambda: drop_exclusion(rule.pk, actor=third),
    )
    assert refusals(done) == ["already_closed"]
    kept = ExclusionRule.objects.get()
    assert (kept.confirmed_at is None) != (kept.dropped_at is None)
