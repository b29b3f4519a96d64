"""Deciding power lent for dates: who may lend it, what is refused, and what it is worth on a real case."""

from __future__ import annotations

import json
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from applications.actions.grant import grant
from applications.domain.lifecycle import Status
from halls.acting import Actor, acting_user, owner_actor
from halls.actions.appoint import Person, PostOrder, ensure_appointed
from halls.actions.delegate import delegate, revoke_delegation
from halls.actions.end_post import end_post
from halls.domain.duties import Duty, PostKind
from halls.domain.errors import Invalid, NotFound, NotPermitted, Refused
from halls.models import Delegation, User
from tests.clock.attack import blocked_as_application
from tests.factories.cases import a_case
from tests.factories.halls import TAIHE, UserFactory
from tests.seed import Seed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
DAY = timedelta(days=1)


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def approver(seeded: Seed) -> User:
    return seeded.user("township_approver")


@pytest.fixture
def examiner(seeded: Seed) -> User:
    return seeded.user("township_examiner")


@pytest.fixture
def lend(seeded, approver, examiner, today):
    def lend_it(**changes: Any) -> Delegation:
        letter: dict[str, Any] = {
            "actor": acting_user(approver),
            "grantor": approver,
            "grantee": examiner,
            "node": seeded.hall(TAIHE),
            "document_no": "太和授〔2026〕1号",
            "starts_on": today,
            "ends_on": today + 30 * DAY,
        }
        return delegate(**{**letter, **changes})

    return lend_it


def now(user: User) -> Actor:
    """The actor of a new request."""
    return acting_user(User.objects.get(pk=user.pk))


def run(command: str, *arguments: str) -> tuple[int, dict[str, Any]]:
    out = StringIO()
    try:
        call_command(command, *arguments, "--json", stdout=out)
    except SystemExit as stop:
        return int(stop.code or 0), json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


# --- on a case --------------------------------------------------------------------------------------------------------


def test_who_was_lent_the_power_decides_and_nobody_else_does(lend, examiner):
    case = a_case("at_decision")
    with pytest.raises(NotPermitted):
        grant(case.pk, actor=now(examiner))
    lend()
    assert grant(case.pk, actor=now(examiner)).status == Status.GRANTED


def test_what_was_taken_back_decides_nothing(lend, approver, examiner):
    case = a_case("at_decision")
    revoke_delegation(lend().pk, actor=acting_user(approver))
    with pytest.raises(NotPermitted):
        grant(case.pk, actor=now(examiner))


def test_a_letter_that_expired_or_begins_tomorrow_decides_nothing(lend, examiner, today):
    case = a_case("at_decision")
    letter = lend(starts_on=today + DAY)
    with pytest.raises(NotPermitted):
        grant(case.pk, actor=now(examiner))
    Delegation.objects.filter(pk=letter.pk).update(starts_on=today - 9 * DAY, ends_on=today - DAY)
    with pytest.raises(NotPermitted):
        grant(case.pk, actor=now(examiner))
    Delegation.objects.filter(pk=letter.pk).update(ends_on=today)
    assert grant(case.pk, actor=now(examiner)).status == Status.GRANTED


def test_who_accepted_the_case_does_not_decide_it_with_lent_power_either(lend):
    case = a_case("at_decision")
    window = User.objects.filter(person_code=case.accepted_person).first()
    assert window is not None
    lend(grantee=window)
    with pytest.raises(Refused, match="accepted_by_decider"):
        grant(case.pk, actor=now(window))
    second = UserFactory.create(person_code=case.accepted_person)
    lend(grantee=second)
    with pytest.raises(Refused, match="accepted_by_decider"):
        grant(case.pk, actor=now(second))


def test_lent_power_lapses_when_the_lender_leaves(seeded, lend, approver, examiner, today):
    case = a_case("at_decision")
    lend()
    end_post(actor=owner_actor(), user=approver, node=seeded.hall(TAIHE), on=today - DAY)
    with pytest.raises(NotPermitted):
        grant(case.pk, actor=now(examiner))


# --- who may lend what ------------------------------------------------------------------------------------------------


def test_the_lender_or_the_administrator_registers_the_letter(seeded, lend, examiner):
    with pytest.raises(NotPermitted):
        lend(actor=acting_user(examiner))
    letter = lend(actor=seeded.actor("administrator"))
    assert letter.history.count() == 1
    with pytest.raises(NotPermitted):
        revoke_delegation(letter.pk, actor=acting_user(examiner))
    revoke_delegation(letter.pk, actor=seeded.actor("administrator"))
    assert letter.history.count() == 2


