"""A card waits, is issued, appealed, upheld, revoked or cancelled; every act by another person, none ever lost."""

from datetime import date

import pytest
from django.db import connection

from applications.domain.card_rules import chosen
from applications.domain.transitions import ClockKind
from applications.selectors.rules import rulebook
from halls.domain.errors import Invalid, NotFound, NotPermitted, Refused
from halls.domain.worktime import SHANGHAI, day_of
from halls.models import Post
from halls.selectors.work_calendar import read_moment
from supervision.actions.appeal_card import appeal_card
from supervision.actions.cancel_card import cancel_card
from supervision.actions.confirm_card import confirm_card
from supervision.actions.issue_card import issue_card
from supervision.actions.order_card import order_card
from supervision.actions.propose_revocation import propose_revocation
from supervision.actions.prove_lights import prove_lights
from supervision.actions.review_card import review_card
from supervision.actions.sweep import sweep
from supervision.actions.verify_cards import verify_cards
from supervision.figures import CARD_LISTS, Present
from supervision.models import CardReview, LimitWarning, Message
from supervision.models.card_review import life
from supervision.selectors import dashboard, group_cards
from supervision.selectors.card_ranking import card_ranking
from supervision.selectors.cards import ground_of
from supervision.selectors.scope import scope_of
from tests.factories.tampering import unguarded
from tests.supervision.cards import card_by_hand, charge, late_card, rules_that_wait, staffed, told
from tests.supervision.county import at, clock_of
from tests.supervision.ordering import issue

pytestmark = pytest.mark.django_db
WHY = "已核对办件记录"


@pytest.fixture
def people(county):
    return staffed(county)


def state_of(card: LimitWarning) -> str:
    return life(LimitWarning.objects.get(pk=card.pk)).state


def figures(county) -> dict[str, int]:
    """Every figure about cards as its list counts it, of promises and of cards by hand alone: a step has its own."""
    present = Present.at(read_moment().at)
    scope = scope_of(county.actor("supervisor"), "watch")
    rows = {key: group_cards.GROUP.rows_of(scope, figure, present) for key, figure in CARD_LISTS.items()}
    return {key: found.filter(clock_kind__in=("promised", "")).count() for key, found in rows.items()}


def ranked(county) -> dict[str, dict[str, int]]:
    present = Present.at(read_moment().at)
    return {one.name: one.counts for one in card_ranking(county.actor("supervisor"), present)}


def told_of(county, name: str) -> list[str]:
    return list(Message.objects.filter(user=county.people[name]).order_by("pk").values_list("words", flat=True))


# --- waiting -----------------------------------------------------------------------------------------------------


def test_a_rule_may_leave_the_card_to_a_supervisor_who_lets_it_out(people):
    rules_that_wait(people, "yellow")
    card = late_card(people)
    assert (card.mode, state_of(card)) == ("confirmed", "pending")
    assert LimitWarning.objects.get(clock=card.clock, level="warning").mode == "auto"
    assert figures(people)["to_confirm"] == 1
    assert figures(people)["yellow_cards_month"] == figures(people)["issued_month"] == 0
    assert not any("黄牌" in words and "承诺时限" in words for words in told_of(people, "approver0"))
    assert "待发黄牌" in told_of(people, "supervisor")[-1]
    at("2026-03-11 09:00")
    confirm_card(card.pk, actor=people.actor("supervisor"), reason=WHY)
    told()
    assert state_of(card) == "issued"
    assert figures(people)["to_confirm"] == 0
    assert figures(people)["yellow_cards_month"] == figures(people)["issued_month"] == 1
    assert "黄牌" in told_of(people, "approver0")[-1]
    assert "5 个工作日内申诉" in told_of(people, "approver0")[-1]
    assert not prove_lights().differences


