"""Whoever has the site's database role makes nobody a deputy for yesterday, nor today without their hearing of it."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from halls.actions.delegate import delegate, revoke_delegation
from halls.domain.worktime import day_of
from halls.models import Delegation
from halls.selectors.work_calendar import read_moment
from supervision.models import Message
from tests.clock.attack import GUARDED, as_application, blocked_as_application, run

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LETTER = (
    "INSERT INTO halls_delegation (grantor_id, grantee_id, hall_id, document_no, starts_on, ends_on, revoked_on)"
    " VALUES (%s, %s, %s, '授1号', %s, %s, %s)"
)


@pytest.fixture
def people(county):
    call_command("secure_database", verbosity=0)
    return county


def lent(people):
    today = timezone.localdate()
    with as_application():
        letter = delegate(
            actor=people.actor("approver0"),
            grantor=people.people["approver0"],
            grantee=people.people["window0"],
            node=people.townships[0],
            document_no="授1号",
            starts_on=today,
            ends_on=today + 9 * DAY,
        )
        run("SET CONSTRAINTS ALL IMMEDIATE")
    return letter


def heard(key):
    rows = Message.objects.filter(key=f"signature:{key}", read_at=None)
    return set(rows.values_list("user_id", flat=True))


def test_no_letter_is_dated_back_or_written_without_its_history(people):
    today = timezone.localdate()
    giver, taker, hall = people.people["approver0"].pk, people.people["window0"].pk, people.townships[0].pk
    for starts, ends, revoked in (
        (today - DAY, today + DAY, None),
        (today, today + 400 * DAY, None),
        (today, today + DAY, today),
        (today, today + DAY, None),  # all right, but for its history
    ):
        blocked_as_application(LETTER, giver, taker, hall, starts, ends, revoked, by=(GUARDED,))


def test_a_letter_is_not_rewritten_or_taken_away(people):
    letter = lent(people)
    another = f"grantee_id = {people.people['clerk0'].pk}"
    ended = ("revoked_on = '2026-01-01'", "revoked_on = CURRENT_DATE")  # right, but for its history
    moved = ("starts_on = '2026-01-01'", "ends_on = ends_on + 9", *ended)
    for change in (another, *moved):
        blocked_as_application(f"UPDATE halls_delegation SET {change} WHERE id = %s", letter.pk, by=(GUARDED,))
    blocked_as_application("DELETE FROM halls_delegation WHERE id = %s", letter.pk, by=(GUARDED,))


def test_both_hear_of_it_and_of_its_end(people):
    letter = lent(people)
    both = {people.people["approver0"].pk, people.people["window0"].pk}
    assert heard(f"letter:{letter.pk}") == both
    with as_application():
        revoke_delegation(letter.pk, actor=people.actor("approver0"))
        run("SET CONSTRAINTS ALL IMMEDIATE")
    assert heard(f"letter:revoked:{letter.pk}") == both
    assert Delegation.objects.get().revoked_on == day_of(read_moment().at)