def test_nobody_lends_what_is_not_theirs(seeded, lend, approver, examiner):
    with pytest.raises(Refused, match="grantor_decides_nothing_here"):
        lend(node=seeded.hall(), actor=owner_actor())
    with pytest.raises(Refused, match="grantor_decides_nothing_here"):
        lend(grantor=examiner, grantee=approver, actor=owner_actor())
    lend()
    assert now(examiner).holds(Duty.DECIDE, seeded.hall(TAIHE).path)
    with pytest.raises(Refused, match="grantor_decides_nothing_here"):
        lend(grantor=examiner, grantee=seeded.user("township_window"), actor=now(examiner))


def test_a_part_of_the_own_place_can_be_lent(seeded, lend, examiner):
    village = seeded.hall("500236272202")
    lend(node=village)
    assert now(examiner).nodes[Duty.DECIDE] == (village.path,)


def test_nobody_lends_to_themselves_under_a_second_account(lend, approver):
    typed = (approver.person_code, f" {approver.person_code.lower()}", f"{approver.person_code}-")
    for grantee in (approver, *(UserFactory.create(person_code=code) for code in typed)):
        with pytest.raises(Refused, match="delegation_to_oneself"):
            lend(grantee=grantee)


def test_the_machine_and_closed_accounts_are_lent_nothing(lend):
    for grantee in (User.objects.get(username="system"), UserFactory.create(is_active=False)):
        with pytest.raises(Refused, match="grantee_cannot_act"):
            lend(grantee=grantee)


@pytest.mark.parametrize(
    ("starts", "ends", "field"),
    [(1, 0, "ends_on"), (-9, -1, "ends_on"), (-1, 9, "starts_on"), (0, 367, "ends_on"), (400, 800, "ends_on")],
)
def test_wrong_dates_are_refused(lend, today, starts, ends, field):
    with pytest.raises(Invalid) as refusal:
        lend(starts_on=today + starts * DAY, ends_on=today + ends * DAY)
    assert [problem.field for problem in refusal.value.problems] == [field]


def test_a_year_ends_on_its_corresponding_day(lend):
    lend(starts_on=date(2028, 2, 29), ends_on=date(2029, 2, 28))
    with pytest.raises(Invalid):
        lend(starts_on=date(2032, 2, 29), ends_on=date(2033, 3, 1))


def test_a_letter_has_a_number(lend):
    for number in ("", "  ", "长" * 65):
        with pytest.raises(Invalid) as refusal:
            lend(document_no=number)
        assert [problem.field for problem in refusal.value.problems] == ["document_no"]


def test_the_same_power_is_not_lent_twice_for_a_day(lend, approver, today):
    letter = lend()
    for starts, ends in ((0, 30), (30, 40), (0, 0), (5, 90)):
        with pytest.raises(Refused, match="delegation_overlaps"):
            lend(starts_on=today + starts * DAY, ends_on=today + ends * DAY)
    lend(starts_on=today + 31 * DAY, ends_on=today + 60 * DAY)
    revoke_delegation(letter.pk, actor=acting_user(approver))
    lend()


def test_what_is_taken_back_is_taken_back_once(lend, approver, today):
    letter = lend()
    assert revoke_delegation(letter.pk, actor=acting_user(approver)).revoked_on == today
    with pytest.raises(Refused, match="already_revoked"):
        revoke_delegation(letter.pk, actor=acting_user(approver))
    with pytest.raises(NotFound):
        revoke_delegation(letter.pk + 1, actor=acting_user(approver))


@pytest.mark.parametrize("wrong", ["2026-01-05T10:00:00+08:00", "2027-12-31T23:59:59+08:00"])
def test_it_is_taken_back_on_the_day_of_the_database_whatever_the_server_s_clock_says(lend, approver, today, wrong):
    letter = lend()
    with time_machine.travel(wrong, tick=False):
        revoke_delegation(letter.pk, actor=acting_user(approver))
    assert Delegation.objects.get(pk=letter.pk).revoked_on == today


def test_whoever_has_the_site_s_role_dates_no_taking_back(lend, today):
    call_command("secure_database", verbosity=0)
    letter = lend()
    taken = "UPDATE halls_delegation SET revoked_on = %s WHERE id = %s"
    for day in (today - 9 * DAY, today + DAY):
        blocked_as_application(taken, day, letter.pk)
    Delegation.objects.filter(pk=letter.pk).update(revoked_on=today)  # as the owner
    for day in (today - DAY, None):
        blocked_as_application(taken, day, letter.pk)


