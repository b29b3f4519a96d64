"""A guide is tried out on the real engine under a frozen clock, and nothing of it stays."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from applications.models import Application, Event
from halls.domain.errors import Invalid, NotPermitted
from halls.domain.worktime import ONE_DAY, day_of
from halls.models import Post
from halls.selectors.work_calendar import read_moment
from matters.actions.keep_scenario import drop_scenario, keep_scenario
from matters.actions.request_tryout import request_tryout
from matters.domain.catalogue_writer import as_dict
from matters.domain.matter_reader import trusted_record
from matters.models import GuideScenario, Matter, MatterVersion, Tryout
from matters.selectors.tryout import scenarios_of, verdict_of
from supervision.actions import _play
from supervision.actions._stage import freeze, stage
from supervision.actions.try_out import play_all, try_out, try_out_waiting
from tests.clock.attack import as_application, blocked

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]


def content(code: str) -> dict[str, Any]:
    version = Matter.objects.get(code=code).current
    assert version is not None
    return copy.deepcopy(version.content)


def played(record: dict[str, Any], *names: str) -> dict[str, list[str]]:
    guide = trusted_record(record)
    plays = [scenario for scenario in scenarios_of(guide) if not names or scenario.name in names]
    return {outcome.name: outcome.found for outcome in play_all(guide, plays)}


@pytest.mark.parametrize("code", ["NY-003", "MZ-014", "MZ-006"])
def test_a_sound_guide_passes_every_scenario_and_walks_every_step(code: str) -> None:
    done = try_out(request_tryout(content(code), actor=None).pk)
    assert done is not None
    assert done.passed, [result for result in done.results if not result["passed"]]
    assert done.missed == []
    assert verdict_of(done.content_hash).state == "passed"


def test_nothing_of_a_play_stays() -> None:
    before = (Application.objects.count(), Event.objects.count(), MatterVersion.objects.count())
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE oid = 'halls_now()'::regprocedure")
        clock = cursor.fetchone()
    played(content("MZ-006"), "照常办结", "没有人办，亮红灯")
    assert (Application.objects.count(), Event.objects.count(), MatterVersion.objects.count()) == before
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE oid = 'halls_now()'::regprocedure")
        assert cursor.fetchone() == clock


def test_the_stage_shows_the_moment_of_the_play_and_the_present_afterwards() -> None:
    with stage(), connection.cursor() as cursor:
        from datetime import datetime

        from halls.domain.worktime import SHANGHAI

        moment = datetime(2026, 3, 2, 9, 30, tzinfo=SHANGHAI)
        freeze(moment)
        cursor.execute("SELECT halls_now()")
        assert cursor.fetchone()[0] == moment
    with connection.cursor() as cursor:
        cursor.execute("SELECT abs(extract(epoch FROM halls_now() - clock_timestamp())) < 5")
        assert cursor.fetchone() == (True,)


def test_a_step_of_an_organ_that_nobody_serves_is_found() -> None:
    record = content("MZ-006")
    record["steps"][1]["days"] += 40  # longer than the promise that the other line still tells
    record["promised_limit"]["days"] += 40
    assert played(record, "长假前受理")["长假前受理"] == []
    own = "从 2026-03-02 09:30 起，在村提交\n收件\n受理\n一路办到送达，应为：当天办结"
    keep = trusted_record(record)
    from matters.domain.scenario import read_scenario

    (outcome,) = play_all(keep, [read_scenario("当天", own)])
    assert outcome.found
    assert "应为当天办结" in outcome.found[0]


def test_the_site_asks_and_only_the_owner_answers() -> None:
    asked = request_tryout(content("MZ-006"), actor=None)
    assert request_tryout(content("MZ-006"), actor=None).pk == asked.pk, "asked once"
    assert verdict_of(asked.content_hash).state == "waiting"
    assert try_out_waiting() == 1
    assert try_out_waiting() == 0
    assert verdict_of(asked.content_hash).state == "passed"
    with pytest.raises(DatabaseError), transaction.atomic():
        Tryout.objects.filter(pk=asked.pk).update(passed=False)


def test_of_one_matter_one_request_waits_and_the_newest_takes_its_place() -> None:
    first, second = content("MZ-006"), content("MZ-006") | {"notes": "新的"}
    asked = request_tryout(first, actor=None)
    newer = request_tryout(second, actor=None)
    assert newer.pk == asked.pk
    assert Tryout.objects.get().content_hash == trusted_record(second).content_hash
    request_tryout(content("NY-003"), actor=None)
    assert Tryout.objects.filter(finished_at__isnull=True).count() == 2
    assert verdict_of(trusted_record(first).content_hash).state == "none"


def test_the_role_of_the_site_replaces_what_waits_and_writes_no_verdict() -> None:
    asked = request_tryout(content("MZ-006"), actor=None)
    with as_application():
        request_tryout(content("MZ-006") | {"notes": "新的"}, actor=None)
        for change in ("passed = true", "finished_at = now()", "results = '[1]'", "code = 'NY-003'", "covered = '[1]'"):
            blocked(f"UPDATE matters_tryout SET {change}")
    assert try_out(asked.pk) is not None
    with as_application():
        blocked("UPDATE matters_tryout SET content_hash = 'x'")


def test_a_play_that_takes_too_long_ends_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_play, "MOST_SECONDS", -1.0)
    (found,) = played(content("MZ-006"), "照常办结").values()
    assert "试办太久" in found[0]


def test_a_matter_s_own_scenario_is_played_too(seeded) -> None:
    editor = seeded.actor("catalogue_editor")
    text = "从 2026-04-30 16:30 起，在村提交\n收件\n受理，应为：在办、到期按承诺"
    keep_scenario("MZ-006", "五一前", text, actor=editor)
    assert played(content("MZ-006"), "五一前") == {"五一前": []}
    with pytest.raises(Invalid):
        keep_scenario("MZ-006", "五一前", "胡写", actor=editor)
    with pytest.raises(NotPermitted):
        keep_scenario("MZ-006", "五一前", text, actor=seeded.actor("village_clerk"))
    drop_scenario("MZ-006", "五一前", actor=editor)
    assert "五一前" not in played(content("MZ-006"), "五一前")


def test_as_dict_is_what_is_tried() -> None:
    record = trusted_record(content("NY-003"))
    assert as_dict(record) == content("NY-003")


# --- what goes wrong is the verdict ----------------------------------------------------------------------------------


def test_a_scenario_that_looks_for_a_limit_before_acceptance_fails_and_the_next_guide_is_tried_out(seeded) -> None:
    text = "从 2026-03-02 10:00 起，在乡镇提交\n收件，应为：到期按承诺"
    keep_scenario("MZ-006", "看得太早", text, actor=seeded.actor("catalogue_editor"))
    early, next_one = request_tryout(content("MZ-006"), actor=None), request_tryout(content("NY-003"), actor=None)
    assert try_out_waiting() == 2
    early.refresh_from_db()
    assert early.passed is False
    (found,) = [result for result in early.results if not result["passed"]]
    assert (found["name"], found["found"]) == ("看得太早", ["收件，应为：到期按承诺：办件还没有到这一步，没有可看的"])
    next_one.refresh_from_db()
    assert next_one.passed is True


@pytest.mark.parametrize("fault", ["no_bureau", "no_guide", "no_scenario"])
def test_a_guide_that_cannot_be_put_on_the_stage_gets_a_failed_verdict(fault: str) -> None:
    asked = request_tryout(content("MZ-006"), actor=None)
    if fault == "no_scenario":
        GuideScenario.objects.create(code="MZ-006", name="读不懂", text="从前有座山")
    else:
        kept = content("MZ-006") | {"department_full": "县没有这个局"} if fault == "no_bureau" else {"id": "MZ-006"}
        Tryout.objects.filter(pk=asked.pk).update(content=kept)
    done = try_out(asked.pk)
    assert done is not None
    assert done.passed is False
    assert done.results[0]["name"] == "摆上试办台"
    assert done.results[0]["found"][0]
    assert verdict_of(done.content_hash).state == "failed"


def test_a_lock_that_the_county_s_work_holds_leaves_the_try_out_waiting() -> None:
    asked = request_tryout(content("NY-003"), actor=None)
    beside = connection.get_new_connection(connection.get_connection_params())
    try:
        with beside.cursor() as cursor:
            cursor.execute("LOCK TABLE applications_clock IN ACCESS EXCLUSIVE MODE")
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '200ms'")
            assert try_out(asked.pk) is None
            cursor.execute("SET LOCAL lock_timeout = 0")
    finally:
        beside.close()
    assert verdict_of(asked.content_hash).state == "waiting"
    done = try_out(asked.pk)
    assert done is not None
    assert done.passed is True


def test_a_county_whose_people_were_all_appointed_yesterday_passes(seeded) -> None:
    """The days of the plays lie ahead of today; nobody has to have been in post on some day of the past."""
    Post.objects.update(starts_on=day_of(read_moment().at) - ONE_DAY)
    done = try_out(request_tryout(content("MZ-006"), actor=None).pk)
    assert done is not None
    assert done.passed, [result for result in done.results if not result["passed"]]
