"""督办单: who issues, answers and verifies, and what may follow what."""

import pytest

from halls.domain.duties import PostKind
from halls.models import User
from supervision.models import OrderAct, Term
from supervision.selectors.orders import visible_orders
from tests.factories.halls import person_in_post
from tests.supervision.accounts import shanghai
from tests.supervision.county import at
from tests.supervision.ordering import VERBS, accept, extend, give_up, issue, outcome, reply, tried

pytestmark = pytest.mark.django_db
EVERYBODY = (
    "clerk0", "window0", "examiner0", "approver0", "director0", "approver1", "director1", "bureau_examiner",
    "bureau_approver", "bureau_director", "county_window", "supervisor",
)  # fmt: skip


# --- who may ------------------------------------------------------------------------------------------------------

ORGANS = {
    "township": lambda county: county.townships[0],
    "village": lambda county: county.villages[0],
    "bureau": lambda county: county.bureau,
    "station": lambda county: county.station,
    "county": lambda county: county.hall,
}
# Who may issue an order to whom; everybody else has no supervision at all.
ISSUING = {
    "supervisor": {"township": "done", "village": "done", "bureau": "done", "station": "done", "county": "done"},
    "director0": {"township": "own_hall", "village": "done", "bureau": "organ_out_of_scope",
                  "station": "organ_out_of_scope", "county": "organ_out_of_scope"},
    "director1": dict.fromkeys(ORGANS, "organ_out_of_scope"),
    "bureau_director": {"township": "organ_out_of_scope", "village": "organ_out_of_scope", "bureau": "done",
                        "station": "done", "county": "organ_out_of_scope"},
}  # fmt: skip


def test_only_who_watches_the_organ_orders_it(county):
    found, expected = {}, {}
    for who in EVERYBODY:
        for organ, find in ORGANS.items():
            found[who, organ] = tried(lambda who=who, find=find: issue(county, find(county), by=who))
            expected[who, organ] = ISSUING.get(who, {}).get(organ, "no_supervision")
    assert found == expected


# Who answers an order of the county's supervisor: the organ's own head, or the one right above it.
ANSWERING = {
    "township": {"director0": "done", "supervisor": "not_the_organ"},
    "village": {"approver0": "done", "director0": "not_the_organ", "supervisor": "not_the_organ"},
    "bureau": {"bureau_approver": "done", "bureau_director": "not_the_organ", "supervisor": "not_the_organ"},
    "station": {"bureau_approver": "done", "bureau_director": "not_the_organ", "supervisor": "not_the_organ"},
}


@pytest.mark.parametrize("organ", ANSWERING)
def test_only_who_speaks_for_the_organ_answers(county, organ):
    order = issue(county, ORGANS[organ](county))
    found = {who: tried(lambda who=who: reply(county, order, by=who)) for who in EVERYBODY}
    assert found == {who: ANSWERING[organ].get(who, "not_found") for who in EVERYBODY}


VERIFYING = {"supervisor": "done", "director0": "not_the_issuer"}


def test_only_the_office_that_issued_it_verifies_extends_and_withdraws(county):
    waiting, order = issue(county, title="还没有回复"), issue(county)
    reply(county, order)
    acts = [(verb, order) for verb in ("accept", "send_back", "give_up")] + [
        (verb, waiting) for verb in ("extend", "withdraw")
    ]
    for verb, which in acts:
        found = {who: tried(lambda who=who, v=verb, o=which: VERBS[v](county, o, by=who)) for who in EVERYBODY}
        assert found == {who: VERIFYING.get(who, "not_found") for who in EVERYBODY}, verb


def test_a_township_verifies_what_it_ordered_and_so_does_the_county_above_it(county):
    order = issue(county, county.villages[0], by="director0")
    reply(county, order, by="approver0")
    assert outcome(lambda: accept(county, order, by="director1")) == "not_found"
    accept(county, order, by="director0")
    second = issue(county, county.villages[0], by="director0", title="台账不全")
    reply(county, second, by="approver0")
    accept(county, second, by="supervisor")


