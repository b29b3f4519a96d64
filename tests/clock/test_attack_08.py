"""C08: holidays are added to the calendar."""

import pytest

from halls.models import CalendarDay
from supervision import tasks
from supervision.actions.prove_lights import prove_lights
from tests.clock.attack import blocked, blocked_as_application, run, shown
from tests.factories.tampering import unguarded
from tests.supervision.county import County

pytestmark = pytest.mark.django_db
ADD = "INSERT INTO halls_calendarday (date, kind, name, year) VALUES ('2026-03-04', 'holiday', '停电', 2026)"
STATEMENTS = [
    ADD,
    "UPDATE halls_calendarday SET date = date + 1 WHERE date = '2026-10-01' OR date = '2026-05-05'",
    "DELETE FROM halls_calendarday WHERE kind = 'makeup'",
    "DELETE FROM halls_calendaryear",
]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_one_hand_adds_no_holiday(county: County, statement: str) -> None:
    county.accepted(county.matter(promised=5))
    blocked_as_application(statement, by=("42501", "23001", "23503", "23505", "23514"))
    blocked(statement, by=("23001", "23503", "23505", "23514"))


def test_a_day_that_an_owner_forces_in_moves_no_date_and_is_found(county: County) -> None:
    case = county.accepted(county.matter(promised=5))
    before = case.due_at
    with unguarded("halls_calendarday", "halls_calendaryear"):
        run(ADD)
    assert CalendarDay.objects.filter(name="停电").exists()
    case.refresh_from_db()
    assert case.due_at == before
    assert {"due_at"} <= {one.field for one in prove_lights().differences}
    tasks.prove()
    assert "承诺时限的到期日存的是" in shown(county)
    assert "与事实不符" in shown(county, "supervision")
