"""Whoever watches a body does not appeal for it, who appealed does not judge, and who judged does not decide."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.urls import reverse

from halls.domain.duties import PostKind
from halls.domain.errors import NotPermitted, Refused
from halls.models import User
from supervision.actions.answer_rater import answer_rater
from supervision.actions.appeal_rating import appeal_rating
from supervision.actions.decide_appeal import decide_appeal
from supervision.actions.publish_rating import publish_rating
from supervision.actions.rectify import rectify
from supervision.actions.verify_rating import Held, verify_rating
from supervision.models import RatingAct
from supervision.selectors.ratings import acted_on_by, visible_ratings
from supervision.views.rating_acts import PANELS
from tests.clock.attack import as_application
from tests.factories.halls import UserFactory, person_in_post
from tests.supervision.rating import (
    bad,
    called,
    called_again,
    ended_at_the_township,
    given_by,
    text_of,
    verified,
    visitor,
)

pytestmark = pytest.mark.django_db
ABOVE = {"contact", "verify", "overrule", "extend", "answer", "explain", "revisit", "publish"}
NO_PART = (
    "clerk1", "window1", "examiner0", "approver0", "director1", "county_window", "bureau_examiner", "bureau_director",
)  # fmt: skip
# Of a rating of the village for which its township was found responsible.
MAY = {
    "clerk0": {"appeal"},
    "window0": {"rectify", "appeal"},
    "director0": ABOVE,
    "supervisor": ABOVE | {"decide"},
    **dict.fromkeys(NO_PART, frozenset()),
}


@pytest.fixture
def both(county):
    """Somebody who works in the village and watches the county, with no part in its cases."""
    user = person_in_post(PostKind.VILLAGE_CLERK, county.villages[0])
    county.people["both"] = person_in_post(PostKind.SUPERVISOR, county.hall, user=user)
    return county


@pytest.fixture
def township(county):
    """A rating of the township's own hall, found valid by the only supervisor of the county, appealed by the hall."""
    rating = given_by(ended_at_the_township(county))
    verified(county, rating, "supervisor")
    appeal_rating(rating.pk, actor=county.actor("window0"), reason="不是我们的责任，请核实")
    return rating


def page_of(county, who, rating):
    return visitor(county.people[who]).get(reverse("rating", args=[rating.pk]))


def offered_to(county, who, rating):
    return {offer["key"] for offer in page_of(county, who, rating).context["offers"]}


def mine(county, who, rating):
    actor = county.actor(who)
    return visible_ratings(actor).filter(acted_on_by(actor), pk=rating.pk).exists()


@pytest.mark.parametrize("who", MAY)
def test_no_form_answers_whoever_never_does_its_act(county, who):
    rating = bad(county)
    called(rating.pk, county.actor("director0"))
    held = Held(county.townships[0].path, "材料是窗口收的")
    verify_rating(rating.pk, actor=county.actor("director0"), is_valid=True, note="属实", held=held)
    client, page = visitor(county.people[who]), reverse("rating", args=[rating.pk])
    for panel in PANELS:
        for pressed, _label in panel.buttons:
            answer = client.post(page, {"act": pressed})
            if panel.key in MAY[who]:
                assert answer.status_code == 422, (panel.key, pressed)
            else:
                assert answer.status_code in {403, 404}, (panel.key, pressed)
                assert "offer-" not in answer.content.decode()
                assert "没有超期" not in text_of(answer)


@pytest.mark.parametrize("who", ["director0", "supervisor"])
def test_whoever_watches_from_above_does_not_use_up_the_appeal_of_the_hall(county, who):
    rating = bad(county)
    answer = visitor(county.people[who]).post(
        reverse("rating", args=[rating.pk]), {"act": "appeal", "appeal-note": "先占了申诉"}
    )
    assert answer.status_code == 403
    with pytest.raises(NotPermitted, match="被评价的大厅或责任单位"):
        appeal_rating(rating.pk, actor=county.actor(who), reason="先占了申诉")
    appeal_rating(rating.pk, actor=county.actor("clerk0"), reason="我们才是被评价的")


def test_a_director_appeals_for_the_hall_of_their_own_that_the_county_judges(county):
    rating = given_by(ended_at_the_township(county))
    assert "appeal" in offered_to(county, "director0", rating)
    appeal_rating(rating.pk, actor=county.actor("director0"), reason="评错了大厅")


