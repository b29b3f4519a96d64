"""Whoever has the site's database role puts no text off for ever, nor calls one needless that nobody read."""

import pytest
from django.core.management import call_command

from halls.selectors.work_calendar import read_moment
from supervision.models import Message, Outbox
from supervision.selectors import read_watch
from tests.clock.attack import GUARDED, as_application, blocked_as_application, run
from tests.supervision.county import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def text(county):
    call_command("secure_database", verbosity=0)
    user = county.people["director0"]
    run("UPDATE halls_user SET phone = '13900000000' WHERE id = %s", user.pk)
    at("2026-03-04 10:00")
    message = Message.objects.create(user=user, kind="notice", words="x", key="x:1", made_at=read_moment().at)
    now = read_moment().at
    with as_application():
        return Outbox.objects.create(message=message, user=user, channel="sms", not_before=now, next_try_at=now)


@pytest.mark.parametrize(
    "change",
    [
        "next_try_at = next_try_at + interval '3 days'",
        "not_before = not_before + interval '3 days', next_try_at = next_try_at + interval '3 days'",
        "state = 'needless'",
    ],
)
def test_no_text_is_put_off(text, change):
    blocked_as_application(f"UPDATE supervision_outbox SET {change} WHERE id = %s", text.pk, by=(GUARDED,))


def test_what_is_put_off_day_by_day_counts_as_stuck(text):
    assert read_watch().post.stuck_texts == 0
    at("2026-03-05 10:00")
    with as_application():
        run("UPDATE supervision_outbox SET next_try_at = halls_now() + interval '23 hours' WHERE id = %s", text.pk)
    assert read_watch().post.stuck_texts == 0
    at("2026-03-06 08:00")
    assert read_watch().post.stuck_texts == 1
    Outbox.objects.update(next_try_at=read_moment().at)  # due: the worker takes it as soon as the office opens
    assert read_watch().post.stuck_texts == 0
