"""C16: beat, worker or trigger is stopped, so that no warning appears."""

import pytest
from django.db import connection

from applications.models import Application
from applications.selectors.lights import colour_column
from halls.selectors.work_calendar import read_moment
from supervision.actions.prove_lights import prove_lights
from supervision.actions.sweep import sweep
from supervision.models import LimitWarning
from tests.clock.attack import as_application, run, shown
from tests.supervision.county import County, at, clock_of

pytestmark = pytest.mark.django_db
SILENT = "预警、黄牌、红牌没有登记"


def colour(case: Application) -> str:
    rows = Application.objects.filter(pk=case.pk).annotate(colour=colour_column(read_moment().at))
    return str(rows.values_list("colour", flat=True).get())


def test_the_light_is_red_though_nobody_swept_and_the_silence_is_told(county: County) -> None:
    case = county.accepted(county.matter(promised=5))
    sweep()
    at("2026-03-10 09:00")
    assert not LimitWarning.objects.filter(application=case, level="red").exists()
    assert colour(case) == "red"
    assert SILENT in shown(county)
    assert SILENT in shown(county, "supervision")
    assert {"card yellow"} <= {one.field for one in prove_lights().differences}


def test_what_was_slept_through_is_written_with_its_own_moment(county: County) -> None:
    case = county.accepted(county.matter(promised=5))
    at("2026-03-13 09:00")
    sweep()
    card = LimitWarning.objects.get(application=case, level="yellow", clock_kind="promised")
    assert card.effective_at == clock_of(case, "promised").yellow_at
    assert card.recorded_at > card.effective_at
    assert card.is_late
    assert SILENT not in shown(county)


def test_a_clock_that_the_sweep_is_told_to_forget_is_missed(county: County) -> None:
    case = county.accepted(county.matter(promised=5))
    with as_application():  # the sweep's own bookmark, which the site may move
        run("UPDATE applications_clock SET next_action_at = NULL")
    assert {(one.number, one.field) for one in prove_lights().differences} >= {(case.number, "next_action_at")}


def test_a_switched_off_trigger_is_known(county: County) -> None:
    """Every guard of the ledger stands and is switched on; the test of the triggers would be silent without this."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'O'"
        )
        assert cursor.fetchall() == []
