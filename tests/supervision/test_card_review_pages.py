"""The review of cards: what a calendar or a person finds wrong, another person decides."""

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from halls.acting import acting_user
from halls.domain.duties import PostKind
from halls.models import User
from supervision.actions.sweep import sweep
from supervision.figures import Present
from supervision.models import CardReview, LimitWarning
from supervision.selectors import dashboard
from tests.factories.halls import person_in_post
from tests.supervision.calendar_pages import confirm, proposed, text_of, visitor
from tests.supervision.county import County, at, clock_of

pytestmark = pytest.mark.django_db


# Cards are reviewed


@pytest.fixture
def to_review(staffed) -> CardReview:
    """A yellow card that a published holiday takes the ground from."""
    case = staffed.accepted(staffed.matter(promised=5))
    at("2026-03-10 09:00")
    sweep()
    card = LimitWarning.objects.get(clock=clock_of(case, "promised"), level="yellow")
    assert confirm(staffed, proposed(staffed)).status_code == 302
    return CardReview.objects.get(card=card)


def decide(county: County, review: CardReview, role: str = "supervisor", **values):
    values = {"proposal": str(review.pk), "act": "revoke", "reason": "放假当天不计"} | values
    return visitor(county, role).post(reverse("supervision_card", args=[review.card_id]), values)


def counted(county: County) -> int:
    actor = acting_user(User.objects.get(pk=county.people["supervisor"].pk))
    return dashboard.card_counts(actor, Present.at(at("2026-03-10 09:00")))["yellow_cards_month"]


def test_a_revoked_card_leaves_the_numbers_and_stays_in_the_list(staffed, to_review):
    client = visitor(staffed, "supervisor")
    before = counted(staffed)
    listed = text_of(client.get(reverse("supervision_warnings")))
    assert "建议撤销" in listed
    assert "待复核的红黄牌" in text_of(client.get(reverse("supervision")))
    assert decide(staffed, to_review).status_code == 302
    assert counted(staffed) == before - 1
    assert "已撤销" in text_of(client.get(reverse("supervision_warnings")))
    shown = text_of(client.get(reverse("supervision_card", args=[to_review.card_id])))
    assert "放假当天不计" in shown
    assert "已撤销" in shown
    assert "共 1 条" in text_of(client.get(f"{reverse('supervision_warnings')}?figure=revoked_month"))
    assert decide(staffed, to_review).status_code == 409


def test_an_upheld_card_counts_on(staffed, to_review):
    before = counted(staffed)
    assert decide(staffed, to_review, act="uphold", reason="另有延误").status_code == 302
    assert counted(staffed) == before
    answer = visitor(staffed, "supervisor").get(f"{reverse('supervision_warnings')}?figure=to_review")
    assert to_review.card_id not in [row["card_id"] for row in answer.context["rows"]]


def test_a_revoked_card_makes_room_for_the_true_one(staffed, to_review):
    decide(staffed, to_review)
    sweep()
    levels = LimitWarning.objects.filter(clock=to_review.card.clock, level="yellow")
    assert levels.count() == 1
    at("2026-03-11 09:00")
    sweep()
    assert [card.arming for card in levels.order_by("pk")] == [1, 2]
    sweep()
    assert levels.count() == 2


def test_a_card_revoked_after_its_time_came_is_issued_anew(staffed, to_review):
    at("2026-03-11 09:00")
    sweep()
    assert LimitWarning.objects.filter(clock=to_review.card.clock, level="yellow").count() == 1
    decide(staffed, to_review)
    sweep()
    assert LimitWarning.objects.filter(clock=to_review.card.clock, level="yellow").count() == 2


def test_who_may_decide_about_a_card(staffed, to_review):
    assert decide(staffed, to_review, "director1").status_code == 404
    assert decide(staffed, to_review, "window0").status_code == 403
    assert decide(staffed, to_review, "administrator").status_code == 403
    assert decide(staffed, to_review, reason=" ").status_code == 400
    assert decide(staffed, to_review, act="forget").status_code == 400
    assert decide(staffed, to_review, proposal="x").status_code == 404
    assert decide(staffed, to_review, "director0").status_code == 403  # whose own centre was late
    assert not CardReview.objects.exclude(act="propose").exists()
    assert decide(staffed, to_review, "supervisor").status_code == 302