# --- the commands -----------------------------------------------------------------------------------------------------


def test_a_letter_is_registered_and_taken_back_at_the_server(seeded, approver, examiner, today):
    letter = [
        f"--grantor={approver.username}", f"--grantee={examiner.username}", f"--node={TAIHE}", "--document-no=授1号",
        f"--from={today}", f"--to={today + 9 * DAY}",
    ]  # fmt: skip
    code, answer = run("delegate", *letter)
    assert (code, answer["grantee"], answer["node"]) == (0, examiner.username, TAIHE)
    assert now(examiner).holds(Duty.DECIDE, seeded.hall(TAIHE).path)
    code, answer = run("delegate", *letter)
    assert (code, answer["errors"][0]["code"]) == (1, "delegation_overlaps")
    code, answer = run("revoke_delegation", "--document-no=授1号")
    assert (code, len(answer["revoked"]), answer["already"]) == (0, 1, 0)
    assert not now(examiner).has(Duty.DECIDE)
    code, answer = run("revoke_delegation", "--document-no=授1号")
    assert (code, len(answer["revoked"]), answer["already"]) == (0, 0, 1)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ("--grantor=nobody", "grantor"),
        ("--grantee=nobody", "grantee"),
        ("--node=999", "node"),
        ("--from=soon", "from"),
        ("--to=", "to"),
    ],
)
def test_what_was_typed_wrong_is_named_with_a_cure(approver, examiner, today, change, field):
    code, answer = run(
        "delegate", f"--grantor={approver.username}", f"--grantee={examiner.username}", f"--node={TAIHE}",
        "--document-no=授1号", f"--from={today}", f"--to={today}", change,
    )  # fmt: skip
    assert (code, [error["field"] for error in answer["errors"]]) == (1, [field])
    assert all(error["message"].endswith("。") and error["cure"] for error in answer["errors"])
    assert not Delegation.objects.exists()


def test_an_unknown_letter_is_named():
    assert run("revoke_delegation", "--document-no=无")[1]["errors"][0]["field"] == "document_no"


# --- leaving a post ---------------------------------------------------------------------------------------------------


def test_the_last_day_in_office_still_counts(seeded, examiner, today):
    (post,) = end_post(actor=owner_actor(), user=examiner, node=seeded.hall(TAIHE), on=today)
    assert now(examiner).holds(Duty.EXAMINE, seeded.hall(TAIHE).path)
    assert post.history.count() == 2
    end_post(actor=owner_actor(), user=examiner, node=seeded.hall(TAIHE), on=today)
    assert post.history.count() == 2
    end_post(actor=owner_actor(), user=examiner, node=seeded.hall(TAIHE), on=today - DAY)
    assert not now(examiner).nodes
    with pytest.raises(Refused, match="left_already"):
        end_post(actor=owner_actor(), user=examiner, node=seeded.hall(TAIHE), on=today)


def test_only_the_post_that_is_named_ends(seeded, examiner, today):
    hall = seeded.hall(TAIHE)
    order = PostOrder(PostKind.WINDOW_CLERK, "兼", today, hall=hall)
    person = Person(examiner.username, examiner.full_name, examiner.person_code, (order,))
    ensure_appointed(person, actor=owner_actor())
    code, answer = run(
        "end_post", f"--username={examiner.username}", f"--node={TAIHE}", f"--on={today - DAY}", "--post=examiner"
    )
    assert (code, [post["kind"] for post in answer["posts"]]) == (0, ["examiner"])
    assert not now(examiner).has(Duty.EXAMINE)
    assert now(examiner).has(Duty.ACCEPT)


def test_nobody_ends_a_post_that_is_not_there_or_not_theirs_to_end(seeded, approver, examiner, today):
    hall = seeded.hall(TAIHE)
    with pytest.raises(NotPermitted):
        end_post(actor=acting_user(approver), user=examiner, node=hall, on=today)
    with pytest.raises(Invalid, match="no_post_here"):
        end_post(actor=owner_actor(), user=examiner, node=seeded.hall(), on=today)
    with pytest.raises(Invalid, match="post_begins_later"):
        end_post(actor=owner_actor(), user=examiner, node=hall, on=date(1990, 1, 1))
    with pytest.raises(Refused, match="machine_stays"):
        end_post(actor=owner_actor(), user=User.objects.get(username="system"), node=seeded.hall(), on=today)
