"""Every claimed rung reaches its people exactly once: in order, in their words, past whoever cannot be told."""

import json
from datetime import datetime

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from applications.actions._checks import Finding
from applications.actions.request_correction import request_correction
from applications.actions.supply import supply
from halls.domain.duties import PostKind
from halls.domain.worktime import SHANGHAI
from halls.models import Post, User
from matters.models import Material
from supervision import tasks
from supervision.actions import tell as telling
from supervision.actions._claim import claim_batch
from supervision.actions.load_ladder import load_ladder
from supervision.actions.sweep import sweep
from supervision.actions.tell import tell
from supervision.actions.tell_people import MovedCase, tell_ladder, tell_moved, tell_people
from supervision.models import LadderStep, LimitWarning, Message, Outbox, SweepRun, Untold
from tests.factories.halls import person_in_post
from tests.supervision.county import APPLICANT, at

pytestmark = pytest.mark.django_db


def told(level, **fields):
    """Who got the messages of a level, by their place in the county."""
    return sorted(Message.objects.filter(level=level, **fields).values_list("user__username", flat=True))


def names(county, *roles):
    return sorted(county.people[role].username for role in roles)


def leave(county, *roles):
    """Let these people's posts end before March."""
    Post.objects.filter(user__in=[county.people[role] for role in roles]).update(ends_on="2026-02-01")


def correcting(county, days=5):
    matter = county.matter()
    Material.objects.create(version=matter.current, seq=1, name="户口簿")
    case = county.received(matter)
    return request_correction(case.pk, {1: Finding("missing", "缺户口簿")}, actor=county.actor("window0"), days=days)


# --- who and what ---------------------------------------------------------------------------------------------------


def test_each_rung_is_told_to_the_people_of_its_rung(county):
    """A step of the township: its chief decides, so the handler is the approver."""
    case = county.accepted(county.matter(promised=5))
    at("2026-03-20 09:00")
    assert sweep().claimed > 0
    assert not Untold.objects.exists()
    own = {"application": case, "clock__kind": "promised"}
    assert told("warning", **own) == names(county, "approver0")
    assert told("yellow", **own) == names(county, "approver0")
    assert told("red", **own) == names(county, "approver0", "director0", "supervisor")


def test_a_message_says_what_when_and_where_and_names_no_villager(county):
    case = county.accepted(county.matter(promised=5))
    at("2026-03-10 00:30")
    sweep()
    message = Message.objects.get(level="yellow", clock__kind="promised")
    assert case.display_number in message.words
    assert "3月9日到期" in message.words
    assert "东乡便民服务中心" in message.words
    assert message.words.startswith("黄牌")
    for private in (APPLICANT.name, APPLICANT.id_number, APPLICANT.phone):
        assert private
        assert not Message.objects.filter(words__contains=private).exists()


def test_trap_15_an_empty_desk_is_told_one_up_and_everybody_reads_why(county):
    county.received(county.matter())
    leave(county, "window0")
    at("2026-03-20 09:00")
    sweep()
    message = Message.objects.get(level="warning", clock__kind="acceptance")
    assert message.user == county.people["approver0"]
    assert "承办人无人在岗，已转上一级" in message.words


def test_trap_15_a_county_where_nobody_is_left_keeps_the_rung_until_somebody_comes(county):
    county.accepted(county.matter(promised=2), 1)
    leave(county, *(role for role in county.people if role != "system"))
    at("2026-03-04 09:00")
    claimed = sweep().claimed
    assert Untold.objects.filter(last_error="nobody_in_post", attempts=1).count() == claimed > 0
    person_in_post(PostKind.APPROVER, county.townships[1])
    at("2026-03-04 09:02")
    tell()
    assert not Untold.objects.exists()
    assert Message.objects.filter(level="warning").count() == claimed


def test_without_a_ladder_nothing_is_lost(county):
    LadderStep.objects.all().delete()
    county.accepted(county.matter(promised=2))
    at("2026-03-20 09:00")
    claimed = sweep().claimed
    assert Untold.objects.filter(last_error="no_ladder").count() == claimed
    load_ladder({"steps": [{"level": "red", "audience": "chief"}]})
    at("2026-03-20 09:05")
    assert tell().put_off == 0
    assert {message.level for message in Message.objects.all()} == {"red"}, "a level without steps is told to nobody"


def test_a_later_step_comes_after_its_working_days_and_only_while_the_clock_runs(county):
    steps = [{"level": "warning", "audience": "handler"}]
    load_ladder({"steps": [*steps, {"level": "warning", "audience": "county_supervisor", "delay_days": 2}]})
    late = county.accepted(county.matter(promised=9))
    done = county.accepted(county.matter(promised=9))
    at("2026-03-12 09:00")  # a Thursday
    sweep()
    watcher = {"user": county.people["supervisor"], "clock__kind": "promised"}
    assert not Message.objects.filter(**watcher).exists()
    county.granted(done)
    at("2026-03-16 08:00")  # before the office opens on Monday
    sweep()
    assert not Message.objects.filter(**watcher).exists()
    at("2026-03-16 09:00")
    sweep()
    assert [message.application_id for message in Message.objects.filter(**watcher)] == [late.pk]
    assert not Untold.objects.filter(warning__clock__kind="promised").exists()


