"""A year is cited by every document that made it what it is."""

from __future__ import annotations

import pytest

from halls.selectors.calendar_sources import sources_of
from halls.selectors.work_calendar import load_calendar
from tests.halls.test_sign_calendar import confirmed, county_notice, signers  # noqa: F401 - the fixture

pytestmark = pytest.mark.django_db


def cited() -> str:
    return sources_of(load_calendar())[2026].document_no


def test_each_document_of_the_county_stays_cited_beside_the_state_s(signers):  # noqa: F811
    state = cited()
    assert state
    county_notice(signers, "2026-05-20 放假 县庆", "奉节府发〔2026〕3号")
    county_notice(signers, "2026-06-10 放假 抗旱", "奉节府发〔2026〕8号")
    assert cited() == f"{state}、奉节府发〔2026〕3号、奉节府发〔2026〕8号"
    confirmed(signers, off=["2026-03-06"])
    assert "奉节府发" not in cited(), "a new notice of the State takes the place of all before it"
