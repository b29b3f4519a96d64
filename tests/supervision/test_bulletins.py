"""Statistics and bulletins: counted from the books, closed once, reviewed by one, signed by another, printed thrice."""

import io
import zipfile
from collections import Counter, defaultdict
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.test import Client
from openpyxl import load_workbook

from applications.models import Application, Event
from halls.acting import acting_user
from halls.domain.duties import PostKind
from halls.domain.errors import NotFound, Refused, Stale
from halls.domain.worktime import day_of
from halls.selectors.work_calendar import load_calendar
from supervision.actions.close_month import adjust_month, close_month
from supervision.actions.draft_bulletin import draft_bulletin, draft_what_is_due
from supervision.actions.drop_bulletin import drop_bulletin
from supervision.actions.review_bulletin import review_bulletin
from supervision.actions.sign_bulletin import sign_bulletin
from supervision.actions.sweep import sweep
from supervision.domain.columns import HIDDEN, OF_ACTS
from supervision.domain.periods import Period, PeriodKind
from supervision.models import Bulletin, LimitWarning, MonthAdjustment, MonthClose
from supervision.papers import bulletin_docx, bulletin_xlsx
from supervision.selectors.bulletins import paged
from supervision.selectors.period_sheet import sheet_of
from tests.factories.halls import person_in_post
from tests.supervision.conftest import make_busy
from tests.supervision.county import at

pytestmark = pytest.mark.django_db
MARCH = Period(PeriodKind.MONTH, date(2026, 3, 1))


@pytest.fixture
def march(county):
    """A busy month that is over."""
    make_busy(county)
    at("2026-04-01 06:00")
    sweep()
    return county


@pytest.fixture
def second(county):
    return acting_user(person_in_post(PostKind.SUPERVISOR, county.hall))


def signed(county, second, period=MARCH):
    row = draft_bulletin(county.hall, period)
    row = review_bulletin(row.pk, actor=county.actor("supervisor"), version=row.version, remarks="请各乡镇抓紧办理。")
    return sign_bulletin(row.pk, actor=second, version=row.version)


def streamed(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def body_of(path):
    parts = path.split("/")
    return "/".join(parts[:2]) + "/" if parts[1] else path


OF_VERB = {
    "receive": "received",
    "accept": "accepted",
    "handle_immediately": "accepted",
    "decline": "declined",
    "withdraw": "withdrawn",
    "deem_withdrawn": "withdrawn",
    "grant": "finished",
    "refuse": "finished",
}


def recounted(case):
    """What the events of one case say of March: plain Python, nothing of the selector."""
    told = list(Event.objects.filter(application=case).order_by("seq").values_list("verb", "at"))
    within = [(verb, moment) for verb, moment in told if MARCH.holds(moment)]
    found = Counter(OF_VERB[verb] for verb, _moment in within if verb in OF_VERB)
    if "deem_accepted" in dict(told) and MARCH.holds(dict(told)["receive"]):  # 自收到之日起即为受理
        found["accepted"] += 1
    for moment in (then for verb, then in within if verb in ("grant", "refuse")):
        found["late" if case.due_at and moment > case.due_at else "on_time"] += 1
        found["early"] += bool(case.due_at and day_of(moment) < day_of(case.due_at))
    found["open"] += case.ended_at is None or case.ended_at >= MARCH.ends_at
    return found


def test_every_count_equals_a_recount_from_events(march):
    expected: dict[str, Counter[str]] = defaultdict(Counter)
    for case in Application.objects.exclude(status="draft"):
        expected[body_of(case.path)] += recounted(case)
    for card in LimitWarning.objects.all():
        if MARCH.holds(card.recorded_at):
            expected[body_of(card.seat_path)][{"warning": "warnings"}.get(card.level, card.level)] += 1
    sheet = sheet_of(MARCH, march.hall, load_calendar())
    found = {line.body.path: +Counter(line.counts) for line in sheet.halls}
    for counts in found.values():
        for key in (*(column.key for column in HIDDEN), *OF_ACTS):  # those of acts: test_bulletins_of_acts.py
            del counts[key]
    assert {path: +counts for path, counts in expected.items() if "~" not in path} == {
        path: counts for path, counts in found.items() if counts
    }


def test_the_statements_of_a_sheet_do_not_grow_with_the_cases(march, django_assert_num_queries):
    with django_assert_num_queries(21):
        sheet_of(MARCH, march.hall, load_calendar())


def test_beat_drafts_last_week_and_last_month_once(march):
    assert draft_what_is_due() == 2
    assert draft_what_is_due() == 0
    assert set(Bulletin.objects.values_list("kind", "first")) == {
        ("week", date(2026, 3, 23)),
        ("month", date(2026, 3, 1)),
    }
    assert MonthClose.objects.get().first == date(2026, 3, 1)


def test_a_period_that_is_not_over_has_no_paper(county):
    with pytest.raises(Refused, match="还没有结束"):
        draft_bulletin(county.hall, MARCH)
    with pytest.raises(Refused, match="还没有过完"):
        close_month(county.hall, MARCH)


def test_one_reviews_another_signs_and_the_number_follows(march, second):
    first = march.actor("supervisor")
    row = draft_bulletin(march.hall, MARCH)
    with pytest.raises(Refused, match="还没有人审核"):
        sign_bulletin(row.pk, actor=first, version=row.version)
    row = review_bulletin(row.pk, actor=first, version=row.version, remarks="")
    with pytest.raises(Refused, match="同一个人"):
        sign_bulletin(row.pk, actor=first, version=row.version)
    with pytest.raises(Stale):
        sign_bulletin(row.pk, actor=second, version=row.version - 1)
    row = sign_bulletin(row.pk, actor=second, version=row.version)
    assert paged(row)["number"].endswith("政务通报〔2026〕1号")
    with pytest.raises(Refused, match="已经签发"):
        drop_bulletin(row.pk, actor=first, version=row.version, reason="不要了")
    week = signed(march, second, Period(PeriodKind.WEEK, date(2026, 3, 23)))
    assert paged(week)["number"].endswith("政务统计〔2026〕1号")


def test_a_township_sees_what_is_published_and_no_draft(march, second):
    director = march.actor("director0")
    row = draft_bulletin(march.hall, MARCH)
    with pytest.raises(NotFound):
        review_bulletin(row.pk, actor=director, version=row.version)
    client = Client()
    client.force_login(march.people["director0"])
    assert client.get(f"/supervision/bulletins/{row.pk}/").status_code == 404
    row = review_bulletin(row.pk, actor=march.actor("supervisor"), version=row.version)
    sign_bulletin(row.pk, actor=second, version=row.version)
    assert client.get(f"/supervision/bulletins/{row.pk}/").status_code == 200


def test_a_closed_month_stays_and_a_later_change_is_dated(march):
    closed = close_month(march.hall, MARCH)
    before = closed.figures
    assert adjust_month(closed) == []
    case = Application.objects.filter(decided_at__gte=MARCH.begins_at, due_at__gte=F("decided_at")).order_by("pk")[0]
    with connection.cursor() as cursor:  # as a calendar of later would: the promise ends before the decision
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE applications_application DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE applications_application SET due_at = decided_at - interval '1 day' WHERE id = %s", [case.pk]
        )
        cursor.execute("ALTER TABLE applications_application ENABLE TRIGGER USER")
    at("2026-05-01 06:00")
    april = Period(PeriodKind.MONTH, date(2026, 4, 1))
    row = draft_bulletin(march.hall, april)
    words = "".join(row.content["corrections"])
    assert "2026年3月" in words
    assert "的超期办结由" in words
    assert MonthClose.objects.get(first=MARCH.first).figures == before
    count = MonthAdjustment.objects.count()
    adjust_month(closed)
    assert MonthAdjustment.objects.count() == count  # once, not again every night


