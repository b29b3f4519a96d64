"""C13: "done" on paper while the work goes on, or done and opened again."""

import pytest

from applications.actions.deliver import Handing, deliver
from applications.actions.make_result import make_result
from applications.domain.lifecycle import ENDED, TABLE, Verb
from applications.models import Document
from halls.domain.errors import DomainError
from tests.clock.attack import blocked_as_application, found
from tests.supervision.county import County

pytestmark = pytest.mark.django_db


def test_nothing_is_delivered_that_was_not_decided_made_and_signed_for(county: County) -> None:
    case, window = county.accepted(county.matter()), county.actor("window0")
    handing = Handing(way="post", receiver="王小示", tracking_number="X1")
    for early in (
        lambda: deliver(case.pk, handing, actor=window),
        lambda: make_result(case.pk, actor=window),
        lambda: county.granted(case, 1),  # not the organ of the step
    ):
        with pytest.raises(DomainError):
            early()
    case = county.granted(case)
    with pytest.raises(DomainError):
        deliver(case.pk, handing, actor=window)
    make_result(case.pk, actor=window)
    with pytest.raises(DomainError):
        deliver(case.pk, Handing(way="post", receiver="", tracking_number=""), actor=window)
    case = deliver(case.pk, handing, actor=window)
    kinds = set(Document.objects.filter(application=case).values_list("kind", flat=True))
    assert {"acceptance_notice", "grant_decision", "proof_of_delivery"} <= kinds
    assert found() == set()


def test_what_ended_is_not_opened_again(county: County) -> None:
    assert {row.verb for row in TABLE if row.sources & ENDED} <= {Verb.RECALCULATE}
    assert all(row.target is None for row in TABLE if row.sources & ENDED)
    county.delivered(county.granted(county.accepted(county.matter())))
    blocked_as_application("UPDATE applications_application SET status = 'in_progress', ended_at = NULL")
    blocked_as_application("UPDATE applications_clock SET state = 'running', stopped_at = NULL")
