"""What the database refuses to the site's own role about records that orders open."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, transaction

from supervision.actions.settle_account import settle_account
from supervision.actions.sweep import sweep
from supervision.models import Accountability, AccountAct, LimitWarning, OrderAct
from tests.clock.attack import as_application, blocked
from tests.factories.tampering import unguarded
from tests.supervision.accounts import CLOSED, TALK, failed
from tests.supervision.cards import staffed
from tests.supervision.county import at, clock_of
from tests.supervision.ordering import TEXTS, accept, give_up, issue, reply, withdraw

pytestmark = pytest.mark.django_db


# --- what the database refuses to the site's own role --------------------------------------------------------------


@pytest.fixture
def guarded(county):
    call_command("secure_database", verbosity=0)
    return staffed(county)


def refused(make, match):
    with as_application(), pytest.raises((DatabaseError, IntegrityError), match=match), transaction.atomic():
        make()


def forge(about, **changes):
    said = {
        "order": about, "act": "unrectified", "fault": "organ", "citation": "x", "seat_path": "x/",
        "breached_at": about.issued_at, "opened_at": about.issued_at,
    }  # fmt: skip
    return Accountability.objects.create(**said | changes)


def test_no_record_is_of_an_order_that_was_not_closed_as_not_rectified(guarded):
    waiting, replied, done, back = (issue(guarded, title=f"第 {n} 件") for n in range(4))
    for order in (replied, done):
        reply(guarded, order)
    accept(guarded, done)
    withdraw(guarded, back)
    for order in (waiting, replied, done, back):
        refused(lambda order=order: forge(order), "no order that was closed as not rectified")
    refused(lambda: forge(waiting, order=None), "no order that was closed as not rectified")
    second = failed(guarded, title="另一件").order
    refused(lambda: forge(second), "no order that was closed as not rectified")


@pytest.fixture
def unrecorded(guarded):
    """An order that was closed as not rectified, whose record is gone: everything but the forger's lie is in place."""
    guarded.case = guarded.accepted(guarded.matter(promised=5))
    at("2026-04-20 09:00")
    sweep()
    guarded.red = LimitWarning.objects.get(clock=clock_of(guarded.case, "promised"), level="red")
    guarded.order = missed_order = issue(guarded)
    reply(guarded, missed_order)
    give_up(guarded, missed_order)
    with unguarded("supervision_accountability"):
        Accountability.objects.all().delete()
    return guarded


def test_what_a_record_says_of_an_order_is_the_order_s_own_whoever_writes_it(unrecorded):
    with as_application():
        account = forge(unrecorded.order, application=unrecorded.case, fault="applicant", seat_name="别处")
    account.refresh_from_db()
    closing = OrderAct.objects.get(order=unrecorded.order, act="give_up")
    assert (account.application_id, account.fault, account.citation) == (None, "organ", TEXTS["basis"])
    assert (account.seat_path, account.seat_name) == (unrecorded.townships[0].path, "东乡便民服务中心")
    assert (account.breached_at, account.opened_at) == (closing.at, closing.at)


def test_nobody_is_named_who_did_not_hold_a_post_there(unrecorded):
    stranger = [{"person_code": "X", "name": "某", "title": "主任"}]
    refused(lambda: forge(unrecorded.order, holders=stranger), "only who held the duty there")
    elsewhere = unrecorded.people["director1"]
    held = {"person_code": elsewhere.person_code, "name": elsewhere.full_name, "title": elsewhere.posts.get().title}
    refused(lambda: forge(unrecorded.order, holders=[held]), "only who held the duty there")


def test_only_three_shapes_of_a_record_are_lawful(unrecorded):
    case, red, shape = unrecorded.case, unrecorded.red, "of_a_limit_card_or_order"
    clock = clock_of(case, "promised")
    for more in ({"clock": clock}, {"card": red}, {"step_seq": 1}, {"step_name": "x"}):
        refused(lambda more=more: forge(unrecorded.order, **more), shape)
    refused(lambda: forge(unrecorded.order, act="red_card", card=red), f"{shape}|whoever held the duty")
    with unguarded("supervision_accountability"):  # the constraint alone, without the guards in front of it
        lies = (
            {"act": "escalate", "application": case, "clock": clock},
            {"act": "escalate", "order": None, "application": case},
            {"act": "escalate", "order": None, "clock": clock},
            {"act": "red_card", "order": None, "application": case},
            {"act": "red_card", "order": None, "card": red},
            {"act": "red_card", "order": None, "application": case, "card": red, "fault": "applicant"},
            {"act": "none", "order": None, "application": case, "clock": clock},
            {"order": None, "application": case, "clock": clock},
            {"fault": "applicant"},
        )
        for lie in lies:
            with pytest.raises(IntegrityError, match=shape), transaction.atomic():
                forge(unrecorded.order, **lie)


def test_a_record_of_an_order_is_not_rewritten_nor_settled_by_a_stranger(guarded):
    account = failed(guarded)
    with as_application():
        blocked("UPDATE supervision_accountability SET order_id = NULL")
        blocked("UPDATE supervision_accountability SET holders = '[]'")
        blocked("DELETE FROM supervision_accountability")
    director, supervisor = guarded.people["director0"], guarded.people["supervisor"]

    def act(user, stage, **more):
        said = {"account": account, "note": "x", "user": user, "person_code": user.person_code, "stage": stage}
        return AccountAct.objects.create(**said | {"at": account.opened_at} | more)

    refused(lambda: act(director, "close"), "watches the whole county")
    refused(lambda: act(supervisor, "close"), "closed when something was done")
    with as_application():
        settle_account(account.pk, TALK, actor=guarded.actor("second"))
        settle_account(account.pk, CLOSED, actor=guarded.actor("third"))
    refused(lambda: act(supervisor, "close"), "is closed")


def test_the_site_closes_an_order_and_opens_its_record_within_its_grants(guarded):
    order = issue(guarded)
    reply(guarded, order)
    with as_application():
        give_up(guarded, order)
    assert Accountability.objects.get().order_id == order.pk
