"""The demonstration county: believable, lawful, and the same at the second call."""

from __future__ import annotations

import io
import json
from collections import Counter
from itertools import pairwise

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from applications.domain.identity import IdKind, check_id
from applications.domain.lifecycle import Status, Verb
from applications.models import Applicant, Application, Event
from applications.rehearsal.accounts import appoint_county
from applications.rehearsal.office_hours import OfficeHours
from applications.selectors.inbox import pile_counts
from applications.selectors.ledger import prove_ledger
from halls.acting import Actor
from halls.domain.duties import CASE_DUTIES, Duty, PostKind
from halls.domain.worktime import SHANGHAI
from halls.models import Hall, Post, User
from halls.selectors.work_calendar import load_calendar
from supervision.models import LimitWarning

CASES = 110
WATCHERS = {
    "township_director", "supervisor", "catalogue_editor", "catalogue_approver", "bureau_editor", "administrator",
    "neighbour_head", "township_catalogue", "supervisor_b", "supervisor_c",
}  # fmt: skip
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lived_in")]


# --- people -----------------------------------------------------------------------------------------------------------


def test_every_hall_and_department_has_its_people():
    villages = Hall.objects.filter(tier="village")
    for kind, halls in ((PostKind.VILLAGE_CLERK, villages), (PostKind.VILLAGE_HEAD, villages)):
        assert not halls.exclude(posts__kind=kind).exists()
    townships = Hall.objects.filter(tier="township")
    for kind, count in ((PostKind.WINDOW_CLERK, 2), (PostKind.EXAMINER, 1), (PostKind.APPROVER, 1)):
        assert Post.objects.filter(hall__in=townships, kind=kind).count() == count * townships.count()
    assert Post.objects.filter(hall__in=townships, backup_of__isnull=False).count() == townships.count()


def test_persons_are_told_apart_and_only_demo_accounts_can_log_in(seeded):
    codes = list(User.objects.values_list("person_code", flat=True))
    assert len(codes) == len(set(codes)) > 1000
    demo = User.objects.filter(is_demo=True)
    assert {user.username for user in demo} == {account["username"] for account in seeded.accounts.values()}
    assert not any(user.has_usable_password() for user in User.objects.filter(is_demo=False))


def test_the_accounts_open_the_door(seeded, rf):
    for account in seeded.accounts.values():
        user = authenticate(rf.post("/login/"), username=account["username"], password=account["password"])
        assert user is not None, account["username"]
    assert seeded.accounts["village_clerk"]["hall_code"] == "500236272202"
    assert "高桥村" in seeded.accounts["village_clerk"]["post"]
    wanted = {
        "village_clerk", "village_head", "township_window", "township_examiner", "township_approver",
        "township_director", "county_examiner", "county_approver", "county_window", "supervisor", "supervisor_b",
        "supervisor_c", "catalogue_editor", "administrator",
    }  # fmt: skip
    assert wanted <= set(seeded.accounts)


def test_the_machine_has_a_post_and_no_password():
    system = User.objects.get(username="system")
    assert not system.has_usable_password()
    assert system.posts.get().kind == PostKind.SYSTEM


def test_appointing_again_keeps_people_and_passwords(seeded, tmp_path):
    accounts = tmp_path / "accounts.json"
    rows = list(seeded.accounts.values())
    accounts.write_text(json.dumps(rows), encoding="utf-8")
    before = dict(User.objects.values_list("username", "password"))
    assert appoint_county(seeded.hall(), accounts) == 0
    assert dict(User.objects.values_list("username", "password")) == before
    told = json.loads(accounts.read_text(encoding="utf-8"))
    assert {row["username"]: row["password"] for row in told} == {row["username"]: row["password"] for row in rows}
    assert accounts.stat().st_mode & 0o777 == 0o600


def test_a_lost_list_of_accounts_is_written_anew(seeded, tmp_path):
    accounts = tmp_path / "accounts.json"
    appoint_county(seeded.hall(), accounts)
    for row in json.loads(accounts.read_text(encoding="utf-8")):
        assert User.objects.get(username=row["username"]).check_password(row["password"])


# --- cases ------------------------------------------------------------------------------------------------------------


def test_there_are_as_many_cases_as_asked_for_and_no_more(tmp_path):
    assert Application.objects.count() == CASES
    out = io.StringIO()
    call_command("make_demo", "--cases", str(CASES), stdout=out)
    assert "新增人员 0，新增办件 0" in out.getvalue()
    assert Application.objects.count() == CASES