def test_whoever_appealed_judges_nothing_and_reads_why(both):
    rating = bad(both)
    appeal_rating(rating.pk, actor=both.actor("both"), reason="评错了")
    called(rating.pk, both.actor("director0"))
    page = page_of(both, "both", rating)
    assert not {"verify", "decide"} & {offer["key"] for offer in page.context["offers"]}
    assert "这条评价是您申诉的" in text_of(page)
    assert not mine(both, "both", rating)
    assert mine(both, "supervisor", rating)
    for is_valid in (True, False):
        with pytest.raises(Refused, match="own_appeal"):
            verify_rating(rating.pk, actor=both.actor("both"), is_valid=is_valid, note="核实过了", shown="没有依据")
    director = both.actor("director0")
    verify_rating(rating.pk, actor=director, is_valid=False, note="按指南办理", shown="窗口态度正常")
    assert "explain" not in offered_to(both, "both", rating)
    with pytest.raises(Refused, match="own_appeal"):
        answer_rater(rating.pk, actor=both.actor("both"), is_explained=True, note="已说明依据")


@pytest.mark.parametrize("is_excluded", [True, False])
def test_whoever_judged_does_not_decide_the_appeal_and_reads_who_does(county, township, is_excluded):
    page = page_of(county, "supervisor", township)
    assert "decide" not in {offer["key"] for offer in page.context["offers"]}
    assert "县里只有一位监察员的，请系统管理员再设一位" in text_of(page)
    assert not mine(county, "supervisor", township)
    with pytest.raises(Refused, match="own_finding"):
        decide_appeal(township.pk, actor=county.actor("supervisor"), is_excluded=is_excluded, reason="维持")
    county.people["second"] = person_in_post(PostKind.SUPERVISOR, county.hall)
    assert "decide" in offered_to(county, "second", township)
    assert mine(county, "second", township)
    decide_appeal(township.pk, actor=county.actor("second"), is_excluded=is_excluded, reason="维持")


def test_another_account_of_the_judge_is_asked_nothing_either(county, township):
    twin = UserFactory.create(person_code=f" {township.acts.get(act='valid').person_code.lower()}")
    county.people["twin"] = person_in_post(PostKind.SUPERVISOR, county.hall, user=twin)
    assert "decide" not in offered_to(county, "twin", township)
    assert not mine(county, "twin", township)


# --- what the database knows ------------------------------------------------------------------------------------------


def refused(county, rating, who, act, match, to_state=""):
    call_command("secure_database", verbosity=0)
    rating.refresh_from_db()
    user = User.objects.get(pk=county.people[who].pk)
    row = RatingAct(
        rating=rating,
        act=act,
        to_state=to_state or rating.state,
        reason="直接写",
        user=user,
        person_code=user.person_code,
        at=rating.rated_at,
    )
    with as_application(), pytest.raises(DatabaseError, match=match), transaction.atomic():
        row.save(force_insert=True)


def test_the_database_takes_no_appeal_of_a_closed_rating(county):
    rating, director = verified(county, bad(county)), county.actor("director0")
    rectify(rating.pk, actor=county.actor("clerk0"), note="已经整改完成")
    answer_rater(rating.pk, actor=director, is_explained=False, note="已经反馈本人")
    called_again(rating.pk, county.actor("supervisor"), is_content=True)
    publish_rating(rating.pk, actor=director, account="态度不好，已经整改")
    for who in ("clerk0", "director0"):
        refused(county, rating, who, "appeal", "does not follow")


def test_nor_of_whoever_watches_from_above(county):
    rating = bad(county)
    for who in ("director0", "supervisor"):
        refused(county, rating, who, "appeal", "who has the duty there")


def test_nor_of_whoever_judged(both):
    rating = bad(both)
    called(rating.pk, both.actor("both"))
    verify_rating(rating.pk, actor=both.actor("both"), is_valid=True, note="属实", held=Held(rating.path))
    refused(both, rating, "both", "appeal", "neither appeals nor decides")


def test_nor_a_judgement_of_whoever_appealed(both):
    rating = bad(both)
    appeal_rating(rating.pk, actor=both.actor("both"), reason="评错了")
    called(rating.pk, both.actor("director0"))
    refused(both, rating, "both", "valid", "whoever appealed does not judge", "rectifying")
    refused(both, rating, "both", "invalid", "whoever appealed does not judge", "explaining")


def test_nor_a_decision_of_whoever_judged(county, township):
    refused(county, township, "supervisor", "exclude", "neither appeals nor decides", "excluded")
    refused(county, township, "supervisor", "uphold", "neither appeals nor decides")


def test_it_takes_the_appeal_of_the_body_and_of_its_own_director(county):
    call_command("secure_database", verbosity=0)
    for who, rating in (("clerk0", bad(county)), ("director0", given_by(ended_at_the_township(county)))):
        with as_application():
            appeal_rating(rating.pk, actor=county.actor(who), reason="评错了大厅")
        assert rating.acts.get().act == "appeal"
