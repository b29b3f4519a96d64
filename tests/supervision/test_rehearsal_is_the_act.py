"""What is rehearsed for a calendar is, date by date and card by card, what publishing it does."""

from typing import Any

import pytest
from django.db import connection

from applications.models import Application, Clock
from halls.acting import acting_user
from halls.actions.sign_calendar import confirm_notice, draft_of_state, propose_notice
from halls.domain.duties import PostKind
from supervision.actions.prove_lights import prove_lights
from supervision.actions.settle_calendar import settle_calendar
from supervision.actions.sweep import sweep
from supervision.models import CardReview, LimitWarning
from tests.factories.calendar import with_days
from tests.factories.halls import person_in_post
from tests.supervision.county import at
from tests.supervision.rehearsing import rehearsed

pytestmark = pytest.mark.django_db
DATES = ("due_at", "is_provisional", "warn_at", "yellow_at", "red_at")


def stored() -> dict[int, tuple[Any, ...]]:
    return {clock.pk: tuple(getattr(clock, name) for name in DATES) for clock in Clock.objects.all()}


def rows() -> dict[int, tuple[Any, ...]]:
    return {case.pk: (case.due_at, case.late_at, case.is_provisional) for case in Application.objects.order_by("pk")}


@pytest.mark.parametrize(
    "days",
    [
        {"off": ["2026-03-13"]},
        {"off": ["2026-03-09", "2026-03-10", "2026-03-11"], "worked": ["2026-03-14"]},
        {"worked": ["2026-03-07", "2026-03-08"]},
        {"plain": ["2026-02-28"]},
        {"off": ["2026-04-20", "2026-04-21"]},
        {"plain": ["2026-02-16"], "off": ["2026-03-12"]},
    ],
    ids=["one off", "moved about", "weekend worked", "a make-up day gone", "later", "past and present"],
)
def test_what_is_rehearsed_is_what_is_done(busy, days):
    sweep()
    administrator = person_in_post(PostKind.ADMINISTRATOR, busy.hall)
    draft = draft_of_state(with_days(2026, **days))
    notice = propose_notice(draft, actor=acting_user(administrator), reason="补充通知")
    before_clocks, before_rows = stored(), rows()
    told = rehearsed(notice)
    assert stored() == before_clocks
    assert rows() == before_rows

    confirm_notice(notice.pk, actor=busy.actor("supervisor"), reason="已核对原文")
    assert settle_calendar().failed == 0
    connection.check_constraints()
    after_clocks, after_rows = stored(), rows()
    moved = {pk for pk in before_clocks if before_clocks[pk] != after_clocks[pk]}
    derived = {pk: new for change in told.cases for pk, (_old, new) in change.clocks.items()}
    expected = {pk: tuple(getattr(new, name) for name in DATES) for pk, new in derived.items()}
    assert moved == set(expected)
    assert all(after_clocks[pk] == dates for pk, dates in expected.items())
    for change in told.cases:
        assert before_rows[change.case.pk] == (change.due[0], change.late[0], change.provisional[0])
        assert after_rows[change.case.pk] == (change.due[1], change.late[1], change.provisional[1])
    assert {pk for pk in before_rows if before_rows[pk] != after_rows[pk]} <= {c.case.pk for c in told.cases}
    assert {c.card and c.card.pk for c in told.to_revoke} == set(CardReview.objects.values_list("card", flat=True))
    had = set(LimitWarning.objects.values_list("pk", flat=True))
    sweep()
    issued = LimitWarning.objects.exclude(pk__in=had)
    assert {(card.clock_id, card.level) for card in issued} == {(c.clock_id, c.level) for c in told.to_issue}
    at("2026-03-12 10:20")
    assert prove_lights(is_whole=True).differences == ()