# --- exactly once ---------------------------------------------------------------------------------------------------


def test_telling_again_tells_nobody_again(county):
    county.accepted(county.matter(promised=2))
    at("2026-03-20 09:00")
    sweep()
    count = Message.objects.count()
    for warning in LimitWarning.objects.all():  # as if the queue had come back from a backup
        Untold.objects.create(warning=warning, next_try_at=warning.recorded_at)
    assert tell().messages == 0
    assert Message.objects.count() == count > 0


def test_the_claim_queues_in_its_own_statement(county, django_assert_num_queries):
    county.accepted(county.matter(promised=2))
    at("2026-03-20 09:00")
    with django_assert_num_queries(1):
        claimed = claim_batch().claimed
    assert Untold.objects.count() == claimed > 0
    assert claim_batch().claimed == 0
    assert Untold.objects.count() == claimed


def test_trap_11_killed_between_claim_and_tell_the_next_turn_tells(county):
    county.accepted(county.matter(promised=2))
    at("2026-03-20 09:00")
    claimed = claim_batch().claimed  # and the worker dies here
    assert not Message.objects.exists()
    assert sweep().claimed == 0
    assert not Untold.objects.exists()
    assert Message.objects.values("key").distinct().count() == claimed


@pytest.mark.parametrize("dies_at", range(1, 10))
def test_trap_11_killed_at_any_statement_of_the_teller(county, monkeypatch, dies_at):
    county.accepted(county.matter(promised=2))
    at("2026-03-20 09:00")
    claimed = claim_batch().claimed
    seen = 0

    def die(execute, sql, params, many, context):
        nonlocal seen
        seen += 1
        if seen == dies_at:
            raise SystemExit  # not an error that anything catches
        return execute(sql, params, many, context)

    with connection.execute_wrapper(die), pytest.raises(SystemExit):
        tell()
    assert Untold.objects.count() == claimed, "all or nothing"
    assert not Message.objects.exists()
    assert tell().rungs == claimed
    assert Message.objects.values("key").distinct().count() == claimed


def test_trap_12_rungs_that_cannot_be_told_do_not_stand_before_the_others(county, monkeypatch):
    """The first N raise what they like; with a batch of two, the others are told all the same."""
    for _ in range(3):
        county.accepted(county.matter(promised=2))
    at("2026-03-20 09:00")
    claim_batch()
    bad = set(Untold.objects.order_by("pk").values_list("warning_id", flat=True)[:5])
    honest = telling._letters

    def letters(row, desk):
        if row.warning_id in bad:
            raise ValueError(row.warning_id)
        return honest(row, desk)

    monkeypatch.setattr(telling, "_letters", letters)
    count = Untold.objects.count()
    done = tell(batch_size=2)
    assert (done.rungs, done.put_off) == (count - 5, 5)
    assert set(Untold.objects.values_list("warning_id", "attempts", "last_error")) == {
        (warning, 1, "ValueError") for warning in bad
    }
    assert tell().put_off == 0, "they wait for their turn"
    at("2026-03-20 09:02")
    assert tell().put_off == 5
    assert not Message.objects.filter(key__in=[f"warning:{pk}" for pk in bad]).exists()
    monkeypatch.undo()
    at("2026-03-20 10:00")
    assert tell().rungs == 5
    assert not Untold.objects.exists()


def test_a_teller_that_fails_does_not_stop_the_heart(county, monkeypatch):
    def fails(**_options):
        raise RuntimeError

    monkeypatch.setattr("supervision.actions.sweep.tell", fails)
    county.accepted(county.matter(promised=2))
    at("2026-03-20 09:00")
    claimed = sweep().claimed
    assert SweepRun.objects.filter(finished_at__isnull=False).exists()
    assert Untold.objects.count() == claimed > 0


def test_a_flood_does_not_hold_the_heart_up(county, monkeypatch):
    """The sweep tells so many; its next turn, or the task of its own, tells the rest."""
    monkeypatch.setattr("supervision.actions.sweep.TOLD_AT_ONCE", 3)
    monkeypatch.setattr(telling.tell, "__kwdefaults__", {"batch_size": 2, "most": None})
    for _ in range(2):
        county.accepted(county.matter(promised=2))
    at("2026-03-20 09:00")
    claimed = sweep().claimed
    assert Untold.objects.count() == claimed - 4
    tasks.tell()
    assert not Untold.objects.exists()


@pytest.mark.parametrize("cases", [1, 6])
def test_a_batch_costs_the_same_however_many_rungs_are_in_it(county, django_assert_num_queries, cases):
    for _ in range(cases):
        county.accepted(county.matter(promised=2))
    at("2026-03-20 09:00")
    claimed = claim_batch().claimed
    with django_assert_num_queries(13):
        assert tell().rungs == claimed