def test_a_card_that_was_cancelled_never_counts_and_is_never_told_but_stays(people):
    rules_that_wait(people, "yellow")
    card = late_card(people)
    cancel_card(card.pk, actor=people.actor("supervisor"), reason="系统停电，当天已经办好")
    told()
    sweep()
    assert state_of(card) == "cancelled"
    assert LimitWarning.objects.filter(clock=card.clock, level="yellow").count() == 1
    counted = figures(people)
    assert counted.pop("cancelled_month") == 1
    assert counted.pop("warnings_month") == 1
    assert not any(counted.values())
    own = LimitWarning.objects.filter(level="yellow", clock_kind="step").count()
    assert ranked(people)["东乡便民服务中心"]["issued_month"] == own
    assert not any("黄牌" in words and "承诺时限" in words for words in told_of(people, "approver0"))
    with pytest.raises(Refused, match="already_cancelled"):
        confirm_card(card.pk, actor=people.actor("second"), reason=WHY)
    assert not prove_lights().differences


def test_a_card_that_is_out_is_revoked_not_cancelled(people):
    card = late_card(people)
    for act in (confirm_card, cancel_card):
        with pytest.raises(Refused, match="already_issued"):
            act(card.pk, actor=people.actor("supervisor"), reason=WHY)


# --- by hand -----------------------------------------------------------------------------------------------------


def test_a_card_by_hand_is_asked_for_by_one_and_let_out_by_another(people):
    card = card_by_hand(people)
    assert (card.mode, state_of(card), card.is_card) == ("manual", "pending", True)
    assert ranked(people) == {}
    with pytest.raises(Refused, match="same_person"):
        confirm_card(card.pk, actor=people.actor("supervisor"), reason=WHY)
    told()
    assert not any("红牌" in words for words in told_of(people, "approver0"))
    confirm_card(card.pk, actor=people.actor("second"), reason=WHY)
    told()
    assert state_of(card) == "issued"
    assert ranked(people)["东乡便民服务中心"]["red_cards_month"] == 1
    assert "没有说明理由" in told_of(people, "approver0")[-1]
    ground = ground_of(LimitWarning.objects.get(pk=card.pk))
    assert ground.day == date(2026, 3, 3)
    assert [one["name"] for one in ground.holders] == [people.people["window0"].full_name]
    assert not prove_lights().differences


def test_whoever_asked_for_a_card_may_take_it_back_before_it_is_out(people):
    card = card_by_hand(people)
    cancel_card(card.pk, actor=people.actor("supervisor"), reason="查错了办件")
    assert state_of(card) == "cancelled"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"level": "warning"}, "level"),
        ({"fault": "late"}, "fault"),
        ({"body": "nowhere/"}, "body"),
        ({"happened_on": date(2026, 3, 5)}, "happened_on"),
        ({"happened_on": date(2026, 3, 1)}, "happened_on"),
        ({"facts": " "}, "facts"),
        ({"facts": "长" * 1001}, "facts"),
        ({"citation": ""}, "citation"),
    ],
)
def test_a_charge_says_what_is_wrong_with_it(people, changes, field):
    with pytest.raises(Invalid) as refusal:
        card_by_hand(people, **changes)
    assert refusal.value.problems[0].field == field
    assert not LimitWarning.objects.exists()


def test_a_body_that_never_had_the_case_gets_no_card(people):
    with pytest.raises(Invalid, match="unknown_body"):
        card_by_hand(people, body=people.townships[1].path)


# --- appeals -----------------------------------------------------------------------------------------------------


def test_the_blamed_body_appeals_once_and_hears_the_result(people):
    card = late_card(people)
    appeal = appeal_card(card.pk, actor=people.actor("approver0"), reason="当天停电，已经办好")
    assert state_of(card) == "appealed"
    assert figures(people)["appealed"] == figures(people)["to_review"] == figures(people)["yellow_cards_month"] == 1
    assert dashboard.what_waits(people.actor("supervisor"), Present.at(read_moment().at))["to_review"] == 1
    with pytest.raises(Refused, match="already_appealed"):
        appeal_card(card.pk, actor=people.actor("approver0"), reason="再申诉一次")
    review_card(appeal.pk, actor=people.actor("supervisor"), act="revoke", reason="停电属实")
    assert state_of(card) == "revoked"
    assert "申诉已处理，决定撤销。理由：停电属实" in told_of(people, "approver0")[-1]
    counted = figures(people)
    assert (counted["yellow_cards_month"], counted["issued_month"], counted["revoked_month"]) == (0, 1, 1)
    body = ranked(people)["东乡便民服务中心"]
    assert (body["issued_month"] - body["yellow_cards_month"], body["revoked_month"]) == (1, 1)
    assert group_cards.GROUP.rows(scope_of(people.actor("supervisor"), "watch")).filter(pk=card.pk).exists()
    assert not prove_lights().differences


