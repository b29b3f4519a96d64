"""责任追究 from a red card to its end: what opens a record, whom it names, how it is settled."""

from datetime import date

import pytest

from halls.domain.errors import Invalid, NotPermitted, Refused
from halls.selectors.work_calendar import read_moment
from supervision.actions.appeal_card import appeal_card
from supervision.actions.confirm_card import confirm_card
from supervision.actions.open_accounts import open_accounts
from supervision.actions.review_card import review_card
from supervision.actions.settle_account import Deed
from supervision.actions.sweep import sweep
from supervision.actions.take_evidence import take_evidence
from supervision.models import Accountability, LimitWarning
from supervision.selectors.accounts import account_of, stage_of
from tests.supervision.accounts import settle
from tests.supervision.cards import card_by_hand, late_card
from tests.supervision.county import at

pytestmark = pytest.mark.django_db
TALK = Deed("handle", "当面约谈", "talk", "示例乡办公室主任", "县政务服务局", date(2026, 4, 20), "示例约〔2026〕1号")
REFERRED = Deed("refer", "线索移送", document_no="示例移〔2026〕1号", done_on=date(2026, 4, 20))
CLOSED = Deed("close", "已处理完毕")


def stage(people, account):
    found = account_of(people.actor("supervisor"), account.pk)
    assert found is not None
    return stage_of(found).label


# --- opened ------------------------------------------------------------------------------------------------------


def test_a_red_card_opens_one_record_that_names_who_held_the_duty_then(people, red, account):
    assert (account.act, account.fault, account.seat_name) == ("red_card", "organ", "东乡便民服务中心")
    assert (account.breached_at, account.clock_id) == (red.effective_at, red.clock_id)
    assert account.holders
    assert account.citation
    assert open_accounts() == 0


def test_yellow_cards_and_cards_that_wait_open_nothing(people):
    late_card(people)
    assert open_accounts() == 0
    at("2026-03-02 10:00")
    card = card_by_hand(people)
    assert open_accounts() == 0
    confirm_card(card.pk, actor=people.actor("second"), reason="属实")
    assert open_accounts() == 1
    account = Accountability.objects.get(card=card)
    assert (account.clock_id, account.breached_at.astimezone(read_moment().at.tzinfo).date()) == (
        None,
        date(2026, 3, 3),
    )
    assert account.citation == card.citation


def test_a_default_action_goes_on_though_its_red_card_has_a_record(people):
    people.received(people.matter())
    at("2026-03-10 09:00")
    sweep()  # 视为受理 with a red card and a record of its own
    assert Accountability.objects.filter(act="deemed_accept").count() == 1
    cards = LimitWarning.objects.filter(clock_kind="acceptance", level="red")
    open_accounts()
    assert Accountability.objects.filter(card__in=cards).count() == 1


# --- settled -----------------------------------------------------------------------------------------------------


def test_a_record_is_handled_and_then_closed(people, account):
    assert stage(people, account) == "已登记"
    with pytest.raises(Refused, match="nothing_done"):
        settle(people, account, CLOSED)
    settle(people, account, TALK)
    assert stage(people, account) == "已处理"
    settle(people, account, CLOSED, "second")
    assert stage(people, account) == "已办结"
    for deed in (TALK, REFERRED, CLOSED):
        with pytest.raises(Refused, match="closed"):
            settle(people, account, deed)


@pytest.mark.parametrize(
    ("deed", "field"),
    [
        (Deed("forget", "x"), "stage"),
        (Deed("close", " "), "note"),
        (Deed("handle", "x"), "measure"),
        (Deed("handle", "x", "flog", "", "县", date(2026, 4, 20)), "stage"),
        (Deed("handle", "x", "talk", "", "", date(2026, 4, 20)), "decided_by"),
        (Deed("handle", "x", "talk", "", "县"), "done_on"),
        (Deed("handle", "x", "talk", "", "县", date(2026, 4, 21)), "done_on"),
        (Deed("refer", "x", done_on=date(2026, 4, 20)), "document_no"),
    ],
)
def test_a_deed_says_what_it_lacks(people, account, deed, field):
    with pytest.raises(Invalid) as refusal:
        settle(people, account, deed)
    assert refusal.value.problems[0].field == field


def test_a_revoked_card_is_pursued_no_more_and_its_record_says_so(people, red, account):
    appeal = appeal_card(red.pk, actor=people.actor("approver0"), reason="停电")
    review_card(appeal.pk, actor=people.actor("supervisor"), act="revoke", reason="属实")
    assert stage(people, account) == "已撤销"
    with pytest.raises(Refused, match="card_revoked"):
        settle(people, account, TALK)
    settle(people, account, CLOSED)
    assert stage(people, account) == "已办结"


@pytest.mark.parametrize(("who", "refusal"), [("director0", NotPermitted), ("approver0", NotPermitted)])
def test_only_who_watches_the_county_settles(people, account, who, refusal):
    with pytest.raises(refusal):
        settle(people, account, TALK, who)
    with pytest.raises(refusal):
        take_evidence(account.pk, actor=people.actor(who))
