"""C03: a superuser edits events with every trigger off."""

import pytest

from tests.clock.attack import found, run, shown_after_the_night
from tests.factories.tampering import unguarded
from tests.supervision.county import County

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "change",
    [
        "at = at - interval '1 second'",
        "person_code = 'X'",
        "reason = reason || '。'",
        "detail = detail || '{\"note\": 1}'",
        "detail = detail - 'clocks'",
        "verb = 'submit'",
    ],
)
def test_one_changed_event_breaks_its_hash_and_is_shown(county: County, change: str) -> None:
    case = county.accepted(county.matter())
    assert found() == set()
    with unguarded():
        assert run(f"UPDATE applications_event SET {change} WHERE application_id = %s AND seq = 3", case.pk) == 1
    assert "hash" in found()
    text = shown_after_the_night(county)
    assert "内容与摘要不符：这一条被改动过。" in text
    assert str(case.number) in text
