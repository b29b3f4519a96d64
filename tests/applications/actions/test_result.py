"""The result: in one place at a time, delivered with a signature, or done at the counter in one go."""

from dataclasses import replace

import pytest

from applications.actions.deliver import deliver
from applications.actions.hand_over import hand_over, take_over
from applications.actions.handle_immediately import handle_immediately
from applications.actions.refuse import refuse
from applications.domain.lifecycle import Status
from halls.domain.errors import Invalid, NotPermitted, Refused
from tests.factories.walk import GAOQIAO, Walk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]


@pytest.fixture
def walk(seeded) -> Walk:
    return Walk(seeded)


def test_a_result_is_in_one_place_at_a_time(walk: Walk) -> None:
    window, clerk = walk.who("township_window"), walk.who("village_clerk")
    case = hand_over(walk.ready().pk, actor=window, to_hall=GAOQIAO)
    for act in (
        lambda: deliver(case.pk, walk.handing(), actor=window),
        lambda: hand_over(case.pk, actor=window, to_hall="500236"),
    ):
        with pytest.raises(Refused, match="on_its_way"):
            act()
    take_over(case.pk, actor=clerk)
    with pytest.raises(NotPermitted):
        deliver(case.pk, walk.handing(), actor=walk.who("township_examiner"))


def test_a_delivery_without_a_signature_is_none(walk: Walk) -> None:
    case = walk.ready()
    with pytest.raises(Invalid) as refusal:
        deliver(case.pk, replace(walk.handing(), signature=b"", receiver=""), actor=walk.who("township_window"))
    assert {problem.field for problem in refusal.value.problems} == {"receiver", "signature"}


def test_a_refusal_is_delivered_too_with_the_remedies(walk: Walk) -> None:
    case = refuse(walk.at_decision().pk, actor=walk.who("township_approver"), reason="不符合一户一宅")
    case = deliver(case.pk, walk.handing(), actor=walk.who("township_window"))
    assert case.status == Status.DELIVERED


def test_an_immediate_matter_is_done_at_the_counter_in_one_go(walk: Walk) -> None:
    """RS-006 is 直办 and 即办件: the village does all of it, by the same verbs."""
    case = walk.submitted("RS-006")
    case = handle_immediately(case.pk, walk.all_ok(case), walk.handing(), actor=walk.who("village_clerk"))
    verbs = list(case.events.values_list("verb", flat=True))
    assert verbs == ["draft", "submit", "receive", "accept", "grant", "make_result", "deliver"]


def test_what_takes_steps_elsewhere_is_not_immediate(walk: Walk) -> None:
    case = walk.received()
    with pytest.raises(Refused, match="not_immediate"):
        handle_immediately(case.pk, walk.all_ok(case), walk.handing(), actor=walk.who("township_window"))
    assert walk.fresh(case).version == case.version, "nothing is half done"
