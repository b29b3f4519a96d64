"""What the database refuses, whoever holds the pen: forged cards, accounts and messages, a ladder cut down."""

from datetime import datetime, timedelta

import psycopg2
import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction

from halls.domain.worktime import SHANGHAI
from supervision.actions.sweep import sweep
from supervision.models import Accountability, LimitWarning, Message, Untold
from tests.supervision.county import at, clock_of
from tests.supervision.test_defaults import publish

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 5, 10, tzinfo=SHANGHAI)


def card_of(clock, **changes):
    row = {
        "clock": clock,
        "application_id": clock.application_id,
        "level": "yellow",
        "clock_kind": clock.kind,
        "seat_path": clock.seat_path,
        "effective_at": clock.yellow_at,
        "recorded_at": clock.yellow_at,
    }
    return LimitWarning(**row | changes)


def refused(act):
    with pytest.raises(DatabaseError), transaction.atomic():
        act()


@pytest.fixture
def late(county):
    """The promised clock of a case that has two days, on the day it is over; nobody swept yet."""
    clock = clock_of(county.accepted(county.matter(promised=2)), "promised")
    at("2026-03-05 10:00")
    return clock


def test_a_card_is_taken_from_its_clock_and_queued_whoever_writes_it(county, late):
    other = county.accepted(county.matter(promised=2))
    forged = card_of(late, application_id=other.pk, clock_kind="special", step_seq=7, seat_path="x/", is_late=False)
    forged.save()
    forged.refresh_from_db()
    assert (forged.application_id, forged.clock_kind, forged.step_seq, forged.seat_path) == (
        late.application_id, late.kind, late.step_seq, late.seat_path,
    )  # fmt: skip
    assert (forged.recorded_at, forged.is_late) == (NOW, True)
    assert list(Untold.objects.values_list("warning", "audience", "next_try_at")) == [
        (forged.pk, "", forged.recorded_at)
    ]


def test_a_rung_that_the_clock_has_not_or_has_not_reached_is_no_card(late):
    refused(card_of(late, effective_at=late.yellow_at - timedelta(days=1)).save)
    refused(card_of(late, level="red", effective_at=late.red_at).save)  # ahead
    refused(card_of(late, level="blue").save)
    refused(card_of(late, arming=late.arming + 1).save)
    refused(card_of(late, arming=late.arming - 1).save)
    assert not LimitWarning.objects.exists()
    assert sweep().claimed > 0


def test_a_red_card_may_count_from_the_end_of_the_limit(late):
    card_of(late, level="red", effective_at=late.due_at).save()


def test_an_account_is_of_its_own_case_about_what_is_over(county, late):
    other = county.accepted(county.matter(promised=2))
    said = {"place": "renewal", "policy": "escalate", "effective_on": NOW.date()}
    row = {"clock": late, "act": "escalate", "fault": "applicant", "citation": "示例", "seat_path": "x/"}
    row |= {"policy": publish(county, late.application.matter, **said)}

    def account(**changes):
        row_now = row | {"application_id": late.application_id, "breached_at": late.due_at, "opened_at": late.due_at}
        return Accountability(**row_now | changes)

    refused(account(application_id=other.pk).save)
    refused(account(breached_at=NOW).save)
    refused(account(policy=None).save)
    refused(account(act="deemed_renew").save)
    refused(account(holders=[{"person_code": "X", "name": "某", "title": "主任"}]).save)
    card_of(late).save()
    refused(
        account(clock=clock_of(other, "promised"), application_id=other.pk, card_id=LimitWarning.objects.get().pk).save
    )
    account().save()
    opened = Accountability.objects.get()
    assert (opened.fault, opened.opened_at) == ("organ", NOW)
    assert (opened.seat_path, opened.breached_at) == (late.seat_path, late.due_at)


def test_what_was_told_stays_as_it_was_told(late):
    sweep()
    message = Message.objects.earliest("pk")
    refused(lambda: Message.objects.filter(pk=message.pk).update(words="别的"))
    refused(lambda: Message.objects.filter(pk=message.pk).update(user=late.application.filed_by))
    refused(message.delete)
    assert Message.objects.filter(pk=message.pk).update(read_at=NOW) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "attack",
    [
        "DELETE FROM supervision_ladderstep",
        "UPDATE supervision_ladderstep SET delay_days = 999",
        "INSERT INTO supervision_ladderstep (clock_kind, level, audience, delay_days) VALUES ('', 'red', 'handler', 9)",
    ],
)
def test_the_application_does_not_touch_the_ladder(county, app_connection, attack):
    call_command("secure_database", verbosity=0)
    with app_connection.cursor() as cursor, pytest.raises(psycopg2.Error, match="loaded by the owner"):
        cursor.execute(attack)