def test_nobody_verifies_what_they_answered_nor_answers_what_they_ordered(county):
    twice = person_in_post(PostKind.APPROVER, county.bureau)
    person_in_post(PostKind.SUPERVISOR, county.hall, user=twice)
    county.people["twice"] = User.objects.get(pk=twice.pk)
    own = issue(county, county.bureau, by="twice")
    assert outcome(lambda: reply(county, own, by="twice")) == "same_person"
    order = issue(county, county.bureau, title="另一件事")
    reply(county, order, by="twice")
    assert [outcome(lambda verb=verb: VERBS[verb](county, order, by="twice")) for verb in ("accept", "give_up")] == [
        "same_person"
    ] * 2
    accept(county, order)


def test_an_order_is_seen_by_those_concerned_alone(county):
    township, bureau = issue(county), issue(county, county.bureau)
    own = issue(county, county.villages[1], by="director1")
    sees = {
        "supervisor": {township.pk, bureau.pk, own.pk},
        "director0": {township.pk},
        "director1": {own.pk},
        "approver1": {own.pk},
        "bureau_approver": {bureau.pk},
        "bureau_director": {bureau.pk},
    }
    found = {who: set(visible_orders(county.actor(who)).values_list("pk", flat=True)) for who in EVERYBODY}
    assert found == {who: sees.get(who, set()) for who in EVERYBODY}


# --- what may follow what -----------------------------------------------------------------------------------------

PATHS = {
    "issued": (),
    "extended": ("extend",),
    "replied": ("reply",),
    "sent_back": ("reply", "send_back"),
    "replied_again": ("reply", "send_back", "reply"),
    "closed": ("reply", "accept"),
    "unrectified": ("reply", "give_up"),
    "withdrawn": ("withdraw",),
}
NO, WAITS, ENDED = "order_not_replied", "order_replied", dict.fromkeys(VERBS, "order_ended")
FOLLOWS = {
    "issued": {"reply": "done", "extend": "done", "withdraw": "done", "accept": NO, "send_back": NO, "give_up": NO},
    "extended": {"reply": "done", "extend": "term_extended", "withdraw": "done", "accept": NO, "send_back": NO,
                 "give_up": NO},
    "replied": {"reply": WAITS, "extend": WAITS, "withdraw": WAITS, "accept": "done", "send_back": "done",
                "give_up": "done"},
    "sent_back": {"reply": "done", "extend": "done", "withdraw": WAITS, "accept": NO, "send_back": NO, "give_up": NO},
    "replied_again": {"reply": WAITS, "extend": WAITS, "withdraw": WAITS, "accept": "done",
                      "send_back": "sent_back_once", "give_up": "done"},
    "closed": ENDED,
    "unrectified": ENDED,
    "withdrawn": ENDED,
}  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_every_act_in_every_place(county, path):
    order = issue(county)
    for step in PATHS[path]:
        VERBS[step](county, order)
    assert {verb: tried(lambda verb=verb: VERBS[verb](county, order)) for verb in VERBS} == FOLLOWS[path]


def test_an_organ_that_never_answers_does_not_keep_its_order_open(county):
    order = issue(county)  # Monday 2 March, due Monday 9 March
    at("2026-03-09 23:59")
    assert outcome(lambda: give_up(county, order)) == "order_not_replied"
    at("2026-03-10 00:00")
    give_up(county, order)
    order.refresh_from_db()
    assert (order.state, order.term.state) == ("unrectified", "stopped")


def test_every_act_says_why(county):
    waiting, replied = issue(county, title="还没有回复"), issue(county)
    reply(county, replied)
    before = OrderAct.objects.count()
    for words in ("", "  \0 ", "长" * 2001):
        for verb, order in (("reply", waiting), ("extend", waiting), ("withdraw", waiting),
                            ("accept", replied), ("send_back", replied), ("give_up", replied)):  # fmt: skip
            found = outcome(lambda verb=verb, order=order, words=words: VERBS[verb](county, order, words=words))
            assert found == "words_missing", verb
    assert OrderAct.objects.count() == before


def test_an_extension_is_of_one_to_five_days(county):
    order = issue(county)
    assert [outcome(lambda days=days: extend(county, order, days=days)) for days in (0, 6, -1)] == [
        "days_out_of_range"
    ] * 3
    extend(county, order, days=5)
    assert Term.objects.get(pk=order.term_id).due_at == shanghai("2026-03-16 23:59:59")
