"""Records around the clock: numbers, runs of the sweep, posts, guides, messages, and what two persons signed."""

from contextlib import nullcontext
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications.actions.hand_over import hand_over, take_over
from applications.actions.make_result import make_result
from applications.domain.rule_file import digest_of
from applications.models import Application, Document, Event, RuleSet
from halls.actions.end_post import end_post
from halls.domain.duties import PostKind
from halls.models import Post
from matters.actions.publish_policy import Proposal, confirm_policy, propose_policy
from supervision.actions import sweep as sweeping
from supervision.actions._claim import claim_batch
from supervision.actions.anchor_ledger import anchor_ledger
from supervision.actions.prove_lights import prove_lights
from supervision.actions.sweep import sweep, sweep_unless_running
from supervision.models import LimitWarning, Message, SweepRun
from tests.clock.attack import GUARDED, as_application, blocked_as_application, found, run, shown
from tests.factories.halls import person_in_post
from tests.factories.tampering import unguarded
from tests.supervision.county import County, at

pytestmark = pytest.mark.django_db
RUN = (
    "INSERT INTO supervision_sweeprun (started_at, finished_at, scanned, claimed, resumed, failed, lag_seconds)"
    " VALUES (halls_now(), {}, 0, 0, 0, 0, 0)"
)


def refused(sql: str, *values: Any) -> None:
    blocked_as_application(sql, *values, by=(GUARDED,))


@pytest.fixture
def case(county: County) -> Application:
    return county.accepted(county.matter(promised=5))


# --- numbers ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ["-5", "0", "nextval('applications_event_id_seq') + 1"])
def test_no_writer_chooses_the_number_of_an_event(county: County, case: Application, number: str) -> None:
    with as_application():
        run(
            "INSERT INTO applications_event (id, application_id, seq, verb, from_status, to_status, at, user_id,"
            " person_code, actor_name, actor_post, place, reason, detail, prev_hash, hash)"
            f" SELECT {number}, %s, 0, 'recalculate', 'in_progress', 'in_progress', halls_now(), id, person_code,"
            " full_name, '', '', '', '{}', '', '' FROM halls_user WHERE id = %s",
            case.pk,
            county.people["window0"].pk,
        )
    newest = Event.objects.filter(application=case).order_by("-seq").values_list("pk", flat=True)
    assert newest[0] > newest[1]
    county.accepted(county.matter())  # the next number hits nobody


def test_papers_and_hand_overs_have_the_moment_and_the_person_of_their_act(county: County, case: Application) -> None:
    make_result(county.granted(case).pk, actor=county.actor("window0"))
    hand_over(case.pk, actor=county.actor("window0"), to_hall=county.villages[0].code)
    refused(
        "UPDATE applications_handover SET taken_at = '2020-01-01', taken_by_id = %s", county.people["clerk0"].pk
    )  # nobody took it over
    now = at("2026-03-04 10:00")
    take_over(case.pk, actor=county.actor("clerk0"))
    assert case.hand_overs.get().taken_at == now
    other = county.filed(county.matter())
    with unguarded("applications_document"):
        run("DELETE FROM applications_document WHERE application_id = %s", other.pk)
    with as_application():
        run(
            "INSERT INTO applications_document (application_id, kind, number, event_seq, content, issued_at)"
            " SELECT id, 'submission', 'X9', event_seq, '{}', '2020-01-01' FROM applications_application WHERE id = %s",
            other.pk,
        )
    assert Document.objects.get(number="X9").issued_at == now


# --- guides, routes, posts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE matters_step SET days = 250 WHERE version_id = %s",
        "DELETE FROM matters_step WHERE version_id = %s",
        "INSERT INTO matters_legalbasis (version_id, seq, law, document_no, articles) VALUES (%s, 9, 'x', '', '{}')",
        "INSERT INTO matters_condition (version_id, seq, text) VALUES (%s, 99, 'x')",
    ],
)
def test_what_a_guide_in_use_is_made_of_stays(county: County, case: Application, change: str) -> None:
    refused(change, case.guide_id)


def test_no_step_is_added_to_the_route_of_a_case(case: Application) -> None:
    columns = "name, kind, unit, counts, is_leading, is_final_decision, is_after_decision, level, organ, path, hall_id"
    refused(
        f"INSERT INTO applications_applicationstep (application_id, seq, days, {columns})"
        f" SELECT application_id, 90, 250, {columns}"
        " FROM applications_applicationstep WHERE application_id = %s LIMIT 1",
        case.pk,
    )


def test_a_post_changes_with_its_history(county: County) -> None:
    person = county.people["window1"]
    refused("UPDATE halls_post SET kind = 'supervisor', hall_id = %s WHERE user_id = %s", county.hall.pk, person.pk)
    refused("UPDATE halls_post SET ends_on = '2020-01-01', starts_on = '2020-01-01' WHERE user_id = %s", person.pk)
    refused("DELETE FROM halls_post WHERE user_id = %s", person.pk)
    administrator = person_in_post(PostKind.ADMINISTRATOR, county.hall)
    county.people["administrator"] = administrator
    actor = county.actor("administrator")
    run("SET CONSTRAINTS ALL DEFERRED")
    with as_application():
        end_post(actor=actor, user=person, node=county.townships[1], on=date.today() + timedelta(days=1))
        run("SET CONSTRAINTS ALL IMMEDIATE")
    assert Post.objects.get(user=person).ends_on is not None


# --- the sweep ----------------------------------------------------------------------------------------------------


