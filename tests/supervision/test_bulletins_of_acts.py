"""Orders, complaints and ratings in statistics and bulletins: equal to a recount from acts, closed once for ever."""

import io
import zipfile
from datetime import date, timedelta

import pytest
from openpyxl import load_workbook

from applications.actions.accept import accept
from applications.models import Application
from halls.models import Hall
from halls.selectors.work_calendar import load_calendar
from supervision.actions.close_month import adjust_month, close_month, digest_of
from supervision.actions.draft_bulletin import draft_bulletin
from supervision.domain.columns import BY_KEY, KEPT, OF_ACTS, SECTIONS
from supervision.domain.periods import Period, PeriodKind
from supervision.models import MonthAdjustment, MonthClose, Voice
from supervision.papers import bulletin_docx, bulletin_xlsx
from supervision.selectors.bulletins import paged
from supervision.selectors.period_sheet import sheet_of
from tests.supervision.acting import winter
from tests.supervision.county import at
from tests.supervision.ordering import issue
from tests.supervision.recount_periods import Span, act_counts, lying_at_departments
from tests.supervision.voices import NAME, PHONE, lodged

pytestmark = pytest.mark.django_db
MARCH = Period(PeriodKind.MONTH, date(2026, 3, 1))
DECEMBER = Period(PeriodKind.MONTH, date(2026, 12, 1))
MONTHS = tuple(Period(PeriodKind.MONTH, first) for first in (date(2026, 11, 1), DECEMBER.first, date(2027, 1, 1)))
WEEKS = tuple(Period(PeriodKind.WEEK, date(2026, 11, 30) + timedelta(weeks=n)) for n in range(9))


def counted(county, period):
    """The columns of acts as the sheet has them, nothing that is nought; and what lies at departments."""
    sheet = sheet_of(period, county.hall, load_calendar())
    lines = {line.body.path: line.counts for line in (*sheet.halls, *sheet.organs)}
    found = {path: {key: counts[key] for key in OF_ACTS if counts.get(key)} for path, counts in lines.items()}
    open_at = {line.body.path: line.counts.get("open", 0) for line in sheet.organs}
    return {path: counts for path, counts in found.items() if counts}, {k: n for k, n in open_at.items() if n}


def test_every_column_equals_a_recount_from_acts_and_a_closed_month_stays(county):
    watchers = {hall.path: [county.people[f"director{n}"].full_name] for n, hall in enumerate(county.townships)}
    closed = None
    for moment in winter(county):
        if moment == "2027-01-01 00:00":
            closed = close_month(county.hall, DECEMBER)
    assert closed is not None
    seen = set()
    for period in (*MONTHS, *WEEKS):
        span = Span(period.first, period.last)
        wanted = act_counts(span, watchers)
        found, lying = counted(county, period)
        assert found == {path: dict(counts) for path, counts in wanted.items()}, period.label
        assert lying == dict(lying_at_departments(span)), period.label
        seen |= {key for counts in found.values() for key in counts}
    assert set(OF_ACTS) - seen == set()
    at("2027-02-01 06:00")
    assert adjust_month(closed) == []
    words = draft_bulletin(county.hall, MONTHS[-1]).content
    assert words["corrections"] == []


def test_the_county_is_the_sum_of_weeks_and_no_act_is_counted_twice(county):
    for _moment in winter(county):
        pass
    stocks = {key for key in OF_ACTS if BY_KEY[key].label.startswith("期末")}
    flows = [key for key in OF_ACTS if key not in stocks | {"rated_valid", "rated_content", "rated_bad"}]
    weeks = [counted(county, week)[0] for week in WEEKS]
    months = [counted(county, month)[0] for month in MONTHS]
    for key in flows:
        by_week = sum(counts.get(key, 0) for found in weeks for counts in found.values())
        by_month = sum(counts.get(key, 0) for found in months for counts in found.values())
        assert by_week == by_month, key  # the weeks cover the last day of November through the last of January


@pytest.fixture
def lively(county):
    """March with an order, a complaint and an inquiry, over."""
    at("2026-03-03 10:00")
    issue(county)
    lodged(county.villages[0])
    lodged(county.bureau)
    at("2026-04-01 06:00")
    return county


