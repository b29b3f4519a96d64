"""Signs that no file format carries neither get into a paper nor keep anybody from its files."""

from datetime import date

import pytest

from halls.domain.printable import all_printable, printable
from supervision.actions.draft_bulletin import draft_bulletin
from supervision.actions.review_bulletin import review_bulletin
from supervision.domain.periods import Period, PeriodKind
from supervision.models import Bulletin
from supervision.papers import bulletin_docx, bulletin_xlsx
from supervision.selectors.bulletins import paged
from tests.supervision.county import at

ODD = "抓紧\x0b办理\x00。\x1b\ufffe"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [(ODD, "抓紧办理。"), ("一\r\n二\r三\t四", "一\n二\n三\t四"), ("\x85\xa0龘", "\x85\xa0龘"), ("", "")],
)
def test_what_nobody_sees_is_left_out(typed, kept):
    assert printable(typed) == kept
    assert all_printable({"a": [typed, 1, (typed,)]}) == {"a": [kept, 1, (kept,)]}


@pytest.mark.django_db
def test_remarks_with_control_characters_are_printed_without_them(county):
    at("2026-04-01 06:00")
    row = draft_bulletin(county.hall, Period(PeriodKind.MONTH, date(2026, 3, 1)))
    row = review_bulletin(row.pk, actor=county.actor("supervisor"), version=row.version, remarks=ODD)
    assert row.remarks == "抓紧办理。"
    content = paged(Bulletin.objects.get()) | {"remarks": [ODD]}  # as somebody may have kept it before
    for write in (bulletin_docx, bulletin_xlsx):
        assert write(content).startswith(b"PK")
