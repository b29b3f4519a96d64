"""What tests of drafts ask again and again."""

from __future__ import annotations

from datetime import date

from halls.domain.worktime import day_of
from halls.selectors.work_calendar import read_moment
from matters.models import Matter, MatterVersion
from tests.factories.drafts import CODE


def today() -> date:
    return day_of(read_moment().at)


def current(code: str = CODE) -> MatterVersion:
    found = Matter.objects.select_related("current").get(code=code).current
    assert found is not None
    return found


def fields(caught) -> list[str]:
    return [problem.field for problem in caught.value.problems]


# --- the way of a draft ----------------------------------------------------------------------------------------------