# A person finds a card wrong


@pytest.fixture
def wrong(staffed) -> LimitWarning:
    case = staffed.accepted(staffed.matter(promised=5))
    at("2026-03-10 09:00")
    sweep()
    return LimitWarning.objects.get(clock=clock_of(case, "promised"), level="yellow")


@pytest.fixture(autouse=True)
def another_supervisor(staffed):
    staffed.people["second"] = person_in_post(PostKind.SUPERVISOR, staffed.hall)


def propose_revocation(county: County, card: LimitWarning, role: str = "second", **values):
    values = {"act": "propose", "reason": "系统停电，当天已经办好"} | values
    return visitor(county, role).post(reverse("supervision_card", args=[card.pk]), values)


def test_what_one_person_proposes_another_revokes(staffed, wrong):
    page, before = reverse("supervision_card", args=[wrong.pk]), counted(staffed)
    assert 'value="propose"' in visitor(staffed, "second").get(page).content.decode()
    assert propose_revocation(staffed, wrong).status_code == 302
    assert counted(staffed) == before
    row = CardReview.objects.get(card=wrong)
    own, other = (visitor(staffed, role).get(page).content.decode() for role in ("second", "supervisor"))
    assert "由另一位监察员决定" in own
    assert 'name="act"' not in own
    assert 'value="revoke"' in other
    assert "系统停电，当天已经办好" in other
    assert decide(staffed, row, "second").status_code == 409
    assert decide(staffed, row).status_code == 302
    assert counted(staffed) == before - 1
    assert propose_revocation(staffed, wrong).status_code == 409
    assert 'name="act"' not in visitor(staffed, "second").get(page).content.decode()
    sweep()
    assert LimitWarning.objects.filter(clock=wrong.clock, level="yellow").count() == 1


def test_an_upheld_card_may_be_doubted_again_and_an_open_doubt_not_twice(staffed, wrong):
    assert propose_revocation(staffed, wrong).status_code == 302
    assert propose_revocation(staffed, wrong, "supervisor").status_code == 409
    assert decide(staffed, CardReview.objects.get(card=wrong), act="uphold").status_code == 302
    assert propose_revocation(staffed, wrong, "supervisor").status_code == 302
    assert CardReview.objects.filter(card=wrong, act="propose").count() == 2


def test_who_may_doubt_a_card(staffed, wrong):
    assert propose_revocation(staffed, wrong, "director0").status_code == 403  # whose own centre it is: it appeals
    assert propose_revocation(staffed, wrong, "director1").status_code == 404
    assert propose_revocation(staffed, wrong, "window0").status_code == 403
    assert propose_revocation(staffed, wrong, "administrator").status_code == 403
    for reason in (" ", "长" * 501):
        refused = propose_revocation(staffed, wrong, reason=reason)
        assert refused.status_code == 400
        assert "请写明理由" in text_of(refused)
    assert not CardReview.objects.exists()


def review_row(county: County, card: LimitWarning, role: str, act: str, **values) -> CardReview:
    user = county.people[role]
    return CardReview.objects.create(
        card=card, act=act, user=user, person_code=user.person_code, reason="x", at=card.recorded_at, **values
    )


def test_the_database_knows_that_another_person_decides(staffed, wrong):
    proposal = review_row(staffed, wrong, "director0", "propose")
    with pytest.raises(DatabaseError, match="another person decides"), transaction.atomic():
        review_row(staffed, wrong, "director0", "revoke", answers=proposal)
    with pytest.raises(DatabaseError, match="proposed to be"), transaction.atomic():
        review_row(staffed, wrong, "supervisor", "propose")
    review_row(staffed, wrong, "supervisor", "revoke", answers=proposal)
    with pytest.raises(DatabaseError, match="proposed to be"), transaction.atomic():
        review_row(staffed, wrong, "director0", "propose")


def test_the_database_too_lets_nobody_decide_who_does_not_watch_the_place(staffed, to_review):
    for role in ("window0", "director0", "director1", "administrator"):
        with pytest.raises(DatabaseError, match="who watches its place"), transaction.atomic():
            review_row(staffed, to_review.card, role, "revoke", answers=to_review)
    review_row(staffed, to_review.card, "supervisor", "revoke", answers=to_review)
