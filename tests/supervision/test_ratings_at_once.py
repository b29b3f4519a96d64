"""One paper, two telephones; two who act on one rating; two draws of one week. Real connections, real commits."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from halls.domain.errors import Refused
from supervision.actions.contact_rater import contact_rater
from supervision.actions.draw_callbacks import draw_callbacks
from supervision.actions.show_phone import show_raters_phone
from supervision.models import Callback, CallbackDraw, Rating, RatingAct, Term
from tests.supervision.county import at
from tests.supervision.rating import bad, ended, given_by

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


def at_once(*works, moment="2026-03-02 11:00"):
    """Run all of this together, each on a connection of its own; what was refused comes back as its code."""
    start = Barrier(len(works))

    def elsewhere(work):
        try:
            at(moment)
            start.wait(20)
            return work()
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(elsewhere, works))


def test_of_two_ratings_with_one_token_one_wins(county):
    case = ended(county)
    found = at_once(*[lambda level=level: given_by(case, level=level, details=[], text="x").level for level in (1, 5)])
    (rating,) = Rating.objects.all()
    assert sorted(map(str, found)) == sorted([str(rating.level), "already_rated"])
    assert Term.objects.count() == (rating.level == 1)


def test_of_two_who_call_one_is_written_down(county):
    rating = bad(county)
    actors = [county.actor("director0"), county.actor("supervisor")]
    for actor in actors:
        show_raters_phone(rating.pk, actor=actor)
    found = at_once(*[
        lambda actor=actor: contact_rater(rating.pk, actor=actor, is_reached=True, note="本人接听").state
        for actor in actors
    ])  # fmt: skip
    assert sorted(found) == ["not_possible_now", "verifying"]
    assert RatingAct.objects.filter(act="contact").count() == 1


def test_a_week_is_drawn_once(county):
    for _ in range(3):
        ended(county)
    found = at_once(*[draw_callbacks] * 3, moment="2026-03-09 08:00")
    assert sum(bool(one) for one in found) == 1
    assert CallbackDraw.objects.count() == 1
    assert Callback.objects.count() == 1