def test_an_upheld_card_counts_on_and_may_still_be_doubted_by_those_who_watch(people):
    card = late_card(people)
    appeal = appeal_card(card.pk, actor=people.actor("approver0"), reason="不服")
    review_card(appeal.pk, actor=people.actor("supervisor"), act="uphold", reason="记录属实")
    assert state_of(card) == "upheld"
    assert figures(people)["yellow_cards_month"] == 1
    propose_revocation(card.pk, actor=people.actor("second"), reason="重新查过")
    assert figures(people)["to_review"] == 1


def test_five_working_days_after_it_was_told_the_appeal_is_late(people):
    card = late_card(people)  # told on Tuesday 10 March
    at("2026-03-18 09:00")
    with pytest.raises(Refused, match="appeal_late") as refusal:
        appeal_card(card.pk, actor=people.actor("approver0"), reason="不服")
    assert "2026年3月10日 告知" in refusal.value.message
    assert "2026年3月17日 止" in refusal.value.message
    at("2026-03-17 23:59")
    appeal_card(card.pk, actor=people.actor("approver0"), reason="不服")


def test_the_days_of_an_appeal_run_from_the_telling_and_not_from_the_card(people):
    rules_that_wait(people, "yellow")
    card = late_card(people)
    at("2026-03-30 09:00")
    confirm_card(card.pk, actor=people.actor("supervisor"), reason=WHY)
    told()
    at("2026-04-07 17:00")  # 清明 on 6 April is not counted
    appeal_card(card.pk, actor=people.actor("approver0"), reason="不服")


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("window0", NotPermitted),
        ("examiner0", NotPermitted),
        ("director0", NotPermitted),
        ("supervisor", NotPermitted),
        ("clerk0", NotFound),
        ("approver1", NotFound),
        ("bureau_approver", NotFound),
    ],
)
def test_only_who_decides_at_the_blamed_body_appeals(people, who, refusal):
    card = late_card(people)
    with pytest.raises(refusal):
        appeal_card(card.pk, actor=people.actor(who), reason="不服")
    assert not CardReview.objects.exists()


def test_a_supervisor_who_also_decides_there_does_not_appeal(people):
    card = late_card(people)
    post = people.people["approver0"].posts.get()
    Post.objects.create(
        user=people.people["second"], kind=post.kind, title=post.title, hall=post.hall, starts_on=post.starts_on
    )
    with pytest.raises(NotPermitted):
        appeal_card(card.pk, actor=people.actor("second"), reason="不服")


def test_a_card_that_waits_is_not_seen_by_the_body(people):
    card = card_by_hand(people)
    with pytest.raises(NotFound):
        appeal_card(card.pk, actor=people.actor("approver0"), reason="不服")


# Who did what, and who may still decide: (issued, confirmed, appealed, decides).
SEPARATION = [
    ("supervisor", "second", "third", True),
    ("supervisor", "second", "supervisor", False),
    ("supervisor", "second", "second", False),
]


@pytest.mark.parametrize(("issuer", "confirmer", "decider", "may"), SEPARATION)
def test_whoever_issued_or_confirmed_does_not_decide_about_the_appeal(people, issuer, confirmer, decider, may):
    card = card_by_hand(people)
    assert card.issued_by_id == people.people[issuer].pk
    confirm_card(card.pk, actor=people.actor(confirmer), reason=WHY)
    told()
    appeal = appeal_card(card.pk, actor=people.actor("approver0"), reason="理由写在附页")
    if may:
        review_card(appeal.pk, actor=people.actor(decider), act="uphold", reason=WHY)
        assert state_of(card) == "upheld"
        return
    with pytest.raises(Refused, match="same_person"):
        review_card(appeal.pk, actor=people.actor(decider), act="uphold", reason=WHY)
    assert state_of(card) == "appealed"


