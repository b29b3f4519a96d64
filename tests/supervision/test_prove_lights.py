"""The nightly proof: silent while all is right, loud for every kind of stored lie."""

import json

import pytest
from django.core.management import call_command
from django.db import connection

from applications.models import Application, Clock
from supervision import tasks
from supervision.actions.prove_lights import prove_lights
from supervision.actions.sweep import sweep
from supervision.models import ProofRun
from supervision.selectors import read_watch
from tests.factories.calendar import load_days
from tests.factories.tampering import unguarded
from tests.supervision.county import at, clock_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("due_at", {"due_at": "2026-03-11T23:59:59+08:00"}),
        ("warn_at", {"warn_at": None}),
        ("yellow_at", {"yellow_at": "2026-03-11T23:59:59+08:00"}),
        ("red_at", {"red_at": None}),
        ("is_provisional", {"is_provisional": True}),
        ("next_action_at", {"next_action_at": None}),
        ("next_action_at", {"next_action_at": "2027-01-01T00:00:00+08:00"}),
    ],
)
def test_a_clock_that_was_tampered_with_is_named(county, field, change):
    case = county.accepted(county.matter(promised=5))
    clock = clock_of(case, "promised")
    assert prove_lights().differences == ()
    with unguarded():
        Clock.objects.filter(pk=clock.pk).update(**change)
    found = [(one.clock_id, one.field) for one in prove_lights().differences]
    assert found == [(clock.pk, field)]


@pytest.mark.parametrize("change", [{"late_at": "2026-12-01T00:00:00+08:00"}, {"warn_at": None}, {"due_at": None}])
def test_a_case_whose_light_was_tampered_with_is_named(county, change):
    case = county.accepted(county.matter(promised=5))
    at("2026-03-20 09:00")
    sweep()
    with unguarded():
        Application.objects.filter(pk=case.pk).update(**change)
    found = prove_lights().differences
    assert next(iter(change)) in {one.field for one in found}
    assert {one.number for one in found} == {case.number}
    assert ("late_at" in change) == any(one.field == "light" for one in found)


def test_a_card_that_no_sweep_wrote_is_missed(county):
    case = county.accepted(county.matter(promised=2))
    at("2026-03-05 00:14")
    assert {one.field for one in prove_lights().differences} == {
        "card warning"
    }  # of the 3rd; the 4th's may be on its way
    at("2026-03-05 00:16")
    found = {(one.clock_id, one.field) for one in prove_lights().differences}
    assert (clock_of(case, "promised").pk, "card yellow") in found
    sweep()
    assert prove_lights().differences == ()


def test_a_case_begun_before_events_told_of_clocks_is_proved_as_it_goes_on(county):
    case = county.accepted(county.bureau_matter())
    with unguarded(), connection.cursor() as cursor:
        cursor.execute("UPDATE applications_event SET detail = detail - 'clocks'")
    at("2026-03-04 10:00")
    county.passed_on(case, "bureau_examiner")  # the next step is told, the one before it never was
    sweep()
    assert prove_lights(is_whole=True).differences == ()
    later = Clock.objects.filter(application=case, kind="step").latest("pk")
    with unguarded():
        Clock.objects.filter(pk=later.pk).update(due_at="2026-12-01T00:00:00+08:00")
    assert {one.clock_id for one in prove_lights(is_whole=True).differences} >= {later.pk}


def test_what_a_new_calendar_may_still_move_is_proved_every_night(county):
    case = county.delivered(county.granted(county.accepted(county.matter())))
    at("2026-04-20 09:00")  # seven weeks later
    with unguarded():
        Clock.objects.filter(pk=clock_of(case, "promised").pk).update(due_at="2026-12-01T00:00:00+08:00")
    assert {one.field for one in prove_lights().differences} == {"due_at"}
    at("2026-05-20 09:00")
    assert prove_lights().differences == ()


def test_a_changed_calendar_without_new_dates_is_noticed(county):
    county.accepted(county.matter(promised=5))
    load_days(2026, off=["2026-03-04"])
    assert "due_at" in {one.field for one in prove_lights().differences}


def test_the_command_tells_by_its_exit_code(county, capsys):
    case = county.accepted(county.matter(promised=5))
    call_command("prove_lights", "--json")
    assert json.loads(capsys.readouterr().out)["differences"] == []
    with unguarded():
        Clock.objects.filter(pk=clock_of(case, "promised").pk).update(red_at=None)
    with pytest.raises(SystemExit) as ended:
        call_command("prove_lights", "--json")
    assert ended.value.code == 1
    [difference] = json.loads(capsys.readouterr().out)["differences"]
    assert (difference["field"], difference["number"]) == ("red_at", case.number)
    with pytest.raises(SystemExit):
        call_command("prove_lights")
    assert "不符 1 处" in capsys.readouterr().out


def test_the_task_keeps_what_it_found_for_the_dashboard(county):
    assert read_watch().proof is None
    case = county.accepted(county.matter(promised=5))
    with unguarded():
        Clock.objects.filter(pk=clock_of(case, "promised").pk).update(red_at=None)
    tasks.prove()
    proof = read_watch().proof
    assert proof is not None
    assert (proof.differences, proof.clocks) == (1, ProofRun.objects.get().clocks)


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE applications_clock SET amount = amount + 5, {dates} WHERE id = {id}",
        "UPDATE applications_clockfact SET at = at + interval '7 days' WHERE clock_id = {id}; "
        "UPDATE applications_clock SET {dates} WHERE id = {id}",
        "UPDATE applications_clock SET state = 'stopped', stopped_at = started_at, {dates} WHERE id = {id}",
        "UPDATE applications_clock SET carried = 3, unit = 'cd', {dates} WHERE id = {id}",
    ],
)
def test_whoever_edits_facts_and_dates_alike_is_found_by_the_events(county, edit):
    case = county.accepted(county.matter(promised=5))
    clock = clock_of(case, "promised")
    dates = (
        "due_at = due_at + interval '7 days', yellow_at = NULL, red_at = NULL, warn_at = NULL, next_action_at = NULL"
    )
    with unguarded(), connection.cursor() as cursor:
        cursor.execute(edit.format(dates=dates, id=clock.pk))
    found = {(one.clock_id, one.field) for one in prove_lights().differences}
    assert {(clock.pk, "due_at"), (clock.pk, "red_at")} <= found


def test_a_clock_whose_row_is_gone_is_missed(county):
    case = county.accepted(county.matter(promised=5))
    clock = clock_of(case, "promised")
    with unguarded(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM applications_clockfact WHERE clock_id = %s", [clock.pk])
        cursor.execute("DELETE FROM applications_clock WHERE id = %s", [clock.pk])
    assert ("promised", "due_at", "None") in {(one.clock, one.field, one.stored) for one in prove_lights().differences}