def test_more_cases_are_added_to_those_that_are_there():
    call_command("make_demo", "--cases", str(CASES + 5), "--processes", "1", verbosity=0, stdout=io.StringIO())
    assert Application.objects.count() == CASES + 5
    assert prove_ledger().found == 0


def test_outside_a_demonstration_nothing_is_made(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="演示"):
        call_command("make_demo", "--cases", "1")


def test_cases_are_in_every_state_of_life():
    statuses = Counter(Application.objects.values_list("status", flat=True))
    assert set(statuses) >= set(Status)
    assert statuses["delivered"] > CASES / 4


@pytest.mark.parametrize("role", ["village_clerk", "township_window", "county_examiner", "station_land_clerk"])
def test_piles_hold_what_they_say(seeded, role):
    counts = pile_counts(seeded.actor(role), timezone.now())
    assert counts["todo"]
    assert counts["doing"] >= counts["todo"] - counts["drafts"]


def test_every_account_with_a_desk_finds_work(seeded):
    idle = {
        role
        for role in seeded.accounts.keys() - WATCHERS
        if not pile_counts(seeded.actor(role), timezone.now())["todo"]
    }
    assert not idle


def test_a_watcher_sees_work_without_having_any(seeded):
    counts = pile_counts(seeded.actor("township_director"), timezone.now())
    assert counts["todo"] == 0
    assert counts["doing"] > 10


def may_see(actor: Actor, case: Application) -> bool:
    """The rule of visibility, written a second time: halls see what was filed below, organs what they take part in."""
    nodes = [path for duty in CASE_DUTIES for path in actor.nodes.get(duty, ())]
    if case.status == Status.DRAFT:
        return case.path in actor.nodes.get(Duty.FILE, ())
    organs = [case.accept_path, *(step.path for step in case.steps.all())]
    return any(
        any(organ.startswith(node) for organ in organs) if "~" in node else case.path.startswith(node) for node in nodes
    )


def test_every_account_sees_exactly_its_cases(seeded):
    cases = list(Application.objects.prefetch_related("steps"))
    for role in seeded.accounts:
        actor = seeded.actor(role)
        seen = set(Application.objects.visible_to(actor).values_list("pk", flat=True))
        assert seen == {case.pk for case in cases if may_see(actor, case)}, role


def test_some_cases_are_late_and_most_are_not():
    carded = LimitWarning.objects.exclude(level="warning").values("application").distinct().count()
    assert 0.01 * CASES < carded < 0.25 * CASES


def test_cards_were_written_when_they_fell_due():
    """The sweep ran every night: nothing is entered weeks after the fact."""
    late = [w for w in LimitWarning.objects.all() if (w.recorded_at - w.effective_at).total_seconds() > 24 * 3600]
    assert not late


def test_people_act_in_office_hours_of_working_days():
    calendar = load_calendar()
    times = Event.objects.exclude(user__username="system").values_list("at", flat=True)
    assert max(times) <= timezone.now()
    for at in times:
        local = at.astimezone(SHANGHAI)
        assert calendar.is_working(local.date()), local
        assert 9 <= local.hour < 18, local


def test_nobody_decided_what_they_accepted():
    decided = Event.objects.filter(verb__in=[Verb.GRANT, Verb.REFUSE]).select_related("application__guide")
    for event in decided:
        own = event.person_code == event.application.accepted_person
        assert not own or event.application.guide.is_immediate


def test_numbers_follow_the_order_of_submission():
    cases = Application.objects.exclude(number=None).order_by("number")
    rows = [case.submitted_at for case in cases if case.submitted_at]
    assert all(first <= second for first, second in pairwise(rows))


def test_applicants_are_nobody_and_pass_every_check():
    today = timezone.localdate()
    for applicant in Applicant.objects.all():
        number = applicant.open_id_number()
        assert check_id(IdKind(applicant.id_kind), number, today=today) == number
        assert number.startswith("990000" if applicant.id_kind == IdKind.RESIDENT else "93990000")


def test_the_chain_is_whole():
    assert prove_ledger().found == 0


def test_the_clock_is_left_as_it_was():
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp() - halls_now() < interval '5 s'")
        assert cursor.fetchone() == (True,)


def test_office_minutes_and_moments_agree():
    today = timezone.localdate()
    hours = OfficeHours(load_calendar(), today.replace(month=1, day=1), today)
    for minute in (0.0, 1.5, 179.9, 180.0, 389.0, 390.0, 4000.25, hours.total - 1):
        assert hours.minute(hours.moment(minute)) == pytest.approx(minute)