@pytest.mark.parametrize("act", [confirm_card, cancel_card, order_card])
@pytest.mark.parametrize("who", ["director0", "bureau_director", "approver0", "window0"])
def test_nobody_below_the_county_lets_cards_out(people, act, who):
    card = card_by_hand(people)
    with pytest.raises(NotPermitted):
        act(card.pk, actor=people.actor(who), reason=WHY)
    with pytest.raises(NotPermitted):
        issue_card(card.application_id, charge(people), actor=people.actor(who))


def test_a_card_is_put_under_an_order_once_and_the_body_hears_of_it(people):
    card = late_card(people)
    order = issue(people, card=card.pk)
    assert life(card).is_ordered
    assert order.number in told_of(people, "approver0")[-1]
    with pytest.raises(Refused, match="already_ordered"):
        order_card(card.pk, actor=people.actor("second"), reason="再督办")


# --- the nightly check -------------------------------------------------------------------------------------------


def test_the_nightly_check_finds_nothing_about_cards_that_follow_from_the_facts(people):
    late_card(people)
    late_card(people, "red", "2026-04-20 09:00")
    checked = verify_cards()
    assert checked.cards >= 2
    assert (checked.unsupported, checked.proposed) == (0, 0)


def test_a_card_without_a_ground_is_proposed_once_and_a_person_decides(people):
    card = late_card(people)
    with unguarded("supervision_limitwarning"), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE supervision_limitwarning SET level = 'red', effective_at = effective_at - interval '1 day'"
            " WHERE id = %s",
            [card.pk],
        )
    assert (verify_cards().proposed, verify_cards().proposed) == (1, 0)
    row = CardReview.objects.get(card=card)
    assert "没有到发牌的时间" in row.finding
    assert row.user_id == people.people["system"].pk
    review_card(row.pk, actor=people.actor("supervisor"), act="uphold", reason="查过了")
    assert verify_cards().proposed == 0


def test_a_card_against_the_wrong_body_is_found(people):
    card = late_card(people)
    with unguarded("supervision_limitwarning"), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE supervision_limitwarning SET seat_path = %s WHERE id = %s", [people.bureau.path, card.pk]
        )
    assert verify_cards().proposed == 1
    assert "东乡便民服务中心" in CardReview.objects.get(card=card).finding


def test_every_card_has_a_number_that_says_when_it_was_recorded(people):
    card = late_card(people)
    day = card.recorded_at.astimezone(SHANGHAI)
    assert card.number == f"JC{day:%Y%m%d}{card.pk:010d}"
    assert clock_of(card.application, "promised") == card.clock


@pytest.mark.parametrize("levels", [(), ("yellow",), ("red",), ("yellow", "red")])
def test_the_database_asks_the_same_rule_as_the_card_explains(people, levels):
    rules_that_wait(people, *levels)
    for promised in (1, 3, 9):
        people.accepted(people.matter(promised=promised))
    people.accepted(people.matter(promised=0, handling="immediate"))
    people.received(people.bureau_matter())
    at("2026-05-20 09:00")
    sweep()
    cards = LimitWarning.objects.select_related("clock", "application__guide").exclude(clock=None)
    assert {card.mode for card in cards} == {"auto", *(["confirmed"] if levels else [])}
    for card in cards:
        assert card.mode == ("auto" if is_automatic(card) else "confirmed"), card


def is_automatic(card: LimitWarning) -> bool:
    """What the rules say, read by Python from the rulebook."""
    clock, case = card.clock, card.application
    assert clock is not None
    day = day_of(clock.started_at)
    governing = rulebook(day).set_for(day, case.matter_id, clock.department_id)
    assert governing is not None
    facts = {"is_alone": clock.is_alone, "is_immediate": case.guide.is_immediate}
    mine = [one for one in governing.entries if one.rule.concerns(ClockKind(clock.kind), clock.amount, **facts)]
    counting = set(chosen(one.rule for one in mine))
    return next((one.is_automatic for one in mine if one.rule in counting and one.rule.level == card.level), True)
