"""督办单: who issues, answers and verifies, what may follow what, its number, its limit and whom it reaches."""

from datetime import date, datetime
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from applications.domain.lights import Colour
from halls.domain.duties import PostKind
from halls.domain.errors import Invalid, NotFound, NotPermitted, Refused
from halls.domain.worktime import SHANGHAI
from halls.models import User
from halls.selectors.work_calendar import read_moment
from supervision.actions import _orders
from supervision.actions.issue_order import Wanted, issue_order
from supervision.actions.prove_lights import prove_lights
from supervision.actions.sweep import sweep
from supervision.actions.tell import tell
from supervision.figures import Present
from supervision.figures_orders import ORDER_FIGURES
from supervision.models import LimitWarning, Message, OrderAct, SupervisionOrder, Term, TermWarning, Untold
from supervision.selectors.orders import visible_orders
from supervision.selectors.terms import colour_of_term
from tests.factories.calendar import publish_2027
from tests.factories.halls import HallFactory, person_in_post
from tests.supervision.county import at
from tests.supervision.ordering import VERBS, accept, extend, give_up, issue, reply, send_back, withdraw

pytestmark = pytest.mark.django_db
EVERYBODY = (
    "clerk0", "window0", "examiner0", "approver0", "director0", "approver1", "director1", "bureau_examiner",
    "bureau_approver", "bureau_director", "county_window", "supervisor",
)  # fmt: skip