def test_a_month_closed_without_these_columns_gets_no_false_correction(lively):
    figures = {
        path: {k: n for k, n in counts.items() if k not in OF_ACTS} for path, counts in close_figures(lively).items()
    }
    cases = [key for key in KEPT if key not in OF_ACTS]
    closed = MonthClose.objects.create(
        county=lively.hall, first=MARCH.first, figures=figures, columns=cases, digest=digest_of(figures), events=0,
        closed_at=MARCH.ends_at,
    )  # fmt: skip
    assert adjust_month(closed) == []
    assert not MonthAdjustment.objects.exists()


def close_figures(county):
    return sheet_of(MARCH, county.hall, load_calendar()).by_path()


def test_a_new_closing_says_what_it_counted_and_tells_a_change_of_acts(lively):
    closed = close_month(lively.hall, MARCH)
    assert closed.columns == list(KEPT)
    assert closed.figures[lively.townships[0].path]["complaints"] == 1
    assert closed.figures[lively.bureau.path]["complaints"] == 1
    assert adjust_month(closed) == []


def test_what_lay_at_a_department_when_the_month_ended_is_no_correction_later(county):
    desk = {"level": "county", "actor": county.bureau.organ}
    there = [{"kind": "accept"}, {"kind": "review", "days": 4, **desk}, {"kind": "decide", "days": 5}]
    gone = county.accepted(county.matter(promised=10, steps=there))
    late = county.received(county.bureau_matter())
    at("2026-04-01 06:00")
    closed = close_month(county.hall, MARCH)
    assert closed.figures[county.bureau.path] == {"open": 1, "open_overdue": 1}
    county.passed_on(gone, "bureau_examiner")
    accept(late.pk, {}, actor=county.actor("window0"))
    assert Application.objects.get(pk=gone.pk).seat_path == county.townships[0].path
    assert Application.objects.get(pk=late.pk).seat_path == county.bureau.path
    # Accepted after the five days it counts from the day on which it was received, and so does its promise, which has
    # run out since: those are corrections.
    east, bureau = county.townships[0].path, county.bureau.path
    corrected = {(one.path, one.column) for one in adjust_month(closed)}
    assert corrected == {(east, "accepted"), (east, "due"), (east, "open_overdue"), (bureau, "due")}


def test_a_township_that_was_dissolved_later_keeps_its_months(lively):
    east, west = (hall.path for hall in lively.townships)
    closed = close_month(lively.hall, MARCH)
    Hall.objects.filter(path__in=(east, west)).update(retired_on=date(2026, 4, 15))
    assert adjust_month(closed) == []
    listed = []
    for first in (MARCH.first, date(2026, 4, 1), date(2026, 5, 1)):
        sheet = sheet_of(Period(PeriodKind.MONTH, first), lively.hall, load_calendar())
        listed.append({line.body.path for line in sheet.halls} & {east, west})
    # In May nothing is left to count in the west; in the east an order and a complaint still stand.
    assert listed == [{east, west}, {east, west}, {east}]


def test_every_column_of_acts_is_defined_and_fits_a_correction():
    columns = [column for section in SECTIONS for column in section.columns]
    longest = MonthAdjustment._meta.get_field("column").max_length or 0
    assert all(len(column.definition) > 6 and len(column.key) <= longest for column in columns)
    assert len({column.key for column in columns}) == len({column.label for column in columns}) == len(columns)


def test_page_word_and_excel_print_the_tables_and_nobody_s_name(lively):
    content = paged(draft_bulletin(lively.hall, MARCH))
    captions = [table["caption"] for table in content["tables"]]
    assert captions == [name for section in SECTIONS for name in (section.halls, section.organs)]
    with zipfile.ZipFile(io.BytesIO(bulletin_docx(content))) as book:
        text = book.read("word/document.xml").decode()
    book = load_workbook(io.BytesIO(bulletin_xlsx(content)))
    sheets = {name: list(sheet.values) for name, sheet in ((name, book[name]) for name in book.sheetnames)}
    for table in content["tables"]:
        assert table["caption"] in text
        assert len(sheets[table["caption"]]) == len(table["rows"]) + 1
    assert "签发督办单 1 张" in "".join(content["summary"])
    assert "收到投诉 2 件" in "".join(content["summary"])
    assert "没有收到评价" in "".join(content["summary"])
    everything = text + repr(content) + repr(sheets)
    voice = Voice.objects.all()[0]
    for word in (NAME, PHONE, voice.number, voice.words):
        assert word not in everything
