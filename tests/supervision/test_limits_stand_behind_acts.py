"""Whoever has the site's database role bends no limit of complaint, rating or order, and orders in no other's name."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction

from supervision.actions.answer_voice import answer_voice
from supervision.actions.extend_rectification import extend_rectification
from supervision.actions.extend_voice import extend_voice
from supervision.actions.hand_up_voice import hand_up_voice
from supervision.actions.rectify import rectify
from supervision.actions.sweep_terms import rewrite_terms, sweep_terms
from supervision.actions.urge import urge
from supervision.actions.verify_rating import verify_rating
from supervision.domain.answers import COMPLAINT_AT_MOST, LIMITS
from supervision.domain.orders import REPLY_DAYS
from supervision.domain.ratings import MOST_DAYS_MORE
from supervision.domain.voices import Kind
from supervision.models import SupervisionOrder, Term, TermFact, TermWarning, Urge
from tests.clock.attack import as_application, blocked_as_application, run
from tests.supervision.county import at
from tests.supervision.ordering import extend, issue, reply, send_back
from tests.supervision.rating import called, rated_badly
from tests.supervision.voices import accepted, lodged

pytestmark = pytest.mark.django_db
TERM = "UPDATE supervision_term SET {} WHERE id = %s"
FACT = (
    "INSERT INTO supervision_termfact (term_id, move, at, amount, unit, reason, person_code, user_id)"
    " VALUES (%s, %s, now(), %s, %s, 'x', %s, %s)"
)


@pytest.fixture
def people(county):
    call_command("secure_database", verbosity=0)
    return county


def settled() -> None:
    """What is checked at the end of a transaction is checked now."""
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("SET CONSTRAINTS ALL DEFERRED")


@pytest.mark.parametrize(
    "change",
    [
        "due_at = due_at + interval '365 days'",
        "due_at = due_at - interval '1 day'",
        "warn_at = NULL, yellow_at = NULL, red_at = NULL",
        "yellow_at = yellow_at + interval '9 days'",
        "is_provisional = true",
        "seat_path = 'elsewhere/'",
        "duty = 'accept'",
        "told_through = 0, calendar = '', due_at = due_at + interval '1 day'",
    ],
)
def test_no_limit_is_moved_aside(people, change):
    for term in (lodged(people.villages[0]).term, issue(people).term):
        blocked_as_application(TERM.format(change), term.pk)


def test_nor_is_its_bookmark_put_away(people):
    term = issue(people).term
    with as_application():
        run(TERM.format("next_action_at = NULL"), term.pk)
    kept = Term.objects.get(pk=term.pk)
    assert kept.next_action_at == min(at for at in (kept.warn_at, kept.yellow_at, kept.red_at) if at)


@pytest.mark.parametrize(
    ("move", "amount", "unit", "who"),
    [
        ("stop", None, "", None),
        ("stop", None, "", "director0"),
        ("extend", 300, "wd", None),
        ("extend", 300, "wd", "supervisor"),
        ("extend", 1, "wd", "supervisor"),
    ],
)
def test_nothing_lengthens_or_stops_a_limit_without_an_act(people, move, amount, unit, who):
    user = people.people[who] if who else None
    named = (user.person_code, user.pk) if user else ("NOBODY", None)
    for term in (accepted(people, people.villages[0]).term, issue(people).term, rated_badly(people).contact_term):
        assert term is not None
        blocked_as_application(FACT, term.pk, move, amount, unit, *named)


def test_an_act_lengthens_by_its_own_days_alone(people):
    order = issue(people)
    user = people.people["supervisor"]
    with as_application():
        run(
            "INSERT INTO supervision_orderact (order_id, seq, act, words, days, user_id, person_code, post, at)"
            " SELECT %s, 9, 'extend', 'x', 300, id, person_code, '', now() FROM halls_user WHERE id = %s",
            order.pk, user.pk,
        )  # fmt: skip
    for amount in (300, 3):
        blocked_as_application(FACT, order.term_id, "extend", amount, "wd", user.person_code, user.pk)


def test_one_fact_moves_the_dates_once_and_as_the_calendar_counts(people):
    order = extend(people, issue(people), days=3) and SupervisionOrder.objects.get()
    blocked_as_application(TERM.format("due_at = due_at + interval '1 day'"), order.term_id)
    reply(people, order)
    blocked_as_application(TERM.format("red_at = NULL"), order.term_id)


def test_a_limit_belongs_to_something_of_its_kind(people):
    kept = issue(people).term
    names = [str(f.column) for f in Term._meta.concrete_fields if f.column != "id"]
    copy = f"INSERT INTO supervision_term ({', '.join(names)}) SELECT {{}} FROM supervision_term WHERE id = %s"
    for column, lie in {"": "", "amount": "1", "due_at": "due_at + interval '9 days'", "kind": "'inquiry'"}.items():
        values = ", ".join(lie if name == column else name for name in names)
        blocked_as_application(copy.format(values), kept.pk)


def test_the_site_does_its_own_work_within_these_bounds(people):
    """Every limit there is, begun, lengthened, handed up, swept, rewritten and stopped by the role of the site."""
    supervisor, director = people.actor("supervisor"), people.actor("director0")
    case = people.delivered(people.granted(people.accepted(people.matter())))
    with as_application():
        order = issue(people)
        settled()
        extend(people, order, days=REPLY_DAYS)
        settled()
        reply(people, order)
        settled()
        send_back(people, order)
        settled()
        voice = accepted(people, people.villages[0])
        settled()
        extend_voice(voice.number, actor=supervisor, days=12, reason="情况复杂")
        settled()
        hand_up_voice(voice.number, actor=director, reason="应由县级办理")
        settled()
        asked = lodged(people.villages[0], Kind.INQUIRY)
        hand_up_voice(asked.number, actor=people.actor("clerk0"), reason="不了解")
        settled()
        answer_voice(asked.number, actor=people.actor("window0"), words="带身份证和户口簿到窗口办理。")
        settled()
        rating = rated_badly(people, case)
        settled()
        called(rating.pk, director)
        settled()
        verify_rating(rating.pk, actor=director, is_valid=True, note="情况属实")
        settled()
        extend_rectification(rating.pk, actor=director, days=MOST_DAYS_MORE, reason="人员外出")
        settled()
        at("2026-04-20 10:00")
        while sweep_terms().claimed:
            settled()
        rewrite_terms()
        rectify(rating.pk, actor=people.actor("clerk0"), note="已整改")
        answer_voice(voice.number, actor=supervisor, words="已核实处理。", result="upheld")
        settled()
    assert TermWarning.objects.count() > 3
    assert TermFact.objects.filter(move="extend").count() == 3
    assert {term.kind for term in Term.objects.all()} == set(LIMITS)
    assert COMPLAINT_AT_MOST - LIMITS["complaint"].amount == 12  # type: ignore[index]


def copied(row: Any, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(row, name, value)
    with transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.parametrize("who", ["clerk0", "window1", "director1", "approver0", "bureau_director"])
def test_nobody_orders_or_urges_in_the_name_of_an_office_where_they_do_not_watch(people, who):
    order = issue(people)
    case = people.accepted(people.matter())
    row = urge(case.number, actor=people.actor("supervisor"), reason="请抓紧")
    user = people.people[who]
    run("SELECT nextval('supervision_supervisionorder_id_seq')")
    with as_application():
        forged = {"issued_by": user, "issued_person": user.person_code, "title": "另一件", "pk": order.pk + 1}
        with pytest.raises(DatabaseError, match=r"watches (its|the) organ"):
            copied(SupervisionOrder.objects.get(pk=order.pk), **forged)
        named = {"user": user, "person_code": user.person_code, "pk": None, "day": row.day}
        with pytest.raises(DatabaseError, match="who watches it from there"):
            copied(Urge.objects.get(pk=row.pk), **named)


def test_an_order_says_itself_whom_it_goes_to_and_who_answers(people):
    order = issue(people)
    run("SELECT nextval('supervision_supervisionorder_id_seq')")
    term = Term.objects.get(pk=order.term_id)
    lies = {"duty": "decide", "above_path": people.hall.path, "organ_name": "别处", "issuer_name": "省里"}
    with as_application():
        copied(term, pk=None)
        copied(SupervisionOrder.objects.get(pk=order.pk), **lies, pk=order.pk + 1, term=term, title="另一件")
    forged = SupervisionOrder.objects.get(pk=order.pk + 1)
    assert (forged.duty, forged.above_path) == ("supervise", "")
    assert (forged.organ_name, forged.issuer_name) == (order.organ_name, order.issuer_name)
