"""Whoever has the site's database role settles no account, opens no screen and makes nobody anybody unheard."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.utils import timezone

from halls.acting import owner_actor
from halls.actions.appoint import Person, PostOrder, ensure_appointed
from halls.domain.duties import PostKind
from halls.domain.errors import Invalid
from halls.models import Post, User
from supervision.actions.let_screen_in import let_screen_in
from supervision.actions.open_accounts import open_accounts
from supervision.actions.prove_lights import prove_lights
from supervision.actions.settle_account import Deed, settle_account
from supervision.actions.shut_screen_out import shut_screen_out
from supervision.actions.verify_ledger import verify_and_keep
from supervision.models import Accountability, AccountAct, Message, ProofRun, Screen
from supervision.selectors.screens import hash_of
from tests.clock.attack import GUARDED, as_application, blocked_as_application, run
from tests.supervision.cards import late_card, staffed
from tests.supervision.county import at

pytestmark = pytest.mark.django_db
PROOF = (
    "INSERT INTO supervision_proofrun (kind, started_at, finished_at, cases, clocks, events, differences, found)"
    " VALUES (%s, %s, %s, 9, 9, %s, 0, '[]')"
)


@pytest.fixture
def people(county):
    call_command("secure_database", verbosity=0)
    return staffed(county)


def heard(prefix):
    rows = Message.objects.filter(key__startswith=f"signature:{prefix}", read_at=None)
    return set(rows.values_list("user_id", flat=True))


def of(people, *names):
    return {people.people[name].pk for name in names}


# --- accounts --------------------------------------------------------------------------------------------------------


@pytest.fixture
def account(people):
    card = late_card(people, "red", "2026-04-20 09:00")
    open_accounts()
    return Accountability.objects.get(card=card)


def deed(people, account, who="supervisor", **said):
    user = people.people[who]
    own = {"account": account, "user": user, "person_code": user.person_code, "note": "x", "at": account.opened_at}
    with as_application(), transaction.atomic():
        AccountAct.objects.create(**own | said)


def test_whoever_lets_somebody_off_hears_of_it_and_so_do_the_others(people, account):
    deed(people, account, stage="handle", measure="none", decided_by="县纪委", done_on=date(2026, 4, 20))
    assert heard("account:") == of(people, "supervisor", "second", "third")
    Message.objects.all().update(read_at=timezone.now())
    deed(people, account, who="second", stage="close")
    assert heard("account:") == of(people, "supervisor", "second", "third")


def test_nothing_is_done_about_a_breach_before_it(people, account):
    day = account.breached_at.astimezone(timezone.get_current_timezone()).date() - timedelta(days=1)
    blocked_as_application(
        "INSERT INTO supervision_accountact (account_id, stage, measure, person, decided_by, done_on, document_no,"
        " note, person_code, at, user_id) SELECT %s, 'refer', '', '', '', %s, 'x', 'x', person_code, now(), id"
        " FROM halls_user WHERE id = %s",
        account.pk, day, people.people["supervisor"].pk, by=(GUARDED,),
    )  # fmt: skip
    for early in (day, date(1990, 1, 1)):
        refer = Deed("refer", "移送", document_no="示例移〔2026〕1号", done_on=early)
        with pytest.raises(Invalid) as fault:
            settle_account(account.pk, refer, actor=people.actor("supervisor"))
        assert (fault.value.field, "不能早于" in str(fault.value.message)) == ("done_on", True)


# --- screens ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["clerk0", "director0", "director1", "bureau_director"])
def test_no_screen_is_slipped_in(people, who):
    user = people.people[who]
    said = {"hall": people.hall, "kind": "wall", "token_hash": hash_of("x" * 32), "user": user, "at": user.created_at}
    with as_application(), pytest.raises(DatabaseError, match="who watches there"), transaction.atomic():
        Screen.objects.create(**said)


def test_who_lets_a_screen_in_or_shuts_it_out_hears_of_it(people):
    with as_application():
        screen = let_screen_in(people.townships[0].code, "hall", actor=people.actor("director0")).screen
        assert heard("supervision_screen:") == of(people, "director0")
        shut_screen_out(screen.pk, actor=people.actor("supervisor"))
    assert heard("supervision_screenend:") == of(people, "supervisor")


# --- people ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change", ["full_name = '李四'", "person_code = 'P999'", "is_active = false", "username = 'x'"]
)
def test_nobody_becomes_somebody_else_without_a_line_in_the_history(people, change):
    blocked_as_application(f"UPDATE halls_user SET {change} WHERE id = %s", people.people["clerk0"].pk, by=(GUARDED,))


def test_with_its_line_it_is_dated_by_the_database_and_heard_by_all_who_sign(people):
    user: Any = User.objects.get(pk=people.people["clerk0"].pk)
    user.full_name, user._history_date = "李四", timezone.now() - timedelta(days=90)
    with as_application():
        user.save()
        run("SET CONSTRAINTS ALL IMMEDIATE")
    line = user.history.latest()
    assert line.full_name == "李四"
    assert timezone.now() - line.history_date < timedelta(minutes=5)
    assert heard("person:") == of(people, "supervisor", "second", "third")


def test_a_login_needs_no_history(people):
    with as_application():
        run("UPDATE halls_user SET last_login = now(), password = 'x' WHERE id = %s", people.people["clerk0"].pk)
        run("SET CONSTRAINTS ALL IMMEDIATE")


def post(people, who, day, **more):
    own = {"user": people.people[who], "kind": "supervisor", "title": "监察员", "hall": people.hall, "starts_on": day}
    made: Any = Post(**own | more)
    made._history_date = timezone.now() - timedelta(days=90)
    with as_application(), transaction.atomic():
        made.save()
        run("SET CONSTRAINTS ALL IMMEDIATE")
    return made


def test_a_post_of_the_county_begins_today_and_everybody_who_signs_hears_of_it(people):
    today = timezone.localdate()
    for day in (today - timedelta(days=1), date(2026, 1, 1)):
        with pytest.raises(DatabaseError, match="today or later"):
            post(people, "clerk0", day)
    made = post(people, "clerk0", today)
    assert timezone.now() - made.history.latest().history_date < timedelta(minutes=5)
    assert heard("post:") == of(people, "clerk0", "supervisor", "second", "third")
    blocked_as_application("UPDATE halls_post SET starts_on = '2026-01-01' WHERE id = %s", made.pk, by=(GUARDED,))
    blocked_as_application("UPDATE halls_post SET kind = 'administrator' WHERE id = %s", made.pk, by=(GUARDED,))
    elsewhere = post(people, "clerk1", today, hall=people.townships[0])
    assert not Message.objects.filter(key__startswith=f"signature:post:{elsewhere.pk}:").exists()


def test_nobody_becomes_the_machine(people):
    with pytest.raises(DatabaseError, match="machine has its own"):
        post(people, "clerk0", timezone.localdate(), kind="system")


def test_the_command_says_who_may_date_a_post_back(people):
    yesterday = timezone.localdate() - timedelta(days=1)
    order = PostOrder(PostKind.SUPERVISOR, "监察员", yesterday, hall=people.hall)
    person = Person("late", "李四", "P-77", (order,))
    with as_application(), pytest.raises(Invalid) as fault, transaction.atomic():
        ensure_appointed(person, actor=owner_actor())
    assert fault.value.field == "starts_on"
    assert ensure_appointed(person, actor=owner_actor()).is_new_post


# --- proofs ----------------------------------------------------------------------------------------------------------


def test_a_clean_proof_is_of_this_night_and_went_through_what_there_is(people):
    people.accepted(people.matter())
    now = at("2026-03-10 02:00")
    for kind, started, events in (
        ("lights", now - timedelta(days=3), 0),
        ("lights", now + timedelta(days=1), 0),
        ("ledger", now, 1),
    ):
        blocked_as_application(PROOF, kind, started, now, events, by=(GUARDED,))
    with as_application():
        run(PROOF, "lights", now, now + timedelta(days=30), 0)
        prove_lights()
        verify_and_keep()
    assert {run.finished_at for run in ProofRun.objects.all()} == {now}


def test_the_night_keeps_its_proofs_by_the_real_clock_too(people):
    """Within one second, as a small county is proved."""
    at("")
    with as_application():
        for _ in range(3):
            prove_lights()
            verify_and_keep()
    assert ProofRun.objects.count() == 6