def test_no_run_of_the_sweep_is_forged_changed_or_taken_away(county: County) -> None:
    with as_application():
        sweep()
    refused(RUN.format("halls_now()"))
    for change in (
        "UPDATE supervision_sweeprun SET finished_at = halls_now()",
        "UPDATE supervision_sweeprun SET clock_gap_seconds = NULL, claimed = 9",
        "DELETE FROM supervision_sweeprun",
    ):
        refused(change)
    with as_application():
        run(RUN.format("NULL"))
        run("UPDATE supervision_sweeprun SET clock_gap_seconds = 900 WHERE finished_at IS NULL")
    refused("UPDATE supervision_sweeprun SET clock_gap_seconds = NULL WHERE finished_at IS NULL")
    with unguarded("supervision_sweeprun"):
        run("UPDATE supervision_sweeprun SET session = session + 1 WHERE finished_at IS NULL")
    refused("UPDATE supervision_sweeprun SET finished_at = halls_now() WHERE finished_at IS NULL")


def test_whoever_holds_the_lock_of_the_sweep_is_told_of(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    sweep()
    monkeypatch.setattr(sweeping, "_alone", lambda: nullcontext(False))  # another session has the lock
    for minute in range(1, 7):
        at(f"2026-03-02 10:{minute:02d}")
        assert sweep_unless_running() is None
        with as_application():  # the holder goes on pretending
            run(RUN.format("NULL"))
            run(
                "UPDATE supervision_sweeprun SET finished_at = halls_now()"
                " WHERE finished_at IS NULL AND NOT found_locked"
            )
    answer = Client().get(reverse("healthz_sweep"))
    assert (answer.status_code, answer.json()["status"]) == (503, "blocked")
    assert "锁被占用，没有巡检" in shown(county)
    assert "巡检被挡住" in shown(county, "supervision")
    refused("DELETE FROM supervision_sweeprun WHERE found_locked")
    assert SweepRun.objects.filter(found_locked=True).count() == 6


# --- who was told -------------------------------------------------------------------------------------------------


def test_a_queue_that_was_emptied_is_found(county: County, case: Application) -> None:
    at("2026-03-13 09:00")
    claim_batch()
    assert LimitWarning.objects.exists()
    with as_application():
        run("DELETE FROM supervision_untold")
    at("2026-03-13 09:30")
    assert "told yellow" in {one.field for one in prove_lights().differences}


def test_a_message_is_read_now_and_once(county: County, case: Application) -> None:
    at("2026-03-13 09:00")
    sweep()
    now = at("2026-03-13 09:10")
    with as_application():
        run("UPDATE supervision_message SET read_at = '2020-01-01'")
    assert set(Message.objects.values_list("read_at", flat=True)) == {now}
    refused("UPDATE supervision_message SET read_at = NULL")


def test_both_who_signed_hear_of_it_from_the_database(county: County, case: Application) -> None:
    matter = county.matter()
    said: dict[str, Any] = {"law": "示例办法", "article": "第八条", "document_no": "示府发〔2026〕3号"}
    proposal = Proposal(
        matter_code=matter.code, place="renewal", policy="escalate", effective_on=date(2026, 3, 2), **said
    )
    second = person_in_post(PostKind.ADMINISTRATOR, county.hall)
    county.people["second"] = second
    row = propose_policy(proposal, actor=county.actor("supervisor"), reason="常务会议定")
    confirm_policy(row.pk, actor=county.actor("second"))
    told = Message.objects.filter(key__startswith="signature:").order_by("pk").values_list("user_id", "words")
    first, other = list(told)
    assert (first[0], other[0]) == (county.people["supervisor"].pk, second.pk)
    assert "提出超时默认规则" in first[1]
    assert "确认超时默认规则" in other[1]
    assert "如不是您本人办理的" in other[1]
    refused("DELETE FROM supervision_message")


# --- what the owner rewrites --------------------------------------------------------------------------------------


def test_rules_softened_with_the_dates_that_follow_are_found(county: County, case: Application) -> None:
    anchor_ledger()
    assert found(with_anchors=True) == set()
    with unguarded("applications_cardrule"):
        run("UPDATE applications_cardrule SET value = 240 WHERE level = 'red' AND side = 'over' AND unit = 'wd'")
    assert found() == {"rules"}
    with unguarded("applications_ruleset"):  # the digest goes with it
        run("UPDATE applications_ruleset SET digest = %s", _digest_now())
    assert found() == set()
    assert found(with_anchors=True) == {"anchor_rewritten"}


def test_a_year_rewritten_with_its_notice_is_found(county: County, case: Application) -> None:
    anchor_ledger()
    tables = ("halls_calendarday", "halls_calendaryear", "halls_calendarnotice")
    with unguarded(*tables):
        run("INSERT INTO halls_calendarday (year, date, kind, name) VALUES (2026, '2026-12-08', 'holiday', '县庆')")
    assert found() == {"calendar"}
    with unguarded(*tables):
        run(
            "UPDATE halls_calendarnotice SET effective = jsonb_set(effective, '{days}', (SELECT jsonb_agg("
            "jsonb_build_object('date', to_char(date, 'YYYY-MM-DD'), 'kind', kind, 'name', name) ORDER BY date)"
            " FROM halls_calendarday WHERE year = 2026)), sha256 = halls_calendar_digest(2026) WHERE year = 2026"
        )
        run("UPDATE halls_calendaryear SET sha256 = halls_calendar_digest(2026) WHERE year = 2026")
    assert found() == set()
    assert found(with_anchors=True) == {"anchor_rewritten"}
    with unguarded(*tables):
        run("UPDATE halls_calendaryear SET version = version + 1 WHERE year = 2026")
    assert found(with_anchors=True) == {"anchor_rewritten"}  # the notice is sealed by itself


def _digest_now() -> str:
    return digest_of(RuleSet.objects.get().sheet().entries)