def shanghai(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def outcome(act):
    """What somebody gets who tries: "done", or the code of the refusal."""
    try:
        act()
    except (NotFound, NotPermitted, Refused, Invalid) as refusal:
        return refusal.code
    return "done"


def tried(act):
    """The outcome of an act that is taken back again: the county is built once for a whole table."""
    with transaction.atomic():
        found = outcome(act)
        transaction.set_rollback(True)
    return found


def told(order, seq):
    rows = Message.objects.filter(key=f"order:{order.pk}:{seq}").select_related("user")
    return {row.user_id for row in rows}


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


# --- about what, to whom ------------------------------------------------------------------------------------------


def test_a_case_is_ordered_from_whoever_holds_it(county):
    township = county.accepted(county.matter())
    bureau = county.passed_on(county.accepted(county.bureau_matter()), "bureau_examiner")
    first, second = issue(county, case=township.number), issue(county, case=bureau.number)
    # The township's hall has a director; a bureau's chief representative decides there.
    assert (first.organ_path, first.duty) == (county.townships[0].path, "supervise")
    assert (second.organ_path, second.duty) == (county.bureau.path, "decide")
    assert township.display_number in first.title
    assert outcome(lambda: issue(county, case=bureau.number, by="director0")) == "organ_out_of_scope"
    assert outcome(lambda: issue(county, case=bureau.number, by="director1")) == "not_found"


def test_a_card_is_ordered_from_whoever_it_stands_against(county):
    case = county.accepted(county.matter(promised=2))
    at("2026-03-10 10:00")
    sweep()
    card = LimitWarning.objects.filter(application=case, level="yellow").latest("pk")
    order = issue(county, card=card.pk)
    assert (order.card_id, order.application_id, order.organ_path) == (card.pk, case.pk, card.seat_path)
    assert outcome(lambda: issue(county, card=card.pk, by="director1")) == "not_found"


def test_one_case_or_matter_has_one_open_order_at_one_organ(county):
    case = county.accepted(county.matter())
    first = issue(county, case=case.number)
    assert outcome(lambda: issue(county, case=case.number)) == "already_ordered"
    assert outcome(lambda: issue(county)) == "done"
    assert outcome(lambda: issue(county)) == "already_ordered"
    withdraw(county, first)
    assert issue(county, case=case.number).serial == 3  # what was refused used no number


def test_what_is_missing_is_named_field_by_field(county):
    with pytest.raises(Invalid) as refusal:
        issue_order(Wanted("", " ", "x" * 301, organ=county.bureau.code), actor=county.actor("supervisor"))
    assert {problem.field for problem in refusal.value.problems} == {"title", "facts", "demand", "basis"}
    assert outcome(lambda: issue(county, organ=county.bureau)) == "done"
    wrong = Wanted("a", "b", "c", organ="nowhere", title="x")
    assert outcome(lambda: issue_order(wrong, actor=county.actor("supervisor"))) == "organ_missing"
    assert outcome(lambda: issue_order(wrong, actor=county.actor("system"))) == "no_supervision"


def test_each_side_is_told_of_what_the_other_did(county):
    order = issue(county)
    reply(county, order)
    send_back(county, order)
    reply(county, order)
    accept(county, order)
    director, supervisor = county.people["director0"].pk, county.people["supervisor"].pk
    assert [told(order, seq) for seq in range(1, 6)] == [
        {director}, {supervisor}, {director}, {supervisor}, {director},
    ]  # fmt: skip
    message = Message.objects.get(key=f"order:{order.pk}:1")
    assert message.detail["page"] == f"/supervision/orders/{order.pk}/"
    assert "窗口无人值守" in message.words
    assert "5 个工作日" in message.words
    # A village without a head: the township's chief representative is told, and hears why.
    village = issue(county, county.villages[0])
    assert told(village, 1) == {county.people["approver0"].pk}


# --- number -------------------------------------------------------------------------------------------------------


def test_numbers_run_through_midnight_and_months_and_begin_anew_with_the_year(county):
    publish_2027()
    moments = ("2026-03-02 10:00", "2026-03-31 23:59:59", "2026-04-01 00:00", "2026-12-31 23:59:59",
               "2027-01-01 00:00", "2027-01-04 09:00")  # fmt: skip
    numbers = []
    for n, moment in enumerate(moments):
        at(moment)
        numbers.append(issue(county, title=f"第 {n} 件").number)
    assert numbers == [
        "督〔2026〕1号",
        "督〔2026〕2号",
        "督〔2026〕3号",
        "督〔2026〕4号",
        "督〔2027〕1号",
        "督〔2027〕2号",
    ]
    assert SupervisionOrder.objects.get(year=2027, serial=1).issued_at == shanghai("2027-01-01 00:00")


def test_each_county_counts_for_itself(county):
    other: Any = HallFactory(short_name="邻县", name="邻县政务服务中心")
    person = person_in_post(PostKind.SUPERVISOR, other)
    county.people["neighbour"] = User.objects.get(pk=person.pk)
    assert [issue(county).serial, issue(county, county.bureau).serial] == [1, 2]
    order = issue(county, other, by="neighbour")
    assert (order.serial, order.county_code) == (1, other.code[:6])


# --- its limit ----------------------------------------------------------------------------------------------------


def test_five_working_days_its_lights_and_rungs(county):
    order = issue(county)  # Monday 2 March
    term = Term.objects.get(pk=order.term_id)
    assert term.due_at == shanghai("2026-03-09 23:59:59")
    days = {"2026-03-02 11:00": Colour.GREEN, "2026-03-09 10:00": Colour.YELLOW, "2026-03-10 00:01": Colour.RED}
    assert {day: colour_of_term(term, at(day)) for day in days} == days
    at("2026-03-13 09:00")
    sweep()
    sweep()
    levels = TermWarning.objects.filter(term=term).order_by("pk").values_list("level", flat=True)
    assert list(levels) == ["warning", "yellow", "red"]
    reached = Message.objects.filter(key=f"term:{term.pk}:yellow").values_list("user_id", flat=True)
    assert county.people["director0"].pk in set(reached)
    assert not prove_lights().differences


def test_a_reply_stops_the_limit_and_being_sent_back_begins_a_new_one(county):
    order = issue(county)
    at("2026-03-04 16:00")
    reply(county, order)
    first = Term.objects.get(begun_by__order=order, begun_by__act="issue")
    assert (first.state, first.stopped_at) == ("stopped", shanghai("2026-03-04 16:00"))
    at("2026-03-05 09:00")
    send_back(county, order)
    order.refresh_from_db()
    assert order.term_id != first.pk
    assert order.term.due_at == shanghai("2026-03-12 23:59:59")
    at("2026-03-30 09:00")
    sweep()
    assert set(TermWarning.objects.values_list("term", flat=True)) == {order.term_id}
    assert not prove_lights().differences


# --- figures ------------------------------------------------------------------------------------------------------


def test_every_figure_counts_what_it_says(county):
    def count(key, who="supervisor"):
        present = Present.at(read_moment().at)
        return visible_orders(county.actor(who)).filter(ORDER_FIGURES[key].condition(present)).count()

    closed, failed, waiting, late = (issue(county, title=f"第 {n} 件") for n in range(4))
    issue(county, county.bureau)
    for order in (closed, failed, waiting):
        reply(county, order)
    accept(county, closed)
    give_up(county, failed)
    at("2026-03-20 10:00")
    reply(county, late)
    keys = ("orders_open", "orders_overdue", "orders_replied_in_time_month", "orders_closed_month",
            "orders_unrectified_month")  # fmt: skip
    assert [count(key) for key in keys] == [3, 1, 3, 1, 1]
    assert [count(key, "director0") for key in keys] == [2, 0, 3, 1, 1]
    assert [count(key, "director1") for key in keys] == [0] * 5
    at("2026-04-01 00:00")
    assert [count(key) for key in keys] == [3, 1, 0, 0, 0]
    assert date(2026, 4, 1) == Present.at(read_moment().at).month.astimezone(SHANGHAI).date()


# --- whom nobody told ---------------------------------------------------------------------------------------------


def test_an_act_that_reached_nobody_is_told_when_somebody_is_in_post(county, monkeypatch):
    """It shows where rungs that found nobody do, and says then what it would have said at once."""
    monkeypatch.setattr(_orders, "roster_of", lambda *_asked: {})
    order = issue(county)
    assert not told(order, 1)
    at("2026-03-02 10:02")
    tell()
    at("2026-03-02 10:10")
    tell()
    assert Untold.objects.get(order_act__order=order).attempts == 3
    client = Client()
    client.force_login(User.objects.get(pk=county.people["supervisor"].pk))
    page = client.get(reverse("supervision_outbox")).content.decode()
    assert order.number in page
    assert "1 条预警、红黄牌或督办通知找不到人告知" in page
    monkeypatch.undo()
    client.post(reverse("supervision_outbox_retry"))
    tell()
    assert not Untold.objects.exists()
    assert told(order, 1)
    assert all("请在 5 个工作日内回复" in row.words for row in Message.objects.filter(key=f"order:{order.pk}:1"))
