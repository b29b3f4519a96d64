"""A year that is published moves the dates that leaned on it, and nothing else."""

import json
from datetime import date

import pytest
from django.core.management import call_command

from applications.actions.rewrite_clocks import rewrite_clocks
from applications.actions.suspend import suspend
from applications.models import Application
from halls.domain.worktime import SHANGHAI
from supervision.actions.prove_lights import prove_lights
from supervision.actions.sweep import sweep
from tests.factories.calendar import load_days, unload_year
from tests.factories.walk import Walk
from tests.seed import DATA

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]


def test_a_published_year_makes_provisional_dates_certain(seeded, travel) -> None:
    travel("2025-12-24 10:00")
    unload_year(2026)
    case = Walk(seeded).accepted()
    assert Application.objects.get(pk=case.pk).is_provisional
    call_command("load_calendar", str(DATA / "calendar" / "2026.json"), verbosity=0)
    assert rewrite_clocks().changed == 1
    assert not Application.objects.get(pk=case.pk).is_provisional
    assert rewrite_clocks().changed == 0
    assert prove_lights().differences == ()


def test_a_day_off_more_moves_the_date_of_a_running_case(seeded, travel) -> None:
    travel("2026-03-02 10:00")
    case = Walk(seeded).accepted()
    load_days(2026, off=["2026-03-06"])
    rewrite_clocks()
    case.refresh_from_db()
    assert case.due_at is not None
    assert case.due_at.astimezone(SHANGHAI).date() == date(2026, 3, 17)


def test_after_a_sweep_there_is_still_nothing_to_rewrite(seeded, travel) -> None:
    travel("2026-03-02 10:00")
    Walk(seeded).accepted()
    travel("2026-03-13 10:00")
    assert sweep().claimed > 0
    assert rewrite_clocks().changed == 0


def test_a_stopped_clock_follows_too_so_that_the_nightly_proof_agrees(seeded, travel) -> None:
    travel("2026-03-02 10:00")
    walk = Walk(seeded)
    case = walk.delivered()
    load_days(2026, off=["2026-03-06"])
    assert prove_lights().differences != ()
    rewrite_clocks()
    assert prove_lights().differences == ()
    case.refresh_from_db()
    assert case.due_at is not None
    assert case.due_at.astimezone(SHANGHAI).date() == date(2026, 3, 17)


def test_a_paused_clock_stays_without_a_date(seeded, travel) -> None:
    travel("2026-03-02 10:00")
    walk = Walk(seeded)
    case = suspend(walk.accepted().pk, actor=walk.who("village_clerk"), was_told=True)
    rewrite_clocks()
    case.refresh_from_db()
    assert (case.due_at, case.late_at) == (None, None)


def test_the_command_says_what_it_did(seeded, capsys) -> None:
    call_command("rewrite_clocks", "--json")
    assert json.loads(capsys.readouterr().out) == {"cases": 0, "changed": 0}
