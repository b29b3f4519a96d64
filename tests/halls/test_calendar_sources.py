"""A year is cited by every document that made it what it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from halls.actions.sign_calendar import confirm_notice, draft_of_state, propose_notice
from halls.selectors.calendar_sources import sources_of
from halls.selectors.work_calendar import load_calendar
from tests.factories.calendar import with_days
from tests.halls.test_sign_calendar import county_notice

pytestmark = pytest.mark.django_db


def cited() -> str:
    return sources_of(load_calendar())[2026].document_no


def test_each_document_of_the_county_stays_cited_beside_the_state_s(signers):
    state = cited()
    assert state
    county_notice(signers, "2026-05-20 放假 县庆", "奉节府发〔2026〕3号")
    county_notice(signers, "2026-06-10 放假 抗旱", "奉节府发〔2026〕8号")
    assert cited() == f"{state}、奉节府发〔2026〕3号、奉节府发〔2026〕8号"
    paper = replace(with_days(2026, off=["2026-03-06"]), document_no="国办发明电〔2026〕9号")
    notice = propose_notice(draft_of_state(paper), actor=signers["administrator"], reason="补充通知")
    confirm_notice(notice.pk, actor=signers["supervisor"], reason="已核对原文")
    assert cited() == "国办发明电〔2026〕9号", "a new notice of the State takes the place of all before it"
