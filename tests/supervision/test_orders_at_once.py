"""Two supervisors, two heads, two offices at once. Real connections, real commits: one does it, the other is told."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection

from halls.domain.duties import PostKind
from halls.domain.errors import DomainError
from supervision.actions.settle_account import Deed, settle_account
from supervision.actions.urge import urge
from supervision.models import Accountability, OrderAct, SupervisionOrder, Term, TermFact, Urge
from tests.factories.halls import person_in_post
from tests.supervision.county import at
from tests.supervision.ordering import accept, extend, give_up, issue, reply, send_back, withdraw

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
NOW = "2026-03-03 10:00"


def at_once(*acts):
    """The outcomes of acts that begin together, each on a connection of its own: "done", or the refusal's code."""
    start = Barrier(len(acts))

    def one(act):
        try:
            at(NOW)
            start.wait(20)
            act()
        except DomainError as refusal:
            return refusal.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


@pytest.fixture
def two(county):
    """A second supervisor of the county, and a second director of the township."""
    county.people["supervisor_b"] = person_in_post(PostKind.SUPERVISOR, county.hall)
    county.people["director0_b"] = person_in_post(PostKind.SUPERVISOR, county.townships[0])
    at(NOW)
    return county


@pytest.mark.parametrize(
    ("one", "other", "loser"),
    [
        (accept, accept, {"order_ended"}),
        (accept, send_back, {"order_ended", "order_not_replied"}),
        (give_up, accept, {"order_ended"}),
        (send_back, send_back, {"order_not_replied"}),
    ],
)
def test_two_supervisors_verify_at_once_and_one_is_told(two, one, other, loser):
    order = issue(two)
    reply(two, order)
    found = at_once(lambda: one(two, order, by="supervisor"), lambda: other(two, order, by="supervisor_b"))
    assert found.count("done") == 1
    assert {code for code in found if code != "done"} <= loser
    assert OrderAct.objects.filter(order=order).count() == 3


def test_an_order_that_two_give_up_at_once_has_one_record_and_one_end_of_it(two):
    order = issue(two)
    reply(two, order)
    both = ("supervisor", "supervisor_b")
    closed = at_once(*(lambda who=who: give_up(two, order, by=who) for who in both))
    assert sorted(closed) == ["done", "order_ended"]
    account = Accountability.objects.get(order=order)
    settle_account(account.pk, Deed("refer", "移送", document_no="示例移〔2026〕1号", done_on=date(2026, 3, 3)),
                   actor=two.actor("supervisor"))  # fmt: skip
    ended = at_once(
        *(lambda who=who: settle_account(account.pk, Deed("close", "已办"), actor=two.actor(who)) for who in both)
    )
    assert sorted(ended) == ["closed", "done"]


def test_a_reply_and_a_withdrawal_at_once_leave_one_of_them(two):
    order = issue(two)
    found = at_once(lambda: reply(two, order), lambda: withdraw(two, order))
    assert found.count("done") == 1
    assert {code for code in found if code != "done"} <= {"order_replied", "order_ended"}
    assert Term.objects.get(pk=order.term_id).state == "stopped"
    assert TermFact.objects.filter(term=order.term_id, move="stop").count() == 1


def test_two_heads_reply_and_two_supervisors_extend_at_once(two):
    order = issue(two)
    assert sorted(at_once(lambda: extend(two, order), lambda: extend(two, order, by="supervisor_b"))) == [
        "done", "term_extended",
    ]  # fmt: skip
    assert sorted(at_once(lambda: reply(two, order), lambda: reply(two, order, by="director0_b"))) == [
        "done", "order_replied",
    ]  # fmt: skip


def test_the_same_matter_ordered_at_once_gets_one_number_and_many_matters_get_all_without_a_gap(two):
    both = at_once(lambda: issue(two), lambda: issue(two, by="supervisor_b"))
    assert sorted(both) == ["already_ordered", "done"]
    acts = [lambda n=n: issue(two, title=f"第 {n} 件", by=("supervisor", "supervisor_b")[n % 2]) for n in range(8)]
    assert at_once(*acts) == ["done"] * 8
    assert sorted(SupervisionOrder.objects.values_list("serial", flat=True)) == list(range(1, 10))


def test_one_office_that_urges_twice_at_once_urges_once(two):
    case = two.accepted(two.matter())

    def push(by):
        return urge(case.number, actor=two.actor(by), reason="请抓紧")

    assert sorted(at_once(lambda: push("supervisor"), lambda: push("supervisor_b"))) == ["done", "urged_today"]
    assert at_once(lambda: push("director0"), lambda: push("supervisor")) == ["done", "urged_today"]
    assert Urge.objects.count() == 2