def test_dropping_drafts_anew_and_keeps_what_was_dropped(march):
    first = march.actor("supervisor")
    row = draft_bulletin(march.hall, MARCH)
    with pytest.raises(Refused, match="已经有一份"):
        draft_bulletin(march.hall, MARCH)
    drop_bulletin(row.pk, actor=first, version=row.version, reason="漏了补录的办件")
    again = draft_bulletin(march.hall, MARCH, actor=first)
    assert (again.turn, Bulletin.objects.count()) == (2, 2)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE supervision_bulletin SET content = '{}'",
        "UPDATE supervision_bulletin SET remarks = 'x'",
        "DELETE FROM supervision_bulletin",
        "UPDATE supervision_monthclose SET figures = '{}'",
        "DELETE FROM supervision_monthclose",
    ],
)
def test_the_database_lets_nobody_rewrite_a_paper_or_a_month(march, second, statement):
    signed(march, second)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_word_and_excel_say_what_the_page_says(march, second):
    row = signed(march, second)
    content = paged(row)
    with zipfile.ZipFile(io.BytesIO(bulletin_docx(content))) as book:
        text = book.read("word/document.xml").decode()
    for words in (
        content["number"],
        *content["summary"],
        "请各乡镇抓紧办理。",
        "乡镇（街道）按时办结率排名",
        "指标定义",
    ):
        assert words in text
    sheets = load_workbook(io.BytesIO(bulletin_xlsx(content)))
    rows = list(sheets["乡镇（街道）"].values)
    assert len(rows) == len(content["tables"][0]["rows"]) + 1
    assert rows[-1][1] == int(content["tables"][0]["rows"][-1]["cells"][0])


def test_pages_and_files_open_for_whoever_watches_the_county(march, second):
    row = signed(march, second)
    client = Client()
    client.force_login(march.people["supervisor"])
    page = client.get(f"/supervision/bulletins/{row.pk}/")
    assert paged(row)["number"] in page.content.decode()
    pdf = client.get(f"/supervision/bulletins/{row.pk}/file.pdf")
    assert streamed(pdf).startswith(b"%PDF")
    assert pdf["Cache-Control"] == "private, no-store"
    for form in ("docx", "xlsx"):
        assert client.get(f"/supervision/bulletins/{row.pk}/file.{form}").status_code == 200
    bad = client.post("/supervision/bulletins/draft/", {"kind": "month", "first": "2026-03-02"})
    assert bad.status_code == 422
    assert client.get("/supervision/bulletins/").status_code == 200


def test_the_ledger_of_a_hall_lists_its_month_and_nobody_elses(march):
    client = Client()
    client.force_login(march.people["window0"])
    own = march.townships[0]
    page = client.get(f"/ledger/?month=2026-03&below=1&hall={own.code}").content.decode()
    numbers = {
        case.display_number
        for case in Application.objects.filter(path__startswith=own.path, received_at__gte=MARCH.begins_at)
    }
    assert numbers
    assert all(number in page for number in numbers)
    assert client.get(f"/ledger/?month=2026-03&hall={march.townships[1].code}").status_code == 404
    assert client.get("/ledger/?month=2026-13").status_code == 422
    book = client.get(f"/ledger/?month=2026-03&below=1&hall={own.code}&format=xlsx")
    sheet = load_workbook(io.BytesIO(streamed(book)))["台账"]
    assert {row[1] for row in list(sheet.values)[1:]} == numbers