def test_the_application_s_own_role_may_tell(county):
    county.accepted(county.matter(promised=2))
    call_command("secure_database", verbosity=0)
    at("2026-03-20 09:00")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE halls_app")
    claimed = sweep().claimed
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    assert not Untold.objects.exists()
    assert Message.objects.values("key").distinct().count() == claimed > 0


# --- the villager ---------------------------------------------------------------------------------------------------


def test_a_working_day_before_the_notice_ends_the_clerk_who_filed_is_to_tell_the_villager(county):
    case = correcting(county, days=5)  # Monday 2 March, until Monday the 9th
    at("2026-03-05 23:00")
    sweep()
    assert not Message.objects.filter(kind="tell_villager").exists()
    at("2026-03-06 00:01")
    sweep()
    task = Message.objects.get(kind="tell_villager")
    assert task.user == county.people["clerk0"]
    assert "3月9日" in task.words
    assert case.display_number in task.words
    text = Outbox.objects.get(message=task)
    assert (text.user, text.channel) == (None, "sms")
    assert text.not_before == datetime(2026, 3, 6, 8, 30, tzinfo=SHANGHAI), "when the office opens"
    assert not Message.objects.filter(level="warning", application=case).exclude(kind="tell_villager").exists()


def test_the_task_of_the_clerk_leads_to_the_verb_as_long_as_papers_are_missing(county, client):
    case = correcting(county, days=5)
    at("2026-03-06 09:00")
    sweep()
    task = Message.objects.get(kind="tell_villager")
    client.force_login(User.objects.get(pk=county.people["clerk0"].pk))
    page = client.get(reverse("message", args=[task.pk]))
    verb = reverse("case_verb", args=[case.number, "tell"])
    assert page.context["links"][0]["url"] == verb
    assert client.get(verb).status_code == 200
    supply(case.pk, actor=county.actor("clerk0"))
    page = client.get(reverse("message", args=[task.pk]))
    assert verb not in [link["url"] for link in page.context["links"]]


def test_a_villager_who_was_quicker_is_not_told(county):
    case = correcting(county, days=5)
    at("2026-03-05 10:00")
    supply(case.pk, actor=county.actor("clerk0"))
    at("2026-03-20 10:00")
    sweep()
    assert not Message.objects.filter(kind="tell_villager").exists()


# --- for others -----------------------------------------------------------------------------------------------------


def test_people_are_told_the_same_thing_once(county):
    case = county.accepted(county.matter())
    people = [county.people["approver0"], county.people["clerk0"]]
    assert tell_people(people, Message.Kind.NOTICE, "县里来检查。", case, key="visit:1") == 2
    assert tell_people(people, Message.Kind.NOTICE, "县里来检查。", case, key="visit:1") == 0
    assert tell_people(people[:1], Message.Kind.NOTICE, "县里又来检查。") == 1
    assert tell_people([], Message.Kind.NOTICE, "没有人") == 0
    assert Message.objects.count() == 3


def test_the_ladder_serves_what_is_no_rung_of_a_clock(county):
    case = county.accepted(county.matter())
    assert tell_ladder("default_action", case, "超时默认：视为同意。", key=f"default:{case.pk}") == 3
    assert told("default_action") == names(county, "approver0", "director0", "supervisor")
    assert tell_ladder("default_action", case, "超时默认：视为同意。", key=f"default:{case.pk}") == 0


def test_moved_dates_are_one_digest_for_each_person(county):
    cases = [county.accepted(county.matter()) for _ in range(3)]
    other = county.accepted(county.matter(), 1)
    moved = [MovedCase(case.pk, None, None) for case in (*cases, other)]
    assert tell_moved(moved, why="2027 年放假安排已启用", key="calendar:1") == 4
    assert tell_moved(moved, why="2027 年放假安排已启用", key="calendar:1") == 0
    digest = Message.objects.get(user=county.people["approver0"])
    assert "3 件" in digest.words
    assert {line["number"] for line in digest.detail["cases"]} == {case.number for case in cases}
    assert told("", user=county.people["clerk1"]) == names(county, "clerk1")


def test_a_digest_lists_so_many_cases_and_counts_the_rest(county, monkeypatch):
    monkeypatch.setattr("supervision.actions.tell_people.CASES_LISTED", 2)
    cases = [county.accepted(county.matter()) for _ in range(3)]
    tell_moved([MovedCase(case.pk, None, None) for case in cases], why="x", key="calendar:2")
    digest = Message.objects.get(user=county.people["approver0"])
    assert (len(digest.detail["cases"]), digest.detail["more"]) == (2, 1)


def test_one_tick_sweeps_tells_and_delivers(county, capsys, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    county.people["approver0"].phone = "13900000001"
    county.people["approver0"].save()
    county.accepted(county.matter(promised=2))
    at("2026-03-20 09:00")
    call_command("tick", "--json")
    printed = json.loads(capsys.readouterr().out)
    assert printed["swept"]["claimed"] > 0
    assert printed["told"]["rungs"] == 0, "the sweep told already"
    assert printed["delivered"] == {"sent": 1, "failed": 0, "needless": 0}
    call_command("tick")
    assert "新记 0 条" in capsys.readouterr().out
